//! The round that `after` goes on with, and its end.

use crate::backup::{Document, looks_refreshed};
use crate::command::after::After;
use crate::command::after::item::ITEMS;
use crate::command::checklist::{self, SOURCE_ON};
use crate::command::restore::refuse_refreshed;
use crate::command::{access, marker};
use crate::error::{Error, Kind, Result};
use crate::selection::Selection;
use crate::session::Session;
use crate::state::{Action, Item as Stands, Pinned, Round, Thawing};

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
                // What was said of the last refresh is not said of this one.
                desk.state.set_thawing(name, &Thawing::default()).await?;
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
    let desk = &after.desk;
    // What waited for the end of a maintenance has seen it already, and anything done before is of another refresh.
    let seen = after.why.borrow().clone();
    if seen.is_some() && (done("freeze") || round.ended.is_some()) {
        return Ok(seen);
    }
    if !(round.ended.is_some() || done("way-in")) {
        return Ok(None);
    }
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
    let name = &desk.instance.name;
    let resolving = access::resolve_backup(&desk.archive, desk.ui, &after.args.name);
    // Without a backup nothing can be put back, and all the same nothing may leave.
    let found = resolving.await.map_err(|error| {
        error.hint(format!(
            "first, to switch off what could leave: lmskeep freeze {name} --after-refresh"
        ))
    })?;
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
    let paths = marker::paths(&markers);
    if paths.is_empty() {
        return Ok(None);
    }
    let reading = marker::read(desk.context, session, desk.instance, &paths);
    let there = desk.context.until_stopped(reading).await?;
    let why = there.and_then(|live| looks_refreshed(&markers, &live, Some(before), None));
    // What shows nothing is looked for anew, through the list: nobody is to believe that there was no refresh because
    // an address has become another's.
    if why.is_some() {
        return Ok(why);
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

/// Opens an item again, and what the program has done that needs it.
pub(super) fn reopen(round: &mut Round, id: &str) {
    // As long as the source is off, that is not to be forgotten.
    if id == SOURCE_ON {
        return;
    }
    round.ended = None;
    round.items.remove(id);
    for item in ITEMS.iter().filter(|item| item.needs.contains(&id)) {
        if matches!(round.item(item.id), Some(Stands::Done { by: None, .. })) {
            reopen(round, item.id);
        }
    }
}

/// Tells whether an item is one of these, or needed by one of them.
pub(super) fn is_needed(id: &str, wanted: &[&str]) -> bool {
    wanted.contains(&id)
        || ITEMS
            .iter()
            .filter(|item| item.needs.contains(&id))
            .any(|item| is_needed(item.id, wanted))
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

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use crate::command::after::round::{is_needed, reopen};
    use crate::state::{Item, Round};

    fn done(by: Option<&str>) -> Item {
        Item::Done {
            when: Timestamp::UNIX_EPOCH,
            by: by.map(str::to_owned),
            note: String::new(),
        }
    }

    #[test]
    fn what_needs_an_item_is_opened_with_it_but_not_what_a_person_has_said() {
        let mut round = Round::new(Timestamp::UNIX_EPOCH);
        for id in ["refreshed", "freeze", "restore", "way-in", "thaw", "compare"] {
            round.items.insert(id.to_owned(), done(None));
        }
        round.items.insert("images".to_owned(), done(Some("anna")));
        round.items.insert("source-on".to_owned(), done(None));
        round.ended = Some(Timestamp::UNIX_EPOCH);
        reopen(&mut round, "restore");
        for id in ["restore", "way-in", "thaw"] {
            assert!(!round.is_settled(id), "{id}");
        }
        assert!(round.is_settled("freeze") && round.is_settled("compare"));
        assert_eq!(round.ended, None);
        reopen(&mut round, "refreshed");
        assert!(round.is_settled("images"));
        assert!(!round.is_settled("freeze"));
        reopen(&mut round, "source-on");
        assert!(round.is_settled("source-on"));
    }

    #[test]
    fn an_item_brings_what_it_needs() {
        assert!(is_needed("refreshed", &["freeze"]));
        assert!(is_needed("freeze", &["thaw"]));
        assert!(!is_needed("compare", &["thaw"]));
    }
}
