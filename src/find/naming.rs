//! Whose page an item's page says it is.

use std::collections::BTreeSet;

use crate::find::EditForm;
use crate::find::address::{bare, slots};
use crate::find::item::Column;
use crate::find::list::Candidate;
use crate::find::words::{is_measure, same_name, spelled, stands_in};
use crate::page::{Control, Form, Kind, Page};
use crate::profile::Part;

/// Whose page a page says it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Naming {
    /// The document that was asked for.
    Asked,
    /// Another one.
    Other(String),
    /// None that is known.
    Nobody,
}

/// Tells whose page a page says it is: by the fields of its form that a person cannot change, by title and headings;
/// where they are silent, by the one name that stands anywhere on it.
///
/// `known` are the names of all documents of the part, the one asked for among them; `common` are the list page's
/// own title and headings, which name no document.
pub fn names_document(
    page: &Page,
    edit: &EditForm,
    part: &Part,
    asked: &str,
    known: &BTreeSet<String>,
    common: &BTreeSet<String>,
) -> Naming {
    let form = edit.form.map(|form| &page.forms[form]);
    let named_by = part.edit.named_by.as_ref();
    let field = form.and_then(|form| form.controls.iter().find(|c| Some(&c.name) == named_by));
    if let Some(field) = field {
        return match normal(&field.value) {
            name if name == asked => Naming::Asked,
            name if !name.is_empty() => Naming::Other(name),
            _ => Naming::Nobody,
        };
    }
    // A page that can only be viewed has no need of the field; one that is written to has changed without it.
    if named_by.is_some() && edit.read_only.is_none() {
        return Naming::Nobody;
    }
    let fields: BTreeSet<String> = form
        .map(|form| fixed_texts(page, form, edit.text))
        .unwrap_or_default()
        .iter()
        .filter_map(|text| known_as(text, known))
        .collect();
    // A name that the list's own headings speak of belongs to the whole, not to an item.
    let of_the_list = |name: &String| {
        common
            .iter()
            .any(|text| !same_name(text, name) && stands_in(text, name))
    };
    let said = || {
        std::iter::once(&page.title)
            .chain(&page.headings)
            .filter(|text| !common.contains(*text))
    };
    let titles: BTreeSet<String> = said()
        .flat_map(|text| names_in(text, known, false))
        .filter(|name| !of_the_list(name))
        .collect();
    if !fields.is_empty() || !titles.is_empty() {
        return judge(asked, &fields, &titles);
    }
    let aside = beside_links(page, known);
    let typed = form.map(|form| typed_texts(form, edit.text)).unwrap_or_default();
    let texts = said()
        .chain([&aside])
        .flat_map(|text| names_in(text, known, true))
        .chain(typed.iter().filter_map(|text| known_as(text, known)));
    let anywhere: BTreeSet<String> = texts.filter(|name| !of_the_list(name)).collect();
    match anywhere.iter().collect::<Vec<_>>().as_slice() {
        [only] if *only == asked => Naming::Asked,
        [only] => Naming::Other((*only).clone()),
        _ => Naming::Nobody,
    }
}

/// Names the items of a list by the one column that an item's page names it by; a column of numbers or dates only
/// where there is no other. What only the links carry is a name where the page says it to people.
pub fn settle_by_page(
    candidate: &mut Candidate,
    item: usize,
    (page, edit, part): (&Page, &EditForm, &Part),
    common: &BTreeSet<String>,
) {
    let silent = EditForm {
        form: None,
        ..edit.clone()
    };
    let texts = |column: &Column| -> BTreeSet<String> {
        candidate.items.iter().map(|item| item.at(column)).collect()
    };
    let names = |column: &Column| {
        let edit = if matches!(column, Column::Cell(_)) {
            edit
        } else {
            &silent
        };
        let asked = candidate.items[item].at(column);
        names_document(page, edit, part, &asked, &texts(column), common) == Naming::Asked
    };
    let named: Vec<Column> = candidate.telling_columns().into_iter().filter(names).collect();
    let (cells, carried): (Vec<Column>, Vec<Column>) = named
        .into_iter()
        .partition(|column| matches!(column, Column::Cell(_)));
    let named = if cells.is_empty() { carried } else { cells };
    let measures = |column: &&Column| texts(column).iter().all(|text| is_measure(text));
    let words: Vec<&Column> = named.iter().filter(|column| !measures(column)).collect();
    let only = match (words.as_slice(), named.as_slice()) {
        ([only], _) => Some((*only).clone()),
        ([], [only]) => Some(only.clone()),
        _ => None,
    };
    if let Some(column) = only {
        candidate.settle(column);
    }
}

/// What a form holds that a person cannot change, what is chosen in its lists, and what its address says.
fn fixed_texts(page: &Page, form: &Form, text: usize) -> Vec<String> {
    let controls = form
        .controls
        .iter()
        .enumerate()
        .filter(|(at, _)| *at != text)
        .map(|(_, control)| control);
    let mut texts: Vec<String> = controls.flat_map(fixed_text).map(|text| normal(&text)).collect();
    // A form sent to the page's own address only echoes what was asked for.
    if bare(&form.action, &[]) != bare(&page.url, &[]) {
        texts.extend(
            slots(&bare(&form.action, &[]))
                .into_iter()
                .map(|(_, text)| normal(&text)),
        );
    }
    texts
}

/// What stands in the form's other fields of one line.
fn typed_texts(form: &Form, text: usize) -> Vec<String> {
    let controls = form.controls.iter().enumerate().filter(|(at, _)| *at != text);
    let typed = controls.filter(|(_, control)| control.kind == Kind::Text);
    typed.map(|(_, control)| normal(&control.value)).collect()
}

/// The text of a page without the links to other documents that it offers.
fn beside_links(page: &Page, known: &BTreeSet<String>) -> String {
    let offers = page
        .links
        .iter()
        .filter(|link| known_as(&link.text, known).is_some());
    offers.fold(page.text.clone(), |text, link| {
        text.replacen(&link.text, "\u{1}", 1)
    })
}

fn fixed_text(control: &Control) -> Vec<String> {
    if control.kind == Kind::Hidden || control.read_only || control.disabled {
        return vec![control.value.clone()];
    }
    let chosen = control.options.iter().filter(|option| option.selected);
    chosen
        .flat_map(|option| [option.value.clone(), option.label.clone()])
        .collect()
}

fn judge(asked: &str, fields: &BTreeSet<String>, titles: &BTreeSet<String>) -> Naming {
    let other = |names: &BTreeSet<String>| names.iter().find(|n| *n != asked).cloned();
    for names in [titles, fields] {
        if !names.is_empty() && !names.contains(asked) {
            return other(names).map_or(Naming::Nobody, Naming::Other);
        }
    }
    Naming::Asked
}

/// Finds the known name that a text is, in any spelling; its own spelling first.
fn known_as(text: &str, known: &BTreeSet<String>) -> Option<String> {
    if known.contains(text) {
        return Some(text.to_owned());
    }
    let mut alike = known.iter().filter(|name| same_name(name, text));
    let first = alike.next()?;
    alike.next().is_none().then(|| first.clone())
}

/// Finds the known names that stand in a text as words of their own, longer ones first: what is a part of one is no
/// name any more.
fn names_in(text: &str, known: &BTreeSet<String>, any_spelling: bool) -> Vec<String> {
    let mut text = normal(text);
    if any_spelling {
        text = text.to_lowercase();
    }
    let mut names: Vec<&String> = known.iter().collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    let mut found = Vec::new();
    for name in names {
        let spellings = match any_spelling {
            true => vec![spelled(name), spelled(name).replace('_', " ")],
            false => vec![name.clone()],
        };
        if spellings.iter().any(|spelling| stands_in(&text, spelling)) {
            found.push(name.clone());
            spellings
                .iter()
                .for_each(|spelling| text = text.replace(spelling.as_str(), "\u{1}"));
        }
    }
    found
}

fn normal(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
