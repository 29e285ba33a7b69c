//! `--only @environment`: what differs between production and stage by nature, and nothing else.

use serde_json::Value;

use crate::rehearsal::Rehearsal;

fn keys(answer: &Value) -> Vec<String> {
    let documents = answer["documents"].as_array().unwrap().iter();
    let of = |document: &Value| {
        let keys = document["keys"].as_array().unwrap().iter();
        let name = document["path"].as_str().unwrap().replace("configuration/", "");
        keys.map(|key| format!("{name}:{}", key["key"].as_str().unwrap()))
            .collect::<Vec<_>>()
    };
    documents.flat_map(of).collect()
}

#[test]
fn only_and_except_part_what_differs_into_two() {
    let rehearsal = Rehearsal::refreshed(&[]);
    let diff = |words: &[&str]| {
        keys(
            &rehearsal
                .run(&[&["diff", "stage", "--json"], words].concat())
                .json(),
        )
    };
    let (all, only, except) = (
        diff(&[]),
        diff(&["--only", "@environment"]),
        diff(&["--except", "@environment"]),
    );
    assert!(only.contains(&"CONNECTORS:connector.ftp.server".to_owned()));
    assert!(
        only.contains(&"VLS:vls.provider1.siteURL".to_owned()),
        "by the value of one side"
    );
    assert!(except.contains(&"LMS_ADMIN:restrictUserSelfModification".to_owned()));
    assert!(only.iter().all(|key| !except.contains(key)));
    let mut both = [only, except].concat();
    both.sort();
    let mut all = all;
    all.sort();
    assert_eq!(both, all);
}

#[test]
fn a_restore_of_the_environment_leaves_everything_else_alone() {
    let rehearsal = Rehearsal::refreshed(&[]);
    let refreshed = rehearsal.state();
    rehearsal
        .run(&["restore", "stage", "--only", "@environment", "--yes"])
        .ends(8)
        .says("connector.ftp.server");
    let left = rehearsal.run(&["diff", "stage", "--only", "@environment", "--encrypted", "ignore"]);
    left.ends(0);
    for (name, text) in &refreshed.documents {
        let now = rehearsal.state().text(name).to_owned();
        let switches = |text: &str| {
            let is_switch = |line: &&str| line.ends_with("=true") || line.ends_with("=false");
            text.lines()
                .filter(is_switch)
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        assert_eq!(switches(text), switches(&now), "{name}");
    }
}

#[test]
fn other_names_are_refused_and_a_backup_holds_whole_documents() {
    let rehearsal = Rehearsal::start(&[]);
    for verb in ["diff", "restore", "backup"] {
        rehearsal
            .run(&[verb, "stage", "--only", "@environments"])
            .ends(2)
            .says("there is `@environment`");
    }
    rehearsal
        .run(&["backup", "stage", "--only", "@environment"])
        .ends(2)
        .says("a backup holds whole documents");
}
