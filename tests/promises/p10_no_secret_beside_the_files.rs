//! Promise 10 for what a refresh overwrites beside the configuration files: mail settings, connectors, automatic
//! processes, and lists of records.

use reqwest::Method;
use serde_json::json;

use crate::promises::for_ever;
use crate::promises::p10_no_secret_in_output::Watch;
use crate::rehearsal::Rehearsal;

/// Fields in which people put accounts with their passwords: part, name, field, value; `{}` tells the sides apart.
const FIELDS: [(&str, &str, &str, &str); 6] = [
    (
        "mail",
        "smtpServer",
        "",
        "smtp://relay:canaryA-{}-quokka@mail.example.com:587",
    ),
    (
        "mail",
        "smtpUser",
        "",
        "Authorization: Bearer canaryI-{}-quokka-0123456789abcdef",
    ),
    (
        "connectors",
        "*",
        "inputFile",
        "sftp://lms:canaryE-{}-quokka@sftp.example.com/in/users.txt",
    ),
    (
        "connectors",
        "*",
        "contact",
        "https://hooks.example.com/x?user=lms&password=canaryF-{}-quokka&page=1",
    ),
    (
        "automaticProcesses",
        "*",
        "contact",
        "https://lms:canaryJ-{}-quokka@hooks.example.com/",
    ),
    ("automaticProcesses", "*", "startTime", "{}"),
];

/// Documents of every part beside the files.
const MEANT: [&str; 5] = [
    "mail/settings",
    "connectors/Item Connector",
    "automatic-processes/Course Reminder",
    "admins/list",
    "report-jobs/recurring",
];

/// What a person of that side knows, and no page shows.
fn smtp_password(rehearsal: &Rehearsal, side: &str) -> String {
    let known = rehearsal.look("known", side);
    known["smtpPassword"].as_str().unwrap().to_owned()
}

fn meant<'w>(words: &[&'w str]) -> Vec<&'w str> {
    let chosen = MEANT.into_iter().flat_map(|document| ["--only", document]);
    words.iter().copied().chain(chosen).collect()
}

/// Both sides with secrets in every field that takes them; stage backed up, and production's over it.
fn overwritten() -> (Rehearsal, Watch) {
    let rehearsal = Rehearsal::of_everything(&[]);
    for (side, mark) in [("stage", "s7"), ("production", "p9")] {
        for (part, name, field, value) in FIELDS {
            let value = value.replace("{}", mark);
            let order = match field {
                "" => json!({ "part": part, "name": name, "value": value }),
                _ => json!({ "part": part, "name": name, "field": field, "value": value }),
            };
            rehearsal.tell(Method::POST, &format!("switch/{side}"), Some(&order));
        }
    }
    let mut watch = Watch::new(&rehearsal);
    watch
        .secrets
        .extend(["stage", "production"].map(|side| smtp_password(&rehearsal, side)));
    for (name, json) in [("stage", "-v"), ("prod", "--json")] {
        watch.take(&rehearsal.run(&meant(&["backup", name, "-vv", json])).ends(0));
    }
    rehearsal.refresh();
    (rehearsal, watch)
}

#[test]
fn no_command_that_reads_prints_one() {
    let (rehearsal, mut watch) = overwritten();
    let mut run = |words: &[&str]| {
        for more in [&["-vv"][..], &["--json"]] {
            watch.take(&rehearsal.run(&[words, more].concat()));
        }
    };
    for words in [
        &["diff", "stage", "--text"][..],
        &["diff", "stage@latest", "prod@latest", "--text"],
        &["diff", "stage", "--source", "prod"],
        &["scan", "stage"],
        &["restore", "stage", "--dry-run"],
    ] {
        run(&meant(words));
    }
    run(&["secret", "list", "stage"]);
    for document in MEANT {
        run(&["show", "stage", document]);
        run(&["history", "stage", document]);
    }
    watch.judge(20_000);
}

#[test]
fn no_command_that_writes_prints_one_whatever_becomes_of_it() {
    let (rehearsal, mut watch) = overwritten();
    rehearsal.tell_value(
        "mail/settings",
        "smtpUserPassword",
        &smtp_password(&rehearsal, "stage"),
    );
    // One process stays on: to switch each off prints the same.
    let off = json!({ "part": "automaticProcesses", "name": "*", "on": false });
    rehearsal.tell(Method::POST, "switch/stage", Some(&off));
    let on = json!({ "part": "automaticProcesses", "name": "Course Reminder", "on": true });
    rehearsal.tell(Method::POST, "switch/stage", Some(&on));
    let differs = |rehearsal: &Rehearsal| rehearsal.operation()["mail"].to_string();
    assert!(differs(&rehearsal).contains("smtpPassword"));
    for words in [
        &["freeze", "stage", "--yes", "-vv", "--json"][..],
        &["purge-emails", "stage", "--yes", "-vv", "--json"],
    ] {
        watch.take(&rehearsal.run(words).ends(0));
    }
    // First what reads otherwise, then what goes well.
    for (effect, code, more) in [
        (json!("alter-save"), 7, "-v"),
        (json!("lose-answer"), 0, "--json"),
    ] {
        rehearsal.faults(&for_ever("POST", "saveGlobalSettings", 0, &effect));
        let words = [
            "restore",
            "stage",
            "--yes",
            "--encrypted",
            "enter",
            "-vv",
            "--only",
            "mail/*",
            more,
        ];
        watch.take(&rehearsal.run(&words).ends(code));
    }
    rehearsal.faults(&json!([]));
    assert!(!differs(&rehearsal).contains("smtpPassword"), "it was entered");
    let thaw = ["thaw", "stage", "--yes", "--addresses-masked", "--processes-ran"];
    watch.take(&rehearsal.run(&[&thaw[..], &["-vv", "--json"]].concat()));
    let more = ["--only", "connectors/Item Connector"];
    watch.take(
        &rehearsal
            .run(&[&["restore", "stage", "--yes", "-vv"][..], &more].concat())
            .ends(0),
    );
    watch.take(&rehearsal.run(&["undo", "stage", "--yes", "--json", "-vv"]));
    watch.judge(20_000);
}
