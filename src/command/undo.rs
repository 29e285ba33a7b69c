//! `lmskeep undo`: brings back what the last restore replaced.

use clap::Args;

use crate::command::words::SignInArgs;

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

    /// How to sign in.
    #[command(flatten)]
    pub sign_in: SignInArgs,
}
