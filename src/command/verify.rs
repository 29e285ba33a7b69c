//! `lmskeep verify`: reads every backup and says whether all are whole.

use clap::Args;

/// The words of `lmskeep verify`.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  lmskeep verify                          exit code 6 where anything is damaged or missing")]
pub struct VerifyArgs {}
