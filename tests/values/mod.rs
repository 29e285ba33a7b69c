//! Real values: kept where they belong, entered in place of what the LMS has encrypted, proven by nobody but their use.

mod again;
mod bad_input;
mod commands;
mod environment;
mod habits;
mod ledger;
mod promise6;
mod reentry;
mod scan;
mod typed;
mod waits;

use std::io::Write;
use std::process::Stdio;

use serde_json::Value;

use crate::rehearsal::{Ran, Rehearsal};

impl Rehearsal {
    /// Runs the program with a text on its standard input.
    pub(crate) fn run_with_input(&self, words: &[&str], input: &str) -> Ran {
        let mut command = self.program.command(words);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        Ran::of(words, child.wait_with_output().unwrap())
    }

    /// Says that the pages of an instance are scripts over JSON, where a scenario has them so.
    #[track_caller]
    pub(crate) fn knows_services(&self, scenario: &[&str], name: &str) {
        if scenario.contains(&"service") {
            let profile = concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/fixtures/profiles/practice-service.toml"
            );
            self.run(&["instance", "set", name, "profile", profile]).ends(0);
        }
    }

    /// Says which commands print all real values, enters them with a restore, and sees that all works.
    #[track_caller]
    pub(crate) fn enter_all(&self) {
        for (document, key, value) in self.real_values() {
            self.tell_value(&document, &key, &value);
        }
        self.run(&["restore", "stage", "--yes", "--encrypted", "enter"])
            .ends(0);
        let health = self.health();
        let works = |state: &Value| state == "ok";
        assert!(health.as_object().unwrap().values().all(works), "{health}");
    }

    /// The real values of stage: document, key, value.
    pub(crate) fn real_values(&self) -> Vec<(String, String, String)> {
        let known = self.look("plain", "stage");
        let of = |(document, values): (&String, &Value)| {
            let values = values.as_object().unwrap().iter();
            let one = |(key, value): (&String, &Value)| {
                (document.clone(), key.clone(), value.as_str().unwrap().to_owned())
            };
            values.map(one).collect::<Vec<_>>()
        };
        known.as_object().unwrap().iter().flat_map(of).collect()
    }

    /// Keeps a real value in the keyring.
    #[track_caller]
    pub(crate) fn keep_value(&self, document: &str, key: &str, value: &str) {
        self.run_with_input(
            &["secret", "set", "stage", &format!("{document}:{key}"), "--stdin"],
            value,
        )
        .ends(0);
    }

    /// Says which command prints a real value: for where there is no keyring.
    #[track_caller]
    pub(crate) fn tell_value(&self, document: &str, key: &str, value: &str) {
        let quoted = value.replace('\'', r"'\''");
        self.run(&[
            "secret",
            "set",
            "stage",
            &format!("{document}:{key}"),
            "--command",
            &format!("printf %s '{quoted}'"),
        ])
        .ends(0);
    }
}
