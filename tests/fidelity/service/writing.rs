//! Writes over JSON: what each comes to is what it is, and none is sent twice blindly.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::fidelity::service::{PROFILE, page_of, puts, refreshed, start, use_profile};
use crate::promises::side_by_side;
use crate::rehearsal::{Desk, Rehearsal};

const RESTORE: [&str; 6] = ["restore", "stage", "--yes", "--json", "--only", "SSO"];

/// What happens to the first writes, how often, how many there are then, how it ends, how often is signed in.
fn cases() -> Vec<(Value, u64, usize, &'static str, usize)> {
    vec![
        // It arrived: reading shows it, and nothing is sent again.
        (json!("lose-answer"), 1, 1, "written", 1),
        (json!("cut-body"), 1, 1, "written", 1),
        (json!("cut-body-quietly"), 1, 1, "written", 1),
        (json!({ "cache-ms": 1500 }), 1, 1, "written", 1),
        // It did not: reading shows the old text, and one new attempt is made with what was read anew.
        (json!("drop"), 1, 2, "written", 1),
        (json!({ "status": 500 }), 1, 2, "written", 1),
        (json!({ "status": 403 }), 1, 2, "written", 1),
        (json!("login-page"), 1, 2, "written", 1),
        (json!("expire"), 1, 2, "written", 2),
        (
            json!({ "redirect": "/learning/admin/nativelogin.jsp" }),
            1,
            2,
            "written",
            1,
        ),
        // And never a third.
        (json!("drop"), 9, 2, "refused", 1),
        (json!({ "status": 400 }), 9, 2, "refused", 1),
        // The server said something: it is asked no second time.
        (json!("ignore-save"), 1, 1, "refused", 1),
        (json!("refuse-save"), 1, 1, "refused", 1),
        (json!("alter-save"), 1, 1, "reads-different", 1),
        (json!({ "status": 409 }), 1, 1, "refused", 1),
        (json!({ "status": 412 }), 1, 1, "refused", 1),
    ]
}

#[test]
fn what_became_of_a_write_is_found_out_by_reading() {
    side_by_side(cases(), |(effect, times, sent, end, sign_ins)| {
        let rehearsal = refreshed(&[]);
        let fault = json!([{ "method": "PUT", "path": "", "times": times, "effect": effect }]);
        rehearsal.faults(&fault);
        let ran = rehearsal.run(&RESTORE).ends(if end == "written" { 8 } else { 7 });
        assert_eq!(ran.outcome("SSO"), end, "{effect}: {}", ran.told());
        assert_eq!(puts(&rehearsal).len(), sent, "{effect}");
        assert_eq!(rehearsal.sign_ins(), sign_ins, "{effect}");
        never_blindly(&rehearsal);
    });
}

#[test]
fn a_token_that_is_over_is_fetched_anew_once() {
    let rehearsal = refreshed(&[]);
    rehearsal.fault("PUT", "", 0, json!("new-token"));
    let ran = rehearsal.run(&RESTORE).ends(8);
    assert_eq!(ran.outcome("SSO"), "written", "{}", ran.told());
    assert_eq!((puts(&rehearsal).len(), rehearsal.sign_ins()), (2, 1));
    let tokens = rehearsal
        .requests()
        .into_iter()
        .filter(|asked| asked.path.ends_with("/service/session"));
    assert_eq!(tokens.count(), 2);
    rehearsal.allow_harm();
    assert_eq!(rehearsal.look("harm", "stage")["wrongToken"], 1);
}

#[test]
fn a_token_that_changes_with_every_page_is_right_at_once() {
    let rehearsal = refreshed(&[]);
    let fault = json!([{ "method": "GET", "path": "configurations", "times": 999, "effect": "new-token" }]);
    rehearsal.faults(&fault);
    let ran = rehearsal
        .run(&[
            "restore", "stage", "--yes", "--json", "--only", "UI", "--only", "SSO",
        ])
        .ends(8);
    assert!(
        ran.outcomes().iter().all(|(_, word)| word == "written"),
        "{}",
        ran.told()
    );
    assert_eq!(puts(&rehearsal).len(), 2);
}

#[test]
fn without_a_token_nothing_is_sent() {
    let rehearsal = refreshed(&[]);
    use_profile(&rehearsal, &PROFILE.replace("\"/csrfToken\"", "\"/nothing\""));
    let ran = rehearsal.run(&RESTORE).ends(9);
    assert_eq!(ran.outcome("SSO"), "refused");
    ran.says("token is not found");
    assert_eq!(puts(&rehearsal).len(), 0);
}

#[test]
fn a_version_conflict_is_a_refused_step() {
    let rehearsal = refreshed(&[]);
    let theirs = rehearsal.state().text("SSO").to_owned() + "somebody.else=1\n";
    // The write is held back for a moment, and in it somebody saves.
    rehearsal.fault("PUT", "", 0, json!({ "delay-ms": 1500 }));
    let ran = std::thread::scope(|scope| {
        let running = scope.spawn(|| rehearsal.run(&RESTORE));
        rehearsal.wait_for("the write", |asked| asked.iter().any(|a| a.method == "PUT"));
        rehearsal.save("stage", "SSO", &theirs);
        running.join().unwrap()
    });
    let ran = ran
        .ends(7)
        .says("somebody else has saved it in the meantime")
        .says("status 409");
    assert_eq!(ran.outcome("SSO"), "refused", "{}", ran.told());
    assert_eq!(puts(&rehearsal).len(), 1, "a conflict is not sent again");
    assert_eq!(rehearsal.state().text("SSO"), theirs);
}

#[test]
fn a_change_made_while_the_plan_is_read_stays() {
    let rehearsal = Arc::new(refreshed(&[]));
    let theirs = rehearsal.state().text("SSO").replacen('\n', " \n", 1);
    let (there, text) = (Arc::clone(&rehearsal), theirs.clone());
    let desk = Desk::restore(
        &rehearsal,
        &["stage", "--only", "SSO", "--only", "UI"],
        move |_| {
            there.save("stage", "SSO", &text);
            "y".to_owned()
        },
    );
    assert_eq!(desk.code, 7, "{}", desk.shown);
    assert!(
        desk.shown.contains("it was changed since the plan was shown"),
        "{}",
        desk.shown
    );
    assert_eq!(rehearsal.state().text("SSO"), theirs);
    assert_eq!(puts(&rehearsal).len(), 1, "the other file is written");
}

#[test]
fn a_file_that_can_only_be_viewed_is_stored_and_never_written_to() {
    let rehearsal = start(&[]);
    rehearsal.run(&["backup", "stage"]).ends(0);
    let name = "RELEASE_INFO";
    let changed = rehearsal.state().text(name).to_owned() + "new=1\n";
    rehearsal.save("stage", name, &changed);
    rehearsal
        .run(&["restore", "stage", "--yes", "--only", name])
        .ends(9)
        .says("cannot be changed");
    assert_eq!(puts(&rehearsal).len(), 0);
    assert_eq!(rehearsal.state().text(name), changed);
}

#[test]
fn masks_are_not_sent_as_values() {
    for scenario in ["resave=mask", "resave=again"] {
        let rehearsal = refreshed(&[scenario, "key=instance"]);
        let ran = rehearsal.run(&["restore", "stage", "--yes", "--json"]);
        let harm = rehearsal.look("harm", "stage");
        assert_eq!(harm["foreignCiphertext"], 0, "{}", ran.told());
        rehearsal.allow_harm();
    }
}

#[test]
fn each_file_differs_by_the_one_key_that_was_changed() {
    let rehearsal = Rehearsal::in_full(&["service"]);
    use_profile(&rehearsal, PROFILE);
    rehearsal.run(&["backup", "stage"]).ends(0);
    let before = rehearsal.state();
    for (name, text) in &before.documents {
        let shown = rehearsal.run(&["show", "stage", name, "--reveal"]).ends(0).out;
        assert_eq!(&shown, text, "{name}");
    }
    let names: Vec<&String> = before
        .documents
        .keys()
        .filter(|name| *name != "RELEASE_INFO")
        .collect();
    for name in &names {
        rehearsal.save(
            "stage",
            name,
            &(before.text(name).to_owned() + "\nadded.by.somebody=1\n"),
        );
    }
    rehearsal.forget_requests();
    rehearsal.run(&["restore", "stage", "--yes"]).ends(0);
    assert_eq!(puts(&rehearsal).len(), names.len());
    for name in &names {
        assert_eq!(rehearsal.state().text(name), before.text(name), "{name}");
    }
}

/// Wants a reading of the file between any two writes.
fn never_blindly(rehearsal: &Rehearsal) {
    let steps: Vec<bool> = rehearsal
        .requests()
        .iter()
        .filter(|asked| asked.path.starts_with(&page_of("SSO")))
        .map(|asked| asked.method == "PUT")
        .collect();
    assert!(
        !steps.windows(2).any(|pair| pair[0] && pair[1]),
        "{:#?}",
        rehearsal.requests()
    );
}
