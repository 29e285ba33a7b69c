//! What a run of the program came to.

use std::process::Output;

use serde_json::Value;

/// Exit code and output of one run.
#[derive(Debug)]
pub(crate) struct Ran {
    words: String,
    /// The exit code; -1 where a signal ended it.
    pub(crate) code: i32,
    /// Standard output.
    pub(crate) out: String,
    /// Standard error.
    pub(crate) err: String,
}

impl Ran {
    pub(crate) fn of(words: &[&str], output: Output) -> Self {
        Self {
            words: words.join(" "),
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Wants this exit code.
    #[track_caller]
    pub(crate) fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}", self.told());
        self
    }

    /// Wants this text in what was printed to either stream.
    #[track_caller]
    pub(crate) fn says(self, text: &str) -> Self {
        assert!(
            self.out.contains(text) || self.err.contains(text),
            "no `{text}` in {}",
            self.told()
        );
        self
    }

    /// Wants the one object that `--json` prints.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e} in {}", self.told()))
    }

    /// How each document ended that needed something, by `--json`, in order: its name and the word.
    #[track_caller]
    pub(crate) fn outcomes(&self) -> Vec<(String, String)> {
        let mut all = self.all_outcomes();
        all.retain(|(_, word)| word != "unchanged");
        all
    }

    /// How each document ended, by `--json`: its name and the word.
    #[track_caller]
    pub(crate) fn all_outcomes(&self) -> Vec<(String, String)> {
        let answer = self.json();
        let documents = answer["documents"].as_array().expect("documents").iter();
        let word = |value: &Value| value.as_str().unwrap().to_owned();
        documents
            .map(|ended| {
                (
                    word(&ended["document"]).replace("configuration/", ""),
                    word(&ended["outcome"]),
                )
            })
            .collect()
    }

    /// How one document ended.
    #[track_caller]
    pub(crate) fn outcome(&self, document: &str) -> String {
        let found: Vec<String> = self
            .all_outcomes()
            .into_iter()
            .filter(|(name, _)| name == document)
            .map(|(_, word)| word)
            .collect();
        assert_eq!(
            found.len(),
            1,
            "{document} must end exactly once: {}",
            self.told()
        );
        found[0].clone()
    }

    /// All of it, for the message of a test that fails.
    pub(crate) fn told(&self) -> String {
        format!(
            "`{}` ended with {}\n--- stdout\n{}\n--- stderr\n{}",
            self.words, self.code, self.out, self.err
        )
    }
}
