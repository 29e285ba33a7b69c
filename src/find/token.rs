//! The guard's token (OWASP CSRFGuard): in a field, in a link, in a `meta`, or in a script that a browser would run.

use crate::page::{Form, Page};
use crate::profile;

/// A token as it is to be sent: the name of the field and its value.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    /// Name of the field or query parameter.
    pub name: String,
    /// The token itself; a secret for as long as the session lives.
    pub value: String,
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Token {{ name: {:?} }}", self.name)
    }
}

/// The shortest text that is taken for a token.
const SHORTEST: usize = 12;

/// Finds the token in a page's forms, links, `meta`s or own scripts.
pub fn token_in_page(page: &Page, rules: &profile::Token) -> Option<Token> {
    let fields = page.forms.iter().find_map(|form| in_fields(form, rules));
    let shown = fields.or_else(|| in_addresses(page, rules));
    shown.or_else(|| in_metas(page, rules)).or_else(|| {
        page.scripts
            .iter()
            .find_map(|script| token_in_script(&script.text, rules))
    })
}

fn in_fields(form: &Form, rules: &profile::Token) -> Option<Token> {
    let field = form
        .controls
        .iter()
        .find(|c| rules.names.contains(&c.name) && !c.value.is_empty())?;
    Some(Token {
        name: field.name.clone(),
        value: field.value.clone(),
    })
}

fn in_metas(page: &Page, rules: &profile::Token) -> Option<Token> {
    let mut metas = page.metas.iter();
    let (name, value) = metas.find(|(name, value)| rules.names.contains(name) && !value.is_empty())?;
    let (name, value) = (name.clone(), value.clone());
    Some(Token { name, value })
}

fn in_addresses(page: &Page, rules: &profile::Token) -> Option<Token> {
    let addresses = page
        .forms
        .iter()
        .map(|f| &f.action)
        .chain([&page.url])
        .chain(page.links.iter().map(|l| &l.url));
    addresses
        .flat_map(|url| url.query_pairs())
        .find_map(|(name, value)| {
            let ours = rules.names.iter().any(|n| *n == name) && !value.is_empty();
            ours.then(|| Token {
                name: name.into_owned(),
                value: value.into_owned(),
            })
        })
}

/// Finds the token in a script: the first string after the token's name that looks like one.
///
/// CSRFGuard's own script carries both as strings, as in `injectTokens("OWASP_CSRFTOKEN", "…")` or as two
/// assignments; where the value stands first, the last one before the name is taken.
pub fn token_in_script(script: &str, rules: &profile::Token) -> Option<Token> {
    let strings = strings(script);
    rules.names.iter().find_map(|name| {
        let at = strings.iter().position(|s| s == name)?;
        let value = strings[at + 1..]
            .iter()
            .find(|s| looks_like_token(s))
            .or_else(|| strings[..at].iter().rev().find(|s| looks_like_token(s)))?;
        Some(Token {
            name: name.clone(),
            value: (*value).to_owned(),
        })
    })
}

fn looks_like_token(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_+/=.".contains(c);
    text.len() >= SHORTEST
        && text.chars().all(plain)
        && text.chars().any(|c| c.is_ascii_digit())
        && text.chars().any(|c| c.is_ascii_alphabetic())
        && !text.ends_with(".js")
        && !text.starts_with('/')
}

/// Cuts the string literals out of a script; comments are skipped, as they hold apostrophes.
pub(super) fn strings(script: &str) -> Vec<&str> {
    let bytes = script.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'/' if bytes.get(at + 1) == Some(&b'/') => {
                at += bytes[at..]
                    .iter()
                    .position(|b| *b == b'\n')
                    .unwrap_or(bytes.len() - at);
            }
            b'/' if bytes.get(at + 1) == Some(&b'*') => {
                at = script[at + 2..]
                    .find("*/")
                    .map_or(bytes.len(), |end| at + 2 + end + 2);
            }
            quote @ (b'"' | b'\'') => {
                let start = at + 1;
                at = start;
                while at < bytes.len() && bytes[at] != quote && bytes[at] != b'\n' {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                if let Some(text) = script.get(start..at.min(bytes.len())) {
                    found.push(text);
                }
                at += 1;
            }
            _ => at += 1,
        }
    }
    found
}
