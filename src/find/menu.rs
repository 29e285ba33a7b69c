//! The admin menu: links with labels, in the shell's page or in its frames.

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

/// Lists all links of a page that have a label or a title, and lead to a page of the same origin.
pub fn menu_entries(page: &Page) -> Vec<MenuEntry> {
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
