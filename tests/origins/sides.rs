//! Three sides, told apart.

use serde_json::Value;

use crate::origins::changed_since;
use crate::rehearsal::Rehearsal;

const SHOWN: [&str; 8] = [
    "diff", "stage", "--source", "prod", "--only", "SSO", "--only", "UI",
];

/// Key and origin of all that is listed, in order.
fn origins(answer: &Value) -> Vec<(String, String)> {
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    let of = |document: &Value| {
        let keys = document["origins"].as_array().unwrap().iter();
        keys.map(|key| (word(&key["key"]), word(&key["origin"])))
            .collect::<Vec<_>>()
    };
    answer["documents"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(of)
        .collect()
}

fn of<'a>(origins: &'a [(String, String)], word: &str) -> Vec<&'a str> {
    let found = origins.iter().filter(|(_, origin)| origin == word);
    found.map(|(key, _)| key.as_str()).collect()
}

#[test]
fn a_persons_change_is_told_from_what_the_refresh_brought() {
    let rehearsal = changed_since();
    let ran = rehearsal.run(&SHOWN).ends(1);
    insta::assert_snapshot!(ran.out, @"
    document           someone  new  prod
    configuration/SSO        2          4
    configuration/UI              1     3

    configuration/SSO
      by someone: neither as before nor as prod has it
        ~ sso.idp.loginURL  https://sso.example.com/idp/stage/login?RelayState= → https://sso.example.com/idp/pilot  (prod: https://sso.example.com/idp/prod/login?RelayState=)
        - sso.logout.enabled  true  (prod: as before)
      from prod
        ~ sso.idp.entityId  https://sso.example.com/idp/stage → https://sso.example.com/idp/prod
        ~ sso.sp.entityId  https://lms-stage.example.com/sp → https://lms.example.com/sp
        ~ sso.sp.keystore.password  (encrypted value, changed)
        ~ sso.idp.certificate.fingerprint  44:6a:a0:cf:fa:7f:3d:61:93:5d:cc:dc:9e:e5:29:d5:d4:c2:a7:97 → ff:55:44:c3:75:41:7b:1f:ba:ed:67:f3:2b:34:f2:af:6b:49:b9:64

    configuration/UI
      new: neither before nor prod has it
        + ui.newFlag  true
      from prod
        ~ ui.includeLinkOrder  true → false
        - ui.cacheLocale  false
        - ui.defaultUserCount  20

    2 documents differ: 2 by someone, 1 new, 7 from prod; 99 keys are unchanged.
    ");
    let ran = ran
        .says("it is the source.")
        .says("What prod itself has changed between ")
        .says("lmskeep restore stage --except SSO:sso.idp.loginURL --except SSO:sso.logout.enabled --except UI:ui.newFlag\n");
    assert!(!ran.err.contains("older"), "{}", ran.told());

    let answer = rehearsal
        .run(&["diff", "stage", "--source", "prod", "--json"])
        .ends(1)
        .json();
    let all = origins(&answer);
    assert_eq!(of(&all, "changedSince"), ["sso.idp.loginURL"]);
    assert_eq!(of(&all, "lostSince"), ["sso.logout.enabled"]);
    assert_eq!(of(&all, "new"), ["ui.newFlag"]);
    assert!(of(&all, "overwritten").contains(&"baseURL"));
    let counts = &answer["origins"];
    assert_eq!(counts["overwritten"], of(&all, "overwritten").len());
    assert_eq!((&counts["new"], &counts["unknown"]), (&1.into(), &0.into()));
    assert!(counts["unchanged"].as_u64().unwrap() > 100);
    assert!(answer["source"].as_str().unwrap().starts_with("prod@"));
}

#[test]
fn the_restore_that_is_hinted_at_keeps_the_persons_changes_and_nothing_of_the_source() {
    let rehearsal = changed_since();
    let ran = rehearsal.run(&SHOWN).ends(1);
    let (_, hint) = ran.err.split_once("lmskeep restore stage").unwrap();
    let exceptions: Vec<&str> = hint.lines().next().unwrap().split_whitespace().collect();
    let words = [&["restore", "stage", "--yes"][..], &exceptions].concat();
    rehearsal.run(&words).ends(8);
    let words = [
        "diff",
        "stage",
        "--source",
        "prod",
        "--encrypted",
        "ignore",
        "--json",
    ];
    let all = origins(&rehearsal.run(&words).ends(1).json());
    let left: Vec<&str> = all.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(left, ["sso.idp.loginURL", "sso.logout.enabled", "ui.newFlag"]);
}

#[test]
fn two_backups_are_compared_with_the_source_as_well() {
    let rehearsal = changed_since();
    rehearsal.run(&["backup", "stage"]).ends(0);
    let ids: Vec<String> = rehearsal.backups().into_iter().map(|backup| backup.id).collect();
    let (before, after) = (format!("stage@{}", ids[0]), format!("stage@{}", ids[1]));
    let ran = rehearsal
        .run(&["diff", &before, &after, "--source", "prod", "--json"])
        .ends(1);
    let all = origins(&ran.json());
    assert_eq!(of(&all, "changedSince"), ["sso.idp.loginURL"]);
    assert!(!ran.err.contains("lmskeep restore"), "{}", ran.told());
    // The other way round the person's key is still nobody's but a person's.
    let ran = rehearsal
        .run(&["diff", &after, &before, "--source", "prod", "--json"])
        .ends(1);
    let all = origins(&ran.json());
    assert!(of(&all, "changedSince").contains(&"sso.idp.loginURL"));
    assert_eq!(of(&all, "overwritten"), Vec::<&str>::new());
    rehearsal
        .run(&["diff", &before, &before, "--source", "prod"])
        .ends(0)
        .says("No difference in 56 documents.");
}

#[test]
fn masks_are_equal_to_nothing() {
    let rehearsal = Rehearsal::with_backup(&["resave=mask"]);
    rehearsal.run(&["backup", "prod"]).ends(0);
    let words = ["diff", "stage", "--source", "prod", "--only", "SSO"];
    // Nothing differs, as the plain comparison says as well.
    rehearsal
        .run(&words)
        .ends(0)
        .says("unknown: a mask hides what it is")
        .says("? sso.sp.keystore.password  (encrypted value, masked)");
}

#[test]
fn the_plain_comparison_hints_at_the_source_that_is_known() {
    let rehearsal = changed_since();
    let hint = "hint: see what of it is from prod: lmskeep diff stage --source prod\n";
    rehearsal
        .run(&["diff", "stage", "--only", "SSO"])
        .ends(1)
        .says(hint);
    for silent in [
        &["diff", "stage@latest", "prod@latest"][..],
        &["diff", "stage", "--only", "VLS", "--only", "SSO:no"],
        &["diff", "prod"],
        &SHOWN,
    ] {
        let ran = rehearsal.run(silent);
        assert!(!ran.err.contains("from prod: lmskeep"), "{}", ran.told());
    }
}
