//! Reads a part's list where a service tells it, with all its pages.

use std::collections::BTreeSet;

use url::Url;

use crate::capture::list::{Found, How, ListItem, MOST_PAGES, Place, percent_encoded};
use crate::capture::{Known, Wishes};
use crate::error::{Error, Result};
use crate::find::{RollRow, roll};
use crate::instance::Cancel;
use crate::page::Page;
use crate::profile::Service;

/// Reads the list, from the address that the operator gave or the profile knows.
pub(super) async fn read(
    place: Place<'_>,
    service: &Service,
    wishes: Wishes<'_>,
    cancel: &Cancel,
) -> Result<Found> {
    let Place { session, part } = place;
    let given = wishes.answers.get(&part.id).or(part.address.as_ref());
    let first = session.address(given.map_or("", String::as_str))?;
    if let Some(name) = &part.single {
        // Read at once: where it is not to be seen, the part is not there.
        let page = session
            .read_with(&first, Some(&session.start().url), &service.headers)
            .await?;
        return Ok(alone(place, name, (&first, page), wishes));
    }
    let mut items: Vec<ListItem> = Vec::new();
    let mut names = BTreeSet::new();
    let mut seen = Vec::new();
    let mut total = None;
    let mut next = Some(first.clone());
    while let Some(url) = next {
        cancel.check()?;
        let page = session
            .read_with(&url, Some(&session.start().url), &service.headers)
            .await?;
        if seen.contains(&url) || seen.len() >= MOST_PAGES {
            return Err(place.trouble(&page, "leads to its further pages in circles"));
        }
        let told = understood(place, &page, service)?;
        for row in told.rows {
            let url = address_of(place, &row, service)?;
            if !names.insert(row.name.clone()) {
                return Err(place.trouble(&page, &format!("names `{}` twice", row.name)));
            }
            items.push(ListItem {
                names: vec![row.name],
                url,
                list: session.start().url.clone(),
                page: None,
            });
        }
        if *total.get_or_insert(told.total) != told.total {
            return Err(again(place.trouble(&page, "changed while it was read")));
        }
        // Some services show nothing to those who may see nothing.
        if told.next.is_none() && items.is_empty() {
            return Err(place.trouble(&page, "has no rows").hint(part.permission_hint()));
        }
        if let (Some(total), None) = (told.total, &told.next)
            && total != items.len()
        {
            let what = format!(
                "says that it has {total} rows, and shows {}: half a list is not kept",
                items.len()
            );
            return Err(again(place.trouble(&page, &what)));
        }
        seen.push(url);
        next = told.next;
    }
    Ok(Found {
        items,
        known: Known {
            names,
            common: BTreeSet::new(),
        },
        address: first.to_string(),
        how: match wishes.answers.contains_key(&part.id) {
            true => How::Given,
            false => How::Profile,
        },
    })
}

/// A part that is one page needs no list: its address is the page's.
fn alone(place: Place<'_>, name: &str, (address, page): (&Url, Page), wishes: Wishes<'_>) -> Found {
    let names = BTreeSet::from([name.to_owned()]);
    Found {
        items: vec![ListItem {
            names: vec![name.to_owned()],
            url: address.clone(),
            list: place.session.start().url.clone(),
            page: Some(Box::new(page)),
        }],
        known: Known {
            names,
            common: BTreeSet::new(),
        },
        address: address.to_string(),
        how: match wishes.answers.contains_key(&place.part.id) {
            true => How::Given,
            false => How::Profile,
        },
    }
}

fn understood(place: Place<'_>, page: &Page, service: &Service) -> Result<crate::find::Roll> {
    if page.garbled {
        return Err(place.trouble(page, "declares a charset it is not written in"));
    }
    roll(page, &service.list).map_err(|unclear| place.trouble(page, &unclear.sentence))
}

/// Gives the address of a row's document.
fn address_of(place: Place<'_>, row: &RollRow, service: &Service) -> Result<Url> {
    match &row.link {
        Some(link) => Ok(link.clone()),
        None => {
            let address = service.document.address.as_deref().unwrap_or_default();
            place
                .session
                .address(&address.replace("{name}", &percent_encoded(&row.key)))
        }
    }
}

fn again(error: Error) -> Error {
    error.hint("try again: somebody may be working on it")
}
