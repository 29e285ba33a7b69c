//! Tables that can be read at 80 columns, at 40, and in a pipe.
//!
//! Into a pipe a table is as wide as it needs, with nothing cut off. On a terminal, columns too wide are wrapped;
//! where that would squeeze them, each row becomes a small list of its own.

use crate::report::text::{Text, Tone};

/// Columns stand this far apart.
const GAP: usize = 2;

/// A column is never wrapped narrower than this; below, rows are stacked.
const NARROWEST: usize = 12;

/// Says to which side the cells of a column are pushed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Align {
    /// Words.
    #[default]
    Left,
    /// Numbers.
    Right,
}

/// Rows of cells below their headings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    columns: Vec<(String, Align)>,
    rows: Vec<Vec<Text>>,
}

impl Table {
    /// Makes an empty table with these headings, in lower case.
    pub fn new<S: Into<String>>(headings: impl IntoIterator<Item = S>) -> Self {
        Self {
            columns: headings.into_iter().map(|h| (h.into(), Align::Left)).collect(),
            rows: Vec::new(),
        }
    }

    /// Pushes the cells of a column to the right; columns count from 0.
    #[must_use]
    pub fn right(mut self, column: usize) -> Self {
        if let Some((_, align)) = self.columns.get_mut(column) {
            *align = Align::Right;
        }
        self
    }

    /// Adds a row. Cells that are missing are empty; cells beyond the last heading are left out.
    pub fn row<T: Into<Text>>(&mut self, cells: impl IntoIterator<Item = T>) {
        let mut cells: Vec<Text> = cells.into_iter().map(Into::into).collect();
        cells.resize(self.columns.len(), Text::new());
        self.rows.push(cells);
    }

    /// Tells whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Gives the same table with the words of each cell changed.
    pub(crate) fn map(&self, change: impl Fn(&str) -> String) -> Table {
        let rows = self
            .rows
            .iter()
            .map(|row| row.iter().map(|cell| cell.map(&change)).collect())
            .collect();
        Table {
            columns: self.columns.clone(),
            rows,
        }
    }

    /// Lays it out in lines; `width` is the terminal's, `None` for a pipe.
    pub(crate) fn lines(&self, width: Option<usize>) -> Vec<Text> {
        let natural: Vec<usize> = (0..self.columns.len())
            .map(|column| self.widest(column))
            .collect();
        match width {
            None => self.aligned(&natural),
            Some(width) => match fit(&natural, width) {
                Some(widths) => self.aligned(&widths),
                None => self.stacked(width),
            },
        }
    }

    fn widest(&self, column: usize) -> usize {
        let heading = self
            .columns
            .get(column)
            .map_or(0, |(heading, _)| Text::from(heading).width());
        self.rows
            .iter()
            .filter_map(|row| row.get(column))
            .map(Text::width)
            .chain([heading])
            .max()
            .unwrap_or(0)
    }

    fn aligned(&self, widths: &[usize]) -> Vec<Text> {
        let headings: Vec<Text> = self
            .columns
            .iter()
            .map(|(heading, _)| Text::new().toned(Tone::Strong, heading))
            .collect();
        std::iter::once(&headings)
            .chain(&self.rows)
            .flat_map(|row| self.row_lines(row, widths))
            .collect()
    }

    /// Lays one row out in as many lines as its tallest cell needs.
    fn row_lines(&self, row: &[Text], widths: &[usize]) -> Vec<Text> {
        let cells: Vec<Vec<Text>> = row
            .iter()
            .zip(widths)
            .map(|(cell, width)| cell.wrapped(*width))
            .collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or(0);
        let mut lines = Vec::with_capacity(height);
        for at in 0..height {
            let mut line = Text::new();
            let mut owed = 0;
            for ((cell, width), (_, align)) in cells.iter().zip(widths).zip(&self.columns) {
                let empty = Text::new();
                let part = cell.get(at).unwrap_or(&empty);
                let free = width.saturating_sub(part.width());
                let (before, after) = if *align == Align::Right {
                    (free, 0)
                } else {
                    (0, free)
                };
                if part.width() > 0 {
                    // Blanks are owed until something follows them: no line ends in blanks.
                    line.push(Tone::Plain, " ".repeat(owed + before));
                    part.pieces()
                        .iter()
                        .for_each(|(tone, piece)| line.push(*tone, piece));
                    owed = 0;
                } else {
                    owed += before;
                }
                owed += after + GAP;
            }
            lines.push(line);
        }
        lines
    }

    /// Gives each row as lines of `heading: cell`, rows apart by an empty line.
    fn stacked(&self, width: usize) -> Vec<Text> {
        let mut lines = Vec::new();
        for row in &self.rows {
            if !lines.is_empty() {
                lines.push(Text::new());
            }
            for ((heading, _), cell) in self.columns.iter().zip(row).filter(|(_, cell)| cell.width() > 0) {
                let mut line = Text::new();
                if !heading.is_empty() {
                    line.push(Tone::Strong, format!("{heading}:"));
                    line.push(Tone::Plain, " ");
                }
                cell.pieces()
                    .iter()
                    .for_each(|(tone, piece)| line.push(*tone, piece));
                lines.extend(line.wrapped(width));
            }
        }
        lines
    }
}

/// Finds widths that fit by narrowing the widest column first; `None` where a column would get too narrow.
fn fit(natural: &[usize], width: usize) -> Option<Vec<usize>> {
    let gaps = GAP * natural.len().saturating_sub(1);
    let mut widths = natural.to_vec();
    while widths.iter().sum::<usize>() + gaps > width {
        let widest = widths.iter_mut().max()?;
        if *widest <= NARROWEST {
            return None;
        }
        *widest -= 1;
    }
    Some(widths)
}
