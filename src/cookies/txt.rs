//! A cookies.txt, as curl and browser extensions write it since Netscape: seven fields a line, with tabs between. And the
//! table of cookies that DevTools show, which has other columns.

use jiff::Timestamp;

use crate::cookies::{Cookie, Handed};
use crate::error::{Error, Kind, Result};

/// In front of cookies that scripts do not see.
const HTTP_ONLY: &str = "#HttpOnly_";
/// Fields of a cookies.txt.
const FIELDS: usize = 7;

/// Tells whether a text is a cookies.txt, or a table of cookies.
pub(super) fn is_it(text: &str) -> bool {
    let head = text.lines().next().unwrap_or_default();
    let says = head.starts_with('#') && head.to_ascii_lowercase().contains("cookie");
    says || records(text).any(|(_, line)| line.matches('\t').count() >= 3 || by_blanks(line).is_some())
}

/// Reads it; lines that are not understood are left out where others are.
pub(super) fn read(text: &str) -> Result<Handed> {
    let mut handed = Handed::default();
    let mut trouble = None;
    for (number, line) in records(text) {
        let fields: Vec<&str> = line.split('\t').collect();
        let cookie = record(&fields)
            .or_else(|| row(&fields))
            .or_else(|| by_blanks(line));
        match cookie {
            Some(cookie) => handed.cookies.push(cookie),
            None => {
                handed.notes.push(format!(
                    "Line {number} of the cookies is not understood: it is left out."
                ));
                trouble.get_or_insert_with(|| not_understood(number, fields.len()));
            }
        }
    }
    match trouble {
        Some(error) if handed.cookies.is_empty() => Err(error),
        _ => Ok(handed),
    }
}

/// The lines that are no comments, with their numbers.
fn records(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text.lines().enumerate().map(|(at, line)| (at + 1, line));
    lines.filter_map(|(number, line)| match line.strip_prefix(HTTP_ONLY) {
        Some(record) => Some((number, record)),
        None => (!line.trim().is_empty() && !line.starts_with('#')).then_some((number, line)),
    })
}

/// Domain, whether for the hosts below, path, whether over https only, end, name, value.
fn record(fields: &[&str]) -> Option<Cookie> {
    let (domain, below, path, secure, ends, name, value) = match fields {
        [domain, below, path, secure, ends, name, value] => (domain, below, path, secure, ends, name, *value),
        [domain, below, path, secure, ends, name] => (domain, below, path, secure, ends, name, ""),
        _ => return None,
    };
    let ends: f64 = match ends.trim() {
        "" => 0.0,
        digits => digits.parse().ok()?,
    };
    let cookie = Cookie::new(*name, value).under(domain, flag(below)?);
    Some(Cookie {
        path: Some((*path).to_owned()).filter(|path| path.starts_with('/')),
        secure: flag(secure)?,
        #[allow(
            clippy::cast_possible_truncation,
            reason = "a moment in seconds; beyond all calendars it saturates"
        )]
        ends: Some(ends as i64).filter(|ends| *ends > 0),
        ..cookie
    })
}

fn flag(word: &str) -> Option<bool> {
    match word.to_ascii_lowercase().as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// A record whose tabs a mail or an editor has made blanks of.
fn by_blanks(line: &str) -> Option<Cookie> {
    let fields: Vec<&str> = line.split_whitespace().collect();
    record(&fields).filter(|_| fields.len() == FIELDS)
}

/// A row of the table of cookies that DevTools show: name, value, host, path, end, and more.
fn row(fields: &[&str]) -> Option<Cookie> {
    let [name, value, host, path, rest @ ..] = fields else {
        return None;
    };
    let ends = rest
        .first()
        .and_then(|text| text.trim().parse::<Timestamp>().ok());
    let plausible = path.starts_with('/') && !name.trim().is_empty() && !host.contains([' ', '/']);
    plausible.then(|| Cookie {
        path: Some(path.trim().to_owned()),
        ends: ends.map(Timestamp::as_second),
        ..Cookie::new(name.trim(), *value).under(host, false)
    })
}

fn not_understood(line: usize, fields: usize) -> Error {
    let fields = match fields {
        1 => "1 field".to_owned(),
        n => format!("{n} fields"),
    };
    Error::new(
        Kind::Usage,
        format!(
            "Line {line} of the cookies is not understood: it has {fields}, and a cookies.txt has {FIELDS}."
        ),
    )
    .hint("the fields stand with tabs between; an editor or a mail may have made blanks of them")
}
