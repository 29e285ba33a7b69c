//! A bar that says how far a long step is; on a terminal only.

use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle, TermLike};

use crate::report::ui::Ui;

/// Counts the parts of a long step that are done; the bar goes away with the last clone.
#[derive(Clone)]
pub struct Progress(Arc<Running>);

struct Running {
    bar: ProgressBar,
    ui: Ui,
}

impl Ui {
    /// Begins a step of `total` parts; `verb` says what is being done, as "reading". Nothing is shown under `--quiet`
    /// or where standard error is no terminal.
    pub fn progress(&self, total: usize, verb: &str) -> Progress {
        let look = self.look();
        let bar = match look.err_terminal {
            Some(width) if !look.quiet && look.moving_cursor => {
                let terminal = Terminal {
                    ui: self.clone(),
                    width,
                    drawn: Mutex::default(),
                };
                let target = ProgressDrawTarget::term_like_with_hz(Box::new(terminal), 10);
                ProgressBar::with_draw_target(Some(total as u64), target)
            }
            _ => ProgressBar::hidden(),
        };
        // A template that does not parse would only cost the look of the bar.
        if let Ok(style) = ProgressStyle::with_template("{prefix} {pos}/{len} [{bar:20}] {wide_msg}") {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_prefix(verb.to_owned());
        self.set_bar(Some(bar.clone()));
        Progress(Arc::new(Running {
            bar,
            ui: self.clone(),
        }))
    }
}

impl Progress {
    /// Counts one more part as done; `name` is shown beside the bar.
    pub fn tick(&self, name: &str) {
        let Running { bar, ui } = &*self.0;
        bar.set_message(ui.shown(&name.into()).render(false).replace(['\n', '\t'], " "));
        bar.inc(1);
    }

    /// Changes the number of parts once it is known.
    pub fn set_total(&self, total: usize) {
        self.0.bar.set_length(total as u64);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.ui.set_bar(None);
        self.bar.finish_and_clear();
    }
}

/// The terminal as the bar sees it: what it draws is collected and passes [`Ui`] like everything else.
struct Terminal {
    ui: Ui,
    width: usize,
    drawn: Mutex<String>,
}

impl Terminal {
    fn draw(&self, text: &str) -> io::Result<()> {
        self.drawn
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push_str(text);
        Ok(())
    }
}

impl fmt::Debug for Terminal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Terminal")
            .field("width", &self.width)
            .finish_non_exhaustive()
    }
}

impl TermLike for Terminal {
    fn width(&self) -> u16 {
        u16::try_from(self.width).unwrap_or(u16::MAX)
    }

    fn move_cursor_up(&self, lines: usize) -> io::Result<()> {
        if lines == 0 {
            Ok(())
        } else {
            self.draw(&format!("\x1b[{lines}A"))
        }
    }

    fn move_cursor_down(&self, lines: usize) -> io::Result<()> {
        if lines == 0 {
            Ok(())
        } else {
            self.draw(&format!("\x1b[{lines}B"))
        }
    }

    fn move_cursor_right(&self, columns: usize) -> io::Result<()> {
        if columns == 0 {
            Ok(())
        } else {
            self.draw(&format!("\x1b[{columns}C"))
        }
    }

    fn move_cursor_left(&self, columns: usize) -> io::Result<()> {
        if columns == 0 {
            Ok(())
        } else {
            self.draw(&format!("\x1b[{columns}D"))
        }
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        self.draw(text)?;
        self.draw("\n")
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        self.draw(text)
    }

    fn clear_line(&self) -> io::Result<()> {
        self.draw("\r\x1b[2K")
    }

    fn flush(&self) -> io::Result<()> {
        let drawn = std::mem::take(&mut *self.drawn.lock().unwrap_or_else(PoisonError::into_inner));
        if !drawn.is_empty() {
            self.ui.write_err(&drawn);
        }
        Ok(())
    }
}
