//! Who is asked before a write, and what is sent when nobody says yes.

use std::sync::Arc;

use crate::rehearsal::{Desk, Rehearsal, differences};

#[test]
fn without_a_terminal_yes_must_be_on_the_command_line() {
    let rehearsal = Rehearsal::refreshed(&[]);
    rehearsal
        .run(&["restore", "stage", "--only", "SSO"])
        .ends(2)
        .says("--yes");
    rehearsal.nothing_was_sent();
    rehearsal.forget_requests();
    rehearsal
        .run(&["restore", "stage", "--only", "S*", "--dry-run"])
        .ends(1)
        .says("Nothing was written.");
    rehearsal.nothing_was_sent();
    let kinds = kinds(&rehearsal);
    assert_eq!(kinds, ["ordinary"], "no plan makes a safety backup");
    // `--confirm` allows one instance by name, and no other.
    rehearsal
        .run(&["restore", "stage", "--only", "SSO", "--confirm", "prod"])
        .ends(2)
        .says("`--confirm prod`");
    assert_eq!(rehearsal.saves(), 0);
}

#[test]
fn a_production_instance_takes_no_yes_but_its_name() {
    let rehearsal = Rehearsal::refreshed(&[]);
    rehearsal.know(&rehearsal.practice.stage, "production");
    for words in [&["--yes"][..], &["--confirm", "stages"], &[]] {
        rehearsal.forget_requests();
        rehearsal
            .run(&[&["restore", "stage", "--only", "SSO"], words].concat())
            .ends(2);
        rehearsal.nothing_was_sent();
    }
    rehearsal
        .run(&["restore", "stage", "--only", "SSO", "--confirm", "stage"])
        .ends(8);
    assert_eq!(rehearsal.saves(), 1);
    rehearsal
        .run(&["undo", "stage", "--yes"])
        .ends(2)
        .says("--confirm stage");
    assert_eq!(rehearsal.saves(), 1);
}

#[test]
fn a_person_is_shown_the_plan_first_and_the_default_is_no() {
    let rehearsal = Arc::new(Rehearsal::refreshed(&[]));
    let before = rehearsal.state();
    for answer in ["", "n", "nein", "stage"] {
        rehearsal.forget_requests();
        let desk = Desk::restore(&rehearsal, &["stage", "--only", "SSO"], |screen| {
            assert!(
                screen.contains("sso.idp.entityId") && screen.contains("1 document to write"),
                "{screen}"
            );
            answer.to_owned()
        });
        assert_eq!(desk.code, 130, "{}", desk.shown);
        rehearsal.nothing_was_sent();
    }
    assert_eq!(rehearsal.state(), before);
    assert_eq!(kinds(&rehearsal), ["ordinary"]);

    let desk = Desk::restore(&rehearsal, &["stage", "--only", "SSO"], |_| "y".to_owned());
    assert_eq!(desk.code, 8, "{}", desk.shown);
    assert_eq!(rehearsal.saves(), 1);
    assert_eq!(kinds(&rehearsal), ["ordinary", "safety"]);
    assert!(
        differences(&before, &rehearsal.state())
            .iter()
            .all(|d| d.starts_with("SSO: "))
    );
}

fn kinds(rehearsal: &Rehearsal) -> Vec<String> {
    let listed = rehearsal.run(&["list", "stage", "--json"]).ends(0).json();
    let backups = listed["backups"].as_array().unwrap().iter();
    backups
        .map(|backup| backup["kind"].as_str().unwrap().to_owned())
        .collect()
}
