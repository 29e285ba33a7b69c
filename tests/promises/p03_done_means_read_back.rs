//! Promise 3: nothing is called done that was not read back, and each document ends as exactly one thing.

use serde_json::{Value, json};

use crate::promises::{RESTORE, for_ever, page_of, side_by_side};
use crate::rehearsal::{EDIT, Ran, Rehearsal, SAVE};

/// What the server does, and how the three documents end; the one in the middle is hit.
type Case = (&'static str, Value, [&'static str; 3]);

#[test]
fn what_the_answer_says_counts_for_nothing() {
    let save = |effect: Value| json!([{ "method": "POST", "path": SAVE, "skip": 1, "effect": effect }]);
    let cases: Vec<Case> = vec![
        (
            "it says yes and stores nothing",
            save(json!("ignore-save")),
            ["written", "refused", "written"],
        ),
        (
            "it says no",
            save(json!("refuse-save")),
            ["written", "refused", "written"],
        ),
        (
            "it stores something else",
            save(json!("alter-save")),
            ["written", "written but reads different", "written"],
        ),
        (
            "it shows it late",
            save(json!({ "cache-ms": 900 })),
            ["written", "written", "written"],
        ),
        // Read for the plan, read before the write, and from then on not to be read at all.
        (
            "it cannot be read again",
            for_ever("GET", &page_of("UI"), 2, &json!("two-textareas")),
            ["written", "unknown", "not attempted"],
        ),
    ];
    side_by_side(cases, |(what, faults, ends)| {
        let rehearsal = Rehearsal::refreshed_with_few(&[]);
        rehearsal.faults(&faults);
        let ran = rehearsal.run(&[&RESTORE[..], &["--json"]].concat());
        let good = ends.iter().all(|end| *end == "written");
        let ran = ran.ends(if good { 8 } else { 7 });
        let outcomes: Vec<(String, String)> = ran.outcomes();
        let wanted = ["SSO", "UI", "VLS"].into_iter().zip(ends);
        let wanted: Vec<(String, String)> = wanted.map(|(a, b)| (a.to_owned(), slug(b))).collect();
        assert_eq!(outcomes, wanted, "{what}: {}", ran.told());
        assert_eq!(ran.json()["exitCode"], if good { 8 } else { 7 }, "{what}");
    });
}

#[test]
fn what_reads_different_is_named_line_by_line() {
    let rehearsal = Rehearsal::refreshed_with_few(&[]);
    rehearsal.fault("POST", SAVE, 0, json!("alter-save"));
    let ran = rehearsal
        .run(&["restore", "stage", "--yes", "--only", "SSO"])
        .ends(7);
    ran.says("written but reads different")
        .says("`# altered` was not written");
    // What is there is not what is wanted, so that the next run writes it again.
    rehearsal
        .run(&["restore", "stage", "--yes", "--only", "SSO"])
        .ends(8);
    assert!(!rehearsal.state().text("SSO").contains("# altered"));
}

#[test]
fn a_run_that_ends_early_still_tells_of_every_document() {
    let rehearsal = Rehearsal::refreshed(&[]);
    // The third save and every reading after it find the instance failing.
    rehearsal.faults(&json!([
        { "method": "POST", "path": SAVE, "skip": 2, "effect": "drop" },
        { "method": "GET", "path": EDIT, "skip": 56 + 5, "times": 1_000_000, "effect": { "status": 404 } },
    ]));
    let ran = rehearsal.run(&["restore", "stage", "--yes", "--json"]).ends(7);
    every_document_once(&ran);
    let outcomes = ran.outcomes();
    let ends: Vec<&str> = outcomes.iter().map(|(_, word)| word.as_str()).collect();
    assert_eq!(&ends[..3], ["written", "written", "unknown"], "{}", ran.told());
    assert!(
        ends.len() > 5
            && ends[3..]
                .iter()
                .all(|end| ["refused", "not-attempted"].contains(end)),
        "{ends:?}"
    );
    assert_eq!(rehearsal.saves(), 3);
}

#[test]
fn bizx_is_held_back_where_something_before_it_went_wrong() {
    let rehearsal = Rehearsal::start(&[]);
    let text = rehearsal.state().text("BIZX").to_owned();
    let closed = text.replace(
        "successFactorsLearningEnabled=false",
        "successFactorsLearningEnabled=true",
    );
    assert_ne!(text, closed, "the test must find the key");
    rehearsal.run(&["backup", "stage"]).ends(0);
    // The backup of an instance that was integrated: putting it back closes native login.
    let folder = rehearsal.make_folder("copies");
    rehearsal
        .run(&["export", "stage", &folder.display().to_string()])
        .ends(0);
    rehearsal.put("copies/BIZX.txt", closed.as_bytes());
    rehearsal
        .run(&["import", "stage", &folder.display().to_string()])
        .ends(0);
    rehearsal.refresh();
    rehearsal.fault("POST", SAVE, 0, json!("alter-save"));
    let words = ["restore", "stage", "--yes", "--only", "SSO", "--only", "BIZX"];
    let ran = rehearsal.run(&words).ends(7).says("close native login");
    assert!(ran.out.contains("not attempted"), "{}", ran.told());
    assert_eq!(rehearsal.saves(), 1);
    rehearsal.run(&words).ends(8);
    assert_eq!(
        rehearsal.state().value("BIZX", "successFactorsLearningEnabled"),
        Some("true")
    );
}

fn every_document_once(ran: &Ran) {
    let answer = ran.json();
    let name = |path: &serde_json::Value| path.as_str().unwrap().replace("configuration/", "");
    let steps = answer["plan"]["steps"].as_array().unwrap().iter();
    let unchanged = answer["plan"]["unchanged"].as_array().unwrap().iter();
    let mut planned: Vec<String> = steps
        .map(|step| name(&step["document"]))
        .chain(unchanged.map(name))
        .collect();
    assert!(planned.len() > 50, "{planned:?}");
    let mut ended: Vec<String> = ran.all_outcomes().into_iter().map(|(name, _)| name).collect();
    planned.sort();
    ended.sort();
    assert_eq!(planned, ended);
}

/// An outcome as JSON writes it.
fn slug(word: &str) -> String {
    match word {
        "written but reads different" => "reads-different".to_owned(),
        other => other.replace(' ', "-"),
    }
}
