//! Tells by marker keys whether a refresh has been over an instance.
//!
//! A refresh copies configuration, so that a key whose value is an instance's own (company id, base URL) then holds
//! the source's value.

use crate::backup::Document;
use crate::properties::Properties;

/// Says why documents look like those of an instance after a refresh; `None` where they do not.
///
/// `markers` are keys as `part/DOCUMENT:key`; `before` are documents of the instance's newest ordinary backup,
/// `source` those of its source's. What `before` has decides alone: a marker that was always equal to the source's
/// tells nothing.
pub fn looks_refreshed(
    markers: &[String],
    now: &[Document],
    before: Option<&[Document]>,
    source: Option<&[Document]>,
) -> Option<String> {
    markers.iter().find_map(|marker| {
        let (path, key) = marker.split_once(':')?;
        let name = path.split_once('/').map_or(path, |(_, name)| name);
        let value_now = value(now, path, key)?;
        let value_before = before.and_then(|documents| value(documents, path, key));
        let value_source = source.and_then(|documents| value(documents, path, key));
        match (value_before, value_source) {
            (Some(before), _) if before == value_now => None,
            (Some(_), Some(source)) if source == value_now => {
                Some(format!("`{key}` of {name} has the source's value"))
            }
            (Some(_), _) => Some(format!("`{key}` of {name} differs from the last backup")),
            (None, Some(source)) if source == value_now => {
                Some(format!("`{key}` of {name} has the source's value"))
            }
            (None, _) => None,
        }
    })
}

/// The values that markers have in an instance's documents, one a marker that is there.
pub fn marker_values(markers: &[String], documents: &[Document]) -> Vec<String> {
    let of = |marker: &String| {
        let (path, key) = marker.split_once(':')?;
        value(documents, path, key)
    };
    markers.iter().filter_map(of).collect()
}

fn value(documents: &[Document], path: &str, key: &str) -> Option<String> {
    let document = documents.iter().find(|d| d.path.eq_ignore_ascii_case(path))?;
    let value = Properties::parse(&document.text)
        .ok()?
        .get(&key.into())?
        .to_string_lossy();
    (!value.is_empty()).then_some(value)
}
