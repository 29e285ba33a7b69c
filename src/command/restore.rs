//! `lmskeep restore`: puts the documents of a backup back.

use clap::Args;

use crate::archive::Archive;
use crate::backup::{Backup, BackupKind, looks_refreshed};
use crate::command::planned::switches;
use crate::command::words::{EncryptedInRestore, SelectionArgs, SignInArgs};
use crate::command::write_back::{Job, Tools, carry_out, check_backup_identity};
use crate::command::{Context, Exit, access, round, rules};
use crate::error::{Error, Kind, Result};
use crate::instance::{Instance, Reference};
use crate::plan::{Encrypted, Manner};
use crate::profile::Profile;
use crate::properties::Properties;
use crate::report::Ui;
use crate::selection::{Extent, Selection};
use crate::sensitive::Rules;
use crate::state::{Action, State};

/// The words of `lmskeep restore`.
#[derive(Debug, Args)]
#[command(
    after_help = "Nothing is written before you have seen the plan and said yes. What the instance holds now is
stored first; `lmskeep undo NAME` brings it back.

Examples:
  lmskeep restore stage --dry-run         show the plan, write nothing
  lmskeep restore stage                   from the newest backup
  lmskeep restore stage@2026-11-03        from the newest backup of that day
  lmskeep restore stage --only BIZX       one configuration file
  lmskeep restore stage --merge           keep keys that are new since the backup
  lmskeep restore stage --encrypted enter enter the real values of what is encrypted
  lmskeep restore stage --only @environment   only addresses, accounts, ids and the like"
)]
pub struct RestoreArgs {
    /// The instance, and perhaps which of its backups: an id, `latest`, `latest~2`, or a day
    #[arg(value_name = "NAME[@BACKUP]", value_parser = Reference::read)]
    pub from: Reference,

    /// Which documents and keys.
    #[command(flatten)]
    pub selection: SelectionArgs,

    /// What to do with values that the LMS encrypts
    #[arg(long, value_enum, value_name = "HOW", default_value_t)]
    pub encrypted: EncryptedInRestore,

    /// Write the backup's values key by key into what is there, and keep keys, comments and order that are new
    #[arg(long, conflicts_with = "replace")]
    pub merge: bool,

    /// Replace each file as a whole, as SAP's article says, without asking about keys that the backup lacks
    #[arg(long)]
    pub replace: bool,

    /// Try again to change keys that the instance did not let be changed before
    #[arg(long)]
    pub retry_sealed: bool,

    /// Show the plan and write nothing; exit code 1 where there is something to write
    #[arg(long)]
    pub dry_run: bool,

    /// Write although pages have changed since the backup was taken, once you have looked at them
    #[arg(long)]
    pub accept_page_change: bool,

    /// Allow a backup that was taken from this other instance
    #[arg(long, value_name = "NAME")]
    pub from_instance: Option<String>,

    /// How to sign in.
    #[command(flatten)]
    pub sign_in: SignInArgs,
}

impl From<EncryptedInRestore> for Encrypted {
    fn from(word: EncryptedInRestore) -> Self {
        match word {
            EncryptedInRestore::Keep | EncryptedInRestore::Enter => Encrypted::Keep,
            EncryptedInRestore::Archived => Encrypted::Archived,
            EncryptedInRestore::Clear => Encrypted::Clear,
        }
    }
}

/// Puts a backup back, once its plan was shown and confirmed.
///
/// # Errors
/// All of signing in and reading; [`Kind::Refused`] for a backup of another instance or one taken after the refresh.
pub fn run(ui: &Ui, context: &Context, args: &RestoreArgs) -> Result<Exit> {
    let config = context.config()?;
    let instance = config.instance(&args.from.instance)?;
    let profile = access::profile(context, instance)?;
    let selection = access::selection(&args.selection)?;
    context.block_on(async {
        let archive = access::archive(context).await?;
        let state = access::state(context)?;
        let _lock = state.lock(&instance.name)?;
        let backup = chosen(ui, &archive, &state, args).await?;
        refuse_refreshed(&archive, instance, &profile, &backup).await?;
        let rules = rules::of(context, &config, &archive, &[&instance.name]).await?;
        refuse_switches((&selection, &rules), &profile, &backup, &instance.name)?;
        let session = access::session(ui, context, &config, instance, &args.sign_in).await?;
        let identity = access::identity(&session, instance)?;
        access::check_identity(&identity, instance)?;
        let own = check_backup_identity(&backup, &identity, args.from_instance.as_deref())?;
        let last = state.last_run(&instance.name).await?;
        let continues = last.filter(|run| run.is_continued_by(Action::Restore, &backup.id));
        let mut habits = state.habits(&instance.name).await?;
        if args.retry_sealed {
            habits.sealed.clear();
        }
        let job = Job {
            rules: &rules,
            habits: &habits,
            action: Action::Restore,
            instance,
            backup: &backup,
            own,
            selection: &selection,
            manner: match args.merge {
                true => Manner::Merge,
                false => Manner::Replace,
            },
            encrypted: args.encrypted.into(),
            ask_about_dropped: !args.merge && !args.replace,
            retry_sealed: args.retry_sealed,
            enter: args.encrypted == EncryptedInRestore::Enter,
            dry_run: args.dry_run,
            accept_page_change: args.accept_page_change,
            continues: continues.as_ref(),
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

/// Finds the backup: among the instance's own, or among those of the one that `--from-instance` names.
async fn chosen(ui: &Ui, archive: &Archive, state: &State, args: &RestoreArgs) -> Result<Backup> {
    let instance = args
        .from_instance
        .clone()
        .unwrap_or_else(|| args.from.instance.clone());
    let reference = Reference {
        instance,
        backup: args.from.backup.clone(),
    };
    let found = access::resolve_backup(archive, ui, &reference).await?;
    round::tell_of_pinned(ui, state, &reference, &found.listed).await?;
    archive.get(&found.listed).await
}

/// Refuses a choice of nothing but switches: a plan leaves them out, and would be empty without a word.
fn refuse_switches(
    (selection, rules): (&Selection, &Rules),
    profile: &Profile,
    backup: &Backup,
    instance: &str,
) -> Result<()> {
    let documents = &backup.content.documents;
    let selection = selection.among(rules, documents);
    let but_switches = selection.but(&switches(profile))?;
    let mut switch = None;
    for document in documents {
        match selection.extent(&document.path) {
            Extent::Nothing => continue,
            Extent::Whole | Extent::AllBut => return Ok(()),
            Extent::Keys => {}
        }
        let text = Properties::parse_leniently(&document.text);
        for (_, key, _) in text.entries() {
            let key = key.to_string_lossy();
            if but_switches.selects_key(&document.path, &key) {
                return Ok(());
            }
            if selection.selects_key(&document.path, &key) {
                switch.get_or_insert(format!("{}:{key}", document.path));
            }
        }
    }
    let Some(switch) = switch else { return Ok(()) };
    Err(Error::new(
        Kind::Usage,
        format!("Only switches are chosen (`{switch}`), which a restore leaves alone."),
    )
    .hint(format!(
        "lmskeep thaw {0} switches on what was on before the refresh; lmskeep freeze {0} switches all of it off",
        instance
    )))
}

/// A backup that was taken after the refresh holds the source's configuration: restoring it would restore nothing.
pub(crate) async fn refuse_refreshed(
    archive: &Archive,
    instance: &Instance,
    profile: &Profile,
    backup: &Backup,
) -> Result<()> {
    let looks = match backup.content.kind {
        BackupKind::AfterRefresh => true,
        BackupKind::Ordinary => false,
        BackupKind::Partial | BackupKind::Safety => {
            let markers = &profile.identity.markers;
            let before = access::newest_ordinary(archive, &instance.name).await?;
            let documents = before.map(|b| b.content.documents);
            looks_refreshed(markers, &backup.content.documents, documents.as_deref(), None).is_some()
        }
    };
    if !looks {
        return Ok(());
    }
    Err(Error::new(
        Kind::Refused,
        format!(
            "The backup {} was taken after the refresh: it is not restored.",
            backup.id
        ),
    )
    .hint(format!(
        "lmskeep restore {0}    (the newest one from before; `lmskeep list {0}` shows all)",
        instance.name
    ))
    .hint(format!(
        "to go back to what was there before the last restore: lmskeep undo {}",
        instance.name
    )))
}
