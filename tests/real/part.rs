//! Whether a real part is here, and what follows where it is not.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Tells whether a test can run, given what is missing for it; with `LMSKEEP_REAL=1` nothing may be.
pub(crate) fn is_here(part: &str, missing: &[String]) -> bool {
    if missing.is_empty() {
        return true;
    }
    let why = missing.join("; ");
    assert!(
        !is_demanded(),
        "LMSKEEP_REAL=1 is set, and {part} is missing: {why}"
    );
    // Not `eprintln!`: the test harness hides what a passing test prints.
    let line = format!("skipped: {part} ({why}); LMSKEEP_REAL=1 makes this a failure\n");
    std::io::stderr().write_all(line.as_bytes()).unwrap();
    false
}

/// Tells whether a missing part is a failure.
pub(crate) fn is_demanded() -> bool {
    #[allow(
        clippy::disallowed_methods,
        reason = "a word to the tests, not to the program"
    )]
    std::env::var_os("LMSKEEP_REAL").is_some_and(|value| value == "1")
}

/// Prepares a script that lies beside these tests.
pub(crate) fn script(name: &str) -> Command {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/real")
        .join(name);
    let mut command = Command::new("bash");
    command.arg(path).stdin(Stdio::null());
    command
}

/// Asks a set-up script what is missing for its part: a line each.
pub(crate) fn missing(mut script: Command) -> Vec<String> {
    if !cfg!(target_os = "linux") {
        return vec!["it is set up on Linux only".to_owned()];
    }
    match script.arg("--missing").output() {
        Ok(output) => lines(&succeeded(output)),
        Err(cause) => vec![format!("bash cannot be run: {cause}")],
    }
}

/// Takes what a command printed, and fails with what it said where it failed.
pub(crate) fn succeeded(output: Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {said}", output.status);
    String::from_utf8(output.stdout).unwrap()
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}
