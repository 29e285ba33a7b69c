//! Runs the real program in a home of its own.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A home for runs of the program; it is gone when this value is.
pub(crate) struct Program {
    folder: TempDir,
    variables: Vec<(String, String)>,
}

impl Program {
    /// Makes an empty home.
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            variables: Vec::new(),
        }
    }

    /// Sets a variable for all further runs.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same for a home that is in use.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    /// The home folder.
    pub(crate) fn home(&self) -> &Path {
        self.folder.path()
    }

    /// The configuration file.
    pub(crate) fn config(&self) -> PathBuf {
        self.home().join("config.toml")
    }

    /// Writes the configuration file as a person would.
    pub(crate) fn write_config(&self, text: &str) {
        #[allow(
            clippy::disallowed_methods,
            reason = "a person writes this file with an editor"
        )]
        std::fs::write(self.config(), text).unwrap();
    }

    /// Prepares a run that sees nothing of the environment this test runs in.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("lmskeep"));
        command
            .env_clear()
            .env("TZ", "UTC")
            .args(words)
            .arg("--home")
            .arg(self.home());
        for kept in ["PATH", "SYSTEMROOT"] {
            #[allow(clippy::disallowed_methods, reason = "what a program needs to start at all")]
            if let Some(value) = std::env::var_os(kept) {
                command.env(kept, value);
            }
        }
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs the program and gives what it did.
    pub(crate) fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    /// Runs the program and words what it did in one text: code, standard output, standard error; `[HOME]` stands for
    /// the home folder.
    pub(crate) fn tell(&self, words: &[&str]) -> String {
        let output = self.run(words);
        let mut told = format!("exit code {}\n", output.status.code().unwrap());
        for (name, bytes) in [("stdout", output.stdout), ("stderr", output.stderr)] {
            if !bytes.is_empty() {
                write!(told, "--- {name}\n{}", String::from_utf8(bytes).unwrap()).unwrap();
            }
        }
        told.replace(&self.home().display().to_string(), "[HOME]")
    }
}
