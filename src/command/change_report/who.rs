//! Who had a part in it: persons by their answers, accounts by their writes, the program by what it found; pure.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::command::change_report::ChangeReport;
use crate::report::phrase::count;
use crate::state::Item;

/// The first and the last moment of something.
pub(super) type Span = (Timestamp, Timestamp);

/// What a person answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Answers {
    done: usize,
    left_out: usize,
    made_this: bool,
    /// When.
    pub(super) since: Option<Span>,
}

/// All who had a part in it, by name.
#[derive(Debug, Default)]
pub(super) struct Who<'a> {
    /// Persons.
    pub(super) persons: BTreeMap<&'a str, Answers>,
    /// Accounts, with how many writes each has made, and when.
    pub(super) accounts: BTreeMap<&'a str, (usize, Span)>,
    /// How many items the program has seen to itself, and when.
    pub(super) program: Option<(usize, Span)>,
}

impl<'a> Who<'a> {
    /// Gathers them.
    pub(super) fn of(report: &ChangeReport<'a>) -> Self {
        let mut who = Who::default();
        for item in report.items.iter().filter_map(|row| row.stands) {
            match item {
                Item::Done {
                    when, by: Some(by), ..
                } => {
                    let answers = who.persons.entry(by).or_default();
                    answers.done += 1;
                    answers.at(*when);
                }
                Item::Skipped {
                    when, by: Some(by), ..
                } => {
                    let answers = who.persons.entry(by).or_default();
                    answers.left_out += 1;
                    answers.at(*when);
                }
                Item::Done { when, by: None, .. } => {
                    let (items, since) = who.program.unwrap_or((0, (*when, *when)));
                    who.program = Some((items + 1, wider(since, *when)));
                }
                Item::Skipped { by: None, .. } | Item::Open { .. } => {}
            }
        }
        for write in report.writes {
            let (writes, since) = who
                .accounts
                .entry(write.by())
                .or_insert((0, (write.when, write.when)));
            *writes += 1;
            *since = wider(*since, write.when);
        }
        let maker = who.persons.entry(report.made_by).or_default();
        maker.made_this = true;
        maker.at(report.made);
        who
    }
}

impl Answers {
    fn at(&mut self, when: Timestamp) {
        self.since = Some(wider(self.since.unwrap_or((when, when)), when));
    }

    /// What they come to.
    pub(super) fn in_words(&self) -> String {
        let said = (self.done > 0).then(|| format!("said that {}", are_done(self.done)));
        let left_out = (self.left_out > 0).then(|| format!("left out {}", count(self.left_out, "item")));
        let made = self.made_this.then(|| "had this report made".to_owned());
        let all: Vec<String> = [said, left_out, made].into_iter().flatten().collect();
        all.join("; ")
    }
}

/// How many items are done.
pub(super) fn are_done(items: usize) -> String {
    let verb = if items == 1 { "is" } else { "are" };
    format!("{} {verb} done", count(items, "item"))
}

fn wider((first, last): Span, when: Timestamp) -> Span {
    (first.min(when), last.max(when))
}
