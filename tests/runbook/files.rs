//! Images: taken as they are, compared by what they are, put back and proved by their bytes.

use lmskeep::backup::{content_hash, text_of_file};
use reqwest::Method;
use serde_json::{Value, json};

use super::rehearsal;
use crate::promises::side_by_side;
use crate::rehearsal::{Desk, Rehearsal, client, runtime};

const ONLY: [&str; 2] = ["--only", "images/*"];

/// The ways the pages come, each of which must work alike.
const WAYS: [&[&str]; 6] = [
    &[],
    &["token=link"],
    &["token=script"],
    &["bound"],
    &["service"],
    &["german"],
];

fn run(rehearsal: &Rehearsal, words: &[&str]) -> crate::rehearsal::Ran {
    let words: Vec<&str> = words.iter().copied().chain(ONLY).collect();
    rehearsal.run(&words)
}

fn images(rehearsal: &Rehearsal) -> Value {
    rehearsal.look("operation", "stage")["images"].clone()
}

/// What is stored of an image: its SHA-256, or nothing.
fn stored(rehearsal: &Rehearsal, id: &str) -> Value {
    rehearsal.look("images", "stage")[id]["sha256"].clone()
}

/// How each document of a restore ended.
fn outcomes(ran: &crate::rehearsal::Ran) -> Vec<String> {
    let answer = ran.json();
    let ended = answer["documents"].as_array().unwrap().iter();
    let told = |ended: &Value| {
        let word = |name: &str| ended[name].as_str().unwrap_or_default().to_owned();
        format!("{}: {}", word("document"), word("outcome"))
    };
    ended
        .map(told)
        .filter(|told| !told.ends_with(": unchanged"))
        .collect()
}

/// A rehearsal whose images were taken before its refresh.
fn refreshed(words: &[&str]) -> Rehearsal {
    let rehearsal = rehearsal(words);
    run(&rehearsal, &["backup", "stage"]).ends(0).says("6 documents");
    rehearsal.refresh();
    rehearsal
}

#[test]
fn images_come_back_after_a_refresh() {
    for way in WAYS {
        let rehearsal = refreshed(way);
        assert_ne!(images(&rehearsal), "ok", "{way:?}");
        let diff = run(&rehearsal, &["diff", "stage"]).ends(1);
        let changed = diff.out.matches("image changed: ").count();
        assert_eq!(changed, 2, "{way:?}: {}", diff.out);
        let ran = run(&rehearsal, &["restore", "stage", "--yes", "--json"]).ends(0);
        assert_eq!(outcomes(&ran).len(), 2, "{way:?}: {}", ran.out);
        assert!(
            outcomes(&ran).iter().all(|told| told.ends_with(": written")),
            "{way:?}: {}",
            ran.out
        );
        assert_eq!(images(&rehearsal), "ok", "{way:?}");
        run(&rehearsal, &["diff", "stage"]).ends(0);
    }
}

#[test]
fn the_archive_and_an_export_hold_the_bytes() {
    let rehearsal = rehearsal(&[]);
    run(&rehearsal, &["backup", "stage"]).ends(0);
    let hash = stored(&rehearsal, "CORP_LOGO").as_str().unwrap().to_owned();
    let object = format!("archive/objects/{}/{}", &hash[..2], &hash[2..]);
    let object = std::fs::read(rehearsal.program.home().join(object)).unwrap();
    let bytes = zstd::decode_all(&object[..]).unwrap();
    assert_eq!(content_hash(&bytes), hash);

    let shown = rehearsal
        .run(&["show", "stage", "Company Logo", "--json"])
        .ends(0)
        .json();
    let told = json!({ "kind": "image/png", "bytes": bytes.len(), "sha256": hash });
    assert_eq!(shown["file"], told);
    let shown = rehearsal.run(&["show", "stage", "Company Logo"]).ends(0);
    assert!(
        shown.out.contains("PNG image") && shown.out.contains(&hash),
        "{}",
        shown.out
    );
    let first = text_of_file(&bytes).lines().next().unwrap_or_default().to_owned();
    assert!(!shown.out.contains(&first), "{}", shown.out);

    let copies = rehearsal.program.home().join("copies");
    let folder = copies.display().to_string();
    rehearsal.run(&["export", "stage", &folder]).ends(0);
    assert_eq!(std::fs::read(copies.join("Company Logo.png")).unwrap(), bytes);
    assert!(copies.join("Login Background.jpg").exists());
    assert!(!copies.join("Catalog Banner.bin").exists());
    // What was exported is what is there.
    run(&rehearsal, &["diff", "stage", &folder])
        .ends(1)
        .says("images/Catalog Banner");
    rehearsal.run(&["verify"]).ends(0);
}

#[test]
fn a_file_is_put_where_none_is_and_never_taken_away() {
    for way in [&[] as &[&str], &["service"]] {
        let rehearsal = refreshed(way);
        rehearsal.tell(Method::POST, "image/stage", Some(&json!({ "id": "CERT_SEAL" })));
        let picture = json!({ "id": "CAT_BANNER", "fileName": "b.gif", "base64": "R0lGODlhAQABAAAAACw7" });
        rehearsal.tell(Method::POST, "image/stage", Some(&picture));
        run(&rehearsal, &["diff", "stage"])
            .ends(1)
            .says("image removed: ")
            .says("image added: 15 bytes");
        let ran = run(&rehearsal, &["restore", "stage", "--yes", "--json"]);
        assert!(
            outcomes(&ran).contains(&"images/Certificate Seal: written".to_owned()),
            "{way:?}: {}",
            ran.out
        );
        assert!(
            outcomes(&ran).contains(&"images/Catalog Banner: refused".to_owned()),
            "{way:?}: {}",
            ran.out
        );
        assert_eq!(
            images(&rehearsal),
            "Catalog Banner: it is not the right one",
            "{way:?}"
        );
        run(&rehearsal, &["restore", "stage", "--dry-run"]).says("remove it by hand in the page");
    }
}

#[test]
fn what_the_instance_says_of_a_refused_file_is_passed_on() {
    for way in [&[] as &[&str], &["service"]] {
        let rehearsal = refreshed(way);
        rehearsal.faults(&json!([
            { "method": "POST", "path": "mage", "skip": 0, "times": 9, "effect": "refuse-save" }
        ]));
        let ran = run(&rehearsal, &["restore", "stage", "--yes", "--json"]).ends(7);
        let told = ran
            .out
            .matches("the instance says: The changes could not be applied")
            .count();
        assert_eq!(told, 2, "{way:?}: {}", ran.out);
        assert!(
            outcomes(&ran).iter().all(|told| told.ends_with(": refused")),
            "{way:?}: {}",
            ran.out
        );
        assert_ne!(images(&rehearsal), "ok");
    }
}

#[test]
fn a_file_that_reads_otherwise_is_not_called_written() {
    for way in [&[] as &[&str], &["service"]] {
        let rehearsal = refreshed(way);
        let save = |effect: Value| json!([{ "method": "POST", "path": "mage", "skip": 0, "times": 9, "effect": effect }]);
        rehearsal.faults(&save(json!("alter-save")));
        let ran = run(&rehearsal, &["restore", "stage", "--yes", "--json"]).ends(7);
        assert!(
            outcomes(&ran)
                .iter()
                .all(|told| told.ends_with(": reads-different")),
            "{way:?}: {}",
            ran.out
        );
        assert!(ran.out.contains(" bytes, reads "), "{way:?}: {}", ran.out);
        rehearsal.faults(&save(json!("ignore-save")));
        let ran = run(&rehearsal, &["restore", "stage", "--yes", "--json"]).ends(7);
        assert!(
            outcomes(&ran).iter().all(|told| told.ends_with(": refused")),
            "{way:?}: {}",
            ran.out
        );
        rehearsal.faults(&save(json!({ "cache-ms": 700, "lose-answer": true })));
        run(&rehearsal, &["restore", "stage", "--yes"]).ends(0);
        assert_eq!(images(&rehearsal), "ok", "{way:?}");
    }
}

#[test]
fn an_undo_takes_the_images_back() {
    let rehearsal = refreshed(&[]);
    let before = rehearsal.look("images", "stage");
    run(&rehearsal, &["restore", "stage", "--yes"]).ends(0);
    rehearsal.run(&["undo", "stage", "--yes"]).ends(0);
    for id in ["CORP_LOGO", "LOGIN_BG", "MOB_LOGO"] {
        assert_eq!(stored(&rehearsal, id), before[id]["sha256"], "{id}");
    }
}

#[test]
fn what_is_no_whole_file_is_not_stored() {
    let pages = [
        (json!("login-page"), 5),
        (json!("cut-body"), 4),
        (json!("cut-body-quietly"), 5),
        (json!({ "status": 404 }), 5),
        (json!({ "status": 403 }), 5),
        (json!({ "status": 500 }), 4),
    ];
    for (effect, code) in pages {
        let rehearsal = rehearsal(&[]);
        let path = "imageStream.do?imageTypeID=CORP_LOGO";
        // An earlier run has found the part: it cannot be done without.
        run(&rehearsal, &["backup", "stage"]).ends(0);
        let before = rehearsal.files("archive/backups").len();
        rehearsal.faults(&json!([
            { "method": "GET", "path": path, "skip": 0, "times": 99, "effect": effect }
        ]));
        let ran = run(&rehearsal, &["backup", "stage"]);
        assert_eq!(ran.code, code, "{effect}: {}", ran.err);
        assert_eq!(rehearsal.files("archive/backups").len(), before, "{effect}");
    }
}

#[test]
fn an_image_that_somebody_else_changes_at_the_same_time_is_left_alone() {
    let rehearsal = refreshed(&[]);
    let theirs = json!({ "id": "CORP_LOGO", "fileName": "b.gif", "base64": "R0lGODlhAQABAAAAACw7" });
    let shown = rehearsal.look("images", "stage")["CORP_LOGO"]["sha256"].clone();
    let desk = Desk::restore(&rehearsal, &["stage", "--only", "images/*"], {
        let (control, theirs) = (rehearsal.practice.control.clone(), theirs.clone());
        move |_| {
            let address = format!("{control}/image/stage");
            let sent = runtime().block_on(client().post(address).json(&theirs).send());
            assert_eq!(sent.unwrap().status(), 200);
            "y".to_owned()
        }
    });
    assert_eq!(desk.code, 7, "{}", desk.shown);
    assert!(
        desk.shown.contains("it was changed since the plan was shown"),
        "{}",
        desk.shown
    );
    let now = stored(&rehearsal, "CORP_LOGO");
    assert_ne!(now, shown);
    assert_eq!(images(&rehearsal), "Company Logo: it is not the right one");
}

#[test]
fn a_file_that_is_too_large_for_the_instance_is_told_in_its_words_and_the_rest_is_written() {
    side_by_side(vec![&[] as &[&str], &["service"]], |way| {
        let rehearsal = rehearsal(way);
        // Kept by hand from a time when the instance took larger ones.
        let copies = rehearsal.make_folder("copies").display().to_string();
        let large = [b"\x89PNG\r\n\x1a\n".as_slice(), &[7; 110_000]].concat();
        rehearsal.put("copies/Company Logo.png", &large);
        rehearsal.put("copies/Login Background.gif", b"GIF89a\x01\0\x01\0\0\0\0;");
        rehearsal.put("copies/VLS.txt", b"vls.enabled=false\n");
        rehearsal.run(&["import", "stage", &copies]).ends(0);
        let before = stored(&rehearsal, "CORP_LOGO");
        let ran = rehearsal
            .run(&["restore", "stage", "--yes", "--replace", "--json"])
            .ends(7);
        assert_eq!(
            outcomes(&ran),
            [
                "configuration/VLS: written",
                "images/Company Logo: refused",
                "images/Login Background: written"
            ],
            "{way:?}: {}",
            ran.out
        );
        assert!(
            ran.out
                .contains("the instance says: The file is larger than 100 KB\""),
            "{way:?}: {}",
            ran.out
        );
        assert_eq!(stored(&rehearsal, "CORP_LOGO"), before);
        let written = rehearsal.look("images", "stage")["LOGIN_BG"].clone();
        assert_eq!(written["type"], "image/gif");
    });
}
