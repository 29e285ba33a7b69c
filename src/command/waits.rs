//! What waits at an instance, remembered from run to run, and what was entered.

use std::collections::HashMap;

use crate::archive::Archive;
use crate::backup::{Document, Format, KeyOf, looks_refreshed};
use crate::command::access;
use crate::command::reenter::place_of;
use crate::command::write_back::{Job, Tools};
use crate::environment::{Rule, judge};
use crate::error::Result;
use crate::plan::{EnteredAs, KeyAt, Plan};
use crate::profile::Profile;
use crate::properties::{Properties, value_at};
use crate::restore::Run;
use crate::sensitive::{Rules, is_ciphertext_shaped};
use crate::state::{Action, Place, State, Waiting};

/// Tells whether another refresh has come since the last restore: then what was entered was overwritten, and nothing
/// that is remembered of values holds any more. Only a restore that had written the marker keys back can tell.
async fn refreshed_again(state: &State, job: &Job<'_>, profile: &Profile, live: &[Document]) -> Result<bool> {
    let markers = &profile.identity.markers;
    let archived = &job.backup.content.documents;
    let own_restore = job.action == Action::Restore && job.own;
    // A marker that the instance does not let be changed was never put back: it tells nothing.
    let sealed = |marker: &String| {
        job.habits
            .sealed
            .iter()
            .any(|of| *marker == format!("{}:{}", of.document, of.key))
    };
    let markers: Vec<String> = markers.iter().filter(|m| !sealed(m)).cloned().collect();
    if !own_restore || looks_refreshed(&markers, live, Some(archived), None).is_none() {
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

/// What is remembered of values that wait, held against what live has: after another refresh, or a write of ours that nobody
/// has seen the end of, whatever is there was not entered; and the source's own ciphertext never was.
pub(crate) async fn remembered(
    state: &State,
    job: &Job<'_>,
    profile: &Profile,
    live: &[Document],
    theirs: &Ciphertexts,
) -> Result<Waiting> {
    let name = &job.instance.name;
    let mut waiting = state.waiting(name).await?;
    let ledger = state.ledger(name).await?;
    let again = refreshed_again(state, job, profile, live).await?;
    let lost = unknown_ends(state, name).await?;
    let value = |place: &Place| {
        let document = live.iter().find(|d| d.path == place.document)?;
        Some(value_at(&document.text, &place.key, place.occurrence))
    };
    let places: Vec<Place> = waiting.places().cloned().collect();
    for place in &places {
        if !again && !waiting.is_unseen(place) && !lost.contains(&place.document) {
            continue;
        }
        match value(place) {
            Some(value) => waiting.set(place.clone(), value.as_deref()),
            None => waiting.set_unseen(place.clone()),
        }
    }
    for place in &places {
        let Some(Some(value)) = value(place) else { continue };
        let of = KeyOf {
            document: place.document.clone(),
            key: place.key.clone(),
        };
        let entered = !again && ledger.known(place).is_some_and(|known| known.entered.is_some());
        if theirs.is(place, &value) || (job.habits.rereads.contains(&of) && !entered) {
            waiting.set_due(place.clone());
        }
    }
    for (place, _) in ledger.lines().filter(|(_, known)| known.due) {
        // Another value in the page since: a person has entered it there.
        let by_hand = value(place)
            .flatten()
            .is_some_and(|value| ledger.reads_as_entered(place, &value) == Some(false));
        if !by_hand {
            waiting.set_due(place.clone());
        }
    }
    Ok(waiting)
}

/// The documents of the last run whose write nobody has seen the end of.
async fn unknown_ends(state: &State, instance: &str) -> Result<Vec<String>> {
    let Some(run) = state.last_run(instance).await? else {
        return Ok(Vec::new());
    };
    let unknown = |outcome: Option<&str>| outcome.is_none_or(|word| word == "unknown");
    let sent = run
        .sent
        .into_iter()
        .filter(|sent| unknown(sent.outcome.as_deref()));
    Ok(sent.map(|sent| sent.document).collect())
}

/// The ciphertexts of an instance's source, by their places: on this instance they are no values of its own.
#[derive(Default)]
pub(crate) struct Ciphertexts(HashMap<Place, String>);

impl Ciphertexts {
    /// Takes what looks like ciphertext from the source's newest backup; nothing where there is none. Public keys look alike
    /// and are none.
    pub(crate) async fn of_source(archive: &Archive, job: &Job<'_>) -> Result<Self> {
        let Some(source) = &job.instance.source else {
            return Ok(Self::default());
        };
        let backup = access::newest_ordinary(archive, source).await?;
        let documents = backup.map(|backup| backup.content.documents).unwrap_or_default();
        Ok(Self::among(job.rules, &documents))
    }

    /// Takes what looks like ciphertext from documents.
    pub(crate) fn among(rules: &Rules, documents: &[Document]) -> Self {
        let mut all = HashMap::new();
        for document in documents.iter().filter(|d| d.format == Format::Properties) {
            for found in Properties::parse_leniently(&document.text).occurrences() {
                let (key, value) = (
                    found.entry.key.to_string_lossy(),
                    found.entry.value.to_string_lossy(),
                );
                let public = || {
                    let rule = judge(rules, &document.path, &key, &value);
                    matches!(rule, Some(Rule::PublicKey | Rule::Trust))
                };
                if is_ciphertext_shaped(value.trim()) && !public() {
                    let place = Place {
                        document: document.path.clone(),
                        key,
                        occurrence: found.nth,
                    };
                    all.insert(place, value);
                }
            }
        }
        Self(all)
    }

    /// Tells whether a value is what the source has at that place.
    pub(crate) fn is(&self, place: &Place, value: &str) -> bool {
        self.0.get(place).is_some_and(|theirs| theirs == value)
    }
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
