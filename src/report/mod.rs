//! The only module that prints: text, tables, JSON, progress, prompts and errors.
//!
//! Standard output is data; progress, warnings, hints and prompts go to standard error. It knows nothing of what it
//! shows. It is the second line of defence of promise 10: what was handed to [`Ui::never_show`] is masked in all
//! that passes, and control characters in data never reach a terminal.

mod echo;
mod failure;
mod hidden;
mod log;
mod look;
mod panic;
pub mod phrase;
mod progress;
mod prompt;
mod table;
mod text;
mod ui;

pub use log::log_to;
pub use look::Look;
pub use panic::install_panic_hook;
pub use progress::Progress;
pub use table::{Align, Table};
pub use text::{Text, Tone};
pub use ui::{Asking, Recorded, Ui};

#[cfg(test)]
mod phrase_tests;
#[cfg(test)]
mod table_tests;
#[cfg(test)]
mod tests;
