//! What `DOC[:KEY]` means, among all documents that an instance ever had.

use std::collections::BTreeSet;

use crate::error::{Error, Kind, Result};
use crate::selection::nearest;

/// Finds the document, and the key behind its colon, if one is named. A document's own name may hold colons: what names a
/// document as a whole is that document, and then the longest name counts.
///
/// # Errors
/// [`Kind::Usage`] where no document, or more than one, has the name.
pub(super) fn find<'a>(
    instance: &str,
    words: &'a str,
    paths: &BTreeSet<&'a str>,
) -> Result<(&'a str, Option<&'a str>)> {
    let parted = words
        .rmatch_indices(':')
        .map(|(at, _)| (&words[..at], Some(&words[at + 1..])));
    for (document, key) in std::iter::once((words, None)).chain(parted) {
        let found = named(document, paths);
        match found.as_slice() {
            [] => {}
            _ if key == Some("") => {
                return Err(
                    Error::new(Kind::Usage, format!("In `{words}` nothing stands after the `:`."))
                        .hint("name a key, as in `BIZX:baseURL`, or leave the colon out"),
                );
            }
            [path] => return Ok((path, key)),
            several => {
                let error = Error::new(Kind::Usage, format!("Several documents are called `{document}`."));
                let behind = key.map(|key| format!(":{key}")).unwrap_or_default();
                return Err(several.iter().fold(error, |error, path| {
                    error.hint(format!("name it in full: `{path}{behind}`"))
                }));
            }
        }
    }
    let document = words.split(':').next().unwrap_or_default();
    let names = paths
        .iter()
        .map(|path| path.split_once('/').map_or(*path, |(_, name)| name));
    let error = Error::new(Kind::Usage, format!("No backup has a document `{document}`."));
    Err(match nearest(document, names).first() {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error.hint(format!("see which there are: lmskeep show {instance}")),
    })
}

/// The documents of that path or name: with its very letters, or else whatever the case. Spellings of one path count once.
fn named<'a>(name: &str, paths: &BTreeSet<&'a str>) -> Vec<&'a str> {
    let is = |path: &&&str, same: fn(&str, &str) -> bool| {
        same(path, name) || path.split_once('/').is_some_and(|(_, short)| same(short, name))
    };
    let exact: Vec<&str> = paths
        .iter()
        .filter(|path| is(path, |a, b| a == b))
        .copied()
        .collect();
    if !exact.is_empty() {
        return exact;
    }
    let alike = |a: &str, b: &str| a.to_lowercase() == b.to_lowercase();
    let mut found: Vec<&str> = paths.iter().filter(|path| is(path, alike)).copied().collect();
    found.dedup_by(|a, b| alike(a, b));
    found
}

/// Says that a document never had a key, offering the nearest.
pub(super) fn no_key<'k>(
    instance: &str,
    path: &str,
    key: &str,
    keys: impl Iterator<Item = &'k str>,
) -> Error {
    let name = path.split_once('/').map_or(path, |(_, name)| name);
    let error = Error::new(Kind::Usage, format!("No backup has a key `{key}` in `{path}`."));
    match nearest(key, keys).first() {
        Some(near) => error.hint(format!("did you mean `{name}:{near}`?")),
        None => error.hint(format!("see which there are: lmskeep show {instance} {name}")),
    }
}
