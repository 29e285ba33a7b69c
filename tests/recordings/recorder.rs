//! A person whose browser records: a journey in a real Chromium, and what its developer tools would export.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::real::part;

/// Where playwright-core lies between runs.
const CACHE: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/recorder");

fn script() -> Command {
    let mut script = part::script("recorder.sh");
    script.env("RECORDER_CACHE", CACHE);
    script
}

/// Tells whether journeys can be recorded here; see [`part::is_here`].
pub(crate) fn is_here() -> bool {
    if part::is_demanded() {
        part::succeeded(script().arg("--fetch").output().unwrap());
    }
    part::is_here("a recording Chromium", &part::missing(script()))
}

/// Plays the steps (see `tests/real/recorder/record.mjs`) and gives the recording.
pub(crate) fn record(steps: &[Value]) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let har = folder.path().join("journey.har");
    play(&json!({"har": har, "steps": steps}));
    let written = std::fs::read(har).unwrap();
    serde_json::from_slice(&written).unwrap()
}

/// Plays a journey, with or without a recording of it.
pub(crate) fn play(journey: &Value) {
    let mut recorder = script()
        .arg("record")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = recorder.stdin.take().unwrap();
    stdin.write_all(journey.to_string().as_bytes()).unwrap();
    drop(stdin);
    part::succeeded(recorder.wait_with_output().unwrap());
}

pub(crate) fn goto(address: &str) -> Value {
    json!({ "goto": address })
}

pub(crate) fn click(selector: &str) -> Value {
    json!({ "click": selector })
}

pub(crate) fn fill(selector: &str, with: &str) -> Value {
    json!({ "fill": selector, "with": with })
}

pub(crate) fn wait(selector: &str) -> Value {
    json!({ "wait": selector })
}
