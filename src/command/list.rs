//! `lmskeep list`: lists the backups in the archive.

use clap::Args;

/// The words of `lmskeep list`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lmskeep list                            the backups of all instances
  lmskeep list stage                      those of one instance")]
pub struct ListArgs {
    /// The instance; without it, all of them
    pub name: Option<String>,
}
