//! What is typed at the terminal is not shown while this holds.
//!
//! A question is printed before its answer is read. Who types or pastes fast would see a password on the screen if
//! the terminal learnt only then to keep it to itself.

#[cfg(unix)]
use std::fs::File;

#[cfg(unix)]
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

/// Holds the terminal silent; it is as it was before when this value is gone.
pub(super) struct Silence {
    #[cfg(unix)]
    terminal: File,
    #[cfg(unix)]
    before: Termios,
}

impl Silence {
    /// Silences the terminal; nothing where there is none.
    #[cfg(unix)]
    pub(super) fn begin() -> Option<Self> {
        let terminal = File::open("/dev/tty").ok()?;
        let before = tcgetattr(&terminal).ok()?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO | LocalModes::ECHONL);
        tcsetattr(&terminal, OptionalActions::Now, &silent).ok()?;
        Some(Self { terminal, before })
    }

    /// Elsewhere reading the password itself silences the console.
    #[cfg(not(unix))]
    pub(super) fn begin() -> Option<Self> {
        None
    }
}

#[cfg(unix)]
impl Drop for Silence {
    fn drop(&mut self) {
        // A terminal that is gone shows nothing any more.
        let _restored = tcsetattr(&self.terminal, OptionalActions::Now, &self.before);
    }
}
