//! A list that a service tells in JSON.

use std::collections::BTreeSet;

use url::Url;

use crate::find::Unclear;
use crate::find::record::json_of;
use crate::find::records::entry;
use crate::page::{Json, Page};
use crate::profile::{Service, ServiceList};
use crate::properties::Properties;

/// A page of a service's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roll {
    /// Its rows in their order.
    pub rows: Vec<RollRow>,
    /// How many rows it says the whole list has.
    pub total: Option<usize>,
    /// The next page.
    pub next: Option<Url>,
}

/// A row of a service's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RollRow {
    /// The document's name.
    pub name: String,
    /// What stands for it in addresses.
    pub key: String,
    /// Its address, where the row tells it.
    pub link: Option<Url>,
}

/// A row that is a part of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RollRecord {
    /// Its name.
    pub name: String,
    /// Its other texts.
    pub texts: Vec<String>,
}

/// A page of rows that are a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RollRecords {
    /// Its rows in their order.
    pub rows: Vec<RollRecord>,
    /// How many rows it says there are in all.
    pub total: Option<usize>,
    /// The next page.
    pub next: Option<Url>,
}

/// Reads a page of rows that are a document.
///
/// # Errors
/// As [`roll`]; a name may stand twice.
pub fn roll_records(page: &Page, service: &Service) -> Result<RollRecords, Unclear> {
    let rules = &service.list;
    let json = json_of(page)?;
    let rows = at(json, &rules.rows)?
        .and_then(Json::elements)
        .ok_or_else(|| lacks("list", &rules.rows))?;
    let record = |row: Json<'_>| {
        let texts = service
            .document
            .fields
            .iter()
            .map(|pointer| at(row, pointer)?.map(shown).ok_or_else(|| lacks("text", pointer)));
        Ok(RollRecord {
            name: self::row(row, rules, &page.url)?.name,
            texts: texts.collect::<Result<_, Unclear>>()?,
        })
    };
    let (total, next) = around(json, rules, &page.url)?;
    Ok(RollRecords {
        rows: rows.into_iter().map(record).collect::<Result<_, Unclear>>()?,
        total,
        next,
    })
}

/// What a person would see of a value: of a list its texts, of nothing nothing.
fn shown(value: Json<'_>) -> String {
    match value.elements() {
        Some(all) => all.into_iter().map(shown).collect::<Vec<_>>().join(", "),
        None if value.is_null() => String::new(),
        None => value.text().unwrap_or_else(|| value.raw().to_owned()),
    }
}

/// Writes rows as properties text.
pub fn text_of_roll(rows: &[RollRecord]) -> String {
    let lines = rows.iter().map(|row| entry(&row.name, &row.texts));
    Properties::from_lines(lines).to_string()
}

/// Reads a page of a service's list.
///
/// # Errors
/// No JSON, or without what the profile points to, or a name twice: the sentence says what.
pub fn roll(page: &Page, rules: &ServiceList) -> Result<Roll, Unclear> {
    let json = json_of(page)?;
    let rows = at(json, &rules.rows)?
        .and_then(Json::elements)
        .ok_or_else(|| lacks("list", &rules.rows))?;
    let rows: Vec<RollRow> = rows
        .into_iter()
        .map(|value| row(value, rules, &page.url))
        .collect::<Result<_, _>>()?;
    let mut names = BTreeSet::new();
    if let Some(twice) = rows.iter().find(|row| !names.insert(&row.name)) {
        return Err(Unclear::new(format!("names `{}` twice", twice.name)));
    }
    let (total, next) = around(json, rules, &page.url)?;
    Ok(Roll { rows, total, next })
}

/// Reads how many rows there are in all, and where they go on.
fn around(json: Json<'_>, rules: &ServiceList, url: &Url) -> Result<(Option<usize>, Option<Url>), Unclear> {
    let total = match &rules.total {
        Some(pointer) => {
            let total = at(json, pointer)?.and_then(Json::count);
            Some(total.ok_or_else(|| lacks("number", pointer))?)
        }
        None => None,
    };
    let next = match &rules.next {
        Some(pointer) => next(at(json, pointer)?, pointer, rules, url)?,
        None => None,
    };
    Ok((total, next))
}

fn row(value: Json<'_>, rules: &ServiceList, list: &Url) -> Result<RollRow, Unclear> {
    let word = |pointer: &String| {
        let word = at(value, pointer)?.and_then(Json::word);
        word.filter(|word| !word.trim().is_empty())
            .ok_or_else(|| Unclear::new(format!("has a row without a text at `{pointer}`")))
    };
    let name = word(&rules.name)?;
    let key = rules.key.as_ref().map_or_else(|| Ok(name.clone()), word)?;
    let link = match &rules.link {
        Some(pointer) => Some(join(list, &word(pointer)?)?),
        None => None,
    };
    Ok(RollRow { name, key, link })
}

fn next(
    value: Option<Json<'_>>,
    pointer: &str,
    rules: &ServiceList,
    list: &Url,
) -> Result<Option<Url>, Unclear> {
    let Some(value) = value.filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    let word = value
        .word()
        .ok_or_else(|| Unclear::new(format!("has no text at `{pointer}`, where the next page stands")))?;
    match &rules.next_in {
        _ if word.is_empty() => Ok(None),
        None => join(list, &word).map(Some),
        Some(parameter) => {
            let mut url = list.clone();
            let others: Vec<(String, String)> = list
                .query_pairs()
                .filter(|(name, _)| name != parameter)
                .map(|(name, value)| (name.into_owned(), value.into_owned()))
                .collect();
            url.query_pairs_mut()
                .clear()
                .extend_pairs(others)
                .append_pair(parameter, &word);
            Ok(Some(url))
        }
    }
}

fn join(list: &Url, address: &str) -> Result<Url, Unclear> {
    list.join(address)
        .map_err(|e| Unclear::new(format!("leads to `{address}`, which is no address ({e})")))
}

fn at<'t>(json: Json<'t>, pointer: &str) -> Result<Option<Json<'t>>, Unclear> {
    json.at(pointer).map_err(Unclear::new)
}

fn lacks(what: &str, pointer: &str) -> Unclear {
    Unclear::new(format!("has no {what} at `{pointer}`"))
}
