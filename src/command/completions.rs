//! `lmskeep completions`: prints what a shell needs to complete the words of this program.

use clap::Args;
use clap_complete::Shell;
use serde::Serialize;

use crate::command::Exit;
use crate::error::Result;
use crate::report::Ui;

/// The words of `lmskeep completions`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lmskeep completions bash > ~/.local/share/bash-completion/completions/lmskeep
  lmskeep completions powershell >> $PROFILE")]
pub struct CompletionsArgs {
    /// The shell
    pub shell: Shell,
}

#[derive(Serialize)]
struct Answer {
    shell: String,
    script: String,
}

/// Prints the script for a shell; `words` are all words of this program.
///
/// # Errors
/// None but those of printing.
pub fn run(ui: &Ui, args: &CompletionsArgs, mut words: clap::Command) -> Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut words, "lmskeep", &mut script);
    let script = String::from_utf8_lossy(&script).into_owned();
    ui.document(&script);
    ui.json(
        "completions",
        &Answer {
            shell: args.shell.to_string(),
            script,
        },
    )?;
    Ok(Exit::Done)
}
