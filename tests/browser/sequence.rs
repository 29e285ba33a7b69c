//! Backup, diff, restore, undo with a session only.

use serde_json::json;

use crate::browser::{CLOSED, header, values};
use crate::rehearsal::{Rehearsal, SAVE, differences};

#[test]
fn the_whole_sequence_passes_with_a_session_only() {
    let rehearsal = Rehearsal::start(&[CLOSED]);
    rehearsal.run(&["backup", "stage"]).ends(3);
    let before = rehearsal.state();
    rehearsal
        .run_with(&rehearsal.session_file(), &["backup", "stage"])
        .ends(0);
    rehearsal.refresh();
    let file = rehearsal.session_file();
    rehearsal.run_with(&file, &["diff", "stage"]).ends(1);
    rehearsal
        .run_with(&file, &["restore", "stage", "--yes"])
        .ends(8)
        .says("9 encrypted values wait");
    let restored = rehearsal.state();
    let waiting: Vec<String> = differences(&before, &restored)
        .into_iter()
        .filter(|d| !is_encrypted(d))
        .collect();
    assert!(waiting.is_empty(), "only encrypted values differ: {waiting:?}");
    rehearsal.run_with(&file, &["restore", "stage", "--yes"]).ends(8);
    rehearsal.run_with(&file, &["undo", "stage", "--yes"]).ends(8);
    rehearsal
        .run_with(&file, &["check", "stage"])
        .ends(0)
        .says("with a browser's session");
}

/// Encrypted values cannot be brought back: they wait.
fn is_encrypted(difference: &str) -> bool {
    ["assword", "ecret", "pgp", "passphrase", "clientSecret"]
        .iter()
        .any(|word| difference.contains(word))
}

#[test]
fn a_session_that_has_ended_is_said_to_be_over() {
    let rehearsal = Rehearsal::start(&[CLOSED]);
    let file = rehearsal.session_file();
    rehearsal.end_sessions("stage");
    rehearsal
        .run_with(&file, &["backup", "stage"])
        .ends(3)
        .says("is over")
        .says("lmskeep login stage --cookies FILE");
    // Where native sign-in is open, its form tells.
    rehearsal.play(&[]);
    rehearsal
        .run_with(&file, &["backup", "stage"])
        .ends(3)
        .says("asks to sign in");
    assert!(
        !rehearsal.requests().iter().any(|asked| asked.is_sign_in()),
        "no password is tried"
    );
}

#[test]
fn a_session_that_ends_before_anything_is_sent_stops_with_3() {
    let rehearsal = Rehearsal::start(&[CLOSED]);
    rehearsal
        .run_with(&rehearsal.session_file(), &["backup", "stage"])
        .ends(0);
    rehearsal.refresh();
    let file = rehearsal.session_file();
    let before = rehearsal.state();
    // The last page that is read before the first save.
    rehearsal.fault(
        "GET",
        "editConfiguration.do?configurationID=CONNECTORS",
        1,
        json!("expire"),
    );
    rehearsal
        .run_with(&file, &["restore", "stage", "--yes"])
        .ends(3)
        .says("is over");
    assert_eq!(differences(&before, &rehearsal.state()), Vec::<String>::new());
}

#[test]
fn a_session_that_ends_in_the_midst_of_a_restore_stops_at_a_document_and_goes_on_after_the_next() {
    for (method, skip) in [("POST", 2), ("GET", 76)] {
        let rehearsal = Rehearsal::start(&[CLOSED]);
        rehearsal
            .run_with(&rehearsal.session_file(), &["backup", "stage"])
            .ends(0);
        rehearsal.refresh();
        rehearsal.forget_requests();
        let file = rehearsal.session_file();
        rehearsal.fault(method, "/learning", skip, json!("expire"));
        let stopped = rehearsal
            .run_with(&file, &["restore", "stage", "--yes", "--json"])
            .ends(7);
        let words: Vec<String> = stopped.outcomes().into_iter().map(|(_, word)| word).collect();
        let count = |word: &str| words.iter().filter(|w| *w == word).count();
        assert!(
            count("written") > 0 && count("not-attempted") > 0,
            "{method}: {words:?}"
        );
        assert!(count("unknown") <= 1, "{method}: {words:?}");
        rehearsal
            .run_with(&file, &["restore", "stage", "--yes"])
            .ends(3)
            .says("is over");

        let file = rehearsal.session_file();
        rehearsal.run_with(&file, &["restore", "stage", "--yes"]).ends(8);
        let saved = rehearsal
            .requests()
            .into_iter()
            .filter(|asked| asked.is_save())
            .count();
        assert!(
            saved <= 13,
            "{method}: each of 12 documents is saved once, the one that met the end twice: {saved}"
        );
        rehearsal.run_with(&file, &["diff", "stage"]).says("encrypted");
    }
}

#[test]
fn the_user_agent_is_taken_along() {
    let rehearsal = Rehearsal::start(&[CLOSED]);
    let agent = "Mozilla/5.0 (Practice) Gecko/1";
    let cookies = rehearsal.cookies("stage", &json!({ "userAgent": agent }));
    let line = header(&cookies);
    rehearsal
        .run_with(&rehearsal.put_file(&line), &["backup", "stage", "--only", "UI"])
        .ends(3);
    let with_agent = format!("User-Agent: {agent}\n{line}\n");
    rehearsal
        .run_with(
            &rehearsal.put_file(&with_agent),
            &["backup", "stage", "--only", "UI"],
        )
        .ends(0);
    let curl = format!(
        "curl '{}learning/admin/main.do' -H 'User-Agent: {agent}' -H '{line}' --compressed",
        rehearsal.practice.stage.trim_end_matches('/').to_owned() + "/"
    );
    rehearsal
        .run_with(&rehearsal.put_file(&curl), &["backup", "stage", "--only", "UI"])
        .ends(0);
}

#[test]
fn no_value_of_a_cookie_is_shown() {
    let rehearsal = Rehearsal::start(&[CLOSED]);
    let cookies = rehearsal.cookies("stage", &json!({}));
    let file = rehearsal.put_file(&header(&cookies));
    let mut said = String::new();
    for words in [
        &["backup", "stage", "--only", "UI", "-vv"][..],
        &["check", "stage", "-vv", "--json"],
        &["show", "stage"],
    ] {
        let ran = rehearsal.run(&match words[0] {
            "show" => words.to_vec(),
            _ => [words, &["--cookies", &file]].concat(),
        });
        said += &(ran.out + &ran.err);
    }
    rehearsal.end_sessions("stage");
    let ran = rehearsal.run_with(&file, &["backup", "stage", "-vv"]).ends(3);
    said += &(ran.out + &ran.err);
    for value in values(&cookies) {
        assert!(!said.contains(&value), "{value} is shown");
    }
}

#[test]
fn a_lost_answer_at_the_end_of_a_session_is_told_as_unknown() {
    let rehearsal = Rehearsal::start(&[CLOSED]);
    rehearsal
        .run_with(&rehearsal.session_file(), &["backup", "stage", "--only", "UI"])
        .ends(0);
    rehearsal.refresh();
    let file = rehearsal.session_file();
    rehearsal.faults(&json!([
        { "method": "POST", "path": SAVE, "skip": 0, "effect": "lose-answer" },
        { "method": "GET", "path": "editConfiguration", "skip": 3, "effect": "expire" },
    ]));
    let ran = rehearsal
        .run_with(&file, &["restore", "stage", "--yes", "--json"])
        .ends(7);
    assert_eq!(ran.outcomes(), [("UI".to_owned(), "unknown".to_owned())]);
    rehearsal
        .run_with(&rehearsal.session_file(), &["restore", "stage", "--yes"])
        .ends(0);
}
