//! The list of a part: a run of repeated siblings, each with one link to a page that holds one large text.
//!
//! A row's name is the one text of it that also stands in its link. Where the link does not tell (it carries a
//! number, say), the texts of the row stay candidates and the item's own page decides ([`crate::find::Naming`]).

use std::borrow::Cow;
use std::collections::BTreeSet;

use url::Url;

use crate::find::address::{bare, is_web, slots};
use crate::find::deed::{Deed, Pattern, deeds};
use crate::find::further::is_pager;
use crate::find::item::{Column, Item, read, texts_of};
use crate::find::words::{same_label, same_name};
use crate::page::{Link, Page, Row, Run};
use crate::profile::Words;

/// A run of rows that may be the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Its rows, in the page's order.
    pub items: Vec<Item>,
    /// True when every row's link carries one text of the row.
    pub named_by_links: bool,
    /// True when its links say that they open items: by a word for editing, or by the items' own labels.
    pub labelled: bool,
    /// Addresses of the first row of which nothing tells which opens the item; no more than one is followed.
    pub unclear: Vec<Url>,
    /// How its rows are known on further pages.
    pub shape: Shape,
    /// All that its rows lead to.
    links: BTreeSet<Url>,
}

/// How the rows of a list are known again on its further pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    /// The deeds whose links open items, the best first; at least one.
    opening: Vec<Pattern>,
    named_by_links: bool,
    /// What names the items, where the links do not carry texts of the rows.
    column: Option<Column>,
}

/// What reading lists needs to know of the LMS and of the operator.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// Labels of deeds.
    pub words: &'a Words,
    /// Names of the guard's token, which is no part of what an address means.
    pub tokens: &'a [String],
    /// The operator's word for the link that opens an item: its label, or a part of its address.
    pub link: Option<&'a str>,
}

/// More links than this in every row are no list of documents but a page's frame.
const MOST_LINKS_A_ROW: usize = 6;

/// Finds the runs that may be the list, the likeliest first; runs with the same links count once.
pub fn candidates(page: &Page, rules: Rules<'_>) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = page
        .runs
        .iter()
        .filter_map(|run| candidate(page, run, rules))
        .collect();
    found.sort_by_key(|c| {
        (
            !c.named_by_links,
            !c.unclear.is_empty(),
            !c.labelled,
            std::cmp::Reverse(c.items.len()),
        )
    });
    let mut lists: Vec<Candidate> = Vec::new();
    for candidate in found {
        // The links of one row, side by side, are a run of their own, but no list.
        let within = |list: &Candidate| candidate.links.is_subset(&list.links);
        if !lists.iter().any(within) {
            lists.push(candidate);
        }
    }
    lists
}

/// Reads the rows of a further page of a list: of the run with most rows of its kind, all of them with names; of nested
/// runs the innermost is the list, the others lay the page out.
pub fn more_items(page: &Page, shape: &Shape, rules: Rules<'_>) -> Vec<Item> {
    let mut best: ((bool, usize), Vec<Item>) = ((false, 0), Vec::new());
    for run in &page.runs {
        let rows = usable_rows(page, run, rules);
        let (chosen, _) = shape.choose(page, &rows, rules);
        let main = chosen
            .iter()
            .filter(|(_, link)| shape.opening[0].fits(&link.url, rules.tokens));
        let covered = main.map(|(row, _)| row).collect::<BTreeSet<_>>().len();
        if covered == 0 {
            continue;
        }
        let (mut items, named_by_links) = read(&rows, &chosen, &page.url);
        let named = match &shape.column {
            Some(column) => {
                items.iter_mut().for_each(|item| item.name_by(column));
                items.iter().all(|item| !item.at(column).is_empty())
            }
            None => named_by_links == shape.named_by_links && items.iter().all(|item| !item.names.is_empty()),
        };
        if (named, covered) >= best.0 {
            best = ((named, covered), items);
        }
    }
    best.1
}

impl Candidate {
    /// Tells whether a name stands in one of its rows.
    pub fn shows(&self, name: &str) -> bool {
        self.items
            .iter()
            .any(|item| item.names.iter().any(|n| same_name(n, name)))
    }

    /// Tells whether every name of another candidate stands in its rows, so that it can be the whole of which the other
    /// is a part (files used recently, say).
    pub fn embraces(&self, other: &Candidate) -> bool {
        self.items.len() >= other.items.len()
            && other
                .items
                .iter()
                .all(|item| item.names.iter().any(|name| self.shows(name)))
    }

    /// Tells whether both open items in the same way: lists of the same documents.
    pub fn is_alike(&self, other: &Candidate) -> bool {
        self.shape.opening.first().map(Pattern::place) == other.shape.opening.first().map(Pattern::place)
    }

    /// Gives the columns whose texts are all there and all different, and then the places where all links carry
    /// something else: only these can name the items.
    pub fn telling_columns(&self) -> Vec<Column> {
        let width = self
            .items
            .iter()
            .map(|item| item.columns.len())
            .min()
            .unwrap_or(0);
        let places = self
            .items
            .first()
            .map(|item| slots(&bare(&item.url, &[])))
            .unwrap_or_default();
        let cells = (0..width).map(Column::Cell);
        let carried = places.into_iter().map(|(place, _)| Column::Carried(place));
        let tells = |column: &Column| {
            let texts: BTreeSet<String> = self.items.iter().map(|item| item.at(column)).collect();
            texts.len() == self.items.len() && !texts.contains("")
        };
        cells.chain(carried).filter(tells).collect()
    }

    /// Names every item by one of its columns.
    pub fn settle(&mut self, column: Column) {
        self.items.iter_mut().for_each(|item| item.name_by(&column));
        self.shape.column = Some(column);
    }
}

impl Shape {
    /// Chooses the links that open the rows: those of the best deed a row has. A row that has none of them, but is like
    /// the others, is opened by its only link; where it has several, they are what is not clear.
    fn choose<'a>(
        &self,
        page: &Page,
        rows: &[(&Row, Vec<&'a Link>)],
        rules: Rules<'_>,
    ) -> (Vec<(usize, &'a Link)>, Vec<Url>) {
        let main = &self.opening[0];
        let fitting = |row: &Row, links: &[&'a Link]| -> Vec<&'a Link> {
            let of = |pattern: &Pattern| -> Vec<&'a Link> {
                let fits = links.iter().filter(|link| pattern.fits(&link.url, rules.tokens));
                fits.filter(|link| !main.leads_to_no(link, &texts_of(row), rules, &page.url))
                    .copied()
                    .collect()
            };
            self.opening
                .iter()
                .map(of)
                .find(|found| !found.is_empty())
                .unwrap_or_default()
        };
        let mut chosen: Vec<(usize, &'a Link)> = Vec::new();
        for (at, (row, links)) in rows.iter().enumerate() {
            chosen.extend(fitting(row, links).into_iter().map(|link| (at, link)));
        }
        let shares_path = chosen.iter().any(|(_, link)| same_path(&link.url, &page.url));
        let model: Vec<&Row> = chosen.iter().map(|(at, _)| rows[*at].0).collect();
        let mut unclear = Vec::new();
        for (at, (row, links)) in rows.iter().enumerate() {
            if chosen.iter().any(|(known, _)| *known == at) || !is_like(row, &model) {
                continue;
            }
            let harmless = |link: &&&'a Link| {
                !main.forbids_instead(link, &texts_of(row), rules, &page.url)
                    && !leads_to_list(&link.url, page, rules, shares_path)
            };
            match links.iter().filter(harmless).collect::<Vec<_>>().as_slice() {
                [] => {}
                [only] => chosen.push((at, only)),
                several => unclear.extend(several.iter().map(|link| link.url.clone())),
            }
        }
        chosen.sort_by_key(|(at, _)| *at);
        (chosen, unclear)
    }
}

/// Tells whether a row has as many columns as the rows of a list, and none empty that is empty in none of them.
fn is_like(row: &Row, list: &[&Row]) -> bool {
    let width = row.cells.len();
    let alike: Vec<&&Row> = list.iter().filter(|other| other.cells.len() == width).collect();
    let filled = |column: usize, row: &Row| !row.cells[column].trim().is_empty();
    !alike.is_empty()
        && (0..width).all(|column| filled(column, row) || !alike.iter().all(|other| filled(column, other)))
}

/// Tells whether an address is that of the list itself, perhaps sorted or cut otherwise; where items share the list's
/// path, only one that says all that the list's own address says.
fn leads_to_list(link: &Url, page: &Page, rules: Rules<'_>, shares_path: bool) -> bool {
    let own = bare(&page.url, rules.tokens);
    let says = |said: (Cow<'_, str>, Cow<'_, str>)| link.query_pairs().any(|pair| pair == said);
    same_path(link, &page.url) && (!shares_path || own.query_pairs().all(says))
}

fn same_path(one: &Url, other: &Url) -> bool {
    bare(one, &[]).path() == bare(other, &[]).path()
}

fn usable_rows<'a>(page: &Page, run: &'a Run, rules: Rules<'_>) -> Vec<(&'a Row, Vec<&'a Link>)> {
    let rows = run
        .rows
        .iter()
        .filter(|row| !row.header)
        .map(|row| (row, usable_links(page, row, rules)));
    rows.filter(|(_, links)| !links.is_empty()).collect()
}

fn usable_links<'a>(page: &Page, row: &'a Row, rules: Rules<'_>) -> Vec<&'a Link> {
    let own = bare(&page.url, rules.tokens);
    let mut seen = BTreeSet::new();
    row.links
        .iter()
        .filter(|l| is_web(&l.url) && l.url.origin() == page.url.origin())
        .filter(|l| bare(&l.url, rules.tokens) != own)
        .filter(|l| seen.insert(bare(&l.url, rules.tokens)))
        .collect()
}

fn candidate(page: &Page, run: &Run, rules: Rules<'_>) -> Option<Candidate> {
    let rows = usable_rows(page, run, rules);
    if rows.iter().any(|(_, links)| links.len() > MOST_LINKS_A_ROW) {
        return None;
    }
    let links: Vec<Vec<&Link>> = rows.iter().map(|(_, links)| links.clone()).collect();
    let mut deeds = deeds(&links, rules.tokens);
    deeds.retain(|deed| {
        !is_pager(&deed.links, rules.words, &page.url) && !deed.is_forbidden(rules.words, &page.url)
    });
    let most = deeds.iter().map(Deed::coverage).max()?;
    deeds.retain(|deed| deed.coverage() * 2 >= most);
    let opening = opening(&deeds, rules, &page.url);
    let main = *opening.first()?;
    // One row that says the same of several links holds several items: what it holds is the list.
    let labels: BTreeSet<[&str; 2]> = opening.iter().map(|deed| deed.label()).collect();
    if rows.len() == 1 && labels.len() < opening.len() {
        return None;
    }
    // A row without the main deed is opened by one that rows with it have, too: it may only be viewed.
    let beside = |deed: &&Deed<'_>| {
        !std::ptr::eq(*deed, main)
            && deed
                .links
                .iter()
                .any(|(row, _)| main.links.iter().any(|(r, _)| r == row))
    };
    let patterns = std::iter::once(main)
        .chain(deeds.iter().filter(beside))
        .map(|deed| deed.pattern.clone());
    let mut shape = Shape {
        opening: patterns.collect(),
        named_by_links: false,
        column: None,
    };
    let (chosen, mut unclear) = shape.choose(page, &rows, rules);
    if opening.len() > 1 {
        unclear = opening.iter().map(|deed| deed.links[0].1.url.clone()).collect();
    }
    let (items, named_by_links) = read(&rows, &chosen, &page.url);
    shape.named_by_links = named_by_links;
    let carried = |row: usize, text: &str| texts_of(rows[row].0).iter().any(|t| same_name(t, text));
    let labelled = main.edits(rules.words, &page.url) || main.shows_items();
    let sure = rules.link.is_some() || named_by_links || main.edits(rules.words, &page.url);
    let links = links
        .iter()
        .flatten()
        .map(|link| bare(&link.url, rules.tokens))
        .collect();
    let candidate = Candidate {
        items,
        named_by_links,
        labelled,
        unclear,
        shape,
        links,
    };
    (sure || (most > 1 && main.is_uniform(carried))).then_some(candidate)
}

/// Picks the deeds that may open the items: the one the operator named, else the one that edits, else the one that is
/// labelled by the items, else all.
fn opening<'d, 'a>(deeds: &'d [Deed<'a>], rules: Rules<'_>, list: &Url) -> Vec<&'d Deed<'a>> {
    if let Some(answer) = rules.link {
        let word = [answer.to_owned()];
        let meant = |link: &Link| {
            same_label(&link.text, &word)
                || same_label(&link.title, &word)
                || link.url.as_str().contains(answer)
        };
        return deeds
            .iter()
            .filter(|deed| deed.links.iter().any(|(_, link)| meant(link)))
            .collect();
    }
    let editing: Vec<_> = deeds
        .iter()
        .filter(|deed| deed.edits(rules.words, list))
        .collect();
    if !editing.is_empty() {
        return editing;
    }
    let shown: Vec<_> = deeds.iter().filter(|deed| deed.shows_items()).collect();
    if shown.is_empty() {
        deeds.iter().collect()
    } else {
        shown
    }
}
