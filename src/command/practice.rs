//! `lmskeep practice`: serves two practice instances to rehearse a refresh on.

use clap::Args;

/// The words of `lmskeep practice`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lmskeep practice                        serves production and stage until Ctrl-C
  lmskeep practice --scenario key=instance --scenario german")]
pub struct PracticeArgs {
    /// Where to listen; the next two ports are used as well, and 0 stands for free ones
    #[arg(long, value_name = "HOST:PORT")]
    pub listen: Option<String>,

    /// How the practice instances behave, such as `key=instance`, `token=link`, `bound`, `german`; may be repeated
    #[arg(long, value_name = "WORD")]
    pub scenario: Vec<String>,
}
