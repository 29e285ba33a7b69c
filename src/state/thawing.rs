//! How far a thaw has come, where only a person can tell: kept from run to run, forgotten when the instance is frozen.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::state::{State, of_instance, record};

/// What a person has said while an instance is thawed, and when.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Thawing {
    /// It was frozen, and not all that was on is on again: what it holds now tells nothing of what was on.
    pub frozen: Option<Timestamp>,
    /// Something was switched on again.
    pub thawed: Option<Timestamp>,
    /// Learners' addresses are masked.
    pub masked: Option<Timestamp>,
    /// The automatic processes have run once.
    pub ran: Option<Timestamp>,
}

impl State {
    /// Reads how far the thaw of an instance has come.
    ///
    /// # Errors
    /// [`Kind::Archive`](crate::error::Kind::Archive) where the file is damaged.
    pub async fn thawing(&self, instance: &str) -> Result<Thawing> {
        let stored = record::read(&self.store, &of_instance(instance, "thawing")?).await?;
        Ok(stored.unwrap_or_default())
    }

    /// Keeps how far the thaw of an instance has come.
    ///
    /// # Errors
    /// [`Kind::Archive`](crate::error::Kind::Archive) where it cannot be stored.
    pub async fn set_thawing(&self, instance: &str, thawing: &Thawing) -> Result<()> {
        record::write(&self.store, &of_instance(instance, "thawing")?, thawing).await
    }
}
