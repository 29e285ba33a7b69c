//! Reads a document back until it shows what was sent, or time is up: clusters cache.

use std::time::Duration;

use crate::backup::{Format, file_of_text};
use crate::error::{Error, Kind, Result};
use crate::plan::{Difference, LineDifference, ReadBack, Step, readback};
use crate::restore::{Pages, fresh};
use crate::sensitive::Rules;
use crate::session::Session;

/// Waits between readings; together they are the time a cluster gets to agree with itself.
const WAITS: [Duration; 5] = [
    Duration::from_millis(200),
    Duration::from_millis(400),
    Duration::from_millis(800),
    Duration::from_millis(1600),
    Duration::from_millis(2000),
];

/// Readings of one other text in a row after which nothing else is expected: a cache shows the old text.
const ENOUGH: usize = 3;

/// What reading back has shown.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// The wanted text.
    Written,
    /// Some other text: the lines.
    Different { lines: Vec<String> },
    /// The text from before.
    Old,
}

/// What is known after reading back as long as it takes.
#[derive(Debug)]
pub(super) enum Settled {
    Written,
    Different {
        lines: Vec<String>,
    },
    Old,
    /// It cannot be read.
    Unreadable(Error),
}

/// Reads the document again, at once and then with growing waits, until the wanted text is there; answers the text
/// that was read last, too.
pub(super) async fn settle(session: &Session, step: &Step, pages: Pages<'_>) -> (Settled, Option<String>) {
    let mut waits = WAITS.iter();
    let mut alike = 0;
    let mut before: Option<Seen> = None;
    loop {
        let read = read(session, step, pages).await;
        let wait = waits.next();
        match (read, wait) {
            (Ok((Seen::Written, text)), _) => return (Settled::Written, Some(text)),
            (Ok((Seen::Old, text)), None) => return (Settled::Old, Some(text)),
            (Ok((Seen::Different { lines }, text)), wait) => {
                let seen = Seen::Different { lines: lines.clone() };
                alike = if before.as_ref() == Some(&seen) {
                    alike + 1
                } else {
                    1
                };
                if alike >= ENOUGH || wait.is_none() {
                    return (Settled::Different { lines }, Some(text));
                }
                before = Some(seen);
            }
            (Ok((Seen::Old, _)), _) => before = None,
            (Err(error), wait) if wait.is_none() || error.kind() == Kind::SignIn => {
                return (Settled::Unreadable(error), None);
            }
            (Err(_), _) => before = None,
        }
        if let Some(wait) = wait {
            tokio::time::sleep(*wait).await;
        }
    }
}

/// Words in what lines a text that was read differs from what was sent.
pub(super) fn lines(rules: &Rules, step: &Step, read: &str) -> Vec<String> {
    match readback(rules, step, read) {
        ReadBack::Differs(difference) => differing(step, &difference, read),
        ReadBack::Equal | ReadBack::Old => Vec::new(),
    }
}

async fn read(session: &Session, step: &Step, pages: Pages<'_>) -> Result<(Seen, String)> {
    let text = fresh(session, step, pages).await?.document.text;
    let seen = match readback(pages.rules, step, &text) {
        ReadBack::Equal => Seen::Written,
        ReadBack::Old => Seen::Old,
        ReadBack::Differs(difference) => Seen::Different {
            lines: differing(step, &difference, &text),
        },
    };
    Ok((seen, text))
}

/// Words in what a text that was read differs; of a file only its length can be told.
fn differing(step: &Step, difference: &Difference, read: &str) -> Vec<String> {
    if step.format != Format::File {
        return difference.lines.iter().map(in_words).collect();
    }
    let length = |text: &str| file_of_text(text).unwrap_or_default().len();
    let (wanted, read) = (length(&step.wanted), length(read));
    vec![match wanted == read {
        true => format!("written {wanted} bytes, reads other {read} bytes"),
        false => format!("written {wanted} bytes, reads {read} bytes"),
    }]
}

/// Words a line that does not read as it was written.
fn in_words(line: &LineDifference) -> String {
    let number = line.line;
    match (&line.wanted, &line.read) {
        (Some(wanted), Some(read)) => format!("line {number}: written `{wanted}`, reads `{read}`"),
        (Some(wanted), None) if wanted.is_empty() => format!("line {number}: an empty line is missing"),
        (Some(wanted), None) => format!("line {number}: `{wanted}` is missing"),
        (None, Some(read)) => format!("line {number}: `{read}` was not written"),
        (None, None) => format!("line {number} differs"),
    }
}
