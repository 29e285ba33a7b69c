//! How the practice server itself reads `key=value` files: as `java.util.Properties` does.
//!
//! Written apart from the product's own reader, so that the two cannot share a mistake.

use std::ops::Range;

/// One setting of a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Setting {
    pub(super) key: String,
    pub(super) value: String,
    /// Where the value stands in the text, as bytes, without its line end.
    pub(super) place: Range<usize>,
    /// Where all of it stands, without its line end.
    pub(super) line: Range<usize>,
}

/// A character of a logical line: where it begins, what it means, whether it was escaped.
struct Mark {
    at: usize,
    meaning: char,
    escaped: bool,
}

/// Reads all settings of a text, in order, duplicates included.
pub(super) fn read(text: &str) -> Vec<Setting> {
    let mut found = Vec::new();
    let mut rest = Reader { text, at: 0 };
    while let Some(first) = rest.peek() {
        match first {
            ' ' | '\t' | '\u{c}' | '\n' | '\r' => rest.advance(first),
            '#' | '!' => rest.skip_line(),
            _ => {
                let start = rest.at;
                let (marks, end) = rest.logical_line();
                found.push(split(text, &marks, start..end));
            }
        }
    }
    found
}

/// Gives the value that counts for a key: that of its last setting.
pub(super) fn value_of(text: &str, key: &str) -> Option<String> {
    read(text)
        .into_iter()
        .rev()
        .find(|setting| setting.key == key)
        .map(|setting| setting.value)
}

/// Writes another value for each setting that `change` gives one for.
pub(super) fn rewrite(text: &str, mut change: impl FnMut(&Setting) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for setting in read(text) {
        if let Some(value) = change(&setting) {
            out.push_str(&text[copied..setting.place.start]);
            out.push_str(&value);
            copied = setting.place.end;
        }
    }
    out.push_str(&text[copied..]);
    out
}

fn split(text: &str, marks: &[Mark], line: Range<usize>) -> Setting {
    let blank = |mark: &Mark| !mark.escaped && matches!(mark.meaning, ' ' | '\t' | '\u{c}');
    let sign = |mark: &Mark| !mark.escaped && matches!(mark.meaning, '=' | ':');
    let key_end = marks
        .iter()
        .position(|m| blank(m) || sign(m))
        .unwrap_or(marks.len());
    let mut value_start = key_end;
    let mut sign_seen = false;
    while let Some(mark) = marks.get(value_start) {
        if sign(mark) && !sign_seen {
            sign_seen = true;
        } else if !blank(mark) {
            break;
        }
        value_start += 1;
    }
    let meaning = |marks: &[Mark]| marks.iter().map(|m| m.meaning).collect::<String>();
    let start = marks.get(value_start).map_or(line.end, |mark| mark.at);
    debug_assert!(text.is_char_boundary(start) && text.is_char_boundary(line.end));
    Setting {
        key: meaning(&marks[..key_end]),
        value: meaning(&marks[value_start..]),
        place: start..line.end,
        line,
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn advance(&mut self, passed: char) {
        self.at += passed.len_utf8();
    }

    fn skip_line(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.find(['\n', '\r']).unwrap_or(rest.len());
    }

    fn skip_blanks(&mut self) {
        while let Some(blank @ (' ' | '\t' | '\u{c}')) = self.peek() {
            self.advance(blank);
        }
    }

    /// Reads up to the line end that no backslash takes away; gives the characters and where they end.
    fn logical_line(&mut self) -> (Vec<Mark>, usize) {
        let mut marks = Vec::new();
        while let Some(here) = self.peek() {
            let at = self.at;
            match here {
                '\n' | '\r' => break,
                '\\' => {
                    self.advance(here);
                    self.escape(at, &mut marks);
                }
                _ => {
                    self.advance(here);
                    marks.push(Mark {
                        at,
                        meaning: here,
                        escaped: false,
                    });
                }
            }
        }
        (marks, self.at)
    }

    fn escape(&mut self, at: usize, marks: &mut Vec<Mark>) {
        let Some(next) = self.peek() else { return };
        self.advance(next);
        let meaning = match next {
            '\n' | '\r' => {
                if next == '\r' && self.peek() == Some('\n') {
                    self.advance('\n');
                }
                self.skip_blanks();
                return;
            }
            't' => '\t',
            'n' => '\n',
            'r' => '\r',
            'f' => '\u{c}',
            'u' => self.code_unit(),
            other => other,
        };
        marks.push(Mark {
            at,
            meaning,
            escaped: true,
        });
    }

    /// Reads the four digits of a `\u`; what is no character by itself is shown as the replacement character.
    fn code_unit(&mut self) -> char {
        let digits = self.text.get(self.at..self.at + 4).unwrap_or("");
        match u32::from_str_radix(digits, 16) {
            Ok(code) => {
                self.at += 4;
                char::from_u32(code).unwrap_or('\u{fffd}')
            }
            Err(_) => '\u{fffd}',
        }
    }
}

#[cfg(test)]
#[path = "settings_tests.rs"]
mod tests;
