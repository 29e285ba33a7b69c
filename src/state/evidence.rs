//! The evidence of writes: a file an instance, `evidence/NAME.jsonl`, with a line for each write, only ever added to.
//!
//! It is made from the journal, which is the truth, and read by people and their tools; nothing is decided by it. Each line
//! holds the hash of the line before, so that a later change of the file shows. That is no seal: who can write to the folder
//! can write all of it anew. It holds hashes and names of keys, no values and no texts.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::archive::spec::check_instance_name;
use crate::backup::content_hash;
use crate::error::{Error, Kind, Result};
use crate::state::{State, Write};

/// What checking an instance's evidence has found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Evidence {
    /// How many writes it has.
    pub writes: usize,
    /// What is wrong with it, each a clause about a line.
    pub wrong: Vec<String>,
    /// What the next command that writes mends, each a clause: a run that was killed leaves that behind.
    pub unfinished: Vec<String>,
}

/// A line for a write.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line<'a> {
    number: u64,
    time: Timestamp,
    instance: &'a str,
    origin: Option<&'a str>,
    action: &'static str,
    account: &'a str,
    run: &'a str,
    event: u32,
    backup: Option<&'a str>,
    safety: Option<&'a str>,
    document: &'a str,
    keys: Option<Vec<String>>,
    before: &'a str,
    wanted: &'a str,
    after: Option<&'a str>,
    outcome: &'a str,
    previous: Option<&'a str>,
}

/// A line that says that lines before it were cut off.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Mending<'a> {
    number: u64,
    time: Timestamp,
    instance: &'a str,
    note: &'static str,
    torn: Vec<String>,
    previous: Option<&'a str>,
}

/// What is read of a line of either kind.
#[derive(Deserialize)]
struct Read {
    number: u64,
    run: Option<String>,
    event: Option<u32>,
    torn: Option<Vec<String>>,
    previous: Option<String>,
}

impl Read {
    /// The write that the line is for.
    fn write(&self) -> Option<(String, u32)> {
        Some((self.run.clone()?, self.event?))
    }
}

const NOTE: &str = "Adding to this file was interrupted: what stands between this line and the whole one before it was cut off. \
The writes it was about follow.";

impl State {
    /// Adds a line for each write of the journal that the evidence does not have yet, and gives how many there were. What
    /// stands in the file is not touched. The caller holds the instance's lock, and no run is under way.
    ///
    /// # Errors
    /// [`Kind::Archive`] where it cannot be read or added to, or names the event's file that is damaged: the writes of all
    /// other runs are added then.
    pub async fn bring_evidence_up(&self, instance: &str, now: Timestamp) -> Result<usize> {
        let path = path(instance)?;
        let there = self.store.get(&path).await?.unwrap_or_default();
        let mut known = BTreeSet::new();
        let mut end = End::default();
        for line in lines(&there) {
            match read(line) {
                Some(read) => {
                    known.extend(read.write());
                    end = End {
                        number: read.number,
                        hash: Some(content_hash(line)),
                        torn: Vec::new(),
                    };
                }
                None => end.torn.push(content_hash(line)),
            }
        }
        let is_new = |run: &str, event: u32| !known.contains(&(run.to_owned(), event));
        let (writes, damage) = self
            .writes(instance, &|name| is_new(name.run, name.number))
            .await?;
        let added = end.adding(
            instance,
            now,
            &writes,
            there.last().is_some_and(|last| *last != b'\n'),
        )?;
        if !added.is_empty() {
            self.store.append(&path, added).await?;
        }
        damage.map_or(Ok(writes.len()), Err)
    }

    /// Checks that the evidence of an instance is as it was written: by its chain, and by the journal.
    ///
    /// # Errors
    /// [`Kind::Archive`] where it cannot be read, or names the event's file that is damaged.
    pub async fn check_evidence(&self, instance: &str) -> Result<Evidence> {
        let there = self.store.get(&path(instance)?).await?.unwrap_or_default();
        let (writes, damage) = self.writes(instance, &|_| true).await?;
        if let Some(damage) = damage {
            return Err(damage);
        }
        let mut told: BTreeMap<(String, u32), &Write> = writes
            .iter()
            .map(|write| ((write.run.clone(), write.event), write))
            .collect();
        let mut found = Evidence::default();
        let mut end = End::default();
        for (at, line) in lines(&there).enumerate() {
            let at = at + 1;
            let Some(read) = read(line) else {
                end.torn.push(content_hash(line));
                continue;
            };
            if read.previous != end.hash || read.torn.as_ref().unwrap_or(&Vec::new()) != &end.torn {
                found
                    .wrong
                    .push(format!("line {at} does not follow from what stands before it"));
            }
            if let Some(key) = read.write() {
                found.writes += 1;
                match told.remove(&key) {
                    Some(write) if !tells(line, instance, write, &read) => {
                        found
                            .wrong
                            .push(format!("line {at} is not what the journal tells"));
                    }
                    Some(_) => {}
                    None => found
                        .wrong
                        .push(format!("line {at} is for a write that the journal does not have")),
                }
            }
            end = End {
                number: read.number,
                hash: Some(content_hash(line)),
                torn: Vec::new(),
            };
        }
        if !end.torn.is_empty() {
            found.unfinished.push("its last line was cut off".to_owned());
        }
        if !told.is_empty() {
            found.unfinished.push(format!(
                "{} of the journal's writes are not in it yet",
                told.len()
            ));
        }
        Ok(found)
    }

    /// The names of the instances that have evidence.
    ///
    /// # Errors
    /// [`Kind::Archive`] where the folder cannot be read.
    pub async fn instances_with_evidence(&self) -> Result<Vec<String>> {
        let found = self.store.list(FOLDER).await?;
        let name = |path: &str| {
            let name = path
                .strip_prefix(FOLDER)?
                .strip_prefix('/')?
                .strip_suffix(ENDING)?;
            Some(name.to_owned())
        };
        Ok(found.iter().filter_map(|file| name(&file.path)).collect())
    }
}

const FOLDER: &str = "evidence";
const ENDING: &str = ".jsonl";

/// Where the evidence of an instance lies in the state.
fn path(instance: &str) -> Result<String> {
    check_instance_name(instance)?;
    Ok(format!("{FOLDER}/{instance}{ENDING}"))
}

/// The last whole line of a file, and the lines behind it that were cut off.
#[derive(Default)]
struct End {
    number: u64,
    hash: Option<String>,
    torn: Vec<String>,
}

impl End {
    /// Gives what is to be added to the file. A half line is ended and a line of its own says so: that takes nothing from
    /// the file, and what it was about is in the journal.
    fn adding(mut self, instance: &str, now: Timestamp, writes: &[Write], is_open: bool) -> Result<Vec<u8>> {
        let mut added = Vec::new();
        if is_open {
            added.push(b'\n');
        }
        if !self.torn.is_empty() {
            let mending = Mending {
                number: self.number + 1,
                time: now,
                instance,
                note: NOTE,
                torn: std::mem::take(&mut self.torn),
                previous: self.hash.as_deref(),
            };
            let line = print(&mending)?;
            self.push(&line, &mut added);
        }
        for write in writes {
            let line = print(&line(self.number + 1, instance, write, self.hash.as_deref()))?;
            self.push(&line, &mut added);
        }
        Ok(added)
    }

    fn push(&mut self, line: &str, added: &mut Vec<u8>) {
        self.number += 1;
        self.hash = Some(content_hash(line.as_bytes()));
        added.extend_from_slice(line.as_bytes());
        added.push(b'\n');
    }
}

fn line<'a>(number: u64, instance: &'a str, write: &'a Write, previous: Option<&'a str>) -> Line<'a> {
    Line {
        number,
        time: write.when,
        instance,
        origin: write.origin.as_deref(),
        action: write.action.word(),
        account: write.by(),
        run: &write.run,
        event: write.event,
        backup: write.backup.as_deref(),
        safety: write.safety.as_deref(),
        document: &write.document,
        keys: write.key_names(),
        before: &write.before,
        wanted: &write.wanted,
        after: write.after.as_deref(),
        outcome: &write.outcome,
        previous,
    }
}

fn print(line: &impl Serialize) -> Result<String> {
    serde_json::to_string(line).map_err(|cause| {
        Error::new(
            Kind::Archive,
            "The evidence of a write could not be described as JSON.",
        )
        .caused_by(cause)
    })
}

/// Tells whether a line tells of a write what the journal does. Members that only a later lmskeep knows do not count.
fn tells(text: &[u8], instance: &str, write: &Write, read: &Read) -> bool {
    let expected = serde_json::to_value(line(read.number, instance, write, read.previous.as_deref()));
    let (Ok(Value::Object(expected)), Ok(Value::Object(found))) = (expected, serde_json::from_slice(text))
    else {
        return false;
    };
    expected
        .iter()
        .all(|(name, value)| found.get(name) == Some(value))
}

/// The lines of a file without their ends; the last one may have none.
fn lines(content: &[u8]) -> impl Iterator<Item = &[u8]> {
    let ended = content.strip_suffix(b"\n").unwrap_or(content);
    ended
        .split(|byte| *byte == b'\n')
        .filter(move |_| !content.is_empty())
}

fn read(line: &[u8]) -> Option<Read> {
    serde_json::from_slice(line).ok()
}
