//! A pattern that names documents, or keys in documents: `BIZX`, `configuration/*`, `CONNECTORS:connector.ftp.*`.
//!
//! `*` and `?` stand for anything, in a document for anything but `/`. Documents are compared without case, as people write
//! their names; keys with case, as Java does.

use globset::{GlobBuilder, GlobMatcher};

use crate::error::{Error, Kind, Result};

/// Names documents, or keys in them.
#[derive(Debug, Clone)]
pub struct Pattern {
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

impl Pattern {
    /// Reads a pattern as it is typed.
    ///
    /// # Errors
    /// [`Kind::Usage`] for one that is empty or cannot be read.
    pub fn read(text: &str) -> Result<Self> {
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

    /// Names one document by its path, whatever letters stand in it.
    ///
    /// # Errors
    /// None for a path of a document; an empty one is a usage error.
    pub fn of_document(path: &str) -> Result<Self> {
        Ok(Self {
            text: path.to_owned(),
            document: Glob {
                matcher: glob(path, &globset::escape(path), true)?,
                name_only: false,
            },
            key: None,
        })
    }

    /// The pattern as it was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Tells whether it names a document.
    pub fn is_document(&self, path: &str) -> bool {
        self.document.matches(path)
    }

    /// Tells whether it may name documents of a part, or keys in them, given the paths that are known of other parts: a
    /// plain name that one of those has is that one's.
    pub fn may_be_in(&self, part: &str, known: &[&str]) -> bool {
        let document = self.key.as_ref().map(|(document, _)| document);
        let globs = || std::iter::once(&self.document).chain(document);
        match self.text.split_once('/') {
            Some((first, _)) if !first.contains(':') => {
                first.contains(['*', '?', '[', '{', '\\']) || first.eq_ignore_ascii_case(part)
            }
            _ if self.text.contains(['*', '?', '[', '{']) => true,
            _ => !known.iter().any(|path| globs().any(|glob| glob.matches(path))),
        }
    }

    /// Tells whether it names all documents of a part, whatever they are.
    pub fn is_part(&self, part: &str) -> bool {
        let all = self.text.strip_suffix("/*");
        all.is_some_and(|named| named.eq_ignore_ascii_case(part))
    }

    /// Tells whether it names keys in a document.
    pub fn has_keys_in(&self, path: &str) -> bool {
        self.key
            .as_ref()
            .is_some_and(|(document, _)| document.matches(path))
    }

    /// Tells whether it names a key of a document.
    pub fn is_key(&self, path: &str, key: &str) -> bool {
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
    .hint("a pattern is a document (`BIZX`, `configuration/*`), keys in one (`CONNECTORS:connector.ftp.*`), or `@environment`")
}
