//! `lmskeep diff`: shows what changed between two backups, or a backup and the instance.

use clap::Args;

use crate::command::words::{EncryptedInDiff, SelectionArgs, SignInArgs};

/// The words of `lmskeep diff`.
#[derive(Debug, Args)]
#[command(
    after_help = "Passwords and other secrets are never shown: only whether they changed.
Exit code 0: no difference; 1: differences.

Examples:
  lmskeep diff stage                      the newest backup against the instance as it is now
  lmskeep diff stage --text               the same, with the changed words
  lmskeep diff stage@latest prod@latest   two backups
  lmskeep diff stage copies/              a backup against a folder of files copied by hand"
)]
pub struct DiffArgs {
    /// `NAME`, `NAME@BACKUP` or a folder; a bare name is its newest backup
    pub left: String,

    /// `NAME@BACKUP` or a folder; without it, the instance as it is now
    pub right: Option<String>,

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
