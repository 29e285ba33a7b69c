//! A step adapted to what the instance shows when its turn comes, or refuses.

use crate::diff;
use crate::plan::overlay::overlay;
use crate::plan::{KeyAt, Step};
use crate::properties::{Occurrence, Properties};
use crate::sensitive::{Rules, Sensitivity, is_ciphertext_shaped};

fn at(o: &Occurrence<'_>) -> KeyAt {
    KeyAt {
        key: o.entry.key.to_string_lossy(),
        occurrence: o.nth,
    }
}

/// Gives the step on what is read now, where nothing but ciphertext that is sent back as it is reads otherwise than the plan
/// saw it: some servers encrypt anew for each reading. What is sent then is what was just read. Nothing where more differs.
pub fn reread(rules: &Rules, step: &Step, now: &str) -> Option<Step> {
    let parse = |text: &str| Properties::parse(text).ok();
    let (seen, fresh, wanted) = (parse(&step.seen)?, parse(now)?, parse(&step.wanted)?);
    if seen.lines().len() != fresh.lines().len() {
        return None;
    }
    let mut differing = Vec::new();
    for (old, new) in seen.occurrences().zip(fresh.occurrences()) {
        if old.line.body() == new.line.body() {
            continue;
        }
        let (was, is) = (
            old.entry.value.to_string_lossy(),
            new.entry.value.to_string_lossy(),
        );
        let encrypted = |value: &str| {
            let key = old.entry.key.to_string_lossy();
            is_ciphertext_shaped(value)
                || rules.classify(&step.document, &key, value) == Some(Sensitivity::Encrypted)
        };
        let same_key = (&old.entry.key, old.nth, old.index) == (&new.entry.key, new.nth, new.index);
        if !same_key
            || !encrypted(&was)
            || !encrypted(&is)
            || old.line.with_value(&new.entry.value).body() != new.line.body()
        {
            return None;
        }
        differing.push(at(&old));
    }
    let mut entries = seen.lines().iter().zip(fresh.lines());
    if differing.is_empty() || !entries.all(|(old, new)| old.entry().is_some() || old.body() == new.body()) {
        return None;
    }
    let mut untouched = true;
    let rebased = overlay(&wanted, &fresh, |spot| {
        let own = spot.layout?;
        let id = at(&own);
        if !differing.contains(&id) || step.entered.contains(&id) {
            return Some(own.line.clone());
        }
        let before = seen.occurrences().find(|o| at(o) == id)?;
        untouched &= before.entry.value == own.entry.value;
        spot.over.map(|fresh| own.line.with_value(&fresh.entry.value))
    });
    // A value that the plan would change is not what the plan saw.
    untouched.then(|| Step {
        seen: now.to_owned(),
        wanted: rebased.to_string(),
        reread: differing,
        ..step.clone()
    })
}

/// Gives the step without a change of these keys; nothing where no change is left.
pub fn leave(step: &Step, keys: &[KeyAt]) -> Option<Step> {
    let (wanted, seen) = (
        Properties::parse(&step.wanted).ok()?,
        Properties::parse(&step.seen).ok()?,
    );
    let left = overlay(&wanted, &seen, |spot| {
        let either = spot.layout.or(spot.over)?;
        let from = if keys.contains(&at(&either)) {
            spot.over
        } else {
            spot.layout
        };
        from.map(|o| o.line.clone())
    });
    let wanted = left.to_string();
    let without = |all: &[KeyAt]| all.iter().filter(|at| !keys.contains(at)).cloned().collect();
    (!diff::same_lines(&wanted, &step.seen)).then(|| Step {
        wanted,
        entered: without(&step.entered),
        ..step.clone()
    })
}

/// Names the keys a step changes that an answer of the instance names.
pub fn named(step: &Step, said: &str) -> Vec<KeyAt> {
    let ends = |c: char| !(c.is_alphanumeric() || matches!(c, '.' | '_' | '-'));
    let is_said = |key: &str| {
        said.match_indices(key).any(|(place, _)| {
            let (before, behind) = (&said[..place], &said[place + key.len()..]);
            let behind = behind.strip_prefix('.').unwrap_or(behind);
            let quoted = before.ends_with(['\'', '"', '`', '‘', '“', '„', '«', '»', '‚']);
            // A name that is also a word of the language names nothing.
            (quoted || looks_like_a_key(key))
                && before.chars().next_back().is_none_or(ends)
                && behind.chars().next().is_none_or(ends)
        })
    };
    let changes = step.changes.keys.iter().filter(|change| is_said(&change.key));
    changes
        .map(|change| KeyAt {
            key: change.key.clone(),
            occurrence: change.occurrence,
        })
        .collect()
}

fn looks_like_a_key(name: &str) -> bool {
    name.contains(['.', '_']) || name.chars().skip(1).any(|c| c.is_uppercase() || c.is_numeric())
}
