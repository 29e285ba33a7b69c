//! A table whose rows are the document: what an instance has there, to be compared.
//!
//! The rows are those of the page's data table; its names of columns, its sums and its pager are none. A page without a
//! table is understood only where it says that there is nothing.

use std::collections::BTreeSet;

use crate::find::Unclear;
use crate::find::further::says_total;
use crate::find::words::{same_label, speaks_of};
use crate::page::{Page, Table, TableRow};
use crate::profile::{Part, Words};
use crate::properties::{Line, Properties};

/// What stands between the texts of a row.
const BETWEEN: &str = " | ";

/// The rows of a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Records {
    /// The names of the columns; none where the table does not tell them.
    pub heads: Vec<String>,
    /// The texts of each row's cells.
    pub rows: Vec<Vec<String>>,
}

/// Reads the rows of a part's page.
///
/// # Errors
/// No table with data, and nothing that says that there is none.
pub fn records(page: &Page, part: &Part, words: &Words) -> Result<Records, Unclear> {
    let found: Vec<Records> = page.tables.iter().filter_map(|table| of(table, words)).collect();
    // Tables that name their columns hold data; those that do not may be a menu.
    let headed = found.iter().any(|records| !records.heads.is_empty());
    let mut best: Option<Records> = None;
    for records in found {
        let fits = !headed || !records.heads.is_empty();
        let more = best
            .as_ref()
            .is_none_or(|best| records.rows.len() > best.rows.len());
        if fits && more {
            best = Some(records);
        }
    }
    if let Some(records) = best {
        return Ok(records);
    }
    match is_called(page, part) && speaks_of(&page.text, &words.nothing) {
        true => Ok(Records::default()),
        false => Err(Unclear::new("shows no table with rows")),
    }
}

/// Tells whether title or headings of a page are the part's own.
pub fn is_called(page: &Page, part: &Part) -> bool {
    std::iter::once(&page.title)
        .chain(&page.headings)
        .any(|text| same_label(text, &part.labels) || speaks_of(text, &part.labels))
}

/// How many rows a page says that there are in all, where that is more than it shows; what stands in its table does not
/// count.
pub fn says_more(page: &Page, records: &Records, words: &Words) -> Option<usize> {
    let rows = page.tables.iter().flat_map(|table| &table.rows);
    let mut around = page.clone();
    for row in rows {
        let cells: Vec<&str> = row.cells.iter().map(String::as_str).collect();
        let text = cells.join(" ");
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if !text.is_empty() {
            around.text = around.text.replacen(&text, " ", 1);
        }
    }
    says_total(&around, records.rows.len(), words)
}

/// Reads a table; none where it has neither rows with data nor names of columns.
fn of(table: &Table, words: &Words) -> Option<Records> {
    let width = table.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let is_data = |row: &&TableRow| {
        let has_text = row.cells.iter().any(|cell| !cell.trim().is_empty());
        // A pager, or a sentence, spans the table.
        let spans = width > 1 && row.cells.len() == 1;
        !row.head && !row.foot && !row.typed && has_text && !spans && !pages(row, words)
    };
    let rows: Vec<Vec<String>> = table
        .rows
        .iter()
        .filter(is_data)
        .map(|row| row.cells.clone())
        .collect();
    let heads = table.rows.iter().find(|row| row.head && row.cells.len() > 1);
    let heads = heads.or_else(|| table.rows.iter().find(|row| row.head));
    let heads = heads.map(|row| row.cells.clone()).unwrap_or_default();
    let asks = table.rows.iter().any(|row| row.typed);
    let holds = !rows.is_empty() || (!heads.is_empty() && !asks);
    holds.then_some(Records { heads, rows })
}

/// Tells whether a row is nothing but a pager.
fn pages(row: &TableRow, words: &Words) -> bool {
    let texts: Vec<&str> = row
        .cells
        .iter()
        .flat_map(|cell| cell.split_whitespace())
        .collect();
    let leads = |text: &&str| same_label(text, &words.further);
    let number = |text: &&str| text.bytes().all(|b| b.is_ascii_digit());
    texts.iter().any(leads) && texts.iter().all(|text| leads(text) || number(text))
}

/// Writes rows as properties text: the key is the first text of a row that is not the same in all, the value the others.
pub fn text_of_records(records: &Records) -> String {
    let rows = &records.rows;
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let at = |row: &[String], column: usize| row.get(column).map_or_else(String::new, |cell| one_line(cell));
    // Boxes to tick and icons make columns without a word.
    let kept: Vec<usize> = (0..width)
        .filter(|column| {
            !at(&records.heads, *column).is_empty() || rows.iter().any(|row| !at(row, *column).is_empty())
        })
        .collect();
    let varies = |column: &usize| {
        let texts: BTreeSet<String> = rows.iter().map(|row| at(row, *column)).collect();
        texts.len() > 1
    };
    let varying: Vec<usize> = kept.iter().copied().filter(varies).collect();
    let line = |row: &Vec<String>| {
        let has_text = |column: &&usize| !at(row, **column).is_empty();
        let key = varying
            .iter()
            .find(has_text)
            .or_else(|| kept.iter().find(has_text))?;
        let others = kept.iter().filter(|column| *column != key);
        let others: Vec<String> = others.map(|column| at(row, *column)).collect();
        Some(entry(&at(row, *key), &others))
    };
    Properties::from_lines(rows.iter().filter_map(line)).to_string()
}

/// A row as a line of properties text.
pub(super) fn entry(key: &str, values: &[String]) -> Line {
    Line::new(&key.into(), &values.join(BETWEEN).as_str().into())
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
