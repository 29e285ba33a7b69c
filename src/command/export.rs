//! `lmskeep export`: writes a backup as files that a person can read and paste.

use std::path::PathBuf;

use clap::Args;

use crate::instance::Reference;

/// The words of `lmskeep export`.
#[derive(Debug, Args)]
#[command(
    after_help = "The files hold passwords as they were stored: keep the folder as safe as the archive.

Example:
  lmskeep export stage@latest copies      one .txt file a document, and a page that says how to paste them back"
)]
pub struct ExportArgs {
    /// The instance, and perhaps which of its backups: an id, `latest`, `latest~2`, or a day
    #[arg(value_name = "NAME[@BACKUP]", value_parser = Reference::read)]
    pub from: Reference,

    /// The folder to write to; it is made where there is none
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
}
