//! Which document of one side is which of the other.

use std::collections::{BTreeMap, HashMap};

use crate::backup::Document;
use crate::selection::{Extent, Selection};

/// Is one document as two sides have it; at least one of them does.
#[derive(Debug, Clone, Copy)]
pub struct Pair<'a> {
    /// What side *from* has.
    pub from: Option<&'a Document>,
    /// What side *to* has.
    pub to: Option<&'a Document>,
}

impl<'a> Pair<'a> {
    /// The path as side *to* spells it, or else side *from*.
    pub fn path(&self) -> &'a str {
        self.to
            .or(self.from)
            .map_or("", |document| document.path.as_str())
    }

    /// Says how much of the document a selection takes.
    pub fn extent(&self, selection: &Selection) -> Extent {
        selection.extent(self.path())
    }
}

/// Finds what belongs together: equal paths, then paths that differ only in case where each is the only one
/// left on its side. Sorted by path.
pub fn pair<'a>(
    from: impl IntoIterator<Item = &'a Document>,
    to: impl IntoIterator<Item = &'a Document>,
) -> Vec<Pair<'a>> {
    let mut exact: BTreeMap<&str, Pair<'a>> = BTreeMap::new();
    for document in from {
        exact.insert(
            &document.path,
            Pair {
                from: Some(document),
                to: None,
            },
        );
    }
    for document in to {
        exact
            .entry(&document.path)
            .or_insert(Pair { from: None, to: None })
            .to = Some(document);
    }
    let mut alike: HashMap<String, Vec<&str>> = HashMap::new();
    for (path, pair) in &exact {
        if pair.from.is_none() || pair.to.is_none() {
            alike.entry(path.to_lowercase()).or_default().push(path);
        }
    }
    for paths in alike.values() {
        let &[one, other] = paths.as_slice() else { continue };
        let (Some(a), Some(b)) = (exact.get(one).copied(), exact.get(other).copied()) else {
            continue;
        };
        if a.from.is_some() == b.from.is_some() {
            continue;
        }
        let joined = Pair {
            from: a.from.or(b.from),
            to: a.to.or(b.to),
        };
        exact.remove(one);
        exact.remove(other);
        exact.insert(joined.path(), joined);
    }
    exact.into_values().collect()
}
