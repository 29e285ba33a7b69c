//! `secret list|set|remove`: where values lie and what live carries.

use crate::real::keyring::Keyring;
use crate::rehearsal::{Person, Rehearsal};

const FTP: &str = "CONNECTORS:connector.ftp.password";

fn live(rehearsal: &Rehearsal, key: &str) -> String {
    let json = rehearsal
        .run(&["secret", "list", "stage", "--json"])
        .ends(0)
        .json();
    let values = json["values"].as_array().unwrap().clone();
    let line = values.iter().find(|line| line["key"] == key).unwrap();
    line["live"].as_str().unwrap().to_owned()
}

#[test]
fn the_ledger_says_what_live_carries_at_every_step_of_a_refresh() {
    let Some(keyring) = Keyring::start() else { return };
    let mut rehearsal = Rehearsal::start(&[]);
    rehearsal.program.set("DBUS_SESSION_BUS_ADDRESS", &keyring.bus);
    let key = "connector.ftp.password";
    rehearsal.run(&["backup", "stage"]).ends(0);
    rehearsal.run(&["backup", "prod"]).ends(0);
    assert_eq!(live(&rehearsal, key), "from-before");
    rehearsal.refresh();
    assert_eq!(live(&rehearsal, key), "the-sources");
    rehearsal
        .run(&["secret", "list", "stage"])
        .ends(0)
        .says("keep off what uses it");
    let real = rehearsal.real_values();
    let (document, _, value) = real.iter().find(|(_, k, _)| k == key).unwrap();
    rehearsal.keep_value(document, key, value);
    rehearsal
        .run(&["restore", "stage", "--yes", "--encrypted", "enter"])
        .ends(8);
    assert_eq!(live(&rehearsal, key), "entered");
    assert_eq!(live(&rehearsal, "connector.pgp.passphrase"), "the-sources");
    Person::at_stage(&rehearsal).enter(&rehearsal.look("plain", "stage"));
    assert_eq!(live(&rehearsal, "connector.pgp.passphrase"), "entered-by-hand");
    rehearsal
        .run(&["secret", "set", "stage", FTP, "--proven"])
        .ends(0);
    rehearsal
        .run(&["secret", "list", "stage", "--offline"])
        .ends(0)
        .says("works, ");
}

#[test]
fn a_value_is_kept_in_the_keyring_or_sealed_where_it_is_too_large_and_removed() {
    let Some(keyring) = Keyring::start() else { return };
    let mut rehearsal = Rehearsal::start(&[]);
    rehearsal.program.set("DBUS_SESSION_BUS_ADDRESS", &keyring.bus);
    rehearsal
        .run(&["backup", "stage", "--only", "CONNECTORS"])
        .ends(0);
    rehearsal
        .run_with_input(
            &[
                "secret",
                "set",
                "stage",
                FTP,
                "--stdin",
                "--owner",
                "the SFTP team",
            ],
            "S3cret-of-a-test\n",
        )
        .ends(0)
        .says("in the keyring");
    let origin = rehearsal.practice.stage.trim_end_matches('/').to_owned();
    let entry = format!("value@{origin}#configuration/{FTP}");
    assert_eq!(
        keyring.kept(&entry).as_deref(),
        Some("S3cret-of-a-test"),
        "one line end is taken off"
    );
    let ring = "lQOYBF".repeat(800);
    rehearsal
        .run_with_input(
            &[
                "secret",
                "set",
                "stage",
                "connectors:connector.pgp.secret.keyring",
                "--stdin",
            ],
            &ring,
        )
        .ends(0)
        .says("sealed file");
    rehearsal
        .run(&["secret", "list", "stage", "--offline"])
        .ends(0)
        .says("sealed file")
        .says("the SFTP team");
    let grep = std::process::Command::new("grep")
        .args(["-rl", "-e", "S3cret-of-a-test", "-e", &ring[..60]])
        .arg(rehearsal.program.home())
        .output()
        .unwrap();
    assert!(
        grep.stdout.is_empty(),
        "{}",
        String::from_utf8_lossy(&grep.stdout)
    );
    for key in [FTP, "CONNECTORS:connector.pgp.secret.keyring"] {
        rehearsal
            .run(&["secret", "remove", "stage", key])
            .ends(0)
            .says("Forgot");
        rehearsal
            .run(&["secret", "remove", "stage", key])
            .ends(0)
            .says("Nothing was known");
    }
    assert_eq!(keyring.kept(&entry), None);
}

#[test]
fn bad_input_gets_a_sentence() {
    let rehearsal = Rehearsal::start(&[]);
    rehearsal
        .run(&["secret", "set", "stage", FTP, "--command", "x"])
        .ends(2)
        .says("lmskeep backup stage");
    rehearsal
        .run(&["backup", "stage", "--only", "CONNECTORS"])
        .ends(0);
    rehearsal
        .run(&[
            "secret",
            "set",
            "stage",
            "CONNECTORS:connector.ftp.pasword",
            "--command",
            "x",
        ])
        .ends(2)
        .says("did you mean `CONNECTORS:connector.ftp.password`?");
    rehearsal
        .run(&["secret", "set", "stage", "CONNECTORS", "--command", "x"])
        .ends(2)
        .says("a document and a key");
    rehearsal
        .run_with_input(&["secret", "set", "stage", FTP, "--stdin"], "")
        .ends(2)
        .says("No value was given");
    // Without a keyring the value cannot be kept, and the way out is named.
    rehearsal
        .run_with_input(&["secret", "set", "stage", FTP, "--stdin"], "value")
        .ends(3);
    rehearsal
        .run(&["secret", "set", "stage", FTP])
        .ends(2)
        .says("no terminal");
}
