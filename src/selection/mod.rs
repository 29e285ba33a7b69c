//! Which documents and keys a command is about: `--only` and `--except`.
//!
//! A pattern is a document, or a document and a key in it: `BIZX` (that name in any part), `configuration/*`,
//! `CONNECTORS:connector.ftp.*`. `*` and `?` stand for anything, in a document for anything but `/`. Documents
//! are compared without case, as people write their names; keys with case, as Java does.
//!
//! `@environment` stands for the keys that [`crate::environment`] finds. Which those are is known once the documents are
//! ([`Selection::among`]); until then every document is meant, and none of its keys.

use std::collections::HashSet;

use crate::backup::{Document, Format};
use crate::environment::judge;
use crate::error::{Error, Kind, Result};
use crate::pattern::Pattern;
use crate::properties::Properties;
use crate::sensitive::Rules;

#[cfg(test)]
mod tests;

/// Says which documents and keys are meant; the default is all of them.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    only: Vec<Meant>,
    except: Vec<Meant>,
}

/// Says how much of a document a selection takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Nothing of it.
    Nothing,
    /// Only the keys named: comments and order are not meant.
    Keys,
    /// The document, but for the keys that are excepted.
    AllBut,
    /// All of it.
    Whole,
}

/// Names that stand for several patterns, as they are typed.
const NAMES: [&str; 1] = ["@environment"];

#[derive(Debug, Clone)]
enum Meant {
    Pattern(Box<Pattern>),
    /// `@environment`, and the keys it was found to stand for: paths in lower case, and keys.
    Environment(Option<HashSet<(String, String)>>),
}

impl Selection {
    /// Reads patterns as typed; no `only` means everything, `except` takes away from that.
    ///
    /// An empty or unreadable pattern is a usage error.
    pub fn new(only: &[String], except: &[String]) -> Result<Self> {
        let read = |patterns: &[String]| {
            patterns
                .iter()
                .map(|p| Meant::read(p))
                .collect::<Result<Vec<_>>>()
        };
        Ok(Self {
            only: read(only)?,
            except: read(except)?,
        })
    }

    /// Means these documents by their paths, whatever letters stand in them.
    ///
    /// # Errors
    /// None for a path of a document; an empty one is a usage error.
    pub fn of_documents<'a>(paths: impl IntoIterator<Item = &'a str>) -> Result<Self> {
        let pattern = |path: &str| Pattern::of_document(path).map(Meant::from);
        Ok(Self {
            only: paths.into_iter().map(pattern).collect::<Result<_>>()?,
            except: Vec::new(),
        })
    }

    /// Says which keys `@environment` stands for: those that belong to the environment in any of these documents, by their
    /// names or by any of their values. Without that name nothing changes.
    #[must_use]
    pub fn among<'a>(&self, rules: &Rules, documents: impl IntoIterator<Item = &'a Document>) -> Self {
        let is_name = |pattern: &Meant| matches!(pattern, Meant::Environment(_));
        if !self.only.iter().chain(&self.except).any(is_name) {
            return self.clone();
        }
        let keys: HashSet<(String, String)> = documents
            .into_iter()
            .filter(|document| document.format == Format::Properties)
            .flat_map(|document| environment(rules, document))
            .collect();
        let settle = |patterns: &[Meant]| {
            let settled = |pattern: &Meant| match pattern {
                Meant::Environment(_) => Meant::Environment(Some(keys.clone())),
                pattern => pattern.clone(),
            };
            patterns.iter().map(settled).collect()
        };
        Self {
            only: settle(&self.only),
            except: settle(&self.except),
        }
    }

    /// Takes these patterns away from what is meant.
    ///
    /// # Errors
    /// [`Kind::Usage`] for a pattern that cannot be read.
    pub fn but(&self, except: &[String]) -> Result<Self> {
        let more = Self::new(&[], except)?.except;
        let except = self.except.iter().cloned().chain(more).collect();
        Ok(Self {
            only: self.only.clone(),
            except,
        })
    }

    /// Takes these documents away, by their paths, whatever letters stand in them.
    ///
    /// # Errors
    /// None for a path of a document; an empty one is a usage error.
    pub fn but_documents<'a>(&self, paths: impl IntoIterator<Item = &'a str>) -> Result<Self> {
        let more = Self::of_documents(paths)?.only;
        let except = self.except.iter().cloned().chain(more).collect();
        Ok(Self {
            only: self.only.clone(),
            except,
        })
    }

    /// Tells whether everything is meant.
    pub fn is_all(&self) -> bool {
        self.only.is_empty() && self.except.is_empty()
    }

    /// Says how much of a document is meant, by its path.
    pub fn extent(&self, path: &str) -> Extent {
        let whole = self.only.is_empty() || self.only.iter().any(|p| p.is_document(path));
        let keys = self.only.iter().any(|p| p.has_keys_in(path));
        if !(whole || keys) || self.except.iter().any(|p| p.is_document(path)) {
            Extent::Nothing
        } else if !whole {
            Extent::Keys
        } else if self.except.iter().any(|p| p.has_keys_in(path)) {
            Extent::AllBut
        } else {
            Extent::Whole
        }
    }

    /// Tells whether a document, or at least keys in it, are meant.
    pub fn selects_document(&self, path: &str) -> bool {
        self.extent(path) != Extent::Nothing
    }

    /// Tells whether anything of a part can be meant, given the paths of the documents that other parts have.
    pub fn may_mean(&self, part: &str, known: &[&str]) -> bool {
        let pattern = |meant: &Meant, is: &dyn Fn(&Pattern) -> bool| match meant {
            Meant::Pattern(pattern) => is(pattern),
            Meant::Environment(_) => false,
        };
        let chosen = |meant: &Meant| match meant {
            Meant::Pattern(pattern) => pattern.may_be_in(part, known),
            Meant::Environment(_) => true,
        };
        (self.only.is_empty() || self.only.iter().any(chosen))
            && !self
                .except
                .iter()
                .any(|meant| pattern(meant, &|p| p.is_part(part)))
    }

    /// Tells whether a key of a document is meant.
    pub fn selects_key(&self, path: &str, key: &str) -> bool {
        // As long as it is not known what a name stands for, no key is meant: neither one chosen nor one not excepted.
        let named = |patterns: &[Meant], unknown: bool| {
            patterns
                .iter()
                .any(|p| p.is_document(path) || p.is_key(path, key).unwrap_or(unknown))
        };
        (self.only.is_empty() || named(&self.only, false)) && !named(&self.except, true)
    }

    /// Gives the patterns, as typed, that name none of the documents.
    pub fn unmatched(&self, paths: &[&str]) -> Vec<&str> {
        self.without(|p| {
            paths
                .iter()
                .any(|path| p.is_document(path) || p.has_keys_in(path))
        })
    }

    /// Gives the patterns with a key, as typed, that name a document's path but none of its keys.
    pub fn unmatched_keys(&self, keys: &[(&str, &str)]) -> Vec<&str> {
        self.without(|p| {
            let mut there = keys
                .iter()
                .filter(|(path, _)| p.is_document(path) || p.has_keys_in(path))
                .peekable();
            let is_meant = |path: &str, key: &str| p.is_document(path) || p.is_key(path, key) == Some(true);
            there.peek().is_none() || there.any(|(path, key)| is_meant(path, key))
        })
    }

    fn without(&self, matched: impl Fn(&Meant) -> bool) -> Vec<&str> {
        self.only
            .iter()
            .chain(&self.except)
            .filter_map(|p| match p {
                Meant::Pattern(pattern) => (!matched(p)).then_some(pattern.text()),
                // A name is understood whether or not there is something it stands for.
                Meant::Environment(_) => None,
            })
            .collect()
    }
}

impl From<Pattern> for Meant {
    fn from(pattern: Pattern) -> Self {
        Self::Pattern(Box::new(pattern))
    }
}

impl Meant {
    fn read(text: &str) -> Result<Self> {
        match text {
            text if NAMES.contains(&text) => Ok(Self::Environment(None)),
            text if text.starts_with('@') => Err(unknown_name(text)),
            text => Pattern::read(text).map(Self::from),
        }
    }

    fn is_document(&self, path: &str) -> bool {
        match self {
            Self::Pattern(pattern) => pattern.is_document(path),
            Self::Environment(_) => false,
        }
    }

    fn has_keys_in(&self, path: &str) -> bool {
        match self {
            Self::Pattern(pattern) => pattern.has_keys_in(path),
            Self::Environment(None) => true,
            Self::Environment(Some(keys)) => keys.iter().any(|(known, _)| *known == path.to_lowercase()),
        }
    }

    /// `None` where that is not known yet.
    fn is_key(&self, path: &str, key: &str) -> Option<bool> {
        match self {
            Self::Pattern(pattern) => Some(pattern.is_key(path, key)),
            Self::Environment(keys) => {
                let place = (path.to_lowercase(), key.to_owned());
                keys.as_ref().map(|keys| keys.contains(&place))
            }
        }
    }
}

/// The keys of a document that belong to the environment.
fn environment(rules: &Rules, document: &Document) -> Vec<(String, String)> {
    let path = document.path.to_lowercase();
    let text = Properties::parse_leniently(&document.text);
    let found = text.entries().filter_map(|(_, key, value)| {
        let key = key.to_string_lossy();
        judge(rules, &document.path, &key, &value.to_string_lossy())?;
        Some((path.clone(), key))
    });
    found.collect()
}

fn unknown_name(text: &str) -> Error {
    let names: Vec<String> = NAMES.iter().map(|name| format!("`{name}`")).collect();
    let error = Error::new(
        Kind::Usage,
        format!("There is no `{text}` that stands for several keys."),
    );
    error
        .hint(format!(
            "there is {}: all keys that differ between production and stage by nature",
            names.join(", ")
        ))
        .hint("a document's own name that begins with `@` is written with its part, as `*/@name`")
}

/// Gives the names most like a word, best first, at most three; for "did you mean".
pub fn nearest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let word = word.to_lowercase();
    let likeness = |name: &str| {
        let name = name.to_lowercase();
        let short = name.split_once('/').map_or(name.as_str(), |(_, short)| short);
        // One letter amiss is near, also in the shortest of names.
        let slip = strsim::osa_distance(&word, short) <= 1;
        let like = strsim::jaro_winkler(&word, &name).max(strsim::jaro_winkler(&word, short));
        if slip { like.max(0.9) } else { like }
    };
    let mut scored: Vec<(f64, &str)> = names.into_iter().map(|name| (likeness(name), name)).collect();
    scored.retain(|(score, _)| *score >= 0.8);
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    scored.into_iter().map(|(_, name)| name).take(3).collect()
}
