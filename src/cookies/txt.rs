//! A cookies.txt, as curl and browser extensions write it since Netscape: seven fields a line, with tabs between.

use crate::cookies::{Cookie, Handed};
use crate::error::{Error, Kind, Result};

/// In front of cookies that scripts do not see.
const HTTP_ONLY: &str = "#HttpOnly_";

/// Tells whether a text is a cookies.txt.
pub(super) fn is_it(text: &str) -> bool {
    let head = text.lines().next().unwrap_or_default();
    let says = head.starts_with('#') && head.to_ascii_lowercase().contains("cookie");
    says || records(text).any(|(_, line)| line.matches('\t').count() >= 5)
}

/// Reads a cookies.txt.
pub(super) fn read(text: &str) -> Result<Handed> {
    let mut cookies = Vec::new();
    for (number, line) in records(text) {
        let fields: Vec<&str> = line.split('\t').collect();
        let (domain, below, path, secure, ends, name, value) = match fields.as_slice() {
            [domain, below, path, secure, ends, name, value] => {
                (domain, below, path, secure, ends, name, *value)
            }
            [domain, below, path, secure, ends, name] => (domain, below, path, secure, ends, name, ""),
            _ => return Err(not_understood(number, fields.len())),
        };
        let yes = |word: &str| word.eq_ignore_ascii_case("true");
        // Some write fractions of a second.
        let ends = ends.split('.').next().unwrap_or_default().trim();
        let ends: i64 = match ends {
            "" => 0,
            digits => digits.parse().map_err(|_| not_understood(number, fields.len()))?,
        };
        let cookie = Cookie::new(*name, value).under(domain, yes(below));
        cookies.push(Cookie {
            path: Some((*path).to_owned()).filter(|path| path.starts_with('/')),
            secure: yes(secure),
            ends: Some(ends).filter(|ends| *ends > 0),
            ..cookie
        });
    }
    Ok(Handed {
        cookies,
        ..Handed::default()
    })
}

/// The lines that are no comments, with their numbers.
fn records(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text.lines().enumerate().map(|(at, line)| (at + 1, line));
    lines.filter_map(|(number, line)| match line.strip_prefix(HTTP_ONLY) {
        Some(record) => Some((number, record)),
        None => (!line.trim().is_empty() && !line.starts_with('#')).then_some((number, line)),
    })
}

fn not_understood(line: usize, fields: usize) -> Error {
    Error::new(
        Kind::Usage,
        format!("Line {line} of the cookies is not understood: it has {fields} fields, and a cookies.txt has seven."),
    )
    .hint("the fields stand with tabs between; an editor or a mail may have made blanks of them")
}
