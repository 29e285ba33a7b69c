//! Items as data, and how each comes to be done, skipped or open.

use crate::error::{Error, Kind, Result};
use crate::state::{Item as Stands, Round};

/// One thing to see to.
pub(crate) struct Item<C> {
    /// What command lines call it.
    pub(crate) id: &'static str,
    /// What it is about.
    pub(crate) title: &'static str,
    /// Whether a person's word is enough for it.
    pub(crate) by_word: bool,
    /// Whether a person may leave it out.
    pub(crate) may_skip: bool,
    /// Whether the list is not through as long as it is open.
    pub(crate) blocks: bool,
    /// The items that have to be done or left out before it.
    pub(crate) needs: &'static [&'static str],
    /// What looks after it.
    pub(crate) check: C,
}

/// What looking after an item came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Found {
    /// The program has seen to it.
    Done(String),
    /// A person says that it is done.
    Said(String),
    /// A person leaves it out.
    Skip(String),
    /// It waits.
    Open {
        /// For what, a sentence.
        why: String,
        /// What to do.
        hints: Vec<String>,
    },
    /// It does not come up in this round.
    Nothing,
}

impl Found {
    /// An item that waits.
    pub(crate) fn open<H: Into<String>>(why: impl Into<String>, hints: impl IntoIterator<Item = H>) -> Self {
        Found::Open {
            why: why.into(),
            hints: hints.into_iter().map(Into::into).collect(),
        }
    }

    /// What has failed waits.
    pub(crate) fn of_failure(error: &Error) -> Self {
        let why = match error.bottom_cause() {
            Some(cause) => format!("{} ({cause})", error.message()),
            None => error.message().to_owned(),
        };
        Found::open(why, error.hints().iter().cloned())
    }
}

/// The item that stays open as long as the source is switched off, until the round's end.
pub(crate) const SOURCE_ON: &str = "source-on";

/// Finds an item by what command lines call it.
///
/// # Errors
/// [`Kind::Usage`] where there is none, with all there are.
pub(crate) fn item<'i, C>(items: &'i [Item<C>], id: &str) -> Result<&'i Item<C>> {
    items.iter().find(|item| item.id == id).ok_or_else(|| {
        let all: Vec<String> = items.iter().map(|item| format!("`{}`", item.id)).collect();
        let error = Error::new(Kind::Usage, format!("There is no item `{id}`."));
        match crate::instance::did_you_mean(id, items.iter().map(|item| item.id)) {
            Some(near) => error.hint(near),
            None => error.hint(format!("the items are {}", all.join(", "))),
        }
    })
}

/// The items that keep the list from being through, in order, and what they wait for.
pub(crate) fn missing<C>(items: &[Item<C>], round: &Round) -> Vec<(&'static str, String, Vec<String>)> {
    items
        .iter()
        .filter(|item| item.blocks)
        .filter_map(|item| match round.item(item.id) {
            Some(Stands::Open { why, hints }) => Some((item.id, why.clone(), hints.clone())),
            Some(_) => None,
            None => Some((item.id, "Nobody has looked yet.".to_owned(), Vec::new())),
        })
        .collect()
}
