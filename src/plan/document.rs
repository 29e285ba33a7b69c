//! The plan for one document that the backup and live both have.

use std::collections::HashSet;

use crate::backup::{Document, Format};
use crate::diff::shown::Shown;
use crate::diff::{self, Pair};
use crate::plan::observe::fingerprint;
use crate::plan::overlay::overlay;
use crate::plan::rule::{Rule, is_masked};
use crate::plan::{
    KeyAt, Left, Manner, Notice, Plan, PlanInput, Refusal, Step, Wait, Warning, Why, carry, plain,
};
use crate::profile::SWITCH;
use crate::properties::{JavaText, Occurrence, Properties};
use crate::selection::{Extent, Selection};
use crate::sensitive::{Rules, Sensitivity};

/// What would be written, before it is known whether that is anything new.
pub(super) struct Wanted {
    pub(super) text: String,
    pub(super) format: Format,
    pub(super) dropped: Vec<KeyAt>,
    pub(super) stays: Vec<KeyAt>,
    pub(super) entered: Vec<KeyAt>,
    pub(super) waits: Vec<Wait>,
    pub(super) sealed: Vec<Left>,
    pub(super) changed_since: Vec<Left>,
}

/// Why it must not be written.
pub(super) struct Objection {
    pub(super) why: String,
    pub(super) hint: Option<String>,
}

pub(super) fn plan(archived: &Document, live: &Document, input: &PlanInput<'_>, plan: &mut Plan) {
    let path = &live.path;
    // Line ends are the page's affair; only a CR that is part of none is left for `carry` to find.
    let text = archived.text.replace("\r\n", "\n");
    let wanted = match (read(archived, &text), read(live, &live.text)) {
        (Some(older), Some(newer)) => {
            by_key((text.as_str(), &older), (live.text.as_str(), &newer), path, input)
        }
        _ => plain::whole(path, text, live, input),
    };
    let mut wanted = match wanted {
        Ok(wanted) => wanted,
        Err(objection) => return refuse(path, objection, plan),
    };
    plan.waits.extend(wanted.waits.iter().cloned());
    plan.sealed.append(&mut wanted.sealed);
    plan.changed_since.append(&mut wanted.changed_since);
    if diff::same_lines(&wanted.text, &live.text) {
        return plan.unchanged.push(path.clone());
    }
    let lost = carry::lost(&wanted.text).map(|lost| format!("`{path}` cannot be written back: {lost}."));
    let closed = live
        .read_only
        .as_ref()
        .map(|why| format!("`{path}` cannot be changed on this instance: {why}"));
    if let Some(why) = closed.or(lost) {
        return refuse(path, Objection { why, hint: None }, plan);
    }
    let sent_back = sent_back(&wanted, live, input);
    if let Some(objection) = mask_objection(path, &sent_back, input) {
        return refuse(path, objection, plan);
    }
    let mut warnings = Vec::new();
    if input.habits.encrypts_again && !sent_back.kept.is_empty() {
        let waits = |at: &KeyAt| {
            wanted
                .waits
                .iter()
                .any(|w| w.key == at.key && w.occurrence == at.occurrence)
        };
        let broken = sent_back.kept.iter().filter(|at| !waits(at));
        let broken: Vec<Wait> = broken.map(|at| Wait::at(path, at, Why::Again)).collect();
        plan.waits.extend(broken.iter().cloned());
        wanted.waits.extend(broken);
        warnings.push(Warning::Again {
            keys: sent_back.kept.clone(),
        });
    }
    plan.steps
        .push(step(live, wanted, sent_back.kept, warnings, input));
}

/// What of live goes back as it is, although nobody can read it.
#[derive(Default)]
struct SentBack {
    /// Encrypted values.
    kept: Vec<KeyAt>,
    /// Masks in place of values.
    masks: Vec<KeyAt>,
    /// A mask in a document without keys.
    mask_in_plain: bool,
}

/// Looks for what is sent back. Only a save does anything with it, so that equal documents need not be looked through.
fn sent_back(wanted: &Wanted, live: &Document, input: &PlanInput<'_>) -> SentBack {
    let Some(properties) = (wanted.format == Format::Properties)
        .then(|| Properties::parse(&wanted.text).ok())
        .flatten()
    else {
        return SentBack {
            mask_in_plain: wanted.format != Format::File
                && plain::has_mask(input.rules, &live.path, &wanted.text),
            ..SentBack::default()
        };
    };
    let mut found = SentBack::default();
    for o in properties.occurrences() {
        let (key, value) = (o.entry.key.to_string_lossy(), o.entry.value.to_string_lossy());
        let is_encrypted = || input.rules.classify(&live.path, &key, &value) == Some(Sensitivity::Encrypted);
        let list = match () {
            () if is_masked(&value) => &mut found.masks,
            () if is_encrypted() => &mut found.kept,
            () => continue,
        };
        let at = KeyAt {
            key,
            occurrence: o.nth,
        };
        if !wanted.entered.contains(&at) {
            list.push(at);
        }
    }
    found
}

/// Nobody knows whether an LMS that shows a mask stores the mask when the document is saved.
fn mask_objection(path: &str, sent_back: &SentBack, input: &PlanInput<'_>) -> Option<Objection> {
    if input.mask_is_unchanged
        || (input.unseen)(path)
        || (sent_back.masks.is_empty() && !sent_back.mask_in_plain)
    {
        return None;
    }
    let keys: Vec<String> = sent_back.masks.iter().map(|at| format!("`{}`", at.key)).collect();
    let at = match keys.len() {
        0 => String::new(),
        _ => format!(" at {}", keys.join(", ")),
    };
    Some(Objection {
        why: format!(
            "`{path}` shows a mask{at}, and nobody knows whether saving it stores the mask as the value."
        ),
        hint: Some(match input.manner {
            _ if keys.is_empty() => "change this document by hand in the page".to_owned(),
            Manner::TakeBack { .. } => "change this document by hand in the page".to_owned(),
            _ => "give the real values: `--encrypted enter`; where it is certain that a mask leaves the value alone, the \
                  profile can say so: `mask = \"unchanged\"`"
                .to_owned(),
        }),
    })
}

fn read(document: &Document, text: &str) -> Option<Properties> {
    (document.format == Format::Properties)
        .then(|| Properties::parse(text).ok())
        .flatten()
}

fn refuse(path: &str, objection: Objection, plan: &mut Plan) {
    let Objection { why, hint } = objection;
    plan.refused.push(Refusal {
        document: path.to_owned(),
        why,
        hint,
    });
}

fn by_key(
    (text, archived): (&str, &Properties),
    (live_text, live): (&str, &Properties),
    path: &str,
    input: &PlanInput<'_>,
) -> Result<Wanted, Objection> {
    // Finding secrets over several lines means masking both texts; equal ones need no telling apart.
    if text != live_text
        && hidden_keys(input.rules, path, text, archived) != hidden_keys(input.rules, path, live_text, live)
    {
        return Err(Objection {
            why: format!("`{path}` holds a secret over several lines, and it is not the one in the backup."),
            hint: Some("change the other lines of this document by hand in the page".to_owned()),
        });
    }
    let mut rule = Rule::new(input, path);
    rule.untouched = (input.unseen)(path) && same_but_switch(archived, live);
    let by_live = match input.manner {
        Manner::Replace => input.selection.extent(path) == Extent::Keys,
        Manner::Merge => true,
        // Nobody has touched what the run left: then comments and order are taken back, too.
        Manner::TakeBack { left, .. } if left(path) == Some(fingerprint(input.rules, path, live_text)) => {
            input.selection.extent(path) == Extent::Keys
        }
        Manner::TakeBack { put, .. } => {
            rule.take_back(put.iter().find(|d| d.path.eq_ignore_ascii_case(path)));
            true
        }
    };
    let merged = match by_live {
        true => overlay(live, archived, |spot| rule.line_at(spot, false)),
        false => overlay(archived, live, |spot| rule.line_at(spot, true)),
    };
    let ids = |properties: &Properties| {
        let id = |o: Occurrence<'_>| KeyAt {
            key: o.entry.key.to_string_lossy(),
            occurrence: o.nth,
        };
        properties.occurrences().map(id).collect::<Vec<_>>()
    };
    let there: HashSet<KeyAt> = ids(&merged).into_iter().collect();
    let stays = match input.manner {
        Manner::Merge => {
            let known: HashSet<KeyAt> = ids(archived).into_iter().collect();
            let only_live = |at: &KeyAt| !known.contains(at) && input.selection.selects_key(path, &at.key);
            ids(live).into_iter().filter(only_live).collect()
        }
        _ => Vec::new(),
    };
    Ok(Wanted {
        text: merged.to_string(),
        format: Format::Properties,
        stays,
        dropped: ids(live).into_iter().filter(|id| !there.contains(id)).collect(),
        entered: std::mem::take(&mut rule.entered),
        waits: rule.waits(),
        sealed: rule.sealed,
        changed_since: rule.changed_since,
    })
}

/// Tells whether two forms hold the same, but perhaps for what switches their item on: then nothing tells that what they do
/// not show has changed.
fn same_but_switch(archived: &Properties, live: &Properties) -> bool {
    let of = |properties: &Properties| -> Vec<(String, String)> {
        let entry =
            |(_, key, value): (usize, &JavaText, &JavaText)| (key.to_string_lossy(), value.to_string_lossy());
        let entries = properties.entries().map(entry);
        entries.filter(|(key, _)| key != SWITCH).collect()
    };
    of(archived) == of(live)
}

/// The lines that look like entries but are inside a secret that spans lines.
fn hidden_keys(rules: &Rules, path: &str, text: &str, properties: &Properties) -> Vec<String> {
    let (shown, numbers) = (Shown::of(rules, path, text), properties.numbers());
    let hidden = properties
        .occurrences()
        .filter(|o| shown.key(numbers[o.index], o.line) != o.entry.key.to_string_lossy());
    hidden.map(|o| o.line.body().to_owned()).collect()
}

fn step(
    live: &Document,
    wanted: Wanted,
    kept: Vec<KeyAt>,
    mut warnings: Vec<Warning>,
    input: &PlanInput<'_>,
) -> Step {
    let Wanted {
        text,
        format,
        dropped,
        stays,
        entered,
        waits,
        ..
    } = wanted;
    let then = Document {
        text,
        format,
        ..live.clone()
    };
    let everything = Selection::default();
    let options = diff::Options {
        rules: input.rules,
        selection: &everything,
        ignore_encrypted: false,
        text: false,
    };
    let changes = diff::one(
        &Pair {
            from: Some(live),
            to: Some(&then),
        },
        &options,
    );
    warnings.extend(
        input
            .notices
            .iter()
            .filter(|notice| applies(notice, live, &then))
            .map(|notice| Warning::Notice {
                key: notice.key.clone(),
                text: notice.text.clone(),
            }),
    );
    let (document, seen, wanted) = (live.path.clone(), live.text.clone(), then.text);
    Step {
        document,
        format,
        seen,
        wanted,
        changes,
        dropped,
        stays,
        entered,
        kept,
        reread: Vec::new(),
        waits,
        warnings,
    }
}

/// Tells whether a notice's key changes, and to the value it is about.
fn applies(notice: &Notice, live: &Document, then: &Document) -> bool {
    if !notice.document.eq_ignore_ascii_case(live.name()) {
        return false;
    }
    let value = |text: &str| {
        Properties::parse_leniently(text)
            .get(&notice.key.as_str().into())
            .cloned()
    };
    let (before, after) = (value(&live.text), value(&then.text));
    let meant = |value: &str| {
        after
            .as_ref()
            .is_some_and(|v| v.to_string_lossy().eq_ignore_ascii_case(value))
    };
    before != after && notice.value.as_deref().is_none_or(meant)
}
