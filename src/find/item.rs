//! Rows of a list as items: what each may be called.

use std::collections::BTreeSet;

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
                carried.map(|(_, text)| normal(&text)).unwrap_or_default()
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
pub(super) fn read(rows: &[(&Row, Vec<&Link>)], chosen: &[(usize, &Link)]) -> (Vec<Item>, bool) {
    let alone = |row: usize| chosen.iter().filter(|(other, _)| *other == row).count() == 1;
    let mut items: Vec<Item> = Vec::new();
    for (row, link) in chosen {
        let (columns, texts) = match alone(*row) {
            true => (
                rows[*row].0.cells.iter().map(|c| normal(c)).collect(),
                texts_of(rows[*row].0),
            ),
            // Several items in one row: each is known by its own link only.
            false => (vec![normal(&link.text)], vec![normal(&link.text)]),
        };
        let carried = carried_by(&link.url);
        let exact: Vec<String> = texts.iter().filter(|t| carried.contains(*t)).cloned().collect();
        let alike = || {
            texts
                .iter()
                .filter(|t| carried.iter().any(|c| same_name(c, t)))
                .cloned()
                .collect()
        };
        let named: Vec<String> = if exact.is_empty() { alike() } else { exact };
        let names = if named.is_empty() { texts } else { named };
        items.push(Item {
            names,
            url: link.url.clone(),
            columns,
        });
    }
    settle_by_column(&mut items);
    let carries = |item: &Item| match item.names.as_slice() {
        [name] => carried_by(&item.url).iter().any(|c| same_name(c, name)),
        _ => false,
    };
    let named = |items: &[Item]| !items.is_empty() && items.iter().all(carries);
    if !named(&items) {
        settle_by_part(&mut items);
    }
    let named_by_links = named(&items);
    (items, named_by_links)
}

/// Where no row's text is what its link carries, but every row's text holds it as a word of its own (`BIZX.properties`,
/// `BIZX *`), what is carried is the name.
fn settle_by_part(items: &mut [Item]) {
    let Some(first) = items.first() else { return };
    let places = slots(&bare(&first.url, &[]))
        .into_iter()
        .map(|(place, _)| Column::Carried(place));
    let holds =
        |item: &Item, name: &str| !is_measure(name) && item.columns.iter().any(|text| stands_in(text, name));
    let mut telling = places.filter(|place| {
        let names: BTreeSet<String> = items.iter().map(|item| item.at(place)).collect();
        names.len() == items.len() && items.iter().all(|item| holds(item, &item.at(place)))
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
    let texts = slots(&bare(url, &[])).into_iter().map(|(_, text)| normal(&text));
    texts.filter(|text| !text.is_empty()).collect()
}
