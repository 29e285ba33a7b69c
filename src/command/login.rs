//! `lmskeep login`: proves a password once and keeps it in the keyring.

use clap::Args;

use crate::command::words::SignInArgs;

/// The words of `lmskeep login`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lmskeep login stage                     asks for the password, tries it once, keeps it
  lmskeep login stage --after-refresh     the second one: the source's, for after the refresh")]
pub struct LoginArgs {
    /// The instance
    pub name: String,

    /// Which password, and where it comes from.
    #[command(flatten)]
    pub sign_in: SignInArgs,
}
