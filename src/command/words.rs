//! Words that several verbs take.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::{SignedDuration, Span, SpanRelativeTo};

use crate::error::{Error, Kind, Result};
use crate::instance::{Instance, Network, ProxyChoice};

/// Which documents and keys.
#[derive(Debug, Clone, Default, Args)]
pub struct SelectionArgs {
    /// Only these documents or keys, such as `BIZX`, `configuration/*`, `CONNECTORS:connector.ftp.*`, or `@environment`:
    /// what differs between production and stage by nature; may be repeated
    #[arg(long, value_name = "GLOB")]
    pub only: Vec<String>,

    /// All but these documents or keys; may be repeated
    #[arg(long, value_name = "GLOB")]
    pub except: Vec<String>,
}

/// How to sign in.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Signing in")]
pub struct SignInArgs {
    /// Use the password that holds after the refresh: the source's, for the same admin
    #[arg(long)]
    pub after_refresh: bool,

    /// Read the password from the first line of standard input
    #[arg(long)]
    pub password_stdin: bool,

    /// Use a browser's session: its cookies, from a file or (`-`) standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["after_refresh", "password_stdin"])]
    pub cookies: Option<PathBuf>,

    /// The way there.
    #[command(flatten)]
    pub network: NetworkArgs,
}

/// How to reach an instance, for one run; settings of the same names keep it.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Getting there")]
pub struct NetworkArgs {
    /// Go through this proxy, such as `http://USER@HOST:PORT`; `direct` stands for none
    #[arg(long, value_name = "URL", value_parser = ProxyChoice::read)]
    pub proxy: Option<ProxyChoice>,

    /// Trust the authorities in this file (PEM) as well as those of the operating system
    #[arg(long, value_name = "FILE")]
    pub ca: Option<PathBuf>,

    /// Show the certificate in this file (PEM, with its key) where the instance asks for one
    #[arg(long, value_name = "FILE")]
    pub client_cert: Option<PathBuf>,
}

impl NetworkArgs {
    /// Gives an instance with these in place of its settings.
    pub fn over(&self, instance: &Instance) -> Instance {
        let flags = Network {
            proxy: self.proxy.clone(),
            ca: self.ca.clone(),
            client_cert: self.client_cert.clone(),
        };
        Instance {
            network: instance.network.overridden_by(&flags),
            ..instance.clone()
        }
    }
}

/// What a comparison does with encrypted values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum EncryptedInDiff {
    /// Say of each whether it changed, never what it is
    #[default]
    Show,
    /// Leave them out of the comparison
    Ignore,
}

/// What a restore does with encrypted values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum EncryptedInRestore {
    /// Leave the line as it is in the instance now
    #[default]
    Keep,
    /// Enter the real values: known ones are fetched, others asked for, all before the first write
    Enter,
    /// Write this instance's own old ciphertext from the backup
    Archived,
    /// Empty the value, so that nothing of another instance is used
    Clear,
}

/// Reads a length of time as people write it.
///
/// # Errors
/// [`Kind::Usage`] where it is none.
pub(crate) fn age(word: &str) -> Result<SignedDuration> {
    let wrong = || {
        Error::new(Kind::Usage, format!("`{word}` is no age.")).hint("an age is written as 24h, 90m or 3d")
    };
    let span: Span = word.parse().map_err(|_| wrong())?;
    let days = SpanRelativeTo::days_are_24_hours();
    let age = span.to_duration(days).map_err(|_| wrong())?;
    if age.is_negative() { Err(wrong()) } else { Ok(age) }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use crate::command::words::age;

    #[test]
    fn ages_are_read_in_hours_minutes_and_days() {
        assert_eq!(age("24h").unwrap(), SignedDuration::from_hours(24));
        assert_eq!(age("90m").unwrap(), SignedDuration::from_mins(90));
        assert_eq!(age("3d").unwrap(), SignedDuration::from_hours(72));
        assert_eq!(age("0s").unwrap(), SignedDuration::ZERO);
        for wrong in ["", "24", "soon", "-1h"] {
            assert!(age(wrong).is_err(), "{wrong}");
        }
    }
}
