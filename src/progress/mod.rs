//! What a long run tells those who wait for it, and how they stop it.
//!
//! Values only: nothing is printed here.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::{Error, Kind, Result};

/// Hears how far a run has come.
pub trait Progress: Sync {
    /// So many things are going to be done, as far as is known now.
    fn expect(&self, total: usize);
    /// One of them is done.
    fn done(&self, what: &str);
}

/// Hears nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn expect(&self, _total: usize) {}
    fn done(&self, _what: &str) {}
}

/// A person's wish to stop; drivers ask for it where stopping leaves nothing half done.
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Wishes to stop.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Tells whether somebody wished to stop.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    /// Ends with [`Kind::Stopped`] when somebody wished to stop.
    ///
    /// # Errors
    /// [`Kind::Stopped`].
    pub fn check(&self) -> Result<()> {
        if self.is_cancelled() { Err(Error::new(Kind::Stopped, "Stopped.")) } else { Ok(()) }
    }
}
