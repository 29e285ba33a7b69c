//! The safety backup of a run: what the instance held before it (promise 4).

use crate::backup::{Backup, BackupKind, Document, Draft, KeyOf};
use crate::capture::Captured;
use crate::command::access;
use crate::command::write_back::{Job, Tools};
use crate::error::{Error, Kind, Result};
use crate::instance::Instance;
use crate::plan::{Plan, Step};
use crate::sensitive::Rules;
use crate::state::LastRun;

/// The documents that the runs this one continues have sent.
pub(crate) fn sent_before(job: &Job<'_>) -> Vec<String> {
    let sent = job.continues.map(LastRun::all_sent).unwrap_or_default();
    sent.into_iter().map(str::to_owned).collect()
}

/// Stores the state that the plan was made from, or keeps the one of the run that is continued: what that run has
/// replaced stands in no live text any more.
pub(crate) async fn safety(tools: &Tools<'_>, job: &Job<'_>, plan: &Plan, live: &Captured) -> Result<String> {
    let mut documents = live.documents.clone();
    if let Some(kept) = job.continues.and_then(|run| run.began.safety.as_deref()) {
        let (first, sent) = (kept_safety(tools, job, kept).await?, sent_before(job));
        let first = first.content.documents;
        // What somebody else has changed since is in no safety backup yet; nor what was not meant before.
        let is_held = |step: &Step| {
            let held = first.iter().find(|d| d.path == step.document);
            held.is_some_and(|held| held.text == step.seen || sent.contains(&step.document))
        };
        if plan.steps.iter().all(is_held) {
            tools.ui.note(format!(
                "Going on with an interrupted run: the safety backup {kept} stays."
            ));
            return Ok(kept.to_owned());
        }
        let is_live = |path: &String| documents.iter().any(|d| d.path == *path);
        let kept: Vec<Document> = first
            .into_iter()
            .filter(|d| sent.contains(&d.path) || !is_live(&d.path))
            .collect();
        documents.retain(|d| !kept.iter().any(|k| k.path == d.path));
        documents.extend(kept);
        documents.sort_by(|a, b| a.path.cmp(&b.path));
    }
    store(tools, job.instance, job.rules, documents, live).await
}

/// Stores documents as a safety backup; gives its id.
pub(crate) async fn store(
    tools: &Tools<'_>,
    instance: &Instance,
    rules: &Rules,
    documents: Vec<Document>,
    live: &Captured,
) -> Result<String> {
    let draft = Draft {
        instance: instance.name.clone(),
        identity: access::identity(tools.session, instance)?,
        taken: (tools.context.clock)(),
        kind: BackupKind::Safety,
        profile: tools.session.profile().name.clone(),
        documents,
        pages: live.contracts(),
        learned: rules
            .learned()
            .map(|(document, key)| KeyOf {
                document: document.to_owned(),
                key: key.to_owned(),
            })
            .collect(),
    };
    let stored = tools.archive.put(&draft).await?;
    tools.ui.note(format!(
        "What {} holds now is stored as safety backup {}.",
        draft.instance, stored.listed.id
    ));
    Ok(stored.listed.id)
}

async fn kept_safety(tools: &Tools<'_>, job: &Job<'_>, id: &str) -> Result<Backup> {
    let listed = tools.archive.list(Some(&job.instance.name)).await?;
    let found = listed.iter().find(|l| l.id == id).ok_or_else(|| {
        Error::new(
            Kind::Archive,
            format!("The safety backup {id} of the interrupted run is not in the archive."),
        )
    })?;
    tools.archive.get(found).await
}
