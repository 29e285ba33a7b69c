//! Where a password comes from, in the order of design §5.

use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

use crate::error::{Error, Kind, Result};
use crate::instance::Instance;
use crate::instance::environment::Environment;
use crate::secret::Secret;
use crate::secret::keyring::{Account, Slot, keyring_get};

/// How long a password command may take, including a person who unlocks a vault.
pub const COMMAND_PATIENCE: Duration = Duration::from_secs(60);

/// Says where a password came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PasswordSource {
    /// `--password-stdin`: the first line of standard input.
    Stdin,
    /// The variable `LMSKEEP_PASSWORD`.
    Environment,
    /// The instance's `password_command`.
    Command,
    /// The operating system's keyring.
    Keyring,
    /// A person typed it just now.
    Prompt,
}

impl PasswordSource {
    /// Words the source for a message, such as "the variable `LMSKEEP_PASSWORD`".
    pub fn described(self) -> &'static str {
        match self {
            PasswordSource::Stdin => "standard input",
            PasswordSource::Environment => "the variable `LMSKEEP_PASSWORD`",
            PasswordSource::Command => "the `password_command`",
            PasswordSource::Keyring => "the keyring",
            PasswordSource::Prompt => "the prompt",
        }
    }
}

/// A password, and where it came from.
#[derive(Debug, Clone)]
pub struct Password {
    /// The password itself.
    pub secret: Secret,
    /// Where it came from.
    pub source: PasswordSource,
}

/// Says whose password is looked for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// Where it is to be used.
    pub instance: &'a Instance,
    /// Which of the instance's two passwords.
    pub slot: Slot,
    /// The instance's source, where one is known: after a refresh its password command is the one that counts.
    pub source: Option<&'a Instance>,
}

impl Wanted<'_> {
    /// Names the entry of the keyring.
    ///
    /// # Errors
    /// [`Kind::Usage`] where it is not known who signs in.
    pub fn account(&self) -> Result<Account> {
        let user = self.instance.admin()?.to_owned();
        Ok(Account {
            user,
            origin: self.instance.origin.clone(),
            slot: self.slot,
        })
    }

    /// Tells whether a password command will be asked.
    pub fn has_command(&self) -> bool {
        self.command().is_some()
    }

    /// The command that prints this password. After a refresh the instance's own would print a password that the
    /// LMS refuses, and each refusal counts towards a lock: there it is the source's, if it is for the same admin.
    fn command(&self) -> Option<&str> {
        let of = match self.slot {
            Slot::Own => Some(self.instance),
            Slot::AfterRefresh => self.source.filter(|source| source.user == self.instance.user),
        };
        of?.password_command.as_deref()
    }
}

/// Looks for a password where nobody has to be asked: the variable, the command, the keyring.
///
/// `None` leaves the prompt. Standard input comes before all of these: [`read_password_line`].
///
/// # Errors
/// [`Kind::SignIn`] where the command or the keyring fails, [`Kind::Usage`] where it is not known who signs in.
pub async fn find_password(wanted: &Wanted<'_>, environment: &Environment) -> Result<Option<Password>> {
    let account = wanted.account()?;
    if let Some(secret) = environment.password.clone() {
        return Ok(Some(Password {
            secret,
            source: PasswordSource::Environment,
        }));
    }
    if let Some(line) = wanted.command() {
        let secret = run_password_command(line, COMMAND_PATIENCE).await?;
        return Ok(Some(Password {
            secret,
            source: PasswordSource::Command,
        }));
    }
    Ok(keyring_get(&account.entry()).await?.map(|secret| Password {
        secret,
        source: PasswordSource::Keyring,
    }))
}

/// Understands the line that standard input gave for `--password-stdin`.
///
/// # Errors
/// [`Kind::SignIn`] where it is empty or not UTF-8.
pub fn read_password_line(line: Vec<u8>) -> Result<Password> {
    let secret = Secret::from_line(line).ok_or_else(|| {
        Error::new(
            Kind::SignIn,
            "What standard input gave as a password is not UTF-8 text.",
        )
    })?;
    if secret.is_empty() {
        return Err(Error::new(
            Kind::SignIn,
            "Standard input gave no password: its first line is empty.",
        ));
    }
    Ok(Password {
        secret,
        source: PasswordSource::Stdin,
    })
}

/// Runs a command line through the platform's shell and takes what it prints, without one line end at its end.
///
/// Its standard input is empty, what it says on standard error is dropped, and nothing of either is ever shown.
///
/// # Errors
/// [`Kind::SignIn`] where it cannot be started, fails, takes longer than `patience`, or prints anything but one line.
pub async fn run_password_command(line: &str, patience: Duration) -> Result<Secret> {
    let failed = |sentence: String| {
        Error::new(Kind::SignIn, sentence).hint("run the `password_command` by hand to see what it says")
    };
    let mut command = shell(line);
    // What is meant for this program alone is not handed on.
    command.env_remove("LMSKEEP_PASSWORD");
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    let child = command.spawn().map_err(|cause| {
        failed("The `password_command` could not be started.".to_owned()).caused_by(cause)
    })?;
    let output = match tokio::time::timeout(patience, child.wait_with_output()).await {
        Ok(Ok(output)) => output,
        Ok(Err(cause)) => {
            return Err(failed("The `password_command` could not be read.".to_owned()).caused_by(cause));
        }
        Err(_elapsed) => {
            let limit = patience.as_secs();
            return Err(failed(format!(
                "The `password_command` did not end within {limit} seconds."
            )));
        }
    };
    // Taken first, so that what was printed is wiped on every way out.
    let printed = Secret::from_line(output.stdout);
    if !output.status.success() {
        return Err(failed(match output.status.code() {
            Some(code) => format!("The `password_command` failed with exit code {code}."),
            None => "The `password_command` was ended by a signal.".to_owned(),
        }));
    }
    let secret =
        printed.ok_or_else(|| failed("The `password_command` printed what is not UTF-8 text.".to_owned()))?;
    if secret.is_empty() {
        return Err(failed("The `password_command` printed nothing.".to_owned()));
    }
    if secret.expose().contains(['\n', '\r']) {
        return Err(failed(
            "The `password_command` printed more than one line.".to_owned(),
        ));
    }
    Ok(secret)
}

#[cfg(not(windows))]
fn shell(line: &str) -> Command {
    let mut command = Command::new("sh");
    command.arg("-c").arg(line);
    command
}

#[cfg(windows)]
fn shell(line: &str) -> Command {
    let mut command = Command::new("cmd");
    // The line is handed over as it is: `cmd` has quoting rules of its own.
    command.raw_arg("/D /S /C \"").raw_arg(line).raw_arg("\"");
    command
}
