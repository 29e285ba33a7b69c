//! Shows differences: a table of documents, then by key, then line by line. What is shown and the exit code come from
//! one value.

use crate::diff::{Change, Diff, DocumentDiff, KeyChange, Note, Side, State, Tag, TextDiff};
use crate::report::phrase::count;
use crate::report::{Table, Text, Tone, Ui};
use crate::sensitive::Sensitivity;

/// Values longer than this are cut in the middle on screen; `--text` and `--json` have them whole.
const LONGEST_VALUE: usize = 60;

/// How the sides of a comparison are called.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sides<'a> {
    pub(crate) from: &'a str,
    pub(crate) to: &'a str,
}

/// Shows a whole comparison.
pub(crate) fn diff(ui: &Ui, diff: &Diff, sides: Sides<'_>) {
    let counts = diff.counts();
    if !diff.differs() {
        ui.say(format!("No difference in {}.", count(counts.same, "document")));
        return;
    }
    table(ui, diff, sides);
    for document in diff.documents.iter().filter(|d| d.state == State::Changed) {
        ui.say(Text::new());
        ui.say(Text::new().toned(Tone::Strong, &document.path));
        changes(ui, document);
        if let Some(text) = &document.text {
            lines(ui, text);
        }
    }
    ui.say(Text::new());
    ui.say(summary(diff));
}

/// Shows which documents differ, and how many of their keys.
pub(crate) fn table(ui: &Ui, diff: &Diff, sides: Sides<'_>) {
    let mut table = Table::new(["document", "state", "keys"]).right(2);
    for document in diff.documents.iter().filter(|d| d.differs()) {
        let keys = if document.keys.is_empty() {
            String::new()
        } else {
            document.keys.len().to_string()
        };
        table.row([
            Text::from(document.path.as_str()),
            state(document, sides),
            keys.as_str().into(),
        ]);
    }
    ui.table(&table);
}

/// Says how much differs.
pub(crate) fn summary(diff: &Diff) -> String {
    let counts = diff.counts();
    let differing = counts.changed + counts.only_from + counts.only_to;
    let keys = if counts.keys > 0 {
        format!(" in {}", count(counts.keys, "key"))
    } else {
        String::new()
    };
    let verb = if differing == 1 { "differs" } else { "differ" };
    format!(
        "{} {verb}{keys}; {} the same.",
        count(differing, "document"),
        is_are(counts.same)
    )
}

fn is_are(number: usize) -> String {
    if number == 1 {
        "1 is".to_owned()
    } else {
        format!("{number} are")
    }
}

fn state(document: &DocumentDiff, sides: Sides<'_>) -> Text {
    match document.state {
        State::OnlyFrom => Text::new().toned(Tone::Bad, format!("only in {}", sides.from)),
        State::OnlyTo => Text::new().toned(Tone::Good, format!("only in {}", sides.to)),
        State::Same => "same".into(),
        State::Changed => Text::new().toned(Tone::Care, what_changed(document)),
    }
}

fn what_changed(document: &DocumentDiff) -> &'static str {
    match (document.keys.is_empty(), document.comments.is_empty()) {
        (true, false) => "comments only",
        (true, true) if document.only_layout => "layout only",
        (false, _) if document.keys.iter().all(|k| k.change == Change::Moved) => "order only",
        _ => "changed",
    }
}

/// Shows what happened to the keys and comments of one document.
pub(crate) fn changes(ui: &Ui, document: &DocumentDiff) {
    for key in &document.keys {
        ui.say(key_line(key));
    }
    for comment in &document.comments {
        let (sign, tone) = sign(comment.change);
        ui.say(
            Text::new()
                .plain("  ")
                .toned(tone, sign)
                .plain(format!(" {}", short(&comment.text))),
        );
    }
    if document.only_layout {
        ui.say("  only blank lines or the place of comments differ");
    }
    for note in &document.notes {
        ui.say(format!("  {}", words(note)));
    }
    if document.keys.is_empty() && document.comments.is_empty() && !document.only_layout {
        let changed = document.text.as_ref().map_or(0, |t| {
            t.hunks
                .iter()
                .flat_map(|h| &h.lines)
                .filter(|l| l.tag != Tag::Equal)
                .count()
        });
        if changed > 0 {
            let verb = if changed == 1 { "differs" } else { "differ" };
            ui.say(format!("  {} {verb} (plain text)", count(changed, "line")));
        }
    }
}

fn key_line(key: &KeyChange) -> Text {
    let (sign, tone) = sign(key.change);
    let nth = if key.occurrence > 1 {
        format!(" ({}. time)", key.occurrence)
    } else {
        String::new()
    };
    Text::new()
        .plain("  ")
        .toned(tone, sign)
        .plain(format!(" {}{nth}  {}", key.key, told(key)))
}

/// Words what happened to a key's value, as far as it may be shown.
pub(crate) fn told(key: &KeyChange) -> String {
    match (key.sensitivity, key.change) {
        (_, Change::Moved) => "(moved)".to_owned(),
        (Some(Sensitivity::Encrypted), change) => format!("(encrypted value, {})", word(change)),
        (Some(Sensitivity::Secret), change) => format!("(secret value, {})", word(change)),
        (None, Change::Changed) => arrow(key.from.as_deref(), key.to.as_deref()),
        (None, Change::Added) => shown(key.to.as_deref()),
        (None, Change::Removed) => shown(key.from.as_deref()),
        (None, Change::Spelled) => {
            format!(
                "(the same value, written otherwise) {} → {}",
                shown(key.from.as_deref()),
                shown(key.to.as_deref())
            )
        }
    }
}

pub(crate) fn sign(change: Change) -> (&'static str, Tone) {
    match change {
        Change::Added => ("+", Tone::Good),
        Change::Removed => ("-", Tone::Bad),
        Change::Changed => ("~", Tone::Care),
        Change::Moved | Change::Spelled => ("·", Tone::Faint),
    }
}

pub(crate) fn word(change: Change) -> &'static str {
    match change {
        Change::Added => "added",
        Change::Removed => "removed",
        Change::Changed => "changed",
        Change::Moved => "moved",
        Change::Spelled => "written otherwise",
    }
}

/// Words that one value has become another.
pub(crate) fn arrow(from: Option<&str>, to: Option<&str>) -> String {
    match (shown(from), shown(to), from, to) {
        // Cut alike, two values would look the same: then they are shown whole.
        (a, b, Some(from), Some(to)) if a == b => format!("{from} → {to}"),
        (from, to, ..) => format!("{from} → {to}"),
    }
}

pub(crate) fn shown(value: Option<&str>) -> String {
    match value {
        None | Some("") => "(empty)".to_owned(),
        Some(value) => short(value),
    }
}

/// Cuts a long value in its middle: what differs often stands at an end.
pub(crate) fn short(value: &str) -> String {
    let letters: Vec<char> = value.chars().collect();
    if letters.len() <= LONGEST_VALUE {
        return value.to_owned();
    }
    let half = LONGEST_VALUE / 2 - 1;
    let (head, tail) = (&letters[..half], &letters[letters.len() - half..]);
    format!(
        "{}…{}",
        head.iter().collect::<String>(),
        tail.iter().collect::<String>()
    )
}

pub(crate) fn words(note: &Note) -> String {
    match note {
        Note::MaskedOnly => "only secrets differ: the lines look the same".to_owned(),
        Note::NotProperties { side, line, reason } => {
            let side = match side {
                Side::From => "first",
                Side::To => "second",
            };
            format!("compared line by line: line {line} of the {side} is no Java property ({reason})")
        }
        Note::File { kind, from: 0, to } => format!("{kind} added: {}", count(*to, "byte")),
        Note::File { kind, from, to: 0 } => format!("{kind} removed: {}", count(*from, "byte")),
        Note::File { kind, from, to } => {
            format!(
                "{kind} changed: {} -> {}",
                count(*from, "byte"),
                count(*to, "byte")
            )
        }
        Note::NoKeys => "it has no keys, so the whole of it was compared".to_owned(),
    }
}

/// Shows the lines that differ, the changed words marked; without colour they stand in `[` and `]`.
pub(crate) fn lines(ui: &Ui, text: &TextDiff) {
    let marked = !ui.look().color_out;
    for (at, hunk) in text.hunks.iter().enumerate() {
        if at > 0 {
            ui.say(Text::new().toned(Tone::Faint, "  ..."));
        }
        for line in &hunk.lines {
            let (sign, tone) = match line.tag {
                Tag::Equal => (" ", Tone::Faint),
                Tag::Removed => ("-", Tone::Bad),
                Tag::Added => ("+", Tone::Good),
            };
            let number = line.to_line.or(line.from_line).unwrap_or_default();
            let mut shown = Text::new()
                .toned(Tone::Faint, format!("{number:>6} "))
                .toned(tone, sign)
                .plain(" ");
            let whole = line.segments.iter().all(|s| s.emphasis);
            for segment in &line.segments {
                match (segment.emphasis && !whole, marked) {
                    (true, true) => shown.push(Tone::Plain, format!("[{}]", segment.text)),
                    (true, false) => shown.push(Tone::Strong, segment.text.as_str()),
                    (false, _) => shown.push(tone, segment.text.as_str()),
                }
            }
            ui.say(shown);
        }
    }
}
