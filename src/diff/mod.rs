//! What differs between two sets of documents, as values that a person can be shown and a machine can read.
//!
//! With a third side, the source of a refresh, it says also where each difference comes from (`origin`).
//!
//! The sides are called *from* and *to*: archive and live, or an older and a newer backup. Line ends never count
//! as a difference, the one after the last line included: pages add and take them away.
//!
//! It keeps promise 10: what these values hold can all be shown. Everything taken from a document passes through
//! `shown`, and a sensitive value is not in them at all. It knows neither where documents come from nor how a
//! difference is printed; the exit code and every count derive from the same value that is printed.

use serde::Serialize;

use crate::backup::Document;
use crate::selection::{Extent, Selection};
use crate::sensitive::Rules;

pub use crate::diff::comments::CommentChange;
pub use crate::diff::keys::{Change, KeyChange};
pub use crate::diff::origin::{DocumentOrigins, KeyOrigin, Origin, Origins, Source, trace};
pub use crate::diff::pairs::{Pair, pair};
pub use crate::diff::text::{Hunk, Segment, Tag, TextDiff, TextLine};

mod comments;
mod document;
mod keys;
mod origin;
mod pairs;
pub(crate) mod shown;
mod text;

#[cfg(test)]
mod origin_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod secret_tests;

/// Says what is compared, and how closely.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// By what rules values are judged.
    pub rules: &'a Rules,
    /// Documents and keys that are meant.
    pub selection: &'a Selection,
    /// Leaves out every key that is believed encrypted on either side.
    pub ignore_encrypted: bool,
    /// Adds the line diff to documents that were compared by key.
    pub text: bool,
}

/// Is all that differs, and what is the same, between two sets of documents.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Diff {
    /// One for each document that is meant, sorted by path.
    pub documents: Vec<DocumentDiff>,
}

/// Says how one document stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DocumentDiff {
    /// The path, as side *to* spells it where it has the document.
    pub path: String,
    /// The path on side *from*, where it is spelled otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_path: Option<String>,
    /// The outcome.
    pub state: State,
    /// What happened to which key, in the order of side *to*, removed keys last. Empty when compared by line.
    pub keys: Vec<KeyChange>,
    /// Comment lines that one side lacks. Empty when compared by line.
    pub comments: Vec<CommentChange>,
    /// Nothing but blank lines, or the place of comments, differs.
    pub only_layout: bool,
    /// What a person should know about this comparison.
    pub notes: Vec<Note>,
    /// The masked texts line by line: when compared by line, or asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<TextDiff>,
}

/// Says whether a document is on both sides, and differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum State {
    /// Only side *from* has it.
    OnlyFrom,
    /// Only side *to* has it.
    OnlyTo,
    /// Both have it and it differs.
    Changed,
    /// Both have it and it is equal, as far as it was compared.
    Same,
}

/// Names a side of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Side {
    /// The first, older one.
    From,
    /// The second, newer one.
    To,
}

/// Says what a person should know about a comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "note")]
pub enum Note {
    /// The texts differ only in what is masked: the lines look the same.
    MaskedOnly,
    /// Taken for Java properties, but Java would refuse it; so it was compared line by line.
    NotProperties {
        /// The side that Java would refuse.
        side: Side,
        /// Line of the mistake, counted from 1.
        line: usize,
        /// What is wrong, as the end of a sentence.
        reason: String,
    },
    /// It is a file, and it is another one.
    File {
        /// What people call such files.
        kind: &'static str,
        /// Bytes on side *from*; none where that side has no file.
        from: usize,
        /// Bytes on side *to*.
        to: usize,
    },
    /// Keys were selected in a document that has none, so all of it was compared.
    NoKeys,
}

/// Counts documents by state, and key changes over all documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// Documents only on side *from*.
    pub only_from: usize,
    /// Documents only on side *to*.
    pub only_to: usize,
    /// Documents that differ.
    pub changed: usize,
    /// Documents that are equal.
    pub same: usize,
    /// Keys that differ in any way, over all documents.
    pub keys: usize,
}

impl Diff {
    /// Tells whether anything differs: exit code 1.
    pub fn differs(&self) -> bool {
        self.documents.iter().any(DocumentDiff::differs)
    }

    /// Counts what is in it.
    pub fn counts(&self) -> Counts {
        Counts::of(self.documents.iter())
    }
}

impl Counts {
    fn of<'a>(documents: impl Iterator<Item = &'a DocumentDiff>) -> Self {
        let mut counts = Self::default();
        for document in documents {
            *match document.state {
                State::OnlyFrom => &mut counts.only_from,
                State::OnlyTo => &mut counts.only_to,
                State::Changed => &mut counts.changed,
                State::Same => &mut counts.same,
            } += 1;
            counts.keys += document.keys.len();
        }
        counts
    }
}

impl DocumentDiff {
    /// Tells whether the document differs or is on one side only.
    pub fn differs(&self) -> bool {
        self.state != State::Same
    }
}

/// Compares two sets of documents; those that are not meant are left out.
///
/// A document both sides have is found by its path, or by its path without case where that is unambiguous.
pub fn compare(from: &[Document], to: &[Document], options: &Options<'_>) -> Diff {
    let meant = |pair: &Pair<'_>| pair.extent(options.selection) != Extent::Nothing;
    let documents = pair(from, to)
        .iter()
        .filter(|pair| meant(pair))
        .map(|pair| one(pair, options))
        .collect();
    Diff { documents }
}

/// Compares one document that is on either side or both.
pub fn one(pair: &Pair<'_>, options: &Options<'_>) -> DocumentDiff {
    let mut diff = DocumentDiff {
        path: pair.path().to_owned(),
        from_path: pair
            .from
            .map(|d| d.path.clone())
            .filter(|path| path != pair.path()),
        state: State::Same,
        keys: Vec::new(),
        comments: Vec::new(),
        only_layout: false,
        notes: Vec::new(),
        text: None,
    };
    match (pair.from, pair.to) {
        (Some(from), Some(to)) => document::compare(from, to, options, &mut diff),
        (Some(_), None) => diff.state = State::OnlyFrom,
        (None, _) => diff.state = State::OnlyTo,
    }
    diff
}

/// Tells whether two texts are equal but for line ends, the one after the last line included.
pub fn same_lines(one: &str, other: &str) -> bool {
    lines(one).eq(lines(other))
}

/// The lines of a text, whatever ends them; a line end after the last line makes no further line.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = &str> {
    let ends = ["\r\n", "\n", "\r"];
    let text = ends.iter().find_map(|end| text.strip_suffix(end)).unwrap_or(text);
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(end) = text.find(['\n', '\r']) else {
            rest = None;
            return Some(text);
        };
        let width = if text[end..].starts_with("\r\n") { 2 } else { 1 };
        rest = Some(&text[end + width..]);
        Some(&text[..end])
    })
}
