//! Where what differs comes from: before, the source of a refresh, and live, side by side.
//!
//! One law, [`Origin::of`], for a key and for a document as a whole; `docs/diff.md` spells out what it says of every
//! combination. It goes by values alone: nothing here knows when a refresh was, or whether there was one.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;

use crate::backup::{Document, Format};
use crate::diff::document::{Part, parts};
use crate::diff::keys::{Id, Keyed, entries, sensitivity_word, told};
use crate::diff::{Change, Counts, DocumentDiff, Options, Pair, one, pair, same_lines};
use crate::properties::Properties;
use crate::selection::Extent;
use crate::sensitive::{Sensitivity, is_mask};

/// Says where live's state comes from; what a restore would destroy stands first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Origin {
    /// Live has neither what was before nor what the source has.
    ChangedSince,
    /// Live lacks what both before and the source have.
    LostSince,
    /// Only live has it.
    New,
    /// It differs or is masked, and nothing says whose it is.
    Unknown,
    /// Live has the source's in place of what was before.
    Overwritten,
    /// Live has what the source has and before lacked.
    NewFromSource,
    /// Live lacks, as the source does, what was before.
    LostToSource,
    /// Only the source has it.
    OnlySource,
    /// Live has what was before.
    Unchanged,
}

/// The documents of a refresh's source.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// Them.
    pub documents: &'a [Document],
    /// Whether the source has no others: of what a partial backup does not hold nothing is known.
    pub complete: bool,
}

/// Is all that differs between before and live, what is the same, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Origins {
    /// One for each document that is meant and before or live has, sorted by path.
    pub documents: Vec<DocumentOrigins>,
}

/// Says of one document where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DocumentOrigins {
    /// What differs between before (*from*) and live (*to*).
    #[serde(flatten)]
    pub diff: DocumentDiff,
    /// Where the document as a whole comes from; none where its keys are told apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// The keys of before or live that are not unchanged, in the order of live, those live lacks last.
    pub origins: Vec<KeyOrigin>,
    /// How many keys are unchanged.
    pub unchanged: usize,
    /// How many keys only the source has.
    pub only_source: usize,
}

/// Says where a key, or one of its duplicates, comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyOrigin {
    /// The key as Java reads it, unless it is part of a secret itself.
    pub key: String,
    /// 1 for the first entry of this key, 2 for its first duplicate, and so on.
    pub occurrence: usize,
    /// Where it comes from.
    pub origin: Origin,
    /// What happened to it between before and live; none where masks keep it from being told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
    /// Set when a value is secret on any side; then no value is given.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "sensitivity_word")]
    pub sensitivity: Option<Sensitivity>,
    /// The value before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// The source's value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The value live has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub live: Option<String>,
}

impl Origin {
    /// All of them, in order.
    pub const ALL: [Self; 9] = [
        Self::ChangedSince,
        Self::LostSince,
        Self::New,
        Self::Unknown,
        Self::Overwritten,
        Self::NewFromSource,
        Self::LostToSource,
        Self::OnlySource,
        Self::Unchanged,
    ];

    /// Judges something that at least one side has; `same` says none where it cannot tell.
    pub fn of<T>(
        before: Option<T>,
        source: Option<T>,
        live: Option<T>,
        same: impl Fn(&T, &T) -> Option<bool>,
    ) -> Self {
        let equal = |one: &Option<T>, other: &Option<T>| match (one, other) {
            (Some(one), Some(other)) => same(one, other),
            (None, None) => Some(true),
            _ => Some(false),
        };
        match equal(&before, &live) {
            None => return Self::Unknown,
            Some(true) if live.is_none() => return Self::OnlySource,
            Some(true) => return Self::Unchanged,
            Some(false) => {}
        }
        match (&before, &source, &live) {
            (_, None, None) => Self::LostToSource,
            (_, Some(_), None) => Self::LostSince,
            (None, None, Some(_)) => Self::New,
            (_, _, Some(_)) => match equal(&source, &live) {
                None => Self::Unknown,
                Some(true) if before.is_none() => Self::NewFromSource,
                Some(true) => Self::Overwritten,
                Some(false) => Self::ChangedSince,
            },
        }
    }
}

impl Origins {
    /// Tells whether anything differs between before and live: exit code 1.
    pub fn differs(&self) -> bool {
        self.documents.iter().any(|d| d.diff.differs())
    }

    /// Counts what differs between before and live.
    pub fn counts(&self) -> Counts {
        Counts::of(self.documents.iter().map(|d| &d.diff))
    }

    /// Counts keys, and documents judged as a whole, by where they come from.
    pub fn origins(&self) -> BTreeMap<Origin, usize> {
        let mut counts: BTreeMap<Origin, usize> = Origin::ALL.map(|origin| (origin, 0)).into();
        let mut add = |origin, number| *counts.entry(origin).or_default() += number;
        for document in &self.documents {
            let listed = document.origins.iter().map(|key| key.origin);
            listed.chain(document.origin).for_each(|origin| add(origin, 1));
            add(Origin::Unchanged, document.unchanged);
            add(Origin::OnlySource, document.only_source);
        }
        counts
    }
}

/// Compares before and live as [`crate::diff::compare`] does, and says of all of it where it comes from.
pub fn trace(before: &[Document], source: Source<'_>, live: &[Document], options: &Options<'_>) -> Origins {
    let pairs = pair(before, live);
    let ours = pairs.iter().filter_map(|pair| pair.to.or(pair.from));
    let theirs: HashMap<&str, &Document> = pair(source.documents, ours)
        .iter()
        .filter_map(|pair| Some((pair.to?.path.as_str(), pair.from?)))
        .collect();
    let documents = pairs
        .iter()
        .filter(|pair| pair.extent(options.selection) != Extent::Nothing)
        .map(|pair| match theirs.get(pair.path()) {
            None if !source.complete => unheard(pair, options),
            theirs => document(pair, theirs.copied(), options),
        })
        .collect();
    Origins { documents }
}

/// A document that the source's backup does not hold, while the source may have it.
fn unheard(pair: &Pair<'_>, options: &Options<'_>) -> DocumentOrigins {
    let mut judged = bare(pair, options);
    judged.origin = Some(match judged.diff.differs() {
        true => Origin::Unknown,
        false => Origin::Unchanged,
    });
    judged
}

fn document(pair: &Pair<'_>, source: Option<&Document>, options: &Options<'_>) -> DocumentOrigins {
    let mut judged = bare(pair, options);
    let sides = [pair.from, source, pair.to];
    let [before, theirs, live] = sides.map(|side| side.map(|d| d.text.as_str()));
    let whole = Origin::of(before, theirs, live, |one, other| Some(same_lines(one, other)));
    // What came, went or is new as a whole needs no list of its keys.
    let in_parts = matches!(
        whole,
        Origin::Unchanged | Origin::Overwritten | Origin::ChangedSince
    );
    let nothing = Document {
        path: pair.path().to_owned(),
        text: String::new(),
        format: Format::Properties,
        read_only: None,
    };
    let [before, theirs, live] = sides.map(|side| side.unwrap_or(&nothing));
    match (read(before), read(theirs), read(live)) {
        (Some(older), Some(source), Some(newer)) if in_parts => {
            let sides = [(before, &older), (theirs, &source), (live, &newer)];
            by_key(&parts(pair.path(), sides, options), &mut judged);
        }
        _ => judged.origin = Some(whole),
    }
    judged
}

fn bare(pair: &Pair<'_>, options: &Options<'_>) -> DocumentOrigins {
    DocumentOrigins {
        diff: one(pair, options),
        origin: None,
        origins: Vec::new(),
        unchanged: 0,
        only_source: 0,
    }
}

fn read(document: &Document) -> Option<Properties> {
    let is_properties = document.format == Format::Properties;
    is_properties.then(|| Properties::parse(&document.text).ok())?
}

fn by_key([before, source, live]: &[Part<'_>; 3], judged: &mut DocumentOrigins) {
    let by_id = |part| entries(part).map(|keyed| (keyed.id(), keyed)).collect();
    let sides: [HashMap<Id<'_>, Keyed<'_>>; 3] = [before, source, live].map(by_id);
    let mut seen = HashSet::new();
    for id in [live, before, source]
        .into_iter()
        .flat_map(entries)
        .map(|k| k.id())
    {
        if !seen.insert(id) {
            continue;
        }
        let [before, source, live] = [&sides[0], &sides[1], &sides[2]].map(|side| side.get(&id).copied());
        match Origin::of(before, source, live, same) {
            Origin::Unchanged => judged.unchanged += 1,
            Origin::OnlySource => judged.only_source += 1,
            origin => judged.origins.push(key(origin, before, source, live)),
        }
    }
}

/// A mask is equal to nothing: what is behind it nobody knows.
fn same(one: &Keyed<'_>, other: &Keyed<'_>) -> Option<bool> {
    let masked = [one, other]
        .iter()
        .any(|side| is_mask(&side.entry.value.to_string_lossy()));
    (!masked).then(|| one.entry.value == other.entry.value)
}

fn key(
    origin: Origin,
    before: Option<Keyed<'_>>,
    source: Option<Keyed<'_>>,
    live: Option<Keyed<'_>>,
) -> KeyOrigin {
    let told = told(&[source, before, live]);
    let value = |side: Option<Keyed<'_>>| match told.sensitivity {
        None => side.map(|side| side.entry.value.to_string_lossy()),
        Some(_) => None,
    };
    let change = match (before, live) {
        (None, _) => Some(Change::Added),
        (_, None) => Some(Change::Removed),
        (Some(before), Some(live)) => same(&before, &live).map(|_| Change::Changed),
    };
    KeyOrigin {
        origin,
        change,
        sensitivity: told.sensitivity,
        before: value(before),
        source: value(source),
        live: value(live),
        key: told.key,
        occurrence: told.occurrence,
    }
}
