//! The plan for one document that the backup and live both have.

use std::collections::HashSet;

use crate::backup::{Document, Format};
use crate::diff::shown::Shown;
use crate::diff::{self, Pair};
use crate::plan::overlay::overlay;
use crate::plan::rule::Rule;
use crate::plan::{KeyAt, Notice, Plan, PlanInput, Refusal, Step, Wait, Warning, carry, plain};
use crate::properties::{Occurrence, Properties};
use crate::selection::{Extent, Selection};
use crate::sensitive::Rules;

/// What would be written, before it is known whether that is anything new.
pub(super) struct Wanted {
    pub(super) text: String,
    pub(super) format: Format,
    pub(super) dropped: Vec<KeyAt>,
    pub(super) entered: Vec<KeyAt>,
    pub(super) waits: Vec<Wait>,
    pub(super) warnings: Vec<Warning>,
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
    let wanted = match wanted {
        Ok(wanted) => wanted,
        Err(objection) => return refuse(path, objection, plan),
    };
    plan.waits.extend(wanted.waits.iter().cloned());
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
    plan.steps.push(step(live, wanted, input));
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
    let merged = match input.selection.extent(path) {
        Extent::Keys => overlay(live, archived, |spot| rule.line_at(spot, false)),
        _ => overlay(archived, live, |spot| rule.line_at(spot, true)),
    };
    let ids = |properties: &Properties| {
        let id = |o: Occurrence<'_>| KeyAt {
            key: o.entry.key.to_string_lossy(),
            occurrence: o.nth,
        };
        properties.occurrences().map(id).collect::<Vec<_>>()
    };
    let there: HashSet<KeyAt> = ids(&merged).into_iter().collect();
    Ok(Wanted {
        text: merged.to_string(),
        format: Format::Properties,
        dropped: ids(live).into_iter().filter(|id| !there.contains(id)).collect(),
        entered: std::mem::take(&mut rule.entered),
        waits: rule.waits(),
        warnings: rule.warnings,
    })
}

/// The lines that look like entries but are inside a secret that spans lines.
fn hidden_keys(rules: &Rules, path: &str, text: &str, properties: &Properties) -> Vec<String> {
    let (shown, numbers) = (Shown::of(rules, path, text), properties.numbers());
    let hidden = properties
        .occurrences()
        .filter(|o| shown.key(numbers[o.index], o.line) != o.entry.key.to_string_lossy());
    hidden.map(|o| o.line.body().to_owned()).collect()
}

fn step(live: &Document, wanted: Wanted, input: &PlanInput<'_>) -> Step {
    let Wanted {
        text,
        format,
        dropped,
        entered,
        waits,
        mut warnings,
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
        entered,
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
