//! What waits is what health names, key for key.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::rehearsal::{Rehearsal, State};

/// An account that production has and stage never had.
const PRODUCTIONS: (&str, &str) = ("PARTNER_EXTRACT", "defaultFtp.password");
/// One that stage has and production has not.
const STAGES: (&str, &str) = ("VLS", "vls.provider1.sharedSecret");

#[test]
fn what_waits_equals_what_does_not_decrypt_or_is_missing() {
    equal("key=instance", &["it does not decrypt here", "it is missing"]);
}

#[test]
fn what_waits_equals_what_would_use_productions_accounts_or_is_missing() {
    equal("key=shared", &["it is production's", "it is missing"]);
}

#[track_caller]
fn equal(scenario: &str, reasons: &[&str]) {
    let rehearsal = Rehearsal::with_backup(&[scenario]);
    rehearsal.refresh();
    let refreshed = rehearsal.state();
    assert!(
        has(&refreshed, PRODUCTIONS) && !has(&refreshed, STAGES),
        "both sorts are there"
    );
    assert!(
        named(&refreshed, &rehearsal.health()).contains(&place(PRODUCTIONS)),
        "health tells of an account that stage never had"
    );
    let ran = rehearsal.run(&["restore", "stage", "--yes", "--json"]).ends(8);
    let (state, health) = (rehearsal.state(), rehearsal.health());
    let waits: BTreeSet<String> = ran.json()["waits"].as_array().unwrap().iter().map(wait).collect();
    assert_eq!(waits, named(&state, &health), "{health}");
    assert!(!has(&state, PRODUCTIONS), "what stage never had is gone");
    assert!(waits.contains(&place(STAGES)), "what stage had and lacks waits");
    // Nothing else keeps an integration from working.
    for told in health.as_object().unwrap().values().filter(|told| **told != "ok") {
        let (keys, why) = told.as_str().unwrap().split_once(": ").unwrap();
        assert!(keys.split(", ").all(|key| waits.contains(key)), "{told}");
        assert!(why.split("; ").all(|why| reasons.contains(&why)), "{told}");
    }
}

/// The encrypted keys among those that keep an integration from working.
fn named(state: &State, health: &Value) -> BTreeSet<String> {
    let told = health.as_object().unwrap().values().filter(|told| **told != "ok");
    let keys = told.flat_map(|told| told.as_str().unwrap().split_once(": ").unwrap().0.split(", "));
    let encrypted = |key: &&str| {
        let (document, key) = key.split_once(':').unwrap();
        let of_document = state.encrypted.get(document);
        of_document.is_some_and(|keys| keys.iter().any(|k| k == key))
    };
    keys.filter(encrypted).map(str::to_owned).collect()
}

fn has(state: &State, (document, key): (&str, &str)) -> bool {
    state.value(document, key).is_some()
}

fn place((document, key): (&str, &str)) -> String {
    format!("{document}:{key}")
}

fn wait(wait: &Value) -> String {
    let document = wait["document"].as_str().unwrap();
    place((
        document.trim_start_matches("configuration/"),
        wait["key"].as_str().unwrap(),
    ))
}
