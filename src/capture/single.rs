//! A part that is one page: found behind its entry, or behind the tabs of the page there.

use std::collections::BTreeSet;

use url::Url;

use crate::capture::list::{Found, How, ListItem, Place, holds};
use crate::capture::{Known, Wishes, frames};
use crate::error::{Error, Result};
use crate::find::{Unclear, bare, edit_form, entries_labelled, is_called, records, speaks_of};
use crate::page::Page;
use crate::profile::Shape;

/// Pages that are read at most to come from an entry to the page itself.
const MOST_TABS: usize = 3;

/// Finds the page that holds the part's form or table, among these or behind their tabs.
pub(super) async fn found(place: Place<'_>, mut pages: Vec<Page>, wishes: Wishes<'_>) -> Result<Found> {
    let (session, part) = (place.session, place.part);
    let profile = session.profile();
    let tokens = &profile.token.names;
    let mut been: BTreeSet<Url> = BTreeSet::new();
    let mut unclear = None;
    let understood = |page: &Page| -> std::result::Result<(), Unclear> {
        match part.shape {
            Shape::Records => records(page, part, &profile.words).map(drop),
            _ => edit_form(page, part, &profile.words, wishes.answers).map(drop),
        }
    };
    for _ in 0..=MOST_TABS {
        been.extend(pages.iter().map(|page| bare(&page.url, tokens)));
        let mut order: Vec<&Page> = pages.iter().collect();
        if part.shape == Shape::Records {
            // A menu beside it may be a table, too.
            order.sort_by_key(|page| !is_called(page, part));
        }
        for page in order {
            match understood(page) {
                Ok(()) => return Ok(only(place, page)),
                Err(why) if why.question.is_some() => unclear = Some((page.clone(), why)),
                Err(_) => {}
            }
        }
        let tabs = entries_labelled(&pages, &part.onward, tokens).into_iter();
        let tabs: Vec<Url> = tabs
            .map(|tab| tab.url)
            .filter(|url| !been.contains(&bare(url, tokens)))
            .collect();
        let [tab] = tabs.as_slice() else { break };
        let page = session.read(tab, Some(&pages[0].url)).await?;
        pages = frames::unfold(session, page).await?;
    }
    Err(match unclear {
        Some((page, why)) => {
            let trouble = place.trouble(&page, &why.sentence);
            match why.question {
                Some(question) => place.ask(trouble, question),
                None => trouble,
            }
        }
        None => nothing(place, &pages[0]),
    })
}

fn nothing(place: Place<'_>, page: &Page) -> Error {
    if speaks_of(&page.text, &place.session.profile().words.denied) {
        let trouble = place.trouble(page, "says that the admin may not see it");
        return trouble.hint(place.part.permission_hint()).forbidden();
    }
    let what = match place.part.shape {
        Shape::Records => "shows no table with rows".to_owned(),
        _ => format!("shows no form with {}", holds(place.part)),
    };
    let trouble = place.trouble(page, &what);
    let trouble = place.ask(trouble, place.question("", "ADDRESS-OR-MENU-ENTRY"));
    trouble.hint(place.part.permission_hint())
}

fn only(place: Place<'_>, page: &Page) -> Found {
    let name = place.part.single.clone().unwrap_or_default();
    let url = bare(&page.url, &place.session.profile().token.names);
    Found {
        known: Known {
            names: BTreeSet::from([name.clone()]),
            common: BTreeSet::new(),
        },
        address: url.to_string(),
        items: vec![ListItem {
            names: vec![name],
            url,
            list: place.session.start().url.clone(),
            page: Some(Box::new(page.clone())),
        }],
        how: How::default(),
    }
}
