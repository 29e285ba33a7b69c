//! Escapes: from the characters of a file to the text Java makes of them, and back.

use crate::properties::text::JavaText;

/// Reads the escapes of a key or a value; an `Err` is the index of the backslash of a bad `\u`.
pub(super) fn unescape(chars: &[(usize, char)]) -> Result<JavaText, usize> {
    let mut text = JavaText::default();
    let mut rest = chars.iter().enumerate();
    while let Some((index, &(_, c))) = rest.next() {
        if c != '\\' {
            text.push(c);
            continue;
        }
        match rest.next().map(|(_, &(_, c))| c) {
            Some('t') => text.push('\t'),
            Some('n') => text.push('\n'),
            Some('r') => text.push('\r'),
            Some('f') => text.push('\u{c}'),
            Some('u') => {
                let unit = chars
                    .get(index + 2..index + 6)
                    .and_then(hexadecimal)
                    .ok_or(index)?;
                text.push_unit(unit);
                rest.nth(3);
            }
            Some(other) => text.push(other),
            None => text.push('\\'),
        }
    }
    Ok(text)
}

/// Reads the escapes as [`unescape`] does, but takes a bad `\u` for the letter `u`.
pub(super) fn unescape_leniently(chars: &[(usize, char)]) -> JavaText {
    let mut chars = chars.to_vec();
    loop {
        match unescape(&chars) {
            Ok(text) => return text,
            Err(backslash) => {
                chars.remove(backslash);
            }
        }
    }
}

fn hexadecimal(digits: &[(usize, char)]) -> Option<u16> {
    digits.iter().try_fold(0, |unit: u16, &(_, digit)| {
        Some((unit << 4) | digit.to_digit(16)? as u16)
    })
}

/// Writes a value so that Java reads exactly it: no more escapes than that takes, and none of the control
/// characters that a text field of a page would not carry.
///
/// `separated` says that a `=` or `:` stands before it; without one a value must not begin with either.
pub(super) fn escape_value(value: &JavaText, separated: bool) -> String {
    let mut text = String::new();
    for (index, c) in char::decode_utf16(value.units().iter().copied()).enumerate() {
        match c {
            Ok(' ') if index == 0 => text.push_str("\\ "),
            Ok('\t') if index == 0 => text.push_str("\\t"),
            Ok(c @ ('=' | ':')) if index == 0 && !separated => text.extend(['\\', c]),
            Ok(c) => push_escaped(&mut text, c),
            Err(alone) => push_unit(&mut text, alone.unpaired_surrogate()),
        }
    }
    text
}

/// Writes a key so that Java reads exactly it, at the start of a line.
pub(super) fn escape_key(key: &JavaText) -> String {
    let mut text = String::new();
    for (index, c) in char::decode_utf16(key.units().iter().copied()).enumerate() {
        match c {
            Ok('\t') => text.push_str("\\t"),
            Ok(c @ (' ' | '=' | ':')) => text.extend(['\\', c]),
            Ok(c @ ('#' | '!')) if index == 0 => text.extend(['\\', c]),
            Ok(c) => push_escaped(&mut text, c),
            Err(alone) => push_unit(&mut text, alone.unpaired_surrogate()),
        }
    }
    text
}

fn push_escaped(text: &mut String, c: char) {
    match c {
        '\\' => text.push_str("\\\\"),
        '\n' => text.push_str("\\n"),
        '\r' => text.push_str("\\r"),
        '\u{c}' => text.push_str("\\f"),
        '\t' => text.push('\t'),
        '\0'..='\u{1f}' | '\u{7f}' => push_unit(text, c as u16),
        c => text.push(c),
    }
}

fn push_unit(text: &mut String, unit: u16) {
    text.push_str(&format!("\\u{unit:04x}"));
}
