//! What an instance holds, compared as the product promises it: line ends and encrypted keys aside.

use std::collections::BTreeMap;

use serde_json::Value;

/// Every document as stored, and the keys whose values the server encrypts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct State {
    pub(crate) documents: BTreeMap<String, String>,
    pub(crate) encrypted: BTreeMap<String, Vec<String>>,
}

impl State {
    pub(crate) fn of(answer: &Value) -> Self {
        Self {
            documents: serde_json::from_value(answer["documents"].clone()).unwrap(),
            encrypted: serde_json::from_value(answer["encrypted"].clone()).unwrap(),
        }
    }

    /// The text of a document.
    pub(crate) fn text(&self, document: &str) -> &str {
        &self.documents[document]
    }

    /// The value of a key, read as simply as can be.
    pub(crate) fn value(&self, document: &str, key: &str) -> Option<&str> {
        self.text(document)
            .lines()
            .find_map(|line| line.strip_prefix(key)?.strip_prefix('='))
    }

    /// All encrypted values as stored: document, key, ciphertext.
    pub(crate) fn ciphertexts(&self) -> Vec<(&str, &str, &str)> {
        let keys = self
            .encrypted
            .iter()
            .flat_map(|(document, keys)| keys.iter().map(move |key| (document, key)));
        keys.filter_map(|(document, key)| Some((document.as_str(), key.as_str(), self.value(document, key)?)))
            .filter(|(_, _, value)| !value.is_empty())
            .collect()
    }

    /// The lines of a document but those of encrypted keys.
    fn bare(&self, document: &str) -> Vec<&str> {
        let keys = self
            .encrypted
            .get(document)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let is_encrypted = |line: &str| {
            line.split_once('=')
                .is_some_and(|(key, _)| keys.iter().any(|k| k == key))
        };
        self.text(document)
            .lines()
            .filter(|line| !is_encrypted(line))
            .collect()
    }
}

/// The documents in which two states differ by more than line ends and encrypted keys, with the first lines that do.
pub(crate) fn differences(one: &State, other: &State) -> Vec<String> {
    let mut names: Vec<&String> = one.documents.keys().chain(other.documents.keys()).collect();
    names.sort();
    names.dedup();
    let difference = |name: &&String| {
        if !(one.documents.contains_key(*name) && other.documents.contains_key(*name)) {
            return Some(format!("{name} is only in one of them"));
        }
        let (left, right) = (one.bare(name), other.bare(name));
        let at = left
            .iter()
            .zip(&right)
            .position(|(a, b)| a != b)
            .or((left.len() != right.len()).then_some(0))?;
        Some(format!("{name}: {:?} and {:?}", left.get(at), right.get(at)))
    };
    names.iter().filter_map(difference).collect()
}
