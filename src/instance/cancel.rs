//! The wish to stop, as drivers can ask for it between two steps.

use tokio::sync::watch;

use crate::error::{Error, Kind, Result};

/// Carries the wish to stop from whoever pressed Ctrl-C to the driver at work; clones share it.
#[derive(Debug, Clone)]
pub struct Cancel {
    asked: watch::Sender<bool>,
    /// How many deeds are under way that must come to their end.
    held: watch::Sender<usize>,
}

/// Holds off a stop for as long as it lives.
#[derive(Debug)]
pub struct Held(watch::Sender<usize>);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.send_modify(|held| *held -= 1);
    }
}

impl Cancel {
    /// Makes one that nobody has asked for yet.
    pub fn new() -> Self {
        Self {
            asked: watch::Sender::new(false),
            held: watch::Sender::new(0),
        }
    }

    /// Asks the driver to stop at the next place where nothing is half done.
    pub fn request(&self) {
        self.asked.send_replace(true);
    }

    /// Tells whether stopping was asked for.
    pub fn is_requested(&self) -> bool {
        *self.asked.borrow()
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
        let mut asked = self.asked.subscribe();
        // The sender lives as long as `self`, so waiting cannot fail.
        let _asked = asked.wait_for(|asked| *asked).await;
    }

    /// Holds off a stop: what has begun and must not be lost, such as the answer to a password, comes to its end first.
    pub fn hold(&self) -> Held {
        self.held.send_modify(|held| *held += 1);
        Held(self.held.clone())
    }

    /// Waits until a stop was asked for and nothing holds it off.
    pub async fn stops(&self) {
        self.requested().await;
        let mut held = self.held.subscribe();
        let _free = held.wait_for(|held| *held == 0).await;
    }
}

impl Default for Cancel {
    fn default() -> Self {
        Self::new()
    }
}
