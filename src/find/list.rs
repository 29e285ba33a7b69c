//! The list of a part: a run of repeated siblings, each with one link to a page that holds one large text.
//!
//! A row's name is the one text of it that also stands in its link. Where the link does not tell (it carries a
//! number, say), the texts of the row stay candidates and the item's own page decides ([`crate::find::Naming`]).

use std::collections::BTreeSet;

use url::Url;

use crate::find::words::{same_label, speaks_of};
use crate::page::{Link, Page, Row};
use crate::profile::Words;

/// A row of the list: what it may be called, and where it leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Texts that may be its name; a single one is its name.
    pub names: Vec<String>,
    /// The page behind it.
    pub url: Url,
}

/// A run of rows that may be the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Its rows, in the page's order.
    pub items: Vec<Item>,
    /// True when every row's link carries one text of the row.
    pub named_by_links: bool,
}

/// More links than this in every row are no list of documents but a page's frame.
const MOST_LINKS_A_ROW: usize = 6;

/// Finds the runs that may be the list, the likeliest first; runs with the same links count once.
pub fn candidates(page: &Page, words: &Words) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    for run in &page.runs {
        let rows: Vec<(&Row, Vec<&Link>)> = run
            .rows
            .iter()
            .filter(|row| !row.header)
            .map(|row| (row, usable_links(page, row, words)))
            .filter(|(_, links)| !links.is_empty())
            .collect();
        for reading in readings(&rows, words) {
            let candidate = read(&rows, &reading);
            let is_pager = reading.iter().all(|link| leads_further(link, words));
            let known = found.iter().position(|f| same_links(f, &candidate));
            match known {
                _ if is_pager => {}
                Some(at) if candidate.named_by_links && !found[at].named_by_links => found[at] = candidate,
                Some(_) => {}
                None => found.push(candidate),
            }
        }
    }
    found.sort_by_key(|c| (!c.named_by_links, std::cmp::Reverse(c.items.len())));
    let mut lists: Vec<Candidate> = Vec::new();
    for candidate in found {
        // The links of one row, side by side, are a run of their own, but no list.
        let within = |list: &Candidate| {
            candidate
                .items
                .iter()
                .all(|i| list.items.iter().any(|o| o.url == i.url))
        };
        if !lists.iter().any(within) {
            lists.push(candidate);
        }
    }
    lists
}

/// Finds links to further result pages: numbers, "next", or `rel=next`, on the list's own address.
pub fn further_pages(page: &Page, words: &Words) -> Vec<Url> {
    let mut found = Vec::new();
    for link in &page.links {
        let same_place = link.url.origin() == page.url.origin() && link.url.path() == page.url.path();
        if same_place && leads_further(link, words) && !is_forbidden(link, words) {
            let url = without_fragment(&link.url);
            if url != without_fragment(&page.url) && !found.contains(&url) {
                found.push(url);
            }
        }
    }
    found
}

fn leads_further(link: &Link, words: &Words) -> bool {
    let text = link.text.trim();
    let number = !text.is_empty() && text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit());
    let next = |text: &str| same_label(text, &words.further);
    number
        || next(text)
        || next(&link.title)
        || link
            .rel
            .split_whitespace()
            .any(|r| r.eq_ignore_ascii_case("next"))
}

/// A link that is never followed: it may delete something, or sign out.
fn is_forbidden(link: &Link, words: &Words) -> bool {
    let address = format!("{} {}", link.url.path(), link.url.query().unwrap_or_default());
    same_label(&link.text, &words.never)
        || speaks_of(&link.title, &words.never)
        || speaks_of(&link.text, &words.never)
        || speaks_of(&action_words(&address), &words.never)
}

/// Of an address only the file's name and the parameters' names and short values say what it does; a document may
/// be called `DELETE_LOG`, so that the value that is the row's name must not count.
fn action_words(address: &str) -> String {
    let (path, query) = address.split_once(' ').unwrap_or((address, ""));
    let file = path.rsplit('/').next().unwrap_or_default();
    let verbs = query.split('&').filter(|pair| {
        let name = pair.split('=').next().unwrap_or_default().to_lowercase();
        ["action", "method", "do", "cmd", "command", "op", "task", "event"].contains(&name.as_str())
    });
    std::iter::once(file).chain(verbs).collect::<Vec<_>>().join(" ")
}

fn usable_links<'a>(page: &Page, row: &'a Row, words: &Words) -> Vec<&'a Link> {
    let mut seen = BTreeSet::new();
    row.links
        .iter()
        .filter(|l| l.url.origin() == page.url.origin() && !is_forbidden(l, words))
        .filter(|l| without_fragment(&l.url) != without_fragment(&page.url))
        .filter(|l| seen.insert(without_fragment(&l.url).to_string()))
        .collect()
}

/// Chooses a link for every row: the only one; else the one that edits; else, where all rows have equally many,
/// each position is a reading of its own.
fn readings<'a>(rows: &[(&Row, Vec<&'a Link>)], words: &Words) -> Vec<Vec<&'a Link>> {
    if rows.is_empty() {
        return Vec::new();
    }
    let chosen: Vec<Option<&Link>> = rows.iter().map(|(_, links)| one_of(links, words)).collect();
    if chosen.iter().all(Option::is_some) {
        return vec![chosen.into_iter().flatten().collect()];
    }
    let most = rows[0].1.len();
    if most > MOST_LINKS_A_ROW || rows.iter().any(|(_, links)| links.len() != most) {
        return Vec::new();
    }
    (0..most)
        .map(|k| rows.iter().map(|(_, links)| links[k]).collect())
        .collect()
}

fn one_of<'a>(links: &[&'a Link], words: &Words) -> Option<&'a Link> {
    let edits = |l: &&&Link| same_label(&l.text, &words.edit) || speaks_of(&l.title, &words.edit);
    match links {
        [only] => Some(only),
        _ => {
            let mut editing = links.iter().filter(edits);
            let first = editing.next()?;
            editing.next().is_none().then_some(*first)
        }
    }
}

fn read(rows: &[(&Row, Vec<&Link>)], links: &[&Link]) -> Candidate {
    let mut items: Vec<Item> = rows
        .iter()
        .zip(links)
        .map(|((row, _), link)| {
            let carried = carried_by(&link.url);
            let texts = texts_of(row);
            let named: Vec<String> = texts.iter().filter(|t| carried.contains(*t)).cloned().collect();
            Item {
                names: if named.is_empty() { texts } else { named },
                url: link.url.clone(),
            }
        })
        .collect();
    settle_by_column(rows, &mut items);
    let named_by_links = rows.iter().zip(links).zip(&items).all(
        |((_, link), item)| matches!(item.names.as_slice(), [name] if carried_by(&link.url).contains(name)),
    );
    Candidate {
        items,
        named_by_links,
    }
}

/// Where some rows carry a second text in their link (a type, a number), the column in which all rows carry a text
/// of their own is the name's.
fn settle_by_column(rows: &[(&Row, Vec<&Link>)], items: &mut [Item]) {
    if items.iter().all(|i| i.names.len() <= 1) {
        return;
    }
    let width = rows.iter().map(|(row, _)| row.cells.len()).min().unwrap_or(0);
    let mut columns = (0..width).filter(|column| {
        let texts: Vec<&String> = rows.iter().map(|(row, _)| &row.cells[*column]).collect();
        let own = texts.iter().collect::<BTreeSet<_>>().len() == texts.len();
        own && texts
            .iter()
            .zip(items.iter())
            .all(|(t, item)| item.names.contains(&normal(t)))
    });
    if let (Some(column), None) = (columns.next(), columns.next()) {
        for ((row, _), item) in rows.iter().zip(items.iter_mut()) {
            item.names = vec![normal(&row.cells[column])];
        }
    }
}

fn texts_of(row: &Row) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    for text in row
        .cells
        .iter()
        .chain(&row.pieces)
        .map(|c| normal(c))
        .filter(|c| !c.is_empty())
    {
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts
}

fn normal(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The values of a link's query and the segments of its path, decoded.
fn carried_by(url: &Url) -> Vec<String> {
    let query = url.query_pairs().map(|(_, value)| normal(&value));
    let path = url
        .path_segments()
        .into_iter()
        .flatten()
        .map(|segment| normal(&percent_encoding::percent_decode_str(segment).decode_utf8_lossy()));
    query.chain(path).filter(|text| !text.is_empty()).collect()
}

fn same_links(a: &Candidate, b: &Candidate) -> bool {
    let links = |c: &Candidate| c.items.iter().map(|i| i.url.to_string()).collect::<BTreeSet<_>>();
    links(a) == links(b)
}

fn without_fragment(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_fragment(None);
    url
}
