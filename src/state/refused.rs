//! Passwords that an instance has refused, so that none is tried twice (promise 7).
//!
//! One file a password, named by a salted slow hash of it: nothing is read, changed and written back, so that two
//! programs cannot lose each other's memory. A server locks an admin after five wrong tries; remembering must not
//! depend on luck.

use std::time::Duration;

use jiff::Timestamp;
use scrypt::Params;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::backup::content_hash;
use crate::error::{Error, Kind, Result};
use crate::secret::Secret;
use crate::state::{State, record};
use crate::store::{Lock, Put};

/// Costs of the hash: 16 MiB and about 50 ms.
const LOG_N: u8 = 14;
const R: u32 = 8;
const P: u32 = 1;
/// How long another program's sign-in is waited for, and how often it is looked at.
const LONGEST_WAIT: Duration = Duration::from_secs(120);
const PAUSE: Duration = Duration::from_millis(20);

/// How an account's passwords are hashed.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Salted {
    salt: String,
    log_n: u8,
    r: u32,
    p: u32,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Refusal {
    when: Timestamp,
}

impl State {
    /// Tells when this password was refused for this user at this origin, if it was.
    ///
    /// # Errors
    /// [`Kind::Archive`] where the memory is damaged: then nobody knows, and nothing may be tried.
    pub async fn is_refused(&self, origin: &str, user: &str, password: &Secret) -> Result<Option<Timestamp>> {
        let folder = folder(origin, user);
        let Some(salted) = self.salted(&folder).await? else {
            return Ok(None);
        };
        let path = path(&folder, &salted, password).await?;
        Ok(record::read::<Refusal>(&self.store, &path)
            .await?
            .map(|refusal| refusal.when))
    }

    /// Remembers that this password was refused; the first time stays.
    ///
    /// # Errors
    /// [`Kind::Archive`] where it cannot be stored, or the memory is damaged.
    pub async fn remember_refused(
        &self,
        origin: &str,
        user: &str,
        password: &Secret,
        now: Timestamp,
    ) -> Result<()> {
        let folder = folder(origin, user);
        let salted = match self.salted(&folder).await? {
            Some(salted) => salted,
            None => {
                let salted = Salted {
                    salt: hex::encode(rand::random::<[u8; 16]>()),
                    log_n: LOG_N,
                    r: R,
                    p: P,
                };
                let salt_path = salt_path(&folder);
                match self
                    .store
                    .put_if_absent(&salt_path, record::print(&salted)?)
                    .await?
                {
                    Put::Created => salted,
                    Put::Existed => self.salted(&folder).await?.unwrap_or(salted),
                }
            }
        };
        let path = path(&folder, &salted, password).await?;
        let refusal = record::print(&Refusal { when: now })?;
        if self.store.put_if_absent(&path, refusal.clone()).await? == Put::Existed {
            // A damaged file says that it was refused, only not when.
            match record::read::<Refusal>(&self.store, &path).await {
                Ok(_) => {}
                Err(_) => self.store.put(&path, refusal).await?,
            }
        }
        Ok(())
    }

    /// Forgets that this password was refused, because it got in since; `false` where it was not remembered.
    ///
    /// # Errors
    /// [`Kind::Archive`] where the memory is damaged or cannot be changed.
    pub async fn forget_refused(&self, origin: &str, user: &str, password: &Secret) -> Result<bool> {
        let folder = folder(origin, user);
        let Some(salted) = self.salted(&folder).await? else {
            return Ok(false);
        };
        self.store.delete(&path(&folder, &salted, password).await?).await
    }

    /// Waits for this account's turn to sign in: of two programs with one password only one may find out that it is
    /// refused. The turn ends with the value, or with the program.
    ///
    /// # Errors
    /// [`Kind::Archive`] where the turn does not come within two minutes, or the file system has no locks.
    pub async fn sign_in_turn(&self, origin: &str, user: &str) -> Result<Lock> {
        let name = format!("locks/sign-in-{}.lock", account(origin, user));
        let mut waited = Duration::ZERO;
        while waited < LONGEST_WAIT {
            if let Some(turn) = self.store.try_lock(&name)? {
                return Ok(turn);
            }
            tokio::time::sleep(PAUSE).await;
            waited += PAUSE;
        }
        self.store.lock(&name)
    }

    async fn salted(&self, folder: &str) -> Result<Option<Salted>> {
        let path = salt_path(folder);
        let salted = record::read(&self.store, &path).await?;
        if salted.is_none() && !self.store.list(folder).await?.is_empty() {
            return Err(record::damaged(
                &self.store,
                &path,
                "it is missing beside passwords that were refused",
            ));
        }
        Ok(salted)
    }
}

/// The folder of an account. Case of the user does not count: to try less is safe.
fn folder(origin: &str, user: &str) -> String {
    format!("refused/{}", account(origin, user))
}

fn account(origin: &str, user: &str) -> String {
    content_hash(format!("{origin}\n{}", user.to_lowercase()).as_bytes())[..32].to_owned()
}

fn salt_path(folder: &str) -> String {
    format!("{folder}/salt.json")
}

async fn path(folder: &str, salted: &Salted, password: &Secret) -> Result<String> {
    let broken = |cause: String| {
        Error::new(Kind::Archive, "The memory of refused passwords cannot be used.").caused_by(cause)
    };
    let params = Params::new(salted.log_n, salted.r, salted.p).map_err(|cause| broken(cause.to_string()))?;
    let salt = hex::decode(&salted.salt).map_err(|cause| broken(cause.to_string()))?;
    let password = password.clone();
    let hashed = tokio::task::spawn_blocking(move || {
        let mut hash = Zeroizing::new([0_u8; 32]);
        scrypt::scrypt(password.expose().as_bytes(), &salt, &params, hash.as_mut())
            .map(|()| hex::encode(hash.as_slice()))
    });
    let hash = hashed
        .await
        .map_err(|cause| broken(cause.to_string()))?
        .map_err(|cause| broken(cause.to_string()))?;
    Ok(format!("{folder}/{hash}.json"))
}
