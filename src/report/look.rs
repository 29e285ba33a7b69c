//! How output is to look, settled before the first word is printed.

use std::io::IsTerminal;

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Holds what flags, environment and terminal say of output; a value, so that a test can say it instead.
#[derive(Debug, Clone)]
pub struct Look {
    /// One JSON object on standard output in place of text (`--json`).
    pub json: bool,
    /// No notes, hints and progress (`--quiet`).
    pub quiet: bool,
    /// Colours on standard output.
    pub color_out: bool,
    /// Colours on standard error.
    pub color_err: bool,
    /// Width in columns of the terminal that standard output is; `None` where it is none.
    pub out_terminal: Option<usize>,
    /// The same of standard error.
    pub err_terminal: Option<usize>,
    /// Whether the terminal can move its cursor, as a progress bar needs it.
    pub moving_cursor: bool,
    /// Whether somebody can answer a prompt: standard input and standard error are terminals.
    pub can_ask: bool,
    /// Answers yes at every prompt but those of a production instance (`--yes`).
    pub yes: bool,
    /// The instance that a write was allowed for on the command line (`--confirm NAME`).
    pub confirm: Option<String>,
    /// The moment that ages are counted to.
    pub now: Timestamp,
    /// The zone in which times are shown.
    pub zone: TimeZone,
}

impl Look {
    /// Plain text into pipes, with nobody to ask.
    pub fn plain(now: Timestamp) -> Self {
        Self {
            json: false,
            quiet: false,
            color_out: false,
            color_err: false,
            out_terminal: None,
            err_terminal: None,
            moving_cursor: false,
            can_ask: false,
            yes: false,
            confirm: None,
            now,
            zone: TimeZone::UTC,
        }
    }

    /// Plain text as [`Look::plain`], but knowing of the terminals that this process has.
    pub fn of_this_terminal(now: Timestamp) -> Self {
        let columns = |size: Option<(terminal_size::Width, terminal_size::Height)>| match size {
            Some((terminal_size::Width(columns), _)) if columns > 0 => usize::from(columns),
            _ => 80,
        };
        let (out, err) = (std::io::stdout(), std::io::stderr());
        Self {
            out_terminal: out
                .is_terminal()
                .then(|| columns(terminal_size::terminal_size_of(&out))),
            err_terminal: err
                .is_terminal()
                .then(|| columns(terminal_size::terminal_size_of(&err))),
            moving_cursor: err.is_terminal(),
            can_ask: err.is_terminal() && std::io::stdin().is_terminal(),
            ..Self::plain(now)
        }
    }
}
