//! The items of `after` as data, in the order that does no harm.

use futures::FutureExt;
use futures::future::LocalBoxFuture;

use crate::command::after::{After, back, first, people, seen};
use crate::command::checklist::{Found, Item, SOURCE_ON};
use crate::error::Result;
use crate::state::Round;

/// Looks after an item.
pub(super) type Check = for<'a> fn(&'a After<'_>, &'a Round) -> LocalBoxFuture<'a, Result<Found>>;

/// The item that mail waits for.
pub(super) const ADMINS: &str = "admin-addresses";

/// The items of `--freeze-only`.
pub(super) const FREEZE: [&str; 2] = ["refreshed", "freeze"];

/// All items, in the order in which they are seen to.
pub(super) const ITEMS: [Item<Check>; 15] = [
    Item {
        id: "refreshed",
        title: "A refresh has taken place",
        by_word: true,
        may_skip: false,
        blocks: true,
        needs: &[],
        check: |after, round| first::refreshed(after, round).boxed_local(),
    },
    Item {
        id: "freeze",
        title: "Nothing can leave: mail, connectors and automatic processes are off",
        by_word: true,
        may_skip: true,
        blocks: true,
        needs: &["refreshed"],
        check: |after, round| first::freeze(after, round).boxed_local(),
    },
    Item {
        id: "unsent-email",
        title: "Unsent mail that came over is deleted",
        by_word: true,
        may_skip: true,
        blocks: true,
        needs: &["refreshed", "freeze"],
        check: |after, round| first::unsent(after, round).boxed_local(),
    },
    Item {
        id: "compare",
        title: "What the refresh has changed is looked at",
        by_word: false,
        may_skip: true,
        blocks: true,
        needs: &["refreshed", "freeze"],
        check: |after, round| seen::compare(after, round).boxed_local(),
    },
    Item {
        id: "restore",
        title: "Configuration files, mail settings and schedules' details are back",
        by_word: true,
        may_skip: true,
        blocks: true,
        needs: &["refreshed", "freeze", "unsent-email"],
        check: |after, round| back::restore(after, round).boxed_local(),
    },
    Item {
        id: "entered",
        title: "Encrypted values are entered",
        by_word: true,
        may_skip: true,
        blocks: true,
        needs: &["refreshed", "freeze", "restore"],
        check: |after, round| back::values(after, round).boxed_local(),
    },
    Item {
        id: "images",
        title: "Logos and other images are back",
        by_word: true,
        may_skip: true,
        blocks: true,
        needs: &["refreshed", "freeze"],
        check: |after, round| back::images(after, round).boxed_local(),
    },
    Item {
        id: "way-in",
        title: "BIZX is back, and a new sign-in gets in",
        by_word: true,
        may_skip: true,
        blocks: true,
        needs: &["refreshed", "freeze", "restore"],
        check: |after, round| back::bizx(after, round).boxed_local(),
    },
    Item {
        id: ADMINS,
        title: "Admins' addresses that came over are deleted or replaced",
        by_word: true,
        may_skip: true,
        blocks: true,
        needs: &["refreshed", "freeze"],
        check: |after, round| seen::admin_addresses(after, round).boxed_local(),
    },
    Item {
        id: "thaw",
        title: "What was on before the refresh is on again",
        by_word: true,
        may_skip: true,
        blocks: true,
        needs: &["refreshed", "freeze", "unsent-email", "restore", "way-in"],
        check: |after, round| people::thaw(after, round).boxed_local(),
    },
    Item {
        id: "report-jobs-gone",
        title: "Recurring report jobs that came over are deleted by their owners",
        by_word: true,
        may_skip: true,
        blocks: true,
        needs: &["refreshed"],
        check: |after, round| seen::report_jobs(after, round).boxed_local(),
    },
    Item {
        id: "oauth",
        title: "OAuth client secrets are generated anew, and handed to who uses them",
        by_word: true,
        may_skip: true,
        blocks: true,
        needs: &["refreshed"],
        check: |after, round| people::oauth(after, round).boxed_local(),
    },
    Item {
        id: "vendors",
        title: "Content vendors and other partners know what has changed",
        by_word: true,
        may_skip: true,
        blocks: true,
        needs: &["refreshed"],
        check: |after, round| people::vendors(after, round).boxed_local(),
    },
    Item {
        id: "deployment",
        title: "Passwords of content deployment locations are entered again",
        by_word: true,
        may_skip: true,
        blocks: true,
        needs: &["refreshed"],
        check: |after, round| people::deployment(after, round).boxed_local(),
    },
    Item {
        id: SOURCE_ON,
        title: "What was switched off in the source is on again",
        by_word: true,
        may_skip: false,
        blocks: false,
        needs: &[],
        check: |after, round| people::source_on(after, round).boxed_local(),
    },
];

#[cfg(test)]
mod tests {
    use crate::command::after::item::{FREEZE, ITEMS};
    use crate::command::before;
    use crate::command::checklist::SOURCE_ON;

    #[test]
    fn no_item_is_called_like_one_of_before_but_the_one_that_goes_on() {
        for item in &ITEMS {
            assert_eq!(before::has(item.id), item.id == SOURCE_ON, "{}", item.id);
        }
    }

    #[test]
    fn an_item_needs_what_comes_before_it() {
        for (at, item) in ITEMS.iter().enumerate() {
            for needed in item.needs {
                let place = ITEMS.iter().position(|other| other.id == *needed);
                assert!(place.is_some_and(|place| place < at), "{}: {needed}", item.id);
            }
        }
        assert!(FREEZE.iter().all(|id| ITEMS.iter().any(|item| item.id == *id)));
    }
}
