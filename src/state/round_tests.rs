//! Rounds come back as they were kept.

use jiff::Timestamp;

use crate::error::Kind;
use crate::state::{Item, Pinned, Refresh, Round, State};
use crate::store::Store;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[tokio::test]
async fn a_round_comes_back_with_everything_that_is_known() {
    let state = State::open(Store::memory());
    assert_eq!(state.round("stage").await.unwrap(), None);
    let mut round = Round::new(at("2026-11-03T10:00:00Z"));
    let (when, by) = (at("2026-11-04T10:00:00Z"), Some("anna".to_owned()));
    round.kind = Some(Refresh::LearningOnly);
    round.planned = Some(jiff::civil::date(2026, 12, 14));
    round.backup = Some(Pinned {
        instance: "stage".to_owned(),
        id: "0123456789abcdef".to_owned(),
        taken: when,
    });
    let note = "All logos are at hand.".to_owned();
    let done = Item::Done {
        when,
        by: by.clone(),
        note,
    };
    let why = "nobody uses it".to_owned();
    let skipped = Item::Skipped { when, by, why };
    let open = Item::Open {
        why: "Nobody has looked.".to_owned(),
        hints: vec!["lmskeep before stage".to_owned()],
    };
    for (id, item) in [("logos", done), ("values", skipped), ("source-on", open)] {
        round.items.insert(id.to_owned(), item);
    }
    state.set_round("stage", &round).await.unwrap();
    assert_eq!(state.round("stage").await.unwrap(), Some(round.clone()));
    assert!(!round.has_nothing_open());
    assert!(round.is_settled("values") && !round.is_settled("source-on") && !round.is_settled("bizx"));
    round.items.remove("source-on");
    assert!(round.has_nothing_open());
}

#[tokio::test]
async fn a_round_of_a_later_lmskeep_is_not_half_understood() {
    let store = Store::memory();
    let state = State::open(store.clone());
    let mut known = serde_json::to_value(Round::new(at("2026-11-03T10:00:00Z"))).unwrap();
    known["items"]["logos"] = serde_json::json!({
        "state": "done", "when": "2026-11-03T10:00:00Z", "by": null, "note": "", "since": "b2611"
    });
    let path = "instances/stage/round.json";
    crate::state::record::write(&store, path, &known).await.unwrap();
    assert_eq!(state.round("stage").await.unwrap_err().kind(), Kind::Archive);
}
