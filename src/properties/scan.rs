//! Cuts a text into logical lines and reads each, as `java.util.Properties.load(Reader)` of JDK 17 does.

use crate::properties::escape;
use crate::properties::line::{Entry, Line, LineKind};

/// What to do about a `\u` that is not followed by four hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mistake {
    /// Fail, as Java does.
    Report,
    /// Take it for the letter `u`.
    Forgive,
}

/// Reads the first logical line of a text that is not empty; an `Err` is the byte of a bad `\u`.
pub(super) fn line(text: &str, mistake: Mistake) -> Result<Line, usize> {
    let (length, shape) = cut(text);
    let kind = match shape {
        Shape::Blank => LineKind::Blank,
        Shape::Comment => LineKind::Comment,
        Shape::Entry(content) => LineKind::Entry(entry(&content, mistake)?),
    };
    Ok(Line {
        raw: text[..length].to_owned(),
        kind,
    })
}

/// The characters of a logical line that count, each with its byte, and the byte after them.
struct Content {
    chars: Vec<(usize, char)>,
    end: usize,
}

enum Shape {
    Blank,
    Comment,
    Entry(Content),
}

/// Finds the end of the first logical line, and the characters that are left when terminators, escapes of
/// terminators and indentation are taken away.
///
/// A lone backslash before a terminator counts as nothing yet: what follows may be a comment or blank.
/// At the very end of a text it is an entry with an empty key, but not before CRLF: Java has it so.
fn cut(text: &str) -> (usize, Shape) {
    let mut chars: Vec<(usize, char)> = Vec::new();
    let mut indentation = true;
    let mut escaped = false;
    let mut rest = text.char_indices();
    while let Some((at, c)) = rest.next() {
        match c {
            ' ' | '\t' | '\u{c}' if indentation => {}
            '#' | '!' if chars.is_empty() => {
                let end = text[at..].find(['\n', '\r']).map_or(text.len(), |end| at + end);
                return (end + first_terminator(&text[end..]).len(), Shape::Comment);
            }
            '\n' | '\r' => {
                let end = at + first_terminator(&text[at..]).len();
                if chars.is_empty() {
                    return (end, Shape::Blank);
                }
                if !escaped {
                    return (end, Shape::Entry(Content { chars, end: at }));
                }
                let end_of_text = at + 1 == text.len();
                if end_of_text {
                    break;
                }
                chars.pop();
                escaped = false;
                indentation = true;
                if end > at + 1 {
                    rest.next();
                }
            }
            c => {
                indentation = false;
                escaped = c == '\\' && !escaped;
                chars.push((at, c));
            }
        }
    }
    if chars.is_empty() {
        return (text.len(), Shape::Blank);
    }
    let mut end = chars.last().map_or(0, |&(at, c)| at + c.len_utf8());
    if escaped {
        chars.pop();
        end -= 1;
    }
    (text.len(), Shape::Entry(Content { chars, end }))
}

/// Splits the characters of a logical line into key, separator and value.
fn entry(content: &Content, mistake: Mistake) -> Result<Entry, usize> {
    let chars = &content.chars;
    let mut escaped = false;
    let key_end = chars
        .iter()
        .position(|&(_, c)| {
            let ends = !escaped && matches!(c, '=' | ':' | ' ' | '\t' | '\u{c}');
            escaped = c == '\\' && !escaped;
            ends
        })
        .unwrap_or(chars.len());
    let mut separated = false;
    let value_start = chars[key_end..]
        .iter()
        .position(|&(_, c)| match c {
            ' ' | '\t' | '\u{c}' => false,
            '=' | ':' if !separated => {
                separated = true;
                false
            }
            _ => true,
        })
        .map_or(chars.len(), |skipped| key_end + skipped);
    let value_at = match (chars.get(value_start), chars.last()) {
        (Some(&(at, _)), _) => at,
        (None, Some(&(at, c))) => at + c.len_utf8(),
        (None, None) => content.end,
    };
    let read = |part: &[(usize, char)]| match mistake {
        Mistake::Report => escape::unescape(part).map_err(|index| part[index].0),
        Mistake::Forgive => Ok(escape::unescape_leniently(part)),
    };
    let (key, value) = (read(&chars[..key_end])?, read(&chars[value_start..])?);
    Ok(Entry {
        key,
        value,
        value_at,
        separated,
        key_ended: key_end < chars.len(),
    })
}

/// The terminator at the start of a text.
fn first_terminator(text: &str) -> &str {
    let length = match text.as_bytes() {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => 0,
    };
    &text[..length]
}

/// The terminator at the end of a text.
pub(super) fn terminator(text: &str) -> &str {
    let length = match text.as_bytes() {
        [.., b'\r', b'\n'] => 2,
        [.., b'\r' | b'\n'] => 1,
        _ => 0,
    };
    &text[text.len() - length..]
}

/// Tells whether a text ends in a backslash that is not escaped itself.
pub(super) fn ends_escaped(text: &str) -> bool {
    let backslashes = text.bytes().rev().take_while(|&byte| byte == b'\\').count();
    backslashes % 2 == 1
}

/// The number of the line, counted from 1, in which a byte of a text stands.
pub(super) fn line_number(text: &str, byte: usize) -> usize {
    1 + line_ends(&text[..byte])
}

/// How many line ends there are in a text: LF, CR, or CRLF.
pub(super) fn line_ends(text: &str) -> usize {
    text.matches(['\n', '\r']).count() - text.matches("\r\n").count()
}
