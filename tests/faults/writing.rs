//! The save goes wrong.

use serde_json::{Value, json};

use crate::faults::{DOCUMENT, restore, restore_with};
use crate::rehearsal::{Rehearsal, SAVE};

/// Restores with a fault at the save, and answers how it ended, the exit code, and how many saves were sent.
#[track_caller]
fn ended(effect: Value) -> (String, i32, usize) {
    let rehearsal = Rehearsal::refreshed(&[]);
    let wanted = rehearsal
        .run(&["show", "stage", DOCUMENT, "--reveal"])
        .ends(0)
        .out;
    let ran = restore_with(&rehearsal, ("POST", SAVE, 0, effect));
    let (word, saves) = (ran.outcome(DOCUMENT), rehearsal.saves());
    let is_there = rehearsal.state().text(DOCUMENT).trim_end() == wanted.trim_end();
    assert_eq!(
        word == "written",
        is_there,
        "called written is what is there: {}",
        ran.told()
    );
    // Whatever happened, running it again ends well and changes nothing that is right already.
    restore(&rehearsal).ends(0);
    assert_eq!(rehearsal.state().text(DOCUMENT).trim_end(), wanted.trim_end());
    (word, ran.code, saves)
}

#[test]
fn a_save_whose_answer_is_lost_is_not_sent_again() {
    assert_eq!(ended(json!("lose-answer")), ("written".into(), 0, 1));
}

#[test]
fn a_save_that_never_arrived_is_sent_once_more_with_a_fresh_form() {
    assert_eq!(ended(json!("drop")), ("written".into(), 0, 2));
}

#[test]
fn an_error_in_answer_to_a_save_is_settled_by_reading() {
    assert_eq!(ended(json!({ "status": 500 })), ("written".into(), 0, 2));
}

#[test]
fn a_sign_in_page_in_answer_to_a_save_is_settled_by_reading() {
    assert_eq!(ended(json!("login-page")), ("written".into(), 0, 2));
}

#[test]
fn a_session_that_ends_at_the_save_is_renewed() {
    assert_eq!(ended(json!("expire")), ("written".into(), 0, 2));
}

#[test]
fn a_save_that_the_instance_refuses_is_not_repeated() {
    assert_eq!(ended(json!("refuse-save")), ("refused".into(), 7, 1));
}

#[test]
fn a_save_that_is_said_to_be_applied_and_is_not_is_seen() {
    assert_eq!(ended(json!("ignore-save")), ("refused".into(), 7, 1));
}

#[test]
fn a_cluster_that_shows_the_old_text_for_a_while_is_waited_for() {
    assert_eq!(ended(json!({ "cache-ms": 1500 })), ("written".into(), 0, 1));
}

#[test]
fn a_text_that_comes_back_altered_is_named_line_by_line() {
    let rehearsal = Rehearsal::refreshed(&[]);
    let ran = restore_with(&rehearsal, ("POST", SAVE, 0, json!("alter-save"))).ends(7);
    assert_eq!(ran.outcome(DOCUMENT), "reads-different");
    assert!(
        ran.json()["documents"][0]["lines"][0]
            .as_str()
            .unwrap()
            .starts_with("line "),
        "{}",
        ran.told()
    );
    assert_eq!(rehearsal.saves(), 1);
}

#[test]
fn one_that_fails_does_not_keep_the_others_from_being_written() {
    let rehearsal = Rehearsal::refreshed(&[]);
    let wanted = ["SEARCH", "UI", "VLS"];
    rehearsal.fault("POST", SAVE, 1, json!("refuse-save"));
    let words = [
        "restore", "stage", "--only", "UI", "--only", "SEARCH", "--only", "VLS", "--yes", "--json",
    ];
    let ran = rehearsal.run(&words).ends(7);
    let outcomes: Vec<String> = wanted.iter().map(|name| ran.outcome(name)).collect();
    assert_eq!(outcomes, ["written", "refused", "written"]);
}
