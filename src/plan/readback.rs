//! What reading a document again says about its write (promise 3).

use std::collections::HashMap;

use serde::Serialize;
use similar::{Algorithm, ChangeTag, TextDiff};

use crate::backup::Format;
use crate::diff;
use crate::diff::shown::Shown;
use crate::plan::{KeyAt, Step};
use crate::properties::{JavaText, Properties, value_at};
use crate::sensitive::{Rules, Sensitivity, is_mask};

/// How long a search for the smallest difference may take; after that a larger one is given.
const PATIENCE: core::time::Duration = core::time::Duration::from_millis(500);

/// Says what was found when a document was read after its write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "read")]
pub enum ReadBack {
    /// What was wanted, but for line ends and the keys whose value was entered.
    Equal,
    /// What live had before: the write did not arrive, or is not seen yet.
    Old,
    /// Something else.
    Differs(Difference),
}

/// Says where a text that was read differs from the one that was written.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// The lines that differ, in order.
    pub lines: Vec<LineDifference>,
    /// Encrypted keys whose line was sent, and whose value now reads otherwise: the server changed them.
    pub changed_by_server: Vec<KeyAt>,
}

/// Is one line that was sent and did not come back, or came back and was not sent; masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LineDifference {
    /// Its number, counted from 1: in the wanted text, or in the text that was read where only that has it.
    pub line: usize,
    /// The line as it was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wanted: Option<String>,
    /// The line as it was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read: Option<String>,
}

/// Compares what was read after a step's write with what was wanted.
///
/// At keys whose value was entered by this write the server is expected to show another.
pub fn readback(rules: &Rules, step: &Step, read: &str) -> ReadBack {
    if !step.reread.is_empty() {
        // Nothing can be read off values that read otherwise each time.
        let empty = |text: &str| match properties(step, text) {
            Some(properties) => without(&properties, &step.reread),
            None => text.to_owned(),
        };
        let step = Step {
            seen: empty(&step.seen),
            wanted: empty(&step.wanted),
            reread: Vec::new(),
            ..step.clone()
        };
        return readback(rules, &step, &empty(read));
    }
    let entered = &step.entered;
    let keys = (properties(step, &step.wanted), properties(step, read));
    let (sent, came) = match &keys {
        (Some(wanted), Some(read)) if !entered.is_empty() => {
            (without(wanted, entered), without(read, entered))
        }
        _ => (step.wanted.clone(), read.to_owned()),
    };
    let old = diff::same_lines(&step.seen, read);
    // Where nothing but values is entered, and a mask stands for them, nothing can be seen.
    let unseen = || {
        let how = entered_as(step, read);
        !how.is_empty() && how.iter().all(|(_, how)| *how == EnteredAs::Mask)
    };
    if diff::same_lines(&sent, &came) && (entered.is_empty() || !old || unseen()) {
        return ReadBack::Equal;
    }
    if old {
        return ReadBack::Old;
    }
    let changed_by_server = match &keys {
        (Some(wanted), Some(read)) => changed(rules, step, wanted, read),
        _ => Vec::new(),
    };
    ReadBack::Differs(Difference {
        lines: match step.format {
            // The lines of a file say nothing to a person.
            Format::File => Vec::new(),
            _ => lines(rules, &step.document, &sent, &came),
        },
        changed_by_server,
    })
}

/// Says how a value that was entered reads back. Whether it works only its use can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EnteredAs {
    /// It reads otherwise than it was typed: the server has encrypted it.
    Encrypted,
    /// It reads as it was typed: it is stored in clear.
    Clear,
    /// A mask stands there: it cannot be seen.
    Mask,
    /// It reads as before: the server had this value, or has not taken it.
    AsBefore,
}

/// Tells of each value that a step has entered how it reads back.
pub fn entered_as(step: &Step, read: &str) -> Vec<(KeyAt, EnteredAs)> {
    let value = |text: &str, at: &KeyAt| value_at(text, &at.key, at.occurrence);
    let how = |at: &KeyAt| {
        let came = value(read, at)?;
        Some(match () {
            () if is_mask(&came) => EnteredAs::Mask,
            () if value(&step.wanted, at).as_ref() == Some(&came) => EnteredAs::Clear,
            () if value(&step.seen, at).as_ref() == Some(&came) => EnteredAs::AsBefore,
            () => EnteredAs::Encrypted,
        })
    };
    let told = |at: &KeyAt| how(at).map(|how| (at.clone(), how));
    step.entered.iter().filter_map(told).collect()
}

fn properties(step: &Step, text: &str) -> Option<Properties> {
    (step.format == Format::Properties)
        .then(|| Properties::parse(text).ok())
        .flatten()
}

/// The text with the values emptied that were entered.
fn without(properties: &Properties, entered: &[KeyAt]) -> String {
    let mut lines = properties.lines().to_vec();
    for found in properties.occurrences() {
        let at = KeyAt {
            key: found.entry.key.to_string_lossy(),
            occurrence: found.nth,
        };
        if entered.contains(&at) {
            lines[found.index] = found.line.with_value(&JavaText::default());
        }
    }
    Properties::from_lines(lines).to_string()
}

fn changed(rules: &Rules, step: &Step, wanted: &Properties, read: &Properties) -> Vec<KeyAt> {
    let found: HashMap<_, _> = read
        .occurrences()
        .map(|o| ((&o.entry.key, o.nth), &o.entry.value))
        .collect();
    let encrypted = |key: &str, value: Option<&JavaText>| {
        let value = value.map(JavaText::to_string_lossy).unwrap_or_default();
        rules.classify(&step.document, key, &value) == Some(Sensitivity::Encrypted)
    };
    let named = wanted.occurrences().filter_map(|sent| {
        let (key, value) = (sent.entry.key.to_string_lossy(), Some(&sent.entry.value));
        let came = found.get(&(&sent.entry.key, sent.nth)).copied();
        let changed = value != came && (encrypted(&key, value) || encrypted(&key, came));
        changed.then_some(KeyAt {
            key,
            occurrence: sent.nth,
        })
    });
    named.filter(|at| !step.entered.contains(at)).collect()
}

fn lines(rules: &Rules, path: &str, wanted: &str, read: &str) -> Vec<LineDifference> {
    let (sent, came): (Vec<&str>, Vec<&str>) = (diff::lines(wanted).collect(), diff::lines(read).collect());
    let shown = |text: &str| Shown::of(rules, path, text).into_lines();
    let (shown_sent, shown_came) = (shown(wanted), shown(read));
    let at = |lines: &[String], index: Option<usize>| index.and_then(|index| lines.get(index).cloned());
    let mut differences: Vec<LineDifference> = Vec::new();
    // The first of these still lacks what was read in its place.
    let mut open = 0;
    let diff = TextDiff::configure()
        .algorithm(Algorithm::Myers)
        .timeout(PATIENCE)
        .diff_slices(&sent, &came);
    for change in diff.iter_all_changes() {
        match change.tag() {
            ChangeTag::Equal => open = differences.len(),
            ChangeTag::Delete => {
                let line = change.old_index().map_or(0, |index| index + 1);
                differences.push(LineDifference {
                    line,
                    wanted: at(&shown_sent, change.old_index()),
                    read: None,
                });
            }
            ChangeTag::Insert => {
                let read = at(&shown_came, change.new_index());
                if let Some(difference) = differences.get_mut(open) {
                    difference.read = read;
                } else {
                    let line = change.new_index().map_or(0, |index| index + 1);
                    differences.push(LineDifference {
                        line,
                        wanted: None,
                        read,
                    });
                }
                open += 1;
            }
        }
    }
    differences
}
