//! The wish to stop, as drivers can ask for it between two steps.

use tokio::sync::watch;

use crate::error::{Error, Kind, Result};

/// Carries the wish to stop from whoever pressed Ctrl-C to the driver at work; clones share it.
#[derive(Debug, Clone)]
pub struct Cancel(watch::Sender<bool>);

impl Cancel {
    /// Makes one that nobody has asked for yet.
    pub fn new() -> Self {
        Self(watch::Sender::new(false))
    }

    /// Asks the driver to stop at the next place where nothing is half done.
    pub fn request(&self) {
        self.0.send_replace(true);
    }

    /// Tells whether stopping was asked for.
    pub fn is_requested(&self) -> bool {
        *self.0.borrow()
    }

    /// Fails once stopping was asked for; to be called between steps.
    ///
    /// # Errors
    /// [`Kind::Stopped`].
    pub fn check(&self) -> Result<()> {
        if self.is_requested() {
            Err(Error::new(Kind::Stopped, "Stopped, as you asked."))
        } else {
            Ok(())
        }
    }

    /// Waits until stopping is asked for; for `select!` around what may be dropped half-way.
    pub async fn requested(&self) {
        let mut asked = self.0.subscribe();
        // The sender lives as long as `self`, so waiting cannot fail.
        let _asked = asked.wait_for(|asked| *asked).await;
    }
}

impl Default for Cancel {
    fn default() -> Self {
        Self::new()
    }
}
