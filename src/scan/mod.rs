//! What in an instance still points at the source of a refresh: the source's own values, and texts that name it.
//!
//! Three sets of documents are compared: the instance's as they are, its newest ordinary backup's, which says what was
//! the same before the refresh and may stay so, and the source's. What identifies the source is derived in `marks`; where
//! a text begins and ends is decided in `text`. It keeps promise 10: what these values hold can all be shown. It knows
//! neither where documents come from nor how findings are printed.

mod allow;
mod marks;
mod read;
mod text;

use serde::Serialize;

use crate::backup::{Document, Format};
use crate::environment::Rule;
use crate::scan::allow::Allow;
use crate::scan::marks::Mark;
use crate::scan::read::Side;
use crate::selection::{Extent, Selection};
use crate::sensitive::Rules;

#[cfg(test)]
mod tests;

/// What is scanned, and for whom.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The instance's documents as they are now.
    pub live: &'a [Document],
    /// Those of its newest ordinary backup; empty where there is none.
    pub own: &'a [Document],
    /// Those of the source.
    pub source: &'a [Document],
    /// The host of the instance's own address.
    pub own_host: &'a str,
    /// The host of the source's address, where it is known.
    pub source_host: Option<&'a str>,
    /// Documents and keys that are meant.
    pub selection: &'a Selection,
    /// What may stay: texts, or patterns for documents and keys.
    pub allow: &'a [String],
    /// The rules by which secrets are told.
    pub rules: &'a Rules,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Found {
    /// What acts: values, and lines of documents without keys.
    pub findings: Vec<Finding>,
    /// Comment lines that name the source; they do not act.
    pub comments: Vec<Finding>,
    /// How many findings the list of what may stay has taken away.
    pub allowed: usize,
    /// Entries of that list that took nothing away.
    pub unused: Vec<String>,
    /// Values shown by the instance as a mask, so that nobody can tell whose they are.
    pub masked: usize,
    /// How many texts were looked for.
    pub texts: usize,
    /// How many documents were looked through.
    pub documents: usize,
}

/// Is one place that points at the source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// The document's path.
    pub document: String,
    /// The key, where the document has keys and the place is none of its comments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Number of the line, counted from 1.
    pub line: usize,
    /// What kind of text it is.
    pub rule: Rule,
    /// How it points at the source.
    pub how: How,
    /// The text that was found; none where a secret stands in that place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Where the source has that text, as `DOCUMENT:key`; the same place for [`How::Value`].
    pub from: String,
}

/// Says how a place points at the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum How {
    /// It holds the very value that the source has there.
    Value,
    /// A text in it names the source.
    Names,
}

/// A finding, and the text by which it may be allowed to stay.
struct Raw {
    finding: Finding,
    text: String,
}

/// Looks through the documents that are meant.
pub fn scan(input: &Input<'_>) -> Found {
    let (own, source) = (Side::of(input.own), Side::of(input.source));
    let marks = marks::derive(input, &own);
    let mut allow = Allow::read(input.allow);
    let mut found = Found {
        texts: marks.len(),
        ..Found::default()
    };
    for document in input.live {
        if input.selection.extent(&document.path) == Extent::Nothing {
            continue;
        }
        found.documents += usize::from(!document.is_file());
        let place = read::Place {
            input,
            own: &own,
            source: &source,
            marks: &marks,
            document,
        };
        let read = match document.format {
            Format::Properties => read::properties(&place),
            Format::Plain => read::plain(&place),
            // A picture names nothing.
            Format::File => continue,
        };
        found.masked += read.masked;
        let mut kept = |raw: Raw| (!allow.takes(&raw)).then_some(raw.finding);
        let before = read.acting.len() + read.comments.len();
        let acting: Vec<Finding> = read.acting.into_iter().filter_map(&mut kept).collect();
        let comments: Vec<Finding> = read.comments.into_iter().filter_map(&mut kept).collect();
        found.allowed += before - acting.len() - comments.len();
        found.findings.extend(acting);
        found.comments.extend(comments);
    }
    // What was not looked through may well hold what an entry allows.
    if input.selection.is_all() {
        found.unused = allow.unused();
    }
    found
}

/// The name of a document and a key in it, as people write them.
fn named(document: &str, key: &str) -> String {
    let name = document.split_once('/').map_or(document, |(_, name)| name);
    format!("{name}:{key}")
}

/// The longest of the texts that stand in any of the readings.
fn longest<'a>(marks: &'a [Mark], readings: &[String], is_meant: impl Fn(&Mark) -> bool) -> Option<&'a Mark> {
    let stands = |mark: &&Mark| readings.iter().any(|reading| mark.is_in(reading));
    marks
        .iter()
        .filter(stands)
        .filter(|mark| is_meant(mark))
        .max_by_key(|mark| mark.text.len())
}
