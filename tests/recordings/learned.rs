//! A profile learned from a recording does all that one does that was written by hand: backup, diff, restore, undo.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::cli::program::Program;
use crate::real::part;
use crate::real::wiki::Wiki;
use crate::recordings::cut::Cut;
use crate::recordings::journeys::{DOCUMENT, Part, practice, wiki};
use crate::recordings::recorder::{is_here, record};
use crate::rehearsal::{Rehearsal, differences};

/// The name of the profile that is learned.
const NAME: &str = "learned";

/// Lays a recording down where a person would have saved it.
pub(crate) fn lay_down(folder: &Path, name: &str, text: &str) -> PathBuf {
    let file = folder.join(format!("{name}.har"));
    #[allow(clippy::disallowed_methods, reason = "a browser writes this file")]
    std::fs::write(&file, text).unwrap();
    file
}

/// What is secret in a recording, or no business of a profile: cookies, what was typed to sign in, tokens, and the lines
/// of the text that was saved.
pub(crate) fn secrets(har: &Value, typed: &[&str], text: &str) -> Vec<String> {
    let mut secrets: Vec<String> = typed.iter().map(|word| (*word).to_owned()).collect();
    // What everybody knows is no secret.
    let known = include_str!("../../src/profile/sap-learning.toml");
    let lines = text.lines().map(str::trim);
    secrets.extend(
        lines
            .filter(|line| line.len() >= 8 && !known.contains(line))
            .map(str::to_owned),
    );
    for entry in har["log"]["entries"].as_array().unwrap() {
        for side in ["request", "response"] {
            let cookies = entry[side]["cookies"].as_array().into_iter().flatten();
            secrets.extend(cookies.map(|cookie| cookie["value"].as_str().unwrap().to_owned()));
            let headers = entry[side]["headers"].as_array().into_iter().flatten();
            let tokens = headers.filter(|header| {
                let name = header["name"].as_str().unwrap_or_default().to_lowercase();
                name.contains("csrf") || name.contains("xsrf")
            });
            secrets.extend(tokens.map(|header| header["value"].as_str().unwrap().to_owned()));
        }
        let sent = entry["request"]["postData"]["text"].as_str().unwrap_or_default();
        let fields = url::form_urlencoded::parse(sent.as_bytes());
        let tokens = fields.filter(|(name, _)| name.to_lowercase().contains("tok"));
        secrets.extend(tokens.map(|(_, value)| value.into_owned()));
    }
    // A token is asked for by a word that is none.
    secrets.retain(|secret| secret.len() >= 4 && !secret.eq_ignore_ascii_case("fetch"));
    secrets.sort();
    secrets.dedup();
    secrets
}

/// Learns a profile, sees it fit its recording and hold no secret, and gives its text.
#[track_caller]
pub(crate) fn learn(program: &Program, file: &Path, name: &str, secrets: &[String]) -> String {
    let har = file.to_str().unwrap();
    let told = program.tell(&["profile", "learn", har, "--name", name]);
    assert!(told.starts_with("exit code 0\n"), "{har}\n{told}");
    let tested = program.tell(&["profile", "test", name, har]);
    assert!(tested.starts_with("exit code 0\n"), "{har}\n{tested}");
    let shown = program.tell(&["profile", "show", name]);
    let profile = std::fs::read_to_string(program.home().join(format!("profiles/{name}.toml"))).unwrap();
    for said in [&told, &tested, &shown, &profile] {
        let found: Vec<&String> = secrets.iter().filter(|secret| said.contains(*secret)).collect();
        assert!(found.is_empty(), "{found:?} stand in\n{said}");
    }
    profile
}

/// The lines of a profile without what they were learned from.
fn facts(profile: &str) -> Vec<String> {
    let lines = profile
        .lines()
        .map(|line| line.split(" # ").next().unwrap().trim());
    let facts = lines.filter(|line| !line.is_empty() && !line.starts_with('#') && !line.starts_with("name"));
    facts
        .filter(|line| !line.starts_with("about") && !line.starts_with("learned"))
        .map(str::to_owned)
        .collect()
}

#[test]
fn classic() {
    practice_there_and_back(&[]);
}

#[test]
fn service() {
    practice_there_and_back(&["service"]);
}

#[test]
fn service_with_token_in_a_script() {
    practice_there_and_back(&["service", "token=script"]);
}

#[test]
fn german() {
    practice_there_and_back(&["german"]);
}

#[test]
fn token_in_a_script() {
    practice_there_and_back(&["token=script"]);
}

#[test]
fn token_in_links() {
    practice_there_and_back(&["token=link", "bound"]);
}

/// Records, learns from the whole recording and from each cut, and plays the sequence with what was learned.
fn practice_there_and_back(words: &[&str]) {
    if !is_here() {
        return;
    }
    let rehearsal = Rehearsal::start(words);
    let har = record(&practice(&rehearsal, Part::default()));
    let text = rehearsal.state().text(DOCUMENT).to_owned();
    let secrets = secrets(
        &har,
        &[&rehearsal.practice.user, &rehearsal.practice.password],
        &text,
    );
    let program = &rehearsal.program;
    let learn_from = |name: &str, cut: Cut| {
        let file = lay_down(program.home(), name, &cut.text());
        learn(program, &file, name, &secrets)
    };
    let whole = learn_from(NAME, Cut::of(&har));
    for (name, cut) in [
        ("without-secrets", Cut::of(&har).without_secrets()),
        ("base64", Cut::of(&har).in_base64()),
        ("text", Cut::of(&har).sent_as_text()),
        ("list", Cut::of(&har).sent_as_list()),
        ("strangers", Cut::of(&har).among_strangers()),
        ("backwards", Cut::of(&har).backwards()),
        (
            "no-scripts",
            Cut::of(&har).without_bodies(|url| url.contains("/css/") || url.contains("favicon")),
        ),
    ] {
        assert_eq!(facts(&learn_from(name, cut)), facts(&whole), "{name}");
    }

    rehearsal
        .run(&["instance", "set", "stage", "profile", NAME])
        .ends(0);
    rehearsal.run(&["check", "stage"]).ends(0);
    rehearsal
        .run(&["backup", "stage"])
        .ends(0)
        .says("Stored 56 documents of stage");
    let before = rehearsal.state();
    rehearsal.refresh();
    let refreshed = rehearsal.state();
    rehearsal.run(&["diff", "stage"]).ends(1);
    rehearsal.run(&["restore", "stage", "--yes"]).ends(8);
    assert_eq!(differences(&before, &rehearsal.state()), Vec::<String>::new());
    rehearsal
        .run(&["restore", "stage", "--yes"])
        .ends(8)
        .says("Nothing to write.");
    rehearsal.run(&["undo", "stage", "--yes"]).ends(8);
    assert_eq!(differences(&refreshed, &rehearsal.state()), Vec::<String>::new());
}

#[test]
fn an_integrated_tenant_with_a_session() {
    if !is_here() {
        return;
    }
    let rehearsal = Rehearsal::start(&["integrated", "service"]);
    let inside = Part {
        inside: true,
        ..Part::default()
    };
    let har = record(&practice(&rehearsal, inside));
    let text = rehearsal.state().text(DOCUMENT).to_owned();
    let secrets = secrets(&har, &[&rehearsal.practice.user], &text);
    let file = lay_down(rehearsal.program.home(), NAME, &Cut::of(&har).text());
    learn(&rehearsal.program, &file, NAME, &secrets);
    rehearsal
        .run(&["instance", "set", "stage", "profile", NAME])
        .ends(0);

    let session = rehearsal.session_file();
    rehearsal.run_with(&session, &["backup", "stage"]).ends(0);
    rehearsal.refresh();
    let session = rehearsal.session_file();
    rehearsal.run_with(&session, &["diff", "stage"]).ends(1);
    rehearsal
        .run_with(&session, &["restore", "stage", "--yes"])
        .ends(8);
    rehearsal
        .run_with(&session, &["restore", "stage", "--yes"])
        .ends(8)
        .says("Nothing to write.");
    rehearsal.run_with(&session, &["undo", "stage", "--yes"]).ends(8);
}

#[test]
fn dokuwiki() {
    let Some(served) = Wiki::serve() else { return };
    if !is_here() {
        return;
    }
    let texts = [
        ("first", "text of the first\nwith a second line\n"),
        ("second", "äöü € < & > \"\n\n  indented\n"),
        ("third", "the third one\n"),
    ];
    for (id, text) in texts {
        served.lay_down(id, text);
    }
    let har = record(&wiki(&served, "first", Part::default()));
    let program = served.program();
    let secrets = secrets(&har, &["adminpass"], texts[0].1);
    for (name, cut) in [
        (NAME, Cut::of(&har)),
        ("without-secrets", Cut::of(&har).without_secrets()),
        ("list", Cut::of(&har).sent_as_list()),
        ("base64", Cut::of(&har).in_base64()),
    ] {
        let file = lay_down(program.home(), name, &cut.text());
        learn(&program, &file, name, &secrets);
    }
    let run = |words: &[&str], code: i32| {
        let told = program.tell(words);
        assert!(
            told.starts_with(&format!("exit code {code}\n")),
            "{words:?}: {told}"
        );
    };
    run(&["instance", "set", "wiki", "profile", NAME], 0);
    run(&["backup", "wiki"], 0);
    for (id, text) in texts {
        assert_eq!(
            part::succeeded(program.run(&["show", "wiki", id, "--reveal"])),
            text,
            "{id}"
        );
    }
    for (id, _) in &texts[1..] {
        served.save_as_editor(id, "what another user made of it\n");
    }
    run(&["diff", "wiki"], 1);
    run(&["restore", "wiki", "--yes"], 0);
    for (id, text) in texts {
        assert_eq!(served.stored(id).as_deref(), Some(text), "{id}");
    }
    run(&["undo", "wiki", "--yes"], 0);
    assert_eq!(
        served.stored("second").as_deref(),
        Some("what another user made of it\n")
    );
}
