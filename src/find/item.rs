//! Rows of a list as items: what each may be called.

use std::collections::{BTreeMap, BTreeSet};

use url::Url;

use crate::find::address::{bare, slots};
use crate::find::words::{is_measure, same_name, stands_in};
use crate::page::{Link, Row};

/// A row of the list: what it may be called, and where it leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Texts that may be its name; a single one is its name.
    pub names: Vec<String>,
    /// The page behind it.
    pub url: Url,
    /// The texts of its columns.
    pub columns: Vec<String>,
}

/// What may name the items of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Column {
    /// The texts of a column.
    Cell(usize),
    /// What the links carry in this place of their addresses.
    Carried(String),
}

impl Item {
    /// The text of a column; nothing where it has none.
    pub fn at(&self, column: &Column) -> String {
        match column {
            Column::Cell(at) => self.columns.get(*at).cloned().unwrap_or_default(),
            Column::Carried(place) => {
                let carried = slots(&bare(&self.url, &[]))
                    .into_iter()
                    .find(|(known, _)| known == place);
                carried.map(|(_, text)| one_line(&text)).unwrap_or_default()
            }
        }
    }

    pub(super) fn name_by(&mut self, column: &Column) {
        let text = self.at(column);
        if !text.is_empty() {
            self.names = vec![text];
        }
    }
}

/// Makes items of the chosen links; tells whether every link carries one text of its row.
pub(super) fn read(rows: &[(&Row, Vec<&Link>)], chosen: &[(usize, &Link)], list: &Url) -> (Vec<Item>, bool) {
    let alone = |row: usize| chosen.iter().filter(|(other, _)| *other == row).count() == 1;
    let links: Vec<&Url> = chosen.iter().map(|(_, link)| &link.url).collect();
    let carried = carried_by(&links, list);
    // Where a link carries the signs, too, they are a part of the name.
    let with_signs = |((row, _), carried): (&(usize, &Link), &Vec<String>)| {
        let mut texts = texts_of(rows[*row].0).into_iter();
        texts.any(|text| without_signs(&text) != text && carried.contains(&text))
    };
    let shown: fn(&str) -> String = match chosen.iter().zip(&carried).any(with_signs) {
        true => one_line,
        false => without_signs,
    };
    let mut items: Vec<Item> = Vec::new();
    for ((row, link), carried) in chosen.iter().zip(&carried) {
        let row_texts = || texts_of(rows[*row].0).iter().map(|text| shown(text)).collect();
        let (columns, texts): (Vec<String>, Vec<String>) = match alone(*row) {
            true => (rows[*row].0.cells.iter().map(|c| shown(c)).collect(), row_texts()),
            // Several items in one row: each is known by its own link only.
            false => (vec![shown(&link.text)], vec![shown(&link.text)]),
        };
        let exact: Vec<String> = texts.iter().filter(|t| carried.contains(*t)).cloned().collect();
        let alike = texts.iter().filter(|t| carried.iter().any(|c| same_name(c, t)));
        let named: Vec<String> = if exact.is_empty() {
            alike.cloned().collect()
        } else {
            exact
        };
        let mut names = if named.is_empty() { texts } else { named };
        let mut known = BTreeSet::new();
        names.retain(|name| !name.is_empty() && known.insert(name.clone()));
        items.push(Item {
            names,
            url: link.url.clone(),
            columns,
        });
    }
    settle_by_column(&mut items);
    let carries = |(item, carried): (&Item, &Vec<String>)| match item.names.as_slice() {
        [name] => carried.iter().any(|c| same_name(c, name)),
        _ => false,
    };
    let named = |items: &[Item]| !items.is_empty() && items.iter().zip(&carried).all(carries);
    if !named(&items) {
        settle_by_part(&mut items, &carried);
    }
    let named_by_links = named(&items);
    (items, named_by_links)
}

/// What each of the links carries that tells it from the others; of a single one what its list's address lacks.
fn carried_by(links: &[&Url], list: &Url) -> Vec<Vec<String>> {
    let all: Vec<Vec<(String, String)>> = links.iter().map(|url| slots(&bare(url, &[]))).collect();
    let mut by_place: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (place, text) in all.iter().flatten() {
        by_place.entry(place).or_default().insert(text);
    }
    let common: Vec<String> = slots(list).into_iter().map(|(_, text)| text).collect();
    let tells = |place: &str, text: &str| match links.len() {
        1 => !common.iter().any(|known| known == text),
        _ => by_place[place].len() > 1,
    };
    let telling = |slots: &Vec<(String, String)>| {
        let told = slots.iter().filter(|(place, text)| tells(place, text));
        let texts = told.map(|(_, text)| one_line(text));
        texts.filter(|text| !text.is_empty()).collect()
    };
    all.iter().map(telling).collect()
}

/// Where no row's text is what its link carries, but every row's text holds it as a word of its own (`BIZX.properties`,
/// `BIZX *`), what is carried is the name.
fn settle_by_part(items: &mut [Item], carried: &[Vec<String>]) {
    let Some(first) = items.first() else { return };
    let places = slots(&bare(&first.url, &[])).into_iter();
    let places = places.map(|(place, _)| Column::Carried(place));
    let holds = |(item, carried): (&Item, &Vec<String>), name: &str| {
        let stands = item.columns.iter().any(|text| stands_in(text, name));
        stands && !is_measure(name) && carried.iter().any(|text| text == name)
    };
    let mut telling = places.filter(|place| {
        let names: BTreeSet<String> = items.iter().map(|item| item.at(place)).collect();
        let mut pairs = items.iter().zip(carried);
        names.len() == items.len() && pairs.all(|pair| holds(pair, &pair.0.at(place)))
    });
    if let (Some(place), None) = (telling.next(), telling.next()) {
        items.iter_mut().for_each(|item| item.name_by(&place));
    }
}

/// Where some rows carry a second text in their link (a type, a number), the column in which all rows carry a text
/// of their own is the name's.
fn settle_by_column(items: &mut [Item]) {
    if items.iter().all(|i| i.names.len() <= 1) {
        return;
    }
    let width = items.iter().map(|item| item.columns.len()).min().unwrap_or(0);
    let mut columns = (0..width).filter(|column| {
        let texts: BTreeSet<&String> = items.iter().map(|item| &item.columns[*column]).collect();
        let carried = |item: &Item| item.names.contains(&item.columns[*column]);
        texts.len() == items.len() && items.iter().all(carried)
    });
    if let (Some(column), None) = (columns.next(), columns.next()) {
        items
            .iter_mut()
            .for_each(|item| item.name_by(&Column::Cell(column)));
    }
}

pub(super) fn texts_of(row: &Row) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    for text in row
        .cells
        .iter()
        .chain(&row.pieces)
        .map(|c| one_line(c))
        .filter(|c| !c.is_empty())
    {
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Leaves out signs that stand alone at the ends: `BIZX ·`, `* SSO`.
fn without_signs(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let says = |word: &&str| word.contains(char::is_alphanumeric);
    match (words.iter().position(says), words.iter().rposition(says)) {
        (Some(first), Some(last)) => words[first..=last].join(" "),
        _ => words.join(" "),
    }
}
