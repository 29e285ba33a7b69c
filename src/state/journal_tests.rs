//! The journal tells what a restore that is continued needs.

use jiff::{Timestamp, ToSpan};

use crate::error::Kind;
use crate::state::{Action, Began, Event, Sent, State};
use crate::store::Store;

fn start() -> Timestamp {
    "2026-11-03T02:00:00.5Z".parse().unwrap()
}

fn began(action: Action, backup: &str, safety: &str) -> Began {
    Began {
        action,
        backup: backup.into(),
        safety: Some(safety.into()),
        documents: vec!["configuration/SSO".into(), "configuration/BIZX".into()],
        sent: vec!["configuration/UI".into()],
        account: Some("ADMIN".into()),
        origin: Some("https://stage.example".into()),
    }
}

fn sending(document: &str) -> Event {
    Event::Sending {
        document: document.into(),
        before: "aa".into(),
        wanted: "bb".into(),
        keys: None,
    }
}

async fn run(state: &State, minute: i64, began: Began, code: Option<u8>) {
    let now = start() + minute.minutes();
    let mut journal = state.begin_run("stage", now, began).await.unwrap();
    journal.record(now, &sending("configuration/SSO")).await.unwrap();
    if let Some(code) = code {
        journal.record(now, &Event::Finished { code }).await.unwrap();
    }
}

async fn kept(state: &State, backup: &str) -> Option<String> {
    let last = state.last_run("stage").await.unwrap()?;
    let continued = last.is_continued_by(Action::Restore, backup);
    last.began.safety.filter(|_| continued)
}

#[tokio::test]
async fn the_last_run_tells_what_was_sent_and_how_it_ended() {
    let dir = tempfile::tempdir().unwrap();
    for store in [Store::memory(), Store::local(dir.path()).unwrap()] {
        let state = State::open(store.clone());
        assert_eq!(state.last_run("stage").await.unwrap(), None);
        let mut journal = state
            .begin_run("stage", start(), began(Action::Restore, "b1", "s1"))
            .await
            .unwrap();
        journal
            .record(start() + 1.second(), &sending("configuration/SSO"))
            .await
            .unwrap();
        let ended = Event::Ended {
            document: "configuration/SSO".into(),
            outcome: "written".into(),
            read: Some("cc".into()),
            after: Some("bb".into()),
        };
        journal.record(start() + 2.seconds(), &ended).await.unwrap();
        journal
            .record(start() + 3.seconds(), &sending("configuration/BIZX"))
            .await
            .unwrap();

        let last = state.last_run("stage").await.unwrap().unwrap();
        assert_eq!(
            (last.when, &last.began, last.code),
            (start(), &began(Action::Restore, "b1", "s1"), None)
        );
        let sent = |document: &str, outcome: Option<&str>| Sent {
            document: document.into(),
            before: "aa".into(),
            wanted: "bb".into(),
            keys: None,
            outcome: outcome.map(str::to_owned),
            read: outcome.map(|_| "cc".to_owned()),
            after: outcome.map(|_| "bb".to_owned()),
        };
        assert_eq!(
            last.sent,
            [
                sent("configuration/SSO", Some("written")),
                sent("configuration/BIZX", None)
            ]
        );
        let all = ["configuration/BIZX", "configuration/SSO", "configuration/UI"];
        assert!(last.all_sent().iter().eq(all.iter()), "{:?}", last.all_sent());
        journal
            .record(start() + 4.seconds(), &Event::Finished { code: 7 })
            .await
            .unwrap();
        assert_eq!(state.last_run("stage").await.unwrap().unwrap().code, Some(7));
        assert_eq!(state.last_run("prod").await.unwrap(), None);
        let names: Vec<String> = store
            .list("journal/stage")
            .await
            .unwrap()
            .into_iter()
            .map(|f| f.path)
            .collect();
        assert_eq!(names.len(), 5);
        assert!(
            names[0].starts_with("journal/stage/20261103T020000.500Z_")
                && names[0].ends_with("_0000_began.json")
        );
    }
}

#[tokio::test]
async fn a_continued_restore_keeps_its_first_safety_backup() {
    for (code, keeps) in [
        (None, true),
        (Some(7), true),
        (Some(130), true),
        (Some(0), false),
        (Some(8), false),
        (Some(4), false),
    ] {
        let state = State::open(Store::memory());
        run(&state, 0, began(Action::Restore, "b1", "s1"), code).await;
        assert_eq!(
            kept(&state, "b1").await.as_deref(),
            keeps.then_some("s1"),
            "{code:?}"
        );
        assert_eq!(kept(&state, "b2").await, None, "another backup");
        run(&state, 1, began(Action::Undo, "s1", "s2"), Some(7)).await;
        assert_eq!(kept(&state, "b1").await, None, "an undo between");
        assert_eq!(kept(&state, "s1").await, None, "an undo is no restore");
        run(&state, 2, began(Action::Restore, "b1", "s3"), None).await;
        assert_eq!(kept(&state, "b1").await.as_deref(), Some("s3"));
    }
}

#[tokio::test]
async fn a_damaged_event_is_named() {
    let store = Store::memory();
    let state = State::open(store.clone());
    run(&state, 0, began(Action::Restore, "b1", "s1"), Some(7)).await;
    let files = store.list("journal").await.unwrap();
    let path = &files[0].path;
    store.put(path, "half").await.unwrap();
    let error = state.last_run("stage").await.unwrap_err();
    assert_eq!(error.kind(), Kind::Archive);
    assert!(error.message().contains(path.as_str()), "{error}");
}
