//! What goes into the archive comes out, is stored once, and exists only when it is whole.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::stream::BoxStream;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{
    CopyOptions, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore,
    PutMultipartOptions, PutOptions, PutPayload, PutResult,
};

use crate::archive::{Archive, Listed, header};
use crate::backup::{BackupKind, Contract, Contracts, Document, Draft, Format, Identity, KeyOf};
use crate::error::Kind;
use crate::store::Store;

pub(crate) fn document(name: &str, text: &str) -> Document {
    Document {
        path: format!("configuration/{name}"),
        text: text.to_owned(),
        format: Format::Properties,
        read_only: (name == "SEALED").then(|| "The page has no button that saves.".to_owned()),
    }
}

pub(crate) fn draft() -> Draft {
    Draft {
        instance: "stage".into(),
        identity: Identity {
            origin: "https://stage.example.com:8443".into(),
            texts: [("company".to_owned(), "ACME-T1".to_owned())].into(),
        },
        taken: "2026-11-03T02:00:00.123456789Z".parse().unwrap(),
        kind: BackupKind::Ordinary,
        profile: "sap-learning".into(),
        documents: vec![
            document("BIZX", "baseURL=https://x\n"),
            document(
                "CONNECTORS",
                &"connector.ftp.server=ftp.example.com\n".repeat(2000),
            ),
            document("EMPTY", ""),
            document("SEALED", "baseURL=https://x\n"),
            document("ÄÖ 😀", "x=\u{1f600}\n\n  "),
        ],
        pages: {
            let mut pages = Contracts::default();
            pages.add(
                "configuration/BIZX",
                Contract::new(["text textarea t".to_owned()]),
            );
            pages
        },
        learned: [KeyOf {
            document: "configuration/CONNECTORS".into(),
            key: "x.code".into(),
        }]
        .into(),
    }
}

/// Both kinds of store; the folder of the second lives as long as the guard.
pub(crate) fn stores() -> (Vec<Store>, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    (
        vec![
            Store::memory(),
            Store::local(&dir.path().join("archive")).unwrap(),
        ],
        dir,
    )
}

#[tokio::test]
async fn a_backup_comes_back_as_it_was() {
    let (stores, _dir) = stores();
    for store in stores {
        let archive = Archive::open(store.clone()).await.unwrap();
        assert_eq!(archive.list(None).await.unwrap(), []);
        let stored = archive.put(&draft()).await.unwrap();
        // Two documents share their text.
        assert_eq!(
            (stored.new_objects, stored.reused, stored.mended, stored.existed),
            (4, 0, 0, false)
        );
        let archive = Archive::open(store).await.unwrap();
        let listed = archive.list(Some("stage")).await.unwrap();
        assert_eq!(listed, [stored.listed]);
        let backup = archive.get(&listed[0]).await.unwrap();
        assert_eq!(backup.content, draft());
        assert_eq!(backup.id, listed[0].id);
        let contents = archive.contents(&listed).await.remove(0).unwrap();
        assert_eq!(contents.len(), 5);
        assert_eq!(contents[0].hash, contents[3].hash);
        assert_eq!(archive.text(&contents[1]).await.unwrap(), draft().documents[1]);
        assert!(archive.verify().await.unwrap().is_sound());
    }
}

#[tokio::test]
async fn the_name_tells_what_a_list_shows() {
    let archive = Archive::open(Store::memory()).await.unwrap();
    let stored = archive.put(&draft()).await.unwrap();
    let path = stored.listed.path();
    assert_eq!(
        path,
        format!(
            "backups/stage/20261103T020000.123Z_ordinary_{}.json",
            stored.listed.id
        )
    );
    assert_eq!(Listed::from_path(&path), Some(stored.listed));
    for no_name in [
        "backups/stage/20261103T020000.123Z_ordinary_0123.json",
        "backups/stage/20261103T020000Z_ordinary_0123456789abcdef.json",
        "backups/stage/20261103T020000.123Z_special_0123456789abcdef.json",
        "backups/Stage/20261103T020000.123Z_ordinary_0123456789abcdef.json",
        "backups/stage/20261303T020000.123Z_ordinary_0123456789abcdef.json",
        "backups/stage/20261103T020000.123Z_ordinary_0123456789abcdef_x.json",
        "backups/20261103T020000.123Z_ordinary_0123456789abcdef.json",
    ] {
        assert_eq!(Listed::from_path(no_name), None, "{no_name}");
    }
}

#[tokio::test]
async fn an_unchanged_backup_is_small_and_a_repeated_one_is_none() {
    let (stores, _dir) = stores();
    for store in stores {
        let archive = Archive::open(store.clone()).await.unwrap();
        let first = archive.put(&draft()).await.unwrap();
        let again = archive.put(&draft()).await.unwrap();
        assert_eq!(
            (again.existed, again.bytes, again.listed),
            (true, 0, first.listed)
        );
        let before: u64 = store.list("").await.unwrap().iter().map(|found| found.size).sum();
        let mut later = draft();
        later.taken = "2026-11-04T02:00:00Z".parse().unwrap();
        let stored = archive.put(&later).await.unwrap();
        let after: u64 = store.list("").await.unwrap().iter().map(|found| found.size).sum();
        assert_eq!(
            (stored.new_objects, stored.reused, after - before),
            (0, 4, stored.bytes)
        );
        assert!(stored.bytes < 1024, "{}", stored.bytes);
        assert_eq!(archive.list(None).await.unwrap().len(), 2);
    }
}

#[tokio::test]
async fn backups_are_listed_by_time_and_instance() {
    let archive = Archive::open(Store::memory()).await.unwrap();
    for (instance, taken) in [
        ("stage", "2026-11-03T02:00:00Z"),
        ("prod", "2026-11-02T02:00:00Z"),
        ("stage", "2025-01-01T00:00:00Z"),
    ] {
        let mut draft = draft();
        draft.instance = instance.into();
        draft.taken = taken.parse().unwrap();
        archive.put(&draft).await.unwrap();
    }
    let all = archive.list(None).await.unwrap();
    assert_eq!(
        all.iter()
            .map(|listed| listed.taken.to_string())
            .collect::<Vec<_>>(),
        [
            "2025-01-01T00:00:00Z",
            "2026-11-02T02:00:00Z",
            "2026-11-03T02:00:00Z"
        ]
    );
    assert_eq!(archive.list(Some("prod")).await.unwrap().len(), 1);
    assert_eq!(archive.list(Some("dev")).await.unwrap(), []);
    assert_eq!(
        archive.list(Some("../prod")).await.unwrap_err().kind(),
        Kind::Usage
    );
}

#[tokio::test]
async fn a_draft_that_is_none_is_refused() {
    let archive = Archive::open(Store::memory()).await.unwrap();
    let mut twice = draft();
    twice.documents.push(document("BIZX", "other"));
    assert!(
        archive
            .put(&twice)
            .await
            .unwrap_err()
            .message()
            .contains("`configuration/BIZX` occurs twice")
    );
    let mut unnamed = draft();
    unnamed.instance = "../x".into();
    assert_eq!(archive.put(&unnamed).await.unwrap_err().kind(), Kind::Usage);
    assert_eq!(archive.list(None).await.unwrap(), []);
}

#[tokio::test]
async fn puts_side_by_side_do_not_disturb_each_other() {
    let (stores, _dir) = stores();
    for store in stores {
        let drafts: Vec<Draft> = (0..6)
            .map(|n| Draft {
                taken: format!("2026-11-03T02:00:0{n}Z").parse().unwrap(),
                ..draft()
            })
            .collect();
        let outcomes = futures::future::join_all(drafts.iter().map(|draft| {
            let store = store.clone();
            async move { Archive::open(store).await?.put(draft).await }
        }))
        .await;
        assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
        let archive = Archive::open(store).await.unwrap();
        assert_eq!(archive.list(None).await.unwrap().len(), 6);
        let verified = archive.verify().await.unwrap();
        assert_eq!(
            (verified.damaged, verified.unreferenced, verified.foreign),
            (vec![], vec![], vec![])
        );
    }
}

/// Counts what is read and lets only so many writes through, as a program does that is killed.
#[derive(Debug)]
pub(crate) struct Watched {
    inner: InMemory,
    pub(crate) reads: AtomicUsize,
    writes_left: AtomicUsize,
}

impl fmt::Display for Watched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Watched")
    }
}

#[async_trait::async_trait]
impl ObjectStore for Watched {
    async fn put_opts(
        &self,
        to: &Path,
        content: PutPayload,
        how: PutOptions,
    ) -> object_store::Result<PutResult> {
        let left = self
            .writes_left
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        if left.is_err() {
            return Err(object_store::Error::Generic {
                store: "Watched",
                source: "killed".into(),
            });
        }
        self.inner.put_opts(to, content, how).await
    }
    async fn put_multipart_opts(
        &self,
        to: &Path,
        how: PutMultipartOptions,
    ) -> object_store::Result<Box<dyn MultipartUpload>> {
        self.inner.put_multipart_opts(to, how).await
    }
    async fn get_opts(&self, from: &Path, how: GetOptions) -> object_store::Result<GetResult> {
        self.reads.fetch_add(1, Ordering::SeqCst);
        self.inner.get_opts(from, how).await
    }
    fn delete_stream(
        &self,
        which: BoxStream<'static, object_store::Result<Path>>,
    ) -> BoxStream<'static, object_store::Result<Path>> {
        self.inner.delete_stream(which)
    }
    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, object_store::Result<ObjectMeta>> {
        self.inner.list(prefix)
    }
    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> object_store::Result<ListResult> {
        self.inner.list_with_delimiter(prefix).await
    }
    async fn copy_opts(&self, from: &Path, to: &Path, how: CopyOptions) -> object_store::Result<()> {
        self.inner.copy_opts(from, to, how).await
    }
}

pub(crate) fn watched(writes: usize) -> (Store, Arc<Watched>) {
    let watched = Arc::new(Watched {
        inner: InMemory::new(),
        reads: AtomicUsize::new(0),
        writes_left: AtomicUsize::new(writes),
    });
    (Store::over(watched.clone(), "watched"), watched)
}

#[tokio::test]
async fn listing_ten_thousand_reads_no_file() {
    let (store, watched) = watched(usize::MAX);
    store.put(header::PATH, header::CONTENT).await.unwrap();
    for n in 0..10_000_u32 {
        let path = format!(
            "backups/stage/2026{:02}{:02}T020000.{:03}Z_ordinary_{n:016x}.json",
            n % 12 + 1,
            n % 28 + 1,
            n % 1000
        );
        store.put(&path, "not read").await.unwrap();
    }
    let archive = Archive::open(store).await.unwrap();
    watched.reads.store(0, Ordering::SeqCst);
    assert_eq!(archive.list(Some("stage")).await.unwrap().len(), 10_000);
    assert_eq!(watched.reads.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_backup_cut_at_any_write_is_not_listed_and_the_next_one_is_whole() {
    let mut cut = 0;
    loop {
        let (store, watched) = watched(1);
        let archive = Archive::open(store).await.unwrap();
        watched.writes_left.store(cut, Ordering::SeqCst);
        let outcome = archive.put(&draft()).await;
        watched.writes_left.store(usize::MAX, Ordering::SeqCst);
        if outcome.is_ok() {
            break;
        }
        assert_eq!(outcome.unwrap_err().kind(), Kind::Archive);
        assert_eq!(archive.list(None).await.unwrap(), [], "after {cut} writes");
        let verified = archive.verify().await.unwrap();
        assert!(verified.is_sound(), "{verified:?}");
        assert_eq!(verified.unreferenced.len(), cut);
        let stored = archive.put(&draft()).await.unwrap();
        assert_eq!(archive.get(&stored.listed).await.unwrap().content, draft());
        cut += 1;
    }
    // Four contents, the tree, the backup file.
    assert_eq!(cut, 6);
}

#[tokio::test]
async fn what_backups_share_is_read_once() {
    let (store, watched) = watched(usize::MAX);
    let archive = Archive::open(store.clone()).await.unwrap();
    for day in 1..=20 {
        let mut draft = draft();
        draft.taken = format!("2026-11-{day:02}T02:00:00Z").parse().unwrap();
        if day == 7 {
            draft.documents[0].text = "baseURL=https://y\n".into();
        }
        archive.put(&draft).await.unwrap();
    }
    let listed = archive.list(Some("stage")).await.unwrap();
    watched.reads.store(0, Ordering::SeqCst);
    let contents = archive.contents(&listed).await;
    assert_eq!(watched.reads.load(Ordering::SeqCst), 20 + 2);
    let hash = |at: usize| contents[at].as_ref().unwrap()[0].hash.clone();
    assert_eq!(
        (hash(0) == hash(5), hash(5) == hash(6), hash(6) == hash(7)),
        (true, false, false)
    );
    // One damaged file hides no other backup.
    store.put(&listed[3].path(), "damaged").await.unwrap();
    let contents = archive.contents(&listed).await;
    let damaged: Vec<usize> = (0..20).filter(|at| contents[*at].is_err()).collect();
    assert_eq!(damaged, [3]);
    let error = contents[3].as_ref().unwrap_err();
    assert!(error.message().contains(&listed[3].path()), "{error}");
}
