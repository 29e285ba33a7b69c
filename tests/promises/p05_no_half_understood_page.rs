//! Promise 5: a half-understood page is never stored and never written to.

use serde_json::{Value, json};

use crate::promises::{for_ever, page_of, side_by_side};
use crate::rehearsal::{Asked, Ran, Rehearsal, SAVE};

/// Pages that are not what was asked for, and the exit code that says so.
fn wrong_pages() -> Vec<(Value, i32)> {
    vec![
        (json!("login-page"), 5),
        (json!("cut-body"), 4),
        (json!("cut-body-quietly"), 5),
        (json!("wrong-document"), 5),
        (json!("two-textareas"), 5),
        (json!("field-missing"), 5),
        (json!({ "status": 404 }), 5),
        (json!({ "status": 403 }), 5),
        (json!({ "status": 500 }), 4),
        (
            json!({ "redirect": "http://127.0.0.1:9/learning/admin/main.do" }),
            5,
        ),
    ]
}

#[test]
fn one_wrong_page_and_nothing_is_stored() {
    side_by_side(wrong_pages(), |(effect, code)| {
        let rehearsal = Rehearsal::in_full(&[]);
        rehearsal.faults(&for_ever("GET", &page_of("TASKS"), 0, &effect));
        let ran = rehearsal.run(&["backup", "stage", "--only", "TASKS", "--only", "S*"]);
        assert_eq!(ran.code, code, "{effect}: {}", ran.told());
        assert!(
            ran.err.contains("TASKS") || ran.err.contains("editConfiguration.do"),
            "{effect}: {}",
            ran.told()
        );
        assert_eq!(rehearsal.backups(), [], "{effect}");
        assert_eq!(rehearsal.files("archive/objects").len(), 0, "{effect}");
    });
}

#[test]
fn a_wrong_list_is_no_list() {
    let effects = [
        json!("login-page"),
        json!("cut-body-quietly"),
        json!({ "status": 404 }),
    ];
    for effect in effects {
        for skip in [0, 1] {
            let rehearsal = Rehearsal::in_full(&[]);
            rehearsal.faults(&for_ever("GET", "listConfigurations.do", skip, &effect));
            let ran = rehearsal.run(&["backup", "stage"]);
            assert_eq!(ran.code, 5, "{effect} {skip}: {}", ran.told());
            assert_eq!(rehearsal.backups(), [], "{effect}");
        }
    }
}

#[test]
fn what_passes_is_waited_out() {
    let passing = [
        json!("login-page"),
        json!("expire"),
        json!("cut-body"),
        json!("drop"),
        json!("wrong-document"),
        json!({ "status": 503, "retryAfter": 3 }),
    ];
    side_by_side(passing.to_vec(), |effect| {
        let rehearsal = Rehearsal::in_full(&[]);
        rehearsal.fault("GET", &page_of("TASKS"), 0, effect.clone());
        let words = ["backup", "stage", "--only", "TASKS", "--only", "S*"];
        let child = rehearsal.begin(&words);
        if effect["retryAfter"] == 3 {
            let tasks = |asked: &Asked| asked.is_edit_of("TASKS");
            let waited = rehearsal.seconds_between(tasks, tasks);
            assert!(waited >= 2.8, "Retry-After is obeyed: {waited}");
        }
        let ran = Ran::of(&words, child.wait_with_output().unwrap());
        assert_eq!(ran.code, 0, "{effect}: {}", ran.told());
        let shown = rehearsal.run(&["show", "stage", "TASKS", "--reveal"]).ends(0);
        assert_eq!(shown.out, rehearsal.state().text("TASKS"), "{effect}");
        let expected = if effect == "expire" || effect == "login-page" {
            2
        } else {
            1
        };
        assert_eq!(rehearsal.sign_ins(), expected, "{effect}");
    });
}

#[test]
fn nothing_is_written_to_a_page_that_became_wrong() {
    side_by_side(wrong_pages(), |(effect, _)| {
        let rehearsal = Rehearsal::refreshed_with_few(&[]);
        // The first reading is for the plan; the second, right before the write, goes wrong.
        rehearsal.faults(&for_ever("GET", &page_of("UI"), 1, &effect));
        let (before, words) = (
            rehearsal.state(),
            ["restore", "stage", "--yes", "--json", "--only", "UI"],
        );
        let ran = rehearsal.run(&words);
        assert!([4, 5, 9].contains(&ran.code), "{effect}: {}", ran.told());
        assert_eq!(rehearsal.saves(), 0, "{effect}");
        assert_eq!(rehearsal.state(), before, "{effect}");
    });
}

#[test]
fn a_form_that_lost_a_field_between_plan_and_write_is_not_sent() {
    let rehearsal = Rehearsal::refreshed_with_few(&[]);
    rehearsal.faults(&for_ever("GET", &page_of("SSO"), 1, &json!("field-missing")));
    let words = [
        "restore", "stage", "--yes", "--json", "--only", "SSO", "--only", "UI",
    ];
    let ran = rehearsal.run(&words).ends(7);
    assert_eq!(ran.outcome("SSO"), "refused", "{}", ran.told());
    assert_eq!(ran.outcome("UI"), "written", "{}", ran.told());
    assert_eq!(rehearsal.saves(), 1);
}

#[test]
fn a_read_only_page_is_stored_and_never_written_to() {
    let rehearsal = Rehearsal::with_backup(&[]);
    let shown = rehearsal.run(&["show", "stage", "--json"]).ends(0).json();
    let documents = shown["documents"].as_array().unwrap().iter();
    let read_only: Vec<&str> = documents
        .filter(|document| !document["readOnly"].is_null())
        .map(|document| {
            document["path"]
                .as_str()
                .unwrap()
                .strip_prefix("configuration/")
                .unwrap()
        })
        .collect();
    let [name] = read_only[..] else {
        panic!("one file is read-only: {read_only:?}")
    };
    let changed = rehearsal.state().text(name).to_owned() + "new=1\n";
    rehearsal.save("stage", name, &changed);
    rehearsal
        .run(&["restore", "stage", "--yes", "--only", name])
        .ends(9)
        .says("cannot be changed");
    assert_eq!(
        rehearsal
            .requests()
            .iter()
            .filter(|asked| asked.path.contains(SAVE))
            .count(),
        0
    );
    assert_eq!(rehearsal.state().text(name), changed);
}
