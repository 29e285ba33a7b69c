//! Recordings from which nothing can be learned: each says what is missing, in terms of what to click, and writes nothing.

use serde_json::{Value, json};

use crate::recordings::cut::Cut;
use crate::recordings::journeys::{Part, practice};
use crate::recordings::learned::lay_down;
use crate::recordings::recorder::{is_here, record};
use crate::rehearsal::Rehearsal;

/// Runs `profile learn` and wants it to refuse; gives what it said.
#[track_caller]
fn refused(rehearsal: &Rehearsal, name: &str, text: &str) -> String {
    let program = &rehearsal.program;
    let file = lay_down(program.home(), name, text);
    let told = program.tell(&["profile", "learn", file.to_str().unwrap(), "--name", name]);
    assert!(
        ["exit code 2\n", "exit code 5\n"]
            .iter()
            .any(|code| told.starts_with(code)),
        "{name}: {told}"
    );
    assert!(told.contains("hint: "), "{name}: {told}");
    assert!(
        !program.home().join(format!("profiles/{name}.toml")).exists(),
        "{name}"
    );
    assert!(!told.contains(&rehearsal.practice.password), "{told}");
    told
}

fn journey(rehearsal: &Rehearsal, part: Part) -> Value {
    record(&practice(rehearsal, part))
}

#[test]
fn a_recording_that_lacks_something_says_what_to_click() {
    if !is_here() {
        return;
    }
    for words in [&[][..], &["service"]] {
        let rehearsal = Rehearsal::start(words);
        let unsaved = Part {
            unsaved: true,
            ..Part::default()
        };
        let har = journey(&rehearsal, unsaved);
        let told = refused(&rehearsal, "unsaved", &Cut::of(&har).text());
        assert!(told.contains("save"), "{told}");

        let har = journey(&rehearsal, Part::default());
        let whole = Cut::of(&har).text();
        let told = refused(
            &rehearsal,
            "truncated",
            &whole[..whole.floor_char_boundary(whole.len() * 2 / 3)],
        );
        assert!(told.contains("cut off"), "{told}");
        let told = refused(&rehearsal, "empty", &json!({"log": {"entries": []}}).to_string());
        assert!(told.contains("is empty"), "{told}");
        let told = refused(
            &rehearsal,
            "no-bodies",
            &Cut::of(&har).without_bodies(|_| true).text(),
        );
        assert!(told.contains("with content"), "{told}");
        let edit = |url: &str| url.contains("editConfiguration") || url.contains("configurations/");
        let told = refused(&rehearsal, "cached", &Cut::of(&har).cached(edit).text());
        assert!(told.contains("Disable cache"), "{told}");
        let told = refused(&rehearsal, "evicted", &Cut::of(&har).without_bodies(edit).text());
        assert!(told.contains("Preserve log"), "{told}");
    }
}

#[test]
fn a_save_that_failed_teaches_nothing() {
    if !is_here() {
        return;
    }
    for (words, method, path) in [
        (&[][..], "POST", "saveConfiguration"),
        (&["service"], "PUT", "configurations/"),
    ] {
        let rehearsal = Rehearsal::start(words);
        let har = journey(&rehearsal, Part::default());
        let failed = Cut::of(&har).failed(method, path);
        let told = refused(&rehearsal, "failed", &failed.text());
        assert!(told.contains("save"), "{told}");
    }
}

#[test]
fn two_saves_of_the_same_kind_teach_what_one_does() {
    if !is_here() {
        return;
    }
    let rehearsal = Rehearsal::start(&[]);
    let twice = Part {
        twice: true,
        ..Part::default()
    };
    let har = journey(&rehearsal, twice);
    let file = lay_down(rehearsal.program.home(), "twice", &Cut::of(&har).text());
    crate::recordings::learned::learn(&rehearsal.program, &file, "twice", &[]);
}
