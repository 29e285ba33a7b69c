//! Looks things up by CSS selectors, as a profile gives them.

use scraper::{ElementRef, Selector};

use crate::page::tree;
use crate::page::{Link, Page};

/// Gives the links that a CSS selector chooses, in the page's order; a bad selector chooses none.
pub fn select_links(page: &Page, css: &str) -> Vec<Link> {
    with_selected(page, css, |elements| {
        elements
            .filter_map(|element| {
                let href = element.attr("href")?;
                let text = text_of(element);
                let same = || page.links.iter().filter(|link| link.raw_href == href);
                same()
                    .find(|link| link.text == text)
                    .or_else(|| same().next())
                    .cloned()
            })
            .collect()
    })
}

/// Gives the text of the first element that a CSS selector chooses, blanks collapsed.
pub fn select_text(page: &Page, css: &str) -> Option<String> {
    with_selected(page, css, |mut elements| {
        elements.next().map(text_of).into_iter().collect()
    })
    .pop()
}

fn with_selected<T>(
    page: &Page,
    css: &str,
    gather: impl FnOnce(scraper::html::Select<'_, '_>) -> Vec<T>,
) -> Vec<T> {
    match Selector::parse(css) {
        Ok(selector) => gather(tree::parse(&page.source).html.select(&selector)),
        Err(_) => Vec::new(),
    }
}

fn text_of(element: ElementRef<'_>) -> String {
    element
        .text()
        .flat_map(str::split_whitespace)
        .collect::<Vec<_>>()
        .join(" ")
}
