//! Writes a confirmed plan, one document at a time, and proves each by reading it back.
//!
//! The mirror of `capture`. Each step: read the page again and compare it with what the plan saw (promise 2), send
//! its own form once (promise 11), read back until it shows (promise 3). It never decides what to write: that is in
//! the plan.

mod outcome;
mod settle;

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::backup::content_hash;
use crate::capture::{Captured, Known, Opened, Place, open};
use crate::error::{Error, Kind, Result};
use crate::find::Answers;
use crate::instance::Cancel;
use crate::plan::{
    Plan, ReadBack, Refusal, Step, Wait, Warning, Why, entered_as, fingerprint, observe, readback, reread,
};
use crate::progress::Progress;
use crate::restore::settle::{Settled, settle};
use crate::sensitive::Rules;
use crate::session::{Sent, Session};
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
        let read = run.read.get(&document);
        let read = read.map(|text| fingerprint(pages.rules, &document, text));
        if let Err(error) = journal
            .record(Event::Ended {
                document,
                outcome: word,
                read,
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

/// Says how a document ends that does not read as it was sent, and remembers what that tells of the instance.
fn differs(step: &Step, rules: &Rules, lines: Vec<String>, run: &mut Run) -> Outcome {
    let read = run.read.get(&step.document).map_or("", String::as_str);
    let observed = observe(rules, step, read);
    let learned = observed.habits.encrypts.iter();
    let learned: Vec<_> = learned.map(|of| (of.document.clone(), of.key.clone())).collect();
    // What is known to be a secret only now must not be shown either.
    let lines = match learned.is_empty() {
        true => lines,
        false => settle::lines(&rules.with_learned(learned), step, read),
    };
    let announced = step.warnings.iter().any(|w| matches!(w, Warning::Again { .. }));
    run.habits.add(&observed.habits);
    let broken = observed
        .broken
        .iter()
        .map(|at| Wait::at(&step.document, at, Why::Again));
    run.broken.extend(broken);
    Outcome::ReadsDifferent {
        lines,
        announced: announced && observed.nothing_else && observed.sealed.is_empty(),
        sealed: observed.sealed,
    }
}

/// Writes one document.
async fn write(
    session: &Session,
    step: &Step,
    pages: Pages<'_>,
    journal: &mut Logbook<'_>,
    run: &mut Run,
) -> Outcome {
    let mut tried = 0;
    loop {
        tried += 1;
        let opened = match fresh(session, step, pages).await {
            Ok(opened) => opened,
            Err(error) => return unreadable(error, run, tried),
        };
        let place = pages.places.get(&step.document);
        let refused = not_as_planned(step, &opened, place).or_else(|| not_carried(step, &opened));
        if let Some(why) = refused {
            let reread = reread(&step.document, &step.seen, &opened.document.text);
            run.habits.encrypts.extend(reread);
            return match (tried, readback(pages.rules, step, &opened.document.text)) {
                (1, _) => Outcome::Refused { by: By::Us, why },
                // The first attempt has arrived after all.
                (_, ReadBack::Equal) => Outcome::Written,
                _ => Outcome::Unknown {
                    why: format!("it was sent, its answer was lost, and {why}"),
                },
            };
        }
        let (before, wanted) = (
            content_hash(step.seen.as_bytes()),
            content_hash(step.wanted.as_bytes()),
        );
        if let Err(error) = journal
            .record(Event::Sending {
                document: step.document.clone(),
                before,
                wanted,
            })
            .await
        {
            // What cannot be noted down is not sent.
            return unreadable(error, run, tried);
        }
        let sent = match session.send(&opened.editor, &step.wanted).await {
            Ok(sent) => sent,
            Err(error) => return unreadable(error, run, tried),
        };
        run.sent = true;
        let (settled, read) = settle(session, step, pages).await;
        if let Some(text) = read {
            run.read.insert(step.document.clone(), text);
        }
        match (settled, sent) {
            (Settled::Written, _) => {
                let text = run.read.get(&step.document).map_or("", String::as_str);
                let entered = entered_as(step, text).into_iter().map(|(at, how)| Entered {
                    document: step.document.clone(),
                    at,
                    how,
                });
                run.entered.extend(entered);
                return Outcome::Written;
            }
            (Settled::Different { lines }, Sent::Answered { .. }) => {
                return differs(step, pages.rules, lines, run);
            }
            (Settled::Different { .. } | Settled::Old, Sent::Conflict(why)) => {
                return Outcome::Refused { by: By::Server, why };
            }
            (Settled::Different { lines }, Sent::Unsettled(why)) => {
                let why = format!(
                    "{why}, and what is there now is neither the old nor the new text: {}",
                    lines.join("; ")
                );
                return Outcome::Unknown { why };
            }
            // One new attempt with a fresh form and a fresh token: the guard may have moved on.
            (Settled::Old, Sent::Unsettled(_) | Sent::Answered { kept_token: true }) if tried == 1 => {
                session.renew_token().await;
            }
            (Settled::Old, Sent::Answered { .. }) => {
                let why = "the instance answered, but still has the old text".to_owned();
                return Outcome::Refused { by: By::Server, why };
            }
            (Settled::Old, Sent::Unsettled(why)) => {
                let why = format!("{why}, twice, and it still has the old text");
                return Outcome::Refused { by: By::Server, why };
            }
            (Settled::Unreadable(error), sent) => {
                let answer = match sent {
                    Sent::Answered { .. } => "it was sent and answered".to_owned(),
                    Sent::Unsettled(why) | Sent::Conflict(why) => format!("it was sent, and {why}"),
                };
                let why = format!("{answer}, but cannot be read back: {}", error.message());
                run.stopped.get_or_insert(error);
                return Outcome::Unknown { why };
            }
        }
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

/// Compares a page with what the plan saw (promise 2).
fn not_as_planned(step: &Step, opened: &Opened, place: Option<&Place>) -> Option<String> {
    if let Some(place) = place.filter(|place| place.contract != opened.place.contract) {
        let differences = place.contract.differences(&opened.place.contract);
        return Some(format!(
            "its page has changed since the plan was made: {}",
            differences.join(", ")
        ));
    }
    if opened.document.text != step.seen {
        return Some("it was changed since the plan was shown".to_owned());
    }
    opened.document.read_only.clone()
}

/// Names what the form's charset lacks: a browser would send another text in its stead.
fn not_carried(step: &Step, opened: &Opened) -> Option<String> {
    let (line, lacking, charset) = opened.editor.lacks(&step.wanted)?;
    Some(format!(
        "line {line} has `{lacking}`, which its page cannot send: the form is in {charset}"
    ))
}

/// Nothing can be sent: a document's own trouble is refused, anything else ends the run.
fn unreadable(error: Error, run: &mut Run, tried: usize) -> Outcome {
    let why = error.message().trim_end_matches('.').to_owned();
    if error.kind() != Kind::Page {
        run.stopped.get_or_insert(error);
        if tried == 1 {
            return Outcome::NotAttempted { why };
        }
    }
    if tried > 1 {
        Outcome::Unknown { why }
    } else {
        Outcome::Refused { by: By::Us, why }
    }
}
