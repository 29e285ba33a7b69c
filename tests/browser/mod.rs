//! A browser's session in place of a password: native sign-in is closed in all of these.

mod bad_input;
mod kept;
mod sequence;

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use crate::rehearsal::{Ran, Rehearsal};

/// The words of a tenant that is integrated with BizX.
pub(crate) const CLOSED: &str = "integrated";

impl Rehearsal {
    /// The cookies that the browser of an admin holds who is signed in.
    pub(crate) fn cookies(&self, side: &str, browser: &Value) -> Value {
        self.tell(reqwest::Method::POST, &format!("session/{side}"), Some(browser))
    }

    /// Ends all sessions.
    pub(crate) fn end_sessions(&self, side: &str) {
        self.forget("session", side);
    }

    /// Writes a file as a person would.
    pub(crate) fn put_file(&self, text: &str) -> String {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::SeqCst);
        let file: PathBuf = self.program.home().join(format!("copied-{number}.txt"));
        #[allow(
            clippy::disallowed_methods,
            reason = "a person writes this file with an editor"
        )]
        std::fs::write(&file, text).unwrap();
        file.to_str().unwrap().to_owned()
    }

    /// A file with the cookies of a browser that is signed in at stage, as a header.
    pub(crate) fn session_file(&self) -> String {
        self.put_file(&header(&self.cookies("stage", &json!({}))))
    }

    /// Runs the program with a session handed over to this one command.
    #[track_caller]
    pub(crate) fn run_with(&self, file: &str, words: &[&str]) -> Ran {
        self.run(&[words, &["--cookies", file]].concat())
    }
}

/// A `Cookie` header of a list of cookies.
pub(crate) fn header(cookies: &Value) -> String {
    let pair = |c: &Value| format!("{}={}", c["name"].as_str().unwrap(), c["value"].as_str().unwrap());
    let pairs: Vec<String> = cookies.as_array().unwrap().iter().map(pair).collect();
    format!("Cookie: {}", pairs.join("; "))
}

/// The values of a list of cookies: they are secrets.
pub(crate) fn values(cookies: &Value) -> Vec<String> {
    let value = |c: &Value| c["value"].as_str().unwrap().to_owned();
    cookies.as_array().unwrap().iter().map(value).collect()
}
