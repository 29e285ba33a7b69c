//! What an instance was seen to do with a document that was sent: what it encrypted, kept, or broke.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::backup::{Format, Habits, KeyOf, content_hash};
use crate::plan::{KeyAt, Step};
use crate::properties::{JavaText, Properties};
use crate::sensitive::{Rules, Sensitivity, is_ciphertext_shaped, is_mask};

/// What reading a document after its write tells of the instance.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Observed {
    /// What is to be remembered.
    pub habits: Habits,
    /// Keys whose value it kept although another was sent.
    pub sealed: Vec<KeyAt>,
    /// Keys whose value it encrypted although it was encrypted already, or was not known to be: it must be entered.
    pub broken: Vec<KeyAt>,
    /// Whether nothing else differs from what was sent.
    pub nothing_else: bool,
}

/// Looks at a document that was sent, taken, and does not read as it was sent. `of_fields` tells that it is the fields of a
/// form: there an instance words a time or a number anew, and a secret is never shown, so that only what looks like
/// ciphertext is taken for it.
pub fn observe(rules: &Rules, step: &Step, read: &str, of_fields: bool) -> Observed {
    let mut observed = Observed::default();
    let parse = |text: &str| Properties::parse(text).ok();
    let (Some(wanted), Some(seen), Some(read)) = (
        parse(&step.wanted).filter(|_| step.format == Format::Properties),
        parse(&step.seen),
        parse(read),
    ) else {
        return observed;
    };
    let (seen, came) = (values(&seen), values(&read));
    let sent = values(&wanted);
    let mut told = HashSet::new();
    let mut keys: Vec<&Id> = sent.keys().collect();
    keys.extend(seen.keys().filter(|id| !sent.contains_key(id)));
    keys.sort();
    for id in keys {
        let at = KeyAt {
            key: id.0.to_string_lossy(),
            occurrence: id.1,
        };
        let (sent, seen, came) = (sent.get(id), seen.get(id), came.get(id));
        if sent == came || step.entered.contains(&at) || step.reread.contains(&at) {
            continue;
        }
        let of = KeyOf {
            document: step.document.clone(),
            key: at.key.clone(),
        };
        let known = |value: Option<&JavaText>| {
            let value = value.map(JavaText::to_string_lossy).unwrap_or_default();
            rules.classify(&step.document, &of.key, &value) == Some(Sensitivity::Encrypted)
        };
        match (sent, came) {
            // Another value was sent, and the one from before is there.
            _ if sent != seen && came == seen => {
                observed.habits.sealed.insert(of);
                observed.sealed.push(at);
            }
            (Some(sent), Some(came)) if known(Some(sent)) => {
                if came.is_empty() {
                    continue;
                }
                // Another ciphertext was sent as a value, as asked: that it is encrypted tells nothing of one sent back.
                observed.habits.encrypts_again |= Some(sent) == seen;
                observed.broken.push(at);
            }
            (Some(sent_value), Some(came))
                if is_encrypted(sent_value, came, sent == seen) && (!of_fields || looks_encrypted(came)) =>
            {
                observed.habits.encrypts_again |= sent == seen;
                observed.habits.encrypts.insert(of);
                observed.broken.push(at);
            }
            _ => continue,
        }
        told.insert(id.clone());
    }
    observed.nothing_else = rest(&wanted, &told) == rest(&read, &told);
    observed
}

/// Gives the hash of a document's text with its encrypted values taken out: entering one is no change of the document.
pub fn fingerprint(rules: &Rules, document: &str, text: &str) -> String {
    let Ok(properties) = Properties::parse(text) else {
        return content_hash(text.as_bytes());
    };
    let mut lines = properties.lines().to_vec();
    for o in properties.occurrences() {
        let (key, value) = (o.entry.key.to_string_lossy(), o.entry.value.to_string_lossy());
        if rules.classify(document, &key, &value) == Some(Sensitivity::Encrypted) {
            lines[o.index] = o.line.with_value(&JavaText::default());
        }
    }
    content_hash(Properties::from_lines(lines).to_string().as_bytes())
}

type Id = (JavaText, usize);

fn values(properties: &Properties) -> BTreeMap<Id, JavaText> {
    let all: HashMap<Id, JavaText> = properties
        .occurrences()
        .map(|o| ((o.entry.key.clone(), o.nth), o.entry.value.clone()))
        .collect();
    all.into_iter().collect()
}

/// Tells whether a value that came back other than it was sent was encrypted, and not tidied up: a trimmed or re-cased one
/// is no secret. One that was sent back as it was read may also have been changed by somebody: ciphertext has a shape.
fn is_encrypted(sent: &JavaText, came: &JavaText, sent_back: bool) -> bool {
    let (sent, came) = (sent.to_string_lossy(), came.to_string_lossy());
    let tidied = came.trim().eq_ignore_ascii_case(sent.trim());
    if tidied || sent.trim().is_empty() || came.trim().is_empty() {
        return false;
    }
    !sent_back || (is_ciphertext_shaped(&sent) && (is_ciphertext_shaped(&came) || is_mask(&came)))
}

fn looks_encrypted(value: &JavaText) -> bool {
    let value = value.to_string_lossy();
    is_ciphertext_shaped(&value) || is_mask(&value)
}

/// The lines of a text but for these entries.
fn rest(properties: &Properties, but: &HashSet<Id>) -> Vec<String> {
    let skipped: HashSet<usize> = properties
        .occurrences()
        .filter(|o| but.contains(&(o.entry.key.clone(), o.nth)))
        .map(|o| o.index)
        .collect();
    let lines = properties.lines().iter().enumerate();
    let kept = lines.filter(|(index, _)| !skipped.contains(index));
    kept.map(|(_, line)| line.body().to_owned()).collect()
}
