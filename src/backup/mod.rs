//! What was captured: documents, the instance they belong to, and the backup that holds them.
//!
//! Values only. It knows neither how a document was read nor where a backup is kept.

mod contract;
mod file;
mod habits;
mod refresh;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use contract::{Contract, Contracts};
pub use file::{Media, file_of_text, text_of_file};
pub use habits::{Habits, KeyOf};
pub use refresh::{looks_refreshed, marker_values};

/// Says how a document's text is to be compared and merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Java properties: compared and merged key by key.
    Properties,
    /// Anything else: compared line by line, written as a whole.
    Plain,
    /// The bytes of a file as [`text_of_file`] writes them: compared and written as a whole.
    File,
}

/// Why a document is read-only that tells what is there, and that nothing can be written to.
pub const RECORD: &str = "it is a record of what is there, to be compared";

impl Format {
    /// Guesses the format of a configuration file from its text: markup and JSON are plain, all else is
    /// properties (domain §4: "Some may be XML or something else").
    pub fn sniff(text: &str) -> Self {
        match text
            .trim_start_matches('\u{feff}')
            .trim_start()
            .as_bytes()
            .first()
        {
            Some(b'<' | b'{') => Format::Plain,
            _ => Format::Properties,
        }
    }
}

/// One captured thing with a path, such as `configuration/BIZX`.
#[derive(Clone, PartialEq, Eq)]
pub struct Document {
    /// Part of the LMS and name in it, joined by `/`.
    pub path: String,
    /// The text, UTF-8 with LF as line end.
    pub text: String,
    /// How the text is compared and merged.
    pub format: Format,
    /// Why the instance would not take a change of it, when its page says so.
    pub read_only: Option<String>,
}

/// Shows no text: it may hold secrets (promise 10).
impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document")
            .field("path", &self.path)
            .field("bytes", &self.text.len())
            .field("format", &self.format)
            .field("read_only", &self.read_only)
            .finish()
    }
}

impl Document {
    /// The name without the part: `BIZX` of `configuration/BIZX`.
    pub fn name(&self) -> &str {
        self.path
            .split_once('/')
            .map_or(self.path.as_str(), |(_, name)| name)
    }

    /// What it holds, as it is stored and exported: the bytes of a file, else the text. A file that cannot be read back
    /// from its text is its text.
    pub fn content(&self) -> Cow<'_, [u8]> {
        let file = (self.format == Format::File).then(|| file_of_text(&self.text));
        file.flatten()
            .map_or(Cow::Borrowed(self.text.as_bytes()), Cow::Owned)
    }

    /// Tells whether it is a file.
    pub fn is_file(&self) -> bool {
        self.format == Format::File
    }

    /// Tells whether it only records what is there.
    pub fn is_record(&self) -> bool {
        self.read_only.as_deref() == Some(RECORD)
    }
}

/// Tells one LMS from another by what a refresh does not copy (promise 8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Scheme, host and port, as `https://stage.example.com:8443`; the scheme's own port is left out.
    pub origin: String,
    /// Texts that the profile names and a refresh leaves alone, by the profile's name for them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub texts: BTreeMap<String, String>,
}

/// What a backup is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BackupKind {
    /// Complete, of the instance as it is meant to be: what `latest` may choose.
    Ordinary,
    /// Only some documents were asked for.
    Partial,
    /// Taken when a refresh had already been over the instance.
    AfterRefresh,
    /// The state a restore's plan was made from; `undo` goes back to it.
    Safety,
}

impl BackupKind {
    /// The word that stands in file names and lists.
    pub fn word(self) -> &'static str {
        match self {
            BackupKind::Ordinary => "ordinary",
            BackupKind::Partial => "partial",
            BackupKind::AfterRefresh => "after-refresh",
            BackupKind::Safety => "safety",
        }
    }

    /// Reads the word back.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Ordinary, Self::Partial, Self::AfterRefresh, Self::Safety]
            .into_iter()
            .find(|k| k.word() == word)
    }
}

/// A backup before it has been stored: everything but its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The instance's name in the configuration.
    pub instance: String,
    /// Which LMS answered.
    pub identity: Identity,
    /// When reading began.
    pub taken: Timestamp,
    /// What it is good for.
    pub kind: BackupKind,
    /// Name of the profile its pages were read with, or `import`.
    pub profile: String,
    /// All documents, sorted by path, no path twice.
    pub documents: Vec<Document>,
    /// What their pages were like; nothing where they came from files.
    pub pages: Contracts,
    /// Keys whose values the instance was seen to encrypt although no rule says so.
    pub learned: BTreeSet<KeyOf>,
}

/// A stored backup, with its documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// Hexadecimal id, derived from the content of the backup file.
    pub id: String,
    /// What was stored.
    pub content: Draft,
}

impl Draft {
    /// Finds a document by its path.
    pub fn document(&self, path: &str) -> Option<&Document> {
        self.documents.iter().find(|d| d.path == path)
    }
}

/// Gives the SHA-256 of a content, in hexadecimal.
pub fn content_hash(content: &[u8]) -> String {
    hex::encode(Sha256::digest(content))
}
