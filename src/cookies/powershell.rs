//! A request that DevTools copies for PowerShell: `Invoke-WebRequest`, with the cookies put into a session before.

use crate::cookies::header::Headers;
use crate::cookies::{Cookie, Handed, no_cookies, shell};
use crate::error::Result;

/// Tells whether a text is such a request.
pub(super) fn is_it(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    ["invoke-webrequest", "invoke-restmethod", "system.net.cookie"]
        .iter()
        .any(|word| text.contains(word))
}

/// Reads it. Nothing of it is run.
pub(super) fn read(text: &str) -> Result<Handed> {
    let lower = text.to_ascii_lowercase();
    let mut headers = Headers::default();
    if let Some((_, address)) = after(text, &lower, "-uri") {
        strings(address, 1)
            .iter()
            .for_each(|address| headers.address(address));
    }
    if let Some((_, agent)) = after(text, &lower, ".useragent") {
        strings(agent, 1)
            .into_iter()
            .for_each(|agent| headers.user_agent(agent));
    }
    // Headers of a table: `"cookie"="…"`.
    for name in ["cookie", "user-agent"] {
        for quote in ['"', '\''] {
            if let Some((_, value)) = after(text, &lower, &format!("{quote}{name}{quote}"))
                && let Some(value) = value.trim_start().strip_prefix('=')
                && let Some(value) = strings(value, 1).pop()
            {
                headers.header(name, &value);
            }
        }
    }
    let mut handed = headers.handed();
    for (at, word) in lower.match_indices("system.net.cookie(") {
        let inside = &text[at + word.len()..];
        // Name, value, path, host.
        let strings = strings(inside, 4);
        let [name, value, rest @ ..] = strings.as_slice() else {
            continue;
        };
        let cookie = Cookie::new(name, value);
        let cookie = match rest.get(1) {
            Some(host) => cookie.under(host, false),
            None => cookie,
        };
        let path = rest.first().filter(|path| path.starts_with('/')).cloned();
        handed.cookies.push(Cookie { path, ..cookie });
    }
    match handed.cookies.is_empty() {
        true => Err(no_cookies("This request sends no cookies.")),
        false => Ok(handed),
    }
}

fn after<'t>(text: &'t str, lower: &str, word: &str) -> Option<(usize, &'t str)> {
    let at = lower.find(word)?;
    Some((at, &text[at + word.len()..]))
}

/// The first strings of a piece of code, up to the bracket that ends what it stands in.
fn strings(code: &str, most: usize) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = code;
    while found.len() < most {
        let Some(start) = rest.find(['"', '\'', ')', '\n']) else {
            break;
        };
        let quote = rest[start..].chars().next().unwrap_or(')');
        if quote == ')' || quote == '\n' {
            break;
        }
        let Some(length) = ends(&rest[start..], quote) else {
            break;
        };
        found.extend(shell::powershell(&rest[start..start + length]).into_iter().next());
        rest = &rest[start + length..];
    }
    found
}

/// The length of a string with its quotation marks; a doubled one and one behind a backtick end none.
fn ends(text: &str, quote: char) -> Option<usize> {
    let mut letters = text.char_indices().skip(1).peekable();
    while let Some((at, letter)) = letters.next() {
        if letter == '`' && quote == '"' {
            letters.next();
        } else if letter == quote && letters.next_if(|(_, next)| *next == quote).is_none() {
            return Some(at + quote.len_utf8());
        }
    }
    None
}
