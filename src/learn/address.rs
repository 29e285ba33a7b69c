//! Addresses as a profile may hold them: without tokens, sessions, and numbers that only keep caches away.

use std::borrow::Cow;
use std::collections::BTreeSet;

use jiff::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use url::Url;

use crate::recording::Recording;
use crate::sensitive::Rules;

/// A text shorter than this is not taken for a secret because of its looks.
const SHORTEST_SECRET: usize = 16;
/// A cookie's value shorter than this is a setting, not a secret.
const SHORTEST_COOKIE: usize = 8;
/// A day, in milliseconds: a number nearer than that to the time of its request is a time itself.
const NEAR: i64 = 86_400_000;

/// What is left as it is in an address beside letters and digits.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// Knows the secrets of a recording, so that none of them gets into what is learned.
#[derive(Default)]
pub(super) struct Secrets(BTreeSet<String>);

impl Secrets {
    /// Gathers what cookies and authorization headers of a recording hold.
    pub(super) fn of(recording: &Recording) -> Self {
        let mut secrets = Self::default();
        for exchange in &recording.exchanges {
            let cookies = exchange.request_cookies.iter().map(|(_, value)| value.as_str());
            let set = exchange
                .response_headers
                .iter()
                .filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"))
                .flat_map(|(_, value)| value.lines())
                .filter_map(|line| line.split(';').next()?.split_once('='))
                .map(|(_, value)| value);
            for value in cookies.chain(set) {
                let value = value.trim().trim_matches('"');
                // A word, or an address on the page, is a setting.
                let plain = value
                    .chars()
                    .all(|c| c.is_ascii_alphabetic() || c == '/' || c == '-' || c == '_');
                if value.len() >= SHORTEST_COOKIE
                    && !(plain && value.len() < SHORTEST_SECRET)
                    && !value.starts_with('/')
                {
                    secrets.add(value);
                    secrets.add(&decoded(value));
                }
            }
            if let Some(value) = exchange.request_header("authorization") {
                secrets.add(value);
            }
        }
        secrets
    }

    /// Adds one that was recognised.
    pub(super) fn add(&mut self, value: &str) {
        if !value.is_empty() {
            self.0.insert(value.to_owned());
        }
    }

    /// Tells whether a text is a secret, by what is known or by its looks.
    pub(super) fn is(&self, value: &str) -> bool {
        self.0.contains(value) || looks_secret(value)
    }

    /// Tells whether a secret that is known stands in a text.
    pub(super) fn stand_in(&self, text: &str) -> bool {
        self.0
            .iter()
            .any(|secret| secret.len() >= SHORTEST_COOKIE && text.contains(secret.as_str()))
    }

    /// Gives an address without fragment, session, tokens, and the time it was asked at.
    pub(super) fn clean(&self, url: &Url, at: Option<Timestamp>) -> Url {
        let mut clean = url.clone();
        clean.set_fragment(None);
        if url.path().contains(';') {
            let segments: Vec<&str> = url
                .path()
                .split('/')
                .map(|segment| segment.split(';').next().unwrap_or_default())
                .collect();
            clean.set_path(&segments.join("/"));
        }
        if let Some(query) = url.query() {
            let kept: Vec<&str> = query
                .split('&')
                .filter(|pair| {
                    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                    // Nothing that is called a secret gets into a profile, however short it is.
                    !pair.is_empty()
                        && !self.is(&form_decoded(value))
                        && !Rules::default().is_secret_name("", name)
                        && !is_time(name, value, at)
                })
                .collect();
            clean.set_query(Some(kept.join("&").as_str()).filter(|query| !query.is_empty()));
        }
        clean
    }

    /// Tells whether two addresses mean the same.
    pub(super) fn same(
        &self,
        (one, at): (&Url, Option<Timestamp>),
        (other, then): (&Url, Option<Timestamp>),
    ) -> bool {
        let (one, other) = (self.clean(one, at), self.clean(other, then));
        let sorted = |url: &Url| {
            let mut pairs: Vec<(String, String)> = url
                .query_pairs()
                .map(|(name, value)| (name.into_owned(), value.into_owned()))
                .collect();
            pairs.sort();
            pairs
        };
        one.origin() == other.origin()
            && decoded(one.path()) == decoded(other.path())
            && sorted(&one) == sorted(&other)
    }
}

/// Writes an address as a profile holds it: path and query.
pub(super) fn within(clean: &Url) -> String {
    let path = clean.path().to_owned();
    let whole = match clean.query() {
        Some(query) => format!("{path}?{query}"),
        None => path,
    };
    whole
        .replace('{', "%7B")
        .replace('}', "%7D")
        .replace("://", "%3A//")
}

/// Writes an address with `{name}` in place of a word; none where the word does not stand in it as a piece of its own.
pub(super) fn template(clean: &Url, word: &str) -> Option<String> {
    if word.is_empty() {
        return None;
    }
    let path: Vec<&str> = clean.path().split('/').collect();
    let query: Vec<&str> = clean
        .query()
        .map(|query| query.split('&').collect())
        .unwrap_or_default();
    let whole_segment = path.iter().rposition(|segment| decoded(segment) == word);
    let value = |pair: &&str| {
        pair.split_once('=')
            .is_some_and(|(_, value)| form_decoded(value) == word)
    };
    let whole_value = query.iter().rposition(value);
    let shielded = |text: &str| within_text(text).replace('\u{1}', "{name}");
    let joined = |path: &[String], query: &[String]| {
        let path = path.join("/");
        match query.is_empty() {
            true => shielded(&path),
            false => shielded(&format!("{path}?{}", query.join("&"))),
        }
    };
    let mut path: Vec<String> = path.into_iter().map(str::to_owned).collect();
    let mut query: Vec<String> = query.into_iter().map(str::to_owned).collect();
    if let Some(at) = whole_value {
        let name = query[at].split('=').next().unwrap_or_default();
        query[at] = format!("{name}=\u{1}");
        return Some(joined(&path, &query));
    }
    if let Some(at) = whole_segment {
        path[at] = "\u{1}".to_owned();
        return Some(joined(&path, &query));
    }
    for piece in query.iter_mut().chain(path.iter_mut()).rev() {
        if let Some(marked) = marked_within(piece, word) {
            *piece = marked;
            return Some(joined(&path, &query));
        }
    }
    None
}

/// Marks a word that stands in a piece of an address between signs, as in `Files('17')`.
fn marked_within(piece: &str, word: &str) -> Option<String> {
    let encoded = utf8_percent_encode(word, PLAIN).to_string();
    [word, encoded.as_str()].into_iter().find_map(|word| {
        let at = piece.rfind(word)?;
        let (before, after) = (&piece[..at], &piece[at + word.len()..]);
        let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != '-');
        // Behind `%27` a word begins, too.
        let opened = before.ends_with("%27") || before.ends_with("%28") || edge(before.chars().last());
        let inside = !before.is_empty() && opened && edge(after.chars().next());
        inside.then(|| format!("{before}\u{1}{after}"))
    })
}

fn within_text(text: &str) -> String {
    text.replace('{', "%7B")
        .replace('}', "%7D")
        .replace("://", "%3A//")
}

/// Decodes a piece of a path.
pub(super) fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// Decodes a value of a query.
fn form_decoded(text: &str) -> String {
    let blanks: Cow<'_, str> = match text.contains('+') {
        true => text.replace('+', " ").into(),
        false => text.into(),
    };
    decoded(&blanks)
}

/// Tells whether a parameter is the time of its request: what keeps caches away.
fn is_time(name: &str, value: &str, at: Option<Timestamp>) -> bool {
    if value.len() < 10 || !value.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    let Ok(number) = value.parse::<i64>() else {
        return false;
    };
    match at {
        Some(at) => [number, number.saturating_mul(1000)]
            .iter()
            .any(|ms| (ms - at.as_millisecond()).abs() < NEAR),
        None => name == "_",
    }
}

/// Tells whether a text looks like a token: long, of one word, and mixed as nobody writes.
pub(super) fn looks_secret(text: &str) -> bool {
    let token = |c: char| c.is_ascii_alphanumeric() || "-_.~+/=:".contains(c);
    if text.len() < SHORTEST_SECRET || !text.chars().all(token) {
        return false;
    }
    let signs: Vec<char> = text.chars().filter(char::is_ascii_alphanumeric).collect();
    let turns =
        |differ: fn(char, char) -> bool| signs.windows(2).filter(|pair| differ(pair[0], pair[1])).count();
    let to_digit = turns(|one, other| one.is_ascii_digit() != other.is_ascii_digit());
    let of_case = turns(|one, other| {
        one.is_ascii_alphabetic()
            && other.is_ascii_alphabetic()
            && one.is_ascii_lowercase() != other.is_ascii_lowercase()
    });
    let digits = signs.iter().filter(|c| c.is_ascii_digit()).count();
    let only_digits = digits == text.len() && text.len() >= 20;
    only_digits || (digits >= 3 && to_digit >= 4) || (of_case >= 7 && text.len() >= 20)
}
