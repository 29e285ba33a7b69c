//! Every changed byte is found and named, and never restored.

use crate::archive::tests::{draft, stores};
use crate::archive::{Archive, header, object};
use crate::backup::content_hash;
use crate::error::Kind;
use crate::store::Store;

/// All files of the archive with one bit changed, byte after byte; big files only here and there.
async fn each_change(store: &Store, path: &str, mut check: impl AsyncFnMut(usize)) {
    let sound = store.get(path).await.unwrap().unwrap();
    for at in (0..sound.len()).step_by(if sound.len() > 400 { 7 } else { 1 }) {
        for bit in [0x01, 0x20, 0x80] {
            let mut changed = sound.to_vec();
            changed[at] ^= bit;
            store.put(path, changed).await.unwrap();
            check(at).await;
        }
    }
    store.put(path, sound).await.unwrap();
}

#[tokio::test]
async fn one_changed_byte_of_any_file_is_found_and_named() {
    let store = Store::memory();
    let archive = Archive::open(store.clone()).await.unwrap();
    let stored = archive.put(&draft()).await.unwrap();
    let paths: Vec<String> = store
        .list("")
        .await
        .unwrap()
        .into_iter()
        .map(|found| found.path)
        .collect();
    assert_eq!(paths.len(), 4 + 1 + 1 + 1);
    for path in &paths {
        each_change(&store, path, async |at| {
            let error = if path == header::PATH {
                Archive::open(store.clone()).await.unwrap_err()
            } else {
                archive.get(&stored.listed).await.unwrap_err()
            };
            assert_eq!(error.kind(), Kind::Archive, "{path} {at}");
            assert!(error.message().contains(path.as_str()), "{path} {at}: {error}");
        })
        .await;
    }
    assert_eq!(archive.get(&stored.listed).await.unwrap().content, draft());
}

#[tokio::test]
async fn verify_names_what_is_damaged_and_what_it_spoils() {
    let (stores, _dir) = stores();
    for store in stores {
        let archive = Archive::open(store.clone()).await.unwrap();
        let first = archive.put(&draft()).await.unwrap().listed;
        let mut later = draft();
        later.taken = "2026-11-04T02:00:00Z".parse().unwrap();
        later.documents[0].text = "baseURL=https://y\n".into();
        let second = archive.put(&later).await.unwrap().listed;
        let sound = archive.verify().await.unwrap();
        assert_eq!((sound.backups, sound.objects, sound.is_sound()), (2, 5 + 2, true));

        let shared = object::path(&content_hash(b""));
        store.put(&shared, "").await.unwrap();
        store.put(&second.path(), "{}").await.unwrap();
        let missing = object::path(&content_hash(b"baseURL=https://x\n"));
        store.delete(&missing).await.unwrap();
        store.put("backups/stage/notes.txt", "").await.unwrap();
        let verified = archive.verify().await.unwrap();
        let mut found: Vec<(&str, Vec<&str>)> = verified
            .damaged
            .iter()
            .map(|damage| {
                (
                    damage.what.as_str(),
                    damage.affects.iter().map(String::as_str).collect(),
                )
            })
            .collect();
        found.sort();
        let second_path = second.path();
        let mut wanted = vec![
            (shared.as_str(), vec![first.id.as_str()]),
            (missing.as_str(), vec![first.id.as_str()]),
            (second_path.as_str(), vec![second.id.as_str()]),
        ];
        wanted.sort();
        assert_eq!(found, wanted);
        assert_eq!(verified.foreign, ["backups/stage/notes.txt"]);
    }
}

#[tokio::test]
async fn a_damaged_tree_is_named_once() {
    let store = Store::memory();
    let archive = Archive::open(store.clone()).await.unwrap();
    let listed = archive.put(&draft()).await.unwrap().listed;
    let tree = object::path(&archive.backup_file(&listed).await.unwrap().tree);
    store.put(&tree, "x").await.unwrap();
    let verified = archive.verify().await.unwrap();
    assert_eq!(verified.damaged.len(), 1);
    assert_eq!(
        (&verified.damaged[0].what, &verified.damaged[0].affects),
        (&tree, &vec![listed.id])
    );
    assert!(verified.unreferenced.is_empty());
}

#[tokio::test]
async fn the_next_backup_mends_what_is_damaged() {
    let (stores, _dir) = stores();
    for store in stores {
        let archive = Archive::open(store.clone()).await.unwrap();
        let listed = archive.put(&draft()).await.unwrap().listed;
        for found in store.list("objects").await.unwrap() {
            store.put(&found.path, "half").await.unwrap();
        }
        store.put(&listed.path(), "").await.unwrap();
        assert!(archive.get(&listed).await.is_err());
        let again = archive.put(&draft()).await.unwrap();
        assert_eq!((again.mended, again.existed), (5, true));
        assert_eq!(archive.get(&listed).await.unwrap().content, draft());
        assert!(archive.verify().await.unwrap().is_sound());
    }
}

#[tokio::test]
async fn a_renamed_backup_file_is_damaged() {
    let store = Store::memory();
    let archive = Archive::open(store.clone()).await.unwrap();
    let listed = archive.put(&draft()).await.unwrap().listed;
    let content = store.get(&listed.path()).await.unwrap().unwrap();
    let renamed = listed.path().replace("backups/stage/", "backups/prod/");
    store.put(&renamed, content).await.unwrap();
    let other = archive.list(Some("prod")).await.unwrap();
    let error = archive.get(&other[0]).await.unwrap_err();
    assert!(error.message().contains("renamed"), "{error}");
    assert_eq!(archive.verify().await.unwrap().damaged.len(), 1);
}

#[tokio::test]
async fn an_archive_without_its_header_or_of_a_newer_format_is_not_opened() {
    let store = Store::memory();
    let archive = Archive::open(store.clone()).await.unwrap();
    archive.put(&draft()).await.unwrap();
    store
        .put(header::PATH, header::CONTENT.replace(": 1", ": 2"))
        .await
        .unwrap();
    let newer = Archive::open(store.clone()).await.unwrap_err();
    assert_eq!(newer.kind(), Kind::Archive);
    assert!(
        newer
            .message()
            .contains("has format 2; this lmskeep knows format 1"),
        "{newer}"
    );
    store.delete(header::PATH).await.unwrap();
    let missing = Archive::open(store.clone()).await.unwrap_err();
    assert!(missing.message().contains("has no header"), "{missing}");
}

#[tokio::test]
async fn a_sound_object_in_another_ones_place_is_damage() {
    let store = Store::memory();
    let archive = Archive::open(store.clone()).await.unwrap();
    let listed = archive.put(&draft()).await.unwrap().listed;
    let (one, other) = (
        object::path(&content_hash(b"")),
        object::path(&content_hash(b"baseURL=https://x\n")),
    );
    store
        .put(&one, store.get(&other).await.unwrap().unwrap())
        .await
        .unwrap();
    let error = archive.get(&listed).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Archive);
    assert!(error.message().contains(&one), "{error}");
}
