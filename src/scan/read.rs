//! Looks through one document: key by key, or line by line.

use std::collections::{HashMap, HashSet};

use crate::backup::{Document, Format};
use crate::diff::shown::Shown;
use crate::environment::{Rule, judge};
use crate::properties::{LineKind, Occurrence, Properties};
use crate::scan::marks::Mark;
use crate::scan::text::readings;
use crate::scan::{Finding, How, Input, Raw, longest, named};
use crate::selection::Extent;
use crate::sensitive::{Sensitivity, is_mask};

/// A shorter ciphertext is not looked for in other places than its own.
const SHORTEST_SECRET: usize = 16;

/// What one side holds, to be asked by place.
pub(super) struct Side<'a> {
    values: HashMap<(String, String), Vec<String>>,
    /// Paths as they are spelled, by themselves in lower case.
    paths: HashMap<String, &'a str>,
    lines: HashMap<String, HashSet<&'a str>>,
}

impl<'a> Side<'a> {
    pub(super) fn of(documents: &'a [Document]) -> Self {
        let mut side = Self {
            values: HashMap::new(),
            paths: HashMap::new(),
            lines: HashMap::new(),
        };
        for document in documents {
            let path = document.path.to_lowercase();
            if document.format == Format::Properties {
                for (_, key, value) in Properties::parse_leniently(&document.text).entries() {
                    let place = (path.clone(), key.to_string_lossy());
                    side.values
                        .entry(place)
                        .or_default()
                        .push(value.to_string_lossy());
                }
            }
            let lines = document.text.lines().map(str::trim).collect();
            side.paths.insert(path.clone(), &document.path);
            side.lines.insert(path, lines);
        }
        side
    }

    /// All values of a key; none where it is not there.
    pub(super) fn values(&self, document: &str, key: &str) -> &[String] {
        let place = (document.to_lowercase(), key.to_owned());
        self.values.get(&place).map_or(&[], Vec::as_slice)
    }

    fn has_value(&self, document: &str, key: &str, value: &str) -> bool {
        self.values(document, key).iter().any(|known| known == value)
    }

    fn has_line(&self, document: &str, line: &str) -> bool {
        let lines = self.lines.get(&document.to_lowercase());
        lines.is_some_and(|lines| lines.contains(line.trim()))
    }

    fn place_of(&self, value: &str) -> Option<String> {
        let mut places: Vec<&(String, String)> = self
            .values
            .iter()
            .filter(|(_, values)| values.iter().any(|known| known == value))
            .map(|(place, _)| place)
            .collect();
        places.sort();
        let (document, key) = places.first()?;
        Some(named(self.paths.get(document).copied()?, key))
    }
}

/// One document, and all that it is compared with.
pub(super) struct Place<'a> {
    pub(super) input: &'a Input<'a>,
    pub(super) own: &'a Side<'a>,
    pub(super) source: &'a Side<'a>,
    pub(super) marks: &'a [Mark],
    pub(super) document: &'a Document,
}

/// What one document came to.
#[derive(Default)]
pub(super) struct Read {
    pub(super) acting: Vec<Raw>,
    pub(super) comments: Vec<Raw>,
    pub(super) masked: usize,
}

/// What a place was found to hold: the rule, how, the text, where the source has it.
type Hit = (Rule, How, String, String);

/// Looks through the keys of a document, and its comment lines.
pub(super) fn properties(place: &Place<'_>) -> Read {
    let (path, selection) = (&place.document.path, place.input.selection);
    let text = Properties::parse_leniently(&place.document.text);
    let shown = Shown::of(place.input.rules, path, &place.document.text);
    let comments_are_meant = selection.extent(path) != Extent::Keys;
    let mut read = Read::default();
    let mut occurrences = text.occurrences().peekable();
    for ((index, line), number) in text.lines().iter().enumerate().zip(text.numbers()) {
        let occurrence = occurrences.next_if(|o| o.index == index);
        let hit = match (line.kind(), &occurrence) {
            (LineKind::Entry(_), Some(found)) => entry(place, found, &mut read.masked),
            (LineKind::Comment, _) if comments_are_meant => remark(place, line.body()),
            _ => None,
        };
        let Some(hit) = hit else { continue };
        let clear = shown.is_clear(number, line);
        match occurrence {
            Some(_) => {
                let key = shown.key(number, line);
                read.acting.push(raw(place, number, Some(key), hit, clear));
            }
            None => read.comments.push(raw(place, number, None, hit, clear)),
        }
    }
    read
}

/// Looks through the lines of a document without keys.
pub(super) fn plain(place: &Place<'_>) -> Read {
    let mut read = Read::default();
    if place.input.selection.extent(&place.document.path) == Extent::Keys {
        return read;
    }
    let (path, text) = (&place.document.path, &place.document.text);
    let shown = Shown::of(place.input.rules, path, text).into_lines();
    for ((line, shown), number) in crate::diff::lines(text).zip(shown).zip(1..) {
        if line.trim().is_empty() || place.own.has_line(path, line) {
            continue;
        }
        let clear = line == shown;
        let hit = longest(place.marks, &readings(line), |_| true).map(names);
        let secret = || {
            let sources = !clear && place.source.has_line(path, line);
            sources.then(|| (Rule::Encrypted, How::Value, String::new(), path.clone()))
        };
        if let Some(hit) = hit.or_else(secret) {
            read.acting.push(raw(place, number, None, hit, clear));
        }
    }
    read
}

fn entry(place: &Place<'_>, found: &Occurrence<'_>, masked: &mut usize) -> Option<Hit> {
    let (path, rules) = (&place.document.path, place.input.rules);
    let (key, value) = (
        found.entry.key.to_string_lossy(),
        found.entry.value.to_string_lossy(),
    );
    if !place.input.selection.selects_key(path, &key) || value.trim().is_empty() {
        return None;
    }
    if is_mask(&value) {
        *masked += usize::from(rules.is_secret_name(path, &key));
        return None;
    }
    // What was the same before the refresh may be the same after it.
    if place.own.has_value(path, &key, &value) {
        return None;
    }
    let same = place.source.has_value(path, &key, &value);
    if rules.classify(path, &key, &value) == Some(Sensitivity::Encrypted) {
        let elsewhere = || {
            (value.len() >= SHORTEST_SECRET)
                .then(|| place.source.place_of(&value))
                .flatten()
        };
        let from = if same {
            Some(named(path, &key))
        } else {
            elsewhere()
        };
        return from.map(|from| (Rule::Encrypted, How::Value, String::new(), from));
    }
    if same && let Some(rule) = judge(rules, path, &key, &value) {
        return Some((rule, How::Value, value.trim().to_owned(), named(path, &key)));
    }
    let before = place.own.values(path, &key);
    let is_new = |mark: &Mark| {
        !before
            .iter()
            .any(|before| readings(before).iter().any(|r| mark.is_in(r)))
    };
    let in_value = longest(place.marks, &readings(&value), is_new);
    let in_key = || longest(place.marks, std::slice::from_ref(&key), |_| before.is_empty());
    in_value.or_else(in_key).map(names)
}

fn remark(place: &Place<'_>, body: &str) -> Option<Hit> {
    if place.own.has_line(&place.document.path, body) {
        return None;
    }
    longest(place.marks, &readings(body), |_| true).map(names)
}

fn names(mark: &Mark) -> Hit {
    (mark.rule, How::Names, mark.text.clone(), mark.from.clone())
}

fn raw(
    place: &Place<'_>,
    line: usize,
    key: Option<String>,
    (rule, how, text, from): Hit,
    clear: bool,
) -> Raw {
    Raw {
        finding: Finding {
            document: place.document.path.clone(),
            key,
            line,
            rule,
            how,
            text: (clear && !text.is_empty()).then(|| text.clone()),
            from,
        },
        text,
    }
}
