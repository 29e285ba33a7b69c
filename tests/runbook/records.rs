//! Records: unsent mail, report jobs and admins are taken with all their pages and compared, and never written.

use serde_json::Value;

use super::rehearsal;
use crate::rehearsal::{Ran, Rehearsal};

const DOCUMENTS: [&str; 3] = ["unsent-email/by-type", "report-jobs/recurring", "admins/list"];

fn run(rehearsal: &Rehearsal, words: &[&str]) -> Ran {
    let only = DOCUMENTS.iter().flat_map(|document| ["--only", *document]);
    let words: Vec<&str> = words.iter().copied().chain(only).collect();
    rehearsal.run(&words)
}

fn text(rehearsal: &Rehearsal, document: &str) -> String {
    let shown = rehearsal
        .run(&["show", "stage", document, "--json", "--reveal"])
        .ends(0);
    shown.json()["text"].as_str().unwrap().to_owned()
}

/// The keys of a text.
fn keys(text: &str) -> Vec<String> {
    let key = |line: &str| line.split_once('=').unwrap().0.replace("\\ ", " ");
    text.lines().map(key).collect()
}

#[test]
fn records_are_taken_whole_and_compared_after_a_refresh() {
    for way in [
        &[] as &[&str],
        &["token=link"],
        &["service"],
        &["german"],
        &["service", "german"],
    ] {
        let rehearsal = rehearsal(way);
        run(&rehearsal, &["backup", "stage"]).ends(0).says("3 documents");
        let admins = rehearsal.look("admins", "stage");
        let mut names: Vec<String> = admins
            .as_array()
            .unwrap()
            .iter()
            .map(|admin| admin["name"].as_str().unwrap().to_owned())
            .collect();
        names.sort();
        assert!(names.len() > 10, "more than one page: {names:?}");
        assert_eq!(keys(&text(&rehearsal, "admins/list")), names, "{way:?}");

        let queue = rehearsal.look("queue", "stage");
        let waiting = queue.as_array().unwrap().len();
        let counted: usize = text(&rehearsal, "unsent-email/by-type")
            .lines()
            .map(|line| line.rsplit_once('=').unwrap().1.parse::<usize>().unwrap())
            .sum();
        assert_eq!(counted, waiting, "{way:?}");

        run(&rehearsal, &["diff", "stage"]).ends(0);
        rehearsal.refresh();
        let diff = run(&rehearsal, &["diff", "stage", "--json"]).ends(1).json();
        let changed = diff["documents"].as_array().unwrap().iter();
        let changed: Vec<&Value> = changed
            .filter(|document| document["state"] == "changed")
            .map(|document| &document["path"])
            .collect();
        assert_eq!(changed.len(), 3, "{way:?}: {diff}");
    }
}

#[test]
fn records_are_no_part_of_a_plan() {
    for way in [&[] as &[&str], &["service"]] {
        let rehearsal = rehearsal(way);
        run(&rehearsal, &["backup", "stage"]).ends(0);
        rehearsal.refresh();
        rehearsal.forget_requests();
        let plan = run(&rehearsal, &["restore", "stage", "--dry-run"]).ends(0);
        let ran = run(&rehearsal, &["restore", "stage", "--yes"]).ends(0);
        for document in DOCUMENTS {
            assert!(!plan.out.contains(document), "{way:?}: {}", plan.out);
            assert!(!ran.out.contains(document), "{way:?}: {}", ran.out);
        }
    }
}
