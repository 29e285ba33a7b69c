//! The state of practice stage, compared as the demo promises it: line ends and encrypted keys aside.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::diff::same_lines;
use crate::practice::Practice;
use crate::properties::Properties;

/// What the practice LMS holds.
#[derive(Debug, Default, Deserialize)]
pub(super) struct State {
    documents: BTreeMap<String, String>,
    encrypted: BTreeMap<String, Vec<String>>,
}

/// Reads what stage holds.
pub(super) fn read(practice: &Practice) -> State {
    practice
        .ask("state", "stage")
        .and_then(|answer| serde_json::from_value(answer).ok())
        .unwrap_or_default()
}

/// Tells whether two states are equal but for line ends and encrypted keys.
pub(super) fn is_same(one: &State, other: &State) -> bool {
    let bare = |state: &State, name: &str| {
        state
            .documents
            .get(name)
            .map(|text| without_encrypted(state, name, text))
    };
    !one.documents.is_empty()
        && one.documents.keys().eq(other.documents.keys())
        && one
            .documents
            .keys()
            .all(|name| match (bare(one, name), bare(other, name)) {
                (Some(one), Some(other)) => same_lines(&one, &other),
                _ => false,
            })
}

fn without_encrypted(state: &State, name: &str, text: &str) -> String {
    let keys = state.encrypted.get(name).map(Vec::as_slice).unwrap_or_default();
    match Properties::parse(text) {
        Ok(properties) => properties
            .lines()
            .iter()
            .filter(|line| {
                line.entry()
                    .is_none_or(|e| !keys.contains(&e.key.to_string_lossy()))
            })
            .map(|line| line.raw())
            .collect(),
        Err(_) => text.to_owned(),
    }
}
