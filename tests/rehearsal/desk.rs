//! A person at a terminal, in this process: sees what is printed, is asked, and answers.

use std::io::{BufRead, Cursor, Read, Result, Write};
use std::sync::{Arc, Mutex};

use clap::{Args, Parser};
use jiff::Timestamp;
use lmskeep::command::before::{self, BeforeArgs};
use lmskeep::command::restore::{self, RestoreArgs};
use lmskeep::command::{Context, Exit};
use lmskeep::error::Result as Ended;
use lmskeep::instance::{Environment, Home};
use lmskeep::report::{Look, Ui};

use crate::rehearsal::Rehearsal;

/// A command on a terminal.
pub(crate) struct Desk {
    /// The exit code.
    pub(crate) code: u8,
    /// What was printed to both streams.
    pub(crate) shown: String,
}

/// The words of a command, read as the program reads them.
#[derive(Parser)]
struct Words<A: Args> {
    #[command(flatten)]
    args: A,
}

impl<A: Args> Words<A> {
    fn read(words: &[&str]) -> A {
        Self::parse_from(std::iter::once("lmskeep").chain(words.iter().copied())).args
    }
}

impl Desk {
    /// Restores with somebody at the terminal who types what `answer` gives once something is asked.
    pub(crate) fn restore(
        rehearsal: &Rehearsal,
        words: &[&str],
        answer: impl FnMut(&str) -> String + Send + 'static,
    ) -> Self {
        let args: RestoreArgs = Words::read(words);
        Self::sit(rehearsal, clock, answer, |ui, context| {
            restore::run(ui, context, &args)
        })
    }

    /// Prepares a refresh in the same way, at another time.
    pub(crate) fn before(
        rehearsal: &Rehearsal,
        words: &[&str],
        when: fn() -> Timestamp,
        answer: impl FnMut(&str) -> String + Send + 'static,
    ) -> Self {
        let args: BeforeArgs = Words::read(words);
        Self::sit(rehearsal, when, answer, |ui, context| {
            before::run(ui, context, &args)
        })
    }

    fn sit(
        rehearsal: &Rehearsal,
        when: fn() -> Timestamp,
        answer: impl FnMut(&str) -> String + Send + 'static,
        run: impl FnOnce(&Ui, &Context) -> Ended<Exit>,
    ) -> Self {
        let screen = Screen::default();
        let input = Typing {
            screen: screen.clone(),
            answer,
            line: Cursor::new(Vec::new()),
        };
        let look = Look {
            can_ask: true,
            // The plan is shown where the question is asked.
            out_terminal: Some(400),
            ..Look::plain(when())
        };
        let ui = Ui::over(
            look,
            Box::new(screen.clone()),
            Box::new(screen.clone()),
            Box::new(input),
        );
        let password = rehearsal.practice.password.clone();
        let environment =
            Environment::from_variables(|name| (name == "LMSKEEP_PASSWORD").then(|| password.clone().into()));
        let home = Home::below(rehearsal.program.home());
        let context = Context::start(&ui, home, environment.unwrap(), when).unwrap();
        let code = match run(&ui, &context) {
            Ok(exit) => Exit::code(exit),
            Err(error) => error.kind().exit_code(),
        };
        context.close();
        Self {
            code,
            shown: screen.text(),
        }
    }
}

#[allow(clippy::disallowed_methods, reason = "a test is an edge, too")]
pub(crate) fn clock() -> Timestamp {
    Timestamp::now()
}

/// What a terminal shows.
#[derive(Clone, Default)]
pub(crate) struct Screen(Arc<Mutex<Vec<u8>>>);

impl Screen {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl Write for Screen {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

/// Input that is made up only when it is read: the answer may look at the screen, and do something first.
struct Typing<F> {
    screen: Screen,
    answer: F,
    line: Cursor<Vec<u8>>,
}

impl<F: FnMut(&str) -> String + Send> Read for Typing<F> {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        let ready = self.fill_buf()?;
        let count = ready.len().min(into.len());
        into[..count].copy_from_slice(&ready[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl<F: FnMut(&str) -> String + Send> BufRead for Typing<F> {
    fn fill_buf(&mut self) -> Result<&[u8]> {
        if self.line.position() == self.line.get_ref().len() as u64 {
            let (answer, screen) = (&mut self.answer, self.screen.text());
            // The program waits on its own threads here; what the answer does needs one of its own.
            let typed = std::thread::scope(|scope| scope.spawn(|| answer(&screen)).join().unwrap());
            self.line = Cursor::new(format!("{typed}\n").into_bytes());
        }
        self.line.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.line.consume(count);
    }
}
