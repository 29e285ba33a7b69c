//! What a scan finds after a refresh, and what is left of it after a restore.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::real::keyring::Keyring;
use crate::rehearsal::{Ran, Rehearsal};

/// After a refresh, with backups of both sides from before it.
fn refreshed(words: &[&str]) -> Rehearsal {
    let rehearsal = Rehearsal::with_backup(words);
    rehearsal.run(&["backup", "prod"]).ends(0);
    rehearsal
        .run(&["scan", "stage"])
        .ends(0)
        .says("Nothing in stage points at prod");
    rehearsal.refresh();
    rehearsal
}

/// Places by document and key, and how each is found.
fn found(ran: &Ran) -> Vec<(String, String)> {
    let findings = ran.json()["findings"].as_array().unwrap().clone();
    let one = |finding: &Value| {
        let word = |name: &str| finding[name].as_str().unwrap_or_default().to_owned();
        let document = word("document").replace("configuration/", "");
        (format!("{document}:{}", word("key")), word("rule"))
    };
    findings.iter().map(one).collect()
}

/// The keys that health names, of those that are not empty.
fn sick(rehearsal: &Rehearsal) -> BTreeSet<String> {
    let health = rehearsal.health();
    let told = health.as_object().unwrap().values().filter_map(Value::as_str);
    let keys = told
        .filter_map(|told| told.split_once(": "))
        .flat_map(|(keys, _)| keys.split(", ").map(str::to_owned).collect::<Vec<_>>());
    let state = rehearsal.state();
    let holds_something = |place: &String| {
        let (document, key) = place.split_once(':').unwrap();
        let line = state
            .text(document)
            .lines()
            .find(|line| line.split(['=', ' ']).next() == Some(key));
        line.is_some_and(|line| !line.split_once('=').unwrap().1.trim().is_empty())
    };
    keys.filter(holds_something).collect()
}

#[test]
fn a_scan_names_all_that_health_calls_productions_and_a_restore_leaves_the_encrypted() {
    let rehearsal = refreshed(&[]);
    let sick = sick(&rehearsal);
    assert!(sick.len() > 25, "{sick:?}");
    let ran = rehearsal.run(&["scan", "stage", "--json"]).ends(1);
    let places: BTreeSet<String> = found(&ran).into_iter().map(|(place, _)| place).collect();
    let missed: Vec<&String> = sick.difference(&places).collect();
    assert!(missed.is_empty(), "{missed:?}");
    let production = rehearsal
        .run(&["scan", "prod", "--source", "stage", "--json"])
        .ends(0);
    assert!(found(&production).is_empty());

    rehearsal.run(&["restore", "stage", "--yes"]).ends(8);
    let ran = rehearsal.run(&["scan", "stage", "--json"]).ends(1);
    let left = found(&ran);
    assert!(
        !left.is_empty() && left.iter().all(|(_, rule)| rule == "encrypted"),
        "{left:?}"
    );
    for line in rehearsal.state().text("CONNECTORS").lines() {
        if let Some((_, cipher)) = line
            .split_once("password=")
            .filter(|(_, cipher)| cipher.len() > 15)
        {
            assert!(!ran.out.contains(cipher) && !ran.err.contains(cipher));
        }
    }
}

#[test]
fn with_everything_entered_nothing_is_found() {
    let Some(keyring) = Keyring::start() else { return };
    for scenario in [&[][..], &["key=instance"], &["service"]] {
        let mut rehearsal = Rehearsal::start(scenario);
        rehearsal.program.set("DBUS_SESSION_BUS_ADDRESS", &keyring.bus);
        for name in ["stage", "prod"] {
            rehearsal.knows_services(scenario, name);
        }
        for name in ["stage", "prod"] {
            rehearsal.run(&["backup", name]).ends(0);
        }
        for (document, key, value) in &rehearsal.real_values() {
            rehearsal.keep_value(document, key, value);
        }
        rehearsal.refresh();
        rehearsal.run(&["scan", "stage"]).ends(1);
        rehearsal
            .run(&["restore", "stage", "--yes", "--encrypted", "enter"])
            .ends(0);
        rehearsal.run(&["scan", "stage"]).ends(0);
    }
}

#[test]
fn what_may_stay_is_said_in_the_configuration() {
    let rehearsal = refreshed(&[]);
    let before = found(&rehearsal.run(&["scan", "stage", "--json"]).ends(1)).len();
    let config = rehearsal.program.home().join("config.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    let allow =
        "[scan]\nallow = [\"sftp.example.com\", \"CONNECTORS:connector.pgp.*\", \"gone.example.com\"]\n";
    rehearsal.program.write_config(&format!("{text}{allow}"));
    let ran = rehearsal
        .run(&["scan", "stage", "--json"])
        .ends(1)
        .says("`gone.example.com` in `[scan] allow` allows nothing any more.");
    let after = found(&ran);
    assert_eq!(
        after.len() + usize::try_from(ran.json()["allowed"].as_u64().unwrap()).unwrap(),
        before
    );
    assert!(
        !after
            .iter()
            .any(|(place, _)| place.contains("connector.pgp") || place.contains("ftp.server"))
    );
    assert_eq!(ran.json()["unused"], serde_json::json!(["gone.example.com"]));
    rehearsal
        .program
        .write_config(&format!("{text}[scan]\nalow = []\n"));
    rehearsal.run(&["scan", "stage"]).ends(2).says("alow");
}

#[test]
fn a_scan_without_a_source_or_its_backup_says_what_to_type() {
    let rehearsal = Rehearsal::start(&[]);
    rehearsal
        .run(&["scan", "stage"])
        .ends(2)
        .says("lmskeep backup prod");
    rehearsal
        .run(&["scan", "prod"])
        .ends(2)
        .says("lmskeep scan prod --source NAME");
    rehearsal
        .run(&["scan", "stage", "--source", "stage"])
        .ends(2)
        .says("its own source");
    rehearsal
        .run(&["scan", "stage", "--source", "prd"])
        .ends(2)
        .says("`prd`");
    rehearsal.run(&["backup", "prod"]).ends(0);
    rehearsal.forget_requests();
    rehearsal.run(&["backup", "stage", "--only", "SSO"]).ends(0);
    rehearsal
        .run(&["scan", "stage@latest", "--only", "SSO"])
        .ends(1)
        .says("There is no other ordinary backup of stage");
    rehearsal
        .run(&["scan", "stage", "--only", "SS0"])
        .ends(2)
        .says("did you mean `SSO`?");
}
