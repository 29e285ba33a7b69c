//! One document that both sides have: by key where Java reads both, else by line.

use std::collections::HashSet;

use crate::backup::{Document, Format, Media};
use crate::diff::shown::{self, Shown};
use crate::diff::{DocumentDiff, Note, Options, Side, State, comments, keys, same_lines, text};
use crate::properties::{JavaText, Line, Occurrence, Properties};
use crate::selection::Extent;
use crate::sensitive::{Rules, Sensitivity};

/// One side of a comparison by key: the lines that are meant.
pub(super) struct Part<'a> {
    /// By what rules its values are judged.
    pub(super) rules: &'a Rules,
    /// The path on this side, which the rules for secrets go by.
    pub(super) path: &'a str,
    /// What of it may be shown.
    pub(super) shown: Shown,
    /// The lines in order.
    pub(super) lines: Vec<Piece<'a>>,
}

/// A line that is meant.
pub(super) struct Piece<'a> {
    /// Number of its first line in the document, counted from 1.
    pub(super) number: usize,
    /// The line.
    pub(super) line: &'a Line,
    /// Its number among the entries of its key; 0 when it is no entry.
    pub(super) nth: usize,
}

pub(super) fn compare(from: &Document, to: &Document, options: &Options<'_>, diff: &mut DocumentDiff) {
    if same_lines(&from.text, &to.text) {
        return;
    }
    if from.is_file() || to.is_file() {
        return as_files(from, to, diff);
    }
    match (read(from, Side::From, diff), read(to, Side::To, diff)) {
        (Some(older), Some(newer)) => by_key((from, &older), (to, &newer), options, diff),
        _ => by_line(from, to, options, diff),
    }
}

fn read(document: &Document, side: Side, diff: &mut DocumentDiff) -> Option<Properties> {
    if document.format != Format::Properties {
        return None;
    }
    let mistake = match Properties::parse(&document.text) {
        Ok(properties) => return Some(properties),
        Err(mistake) => mistake,
    };
    diff.notes.push(Note::NotProperties {
        side,
        line: mistake.line,
        reason: mistake.reason,
    });
    None
}

/// Of a file only its size says something to a person.
fn as_files(from: &Document, to: &Document, diff: &mut DocumentDiff) {
    let (older, newer) = (from.content(), to.content());
    let is_image = |bytes: &[u8]| bytes.is_empty() || Media::of(bytes).is_image();
    diff.state = State::Changed;
    diff.notes.push(Note::File {
        kind: match is_image(&older) && is_image(&newer) {
            true => "image",
            false => "file",
        },
        from: older.len(),
        to: newer.len(),
    });
}

fn by_line(from: &Document, to: &Document, options: &Options<'_>, diff: &mut DocumentDiff) {
    diff.state = State::Changed;
    if options.selection.extent(&diff.path) == Extent::Keys {
        diff.notes.push(Note::NoKeys);
    }
    let number = |document: &Document| {
        (1..)
            .zip(Shown::of(options.rules, &document.path, &document.text).into_lines())
            .collect::<Vec<_>>()
    };
    set_text(text::compare(&number(from), &number(to)), diff);
}

fn by_key(
    (from, older): (&Document, &Properties),
    (to, newer): (&Document, &Properties),
    options: &Options<'_>,
    diff: &mut DocumentDiff,
) {
    let path = diff.path.clone();
    let [from, to] = parts(&path, [(from, older), (to, newer)], options);
    if from.bodies().eq(to.bodies()) {
        return;
    }
    diff.state = State::Changed;
    diff.keys = keys::compare(&from, &to);
    diff.comments = comments::compare(&from, &to);
    diff.only_layout = diff.keys.is_empty() && diff.comments.is_empty();
    if options.text {
        set_text(text::compare(&from.shown_lines(), &to.shown_lines()), diff);
    }
}

/// Takes of each side of a document the lines that are meant; what is ignored on one side is ignored on all.
pub(super) fn parts<'a, const SIDES: usize>(
    path: &str,
    sides: [(&'a Document, &'a Properties); SIDES],
    options: &'a Options<'_>,
) -> [Part<'a>; SIDES] {
    let ignored: HashSet<(&JavaText, usize)> = match options.ignore_encrypted {
        true => sides
            .iter()
            .flat_map(|(document, properties)| encrypted(options.rules, &document.path, properties))
            .collect(),
        false => HashSet::new(),
    };
    let entry_is_meant = |o: &Occurrence<'_>| {
        options
            .selection
            .selects_key(path, &o.entry.key.to_string_lossy())
            && !ignored.contains(&(&o.entry.key, o.nth))
    };
    let others_are_meant = options.selection.extent(path) != Extent::Keys;
    sides.map(|(document, properties)| {
        Part::of(
            options.rules,
            document,
            properties,
            entry_is_meant,
            others_are_meant,
        )
    })
}

fn set_text(text: text::TextDiff, diff: &mut DocumentDiff) {
    if text.hunks.is_empty() {
        diff.notes.push(Note::MaskedOnly);
    }
    diff.text = Some(text);
}

fn encrypted<'a>(
    rules: &'a Rules,
    path: &'a str,
    properties: &'a Properties,
) -> impl Iterator<Item = (&'a JavaText, usize)> {
    let encrypted = |o: &Occurrence<'_>| {
        let (key, value) = (o.entry.key.to_string_lossy(), o.entry.value.to_string_lossy());
        rules.classify(path, &key, &value) == Some(Sensitivity::Encrypted)
    };
    properties
        .occurrences()
        .filter(encrypted)
        .map(|o| (&o.entry.key, o.nth))
}

impl<'a> Part<'a> {
    fn of(
        rules: &'a Rules,
        document: &'a Document,
        properties: &'a Properties,
        entry_is_meant: impl Fn(&Occurrence<'_>) -> bool,
        others_are_meant: bool,
    ) -> Self {
        let mut occurrences = properties.occurrences().peekable();
        let mut lines = Vec::new();
        for ((index, line), number) in properties.lines().iter().enumerate().zip(properties.numbers()) {
            let occurrence = occurrences.next_if(|o| o.index == index);
            if occurrence.as_ref().map_or(others_are_meant, &entry_is_meant) {
                lines.push(Piece {
                    number,
                    line,
                    nth: occurrence.map_or(0, |o| o.nth),
                });
            }
        }
        Self {
            path: &document.path,
            rules,
            shown: Shown::of(rules, &document.path, &document.text),
            lines,
        }
    }

    fn bodies(&self) -> impl Iterator<Item = std::borrow::Cow<'_, str>> {
        self.lines.iter().map(|piece| shown::body(piece.line))
    }

    /// The lines as they may be shown, each with its number in the document.
    fn shown_lines(&self) -> Vec<(usize, String)> {
        let mut all = Vec::new();
        for piece in &self.lines {
            let shown = self.shown.line(piece.number, piece.line);
            all.extend((piece.number..).zip(super::lines(&shown).map(str::to_owned)));
        }
        all
    }
}
