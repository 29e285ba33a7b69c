//! Finds what looks like a list: elements of one tag, side by side, that hold links.
//!
//! A page nests lists in lists, and each level is reported. What is reported in all is bounded by the page's size, so
//! that a page nested thousands deep does not become thousands of copies of itself: inner lists come first.

use std::collections::HashMap;
use std::ops::Range;

use ego_tree::NodeId;

use crate::page::flow::Flow;
use crate::page::{Link, Row, Run};

/// What a link costs beside text.
const LINK_COST: usize = 256;

/// One row while the page is read: ranges of texts and links.
pub(super) struct Span {
    pub(super) text: Range<usize>,
    pub(super) pieces: Range<usize>,
    pub(super) links: Range<usize>,
    /// The cells of a table row.
    pub(super) cells: Option<Vec<Range<usize>>>,
    pub(super) header: bool,
}

struct Group {
    tag: &'static str,
    /// When its parent was opened.
    order: usize,
    spans: Vec<Span>,
}

/// Collects rows by their parent and tag.
#[derive(Default)]
pub(super) struct Groups {
    places: HashMap<(NodeId, &'static str), usize>,
    groups: Vec<Group>,
}

/// Gives the tag by which rows are grouped, for the elements that can be rows; `dd` belongs to its `dt`.
pub(super) fn row_tag(tag: &str) -> Option<&'static str> {
    const ROWS: [&str; 18] = [
        "tr", "li", "dt", "a", "div", "p", "section", "article", "span", "table", "ul", "ol", "dl", "nav",
        "center", "form", "h2", "h3",
    ];
    if tag == "dd" {
        Some("dt")
    } else {
        ROWS.into_iter().find(|row| *row == tag)
    }
}

impl Groups {
    /// Adds a row; `goes_on` where it belongs to the one before it.
    pub(super) fn add(&mut self, parent: NodeId, order: usize, tag: &'static str, span: Span, goes_on: bool) {
        let place = *self.places.entry((parent, tag)).or_insert_with(|| {
            self.groups.push(Group {
                tag,
                order,
                spans: Vec::new(),
            });
            self.groups.len() - 1
        });
        let spans = &mut self.groups[place].spans;
        match spans.last_mut() {
            Some(last) if goes_on => {
                last.text.end = span.text.end;
                last.pieces.end = span.pieces.end;
                last.links.end = span.links.end;
            }
            _ => spans.push(span),
        }
    }

    /// Gives the lists, outer ones first.
    pub(super) fn into_runs(self, flow: &Flow, links: &[Link], size: usize) -> Vec<Run> {
        let mut budget = size.saturating_mul(8).saturating_add(1 << 20);
        let mut runs = Vec::new();
        for mut group in self.groups {
            group.spans.retain(|span| !span.links.is_empty() || span.header);
            let rows = group
                .spans
                .iter()
                .filter(|span| !span.links.is_empty() && !span.header)
                .count();
            // A list may have a single row, on its last page at the latest; what only holds rows, or stands in a line,
            // is no row by itself.
            let fewest = match group.tag {
                "tr" | "li" | "dt" | "div" | "p" | "section" | "article" | "h2" | "h3" => 1,
                _ => 2,
            };
            if rows < fewest {
                continue;
            }
            let cost: usize = group.spans.iter().map(Span::cost).sum();
            let Some(left) = budget.checked_sub(cost) else {
                continue;
            };
            budget = left;
            let rows = group
                .spans
                .into_iter()
                .map(|span| span.into_row(flow, links))
                .collect();
            runs.push((
                group.order,
                Run {
                    tag: group.tag.to_owned(),
                    rows,
                },
            ));
        }
        runs.sort_by_key(|(order, _)| *order);
        runs.into_iter().map(|(_, run)| run).collect()
    }
}

impl Span {
    fn cost(&self) -> usize {
        2 * self.text.len() + 64 * self.pieces.len() + LINK_COST * self.links.len()
    }

    fn into_row(self, flow: &Flow, links: &[Link]) -> Row {
        let pieces: Vec<String> = flow.pieces(self.pieces).map(str::to_owned).collect();
        let cells = match self.cells {
            Some(cells) => cells
                .into_iter()
                .map(|cell| flow.slice(cell).to_owned())
                .collect(),
            None => pieces.clone(),
        };
        let links = links.get(self.links).unwrap_or_default().to_vec();
        Row {
            cells,
            pieces,
            links,
            header: self.header,
        }
    }
}
