//! What happened to each key: n-th duplicate to n-th.

use std::collections::{HashMap, HashSet};

use serde::{Serialize, Serializer};

use crate::diff::document::{Part, Piece};
use crate::diff::shown;
use crate::properties::{Entry, JavaText};
use crate::sensitive::Sensitivity;

/// Says what happened to a key, or to one of its duplicates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyChange {
    /// The key as Java reads it, unless it is part of a secret itself.
    pub key: String,
    /// 1 for the first entry of this key, 2 for its first duplicate, and so on.
    pub occurrence: usize,
    /// What happened.
    pub change: Change,
    /// Set when a value is secret on either side; then no value is given.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "sensitivity_word")]
    pub sensitivity: Option<Sensitivity>,
    /// The value on side *from*; for [`Change::Spelled`] the line as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The value on side *to*; for [`Change::Spelled`] the line as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// Names what happened to a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Change {
    /// Only side *to* has it.
    Added,
    /// Only side *from* has it.
    Removed,
    /// Both have it, with different values.
    Changed,
    /// Only its place among the others differs.
    Moved,
    /// The same value, written otherwise.
    Spelled,
}

pub(super) fn sensitivity_word<S: Serializer>(
    sensitivity: &Option<Sensitivity>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(match sensitivity {
        Some(Sensitivity::Encrypted) => "encrypted",
        Some(Sensitivity::Secret) => "secret",
        None => "none",
    })
}

/// A key, and the number of an entry among those of that key.
pub(super) type Id<'a> = (&'a JavaText, usize);

/// An entry of one side.
#[derive(Clone, Copy)]
pub(super) struct Keyed<'a> {
    part: &'a Part<'a>,
    /// Its place among the lines that are meant.
    place: usize,
    piece: &'a Piece<'a>,
    pub(super) entry: &'a Entry,
}

/// What may be said of an entry, whichever sides have it.
pub(super) struct Told {
    /// The key, as the last of the sides has it.
    pub(super) key: String,
    /// Its number among the entries of its key.
    pub(super) occurrence: usize,
    /// Why its values must not be shown; the strongest reason of any side.
    pub(super) sensitivity: Option<Sensitivity>,
}

/// Compares the entries that are meant.
pub(super) fn compare(from: &Part<'_>, to: &Part<'_>) -> Vec<KeyChange> {
    let older: HashMap<Id<'_>, Keyed<'_>> = entries(from).map(|keyed| (keyed.id(), keyed)).collect();
    let newer: HashSet<Id<'_>> = entries(to).map(|keyed| keyed.id()).collect();
    let in_both: Vec<usize> = entries(to)
        .filter_map(|new| older.get(&new.id()).map(|old| old.place))
        .collect();
    let in_order = longest_rising(&in_both);
    let mut changes = Vec::new();
    for new in entries(to) {
        let Some(old) = older.get(&new.id()).copied() else {
            changes.push(change(Change::Added, None, Some(new)));
            continue;
        };
        let what = if old.entry.value != new.entry.value {
            Change::Changed
        } else if shown::body(old.piece.line) != shown::body(new.piece.line) {
            Change::Spelled
        } else if !in_order.contains(&old.place) {
            Change::Moved
        } else {
            continue;
        };
        changes.push(change(what, Some(old), Some(new)));
    }
    let removed = entries(from).filter(|old| !newer.contains(&old.id()));
    changes.extend(removed.map(|old| change(Change::Removed, Some(old), None)));
    changes
}

pub(super) fn entries<'a>(part: &'a Part<'a>) -> impl Iterator<Item = Keyed<'a>> {
    let keyed = move |(place, piece): (usize, &'a Piece<'a>)| {
        Some(Keyed {
            part,
            place,
            piece,
            entry: piece.line.entry()?,
        })
    };
    part.lines.iter().enumerate().filter_map(keyed)
}

impl<'a> Keyed<'a> {
    pub(super) fn id(&self) -> Id<'a> {
        (&self.entry.key, self.piece.nth)
    }

    /// Believed encrypted or secret by the rules, or hidden by the mask for whatever reason.
    fn sensitivity(&self) -> Option<Sensitivity> {
        let (key, value) = (
            self.entry.key.to_string_lossy(),
            self.entry.value.to_string_lossy(),
        );
        let hidden =
            || (!self.part.shown.is_clear(self.piece.number, self.piece.line)).then_some(Sensitivity::Secret);
        let part = self.part;
        part.rules.classify(part.path, &key, &value).or_else(hidden)
    }

    fn shown_value(&self, what: Change) -> String {
        match what {
            Change::Spelled => self.piece.line.body().to_owned(),
            _ => self.entry.value.to_string_lossy(),
        }
    }
}

fn change(what: Change, from: Option<Keyed<'_>>, to: Option<Keyed<'_>>) -> KeyChange {
    let told = told(&[from, to]);
    let value = |side: Option<Keyed<'_>>| match told.sensitivity {
        None => side.map(|side| side.shown_value(what)),
        Some(_) => None,
    };
    KeyChange {
        change: what,
        sensitivity: told.sensitivity,
        from: value(from),
        to: value(to),
        key: told.key,
        occurrence: told.occurrence,
    }
}

/// Says what may be said of an entry.
pub(super) fn told(sides: &[Option<Keyed<'_>>]) -> Told {
    let sides = || sides.iter().flatten();
    let encrypted = sides().find_map(|side| side.sensitivity().filter(|s| *s == Sensitivity::Encrypted));
    let last = sides().next_back();
    Told {
        key: last
            .map(|side| side.part.shown.key(side.piece.number, side.piece.line))
            .unwrap_or_default(),
        occurrence: last.map_or(0, |side| side.piece.nth),
        sensitivity: encrypted.or_else(|| sides().find_map(Keyed::sensitivity)),
    }
}

/// Gives a longest part of a sequence that rises: what of an order was kept when the rest moved.
fn longest_rising(places: &[usize]) -> HashSet<usize> {
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(places.len());
    for (index, place) in places.iter().enumerate() {
        let length = ends.partition_point(|&end| places[end] < *place);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        if length == ends.len() {
            ends.push(index);
        } else {
            ends[length] = index;
        }
    }
    let mut rising = HashSet::new();
    let mut at = ends.last().copied();
    while let Some(index) = at {
        rising.insert(places[index]);
        at = before[index];
    }
    rising
}
