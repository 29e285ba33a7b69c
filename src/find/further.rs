//! The pages on which a list goes on.

use std::collections::BTreeSet;

use url::Url;

use crate::find::address::{bare, is_web};
use crate::find::words::{same_label, speaks_of};
use crate::page::{Control, Kind, Link, Page};
use crate::profile::Words;

/// Letters that must have links of their own for them to cut a list in pieces.
const ALPHABET: usize = 10;
/// Addresses behind one label from which on it is no pager's.
const MANY: usize = 3;

/// Finds links to further result pages: numbers, "next", `rel=next`, or the letters of the alphabet.
pub fn further_pages(page: &Page, words: &Words, tokens: &[String]) -> Vec<Url> {
    let cut_by_letters = letters(page) >= ALPHABET;
    let mut found: Vec<(&str, Url)> = Vec::new();
    for link in page
        .links
        .iter()
        .filter(|l| is_web(&l.url) && l.url.origin() == page.url.origin())
    {
        let leads = match Goes::of(link, words) {
            Some(Goes::Letter) => cut_by_letters && same_place(&link.url, &page.url),
            Some(goes) => goes.may_lead(&link.url, &page.url),
            None => false,
        };
        let known = |other: &Url| bare(other, tokens) == bare(&link.url, tokens);
        if leads
            && !is_forbidden(link, words)
            && !known(&page.url)
            && !found.iter().any(|(_, url)| known(url))
        {
            found.push((&link.text, link.url.clone()));
        }
    }
    // A label that leads to many places is one that every row has.
    let alike = |label: &str| found.iter().filter(|(other, _)| *other == label).count();
    found
        .iter()
        .filter(|(label, _)| alike(label) < MANY)
        .map(|(_, url)| url.clone())
        .collect()
}

/// Says how a list goes on where no link leads: half a list must not be taken for a whole one.
pub fn further_behind_scripts(page: &Page, words: &Words) -> Option<String> {
    let scripted = page.links.iter().find(|link| {
        let goes_on = match Goes::of(link, words) {
            Some(Goes::Next) => true,
            Some(Goes::Number) => link.text.trim() != "1",
            _ => false,
        };
        let nowhere = link.raw_href.trim().starts_with('#') && !link.onclick.trim().is_empty();
        goes_on && (nowhere || link.url.scheme() == "javascript")
    });
    let label = |text: &str, name: &str| {
        if text.trim().is_empty() {
            name.to_owned()
        } else {
            text.trim().to_owned()
        }
    };
    if let Some(link) = scripted {
        return Some(label(&link.text, &link.title));
    }
    // A field beside the button makes it one that searches.
    let typed = |c: &Control| matches!(c.kind, Kind::Text | Kind::Search | Kind::TextArea);
    let forms = page.forms.iter().filter(|form| !form.controls.iter().any(typed));
    let mut buttons = forms
        .flat_map(|form| &form.controls)
        .filter(|c| c.kind.is_button() && !c.disabled);
    let next =
        buttons.find(|c| same_label(&c.label, &words.further) || same_label(&c.title, &words.further))?;
    Some(label(&next.label, &next.name))
}

/// Where a link of a pager leads.
enum Goes {
    Next,
    Number,
    Letter,
}

impl Goes {
    /// Tells whether an address can be one of the list's pages.
    fn may_lead(&self, link: &Url, list: &Url) -> bool {
        match self {
            Goes::Next => is_near(link, list),
            Goes::Number | Goes::Letter => same_place(link, list),
        }
    }

    fn of(link: &Link, words: &Words) -> Option<Self> {
        let text = link.text.trim();
        let next = |text: &str| same_label(text, &words.further);
        if next(text)
            || next(&link.title)
            || link
                .rel
                .split_whitespace()
                .any(|r| r.eq_ignore_ascii_case("next"))
        {
            Some(Goes::Next)
        } else if !text.is_empty() && text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit()) {
            Some(Goes::Number)
        } else if text.chars().count() == 1 && text.chars().all(char::is_alphabetic) {
            Some(Goes::Letter)
        } else {
            None
        }
    }
}

/// Tells whether links of rows are nothing but a pager's: such links have labels of their own, and lead to the list.
pub(super) fn is_pager(links: &[(usize, &Link)], words: &Words, list: &Url) -> bool {
    let labels: BTreeSet<&str> = links.iter().map(|(_, link)| link.text.as_str()).collect();
    labels.len() == links.len()
        && links
            .iter()
            .all(|(_, link)| Goes::of(link, words).is_some_and(|goes| goes.may_lead(&link.url, list)))
}

fn letters(page: &Page) -> usize {
    let single = |link: &&Link| link.text.chars().count() == 1 && link.text.chars().all(char::is_alphabetic);
    let near = page
        .links
        .iter()
        .filter(single)
        .filter(|link| same_place(&link.url, &page.url));
    near.map(|link| link.text.to_uppercase())
        .collect::<BTreeSet<_>>()
        .len()
}

/// The same path, but for numbers that are segments of their own.
fn same_place(link: &Url, list: &Url) -> bool {
    let path = |url: &Url| -> Vec<String> {
        let url = bare(url, &[]);
        let segments = url.path_segments().into_iter().flatten();
        segments
            .filter(|s| !s.bytes().all(|b| b.is_ascii_digit()))
            .map(str::to_owned)
            .collect()
    };
    path(link) == path(list)
}

/// In the same folder or below the list's own address.
fn is_near(link: &Url, list: &Url) -> bool {
    let folder = list.path().rsplit_once('/').map_or("", |(folder, _)| folder);
    same_place(link, list) || link.path().starts_with(&format!("{folder}/"))
}

fn is_forbidden(link: &Link, words: &Words) -> bool {
    speaks_of(&link.title, &words.never) || speaks_of(&link.text, &words.never)
}
