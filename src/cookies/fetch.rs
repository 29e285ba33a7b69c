//! A request that DevTools copies as `fetch`, for Node.js: the one for browsers has no cookies in it.

use crate::cookies::header::Headers;
use crate::cookies::{Handed, no_cookies};
use crate::error::Result;

/// Tells whether a text is such a request.
pub(super) fn is_it(text: &str) -> bool {
    let code = text.trim_start();
    let code = code.strip_prefix("await ").unwrap_or(code);
    code.starts_with("fetch(")
}

/// Reads it. Nothing of it is run.
pub(super) fn read(text: &str) -> Result<Handed> {
    let mut headers = Headers::default();
    let strings = strings(text);
    if let Some(address) = strings.first() {
        headers.address(address);
    }
    for pair in strings.windows(2) {
        let name = pair[0].to_ascii_lowercase();
        if matches!(name.as_str(), "cookie" | "user-agent") {
            headers.header(&name, &pair[1]);
        }
    }
    let handed = headers.handed();
    match handed.cookies.is_empty() {
        true => Err(no_cookies("This request has no cookies in it.")
            .hint("\"Copy as fetch\" leaves cookies out: choose \"Copy as cURL\" in its place")),
        false => Ok(handed),
    }
}

/// The strings of a piece of code in their order, as JSON writes them.
fn strings(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = code;
    while let Some(start) = rest.find('"') {
        let mut texts = serde_json::Deserializer::from_str(&rest[start..]).into_iter::<String>();
        match texts.next() {
            Some(Ok(text)) => {
                found.push(text);
                rest = &rest[start + texts.byte_offset()..];
            }
            _ => break,
        }
    }
    found
}
