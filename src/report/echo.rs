//! What is typed at the terminal is not shown while this holds.
//!
//! A question is printed before its answer is read. Who types or pastes fast would see a password on the screen if
//! the terminal learnt only then to keep it to itself.

use std::io;

#[cfg(unix)]
use std::fs::File;
#[cfg(unix)]
use std::io::Read;

#[cfg(unix)]
use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};
#[cfg(unix)]
use zeroize::Zeroizing;

use crate::secret::Secret;

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
        Self::without(LocalModes::ECHO | LocalModes::ECHONL)
    }

    /// Lets a reading end where nothing has come for a tenth of a second.
    #[cfg(unix)]
    fn wait_no_longer(&self) -> io::Result<()> {
        let mut now = tcgetattr(&self.terminal)?;
        now.special_codes[SpecialCodeIndex::VMIN] = 0;
        now.special_codes[SpecialCodeIndex::VTIME] = 1;
        Ok(tcsetattr(&self.terminal, OptionalActions::Now, &now)?)
    }

    #[cfg(unix)]
    fn without(modes: LocalModes) -> Option<Self> {
        let terminal = File::open("/dev/tty").ok()?;
        let before = tcgetattr(&terminal).ok()?;
        let mut silent = before.clone();
        silent.local_modes.remove(modes);
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

/// Asks, and reads a line that is not shown and may be of any length: a terminal by itself cuts lines at 4,095 bytes, and
/// a key ring that is pasted has more. Lines that follow at once are of the same paste: none of them answers what is asked
/// next.
#[cfg(unix)]
pub(super) fn read_hidden(ask: impl FnOnce(), end: impl FnOnce()) -> io::Result<Secret> {
    let raw = LocalModes::ECHO | LocalModes::ECHONL | LocalModes::ICANON | LocalModes::ISIG;
    let silence = Silence::without(raw).ok_or_else(|| io::Error::other("there is no terminal"))?;
    ask();
    let mut line = Zeroizing::new(Vec::with_capacity(16 * 1024));
    let mut byte = [0_u8; 1];
    // How long the line was where it last ended: more may follow at once, from a paste of several lines.
    let mut ends_at = None;
    let ended = loop {
        if (&silence.terminal).read(&mut byte)? == 0 {
            break Ok(());
        }
        if ends_at.take().is_some() {
            line.push(b'\n');
        }
        match byte[0] {
            b'\n' | b'\r' => {
                ends_at = Some(line.len());
                silence.wait_no_longer()?;
            }
            0x04 => break Ok(()),
            0x03 => break Err(io::Error::from(io::ErrorKind::Interrupted)),
            // Backspace takes a letter away, which may have several bytes.
            0x08 | 0x7f => while line.pop().is_some_and(|byte| byte & 0xc0 == 0x80) {},
            0x15 => line.clear(),
            typed => line.push(typed),
        }
    };
    drop(silence);
    // The line end that was typed is not shown either.
    end();
    ended?;
    let text =
        std::str::from_utf8(&line).map_err(|_| io::Error::other("what was typed is not UTF-8 text"))?;
    Ok(Secret::from(unbracketed(text).to_owned()))
}

/// Elsewhere the console's own way of reading a password has to do.
#[cfg(not(unix))]
pub(super) fn read_hidden(ask: impl FnOnce(), _end: impl FnOnce()) -> io::Result<Secret> {
    ask();
    rpassword::read_password().map(Secret::from)
}

/// Takes the marks off that some terminals put around what is pasted.
#[cfg(unix)]
fn unbracketed(text: &str) -> &str {
    let text = text.strip_prefix("\u{1b}[200~").unwrap_or(text);
    text.strip_suffix("\u{1b}[201~").unwrap_or(text)
}
