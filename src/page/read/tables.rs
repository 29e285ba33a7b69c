//! Tables that hold data: their rows as texts. Tables that only lay a page out hold other tables or forms.

use std::ops::Range;

use scraper::node::Element;

use crate::page::flow::Flow;
use crate::page::{Table, TableRow};

/// The kinds of `input` that a person does not type into.
const PRESSED: [&str; 8] = [
    "hidden", "checkbox", "radio", "button", "submit", "reset", "image", "file",
];

/// The tables that are open, and those that were read.
#[derive(Default)]
pub(super) struct Tables {
    open: Vec<Open>,
    done: Vec<(usize, Table)>,
    begun: usize,
}

struct Open {
    order: usize,
    rows: Vec<TableRow>,
    /// It holds other tables or forms.
    layout: bool,
    /// The row that is open.
    row: Option<Marks>,
}

/// What is known of a row before it ends.
#[derive(Default)]
struct Marks {
    head: bool,
    typed: bool,
    cells: usize,
    heads: usize,
}

impl Tables {
    pub(super) fn begin(&mut self, element: &Element) {
        match element.name() {
            "table" => {
                // All around it are layout, and what they hold is not kept: else each text would be kept for each of them.
                for open in self.open.iter_mut().rev().take_while(|open| !open.layout) {
                    open.layout = true;
                    open.rows = Vec::new();
                }
                self.begun += 1;
                self.open.push(Open {
                    order: self.begun,
                    rows: Vec::new(),
                    layout: false,
                    row: None,
                });
            }
            "tr" => {
                if let Some(open) = self.open.last_mut() {
                    open.row = Some(Marks {
                        head: is_head(element),
                        ..Marks::default()
                    });
                }
            }
            "td" | "th" => {
                if let Some(row) = self.row() {
                    row.cells += 1;
                    row.heads += usize::from(is_head(element));
                }
            }
            "form" => {
                if let Some(open) = self.open.last_mut().filter(|open| open.row.is_some()) {
                    open.layout = true;
                }
            }
            "select" | "textarea" => self.typed(),
            "input" => {
                let kind = element.attr("type").unwrap_or_default().to_ascii_lowercase();
                if !PRESSED.contains(&kind.as_str()) {
                    self.typed();
                }
            }
            _ => {}
        }
    }

    fn row(&mut self) -> Option<&mut Marks> {
        self.open.last_mut()?.row.as_mut()
    }

    fn typed(&mut self) {
        if let Some(row) = self.row() {
            row.typed = true;
        }
    }

    /// Takes a row that ends: its cells, and what it stands in; one that is hidden is none.
    pub(super) fn end_row(
        &mut self,
        flow: &Flow,
        cells: &[Range<usize>],
        within: Option<&str>,
        hidden: bool,
    ) {
        let Some(open) = self.open.last_mut() else {
            return;
        };
        let Some(marks) = open.row.take().filter(|_| !open.layout && !hidden) else {
            return;
        };
        open.rows.push(TableRow {
            cells: cells
                .iter()
                .map(|cell| flow.slice(cell.clone()).to_owned())
                .collect(),
            head: within == Some("thead") || (marks.cells > 0 && (marks.head || marks.heads == marks.cells)),
            foot: within == Some("tfoot"),
            typed: marks.typed,
        });
    }

    pub(super) fn end_table(&mut self) {
        if let Some(Open { order, rows, .. }) = self.open.pop().filter(|open| !open.layout) {
            self.done.push((order, Table { rows }));
        }
    }

    /// The tables in the order in which they begin.
    pub(super) fn into_tables(mut self) -> Vec<Table> {
        self.done.sort_by_key(|(order, _)| *order);
        self.done.into_iter().map(|(_, table)| table).collect()
    }
}

/// Old pages name their columns in plain rows and cells with a class for it.
fn is_head(element: &Element) -> bool {
    let class = element.attr("class").unwrap_or_default().to_ascii_lowercase();
    element.name() == "th" || class.contains("head") || class.contains("hdr")
}
