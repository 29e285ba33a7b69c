//! What is remembered comes back, and a damaged memory is named.

use std::time::Instant;

use jiff::Timestamp;

use crate::error::Kind;
use crate::secret::Secret;
use crate::secret::keyring::Slot;
use crate::state::{Place, State};
use crate::store::Store;

const ORIGIN: &str = "https://stage.example.com";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn secret(text: &str) -> Secret {
    Secret::from(text.to_owned())
}

fn state() -> (State, Store) {
    let store = Store::memory();
    (State::open(store.clone()), store)
}

#[tokio::test]
async fn every_refused_password_is_remembered_until_it_gets_in() {
    let dir = tempfile::tempdir().unwrap();
    for store in [Store::memory(), Store::local(dir.path()).unwrap()] {
        let state = State::open(store.clone());
        assert_eq!(
            state.is_refused(ORIGIN, "ADMIN", &secret("one")).await.unwrap(),
            None
        );
        assert!(
            !state
                .forget_refused(ORIGIN, "ADMIN", &secret("one"))
                .await
                .unwrap()
        );
        let (first, second) = (at("2026-11-03T02:00:00Z"), at("2026-11-04T02:00:00Z"));
        state
            .remember_refused(ORIGIN, "ADMIN", &secret("one"), first)
            .await
            .unwrap();
        state
            .remember_refused(ORIGIN, "ADMIN", &secret("two"), second)
            .await
            .unwrap();
        state
            .remember_refused(ORIGIN, "ADMIN", &secret("one"), second)
            .await
            .unwrap();
        assert_eq!(
            state.is_refused(ORIGIN, "admin", &secret("one")).await.unwrap(),
            Some(first)
        );
        assert_eq!(
            state.is_refused(ORIGIN, "ADMIN", &secret("two")).await.unwrap(),
            Some(second)
        );
        assert_eq!(
            state.is_refused(ORIGIN, "ADMIN", &secret("three")).await.unwrap(),
            None
        );
        assert_eq!(
            state
                .is_refused("https://prod.example.com", "ADMIN", &secret("one"))
                .await
                .unwrap(),
            None
        );
        assert_eq!(
            state.is_refused(ORIGIN, "OTHER", &secret("one")).await.unwrap(),
            None
        );
        assert!(
            state
                .forget_refused(ORIGIN, "ADMIN", &secret("one"))
                .await
                .unwrap()
        );
        assert_eq!(
            state.is_refused(ORIGIN, "ADMIN", &secret("one")).await.unwrap(),
            None
        );
        assert_eq!(
            state.is_refused(ORIGIN, "ADMIN", &secret("two")).await.unwrap(),
            Some(second)
        );
        for found in store.list("").await.unwrap() {
            let content = store.get(&found.path).await.unwrap().unwrap();
            let shown = format!("{}{}", found.path, String::from_utf8_lossy(&content));
            for clear in ["one", "two", "stage.example", "ADMIN"] {
                assert!(!shown.contains(clear), "{shown}");
            }
        }
    }
}

#[tokio::test]
async fn the_hash_is_slow() {
    let (state, _) = state();
    state
        .remember_refused(ORIGIN, "ADMIN", &secret("one"), at("2026-11-03T02:00:00Z"))
        .await
        .unwrap();
    let start = Instant::now();
    state.is_refused(ORIGIN, "ADMIN", &secret("two")).await.unwrap();
    assert!(start.elapsed().as_millis() >= 10, "{:?}", start.elapsed());
}

#[tokio::test]
async fn refused_passwords_are_not_forgotten_with_the_salt() {
    let (state, store) = state();
    state
        .remember_refused(ORIGIN, "ADMIN", &secret("one"), at("2026-11-03T02:00:00Z"))
        .await
        .unwrap();
    let files = store.list("refused").await.unwrap();
    let salt = files
        .iter()
        .find(|found| found.path.ends_with("/salt.json"))
        .unwrap();
    store.delete(&salt.path).await.unwrap();
    let error = state
        .is_refused(ORIGIN, "ADMIN", &secret("one"))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Archive);
    assert!(error.message().contains(&salt.path), "{error}");
}

#[tokio::test]
async fn slot_and_pages_are_kept_per_instance() {
    let (state, _) = state();
    assert_eq!(state.slot("stage").await.unwrap(), Slot::Own);
    state.set_slot("stage", Slot::AfterRefresh).await.unwrap();
    assert_eq!(state.slot("stage").await.unwrap(), Slot::AfterRefresh);
    assert_eq!(state.slot("prod").await.unwrap(), Slot::Own);
    state.set_slot("stage", Slot::Own).await.unwrap();
    assert_eq!(state.slot("stage").await.unwrap(), Slot::Own);

    state
        .set_page("stage", "configuration", Some("/learning/admin/config.do"))
        .await
        .unwrap();
    state
        .set_page("stage", "mail", Some("/learning/admin/mail.do"))
        .await
        .unwrap();
    state.set_page("stage", "mail", None).await.unwrap();
    let pages = state.pages("stage").await.unwrap();
    assert_eq!(
        pages.into_iter().collect::<Vec<_>>(),
        [("configuration".to_owned(), "/learning/admin/config.do".to_owned())]
    );
    assert!(state.pages("prod").await.unwrap().is_empty());
    assert_eq!(state.slot("../x").await.unwrap_err().kind(), Kind::Usage);
}

#[tokio::test]
async fn what_waits_is_seen_to_be_entered() {
    let (state, store) = state();
    let place = |occurrence| Place {
        document: "configuration/CONNECTORS".into(),
        key: "connector.ftp.password".into(),
        occurrence,
    };
    let mut waiting = state.waiting("stage").await.unwrap();
    assert!(waiting.is_empty());
    waiting.set(place(0), Some("CANARY1"));
    waiting.set(place(1), None);
    state.set_waiting("stage", &waiting).await.unwrap();

    let mut waiting = state.waiting("stage").await.unwrap();
    assert_eq!(
        waiting.places().cloned().collect::<Vec<_>>(),
        [place(0), place(1)]
    );
    assert_eq!(waiting.was_entered(&place(0), Some("CANARY1")), Some(false));
    assert_eq!(waiting.was_entered(&place(0), Some("CANARY2")), Some(true));
    assert_eq!(waiting.was_entered(&place(0), None), Some(true));
    assert_eq!(waiting.was_entered(&place(1), None), Some(false));
    assert_eq!(waiting.was_entered(&place(1), Some("")), Some(true));
    assert_eq!(waiting.was_entered(&place(2), None), None);
    // Our own save changed what is read: still not entered.
    waiting.set(place(0), Some("CANARY2"));
    assert_eq!(waiting.was_entered(&place(0), Some("CANARY2")), Some(false));
    assert!(waiting.clear(&place(0)) && !waiting.clear(&place(0)));
    for found in store.list("").await.unwrap() {
        let content = store.get(&found.path).await.unwrap().unwrap();
        assert!(!String::from_utf8_lossy(&content).contains("CANARY"));
    }
}

#[tokio::test]
async fn an_instance_is_locked_once() {
    let (state, _) = state();
    let held = state.lock("stage").unwrap();
    drop(state.lock("prod").unwrap());
    assert_eq!(state.lock("stage").unwrap_err().kind(), Kind::Archive);
    drop(held);
    drop(state.lock("stage").unwrap());
}

#[tokio::test]
async fn one_changed_byte_is_found_and_named() {
    let (state, store) = state();
    state.set_slot("stage", Slot::AfterRefresh).await.unwrap();
    state.set_page("stage", "mail", Some("/x")).await.unwrap();
    let mut waiting = state.waiting("stage").await.unwrap();
    waiting.set(
        Place {
            document: "d".into(),
            key: "k".into(),
            occurrence: 0,
        },
        None,
    );
    state.set_waiting("stage", &waiting).await.unwrap();
    for name in ["slot", "pages", "waiting"] {
        let path = format!("instances/stage/{name}.json");
        let sound = store.get(&path).await.unwrap().unwrap();
        for at in 0..=sound.len() {
            let mut changed = sound.to_vec();
            match changed.get_mut(at) {
                Some(byte) => *byte ^= 0x10,
                None => changed.truncate(at / 2),
            }
            store.put(&path, changed).await.unwrap();
            let error = match name {
                "slot" => state.slot("stage").await.unwrap_err(),
                "pages" => state.pages("stage").await.unwrap_err(),
                _ => state.waiting("stage").await.unwrap_err(),
            };
            assert_eq!(error.kind(), Kind::Archive);
            assert!(error.message().contains(&path), "{error}");
        }
    }
}
