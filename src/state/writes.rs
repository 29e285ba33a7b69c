//! Every write of the journal as one value: what was sent when, by whom, and what became of it.
//!
//! It only reads. The truth is in the events of the journal; how a run is continued or undone is the affair of
//! [`crate::state::LastRun`].

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::archive::whole_milliseconds;
use crate::error::{Error, Result};
use crate::state::journal::{Name, RESTORES, SWITCHES, names};
use crate::state::{Action, Event, State, record};

/// The outcome of a write whose run was killed, or broke off, before it knew.
pub(crate) const BROKE_OFF: &str = "unknown: the run broke off";
/// The outcome of a write that did not settle, and that another one of the same document followed in the same run.
pub(crate) const SENT_AGAIN: &str = "sent again";
/// The outcome of a write that reads back as it was sent.
pub(crate) const WRITTEN: &str = "written";

/// One write that was sent, or was about to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Write {
    /// When it was about to be sent.
    pub when: Timestamp,
    /// The id of its run.
    pub run: String,
    /// The number of its event within the run.
    pub event: u32,
    /// What the run does.
    pub action: Action,
    /// Scheme, host and port of the instance; nothing in journals from before that was noted.
    pub origin: Option<String>,
    /// The admin that the run worked as; nothing where a browser's session did.
    pub account: Option<String>,
    /// Id of the backup that the run goes by.
    pub backup: Option<String>,
    /// Id of the safety backup that holds what was there before.
    pub safety: Option<String>,
    /// Path of the document.
    pub document: String,
    /// The keys that it changes, each with its number among its duplicates; nothing where it is not told by key.
    pub keys: Option<Vec<(String, usize)>>,
    /// Hash of the text that live carried.
    pub before: String,
    /// Hash of the text that was sent.
    pub wanted: String,
    /// Hash of the text that was read last after it was sent.
    pub after: Option<String>,
    /// What became of it, as the word of its outcome.
    pub outcome: String,
}

impl Write {
    /// Tells whether it was proven by reading back.
    pub fn is_written(&self) -> bool {
        self.outcome == WRITTEN
    }

    /// Tells whether another write took its place.
    pub fn is_sent_again(&self) -> bool {
        self.outcome == SENT_AGAIN
    }

    /// The account it was made with, in words.
    pub fn by(&self) -> &str {
        self.account.as_deref().unwrap_or("browser session")
    }

    /// The names of the keys that it changes, with a number where a name stands more than once; nothing where it is not told
    /// by key.
    pub fn key_names(&self) -> Option<Vec<String>> {
        let name = |(key, occurrence): &(String, usize)| match occurrence {
            0 | 1 => key.clone(),
            n => format!("{key} ({n})"),
        };
        Some(self.keys.as_ref()?.iter().map(name).collect())
    }
}

impl State {
    /// Reads every write to an instance since a moment, whatever command made it, the oldest first.
    ///
    /// # Errors
    /// [`Kind::Archive`](crate::error::Kind::Archive) naming the event's file that is damaged.
    pub async fn writes_since(&self, instance: &str, since: Timestamp) -> Result<Vec<Write>> {
        // The names of events hold no more than milliseconds.
        let since = whole_milliseconds(since);
        let (writes, damage) = self.writes(instance, &|name| name.when >= since).await?;
        damage.map_or(Ok(writes), Err)
    }

    /// Reads the writes whose events are meant, the oldest first; a damaged run is left out, and the first error of one
    /// given.
    pub(super) async fn writes(
        &self,
        instance: &str,
        meant: &dyn Fn(&Name<'_>) -> bool,
    ) -> Result<(Vec<Write>, Option<Error>)> {
        let mut found = self.events(RESTORES, instance).await?;
        found.extend(self.events(SWITCHES, instance).await?);
        let names = names(&found);
        let is_meant = |name: &&Name<'_>| name.event == "sending" && meant(name);
        let runs: BTreeSet<&str> = names.iter().filter(is_meant).map(|name| name.run).collect();
        let (mut writes, mut damage) = (Vec::new(), None);
        for run in runs {
            match self.writes_of(&names, run, meant).await {
                Ok(of_run) => writes.extend(of_run),
                Err(error) => drop(damage.get_or_insert(error)),
            }
        }
        writes.sort_by(|one, other| {
            (one.when, &one.run, one.event).cmp(&(other.when, &other.run, other.event))
        });
        Ok((writes, damage))
    }

    async fn writes_of(
        &self,
        names: &[Name<'_>],
        run: &str,
        meant: &dyn Fn(&Name<'_>) -> bool,
    ) -> Result<Vec<Write>> {
        let mut began = None;
        // Each with whether it is meant, and whether its outcome is known.
        let mut writes: Vec<(Write, bool, bool)> = Vec::new();
        for (name, event) in self.events_of(names, run).await? {
            match (event, &began) {
                (Event::Began(this), None) => began = Some(this),
                (
                    Event::Sending {
                        document,
                        before,
                        wanted,
                        keys,
                    },
                    Some(began),
                ) => {
                    let same =
                        |(write, _, known): &&mut (Write, bool, bool)| !known && write.document == document;
                    if let Some((write, _, known)) = writes.iter_mut().find(same) {
                        (write.outcome, *known) = (SENT_AGAIN.to_owned(), true);
                    }
                    let write = Write {
                        when: name.when,
                        run: run.to_owned(),
                        event: name.number,
                        action: began.action,
                        origin: began.origin.clone(),
                        account: began.account.clone(),
                        backup: Some(began.backup.clone()).filter(|id| !id.is_empty()),
                        safety: began.safety.clone(),
                        document,
                        keys,
                        before,
                        wanted,
                        after: None,
                        outcome: BROKE_OFF.to_owned(),
                    };
                    writes.push((write, meant(name), false));
                }
                (
                    Event::Ended {
                        document,
                        outcome,
                        after,
                        ..
                    },
                    Some(_),
                ) => {
                    let same =
                        |(write, _, known): &&mut (Write, bool, bool)| !known && write.document == document;
                    // A step that sent nothing has ended, too.
                    if let Some((write, _, known)) = writes.iter_mut().find(same) {
                        (write.outcome, write.after, *known) = (outcome, after, true);
                    }
                }
                (Event::Finished { .. }, Some(_)) => {}
                _ => {
                    let why = "it does not follow from the run's other events";
                    return Err(record::damaged(&self.store, name.path, why));
                }
            }
        }
        Ok(writes
            .into_iter()
            .filter(|(_, meant, _)| *meant)
            .map(|(write, ..)| write)
            .collect())
    }
}
