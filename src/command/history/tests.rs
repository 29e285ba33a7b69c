//! What a name means, and what is made of a row of backups.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use jiff::tz::TimeZone;

use crate::archive::Archive;
use crate::archive::tests::{document, draft, watched};
use crate::backup::BackupKind;
use crate::command::history::name;
use crate::command::history::walk::{Event, History, What, history};
use crate::error::{Error, Kind};
use crate::sensitive::Rules;
use crate::store::Store;

/// An archive with these backups of stage, one a day.
async fn archive(store: Store, backups: &[(BackupKind, &[(&str, &str)])]) -> Archive {
    let archive = Archive::open(store).await.unwrap();
    for (day, (kind, documents)) in (1..).zip(backups) {
        let mut draft = draft();
        draft.taken = format!("2026-11-{day:02}T02:00:00Z").parse().unwrap();
        draft.kind = *kind;
        draft.documents = documents
            .iter()
            .map(|(name, text)| document(name, text))
            .collect();
        archive.put(&draft).await.unwrap();
    }
    archive
}

async fn ask(archive: &Archive, words: &str) -> Result<History, Error> {
    let listed = archive.list(Some("stage")).await?;
    history(archive, &listed, words, &Rules::default()).await
}

/// Day, what happened, and the values of the first key.
type Row<'a> = (i8, What, Option<&'a str>, Option<&'a str>);

fn rows(history: &History) -> Vec<Row<'_>> {
    fn row(event: &Event) -> Row<'_> {
        let key = event.diff.as_ref().and_then(|diff| diff.keys.first());
        (
            event.backup.taken.to_zoned(TimeZone::UTC).day(),
            event.what,
            key.and_then(|key| key.from.as_deref()),
            key.and_then(|key| key.to.as_deref()),
        )
    }
    history.events.iter().map(row).collect()
}

const ORDINARY: BackupKind = BackupKind::Ordinary;

#[tokio::test]
async fn a_key_is_followed_through_all_kinds_of_backups() {
    let backups: &[(BackupKind, &[(&str, &str)])] = &[
        (ORDINARY, &[("UI", "x=1\n"), ("A", "a=1\n")]),
        (ORDINARY, &[("UI", "x=1\nkey=1\n"), ("A", "a=1\n")]),
        // Not about UI, so no sign that it is gone.
        (BackupKind::Partial, &[("A", "a=2\n")]),
        (
            BackupKind::AfterRefresh,
            &[("ui", "key = 2\nx=1\n"), ("A", "a=1\n")],
        ),
        (BackupKind::Safety, &[("UI", "key=2\nx=3\n")]),
        (ORDINARY, &[("A", "a=1\n")]),
        (ORDINARY, &[("UI", "key=2\nkey=3\n"), ("A", "a=1\n")]),
        (ORDINARY, &[("UI", "key=2\nkey=4\n"), ("A", "a=1\n")]),
        (ORDINARY, &[("UI", "x=1\n"), ("A", "a=1\n")]),
    ];
    let archive = archive(Store::memory(), backups).await;
    let key = ask(&archive, "ui:key").await.unwrap();
    let expected = [
        (2, What::Added, None, Some("1")),
        (4, What::Changed, Some("1"), Some("2")),
        (6, What::Removed, Some("2"), None),
        (7, What::Added, None, Some("2")),
        (8, What::Changed, Some("3"), Some("4")),
        (9, What::Removed, Some("2"), None),
    ];
    assert_eq!(rows(&key), expected);
    let second = key.events[4].diff.as_ref().unwrap();
    assert_eq!((second.keys.len(), second.keys[0].occurrence), (1, 2));
    let first = ask(&archive, "UI:x").await.unwrap();
    assert_eq!(rows(&first)[0], (1, What::First, None, Some("1")));

    let document = ask(&archive, "ui").await.unwrap();
    let days: Vec<_> = rows(&document)
        .iter()
        .map(|(day, what, ..)| (*day, *what))
        .collect();
    let changed = What::Changed;
    let expected = [
        (1, What::First),
        (2, changed),
        (4, changed),
        (5, changed),
        (6, What::Removed),
        (7, What::Added),
        (8, changed),
        (9, changed),
    ];
    assert_eq!(days, expected);
}

#[tokio::test]
async fn no_text_is_read_twice_and_none_that_is_not_needed() {
    let (store, watched) = watched(usize::MAX);
    let (one, two) = (
        [("UI", "x=1\n"), ("A", "a=1\n")],
        [("UI", "x=2\n"), ("A", "a=1\n")],
    );
    let backups: Vec<(BackupKind, &[(&str, &str)])> = (0..28)
        .map(|n| (ORDINARY, if n % 2 == 0 { &one[..] } else { &two[..] }))
        .collect();
    let archive = archive(store, &backups).await;
    watched.reads.store(0, Ordering::SeqCst);
    let found = ask(&archive, "UI:x").await.unwrap();
    assert_eq!(found.events.len(), 28);
    // Each backup's file, two trees, two texts.
    assert_eq!(watched.reads.load(Ordering::SeqCst), 28 + 2 + 2);
}

#[tokio::test]
async fn a_damaged_backup_is_named_and_hides_no_other() {
    let store = Store::memory();
    let backups: &[(BackupKind, &[(&str, &str)])] = &[
        (ORDINARY, &[("UI", "x=1\n")]),
        (ORDINARY, &[("UI", "x=2\n")]),
        (ORDINARY, &[("UI", "x=3\n")]),
        (ORDINARY, &[("UI", "x=3\n"), ("B", "")]),
        (ORDINARY, &[("UI", "x=4\n")]),
    ];
    let archive = archive(store.clone(), backups).await;
    let listed = archive.list(Some("stage")).await.unwrap();
    store.put(&listed[1].path(), "damaged").await.unwrap();
    let hash = archive.contents(&listed[2..3]).await[0].as_ref().unwrap()[0]
        .hash
        .clone();
    let object = format!("objects/{}/{}", &hash[..2], &hash[2..]);
    store.put(&object, "damaged").await.unwrap();
    let found = ask(&archive, "UI:x").await.unwrap();
    let expected = [
        (1, What::First, None, Some("1")),
        (5, What::Changed, Some("1"), Some("4")),
    ];
    assert_eq!(rows(&found), expected);
    let damaged: Vec<&str> = found
        .damaged
        .iter()
        .map(|(listed, _)| listed.id.as_str())
        .collect();
    assert_eq!(damaged, [&*listed[1].id, &*listed[2].id, &*listed[3].id]);
    assert!(found.damaged[0].1.contains(&listed[1].id) && found.damaged[1].1.contains(&object));
    assert_eq!(found.damaged[1].1, found.damaged[2].1);
    // What is asked for may stand in a backup that cannot be read.
    let nothing = ask(&archive, "UI:y").await.unwrap();
    assert_eq!((nothing.events.len(), nothing.damaged.len()), (0, 3));
    assert!(
        ask(&archive, "NO")
            .await
            .err()
            .unwrap()
            .hints()
            .concat()
            .contains("verify")
    );
}

#[tokio::test]
async fn encrypted_values_change_and_are_not_said() {
    let text = |value: &str| format!("connector.ftp.password=CANARY{value}qT1vX0mP7sR2uW5yB8==\n");
    let (one, two) = (text("one"), text("two"));
    let backups: &[(BackupKind, &[(&str, &str)])] = &[
        (ORDINARY, &[("CONNECTORS", &one)]),
        (ORDINARY, &[("CONNECTORS", &two)]),
    ];
    let archive = archive(Store::memory(), backups).await;
    for words in ["CONNECTORS", "CONNECTORS:connector.ftp.password"] {
        let found = ask(&archive, words).await.unwrap();
        assert_eq!(found.events.len(), 2);
        let printed = format!("{:?}", found.events.iter().map(|e| &e.diff).collect::<Vec<_>>());
        assert!(
            printed.contains("Encrypted") && !printed.contains("CANARY"),
            "{printed}"
        );
    }
}

#[tokio::test]
async fn a_key_that_never_was_is_refused_with_the_nearest() {
    let backups: &[(BackupKind, &[(&str, &str)])] = &[
        (ORDINARY, &[("UI", "banner.text=1\n")]),
        (ORDINARY, &[("UI", "other=1\n")]),
    ];
    let archive = archive(Store::memory(), backups).await;
    let error = ask(&archive, "ui:baner.text").await.err().unwrap();
    assert_eq!(
        (error.kind(), error.message()),
        (
            Kind::Usage,
            "No backup has a key `baner.text` in `configuration/UI`."
        )
    );
    assert_eq!(error.hints(), ["did you mean `UI:banner.text`?"]);
    let error = ask(&archive, "ui:zzz").await.err().unwrap();
    assert_eq!(error.hints(), ["see which there are: lmskeep show stage UI"]);
    // With case, as Java reads keys.
    assert!(ask(&archive, "ui:Banner.text").await.is_err());
}

#[test]
fn a_name_is_a_document_first_and_a_document_with_a_key_then() {
    let paths = [
        "configuration/A",
        "configuration/A:b",
        "configuration/Case",
        "configuration/TWICE",
        "mail/TWICE",
    ];
    let paths: BTreeSet<&str> = paths.into();
    let find = |words: &'static str| name::find("stage", words, &paths);
    for (words, expected) in [
        ("A", ("configuration/A", None)),
        ("a", ("configuration/A", None)),
        ("A:b", ("configuration/A:b", None)),
        ("A:c", ("configuration/A", Some("c"))),
        ("A:b:c", ("configuration/A:b", Some("c"))),
        ("A:c:d", ("configuration/A", Some("c:d"))),
        ("configuration/case:x", ("configuration/Case", Some("x"))),
        ("mail/twice", ("mail/TWICE", None)),
    ] {
        assert_eq!(find(words).unwrap(), expected, "{words}");
    }
    for (words, message, hint) in [
        (
            "CASES",
            "No backup has a document `CASES`.",
            "did you mean `Case`?",
        ),
        (
            "zzz:a",
            "No backup has a document `zzz`.",
            "see which there are: lmskeep show stage",
        ),
        (
            "Case:",
            "In `Case:` nothing stands after the `:`.",
            "name a key, as in `BIZX:baseURL`, or leave the colon out",
        ),
        (
            "twice:k",
            "Several documents are called `twice`.",
            "name it in full: `configuration/TWICE:k`",
        ),
    ] {
        let error = find(words).unwrap_err();
        assert_eq!(
            (error.kind(), error.message(), error.hints()[0].as_str()),
            (Kind::Usage, message, hint)
        );
    }
}

#[test]
fn spellings_of_one_path_are_one_document() {
    let paths = BTreeSet::from(["configuration/LMS_ADMIN", "configuration/lms_admin"]);
    assert_eq!(
        name::find("stage", "Lms_Admin", &paths).unwrap().0,
        "configuration/LMS_ADMIN"
    );
}
