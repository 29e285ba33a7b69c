//! Only some documents, only some keys.

use crate::rehearsal::{Rehearsal, State, differences};

#[test]
fn documents_and_keys_are_chosen_by_pattern() {
    let rehearsal = Rehearsal::start(&[]);
    let before = rehearsal.state();
    rehearsal.run(&["backup", "stage"]).ends(0);
    rehearsal.refresh();
    let refreshed = rehearsal.state();

    rehearsal
        .run(&[
            "restore",
            "stage",
            "--yes",
            "--only",
            "SSO",
            "--only",
            "configuration/U*",
        ])
        .ends(8);
    assert_eq!(changed(&refreshed, &rehearsal.state()), ["SSO", "UI"]);

    let key = "connector.ftp.server";
    rehearsal
        .run(&[
            "restore",
            "stage",
            "--yes",
            "--only",
            &format!("CONNECTORS:{key}"),
        ])
        .ends(0);
    let now = rehearsal.state();
    assert_eq!(changed(&refreshed, &now), ["CONNECTORS", "SSO", "UI"]);
    assert_eq!(now.value("CONNECTORS", key), before.value("CONNECTORS", key));
    let other = |state: &State| -> Vec<String> {
        state
            .text("CONNECTORS")
            .lines()
            .filter(|line| !line.starts_with(key))
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(other(&now), other(&refreshed), "no other line of it is touched");

    rehearsal
        .run(&[
            "restore",
            "stage",
            "--yes",
            "--except",
            "BIZX",
            "--except",
            "CONNECTORS",
        ])
        .ends(8);
    assert_eq!(changed(&before, &rehearsal.state()), ["BIZX", "CONNECTORS"]);
    let base = "BIZX:baseURL";
    rehearsal.run(&["diff", "stage", "--only", base]).ends(1);
    rehearsal
        .run(&[
            "diff",
            "stage",
            "--except",
            "BIZX",
            "--except",
            "CONNECTORS",
            "--encrypted",
            "ignore",
        ])
        .ends(0);
    rehearsal
        .run(&["restore", "stage", "--yes", "--except", base])
        .ends(8);
    assert_eq!(
        rehearsal.state().value("BIZX", "baseURL"),
        refreshed.value("BIZX", "baseURL")
    );
    assert_eq!(changed(&before, &rehearsal.state()), ["BIZX"]);
}

#[test]
fn what_matches_nothing_is_a_mistake_and_the_nearest_is_offered() {
    let rehearsal = Rehearsal::refreshed(&[]);
    for words in [
        &["restore", "stage", "--yes", "--only", "BIXZ"][..],
        &["diff", "stage", "--only", "BIXZ"],
    ] {
        rehearsal.run(words).ends(2).says("`BIZX`");
    }
    rehearsal.run(&["restore", "stage@1234567", "--yes"]).ends(2);
    rehearsal
        .run(&["restore", "stag", "--yes"])
        .ends(2)
        .says("`stage`");
    rehearsal.run(&["show", "stage", "BIXZ"]).ends(2).says("`BIZX`");
    assert_eq!(rehearsal.saves(), 0);
}

#[test]
fn a_backup_of_some_documents_is_partial() {
    let rehearsal = Rehearsal::start(&[]);
    let answer = rehearsal
        .run(&["backup", "stage", "--recommended", "--json"])
        .ends(0)
        .json();
    assert_eq!(
        (answer["kind"].as_str(), answer["documents"].as_u64()),
        (Some("partial"), Some(5))
    );
    let answer = rehearsal
        .run(&["backup", "stage", "--only", "bizx", "--json"])
        .ends(0)
        .json();
    assert_eq!(
        (answer["kind"].as_str(), answer["documents"].as_u64()),
        (Some("partial"), Some(1))
    );
    // Where there is nothing complete, the newest partial one is taken, and said so.
    rehearsal.run(&["show", "stage"]).ends(0).says("partial");
    rehearsal.run(&["backup", "stage"]).ends(0);
    let latest = rehearsal.run(&["show", "stage", "--json"]).ends(0).json();
    assert_eq!(
        (
            latest["kind"].as_str(),
            latest["documents"].as_array().unwrap().len()
        ),
        (Some("ordinary"), 56)
    );
}

fn changed(one: &State, other: &State) -> Vec<String> {
    let found = differences(one, other).into_iter();
    found
        .map(|text| text.split(':').next().unwrap().to_owned())
        .collect()
}
