//! Promise 2: nothing is written over a change nobody saw.

use std::sync::Arc;

use serde_json::json;

use crate::promises::{RESTORE, held_back, page_of};
use crate::rehearsal::{Desk, Rehearsal};

#[test]
fn a_change_made_while_the_plan_is_read_stays() {
    let rehearsal = Arc::new(Rehearsal::refreshed_with_few(&[]));
    let theirs = rehearsal.state().text("SSO").to_owned() + "somebody.else=1\n";
    let (there, text) = (Arc::clone(&rehearsal), theirs.clone());
    let words = ["stage", "--only", "SSO", "--only", "UI"];
    let desk = Desk::restore(&rehearsal, &words, move |_| {
        there.save("stage", "SSO", &text);
        "y".to_owned()
    });
    assert_eq!(desk.code, 7, "{}", desk.shown);
    assert!(
        desk.shown.contains("it was changed since the plan was shown"),
        "{}",
        desk.shown
    );
    assert_eq!(rehearsal.state().text("SSO"), theirs);
    assert_eq!(rehearsal.saves(), 1, "the other document is written");
}

#[test]
fn the_smallest_change_counts_and_then_nothing_is_sent() {
    let rehearsal = Arc::new(Rehearsal::refreshed_with_few(&[]));
    let text = rehearsal.state().text("SSO").to_owned();
    let blank = text.replacen('\n', " \n", 1);
    let comment = text.clone() + "#\n";
    for theirs in [blank, comment] {
        let (there, change) = (Arc::clone(&rehearsal), theirs.clone());
        let desk = Desk::restore(&rehearsal, &["stage", "--only", "SSO"], move |_| {
            there.save("stage", "SSO", &change);
            "y".to_owned()
        });
        assert_eq!(desk.code, 9, "{}", desk.shown);
        assert_eq!(rehearsal.saves(), 0);
        assert_eq!(rehearsal.state().text("SSO"), theirs);
    }
}

#[test]
fn a_change_made_while_other_documents_are_written_stays() {
    let rehearsal = Rehearsal::refreshed_with_few(&[]);
    let theirs = rehearsal.state().text("VLS").to_owned() + "somebody.else=1\n";
    // The last reading before the write of VLS is held back for a moment, and in it somebody saves.
    rehearsal.fault("GET", &page_of("VLS"), 1, json!({ "delay-ms": 1500 }));
    let ran = std::thread::scope(|scope| {
        let running = scope.spawn(|| rehearsal.run(&[&RESTORE[..], &["--json"]].concat()));
        rehearsal.wait_for("the second reading of VLS", |requests| {
            requests.iter().filter(|asked| asked.is_edit_of("VLS")).count() == 2
        });
        rehearsal.save("stage", "VLS", &theirs);
        running.join().unwrap()
    });
    let ran = ran.ends(7);
    assert_eq!(
        ran.outcomes(),
        words(&[("SSO", "written"), ("UI", "written"), ("VLS", "refused")])
    );
    assert_eq!(rehearsal.state().text("VLS"), theirs);
    assert_eq!(rehearsal.saves(), 2);
    // Seen now, it is planned anew.
    rehearsal
        .run(&["restore", "stage", "--yes", "--only", "VLS"])
        .ends(8);
    assert!(!rehearsal.state().text("VLS").contains("somebody.else"));
}

#[test]
fn undo_is_as_careful() {
    let rehearsal = Rehearsal::refreshed_with_few(&[]);
    rehearsal
        .run(&["restore", "stage", "--yes", "--only", "SSO"])
        .ends(8);
    let theirs = rehearsal.state().text("SSO").to_owned() + "somebody.else=1\n";
    rehearsal.forget_requests();
    rehearsal.fault("GET", &page_of("SSO"), 1, held_back());
    let mut child = rehearsal.begin(&["undo", "stage", "--yes"]);
    rehearsal.wait_for("the second reading", |requests| {
        requests.iter().filter(|asked| asked.is_edit_of("SSO")).count() == 2
    });
    rehearsal.save("stage", "SSO", &theirs);
    child.kill().unwrap();
    child.wait().unwrap();
    rehearsal.fault("GET", &page_of("SSO"), 1, json!({ "delay-ms": 1 }));
    let ran = rehearsal.run(&["undo", "stage", "--dry-run", "--json"]).ends(1);
    assert!(
        ran.out.contains("somebody.else"),
        "what would be dropped is said: {}",
        ran.told()
    );
    assert_eq!(rehearsal.state().text("SSO"), theirs);
}

fn words(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
        .collect()
}
