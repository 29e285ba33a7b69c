//! The engine against the practice LMS, over real HTTP.

use std::sync::Arc;

use lmskeep::capture::{Captured, Wishes, capture};
use lmskeep::error::Result;
use lmskeep::find::Answers;
use lmskeep::instance::Cancel;
use lmskeep::practice::{Options, Practice, Scenario};
use lmskeep::profile::built_in;
use lmskeep::progress::Silent;
use lmskeep::selection::Selection;
use lmskeep::session::{Session, Way};
use lmskeep::state::State;

async fn practice(words: &[&str]) -> Practice {
    let scenario = Scenario::parse(words).unwrap();
    Practice::start(Options {
        listen: "127.0.0.1:0".into(),
        scenario,
    })
    .await
    .unwrap()
}

async fn captured(words: &[&str]) -> Result<Captured> {
    let practice = practice(words).await;
    let way = Way {
        instance: "stage".into(),
        root: practice.stage.parse().unwrap(),
        user: practice.user.clone(),
        password: practice.password.clone().into(),
        typed_again: false,
    };
    let session = Session::open(way, Arc::new(built_in().unwrap()), State::open(lmskeep::store::Store::memory()), jiff::Timestamp::now).await?;
    let wishes = Wishes {
        answers: &Answers::new(),
        remembered: &Default::default(),
        selection: &Selection::default(),
    };
    capture(&session, wishes, &Silent, &Cancel::new()).await
}

#[tokio::test]
async fn everything_is_read_in_every_scenario() {
    for words in [
        vec![],
        vec!["german"],
        vec!["token=link"],
        vec!["token=script"],
        vec!["bound"],
        vec!["german", "bound", "token=script"],
    ] {
        let captured = captured(&words)
            .await
            .unwrap_or_else(|e| panic!("{words:?}: {e} {:?}", e.hints()));
        eprintln!("{words:?} {}: {:?}", captured.documents.len(), captured.notes);
        assert!(captured.documents.len() > 45, "{words:?}");
    }
}
