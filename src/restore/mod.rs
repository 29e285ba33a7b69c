//! Writes a confirmed plan, one document at a time, and proves each by reading it back.
//!
//! The mirror of `capture`. Each step: read the page again and compare it with what the plan saw (promise 2), send
//! its own form once (promise 11), read back until it shows (promise 3). It never decides what to write: that is in
//! the plan.

mod outcome;
mod settle;
mod write;

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::backup::content_hash;
use crate::capture::{Captured, Known, Opened, Place, open};
use crate::error::{Error, Kind, Result};
use crate::find::Answers;
use crate::instance::Cancel;
use crate::plan::{Plan, Refusal, Step, Warning, fingerprint};
use crate::progress::Progress;
use crate::restore::write::write;
use crate::sensitive::Rules;
use crate::session::Session;
use crate::state::{Event, Journal};

pub use outcome::{By, Ended, Entered, Outcome, Run};

/// Where the documents of a plan are to be written.
#[derive(Debug, Clone, Copy)]
pub struct Pages<'a> {
    /// Where each document's page is.
    pub places: &'a BTreeMap<String, Place>,
    /// What the lists say about names.
    pub lists: &'a BTreeMap<String, Known>,
    /// What the operator answered to questions about pages.
    pub answers: &'a Answers,
    /// By what rules values are judged.
    pub rules: &'a Rules,
}

impl<'a> Pages<'a> {
    /// Takes the places from the walk that the plan was made from.
    pub fn of(captured: &'a Captured, rules: &'a Rules) -> Self {
        Self {
            places: &captured.places,
            lists: &captured.lists,
            answers: &captured.answers,
            rules,
        }
    }
}

/// The journal of a run, with the clock that its events are stamped by.
pub struct Logbook<'a> {
    /// The journal.
    pub journal: &'a mut Journal,
    /// The clock.
    pub clock: fn() -> Timestamp,
}

impl Logbook<'_> {
    async fn record(&mut self, event: Event) -> Result<()> {
        self.journal.record((self.clock)(), &event).await
    }
}

/// Writes the steps of a plan in their order.
///
/// The journal hears of every write before it is sent. A person who stops the run stops it between two documents.
/// `holds_back` names the documents that are only written when all before them went well, because they can close
/// the way in.
pub async fn run(
    session: &Session,
    plan: &Plan,
    pages: Pages<'_>,
    holds_back: &dyn Fn(&Step) -> bool,
    journal: &mut Logbook<'_>,
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Run {
    let mut run = Run {
        ended: refused(plan),
        ..Run::default()
    };
    let refused: Vec<&str> = plan.refused.iter().map(|r| r.document.as_str()).collect();
    progress.expect(plan.steps.len());
    for step in &plan.steps {
        if let Err(stopped) = cancel.check() {
            run.stopped.get_or_insert(stopped);
        }
        let outcome = if let Some(why) = held(&run, step, &refused, holds_back) {
            Outcome::NotAttempted { why }
        } else {
            write(session, step, pages, journal, &mut run).await
        };
        let (document, word) = (step.document.clone(), outcome.word().to_owned());
        // By the rules as they are from now on.
        let learned = run.habits.encrypts.iter();
        let rules = pages
            .rules
            .with_learned(learned.map(|of| (of.document.clone(), of.key.clone())));
        let text = run.read.get(&document);
        let after = text.map(|text| content_hash(text.as_bytes()));
        let read = text.map(|text| fingerprint(&rules, &document, text));
        if let Err(error) = journal
            .record(Event::Ended {
                document,
                outcome: word,
                read,
                after,
            })
            .await
        {
            run.stopped.get_or_insert(error);
        }
        progress.done(&step.document);
        run.ended.push(Ended {
            document: step.document.clone(),
            outcome,
        });
    }
    run
}

/// How the documents end that the plan itself refuses.
pub fn refused(plan: &Plan) -> Vec<Ended> {
    let ended = |refusal: &Refusal| Ended {
        document: refusal.document.clone(),
        outcome: Outcome::Refused {
            by: By::Us,
            why: refusal.why.clone(),
        },
    };
    plan.refused.iter().map(ended).collect()
}

/// Says why a step is not even tried.
fn held(run: &Run, step: &Step, refused: &[&str], holds_back: &dyn Fn(&Step) -> bool) -> Option<String> {
    match &run.stopped {
        Some(error) if error.kind() == Kind::Stopped => return Some("stopped by you".to_owned()),
        // The reason is told once, for the whole run.
        Some(_) => return Some("the run ended before".to_owned()),
        None => {}
    }
    // What the plan itself refuses is no sign of trouble: it would keep this step back for ever.
    let all_good = run
        .ended
        .iter()
        .all(|e| e.outcome.is_as_planned() || refused.contains(&e.document.as_str()));
    let announced = step.warnings.iter().any(|w| matches!(w, Warning::Again { .. }));
    if run.habits.encrypts_again && !step.kept.is_empty() && !announced {
        return Some(format!(
            "the instance encrypts once more what is encrypted already: saving it would break {}",
            count_values(step.kept.len())
        ));
    }
    (holds_back(step) && !all_good)
        .then(|| "it can close the way in, and something before it did not go well".to_owned())
}

fn count_values(values: usize) -> String {
    match values {
        1 => "1 encrypted value".to_owned(),
        n => format!("{n} encrypted values"),
    }
}

async fn fresh(session: &Session, step: &Step, pages: Pages<'_>) -> Result<Opened> {
    let place = pages.places.get(&step.document).ok_or_else(|| {
        Error::new(
            Kind::Page,
            format!("It is not known where the page of `{}` is.", step.document),
        )
    })?;
    let known = pages.lists.get(&place.part).cloned().unwrap_or_default();
    open(session, place, &known, pages.answers).await
}
