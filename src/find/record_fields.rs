//! A document that is the fields of a service's JSON: properties text made of them, and the JSON that another text makes.

use std::ops::Range;

use crate::error::{self, Error, Kind};
use crate::find::Unclear;
use crate::page::{Json, quoted};
use crate::profile::{OFF, ON, SWITCH};
use crate::properties::{Line, Properties};

/// Where a field stands in the source, by its key.
type Places = Vec<(String, Range<usize>)>;

/// Reads the fields as properties text, the switch first.
pub(super) fn read(json: Json<'_>, switch: &str, fields: &[String]) -> Result<(String, Places), Unclear> {
    let at = |pointer: &str| {
        let found = json.at(pointer).map_err(Unclear::new)?;
        found.ok_or_else(|| Unclear::new(format!("has no field at `{pointer}`")))
    };
    let value = at(switch)?;
    let on = value
        .flag()
        .ok_or_else(|| Unclear::new(format!("has no `true` or `false` at `{switch}`")))?;
    let mut lines = vec![(SWITCH.to_owned(), if on { ON } else { OFF }.to_owned())];
    let mut places = vec![(SWITCH.to_owned(), value.span())];
    for pointer in fields {
        let value = at(pointer)?;
        let key = pointer
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .replace("~1", "/")
            .replace("~0", "~");
        if places.iter().any(|(known, _)| *known == key) {
            return Err(Unclear::new(format!("has two fields called `{key}`")));
        }
        // Texts as they are; all else as JSON writes it.
        lines.push((
            key.clone(),
            value.text().unwrap_or_else(|| value.raw().to_owned()),
        ));
        places.push((key, value.span()));
    }
    let lines = lines
        .iter()
        .map(|(key, value)| Line::new(&key.as_str().into(), &value.as_str().into()));
    Ok((Properties::from_lines(lines).to_string(), places))
}

/// Gives the source with the fields of another text in their places; what is equal stays byte for byte.
///
/// # Errors
/// [`Kind::Page`] where a field is missing on either side, or a value is none that the field can have.
pub(super) fn written(source: &str, places: &[(String, Range<usize>)], text: &str) -> error::Result<String> {
    let refused = |sentence: String| Error::new(Kind::Page, sentence);
    let text =
        Properties::parse(text).map_err(|_| refused("The text of the fields cannot be read.".to_owned()))?;
    for (_, key, _) in text.entries() {
        let key = key.to_string_lossy();
        if !places.iter().any(|(known, _)| *known == key) {
            return Err(refused(format!("Its page has no field `{key}`.")));
        }
    }
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    for (key, span) in places {
        let Some(value) = text.get(&key.as_str().into()) else {
            continue;
        };
        let (value, old) = (value.to_string_lossy(), &source[span.clone()]);
        let new = match old.chars().next() {
            _ if key == SWITCH => match value.as_str() {
                ON => "true".to_owned(),
                OFF => "false".to_owned(),
                other => {
                    return Err(refused(format!(
                        "`{SWITCH}` is `{ON}` or `{OFF}`, and not `{other}`."
                    )));
                }
            },
            Some('"') if Json::parse(old).ok().and_then(|known| known.text()).as_ref() == Some(&value) => {
                continue;
            }
            Some('"') => quoted(&value),
            _ if value == old => continue,
            _ => match Json::parse(&value) {
                Ok(json) => json.raw().to_owned(),
                Err(_) => return Err(refused(format!("Its field `{key}` cannot be `{value}`."))),
            },
        };
        edits.push((span.clone(), new));
    }
    edits.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
    let mut source = source.to_owned();
    for (span, new) in edits {
        source.replace_range(span, &new);
    }
    Ok(source)
}
