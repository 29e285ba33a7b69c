//! `lmskeep show`: shows a backup, or one document of it.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use crate::archive::Archive;
use crate::backup::{Backup, Document, Media, content_hash};
use crate::command::import::read_copies;
use crate::command::planned::planned;
use crate::command::reenter::Values;
use crate::command::words::{EncryptedInRestore, SignInArgs};
use crate::command::write_back::Job;
use crate::command::{Context, Exit, access, diff_report, plan_report, rules, waits};
use crate::error::{Error, Kind, Result};
use crate::instance::Reference;
use crate::plan::Manner;
use crate::report::phrase::{count, size};
use crate::report::{Table, Ui};
use crate::selection::{Selection, nearest};
use crate::sensitive::Rules;
use crate::state::Action;

/// The words of `lmskeep show`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lmskeep show stage                      what the newest backup holds
  lmskeep show stage BIZX                 one configuration file, passwords masked
  lmskeep show stage BIZX --to-paste F    write to file F what to paste into the LMS by hand")]
pub struct ShowArgs {
    /// The instance, and perhaps which of its backups: an id, `latest`, `latest~2`, or a day
    #[arg(value_name = "NAME[@BACKUP]", value_parser = Reference::read)]
    pub from: Reference,

    /// The document, such as `BIZX`; without it, the list of all
    #[arg(value_name = "DOC")]
    pub document: Option<String>,

    /// Show passwords and other secrets as they were stored
    #[arg(long, requires = "document")]
    pub reveal: bool,

    /// Write the text to paste into the LMS by hand to this file
    #[arg(long, value_name = "FILE", requires = "document")]
    pub to_paste: Option<PathBuf>,

    /// Take what is in the LMS now from this folder of files copied by hand, not from the instance
    #[arg(long, value_name = "DIR", requires = "to_paste")]
    pub live: Option<PathBuf>,

    /// What to do with values that the LMS encrypts
    #[arg(long, value_enum, value_name = "HOW", default_value_t, requires = "to_paste")]
    pub encrypted: EncryptedInRestore,

    /// How to sign in.
    #[command(flatten)]
    pub sign_in: SignInArgs,
}

/// What `show --json` answers for a backup.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    instance: &'a str,
    id: &'a str,
    kind: &'static str,
    taken: String,
    origin: &'a str,
    profile: &'a str,
    documents: Vec<Row<'a>>,
}

/// A document as JSON shows it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    path: &'a str,
    bytes: usize,
    read_only: Option<&'a str>,
}

/// What `show --json` answers for a document that is a file.
#[derive(Debug, Serialize)]
struct File<'a> {
    instance: &'a str,
    id: &'a str,
    document: &'a str,
    file: Sort,
}

/// What a file is.
#[derive(Debug, Serialize)]
struct Sort {
    /// Its media type; none where there is no file.
    kind: Option<&'static str>,
    bytes: usize,
    sha256: String,
}

/// What `show --json` answers for a document.
#[derive(Debug, Serialize)]
struct One<'a> {
    instance: &'a str,
    id: &'a str,
    document: &'a str,
    text: &'a str,
}

/// Shows a backup, a document of it, or writes the text to paste for one.
///
/// # Errors
/// [`Kind::Usage`] for unknown names; [`Kind::Archive`]; all of signing in where live is read from the instance.
pub fn run(ui: &Ui, context: &Context, args: &ShowArgs) -> Result<Exit> {
    let config = context.config()?;
    context.block_on_until_stopped(async {
        let archive = access::archive(context).await?;
        let found = access::resolve_backup(&archive, ui, &args.from).await?;
        let backup = archive.get(&found.listed).await?;
        match (&args.document, &args.to_paste) {
            (None, _) => overview(ui, &backup),
            (Some(name), None) => {
                let rules = rules::of(context, &config, &archive, &[&args.from.instance]).await?;
                one(ui, &backup, name, (!args.reveal).then_some(&rules))
            }
            (Some(name), Some(file)) => to_paste(ui, context, &archive, args, &backup, name, file).await,
        }
    })
}

fn overview(ui: &Ui, backup: &Backup) -> Result<Exit> {
    let content = &backup.content;
    ui.say(format!(
        "Backup {} of {} ({}), {}",
        backup.id,
        content.instance,
        content.identity.origin,
        content.kind.word()
    ));
    ui.say(format!(
        "taken {}, {}",
        ui.when(content.taken),
        count(content.documents.len(), "document")
    ));
    let mut table = Table::new(["document", "size", ""]).right(1);
    for document in &content.documents {
        let remark = document.read_only.as_deref().map_or("", |_| "read-only");
        table.row([
            document.path.as_str(),
            size(document.content().len() as u64).as_str(),
            remark,
        ]);
    }
    ui.table(&table);
    let row = |d| -> Row<'_> {
        let d: &Document = d;
        Row {
            path: &d.path,
            bytes: d.content().len(),
            read_only: d.read_only.as_deref(),
        }
    };
    ui.json(
        "show",
        &Answer {
            instance: &content.instance,
            id: &backup.id,
            kind: content.kind.word(),
            taken: content.taken.to_string(),
            origin: &content.identity.origin,
            profile: &content.profile,
            documents: content.documents.iter().map(row).collect(),
        },
    )?;
    Ok(Exit::Done)
}

/// `masks` is by what rules it is masked, if at all.
fn one(ui: &Ui, backup: &Backup, name: &str, masks: Option<&Rules>) -> Result<Exit> {
    let document = document(backup, name)?;
    access::tell_backup(ui, backup);
    if document.is_file() {
        return file(ui, backup, document);
    }
    let text = match masks {
        None => document.text.clone(),
        Some(rules) => rules.mask_text(&document.path, &document.text),
    };
    if text != document.text {
        ui.note("Secrets are masked; `--reveal` shows them.");
    }
    ui.document(&text);
    let (instance, id) = (backup.content.instance.as_str(), backup.id.as_str());
    ui.json(
        "show",
        &One {
            instance,
            id,
            document: &document.path,
            text: &text,
        },
    )?;
    Ok(Exit::Done)
}

/// A file is told of, not shown: no terminal shows it.
fn file(ui: &Ui, backup: &Backup, document: &Document) -> Result<Exit> {
    let bytes = document.content();
    let media = Media::of(&bytes);
    let sort = Sort {
        kind: (!bytes.is_empty()).then_some(media.name),
        bytes: bytes.len(),
        sha256: content_hash(&bytes),
    };
    match sort.kind {
        None => ui.say(format!("{}: no file", document.path)),
        Some(_) => {
            ui.say(format!(
                "{}: {}, {}",
                document.path,
                media.word,
                count(sort.bytes, "byte")
            ));
            ui.say(format!("SHA-256 {}", sort.sha256));
            let (instance, id) = (&backup.content.instance, &backup.id);
            ui.note(format!(
                "`lmskeep export {instance}@{id} DIR` writes the file itself."
            ));
        }
    }
    ui.json(
        "show",
        &File {
            instance: &backup.content.instance,
            id: &backup.id,
            document: &document.path,
            file: sort,
        },
    )?;
    Ok(Exit::Done)
}

/// Finds a document by its path or its name, whatever the case.
fn document<'a>(backup: &'a Backup, name: &str) -> Result<&'a Document> {
    let documents = &backup.content.documents;
    let is = |d: &&Document| d.path.eq_ignore_ascii_case(name) || d.name().eq_ignore_ascii_case(name);
    let exact = documents.iter().find(|d| d.path == name || d.name() == name);
    exact.or_else(|| documents.iter().find(is)).ok_or_else(|| {
        let error = Error::new(
            Kind::Usage,
            format!("The backup {} has no document `{name}`.", backup.id),
        );
        match nearest(name, documents.iter().map(Document::name)).first() {
            Some(near) => error.hint(format!("did you mean `{near}`?")),
            None => error.hint(format!("lmskeep show {}", backup.content.instance)),
        }
    })
}

/// The copies of what is in the LMS now are not written over: they would be compared with themselves the next time.
fn refuse_copy(live: Option<&Path>, file: &Path) -> Result<()> {
    let folder = |path: &Path| std::fs::canonicalize(path).ok();
    let above = file.parent().map(|above| match above.as_os_str().is_empty() {
        true => Path::new("."),
        false => above,
    });
    match live.and_then(folder) {
        Some(live) if above.and_then(folder) == Some(live.clone()) && file.exists() => Err(Error::new(
            Kind::Usage,
            format!(
                "`{}` is a copy of what is in the LMS now: it is not overwritten.",
                file.display()
            ),
        )
        .hint("name a file in another folder")),
        _ => Ok(()),
    }
}

/// Writes the text that a restore would write, for a person who pastes it.
async fn to_paste(
    ui: &Ui,
    context: &Context,
    archive: &Archive,
    args: &ShowArgs,
    backup: &Backup,
    name: &str,
    file: &Path,
) -> Result<Exit> {
    let archived = document(backup, name)?;
    access::tell_backup(ui, backup);
    if archived.is_file() || archived.is_record() {
        let what = if archived.is_file() { "a file" } else { "a record" };
        let error = Error::new(
            Kind::Usage,
            format!("`{}` is {what}: there is no text to paste.", archived.path),
        );
        return Err(error.hint(format!(
            "lmskeep export {}@{} DIR",
            backup.content.instance, backup.id
        )));
    }
    refuse_copy(args.live.as_deref(), file)?;
    let config = context.config()?;
    let instance = config.instance(&args.from.instance)?;
    let selection = Selection::of_documents([archived.path.as_str()])?;
    let live = match &args.live {
        Some(folder) => read_copies(ui, folder, &access::profile(context, instance)?)?,
        None => {
            let session = access::session(ui, context, &config, instance, &args.sign_in).await?;
            access::check_identity(&access::identity(&session, instance)?, instance)?;
            access::read_live(ui, context, &session, instance, &selection)
                .await?
                .documents
        }
    };
    let (state, profile) = (access::state(context)?, access::profile(context, instance)?);
    let rules = rules::of(context, &config, archive, &[&instance.name]).await?;
    let habits = state.habits(&instance.name).await?;
    // What a restore of this document alone would write: one way to make a plan.
    let job = Job {
        rules: &rules,
        habits: &habits,
        action: Action::Restore,
        instance,
        backup,
        own: backup.content.identity.origin == instance.origin,
        selection: &selection,
        manner: Manner::Replace,
        encrypted: args.encrypted.into(),
        enter: false,
        ask_about_dropped: false,
        retry_sealed: false,
        dry_run: true,
        accept_page_change: false,
        continues: None,
    };
    let theirs = waits::Ciphertexts::of_source(archive, &job).await?;
    let waiting = waits::remembered(&state, &job, &profile, &live, &theirs).await?;
    let plan = planned(&job, &profile, &live, &waiting, &Values::new(), &theirs)?;
    if let Some(refusal) = plan.refused.first() {
        let error = Error::new(Kind::Refused, refusal.why.clone());
        return Err(match &refusal.hint {
            Some(hint) => error.hint(hint.clone()),
            None => error,
        });
    }
    if !plan.only_archived.is_empty() {
        return Err(Error::new(
            Kind::Usage,
            format!("What is in the LMS now has no document `{}`.", archived.name()),
        ));
    }
    let same = live
        .iter()
        .find(|d| d.path.eq_ignore_ascii_case(&archived.path))
        .map(|d| d.text.clone());
    let text = plan
        .steps
        .first()
        .map(|s| s.wanted.clone())
        .or(same)
        .unwrap_or_default();
    access::put_file(file, text).await?;
    match plan.steps.first() {
        Some(step) => {
            ui.say(format!(
                "Wrote the text for {} to {}. Pasting it changes:",
                archived.name(),
                file.display()
            ));
            diff_report::changes(ui, &step.changes);
            for warning in &step.warnings {
                ui.warn(&warning.to_string());
            }
        }
        None => ui.say(format!(
            "{} is already as it should be; its text is in {}.",
            archived.name(),
            file.display()
        )),
    }
    plan_report::waits(ui, &plan.waits);
    let (id, path) = (backup.id.as_str(), archived.path.as_str());
    ui.json(
        "show",
        &Pasted {
            instance: &instance.name,
            id,
            document: path,
            changed: !plan.steps.is_empty(),
            waits: &plan.waits,
        },
    )?;
    Ok(if plan.waits.is_empty() {
        Exit::Done
    } else {
        Exit::Waits
    })
}

/// What `show --to-paste --json` answers.
#[derive(Debug, Serialize)]
struct Pasted<'a> {
    instance: &'a str,
    id: &'a str,
    document: &'a str,
    changed: bool,
    waits: &'a [crate::plan::Wait],
}
