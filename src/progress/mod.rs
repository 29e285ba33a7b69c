//! What a long run tells those who wait for it.
//!
//! Values only: nothing is printed here.

/// Hears how far a run has come.
pub trait Progress: Sync {
    /// So many more things are going to be done, as far as is known now.
    fn expect(&self, more: usize);
    /// One of them is done.
    fn done(&self, what: &str);
}

/// Hears nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn expect(&self, _more: usize) {}
    fn done(&self, _what: &str) {}
}
