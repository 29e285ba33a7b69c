//! Promise 6: no mask, placeholder or foreign ciphertext is sent as a value.
//!
//! Every rehearsal looks back at its end: the practice LMS counts masks that were stored, ciphertexts of the other
//! instance that were sent where another value stood, and values that were encrypted twice.

use crate::rehearsal::{Rehearsal, State};

const KEY: &str = "connector.ftp.password";

/// Makes the newest backup of stage one whose CONNECTORS has this value, then refreshes.
fn with_archived_value(rehearsal: &Rehearsal, value: &str) -> State {
    let text = rehearsal.state().text("CONNECTORS").to_owned();
    let lines: Vec<String> = text
        .lines()
        .map(|line| {
            if line.starts_with(&format!("{KEY}=")) {
                format!("{KEY}={value}")
            } else {
                line.to_owned()
            }
        })
        .collect();
    let folder = rehearsal.make_folder("copies");
    rehearsal.run(&["backup", "stage"]).ends(0);
    rehearsal
        .run(&["export", "stage", &folder.display().to_string()])
        .ends(0);
    rehearsal.put("copies/CONNECTORS.txt", (lines.join("\n") + "\n").as_bytes());
    rehearsal
        .run(&["import", "stage", &folder.display().to_string()])
        .ends(0);
    rehearsal.refresh();
    rehearsal.state()
}

#[test]
fn a_mask_in_the_backup_is_never_sent() {
    for mask in ["********", "*****", "••••••••", "[PROTECTED]", "‹secret›"] {
        let rehearsal = Rehearsal::start(&[]);
        let refreshed = with_archived_value(&rehearsal, mask);
        for how in ["keep", "archived"] {
            let words = [
                "restore",
                "stage",
                "--yes",
                "--only",
                &format!("CONNECTORS:{KEY}"),
                "--encrypted",
                how,
            ];
            rehearsal.run(&words).ends(8).says(KEY);
            assert_eq!(rehearsal.state(), refreshed, "{mask}, {how}");
        }
        rehearsal
            .run(&["restore", "stage", "--yes", "--only", "CONNECTORS"])
            .ends(8)
            .says(KEY);
        let (now, before) = (rehearsal.state(), &refreshed);
        assert_eq!(
            now.value("CONNECTORS", KEY),
            before.value("CONNECTORS", KEY),
            "{mask}: the live line is kept"
        );
    }
}

#[test]
fn ciphertext_of_production_in_the_backup_is_never_sent() {
    let rehearsal = Rehearsal::start(&[]);
    let production = State::of(&rehearsal.look("state", "production"));
    let theirs = production.value("CONNECTORS", KEY).unwrap().to_owned();
    with_archived_value(&rehearsal, &theirs);
    // Somebody has entered the right value since: it must not be lost to what the backup holds.
    let known = rehearsal.look("plain", "stage");
    crate::rehearsal::Person::at_stage(&rehearsal)
        .enter(&serde_json::json!({ "CONNECTORS": known["CONNECTORS"] }));
    let entered = rehearsal.state();
    rehearsal
        .run(&["restore", "stage", "--yes", "--only", "CONNECTORS"])
        .ends(8)
        .says(KEY);
    assert_eq!(
        rehearsal.state().value("CONNECTORS", KEY),
        entered.value("CONNECTORS", KEY)
    );
    assert_ne!(rehearsal.state().value("CONNECTORS", KEY), Some(theirs.as_str()));
}

#[test]
fn keys_that_live_lacks_are_left_out_and_wait() {
    let rehearsal = Rehearsal::refreshed(&[]);
    let key = "vls.provider1.sharedSecret";
    assert_eq!(
        rehearsal.state().value("VLS", key),
        None,
        "production has no such key"
    );
    rehearsal
        .run(&["restore", "stage", "--yes", "--only", "VLS"])
        .ends(8)
        .says(key);
    assert_eq!(rehearsal.state().value("VLS", key), None);
}

#[test]
fn the_own_ciphertext_is_sent_only_when_asked_for() {
    let rehearsal = Rehearsal::start(&[]);
    rehearsal
        .run(&["backup", "stage", "--only", "CONNECTORS"])
        .ends(0);
    rehearsal.refresh();
    let refreshed = rehearsal.state();
    rehearsal
        .run(&["restore", "stage", "--yes", "--only", "CONNECTORS"])
        .ends(8);
    assert_eq!(
        rehearsal.state().value("CONNECTORS", KEY),
        refreshed.value("CONNECTORS", KEY)
    );
    // Asked for, it goes out; this LMS takes it for a new value, and the report says that it reads different.
    rehearsal.allow_harm();
    let words = [
        "restore",
        "stage",
        "--yes",
        "--only",
        "CONNECTORS",
        "--encrypted",
        "archived",
    ];
    rehearsal.run(&words).ends(7).says(KEY);
    assert_ne!(
        rehearsal.state().value("CONNECTORS", KEY),
        refreshed.value("CONNECTORS", KEY)
    );
    let harm = rehearsal.look("harm", "stage");
    assert_eq!(
        (&harm["foreignCiphertext"], &harm["maskStored"]),
        (&0.into(), &0.into()),
        "{harm}"
    );
}

#[test]
fn the_ciphertext_of_another_instance_cannot_even_be_asked_for() {
    let rehearsal = Rehearsal::start(&[]);
    rehearsal.run(&["backup", "prod", "--only", "CONNECTORS"]).ends(0);
    let state = rehearsal.state();
    let words = [
        "restore",
        "stage",
        "--yes",
        "--from-instance",
        "prod",
        "--only",
        "CONNECTORS",
    ];
    rehearsal
        .run(&[&words[..], &["--encrypted", "archived"]].concat())
        .ends(9);
    assert_eq!(rehearsal.saves(), 0);
    rehearsal.run(&words).ends(8);
    let now = rehearsal.state();
    assert_eq!(now.value("CONNECTORS", KEY), state.value("CONNECTORS", KEY));
    assert_ne!(now.text("CONNECTORS"), state.text("CONNECTORS"));
}

#[test]
fn cleared_values_are_empty_and_wait() {
    let rehearsal = Rehearsal::refreshed(&[]);
    rehearsal
        .run(&[
            "restore",
            "stage",
            "--yes",
            "--only",
            "CONNECTORS",
            "--encrypted",
            "clear",
        ])
        .ends(8)
        .says(KEY);
    assert_eq!(rehearsal.state().value("CONNECTORS", KEY), Some(""));
}

#[test]
fn text_to_paste_holds_none_either() {
    let rehearsal = Rehearsal::start(&[]);
    let refreshed = with_archived_value(&rehearsal, "********");
    let file = rehearsal.program.home().join("paste.txt");
    rehearsal
        .run(&[
            "show",
            "stage",
            "CONNECTORS",
            "--to-paste",
            &file.display().to_string(),
        ])
        .ends(8);
    let text = std::fs::read_to_string(file).unwrap();
    let line = format!("{KEY}={}", refreshed.value("CONNECTORS", KEY).unwrap());
    assert!(
        text.lines().any(|l| l == line) && !text.contains("********"),
        "{text}"
    );
}
