//! Backups taken after the refresh: kept and marked, never mistaken for what the instance should be.

use serde_json::Value;

use crate::rehearsal::Rehearsal;

#[test]
fn a_backup_after_the_refresh_is_marked_and_latest_stays() {
    let rehearsal = Rehearsal::start(&[]);
    let ordinary = id(&rehearsal.run(&["backup", "stage", "--json"]).ends(0).json());
    rehearsal.refresh();

    let ran = rehearsal
        .run(&["backup", "stage", "--json"])
        .ends(0)
        .says("looks like an instance after a refresh");
    assert_eq!(ran.json()["kind"], "after-refresh");
    let marked = id(&ran.json());
    let shown = rehearsal.run(&["show", "stage", "--json"]).ends(0).json();
    assert_eq!(shown["id"], ordinary.as_str());

    rehearsal.forget_requests();
    rehearsal
        .run(&["restore", &format!("stage@{marked}"), "--yes"])
        .ends(9)
        .says("taken after the refresh");
    assert_eq!(rehearsal.requests().iter().filter(|r| r.is_post()).count(), 0);
    rehearsal
        .run(&["restore", "stage", "--dry-run", "--only", "SSO"])
        .ends(1)
        .says(&ordinary);

    // The person says that the change is meant.
    let answer = rehearsal
        .run(&["backup", "stage", "--new-normal", "--json"])
        .ends(0)
        .json();
    assert_eq!(answer["kind"], "ordinary");
    let shown = rehearsal.run(&["show", "stage", "--json"]).ends(0).json();
    assert_eq!(shown["id"], answer["id"]);
    let again = rehearsal.run(&["backup", "stage", "--json"]).ends(0).json();
    assert_eq!(again["kind"], "ordinary");
}

#[test]
fn without_a_backup_from_before_the_sources_values_tell() {
    let rehearsal = Rehearsal::start(&[]);
    rehearsal.run(&["backup", "prod"]).ends(0);
    rehearsal.refresh();
    let answer = rehearsal.run(&["backup", "stage", "--json"]).ends(0).json();
    assert_eq!(answer["kind"], "after-refresh");
    rehearsal.run(&["restore", "stage", "--yes"]).ends(2);
    assert_eq!(rehearsal.saves(), 0);
}

#[test]
fn a_partial_backup_from_after_the_refresh_is_refused_too() {
    let rehearsal = Rehearsal::refreshed(&[]);
    let partial = id(&rehearsal
        .run(&["backup", "stage", "--only", "BIZX", "--json"])
        .ends(0)
        .json());
    rehearsal
        .run(&["restore", &format!("stage@{partial}"), "--yes"])
        .ends(9);
    assert_eq!(rehearsal.saves(), 0);
}

fn id(answer: &Value) -> String {
    answer["id"].as_str().unwrap().to_owned()
}
