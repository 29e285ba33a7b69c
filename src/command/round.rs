//! The pinned backup of a round, for the commands that put something back.

use crate::archive::{Archive, Listed};
use crate::error::Result;
use crate::instance::Reference;
use crate::report::Ui;
use crate::state::{Pinned, State};

/// Finds a pinned backup in the archive; `None` where it is there no more.
///
/// # Errors
/// [`Kind::Archive`](crate::error::Kind::Archive) where the archive cannot be listed.
pub(crate) async fn listed(archive: &Archive, pinned: &Pinned) -> Result<Option<Listed>> {
    let all = archive.list(Some(&pinned.instance)).await?;
    Ok(all.into_iter().find(|listed| listed.id == pinned.id))
}

/// Says where the newest backup was chosen although `before` has pinned another one for this refresh.
///
/// # Errors
/// [`Kind::Archive`](crate::error::Kind::Archive) where the state is damaged.
pub(crate) async fn tell_of_pinned(
    ui: &Ui,
    state: &State,
    reference: &Reference,
    chosen: &Listed,
) -> Result<()> {
    if reference.backup.as_deref().is_some_and(|which| which != "latest") {
        return Ok(());
    }
    let round = state.round(&reference.instance).await?;
    let Some(pinned) = round
        .filter(|round| round.ended.is_none())
        .and_then(|round| round.backup)
        .filter(|pinned| pinned.id != chosen.id && pinned.taken < chosen.taken)
    else {
        return Ok(());
    };
    ui.note(format!(
        "`lmskeep before` has pinned backup {} for this refresh, taken {}; {} is newer.",
        pinned.id,
        ui.when(pinned.taken),
        chosen.id
    ));
    ui.hint(&format!(
        "the pinned one is `{}@{}`",
        pinned.instance,
        &pinned.id[..pinned.id.len().min(8)]
    ));
    Ok(())
}
