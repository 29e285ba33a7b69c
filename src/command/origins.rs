//! The third side of a comparison: a backup of the instance that a refresh has copied over this one.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use crate::archive::Archive;
use crate::backup::{BackupKind, Document};
use crate::command::diff_report::Sides;
use crate::command::{access, origin_report};
use crate::diff::{Counts, DocumentOrigins, Origin, Origins, Source};
use crate::error::{Error, Kind, Result};
use crate::instance::{Config, Reference, Side};
use crate::report::Ui;
use crate::report::phrase::{count, time};

/// What `diff --source --json` answers: what it answers without, and where each difference comes from.
#[derive(Debug, Serialize)]
struct Answer<'a> {
    from: &'a str,
    source: &'a str,
    to: &'a str,
    differs: bool,
    counts: Counts,
    origins: BTreeMap<Origin, usize>,
    documents: &'a [DocumentOrigins],
}

/// A backup of the source.
pub(super) struct Theirs {
    name: String,
    title: String,
    taken: Timestamp,
    documents: Vec<Document>,
    complete: bool,
}

impl Theirs {
    /// Gives it as the comparison takes it.
    pub(super) fn side(&self) -> Source<'_> {
        Source {
            documents: &self.documents,
            complete: self.complete,
        }
    }
}

/// Refuses a source that is not known, or is itself one of the sides that are compared.
///
/// # Errors
/// [`Kind::Usage`].
pub(super) fn check(source: &Reference, sides: [Option<&Side>; 2], config: &Config) -> Result<()> {
    config.instance(&source.instance)?;
    let mut compared = sides.into_iter().flatten().filter_map(Side::instance);
    if !compared.any(|name| name == source.instance) {
        return Ok(());
    }
    let name = &source.instance;
    Err(Error::new(
        Kind::Usage,
        format!("`{name}` is itself compared here: it cannot be the source as well."),
    )
    .hint(
        "the source is the instance that a refresh copies over the other: lmskeep diff NAME --source SOURCE",
    ))
}

/// Reads the backup of the source, and says which it is and what it is good for.
///
/// # Errors
/// [`Kind::Usage`] where there is none; [`Kind::Archive`].
pub(super) async fn load(
    ui: &Ui,
    archive: &Archive,
    source: &Reference,
    before: Option<Timestamp>,
) -> Result<Theirs> {
    let found = access::resolve_backup(archive, ui, source).await?;
    let backup = archive.get(&found.listed).await?;
    let (name, taken, kind) = (&source.instance, backup.content.taken, backup.content.kind);
    let title = format!("{name}@{}", backup.id);
    ui.note(format!("{title} was taken {}; it is the source.", ui.when(taken)));
    let held = count(backup.content.documents.len(), "document");
    match kind {
        BackupKind::Ordinary => {}
        BackupKind::Partial => ui.note(format!(
            "It holds {held} only: where the others come from cannot be told."
        )),
        BackupKind::AfterRefresh => ui.warn(&format!(
            "`{title}` was taken after a refresh had been over `{name}`: is it what was copied?"
        )),
        BackupKind::Safety => ui.warn(&format!(
            "`{title}` is a safety backup: {held}, as they were before a restore of `{name}`. Is it what was copied?"
        )),
    }
    if before.is_some_and(|before| taken < before) {
        ui.note("It is older than the other backup.");
    }
    Ok(Theirs {
        name: name.clone(),
        title,
        taken,
        complete: matches!(kind, BackupKind::Ordinary | BackupKind::AfterRefresh),
        documents: backup.content.documents,
    })
}

/// Shows where what differs comes from.
///
/// # Errors
/// As [`Ui::json`].
pub(super) fn tell(ui: &Ui, origins: &Origins, theirs: &Theirs, sides: Sides<'_>) -> Result<()> {
    origin_report::origins(ui, origins, &theirs.name);
    let counts = origins.origins();
    if counts[&Origin::ChangedSince] + counts[&Origin::LostSince] + counts[&Origin::New] > 0 {
        ui.note(format!(
            "What {} itself has changed between {} and the refresh looks as if somebody had changed it since.",
            theirs.name,
            time(theirs.taken, &ui.look().zone)
        ));
    }
    ui.json(
        "diff",
        &Answer {
            from: sides.from,
            source: &theirs.title,
            to: sides.to,
            differs: origins.differs(),
            counts: origins.counts(),
            origins: counts,
            documents: &origins.documents,
        },
    )
}

/// Names the restore that leaves alone what the source did not bring.
pub(super) fn hint(ui: &Ui, origins: &Origins, from: &str) {
    if let Some(exceptions) = origin_report::exceptions(origins) {
        ui.hint(&format!(
            "a restore undoes what is by someone or new as well; to keep it: lmskeep restore {from}{exceptions}"
        ));
    }
}
