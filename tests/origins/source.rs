//! Which backup of the source, and what it is good for.

use crate::origins::changed_since;
use crate::rehearsal::Rehearsal;

#[test]
fn a_source_that_is_none_is_refused_before_anybody_signs_in() {
    let rehearsal = Rehearsal::with_backup(&[]);
    rehearsal.forget("requests", "stage");
    rehearsal
        .run(&["diff", "stage", "--source", "prod"])
        .ends(2)
        .says("error: There is no backup of `prod`.\nhint: lmskeep backup prod\n");
    rehearsal
        .run(&["diff", "stage", "--source", "stage@latest"])
        .ends(2)
        .says("`stage` is itself compared here: it cannot be the source as well.")
        .says("hint: ");
    rehearsal
        .run(&["diff", "stage", "--source", "prd"])
        .ends(2)
        .says("There is no instance `prd`.")
        .says("prod");
    rehearsal
        .run(&["diff", "stage", "--source"])
        .ends(2)
        .says("A value is missing after `--source");
    assert_eq!(rehearsal.look("requests", "stage"), serde_json::json!([]));
}

#[test]
fn what_kind_of_backup_the_source_is_is_said() {
    let rehearsal = changed_since();
    rehearsal.run(&["backup", "prod", "--only", "SSO"]).ends(0);
    let answer = rehearsal.run(&["list", "prod", "--json"]).ends(0).json();
    let partial = format!("prod@{}", answer["backups"][1]["id"].as_str().unwrap());
    let words = ["diff", "stage", "--source", &partial];
    rehearsal
        .run(&words)
        .ends(1)
        .says("It holds 1 document only: where the others come from cannot be told.")
        .says("unknown: the backup of prod does not hold it")
        .says("sso.idp.loginURL  https://sso.example.com/idp/stage");

    // Here production is what a refresh has been over, and what a restore has been over.
    let marked = rehearsal.look("state", "production")["documents"]["BIZX"]
        .as_str()
        .unwrap()
        .replace(
            "successFactorsCompanyID=exampleCorp\n",
            "successFactorsCompanyID=other\n",
        );
    rehearsal.save("production", "BIZX", &marked);
    rehearsal.run(&["backup", "prod"]).ends(0).says("after a refresh");
    rehearsal
        .run(&["restore", "prod", "--confirm", "prod", "--only", "BIZX"])
        .ends(0);
    let answer = rehearsal.run(&["list", "prod", "--json"]).ends(0).json();
    let of_kind = |kind: &str| {
        let found = answer["backups"]
            .as_array()
            .unwrap()
            .iter()
            .find(|b| b["kind"] == kind);
        format!("prod@{}", found.unwrap()["id"].as_str().unwrap())
    };
    for (kind, said) in [
        (
            "after-refresh",
            "was taken after a refresh had been over `prod`: is it what was copied?",
        ),
        ("safety", "is a safety backup: "),
    ] {
        rehearsal
            .run(&["diff", "stage", "--only", "SSO", "--source", &of_kind(kind)])
            .ends(1)
            .says(said);
    }
}

#[test]
fn a_source_older_than_the_backup_is_said_to_be() {
    let rehearsal = Rehearsal::start(&[]);
    rehearsal.run(&["backup", "prod"]).ends(0);
    rehearsal.run(&["backup", "stage"]).ends(0);
    rehearsal
        .run(&["diff", "stage", "--source", "prod", "--only", "SSO"])
        .ends(0)
        .says("It is older than the other backup.");
}
