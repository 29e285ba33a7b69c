//! Reads a document back until it shows what was sent, or time is up: clusters cache.

use std::time::Duration;

use crate::error::Error;
use crate::plan::{ReadBack, Step, readback};
use crate::restore::{Pages, fresh};
use crate::session::Session;

/// Waits between readings; together they are the time a cluster gets to agree with itself.
const WAITS: [Duration; 5] = [
    Duration::from_millis(200),
    Duration::from_millis(400),
    Duration::from_millis(800),
    Duration::from_millis(1600),
    Duration::from_millis(2000),
];

/// What reading back has shown.
#[derive(Debug)]
pub(super) enum Settled {
    /// The wanted text.
    Written { resaved: Vec<String> },
    /// Some other text.
    Different { lines: Vec<String>, resaved: Vec<String> },
    /// The text from before.
    Old,
    /// It cannot be read.
    Unreadable(Error),
}

/// Reads the document again, at once and then with growing waits, until the wanted text is there.
pub(super) async fn settle(session: &Session, step: &Step, pages: Pages<'_>) -> Settled {
    let mut last = read(session, step, pages).await;
    for wait in WAITS {
        if matches!(last, Settled::Written { .. }) {
            break;
        }
        tokio::time::sleep(wait).await;
        last = read(session, step, pages).await;
    }
    last
}

async fn read(session: &Session, step: &Step, pages: Pages<'_>) -> Settled {
    match fresh(session, step, pages).await {
        Err(error) => Settled::Unreadable(error),
        Ok(opened) => match readback(step, &opened.document.text) {
            ReadBack::Equal { resaved } => Settled::Written { resaved },
            ReadBack::Differs { lines, resaved } => Settled::Different { lines, resaved },
            ReadBack::Old => Settled::Old,
        },
    }
}
