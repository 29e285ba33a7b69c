//! What an instance was seen to do with what it is sent, where nothing documents it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// A key of a document, whichever of its entries.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyOf {
    /// The document's path.
    pub document: String,
    /// The key as Java reads it.
    pub key: String,
}

/// What was seen at one instance: it holds names of keys only, no values.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Habits {
    /// Keys whose value came back other than it was sent: the instance encrypts it.
    pub encrypts: BTreeSet<KeyOf>,
    /// Keys of which a person has said that this is not so, whatever backups say.
    pub unlearned: BTreeSet<KeyOf>,
    /// Keys whose value it kept when another was sent.
    pub sealed: BTreeSet<KeyOf>,
    /// Keys whose ciphertext reads otherwise each time: nobody can see whether a value was entered.
    pub rereads: BTreeSet<KeyOf>,
    /// Whether it encrypts once more what is encrypted already, whenever a document is saved, and so breaks it.
    pub encrypts_again: bool,
}

impl Habits {
    /// Adds what was seen since; what is seen anew counts more than what a person has said.
    pub fn add(&mut self, seen: &Habits) {
        self.unlearned.retain(|key| !seen.encrypts.contains(key));
        self.encrypts.extend(seen.encrypts.iter().cloned());
        self.sealed.extend(seen.sealed.iter().cloned());
        self.rereads.extend(seen.rereads.iter().cloned());
        self.encrypts_again |= seen.encrypts_again;
    }

    /// Forgets that a key is encrypted, also where a backup remembers it; tells whether that was known.
    pub fn unlearn(&mut self, key: &KeyOf, from_backups: &BTreeSet<KeyOf>) -> bool {
        let known = self.encrypts.remove(key);
        let kept = from_backups.contains(key) && !self.unlearned.contains(key);
        if known || kept {
            self.unlearned.insert(key.clone());
        }
        known || kept
    }

    /// Gives all keys that count as encrypted: what was seen here, and what backups remember.
    pub fn learned<'a>(&'a self, from_backups: impl IntoIterator<Item = &'a KeyOf>) -> BTreeSet<KeyOf> {
        let all = self.encrypts.iter().chain(from_backups);
        all.filter(|key| !self.unlearned.contains(key)).cloned().collect()
    }
}
