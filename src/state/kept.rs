//! A session taken over from a browser, kept for the next command: sealed under a key that lies in the keyring.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::cookies::Cookie;
use crate::error::{Error, Kind, Result};
use crate::secret::{Secret, sealed};
use crate::state::{State, of_instance, record};

/// A session that was taken over from a browser.
#[derive(Debug, Clone)]
pub struct KeptSession {
    /// Scheme, host and port it is with.
    pub origin: String,
    /// Texts that told the instance when it was taken over, by the profile's names for them.
    pub texts: BTreeMap<String, String>,
    /// When it was taken over.
    pub taken: Timestamp,
    /// The browser's User-Agent.
    pub user_agent: Option<String>,
    /// Its cookies, as they are now.
    pub cookies: Vec<Cookie>,
}

/// What can be known of it without the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AboutSession {
    /// Scheme, host and port it is with.
    pub origin: String,
    /// When it was taken over.
    pub taken: Timestamp,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct File {
    origin: String,
    taken: Timestamp,
    sealed: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Inside {
    texts: BTreeMap<String, String>,
    user_agent: Option<String>,
    cookies: Vec<Crumb>,
}

/// A cookie as it is stored.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Crumb {
    name: String,
    value: String,
    host: Option<String>,
    below: bool,
    path: Option<String>,
    secure: bool,
    ends: Option<i64>,
}

impl State {
    /// Keeps a session in place of the one that was kept.
    ///
    /// # Errors
    /// [`Kind::Archive`] where it cannot be sealed or stored.
    pub async fn keep_session(&self, instance: &str, session: &KeptSession, key: &Secret) -> Result<()> {
        let inside = Inside {
            texts: session.texts.clone(),
            user_agent: session.user_agent.clone(),
            cookies: session.cookies.iter().map(Crumb::of).collect(),
        };
        let json = serde_json::to_vec(&inside).map_err(|cause| {
            Error::new(Kind::Archive, "The session could not be described as JSON.").caused_by(cause)
        })?;
        let file = File {
            origin: session.origin.clone(),
            taken: session.taken,
            sealed: hex::encode(sealed::seal(key, &Zeroizing::new(json))?),
        };
        record::write(&self.store, &path(instance)?, &file).await
    }

    /// Tells what session is kept.
    ///
    /// # Errors
    /// [`Kind::Archive`] where the file is damaged.
    pub async fn about_session(&self, instance: &str) -> Result<Option<AboutSession>> {
        let file: Option<File> = record::read(&self.store, &path(instance)?)
            .await
            .map_err(|error| anew(error, instance))?;
        Ok(file.map(|File { origin, taken, .. }| AboutSession { origin, taken }))
    }

    /// Opens the session that is kept.
    ///
    /// # Errors
    /// [`Kind::Archive`] where the file is damaged, or sealed under another key.
    pub async fn kept_session(&self, instance: &str, key: &Secret) -> Result<Option<KeptSession>> {
        let path = path(instance)?;
        let read = record::read::<File>(&self.store, &path).await;
        let Some(file) = read.map_err(|error| anew(error, instance))? else {
            return Ok(None);
        };
        let damaged = |why: &str| record::damaged(&self.store, &path, why);
        let sealed = hex::decode(&file.sealed).map_err(|_| damaged("what it holds is not sealed"))?;
        let inside = sealed::open(key, &sealed)?
            .ok_or_else(|| anew(damaged("the keyring's key does not open it"), instance))?;
        let inside: Inside =
            serde_json::from_slice(&inside).map_err(|_| damaged("what it holds is not understood"))?;
        Ok(Some(KeptSession {
            origin: file.origin,
            texts: inside.texts,
            taken: file.taken,
            user_agent: inside.user_agent,
            cookies: inside.cookies.into_iter().map(Crumb::cookie).collect(),
        }))
    }

    /// Forgets the session that is kept; `false` where there is none.
    ///
    /// # Errors
    /// [`Kind::Archive`] where it cannot be removed.
    pub async fn forget_session(&self, instance: &str) -> Result<bool> {
        self.store.delete(&path(instance)?).await
    }
}

fn anew(error: Error, instance: &str) -> Error {
    error.hint(format!(
        "lmskeep login {instance} --cookies FILE keeps a new session in its place; lmskeep logout {instance} forgets it"
    ))
}

fn path(instance: &str) -> Result<String> {
    of_instance(instance, "session")
}

impl Crumb {
    fn of(cookie: &Cookie) -> Self {
        Self {
            name: cookie.name.clone(),
            value: cookie.value.expose().to_owned(),
            host: cookie.host.clone(),
            below: cookie.below,
            path: cookie.path.clone(),
            secure: cookie.secure,
            ends: cookie.ends,
        }
    }

    fn cookie(self) -> Cookie {
        Cookie {
            host: self.host,
            below: self.below,
            path: self.path,
            secure: self.secure,
            ends: self.ends,
            ..Cookie::new(self.name, self.value)
        }
    }
}
