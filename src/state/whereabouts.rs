//! Where the page of a document was found, and what its list said of names: enough to read that page again without its
//! list. It is a convenience, and believed no further than the page itself bears it out.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::state::{State, of_instance, record};

/// Where the page of a document was found.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Whereabouts {
    /// Id of the part it belongs to.
    pub part: String,
    /// Its name in the list.
    pub name: String,
    /// The address of its page.
    pub address: String,
    /// The address of its list.
    pub list: String,
    /// Names of all documents of the part.
    pub names: BTreeSet<String>,
    /// Title and headings of the list, which name no document.
    pub common: BTreeSet<String>,
    /// What the operator had answered to questions about the part's pages.
    pub answers: BTreeMap<String, String>,
}

impl State {
    /// Tells where pages of an instance's documents were found, by path.
    ///
    /// # Errors
    /// [`Kind::Archive`](crate::error::Kind::Archive) where the file is damaged.
    pub async fn whereabouts(&self, instance: &str) -> Result<BTreeMap<String, Whereabouts>> {
        let stored = record::read(&self.store, &of_instance(instance, "whereabouts")?).await?;
        Ok(stored.unwrap_or_default())
    }

    /// Remembers where pages of an instance's documents were found, in place of what was known.
    ///
    /// # Errors
    /// [`Kind::Archive`](crate::error::Kind::Archive) where it cannot be stored.
    pub async fn set_whereabouts(&self, instance: &str, found: &BTreeMap<String, Whereabouts>) -> Result<()> {
        if self.whereabouts(instance).await? == *found {
            return Ok(());
        }
        record::write(&self.store, &of_instance(instance, "whereabouts")?, found).await
    }
}
