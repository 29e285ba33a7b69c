//! `restore --encrypted enter` with the values at hand.

use serde_json::Value;

use crate::real::keyring::Keyring;
use crate::rehearsal::{Rehearsal, differences};

#[test]
fn one_restore_with_all_values_at_hand_makes_health_what_it_was() {
    let Some(keyring) = Keyring::start() else { return };
    for scenario in [
        &["key=shared"][..],
        &["key=instance"],
        &["key=instance", "german", "token=script", "bound"],
        &["service"],
    ] {
        let mut rehearsal = Rehearsal::start(scenario);
        rehearsal.program.set("DBUS_SESSION_BUS_ADDRESS", &keyring.bus);
        rehearsal.knows_services(scenario, "stage");
        let (before, healthy) = (rehearsal.state(), rehearsal.health());
        rehearsal.run(&["backup", "stage"]).ends(0);
        let values = rehearsal.real_values();
        for (document, key, value) in &values {
            rehearsal.keep_value(document, key, value);
        }
        rehearsal.refresh();
        assert_ne!(rehearsal.health(), healthy);
        let ran = rehearsal
            .run(&["restore", "stage", "--yes", "--encrypted", "enter", "--json"])
            .ends(0);
        assert_eq!(rehearsal.health(), healthy, "{scenario:?}");
        assert_eq!(differences(&before, &rehearsal.state()), Vec::<String>::new());
        let entered = ran.json()["entered"].as_array().unwrap().len();
        assert_eq!(entered, values.len());
        for (_, key, value) in &values {
            assert!(
                !(ran.out.contains(value) || ran.err.contains(value)),
                "{key} is shown"
            );
        }
        // Nothing waits, nothing is entered twice.
        rehearsal.forget_requests();
        rehearsal
            .run(&["restore", "stage", "--yes", "--encrypted", "enter"])
            .ends(0)
            .says("Nothing to write.");
        rehearsal.run(&["restore", "stage", "--yes"]).ends(0);
        assert!(!rehearsal.requests().iter().any(|asked| asked.is_save()));
    }
}

#[test]
fn what_waits_is_what_health_calls_broken_or_harmful() {
    for (scenario, state) in [("key=instance", "broken"), ("key=shared", "harmful")] {
        let rehearsal = Rehearsal::with_backup(&[scenario]);
        rehearsal.refresh();
        // No keyring, no terminal: nothing is at hand.
        let ran = rehearsal
            .run(&["restore", "stage", "--yes", "--encrypted", "enter", "--json"])
            .ends(8);
        let waits: Vec<String> = ran.json()["waits"].as_array().unwrap().iter().map(name).collect();
        assert!(!waits.is_empty());
        let health = rehearsal.health();
        let told = health.to_string();
        for wait in &waits {
            assert!(
                told.contains(wait),
                "{scenario}: {wait} waits, and health says {told}"
            );
        }
        let _word = state;
        let sick = health
            .as_object()
            .unwrap()
            .values()
            .filter(|v| **v != "ok")
            .count();
        assert!(sick > 0);
    }
}

fn name(wait: &Value) -> String {
    let document = wait["document"]
        .as_str()
        .unwrap()
        .trim_start_matches("configuration/");
    format!("{document}:{}", wait["key"].as_str().unwrap())
}

#[test]
fn one_value_that_is_lost_waits_and_the_rest_is_entered() {
    let Some(keyring) = Keyring::start() else { return };
    let mut rehearsal = Rehearsal::start(&["key=instance"]);
    rehearsal.program.set("DBUS_SESSION_BUS_ADDRESS", &keyring.bus);
    rehearsal.run(&["backup", "stage"]).ends(0);
    let values = rehearsal.real_values();
    for (document, key, value) in &values[1..] {
        rehearsal.keep_value(document, key, value);
    }
    rehearsal.refresh();
    let ran = rehearsal
        .run(&["restore", "stage", "--yes", "--encrypted", "enter", "--json"])
        .ends(8);
    let waits: Vec<String> = ran.json()["waits"].as_array().unwrap().iter().map(name).collect();
    assert_eq!(waits, [format!("{}:{}", values[0].0, values[0].1)]);
    // It is found later: only its document is written again.
    rehearsal.keep_value(&values[0].0, &values[0].1, &values[0].2);
    rehearsal.forget_requests();
    rehearsal
        .run(&["restore", "stage", "--yes", "--encrypted", "enter"])
        .ends(0);
    let saves = rehearsal
        .requests()
        .iter()
        .filter(|asked| asked.is_save())
        .count();
    assert_eq!(saves, 1);
}

#[test]
fn what_is_itself_ciphertext_or_a_mask_is_not_entered() {
    let Some(keyring) = Keyring::start() else { return };
    let mut rehearsal = Rehearsal::start(&[]);
    rehearsal.program.set("DBUS_SESSION_BUS_ADDRESS", &keyring.bus);
    rehearsal.run(&["backup", "stage", "--only", "SSO"]).ends(0);
    let state = rehearsal.state();
    let text = state.text("SSO");
    let line = text
        .lines()
        .find(|l| l.starts_with("sso.sp.keystore.password"))
        .unwrap();
    let cipher = line.split_once('=').unwrap().1.trim();
    rehearsal.keep_value("SSO", "sso.sp.keystore.password", cipher);
    rehearsal.refresh();
    rehearsal
        .run(&["restore", "stage", "--yes", "--encrypted", "enter"])
        .ends(8)
        .says("not the real value");
    rehearsal
        .run_with_input(
            &[
                "secret",
                "set",
                "stage",
                "SSO:sso.sp.keystore.password",
                "--stdin",
            ],
            "******",
        )
        .ends(2)
        .says("is a mask");
}
