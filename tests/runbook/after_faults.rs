//! What goes wrong on the way after a refresh, at every item, and leads to the same end all the same.

use serde_json::{Value, json};

use crate::rehearsal::Rehearsal;
use crate::runbook::after::item;

/// Faults: the item that meets each, method, part of the path, requests before it, times, effect, and whether the item
/// stays open for it, where it is not mended within the run.
fn faults() -> Vec<(&'static str, &'static str, &'static str, u64, u64, Value, bool)> {
    let failing = || json!({ "status": 503 });
    vec![
        ("refreshed", "GET", "nativelogin.jsp", 0, 10, failing(), true),
        (
            "refreshed",
            "GET",
            "configurationID=BIZX",
            0,
            10,
            json!("cut-body"),
            true,
        ),
        ("freeze", "POST", "saveProcess", 3, 1, json!("expire"), true),
        ("freeze", "POST", "saveProcess", 0, 1, json!("lose-answer"), false),
        (
            "unsent-email",
            "POST",
            "purgeUnsentEmails",
            0,
            1,
            json!("drop"),
            true,
        ),
        (
            "compare",
            "GET",
            "connectorDetail",
            2,
            1000,
            json!("cut-body"),
            true,
        ),
        (
            "restore",
            "POST",
            "saveConfiguration",
            4,
            1,
            json!("refuse-save"),
            true,
        ),
        (
            "restore",
            "POST",
            "saveConfiguration",
            0,
            1,
            json!("lose-answer"),
            false,
        ),
        ("images", "POST", "uploadImage", 0, 10, json!("refuse-save"), true),
        (
            "way-in",
            "POST",
            "saveConfiguration",
            0,
            1,
            json!("lose-answer"),
            false,
        ),
        (
            "thaw",
            "POST",
            "updateConnector",
            0,
            10,
            json!("refuse-save"),
            true,
        ),
        (
            "thaw",
            "POST",
            "updateConnector",
            0,
            1,
            json!("login-page"),
            false,
        ),
    ]
}

/// The words for one item; the restore leaves to the two items after it what is theirs.
fn item_alone(id: &str) -> Vec<&str> {
    let mut words = vec!["after", "stage", "--yes", "--scope", "all", "--item", id];
    if id == "restore" {
        words.extend(["--except", "images/*", "--except", "BIZX"]);
    }
    words
}

#[test]
fn a_fault_at_every_item_leads_to_the_same_end() {
    let rehearsal = Rehearsal::prepared(&[]);
    rehearsal.knows_values_but(&[]);
    // It runs, and cannot be changed, when it is its turn and when it is tried once more.
    rehearsal.runs("Course Reminder", 2);
    let mut last = "";
    for (id, method, path, skip, times, effect, stays_open) in faults() {
        if last != id && !last.is_empty() {
            rehearsal.faults(&json!([]));
            rehearsal.run(&item_alone(last)).ends(8);
        }
        last = id;
        let what = format!("{id}: {method} {path} {effect}");
        rehearsal.faults(&json!([
            { "method": method, "path": path, "skip": skip, "times": times, "effect": effect }
        ]));
        let ran = rehearsal.run(&item_alone(id));
        assert!(!ran.err.contains("panicked"), "{}", ran.told());
        match stays_open {
            true => assert!(matches!(ran.code, 4 | 5 | 7), "{what}: {}", ran.told()),
            false => assert_eq!(ran.code, 8, "{what}: {}", ran.told()),
        }
    }
    rehearsal.faults(&json!([]));
    let ran = rehearsal.after(&[]).ends(8);
    assert_eq!(item(&ran, "restore")["state"], "done", "{}", ran.told());
    rehearsal.to_the_end();
    rehearsal.is_itself();
    let damage = rehearsal.damage();
    for harm in ["mailToRealPeople", "feedFilesEaten", "unsentLost"] {
        assert_eq!(damage[harm], 0, "{damage}");
    }
}

#[test]
fn a_run_that_was_killed_goes_on_where_it_was() {
    let rehearsal = Rehearsal::prepared(&[]);
    let words = [
        "after",
        "stage",
        "--yes",
        "--item",
        "freeze",
        "--item",
        "refreshed",
    ];
    let mut killed = rehearsal.begin(&words);
    rehearsal.wait_for("connectors", |requests| {
        let saves = requests
            .iter()
            .filter(|asked| asked.path.contains("updateConnector"));
        saves.filter(|asked| asked.is_post()).count() > 2
    });
    killed.kill().unwrap();
    killed.wait().unwrap();
    let written = |part: &str| {
        let requests = rehearsal.requests();
        let of = requests
            .iter()
            .filter(|asked| asked.is_post() && asked.path.contains(part));
        of.count()
    };
    let ran = rehearsal.run(&words).ends(8);
    ran.says("Nothing can leave stage any more");
    assert_eq!(written("saveGlobalSettings"), 1, "what was off is not sent again");
    assert!(written("updateConnector") <= 10, "{}", written("updateConnector"));
    rehearsal.tick(2);
    assert_eq!(rehearsal.damage_done(), 0);
}
