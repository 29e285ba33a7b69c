//! The page that is read right before the save is not what the plan saw: then nothing is sent.

use std::time::Duration;

use serde_json::{Value, json};

use crate::faults::{DOCUMENT, restore_with};
use crate::rehearsal::{EDIT, Ran, Rehearsal};

/// The second reading of the page is the one right before the save; the first was the plan's.
const RIGHT_BEFORE: u64 = 1;

#[track_caller]
fn refused(effect: Value) -> Ran {
    let rehearsal = Rehearsal::refreshed(&[]);
    // Twice: a page that names another document is asked for once more.
    let fault = json!({ "method": "GET", "path": format!("{EDIT}?configurationID={DOCUMENT}"), "skip": RIGHT_BEFORE, "times": 9, "effect": effect });
    rehearsal.faults(&json!([fault]));
    let before = rehearsal.state();
    let words = ["restore", "stage", "--only", DOCUMENT, "--yes", "--json"];
    let ran = rehearsal.run(&words);
    assert_eq!(rehearsal.saves(), 0, "{}", ran.told());
    assert_eq!(rehearsal.state(), before);
    ran
}

#[test]
fn another_documents_page_is_not_written_to() {
    let ran = refused(json!("wrong-document")).ends(9);
    assert_eq!(ran.outcome(DOCUMENT), "refused");
}

#[test]
fn a_page_cut_off_is_not_written_to() {
    let ran = refused(json!("cut-body-quietly")).ends(9);
    assert_eq!(ran.outcome(DOCUMENT), "refused");
}

#[test]
fn a_form_that_lacks_a_field_is_not_written_to() {
    let ran = refused(json!("field-missing")).ends(9);
    assert_eq!(ran.outcome(DOCUMENT), "refused");
}

#[test]
fn a_page_with_two_large_texts_is_not_written_to() {
    let ran = refused(json!("two-textareas")).ends(9);
    assert_eq!(ran.outcome(DOCUMENT), "refused");
}

#[test]
fn an_instance_that_fails_before_anything_was_sent_is_unreachable() {
    let ran = refused(json!({ "status": 503 })).ends(4);
    assert_eq!(ran.outcome(DOCUMENT), "not-attempted");
}

#[test]
fn a_change_that_nobody_saw_is_not_written_over() {
    let rehearsal = Rehearsal::refreshed(&[]);
    let path = format!("{EDIT}?configurationID={DOCUMENT}");
    rehearsal.fault("GET", &path, RIGHT_BEFORE, json!({ "delay-ms": 1500 }));
    let child = rehearsal.begin(&["restore", "stage", "--only", DOCUMENT, "--yes", "--json"]);
    rehearsal.wait_for("the reading for the plan", |asked| {
        asked.iter().any(|a| a.is_edit_of(DOCUMENT))
    });
    std::thread::sleep(Duration::from_millis(300));
    rehearsal.save("stage", DOCUMENT, "somebody.else=1\n");
    let ran = Ran::of(&["restore"], child.wait_with_output().unwrap()).ends(9);
    assert_eq!(ran.outcome(DOCUMENT), "refused");
    assert_eq!(rehearsal.saves(), 0);
    assert_eq!(rehearsal.state().text(DOCUMENT), "somebody.else=1\n");
}

#[test]
fn while_reading_a_page_cut_off_or_foreign_stores_nothing() {
    for effect in [
        json!("cut-body"),
        json!("cut-body-quietly"),
        json!("two-textareas"),
        json!("wrong-document"),
    ] {
        let rehearsal = Rehearsal::start(&[]);
        let fault = json!({ "method": "GET", "path": EDIT, "skip": 5, "times": 99, "effect": effect });
        rehearsal.faults(&json!([fault]));
        let ran = rehearsal.run(&["backup", "stage"]);
        assert!(ran.code == 5 || ran.code == 4, "{effect}: {}", ran.told());
        rehearsal
            .run(&["list", "stage", "--json"])
            .ends(0)
            .says("\"backups\":[]");
    }
}

#[test]
fn a_passing_trouble_while_reading_is_waited_out() {
    for effect in [
        json!({ "status": 503, "retryAfter": 1 }),
        json!("drop"),
        json!("cut-body"),
        json!("expire"),
        json!("login-page"),
    ] {
        let rehearsal = Rehearsal::refreshed(&[]);
        restore_with(&rehearsal, ("GET", EDIT, 0, effect.clone())).ends(0);
    }
}
