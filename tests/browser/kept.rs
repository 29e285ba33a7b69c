//! A session that is kept for the next command: sealed, with its key in a real keyring.

use serde_json::json;

use crate::browser::{CLOSED, header, values};
use crate::real::keyring::Keyring;
use crate::rehearsal::Rehearsal;

#[test]
fn a_session_is_kept_sealed_and_used_until_it_is_forgotten() {
    let Some(keyring) = Keyring::start() else { return };
    let mut rehearsal = Rehearsal::start(&[CLOSED]);
    rehearsal.program.set("DBUS_SESSION_BUS_ADDRESS", &keyring.bus);
    let cookies = rehearsal.cookies("stage", &json!({}));
    let file = rehearsal.put_file(&header(&cookies));
    rehearsal
        .run(&["login", "stage", "--cookies", &file])
        .ends(0)
        .says("is kept for the next commands")
        .says("delete it");
    // The variable with the password is there, too: a session that was handed over counts more.
    rehearsal.run(&["backup", "stage"]).ends(0);
    assert!(!rehearsal.requests().iter().any(|asked| asked.is_sign_in()));
    let key = keyring.kept("state-key").unwrap();
    assert!(key.starts_with("AGE-SECRET-KEY-"));
    for (path, bytes) in files(rehearsal.program.home()) {
        if path == file {
            continue;
        }
        let text = String::from_utf8_lossy(&bytes);
        for secret in values(&cookies).iter().chain([&key]) {
            assert!(!text.contains(secret.as_str()), "{path} holds {secret}");
        }
    }

    rehearsal.end_sessions("stage");
    rehearsal
        .run(&["backup", "stage"])
        .ends(3)
        .says("is over")
        .says("lmskeep logout stage");
    // One that is over takes the place of none that is kept.
    rehearsal.run(&["login", "stage", "--cookies", &file]).ends(3);
    rehearsal
        .run(&["login", "stage", "--cookies", &rehearsal.session_file()])
        .ends(0);
    rehearsal.run(&["backup", "stage"]).ends(0);

    let ran = rehearsal.run(&["logout", "stage", "--json"]).ends(0);
    assert_eq!(ran.json()["session"], true);
    rehearsal
        .run(&["backup", "stage"])
        .ends(3)
        .says("no native sign-in");
    let ran = rehearsal.run(&["logout", "stage", "--json"]).ends(0);
    assert_eq!(ran.json()["session"], false);
}

#[test]
fn what_was_sealed_is_not_opened_by_another_key_and_not_for_another_address() {
    let Some(keyring) = Keyring::start() else { return };
    let mut rehearsal = Rehearsal::start(&[CLOSED]);
    rehearsal.program.set("DBUS_SESSION_BUS_ADDRESS", &keyring.bus);
    rehearsal
        .run(&["login", "stage", "--cookies", &rehearsal.session_file()])
        .ends(0);
    rehearsal
        .run(&["instance", "set", "stage", "url", "http://127.0.0.1:9"])
        .ends(0);
    rehearsal.forget_requests();
    rehearsal
        .run(&["backup", "stage"])
        .ends(3)
        .says("not with http://127.0.0.1:9");
    rehearsal
        .run(&["instance", "set", "stage", "url", &rehearsal.practice.stage])
        .ends(0);
    keyring.forget("state-key");
    rehearsal
        .run(&["backup", "stage"])
        .ends(3)
        .says("its key is not in the keyring");
    // A new key is made, and does not open what the old one sealed.
    rehearsal
        .run(&[
            "login",
            "prod",
            "--cookies",
            &rehearsal.put_file(&header(&rehearsal.cookies("production", &json!({})))),
        ])
        .ends(0);
    rehearsal
        .run(&["backup", "stage"])
        .ends(6)
        .says("does not open it");
    assert_eq!(rehearsal.requests().len(), 0);
    rehearsal
        .run(&["login", "stage", "--cookies", &rehearsal.session_file()])
        .ends(0);
    rehearsal.run(&["backup", "stage"]).ends(0);
}

#[test]
fn without_a_keyring_nothing_is_kept_and_the_way_out_is_named() {
    let mut rehearsal = Rehearsal::start(&[CLOSED]);
    rehearsal
        .program
        .set("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere");
    let file = rehearsal.session_file();
    rehearsal.forget_requests();
    rehearsal
        .run(&["login", "stage", "--cookies", &file])
        .ends(3)
        .says("`--cookies FILE` on the command");
    assert_eq!(rehearsal.requests().len(), 0);
    rehearsal.run(&["backup", "stage", "--cookies", &file]).ends(0);
}

#[test]
fn a_recording_hands_a_session_over_as_well() {
    let Some(keyring) = Keyring::start() else { return };
    let mut rehearsal = Rehearsal::start(&[CLOSED]);
    rehearsal.program.set("DBUS_SESSION_BUS_ADDRESS", &keyring.bus);
    let cookies = rehearsal.cookies("stage", &json!({ "userAgent": "Recorder/1" }));
    let sent: Vec<_> = cookies
        .as_array()
        .unwrap()
        .iter()
        .map(|c| json!({ "name": c["name"], "value": c["value"] }))
        .collect();
    let har = |cookies: &[serde_json::Value]| {
        json!({ "log": { "version": "1.2", "entries": [{
            "startedDateTime": "2026-11-23T08:00:00.000Z",
            "request": {
                "method": "GET",
                "url": format!("{}/learning/admin/main.do", rehearsal.practice.stage.trim_end_matches('/')),
                "headers": [{ "name": "User-Agent", "value": "Recorder/1" }],
                "cookies": cookies,
            },
            "response": { "status": 200, "headers": [], "content": {} },
        }] } })
        .to_string()
    };
    let whole = rehearsal.put_file(&har(&sent));
    rehearsal
        .run(&["login", "stage", "--har", &rehearsal.put_file(&har(&[]))])
        .ends(2)
        .says("has no cookies")
        .says("sensitive data");
    rehearsal
        .run(&["login", "stage", "--har", &rehearsal.put_file(&har(&sent)[..300])])
        .ends(2)
        .says("cut off");
    rehearsal
        .run(&["login", "prod", "--har", &whole])
        .ends(9)
        .says("prod's sign-on leads to stage");
    rehearsal.run(&["login", "stage", "--har", &whole]).ends(0);
    rehearsal.run(&["backup", "stage"]).ends(0);
    rehearsal
        .run(&["instance", "show", "stage"])
        .ends(0)
        .says("a browser's, taken over");
}

fn files(folder: &std::path::Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((path.to_str().unwrap().to_owned(), std::fs::read(&path).unwrap()));
        }
    }
    found
}
