//! The round of a refresh at an instance: what was prepared, done, skipped or is open, from `before` to the end of `after`.
//!
//! Items are known by their ids; what they are stands with the commands that work on them, `before` and `after`. It holds no
//! secret and no text of a document.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::archive::Listed;
use crate::error::Result;
use crate::state::{State, of_instance, record};

/// How an instance is refreshed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refresh {
    /// With SAP's Instance Refresh Tool.
    Irt,
    /// By SAP's people, who are asked in a support case.
    Manual,
    /// By SAP's people, Learning alone: BizX stays as it is.
    LearningOnly,
}

impl Refresh {
    /// The word that a command line has for it.
    pub fn word(self) -> &'static str {
        match self {
            Refresh::Irt => "irt",
            Refresh::Manual => "manual",
            Refresh::LearningOnly => "learning-only",
        }
    }

    /// Tells whether it is asked for in a support case.
    pub fn is_by_case(self) -> bool {
        self != Refresh::Irt
    }
}

/// A backup that belongs to the round, whatever backups are taken later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Pinned {
    /// The instance it is of.
    pub instance: String,
    /// Its id.
    pub id: String,
    /// When it was taken.
    pub taken: Timestamp,
}

/// How an item stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Item {
    /// It is done.
    Done {
        /// Since when.
        when: Timestamp,
        /// The person who said so; `None` where the program has seen to it.
        by: Option<String>,
        /// What was found or said.
        note: String,
    },
    /// It was left out on purpose.
    Skipped {
        /// Since when.
        when: Timestamp,
        /// The person who left it out.
        by: Option<String>,
        /// Why.
        why: String,
    },
    /// It waits.
    Open {
        /// For what.
        why: String,
        /// What to do, at best the very command.
        hints: Vec<String>,
    },
}

impl Item {
    /// Tells whether it waits no more.
    pub fn is_settled(&self) -> bool {
        !matches!(self, Item::Open { .. })
    }

    /// The word that tables and JSON have for it.
    pub fn word(&self) -> &'static str {
        match self {
            Item::Done { .. } => "done",
            Item::Skipped { .. } => "skipped",
            Item::Open { .. } => "open",
        }
    }
}

/// Which configuration files are put back after a refresh.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// All of them, as SAP's article says.
    All,
    /// Those that the article recommends at the least.
    Recommended,
    /// Of all of them the keys that differ between production and test by nature.
    Environment,
}

impl Scope {
    /// The word that a command line has for it.
    pub fn word(self) -> &'static str {
        match self {
            Scope::All => "all",
            Scope::Recommended => "recommended",
            Scope::Environment => "environment",
        }
    }
}

/// One refresh of an instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Round {
    /// When it began.
    pub began: Timestamp,
    /// When all was done; a new round begins then with the next `before`.
    pub ended: Option<Timestamp>,
    /// How the instance is refreshed, once that is known.
    pub kind: Option<Refresh>,
    /// The day for which the refresh is planned.
    pub planned: Option<Date>,
    /// The instance's own backup, to be put back after the refresh.
    pub backup: Option<Pinned>,
    /// The backup of the source.
    pub source_backup: Option<Pinned>,
    /// When the password that holds after the refresh was proven at the source.
    pub proven: Option<Timestamp>,
    /// Which configuration files are put back, once that was chosen.
    pub scope: Option<Scope>,
    /// Documents and keys that are left as the refresh has brought them, as patterns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub except: Vec<String>,
    /// Items by id.
    pub items: BTreeMap<String, Item>,
}

impl Round {
    /// Begins a round in which nothing is known.
    pub fn new(began: Timestamp) -> Self {
        Self {
            began,
            ended: None,
            kind: None,
            planned: None,
            backup: None,
            source_backup: None,
            proven: None,
            scope: None,
            except: Vec::new(),
            items: BTreeMap::new(),
        }
    }

    /// How an item stands; `None` where nobody has looked yet.
    pub fn item(&self, id: &str) -> Option<&Item> {
        self.items.get(id)
    }

    /// Tells whether an item is done or skipped.
    pub fn is_settled(&self, id: &str) -> bool {
        self.item(id).is_some_and(Item::is_settled)
    }

    /// Tells whether nothing waits that was looked at.
    pub fn has_nothing_open(&self) -> bool {
        self.items.values().all(Item::is_settled)
    }
}

impl Pinned {
    /// Pins a backup.
    pub fn of(listed: &Listed) -> Self {
        Self {
            instance: listed.instance.clone(),
            id: listed.id.clone(),
            taken: listed.taken,
        }
    }
}

impl State {
    /// Reads the round of an instance, the last one where several have been.
    ///
    /// # Errors
    /// [`Kind::Archive`](crate::error::Kind::Archive) where the file is damaged.
    pub async fn round(&self, instance: &str) -> Result<Option<Round>> {
        record::read(&self.store, &of_instance(instance, "round")?).await
    }

    /// Keeps the round of an instance in place of the one that was kept.
    ///
    /// # Errors
    /// [`Kind::Archive`](crate::error::Kind::Archive) where it cannot be stored.
    pub async fn set_round(&self, instance: &str, round: &Round) -> Result<()> {
        record::write(&self.store, &of_instance(instance, "round")?, round).await
    }
}
