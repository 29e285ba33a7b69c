//! What was entered once and is overwritten again: no value stops waiting without having been entered.

use serde_json::json;

use crate::rehearsal::Rehearsal;

const ENTER: &[&str] = &["restore", "stage", "--yes", "--encrypted", "enter"];
const SSO: &str = "sso.sp.keystore.password";

impl Rehearsal {
    /// A refresh over an instance whose values have all been entered after the first one; both instances have backups.
    fn refreshed_twice(words: &[&str]) -> Self {
        let rehearsal = Self::with_backup(words);
        rehearsal.run(&["backup", "prod"]).ends(0);
        rehearsal.refresh();
        rehearsal.enter_all();
        rehearsal.refresh();
        rehearsal
    }

    #[track_caller]
    fn works(&self) {
        let health = self.health();
        assert!(
            health.as_object().unwrap().values().all(|state| state == "ok"),
            "{health}"
        );
    }
}

#[test]
fn after_a_second_refresh_everything_waits_whichever_document_comes_first() {
    for words in [&["key=shared"][..], &["key=instance"]] {
        let rehearsal = Rehearsal::refreshed_twice(words);
        let first = [
            "restore",
            "stage",
            "--only",
            "BIZX",
            "--encrypted",
            "enter",
            "--yes",
        ];
        rehearsal.run(&first).ends(0);
        rehearsal.run(ENTER).ends(0).says("Entered 8 values");
        rehearsal.works();
    }
}

#[test]
fn without_a_backup_of_the_source_they_wait_as_well() {
    let rehearsal = Rehearsal::with_backup(&[]);
    rehearsal.refresh();
    rehearsal.enter_all();
    rehearsal.refresh();
    rehearsal
        .run(&[
            "restore",
            "stage",
            "--only",
            "BIZX",
            "--encrypted",
            "enter",
            "--yes",
        ])
        .ends(0);
    rehearsal.run(ENTER).ends(0).says("Entered 8 values");
    rehearsal.works();
}

#[test]
fn what_waited_before_a_refresh_waits_after_it() {
    let rehearsal = Rehearsal::with_backup(&[]);
    rehearsal.run(&["backup", "prod"]).ends(0);
    let text = rehearsal.state().text("SSO").to_owned();
    let cipher = rehearsal.state().value("SSO", SSO).unwrap().to_owned();
    rehearsal.save("stage", "SSO", &text.replace(&cipher, "typed by hand"));
    rehearsal
        .run(&["restore", "stage", "--only", "SSO", "--yes"])
        .ends(8);
    rehearsal.refresh();
    rehearsal
        .run(&["restore", "stage", "--yes"])
        .ends(8)
        .says("Keystore password of SSO");
    let listed = rehearsal.run(&["secret", "list", "stage"]).ends(0).told();
    assert!(!listed.contains("entered by hand"), "{listed}");
}

#[test]
fn a_value_that_a_lost_write_has_broken_waits() {
    let rehearsal = Rehearsal::with_backup(&[]);
    rehearsal.play(&["resave=again"]);
    rehearsal.refresh();
    rehearsal.allow_harm();
    let lost =
        json!({ "method": "GET", "path": "iContent", "skip": 2, "times": 60, "effect": { "status": 503 } });
    rehearsal.faults(&json!([lost]));
    let restore = ["restore", "stage", "--only", "iContent", "--yes"];
    rehearsal.run(&restore).ends(7);
    rehearsal.faults(&json!([]));
    rehearsal
        .run(&restore)
        .ends(8)
        .says("Repository password of iContent");
}

#[test]
fn ciphertext_of_the_source_is_not_sent_from_a_backup_taken_after_the_refresh() {
    let rehearsal = Rehearsal::with_backup(&[]);
    rehearsal.run(&["backup", "prod"]).ends(0);
    rehearsal.refresh();
    let partial = rehearsal
        .run(&["backup", "stage", "--only", "SSO", "--json"])
        .ends(0)
        .json();
    let theirs = rehearsal.state().value("SSO", SSO).unwrap().to_owned();
    let text = rehearsal.state().text("SSO").to_owned();
    rehearsal.save("stage", "SSO", &text.replace(&theirs, "typed by hand"));
    let from = format!("stage@{}", partial["id"].as_str().unwrap());
    rehearsal
        .run(&["restore", &from, "--encrypted", "archived", "--yes"])
        .ends(8);
    assert_eq!(rehearsal.look("harm", "stage")["foreignCiphertext"], 0);
}

#[test]
fn an_undo_leaves_a_key_that_the_restore_did_not_touch() {
    let rehearsal = Rehearsal::with_backup(&[]);
    let own = rehearsal.state();
    rehearsal.refresh();
    rehearsal
        .run(&["restore", "stage", "--only", "SSO:sso.idp.entityId", "--yes"])
        .ends(0);
    let state = rehearsal.state();
    let value = |state: &crate::rehearsal::State, key: &str| state.value("SSO", key).unwrap().to_owned();
    let by_hand = state
        .text("SSO")
        .replace(&value(&state, "sso.sp.entityId"), &value(&own, "sso.sp.entityId"));
    rehearsal.save("stage", "SSO", &by_hand);
    rehearsal.run(&["undo", "stage", "--yes"]).ends(0);
    let undone = rehearsal.state();
    assert_eq!(value(&undone, "sso.sp.entityId"), value(&own, "sso.sp.entityId"));
    assert_ne!(
        value(&undone, "sso.idp.entityId"),
        value(&own, "sso.idp.entityId")
    );
}

#[test]
fn markers_that_are_sealed_do_not_make_what_was_entered_wait_for_ever() {
    let rehearsal = Rehearsal::with_backup(&["sealed"]);
    rehearsal.run(&["backup", "prod"]).ends(0);
    rehearsal.refresh();
    for (document, key, value) in rehearsal.real_values() {
        rehearsal.tell_value(&document, &key, &value);
    }
    rehearsal.run(ENTER).ends(7);
    let key = "bizx.home.assignment.restrictDocumentMode";
    let state = rehearsal.state();
    let old = format!("{key}={}", state.value("BIZX", key).unwrap());
    let text = state.text("BIZX").replace(&old, &format!("{key}=77"));
    rehearsal.save("stage", "BIZX", &text);
    for _ in 0..2 {
        rehearsal.run(&["restore", "stage", "--yes"]).ends(0);
    }
}

#[test]
fn disguised_ciphertext_of_another_instance_is_not_sent_from_its_backup() {
    let rehearsal = Rehearsal::with_backup(&["disguised"]);
    // A partial one: no complete backup of the source tells what is its.
    rehearsal
        .run(&["backup", "prod", "--only", "NOTIFICATIONS"])
        .ends(0);
    let words = [
        "restore",
        "stage",
        "--from-instance",
        "prod",
        "--only",
        "NOTIFICATIONS",
        "--yes",
    ];
    rehearsal.run(&words).ends(8);
    assert_eq!(rehearsal.look("harm", "stage")["foreignCiphertext"], 0);
}

#[test]
fn a_corrected_value_that_was_entered_in_the_page_waits_no_more() {
    let rehearsal = Rehearsal::with_backup(&[]);
    rehearsal.refresh();
    let restore = ["restore", "stage", "--only", "SSO", "--yes"];
    rehearsal.tell_value("SSO", SSO, "mistyped-1");
    rehearsal
        .run(&[&restore[..], &["--encrypted", "enter"]].concat())
        .ends(0);
    rehearsal.tell_value("SSO", SSO, "corrected-1");
    rehearsal.run(&restore).ends(8);
    let state = rehearsal.state();
    let cipher = state.value("SSO", SSO).unwrap();
    rehearsal.save("stage", "SSO", &state.text("SSO").replace(cipher, "corrected-1"));
    rehearsal.run(&restore).ends(0);
}

#[test]
fn an_undo_brings_comments_back_where_a_key_was_just_learned() {
    let rehearsal = Rehearsal::start(&["disguised"]);
    let text = format!("# of stage alone\n{}", rehearsal.state().text("SEARCH"));
    rehearsal.save("stage", "SEARCH", &text);
    rehearsal.run(&["backup", "stage"]).ends(0);
    rehearsal.refresh();
    rehearsal.allow_harm();
    rehearsal
        .run(&["restore", "stage", "--only", "SEARCH", "--yes"])
        .ends(7);
    assert!(rehearsal.state().text("SEARCH").contains("# of stage alone"));
    rehearsal.run(&["undo", "stage", "--yes"]);
    assert!(!rehearsal.state().text("SEARCH").contains("# of stage alone"));
}
