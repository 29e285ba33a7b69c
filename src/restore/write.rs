//! The write of one document: read again, sent once, read back (promises 2, 3 and 11).

use crate::backup::{Format, KeyOf, content_hash};
use crate::capture::{Opened, Place};
use crate::diff::KeyChange;
use crate::error::{Error, Kind};
use crate::plan::{
    KeyAt, ReadBack, Step, Wait, Warning, Why, entered_as, leave, named, observe, readback, reread,
};
use crate::profile::Shape;
use crate::properties::value_at;
use crate::restore::settle::{self, Settled, settle};
use crate::restore::{By, Entered, Logbook, Outcome, Pages, Run, fresh};
use crate::sensitive::{Rules, Sensitivity};
use crate::session::{Sent, Session};
use crate::state::Event;

/// Keys that an instance may refuse one after the other before its document is given up.
const MOST_REFUSED: usize = 8;

/// Letters of an instance's own words that are passed on.
const LONGEST_WORDS: usize = 160;

/// How an attempt at a step ended.
enum Attempt {
    /// That is what became of the document.
    Ended(Outcome),
    /// The instance took nothing of it, and named keys that the step changes.
    Refused { keys: Vec<KeyAt>, why: String },
}

/// Writes one document. Where the instance refuses it and names keys, the others are sent without them: a key that cannot
/// be changed does not keep the rest from being restored.
pub(super) async fn write(
    session: &Session,
    step: &Step,
    pages: Pages<'_>,
    journal: &mut Logbook<'_>,
    run: &mut Run,
) -> Outcome {
    let mut asked = step.clone();
    let mut left: Vec<KeyAt> = Vec::new();
    loop {
        let sending = match left.is_empty() {
            true => Some(asked.clone()),
            false => leave(&asked, &left),
        };
        let Some(mut sending) = sending else {
            let why = format!("it does not let {} be changed", keys(&left));
            seal(step, &left, run);
            return Outcome::Refused { by: By::Server, why };
        };
        match attempt(session, &mut sending, pages, journal, run).await {
            Attempt::Ended(Outcome::Written) if !left.is_empty() => {
                asked.reread = sending.reread;
                let read = run.read.get(&step.document).map_or("", String::as_str);
                let lines = settle::lines(pages.rules, &asked, read);
                return differs(session, &asked, pages.rules, (lines, run));
            }
            // Something was sent for it before: what it refused stands.
            Attempt::Ended(Outcome::NotAttempted { why }) if !left.is_empty() => {
                let why = format!("it does not let {} be changed; then {why}", keys(&left));
                return Outcome::Refused { by: By::Server, why };
            }
            Attempt::Ended(outcome) => return outcome,
            Attempt::Refused { keys, why } => {
                let new: Vec<KeyAt> = keys.into_iter().filter(|at| !left.contains(at)).collect();
                if new.is_empty() || left.len() + new.len() > MOST_REFUSED {
                    return Outcome::Refused { by: By::Server, why };
                }
                left.extend(new);
            }
        }
    }
}

/// One attempt, and a second one with a fresh form where nothing arrived and nobody says why. The step is adapted to
/// ciphertext that reads otherwise each time.
async fn attempt(
    session: &Session,
    step: &mut Step,
    pages: Pages<'_>,
    journal: &mut Logbook<'_>,
    run: &mut Run,
) -> Attempt {
    let ended = Attempt::Ended;
    let mut tried = 0;
    loop {
        tried += 1;
        let opened = match fresh(session, step, pages).await {
            Ok(opened) => opened,
            Err(error) => return ended(unreadable(error, run, tried)),
        };
        if let Some(adapted) = reread(pages.rules, step, &opened.document.text) {
            learn(&adapted, pages.rules, run);
            *step = adapted;
        }
        let place = pages.places.get(&step.document);
        let refused = not_as_planned(step, &opened, place).or_else(|| not_carried(step, &opened));
        if let Some(why) = refused {
            return ended(
                match (tried, readback(pages.rules, step, &opened.document.text)) {
                    (1, _) => Outcome::Refused { by: By::Us, why },
                    // The first attempt has arrived after all.
                    (_, ReadBack::Equal) => Outcome::Written,
                    _ => Outcome::Unknown {
                        why: format!("it was sent, its answer was lost, and {why}"),
                    },
                },
            );
        }
        let sending = Event::Sending {
            document: step.document.clone(),
            before: content_hash(step.seen.as_bytes()),
            wanted: content_hash(step.wanted.as_bytes()),
            keys: changed_keys(step),
        };
        if let Err(error) = journal.record(sending).await {
            // What cannot be noted down is not sent.
            return ended(unreadable(error, run, tried));
        }
        let sent = match session.send(&opened.editor, &step.wanted).await {
            Ok(sent) => sent,
            Err(error) => return ended(unreadable(error, run, tried)),
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
                run.kept_ciphertext |= step.kept.iter().any(|at| !step.reread.contains(at));
                return ended(Outcome::Written);
            }
            (Settled::Different { lines }, Sent::Answered { .. }) => {
                return ended(differs(session, step, pages.rules, (lines, run)));
            }
            (Settled::Different { .. } | Settled::Old, Sent::Conflict(why)) => {
                return ended(Outcome::Refused { by: By::Server, why });
            }
            (Settled::Different { lines }, Sent::Unsettled(why) | Sent::Declined { why, .. }) => {
                let why = format!(
                    "{why}, and what is there now is neither the old nor the new text: {}",
                    lines.join("; ")
                );
                return ended(Outcome::Unknown { why });
            }
            (Settled::Old, Sent::Answered { said, .. } | Sent::Declined { said, .. })
                if !named(step, &said).is_empty() =>
            {
                let keys = named(step, &said);
                let why = format!("the instance says: {}", words(pages.rules, step, &said, &keys));
                return Attempt::Refused { keys, why };
            }
            // One new attempt with a fresh form and a fresh token: the guard may have moved on.
            (
                Settled::Old,
                Sent::Unsettled(_) | Sent::Declined { .. } | Sent::Answered { kept_token: true, .. },
            ) if tried == 1 => {
                session.renew_token().await;
            }
            (Settled::Old, Sent::Answered { words, .. }) => {
                let why = match step.format == Format::File && !words.is_empty() {
                    true => format!("the instance says: {words}"),
                    false => "the instance answered, but still has the old text".to_owned(),
                };
                return ended(Outcome::Refused { by: By::Server, why });
            }
            (Settled::Old, Sent::Declined { why, words, .. })
                if step.format == Format::File && !words.is_empty() =>
            {
                let why = format!("{why}, and says: {words}");
                return ended(Outcome::Refused { by: By::Server, why });
            }
            (Settled::Old, Sent::Unsettled(why) | Sent::Declined { why, .. }) => {
                let why = format!("{why}, twice, and it still has the old text");
                return ended(Outcome::Refused { by: By::Server, why });
            }
            (Settled::Unreadable(error), sent) => {
                let answer = match sent {
                    Sent::Answered { .. } => "it was sent and answered".to_owned(),
                    Sent::Unsettled(why) | Sent::Declined { why, .. } | Sent::Conflict(why) => {
                        format!("it was sent, and {why}")
                    }
                };
                let why = format!("{answer}, but cannot be read back: {}", error.message());
                run.stopped.get_or_insert(error);
                return ended(Outcome::Unknown { why });
            }
        }
    }
}

/// Says how a document ends that does not read as it was sent, and remembers what that tells of the instance.
fn differs(session: &Session, step: &Step, rules: &Rules, (lines, run): (Vec<String>, &mut Run)) -> Outcome {
    let part = session.profile().part_of(&step.document);
    let of_fields = part.is_some_and(|part| part.shape == Shape::Fields);
    let read = run.read.get(&step.document).map_or("", String::as_str);
    let observed = observe(rules, step, read, of_fields);
    let learned = observed.habits.encrypts.iter();
    let learned: Vec<_> = learned.map(|of| (of.document.clone(), of.key.clone())).collect();
    // What is known to be a secret only now must not be shown either.
    let lines = match learned.is_empty() {
        true => lines,
        false => settle::lines(&rules.with_learned(learned), step, read),
    };
    // What was entered was entered, whatever else differs.
    let entered = entered_as(step, read).into_iter().map(|(at, how)| Entered {
        document: step.document.clone(),
        at,
        how,
    });
    run.entered.extend(entered);
    let announced = step.warnings.iter().any(|w| matches!(w, Warning::Again { .. }));
    run.habits.add(&observed.habits);
    let broken = observed.broken.iter();
    run.broken
        .extend(broken.map(|at| Wait::at(&step.document, at, Why::Again)));
    Outcome::ReadsDifferent {
        lines,
        announced: announced && observed.nothing_else && observed.sealed.is_empty(),
        sealed: observed.sealed,
    }
}

/// The keys that a step changes.
fn changed_keys(step: &Step) -> Option<Vec<(String, usize)>> {
    let told = step.format == Format::Properties;
    let key = |change: &KeyChange| (change.key.clone(), change.occurrence);
    told.then(|| step.changes.keys.iter().map(key).collect())
}

/// Remembers keys that the instance does not let be changed.
fn seal(step: &Step, keys: &[KeyAt], run: &mut Run) {
    run.habits.sealed.extend(keys.iter().map(|at| of(step, at)));
}

/// Remembers keys that were read twice and read differently, both times as ciphertext.
fn learn(step: &Step, rules: &Rules, run: &mut Run) {
    let unknown = step.reread.iter().filter(|at| {
        let value = value_at(&step.seen, &at.key, at.occurrence).unwrap_or_default();
        rules.classify(&step.document, &at.key, &value) != Some(Sensitivity::Encrypted)
    });
    run.habits.encrypts.extend(unknown.map(|at| of(step, at)));
    run.habits
        .rereads
        .extend(step.reread.iter().map(|at| of(step, at)));
}

fn of(step: &Step, at: &KeyAt) -> KeyOf {
    KeyOf {
        document: step.document.clone(),
        key: at.key.clone(),
    }
}

fn keys(keys: &[KeyAt]) -> String {
    let keys: Vec<String> = keys.iter().map(|at| format!("`{}`", at.key)).collect();
    keys.join(", ")
}

/// The words around a key in what an instance said, secrets masked.
fn words(rules: &Rules, step: &Step, said: &str, keys: &[KeyAt]) -> String {
    let masked = rules.mask_text(&step.document, said);
    let place = keys.first().and_then(|at| masked.find(&at.key)).unwrap_or(0);
    let (before, behind) = masked.split_at(place);
    let begins = [". ", "! ", "\n", "\""]
        .iter()
        .filter_map(|end| before.rfind(end).map(|at| at + end.len()))
        .max();
    let ends = [". ", "! ", ".\"", "\n", "\""]
        .iter()
        .filter_map(|end| behind.find(end))
        .min();
    let sentence = format!(
        "{}{}",
        &before[begins.unwrap_or(0)..],
        &behind[..ends.unwrap_or(behind.len())]
    );
    let sentence: String = sentence.trim().chars().take(LONGEST_WORDS).collect();
    sentence.trim_end_matches('.').to_owned()
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
