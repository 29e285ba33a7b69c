//! `lmskeep backup`: stores all documents of an instance in the archive.

use std::collections::BTreeMap;

use clap::Args;
use serde::Serialize;

use crate::archive::{Archive, Listed, Stored};
use crate::backup::{Backup, BackupKind, Document, Draft, Format, content_hash, looks_refreshed};
use crate::capture::Captured;
use crate::command::words::{SelectionArgs, SignInArgs};
use crate::command::{Context, Exit, access, page_change, rules};
use crate::error::{Error, Kind, Result};
use crate::instance::{Config, Instance};
use crate::profile::{Profile, TextFormat};
use crate::properties::{JavaText, Properties, value_at};
use crate::report::Ui;
use crate::report::phrase::count;
use crate::selection::Selection;
use crate::sensitive::{Rules, Sensitivity};
use crate::session::Session;
use crate::state::{Place, State};

/// The words of `lmskeep backup`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lmskeep backup stage                    everything, before the refresh
  lmskeep backup stage --recommended      BIZX, CONNECTORS, REPORT_SYSTEM, iContent and SSO only
  lmskeep backup stage --only 'BIZ*'      what begins with BIZ only")]
pub struct BackupArgs {
    /// The instance to back up
    pub name: String,

    /// Which documents.
    #[command(flatten)]
    pub selection: SelectionArgs,

    /// Only the configuration files that SAP's article recommends at the least
    #[arg(long, conflicts_with = "only")]
    pub recommended: bool,

    /// What looks like the result of a refresh is how the instance is meant to be from now on
    #[arg(long)]
    pub new_normal: bool,

    /// How to sign in.
    #[command(flatten)]
    pub sign_in: SignInArgs,
}

/// What `backup --json` answers.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    instance: &'a str,
    id: &'a str,
    kind: &'static str,
    documents: usize,
    encrypted: usize,
    new: Vec<&'a str>,
    changed: Vec<&'a str>,
    unchanged: usize,
    gone: Vec<&'a str>,
    read_only: Vec<&'a str>,
    absent: Vec<String>,
    not_read: Vec<&'a str>,
    looks_refreshed: Option<&'a str>,
}

/// Reads an instance and stores what was read.
///
/// # Errors
/// All of signing in and reading; nothing is stored then.
pub fn run(ui: &Ui, context: &Context, args: &BackupArgs) -> Result<Exit> {
    let config = context.config()?;
    let instance = config.instance(&args.name)?;
    let profile = access::profile(context, instance)?;
    let selection = chosen(args, &profile)?;
    context.block_on_until_stopped(async {
        let archive = access::archive(context).await?;
        let session = access::session(ui, context, &config, instance, &args.sign_in).await?;
        let wish = Wish {
            instance,
            selection: &selection,
            args: Some(args),
        };
        let taken = take(ui, context, (&config, &archive), &session, &wish).await?;
        tell(ui, &taken)?;
        Ok(Exit::Done)
    })
}

/// What is to be backed up, and how.
pub(crate) struct Wish<'a> {
    /// The instance.
    pub(crate) instance: &'a Instance,
    /// Which of its documents.
    pub(crate) selection: &'a Selection,
    /// The words of the command, where it was called by a person.
    pub(crate) args: Option<&'a BackupArgs>,
}

/// Reads an instance through a session and stores what was read.
///
/// # Errors
/// All of reading; nothing is stored then.
pub(crate) async fn take(
    ui: &Ui,
    context: &Context,
    (config, archive): (&Config, &Archive),
    session: &Session,
    wish: &Wish<'_>,
) -> Result<Taken> {
    let Wish {
        instance,
        selection,
        args,
    } = wish;
    let identity = access::identity(session, instance)?;
    access::check_identity(&identity, instance)?;
    let taken = (context.clock)();
    let captured = access::read_live(ui, context, session, instance, selection).await?;
    let absent = absent(args.is_some_and(|a| a.recommended), selection, &captured)?;
    let before = access::newest_ordinary(archive, &instance.name).await?;
    if let Some(before) = &before {
        page_change::warn(ui, &before.content.pages, page_change::of(&captured));
    }
    let profile = session.profile();
    let refreshed = match args.is_some_and(|a| a.new_normal) {
        true => None,
        false => {
            let documents = &captured.documents;
            let signs = refreshed(archive, config, instance, profile, documents, before.as_ref()).await?;
            match signs {
                Some(why) => Some(why),
                None => frozen(ui, context, instance).await?,
            }
        }
    };
    let kind = match &refreshed {
        Some(_) => BackupKind::AfterRefresh,
        None if captured.partial || !selection.is_all() => BackupKind::Partial,
        None => BackupKind::Ordinary,
    };
    let draft = Draft {
        instance: instance.name.clone(),
        identity,
        taken,
        kind,
        profile: profile.name.clone(),
        documents: captured.documents.clone(),
        pages: captured.contracts(),
        learned: rules::learned(context, archive, &instance.name).await?,
    };
    let stored = archive.put(&draft).await?;
    if kind == BackupKind::Ordinary {
        let state = access::state(context)?;
        // A restore at work keeps this memory itself.
        if let Ok(_lock) = state.lock(&instance.name) {
            forget_entered(&state, &instance.name, &draft.documents).await?;
        }
    }
    Ok(Taken {
        rules: rules::of(context, config, archive, &[&instance.name]).await?,
        draft,
        stored,
        captured,
        before,
        refreshed,
        absent,
    })
}

/// An ordinary backup holds how the instance is meant to be: values that were entered by then are its own, those that
/// still wait go on waiting.
async fn forget_entered(state: &State, instance: &str, documents: &[Document]) -> Result<()> {
    let mut waiting = state.waiting(instance).await?;
    let entered: Vec<Place> = waiting
        .places()
        .filter(|place| {
            let text = documents
                .iter()
                .find(|d| d.path == place.document)
                .map(|d| d.text.as_str());
            let value = text.and_then(|text| value_at(text, &place.key, place.occurrence));
            waiting.was_entered(place, value.as_deref()) == Some(true)
        })
        .cloned()
        .collect();
    for place in &entered {
        waiting.clear(place);
    }
    if entered.is_empty() {
        Ok(())
    } else {
        state.set_waiting(instance, &waiting).await
    }
}

/// `--recommended` is a choice like any other, with the names that the profile gives.
fn chosen(args: &BackupArgs, profile: &Profile) -> Result<Selection> {
    if !args.recommended {
        let keys = args
            .selection
            .only
            .iter()
            .chain(&args.selection.except)
            .find(|p| p.contains(':') || p.starts_with('@'));
        let documents = access::selection(&args.selection)?;
        return match keys {
            Some(name) if name.starts_with('@') => Err(Error::new(
                Kind::Usage,
                format!("`{name}` means keys, and a backup holds whole documents."),
            )
            .hint(format!("lmskeep backup {}", args.name))),
            // A document's own name may hold a colon; where none does, keys are meant, and a backup has no halves.
            Some(pattern) if profile.parts.iter().all(|p| p.format != TextFormat::Plain) => Err(Error::new(
                Kind::Usage,
                format!("`{pattern}` means keys, and a backup holds whole documents."),
            )
            .hint(format!(
                "lmskeep backup {} --only {}",
                args.name,
                pattern.split(':').next().unwrap_or_default()
            ))),
            _ => Ok(documents),
        };
    }
    let names = recommended(profile);
    Selection::new(&names, &args.selection.except)
}

/// The paths of the documents that the profile recommends.
pub(crate) fn recommended(profile: &Profile) -> Vec<String> {
    profile
        .parts
        .iter()
        .flat_map(|p| p.recommended.iter().map(|name| format!("{}/{name}", p.path)))
        .collect()
}

/// Names that were asked for and are not there: an error where nothing else was asked for, a remark else.
fn absent(recommended: bool, selection: &Selection, captured: &Captured) -> Result<Vec<String>> {
    let known: Vec<String> = captured
        .lists
        .values()
        .flat_map(|l| l.names.iter().cloned())
        .collect();
    let paths: Vec<String> = captured
        .places
        .keys()
        .cloned()
        .chain(
            known
                .iter()
                .flat_map(|n| captured.parts.iter().map(move |p| format!("{p}/{n}"))),
        )
        .collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let unmatched: Vec<String> = selection
        .unmatched(&paths)
        .into_iter()
        .map(str::to_owned)
        .collect();
    if captured.documents.is_empty() || (!unmatched.is_empty() && !recommended) {
        access::refuse_unmatched(selection, &paths)?;
        if captured.documents.is_empty() {
            return Err(Error::new(
                Kind::Usage,
                "No document was chosen: nothing is stored.",
            ));
        }
    }
    Ok(unmatched)
}

/// Says that an instance is frozen: a backup of it would remember everything as off.
async fn frozen(ui: &Ui, context: &Context, instance: &Instance) -> Result<Option<String>> {
    let thawing = access::state(context)?.thawing(&instance.name).await?;
    Ok(thawing.frozen.map(|when| {
        format!(
            "it was frozen on {} and is not thawed, so that what was on is off",
            ui.when(when)
        )
    }))
}

/// Compares the marker keys with the newest ordinary backups of this instance and of its source.
pub(crate) async fn refreshed(
    archive: &Archive,
    config: &Config,
    instance: &Instance,
    profile: &Profile,
    now: &[Document],
    before: Option<&Backup>,
) -> Result<Option<String>> {
    let source = match instance
        .source
        .as_deref()
        .filter(|name| config.instances().contains_key(*name))
    {
        Some(name) => access::newest_ordinary(archive, name).await?,
        None => None,
    };
    // Where only some documents were ever backed up, theirs are the markers to compare with.
    let partial = match before {
        Some(_) => None,
        None => access::newest_of(archive, &instance.name, BackupKind::Partial).await?,
    };
    let before = before.or(partial.as_ref());
    let documents = |backup: &Backup| backup.content.documents.clone();
    let (before, source) = (before.map(documents), source.as_ref().map(documents));
    Ok(looks_refreshed(
        &profile.identity.markers,
        now,
        before.as_deref(),
        source.as_deref(),
    ))
}

/// A backup that was stored, with all that is said of it.
pub(crate) struct Taken {
    rules: Rules,
    /// What was stored.
    pub(crate) draft: Draft,
    /// How it is listed.
    pub(crate) stored: Stored,
    /// What was read.
    pub(crate) captured: Captured,
    before: Option<Backup>,
    /// Why it looks like an instance after a refresh, where it does.
    pub(crate) refreshed: Option<String>,
    absent: Vec<String>,
}

fn tell(ui: &Ui, told: &Taken) -> Result<()> {
    let draft = &told.draft;
    let Listed { id, .. } = &told.stored.listed;
    let before: BTreeMap<&str, String> = told.before.as_ref().map(hashes).unwrap_or_default();
    let now: BTreeMap<&str, String> = of(&draft.documents);
    let new: Vec<&str> = now.keys().copied().filter(|p| !before.contains_key(p)).collect();
    let changed: Vec<&str> = now
        .iter()
        .filter(|(p, h)| before.get(*p).is_some_and(|b| b != *h))
        .map(|(p, _)| *p)
        .collect();
    let unchanged = now.len() - new.len() - changed.len();
    let complete = !told.captured.partial;
    let gone: Vec<&str> = before
        .keys()
        .copied()
        .filter(|p| complete && !now.contains_key(p))
        .collect();
    let encrypted = draft
        .documents
        .iter()
        .map(|document| encrypted(&told.rules, document))
        .sum();
    let read_only: Vec<&str> = draft
        .documents
        .iter()
        .filter(|d| d.read_only.is_some() && !d.is_record())
        .map(|d| d.path.as_str())
        .collect();

    let (documents, values) = (
        count(draft.documents.len(), "document"),
        count(encrypted, "encrypted value"),
    );
    ui.say(format!(
        "Stored {documents} of {} as backup {id}: {values}.",
        draft.instance
    ));
    match &told.before {
        None if draft.kind == BackupKind::Ordinary => ui.say("It is the first complete one."),
        None => {}
        Some(_) => {
            ui.say(format!(
                "Since the last one: {} new, {} changed, {unchanged} unchanged.",
                new.len(),
                changed.len()
            ));
            for (word, paths) in [("new", &new), ("changed", &changed), ("gone", &gone)] {
                paths
                    .iter()
                    .for_each(|path| ui.say(format!("  {word:<8} {path}")));
            }
        }
    }
    told.captured.notes.iter().for_each(|note| ui.note(note.as_str()));
    let absent = &told.captured.absent;
    let titles = |in_doubt: bool| {
        let meant = absent
            .iter()
            .filter(move |absent| absent.question.is_some() == in_doubt);
        meant.map(|absent| absent.title.as_str()).collect::<Vec<_>>()
    };
    let not_found = titles(false);
    if !not_found.is_empty() {
        ui.note(format!(
            "Not found, and not in the backup: {}. `lmskeep check {}` says why.",
            not_found.join("; "),
            draft.instance
        ));
    }
    for absent in absent {
        let Some(question) = &absent.question else {
            continue;
        };
        ui.warn(&format!("{} is not in the backup: {}", absent.title, absent.why));
        ui.hint(&question.command(&draft.instance));
    }
    let not_read = [not_found, titles(true)].concat();
    for document in &read_only {
        ui.note(format!(
            "`{document}` is read-only in the instance: it is kept, but cannot be written back."
        ));
    }
    for name in &told.absent {
        ui.warn(&format!("the instance has no document `{name}`"));
    }
    if draft.kind == BackupKind::Partial {
        ui.note("It is partial: `latest` chooses it only as long as there is no complete one.");
    }
    if let Some(why) = &told.refreshed {
        ui.warn(&format!("this looks like an instance after a refresh: {why}"));
        ui.note("The backup is marked `after-refresh`; `latest` stays the one before.");
        ui.hint(&format!(
            "if the change is meant: lmskeep backup {} --new-normal",
            draft.instance
        ));
    }
    ui.json(
        "backup",
        &Answer {
            instance: &draft.instance,
            id,
            kind: draft.kind.word(),
            documents: draft.documents.len(),
            encrypted,
            new,
            changed,
            unchanged,
            gone,
            read_only,
            absent: told.absent.clone(),
            not_read,
            looks_refreshed: told.refreshed.as_deref(),
        },
    )
}

fn hashes(backup: &Backup) -> BTreeMap<&str, String> {
    of(&backup.content.documents)
}

fn of(documents: &[Document]) -> BTreeMap<&str, String> {
    documents
        .iter()
        .map(|d| (d.path.as_str(), content_hash(d.text.as_bytes())))
        .collect()
}

/// Counts the values of a document that the LMS is believed to encrypt.
fn encrypted(rules: &Rules, document: &Document) -> usize {
    let Ok(properties) = Properties::parse(&document.text) else {
        return 0;
    };
    let judged = |key: &JavaText, value: &JavaText| {
        rules.classify(&document.path, &key.to_string_lossy(), &value.to_string_lossy())
            == Some(Sensitivity::Encrypted)
    };
    match document.format {
        Format::Properties => properties
            .entries()
            .filter(|(_, key, value)| judged(key, value))
            .count(),
        Format::Plain | Format::File => 0,
    }
}
