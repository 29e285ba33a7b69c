//! The items of `before` as data.

use futures::FutureExt;
use futures::future::LocalBoxFuture;

use crate::command::before::{account, asked, backups, content};
use crate::command::checklist::{self, Desk, Found, Item, SOURCE_ON};
use crate::error::Result;
use crate::state::Round;

/// Looks after an item.
pub(super) type Check = for<'a> fn(&'a Desk<'_>, &'a Round) -> LocalBoxFuture<'a, Result<Found>>;

/// All items, in the order in which they are seen to.
pub(super) const ITEMS: [Item<Check>; 14] = [
    Item {
        id: "kind",
        title: "Which kind of refresh it is",
        by_word: false,
        may_skip: false,
        blocks: true,
        needs: &[],
        check: |desk, round| asked::kind(desk, round).boxed_local(),
    },
    Item {
        id: "backup",
        title: "A backup of the instance, pinned and read back",
        by_word: false,
        may_skip: false,
        blocks: true,
        needs: &[],
        check: |desk, round| backups::own(desk, round).boxed_local(),
    },
    Item {
        id: "source-backup",
        title: "A backup of the source",
        by_word: false,
        may_skip: true,
        blocks: true,
        needs: &[],
        check: |desk, round| backups::of_source(desk, round).boxed_local(),
    },
    Item {
        id: "account",
        title: "The admin who signs in after the refresh exists in the source",
        by_word: false,
        may_skip: true,
        blocks: true,
        needs: &[],
        check: |desk, round| account::account(desk, round).boxed_local(),
    },
    Item {
        id: "values",
        title: "Somebody has the real value of each encrypted key",
        by_word: true,
        may_skip: true,
        blocks: true,
        needs: &[],
        check: |desk, round| content::values(desk, round).boxed_local(),
    },
    Item {
        id: "admins",
        title: "Admins that the source lacks will vanish",
        by_word: true,
        may_skip: true,
        blocks: true,
        needs: &[],
        check: |desk, round| content::admins(desk, round).boxed_local(),
    },
    Item {
        id: "logos",
        title: "The logos are kept",
        by_word: true,
        may_skip: true,
        blocks: true,
        needs: &[],
        check: |desk, round| content::logos(desk, round).boxed_local(),
    },
    Item {
        id: "version",
        title: "The instance has the source's version or a newer one",
        by_word: true,
        may_skip: true,
        blocks: true,
        needs: &[],
        check: |desk, round| asked::version(desk, round).boxed_local(),
    },
    Item {
        id: "bizx",
        title: "BizX is refreshed together with Learning",
        by_word: true,
        may_skip: true,
        blocks: true,
        needs: &[],
        check: |desk, round| asked::bizx(desk, round).boxed_local(),
    },
    Item {
        id: "lead-time",
        title: "The day is late enough for SAP",
        by_word: false,
        may_skip: true,
        blocks: true,
        needs: &[],
        check: |desk, round| asked::lead_time(desk, round).boxed_local(),
    },
    Item {
        id: "report-jobs",
        title: "Owners of recurring report jobs are told",
        by_word: true,
        may_skip: true,
        blocks: true,
        needs: &[],
        check: |desk, round| content::report_jobs(desk, round).boxed_local(),
    },
    Item {
        id: "native-login",
        title: "There is a way in after the refresh",
        by_word: true,
        may_skip: true,
        blocks: true,
        needs: &[],
        check: |desk, round| content::native_login(desk, round).boxed_local(),
    },
    Item {
        id: "source-off",
        title: "Mail, processes and connectors are off in the source (optional)",
        by_word: true,
        may_skip: true,
        blocks: false,
        needs: &[],
        check: |desk, round| asked::source_off(desk, round).boxed_local(),
    },
    Item {
        id: SOURCE_ON,
        title: "What was switched off in the source is on again",
        by_word: true,
        may_skip: false,
        blocks: false,
        needs: &[],
        check: |desk, round| asked::source_on(desk, round).boxed_local(),
    },
];

/// The items that the refresh has to wait for, in order, and what they wait for.
pub(crate) fn missing(round: &Round) -> Vec<(&'static str, String, Vec<String>)> {
    checklist::missing(&ITEMS, round)
}

/// The items that came up in a round, in order.
pub(crate) fn rows(round: &Round) -> Vec<checklist::Row<'_>> {
    checklist::rows(&ITEMS, round)
}

/// Tells whether an item of this list is called so.
#[cfg(test)]
pub(crate) fn has(id: &str) -> bool {
    ITEMS.iter().any(|item| item.id == id)
}
