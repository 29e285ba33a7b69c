//! The plan for a document without keys: written as a whole, or not at all.

use crate::backup::{Document, Format, file_of_text};
use crate::diff;
use crate::diff::shown::Shown;
use crate::plan::document::{Objection, Wanted};
use crate::plan::observe::fingerprint;
use crate::plan::{Encrypted, Manner, PlanInput};
use crate::selection::Extent;
use crate::sensitive::{Rules, is_mask, masked_value};

/// What helps where nothing can be sent.
const BY_HAND: &str = "change this document by hand in the page";

/// Gives the archived text as it is, unless a secret in it is not the one live has.
pub(super) fn whole(
    path: &str,
    archived: String,
    live: &Document,
    input: &PlanInput<'_>,
) -> Result<Wanted, Objection> {
    let wanted = |text: String| Wanted {
        text,
        format: match live.format {
            Format::File => Format::File,
            _ => Format::Plain,
        },
        dropped: Vec::new(),
        stays: Vec::new(),
        entered: Vec::new(),
        waits: Vec::new(),
        sealed: Vec::new(),
        changed_since: Vec::new(),
    };
    if diff::same_lines(&archived, &live.text) {
        return Ok(wanted(archived));
    }
    let object = |why: &str, hint: &str| {
        Err(Objection {
            why: format!("`{path}` {why}."),
            hint: Some(hint.to_owned()),
        })
    };
    if matches!(input.selection.extent(path), Extent::Keys | Extent::AllBut) {
        return object(
            "has no keys that could be selected: it is written as a whole",
            "select the document without keys",
        );
    }
    if live.is_file() {
        match file_of_text(&archived) {
            Some(bytes) if bytes.is_empty() => {
                return object(
                    "has a file on this instance, and had none in the backup",
                    "remove it by hand in the page",
                );
            }
            Some(_) => {}
            None => return object("is a file on this instance, and none in the backup", BY_HAND),
        }
    } else if let Some(why) = secret_objection(path, &archived, live, input) {
        return Err(why);
    }
    if let Manner::TakeBack { left, .. } = input.manner
        && left(path).is_some_and(|left| left != fingerprint(input.rules, path, &live.text))
    {
        return object(
            "was changed by somebody since, and has no keys: it could only be taken back as a whole",
            BY_HAND,
        );
    }
    Ok(wanted(archived))
}

/// Why a text is not sent that holds another secret than live does, or a mask.
fn secret_objection(path: &str, archived: &str, live: &Document, input: &PlanInput<'_>) -> Option<Objection> {
    let object = |why: &str, hint: &str| {
        Some(Objection {
            why: format!("`{path}` {why}."),
            hint: Some(hint.to_owned()),
        })
    };
    let (older, newer) = (
        secrets(input.rules, path, archived),
        secrets(input.rules, path, &live.text),
    );
    let masked = |secrets: &[String]| secrets.iter().any(|secret| is_mask_of_some_kind(secret));
    let differ = older != newer;
    if (differ && masked(&older)) || archived.contains(masked_value()) {
        return object(
            "holds a mask in the backup, and a mask is never sent as a value",
            BY_HAND,
        );
    }
    if differ && !older.is_empty() && input.encrypted != Encrypted::Archived {
        return object(
            "holds a secret that is not the one live has, and it can only be written as a whole",
            "change this document by hand in the page, or send the archived secrets with `--encrypted archived`",
        );
    }
    None
}

/// Tells whether a mask stands where a text has a secret.
pub(super) fn has_mask(rules: &Rules, path: &str, text: &str) -> bool {
    secrets(rules, path, text)
        .iter()
        .any(|secret| is_mask_of_some_kind(secret))
}

fn is_mask_of_some_kind(secret: &str) -> bool {
    is_mask(secret) || secret.contains(masked_value())
}

/// The secrets of a text in order: what masking takes away, line by line.
fn secrets(rules: &Rules, path: &str, text: &str) -> Vec<String> {
    let masked = Shown::of(rules, path, text).into_lines();
    diff::lines(text)
        .zip(&masked)
        .filter(|(line, masked)| line != masked)
        .flat_map(|(line, m)| taken(line, m))
        .collect()
}

/// What stands in a line where the masked line has a mask; the whole line where that cannot be told.
fn taken(line: &str, masked: &str) -> Vec<String> {
    let mut taken = Vec::new();
    let mut pieces = masked.split(masked_value()).peekable();
    let Some(mut rest) = pieces.next().and_then(|first| line.strip_prefix(first)) else {
        return vec![line.to_owned()];
    };
    while let Some(piece) = pieces.next() {
        let at = if pieces.peek().is_none() {
            rest.ends_with(piece).then(|| rest.len() - piece.len())
        } else {
            rest.find(piece)
        };
        let Some(at) = at else {
            return vec![line.to_owned()];
        };
        taken.push(rest[..at].to_owned());
        rest = &rest[at + piece.len()..];
    }
    if taken.is_empty() {
        vec![line.to_owned()]
    } else {
        taken
    }
}
