//! The backups of a round: of the instance, and of its source, which is only read.

use std::rc::Rc;

use jiff::SignedDuration;

use crate::backup::{Backup, BackupKind};
use crate::command::access;
use crate::command::backup::{Wish, take};
use crate::command::checklist::{Desk, Found, SOURCE_ON};
use crate::command::words::SignInArgs;
use crate::error::{Error, Kind, Result};
use crate::instance::Instance;
use crate::report::phrase::count;
use crate::selection::Selection;
use crate::state::{Item as Stands, Pinned, Round};

/// A backup that is older is offered to be taken anew.
const FRESH: SignedDuration = SignedDuration::from_hours(24);

/// The instance's own backup.
pub(super) async fn own(desk: &Desk<'_>, round: &Round) -> Result<Found> {
    match see_to(desk, desk.instance, round.backup.as_ref(), true).await? {
        Seen::Found(found) => Ok(found),
        Seen::New(pinned, found) => {
            desk.change(|round| round.backup = Some(pinned)).await?;
            Ok(found)
        }
    }
}

/// The backup of the source.
pub(super) async fn of_source(desk: &Desk<'_>, round: &Round) -> Result<Found> {
    // What is switched off there by now would be remembered as off.
    let is_off = matches!(round.item(SOURCE_ON), Some(Stands::Open { .. }));
    match see_to(desk, desk.source()?, round.source_backup.as_ref(), !is_off).await? {
        Seen::Found(found) => Ok(found),
        Seen::New(pinned, found) => {
            desk.change(|round| round.source_backup = Some(pinned)).await?;
            Ok(found)
        }
    }
}

/// What seeing to a backup came to.
enum Seen {
    /// Nothing was taken.
    Found(Found),
    /// It was taken now.
    New(Pinned, Found),
}

async fn see_to(desk: &Desk<'_>, at: &Instance, pinned: Option<&Pinned>, may_renew: bool) -> Result<Seen> {
    // One that is damaged is no backup: a new one mends what it shares with it.
    let known = match desk.backup(pinned).await {
        Err(error) if error.kind() == Kind::Archive => {
            desk.ui.warn(error.message());
            None
        }
        read => read?,
    };
    if let Some(backup) = known {
        let age = desk.now().duration_since(backup.content.taken);
        if age <= FRESH {
            return Ok(Seen::Found(Found::Done(told(desk, &backup))));
        }
        if !may_renew {
            return Ok(Seen::Found(Found::Done(format!(
                "{} It is kept, since things are switched off there by now.",
                told(desk, &backup)
            ))));
        }
        if !renews(desk, at, &backup)? {
            return Ok(Seen::Found(Found::open(
                format!(
                    "{} That is more than a day ago: what changed since would be lost.",
                    told(desk, &backup)
                ),
                [desk.command("--yes")],
            )));
        }
    } else if !may_renew {
        return Ok(Seen::Found(Found::open(
            format!(
                "Things are switched off in {} by now: a backup would remember them as off.",
                at.name
            ),
            [
                desk.command(&format!("--done {SOURCE_ON}")),
                desk.command("--skip source-backup=WHY"),
            ],
        )));
    }
    anew(desk, at).await
}

fn renews(desk: &Desk<'_>, at: &Instance, backup: &Backup) -> Result<bool> {
    let question = format!(
        "The backup {} of {} was taken {}. Take a new one?",
        backup.id,
        at.name,
        desk.ui.when(backup.content.taken)
    );
    Ok(desk.ui.look().yes || desk.ui.agrees(&question)?)
}

/// Takes a backup, and reads it back from the archive.
async fn anew(desk: &Desk<'_>, at: &Instance) -> Result<Seen> {
    let selection = Selection::default();
    let wish = Wish {
        instance: at,
        selection: &selection,
        args: None,
    };
    desk.ui.note(format!("Reading all documents of {}.", at.name));
    let session = access::session(desk.ui, desk.context, desk.config, at, &SignInArgs::default()).await?;
    let taken = take(
        desk.ui,
        desk.context,
        (desk.config, &desk.archive),
        &session,
        &wish,
    )
    .await?;
    taken
        .captured
        .notes
        .iter()
        .for_each(|note| desk.ui.note(note.as_str()));
    let listed = taken.stored.listed;
    if let Some(why) = taken.refreshed {
        return Ok(Seen::Found(Found::open(
            format!(
                "{} looks like an instance after a refresh: {why}. Its backup {} is marked so, and not pinned.",
                at.name, listed.id
            ),
            [format!(
                "if the change is meant: lmskeep backup {} --new-normal",
                at.name
            )],
        )));
    }
    if taken.draft.kind != BackupKind::Ordinary {
        let why = format!("The backup {} of {} is not complete.", listed.id, at.name);
        return Ok(Seen::Found(Found::open(
            why,
            [format!("lmskeep check {}", at.name)],
        )));
    }
    let pinned = Pinned::of(&listed);
    let backup = desk.backup(Some(&pinned)).await?.ok_or_else(|| {
        Error::new(
            Kind::Archive,
            format!("The backup {} is not where it was stored.", pinned.id),
        )
    })?;
    let found = Found::Done(told(desk, &backup));
    Ok(Seen::New(pinned, found))
}

fn told(desk: &Desk<'_>, backup: &Rc<Backup>) -> String {
    format!(
        "Backup {} of {}, taken {}: {}, read back whole.",
        backup.id,
        backup.content.instance,
        desk.time(backup.content.taken),
        count(backup.content.documents.len(), "document")
    )
}
