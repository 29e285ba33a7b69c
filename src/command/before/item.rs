//! The items of `before` as data, and how each comes to be done, skipped or open.

use futures::FutureExt;
use futures::future::LocalBoxFuture;

use crate::command::before::desk::Desk;
use crate::command::before::{account, asked, backups, content};
use crate::error::{Error, Kind, Result};
use crate::state::{Item as Stands, Round};

/// Looks after an item.
type Check = for<'a> fn(&'a Desk<'_>, &'a Round) -> LocalBoxFuture<'a, Result<Found>>;

/// One thing to see to before a refresh.
pub(super) struct Item {
    /// What command lines call it.
    pub(super) id: &'static str,
    /// What it is about.
    pub(super) title: &'static str,
    /// Whether a person's word is enough for it.
    pub(super) by_word: bool,
    /// Whether a person may leave it out.
    pub(super) may_skip: bool,
    /// Whether the refresh has to wait for it.
    pub(super) blocks: bool,
    /// What looks after it.
    pub(super) check: Check,
}

/// What looking after an item came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
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
    pub(super) fn open<H: Into<String>>(why: impl Into<String>, hints: impl IntoIterator<Item = H>) -> Self {
        Found::Open {
            why: why.into(),
            hints: hints.into_iter().map(Into::into).collect(),
        }
    }

    /// What has failed waits; only what ends the whole run stays an error.
    ///
    /// # Errors
    /// What a person has stopped, and damage.
    pub(super) fn of_failure(error: Error) -> Result<Self> {
        match error.kind() {
            Kind::Stopped | Kind::Archive => Err(error),
            _ => {
                let why = match error.bottom_cause() {
                    Some(cause) => format!("{} ({cause})", error.message()),
                    None => error.message().to_owned(),
                };
                Ok(Found::open(why, error.hints().iter().cloned()))
            }
        }
    }
}

/// All items, in the order in which they are seen to.
pub(super) const ITEMS: [Item; 14] = [
    Item {
        id: "kind",
        title: "Which kind of refresh it is",
        by_word: false,
        may_skip: false,
        blocks: true,
        check: |desk, round| asked::kind(desk, round).boxed_local(),
    },
    Item {
        id: "backup",
        title: "A backup of the instance, pinned and read back",
        by_word: false,
        may_skip: false,
        blocks: true,
        check: |desk, round| backups::own(desk, round).boxed_local(),
    },
    Item {
        id: "source-backup",
        title: "A backup of the source",
        by_word: false,
        may_skip: true,
        blocks: true,
        check: |desk, round| backups::of_source(desk, round).boxed_local(),
    },
    Item {
        id: "account",
        title: "The admin who signs in after the refresh exists in the source",
        by_word: false,
        may_skip: true,
        blocks: true,
        check: |desk, round| account::account(desk, round).boxed_local(),
    },
    Item {
        id: "values",
        title: "Somebody has the real value of each encrypted key",
        by_word: true,
        may_skip: true,
        blocks: true,
        check: |desk, round| content::values(desk, round).boxed_local(),
    },
    Item {
        id: "admins",
        title: "Admins that the source lacks will vanish",
        by_word: true,
        may_skip: true,
        blocks: true,
        check: |desk, round| content::admins(desk, round).boxed_local(),
    },
    Item {
        id: "logos",
        title: "The logos are kept",
        by_word: true,
        may_skip: true,
        blocks: true,
        check: |desk, round| content::logos(desk, round).boxed_local(),
    },
    Item {
        id: "version",
        title: "The instance has the source's version or a newer one",
        by_word: true,
        may_skip: true,
        blocks: true,
        check: |desk, round| asked::version(desk, round).boxed_local(),
    },
    Item {
        id: "bizx",
        title: "BizX is refreshed together with Learning",
        by_word: true,
        may_skip: true,
        blocks: true,
        check: |desk, round| asked::bizx(desk, round).boxed_local(),
    },
    Item {
        id: "lead-time",
        title: "The day is late enough for SAP",
        by_word: false,
        may_skip: true,
        blocks: true,
        check: |desk, round| asked::lead_time(desk, round).boxed_local(),
    },
    Item {
        id: "report-jobs",
        title: "Owners of recurring report jobs are told",
        by_word: true,
        may_skip: true,
        blocks: true,
        check: |desk, round| content::report_jobs(desk, round).boxed_local(),
    },
    Item {
        id: "native-login",
        title: "There is a way in after the refresh",
        by_word: true,
        may_skip: true,
        blocks: true,
        check: |desk, round| content::native_login(desk, round).boxed_local(),
    },
    Item {
        id: "source-off",
        title: "Mail, processes and connectors are off in the source (optional)",
        by_word: true,
        may_skip: true,
        blocks: false,
        check: |desk, round| asked::source_off(desk, round).boxed_local(),
    },
    Item {
        id: SOURCE_ON,
        title: "What was switched off in the source is on again",
        by_word: true,
        may_skip: false,
        blocks: false,
        check: |desk, round| asked::source_on(desk, round).boxed_local(),
    },
];

/// The item that stays open as long as the source is switched off, until the round's end.
pub(super) const SOURCE_ON: &str = "source-on";

/// Finds an item by what command lines call it.
///
/// # Errors
/// [`Kind::Usage`] where there is none, with all there are.
pub(super) fn item(id: &str) -> Result<&'static Item> {
    ITEMS.iter().find(|item| item.id == id).ok_or_else(|| {
        let all: Vec<String> = ITEMS.iter().map(|item| format!("`{}`", item.id)).collect();
        let error = Error::new(Kind::Usage, format!("There is no item `{id}`."));
        match crate::instance::did_you_mean(id, ITEMS.iter().map(|item| item.id)) {
            Some(near) => error.hint(near),
            None => error.hint(format!("the items are {}", all.join(", "))),
        }
    })
}

/// The items that the refresh has to wait for, in order, and what they wait for.
pub(crate) fn missing(round: &Round) -> Vec<(&'static str, String, Vec<String>)> {
    ITEMS
        .iter()
        .filter(|item| item.blocks)
        .filter_map(|item| match round.item(item.id) {
            Some(Stands::Open { why, hints }) => Some((item.id, why.clone(), hints.clone())),
            Some(_) => None,
            None => Some((item.id, "Nobody has looked yet.".to_owned(), Vec::new())),
        })
        .collect()
}
