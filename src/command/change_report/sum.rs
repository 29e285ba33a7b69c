//! What all of it comes to: the numbers, and the one sentence on top of the report; pure.

use std::collections::BTreeMap;

use crate::command::change_report::{ChangeReport, Row};
use crate::report::phrase::{count, count_of};
use crate::state::{Item, Write};

/// The numbers of a report.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Sum<'a> {
    /// Items that are done.
    pub(super) done: usize,
    /// Items that were left out on purpose.
    pub(super) left_out: usize,
    /// Items that wait.
    pub(super) open: usize,
    /// Values that wait to be entered.
    pub(super) values: usize,
    /// How many writes ended with each outcome.
    pub(super) outcomes: BTreeMap<&'a str, usize>,
    /// How many documents were written to.
    pub(super) documents: usize,
    /// The documents whose last write was not proven by reading back.
    pub(super) unproven: Vec<&'a str>,
}

impl<'a> Sum<'a> {
    /// Counts.
    pub(super) fn of(report: &ChangeReport<'a>) -> Self {
        let mut sum = Sum {
            values: report.waiting.len(),
            ..Sum::default()
        };
        for Row { stands, .. } in report.items {
            match stands {
                Some(Item::Done { .. }) => sum.done += 1,
                Some(Item::Skipped { .. }) => sum.left_out += 1,
                Some(Item::Open { .. }) | None => sum.open += 1,
            }
        }
        let mut last: BTreeMap<&str, &Write> = BTreeMap::new();
        for write in report.writes {
            *sum.outcomes.entry(&write.outcome).or_default() += 1;
            last.insert(&write.document, write);
        }
        sum.documents = last.len();
        let unproven = last.into_iter().filter(|(_, write)| !write.is_written());
        sum.unproven = unproven.map(|(document, _)| document).collect();
        sum
    }

    /// Tells whether nothing waits, and every document is as it was written last.
    pub(super) fn is_good(&self) -> bool {
        self.open == 0 && self.values == 0 && self.unproven.is_empty()
    }

    /// The one sentence.
    pub(super) fn verdict(&self) -> String {
        let items = match self.open {
            0 => None,
            1 => Some("1 item waits".to_owned()),
            n => Some(format!("{} wait", count(n, "item"))),
        };
        let values = match self.values {
            0 => None,
            1 => Some("1 value waits to be entered".to_owned()),
            n => Some(format!("{} wait to be entered", count(n, "value"))),
        };
        match (items, values, self.done + self.left_out, self.left_out) {
            (Some(items), Some(values), ..) => format!("{items}, and {values}."),
            (Some(one), None, ..) | (None, Some(one), ..) => format!("{one}."),
            (None, None, 0, _) => "No item is known, and nothing waits.".to_owned(),
            (None, None, _, 0) => "Everything is done.".to_owned(),
            (None, None, _, n) => format!(
                "Everything is done but for {}, left out on purpose.",
                count(n, "item")
            ),
        }
    }

    /// The sentence behind it, where a write did not end as it was meant.
    pub(super) fn doubt(&self) -> Option<String> {
        match self.unproven.len() {
            0 => None,
            n => Some(format!(
                "The last write to {} was not proven by reading it back.",
                count(n, "document")
            )),
        }
    }

    /// What the writes came to: how many, and how each ended, those that went well first.
    pub(super) fn of_writes(&self) -> String {
        let all: usize = self.outcomes.values().sum();
        if all == 0 {
            return "Nothing was written to the instance since the round began.".to_owned();
        }
        let mut ended: Vec<(&str, usize)> = self.outcomes.iter().map(|(word, n)| (*word, *n)).collect();
        ended.sort_by_key(|(word, _)| *word != "written");
        let ended: Vec<String> = ended
            .iter()
            .map(|(word, n)| format!("{n} {}", in_words(word)))
            .collect();
        format!(
            "{} to {}: {}.",
            count(all, "write"),
            count_of(self.documents, "document", "documents"),
            ended.join(", ")
        )
    }
}

/// The outcome of a write for somebody who does not know the word.
fn in_words(outcome: &str) -> &str {
    match outcome {
        "written" => "written and read back",
        "sent again" => "did not settle and was sent again",
        other => other,
    }
}
