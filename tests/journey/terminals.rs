//! Two terminals: `lmskeep practice` in one, the job in the other.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use serde_json::Value;

use crate::cli::program::Program;

#[test]
fn the_practice_lms_is_served_and_worked_on() {
    let served = Program::new();
    let mut command = served.command(&[
        "practice",
        "--listen",
        "127.0.0.1:0",
        "--scenario",
        "german",
        "--json",
    ]);
    let mut practice = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(practice.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    let word = |name: &str| ready[name].as_str().unwrap().to_owned();

    let program = Program::new().with("LMSKEEP_PASSWORD", &word("password"));
    for (name, side, role) in [("prod", "production", "production"), ("stage", "stage", "test")] {
        let (url, user) = (word(side), word("user"));
        let words = [
            "instance", "add", name, "--url", &url, "--user", &user, "--role", role,
        ];
        assert!(program.run(&words).status.success());
    }
    let backed_up = program.run(&["backup", "stage", "--recommended"]);
    let compared = program.run(&["diff", "stage", "--only", "BIZX"]);
    practice.kill().unwrap();
    practice.wait().unwrap();
    assert_eq!(
        (backed_up.status.code(), compared.status.code()),
        (Some(0), Some(0))
    );
    // Nobody serves it any more.
    let gone = program.run(&["diff", "stage", "--only", "BIZX"]);
    assert_eq!(
        gone.status.code(),
        Some(4),
        "{}",
        String::from_utf8_lossy(&gone.stderr)
    );
}
