//! No-access mode: a person copies the files out of the browser and pastes them back.

use std::fs;
use std::path::Path;

use lmskeep::copies::file_name;

use crate::rehearsal::{Rehearsal, State, differences};

#[test]
fn pasting_by_hand_comes_to_what_a_restore_does() {
    let rehearsal = Rehearsal::start(&[]);
    let before = rehearsal.state();
    let folder = |name: &str| rehearsal.program.home().join(name);
    let word = |path: &Path| path.display().to_string();

    copy_out(&before, &folder("before"), Saved::AsIs);
    rehearsal
        .run(&["import", "stage", &word(&folder("before"))])
        .ends(0)
        .says("56 documents");
    rehearsal
        .run(&["diff", "stage", &word(&folder("before"))])
        .ends(0);
    rehearsal.refresh();
    let refreshed = rehearsal.state();
    copy_out(&refreshed, &folder("after"), Saved::AsIs);
    let answer = rehearsal
        .run(&["diff", "stage", &word(&folder("after")), "--json"])
        .ends(1)
        .json();

    let changed: Vec<String> = differences(&before, &refreshed)
        .into_iter()
        .map(|difference| difference.split(": ").next().unwrap().to_owned())
        .collect();
    assert!(
        answer["counts"]["changed"].as_u64().unwrap() as usize >= changed.len(),
        "{}",
        answer["counts"]
    );
    let live = word(&folder("after"));
    let same = ["SEARCH_ADMIN", "WORKFLOW_RULES"];
    for document in changed.iter().map(String::as_str).chain(same) {
        let file = folder("paste.txt");
        let ran = rehearsal.run(&[
            "show",
            "stage",
            document,
            "--to-paste",
            &word(&file),
            "--live",
            &live,
            "--json",
        ]);
        assert!([0, 8].contains(&ran.code), "{}", ran.told());
        let text = fs::read_to_string(&file).unwrap();
        if !same.contains(&document) {
            assert_eq!(ran.json()["changed"], true, "{document}");
            rehearsal.save("stage", document, &text);
        } else {
            assert_eq!(ran.json()["changed"], false, "{document}");
        }
    }
    let pasted = rehearsal.state();
    assert_eq!(differences(&before, &pasted), Vec::<String>::new());
    assert_eq!(rehearsal.requests(), Vec::new(), "nobody signed in");

    // The same refresh, put back by the program: to the byte the same, ciphertexts included.
    rehearsal.refresh();
    rehearsal.run(&["restore", "stage", "--yes"]).ends(8);
    assert_eq!(rehearsal.state(), pasted);
}

#[test]
fn what_was_exported_can_be_imported_again() {
    let rehearsal = Rehearsal::with_backup(&[]);
    let folder = rehearsal.program.home().join("copies");
    let word = folder.display().to_string();
    rehearsal
        .run(&["export", "stage", &word])
        .ends(0)
        .says("56 documents");
    assert!(folder.join("HOW-TO-PASTE.html").is_file() && folder.join("BIZX.txt").is_file());
    let state = rehearsal.state();
    for (name, text) in &state.documents {
        assert_eq!(
            &fs::read_to_string(folder.join(file_name(name))).unwrap(),
            text,
            "{name}"
        );
    }
    rehearsal.run(&["diff", "stage", &word]).ends(0);
    let answer = rehearsal
        .run(&["import", "stage", &word, "--json"])
        .ends(0)
        .json();
    assert_eq!(
        (answer["kind"].as_str(), answer["documents"].as_u64()),
        (Some("ordinary"), Some(56))
    );
    rehearsal.run(&["diff", "stage@latest", "stage@latest~1"]).ends(0);
    // Nothing of another kind is ever written over.
    write(&folder.join("BIZX.txt"), b"mine=1\n");
    rehearsal
        .run(&["export", "stage", &word])
        .ends(2)
        .says("BIZX.txt");
    assert_eq!(fs::read(folder.join("BIZX.txt")).unwrap(), b"mine=1\n");
}

#[test]
fn copies_come_in_whatever_form_an_editor_saves_them() {
    let rehearsal = Rehearsal::with_backup(&[]);
    let state = rehearsal.state();
    for saved in [Saved::WithCrlf, Saved::Utf8WithMark, Saved::Utf16] {
        let folder = rehearsal.program.home().join(format!("{saved:?}"));
        copy_out(&state, &folder, saved);
        rehearsal
            .run(&["diff", "stage", &folder.display().to_string()])
            .ends(0);
    }
}

/// How an editor saves a text.
#[derive(Debug, Clone, Copy)]
enum Saved {
    AsIs,
    WithCrlf,
    Utf8WithMark,
    Utf16,
}

impl Saved {
    fn bytes(self, text: &str) -> Vec<u8> {
        match self {
            Saved::AsIs => text.into(),
            Saved::WithCrlf => text.replace('\n', "\r\n").into(),
            Saved::Utf8WithMark => format!("\u{feff}{text}").into(),
            Saved::Utf16 => format!("\u{feff}{text}")
                .encode_utf16()
                .flat_map(u16::to_le_bytes)
                .collect(),
        }
    }
}

fn copy_out(state: &State, folder: &Path, saved: Saved) {
    #[allow(clippy::disallowed_methods, reason = "a person makes this folder")]
    fs::create_dir_all(folder).unwrap();
    for (name, text) in &state.documents {
        write(&folder.join(file_name(name)), &saved.bytes(text));
    }
}

#[allow(clippy::disallowed_methods, reason = "a person's editor writes these files")]
fn write(path: &Path, bytes: &[u8]) {
    fs::write(path, bytes).unwrap();
}
