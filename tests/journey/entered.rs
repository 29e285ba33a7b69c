//! The last step: a person enters the values that the LMS has encrypted, and all works as before.

use crate::rehearsal::{Person, Rehearsal, State, differences};

#[test]
fn with_the_values_entered_health_is_what_it_was() {
    let rehearsal = Rehearsal::start(&[]);
    let (before, _) = enter(&rehearsal);
    let healthy = rehearsal.health();
    // What was entered at the end of a file is moved to where it belongs.
    rehearsal.run(&["restore", "stage", "--yes"]).ends(0);
    assert_eq!(rehearsal.health(), healthy, "a restore keeps what was entered");
    assert_eq!(differences(&before, &rehearsal.state()), Vec::<String>::new());
    rehearsal
        .run(&["restore", "stage", "--yes"])
        .ends(0)
        .says("Nothing to write.");
}

#[test]
fn undo_still_leads_back_where_every_page_is_awkward() {
    let rehearsal = Rehearsal::start(&["german", "bound", "token=script", "key=instance"]);
    let (_, refreshed) = enter(&rehearsal);
    rehearsal.run(&["undo", "stage", "--yes"]).ends(8);
    assert_eq!(differences(&refreshed, &rehearsal.state()), Vec::<String>::new());
}

/// Plays up to the entered values; gives the states before and after the refresh.
fn enter(rehearsal: &Rehearsal) -> (State, State) {
    let (before, healthy) = (rehearsal.state(), rehearsal.health());
    assert!(
        healthy.as_object().unwrap().values().all(|state| state == "ok"),
        "{healthy}"
    );
    rehearsal.run(&["backup", "stage"]).ends(0);
    rehearsal.refresh();
    let refreshed = rehearsal.state();
    assert_ne!(rehearsal.health(), healthy);

    let ran = rehearsal.run(&["restore", "stage", "--yes", "--json"]).ends(8);
    let known = rehearsal.look("plain", "stage");
    let waits: Vec<String> = ran.json()["waits"]
        .as_array()
        .unwrap()
        .iter()
        .map(place)
        .collect();
    let mut named: Vec<String> = Vec::new();
    for (document, values) in known.as_object().unwrap() {
        named.extend(
            values
                .as_object()
                .unwrap()
                .keys()
                .map(|key| format!("configuration/{document}:{key}")),
        );
    }
    let mut sorted = waits.clone();
    sorted.sort();
    named.sort();
    assert_eq!(sorted, named, "what waits is exactly what a person must enter");
    let health = rehearsal.health();
    for (name, state) in health.as_object().unwrap() {
        let keys = state.as_str().unwrap().split(": ").next().unwrap().split(", ");
        let waits_for = |key: &str| waits.contains(&format!("configuration/{key}"));
        assert!(state == "ok" || keys.clone().all(waits_for), "{name}: {state}");
    }

    Person::at_stage(rehearsal).enter(&known);
    assert_eq!(rehearsal.health(), healthy);
    (before, refreshed)
}

fn place(wait: &serde_json::Value) -> String {
    format!(
        "{}:{}",
        wait["document"].as_str().unwrap(),
        wait["key"].as_str().unwrap()
    )
}
