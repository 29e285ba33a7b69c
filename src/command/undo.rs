//! `lmskeep undo`: brings back what the last restore replaced.

use std::collections::BTreeSet;

use clap::Args;

use crate::archive::Archive;
use crate::archive::spec::newest;
use crate::backup::{Backup, BackupKind};
use crate::command::words::SignInArgs;
use crate::command::write_back::{Job, Tools, carry_out, check_backup_identity};
use crate::command::{Context, Exit, access, rules};
use crate::error::{Error, Kind, Result};
use crate::plan::{Encrypted, Manner};
use crate::report::Ui;
use crate::selection::Selection;
use crate::state::{Action, LastRun, State};

/// The words of `lmskeep undo`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lmskeep undo stage --dry-run            show the plan, write nothing
  lmskeep undo stage                      bring back what was there before the last restore")]
pub struct UndoArgs {
    /// The instance
    pub name: String,

    /// Show the plan and write nothing; exit code 1 where there is something to write
    #[arg(long)]
    pub dry_run: bool,

    /// Write although pages have changed since the backup was taken, once you have looked at them
    #[arg(long)]
    pub accept_page_change: bool,

    /// How to sign in.
    #[command(flatten)]
    pub sign_in: SignInArgs,
}

/// Brings back the newest safety backup, with the care of a restore. Keys that somebody has changed since stay.
///
/// # Errors
/// [`Kind::Usage`] where nothing was restored yet; all others as a restore.
pub fn run(ui: &Ui, context: &Context, args: &UndoArgs) -> Result<Exit> {
    let config = context.config()?;
    let instance = config.instance(&args.name)?;
    context.block_on(async {
        let archive = access::archive(context).await?;
        let state = access::state(context)?;
        let _lock = state.lock(&instance.name)?;
        refuse_thawed(ui, &state, &instance.name).await?;
        let last = state.last_run_that_sent(&instance.name).await?;
        let unfinished = last.clone().filter(is_unfinished_undo);
        let switchings = state.switchings(&instance.name).await?;
        let switched = switchings
            .into_iter()
            .filter_map(|run| run.began.safety)
            .collect();
        let backup = target(&archive, &instance.name, last.as_ref(), &switched).await?;
        let session = access::session(ui, context, &config, instance, &args.sign_in).await?;
        let identity = access::identity(&session, instance)?;
        access::check_identity(&identity, instance)?;
        let own = check_backup_identity(&backup, &identity, None)?;
        let rules = rules::of(context, &config, &archive, &[&instance.name]).await?;
        let habits = state.habits(&instance.name).await?;
        let runs = state.runs_undone_by(&instance.name, &backup.id).await?;
        let put = put(&archive, &runs).await?;
        let documents: BTreeSet<&str> = runs.iter().flat_map(LastRun::all_sent).collect();
        let selection = match runs.is_empty() {
            true => Selection::default(),
            false => Selection::of_documents(documents)?,
        };
        let left = |path: &str| read_last(&runs, path);
        let wrote = |path: &str, key: &str, nth: usize| has_changed(&runs, path, key, nth);
        let job = Job {
            rules: &rules,
            habits: &habits,
            action: Action::Undo,
            instance,
            backup: &backup,
            own,
            selection: &selection,
            manner: match &put {
                Some(put) => Manner::TakeBack {
                    put: &put.content.documents,
                    left: &left,
                    wrote: &wrote,
                },
                None => Manner::Replace,
            },
            encrypted: Encrypted::Keep,
            enter: false,
            ask_about_dropped: false,
            retry_sealed: false,
            dry_run: args.dry_run,
            accept_page_change: args.accept_page_change,
            continues: unfinished.as_ref(),
        };
        let tools = Tools {
            ui,
            context,
            archive: &archive,
            state: &state,
            session: &session,
        };
        carry_out(&tools, &job, None).await?.end(ui, &job)
    })
}

/// While connectors run and mail is on, the source's settings must not come back.
async fn refuse_thawed(ui: &Ui, state: &State, name: &str) -> Result<()> {
    let Some(when) = state.thawing(name).await?.thawed else {
        return Ok(());
    };
    Err(Error::new(
        Kind::Refused,
        format!(
            "`{name}` was thawed on {}: while it can mail and fetch files, nothing is taken back.",
            ui.when(when)
        ),
    )
    .hint(format!("lmskeep freeze {name}    (then undo)")))
}

/// Reads what the runs to be undone were putting back; nothing where that is not known any more.
async fn put(archive: &Archive, runs: &[LastRun]) -> Result<Option<Backup>> {
    let Some(run) = runs.first() else { return Ok(None) };
    let listed = archive.list(None).await?;
    match listed.iter().find(|l| l.id == run.began.backup) {
        Some(found) => archive.get(found).await.map(Some),
        None => Ok(None),
    }
}

/// The hash of a document as the newest of the runs left it.
fn read_last(runs: &[LastRun], path: &str) -> Option<String> {
    let mut sent = runs.iter().flat_map(|run| run.sent.iter().rev());
    sent.find(|sent| sent.document == path)?.read.clone()
}

/// Tells whether any of the runs has changed a key; also where that is not told, as of documents that the runs they continue
/// have sent.
fn has_changed(runs: &[LastRun], path: &str, key: &str, nth: usize) -> bool {
    let before = runs
        .iter()
        .any(|run| run.began.sent.iter().any(|sent| sent == path));
    let mut sent = runs
        .iter()
        .flat_map(|run| &run.sent)
        .filter(|sent| sent.document == path);
    before
        || sent.any(|sent| match &sent.keys {
            Some(keys) => keys.iter().any(|(known, number)| known == key && *number == nth),
            None => true,
        })
}

/// An undo that was killed or did not write everything is gone on with: its own safety backup is not what to undo to.
fn is_unfinished_undo(last: &LastRun) -> bool {
    last.began.action == Action::Undo && last.is_unfinished()
}

/// What the last run that sent anything has replaced; for an undo that did not end, what that was going back to.
///
/// A safety backup that no write followed is not what to undo to. Without a journal the newest one has to do.
async fn target(
    archive: &Archive,
    instance: &str,
    last: Option<&LastRun>,
    switched: &BTreeSet<String>,
) -> Result<Backup> {
    let mut listed = archive.list(Some(instance)).await?;
    let wanted = last.and_then(|run| match is_unfinished_undo(run) {
        true => Some(run.began.backup.as_str()),
        false => run.began.safety.as_deref(),
    });
    let found = match wanted {
        Some(id) => listed.iter().find(|l| l.id == id),
        None => {
            // What was only switched is switched back by other commands.
            listed.retain(|l| !switched.contains(&l.id));
            newest(&listed, instance, BackupKind::Safety)
        }
    };
    let found = found.ok_or_else(|| {
        Error::new(
            Kind::Usage,
            format!("There is nothing to undo at `{instance}`: no restore has written anything."),
        )
        .hint(format!("lmskeep list {instance}"))
    })?;
    archive.get(found).await
}
