//! A whole refresh in one test: the practice LMS, the real program with a home of its own, and the control door.
//!
//! When a rehearsal ends well it also looks back: no handler of the LMS may have panicked, and the program may have
//! done nothing that an honest client would not do.

mod archive;
mod control;
mod desk;
mod person;
mod ran;
mod requests;
mod state;

use std::collections::HashSet;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use lmskeep::practice::{Options, Practice, Scenario};
use tokio::runtime::{Builder, Runtime};

use crate::cli::program::Program;

pub(crate) use control::client;
pub(crate) use desk::{Desk, clock};
pub(crate) use person::Person;
pub(crate) use ran::Ran;
pub(crate) use requests::{Asked, EDIT, SAVE};
pub(crate) use state::{State, differences};

/// Lines from which on a file is large.
const LARGE: usize = 300;

/// Two practice instances, known to a program as `prod` and `stage`.
pub(crate) struct Rehearsal {
    /// The home that the program runs in.
    pub(crate) program: Program,
    /// The LMS.
    pub(crate) practice: Practice,
    harmless: AtomicBool,
}

impl Rehearsal {
    /// Starts both instances in a scenario, and a home in which both are known; the password is in the environment.
    ///
    /// Of the large files most lines that are the same on both sides are left out: reading them takes most of the time
    /// of a test.
    pub(crate) fn start(words: &[&str]) -> Self {
        let rehearsal = Self::in_full(words);
        let [stage, production] =
            ["stage", "production"].map(|side| State::of(&rehearsal.look("state", side)));
        for (name, text) in stage
            .documents
            .iter()
            .filter(|(_, text)| text.lines().count() > LARGE)
        {
            rehearsal.save("stage", name, &thinned(text, production.text(name)));
            rehearsal.save("production", name, &thinned(production.text(name), text));
        }
        rehearsal
    }

    /// The same with all content as it is. The admins' role shows System Configuration and nothing else.
    pub(crate) fn in_full(words: &[&str]) -> Self {
        Self::of_everything(&[words, &["narrow"]].concat())
    }

    /// The same with all parts of the LMS that a refresh overwrites.
    pub(crate) fn of_everything(words: &[&str]) -> Self {
        let scenario = Scenario::parse(words).unwrap();
        let listen = "127.0.0.1:0".to_owned();
        let practice = runtime()
            .block_on(Practice::start(Options { listen, scenario }))
            .unwrap();
        let program = Program::new().with("LMSKEEP_PASSWORD", &practice.password);
        let rehearsal = Self {
            program,
            practice,
            harmless: AtomicBool::new(true),
        };
        rehearsal.know(&rehearsal.practice.stage, "test");
        rehearsal
    }

    /// The same with a complete backup taken, as the person should have done before the refresh.
    pub(crate) fn with_backup(words: &[&str]) -> Self {
        let rehearsal = Self::start(words);
        rehearsal.run(&["backup", "stage"]).ends(0);
        rehearsal
    }

    /// The same with the refresh over it, and the requests so far forgotten.
    pub(crate) fn refreshed(words: &[&str]) -> Self {
        let rehearsal = Self::with_backup(words);
        rehearsal.refresh();
        rehearsal.forget_requests();
        rehearsal
    }

    /// After a refresh with a backup of three small documents only, `SSO`, `UI` and `VLS`: for tests of one write.
    pub(crate) fn refreshed_with_few(words: &[&str]) -> Self {
        let rehearsal = Self::in_full(words);
        rehearsal
            .run(&[
                "backup", "stage", "--only", "SSO", "--only", "UI", "--only", "VLS",
            ])
            .ends(0);
        rehearsal.refresh();
        rehearsal.forget_requests();
        rehearsal
    }

    /// Writes the configuration: `stage` with this address and role, `prod` as its source.
    pub(crate) fn know(&self, stage: &str, role: &str) {
        let (user, production) = (&self.practice.user, &self.practice.production);
        self.program.write_config(&format!(
            "[instance.prod]\nurl = \"{production}\"\nuser = \"{user}\"\nrole = \"production\"\n\
             [instance.stage]\nurl = \"{stage}\"\nuser = \"{user}\"\nrole = \"{role}\"\nsource = \"prod\"\n"
        ));
    }

    /// Runs the program to its end.
    pub(crate) fn run(&self, words: &[&str]) -> Ran {
        Ran::of(words, self.program.run(words))
    }

    /// Runs a command that was prepared by hand.
    pub(crate) fn run_command(&self, mut command: Command) -> Ran {
        let output = command.output().unwrap();
        Ran::of(&[&format!("{command:?}")], output)
    }

    /// Starts the program and lets it run.
    pub(crate) fn begin(&self, words: &[&str]) -> Child {
        let mut command = self.program.command(words);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command.spawn().unwrap()
    }

    /// Says that this test makes the program do what else no client should do, as an explicit option allows.
    pub(crate) fn allow_harm(&self) {
        self.harmless.store(false, Ordering::SeqCst);
    }
}

impl Drop for Rehearsal {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        assert_eq!(
            self.practice.panics(),
            0,
            "a handler of the practice LMS panicked"
        );
        if !self.harmless.load(Ordering::SeqCst) {
            return;
        }
        for side in ["stage", "production"] {
            let harm = self.practice.ask("harm", side).unwrap();
            let done: Vec<_> = harm
                .as_object()
                .unwrap()
                .iter()
                .filter(|(_, count)| **count != 0)
                .collect();
            assert!(done.is_empty(), "{side}: {done:?}");
        }
    }
}

/// Leaves out most lines of a text that another one has as well, the same ones whichever comes first.
fn thinned(text: &str, other: &str) -> String {
    let shared: HashSet<&str> = other.lines().collect();
    let mut goes_on = false;
    let stays = |line: &&str| {
        // A line that goes on in the next one takes it along.
        let went_on = std::mem::replace(&mut goes_on, line.ends_with("\\\n"));
        let line = line.trim_end_matches('\n');
        let tenth = line.bytes().map(usize::from).sum::<usize>() % 10 == 0;
        goes_on || went_on || tenth || !shared.contains(line)
    };
    text.split_inclusive('\n').filter(stays).collect()
}

/// The threads on which practice instances answer, whatever test started them.
pub(crate) fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap()
    })
}
