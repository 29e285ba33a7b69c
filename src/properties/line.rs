//! One logical line: its exact text, and what Java reads in it.

use crate::properties::escape;
use crate::properties::scan::{self, Mistake};
use crate::properties::text::JavaText;

/// Is one logical line with its exact text, continuation lines and terminator included.
#[derive(Debug, Clone)]
pub struct Line {
    pub(super) raw: String,
    pub(super) kind: LineKind,
}

/// Says what Java makes of a line.
#[derive(Debug, Clone)]
pub enum LineKind {
    /// Nothing but white space.
    Blank,
    /// A line that begins with `#` or `!`.
    Comment,
    /// A key and its value, either of which can be empty.
    Entry(Entry),
}

/// Is a key and a value as Java reads them, and where the value stands in the line.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The key, escapes read.
    pub key: JavaText,
    /// The value, escapes read.
    pub value: JavaText,
    /// Byte in the raw text where the value begins, or would begin.
    pub(super) value_at: usize,
    /// Whether `=` or `:` stands between key and value.
    pub(super) separated: bool,
    /// Whether anything at all (`=`, `:` or white space) ends the key.
    pub(super) key_ended: bool,
}

impl Line {
    /// Makes the line `key=value` with a line feed, escaped as Java needs it.
    pub fn new(key: &JavaText, value: &JavaText) -> Self {
        let spelled = escape::escape_key(key);
        let raw = format!("{spelled}={}\n", escape::escape_value(value, true));
        let value_at = spelled.len() + 1;
        let (key, value) = (key.clone(), value.clone());
        Self {
            raw,
            kind: LineKind::Entry(Entry {
                key,
                value,
                value_at,
                separated: true,
                key_ended: true,
            }),
        }
    }

    /// The exact text, terminator included.
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// The exact text without the terminator.
    pub fn body(&self) -> &str {
        &self.raw[..self.raw.len() - self.terminator().len()]
    }

    /// The terminator: LF, CR, CRLF, or nothing at the end of a text.
    pub fn terminator(&self) -> &str {
        scan::terminator(&self.raw)
    }

    /// What Java makes of the line.
    pub fn kind(&self) -> &LineKind {
        &self.kind
    }

    /// The key and the value, when the line has them.
    pub fn entry(&self) -> Option<&Entry> {
        match &self.kind {
            LineKind::Entry(entry) => Some(entry),
            LineKind::Blank | LineKind::Comment => None,
        }
    }

    /// Gives the line with another value: indentation, spelling of the key, separator and terminator stay.
    ///
    /// A line that already has the value, and one that is no entry, comes back as it is.
    #[must_use]
    pub fn with_value(&self, value: &JavaText) -> Self {
        let Some(entry) = self.entry().filter(|entry| entry.value != *value) else {
            return self.clone();
        };
        let mut raw = self.raw[..entry.value_at].to_owned();
        if !entry.key_ended {
            raw.push('=');
        }
        let separated = entry.separated || !entry.key_ended;
        let spelled = escape::escape_value(value, separated);
        if spelled.is_empty() {
            uncontinue(&mut raw, self.terminator());
        }
        let value_at = raw.len();
        raw.push_str(&spelled);
        raw.push_str(self.terminator());
        let (key, value) = (entry.key.clone(), value.clone());
        Self {
            raw,
            kind: LineKind::Entry(Entry {
                key,
                value,
                value_at,
                separated,
                key_ended: true,
            }),
        }
    }

    /// Tells whether a line that follows would become part of this one: it lacks a terminator, or its last
    /// one is escaped. Only the last line of a text can be open.
    pub fn is_open(&self) -> bool {
        let body = self.body();
        body.len() == self.raw.len() || (!self.is_comment() && scan::ends_escaped(body))
    }

    /// Gives the line so that another can follow it: means the same, ends in a terminator (LF if it had none).
    #[must_use]
    pub fn closed(&self) -> Self {
        if !self.is_open() {
            return self.clone();
        }
        let mut raw = self.body().to_owned();
        if !self.is_comment() && scan::ends_escaped(&raw) {
            raw.pop();
        }
        let terminator = if self.terminator().is_empty() {
            "\n"
        } else {
            self.terminator()
        };
        let nameless = self
            .entry()
            .is_some_and(|entry| !entry.key_ended && entry.key.is_empty());
        if nameless {
            raw.push('=');
        }
        uncontinue(&mut raw, terminator);
        raw.push_str(terminator);
        // What is cut off or added is no part of key or value, so the line reads as before.
        scan::line(&raw, Mistake::Forgive).unwrap_or_else(|_| self.clone())
    }

    fn is_comment(&self) -> bool {
        matches!(self.kind, LineKind::Comment)
    }
}

/// Takes away the continuation by CR that a text ends in, where LF is to follow: the two would be one CRLF.
fn uncontinue(text: &mut String, terminator: &str) {
    while terminator == "\n" && text.ends_with("\\\r") {
        text.truncate(text.len() - 2);
    }
}

impl PartialEq for Line {
    fn eq(&self, other: &Self) -> bool {
        self.raw == other.raw
    }
}

impl Eq for Line {}
