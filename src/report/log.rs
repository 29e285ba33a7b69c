//! What `-v` shows: this program's own events, on standard error.

use std::io::{self, Write};

use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::registry::Registry;

use crate::report::ui::Ui;

/// Sends this program's events to standard error: with `verbosity` 1 what is asked of the instance, with 2 all there
/// is, with 0 none. Events of other crates are left out: they may hold headers and bodies.
pub fn log_to(ui: &Ui, verbosity: u8) {
    let level = match verbosity {
        0 => return,
        1 => Level::DEBUG,
        _ => Level::TRACE,
    };
    let layer = tracing_subscriber::fmt::layer()
        .with_writer(Through(ui.clone()))
        .with_ansi(ui.look().color_err)
        .without_time()
        .with_target(false)
        .with_filter(Targets::new().with_target("lmskeep", level));
    // A second run in one process keeps the first log.
    let _kept = tracing::subscriber::set_global_default(Registry::default().with(layer));
}

/// Hands each event to [`Ui`] whole, so that a secret is found in it.
struct Through(Ui);

impl<'a> MakeWriter<'a> for Through {
    type Writer = Event;

    fn make_writer(&'a self) -> Event {
        Event {
            ui: self.0.clone(),
            bytes: Vec::new(),
        }
    }
}

struct Event {
    ui: Ui,
    bytes: Vec<u8>,
}

impl Write for Event {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Event {
    fn drop(&mut self) {
        self.ui.print_err(&String::from_utf8_lossy(&self.bytes));
    }
}
