//! Links, pictures that stand for their text, and refreshes.

use std::ops::Range;

use scraper::node::Element;

use crate::page::Link;
use crate::page::control::text_of;
use crate::page::read::{Open, Reader, Role, collapse_all};

impl Reader<'_> {
    pub(super) fn meta(&mut self, element: &Element) {
        let refreshes = element
            .attr("http-equiv")
            .is_some_and(|word| word.eq_ignore_ascii_case("refresh"));
        if refreshes && self.page.refresh.is_none() {
            self.page.refresh = element
                .attr("content")
                .and_then(|content| self.resolver.refresh(content));
        }
    }

    /// Lends a picture's text to the link or button it stands in.
    pub(super) fn picture(&mut self, element: &Element) {
        let mut words = ["alt", "title"].map(|name| collapse_all(element.attr(name).unwrap_or_default()));
        let holder = self.open.iter().rev().take(8).map(|open| &open.role);
        for role in holder {
            match role {
                Role::Link => {
                    // The link's own number is the newest: links do not nest but in broken pages.
                    if let Some(link) = self.page.links.last_mut() {
                        if link.text.is_empty() {
                            link.text = words
                                .iter()
                                .find(|word| !word.is_empty())
                                .cloned()
                                .unwrap_or_default();
                        }
                        if link.title.is_empty() {
                            link.title = std::mem::take(&mut words[1]);
                        }
                    }
                    return;
                }
                Role::Button(place) => {
                    if let Some(owned) = self.controls.get_mut(*place)
                        && owned.control.label.is_empty()
                    {
                        owned.control.label = words
                            .iter()
                            .find(|word| !word.is_empty())
                            .cloned()
                            .unwrap_or_default();
                    }
                    return;
                }
                _ => {}
            }
        }
    }

    pub(super) fn link(&mut self, element: &Element) {
        let raw_href = text_of(element, "href");
        let Some(url) = self.resolver.resolve(&raw_href) else {
            return;
        };
        self.page.links.push(Link {
            url,
            raw_href,
            text: String::new(),
            title: text_of(element, "title"),
            id: text_of(element, "id"),
            rel: text_of(element, "rel"),
            target: text_of(element, "target"),
            onclick: text_of(element, "onclick"),
        });
    }

    pub(super) fn end_link(&mut self, open: &Open<'_>, text: Range<usize>) {
        let shown = self.flow.slice(text);
        let Some(link) = self.page.links.get_mut(open.links) else {
            return;
        };
        if !shown.is_empty() {
            link.text = shown.to_owned();
        }
        if link.text.is_empty() {
            let words =
                ["alt", "aria-label", "title"].map(|name| open.element.attr(name).unwrap_or_default());
            link.text = words
                .into_iter()
                .map(collapse_all)
                .find(|word| !word.is_empty())
                .unwrap_or_default();
        }
    }
}
