//! Values that wait to be entered by hand, and what live carried when they began to wait.
//!
//! A value counts as entered when live carries something else than what the refresh, or our own save, put there.
//! Only salted hashes are kept.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::backup::content_hash;
use crate::error::Result;
use crate::state::{State, of_instance, record};

/// One value of a document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The document's path.
    pub document: String,
    /// The key.
    pub key: String,
    /// Which of the key's entries, from 1.
    pub occurrence: usize,
}

/// What waits at one instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    salt: String,
    left: BTreeMap<Place, String>,
    /// Places that wait whatever live carries; not stored.
    due: BTreeSet<Place>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    salt: String,
    waiting: Vec<StoredPlace>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredPlace {
    document: String,
    key: String,
    occurrence: usize,
    left: String,
}

impl Default for Waiting {
    /// Nothing waits; the salt is new.
    fn default() -> Self {
        Self {
            salt: hex::encode(rand::random::<[u8; 16]>()),
            left: BTreeMap::new(),
            due: BTreeSet::new(),
        }
    }
}

/// Stands in place of a hash where nobody has looked.
const UNSEEN: &str = "unseen";

impl Waiting {
    /// Gives the places that wait, sorted.
    pub fn places(&self) -> impl Iterator<Item = &Place> {
        self.left.keys()
    }

    /// Tells whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.left.is_empty()
    }

    /// Says that a value waits, and what live carries now without it having been entered; `None`: live lacks it.
    ///
    /// Also to be called after our own save, which may change what is read without a value having been entered.
    pub fn set(&mut self, place: Place, live: Option<&str>) {
        let left = self.hash(&place, live);
        self.left.insert(place, left);
    }

    /// Says that something has come over a value that waits which was not looked at since: whatever is found there the next
    /// time was not entered.
    pub fn set_unseen(&mut self, place: Place) {
        self.left.insert(place, UNSEEN.to_owned());
    }

    /// Tells whether a value was not looked at since something came over it.
    pub fn is_unseen(&self, place: &Place) -> bool {
        self.left.get(place).is_some_and(|left| left == UNSEEN)
    }

    /// Says that a value waits whatever live carries: it was corrected after it was entered, or is known to be another's.
    pub fn set_due(&mut self, place: Place) {
        self.due.insert(place);
    }

    /// Says that a value does not wait any more; `false` where it did not.
    pub fn clear(&mut self, place: &Place) -> bool {
        self.left.remove(place).is_some()
    }

    /// Tells whether live carries something else than when the value began to wait; `None` where it does not wait.
    pub fn was_entered(&self, place: &Place, live: Option<&str>) -> Option<bool> {
        if self.due.contains(place) || self.is_unseen(place) {
            return Some(false);
        }
        self.left.get(place).map(|left| *left != self.hash(place, live))
    }

    fn hash(&self, place: &Place, live: Option<&str>) -> String {
        let Place {
            document,
            key,
            occurrence,
        } = place;
        let value = live.map_or_else(|| "-".to_owned(), |value| format!("={value}"));
        content_hash(format!("{}\0{document}\0{key}\0{occurrence}\0{value}", self.salt).as_bytes())
    }
}

impl State {
    /// Reads what waits at an instance.
    ///
    /// # Errors
    /// [`Kind::Archive`](crate::error::Kind::Archive) where the file is damaged.
    pub async fn waiting(&self, instance: &str) -> Result<Waiting> {
        let stored: Option<Stored> = record::read(&self.store, &of_instance(instance, "waiting")?).await?;
        Ok(stored.map_or_else(Waiting::default, |stored| Waiting {
            salt: stored.salt,
            left: stored
                .waiting
                .into_iter()
                .map(
                    |StoredPlace {
                         document,
                         key,
                         occurrence,
                         left,
                     }| {
                        (
                            Place {
                                document,
                                key,
                                occurrence,
                            },
                            left,
                        )
                    },
                )
                .collect(),
            due: BTreeSet::new(),
        }))
    }

    /// Remembers what waits at an instance from now on; the caller holds the instance's lock.
    ///
    /// # Errors
    /// [`Kind::Archive`](crate::error::Kind::Archive) where it cannot be stored.
    pub async fn set_waiting(&self, instance: &str, waiting: &Waiting) -> Result<()> {
        let places = waiting.left.iter().map(|(place, left)| StoredPlace {
            document: place.document.clone(),
            key: place.key.clone(),
            occurrence: place.occurrence,
            left: left.clone(),
        });
        let stored = Stored {
            salt: waiting.salt.clone(),
            waiting: places.collect(),
        };
        record::write(&self.store, &of_instance(instance, "waiting")?, &stored).await
    }
}
