//! What an instance does with a save is learned from what is read back, and said beforehand the next time.

use serde_json::Value;

use crate::rehearsal::{Rehearsal, State};

const RESTORE: &[&str] = &["restore", "stage", "--yes", "--json"];

fn keys(answer: &Value, pointer: &str) -> Vec<String> {
    let list = answer.pointer(pointer).and_then(Value::as_array).cloned();
    let named = |one: &Value| {
        let text = |member: &str| one[member].as_str().unwrap().to_owned();
        format!("{}:{}", text("document"), text("key"))
    };
    let mut keys: Vec<String> = list.unwrap_or_default().iter().map(named).collect();
    keys.sort();
    keys
}

/// The keys of BIZX that the practice LMS seals, in so far as they differ between the two instances.
const SEALED: [&str; 3] = [
    "configuration/BIZX:baseURL",
    "configuration/BIZX:bizx.api.baseURL",
    "configuration/BIZX:successFactorsCompanyID",
];

#[test]
fn keys_that_an_instance_keeps_do_not_fail_the_rest_and_are_left_the_next_time() {
    let rehearsal = Rehearsal::with_backup(&["sealed"]);
    rehearsal.refresh();
    let refreshed = rehearsal.state();
    let first = rehearsal.run(RESTORE).ends(7);
    assert_eq!(first.outcome("BIZX"), "reads-different");
    assert_eq!(first.outcome("CONNECTORS"), "written");
    first.says("bizx.api.baseURL");
    // All else of the document is as it was before the refresh.
    let state = rehearsal.state();
    let same = |key: &str| state.value("BIZX", key) == refreshed.value("BIZX", key);
    assert!(same("baseURL") && same("successFactorsCompanyID"));
    assert!(!same("bizx.api.clientId"));

    let next = rehearsal.run(RESTORE).ends(8).json();
    assert_eq!(keys(&next, "/plan/sealed"), SEALED);
    assert_eq!(next["plan"]["steps"].as_array().unwrap().len(), 0, "{next}");
    rehearsal
        .run(&["restore", "stage", "--dry-run"])
        .ends(8)
        .says("since this instance does not let them be changed");
    // An undo leaves them, too.
    rehearsal.run(&["undo", "stage", "--yes"]).ends(8);
    assert_eq!(
        rehearsal.state().value("BIZX", "baseURL"),
        refreshed.value("BIZX", "baseURL")
    );
    // Unsealed, they are written when a person says that they are to be tried.
    rehearsal.play(&[]);
    let again = [
        "restore",
        "stage",
        "--yes",
        "--retry-sealed",
        "--only",
        "BIZX",
        "--json",
    ];
    rehearsal.run(&again).ends(8);
    assert_ne!(
        rehearsal.state().value("BIZX", "baseURL"),
        refreshed.value("BIZX", "baseURL")
    );
    let forgotten = rehearsal.run(RESTORE).json();
    assert_eq!(keys(&forgotten, "/plan/sealed"), Vec::<String>::new());
}

#[test]
fn a_key_that_is_refused_by_name_does_not_keep_the_rest_of_its_document_back() {
    for words in [&["sealed=refuse"][..], &["sealed=refuse", "german", "service"]] {
        let rehearsal = Rehearsal::start(words);
        rehearsal.knows_services(words, "stage");
        rehearsal.run(&["backup", "stage"]).ends(0);
        rehearsal.refresh();
        let refreshed = rehearsal.state();
        rehearsal.forget_requests();
        let first = rehearsal.run(RESTORE).ends(7);
        assert_eq!(first.outcome("BIZX"), "reads-different");
        let state = rehearsal.state();
        let same = |key: &str| state.value("BIZX", key) == refreshed.value("BIZX", key);
        assert!(same("baseURL") && !same("bizx.api.clientId"), "{words:?}");
        let next = rehearsal.run(RESTORE).ends(8).json();
        assert_eq!(keys(&next, "/plan/sealed"), SEALED, "{words:?}");
    }
}

#[test]
fn an_instance_that_encrypts_again_is_found_out_at_the_first_save() {
    let rehearsal = Rehearsal::with_backup(&[]);
    rehearsal.play(&["resave=again"]);
    rehearsal.refresh();
    rehearsal.allow_harm();
    let first = rehearsal.run(RESTORE).ends(7);
    let outcomes = first.outcomes();
    let of = |word: &str| outcomes.iter().filter(|(_, o)| o == word).count();
    assert_eq!(of("reads-different"), 1, "{outcomes:?}");
    // Documents with encrypted values come no further; the others do.
    assert!(of("not-attempted") >= 4 && of("written") >= 1, "{outcomes:?}");
    let harm = rehearsal.look("harm", "stage")["encryptedTwice"]
        .as_u64()
        .unwrap();
    let broken: Vec<&(String, String)> = outcomes.iter().filter(|(_, o)| o == "reads-different").collect();
    let answer = first.json();
    let waits = keys(&answer, "/waits");
    assert!(waits.iter().any(|key| key.contains(&broken[0].0)), "{waits:?}");
    assert!(harm >= 1);

    // The next plan says so, and with the real values at hand all is as before.
    rehearsal
        .run(&["restore", "stage", "--dry-run"])
        .ends(1)
        .says("encrypts once more what is encrypted already");
    rehearsal.enter_all();
}

#[test]
fn a_document_that_shows_a_mask_is_written_only_with_its_values_or_when_the_profile_says_what_it_means() {
    let rehearsal = Rehearsal::with_backup(&["resave=mask"]);
    rehearsal.refresh();
    let refreshed = rehearsal.state();
    let refused = rehearsal.run(RESTORE).ends(7);
    assert_eq!(refused.outcome("SSO"), "refused");
    rehearsal
        .run(&["restore", "stage", "--dry-run"])
        .ends(1)
        .says("shows a mask at `sso.sp.keystore.password`")
        .says("--encrypted enter");
    assert_eq!(rehearsal.state().text("SSO"), refreshed.text("SSO"));
    assert_eq!(rehearsal.look("harm", "stage")["maskStored"], 0);
    rehearsal.enter_all();
}

#[test]
fn a_value_whose_name_says_nothing_is_learned_masked_kept_with_backups_and_unlearned() {
    const HANDLE: &str = "configuration/SEARCH:indexer.node.handle";
    let rehearsal = Rehearsal::with_backup(&["disguised"]);
    let own = rehearsal.state();
    rehearsal.refresh();
    rehearsal.allow_harm();
    // The first time it is sent as any other value; what comes back gives it away.
    let first = rehearsal.run(RESTORE).ends(7);
    assert!(
        keys(&first.json(), "/learned").contains(&HANDLE.to_owned()),
        "{}",
        first.told()
    );
    assert!(keys(&first.json(), "/waits").contains(&HANDLE.to_owned()));
    let now = rehearsal.state();
    // The lines that read otherwise show neither what was sent nor what came.
    let ended = first.json()["documents"].to_string();
    for state in [&own, &now] {
        let cipher = state.value("SEARCH", "indexer.node.handle").unwrap();
        assert!(!ended.contains(cipher), "{ended}");
    }
    // From now on it is treated like the others: masked, listed, and entered.
    let listed = rehearsal
        .run(&["secret", "list", "stage", "--json", "--offline"])
        .ends(0)
        .json();
    assert!(keys(&listed, "/values").contains(&HANDLE.to_owned()));
    let dry = rehearsal.run(&["restore", "stage", "--dry-run", "--json"]).json();
    assert!(keys(&dry, "/waits").contains(&HANDLE.to_owned()));
    rehearsal.run(&["backup", "stage"]).ends(0);
    let shown = rehearsal.run(&["show", "stage", "SEARCH"]).ends(0).told();
    assert!(shown.contains("indexer.node.handle=‹secret›"), "{shown}");
    // A person may say that it is not so.
    rehearsal
        .run(&["secret", "unlearn", "stage", "SEARCH:indexer.node.handle"])
        .ends(0);
    let shown = rehearsal.run(&["show", "stage", "SEARCH"]).ends(0).told();
    assert!(!shown.contains("indexer.node.handle=‹secret›"), "{shown}");
    rehearsal
        .run(&["secret", "unlearn", "stage", "SEARCH:indexer.node.handle"])
        .ends(2)
        .says("was not learned");
}

#[test]
fn values_that_read_otherwise_each_time_do_not_keep_the_rest_back() {
    let rehearsal = Rehearsal::with_backup(&["rereads"]);
    let before = rehearsal.state();
    rehearsal.refresh();
    let ran = rehearsal.run(RESTORE).ends(8);
    assert!(
        ran.outcomes().iter().all(|(_, outcome)| outcome == "written"),
        "{:?}",
        ran.outcomes()
    );
    let state = rehearsal.state();
    let is = |state: &State| state.value("SSO", "sso.idp.entityId").map(str::to_owned);
    assert_eq!(is(&state), is(&before));
    let harm = rehearsal.look("harm", "stage");
    assert_eq!(
        (&harm["foreignCiphertext"], &harm["encryptedTwice"]),
        (&0.into(), &0.into())
    );
}

#[test]
fn a_merge_keeps_what_is_new_and_an_undo_keeps_what_others_changed_since() {
    let rehearsal = Rehearsal::with_backup(&[]);
    rehearsal.refresh();
    let text = rehearsal.state().text("UI").to_owned();
    rehearsal.save(
        "stage",
        "UI",
        &format!("{text}# of the new release\nui.brand.new=1\n"),
    );
    let refreshed = rehearsal.state();
    rehearsal
        .run(&["restore", "stage", "--only", "UI", "--merge", "--yes"])
        .ends(0);
    let merged = rehearsal.state();
    assert_eq!(merged.value("UI", "ui.brand.new"), Some("1"));
    assert!(merged.text("UI").contains("# of the new release"));
    let diff = rehearsal
        .run(&["diff", "stage", "--only", "UI", "--json"])
        .ends(1)
        .json();
    let changed: Vec<&str> = diff["documents"][0]["keys"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|k| k["change"] == "changed" || k["change"] == "removed")
        .map(|k| k["key"].as_str().unwrap())
        .collect();
    assert!(changed.is_empty(), "{changed:?}");
    // Somebody changes a key after the restore; the undo says that it stays.
    let later = merged.text("UI").replace("ui.brand.new=1", "ui.brand.new=2");
    rehearsal.save("stage", "UI", &later);
    let undone = rehearsal
        .run(&["undo", "stage", "--yes", "--json"])
        .ends(0)
        .json();
    assert_eq!(
        keys(&undone, "/plan/changedSince"),
        ["configuration/UI:ui.brand.new"]
    );
    let state = rehearsal.state();
    assert_eq!(state.value("UI", "ui.brand.new"), Some("2"));
    let entries = |state: &State| {
        let lines = state
            .text("UI")
            .lines()
            .filter(|l| l.contains('=') && !l.starts_with('#'));
        let mut all: Vec<String> = lines.map(str::to_owned).collect();
        all.retain(|line| !line.starts_with("ui.brand.new"));
        all.sort();
        all
    };
    assert_eq!(entries(&state), entries(&refreshed));
}
