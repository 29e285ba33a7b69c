//! The journal: our own log of writes, one durable file an event.
//!
//! It is evidence, not input: of outcomes that nobody knows, and of the first safety backup of a restore that is
//! continued (promise 4). It holds hashes of texts, no texts.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::archive::spec::check_instance_name;
use crate::archive::{read_stamp, stamp};
use crate::error::{Error, Kind, Result};
use crate::state::{State, record};
use crate::store::{Found, Put};

/// Exit codes of a restore that another one continues: not all written, stopped.
const UNFINISHED: [u8; 2] = [7, 130];

/// What a run does to an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Puts a backup back.
    Restore,
    /// Puts the newest safety backup back.
    Undo,
    /// Switches off what could leave.
    Freeze,
    /// Switches on again what was on.
    Thaw,
    /// Deletes unsent mail.
    Purge,
}

impl Action {
    /// The word that the journal and the evidence have for it.
    pub fn word(self) -> &'static str {
        match self {
            Action::Restore => "restore",
            Action::Undo => "undo",
            Action::Freeze => "freeze",
            Action::Thaw => "thaw",
            Action::Purge => "purge",
        }
    }

    /// The folder of its journal: what is switched has one of its own, so that a restore is continued and undone whatever
    /// was switched since.
    fn book(self) -> &'static str {
        match self {
            Action::Restore | Action::Undo => RESTORES,
            Action::Freeze | Action::Thaw | Action::Purge => SWITCHES,
        }
    }
}

/// Where the journal of restores and undos lies.
pub(super) const RESTORES: &str = "journal";
/// Where the journal of switches lies.
pub(super) const SWITCHES: &str = "switches";

/// How a run began: after it was confirmed, before anything was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Began {
    /// What it does.
    pub action: Action,
    /// Id of the backup it puts back.
    pub backup: String,
    /// Id of the safety backup that undoes it; none where it writes nothing.
    pub safety: Option<String>,
    /// Paths of the documents it means to write.
    pub documents: Vec<String>,
    /// Paths of the documents that the runs it continues have sent: their first state is in the safety backup.
    #[serde(default)]
    pub sent: Vec<String>,
    /// The admin that it works as; nothing where a browser's session does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Scheme, host and port of the instance: its name may mean another one tomorrow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
}

/// What happened during a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "lowercase", deny_unknown_fields)]
pub enum Event {
    /// The run began.
    Began(Began),
    /// A write is about to be sent.
    Sending {
        /// Path of the document.
        document: String,
        /// Hash of the text that live carries.
        before: String,
        /// Hash of the text that is sent.
        wanted: String,
        /// The keys that it changes, each with its number among its duplicates; nothing where it is not told by key.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        keys: Option<Vec<(String, usize)>>,
    },
    /// A step has ended, whether or not anything was sent.
    Ended {
        /// Path of the document.
        document: String,
        /// The outcome's word, such as `written` or `unknown`.
        outcome: String,
        /// Fingerprint of the text that was read last after it was sent, its encrypted values taken out; nothing where it was not sent or cannot be read.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        read: Option<String>,
        /// Hash of that text.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        after: Option<String>,
    },
    /// The run has ended.
    Finished {
        /// Its exit code.
        code: u8,
    },
}

impl Event {
    fn word(&self) -> &'static str {
        match self {
            Event::Began(_) => "began",
            Event::Sending { .. } => "sending",
            Event::Ended { .. } => "ended",
            Event::Finished { .. } => "finished",
        }
    }
}

/// Writes the events of one run.
#[derive(Debug)]
pub struct Journal {
    state: State,
    book: &'static str,
    instance: String,
    run: String,
    events: u32,
}

impl Journal {
    /// Writes one event; when this returns, it survives a power cut. With the last event of a run its writes are added to
    /// the evidence, so that no command can forget it.
    ///
    /// # Errors
    /// [`Kind::Archive`] where it cannot be stored: then nothing may be sent. Where only the evidence could not be added to,
    /// the event stands, and the next run that ends adds what is missing.
    pub async fn record(&mut self, now: Timestamp, event: &Event) -> Result<()> {
        let Self {
            book,
            instance,
            run,
            events,
            ..
        } = self;
        let path = format!(
            "{book}/{instance}/{}_{run}_{events:04}_{}.json",
            stamp(now),
            event.word()
        );
        match self
            .state
            .store
            .put_if_absent(&path, record::print(event)?)
            .await?
        {
            Put::Created => self.events += 1,
            Put::Existed => {
                let message = format!("The journal has an event `{path}` already.");
                return Err(Error::new(Kind::Archive, message));
            }
        }
        if matches!(event, Event::Finished { .. }) {
            self.state.bring_evidence_up(&self.instance, now).await?;
        }
        Ok(())
    }
}

/// A write that was sent, or was about to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// Path of the document.
    pub document: String,
    /// Hash of the text that live carried.
    pub before: String,
    /// Hash of the text that was sent.
    pub wanted: String,
    /// The keys that it changes; nothing where it is not told by key.
    pub keys: Option<Vec<(String, usize)>>,
    /// The outcome's word; `None` where the run was killed before it knew.
    pub outcome: Option<String>,
    /// Fingerprint of the text that was read last after it was sent.
    pub read: Option<String>,
    /// Hash of that text.
    pub after: Option<String>,
}

/// The newest run at an instance, as its journal tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastRun {
    /// When it began.
    pub when: Timestamp,
    /// What it was about.
    pub began: Began,
    /// What was sent, in order.
    pub sent: Vec<Sent>,
    /// Its exit code; `None` where it was killed, or still runs.
    pub code: Option<u8>,
}

impl LastRun {
    /// Tells whether the run was killed, or ended without everything being written.
    pub fn is_unfinished(&self) -> bool {
        self.code.is_none_or(|code| UNFINISHED.contains(&code))
    }

    /// Tells whether a run of this kind with this backup goes on with it.
    pub fn is_continued_by(&self, action: Action, backup: &str) -> bool {
        self.began.action == action && self.began.backup == backup && self.is_unfinished()
    }

    /// Gives the paths of all documents that it, and the runs it continued, have sent.
    pub fn all_sent(&self) -> BTreeSet<&str> {
        let own = self.sent.iter().map(|sent| sent.document.as_str());
        own.chain(self.began.sent.iter().map(String::as_str)).collect()
    }
}

impl State {
    /// Begins the journal of a run with its first event; the caller holds the instance's lock.
    ///
    /// # Errors
    /// [`Kind::Archive`] where it cannot be stored: then nothing may be sent.
    pub async fn begin_run(&self, instance: &str, now: Timestamp, began: Began) -> Result<Journal> {
        check_instance_name(instance)?;
        let run = hex::encode(rand::random::<[u8; 4]>());
        let mut journal = Journal {
            state: self.clone(),
            book: began.action.book(),
            instance: instance.to_owned(),
            run,
            events: 0,
        };
        journal.record(now, &Event::Began(began)).await?;
        Ok(journal)
    }

    /// Reads the newest run at an instance; `None` where there was none.
    ///
    /// # Errors
    /// [`Kind::Archive`] naming the event's file that is damaged.
    pub async fn last_run(&self, instance: &str) -> Result<Option<LastRun>> {
        let found = self.events(RESTORES, instance).await?;
        let names = names(&found);
        match newest_first(&names, "began").first() {
            Some(run) => self.read_run(&names, run).await,
            None => Ok(None),
        }
    }

    /// Reads the newest run that has sent something; `None` where there was none.
    ///
    /// # Errors
    /// [`Kind::Archive`] naming the event's file that is damaged.
    pub async fn last_run_that_sent(&self, instance: &str) -> Result<Option<LastRun>> {
        let found = self.events(RESTORES, instance).await?;
        let names = names(&found);
        match newest_first(&names, "sending").first() {
            Some(run) => self.read_run(&names, run).await,
            None => Ok(None),
        }
    }

    /// Reads the runs that a safety backup undoes, the newest first: a continued one keeps its first.
    ///
    /// # Errors
    /// [`Kind::Archive`] naming the event's file that is damaged.
    pub async fn runs_undone_by(&self, instance: &str, safety: &str) -> Result<Vec<LastRun>> {
        let found = self.events(RESTORES, instance).await?;
        let names = names(&found);
        let mut runs = Vec::new();
        for run in newest_first(&names, "began") {
            let read = self.read_run(&names, run).await?;
            runs.extend(read.filter(|read| read.began.safety.as_deref() == Some(safety)));
        }
        Ok(runs)
    }

    /// Tells what kind of run wrote a document last, as far as it was proven by reading back.
    ///
    /// # Errors
    /// [`Kind::Archive`] naming the event's file that is damaged.
    pub async fn last_writer(&self, instance: &str, document: &str) -> Result<Option<Action>> {
        let found = self.events(RESTORES, instance).await?;
        let names = names(&found);
        for run in newest_first(&names, "sending") {
            let read = self.read_run(&names, run).await?;
            let wrote = |sent: &Sent| {
                sent.document.eq_ignore_ascii_case(document) && sent.outcome.as_deref() == Some("written")
            };
            if let Some(read) = read.filter(|read| read.sent.iter().any(wrote)) {
                return Ok(Some(read.began.action));
            }
        }
        Ok(None)
    }

    /// Reads the runs that have switched anything at an instance, the newest first.
    ///
    /// # Errors
    /// [`Kind::Archive`] naming the event's file that is damaged.
    pub async fn switchings(&self, instance: &str) -> Result<Vec<LastRun>> {
        let found = self.events(SWITCHES, instance).await?;
        let names = names(&found);
        let mut runs = Vec::new();
        for run in newest_first(&names, "began") {
            runs.extend(self.read_run(&names, run).await?);
        }
        Ok(runs)
    }

    pub(super) async fn events(&self, book: &str, instance: &str) -> Result<Vec<Found>> {
        check_instance_name(instance)?;
        self.store.list(&format!("{book}/{instance}")).await
    }

    /// Reads the events of a run in their order.
    pub(super) async fn events_of<'n>(
        &self,
        names: &'n [Name<'n>],
        run: &str,
    ) -> Result<Vec<(&'n Name<'n>, Event)>> {
        let mut of_run: Vec<&Name<'_>> = names.iter().filter(|name| name.run == run).collect();
        of_run.sort_by_key(|name| name.number);
        let mut events = Vec::new();
        for name in of_run {
            let missing = || record::damaged(&self.store, name.path, "it is missing");
            let event = record::read(&self.store, name.path).await?.ok_or_else(missing)?;
            events.push((name, event));
        }
        Ok(events)
    }

    async fn read_run(&self, names: &[Name<'_>], run: &str) -> Result<Option<LastRun>> {
        let mut last: Option<LastRun> = None;
        for (name, event) in self.events_of(names, run).await? {
            let damaged = |why| record::damaged(&self.store, name.path, why);
            match (event, &mut last) {
                (Event::Began(began), None) => {
                    last = Some(LastRun {
                        when: name.when,
                        began,
                        sent: Vec::new(),
                        code: None,
                    });
                }
                (
                    Event::Sending {
                        document,
                        before,
                        wanted,
                        keys,
                    },
                    Some(run),
                ) => {
                    run.sent.push(Sent {
                        document,
                        before,
                        wanted,
                        keys,
                        outcome: None,
                        read: None,
                        after: None,
                    });
                }
                (
                    Event::Ended {
                        document,
                        outcome,
                        read,
                        after,
                    },
                    Some(run),
                ) => {
                    // A document may be sent twice; the outcome is that of both.
                    for sent in run.sent.iter_mut().filter(|sent| sent.document == document) {
                        sent.outcome = Some(outcome.clone());
                        sent.read.clone_from(&read);
                        sent.after.clone_from(&after);
                    }
                }
                (Event::Finished { code }, Some(run)) => run.code = Some(code),
                _ => return Err(damaged("it does not follow from the run's other events")),
            }
        }
        Ok(last)
    }
}

pub(super) fn names(found: &[Found]) -> Vec<Name<'_>> {
    found.iter().filter_map(|file| Name::of(&file.path)).collect()
}

/// Gives the runs that have such an event, the newest event first, each once.
fn newest_first<'a>(names: &[Name<'a>], event: &str) -> Vec<&'a str> {
    let mut with: Vec<&Name<'a>> = names.iter().filter(|name| name.event == event).collect();
    with.sort_by_key(|name| std::cmp::Reverse((name.when, name.run)));
    let mut runs: Vec<&str> = Vec::new();
    for name in with {
        if !runs.contains(&name.run) {
            runs.push(name.run);
        }
    }
    runs
}

/// The name of an event's file.
pub(super) struct Name<'a> {
    pub(super) path: &'a str,
    pub(super) when: Timestamp,
    pub(super) run: &'a str,
    pub(super) number: u32,
    pub(super) event: &'a str,
}

impl<'a> Name<'a> {
    fn of(path: &'a str) -> Option<Self> {
        let name = path.rsplit('/').next()?.strip_suffix(".json")?;
        let mut parts = name.split('_');
        let (when, run, number, event) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        Some(Self {
            path,
            when: read_stamp(when)?,
            run,
            number: number.parse().ok()?,
            event,
        })
    }
}
