//! The one place that all output passes.

use std::io::{self, BufRead, BufReader, Cursor, Read, Write};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anstream::AutoStream;
use indicatif::ProgressBar;
use serde::Serialize;
use serde_json::Value;

use crate::error::{Error, Kind, Result};
use crate::report::hidden::Hidden;
use crate::report::look::Look;
use crate::report::phrase;
use crate::report::table::Table;
use crate::report::text::{Text, Tone, visible};
use crate::secret::Secret;

/// Talks to the person or program that runs a command; clones talk through the same streams.
#[derive(Clone)]
pub struct Ui(Arc<Inner>);

struct Inner {
    look: Look,
    hidden: Hidden,
    streams: Mutex<Streams>,
    input: Mutex<Box<dyn BufRead + Send>>,
    bar: Mutex<Option<ProgressBar>>,
    asking: AtomicU8,
}

struct Streams {
    out: Box<dyn Write + Send>,
    err: Box<dyn Write + Send>,
    /// Whether the one JSON object has been printed.
    answered: bool,
    /// Standard output is gone: the reader closed the pipe.
    closed: bool,
    /// Why standard output could not be written, if that is a failure.
    broken: Option<io::Error>,
}

/// Says what a person is being asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asking {
    /// Nothing: the program is at work.
    Nothing,
    /// A line, which Ctrl-C cannot interrupt by itself.
    Line,
    /// A password: the prompt sees Ctrl-C and gives the terminal back as it was.
    Password,
}

impl Ui {
    /// Talks through the streams of this process.
    pub fn of_this_process(look: Look) -> Self {
        // Escape sequences are written only where `look` wants them; on old Windows consoles they must be turned on.
        let out = AutoStream::always_ansi(io::stdout());
        let err = AutoStream::always_ansi(io::stderr());
        Self::over(
            look,
            Box::new(out),
            Box::new(err),
            Box::new(BufReader::new(io::stdin())),
        )
    }

    /// Talks through any streams.
    pub fn over(
        look: Look,
        out: Box<dyn Write + Send>,
        err: Box<dyn Write + Send>,
        input: Box<dyn BufRead + Send>,
    ) -> Self {
        Self(Arc::new(Inner {
            look,
            hidden: Hidden::default(),
            streams: Mutex::new(Streams {
                out,
                err,
                answered: false,
                closed: false,
                broken: None,
            }),
            input: Mutex::new(input),
            bar: Mutex::new(None),
            asking: AtomicU8::new(Asking::Nothing as u8),
        }))
    }

    /// Talks to memory: `typed` is what a person would type, the second value holds what was printed.
    pub fn recording(look: Look, typed: &str) -> (Self, Recorded) {
        let recorded = Recorded::default();
        let (out, err) = (Shared(recorded.out.clone()), Shared(recorded.err.clone()));
        let ui = Self::over(
            look,
            Box::new(out),
            Box::new(err),
            Box::new(Cursor::new(typed.to_owned())),
        );
        (ui, recorded)
    }

    /// How output is to look, and the moment and zone of this run.
    pub fn look(&self) -> &Look {
        &self.0.look
    }

    /// Tells whether one JSON object is wanted in place of text.
    pub fn is_json(&self) -> bool {
        self.0.look.json
    }

    /// Masks this secret in all that passes from now on, whatever carries it.
    pub fn never_show(&self, secret: &Secret) {
        self.0.hidden.add(secret);
    }

    /// Prints a line of data; nothing under `--json`.
    pub fn say(&self, text: impl Into<Text>) {
        if !self.is_json() {
            let look = &self.0.look;
            self.print(&self.lines(&text.into(), look.out_terminal, look.color_out));
        }
    }

    /// Prints a table as data; nothing under `--json`.
    pub fn table(&self, table: &Table) {
        let table = table.map(|cell| self.shown_str(cell).replace(['\n', '\t'], " "));
        for line in table.lines(self.0.look.out_terminal) {
            self.say(line);
        }
    }

    /// Prints a text as it is, secrets masked; only a terminal is kept from control characters. Nothing under `--json`.
    pub fn document(&self, text: &str) {
        if !self.is_json() {
            let masked = self.0.hidden.mask(text);
            let text = if self.0.look.out_terminal.is_some() {
                visible(&masked)
            } else {
                masked
            };
            self.print(&text);
        }
    }

    /// Prints the one JSON object of a command on one line, its `schema` in front; nothing without `--json`.
    ///
    /// # Errors
    /// [`Kind::Usage`] where the value is no object; that is a mistake in this program.
    pub fn json(&self, command: &str, value: &impl Serialize) -> Result<()> {
        if !self.is_json() {
            return Ok(());
        }
        let wrong = || {
            Error::new(
                Kind::Usage,
                format!("The answer of `{command}` cannot be shown as JSON."),
            )
        };
        let mut object = serde_json::to_value(value).map_err(|cause| wrong().caused_by(cause))?;
        self.0.hidden.mask_json(&mut object);
        let members = match &object {
            Value::Object(members) if members.is_empty() => "}".to_owned(),
            Value::Object(_) => object.to_string().replacen('{', ",", 1),
            _ => return Err(wrong()),
        };
        self.streams().answered = true;
        self.print(&format!("{{\"schema\":\"lmskeep/{command}/1\"{members}\n"));
        Ok(())
    }

    /// Prints help: plain, or as a terminal with colours reads it.
    pub fn help(&self, plain: &str, styled: &str) {
        self.print(if self.0.look.color_out { styled } else { plain });
    }

    /// Prints help to standard error, for who did not ask for it.
    pub fn help_aside(&self, plain: &str, styled: &str) {
        self.print_err(if self.0.look.color_err { styled } else { plain });
    }

    /// Says something on the side; nothing under `--quiet`.
    pub fn note(&self, text: impl Into<Text>) {
        if !self.0.look.quiet {
            self.aside(text);
        }
    }

    /// Names what to do next, at best the very command to type; nothing under `--quiet`.
    pub fn hint(&self, text: &str) {
        self.note(Text::new().toned(Tone::Strong, "hint:").plain(format!(" {text}")));
    }

    /// Warns, also under `--quiet`.
    pub fn warn(&self, text: &str) {
        self.aside(
            Text::new()
                .toned(Tone::Care, "warning:")
                .plain(format!(" {text}")),
        );
    }

    /// Words a moment in this run's zone with its age: "2026-11-03 14:05 (3 days ago)".
    pub fn when(&self, moment: jiff::Timestamp) -> String {
        format!(
            "{} ({})",
            phrase::time(moment, &self.0.look.zone),
            phrase::age(moment, self.0.look.now)
        )
    }

    /// Takes the first line of standard input, without asking for it.
    ///
    /// # Errors
    /// [`Kind::Usage`] where it cannot be read.
    pub fn input_line(&self) -> Result<Vec<u8>> {
        let mut line = Vec::new();
        let mut input = self.0.input.lock().unwrap_or_else(PoisonError::into_inner);
        let read = input.read_until(b'\n', &mut line);
        read.map_err(|cause| Error::new(Kind::Usage, "Standard input cannot be read.").caused_by(cause))?;
        Ok(line)
    }

    /// Takes standard input to its end, at most so many bytes of it.
    ///
    /// # Errors
    /// [`Kind::Usage`] where it cannot be read.
    pub fn input_up_to(&self, most: u64) -> Result<Vec<u8>> {
        let mut all = Vec::new();
        let mut input = self.0.input.lock().unwrap_or_else(PoisonError::into_inner);
        let read = Read::take(&mut *input, most).read_to_end(&mut all);
        read.map_err(|cause| Error::new(Kind::Usage, "Standard input cannot be read.").caused_by(cause))?;
        Ok(all)
    }

    /// Tells what a person is being asked for right now; while it is anything, nothing else is at work.
    pub fn asking(&self) -> Asking {
        match self.0.asking.load(Ordering::SeqCst) {
            asked if asked == Asking::Line as u8 => Asking::Line,
            asked if asked == Asking::Password as u8 => Asking::Password,
            _ => Asking::Nothing,
        }
    }

    /// Ends output: everything is handed over to the streams.
    ///
    /// # Errors
    /// [`Kind::Usage`] where standard output could not be written, as on a full disk. A reader that went away, as
    /// `head` does, is no error.
    pub fn finish(&self) -> Result<()> {
        let mut streams = self.streams();
        let flushed = streams.out.flush();
        streams.settle(flushed);
        match streams.broken.take() {
            None => Ok(()),
            Some(cause) => {
                Err(Error::new(Kind::Usage, "The output could not be written to the end.").caused_by(cause))
            }
        }
    }

    /// Tells whether the one JSON object has been printed.
    pub(crate) fn has_answered(&self) -> bool {
        self.streams().answered
    }

    /// Writes a line to standard error, whatever the flags say.
    pub(crate) fn aside(&self, text: impl Into<Text>) {
        let look = &self.0.look;
        self.print_err(&self.lines(&text.into(), look.err_terminal, look.color_err));
    }

    /// Writes to standard error what has its escape sequences already, secrets masked.
    pub(crate) fn print_err(&self, text: &str) {
        let text = self.0.hidden.mask(text);
        self.around_bar(|| self.write_err(&text));
    }

    /// Writes to standard error without minding the progress bar, which itself writes this way.
    pub(crate) fn write_err(&self, text: &str) {
        let mut streams = self.streams();
        // What was printed before comes first where both streams are one terminal.
        let flushed = streams.out.flush();
        streams.settle(flushed);
        // Nobody is left to be told that standard error is gone.
        let _gone = streams
            .err
            .write_all(text.as_bytes())
            .and_then(|()| streams.err.flush());
    }

    /// Puts a progress bar in place of the one before, or takes it away.
    pub(crate) fn set_bar(&self, bar: Option<ProgressBar>) {
        *self.0.bar.lock().unwrap_or_else(PoisonError::into_inner) = bar;
    }

    /// Gives a line as it is printed: on a terminal broken between words.
    fn lines(&self, text: &Text, terminal: Option<usize>, color: bool) -> String {
        let text = self.shown(text);
        let lines = match terminal {
            Some(width) => text.hanging(width),
            None => vec![text],
        };
        lines.iter().map(|line| line.render(color) + "\n").collect()
    }

    /// Gives the text as it may be shown: masked, without control characters.
    pub(crate) fn shown(&self, text: &Text) -> Text {
        text.map(|piece| self.shown_str(piece))
    }

    /// Marks what is being asked for, as long as `ask` runs.
    pub(crate) fn while_asking<T>(&self, what: Asking, ask: impl FnOnce() -> T) -> T {
        self.0.asking.store(what as u8, Ordering::SeqCst);
        let answer = ask();
        self.0.asking.store(Asking::Nothing as u8, Ordering::SeqCst);
        answer
    }

    /// Gives the text of a file that is handed on as it may be shown: masked, without control characters.
    pub(crate) fn shown_str(&self, piece: &str) -> String {
        visible(&self.0.hidden.mask(piece))
    }

    fn print(&self, text: &str) {
        self.around_bar(|| {
            let mut streams = self.streams();
            if !streams.closed && streams.broken.is_none() {
                let written = streams.out.write_all(text.as_bytes());
                streams.settle(written);
            }
        });
    }

    fn around_bar(&self, write: impl FnOnce()) {
        let bar = self.0.bar.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    fn streams(&self) -> MutexGuard<'_, Streams> {
        self.0.streams.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Streams {
    /// Remembers how writing went: a closed pipe ends output quietly, all else is kept for [`Ui::finish`].
    fn settle(&mut self, outcome: io::Result<()>) {
        match outcome {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => self.closed = true,
            Err(error) => self.broken = Some(error),
        }
    }
}

/// Holds what was printed to memory.
#[derive(Debug, Clone, Default)]
pub struct Recorded {
    out: Arc<Mutex<Vec<u8>>>,
    err: Arc<Mutex<Vec<u8>>>,
}

impl Recorded {
    /// What went to standard output.
    pub fn out(&self) -> String {
        String::from_utf8_lossy(&self.out.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }

    /// What went to standard error.
    pub fn err(&self) -> String {
        String::from_utf8_lossy(&self.err.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
}

struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
