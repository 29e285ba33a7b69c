//! The round that `after` goes on with, and its end.

use crate::backup::{Document, looks_refreshed};
use crate::command::access;
use crate::command::after::After;
use crate::command::after::item::ITEMS;
use crate::command::checklist::{self, SOURCE_ON};
use crate::command::restore::refuse_refreshed;
use crate::error::{Error, Kind, Result};
use crate::selection::Selection;
use crate::session::Session;
use crate::state::{Action, Item as Stands, Pinned, Round};

/// Goes on with the round of the instance. Where none is there one begins, with the newest backup from before the refresh;
/// and where another refresh has come since everything was put back.
pub(super) async fn go_on(after: &After<'_>) -> Result<()> {
    let desk = &after.desk;
    let (name, ui) = (&desk.instance.name, desk.ui);
    let kept = desk.state.round(name).await?;
    let named = after.args.name.backup.is_some();
    let mut round = match kept {
        None => Round::new(desk.now()),
        Some(kept) => match again(after, &kept).await? {
            Some(why) => {
                ui.note(format!(
                    "{name} was refreshed again: {why}. Everything is seen to anew."
                ));
                anew(after, &kept)
            }
            None => kept,
        },
    };
    if round.backup.is_none() || named {
        round.backup = Some(pin(after).await?);
    }
    if round.source_backup.is_none()
        && let Some(source) = desk.source
    {
        let theirs = access::newest_ordinary(&desk.archive, &source.name).await?;
        round.source_backup = theirs.map(|backup| Pinned {
            instance: source.name.clone(),
            taken: backup.content.taken,
            id: backup.id,
        });
    }
    desk.state.set_round(name, &round).await?;
    access::tell_backup(ui, &*after.own(&round).await?);
    Ok(())
}

/// Says why the instance looks refreshed once more; nothing as long as it was not put back, or where it does not.
async fn again(after: &After<'_>, round: &Round) -> Result<Option<String>> {
    let done = |id: &str| matches!(round.item(id), Some(Stands::Done { .. }));
    if !(round.ended.is_some() || done("way-in")) {
        return Ok(None);
    }
    let desk = &after.desk;
    let markers = markers(after).await?;
    for path in markers
        .iter()
        .filter_map(|m| m.split_once(':'))
        .map(|(path, _)| path)
    {
        let writer = desk.state.last_writer(&desk.instance.name, path).await?;
        // Only what a restore has put back tells.
        if writer != Some(Action::Restore) && round.ended.is_none() {
            return Ok(None);
        }
    }
    let Some(own) = desk.backup(round.backup.as_ref()).await? else {
        return Ok(None);
    };
    looks(after, &own.content.documents).await
}

/// A new round for the same two instances. What is off in the source stays to be switched on.
fn anew(after: &After<'_>, kept: &Round) -> Round {
    let mut round = Round::new(after.desk.now());
    round.kind = kept.kind;
    if kept.ended.is_none() {
        round.backup.clone_from(&kept.backup);
    }
    if let Some(off @ Stands::Open { .. }) = kept.item(SOURCE_ON) {
        round.items.insert(SOURCE_ON.to_owned(), off.clone());
    }
    round
}

/// The backup that was named, or the newest from before the refresh.
pub(super) async fn pin(after: &After<'_>) -> Result<Pinned> {
    let desk = &after.desk;
    let found = access::resolve_backup(&desk.archive, desk.ui, &after.args.name).await?;
    let backup = desk.archive.get(&found.listed).await?;
    refuse_refreshed(&desk.archive, desk.instance, &desk.profile, &backup).await?;
    Ok(Pinned::of(&found.listed))
}

/// Says why the instance looks refreshed, against documents from before.
///
/// # Errors
/// All of signing in and reading.
pub(super) async fn looks(after: &After<'_>, before: &[Document]) -> Result<Option<String>> {
    looks_with(after, after.session().await?, before).await
}

/// The same through a session.
///
/// # Errors
/// All of reading.
pub(super) async fn looks_with(
    after: &After<'_>,
    session: &Session,
    before: &[Document],
) -> Result<Option<String>> {
    let desk = &after.desk;
    let markers = markers(after).await?;
    let paths: Vec<&str> = markers
        .iter()
        .filter_map(|m| m.split_once(':'))
        .map(|(path, _)| path)
        .collect();
    if paths.is_empty() {
        return Ok(None);
    }
    let selection = Selection::of_documents(paths)?;
    let reading = access::read_live(desk.ui, desk.context, session, desk.instance, &selection);
    let live = desk.context.until_stopped(reading).await?;
    Ok(looks_refreshed(&markers, &live.documents, Some(before), None))
}

/// The keys that tell of a refresh, without those that the instance does not let be changed: they were never put back.
async fn markers(after: &After<'_>) -> Result<Vec<String>> {
    let desk = &after.desk;
    let habits = desk.state.habits(&desk.instance.name).await?;
    let sealed = |marker: &String| {
        let mut sealed = habits.sealed.iter();
        sealed.any(|of| *marker == format!("{}:{}", of.document, of.key))
    };
    let markers = desk.profile.identity.markers.iter();
    Ok(markers.filter(|marker| !sealed(marker)).cloned().collect())
}

/// Ends the round once nothing is open.
pub(super) async fn end(after: &After<'_>, round: Round) -> Result<Round> {
    let mut all = ITEMS.iter().filter(|item| item.blocks);
    let settled = all.all(|item| round.is_settled(item.id));
    let off = matches!(round.item(SOURCE_ON), Some(Stands::Open { .. }));
    if !settled || off || round.ended.is_some() {
        return Ok(round);
    }
    let now = after.desk.now();
    after.desk.change(|round| round.ended = Some(now)).await
}

/// The items that are open, in order.
pub(super) fn open(round: &Round) -> usize {
    let off = matches!(round.item(SOURCE_ON), Some(Stands::Open { .. }));
    checklist::missing(&ITEMS, round).len() + usize::from(off)
}

/// Where nothing is known of a refresh, `--status` has nothing to show.
pub(super) fn none(name: &str) -> Error {
    Error::new(Kind::Usage, format!("Nothing is known of a refresh of `{name}`."))
        .hint(format!("before it: lmskeep before {name}"))
        .hint(format!("after it: lmskeep after {name}"))
}
