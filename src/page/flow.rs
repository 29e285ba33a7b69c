//! The text of a page as one line, in which every element is a range.

use std::ops::Range;

/// Collects visible text, blanks collapsed to one.
#[derive(Default)]
pub(super) struct Flow {
    text: String,
    gap: bool,
    pieces: Vec<Range<usize>>,
    /// What stands between two parting places.
    lines: Vec<Range<usize>>,
    hidden: Vec<Range<usize>>,
}

impl Flow {
    /// Adds the text of one text node.
    pub(super) fn push(&mut self, text: &str) {
        let start = self.text.len();
        for c in text.chars() {
            if c.is_whitespace() {
                self.gap = true;
                continue;
            }
            if self.gap {
                self.gap = false;
                if !self.text.is_empty() {
                    self.text.push(' ');
                }
            }
            self.text.push(c);
        }
        if self.text.len() > start {
            self.pieces.push(start..self.text.len());
        }
    }

    /// Parts what stood before from what comes after, as the edge of a block does.
    pub(super) fn part(&mut self) {
        self.gap = true;
        let start = self.lines.last().map_or(0, |line| line.end);
        if start < self.text.len() {
            self.lines.push(start..self.text.len());
        }
    }

    /// Gives how many lines there are so far: stretches of text that no block parts.
    pub(super) fn line_count(&self) -> usize {
        self.lines.len()
    }

    /// Gives the text of a line; nothing where there is none.
    pub(super) fn line(&self, place: usize) -> &str {
        self.lines.get(place).map_or("", |line| self.slice(line.clone()))
    }

    /// Gives the place where text that comes next will stand.
    pub(super) fn here(&self) -> usize {
        self.text.len()
    }

    /// Gives how many pieces there are so far.
    pub(super) fn piece_count(&self) -> usize {
        self.pieces.len()
    }

    /// Gives the text of a range.
    pub(super) fn slice(&self, range: Range<usize>) -> &str {
        self.text.get(range).unwrap_or_default().trim()
    }

    /// Gives the texts of a range of pieces.
    pub(super) fn pieces(&self, range: Range<usize>) -> impl Iterator<Item = &str> {
        self.pieces
            .get(range)
            .unwrap_or_default()
            .iter()
            .map(|piece| self.slice(piece.clone()))
    }

    /// Notes that a range is not shown; ranges come in the order of their ends.
    pub(super) fn hide(&mut self, range: Range<usize>) {
        while self.hidden.last().is_some_and(|last| last.start >= range.start) {
            self.hidden.pop();
        }
        if !range.is_empty() {
            self.hidden.push(range);
        }
    }

    /// Gives all that is shown.
    pub(super) fn visible(&self) -> String {
        if self.hidden.is_empty() {
            return self.text.clone();
        }
        let mut result = String::with_capacity(self.text.len());
        let mut at = 0;
        let mut show = |range: Range<usize>| {
            let shown = self.slice(range);
            if !result.is_empty() && !shown.is_empty() {
                result.push(' ');
            }
            result.push_str(shown);
        };
        for range in &self.hidden {
            show(at..range.start);
            at = range.end;
        }
        show(at..self.text.len());
        result
    }
}

/// Tells the elements that stand within a line from those that part it.
pub(super) fn is_inline(tag: &str) -> bool {
    matches!(
        tag,
        "a" | "abbr"
            | "acronym"
            | "b"
            | "bdi"
            | "bdo"
            | "big"
            | "cite"
            | "code"
            | "data"
            | "del"
            | "dfn"
            | "em"
            | "font"
            | "i"
            | "ins"
            | "kbd"
            | "label"
            | "mark"
            | "nobr"
            | "q"
            | "s"
            | "samp"
            | "small"
            | "span"
            | "strike"
            | "strong"
            | "sub"
            | "sup"
            | "time"
            | "tt"
            | "u"
            | "var"
            | "wbr"
    )
}
