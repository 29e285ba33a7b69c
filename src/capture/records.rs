//! Reads the rows that are a document, with all the pages they go on over.

use std::collections::VecDeque;

use crate::backup::{Format, RECORD};
use crate::capture::list::{MOST_PAGES, Place};
use crate::capture::{Opened, open};
use crate::error::{Choice, Error, Result};
use crate::find::{
    bare, further_behind_scripts, further_pages, records, roll_records, says_more, text_of_records,
    text_of_roll,
};
use crate::page::Page;
use crate::profile::Service;
use crate::session::Session;

/// Completes a document that is all rows: its page may show only the first of them.
pub(super) async fn read(
    session: &Session,
    context: open::Context<'_>,
    mut opened: Opened,
) -> Result<Opened> {
    let place = Place {
        session,
        part: context.part,
    };
    let first = opened.editor.page().clone();
    let text = match &context.part.service {
        Some(service) => told(place, service, first).await?,
        None => shown(place, context, first).await?,
    };
    opened.document.text.clone_from(&text);
    opened.document.format = Format::Properties;
    opened.document.read_only = Some(RECORD.to_owned());
    opened.editor = opened.editor.completed(&opened.name, text);
    Ok(opened)
}

/// Reads the rows of classic pages.
async fn shown(place: Place<'_>, context: open::Context<'_>, first: Page) -> Result<String> {
    let (profile, part) = (place.session.profile(), place.part);
    let (words, tokens) = (&profile.words, &profile.token.names);
    let understood = |page: &Page| {
        if page.garbled {
            return Err(place.trouble(page, "declares a charset it is not written in"));
        }
        records(page, part, words).map_err(|unclear| place.trouble(page, &unclear.sentence))
    };
    let mut all = understood(&first)?;
    let whole = context.answers.contains_key(&format!("{}.further", part.id));
    let total = says_more(&first, &all, words).filter(|_| !whole);
    let mut seen = vec![bare(&first.url, tokens)];
    let mut read = vec![all.rows.clone()];
    let mut queue = VecDeque::new();
    let mut linked = false;
    let mut page = first.clone();
    loop {
        let found = further_pages(&page, words, tokens);
        linked |= !found.pages.is_empty();
        if !linked
            && !whole
            && let Some(label) = further_behind_scripts(&page, words)
        {
            let what = format!("has further pages behind `{label}`, which only a script or a form opens");
            return Err(half(place, &page, &what));
        }
        for url in found.pages.into_iter().chain(found.letters) {
            if !seen.contains(&bare(&url, tokens)) {
                seen.push(bare(&url, tokens));
                queue.push_back((url, page.url.clone()));
            }
        }
        let Some((url, from)) = queue.pop_front() else {
            break;
        };
        if read.len() > MOST_PAGES {
            return Err(place.trouble(&page, &format!("goes on for more than {MOST_PAGES} pages")));
        }
        page = place.session.read(&url, Some(&from)).await?;
        let more = understood(&page)?;
        // A page that was read already is no further one, nor is one with another table.
        if read.contains(&more.rows) || more.heads != all.heads {
            continue;
        }
        all.rows.extend(more.rows.iter().cloned());
        read.push(more.rows);
    }
    match total.filter(|total| *total > all.rows.len()) {
        Some(total) => {
            let what = format!("says that it has {total} rows, and shows only {}", all.rows.len());
            Err(half(place, &first, &what))
        }
        None => Ok(text_of_records(&all)),
    }
}

fn half(place: Place<'_>, page: &Page, what: &str) -> Error {
    let trouble = place.trouble(page, &format!("{what}: half a list is not kept"));
    let whole = Choice {
        shown: "what is shown is all".to_owned(),
        answer: "none".to_owned(),
    };
    let question = place.question(".further", "none (if this is all)");
    place.ask(trouble, question.offering([whole]))
}

/// Reads the rows that a service tells.
async fn told(place: Place<'_>, service: &Service, first: Page) -> Result<String> {
    let session = place.session;
    let again = |error: Error| error.hint("try again: somebody may be working on it");
    let mut rows = Vec::new();
    let mut total = None;
    let mut seen = Vec::new();
    let mut page = first;
    loop {
        if seen.contains(&page.url) || seen.len() >= MOST_PAGES {
            return Err(place.trouble(&page, "leads to its further pages in circles"));
        }
        let told = roll_records(&page, service).map_err(|unclear| place.trouble(&page, &unclear.sentence))?;
        rows.extend(told.rows);
        if *total.get_or_insert(told.total) != told.total {
            return Err(again(place.trouble(&page, "changed while it was read")));
        }
        seen.push(page.url.clone());
        let Some(next) = told.next else { break };
        page = session
            .read_with(&next, Some(&session.start().url), &service.headers)
            .await?;
    }
    match total.flatten().filter(|total| *total != rows.len()) {
        Some(total) => {
            let what = format!(
                "says that it has {total} rows, and shows {}: half a list is not kept",
                rows.len()
            );
            Err(again(place.trouble(&page, &what)))
        }
        None => Ok(text_of_roll(&rows)),
    }
}
