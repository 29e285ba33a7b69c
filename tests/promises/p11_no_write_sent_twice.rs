//! Promise 11: a write is never sent twice blindly.

use serde_json::{Value, json};

use crate::promises::{RESTORE, side_by_side};
use crate::rehearsal::{Asked, Rehearsal, SAVE};

/// What happens to the first saves, how often SSO is sent then, how it ends, and how often is signed in.
type Case = (Value, u64, usize, &'static str, usize);

fn cases() -> Vec<Case> {
    let elsewhere = json!({ "redirect": "http://127.0.0.1:9/" });
    vec![
        // It arrived: reading shows it, and nothing is sent again.
        (json!("lose-answer"), 1, 1, "written", 1),
        (json!("cut-body"), 1, 1, "written", 1),
        (json!({ "cache-ms": 1500 }), 1, 1, "written", 1),
        (json!({ "delay-ms": 700 }), 1, 1, "written", 1),
        // It arrived, its answer is lost, and for a while a cache shows the old text.
        (
            json!({ "cache-ms": 1500, "lose-answer": true }),
            1,
            1,
            "written",
            1,
        ),
        // It did not: reading shows the old text, and one new attempt is made with a fresh form.
        (json!("drop"), 1, 2, "written", 1),
        (json!({ "status": 503, "retryAfter": 1 }), 1, 2, "written", 1),
        (json!({ "status": 500 }), 1, 2, "written", 1),
        (json!("login-page"), 1, 2, "written", 1),
        (json!("expire"), 1, 2, "written", 2),
        (elsewhere, 1, 2, "written", 1),
        // And never a third.
        (json!("drop"), 9, 2, "refused", 1),
        (json!({ "status": 503 }), 9, 2, "refused", 1),
        // The server said yes: it is asked no second time, whatever is read.
        (json!("ignore-save"), 1, 1, "refused", 1),
    ]
}

#[test]
fn what_became_of_a_write_is_found_out_by_reading() {
    side_by_side(cases(), |(effect, times, sent, end, sign_ins)| {
        let rehearsal = Rehearsal::refreshed_with_few(&[]);
        rehearsal.faults(&json!([{ "method": "POST", "path": SAVE, "times": times, "effect": effect }]));
        let ran = rehearsal.run(&["restore", "stage", "--yes", "--json", "--only", "SSO"]);
        let ran = ran.ends(if end == "written" { 8 } else { 7 });
        assert_eq!(ran.outcome("SSO"), end, "{effect}: {}", ran.told());
        let requests = rehearsal.requests();
        assert_eq!(rehearsal.saves(), sent, "{effect}: {requests:#?}");
        assert_eq!(rehearsal.sign_ins(), sign_ins, "{effect}: {requests:#?}");
        never_blindly(&requests);
    });
}

#[test]
fn a_wait_that_the_answer_to_a_write_asks_for_is_kept() {
    let rehearsal = Rehearsal::refreshed_with_few(&[]);
    rehearsal.fault("POST", SAVE, 0, json!({ "status": 429, "retryAfter": 3 }));
    let child = rehearsal.begin(&["restore", "stage", "--yes", "--only", "SSO"]);
    let waited = rehearsal.seconds_between(Asked::is_save, |asked| asked.edited().is_some());
    assert!(waited >= 2.8, "{waited}");
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(8));
    assert_eq!(rehearsal.saves(), 2);
}

#[test]
fn a_lost_answer_does_not_stop_the_documents_after_it() {
    let rehearsal = Rehearsal::refreshed_with_few(&[]);
    rehearsal.fault("POST", SAVE, 1, json!("lose-answer"));
    let ran = rehearsal.run(&[&RESTORE[..], &["--json"]].concat()).ends(8);
    assert!(
        ran.outcomes().iter().all(|(_, word)| word == "written"),
        "{}",
        ran.told()
    );
    assert_eq!(rehearsal.saves(), 3);
}

#[test]
fn in_every_token_scenario_the_second_attempt_has_a_token_that_holds() {
    side_by_side(vec!["token=field", "token=link", "token=script"], |token| {
        let rehearsal = Rehearsal::refreshed_with_few(&[token, "bound"]);
        rehearsal.fault("POST", SAVE, 0, json!("expire"));
        let ran = rehearsal.run(&["restore", "stage", "--yes", "--json", "--only", "SSO"]);
        assert_eq!(ran.outcome("SSO"), "written", "{token}: {}", ran.told());
        assert_eq!((rehearsal.saves(), rehearsal.sign_ins()), (2, 2), "{token}");
        // The first went out with the token of a session that was over: that one cannot be helped.
        rehearsal.allow_harm();
        let harm = rehearsal.look("harm", "stage");
        assert!(harm["wrongToken"].as_u64().unwrap() <= 1, "{token}: {harm}");
    });
}

/// Wants a reading of an edit page between any two saves.
fn never_blindly(requests: &[Asked]) {
    let steps: Vec<&Asked> = requests
        .iter()
        .filter(|asked| asked.is_save() || asked.edited().is_some())
        .collect();
    let blind = steps
        .windows(2)
        .any(|pair| pair[0].is_save() && pair[1].is_save());
    assert!(!blind, "{requests:#?}");
}
