//! Text as Java holds it: UTF-16 units, of which not every sequence is Unicode.

use std::fmt;

/// Holds a key or a value as Java reads it: UTF-16 units, since `\ud800` alone is legal there.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct JavaText(Vec<u16>);

impl JavaText {
    /// The UTF-16 units.
    pub fn units(&self) -> &[u16] {
        &self.0
    }

    /// Tells whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Gives the text with U+FFFD for each surrogate that stands alone.
    pub fn to_string_lossy(&self) -> String {
        String::from_utf16_lossy(&self.0)
    }

    pub(super) fn push(&mut self, c: char) {
        self.0.extend_from_slice(c.encode_utf16(&mut [0; 2]));
    }

    pub(super) fn push_unit(&mut self, unit: u16) {
        self.0.push(unit);
    }
}

impl From<&str> for JavaText {
    fn from(text: &str) -> Self {
        Self(text.encode_utf16().collect())
    }
}

impl From<Vec<u16>> for JavaText {
    fn from(units: Vec<u16>) -> Self {
        Self(units)
    }
}

impl fmt::Debug for JavaText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.to_string_lossy(), f)
    }
}
