//! `lmskeep import`: stores files copied by hand as a backup.

use std::path::PathBuf;

use clap::Args;

/// The words of `lmskeep import`.
#[derive(Debug, Args)]
#[command(
    after_help = "For a tenant that cannot be entered by a program: copy each configuration file from the browser into a text
file of the same name.

Example:
  lmskeep import stage copies             copies/BIZX.txt becomes configuration/BIZX"
)]
pub struct ImportArgs {
    /// The instance that the files were copied from
    pub name: String,

    /// The folder with one file a document; a file's name is the document's
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
}
