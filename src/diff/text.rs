//! The line diff of two masked texts, with the words marked that changed.

use core::time::Duration;

use serde::Serialize;
use similar::{Algorithm, ChangeTag, DiffOp, TextDiff as Similar};

/// Lines of context around a change.
const CONTEXT: usize = 3;

/// How long a search for the smallest difference may take; after that a larger one is given.
pub(super) const PATIENCE: Duration = Duration::from_millis(500);

/// Is the difference of two masked texts; no hunks where they look the same.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TextDiff {
    /// The places that differ, in order.
    pub hunks: Vec<Hunk>,
}

/// Is one place that differs, with the lines around it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Hunk {
    /// The lines in the order to show them.
    pub lines: Vec<TextLine>,
}

/// Is one line of either side, or of both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TextLine {
    /// Which side has it.
    pub tag: Tag,
    /// Its number on side *from*, counted from 1, where that side has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_line: Option<usize>,
    /// Its number on side *to*, counted from 1, where that side has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_line: Option<usize>,
    /// The line in pieces, without its end; together they are the whole line.
    pub segments: Vec<Segment>,
}

/// Says which side has a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Tag {
    /// Both.
    Equal,
    /// Only side *from*.
    Removed,
    /// Only side *to*.
    Added,
}

/// Is a piece of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Segment {
    /// The text.
    pub text: String,
    /// Whether just this piece differs from the line it was compared with.
    pub emphasis: bool,
}

/// Compares masked lines, each with its number.
pub(super) fn compare(from: &[(usize, String)], to: &[(usize, String)]) -> TextDiff {
    // With its end every line has at least one piece, the empty one too.
    let ended = |lines: &[(usize, String)]| {
        lines
            .iter()
            .map(|(_, line)| format!("{line}\n"))
            .collect::<Vec<_>>()
    };
    let (older, newer) = (ended(from), ended(to));
    let (older, newer) = (slices(&older), slices(&newer));
    let diff = Similar::configure()
        .algorithm(Algorithm::Myers)
        .timeout(PATIENCE)
        .diff_slices(&older, &newer);
    let number =
        |lines: &[(usize, String)], index: Option<usize>| lines.get(index?).map(|(number, _)| *number);
    let hunk = |ops: &Vec<DiffOp>| {
        let changes = ops.iter().flat_map(|op| diff.iter_inline_changes(op));
        let lines = changes.map(|change| TextLine {
            tag: match change.tag() {
                ChangeTag::Equal => Tag::Equal,
                ChangeTag::Delete => Tag::Removed,
                ChangeTag::Insert => Tag::Added,
            },
            from_line: number(from, change.old_index()),
            to_line: number(to, change.new_index()),
            segments: segments(change.values()),
        });
        Hunk {
            lines: lines.collect(),
        }
    };
    TextDiff {
        hunks: diff.grouped_ops(CONTEXT).iter().map(hunk).collect(),
    }
}

pub(super) fn slices(lines: &[String]) -> Vec<&str> {
    lines.iter().map(String::as_str).collect()
}

/// Takes the line's end away and puts neighbours of equal emphasis together.
fn segments(values: &[(bool, &str)]) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    for (emphasis, text) in values {
        let text = text.strip_suffix('\n').unwrap_or(text);
        match segments.last_mut() {
            Some(last) if last.emphasis == *emphasis => last.text.push_str(text),
            _ if text.is_empty() => {}
            _ => segments.push(Segment {
                text: text.to_owned(),
                emphasis: *emphasis,
            }),
        }
    }
    segments
}
