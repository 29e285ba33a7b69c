//! The admin menu: links with labels, in the shell's page or in its frames, or JSON in a script that makes them.

use serde_json::Value;
use url::Url;

use crate::find::address::bare;
use crate::find::words::same_label;
use crate::page::Page;

/// An entry of the menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MenuEntry {
    /// What a person reads.
    pub label: String,
    /// Where it leads.
    pub url: Url,
}

/// Lists all links of a page that have a label or a title, and lead to a page of the same origin, then what stands in the
/// JSON of its scripts.
pub fn menu_entries(page: &Page) -> Vec<MenuEntry> {
    let mut entries = links(page);
    for script in page.scripts.iter().filter(|script| script.src.is_none()) {
        for value in told_in(&script.text) {
            collect(&value, page, &mut entries);
        }
    }
    entries
}

/// Finds the JSON that stands in a script, as `var menu = […];` has it.
fn told_in(script: &str) -> Vec<Value> {
    let mut found = Vec::new();
    let mut rest = script;
    while let Some(at) = rest.find(['[', '{']) {
        rest = &rest[at..];
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
        let read = match values.next() {
            Some(Ok(value)) => {
                found.push(value);
                values.byte_offset()
            }
            _ => 1,
        };
        rest = &rest[read..];
    }
    found
}

/// Takes the objects with exactly one address and a text beside it, however deep they stand.
fn collect(value: &Value, page: &Page, entries: &mut Vec<MenuEntry>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, page, entries)),
        Value::Object(members) => {
            let texts = || members.values().filter_map(Value::as_str).map(str::trim);
            let only = |is: fn(&str) -> bool| {
                let mut fitting = texts().filter(|text| is(text));
                fitting.next().filter(|_| fitting.next().is_none())
            };
            if let Some(only) = only(has_path).or_else(|| only(is_file))
                && let Ok(url) = page.url.join(only)
                && url.origin() == page.url.origin()
            {
                let labels = texts().filter(|text| !text.is_empty() && !has_path(text) && *text != only);
                entries.extend(labels.map(|label| MenuEntry {
                    label: label.to_owned(),
                    url: url.clone(),
                }));
            }
            members.values().for_each(|member| collect(member, page, entries));
        }
        _ => {}
    }
}

/// Tells whether a text is an address with a path or a query.
fn has_path(text: &str) -> bool {
    !text.contains(char::is_whitespace) && text.contains(['/', '?'])
}

/// Tells whether a text ends like a file beside the page; a key of a table of texts may do so, too.
fn is_file(text: &str) -> bool {
    let ends = |end: &str| (2..=5).contains(&end.len()) && end.chars().all(|c| c.is_ascii_lowercase());
    !text.contains(char::is_whitespace) && text.rsplit_once('.').is_some_and(|(_, end)| ends(end))
}

fn links(page: &Page) -> Vec<MenuEntry> {
    let own = page.url.origin();
    let links = page.links.iter().filter(|l| l.url.origin() == own);
    let labelled = links.flat_map(|l| [&l.text, &l.title].map(|label| (label, &l.url)));
    labelled
        .filter(|(label, _)| !label.is_empty())
        .map(|(label, url)| MenuEntry {
            label: label.clone(),
            url: url.clone(),
        })
        .collect()
}

/// Picks the entries with one of the labels; two that lead to the same address count once.
pub fn entries_labelled(pages: &[Page], labels: &[String], tokens: &[String]) -> Vec<MenuEntry> {
    let mut found: Vec<MenuEntry> = Vec::new();
    for entry in pages
        .iter()
        .flat_map(menu_entries)
        .filter(|e| same_label(&e.label, labels))
    {
        if !found
            .iter()
            .any(|f| bare(&f.url, tokens) == bare(&entry.url, tokens))
        {
            found.push(entry);
        }
    }
    found
}
