//! A list of things to see to around a refresh, item by item: what `before` and `after` share.
//!
//! How each item stands is kept in the round of the instance (`state::Round`) before the next one is looked at, so that a
//! list can be left at any time and taken up on another day. What an item is about, and what looks after it, is the affair
//! of the two commands.

mod desk;
mod item;
mod shown;

use clap::Args;

use crate::error::{Error, Kind, Result};
use crate::state::{Item as Stands, Round};

pub(crate) use desk::Desk;
pub(crate) use item::{Found, Item, SOURCE_ON, item, missing};
pub(crate) use shown::{Row, rows, say_hints, say_rows};

/// What a person says of items.
#[derive(Debug, Clone, Default, Args)]
pub struct AnswerArgs {
    /// Say that an item is done; may be repeated
    #[arg(long, value_name = "ITEM")]
    pub done: Vec<String>,

    /// Leave an item out, and say why; may be repeated
    #[arg(long, value_name = "ITEM=WHY", value_parser = item_and_reason)]
    pub skip: Vec<(String, String)>,

    /// Take back what was said of an item; may be repeated
    #[arg(long, value_name = "ITEM")]
    pub reopen: Vec<String>,

    /// Who says so [default: the name of your account on this computer]
    #[arg(long, value_name = "WHO")]
    pub by: Option<String>,
}

fn item_and_reason(word: &str) -> Result<(String, String)> {
    match word.split_once('=') {
        Some((id, why)) if !id.is_empty() && !why.trim().is_empty() => {
            Ok((id.to_owned(), why.trim().to_owned()))
        }
        _ => Err(Error::new(
            Kind::Usage,
            format!("`--skip` takes an item and a reason, and `{word}` is not both."),
        )
        .hint("such as --skip logos='nobody sees them'")),
    }
}

impl AnswerArgs {
    /// Refuses answers that cannot be given, before any of them is taken.
    ///
    /// # Errors
    /// [`Kind::Usage`] for an unknown item, or one that cannot be answered so.
    pub(crate) fn check<C>(&self, desk: &Desk<'_>, items: &[Item<C>]) -> Result<()> {
        for id in &self.done {
            if !item::item(items, id)?.by_word {
                return Err(Error::new(
                    Kind::Usage,
                    format!("`{id}` is not done by saying so: lmskeep sees to it itself."),
                )
                .hint(desk.command("")));
            }
        }
        for (id, why) in &self.skip {
            if !item::item(items, id)?.may_skip {
                return Err(Error::new(
                    Kind::Usage,
                    format!("`{id}` cannot be skipped, whatever the reason (`{why}`)."),
                ));
            }
        }
        for id in &self.reopen {
            item::item(items, id)?;
        }
        Ok(())
    }

    /// Keeps what is said of items.
    ///
    /// # Errors
    /// [`Kind::Archive`] where it cannot be kept.
    pub(crate) async fn keep<C>(&self, desk: &Desk<'_>, items: &[Item<C>]) -> Result<()> {
        for id in &self.done {
            let title = item::item(items, id)?.title;
            desk.keep(id, Found::Said(format!("{title}: said to be done.")))
                .await?;
        }
        for (id, why) in &self.skip {
            desk.keep(id, Found::Skip(why.clone())).await?;
        }
        Ok(())
    }
}

/// Sees to each item that is still to be looked at, and keeps what came of it before the next.
///
/// # Errors
/// Those of `see_to` and of keeping: they end the run.
pub(crate) async fn see_to_all<C>(
    desk: &Desk<'_>,
    items: &[Item<C>],
    is_open: impl Fn(&Item<C>, Option<&Stands>) -> bool,
    see_to: impl AsyncFn(&Item<C>, &Round) -> Result<Found>,
) -> Result<Round> {
    let mut round = desk.change(|_| {}).await?;
    for item in items {
        if !is_open(item, round.item(item.id)) {
            continue;
        }
        let waits = item.needs.iter().find(|id| !round.is_settled(id));
        let found = match waits {
            Some(before) => Found::open(format!("It waits for `{before}`."), std::iter::empty::<String>()),
            None => see_to(item, &round).await?,
        };
        round = desk.keep(item.id, found).await?;
    }
    Ok(round)
}
