//! What the archive tells of one document over time.

use crate::origins::changed_since;
use crate::rehearsal::Rehearsal;

/// The first words of the lines that name a backup, and what stands below each.
fn told(out: &str) -> Vec<(String, Vec<String>)> {
    let kind = |line: &str| line.rsplit("  ").next().unwrap().to_owned();
    let blocks = out.split("\n\n").skip(1).map(|block| {
        let mut lines = block.lines();
        let kind = kind(lines.next().unwrap());
        (kind, lines.map(|line| line.trim().to_owned()).collect())
    });
    blocks.collect()
}

#[test]
fn a_key_is_told_through_refresh_and_restore_without_signing_in() {
    let mut rehearsal = changed_since();
    rehearsal.run(&["backup", "stage"]).ends(0);
    rehearsal
        .run(&["restore", "stage", "--yes", "--only", "SSO"])
        .ends(8);
    rehearsal.run(&["backup", "stage", "--only", "SSO"]).ends(0);
    rehearsal.forget("requests", "stage");
    rehearsal.program.set("LMSKEEP_PASSWORD", "");
    let ran = rehearsal
        .run(&["history", "stage", "sso:sso.idp.loginURL"])
        .ends(0);
    let (stage, pilot) = (
        "https://sso.example.com/idp/stage/login?RelayState=",
        "https://sso.example.com/idp/pilot",
    );
    let expected = [
        ("partial", format!("~ {pilot} → {stage}")),
        ("after-refresh", format!("~ {stage} → {pilot}")),
        ("ordinary", format!("+ {stage}  (first seen)")),
    ];
    let found = told(&ran.out);
    let expected = expected.map(|(kind, line)| (kind.to_owned(), vec![line]));
    assert_eq!(found, expected);
    assert!(
        ran.out.starts_with(
            "configuration/SSO:sso.idp.loginURL: 2 changes in 4 backups of stage, the newest first.\n"
        ),
        "{}",
        ran.told()
    );

    let ran = rehearsal
        .run(&["history", "stage", "SSO:sso.sp.keystore.password"])
        .ends(0);
    let lines: Vec<_> = told(&ran.out).into_iter().flat_map(|(_, lines)| lines).collect();
    assert_eq!(
        lines,
        [
            "~ (encrypted value, changed)",
            "+ (encrypted value, added)  (first seen)"
        ]
    );

    let answer = rehearsal
        .run(&["history", "stage", "SSO", "--json"])
        .ends(0)
        .json();
    assert_eq!(
        (&answer["document"], &answer["backups"]),
        (&"configuration/SSO".into(), &4.into())
    );
    let changes: Vec<_> = answer["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c["change"].clone())
        .collect();
    assert_eq!(changes, ["changed", "changed", "first"]);
    assert_eq!(rehearsal.look("requests", "stage"), serde_json::json!([]));
}

#[test]
fn what_never_was_is_refused() {
    let rehearsal = Rehearsal::refreshed_with_few(&[]);
    for (words, message) in [
        (
            &["history", "stage", "SSOO"][..],
            "error: No backup has a document `SSOO`.\nhint: did you mean `SSO`?\n",
        ),
        (
            &["history", "stage", "SSO:sso.idp.loginUrl"],
            "error: No backup has a key `sso.idp.loginUrl` in `configuration/SSO`.\nhint: did you mean `SSO:sso.idp.loginURL`?\n",
        ),
        (
            &["history", "prod", "SSO"],
            "error: There is no backup of `prod`.\nhint: lmskeep backup prod\n",
        ),
        (&["history", "prd", "SSO"], "error: There is no instance `prd`.\n"),
        (
            &["history", "stage@latest", "SSO"],
            "`stage@latest` cannot be the name of an instance.",
        ),
    ] {
        rehearsal.run(words).ends(2).says(message);
    }
}

#[test]
fn a_damaged_backup_is_named_last_and_the_others_are_told() {
    let rehearsal = Rehearsal::refreshed_with_few(&[]);
    rehearsal.run(&["backup", "stage", "--only", "SSO"]).ends(0);
    rehearsal.save("stage", "SSO", "sso.sp.entityId=x\n");
    rehearsal.run(&["backup", "stage", "--only", "SSO"]).ends(0);
    let path = rehearsal
        .files("archive/backups/stage")
        .into_keys()
        .nth(1)
        .unwrap();
    rehearsal.put(&format!("archive/backups/stage/{}", path.display()), b"damaged");
    let ran = rehearsal
        .run(&["history", "stage", "SSO:sso.sp.entityId"])
        .ends(6)
        .says("~ https://lms-stage.example.com/sp → x")
        .says("error: 1 backup could not be read: what it holds is missing here.\nhint: lmskeep verify\n");
    assert!(ran.err.contains(&path.display().to_string()), "{}", ran.told());
    let answer = rehearsal
        .run(&["history", "stage", "SSO", "--json"])
        .ends(6)
        .json();
    assert_eq!(answer["damaged"].as_array().unwrap().len(), 1);
    assert_eq!(answer["changes"].as_array().unwrap().len(), 2);
}
