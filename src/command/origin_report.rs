//! Shows where what differs comes from: first what a restore would destroy, last what the source has brought.

use crate::command::diff_report::{arrow, lines, shown, sign, word, words};
use crate::diff::{Change, DocumentDiff, DocumentOrigins, KeyOrigin, Origin, Origins, State};
use crate::report::phrase::{count, count_of};
use crate::report::{Table, Text, Tone, Ui};
use crate::sensitive::Sensitivity;

/// How many keys a hint names.
const MOST_NAMED: usize = 4;

/// Origins that a person looks at together.
struct Group {
    /// What stands over its keys; `{}` is the source's name.
    heading: &'static str,
    /// What stands over its column.
    column: &'static str,
    /// How the last line counts it.
    counted: &'static str,
    tone: Tone,
    origins: &'static [Origin],
}

const GROUPS: [Group; 4] = [
    Group {
        heading: "by someone: neither as before nor as {} has it",
        column: "someone",
        counted: "by someone",
        tone: Tone::Bad,
        origins: &[Origin::ChangedSince, Origin::LostSince],
    },
    Group {
        heading: "new: neither before nor {} has it",
        column: "new",
        counted: "new",
        tone: Tone::Good,
        origins: &[Origin::New],
    },
    Group {
        heading: "unknown: a mask hides what it is",
        column: "unknown",
        counted: "unknown",
        tone: Tone::Care,
        origins: &[Origin::Unknown],
    },
    Group {
        heading: "from {}",
        column: "{}",
        counted: "from {}",
        tone: Tone::Faint,
        origins: &[Origin::Overwritten, Origin::NewFromSource, Origin::LostToSource],
    },
];

/// Origins of which a restore destroys what live has.
const NOT_THE_SOURCES: usize = 2;

impl Group {
    fn keys<'a>(&self, document: &'a DocumentOrigins) -> impl Iterator<Item = &'a KeyOrigin> {
        document
            .origins
            .iter()
            .filter(|key| self.origins.contains(&key.origin))
    }

    fn has_whole(&self, document: &DocumentOrigins) -> bool {
        document
            .origin
            .is_some_and(|origin| self.origins.contains(&origin))
    }

    fn is_empty_in(&self, document: &DocumentOrigins) -> bool {
        !self.has_whole(document) && self.keys(document).next().is_none()
    }
}

/// Shows a whole comparison; `source` is the name of the instance that was copied over this one.
pub(crate) fn origins(ui: &Ui, origins: &Origins, source: &str) {
    let mut shown: Vec<&DocumentOrigins> = origins.documents.iter().filter(|d| is_shown(d)).collect();
    if shown.is_empty() {
        let same = origins.counts().same;
        ui.say(format!("No difference in {}.", count(same, "document")));
        return;
    }
    let counts = origins.origins();
    let number = |group: &Group| group.origins.iter().map(|origin| counts[origin]).sum::<usize>();
    let rank = |document: &&DocumentOrigins| GROUPS.iter().position(|group| !group.is_empty_in(document));
    shown.sort_by_key(|document| rank(document).unwrap_or(GROUPS.len()));

    let columns: Vec<&Group> = GROUPS.iter().filter(|group| number(group) > 0).collect();
    let headings = columns.iter().map(|group| group.column.replace("{}", source));
    let table = Table::new(std::iter::once("document".to_owned()).chain(headings));
    let mut table = (1..=columns.len()).fold(table, Table::right);
    for document in &shown {
        let cell = |group: &&Group| match (group.has_whole(document), group.keys(document).count()) {
            (true, _) => Text::new().toned(group.tone, "all"),
            (false, 0) => Text::new(),
            (false, number) => Text::new().toned(group.tone, number.to_string()),
        };
        let path = Text::from(document.diff.path.as_str());
        table.row(std::iter::once(path).chain(columns.iter().map(cell)));
    }
    ui.table(&table);
    for document in &shown {
        ui.say(Text::new());
        ui.say(Text::new().toned(Tone::Strong, &document.diff.path));
        one(ui, document, source);
    }
    ui.say(Text::new());
    let told: Vec<String> = columns
        .iter()
        .map(|group| count_of(number(group), "{}", "{}").replace("{}", &group.counted.replace("{}", source)))
        .collect();
    let unchanged: usize = origins.documents.iter().map(|d| d.unchanged).sum();
    let differing = origins.documents.iter().filter(|d| d.diff.differs()).count();
    let verb = if differing == 1 { "differs" } else { "differ" };
    let told = if told.is_empty() {
        String::new()
    } else {
        format!(": {}", told.join(", "))
    };
    ui.say(format!(
        "{} {verb}{told}; {} unchanged.",
        count(differing, "document"),
        count_of(unchanged, "key is", "keys are")
    ));
}

/// A document that is the same is shown where a mask keeps that from being known.
fn is_shown(document: &DocumentOrigins) -> bool {
    document.diff.differs() || !document.origins.is_empty()
}

fn one(ui: &Ui, document: &DocumentOrigins, source: &str) {
    for group in GROUPS.iter().filter(|group| !group.is_empty_in(document)) {
        let unheard = group.has_whole(document) && document.origin == Some(Origin::Unknown);
        let heading = match unheard {
            true => format!("unknown: the backup of {source} does not hold it"),
            false => group.heading.replace("{}", source),
        };
        ui.say(Text::new().plain("  ").toned(group.tone, heading));
        if group.has_whole(document) {
            ui.say(whole_line(&document.diff));
        }
        for key in group.keys(document) {
            ui.say(key_line(key, source));
        }
    }
    if let Some(sentence) = besides(document) {
        ui.say(Text::new().toned(Tone::Faint, format!("  {sentence}")));
    }
    for note in &document.diff.notes {
        ui.say(format!("  {}", words(note)));
    }
    if let Some(text) = &document.diff.text {
        lines(ui, text);
    }
}

/// What differs beside keys and documents as a whole.
fn besides(document: &DocumentOrigins) -> Option<String> {
    let diff = &document.diff;
    let also = if document.origins.is_empty() {
        "only "
    } else {
        "also "
    };
    let layout = diff.only_layout
        || diff
            .keys
            .iter()
            .any(|key| matches!(key.change, Change::Moved | Change::Spelled));
    match (diff.comments.is_empty(), layout) {
        (false, _) => Some(format!("{also}comments differ")),
        (true, true) => Some(format!("{also}blank lines, order or spelling differ")),
        (true, false) => None,
    }
}

fn whole_line(diff: &DocumentDiff) -> Text {
    let (change, told) = match diff.state {
        State::OnlyFrom => (Change::Removed, "the whole document"),
        State::OnlyTo => (Change::Added, "the whole document"),
        State::Changed | State::Same => (Change::Changed, "the document, judged as a whole"),
    };
    let (sign, tone) = sign(change);
    Text::new()
        .plain("    ")
        .toned(tone, sign)
        .plain(format!(" {told}"))
}

fn key_line(key: &KeyOrigin, source: &str) -> Text {
    let (sign, tone) = key.change.map_or(("?", Tone::Care), sign);
    let nth = match key.occurrence {
        0 | 1 => String::new(),
        nth => format!(" ({nth}. time)"),
    };
    Text::new()
        .plain("    ")
        .toned(tone, sign)
        .plain(format!(" {}{nth}  {}", key.key, told(key)))
        .toned(Tone::Faint, theirs(key, source))
}

fn told(key: &KeyOrigin) -> String {
    let change = key.change.map_or("masked", word);
    match (key.sensitivity, key.change) {
        (Some(Sensitivity::Encrypted), _) => format!("(encrypted value, {change})"),
        (Some(Sensitivity::Secret), _) => format!("(secret value, {change})"),
        (None, Some(Change::Removed)) => shown(key.before.as_deref()),
        (None, Some(Change::Added)) => shown(key.live.as_deref()),
        (None, _) => arrow(key.before.as_deref(), key.live.as_deref()),
    }
}

/// What the source has, where that is another thing than live has.
fn theirs(key: &KeyOrigin, source: &str) -> String {
    let is_other = matches!(key.origin, Origin::ChangedSince | Origin::LostSince);
    match (&key.sensitivity, &key.source) {
        _ if !is_other => String::new(),
        (Some(_), _) => format!("  ({source}: another or none)"),
        (None, None) => format!("  ({source} has none)"),
        (None, theirs) if *theirs == key.before => format!("  ({source}: as before)"),
        (None, theirs) => format!("  ({source}: {})", shown(theirs.as_deref())),
    }
}

/// Words what keeps out of a restore what it would destroy, though the source did not bring it; none where there is nothing
/// of it, or too much to name.
pub(crate) fn exceptions(origins: &Origins) -> Option<String> {
    let mut named = Vec::new();
    // What one side lacks as a whole is not written.
    for document in origins
        .documents
        .iter()
        .filter(|d| d.diff.state == State::Changed)
    {
        let path = document.diff.path.as_str();
        let name = path.split_once('/').map_or(path, |(_, name)| name);
        for group in &GROUPS[..NOT_THE_SOURCES] {
            named.extend(group.has_whole(document).then(|| name.to_owned()));
            named.extend(group.keys(document).map(|key| format!("{name}:{}", key.key)));
        }
    }
    // What a shell or a pattern would read otherwise is for a person to write.
    let is_plain = |word: &String| {
        word.chars()
            .all(|c| c.is_ascii_alphanumeric() || ":._-".contains(c))
    };
    let few = (1..=MOST_NAMED).contains(&named.len()) && named.iter().all(is_plain);
    few.then(|| named.iter().map(|word| format!(" --except {word}")).collect())
}
