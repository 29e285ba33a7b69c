//! Pages that are no more like they were when a backup was taken: said when reading, and in the way of writing.

use std::collections::BTreeMap;

use crate::backup::Contracts;
use crate::capture::Captured;
use crate::error::{Error, Kind, Result};
use crate::report::Ui;
use crate::report::phrase::count;

/// Documents that are named of those whose pages have changed alike.
const MOST_NAMED: usize = 3;

/// Says how the pages of documents have changed since a backup was taken: one sentence for all that changed alike.
fn sentences<'a>(
    known: &Contracts,
    live: &'a Captured,
    documents: impl Iterator<Item = &'a str>,
) -> Vec<String> {
    let mut alike: BTreeMap<Vec<String>, Vec<&str>> = BTreeMap::new();
    for path in documents {
        let Some(place) = live.places.get(path) else {
            continue;
        };
        let differences = known.differences(path, &place.contract);
        if !differences.is_empty() {
            alike.entry(differences).or_default().push(path);
        }
    }
    let sentence = |(differences, paths): (Vec<String>, Vec<&str>)| {
        let named: Vec<String> = paths.iter().take(MOST_NAMED).map(|p| format!("`{p}`")).collect();
        let more = match paths.len().saturating_sub(MOST_NAMED) {
            0 => String::new(),
            more => format!(" and {}", count(more, "other")),
        };
        format!(
            "The page of {}{more} has changed since the backup was taken: {}.",
            named.join(", "),
            differences.join(", ")
        )
    };
    alike.into_iter().map(sentence).collect()
}

/// Warns of pages that have changed since a backup was taken; reading goes on.
pub(crate) fn warn(ui: &Ui, known: &Contracts, live: &Captured) {
    for sentence in sentences(known, live, live.places.keys().map(String::as_str)) {
        ui.warn(&sentence);
    }
}

/// Refuses to write to pages that have changed since the backup was taken, unless that was looked at and accepted.
///
/// # Errors
/// [`Kind::Page`] naming the changes.
pub(crate) fn refuse<'a>(
    ui: &Ui,
    known: &Contracts,
    live: &'a Captured,
    documents: impl Iterator<Item = &'a str>,
    accepted: bool,
) -> Result<()> {
    let sentences = sentences(known, live, documents);
    if accepted {
        sentences.iter().for_each(|sentence| ui.warn(sentence));
        return Ok(());
    }
    let mut sentences = sentences.into_iter();
    let Some(first) = sentences.next() else {
        return Ok(());
    };
    sentences.for_each(|sentence| ui.warn(&sentence));
    Err(Error::new(Kind::Page, format!("{first} Nothing was written."))
        .hint("look at the page in a browser: does it still save what it shows?")
        .hint("if it does: the same command with `--accept-page-change`"))
}
