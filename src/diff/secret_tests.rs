//! Promise 10: what a comparison holds can all be printed.

use crate::backup::{Document, Format};
use crate::diff::{Change, DocumentDiff, Note, Options, State, compare};
use crate::selection::Selection;
use crate::sensitive::{Rules, Sensitivity};

fn of(from: &str, to: &str, ignore_encrypted: bool) -> DocumentDiff {
    let everything = Selection::default();
    let options = Options {
        rules: &Rules::default(),
        selection: &everything,
        ignore_encrypted,
        text: true,
    };
    let document = |text: &str| Document {
        path: "configuration/CONNECTORS".to_owned(),
        text: text.to_owned(),
        format: Format::sniff(text),
        read_only: None,
    };
    compare(&[document(from)], &[document(to)], &options)
        .documents
        .remove(0)
}

/// Everything of it that can reach an output.
fn printed(diff: &DocumentDiff) -> String {
    format!("{diff:?}{}", serde_json::to_string(diff).unwrap())
}

const OLD: &str = "CANARYold4Zk9qT1vX0mP7sR2uW5yB8==";
const NEW: &str = "CANARYnew6Hd3fJ8lN1pQ4tV7xZ0bD2==";

#[test]
fn an_encrypted_value_is_changed_but_not_said() {
    let diff = of(
        &format!("x=1\nconnector.ftp.password={OLD}\n"),
        &format!("x=1\nconnector.ftp.password={NEW}\n"),
        false,
    );
    assert_eq!(diff.state, State::Changed);
    assert_eq!(diff.keys.len(), 1);
    assert_eq!(
        (diff.keys[0].key.as_str(), diff.keys[0].change),
        ("connector.ftp.password", Change::Changed)
    );
    assert_eq!(diff.keys[0].sensitivity, Some(Sensitivity::Encrypted));
    assert_eq!(diff.notes, [Note::MaskedOnly]);
    assert!(!printed(&diff).contains("CANARY"), "{}", printed(&diff));
}

#[test]
fn a_value_is_hidden_where_only_the_other_side_is_secret() {
    let diff = of(
        "connector.ftp.password=\n",
        &format!("connector.ftp.password={NEW}\n"),
        false,
    );
    assert_eq!(diff.keys[0].sensitivity, Some(Sensitivity::Encrypted));
    assert_eq!(
        (diff.keys[0].from.as_deref(), diff.keys[0].to.as_deref()),
        (None, None)
    );
    assert!(!printed(&diff).contains("CANARY"));
}

#[test]
fn added_removed_moved_and_respelled_secrets_stay_hidden() {
    let password = |value: &str| format!("connector.ftp.password={value}\n");
    let moved = (
        format!("a=1\n{}", password(OLD)),
        format!("{}a=1\n", password(OLD)),
    );
    let spelled = (password(OLD), format!("connector.ftp.password : {OLD}\n"));
    for (from, to) in [
        (String::new(), password(NEW)),
        (password(OLD), String::new()),
        moved,
        spelled,
    ] {
        let diff = of(&from, &to, false);
        assert_eq!(diff.state, State::Changed);
        assert!(!printed(&diff).contains("CANARY"), "{}", printed(&diff));
    }
}

#[test]
fn commented_out_secrets_stay_hidden() {
    let diff = of(
        &format!("a=1\n#connector.ftp.password={OLD}\n"),
        &format!("a=1\n#connector.ftp.password={NEW}\n"),
        false,
    );
    assert_eq!(diff.comments.len(), 2);
    assert_eq!(diff.notes, [Note::MaskedOnly]);
    assert!(!printed(&diff).contains("CANARY"), "{}", printed(&diff));
}

#[test]
fn a_secret_over_several_lines_stays_hidden() {
    let diff = of(
        &format!("connector.ftp.password={}\\\n  {}\nx=1\n", &OLD[..8], &OLD[8..]),
        &format!("connector.ftp.password={}\\\n  {}\nx=2\n", &NEW[..8], &NEW[8..]),
        false,
    );
    for part in [&OLD[..8], &OLD[8..], &NEW[..8], &NEW[8..]] {
        assert!(!printed(&diff).contains(part), "{}", printed(&diff));
    }
}

#[test]
fn a_key_block_without_escapes_stays_hidden() {
    let block = |body: &str| {
        format!(
            "x=1\nconnector.pgp.secret.keyring=-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n{body}\n-----END PGP PRIVATE KEY BLOCK-----\n"
        )
    };
    let diff = of(&block(OLD), &block(NEW), false);
    assert_eq!(diff.state, State::Changed);
    assert!(!printed(&diff).contains("CANARY"), "{}", printed(&diff));
}

#[test]
fn xml_that_differs_in_a_secret_says_only_that() {
    let xml = |value: &str| format!("<sso>\n<password>{value}</password>\n</sso>\n");
    let diff = of(&xml(OLD), &xml(NEW), false);
    assert_eq!(
        (diff.state, diff.notes.as_slice()),
        (State::Changed, [Note::MaskedOnly].as_slice())
    );
    assert!(!printed(&diff).contains("CANARY"), "{}", printed(&diff));
}

#[test]
fn encrypted_keys_can_be_left_out() {
    let (from, to) = (format!("connector.ftp.password={OLD}\nx=1\n"), "x=1\n".to_owned());
    assert_eq!(of(&from, &to, false).state, State::Changed);
    assert_eq!(of(&from, &to, true).state, State::Same);
    assert_eq!(
        of(&from, "connector.ftp.password=\nx=1\n", true).state,
        State::Same
    );
    let diff = of(&from, "x=2\n", true);
    assert_eq!(
        diff.keys.iter().map(|k| k.key.as_str()).collect::<Vec<_>>(),
        ["x"]
    );
}
