//! The operating system's keyring: Secret Service, Keychain or Credential Manager.
//!
//! Every call runs on a thread of its own and under a limit of time: a locked keyring asks a person and waits, and
//! a thread of the async runtime that never comes back would keep the program from ending. It knows nothing of
//! when a secret is asked for.

use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use keyring_core::Error as KeyringError;
use tokio::sync::oneshot;
use tokio::time::timeout;
use zeroize::Zeroize;

use crate::error::{Error, Kind, Result};
use crate::secret::{Secret, sealed};

/// Under which service name all entries lie.
pub const SERVICE: &str = "lmskeep";

/// How the names of entries with real values begin.
const VALUE: &str = "value@";

/// How the names of entries with passwords of proxies end.
const PROXY: &str = "#proxy";

/// How long the keyring may take, including a person who types its password.
const PATIENCE: Duration = Duration::from_secs(60);

/// Says which of the two passwords of an instance is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Slot {
    /// The instance's own.
    Own,
    /// The one that holds after a refresh: the source's, for the same admin.
    AfterRefresh,
}

impl Slot {
    /// The word that stands in the entry's name.
    pub fn word(self) -> &'static str {
        match self {
            Slot::Own => "own",
            Slot::AfterRefresh => "after-refresh",
        }
    }
}

/// Says whose password an entry of the keyring holds.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Account {
    /// Who signs in.
    pub user: String,
    /// Where: scheme, host and port.
    pub origin: String,
    /// Which of the two passwords.
    pub slot: Slot,
}

impl Account {
    /// Names the entry, as `admin@https://stage.example.com#own`.
    pub fn entry(&self) -> Entry {
        Entry(format!("{}@{}#{}", self.user, self.origin, self.slot.word()))
    }
}

/// Names one entry of the keyring, as its user name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Entry(String);

impl Entry {
    /// The real value of an encrypted key of an instance's document, and of which of the key's entries.
    pub fn value(origin: &str, document: &str, key: &str, occurrence: usize) -> Self {
        let nth = if occurrence > 1 {
            format!("[{occurrence}]")
        } else {
            String::new()
        };
        Self(format!("{VALUE}{origin}#{document}:{key}{nth}"))
    }

    /// The password of somebody who signs in at a proxy.
    pub fn proxy(user: &str, address: &str) -> Self {
        Self(format!("{user}@{address}{PROXY}"))
    }

    /// The key under which the state seals what is too large for the keyring.
    pub fn state_key() -> Self {
        Self("state-key".to_owned())
    }
}

/// Reads a secret; `None` where the keyring has no such entry.
///
/// # Errors
/// [`Kind::SignIn`] where there is no keyring, or it is locked, refuses, or does not answer in time.
pub async fn keyring_get(place: &Entry) -> Result<Option<Secret>> {
    let name = place.0.clone();
    match within_limit(PATIENCE, place, move || entry(&name)?.get_password()).await? {
        Ok(text) => Ok(Some(Secret::from(text))),
        Err(KeyringError::NoEntry) => Ok(None),
        Err(error) => Err(explain(error, place)),
    }
}

/// Keeps a secret, in place of the one that was there.
///
/// # Errors
/// As [`keyring_get`]; also where the secret is larger than the keyring takes (Windows: 2,560 bytes in UTF-16).
pub async fn keyring_set(place: &Entry, secret: &Secret) -> Result<()> {
    let name = place.0.clone();
    let secret = secret.clone();
    let outcome = within_limit(PATIENCE, place, move || {
        entry(&name)?.set_password(secret.expose())
    })
    .await?;
    outcome.map_err(|error| explain(error, place))
}

/// Removes a secret; `false` where there was none.
///
/// # Errors
/// As [`keyring_get`].
pub async fn keyring_remove(place: &Entry) -> Result<bool> {
    let name = place.0.clone();
    match within_limit(PATIENCE, place, move || entry(&name)?.delete_credential()).await? {
        Ok(()) => Ok(true),
        Err(KeyringError::NoEntry) => Ok(false),
        Err(error) => Err(explain(error, place)),
    }
}

/// Gives the key under which the state seals what is too large for the keyring; one is made where there is none.
///
/// # Errors
/// As [`keyring_get`].
pub async fn state_key() -> Result<Secret> {
    let place = Entry::state_key();
    if let Some(key) = keyring_get(&place).await? {
        return Ok(key);
    }
    let made = sealed::new_key();
    keyring_set(&place, &made).await?;
    // Another program may have made one at the same time: what lies there counts.
    Ok(keyring_get(&place).await?.unwrap_or(made))
}

/// Opens the entry in the platform's keyring, or in the one that was put in its place before.
fn entry(name: &str) -> keyring_core::Result<keyring_core::Entry> {
    // One at a time: two threads must not both find that no keyring has been chosen.
    static CHOOSING: Mutex<()> = Mutex::new(());
    {
        let _choosing = CHOOSING.lock().unwrap_or_else(PoisonError::into_inner);
        if keyring_core::get_default_store().is_none() && keyring::Entry::store_status().is_err() {
            return Err(KeyringError::NoDefaultStore);
        }
    }
    keyring_core::Entry::new(SERVICE, name)
}

async fn within_limit<T: Send + 'static>(
    limit: Duration,
    place: &Entry,
    call: impl FnOnce() -> T + Send + 'static,
) -> Result<T> {
    let (answer, answered) = oneshot::channel();
    let started = thread::Builder::new().name("keyring".to_owned()).spawn(move || {
        // Nobody listens any more when the limit has passed.
        let _late = answer.send(call());
    });
    if let Err(cause) = started {
        return Err(
            Error::new(Kind::SignIn, "No thread could be started to ask the keyring.").caused_by(cause),
        );
    }
    match timeout(limit, answered).await {
        Ok(Ok(outcome)) => Ok(outcome),
        Ok(Err(cause)) => Err(other_ways(
            place,
            Error::new(Kind::SignIn, "The keyring's own code failed.").caused_by(cause),
        )),
        Err(_elapsed) => Err(other_ways(
            place,
            Error::new(
                Kind::SignIn,
                format!(
                    "The operating system's keyring did not answer within {} seconds; it may be waiting to be unlocked.",
                    limit.as_secs()
                ),
            ),
        )),
    }
}

fn explain(error: KeyringError, place: &Entry) -> Error {
    let name = &place.0;
    let sentence = match &error {
        KeyringError::NoDefaultStore => "This computer offers no keyring to keep secrets in.".to_owned(),
        KeyringError::NoStorageAccess(_) => {
            format!(
                "The operating system's keyring is locked or has no store of its own, so `{name}` cannot be reached."
            )
        }
        KeyringError::TooLong(what, limit) => format!(
            "The operating system's keyring is too small for `{name}`: it takes {limit} bytes of the {what}."
        ),
        KeyringError::Ambiguous(entries) => {
            format!(
                "The operating system's keyring holds {} entries for `{name}`; remove all but one.",
                entries.len()
            )
        }
        KeyringError::BadEncoding(_) | KeyringError::BadDataFormat(..) => {
            format!("What the operating system's keyring holds for `{name}` is no text.")
        }
        _ => format!("The operating system's keyring refused to handle `{name}`."),
    };
    let sentence = Error::new(Kind::SignIn, sentence);
    let error = match error {
        // These two carry the stored bytes themselves.
        KeyringError::BadEncoding(mut bytes) => {
            bytes.zeroize();
            sentence
        }
        KeyringError::BadDataFormat(mut bytes, cause) => {
            bytes.zeroize();
            sentence.caused_by(cause)
        }
        KeyringError::NoDefaultStore => match keyring::Entry::store_status() {
            Err(cause) => sentence.caused_by(cause.to_string()),
            Ok(()) => sentence,
        },
        KeyringError::TooLong(..) | KeyringError::Ambiguous(_) => sentence,
        other => sentence.caused_by(other),
    };
    other_ways(place, error)
}

fn other_ways(place: &Entry, error: Error) -> Error {
    if place.0.starts_with(VALUE) {
        return error.hint(
            "a command can tell the value instead: lmskeep secret set NAME DOCUMENT:KEY --command 'COMMAND'",
        );
    }
    if *place == Entry::state_key() {
        return error.hint(
            "without a keyring a browser's session is handed over to each command anew: `--cookies FILE` on the command",
        );
    }
    if place.0.ends_with(PROXY) {
        return error.hint(
            "without a keyring the variable `HTTPS_PROXY` can name the proxy with user and password: http://USER:PASSWORD@HOST:PORT",
        );
    }
    error.hint(
        "hand the password over with `--password-stdin`, in the variable `LMSKEEP_PASSWORD`, or by the instance's \
         `password_command`",
    )
}

#[cfg(test)]
#[path = "keyring_tests.rs"]
mod tests;
