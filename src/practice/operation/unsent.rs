//! Manage Unsent Emails: what waits in the queue, and its deletion, which takes a little time in the background.
//!
//! Its page is in `page`, the same as JSON in `service`.

mod page;
mod service;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::{Value, json};

use crate::practice::content::Side;
use crate::practice::faults::{Cache, Effect, Named};
use crate::practice::instance::Instance;
use crate::practice::look::Look;
use crate::practice::operation::Operation;
use crate::practice::operation::clock;
use crate::practice::operation::mail::Mail;
use crate::practice::operation::part::Part;

/// What it tells of itself.
pub(super) const PART: Part = Part {
    entry: page::MENU_ID,
    addresses: &[page::PAGE, page::DELETE, page::SEND],
    page: page::answer,
    services: &[service::ROUTE],
    service: service::answer,
    labels: LABELS,
    report: |instance| vec![("unsent", json!(waiting(&instance.operation).count()))],
    orders: &[("sending", sending), ("deletion", take_time)],
};

const LABELS: &[(&str, &str)] = &[
    ("Email Type", "E-Mail-Typ"),
    ("Waiting", "Wartend"),
    ("Total", "Gesamt"),
    ("Delete Unsent Emails", "Nicht gesendete E-Mails löschen"),
    ("Send Unsent Emails", "Nicht gesendete E-Mails senden"),
    (
        "There are no unsent emails.",
        "Es gibt keine nicht gesendeten E-Mails.",
    ),
    (
        "Unsent emails are being deleted.",
        "Nicht gesendete E-Mails werden gelöscht.",
    ),
    (
        "The deletion of unsent emails was started.",
        "Das Löschen nicht gesendeter E-Mails wurde gestartet.",
    ),
    (
        "Unsent emails can be deleted only while email is disabled.",
        "Nicht gesendete E-Mails können nur gelöscht werden, solange der E-Mail-Versand deaktiviert ist.",
    ),
    (
        "Unsent emails can be sent only while email is enabled.",
        "Nicht gesendete E-Mails können nur gesendet werden, solange der E-Mail-Versand aktiviert ist.",
    ),
    ("The unsent emails were sent.", "Die E-Mails wurden gesendet."),
    ("Refresh", "Aktualisieren"),
    ("Completion", "Abschluss"),
    ("Curriculum Expiration", "Ablauf von Lehrplänen"),
    ("Digest", "Zusammenfassung"),
    ("Evaluation", "Bewertung"),
    ("Instructor Reminder", "Erinnerung für Dozenten"),
    ("Item Due", "Fällige Lerneinheit"),
    ("Program", "Programm"),
    ("Task Checklist", "Aufgabenliste"),
    ("Verification", "Überprüfung"),
    ("Course Reminder", "Kurserinnerung"),
    ("Overdue", "Überfällig"),
    ("Approval", "Genehmigung"),
    ("Registration", "Anmeldung"),
    ("Learning Plan Notification", "Lernplanbenachrichtigung"),
    ("Connector Report", "Konnektorbericht"),
];

/// How long a deletion takes where nobody says otherwise.
const USUAL: Duration = Duration::from_millis(300);

/// A deletion that was begun.
#[derive(Debug, Clone)]
struct Deletion {
    ends: Instant,
    /// How much of the queue there was when it began, but for what a fault leaves.
    first: usize,
    /// Whether pages tell of it.
    told: bool,
}

/// The deletions of one instance.
#[derive(Debug, Clone)]
pub(in crate::practice) struct Deletions {
    now: Option<Deletion>,
    takes: Duration,
}

impl Default for Deletions {
    fn default() -> Deletions {
        Deletions {
            now: None,
            takes: USUAL,
        }
    }
}

impl Deletions {
    /// As they are on an instance that a refresh made: nothing runs there.
    pub(super) fn stopped(&self) -> Deletions {
        Deletions {
            now: None,
            takes: self.takes,
        }
    }
}

/// Whether a deletion takes a mail away that stands at this place of the queue.
fn takes(deletion: &Deletion, place: usize, mail: &Mail) -> bool {
    place < deletion.first && !mail.being_sent
}

/// What waits now: a deletion whose time is over took its part.
pub(super) fn waiting(operation: &Operation) -> impl Iterator<Item = &Mail> {
    let over = operation
        .deletions
        .now
        .as_ref()
        .filter(|now| now.ends <= Instant::now());
    let queue = operation.queue.iter().enumerate();
    queue.filter_map(move |(place, mail)| match over {
        Some(deletion) if takes(deletion, place, mail) => None,
        _ => Some(mail),
    })
}

/// Ends a deletion: one whose time is over, or any at all where the clock is wound.
pub(super) fn settle(instance: &mut Instance, at_once: bool) {
    let operation = &mut instance.operation;
    let ends = |deletion: &mut Deletion| at_once || deletion.ends <= Instant::now();
    let Some(deletion) = operation.deletions.now.take_if(ends) else {
        return;
    };
    let before = operation.queue.len();
    let mut place = 0;
    operation.queue.retain(|mail| {
        place += 1;
        !takes(&deletion, place - 1, mail)
    });
    if instance.side == Side::Production {
        instance.damage.unsent_lost += (before - operation.queue.len()) as u64;
    }
}

fn is_running(operation: &Operation) -> bool {
    operation
        .deletions
        .now
        .as_ref()
        .is_some_and(|deletion| deletion.told)
}

/// Begins a deletion; what is then said, or why there is none.
fn delete(instance: &mut Instance, effect: Option<&Effect>) -> Result<&'static str, &'static str> {
    settle(instance, false);
    let operation = &mut instance.operation;
    if operation.mail_on() {
        return Err("Unsent emails can be deleted only while email is disabled.");
    }
    if operation.deletions.now.is_some() {
        return Err("Unsent emails are being deleted.");
    }
    let mut deletion = Deletion {
        ends: Instant::now() + operation.deletions.takes,
        first: operation.queue.len(),
        told: true,
    };
    match effect {
        Some(Effect::Named(Named::RefuseSave)) => return Err("The changes could not be applied."),
        Some(Effect::Named(Named::IgnoreSave)) => deletion.first = 0,
        Some(Effect::Named(Named::AlterSave)) => deletion.first = deletion.first.saturating_sub(1),
        Some(Effect::Cache(Cache { cache_ms, .. })) => {
            deletion.ends = Instant::now() + Duration::from_millis(*cache_ms);
            deletion.told = false;
        }
        _ => {}
    }
    operation.deletions.now = Some(deletion);
    Ok("The deletion of unsent emails was started.")
}

/// Sends what waits, now; what is then said, or why nothing was sent.
fn send(instance: &mut Instance) -> Result<&'static str, &'static str> {
    settle(instance, false);
    if !instance.operation.mail_on() {
        return Err("Unsent emails can be sent only while email is enabled.");
    }
    clock::settle(instance, Vec::new());
    Ok("The unsent emails were sent.")
}

/// How much of each type waits.
fn counts(operation: &Operation) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for mail in waiting(operation) {
        *counts.entry(mail.kind.as_str()).or_insert(0) += 1;
    }
    counts
}

/// The name of a type in the language of the pages.
fn name_of<'k>(look: &Look, kind: &'k str) -> &'k str {
    let label = LABELS.iter().find(|(english, _)| *english == kind);
    label.map_or(kind, |(english, _)| look.t(english))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sending {
    count: usize,
}

/// `POST /sending/SIDE`: that much of what waits is being sent until the next tick, the oldest first.
fn sending(instance: &mut Instance, told: &Value) -> Result<Value, String> {
    let sending = Sending::deserialize(told).map_err(|cause| cause.to_string())?;
    settle(instance, false);
    let queue = instance.operation.queue.iter_mut().enumerate();
    queue.for_each(|(place, mail)| mail.being_sent = place < sending.count);
    Ok(json!({ "done": true }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Time {
    ms: u64,
}

/// `POST /deletion/SIDE`: how long deletions take from now on, in milliseconds.
fn take_time(instance: &mut Instance, told: &Value) -> Result<Value, String> {
    let time = Time::deserialize(told).map_err(|cause| cause.to_string())?;
    instance.operation.deletions.takes = Duration::from_millis(time.ms);
    Ok(json!({ "done": true }))
}
