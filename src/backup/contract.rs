//! What the pages of documents were like when they were read: address, fields, buttons. A page that differs later has
//! changed, and nobody knows yet what it means now.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// What a document's page was like, as lines that name its address, fields and buttons; no value of a field is in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Contract(Vec<String>);

impl Contract {
    /// Takes the lines, whatever their order; one that stands twice counts twice.
    pub fn new(lines: impl IntoIterator<Item = String>) -> Self {
        let mut lines: Vec<String> = lines.into_iter().collect();
        lines.sort();
        Self(lines)
    }

    /// The lines, sorted.
    pub fn lines(&self) -> &[String] {
        &self.0
    }

    /// Words what has become different, one sentence part for each line that is gone, new, or called otherwise.
    pub fn differences(&self, now: &Contract) -> Vec<String> {
        let (gone, new) = (self.without(now), now.without(self));
        let word = |line: &str| line.split(' ').next().unwrap_or_default().to_owned();
        let alone =
            |lines: &[String], line: &str| lines.iter().filter(|l| word(l) == word(line)).count() == 1;
        let renamed = |line: &String| {
            let only = alone(&gone, line) && alone(&new, line);
            new.iter().find(|other| only && word(other) == word(line))
        };
        let mut said = Vec::new();
        for line in &gone {
            said.push(match renamed(line) {
                Some(now) => format!("`{line}` is now `{now}`"),
                None => format!("`{line}` is gone"),
            });
        }
        let pairs: BTreeSet<&String> = gone.iter().filter_map(renamed).collect();
        let rest = new.iter().filter(|line| !pairs.contains(line));
        said.extend(rest.map(|line| format!("`{line}` is new")));
        said
    }

    /// The lines that another lacks; of twins those that it has fewer of.
    fn without(&self, other: &Contract) -> Vec<String> {
        let mut others = other.0.clone();
        let mut lines = self.0.clone();
        lines.retain(|line| match others.iter().position(|o| o == line) {
            Some(at) => {
                others.swap_remove(at);
                false
            }
            None => true,
        });
        lines
    }
}

/// What the pages of a backup's documents were like, by the first half of their paths; most parts have one contract.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Contracts(BTreeMap<String, BTreeSet<Contract>>);

impl Contracts {
    /// Adds the contract of a document's page.
    pub fn add(&mut self, document: &str, contract: Contract) {
        self.0
            .entry(part(document).to_owned())
            .or_default()
            .insert(contract);
    }

    /// Adds all of another.
    pub fn extend(&mut self, other: &Contracts) {
        for (part, contracts) in &other.0 {
            self.0
                .entry(part.clone())
                .or_default()
                .extend(contracts.iter().cloned());
        }
    }

    /// Tells whether nothing is known of any page.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Tells how a document's page differs from all that are known of its part, seen from the one most like it; nothing
    /// where it is known, or where nothing is known of the part.
    pub fn differences(&self, document: &str, now: &Contract) -> Vec<String> {
        let known = self.0.get(part(document)).into_iter().flatten();
        let ways = known.map(|before| before.differences(now));
        ways.min_by_key(Vec::len).unwrap_or_default()
    }
}

fn part(document: &str) -> &str {
    document.split_once('/').map_or(document, |(part, _)| part)
}
