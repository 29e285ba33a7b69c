//! The promises over service pages: the shell and System Configuration of the practice LMS as scripts over JSON, read
//! and written with a profile that points into them.

mod browser;
mod checked;
mod reading;
mod sequence;
mod writing;

use crate::rehearsal::{Asked, Rehearsal};

const PROFILE: &str = include_str!("../../../fixtures/profiles/practice-service.toml");

/// The address of the list; those of the files stand below it.
const LIST: &str = "/learning/admin/service/configurations";

/// Where the token is, as the scenario says it, and how the profile finds it there.
const TOKENS: [(&str, &str); 4] = [
    (
        "token=field",
        "address = \"learning/admin/service/session\"\npointer = \"/csrfToken\"",
    ),
    (
        "token=field",
        "address = \"learning/admin/service/session\"\nresponse-header = \"X-CSRF-Token\"",
    ),
    ("token=link", ""),
    ("token=script", "address = \"learning/JavaScriptServlet\""),
];

/// Two instances whose pages are services, and a profile that knows them.
fn start(words: &[&str]) -> Rehearsal {
    let rehearsal = Rehearsal::start(&[words, &["service"]].concat());
    use_profile(&rehearsal, PROFILE);
    rehearsal
}

/// The same with a backup taken, the refresh over it, and the requests so far forgotten.
fn refreshed(words: &[&str]) -> Rehearsal {
    let rehearsal = start(words);
    rehearsal.run(&["backup", "stage"]).ends(0);
    rehearsal.refresh();
    rehearsal.forget_requests();
    rehearsal
}

fn use_profile(rehearsal: &Rehearsal, profile: &str) {
    rehearsal.put("own.toml", profile.as_bytes());
    let file = rehearsal.program.home().join("own.toml");
    let file = file.to_str().unwrap();
    rehearsal
        .run(&["instance", "set", "stage", "profile", file])
        .ends(0);
}

/// The profile with the token found as these lines say.
fn with_token(lines: &str) -> String {
    let known = TOKENS[0].1;
    assert!(PROFILE.contains(known));
    PROFILE.replacen(known, lines, 1)
}

/// A file's own address.
fn page_of(document: &str) -> String {
    format!("{LIST}/{document}")
}

/// The requests that wrote, or tried to.
fn puts(rehearsal: &Rehearsal) -> Vec<Asked> {
    rehearsal
        .requests()
        .into_iter()
        .filter(|asked| asked.method == "PUT")
        .collect()
}

/// Wants that nothing but the sign-in wrote anything.
#[track_caller]
fn nothing_was_sent(rehearsal: &Rehearsal) {
    assert_eq!(puts(rehearsal), Vec::new());
    rehearsal.nothing_was_sent();
}
