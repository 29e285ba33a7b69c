//! Masks registered secrets in whatever passes.

use std::sync::{Mutex, PoisonError};

use zeroize::Zeroizing;

use crate::secret::Secret;

/// What stands in the place of a secret.
pub(crate) const MASK: &str = "‹secret›";

/// Shorter secrets are not looked for: every second word would be masked.
const SHORTEST: usize = 4;

/// The texts that must not pass, longest first.
#[derive(Default)]
pub(crate) struct Hidden(Mutex<Vec<Zeroizing<String>>>);

impl Hidden {
    /// Adds a secret as it is, and as it looks inside an address or a Rust string.
    pub(crate) fn add(&self, secret: &Secret) {
        let text = secret.expose();
        if text.chars().count() < SHORTEST {
            return;
        }
        let encoded: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for form in [
            text.to_owned(),
            encoded.replace('+', "%20"),
            encoded,
            text.escape_debug().to_string(),
        ] {
            let form = Zeroizing::new(form);
            if !known.contains(&form) {
                known.push(form);
            }
        }
        // The longest first, or a secret that holds another one would leave its rest behind.
        known.sort_by_key(|form| std::cmp::Reverse(form.len()));
    }

    /// Gives the text with every secret masked.
    pub(crate) fn mask(&self, text: &str) -> String {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.iter().fold(text.to_owned(), |text, form| {
            if text.contains(form.as_str()) {
                text.replace(form.as_str(), MASK)
            } else {
                text
            }
        })
    }

    /// Masks inside the strings of a JSON value, keys included.
    pub(crate) fn mask_json(&self, value: &mut serde_json::Value) {
        use serde_json::Value;
        match value {
            Value::String(text) => *text = self.mask(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.mask_json(item)),
            Value::Object(members) => {
                let masked = std::mem::take(members).into_iter().map(|(key, mut member)| {
                    self.mask_json(&mut member);
                    (self.mask(&key), member)
                });
                *members = masked.collect();
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}
