//! Secrets: text that no output shows, and the operating system's keyring that keeps it.
//!
//! It knows nothing of instances or pages. It serves promise 10: a [`Secret`] has no way into a message but
//! [`Secret::expose`], which is called where the value is used and nowhere else.

pub mod keyring;
pub mod sealed;

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroize;

/// Holds a text that must never be shown; its buffer is wiped when it is dropped.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Reads the one line that a pipe or a command gave: UTF-8, one line end at its end is taken off.
    ///
    /// Gives `None` for what is not UTF-8. The bytes handed in are wiped.
    pub fn from_line(mut bytes: Vec<u8>) -> Option<Self> {
        let line = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let secret = std::str::from_utf8(line)
            .ok()
            .map(|text| Self(SecretString::from(Box::<str>::from(text))));
        bytes.zeroize();
        secret
    }

    /// Shows the text to the code that uses it.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Tells whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.expose().is_empty()
    }
}

impl From<String> for Secret {
    /// Copies the text into a buffer of its exact size and wipes the one handed in, because shrinking a
    /// `String` may leave a copy behind.
    fn from(mut text: String) -> Self {
        let secret = Self(SecretString::from(Box::<str>::from(text.as_str())));
        text.zeroize();
        secret
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(‹secret›)")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("‹secret›")
    }
}

#[cfg(test)]
mod tests;
