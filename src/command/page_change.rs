//! Pages that are no more like they were when a backup was taken: said when reading, and in the way of writing.

use std::collections::BTreeMap;

use crate::backup::{Contract, Contracts};
use crate::capture::Captured;
use crate::error::{Error, Kind, Result};
use crate::report::Ui;
use crate::report::phrase::count;

/// Documents that are named of those whose pages have changed alike.
const MOST_NAMED: usize = 3;

/// Says how the pages of documents have changed since a backup was taken: one sentence for all that changed alike.
fn sentences<'a>(known: &Contracts, pages: impl Iterator<Item = (&'a str, &'a Contract)>) -> Vec<String> {
    let mut alike: BTreeMap<Vec<String>, Vec<&str>> = BTreeMap::new();
    for (path, contract) in pages {
        let differences = known.differences(path, contract);
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
pub(crate) fn warn<'a>(ui: &Ui, known: &Contracts, pages: impl Iterator<Item = (&'a str, &'a Contract)>) {
    for sentence in sentences(known, pages) {
        ui.warn(&sentence);
    }
}

/// The pages of all documents that were read.
pub(crate) fn of(live: &Captured) -> impl Iterator<Item = (&str, &Contract)> {
    let places = live.places.iter();
    places.map(|(path, place)| (path.as_str(), &place.contract))
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
    let page = |path: &'a str| Some((path, &live.places.get(path)?.contract));
    let sentences = sentences(known, documents.filter_map(page));
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
