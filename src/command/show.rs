//! `lmskeep show`: shows a backup, or one document of it.

use std::path::PathBuf;

use clap::Args;

use crate::command::words::{EncryptedInRestore, SignInArgs};
use crate::instance::Reference;

/// The words of `lmskeep show`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lmskeep show stage                      what the newest backup holds
  lmskeep show stage BIZX                 one configuration file, passwords masked
  lmskeep show stage BIZX --to-paste F    write to file F what to paste into the LMS by hand")]
pub struct ShowArgs {
    /// The instance, and perhaps which of its backups: an id, `latest`, `latest~2`, or a day
    #[arg(value_name = "NAME[@BACKUP]", value_parser = Reference::read)]
    pub from: Reference,

    /// The document, such as `BIZX`; without it, the list of all
    #[arg(value_name = "DOC")]
    pub document: Option<String>,

    /// Show passwords and other secrets as they were stored
    #[arg(long, requires = "document")]
    pub reveal: bool,

    /// Write the text to paste into the LMS by hand to this file
    #[arg(long, value_name = "FILE", requires = "document")]
    pub to_paste: Option<PathBuf>,

    /// Take what is in the LMS now from this folder of files copied by hand, not from the instance
    #[arg(long, value_name = "DIR", requires = "to_paste")]
    pub live: Option<PathBuf>,

    /// What to do with values that the LMS encrypts
    #[arg(long, value_enum, value_name = "HOW", default_value_t, requires = "to_paste")]
    pub encrypted: EncryptedInRestore,

    /// How to sign in.
    #[command(flatten)]
    pub sign_in: SignInArgs,
}
