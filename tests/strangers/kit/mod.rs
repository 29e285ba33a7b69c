//! A kit to imagine LMSes with: one function answers all requests, and a world remembers what came.
//!
//! It shares no code with the program or with the practice LMS, so that it cannot share their mistakes.

mod ask;
mod plain;
mod serve;
mod stage;

use std::collections::{BTreeMap, BTreeSet};

use encoding_rs::Encoding;

pub(super) use ask::{Ask, Reply};
pub(super) use plain::{gate, login_form, page, plain, save, texts};
pub(super) use stage::Stage;

/// The admin of all imagined LMSes.
pub(super) const USER: &str = "KEEPER";
/// The admin's password; it has what a form can spoil.
pub(super) const PASSWORD: &str = "s3cret & +ü%";

/// What a server holds and what it has seen.
#[derive(Debug, Clone, Default)]
pub(super) struct World {
    /// The configuration files in their order: name and text with LF.
    pub(super) files: Vec<(String, String)>,
    /// Every request: method, path with query, and the names of the fields.
    pub(super) log: Vec<String>,
    /// What no browser would have sent, or nobody should have asked for.
    pub(super) wrong: Vec<String>,
    /// Cookies or ids of those who are signed in.
    pub(super) inside: BTreeSet<String>,
    /// How often a password was sent.
    pub(super) tries: usize,
    /// What a tenant keeps for itself.
    pub(super) notes: BTreeMap<String, String>,
}

impl World {
    /// Gives the text of a file.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.files
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, text)| text.clone())
    }

    /// Stores what a browser has sent as the text of a file.
    pub(super) fn store(&mut self, name: &str, sent: &str) {
        if sent.replace("\r\n", "").contains(['\r', '\n']) {
            self.wrong.push(format!(
                "the text of {name} came with line ends that are not CRLF"
            ));
        }
        match self.files.iter_mut().find(|(n, _)| n == name) {
            Some((_, text)) => *text = sent.replace("\r\n", "\n"),
            None => self
                .wrong
                .push(format!("a text came for `{name}`, which is no file")),
        }
    }

    /// Holds what was sent against what a browser sends: names and values in their order, `*` for any value.
    pub(super) fn sent(&mut self, ask: &Ask, wanted: &[(&str, &str)]) -> bool {
        let same = ask.fields.len() == wanted.len()
            && ask
                .fields
                .iter()
                .zip(wanted)
                .all(|((name, value), (n, v))| name == n && (*v == "*" || value == v));
        if !same {
            let sent: Vec<(&str, String)> = ask
                .fields
                .iter()
                .map(|(n, v)| (n.as_str(), v.chars().take(40).collect()))
                .collect();
            self.wrong.push(format!(
                "{} was sent {sent:?}, a browser sends {wanted:?}",
                ask.path
            ));
        }
        same
    }

    /// Gives a number that was not given before.
    pub(super) fn number(&mut self) -> usize {
        let next = self
            .notes
            .get("number")
            .map_or(1, |n| n.parse::<usize>().unwrap() + 1);
        self.notes.insert("number".into(), next.to_string());
        next
    }

    /// Checks a name and a password, and counts the try.
    pub(super) fn admits(&mut self, user: &str, password: &str) -> bool {
        self.tries += 1;
        user == USER && password == PASSWORD
    }
}

/// An imagined LMS.
#[derive(Clone, Copy)]
pub(super) struct Tenant {
    /// The door: an answer for those who are outside or on their way in.
    pub(super) gate: fn(&mut World, &Ask) -> Option<Reply>,
    /// Everything behind it.
    pub(super) page: fn(&mut World, &Ask) -> Reply,
    /// The charset that pages and forms are in.
    pub(super) charset: &'static Encoding,
    /// The files it begins with.
    pub(super) files: fn() -> Vec<(String, String)>,
}

/// Escapes text for markup.
pub(super) fn esc(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// Percent-encodes a query's value, blanks as `+`.
pub(super) fn enc(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC)
        .to_string()
        .replace("%20", "+")
}
