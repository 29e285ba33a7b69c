//! A `Cookie` header, alone or among the other headers of a request as DevTools shows them.

use crate::cookies::{Cookie, Handed, no_cookies};
use crate::error::Result;

/// Reads the headers of a request, or the value of one `Cookie` header.
pub(super) fn read(text: &str) -> Result<Handed> {
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let mut handed = Handed::default();
    let mut takes = |line: &str| header(&mut handed, line);
    match lines.as_slice() {
        [only] if !takes(only) => handed.cookies = pairs(only),
        [_] => {}
        several => drop(several.iter().map(|line| takes(line)).collect::<Vec<_>>()),
    }
    // A value by itself, broken into lines by whatever it was copied through, cannot be told from other text.
    match handed.cookies.is_empty() {
        true => Err(no_cookies("What was copied is not understood.")),
        false => Ok(handed),
    }
}

/// Takes what is of use in a line `name: value`; tells whether it was a header of use.
pub(super) fn header(handed: &mut Handed, line: &str) -> bool {
    let Some((name, value)) = line.split_once(':') else {
        return false;
    };
    match name.trim().to_ascii_lowercase().as_str() {
        "cookie" => handed.cookies.extend(pairs(value)),
        "user-agent" => handed.user_agent = Some(value.trim().to_owned()),
        _ => return false,
    }
    true
}

/// Takes the value of a `Cookie` header apart (RFC 6265, "cookie-string").
pub(super) fn pairs(value: &str) -> Vec<Cookie> {
    let pair = |text: &str| {
        let (name, value) = text.split_once('=')?;
        Some(Cookie::new(name.trim(), value.trim()))
    };
    value.split(';').filter_map(pair).collect()
}
