//! Promise 10: no secret in any output.
//!
//! Recognisable secrets are put into both instances, in every shape that files of such systems have, different ones
//! on each side so that every comparison meets them as changes. Then all commands run, chatty and in JSON, in good
//! times and in bad, and nothing they print may hold one.

use std::collections::BTreeSet;

use serde_json::json;

use crate::cli::program::Program;
use crate::promises::for_ever;
use crate::rehearsal::{Ran, Rehearsal, SAVE, State};

/// Texts with secrets in them; `{}` stands for a mark that tells the sides apart, and makes each secret a new one.
const PROPERTIES: &str = r"
canary.idp.clientSecret=canaryA-{}-quokka
canary.idp.passphrase : canaryB-{}-quokka
#canary.old.password=canaryC-{}-quokka
! canary.older.password = canaryD-{}-quokka
canary.db.url=jdbc:postgresql://lms:canaryE-{}-quokka@db.example.com/lms
canary.feed.url=https://feed.example.com/x?user=lms&password=canaryF-{}-quokka&page=1
canary.long.password=canaryG-{}-\
    canaryH-{}-quokka
canary.header=Authorization: Bearer canaryI-{}-quokka-0123456789abcdef
canary.basic.url=sftp://lms:canaryJ-{}-quokka@sftp.example.com:22/in
canary.pem=-----BEGIN PRIVATE KEY-----\n\
canaryKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKK{}\n\
-----END PRIVATE KEY-----
canary\u0050assword=canaryL-{}-quokka
canary.ftp.pwd=canaryM-{}-quokka
plain.change={}
";

const XML: &str = r#"<?xml version="1.0"?>
<rules>
  <connection user="lms" password="canaryN-{}-quokka"/>
  <password>canaryO-{}-quokka</password>
  <!-- <clientSecret>canaryP-{}-quokka</clientSecret> -->
  <plain>{}</plain>
</rules>
"#;

const JSON: &str = r#"{
  "endpoint": "{}",
  "clientSecret": "canaryQ-{}-quokka",
  "nested": { "apiKey": "canaryR-{}-quokka", "password" : "canaryS-{}-quokka" }
}
"#;

const MULTILINE: &str = "-----BEGIN RSA PRIVATE KEY-----
canaryTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTTT{}
canaryUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUU{}
-----END RSA PRIVATE KEY-----
after={}
";

const FILES: [(&str, &str); 4] = [
    ("TASKS", PROPERTIES),
    ("WORKFLOW_RULES", XML),
    ("CUSTOM_TAGS", JSON),
    ("HELP", MULTILINE),
];

/// The files above, and those with values that the server encrypts.
const MEANT: [&str; 8] = [
    "TASKS",
    "WORKFLOW_RULES",
    "CUSTOM_TAGS",
    "HELP",
    "CONNECTORS",
    "SSO",
    "BIZX",
    "VLS",
];

/// Everything that was printed, and everything that must not have been.
pub(super) struct Watch {
    printed: Vec<String>,
    pub(super) secrets: BTreeSet<String>,
}

impl Watch {
    pub(super) fn new(rehearsal: &Rehearsal) -> Self {
        let mut secrets = BTreeSet::from([rehearsal.practice.password.clone(), WRONG.to_owned()]);
        for side in ["stage", "production"] {
            for values in rehearsal.look("plain", side).as_object().unwrap().values() {
                let values = values.as_object().unwrap().values();
                secrets.extend(values.map(|value| value.as_str().unwrap().to_owned()));
            }
        }
        Self {
            printed: Vec::new(),
            secrets,
        }
    }

    /// Ciphertext is a secret as well: on the other instance it may work.
    pub(super) fn know_ciphertexts(&mut self, rehearsal: &Rehearsal) {
        for side in ["stage", "production"] {
            let state = State::of(&rehearsal.look("state", side));
            self.secrets.extend(
                state
                    .ciphertexts()
                    .into_iter()
                    .map(|(_, _, value)| value.to_owned()),
            );
        }
    }

    pub(super) fn take(&mut self, ran: &Ran) {
        self.printed.push(format!("{}\n{}", ran.out, ran.err));
    }

    /// Runs the words as they are, chatty, and in JSON, and takes what they print.
    pub(super) fn run(&mut self, rehearsal: &Rehearsal, words: &[&str]) {
        for more in [
            &[][..],
            &["-vv"],
            &["--json"],
            &["-vv", "--json", "--color", "always"],
        ] {
            self.take(&rehearsal.run(&[words, more].concat()));
        }
    }

    /// Wants no secret in what was printed, which must be so many letters at the least.
    #[track_caller]
    pub(super) fn judge(&self, least: usize) {
        let letters: usize = self.printed.iter().map(String::len).sum();
        assert!(
            letters > least,
            "the commands must have printed something: {letters}"
        );
        for part in self.printed.iter() {
            let found: Vec<&String> = self
                .secrets
                .iter()
                .filter(|secret| part.contains(secret.as_str()))
                .collect();
            assert!(found.is_empty(), "{found:?} in {part}");
            if let Some(at) = part.find("canary").filter(|_| hidden_canary(part)) {
                let from = part[..at].rfind('\n').unwrap_or(0);
                panic!("a canary sings in {}", &part[from..(at + 200).min(part.len())]);
            }
        }
    }
}

/// Whether any of our own secrets shows: they all begin with `canary` and a capital letter.
fn hidden_canary(text: &str) -> bool {
    text.match_indices("canary").any(|(at, word)| {
        let rest = &text[at + word.len()..];
        rest.starts_with(|c: char| c.is_ascii_uppercase())
            && (rest[1..].starts_with('-') || rest.len() > 20 && rest[1..].starts_with(&rest[..1]))
    })
}

/// The words with a choice of the documents that hold secrets.
fn meant<'w>(words: &[&'w str]) -> Vec<&'w str> {
    let chosen = MEANT.into_iter().flat_map(|document| ["--only", document]);
    words.iter().copied().chain(chosen).collect()
}

const WRONG: &str = "Wrong-canary-4711";

#[test]
fn no_command_prints_a_secret() {
    let rehearsal = Rehearsal::start(&[]);
    for (side, mark) in [("stage", "s7"), ("production", "p9")] {
        for (document, text) in FILES {
            rehearsal.save(side, document, &text.replace("{}", mark));
        }
    }
    let mut watch = Watch::new(&rehearsal);
    watch.know_ciphertexts(&rehearsal);
    watch.take(&rehearsal.run(&["backup", "stage", "-vv"]).ends(0));
    watch.take(&rehearsal.run(&["backup", "prod", "--json", "-vv"]).ends(0));
    rehearsal.refresh();

    for words in [
        &["list"][..],
        &["verify"],
        &["show", "stage"],
        &["instance", "show", "stage"],
    ] {
        watch.run(&rehearsal, words);
    }
    for words in [
        &["diff", "stage@latest", "prod@latest", "--text"][..],
        &["diff", "stage", "--text"],
        &["diff", "stage"],
        &["diff", "stage", "--source", "prod", "--text"],
        &["scan", "stage"],
        &["scan", "stage@latest", "--source", "prod"],
        &["restore", "stage", "--dry-run"],
        &["backup", "stage"],
    ] {
        watch.run(&rehearsal, &meant(words));
    }
    for document in MEANT {
        watch.run(&rehearsal, &["show", "stage", document]);
        watch.run(&rehearsal, &["history", "stage", document]);
        let paste = rehearsal.program.home().join("paste.txt").display().to_string();
        watch.take(&rehearsal.run(&["show", "stage", document, "--to-paste", &paste, "-vv"]));
    }
    let copies = rehearsal.program.home().join("copies").display().to_string();
    watch.run(&rehearsal, &["export", "stage", &copies]);
    watch.run(&rehearsal, &["import", "stage", &copies]);
    watch.run(&rehearsal, &["diff", "stage", &copies, "--text"]);
    watch.judge(50_000);
}

#[test]
fn no_write_prints_one_whatever_becomes_of_it() {
    // Here the server encrypts anew what it is sent: every encrypted line that is written reads different.
    let rehearsal = Rehearsal::start(&["resave=again"]);
    for (side, mark) in [("stage", "s7"), ("production", "p9")] {
        for (document, text) in FILES {
            rehearsal.save(side, document, &text.replace("{}", mark));
        }
    }
    rehearsal.allow_harm();
    let mut watch = Watch::new(&rehearsal);
    watch.know_ciphertexts(&rehearsal);
    watch.take(&rehearsal.run(&["backup", "stage", "-vv"]).ends(0));
    rehearsal.refresh();
    rehearsal
        .faults(&json!([{ "method": "POST", "path": SAVE, "skip": 1, "times": 3, "effect": "alter-save" }]));
    let ran = rehearsal
        .run(&meant(&["restore", "stage", "--yes", "-vv"]))
        .ends(7);
    watch.take(&ran);
    watch.know_ciphertexts(&rehearsal);
    watch.take(&rehearsal.run(&meant(&[
        "restore",
        "stage",
        "--yes",
        "--json",
        "-vv",
        "--encrypted",
        "archived",
    ])));
    watch.know_ciphertexts(&rehearsal);
    watch.take(&rehearsal.run(&["undo", "stage", "--yes", "-vv"]));
    watch.know_ciphertexts(&rehearsal);
    watch.take(&rehearsal.run(&meant(&[
        "restore",
        "stage",
        "--yes",
        "--encrypted",
        "clear",
        "--json",
    ])));
    watch.judge(50_000);
}

#[test]
fn no_failure_prints_one() {
    let mut rehearsal = Rehearsal::start(&[]);
    let mut watch = Watch::new(&rehearsal);
    watch.know_ciphertexts(&rehearsal);
    for effect in [
        json!("drop"),
        json!("cut-body-quietly"),
        json!("login-page"),
        json!("two-textareas"),
        json!({ "status": 403 }),
        json!({ "redirect": format!("http://other.example/?password={}", rehearsal.practice.password) }),
    ] {
        rehearsal.faults(&for_ever("GET", "configurationID=SSO&", 0, &effect));
        watch.run(&rehearsal, &["backup", "stage", "--only", "SSO"]);
    }
    rehearsal.faults(&json!([]));
    rehearsal.run(&["backup", "stage"]).ends(0);
    watch.run(
        &rehearsal,
        &[
            "restore",
            &format!("stage@{}", rehearsal.practice.password),
            "--yes",
        ],
    );
    watch.run(&rehearsal, &["show", "stage", &rehearsal.practice.password]);
    rehearsal.program = Program::new().with("LMSKEEP_PASSWORD", WRONG);
    rehearsal.know(&rehearsal.practice.stage, "test");
    for words in [
        &["backup", "stage"][..],
        &["login", "stage"],
        &["diff", "stage"],
        &["--help"],
        &["backup", "--help"],
    ] {
        watch.run(&rehearsal, words);
    }
    watch.judge(5_000);
}

#[test]
fn only_reveal_shows_them() {
    let rehearsal = Rehearsal::start(&[]);
    rehearsal.save("stage", "TASKS", &PROPERTIES.replace("{}", "s7"));
    rehearsal.run(&["backup", "stage", "--only", "TASKS"]).ends(0);
    let masked = rehearsal.run(&["show", "stage", "TASKS"]).ends(0);
    assert!(
        !masked.out.contains("quokka") && masked.out.contains("canary.idp.clientSecret"),
        "{}",
        masked.told()
    );
    assert!(masked.out.contains("plain.change=s7"), "{}", masked.told());
    let revealed = rehearsal.run(&["show", "stage", "TASKS", "--reveal"]).ends(0);
    assert_eq!(revealed.out, rehearsal.state().text("TASKS"));
}
