//! The real values of encrypted keys: where they lie, and how they are fetched and kept.

use crate::command::{Context, access};
use crate::error::{Error, Kind, Result};
use crate::instance::{COMMAND_PATIENCE, Instance, run_password_command};
use crate::secret::Secret;
use crate::secret::keyring::{Entry, keyring_get, keyring_remove, keyring_set, state_key};
use crate::state::{Known, Lies, Place};

/// What a keyring takes on every platform: Windows' Credential Manager has this limit, in bytes of UTF-16.
const KEYRING_LIMIT: usize = 2560;

/// Names a value as people do: `CONNECTORS: connector.ftp.password`.
pub fn shown(place: &Place) -> String {
    let name = place
        .document
        .split_once('/')
        .map_or(place.document.as_str(), |(_, name)| name);
    let nth = if place.occurrence > 1 {
        format!(" ({}. time)", place.occurrence)
    } else {
        String::new()
    };
    format!("{name}: {}{nth}", place.key)
}

/// Fetches a value from where it lies; `None` where it lies nowhere, or is there no more.
///
/// # Errors
/// [`Kind::SignIn`] where the keyring or the command fails.
pub async fn fetch(
    context: &Context,
    instance: &Instance,
    place: &Place,
    known: &Known,
) -> Result<Option<Secret>> {
    match &known.lies {
        Lies::Nowhere => Ok(None),
        Lies::Keyring => keyring_get(&entry(instance, place)).await,
        Lies::File => {
            let Some(key) = keyring_get(&Entry::state_key()).await? else {
                return Ok(None);
            };
            access::state(context)?
                .kept_value(&instance.name, place, &key)
                .await
        }
        Lies::Command(line) => {
            let value = run_password_command(line, COMMAND_PATIENCE).await;
            value.map(Some).map_err(|error| {
                let sentence = error
                    .message()
                    .replace("`password_command`", &format!("command for `{}`", shown(place)));
                Error::new(Kind::SignIn, sentence).hint(format!(
                    "lmskeep secret set {} {} --command 'COMMAND'",
                    instance.name,
                    named(place)
                ))
            })
        }
    }
}

/// Keeps a value: in the keyring, or, where it is too large for that, sealed in a file.
///
/// # Errors
/// [`Kind::SignIn`] where there is no keyring; [`Kind::Archive`] where the file cannot be stored.
pub async fn keep(context: &Context, instance: &Instance, place: &Place, value: &Secret) -> Result<Lies> {
    let state = access::state(context)?;
    if value.expose().encode_utf16().count() * 2 <= KEYRING_LIMIT {
        keyring_set(&entry(instance, place), value).await?;
        state.remove_value(&instance.name, place).await?;
        return Ok(Lies::Keyring);
    }
    let key = state_key().await?;
    state.keep_value(&instance.name, place, value, &key).await?;
    keyring_remove(&entry(instance, place)).await?;
    Ok(Lies::File)
}

/// Sees that there is a keyring, before anybody types a value that could not be kept.
///
/// # Errors
/// [`Kind::SignIn`] where there is none, with the ways out.
pub(crate) async fn can_keep(instance: &Instance, place: &Place) -> Result<()> {
    let asked = keyring_get(&entry(instance, place)).await;
    asked.map(drop).map_err(|error| {
        error.hint(format!(
            "or let it be asked for and used once: lmskeep restore {} --encrypted enter",
            instance.name
        ))
    })
}

/// Removes a value from where it lies.
///
/// # Errors
/// [`Kind::SignIn`] where the keyring does not answer.
pub async fn remove(context: &Context, instance: &Instance, place: &Place, lies: &Lies) -> Result<bool> {
    let state = access::state(context)?;
    match lies {
        Lies::Keyring => keyring_remove(&entry(instance, place)).await,
        Lies::File => state.remove_value(&instance.name, place).await,
        Lies::Nowhere | Lies::Command(_) => Ok(false),
    }
}

/// Names a key as patterns do: `CONNECTORS:connector.ftp.password`.
pub(crate) fn pattern(place: &Place) -> String {
    let first = Place {
        occurrence: 1,
        ..place.clone()
    };
    named(&first)
}

/// Names a value for a command line: `CONNECTORS:connector.ftp.password`.
pub fn named(place: &Place) -> String {
    let name = place
        .document
        .split_once('/')
        .map_or(place.document.as_str(), |(_, name)| name);
    match place.occurrence {
        1 => format!("{name}:{}", place.key),
        nth => format!("{name}:{}[{nth}]", place.key),
    }
}

fn entry(instance: &Instance, place: &Place) -> Entry {
    Entry::value(&instance.origin, &place.document, &place.key, place.occurrence)
}
