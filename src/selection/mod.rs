//! Which documents and keys a command is about: `--only` and `--except`.
//!
//! A pattern is a document, or a document and a key in it: `BIZX` (that name in any part), `configuration/*`,
//! `CONNECTORS:connector.ftp.*`. `*` and `?` stand for anything, in a document for anything but `/`. Documents
//! are compared without case, as people write their names; keys with case, as Java does.
//!
//! It knows neither what is in a document nor names that stand for several patterns, such as `@environment`.

use globset::{GlobBuilder, GlobMatcher};

use crate::error::{Error, Kind, Result};

#[cfg(test)]
mod tests;

/// Says which documents and keys are meant; the default is all of them.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    only: Vec<Pattern>,
    except: Vec<Pattern>,
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

#[derive(Debug, Clone)]
struct Pattern {
    text: String,
    /// The whole pattern as a document: a document's own name may hold a colon.
    document: Glob,
    /// The pattern as a document and a key.
    key: Option<(Glob, GlobMatcher)>,
}

#[derive(Debug, Clone)]
struct Glob {
    matcher: GlobMatcher,
    /// Without a `/` the name alone is compared, in any part.
    name_only: bool,
}

impl Selection {
    /// Reads patterns as typed; no `only` means everything, `except` takes away from that.
    ///
    /// An empty or unreadable pattern is a usage error.
    pub fn new(only: &[String], except: &[String]) -> Result<Self> {
        let read = |patterns: &[String]| {
            patterns
                .iter()
                .map(|p| Pattern::read(p))
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
        let pattern = |path: &str| {
            let document = Glob {
                matcher: glob(path, &globset::escape(path), true)?,
                name_only: false,
            };
            Ok(Pattern {
                text: path.to_owned(),
                document,
                key: None,
            })
        };
        Ok(Self {
            only: paths.into_iter().map(pattern).collect::<Result<_>>()?,
            except: Vec::new(),
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

    /// Tells whether a key of a document is meant.
    pub fn selects_key(&self, path: &str, key: &str) -> bool {
        let named = |patterns: &[Pattern]| {
            patterns
                .iter()
                .any(|p| p.is_document(path) || p.is_key(path, key))
        };
        (self.only.is_empty() || named(&self.only)) && !named(&self.except)
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
            there.peek().is_none() || there.any(|(path, key)| p.is_document(path) || p.is_key(path, key))
        })
    }

    fn without(&self, matched: impl Fn(&Pattern) -> bool) -> Vec<&str> {
        self.only
            .iter()
            .chain(&self.except)
            .filter(|p| !matched(p))
            .map(|p| p.text.as_str())
            .collect()
    }
}

impl Pattern {
    fn read(text: &str) -> Result<Self> {
        let key = match text.split_once(':') {
            Some((document, key)) if document.is_empty() || key.is_empty() => {
                return Err(unreadable(text, "the document or the key is missing"));
            }
            Some((document, key)) => Some((Glob::read(text, document)?, glob(text, key, false)?)),
            None if text.is_empty() => return Err(unreadable(text, "it is empty")),
            None => None,
        };
        Ok(Self {
            text: text.to_owned(),
            document: Glob::read(text, text)?,
            key,
        })
    }

    fn is_document(&self, path: &str) -> bool {
        self.document.matches(path)
    }

    fn has_keys_in(&self, path: &str) -> bool {
        self.key
            .as_ref()
            .is_some_and(|(document, _)| document.matches(path))
    }

    fn is_key(&self, path: &str, key: &str) -> bool {
        self.key
            .as_ref()
            .is_some_and(|(document, keys)| document.matches(path) && keys.is_match(key))
    }
}

impl Glob {
    fn read(pattern: &str, document: &str) -> Result<Self> {
        Ok(Self {
            matcher: glob(pattern, document, true)?,
            name_only: !document.contains('/'),
        })
    }

    fn matches(&self, path: &str) -> bool {
        let name = path.split_once('/').map_or(path, |(_, name)| name);
        self.matcher.is_match(if self.name_only { name } else { path })
    }
}

fn glob(pattern: &str, part: &str, document: bool) -> Result<GlobMatcher> {
    GlobBuilder::new(part)
        .case_insensitive(document)
        .literal_separator(document)
        .backslash_escape(true)
        .build()
        .map(|glob| glob.compile_matcher())
        .map_err(|error| unreadable(pattern, &error.kind().to_string()))
}

fn unreadable(pattern: &str, why: &str) -> Error {
    Error::new(
        Kind::Usage,
        format!("The pattern `{pattern}` cannot be read: {why}."),
    )
    .hint("a pattern is a document (`BIZX`, `configuration/*`) or keys in one (`CONNECTORS:connector.ftp.*`)")
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
