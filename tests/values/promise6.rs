//! Promise 6 wherever ciphertext works and whatever becomes of one that is sent back: no mask, no placeholder and no
//! foreign ciphertext is sent as a value, by a restore with no value at hand, by one with all of them, and by the undo.
//!
//! What the LMS counts decides, not how the program says that it went.

use serde_json::Value;

use crate::rehearsal::Rehearsal;

/// What each style is played with.
const CLASSIC: &[&str] = &["token=field"];
const SERVICE: &[&str] = &["token=field", "service"];

/// A document without encrypted values: it is written in every scenario.
const BARE: &str = "UI";

#[test]
fn shared_key_and_ciphertext_kept() {
    play("key=shared", "resave=keep");
}

#[test]
fn shared_key_and_ciphertext_encrypted_again() {
    play("key=shared", "resave=again");
}

#[test]
fn shared_key_and_masks() {
    play("key=shared", "resave=mask");
}

#[test]
fn own_key_and_ciphertext_kept() {
    play("key=instance", "resave=keep");
}

#[test]
fn own_key_and_ciphertext_encrypted_again() {
    play("key=instance", "resave=again");
}

#[test]
fn own_key_and_masks() {
    play("key=instance", "resave=mask");
}

fn play(key: &str, resave: &str) {
    for style in [CLASSIC, SERVICE] {
        for at_hand in [false, true] {
            there_and_back(&[style, &[key, resave]].concat(), at_hand);
        }
    }
}

/// Backs stage up, refreshes it, restores it with or without the values at hand, and undoes that.
fn there_and_back(scenario: &[&str], at_hand: bool) {
    // What `start` leaves out of large files is left out by saves, which `resave=again` would take badly.
    let rehearsal = Rehearsal::start(&scenario[..scenario.len() - 1]);
    rehearsal.play(scenario);
    rehearsal.knows_services(scenario, "stage");
    let (state, healthy) = (rehearsal.state(), rehearsal.health());
    let documents = state.encrypted.keys().map(String::as_str).chain([BARE]);
    let words: Vec<&str> = documents.flat_map(|name| ["--only", name]).collect();
    rehearsal
        .run(&[&["backup", "stage"], &words[..]].concat())
        .ends(0);
    if at_hand {
        for (document, key, value) in rehearsal.real_values() {
            rehearsal.tell_value(&document, &key, &value);
        }
    }
    rehearsal.refresh();
    let refreshed = rehearsal.state();

    let how = if at_hand { "enter" } else { "keep" };
    let ran = rehearsal.run(&["restore", "stage", "--yes", "--encrypted", how]);
    let restored = rehearsal.state();
    assert_eq!(restored.text(BARE), state.text(BARE), "{}", ran.told());
    let breaks = scenario.contains(&"resave=again");
    harmless(&rehearsal, breaks && !at_hand, &ran.told());
    if at_hand {
        assert_eq!(rehearsal.health(), healthy, "{}", ran.told());
    }

    let ran = rehearsal.run(&["undo", "stage", "--yes"]);
    assert_eq!(
        rehearsal.state().text(BARE),
        refreshed.text(BARE),
        "{}",
        ran.told()
    );
    harmless(&rehearsal, breaks, &ran.told());
    if breaks {
        rehearsal.allow_harm();
    }
}

/// Wants nothing counted that an honest client would not do. Where a ciphertext that is sent back is broken, one that is
/// left untouched is broken as well: nobody can know that before the first save.
#[track_caller]
fn harmless(rehearsal: &Rehearsal, breaks: bool, told: &str) {
    let harm = rehearsal.look("harm", "stage");
    let done: Vec<(&String, &Value)> = harm
        .as_object()
        .unwrap()
        .iter()
        .filter(|(name, count)| **count != 0 && !(breaks && *name == "encryptedTwice"))
        .collect();
    assert!(done.is_empty(), "{done:?} after {told}");
}
