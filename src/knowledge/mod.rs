//! What is publicly known of configuration files and their keys, and how surely.
//!
//! The knowledge is data (`keys.toml`), each sentence with its source. It knows no instance and judges no value: whether
//! a key is secret or differs by environment, the rules of `sensitive` and `environment` say by its name.

use std::collections::HashSet;
use std::fmt;
use std::sync::LazyLock;

use globset::{GlobBuilder, GlobMatcher};
use serde::{Deserialize, Serialize, Serializer};

use crate::error::{Error, Kind, Result};
use crate::selection::nearest;

#[cfg(test)]
mod tests;

const DATA: &str = include_str!("keys.toml");

/// Says where a sentence comes from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub enum Source {
    /// An article of SAP's, by its number.
    Article(String),
    /// Public articles of SAP's.
    Articles,
    /// Other public documentation.
    Seen,
    /// Nobody says so; it follows from the others.
    Inferred,
}

impl From<String> for Source {
    fn from(word: String) -> Self {
        match word.as_str() {
            "article" => Self::Articles,
            "seen" => Self::Seen,
            "inferred" => Self::Inferred,
            _ => Self::Article(word),
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Article(number) => write!(f, "SAP's article {number}"),
            Self::Articles => f.write_str("SAP's public articles"),
            Self::Seen => f.write_str("seen in public documentation"),
            Self::Inferred => f.write_str("inferred"),
        }
    }
}

impl Serialize for Source {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Is what is known of a document, or of a key.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Entry {
    /// A document's name, or `DOCUMENT:key`, where `*` stands for anything.
    #[serde(alias = "name")]
    pub place: String,
    /// What it is, in sentences.
    pub what: String,
    /// Where that comes from.
    pub source: Source,
    /// What changing it sets off.
    pub changing: Option<String>,
    /// Where that comes from, where it is not the same.
    pub changing_source: Option<Source>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    document: Vec<Entry>,
    key: Vec<Entry>,
}

/// Says what a person asks about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A document, by the name it is known by.
    Document(String),
    /// A key, perhaps of one document only.
    Key {
        /// The document as typed.
        document: Option<String>,
        /// The key as typed.
        key: String,
    },
}

static KNOWN: LazyLock<Data> = LazyLock::new(|| {
    toml::from_str(DATA).unwrap_or(Data {
        document: Vec::new(),
        key: Vec::new(),
    })
});

impl Subject {
    /// Reads `DOCUMENT:KEY`, a key, or the name of a document that is known.
    ///
    /// # Errors
    /// [`Kind::Usage`] for a word that can be neither. A value that stands behind the key is not repeated.
    pub fn read(word: &str) -> Result<Self> {
        let word = word.trim();
        if let Some(known) = document(word) {
            return Ok(Self::Document(known.place.clone()));
        }
        let wrong = |sentence: String| {
            Err(Error::new(Kind::Usage, sentence)
                .hint("lmskeep explain CONNECTORS:connector.ftp.server")
                .hint("lmskeep explain BIZX"))
        };
        if let Some((key, _)) = word.split_once('=') {
            let key = key.trim();
            return wrong(match key.is_empty() {
                true => "A key is explained, and none was given.".to_owned(),
                false => {
                    format!("`{key}` is explained without its value: leave out the `=` and what follows.")
                }
            });
        }
        let (document, key) = match word.split_once(':') {
            Some((document, key)) => (Some(document.trim()), key.trim()),
            None => (None, word),
        };
        let says_something = |text: &str| text.chars().any(char::is_alphanumeric);
        if word.is_empty() {
            return wrong("A key is explained, and none was given.".to_owned());
        }
        if !says_something(key)
            || key.contains(char::is_whitespace)
            || document.is_some_and(|d| !says_something(d))
        {
            return wrong(format!("`{word}` is neither a key nor a document."));
        }
        Ok(Self::Key {
            document: document.map(str::to_owned),
            key: key.to_owned(),
        })
    }

    /// The entries about it; the most exact first.
    pub fn entries(&self) -> Vec<&'static Entry> {
        match self {
            Self::Document(name) => KNOWN
                .document
                .iter()
                .filter(|entry| entry.place == *name)
                .collect(),
            Self::Key { document, key } => {
                let fits = |entry: &&Entry| entry.is_about(document.as_deref(), key);
                let mut found: Vec<&Entry> = KNOWN.key.iter().filter(fits).collect();
                found.sort_by_key(|entry| entry.key().contains('*'));
                let exact = found.iter().any(|entry| !entry.key().contains('*'));
                found.retain(|entry| !exact || !entry.key().contains('*'));
                found
            }
        }
    }

    /// The known places most like it, at most three: first those where the same key stands in another document.
    pub fn near(&self) -> Vec<&'static str> {
        let Self::Key { document, key } = self else {
            return Vec::new();
        };
        let places = || KNOWN.key.iter().map(|entry| entry.place.as_str());
        let elsewhere = KNOWN.key.iter().filter(|entry| entry.is_about(None, key));
        let mut near: Vec<&str> = elsewhere.map(|entry| entry.place.as_str()).collect();
        match document {
            Some(document) => near.extend(nearest(&format!("{document}:{key}"), places())),
            None => {
                // Documents have names without a stop.
                if !key.contains('.') {
                    near.extend(nearest(
                        key,
                        KNOWN.document.iter().map(|entry| entry.place.as_str()),
                    ));
                }
                for known in nearest(key, KNOWN.key.iter().map(Entry::key)) {
                    near.extend(
                        places().filter(|place| place.split_once(':').is_some_and(|(_, key)| key == known)),
                    );
                }
            }
        }
        let mut seen = HashSet::new();
        near.retain(|place| seen.insert(*place));
        near.truncate(3);
        near
    }
}

impl Entry {
    /// The document that it is or stands in.
    pub fn document(&self) -> &str {
        self.place
            .split_once(':')
            .map_or(self.place.as_str(), |(document, _)| document)
    }

    /// The key, with `*` for anything; nothing for a document.
    pub fn key(&self) -> &str {
        self.place.split_once(':').map_or("", |(_, key)| key)
    }

    /// Where the sentence about changing comes from.
    pub fn changing_source(&self) -> &Source {
        self.changing_source.as_ref().unwrap_or(&self.source)
    }

    fn is_about(&self, document: Option<&str>, key: &str) -> bool {
        document.is_none_or(|document| is_same(self.document(), document))
            && glob(self.key()).is_some_and(|glob| glob.is_match(key))
    }
}

/// The keys of a document of which something is known.
pub fn keys_of(document: &str) -> Vec<&'static Entry> {
    KNOWN
        .key
        .iter()
        .filter(|entry| is_same(entry.document(), document))
        .collect()
}

/// What is known of a document, however its name is spelled.
pub fn document(name: &str) -> Option<&'static Entry> {
    KNOWN.document.iter().find(|entry| is_same(&entry.place, name))
}

/// `LMS Admin`, `LMS_ADMIN` and `configuration/LMS_ADMIN` are one document.
fn is_same(known: &str, typed: &str) -> bool {
    let letters = |name: &str| {
        let name = name.rsplit('/').next().unwrap_or(name);
        let letters = name.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect::<String>()
    };
    letters(known) == letters(typed) && !letters(typed).is_empty()
}

fn glob(key: &str) -> Option<GlobMatcher> {
    let built = GlobBuilder::new(key).case_insensitive(true).build();
    built.ok().map(|glob| glob.compile_matcher())
}
