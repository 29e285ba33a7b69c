//! `lmskeep diff`: shows what changed between two backups, or a backup and the instance.

use std::path::Path;

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use crate::archive::Archive;
use crate::backup::{BackupKind, Contracts, Document};
use crate::capture::Captured;
use crate::command::diff_report::{self, Sides};
use crate::command::import::read_copies;
use crate::command::words::{EncryptedInDiff, SelectionArgs, SignInArgs};
use crate::command::{Context, Exit, access, origins, page_change, rules};
use crate::diff::{Counts, Diff, Options, compare, trace};
use crate::error::{Error, Kind, Result};
use crate::instance::{Config, Reference, Side};
use crate::profile::{Profile, built_in};
use crate::report::Ui;
use crate::selection::Selection;

/// The words of `lmskeep diff`.
#[derive(Debug, Args)]
#[command(
    after_help = "Passwords and other secrets are never shown: only whether they changed.
Exit code 0: no difference; 1: differences.

Examples:
  lmskeep diff stage                      the newest backup against the instance as it is now
  lmskeep diff stage --text               the same, with the changed words
  lmskeep diff stage --only @environment  only what differs from production by nature
  lmskeep diff stage@latest prod@latest   two backups
  lmskeep diff stage copies/              a backup against a folder of files copied by hand
  lmskeep diff stage --source prod        what prod's refresh has brought, and what somebody has changed since"
)]
pub struct DiffArgs {
    /// `NAME`, `NAME@BACKUP` or a folder; a bare name is its newest backup
    pub left: String,

    /// `NAME@BACKUP` or a folder; without it, the instance as it is now
    pub right: Option<String>,

    /// The instance that was copied over this one, by its newest backup: say of each difference whether it came from there
    #[arg(long, value_name = "NAME[@BACKUP]", value_parser = Reference::read)]
    pub source: Option<Reference>,

    /// Which documents and keys.
    #[command(flatten)]
    pub selection: SelectionArgs,

    /// Show the changed lines with the changed words marked
    #[arg(long)]
    pub text: bool,

    /// What to do with values that the LMS encrypts
    #[arg(long, value_enum, value_name = "HOW", default_value_t)]
    pub encrypted: EncryptedInDiff,

    /// How to sign in.
    #[command(flatten)]
    pub sign_in: SignInArgs,
}

/// What `diff --json` answers.
#[derive(Debug, Serialize)]
struct Answer<'a> {
    from: &'a str,
    to: &'a str,
    differs: bool,
    counts: Counts,
    #[serde(flatten)]
    diff: &'a Diff,
}

/// One side of a comparison: what it is called, and what it holds.
struct Loaded {
    title: String,
    /// When it was taken, if it is a backup.
    taken: Option<Timestamp>,
    documents: Vec<Document>,
    /// The paths of a backup that holds some documents only.
    only: Option<Vec<String>>,
    /// What the pages of a backup's documents were like.
    pages: Contracts,
}

/// Compares, and answers with exit code 0 or 1.
///
/// # Errors
/// Unknown names; all of signing in and reading where a side is the instance itself.
pub fn run(ui: &Ui, context: &Context, args: &DiffArgs) -> Result<Exit> {
    let config = context.config()?;
    let selection = access::selection(&args.selection)?;
    let left = Side::read(&args.left, &config)?;
    let right = args
        .right
        .as_deref()
        .map(|word| Side::read(word, &config))
        .transpose()?;
    if let Some(source) = &args.source {
        origins::check(source, [Some(&left), right.as_ref()], &config)?;
    }
    context.block_on_until_stopped(async {
        let archive = access::archive(context).await?;
        let profile = profile(context, &config, [Some(&left), right.as_ref()])?;
        let from = load(ui, &archive, &config, &profile, &left).await?;
        let source = match &args.source {
            Some(reference) => Some(origins::load(ui, &archive, reference, from.taken).await?),
            None => None,
        };
        let to = match (&right, &left) {
            (Some(side), _) => load(ui, &archive, &config, &profile, side).await?,
            (None, Side::Backup(reference)) => {
                let (live, captured) =
                    live(ui, context, &config, reference, &args.sign_in, &selection).await?;
                page_change::warn(ui, &from.pages, page_change::of(&captured));
                live
            }
            (None, Side::Folder(_)) => {
                return Err(
                    Error::new(Kind::Usage, "A folder alone cannot be compared with an instance.").hint(
                        format!("name what it is compared with: lmskeep diff NAME {}", args.left),
                    ),
                );
            }
        };
        // What a backup of some documents does not hold is no difference.
        let selection = match &from.only {
            Some(paths) if selection.is_all() => Selection::of_documents(paths.iter().map(String::as_str))?,
            _ => selection,
        };
        let paths: Vec<&str> = from
            .documents
            .iter()
            .chain(&to.documents)
            .map(|d| d.path.as_str())
            .collect();
        access::refuse_unmatched(&selection, &paths)?;
        access::refuse_unmatched_keys(&selection, from.documents.iter().chain(&to.documents))?;
        let is_held = |d: &&Document| from.only.as_ref().is_none_or(|paths| paths.contains(&d.path));
        let source_name = args.source.as_ref().map(|source| source.instance.as_str());
        let names: Vec<&str> = [Some(&left), right.as_ref()]
            .into_iter()
            .flatten()
            .filter_map(Side::instance)
            .chain(source_name)
            .collect();
        let rules = rules::of(context, &config, &archive, &names).await?;
        let selection = selection.among(&rules, from.documents.iter().chain(&to.documents).filter(is_held));
        let ignore_encrypted = args.encrypted == EncryptedInDiff::Ignore;
        let options = Options {
            rules: &rules,
            selection: &selection,
            ignore_encrypted,
            text: args.text,
        };
        let sides = Sides {
            from: &from.title,
            to: &to.title,
        };
        let differs = match &source {
            None => {
                let diff = compare(&from.documents, &to.documents, &options);
                plainly(ui, &diff, sides)?;
                if diff.differs() {
                    hint_at_source(ui, &config, [Some(&left), right.as_ref()]);
                }
                diff.differs()
            }
            Some(source) => {
                let found = trace(&from.documents, source.side(), &to.documents, &options);
                origins::tell(ui, &found, source, sides)?;
                if right.is_none() && found.differs() {
                    origins::hint(ui, &found, &args.left);
                }
                found.differs()
            }
        };
        Ok(if differs { Exit::Different } else { Exit::Done })
    })
}

fn plainly(ui: &Ui, diff: &Diff, sides: Sides<'_>) -> Result<()> {
    diff_report::diff(ui, diff, sides);
    ui.json(
        "diff",
        &Answer {
            from: sides.from,
            to: sides.to,
            differs: diff.differs(),
            counts: diff.counts(),
            diff,
        },
    )
}

/// Names the command that tells the source's changes from others, where the two sides are one instance with a source.
fn hint_at_source(ui: &Ui, config: &Config, [left, right]: [Option<&Side>; 2]) {
    let name = left.and_then(Side::instance);
    let one_instance = right.is_none_or(|side| side.instance().is_none_or(|other| Some(other) == name));
    let source = name
        .filter(|_| one_instance)
        .and_then(|name| config.source_of(config.instances().get(name)?));
    if let (Some(name), Some(source)) = (name, source) {
        ui.hint(&format!(
            "see what of it is from {}: lmskeep diff {name} --source {}",
            source.name, source.name
        ));
    }
}

/// A folder holds copies of documents of the instance it is compared with; between two folders the built-in one serves.
fn profile(context: &Context, config: &Config, sides: [Option<&Side>; 2]) -> Result<Profile> {
    let named = sides.into_iter().flatten().find_map(Side::instance);
    match named {
        Some(name) => access::profile(context, config.instance(name)?),
        None => built_in(),
    }
}

async fn load(ui: &Ui, archive: &Archive, config: &Config, profile: &Profile, side: &Side) -> Result<Loaded> {
    match side {
        Side::Folder(folder) => copies(ui, folder, profile),
        Side::Backup(reference) => {
            config.instance(&reference.instance)?;
            let found = access::resolve_backup(archive, ui, reference).await?;
            let backup = archive.get(&found.listed).await?;
            let title = format!("{}@{}", reference.instance, backup.id);
            ui.note(format!("{title} was taken {}.", ui.when(backup.content.taken)));
            let taken = Some(backup.content.taken);
            let (documents, pages) = (backup.content.documents, backup.content.pages);
            let whole = matches!(
                backup.content.kind,
                BackupKind::Ordinary | BackupKind::AfterRefresh
            );
            let only = (!whole).then(|| documents.iter().map(|d| d.path.clone()).collect());
            Ok(Loaded {
                title,
                taken,
                documents,
                only,
                pages,
            })
        }
    }
}

fn copies(ui: &Ui, folder: &Path, profile: &Profile) -> Result<Loaded> {
    Ok(Loaded {
        title: folder.display().to_string(),
        taken: None,
        documents: read_copies(ui, folder, profile)?,
        only: None,
        pages: Contracts::default(),
    })
}

async fn live(
    ui: &Ui,
    context: &Context,
    config: &Config,
    reference: &Reference,
    sign_in: &SignInArgs,
    selection: &Selection,
) -> Result<(Loaded, Captured)> {
    let instance = config.instance(&reference.instance)?;
    let session = access::session(ui, context, config, instance, sign_in).await?;
    access::check_identity(&access::identity(&session, instance)?, instance)?;
    let captured = access::read_live(ui, context, &session, instance, selection).await?;
    let loaded = Loaded {
        title: format!("{} now", instance.name),
        taken: None,
        documents: captured.documents.clone(),
        only: None,
        pages: Contracts::default(),
    };
    Ok((loaded, captured))
}
