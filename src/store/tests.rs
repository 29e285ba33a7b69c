//! Both kinds of store answer alike; a folder's troubles are sentences.

use std::io;

use crate::error::Kind;
use crate::store::trouble::{Deed, explain};
use crate::store::{Found, Put, Store};

fn both() -> (Store, Store, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    (
        Store::memory(),
        Store::local(&dir.path().join("deep/er")).unwrap(),
        dir,
    )
}

#[tokio::test]
async fn memory_and_folder_answer_alike() {
    let (memory, local, _dir) = both();
    for store in [memory, local] {
        assert_eq!(store.get("a/b.txt").await.unwrap(), None);
        assert!(!store.delete("a/b.txt").await.unwrap());
        assert_eq!(store.list("").await.unwrap(), []);
        assert_eq!(store.list("a").await.unwrap(), []);
        assert_eq!(store.put_if_absent("a/b.txt", "one").await.unwrap(), Put::Created);
        assert_eq!(store.put_if_absent("a/b.txt", "two").await.unwrap(), Put::Existed);
        assert_eq!(store.get("a/b.txt").await.unwrap().unwrap(), "one");
        store.put("a/b.txt", "three").await.unwrap();
        store.put("LMS Admin ä%.txt", "").await.unwrap();
        store.put("ab", "x").await.unwrap();
        assert_eq!(store.get("a/b.txt").await.unwrap().unwrap(), "three");
        assert_eq!(store.get("LMS Admin ä%.txt").await.unwrap().unwrap(), "");
        let all: Vec<String> = store
            .list("")
            .await
            .unwrap()
            .into_iter()
            .map(|found| found.path)
            .collect();
        assert_eq!(all, ["LMS Admin ä%.txt", "a/b.txt", "ab"]);
        assert_eq!(
            store.list("a").await.unwrap(),
            [Found {
                path: "a/b.txt".into(),
                size: 5
            }]
        );
        assert!(store.delete("a/b.txt").await.unwrap());
        assert_eq!(store.get("a/b.txt").await.unwrap(), None);
        store
            .settle(["".to_owned(), "a".to_owned(), "not/there".to_owned()])
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn what_is_appended_comes_behind_what_is_there() {
    let (memory, local, dir) = both();
    for store in [memory, local] {
        let path = "new/ä b%.jsonl";
        for piece in ["one\n", "", "two\n"] {
            store.append(path, piece).await.unwrap();
        }
        assert_eq!(store.get(path).await.unwrap().unwrap(), "one\ntwo\n");
        assert_eq!(store.list("new").await.unwrap().len(), 1);
        store.put("put", "one").await.unwrap();
        store.append("put", "two").await.unwrap();
        assert_eq!(store.get("put").await.unwrap().unwrap(), "onetwo");
        assert_eq!(store.append("../out", "x").await.unwrap_err().kind(), Kind::Usage);
        assert_eq!(
            store.append("put/below", "x").await.is_err(),
            store.root.is_some()
        );
    }
    assert!(!dir.path().join("out").exists() && !dir.path().join("deep/out").exists());
}

#[tokio::test]
async fn names_stay_within_the_folder() {
    let (memory, local, dir) = both();
    for store in [memory, local] {
        for path in ["../out", "a/../../out", "a//b", "a\nb"] {
            assert_eq!(store.get(path).await.unwrap_err().kind(), Kind::Usage, "{path:?}");
            assert!(store.put(path, "x").await.is_err(), "{path:?}");
        }
    }
    assert!(!dir.path().join("out").exists() && !dir.path().join("deep/out").exists());
}

#[cfg(unix)]
#[tokio::test]
async fn a_new_folder_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let (_memory, _local, dir) = both();
    for folder in ["deep", "deep/er"] {
        let mode = std::fs::metadata(dir.path().join(folder))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o700, "{folder}");
    }
}

#[tokio::test]
async fn half_written_files_are_not_listed() {
    let (_memory, local, dir) = both();
    local.put("file", "x").await.unwrap();
    #[expect(
        clippy::disallowed_methods,
        reason = "plays a program that was killed while writing"
    )]
    std::fs::write(dir.path().join("deep/er/file#1"), "half").unwrap();
    assert_eq!(local.list("").await.unwrap().len(), 1);
    assert_eq!(local.put_if_absent("other", "y").await.unwrap(), Put::Created);
    local.put("file", "z").await.unwrap();
    assert_eq!(local.get("file").await.unwrap().unwrap(), "z");
}

#[tokio::test]
async fn a_lock_is_held_once_and_given_back() {
    let (memory, local, _dir) = both();
    for store in [memory, local] {
        let first = store.lock("locks/stage").unwrap();
        let other = store.lock("locks/prod").unwrap();
        let error = store.lock("locks/stage").unwrap_err();
        assert_eq!(error.kind(), Kind::Archive);
        assert!(
            error
                .message()
                .ends_with("locks/stage` is locked by another lmskeep."),
            "{error}"
        );
        drop(first);
        drop(store.lock("locks/stage").unwrap());
        drop(other);
    }
}

#[tokio::test]
async fn a_file_in_the_way_is_a_sentence() {
    let (_memory, local, dir) = both();
    local.put("file", "x").await.unwrap();
    let error = Store::local(&dir.path().join("deep/er/file/below")).unwrap_err();
    assert_eq!(error.kind(), Kind::Archive);
    assert!(error.message().contains("cannot be opened"), "{error}");
    assert_eq!(
        local.put("file/below", "x").await.unwrap_err().kind(),
        Kind::Archive
    );
}

#[test]
fn troubles_are_sentences() {
    let full = explain(
        Deed::Write,
        "/home/x",
        "a/b",
        io::Error::from(io::ErrorKind::StorageFull).into(),
    );
    assert_eq!(full.message(), "`/home/x/a/b` was not written: the disk is full.");
    let denied = explain(
        Deed::Read,
        "/home/x",
        "a",
        io::Error::from(io::ErrorKind::PermissionDenied).into(),
    );
    assert_eq!(denied.message(), "`/home/x/a` may not be read: no permission.");
    let link = explain(
        Deed::Create,
        "/mnt/share",
        "a",
        "Generic LocalFileSystem error: Unable to rename file: Operation not supported (os error 95)".into(),
    );
    assert!(link.message().contains("no hard links"), "{link}");
}

#[tokio::test]
async fn a_folder_is_written_with_fsync() {
    let (_memory, local, _dir) = both();
    // What the library promises to do cannot be seen from outside without a power cut.
    assert!(
        format!("{:?}", local.objects).contains("fsync: true"),
        "{:?}",
        local.objects
    );
}
