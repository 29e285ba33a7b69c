//! Which keys hold encrypted or secret values, and how they are kept out of sight.
//!
//! Rules are data (`rules`): words of names, known keys, shapes of values. In doubt a secret *name* counts: a value
//! shown or sent by mistake does harm, one hidden by mistake does not. Serves promises 6 and 10. It knows nothing of
//! instances and learns nothing.

mod json;
mod markup;
mod mask;
mod name;
mod rules;
mod value;
mod words;

use crate::sensitive::name::Verdict;

pub use crate::sensitive::mask::mask_text;
pub use crate::sensitive::value::is_mask;
pub(crate) use crate::sensitive::words::of as words_of;

/// Why a value must not be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sensitivity {
    /// The server is believed to encrypt it: what is read is not what was entered, and must be sent nowhere else.
    Encrypted,
    /// It is a secret in clear, such as a password inside an address.
    Secret,
}

/// The rules by which values are judged: those of this program.
#[derive(Debug, Clone, Default)]
pub struct Rules {}

impl Rules {
    /// Judges a value by the document's path (`configuration/CONNECTORS`), its key and its shape; an empty value is
    /// neither encrypted nor secret.
    pub fn classify(&self, document: &str, key: &str, value: &str) -> Option<Sensitivity> {
        classify(document, key, value)
    }

    /// Gives the text with every secret replaced by [`masked_value`]; the number of lines stays.
    pub fn mask_text(&self, document: &str, text: &str) -> String {
        mask_text(document, text)
    }

    /// Tells by name alone whether a key's value would be secret or encrypted.
    pub fn is_secret_name(&self, document: &str, key: &str) -> bool {
        is_secret_name(document, key)
    }
}

/// What stands in place of every secret, `‹secret›`.
pub const fn masked_value() -> &'static str {
    "‹secret›"
}

/// Judges a value by the document's path (`configuration/CONNECTORS`), its key and its shape; an empty value is
/// neither encrypted nor secret.
pub fn classify(document: &str, key: &str, value: &str) -> Option<Sensitivity> {
    let judged = classify_flat(document, key, value);
    judged.or_else(|| mask::hides_in_markup(document, value.trim()).then_some(Sensitivity::Secret))
}

/// Judges a value without looking for markup in it, which would look for values in turn.
fn classify_flat(document: &str, key: &str, value: &str) -> Option<Sensitivity> {
    let value = value.trim();
    if value.is_empty() {
        return None;
    }
    if name::is_known(key) || value::says_encrypted(value) {
        return Some(Sensitivity::Encrypted);
    }
    let encrypted = match name::verdict(key) {
        Verdict::Secret => !value::is_other_than_secret(value),
        Verdict::Related => !value::is_plainly_other(value),
        Verdict::Innocent => {
            name::is_opaque_in(document, key, value.len()) && value::is_ciphertext_shaped(value)
        }
    };
    if encrypted {
        return Some(Sensitivity::Encrypted);
    }
    // A long number may be a password in clear, but never ciphertext: it is hidden, and written like any other value.
    let may_be_typed = name::verdict(key) == Verdict::Related && value::is_long_number(value);
    (may_be_typed || value::holds_secret(value)).then_some(Sensitivity::Secret)
}

/// Tells by name alone whether a key's value would be secret or encrypted.
pub fn is_secret_name(document: &str, key: &str) -> bool {
    name::is_known(key)
        || name::verdict(key) != Verdict::Innocent
        || name::is_opaque_in(document, key, usize::MAX)
}

#[cfg(test)]
mod mask_tests;
#[cfg(test)]
mod tests;
