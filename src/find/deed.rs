//! What the links of a list's rows do: every row repeats the same deeds for another item.
//!
//! Two links do the same where their addresses differ only in what tells the items apart. Which part of an address
//! that is, the rows show by themselves: what differs from row to row is the item's, what differs between the links of
//! one row is the deed's.

use std::collections::{BTreeMap, BTreeSet};

use url::Url;

use crate::find::address::{bare, slots};
use crate::find::list::Rules;
use crate::find::words::{same_name, speaks_of, stands_in};
use crate::page::Link;
use crate::profile::Words;

/// What the addresses of a deed have in common.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pattern {
    /// Places in the address, and the text that stands there in every row; none where the item stands.
    slots: Vec<(String, Option<String>)>,
    /// Places that tell this deed from another one of the same row.
    telling: BTreeSet<String>,
}

/// Links that do the same in different rows.
pub(super) struct Deed<'a> {
    pub(super) pattern: Pattern,
    /// The row of each link, and the link.
    pub(super) links: Vec<(usize, &'a Link)>,
}

impl Pattern {
    /// Tells whether an address is one of this deed, on whatever page of the list; what a page repeats in all its
    /// addresses (its own number, say) is not compared.
    pub(super) fn fits(&self, url: &Url, tokens: &[String]) -> bool {
        let own = slots(&bare(url, tokens));
        own.len() == self.slots.len()
            && own
                .iter()
                .zip(&self.slots)
                .all(|((place, text), (known, fixed))| {
                    let counts = place.starts_with('/') || self.telling.contains(place);
                    place == known && fixed.as_ref().is_none_or(|fixed| !counts || fixed == text)
                })
    }

    /// Gives the path, and the names of the parameters that tell items apart: lists alike in them are lists of the same
    /// documents.
    pub(super) fn place(&self) -> Vec<(&String, Option<&String>)> {
        let path = self.slots.iter().filter(|(place, _)| place.starts_with('/'));
        let items = self
            .slots
            .iter()
            .filter(|(place, fixed)| place.starts_with('?') && fixed.is_none());
        path.chain(items)
            .map(|(place, fixed)| (place, fixed.as_ref()))
            .collect()
    }

    /// The words of the address that say what it does: of the path what the list's own path lacks, of the parameters
    /// those that tell one deed from another and those that are called like an action.
    fn words(&self, list: &Url) -> String {
        let around: BTreeSet<String> = slots(list).into_iter().map(|(_, text)| text).collect();
        let action = |place: &str| {
            let name = place.trim_start_matches('?').to_lowercase();
            ["action", "method", "do", "cmd", "command", "op", "task", "event"].contains(&name.as_str())
        };
        let said = self.slots.iter().filter_map(|(place, fixed)| {
            let fixed = fixed.as_ref()?;
            let says = match place.starts_with('/') {
                true => !around.contains(fixed),
                false => self.telling.contains(place) || action(place),
            };
            says.then_some(fixed.as_str())
        });
        said.collect::<Vec<_>>().join(" ")
    }

    /// Reads the address of a single link as the deed that it would be, where the items of its list stand in these
    /// places.
    fn of_link(url: &Url, tokens: &[String], items: &BTreeSet<String>) -> Self {
        let slots = slots(&bare(url, tokens)).into_iter();
        let slots = slots.map(|(place, text)| match items.contains(&place) {
            true => (place, None),
            false => (place, Some(text)),
        });
        Self {
            slots: slots.collect(),
            telling: BTreeSet::new(),
        }
    }

    /// The places where the items stand.
    fn items(&self) -> BTreeSet<String> {
        let items = self.slots.iter().filter(|(_, fixed)| fixed.is_none());
        items.map(|(place, _)| place.clone()).collect()
    }

    /// Tells whether the address of a row's link says that it must not be followed: where a path differs from row to
    /// row by what is neither an id nor a text of the row, it says what it does.
    pub(super) fn leads_to_no(&self, link: &Link, row: &[String], rules: Rules<'_>, list: &Url) -> bool {
        let own = slots(&bare(&link.url, rules.tokens));
        let names_item =
            |text: &str| is_id(text) || row.iter().any(|t| same_name(t, text) || stands_in(text, t));
        let mut items = self.items();
        items.retain(|place| {
            let text = own.iter().find(|(known, _)| known == place);
            !place.starts_with('/') || text.is_none_or(|(_, text)| names_item(text))
        });
        let deed = Pattern::of_link(&link.url, rules.tokens, &items);
        speaks_of(&deed.words(list), &rules.words.never)
    }

    /// Tells whether a link of a row that lacks this deed must not be followed in its stead.
    pub(super) fn forbids_instead(&self, link: &Link, row: &[String], rules: Rules<'_>, list: &Url) -> bool {
        says_no(link, &self.items(), rules.words) || self.leads_to_no(link, row, rules, list)
    }

    /// Texts of the path that differ from row to row: such links lead to different things, unless they are ids.
    fn differs_in_path(&self) -> Vec<&String> {
        let differs = |(place, fixed): &&(String, Option<String>)| place.starts_with('/') && fixed.is_none();
        self.slots
            .iter()
            .filter(differs)
            .map(|(place, _)| place)
            .collect()
    }
}

/// A link of a row: the row's number, the link, and the texts of its address place by place.
type Member<'a> = (usize, &'a Link, Vec<String>);

/// Sorts the links of rows by what they do, in the order of their first appearance.
pub(super) fn deeds<'a>(rows: &[Vec<&'a Link>], tokens: &[String]) -> Vec<Deed<'a>> {
    let mut frames: BTreeMap<Vec<String>, Vec<Member<'a>>> = BTreeMap::new();
    for (row, links) in rows.iter().enumerate() {
        for link in links {
            let (places, texts) = slots(&bare(&link.url, tokens)).into_iter().unzip();
            let frame: &mut Vec<_> = frames.entry(places).or_default();
            frame.push((row, *link, texts));
        }
    }
    let mut found: BTreeMap<Pattern, Vec<(usize, &'a Link)>> = BTreeMap::new();
    for (places, members) in frames {
        let kinds: Vec<Slot> = (0..places.len()).map(|at| Slot::of(at, &members)).collect();
        let telling = places
            .iter()
            .zip(&kinds)
            .filter(|(_, kind)| **kind == Slot::Tells);
        let telling: BTreeSet<String> = telling.map(|(place, _)| place.clone()).collect();
        for (row, link, texts) in members {
            let fixed = texts
                .into_iter()
                .zip(&kinds)
                .map(|(text, kind)| (*kind != Slot::Item).then_some(text));
            let slots = places.iter().cloned().zip(fixed).collect();
            found
                .entry(Pattern {
                    slots,
                    telling: telling.clone(),
                })
                .or_default()
                .push((row, link));
        }
    }
    let mut deeds: Vec<Deed<'a>> = found
        .into_iter()
        .map(|(pattern, links)| Deed { pattern, links })
        .collect();
    let place = |deed: &Deed<'a>| {
        let (row, link) = deed.links[0];
        (row, rows[row].iter().position(|l| std::ptr::eq(*l, link)))
    };
    deeds.sort_by_key(place);
    deeds
}

/// What a place in the addresses of a run is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slot {
    /// The same everywhere.
    Fixed,
    /// It differs between the links of one row, and in the same way in others.
    Tells,
    /// It differs from row to row.
    Item,
}

impl Slot {
    fn of(at: usize, members: &[Member<'_>]) -> Self {
        let mut by_row: BTreeMap<usize, BTreeSet<&str>> = BTreeMap::new();
        for (row, _, texts) in members {
            by_row.entry(*row).or_default().insert(&texts[at]);
        }
        let all: BTreeSet<&str> = by_row.values().flatten().copied().collect();
        let most = by_row.values().map(BTreeSet::len).max().unwrap_or(0);
        match (all.len(), most) {
            (0 | 1, _) => Slot::Fixed,
            (all, most) if most > 1 && all <= most => Slot::Tells,
            _ => Slot::Item,
        }
    }
}

/// Letters and digits such as programs give to things.
fn is_id(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    text.contains(|c: char| c.is_ascii_digit()) && text.chars().all(plain)
}

/// Tells whether a link must not be followed, by its label; a label that the address carries where items stand is a
/// name.
fn says_no(link: &Link, items: &BTreeSet<String>, words: &Words) -> bool {
    let is_item = |(place, text): (String, String)| items.contains(&place) && text == link.text;
    let name = slots(&bare(&link.url, &[])).into_iter().any(is_item);
    let labels = [&link.title, &link.text, &link.id];
    (!name && labels.iter().any(|label| speaks_of(label, &words.never)))
        // What asks whether one is sure changes something.
        || link.onclick.contains("confirm(")
        || link.raw_href.contains("confirm(")
}

impl<'a> Deed<'a> {
    /// How many rows have it.
    pub(super) fn coverage(&self) -> usize {
        self.links
            .iter()
            .map(|(row, _)| row)
            .collect::<BTreeSet<_>>()
            .len()
    }

    /// What its first link says to people.
    pub(super) fn label(&self) -> [&'a str; 2] {
        let (_, link) = self.links[0];
        [&link.text, &link.title]
    }

    /// Tells whether it must not be tried: it may delete something, or sign out. A word counts where every row says
    /// it: an item may be called `DELETE_LOG`.
    pub(super) fn is_forbidden(&self, words: &Words, list: &Url) -> bool {
        let items = self.pattern.items();
        self.links.iter().all(|(_, link)| says_no(link, &items, words))
            || speaks_of(&self.pattern.words(list), &words.never)
    }

    /// Tells whether it says that it opens an item for editing.
    pub(super) fn edits(&self, words: &Words, list: &Url) -> bool {
        let says = |link: &Link| speaks_of(&link.text, &words.edit) || speaks_of(&link.title, &words.edit);
        self.links.iter().all(|(_, link)| says(link)) || speaks_of(&self.pattern.words(list), &words.edit)
    }

    /// Tells whether its links are labelled by what tells the rows apart.
    pub(super) fn shows_items(&self) -> bool {
        let labels: BTreeSet<&str> = self.links.iter().map(|(_, link)| link.text.as_str()).collect();
        self.links.len() > 1 && labels.len() == self.links.len() && !labels.contains("")
    }

    /// Tells whether its links lead to things of one sort: to one page with other parameters, or to paths that differ
    /// by ids or by the rows' own texts, as told by `carried`.
    pub(super) fn is_uniform(&self, carried: impl Fn(usize, &str) -> bool) -> bool {
        let differing = self.pattern.differs_in_path();
        self.links.iter().all(|(row, link)| {
            let own = slots(&bare(&link.url, &[]));
            differing.iter().all(|place| {
                let text = own.iter().find(|(p, _)| p == *place).map_or("", |(_, text)| text);
                is_id(text) || carried(*row, text)
            })
        })
    }
}
