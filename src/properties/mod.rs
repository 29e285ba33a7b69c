//! Java properties without loss: what is printed is what was read, and keys and values are what
//! `java.util.Properties.load(Reader)` of JDK 17 makes of it.
//!
//! It knows nothing of the LMS, nor which values are secret.

use std::collections::HashMap;
use std::fmt;

pub use crate::properties::line::{Entry, Line, LineKind};
use crate::properties::scan::Mistake;
pub use crate::properties::text::JavaText;

mod escape;
mod line;
mod scan;
mod text;

#[cfg(test)]
mod tests;

/// Is a text that Java would refuse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed {
    /// Line of the text, counted from 1, in which the mistake stands.
    pub line: usize,
    /// What is wrong, as the end of a sentence, without anything of the text.
    pub reason: String,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}

impl std::error::Error for Malformed {}

/// Is one entry of a text, told apart from others of its key.
#[derive(Debug, Clone, Copy)]
pub struct Occurrence<'a> {
    /// Index of the line among [`Properties::lines`].
    pub index: usize,
    /// 1 for the first entry of this key, 2 for its first duplicate, and so on.
    pub nth: usize,
    /// The line.
    pub line: &'a Line,
    /// Its key and value.
    pub entry: &'a Entry,
}

/// Is a text as its logical lines; printing gives exactly the text back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Properties {
    lines: Vec<Line>,
}

impl Properties {
    /// Reads a text; fails exactly where Java would throw.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        read(text, Mistake::Report).map_err(|byte| Malformed {
            line: scan::line_number(text, byte),
            reason: "`\\u` is not followed by four hexadecimal digits".to_owned(),
        })
    }

    /// Reads a text that Java would refuse too: a bad `\u` is taken for the letter `u`.
    ///
    /// For looking at a text (masking, finding lines), not for merging.
    pub fn parse_leniently(text: &str) -> Self {
        read(text, Mistake::Forgive).unwrap_or_default()
    }

    /// Puts lines together; a line that would swallow the next one is closed first.
    pub fn from_lines(lines: impl IntoIterator<Item = Line>) -> Self {
        let mut all: Vec<Line> = Vec::new();
        for line in lines {
            if let Some(last) = all.last_mut().filter(|last| last.is_open()) {
                *last = last.closed();
            }
            all.push(line);
        }
        Self { lines: all }
    }

    /// The logical lines in order.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The number in the text of the first line of each logical line, counted from 1.
    pub fn numbers(&self) -> Vec<usize> {
        let mut number = 1;
        let start = |line: &Line| {
            let start = number;
            number += scan::line_ends(line.body()) + 1;
            start
        };
        self.lines.iter().map(start).collect()
    }

    /// The entries in order, duplicates included: index of the line, key, value.
    pub fn entries(&self) -> impl Iterator<Item = (usize, &JavaText, &JavaText)> {
        self.lines.iter().enumerate().filter_map(|(index, line)| {
            let entry = line.entry()?;
            Some((index, &entry.key, &entry.value))
        })
    }

    /// The entries in order, each with the number it has among those of its key; so duplicates can be told apart.
    pub fn occurrences(&self) -> impl Iterator<Item = Occurrence<'_>> {
        let mut seen: HashMap<&JavaText, usize> = HashMap::new();
        self.lines.iter().enumerate().filter_map(move |(index, line)| {
            let entry = line.entry()?;
            let nth = seen.entry(&entry.key).or_default();
            *nth += 1;
            Some(Occurrence {
                index,
                nth: *nth,
                line,
                entry,
            })
        })
    }

    /// The value Java would give for a key: that of its last entry.
    pub fn get(&self, key: &JavaText) -> Option<&JavaText> {
        self.entries()
            .filter(|(_, k, _)| *k == key)
            .last()
            .map(|(_, _, value)| value)
    }

    /// Sets a key in its last entry and leaves all other lines alone; `false` when there is no such key.
    pub fn set(&mut self, key: &JavaText, value: &JavaText) -> bool {
        let last = self
            .lines
            .iter_mut()
            .rfind(|line| line.entry().is_some_and(|entry| entry.key == *key));
        if let Some(line) = last {
            *line = line.with_value(value);
            return true;
        }
        false
    }
}

fn read(text: &str, mistake: Mistake) -> Result<Properties, usize> {
    let mut lines = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let line = scan::line(&text[at..], mistake).map_err(|byte| at + byte)?;
        at += line.raw().len();
        lines.push(line);
    }
    Ok(Properties { lines })
}

impl fmt::Display for Properties {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines.iter().try_for_each(|line| f.write_str(line.raw()))
    }
}

/// Reads the value of a key in a text: the `nth` entry of it, counted from 1.
pub fn value_at(text: &str, key: &str, nth: usize) -> Option<String> {
    let properties = Properties::parse(text).ok()?;
    let found = properties
        .occurrences()
        .find(|o| o.nth == nth && o.entry.key.to_string_lossy() == key)?;
    Some(found.entry.value.to_string_lossy())
}
