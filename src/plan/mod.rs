//! What a restore would do, as a value: shown to a person, read by a machine, carried out by `restore`.
//!
//! A plan is made from two sets of texts and nothing else, so making one has no side effect (promise 1). Each
//! step holds the live text it was made from, so that the driver can refuse to write over anything else
//! (promise 2). No mask, placeholder or ciphertext that live does not have at that key is ever in a text to be
//! written, but this instance's own and only when asked for (promise 6). What serialises and prints of a plan
//! holds no secret (promise 10). A real value that a person has given is written where one would wait. What an instance
//! was seen to do with a save (keys it keeps, ciphertext it encrypts again, masks) is said before, not after.
//!
//! It knows neither pages nor sessions, nor whether a value works.

use serde::Serialize;

use crate::backup::{Document, Habits};
use crate::diff::pair;
use crate::error::{Error, Kind, Result};
use crate::secret::Secret;
use crate::selection::{Extent, Selection};
use crate::sensitive::Rules;

pub use crate::plan::adapt::{leave, named, reread};
pub use crate::plan::observe::{Observed, fingerprint, observe};
pub use crate::plan::readback::{Difference, EnteredAs, LineDifference, ReadBack, entered_as, readback};
pub use crate::plan::step::{KeyAt, Notice, Refusal, Step, Wait, Warning, Why};

mod adapt;
mod carry;
mod document;
mod observe;
mod overlay;
mod plain;
mod readback;
mod rule;
mod step;

#[cfg(test)]
mod law_tests;
#[cfg(test)]
mod habit_tests;
#[cfg(test)]
mod plain_tests;
#[cfg(test)]
mod readback_tests;
#[cfg(test)]
mod rule_tests;
#[cfg(test)]
mod selection_tests;
#[cfg(test)]
mod tests;

/// Says what becomes of encrypted values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Encrypted {
    /// The live line stays exactly as it is.
    #[default]
    Keep,
    /// The archived ciphertext is sent: this instance's own, never another's.
    Archived,
    /// The value is emptied.
    Clear,
}

/// Says how a document of the backup meets what live has.
#[derive(Clone, Copy, Default)]
pub enum Manner<'a> {
    /// Its text takes the place of live's: keys, comments and order that only live has are dropped.
    #[default]
    Replace,
    /// Its values go key by key into live's text, which keeps what only it has.
    Merge,
    /// It takes back what a run has written; keys that somebody has changed since stay. Given are the documents that the
    /// run was putting back, and the [`fingerprint`] of each text as the run left it.
    TakeBack {
        /// What the run was putting back.
        put: &'a [Document],
        /// Path of a document, and the fingerprint of what was read after its write.
        left: &'a dyn Fn(&str) -> Option<String>,
        /// Tells whether the run has changed a key, by the document's path, the key and its number among its duplicates.
        wrote: &'a dyn Fn(&str, &str, usize) -> bool,
    },
}

/// Tells whether the value live has at a key was entered since the refresh, given the document's path, the key, its
/// number among its duplicates (from 1) and the live value: `Some(false)` is what still waits from an earlier run,
/// `None` a value that nobody remembers.
pub type Entered<'a> = dyn Fn(&str, &str, usize, &str) -> Option<bool> + 'a;

/// Tells whether a value of the backup is ciphertext of another instance, given the document's path, the key, its number among
/// its duplicates (from 1) and the value.
pub type Foreign<'a> = dyn Fn(&str, &str, usize, &str) -> bool + 'a;

/// Gives the real value of a key where it is at hand, by the document's path, the key, and its number among its
/// duplicates (from 1).
pub type Given<'a> = dyn Fn(&str, &str, usize) -> Option<Secret> + 'a;

/// Tells by a document's path whether the masks in it stand for fields of a form that show nothing.
pub type Unseen<'a> = dyn Fn(&str) -> bool + 'a;

/// Is what a plan is made from.
#[derive(Clone, Copy)]
pub struct PlanInput<'a> {
    /// By what rules values are judged.
    pub rules: &'a Rules,
    /// The documents of the backup.
    pub archived: &'a [Document],
    /// What the instance has now.
    pub live: &'a [Document],
    /// Which documents and keys are meant.
    pub selection: &'a Selection,
    /// How documents of the backup meet live's.
    pub manner: Manner<'a>,
    /// What becomes of encrypted values.
    pub encrypted: Encrypted,
    /// What the instance was seen to do with what it is sent.
    pub habits: &'a Habits,
    /// Whether a mask that is sent back leaves the value behind it as it is; else nobody knows what it does.
    pub mask_is_unchanged: bool,
    /// Tells by a document's path whether its masks are fields that the page never fills and a browser sends back as they are.
    pub unseen: &'a Unseen<'a>,
    /// Whether the backup is of the very instance that is written to.
    pub own: bool,
    /// Names (or paths) of the documents to be written last, the very last one at the end.
    pub last: &'a [String],
    /// What is to be said when a step changes a certain key.
    pub notices: &'a [Notice],
    /// Values known to have been entered.
    pub entered: &'a Entered<'a>,
    /// Values known to be ciphertext of another instance.
    pub foreign: &'a Foreign<'a>,
    /// Real values to be entered where one would wait.
    pub given: &'a Given<'a>,
}

/// Is what a restore would do.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// The writes, in the order to be made; one for each document that would change.
    pub steps: Vec<Step>,
    /// Paths of documents that are already as wanted.
    pub unchanged: Vec<String>,
    /// Paths of documents that only live has: they are left alone.
    pub only_live: Vec<String>,
    /// Paths of documents that only the backup has: they must be made by hand.
    pub only_archived: Vec<String>,
    /// Documents that would change, but cannot or must not be written.
    pub refused: Vec<Refusal>,
    /// All values that a person must still enter, those of unchanged and refused documents included.
    pub waits: Vec<Wait>,
    /// Keys that differ and are left as they are, since the instance does not let them be changed.
    pub sealed: Vec<Left>,
    /// Keys that differ and are left as they are, since somebody has changed them after the run that is taken back.
    pub changed_since: Vec<Left>,
}

/// Is a key that is left as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Left {
    /// Path of the document.
    pub document: String,
    /// The key.
    #[serde(flatten)]
    pub at: KeyAt,
}

impl Plan {
    /// Tells whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }
}

/// Makes the plan that brings live to what was archived, as far as it is selected.
///
/// Fails only when ciphertext of another instance is asked for.
pub fn make(input: &PlanInput<'_>) -> Result<Plan> {
    if input.encrypted == Encrypted::Archived && !input.own {
        return Err(Error::new(
            Kind::Refused,
            "The encrypted values of another instance's backup are never sent: `--encrypted archived` is for an \
             instance's own backups.",
        )
        .hint("leave `--encrypted` out: the live values stay as they are, and the plan says which to enter"));
    }
    let mut plan = Plan::default();
    for pair in pair(input.archived, input.live) {
        let path = pair.path().to_owned();
        match (pair.from, pair.to) {
            _ if input.selection.extent(&path) == Extent::Nothing => {}
            // What only records what is there has nothing to be written to.
            _ if pair.from.or(pair.to).is_some_and(Document::is_record) => {}
            _ if pair.to.is_some_and(Document::is_record) => {}
            (Some(archived), Some(live)) => document::plan(archived, live, input, &mut plan),
            (None, Some(_)) => plan.only_live.push(path),
            (_, None) => plan.only_archived.push(path),
        }
    }
    plan.steps.sort_by_key(|step| rank(&step.document, input.last));
    Ok(plan)
}

/// 0 for a document that comes in its turn, else its place among those that come last.
fn rank(path: &str, last: &[String]) -> usize {
    let name = path.split_once('/').map_or(path, |(_, name)| name);
    let is = |word: &String| word.eq_ignore_ascii_case(name) || word.eq_ignore_ascii_case(path);
    last.iter().position(is).map_or(0, |place| place + 1)
}
