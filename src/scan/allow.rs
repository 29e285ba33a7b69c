//! What may stay although it points at the source: texts, or patterns for documents and keys.

use crate::environment::Rule;
use crate::scan::Raw;
use crate::scan::text::stands_in;
use crate::selection::{Extent, Selection};

/// The entries of the list, each with what it has taken.
pub(super) struct Allow {
    entries: Vec<Entry>,
}

struct Entry {
    text: String,
    /// The entry as a pattern; most texts are none that any document has.
    places: Option<Selection>,
    used: bool,
}

impl Allow {
    pub(super) fn read(entries: &[String]) -> Self {
        let entry = |text: &String| Entry {
            text: text.clone(),
            places: Selection::new(std::slice::from_ref(text), &[]).ok(),
            used: false,
        };
        Self {
            entries: entries.iter().map(entry).collect(),
        }
    }

    /// Tells whether a finding may stay. Every entry that would allow it counts as used.
    pub(super) fn takes(&mut self, raw: &Raw) -> bool {
        let mut taken = false;
        for entry in &mut self.entries {
            if entry.allows(raw) {
                entry.used = true;
                taken = true;
            }
        }
        taken
    }

    /// The entries that took nothing.
    pub(super) fn unused(self) -> Vec<String> {
        let unused = self.entries.into_iter().filter(|entry| !entry.used);
        unused.map(|entry| entry.text).collect()
    }
}

impl Entry {
    fn allows(&self, raw: &Raw) -> bool {
        let finding = &raw.finding;
        let by_place = self.places.as_ref().is_some_and(|places| match &finding.key {
            Some(key) => places.selects_key(&finding.document, key),
            None => places.extent(&finding.document) == Extent::Whole,
        });
        by_place || stands_in(&self.text, Rule::Host, &raw.text)
    }
}
