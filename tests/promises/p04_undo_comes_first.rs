//! Promise 4: undo exists before the first write.

use serde_json::json;

use crate::promises::{RESTORE, held_back, side_by_side, signal};
use crate::rehearsal::{Rehearsal, SAVE, differences};

#[test]
fn the_safety_backup_is_there_when_the_first_write_goes_out() {
    let rehearsal = Rehearsal::refreshed_with_few(&[]);
    let refreshed = rehearsal.state();
    rehearsal.fault("POST", SAVE, 0, held_back());
    let mut child = rehearsal.begin(&RESTORE);
    rehearsal.wait_for("the first save", |requests| {
        requests.iter().any(|asked| asked.is_save())
    });
    child.kill().unwrap();
    child.wait().unwrap();

    let safeties = rehearsal.safeties();
    assert_eq!(safeties.len(), 1);
    let shown = rehearsal
        .run(&["show", &format!("stage@{}", safeties[0]), "SSO", "--reveal"])
        .ends(0);
    assert_eq!(
        shown.out,
        refreshed.text("SSO"),
        "it holds what the plan was made from"
    );
}

#[test]
fn killed_anywhere_it_can_be_gone_on_with_and_undone() {
    side_by_side(vec![(0, 3), (1, 2), (2, 1)], |(number, documents)| {
        let rehearsal = Rehearsal::refreshed_with_few(&[]);
        let refreshed = rehearsal.state();
        rehearsal.fault("POST", SAVE, number, held_back());
        let mut child = rehearsal.begin(&RESTORE);
        rehearsal.wait_for("the save", |requests| {
            requests.iter().filter(|asked| asked.is_save()).count() as u64 == number + 1
        });
        child.kill().unwrap();
        child.wait().unwrap();
        let first = rehearsal.safeties();

        rehearsal.forget_requests();
        rehearsal
            .run(&RESTORE)
            .ends(8)
            .says(&format!("{documents} document"))
            .says("the safety backup");
        assert_eq!(rehearsal.saves(), documents);
        assert_eq!(rehearsal.safeties(), first, "a continued restore keeps its first");
        let finished = rehearsal.state();
        rehearsal.run(&RESTORE).ends(8).says("Nothing to write.");

        rehearsal.run(&["undo", "stage", "--yes"]);
        assert_eq!(differences(&refreshed, &rehearsal.state()), Vec::<String>::new());
        // The same without being killed comes to the same.
        rehearsal.refresh();
        rehearsal.run(&RESTORE).ends(8);
        assert_eq!(rehearsal.state().text("SSO"), finished.text("SSO"));
        assert_eq!(differences(&finished, &rehearsal.state()), Vec::<String>::new());
    });
}

#[test]
#[cfg(unix)]
fn ctrl_c_ends_between_two_documents_and_the_next_run_is_in_order() {
    let rehearsal = Rehearsal::refreshed_with_few(&[]);
    let refreshed = rehearsal.state();
    rehearsal.fault("POST", SAVE, 1, json!({ "delay-ms": 1200 }));
    let child = rehearsal.begin(&[&RESTORE[..], &["--json"]].concat());
    rehearsal.wait_for("the second save", |requests| {
        requests.iter().filter(|asked| asked.is_save()).count() == 2
    });
    signal(&child, "INT");
    let output = child.wait_with_output().unwrap();
    let ran = crate::rehearsal::Ran::of(&RESTORE, output).ends(130);
    let ends: Vec<String> = ran.outcomes().into_iter().map(|(_, word)| word).collect();
    assert_eq!(ends, ["written", "written", "not-attempted"], "{}", ran.told());

    let first = rehearsal.safeties();
    rehearsal.run(&["verify"]).ends(0);
    rehearsal.forget_requests();
    rehearsal.run(&RESTORE).ends(8);
    assert_eq!((rehearsal.saves(), rehearsal.sign_ins()), (1, 1));
    assert_eq!(rehearsal.safeties(), first);
    rehearsal.run(&["undo", "stage", "--yes"]);
    assert_eq!(differences(&refreshed, &rehearsal.state()), Vec::<String>::new());
}

#[test]
fn what_somebody_else_changed_meanwhile_is_kept_too_when_a_run_is_continued() {
    let rehearsal = Rehearsal::refreshed(&[]);
    let refreshed = rehearsal.state();
    // `SSO` is sent and lost, `UI` is not sent, `VLS` not even tried.
    rehearsal.fault("POST", SAVE, 1, held_back());
    let mut child = rehearsal.begin(&RESTORE);
    rehearsal.wait_for("the second save", |requests| {
        requests.iter().filter(|asked| asked.is_save()).count() == 2
    });
    child.kill().unwrap();
    child.wait().unwrap();
    let first = rehearsal.safeties();
    let theirs = format!("{}theirs=1\n", refreshed.text("VLS"));
    rehearsal.save("stage", "VLS", &theirs);

    rehearsal.run(&RESTORE).ends(8);
    assert_eq!(rehearsal.safeties().len(), first.len() + 1);
    rehearsal.run(&["undo", "stage", "--yes"]);
    let undone = rehearsal.state();
    assert_eq!(undone.text("VLS"), theirs, "what they wrote is back");
    for document in ["SSO", "UI"] {
        assert_eq!(undone.text(document), refreshed.text(document), "{document}");
    }
}

#[test]
#[cfg(unix)]
fn ctrl_c_while_reading_ends_at_once_and_nothing_is_sent() {
    let rehearsal = Rehearsal::refreshed(&[]);
    for words in [&RESTORE[..], &["backup", "stage"], &["diff", "stage"]] {
        rehearsal.forget_requests();
        rehearsal.fault("GET", "configurationID=SSO&", 0, held_back());
        let child = rehearsal.begin(words);
        rehearsal.wait_for("the page", |requests| {
            requests.iter().any(|asked| asked.is_edit_of("SSO"))
        });
        let begun = std::time::Instant::now();
        signal(&child, "INT");
        let output = child.wait_with_output().unwrap();
        crate::rehearsal::Ran::of(words, output).ends(130);
        assert!(begun.elapsed() < std::time::Duration::from_secs(10), "{words:?}");
        rehearsal.nothing_was_sent();
    }
    rehearsal.faults(&json!([]));
    assert_eq!(rehearsal.backups().len(), 1);
    rehearsal.run(&RESTORE).ends(8);
}

#[test]
fn a_restore_that_writes_nothing_makes_none_and_a_new_one_makes_its_own() {
    let rehearsal = Rehearsal::refreshed(&[]);
    rehearsal.run(&RESTORE).ends(8);
    assert_eq!(rehearsal.safeties().len(), 1);
    rehearsal.run(&RESTORE).ends(8).says("Nothing to write.");
    assert_eq!(rehearsal.safeties().len(), 1);
    // Not continued: the run before it was done.
    rehearsal.refresh();
    rehearsal.run(&RESTORE).ends(8);
    assert_eq!(rehearsal.safeties().len(), 2);
    // Continued: the run before it ended in 7.
    rehearsal.refresh();
    rehearsal.fault("POST", SAVE, 1, json!("alter-save"));
    rehearsal.run(&RESTORE).ends(7);
    let three = rehearsal.safeties();
    assert_eq!(three.len(), 3);
    rehearsal.run(&RESTORE).ends(8);
    assert_eq!(rehearsal.safeties(), three);
}

#[test]
fn without_a_safety_backup_nothing_is_sent() {
    let rehearsal = Rehearsal::refreshed(&[]);
    let state = rehearsal.state();
    // No object can be stored where a file stands in the place of its folder.
    for byte in 0..=255_u8 {
        let folder = format!("archive/objects/{byte:02x}");
        if !rehearsal.program.home().join(&folder).exists() {
            rehearsal.put(&folder, b"");
        }
    }
    let blocked: Vec<_> = rehearsal.files("archive/objects").into_keys().collect();
    rehearsal
        .run(&[
            "restore", "stage", "--yes", "--only", "SSO", "--only", "L*", "--only", "B*",
        ])
        .ends(6);
    assert_eq!(rehearsal.saves(), 0);
    assert_eq!(rehearsal.state(), state);
    let now: Vec<_> = rehearsal.files("archive/objects").into_keys().collect();
    assert!(now.len() >= blocked.len());
    assert_eq!(rehearsal.safeties(), Vec::<String>::new());
}
