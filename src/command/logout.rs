//! `lmskeep logout`: removes an instance's passwords from the keyring.

use clap::Args;

/// The words of `lmskeep logout`.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  lmskeep logout stage                    both passwords, its own and the one for after the refresh")]
pub struct LogoutArgs {
    /// The instance
    pub name: String,
}
