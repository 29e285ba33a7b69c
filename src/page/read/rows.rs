//! Rows of what may be a list.

use std::ops::Range;

use crate::page::read::{Open, Reader, Role};
use crate::page::runs::{Span, row_tag};

impl<'a> Reader<'a> {
    pub(super) fn end_row(&mut self, open: &Open<'a>, text: Range<usize>) {
        let name = open.element.name();
        if matches!(name, "td" | "th") {
            if let Some((cells, header)) = self.open_cells.last_mut()
                && self.open.last().is_some_and(|row| row.element.name() == "tr")
            {
                cells.push(text);
                *header &= name == "th";
            }
            return;
        }
        let Some(tag) = row_tag(name) else { return };
        let links = open.links..self.page.links.len();
        let (cells, header) = match name {
            "tr" => {
                let (cells, all_heads) = self.open_cells.pop().unwrap_or_default();
                let header = (all_heads && !cells.is_empty()) || self.parent(0) == Some("thead");
                let within = self.open.last().map(|open| open.element.name());
                self.tables.end_row(&self.flow, &cells, within, open.hidden);
                (Some(cells), header)
            }
            _ => (None, false),
        };
        if (links.is_empty() && !header && tag != "dt") || (tag == "a" && !matches!(open.role, Role::Link)) {
            return;
        }
        // The rows of a table are one list, however many bodies it has.
        let above = usize::from(tag == "tr" && matches!(self.parent(0), Some("thead" | "tbody" | "tfoot")));
        let Some(parent) = self.open.iter().rev().nth(above) else {
            return;
        };
        let (parent, order) = (parent.id, parent.order);
        let span = Span {
            text,
            pieces: open.piece..self.flow.piece_count(),
            links,
            cells,
            header,
        };
        self.groups.add(parent, order, tag, span, name == "dd");
    }

    pub(super) fn parent(&self, above: usize) -> Option<&str> {
        self.open.iter().rev().nth(above).map(|open| open.element.name())
    }
}
