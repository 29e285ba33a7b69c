//! `lmskeep profile`: what the pages of an LMS are like, as data.

mod learn;
mod list;
mod show;
mod test;

use clap::{Args, Subcommand};

use crate::command::{Context, Exit};
use crate::error::Result;
use crate::report::Ui;

pub use learn::LearnArgs;
pub use test::TestArgs;

/// The words of `lmskeep profile`.
#[derive(Debug, Args)]
pub struct ProfileArgs {
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
}

/// What can be done with profiles.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// List the built-in profile and your own
    List,
    /// Show the profile in force, each line with where it came from
    #[command(after_help = "Examples:
  lmskeep profile show sap-learning
  lmskeep profile show stage              with what was said and found of this instance")]
    Show {
        /// A profile, its file, or an instance
        #[arg(value_name = "PROFILE|INSTANCE")]
        word: String,
    },
    /// Play a recording against a profile, without the network
    Test(TestArgs),
    /// Learn a profile from a recording of a browser
    Learn(LearnArgs),
}

/// Does what was asked for.
///
/// # Errors
/// [`crate::error::Kind::Usage`] for a profile that is not there or has a fault.
pub fn run(ui: &Ui, context: &Context, args: &ProfileArgs) -> Result<Exit> {
    match &args.verb {
        Verb::List => list::run(ui, context),
        Verb::Show { word } => show::run(ui, context, word),
        Verb::Test(args) => test::run(ui, context, args),
        Verb::Learn(args) => learn::run(ui, context, args),
    }
}
