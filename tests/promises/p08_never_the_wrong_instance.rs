//! Promise 8: the wrong instance is never written to.

use serde_json::json;

use crate::promises::for_ever;
use crate::rehearsal::{Asked, Rehearsal, SAVE};

#[test]
fn a_name_that_points_elsewhere_now_is_another_instance() {
    let (rehearsal, other) = (Rehearsal::with_backup(&[]), Rehearsal::start(&[]));
    rehearsal.refresh();
    rehearsal.know(&other.practice.stage, "test");
    let before = other.state();
    let ran = rehearsal.run(&["restore", "stage", "--yes"]).ends(9);
    let ran = ran.says(&rehearsal.practice.stage).says(&other.practice.stage);
    assert!(ran.err.contains("--from-instance stage"), "{}", ran.told());
    other.nothing_was_sent();
    assert_eq!((other.state(), rehearsal.saves()), (before, 0));
    // Under the same name, but of another origin: it has to be named.
    rehearsal
        .run(&["restore", "stage", "--yes", "--from-instance", "prod"])
        .ends(2);
    assert_eq!(other.saves(), 0);
}

#[test]
fn an_undo_of_another_instance_is_refused() {
    let (rehearsal, other) = (Rehearsal::refreshed(&[]), Rehearsal::start(&[]));
    rehearsal
        .run(&["restore", "stage", "--yes", "--only", "SSO"])
        .ends(8);
    rehearsal.know(&other.practice.stage, "test");
    rehearsal.run(&["undo", "stage", "--yes"]).ends(9);
    other.nothing_was_sent();
}

#[test]
fn production_is_not_stage_though_all_its_configuration_is_the_same() {
    let rehearsal = Rehearsal::with_backup(&[]);
    rehearsal.refresh();
    // The typical slip: the address of production behind the name of the test instance.
    rehearsal.know(&rehearsal.practice.production, "test");
    rehearsal.run(&["restore", "stage", "--yes"]).ends(9);
    let posts = rehearsal
        .requests_to("production")
        .into_iter()
        .filter(|asked| asked.is_save())
        .count();
    assert_eq!(posts, 0);
}

#[test]
fn a_backup_of_another_instance_must_be_named() {
    let rehearsal = Rehearsal::start(&[]);
    rehearsal.run(&["backup", "prod", "--only", "SSO"]).ends(0);
    rehearsal.run(&["backup", "stage"]).ends(0);
    let before = rehearsal.state();
    let listed = rehearsal.run(&["list", "prod", "--json"]).ends(0).json();
    let id = listed["backups"][0]["id"].as_str().unwrap().to_owned();
    rehearsal.forget_requests();
    rehearsal
        .run(&["restore", &format!("stage@{id}"), "--yes"])
        .ends(2);
    assert_eq!(rehearsal.requests(), [], "a backup of `prod` is none of `stage`");
    let words = [
        "restore",
        "stage",
        "--from-instance",
        "prod",
        "--only",
        "SSO",
        "--yes",
    ];
    rehearsal.run(&words).ends(8);
    assert_eq!(rehearsal.saves(), 1);
    assert_ne!(rehearsal.state().text("SSO"), before.text("SSO"));
}

#[test]
fn a_text_that_a_refresh_does_not_copy_tells_instances_apart() {
    let rehearsal = Rehearsal::start(&[]);
    let built_in = include_str!("../../src/profile/sap-learning.toml");
    let rules = "[identity]\ntexts = { title = \"title\" }\n";
    rehearsal.put(
        "mine.toml",
        built_in.replacen("[identity]\n", rules, 1).as_bytes(),
    );
    let profile = rehearsal.program.home().join("mine.toml").display().to_string();
    rehearsal
        .run(&["instance", "set", "stage", "profile", &profile])
        .ends(0);
    rehearsal.run(&["backup", "stage", "--only", "SSO"]).ends(0);
    rehearsal
        .run(&["instance", "set", "stage", "identity", "title=Another LMS"])
        .ends(0);
    for words in [
        &["restore", "stage", "--yes"][..],
        &["backup", "stage"],
        &["diff", "stage"],
    ] {
        rehearsal.run(words).ends(9).says("should read `Another LMS`");
    }
    assert_eq!(rehearsal.saves(), 0);
    assert_eq!(rehearsal.backups().len(), 1);
}

#[test]
fn no_redirect_leads_to_another_instance() {
    for (method, path, code) in [
        ("POST", "nativeLogin.do", 3),
        ("GET", "main.do", 3),
        ("GET", "configurationID=SSO&", 5),
        ("POST", SAVE, 7),
    ] {
        let rehearsal = Rehearsal::refreshed_with_few(&[]);
        let there = format!("{}/learning/admin/main.do", rehearsal.practice.production);
        rehearsal.faults(&for_ever(method, path, 0, &json!({ "redirect": there })));
        rehearsal
            .run(&["restore", "stage", "--yes", "--only", "SSO"])
            .ends(code);
        assert_eq!(rehearsal.requests_to("production"), [], "{method} {path}");
        assert!(
            rehearsal
                .requests()
                .iter()
                .filter(|asked| Asked::is_sign_in(asked))
                .count()
                <= 1
        );
    }
}
