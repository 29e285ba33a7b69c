//! The evidence has every write of the journal once, and is never changed.

use jiff::{Timestamp, ToSpan};
use serde_json::Value;

use crate::backup::content_hash;
use crate::error::Kind;
use crate::state::{Action, Began, Event, Journal, State};
use crate::store::Store;

const FILE: &str = "evidence/stage.jsonl";

fn at(second: i64) -> Timestamp {
    let start: Timestamp = "2026-11-28T02:00:00.25Z".parse().unwrap();
    start + second.seconds()
}

async fn begin(state: &State, second: i64, action: Action, account: Option<&str>) -> Journal {
    let began = Began {
        action,
        backup: if action == Action::Freeze { "" } else { "b1" }.to_owned(),
        safety: Some("s1".to_owned()),
        documents: Vec::new(),
        sent: Vec::new(),
        account: account.map(str::to_owned),
        origin: Some("https://stage.example".to_owned()),
    };
    state.begin_run("stage", at(second), began).await.unwrap()
}

async fn send(journal: &mut Journal, second: i64, document: &str) {
    let sending = Event::Sending {
        document: document.to_owned(),
        before: "aa".to_owned(),
        wanted: "bb".to_owned(),
        keys: Some(vec![("switch".to_owned(), 1), ("double".to_owned(), 2)]),
    };
    journal.record(at(second), &sending).await.unwrap();
}

async fn end(journal: &mut Journal, second: i64, document: &str, outcome: &str) {
    let ended = Event::Ended {
        document: document.to_owned(),
        outcome: outcome.to_owned(),
        read: Some("fingerprint".to_owned()),
        after: Some("cc".to_owned()),
    };
    journal.record(at(second), &ended).await.unwrap();
}

async fn finish(journal: &mut Journal, second: i64) {
    journal
        .record(at(second), &Event::Finished { code: 0 })
        .await
        .unwrap();
}

async fn text(store: &Store) -> String {
    let content = store.get(FILE).await.unwrap().unwrap_or_default();
    String::from_utf8(content.to_vec()).unwrap()
}

async fn whole_lines(store: &Store) -> Vec<Value> {
    let text = text(store).await;
    assert!(text.ends_with('\n'), "{text}");
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn outcomes(lines: &[Value]) -> Vec<(&str, &str)> {
    lines
        .iter()
        .map(|line| {
            (
                line["document"].as_str().unwrap(),
                line["outcome"].as_str().unwrap(),
            )
        })
        .collect()
}

async fn frozen(state: &State) {
    let mut journal = begin(state, 0, Action::Freeze, Some("ADMIN")).await;
    for (second, document) in [(1, "mail/settings"), (3, "connectors/Item")] {
        send(&mut journal, second, document).await;
        end(&mut journal, second + 1, document, "written").await;
    }
    end(&mut journal, 5, "connectors/Running", "not attempted").await;
    finish(&mut journal, 6).await;
}

#[tokio::test]
async fn a_line_tells_all_of_a_write_and_is_added_once() {
    let dir = tempfile::tempdir().unwrap();
    for store in [Store::memory(), Store::local(dir.path()).unwrap()] {
        let state = State::open(store.clone());
        frozen(&state).await;
        let lines = whole_lines(&store).await;
        assert_eq!(
            outcomes(&lines),
            [("mail/settings", "written"), ("connectors/Item", "written")]
        );
        let run = lines[0]["run"].clone();
        let first = serde_json::json!({
            "number": 1, "time": "2026-11-28T02:00:01.25Z", "instance": "stage", "origin": "https://stage.example",
            "action": "freeze", "account": "ADMIN", "run": run, "event": 1, "backup": null, "safety": "s1",
            "document": "mail/settings", "keys": ["switch", "double (2)"], "before": "aa", "wanted": "bb", "after": "cc",
            "outcome": "written", "previous": null
        });
        assert_eq!(lines[0], first);
        let text = text(&store).await;
        let before = content_hash(text.lines().next().unwrap().as_bytes());
        assert_eq!(
            (&lines[1]["number"], &lines[1]["previous"]),
            (&2.into(), &before.into())
        );
        assert_eq!(state.bring_evidence_up("stage", at(9)).await.unwrap(), 0);
        assert_eq!(self::text(&store).await, text);
        assert_eq!(state.instances_with_evidence().await.unwrap(), ["stage"]);
    }
}

#[tokio::test]
async fn both_books_add_to_what_stands_there() {
    let store = Store::memory();
    let state = State::open(store.clone());
    frozen(&state).await;
    let before = text(&store).await;
    let mut journal = begin(&state, 10, Action::Restore, None).await;
    send(&mut journal, 11, "configuration/SSO").await;
    send(&mut journal, 12, "configuration/SSO").await;
    end(&mut journal, 13, "configuration/SSO", "refused").await;
    finish(&mut journal, 14).await;
    let after = text(&store).await;
    assert!(after.starts_with(&before) && after.len() > before.len());
    let lines = whole_lines(&store).await;
    assert_eq!(
        outcomes(&lines[2..]),
        [
            ("configuration/SSO", "sent again"),
            ("configuration/SSO", "refused")
        ]
    );
    assert_eq!(
        (&lines[2]["account"], &lines[2]["backup"]),
        (&"browser session".into(), &"b1".into())
    );
    assert_eq!(
        (&lines[2]["after"], &lines[3]["after"]),
        (&Value::Null, &"cc".into())
    );
    let found = state.check_evidence("stage").await.unwrap();
    assert_eq!((found.writes, found.wrong), (4, Vec::new()));
}

#[tokio::test]
async fn a_run_that_was_killed_is_told_by_the_next_one() {
    let store = Store::memory();
    let state = State::open(store.clone());
    let mut journal = begin(&state, 0, Action::Thaw, Some("ADMIN")).await;
    send(&mut journal, 1, "mail/settings").await;
    end(&mut journal, 2, "mail/settings", "written").await;
    send(&mut journal, 3, "connectors/Item").await;
    drop(journal);
    assert_eq!(text(&store).await, "");
    frozen(&state).await;
    let lines = whole_lines(&store).await;
    let mut all = outcomes(&lines);
    all.sort_unstable();
    assert_eq!(
        all,
        [
            ("connectors/Item", "unknown: the run broke off"),
            ("connectors/Item", "written"),
            ("mail/settings", "written"),
            ("mail/settings", "written"),
        ]
    );
    assert!(lines.is_sorted_by_key(|line| line["time"].as_str().unwrap().to_owned()));
}

/// A power cut may have left any part of what was being added.
#[tokio::test]
async fn wherever_adding_was_cut_off_nothing_is_lost_doubled_or_changed() {
    let whole = {
        let store = Store::memory();
        frozen(&State::open(store.clone())).await;
        text(&store).await
    };
    let cuts = (0..=whole.len())
        .filter(|cut| cut % 7 == 0 || whole.len() - cut < 3 || whole[..*cut].ends_with(['}', '\n']));
    let mut halves = 0;
    for cut in cuts {
        let store = Store::memory();
        let state = State::open(store.clone());
        frozen(&state).await;
        let half = text(&store).await[..cut].to_owned();
        store.put(FILE, half.clone()).await.unwrap();
        state.bring_evidence_up("stage", at(100)).await.unwrap();
        let healed = text(&store).await;
        assert!(healed.starts_with(&half) && healed.ends_with('\n'), "{cut}");
        let lines: Vec<Value> = healed
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect();
        let writes: Vec<Value> = lines
            .iter()
            .filter(|line| line["torn"].is_null())
            .cloned()
            .collect();
        assert_eq!(
            outcomes(&writes),
            [("mail/settings", "written"), ("connectors/Item", "written")],
            "{cut}"
        );
        let torn = lines.len() - writes.len();
        assert_eq!(
            healed.lines().count() - lines.len(),
            torn,
            "each half line is told of: {cut}"
        );
        halves += torn;
        let found = state.check_evidence("stage").await.unwrap();
        assert_eq!(found.wrong, Vec::<String>::new(), "{cut}");
        assert_eq!(state.bring_evidence_up("stage", at(101)).await.unwrap(), 0);
        assert_eq!(text(&store).await, healed, "{cut}");
    }
    assert!(halves > 20, "{halves}");
}

#[tokio::test]
async fn mending_that_was_cut_off_itself_is_mended() {
    let store = Store::memory();
    let state = State::open(store.clone());
    frozen(&state).await;
    let first = text(&store).await.lines().next().unwrap().to_owned();
    for tail in [
        "{\"number\":2,",
        "{\"number\":2,\n",
        "{\"numb\n{\"number\":2,\"time\"",
        "\0\0\0\0",
    ] {
        store.put(FILE, format!("{first}\n{tail}")).await.unwrap();
        state.bring_evidence_up("stage", at(100)).await.unwrap();
        let found = state.check_evidence("stage").await.unwrap();
        assert_eq!((found.writes, found.wrong), (2, Vec::new()), "{tail:?}");
        let again = text(&store).await;
        state.bring_evidence_up("stage", at(101)).await.unwrap();
        assert_eq!(text(&store).await, again);
    }
}

#[tokio::test]
async fn a_later_change_shows() {
    let store = Store::memory();
    let state = State::open(store.clone());
    frozen(&state).await;
    let whole = text(&store).await;
    let (first, second) = whole.trim_end().split_once('\n').unwrap();
    let changed = |line: &str| line.replace("ADMIN", "OTHER");
    for (now, says) in [
        (
            format!("{}\n{second}\n", changed(first)),
            "line 1 is not what the journal tells; line 2 does not follow",
        ),
        (
            format!("{first}\n{}\n", changed(second)),
            "line 2 is not what the journal tells",
        ),
        (
            format!("{second}\n"),
            "line 1 does not follow from what stands before it; 1 of",
        ),
        (
            format!("{first}\n"),
            "1 of the journal's writes are not in it yet",
        ),
        (format!("{first}\n{second}\n{second}\n"), "line 3 does not follow"),
        (format!("{first}\nx\n{second}\n"), "line 3 does not follow"),
        (format!("{first}\n{second}"), ""),
        (format!("{first}\n{second}\n{{"), "its last line was cut off"),
    ] {
        store.put(FILE, now.clone()).await.unwrap();
        let found = state.check_evidence("stage").await.unwrap();
        let wrong = [found.wrong, found.unfinished].concat().join("; ");
        assert!(
            wrong.starts_with(says) && wrong.is_empty() == says.is_empty(),
            "{now}\n{wrong}"
        );
    }
}

#[tokio::test]
async fn a_damaged_run_does_not_keep_others_from_the_evidence() {
    let store = Store::memory();
    let state = State::open(store.clone());
    let mut journal = begin(&state, 0, Action::Restore, None).await;
    send(&mut journal, 1, "configuration/SSO").await;
    let events = store.list("journal/stage").await.unwrap();
    let damaged = &events.last().unwrap().path;
    store.put(damaged, "half").await.unwrap();
    let mut journal = begin(&state, 10, Action::Freeze, None).await;
    send(&mut journal, 11, "mail/settings").await;
    end(&mut journal, 12, "mail/settings", "written").await;
    let finished = journal.record(at(13), &Event::Finished { code: 0 }).await;
    let error = finished.unwrap_err();
    assert_eq!(error.kind(), Kind::Archive);
    assert!(error.message().contains(damaged.as_str()), "{error}");
    assert_eq!(
        outcomes(&whole_lines(&store).await),
        [("mail/settings", "written")]
    );
    assert_eq!(state.switchings("stage").await.unwrap()[0].code, Some(0));
}

#[tokio::test]
async fn writes_since_a_moment_come_from_both_books_in_order() {
    let state = State::open(Store::memory());
    frozen(&state).await;
    let mut journal = begin(&state, 10, Action::Restore, None).await;
    send(&mut journal, 11, "configuration/SSO").await;
    let paths = |writes: Vec<crate::state::Write>| writes.into_iter().map(|w| w.document).collect::<Vec<_>>();
    let all = paths(
        state
            .writes_since("stage", at(1) + 400.microseconds())
            .await
            .unwrap(),
    );
    assert_eq!(all, ["mail/settings", "connectors/Item", "configuration/SSO"]);
    let later = paths(state.writes_since("stage", at(3)).await.unwrap());
    assert_eq!(later, ["connectors/Item", "configuration/SSO"]);
    assert!(state.writes_since("prod", at(0)).await.unwrap().is_empty());
}
