//! Comment lines that one side lacks.

use serde::Serialize;
use similar::{Algorithm, ChangeTag, TextDiff};

use crate::diff::document::{Part, Piece};
use crate::diff::keys::Change;
use crate::diff::{shown, text};
use crate::properties::LineKind;

/// Says that a comment line came or went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CommentChange {
    /// [`Change::Added`] or [`Change::Removed`].
    pub change: Change,
    /// The number of the line on its side, counted from 1.
    pub line: usize,
    /// The line, masked.
    pub text: String,
}

/// Compares the comment lines that are meant, whatever stands between them.
pub(super) fn compare(from: &Part<'_>, to: &Part<'_>) -> Vec<CommentChange> {
    let (older, newer) = (comments(from), comments(to));
    let bodies = |pieces: &[&Piece<'_>]| {
        pieces
            .iter()
            .map(|p| shown::body(p.line).into_owned())
            .collect::<Vec<_>>()
    };
    let (a, b) = (bodies(&older), bodies(&newer));
    let (a, b) = (text::slices(&a), text::slices(&b));
    let diff = TextDiff::configure()
        .algorithm(Algorithm::Myers)
        .timeout(text::PATIENCE)
        .diff_slices(&a, &b);
    let change = |tag, old: Option<usize>, new: Option<usize>| {
        let (change, part, index, pieces) = match tag {
            ChangeTag::Delete => (Change::Removed, from, old?, &older),
            ChangeTag::Insert => (Change::Added, to, new?, &newer),
            ChangeTag::Equal => return None,
        };
        let piece = pieces.get(index)?;
        Some(CommentChange {
            change,
            line: piece.number,
            text: part.shown.line(piece.number, piece.line),
        })
    };
    diff.iter_all_changes()
        .filter_map(|c| change(c.tag(), c.old_index(), c.new_index()))
        .collect()
}

fn comments<'a>(part: &'a Part<'a>) -> Vec<&'a Piece<'a>> {
    part.lines
        .iter()
        .filter(|piece| matches!(piece.line.kind(), LineKind::Comment))
        .collect()
}
