//! Promise 1: no writing request without a plan that was shown and confirmed; making a plan has no side effect.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use crate::promises::RESTORE;
use crate::rehearsal::{Asked, Desk, Rehearsal};

#[test]
fn making_a_plan_has_no_side_effect() {
    let rehearsal = Rehearsal::refreshed(&[]);
    rehearsal.run(&["diff", "stage", "--only", "SSO"]).ends(1);
    let (state, files) = (rehearsal.state(), kept(&rehearsal));
    let paste = rehearsal.program.home().join("paste.txt").display().to_string();
    for words in [
        &["restore", "stage", "--dry-run"][..],
        &[
            "restore",
            "stage",
            "--dry-run",
            "--yes",
            "--encrypted",
            "clear",
            "--only",
            "CONNECTORS",
        ],
        &["restore", "stage", "--only", "SSO", "--json"],
        &["diff", "stage", "--text", "--only", "SSO"],
        &["show", "stage", "SSO", "--to-paste", &paste],
    ] {
        rehearsal.forget_requests();
        rehearsal.run(words);
        rehearsal.nothing_was_sent();
        assert_eq!(rehearsal.state(), state, "{words:?}");
        unchanged(&files, &kept(&rehearsal));
    }
}

#[test]
fn nor_has_the_plan_after_another_refresh() {
    let rehearsal = Rehearsal::refreshed(&[]);
    rehearsal
        .run(&["restore", "stage", "--yes", "--only", "BIZX"])
        .ends(8);
    rehearsal.refresh();
    let files = kept(&rehearsal);
    rehearsal
        .run(&["restore", "stage", "--dry-run", "--only", "BIZX"])
        .ends(1);
    unchanged(&files, &kept(&rehearsal));
}

#[test]
fn nothing_is_sent_or_kept_while_the_question_stands() {
    let rehearsal = Arc::new(Rehearsal::refreshed(&[]));
    rehearsal.run(&["diff", "stage", "--only", "SSO"]).ends(1);
    let (files, there) = (kept(&rehearsal), Arc::clone(&rehearsal));
    let desk = Desk::restore(&rehearsal, &["stage", "--only", "SSO"], move |screen| {
        assert!(
            screen.contains("sso.idp.entityId"),
            "the plan is shown first: {screen}"
        );
        assert_eq!(there.saves(), 0);
        unchanged(&files, &kept(&there));
        "yes".to_owned()
    });
    assert_eq!(desk.code, 8, "{}", desk.shown);
    assert_eq!(rehearsal.saves(), 1);
}

#[test]
fn what_is_written_is_what_the_plan_names() {
    let rehearsal = Rehearsal::refreshed(&[]);
    let plan = rehearsal
        .run(&[&RESTORE[..], &["--dry-run", "--json"]].concat())
        .ends(1)
        .json();
    let steps: BTreeSet<String> = plan["plan"]["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["document"].as_str().unwrap().replace("configuration/", ""))
        .collect();
    assert_eq!(steps, BTreeSet::from(["SSO", "UI", "VLS"].map(str::to_owned)));
    rehearsal.forget_requests();
    rehearsal.run(&RESTORE).ends(8);
    let requests = rehearsal.requests();
    let saved = requests
        .windows(2)
        .filter(|pair| pair[1].is_save())
        .filter_map(|pair| pair[0].edited());
    assert_eq!(saved.map(str::to_owned).collect::<BTreeSet<_>>(), steps);
    let posts = requests.iter().filter(|asked| asked.is_post());
    assert!(
        posts
            .clone()
            .all(|post| Asked::is_sign_in(post) || Asked::is_save(post)),
        "{requests:#?}"
    );
    assert_eq!(posts.count(), 4);
}

/// All that the program keeps, but for where pages were found and the locks of commands.
fn kept(rehearsal: &Rehearsal) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = rehearsal.files("");
    let aside = |path: &PathBuf| {
        path.ends_with("pages.json") || path.starts_with("state/locks") || path.ends_with("paste.txt")
    };
    files.retain(|path, _| !aside(path));
    files
}

#[track_caller]
fn unchanged(before: &BTreeMap<PathBuf, Vec<u8>>, now: &BTreeMap<PathBuf, Vec<u8>>) {
    let all = before.keys().chain(now.keys());
    let changed: BTreeSet<&PathBuf> = all.filter(|path| before.get(*path) != now.get(*path)).collect();
    assert!(changed.is_empty(), "a plan changed {changed:?}");
}
