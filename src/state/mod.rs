//! What lmskeep remembers beside backups, over a store of its own: refused passwords, the password in use, page
//! addresses, values that wait, the round of a refresh, the journal of writes, and the evidence of them.
//!
//! Every file carries its own checksum, so that a damaged one is named and not believed. No secret and no text of a
//! document is kept, only hashes; but for sessions that browsers handed over, which are sealed. It reads no clock: times
//! are handed in.

mod evidence;
mod habits;
mod journal;
mod kept;
mod ledger;
mod record;
mod refused;
mod thawing;
mod round;
mod waiting;
mod writes;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::archive::spec::check_instance_name;
use crate::error::Result;
use crate::secret::keyring::Slot;
use crate::store::{Lock, Store};

pub use crate::state::evidence::Evidence;
pub use crate::state::journal::{Action, Began, Event, Journal, LastRun, Sent};
pub use crate::state::kept::{AboutSession, KeptSession};
pub use crate::state::ledger::{Known, Ledger, Lies};
pub use crate::state::round::{Item, Pinned, Refresh, Round, Scope};
pub use crate::state::thawing::Thawing;
pub use crate::state::waiting::{Place, Waiting};
pub use crate::state::writes::Write;

/// The opened state; cheap to clone.
#[derive(Debug, Clone)]
pub struct State {
    store: Store,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SlotInUse {
    slot: String,
}

impl State {
    /// Opens the state in a store; an empty store is an empty state.
    pub fn open(store: Store) -> Self {
        Self { store }
    }

    /// Takes the lock that a command holds while it writes to an instance.
    ///
    /// # Errors
    /// [`Kind::Archive`](crate::error::Kind::Archive) where another lmskeep holds it.
    pub fn lock(&self, instance: &str) -> Result<Lock> {
        check_instance_name(instance)?;
        self.store.lock(&format!("locks/{instance}.lock"))
    }

    /// Tells which of an instance's passwords is in use: its own, until one run with the other got in.
    ///
    /// # Errors
    /// [`Kind::Archive`](crate::error::Kind::Archive) where the file is damaged.
    pub async fn slot(&self, instance: &str) -> Result<Slot> {
        let path = of_instance(instance, "slot")?;
        let Some(SlotInUse { slot }) = record::read(&self.store, &path).await? else {
            return Ok(Slot::Own);
        };
        let known = [Slot::Own, Slot::AfterRefresh]
            .into_iter()
            .find(|known| known.word() == slot);
        known.ok_or_else(|| {
            record::damaged(&self.store, &path, "it names no password that this lmskeep knows")
        })
    }

    /// Remembers which password is in use from now on.
    ///
    /// # Errors
    /// [`Kind::Archive`](crate::error::Kind::Archive) where it cannot be stored.
    pub async fn set_slot(&self, instance: &str, slot: Slot) -> Result<()> {
        let path = of_instance(instance, "slot")?;
        record::write(
            &self.store,
            &path,
            &SlotInUse {
                slot: slot.word().to_owned(),
            },
        )
        .await
    }

    /// Gives the addresses at which the parts of an instance were found before: part, address.
    ///
    /// # Errors
    /// [`Kind::Archive`](crate::error::Kind::Archive) where the file is damaged.
    pub async fn pages(&self, instance: &str) -> Result<BTreeMap<String, String>> {
        Ok(record::read(&self.store, &of_instance(instance, "pages")?)
            .await?
            .unwrap_or_default())
    }

    /// Remembers where a part was found, or with `None` forgets it.
    ///
    /// # Errors
    /// [`Kind::Archive`](crate::error::Kind::Archive) where the file is damaged or cannot be stored.
    pub async fn set_page(&self, instance: &str, part: &str, address: Option<&str>) -> Result<()> {
        let mut pages = self.pages(instance).await?;
        let known = match address {
            Some(address) => pages.insert(part.to_owned(), address.to_owned()),
            None => pages.remove(part),
        };
        if known.as_deref() == address {
            return Ok(());
        }
        record::write(&self.store, &of_instance(instance, "pages")?, &pages).await
    }
}

/// Path of one of the files that belong to an instance.
fn of_instance(instance: &str, name: &str) -> Result<String> {
    check_instance_name(instance)?;
    Ok(format!("instances/{instance}/{name}.json"))
}

#[cfg(test)]
mod evidence_tests;
#[cfg(test)]
mod journal_tests;
#[cfg(test)]
mod round_tests;
#[cfg(test)]
mod tests;
