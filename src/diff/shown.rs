//! What of a document may be shown: the only way from a document's text into a value that is printed.

use std::borrow::Cow;

use crate::properties::{Line, Properties};
use crate::sensitive::{Rules, masked_value};

/// Is a document masked as a whole, since a secret that spans lines is seen only in the whole.
pub(crate) struct Shown {
    lines: Vec<String>,
}

impl Shown {
    /// Masks a document.
    pub(crate) fn of(rules: &Rules, path: &str, text: &str) -> Self {
        let lines: Vec<String> = super::lines(&rules.mask_text(path, text))
            .map(str::to_owned)
            .collect();
        // Masking keeps the number of lines; if ever it did not, none could be told from another.
        let count = super::lines(text).count();
        if lines.len() == count {
            Self { lines }
        } else {
            Self {
                lines: vec![masked_value().to_owned(); count],
            }
        }
    }

    /// All lines as they may be shown, as many as the document has.
    pub(crate) fn into_lines(self) -> Vec<String> {
        self.lines
    }

    /// A logical line as it may be shown, by the number of its first line, with LF inside and no terminator.
    pub(crate) fn line(&self, number: usize, line: &Line) -> String {
        let count = super::lines(line.raw()).count();
        let range = number - 1..number - 1 + count;
        self.lines
            .get(range)
            .map_or_else(|| masked_value().to_owned(), |lines| lines.join("\n"))
    }

    /// Tells whether a line can be shown as it is: there is nothing sensitive in it.
    pub(crate) fn is_clear(&self, number: usize, line: &Line) -> bool {
        self.line(number, line) == body(line)
    }

    /// The key of an entry as it may be shown: a line of a key block looks like a key too.
    pub(crate) fn key(&self, number: usize, line: &Line) -> String {
        let key = |line: &Line| line.entry().map(|entry| entry.key.to_string_lossy());
        let masked = Properties::parse_leniently(&self.line(number, line));
        let seen = masked.lines().first().and_then(key);
        seen.filter(|seen| Some(seen) == key(line).as_ref())
            .unwrap_or_else(|| masked_value().to_owned())
    }
}

/// The body of a line with LF for whatever ends the lines it is continued over.
pub(crate) fn body(line: &Line) -> Cow<'_, str> {
    let body = line.body();
    if body.contains('\r') {
        Cow::Owned(body.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(body)
    }
}
