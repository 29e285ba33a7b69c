//! `lmskeep backup`: stores all documents of an instance in the archive.

use clap::Args;

use crate::command::words::{SelectionArgs, SignInArgs};

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
