//! The judgement: a person's own rules, then what was learned, then the rules that are built in.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::pattern::Pattern;
use crate::sensitive::name::{self, Verdict};
use crate::sensitive::{Sensitivity, mask, value};

/// The rules by which values are judged; the default is the built-in ones. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Rules(Arc<Known>);

#[derive(Debug, Default)]
struct Known {
    own: Vec<(Vec<Pattern>, Option<Sensitivity>)>,
    learned: BTreeSet<(String, String)>,
}

impl Rules {
    /// Takes a person's own rules, the first that names a key being the one that counts (nothing: it is no secret), and
    /// keys that an instance was seen to encrypt: document's path and key.
    pub fn new(
        own: Vec<(Vec<Pattern>, Option<Sensitivity>)>,
        learned: impl IntoIterator<Item = (String, String)>,
    ) -> Self {
        Self(Arc::new(Known {
            own,
            learned: learned.into_iter().collect(),
        }))
    }

    /// Gives the same with further keys that were seen to be encrypted.
    pub fn with_learned(&self, learned: impl IntoIterator<Item = (String, String)>) -> Self {
        let before = self.0.learned.iter().cloned();
        Self::new(self.0.own.clone(), before.chain(learned).collect::<Vec<_>>())
    }

    /// Gives the keys that an instance was seen to encrypt: document's path and key.
    pub fn learned(&self) -> impl Iterator<Item = (&str, &str)> {
        let learned = self.0.learned.iter();
        learned.map(|(document, key)| (document.as_str(), key.as_str()))
    }

    /// Judges a value by the document's path (`configuration/CONNECTORS`), its key and its shape; an empty value is
    /// neither encrypted nor secret.
    pub fn classify(&self, document: &str, key: &str, value: &str) -> Option<Sensitivity> {
        self.of(document).classify(key, value)
    }

    /// Tells by name alone whether a key's value would be secret or encrypted.
    pub fn is_secret_name(&self, document: &str, key: &str) -> bool {
        self.of(document).is_secret_name(key)
    }

    /// Gives a document's text with every secret replaced by [`masked_value`](crate::sensitive::masked_value); the
    /// number of lines stays.
    pub fn mask_text(&self, document: &str, text: &str) -> String {
        mask::mask_text(self.of(document), text)
    }

    fn of<'a>(&'a self, document: &'a str) -> Judge<'a> {
        Judge {
            rules: &self.0,
            document,
        }
    }
}

/// The rules as they are for one document.
#[derive(Clone, Copy)]
pub(crate) struct Judge<'a> {
    rules: &'a Known,
    document: &'a str,
}

impl Judge<'_> {
    /// Judges a value, markup and JSON in it included.
    pub(crate) fn classify(self, key: &str, value: &str) -> Option<Sensitivity> {
        let judged = self.classify_flat(key, value);
        if judged.is_some() || self.own(key).is_some() {
            return judged;
        }
        mask::hides_in_markup(self, value.trim()).then_some(Sensitivity::Secret)
    }

    /// Judges a value without looking for markup in it, which would look for values in turn.
    pub(crate) fn classify_flat(self, key: &str, value: &str) -> Option<Sensitivity> {
        let value = value.trim();
        if value.is_empty() {
            return None;
        }
        if let Some(own) = self.own(key) {
            return own;
        }
        if self.is_learned(key) || name::is_known(key) || value::says_encrypted(value) {
            return Some(Sensitivity::Encrypted);
        }
        let encrypted = match name::verdict(key) {
            Verdict::Secret => !value::is_other_than_secret(value),
            Verdict::Related => !value::is_plainly_other(value),
            Verdict::Innocent => {
                name::is_opaque_in(self.document, key, value.len()) && value::is_ciphertext_shaped(value)
            }
        };
        if encrypted {
            return Some(Sensitivity::Encrypted);
        }
        // A long number may be a password in clear, but never ciphertext: it is hidden, and written like any other value.
        let may_be_typed = name::verdict(key) == Verdict::Related && value::is_long_number(value);
        (may_be_typed || value::holds_secret(value)).then_some(Sensitivity::Secret)
    }

    /// Judges by name alone.
    pub(crate) fn is_secret_name(self, key: &str) -> bool {
        if let Some(own) = self.own(key) {
            return own.is_some();
        }
        self.is_learned(key)
            || name::is_known(key)
            || name::verdict(key) != Verdict::Innocent
            || name::is_opaque_in(self.document, key, usize::MAX)
    }

    /// What a person has said of a key.
    fn own(self, key: &str) -> Option<Option<Sensitivity>> {
        let names = |p: &Pattern| p.is_document(self.document) || p.is_key(self.document, key);
        let mut own = self.rules.own.iter();
        own.find(|(patterns, _)| patterns.iter().any(names))
            .map(|(_, judged)| *judged)
    }

    fn is_learned(self, key: &str) -> bool {
        let learned = &self.rules.learned;
        // Most instances have none, and this is asked of every line.
        !learned.is_empty() && learned.contains(&(self.document.to_owned(), key.to_owned()))
    }
}
