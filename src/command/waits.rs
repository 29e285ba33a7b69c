//! What waits at an instance, remembered from run to run, and what was entered.

use crate::backup::{Document, looks_refreshed};
use crate::command::reenter::place_of;
use crate::command::write_back::{Job, Tools};
use crate::error::Result;
use crate::plan::{EnteredAs, KeyAt, Plan};
use crate::profile::Profile;
use crate::properties::value_at;
use crate::restore::Run;
use crate::state::{Action, Place, State, Waiting};

/// Tells whether another refresh has come since the last restore: then what was entered was overwritten, and nothing
/// that is remembered of values holds any more. Only a restore that had written the marker keys back can tell.
async fn refreshed_again(state: &State, job: &Job<'_>, profile: &Profile, live: &[Document]) -> Result<bool> {
    let markers = &profile.identity.markers;
    let archived = &job.backup.content.documents;
    let own_restore = job.action == Action::Restore && job.own;
    if !own_restore || looks_refreshed(markers, live, Some(archived), None).is_none() {
        return Ok(false);
    }
    for path in markers
        .iter()
        .filter_map(|m| m.split_once(':'))
        .map(|(path, _)| path)
    {
        if state.last_writer(&job.instance.name, path).await? == Some(Action::Restore) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What is remembered of values that wait. After another refresh, whatever live holds at their places was put there by
/// it.
pub(crate) async fn remembered(
    state: &State,
    job: &Job<'_>,
    profile: &Profile,
    live: &[Document],
) -> Result<Waiting> {
    let mut waiting = state.waiting(&job.instance.name).await?;
    if refreshed_again(state, job, profile, live).await? {
        let places: Vec<Place> = waiting.places().cloned().collect();
        for place in places {
            let text = live
                .iter()
                .find(|d| d.path == place.document)
                .map(|d| d.text.as_str());
            let value = text.and_then(|text| value_at(text, &place.key, place.occurrence));
            waiting.set(place, value.as_deref());
        }
    }
    let ledger = state.ledger(&job.instance.name).await?;
    for (place, _) in ledger.lines().filter(|(_, known)| known.due) {
        waiting.set_due(place.clone());
    }
    Ok(waiting)
}

/// Remembers for every value that waits what live carries now: what differs from it later was entered.
pub(crate) async fn remember(
    tools: &Tools<'_>,
    job: &Job<'_>,
    plan: &Plan,
    live: &[Document],
    done: &Run,
    before: &Waiting,
) -> Result<()> {
    let mut waiting = before.clone();
    for wait in &plan.waits {
        let place = place_of(wait);
        let found = live
            .iter()
            .find(|d| d.path == wait.document)
            .map(|d| d.text.as_str());
        let text = done.read.get(&wait.document).map(String::as_str).or(found);
        let value = text.and_then(|text| value_at(text, &wait.key, wait.occurrence));
        waiting.set(place, value.as_deref());
    }
    for step in &plan.steps {
        for at in &step.entered {
            // What live has now was put there by the refresh: something else is what was entered.
            let place = place_at(&step.document, at);
            let value = value_at(&step.seen, &at.key, at.occurrence);
            waiting.set(place, value.as_deref());
        }
    }
    let mut ledger = tools.state.ledger(&job.instance.name).await?;
    for entered in &done.entered {
        let place = place_at(&entered.document, &entered.at);
        // Where it cannot be seen that it was entered, it is remembered.
        if matches!(entered.how, EnteredAs::Mask | EnteredAs::AsBefore) {
            waiting.set(place.clone(), None);
        }
        let text = done.read.get(&entered.document);
        if let Some(live) = text.and_then(|text| value_at(text, &entered.at.key, entered.at.occurrence)) {
            ledger.entered(&place, (tools.context.clock)(), &live);
        }
    }
    if !done.entered.is_empty() {
        tools.state.set_ledger(&job.instance.name, &ledger).await?;
    }
    tools.state.set_waiting(&job.instance.name, &waiting).await
}

fn place_at(document: &str, at: &KeyAt) -> Place {
    Place {
        document: document.to_owned(),
        key: at.key.clone(),
        occurrence: at.occurrence,
    }
}

/// The values that a place has in several sets of documents.
pub(crate) fn values_at(sets: &[&[Document]], place: &Place) -> Vec<String> {
    let of = |documents: &&[Document]| {
        let document = documents
            .iter()
            .find(|d| d.path.eq_ignore_ascii_case(&place.document))?;
        value_at(&document.text, &place.key, place.occurrence).filter(|value| !value.is_empty())
    };
    sets.iter().filter_map(of).collect()
}
