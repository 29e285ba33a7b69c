//! The plan of a job: made from what was read, what is remembered, and what a person has said.

use crate::backup::Document;
use crate::command::access;
use crate::command::reenter::Values;
use crate::command::waits::Ciphertexts;
use crate::command::write_back::{Job, Tools};
use crate::error::Result;
use crate::plan::{KeyAt, Notice, Plan, PlanInput, Step, make};
use crate::profile::{MaskMeans, Part, Profile, SWITCH, Shape};
use crate::properties::value_at;
use crate::report::phrase::count;
use crate::state::{Place, Waiting};

/// Makes the plan.
pub(crate) fn planned(
    job: &Job<'_>,
    profile: &Profile,
    live: &[Document],
    waiting: &Waiting,
    values: &Values,
    theirs: &Ciphertexts,
) -> Result<Plan> {
    let last: Vec<String> = profile
        .parts
        .iter()
        .flat_map(|p| p.last.iter().cloned())
        .collect();
    let entered = |document: &str, key: &str, nth: usize, value: &str| {
        let place = Place {
            document: document.to_owned(),
            key: key.to_owned(),
            occurrence: nth,
        };
        waiting.was_entered(&place, Some(value))
    };
    let given = |document: &str, key: &str, nth: usize| {
        let (document, key) = (document.to_owned(), key.to_owned());
        let place = Place {
            document,
            key,
            occurrence: nth,
        };
        values.get(&place).cloned()
    };
    let of_another = match job.own {
        true => None,
        false => Some(Ciphertexts::among(job.rules, &job.backup.content.documents)),
    };
    let foreign = |document: &str, key: &str, nth: usize, value: &str| {
        let place = Place {
            document: document.to_owned(),
            key: key.to_owned(),
            occurrence: nth,
        };
        theirs.is(&place, value) || of_another.as_ref().is_some_and(|all| all.is(&place, value))
    };
    let archived = &job.backup.content.documents;
    // What is switched on and off has its own commands, in an order that does no harm.
    let selection = job.selection.but(&switches(profile))?;
    let selection = selection.among(job.rules, archived.iter().chain(live));
    let unseen = |path: &str| profile.part_of(path).is_some_and(Part::sends_masks_back);
    make(&PlanInput {
        rules: job.rules,
        archived,
        live,
        selection: &selection,
        manner: job.manner,
        encrypted: job.encrypted,
        habits: job.habits,
        mask_is_unchanged: profile.mask == MaskMeans::Unchanged,
        unseen: &unseen,
        own: job.own,
        last: &last,
        notices: &notices(profile),
        entered: &entered,
        foreign: &foreign,
        given: &given,
    })
}

/// The keys that say whether something is switched on.
pub(crate) fn switches(profile: &Profile) -> Vec<String> {
    let parts = profile.parts.iter().filter(|part| part.shape == Shape::Fields);
    parts.map(|part| format!("{}/*:{SWITCH}", part.path)).collect()
}

fn notices(profile: &Profile) -> Vec<Notice> {
    let notice = |w: &crate::profile::Warning| {
        let (document, key) = w.key.split_once(':')?;
        let document = document.split_once('/').map_or(document, |(_, name)| name);
        let (document, key) = (document.to_owned(), key.to_owned());
        Some(Notice {
            document,
            key,
            value: w.value.clone(),
            text: w.text.clone(),
        })
    };
    profile.warnings.iter().filter_map(notice).collect()
}

/// Tells whether a step makes a change that can close the way in.
pub(crate) fn closes_the_way_in(profile: &Profile, step: &Step) -> bool {
    let closing = profile.warnings.iter().filter(|w| w.closes_the_way_in);
    let said: Vec<String> = step.warnings.iter().map(ToString::to_string).collect();
    closing.into_iter().any(|w| said.contains(&w.text))
}

/// Asks what becomes of keys that the instance has and the backup lacks: a release may have brought them, or the source.
pub(crate) async fn keeps_what_is_new(tools: &Tools<'_>, job: &Job<'_>, plan: &Plan) -> Result<bool> {
    let Tools { ui, archive, .. } = tools;
    let dropped: usize = plan.steps.iter().map(|step| step.dropped.len()).sum();
    if !job.ask_about_dropped || job.dry_run || dropped == 0 || !ui.look().can_ask || ui.look().yes {
        return Ok(false);
    }
    let source = match &job.instance.source {
        Some(name) => access::newest_ordinary(archive, name)
            .await?
            .map(|backup| (name, backup)),
        None => None,
    };
    ui.note(format!(
        "{} has {} that the backup lacks. To replace the files drops them, to merge keeps them:",
        job.instance.name,
        count(dropped, "key")
    ));
    for step in plan.steps.iter().filter(|step| !step.dropped.is_empty()) {
        let name = |at: &KeyAt| match &source {
            Some((name, backup)) if has(&backup.content.documents, &step.document, at) => {
                format!("{} ({name}'s)", at.key)
            }
            _ => at.key.clone(),
        };
        let keys: Vec<String> = step.dropped.iter().map(name).collect();
        ui.note(format!("  {}: {}", step.document, keys.join(", ")));
    }
    ui.agrees("Merge, and keep them?")
}

/// Tells whether documents hold a key.
fn has(documents: &[Document], path: &str, at: &KeyAt) -> bool {
    let document = documents.iter().find(|d| d.path.eq_ignore_ascii_case(path));
    document.is_some_and(|d| value_at(&d.text, &at.key, at.occurrence).is_some())
}
