//! `lmskeep demo`: plays a whole refresh on practice instances.

use clap::Args;

/// The words of `lmskeep demo`.
#[derive(Debug, Args)]
#[command(
    after_help = "Nothing outside of this computer is touched, and nothing is left behind.

Example:
  lmskeep demo"
)]
pub struct DemoArgs {}
