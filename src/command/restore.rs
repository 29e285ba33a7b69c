//! `lmskeep restore`: puts the documents of a backup back.

use clap::Args;

use crate::command::words::{EncryptedInRestore, SelectionArgs, SignInArgs};
use crate::instance::Reference;

/// The words of `lmskeep restore`.
#[derive(Debug, Args)]
#[command(
    after_help = "Nothing is written before you have seen the plan and said yes. What the instance holds now is
stored first; `lmskeep undo NAME` brings it back.

Examples:
  lmskeep restore stage --dry-run         show the plan, write nothing
  lmskeep restore stage                   from the newest backup
  lmskeep restore stage@2026-11-03        from the newest backup of that day
  lmskeep restore stage --only BIZX       one configuration file"
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

    /// Show the plan and write nothing; exit code 1 where there is something to write
    #[arg(long)]
    pub dry_run: bool,

    /// Allow a backup that was taken from this other instance
    #[arg(long, value_name = "NAME")]
    pub from_instance: Option<String>,

    /// How to sign in.
    #[command(flatten)]
    pub sign_in: SignInArgs,
}
