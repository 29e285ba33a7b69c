//! Links, pictures that stand for their text, and refreshes.

use std::ops::Range;

use ego_tree::NodeRef;
use scraper::Node;
use scraper::node::Element;

use crate::page::control::text_of;
use crate::page::read::{Open, Pictured, Reader, collapse_all};
use crate::page::{Link, Picture};

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
        if let (Some(name), Some(content)) = (element.attr("name"), element.attr("content")) {
            self.page.metas.push((name.to_owned(), content.to_owned()));
        }
    }

    /// Adds a picture, and lends its text to the innermost link or button it stands in.
    pub(super) fn picture(&mut self, node: NodeRef<'_, Node>, element: &Element) {
        let [alt, title] = ["alt", "title"].map(|name| collapse_all(element.attr(name).unwrap_or_default()));
        let src = element.attr("src").filter(|src| !src.trim().is_empty());
        if let Some(url) = src.and_then(|src| self.resolver.resolve(src)) {
            let form = self.parsed.owner(node).or(self.open_forms.last().copied());
            let sides = ["width", "height"]
                .into_iter()
                .filter_map(|name| element.attr(name)?.trim().parse().ok());
            self.page.images.push(Picture {
                url,
                alt: alt.clone(),
                title: title.clone(),
                form: form.and_then(|form| self.forms.get(&form)).copied(),
                pressed: !self.pictured.is_empty(),
                side: sides.max(),
                elsewhere: false,
            });
        }
        let text = if alt.is_empty() { &title } else { &alt };
        match self.pictured.last() {
            Some(Pictured::Link(place)) => {
                let Some(link) = self.page.links.get_mut(*place) else {
                    return;
                };
                if link.text.is_empty() {
                    link.text.clone_from(text);
                }
                if link.title.is_empty() {
                    link.title = title;
                }
            }
            Some(Pictured::Button(place)) => {
                let label = &mut self.controls[*place].control.label;
                if label.is_empty() {
                    label.clone_from(text);
                }
            }
            None => {}
        }
    }

    /// Adds a link; tells whether the element is one that leads somewhere.
    pub(super) fn link(&mut self, element: &Element) -> bool {
        let Some(raw_href) = element.attr("href").map(str::to_owned) else {
            return false;
        };
        let Some(url) = self.resolver.resolve(&raw_href) else {
            return false;
        };
        self.pictured.push(Pictured::Link(self.page.links.len()));
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
        true
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
