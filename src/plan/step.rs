//! One write, and what a person should know about it.

use std::fmt;

use serde::Serialize;

use crate::backup::Format;
use crate::diff::DocumentDiff;

/// Is the write of one document.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// Path of the document, as live has it.
    pub document: String,
    /// How the document is compared: by key where both texts are Java properties.
    pub format: Format,
    /// The live text the plan was made from; the write is refused when live is no longer this.
    #[serde(skip)]
    pub seen: String,
    /// The text to be written, with LF as line end.
    #[serde(skip)]
    pub wanted: String,
    /// What the write changes: from live to wanted.
    pub changes: DocumentDiff,
    /// Keys that live has and the wanted text lacks.
    pub dropped: Vec<KeyAt>,
    /// Keys that live has and the backup lacks, and that stay.
    pub stays: Vec<KeyAt>,
    /// Keys whose real value is written: the LMS is expected to show another.
    pub entered: Vec<KeyAt>,
    /// Encrypted keys whose live value is sent back as it is.
    pub kept: Vec<KeyAt>,
    /// Encrypted keys that read otherwise each time, as was found when the step's turn came.
    #[serde(skip)]
    pub reread: Vec<KeyAt>,
    /// Values of this document that a person must still enter.
    pub waits: Vec<Wait>,
    /// What to say before this is confirmed.
    pub warnings: Vec<Warning>,
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Step")
            .field("document", &self.document)
            .field("changes", &self.changes)
            .field("dropped", &self.dropped)
            .field("stays", &self.stays)
            .field("entered", &self.entered)
            .field("kept", &self.kept)
            .field("waits", &self.waits)
            .field("warnings", &self.warnings)
            .finish_non_exhaustive()
    }
}

/// Names an entry of a document.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyAt {
    /// The key as Java reads it.
    pub key: String,
    /// 1 for the first entry of this key, 2 for its first duplicate, and so on.
    pub occurrence: usize,
}

/// Is a value that a person must still enter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Wait {
    /// Path of the document.
    pub document: String,
    /// The key as Java reads it.
    pub key: String,
    /// 1 for the first entry of this key, 2 for its first duplicate, and so on.
    pub occurrence: usize,
    /// Why it waits.
    pub why: Why,
}

impl Wait {
    /// Says that the value of a key waits.
    pub fn at(document: &str, at: &KeyAt, why: Why) -> Self {
        Self {
            document: document.to_owned(),
            key: at.key.clone(),
            occurrence: at.occurrence,
            why,
        }
    }
}

/// Says why a value waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Why {
    /// Live keeps its own encrypted value, which is not the archived one.
    Kept,
    /// Live lacks the encrypted key, so it is left out.
    Missing,
    /// The archive has only a mask, or live shows one: nobody can tell what is behind it.
    Mask,
    /// The value is emptied, as asked.
    Cleared,
    /// Saving the document encrypts once more what is encrypted already, and so breaks it.
    Again,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Why::Kept => "live keeps an encrypted value that is not the one in the backup",
            Why::Missing => "live lacks this encrypted key, so it is left out",
            Why::Mask => "only a mask is known of this value",
            Why::Cleared => "the encrypted value is emptied",
            Why::Again => "saving encrypted it once more, which breaks it",
        })
    }
}

/// Says why a document that would change is not written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Refusal {
    /// Path of the document.
    pub document: String,
    /// The reason, a full sentence.
    pub why: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// Is something to say before a step is confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "warning")]
pub enum Warning {
    /// The instance encrypts once more what is encrypted already: saving breaks these values.
    Again {
        /// The keys.
        keys: Vec<KeyAt>,
    },
    /// A key changes that has a notice of its own.
    Notice {
        /// The key.
        key: String,
        /// The notice, a full sentence.
        text: String,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Warning::Again { keys } => {
                let keys: Vec<String> = keys.iter().map(|at| format!("`{}`", at.key)).collect();
                write!(
                    f,
                    "This instance encrypts once more what is encrypted already: saving breaks {}, to be entered again.",
                    keys.join(", ")
                )
            }
            Warning::Notice { text, .. } => f.write_str(text),
        }
    }
}

/// Is what to say when a step changes a certain key: data of the profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Name of the document, compared without case.
    pub document: String,
    /// The key as Java reads it.
    pub key: String,
    /// Only when the key becomes this value, compared without case; any change when there is none.
    pub value: Option<String>,
    /// What to say, a full sentence.
    pub text: String,
}
