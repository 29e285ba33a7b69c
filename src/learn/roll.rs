//! The list of a service: JSON with rows, one of which is the document that was opened.

use serde_json::Value;
use url::Url;

use crate::error::{Choice, Error, Kind, Question, Result};
use crate::learn::Wishes;
use crate::learn::address::{template, within};
use crate::learn::lesson::Lesson;
use crate::learn::scene::Scene;
use crate::learn::tree::{last, places, word};

/// How a document is reached from its row, and what it is called.
#[derive(Debug, Clone)]
pub(super) struct Roll {
    /// The first page's place in the recording.
    pub(super) at: usize,
    /// Pointer to the rows.
    rows: String,
    /// Pointer to the name, in a row.
    name: String,
    /// Pointer to the name, in the document.
    pub(super) name_in_document: String,
    /// The document's name.
    pub(super) word: String,
    /// How the document is reached.
    pub(super) reach: Reach,
    /// The document's row.
    pub(super) row: Vec<Value>,
}

/// How a document is reached.
#[derive(Debug, Clone)]
pub(super) enum Reach {
    /// By an address with a word of the row in it: the pointer where it is not the name, the word, and the address.
    Template(Option<String>, String, String),
    /// By a link at this pointer.
    Link(String),
}

/// A row that leads to the document.
struct Leading<'v> {
    /// Pointers and words of its members.
    members: Vec<(String, &'v Value)>,
    /// Members whose word stands in the document's address, with the address.
    carried: Vec<(String, String, String)>,
    /// Members that link to it.
    links: Vec<String>,
}

/// Finds the list that a document was opened from; none where the recording shows none.
pub(super) fn roll_of(
    scene: &Scene<'_>,
    document: usize,
    json: &Value,
    wishes: &Wishes<'_>,
) -> Result<Option<Roll>> {
    let shown = places(json);
    let mut best: Option<(usize, usize, String, Vec<Value>)> = None;
    for at in scene.before(document) {
        if scene.all[at].method != "GET" || scene.alike(at, document) {
            continue;
        }
        let Some(list) = scene.json(at) else { continue };
        for (pointer, value) in places(&list) {
            let rows = value.as_array().filter(|rows| rows.iter().all(Value::is_object));
            let Some(rows) =
                rows.filter(|rows| rows.iter().any(|row| leading(scene, at, document, row).is_some()))
            else {
                continue;
            };
            if best.as_ref().is_none_or(|(_, count, ..)| rows.len() > *count) {
                best = Some((at, rows.len(), pointer, rows.clone()));
            }
        }
    }
    let Some((at, _, rows, all)) = best else {
        return Ok(None);
    };
    for row in &all {
        let Some(leading) = leading(scene, at, document, row) else {
            continue;
        };
        let (name, name_in_document, word) = named(&leading, &all, &shown, wishes)?;
        let reach = match (
            leading.carried.iter().find(|(member, ..)| *member == name),
            leading.carried.first(),
        ) {
            (Some((_, word, address)), _) => Reach::Template(None, word.clone(), address.clone()),
            (None, Some((key, word, address))) => {
                Reach::Template(Some(key.clone()), word.clone(), address.clone())
            }
            (None, None) => Reach::Link(leading.links.first().cloned().unwrap_or_default()),
        };
        return Ok(Some(Roll {
            at,
            rows,
            name,
            name_in_document,
            word,
            reach,
            row: vec![row.clone()],
        }));
    }
    Ok(None)
}

/// Tells whether a row leads to the document, and how.
fn leading<'v>(scene: &Scene<'_>, list: usize, document: usize, row: &'v Value) -> Option<Leading<'v>> {
    let clean = scene.clean(document);
    let members: Vec<(String, &Value)> = places(row)
        .into_iter()
        .filter(|(_, value)| word(value).is_some())
        .collect();
    let mut carried = Vec::new();
    let mut links = Vec::new();
    for (pointer, value) in &members {
        let text = word(value).unwrap_or_default();
        let as_link = || {
            scene.all[list]
                .url
                .join(&text)
                .is_ok_and(|url| scene.is_at(&url, document))
        };
        if value.is_string() && text.contains(['/', '?', '.', '(']) && as_link() {
            links.push(pointer.clone());
        } else if let Some(address) = template(&clean, &text) {
            carried.push((pointer.clone(), text, address));
        }
    }
    (!carried.is_empty() || !links.is_empty()).then_some(Leading {
        members,
        carried,
        links,
    })
}

/// Decides which member of a row is the document's name: one that its own answer shows as well, that tells all rows
/// apart, at best in its address and no number.
fn named(
    leading: &Leading<'_>,
    rows: &[Value],
    shown: &[(String, &Value)],
    wishes: &Wishes<'_>,
) -> Result<(String, String, String)> {
    let tells = |pointer: &str| {
        let mut seen = std::collections::BTreeSet::new();
        rows.iter().all(|row| {
            let found = row.pointer(pointer).and_then(word);
            found.is_some_and(|word| !word.trim().is_empty() && seen.insert(word))
        })
    };
    let one_word = |pointer: &str| {
        let words = rows.iter().filter_map(|row| row.pointer(pointer).and_then(word));
        words
            .into_iter()
            .all(|word| !word.contains(char::is_whitespace) && !looks_like_time(&word))
    };
    let mut found: Vec<(usize, String, String, String)> = Vec::new();
    for (pointer, value) in leading
        .members
        .iter()
        .filter(|(pointer, _)| !leading.links.contains(pointer))
    {
        let text = word(value).unwrap_or_default();
        let mut same: Vec<&String> = shown
            .iter()
            .filter(|(_, other)| word(other).as_deref() == Some(&text))
            .map(|(place, _)| place)
            .collect();
        same.sort_by_key(|place| (last(place) != last(pointer), place.matches('/').count()));
        let Some(place) = same.first().filter(|_| tells(pointer)) else {
            continue;
        };
        let carried = leading.carried.iter().any(|(member, ..)| member == pointer);
        let textual = value.is_string() && text.chars().any(char::is_alphabetic);
        let rank = match (textual, carried, one_word(pointer)) {
            (true, true, _) => 0,
            (true, false, true) => 1,
            (true, false, false) => 2,
            (false, true, _) => 3,
            (false, false, _) => continue,
        };
        found.push((rank, pointer.clone(), (*place).clone(), text));
    }
    if let Some(answer) = wishes.answers.get("name") {
        found.retain(|(_, pointer, ..)| pointer == answer);
    }
    let best = found.iter().map(|(rank, ..)| *rank).min();
    found.retain(|(rank, ..)| Some(*rank) == best);
    match found.as_slice() {
        [(_, pointer, place, word)] => Ok((pointer.clone(), place.clone(), word.clone())),
        [] => Err(Error::new(
            Kind::Page,
            "The document's own answer repeats nothing of its row in the list: it does not say whose text it is, so that \
             no profile can make sure of it.",
        )),
        several => {
            let names: Vec<String> = several
                .iter()
                .map(|(_, pointer, ..)| format!("`{pointer}`"))
                .collect();
            let choices = several.iter().map(|(_, pointer, _, word)| Choice {
                shown: format!("{pointer} ({word})"),
                answer: pointer.clone(),
            });
            let question = Question::new("name", "POINTER").offering(choices);
            let sentence = format!(
                "In a row of the list, {} may be the document's name.",
                names.join(" or ")
            );
            Err(wishes.ask(Error::new(Kind::Page, sentence), question))
        }
    }
}

fn looks_like_time(word: &str) -> bool {
    let digits = word.chars().filter(char::is_ascii_digit).count();
    digits >= 6
        && word
            .chars()
            .all(|c| c.is_ascii_digit() || "-:.TZ+/() Date".contains(c))
}

/// Writes what was learned of the list.
pub(super) fn teach(scene: &Scene<'_>, roll: &Roll, lesson: &mut Lesson) -> usize {
    let pages = pages_of(scene, roll);
    let first = pages.first().map_or(roll.at, |(at, _)| *at);
    let from = scene.label(first);
    lesson.text("part", "address", &within(&scene.clean(first)), &from);
    lesson.text("part.service.list", "rows", &roll.rows, &from);
    lesson.text("part.service.list", "name", &roll.name, &from);
    match &roll.reach {
        Reach::Template(Some(key), ..) => lesson.text("part.service.list", "key", key, &from),
        Reach::Template(None, ..) => {}
        Reach::Link(link) => lesson.text("part.service.list", "link", link, &from),
    }
    let rows: usize = pages
        .iter()
        .filter_map(|(at, _)| count(scene, *at, &roll.rows))
        .sum();
    teach_further(scene, roll, &pages, rows, lesson);
    lesson.told.push(("list", format!("{from}, {rows} rows")));
    first
}

/// Teaches where the list says how many rows it has, and where it goes on.
fn teach_further(
    scene: &Scene<'_>,
    roll: &Roll,
    pages: &[(usize, Option<Onward>)],
    rows: usize,
    lesson: &mut Lesson,
) {
    let Some((first, onward)) = pages.first() else {
        return;
    };
    let from = scene.label(*first);
    let Some(json) = scene.json(*first) else { return };
    let last_goes_on = pages.last().and_then(|(at, _)| onward_of(scene, *at, &roll.rows));
    let onward = onward.clone().or_else(|| last_goes_on.clone());
    match &onward {
        Some(Onward::Address(pointer)) => lesson.text("part.service.list", "next", pointer, &from),
        Some(Onward::Parameter(pointer, parameter)) => {
            lesson.text("part.service.list", "next", pointer, &from);
            lesson.text("part.service.list", "next-in", parameter, &from);
        }
        None => {}
    }
    let outside = |pointer: &str| !pointer.starts_with(&format!("{}/", roll.rows)) || roll.rows.is_empty();
    let numbers: Vec<(String, u64)> = places(&json)
        .into_iter()
        .filter(|(pointer, _)| outside(pointer) && pointer.matches('/').count() <= 3)
        .filter_map(|(pointer, value)| Some((pointer, value.as_u64()?)))
        .collect();
    let whole = last_goes_on.is_none();
    let is_total = |(pointer, number): &&(String, u64)| {
        let on_all = pages.iter().all(|(at, _)| {
            let told = scene.json(*at);
            told.and_then(|json| json.pointer(pointer).and_then(Value::as_u64)) == Some(*number)
        });
        // A number that equals the rows of the only page may be the most that a page shows.
        on_all && *number as usize == rows && (pages.len() > 1 || counts(pointer))
    };
    let mut totals: Vec<&(String, u64)> = numbers.iter().filter(is_total).collect();
    totals.sort_by_key(|(pointer, _)| (!counts(pointer), pointer.len()));
    let evident = match totals.as_slice() {
        [only] => Some(*only),
        [first, ..] if counts(&first.0) => Some(*first),
        _ => None,
    };
    if whole && let Some((pointer, _)) = evident {
        lesson.text("part.service.list", "total", pointer, &from);
        return;
    }
    let more = numbers
        .iter()
        .find(|(pointer, number)| counts(pointer) && *number as usize > rows);
    match (more, &onward) {
        (Some((pointer, _)), Some(_)) => lesson.text("part.service.list", "total", pointer, &from),
        (Some((pointer, number)), None) => {
            lesson.text("part.service.list", "total", pointer, &from);
            lesson.notes.push(format!(
                "The list says that it has {number} rows and shows {rows}: how it goes on was not recorded. Record \
                 again and go through all of its pages."
            ));
        }
        (None, _) => {}
    }
    let limits = || {
        let clean = scene.clean(*first);
        let asked = clean.query_pairs().any(|(_, value)| value == rows.to_string());
        asked || numbers.iter().any(|(_, number)| *number as usize == rows)
    };
    if onward.is_none() && more.is_none() && limits() {
        lesson.notes.push(format!(
            "The list shows {rows} rows, which may be the most that a page shows: whether it goes on was not recorded. Where it \
             does, go through all of its pages and record again."
        ));
    }
}

/// Tells whether a member is called as what counts all rows is, in the standards for lists (OData, JSON:API's meta).
fn counts(pointer: &str) -> bool {
    let name = last(pointer).to_lowercase();
    name.contains("total") || name.contains("count")
}

fn count(scene: &Scene<'_>, at: usize, rows: &str) -> Option<usize> {
    Some(scene.json(at)?.pointer(rows)?.as_array()?.len())
}

/// How a page of a list tells the next one.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Onward {
    /// Its address is at this pointer.
    Address(String),
    /// The value at this pointer goes into this parameter.
    Parameter(String, String),
}

/// The pages of the list in the order they were read, from the first one on, each with how it told the next.
fn pages_of(scene: &Scene<'_>, roll: &Roll) -> Vec<(usize, Option<Onward>)> {
    let is_page = |at: &usize| {
        let (one, other) = (scene.clean(*at), scene.clean(roll.at));
        one.path() == other.path()
            && scene.all[*at].method == "GET"
            && count(scene, *at, &roll.rows).is_some()
    };
    let mut all: Vec<usize> = Vec::new();
    let origin = scene.all[roll.at].url.origin();
    for at in (0..scene.all.len()).filter(|at| scene.all[*at].url.origin() == origin) {
        // One that was read twice counts once, the last time.
        if is_page(&at) {
            all.retain(|other| !scene.alike(*other, at));
            all.push(at);
        }
    }
    let leads = |from: usize, to: usize| onward_to(scene, from, to, &roll.rows);
    let mut first = roll.at;
    if !all.contains(&first) {
        first = *all.iter().find(|at| scene.alike(**at, roll.at)).unwrap_or(&first);
    }
    let mut seen = vec![first];
    while let Some(before) = all
        .iter()
        .find(|at| !seen.contains(at) && leads(**at, first).is_some())
    {
        first = *before;
        seen.push(first);
    }
    let mut pages = vec![];
    let mut here = first;
    loop {
        let been = |at: &usize| *at == here || pages.iter().any(|(known, _)| known == at);
        let next = all
            .iter()
            .find(|at| !been(at) && leads(here, **at).is_some())
            .copied();
        match next {
            Some(next) => {
                pages.push((here, leads(here, next)));
                here = next;
            }
            None => {
                pages.push((here, None));
                return pages;
            }
        }
    }
}

/// Tells how one page of a list leads to another that was read.
fn onward_to(scene: &Scene<'_>, from: usize, to: usize, rows: &str) -> Option<Onward> {
    let json = scene.json(from)?;
    let (own, next) = (scene.clean(from), scene.clean(to));
    let mut by_parameter = None;
    for (pointer, value) in outside_rows(&json, rows) {
        let Some(text) = word(value).filter(|text| !text.is_empty()) else {
            continue;
        };
        let url = value.as_str().and_then(|text| own.join(text).ok());
        if url.is_some_and(|url| scene.is_at(&url, to)) && speaks_of_next(&pointer) {
            return Some(Onward::Address(pointer));
        }
        let differing = next.query_pairs().find(|(name, value)| {
            *value == text
                && own
                    .query_pairs()
                    .all(|(known, other)| known != *name || other != *value)
        });
        if let Some((name, _)) = differing.filter(|_| speaks_of_next(&pointer)) {
            by_parameter.get_or_insert(Onward::Parameter(pointer, name.into_owned()));
        }
    }
    by_parameter
}

/// Finds an address that a page of a list gives for the next one, which nobody has read.
fn onward_of(scene: &Scene<'_>, at: usize, rows: &str) -> Option<Onward> {
    let json = scene.json(at)?;
    let own = scene.clean(at);
    let leads = |text: &str| {
        let url: Option<Url> = own.join(text).ok();
        url.is_some_and(|url| url.path() == own.path() && url.query() != own.query())
    };
    let mut found = outside_rows(&json, rows).into_iter();
    let (pointer, _) = found.find(|(pointer, value)| {
        let text = value.as_str().filter(|text| !text.is_empty());
        speaks_of_next(pointer) && text.is_some_and(leads)
    })?;
    Some(Onward::Address(pointer))
}

fn outside_rows<'v>(json: &'v Value, rows: &str) -> Vec<(String, &'v Value)> {
    let below = format!("{rows}/");
    let all = places(json).into_iter();
    all.filter(|(pointer, _)| !pointer.starts_with(&below) || rows.is_empty() && !json.is_array())
        .collect()
}

/// Tells whether a member is called as the link relation `next` is (RFC 8288), alone or among other words.
fn speaks_of_next(pointer: &str) -> bool {
    pointer.to_lowercase().contains("next")
}
