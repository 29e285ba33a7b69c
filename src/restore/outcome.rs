//! What became of each document, and of the run.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::backup::Habits;
use crate::error::{Error, Kind};
use crate::plan::{EnteredAs, KeyAt, Wait};

/// How a document ended; each ends as exactly one (promise 3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "outcome")]
pub enum Outcome {
    /// It was sent and reads back equal, but for line ends and keys whose value was entered.
    Written,
    /// It was sent and taken, but what is read back differs in these lines.
    ReadsDifferent {
        /// The lines, with numbers, secrets masked.
        lines: Vec<String>,
        /// Keys of which the instance kept its own value.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        sealed: Vec<KeyAt>,
        /// Whether the plan had said so: nothing differs but values that saving breaks.
        #[serde(skip)]
        announced: bool,
    },
    /// It was equal before.
    Unchanged,
    /// Not written: by us, before anything was sent, or by the server, which did not take it.
    Refused {
        /// Who refused.
        by: By,
        /// Why, as a clause.
        why: String,
    },
    /// Nothing was sent for it.
    NotAttempted {
        /// Why, as a clause.
        why: String,
    },
    /// It was sent, and nothing tells whether it arrived.
    Unknown {
        /// What is known, as a clause.
        why: String,
    },
}

/// Who refused a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// This program, before anything was sent.
    Us,
    /// The instance.
    Server,
}

impl Outcome {
    /// The word of promise 3.
    pub fn word(&self) -> &'static str {
        match self {
            Outcome::Written => "written",
            Outcome::ReadsDifferent { .. } => "written but reads different",
            Outcome::Unchanged => "unchanged",
            Outcome::Refused { .. } => "refused",
            Outcome::NotAttempted { .. } => "not attempted",
            Outcome::Unknown { .. } => "unknown",
        }
    }

    /// The clause that belongs to the word, if there is one.
    pub fn why(&self) -> Option<&str> {
        match self {
            Outcome::Refused { why, .. } | Outcome::NotAttempted { why } | Outcome::Unknown { why } => {
                Some(why)
            }
            _ => None,
        }
    }

    /// Tells whether nothing has gone otherwise than the plan had said.
    pub(crate) fn is_as_planned(&self) -> bool {
        self.is_good() || matches!(self, Outcome::ReadsDifferent { announced: true, .. })
    }

    /// Tells whether the document is as it was wanted.
    pub fn is_good(&self) -> bool {
        matches!(self, Outcome::Written | Outcome::Unchanged)
    }
}

/// A document and how it ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ended {
    /// Its path.
    pub document: String,
    /// How it ended.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// A value that was entered. That it works only its use can tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entered {
    /// The document's path.
    pub document: String,
    /// The key.
    #[serde(flatten)]
    pub at: KeyAt,
    /// How it reads since.
    pub how: EnteredAs,
}

/// What became of a run. It holds texts of documents: it neither prints nor serialises as a whole.
#[derive(Default)]
pub struct Run {
    /// Every document of the plan, in the order it was dealt with.
    pub ended: Vec<Ended>,
    /// True when at least one writing request left this computer.
    pub sent: bool,
    /// Why the run did not go on to its end.
    pub stopped: Option<Error>,
    /// Values that were entered, and how each reads since.
    pub entered: Vec<Entered>,
    /// What the instance was seen to do with what it was sent.
    pub habits: Habits,
    /// Whether ciphertext that was sent back reads as it was sent: the instance does not encrypt it again.
    pub kept_ciphertext: bool,
    /// Values that saving has broken: they must be entered.
    pub broken: Vec<Wait>,
    /// What the documents that were sent read last, by path.
    pub read: BTreeMap<String, String>,
}

impl Run {
    /// Gives the exit code; `waits` tells whether values wait to be entered by hand.
    pub fn exit_code(&self, waits: bool) -> u8 {
        let stopped = self.stopped.as_ref().map(Error::kind);
        let bad = self.ended.iter().any(|e| !e.outcome.is_good());
        match stopped {
            Some(Kind::Stopped) => Kind::Stopped.exit_code(),
            _ if bad && self.sent => Kind::Incomplete.exit_code(),
            Some(kind) if !self.sent => kind.exit_code(),
            _ if bad => Kind::Refused.exit_code(),
            _ if waits => 8,
            _ => 0,
        }
    }
}
