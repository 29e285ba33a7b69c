//! Which keys hold encrypted or secret values, and how they are kept out of sight.
//!
//! Rules are data (`rules`): words of names, known keys, shapes of values; a person's own rules go before them, and keys
//! that were learned to be encrypted after. In doubt a secret *name* counts: a value shown or sent by mistake does harm, one
//! hidden by mistake does not. Serves promises 6 and 10. It knows nothing of instances.

mod called;
mod json;
mod judge;
mod markup;
mod mask;
mod name;
mod rules;
mod value;
mod words;

pub use crate::sensitive::called::called;
pub use crate::sensitive::judge::Rules;
pub use crate::sensitive::value::{is_ciphertext_shaped, is_mask};
pub(crate) use crate::sensitive::words::of as words_of;

/// Why a value must not be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sensitivity {
    /// The server is believed to encrypt it: what is read is not what was entered, and must be sent nowhere else.
    Encrypted,
    /// It is a secret in clear, such as a password inside an address.
    Secret,
}

/// What stands in place of every secret, `‹secret›`.
pub const fn masked_value() -> &'static str {
    "‹secret›"
}

#[cfg(test)]
mod mask_tests;
#[cfg(test)]
mod tests;
