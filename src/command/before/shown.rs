//! The checklist of `before`, and its JSON.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use crate::command::Exit;
use crate::command::before::desk::Desk;
use crate::command::before::item::{ITEMS, missing};
use crate::command::before::texts;
use crate::error::Result;
use crate::report::phrase::count;
use crate::report::{Table, Text, Tone};
use crate::state::{Item as Stands, Pinned, Round};

/// What `before --json` answers.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    instance: &'a str,
    source: Option<&'a str>,
    began: Timestamp,
    kind: Option<&'static str>,
    planned: Option<Date>,
    backup: Option<&'a Pinned>,
    source_backup: Option<&'a Pinned>,
    items: Vec<Row<'a>>,
    /// What to send to the owners of recurring report jobs.
    message_to_owners: Option<String>,
    /// Whether nothing is open that the refresh has to wait for.
    ready: bool,
}

/// An item as JSON shows it.
#[derive(Debug, Serialize)]
struct Row<'a> {
    id: &'static str,
    title: &'static str,
    blocks: bool,
    #[serde(flatten)]
    stands: &'a Stands,
}

/// What `before --case-text --json` answers.
#[derive(Debug, Serialize)]
struct CaseText<'a> {
    instance: &'a str,
    text: String,
}

/// Prints the checklist and what to do next.
pub(super) fn checklist(desk: &Desk<'_>, round: &Round, message: Option<Vec<String>>) -> Result<Exit> {
    let rows: Vec<Row<'_>> = ITEMS
        .iter()
        .filter_map(|item| {
            Some(Row {
                id: item.id,
                title: item.title,
                blocks: item.blocks,
                stands: round.item(item.id)?,
            })
        })
        .collect();
    let missing = missing(round).len();
    say(desk, round, &rows, missing);
    desk.ui.json(
        "before",
        &Answer {
            instance: &desk.instance.name,
            source: desk.instance.source.as_deref(),
            began: round.began,
            kind: round.kind.map(|kind| kind.word()),
            planned: round.planned,
            backup: round.backup.as_ref(),
            source_backup: round.source_backup.as_ref(),
            items: rows,
            message_to_owners: message.map(|lines| lines.join("\n")),
            ready: missing == 0,
        },
    )?;
    Ok(match missing {
        0 => Exit::Done,
        _ => Exit::Different,
    })
}

fn say(desk: &Desk<'_>, round: &Round, rows: &[Row<'_>], missing: usize) {
    let name = &desk.instance.name;
    let day = round.planned.map_or(String::new(), |day| format!(" on {day}"));
    desk.ui.say(Text::new().toned(
        Tone::Strong,
        format!("Before the refresh of {name} from {}{day}:", desk.source_name()),
    ));
    let mut table = Table::new(["", "item", "what is known"]);
    for row in rows {
        table.row([
            state(row),
            Text::new().toned(Tone::Strong, row.id),
            told(row.stands),
        ]);
    }
    desk.ui.table(&table);
    let mut answerable = false;
    for row in rows {
        let Stands::Open { hints, .. } = row.stands else {
            continue;
        };
        let [done, skip] = desk.answers(row.id);
        // What every item takes is said once for all.
        answerable |= hints.iter().any(|hint| *hint == done || *hint == skip);
        hints
            .iter()
            .filter(|hint| **hint != done && **hint != skip)
            .for_each(|hint| desk.ui.hint(&format!("{}: {hint}", row.id)));
    }
    if answerable {
        let [done, skip] = desk.answers("ITEM");
        desk.ui.hint(&format!("what is done: {done}"));
        desk.ui.hint(&format!("what is left out: {skip}"));
    }
    if missing > 0 {
        desk.ui.say(format!(
            "Not ready: {} open that the refresh has to wait for.",
            count(missing, "item")
        ));
        return;
    }
    desk.ui.say(format!("Ready: {name} can be refreshed."));
    desk.ui.hint(&format!(
        "right before it: lmskeep ready {name}; right after it: lmskeep after {name}"
    ));
}

fn state(row: &Row<'_>) -> Text {
    let tone = match row.stands {
        Stands::Done { .. } => Tone::Good,
        Stands::Skipped { .. } => Tone::Faint,
        Stands::Open { .. } if row.blocks => Tone::Care,
        Stands::Open { .. } => Tone::Plain,
    };
    Text::new().toned(tone, row.stands.word())
}

fn told(stands: &Stands) -> Text {
    let by = |by: &Option<String>| by.as_deref().map_or(String::new(), |by| format!(" ({by})"));
    Text::from(match stands {
        Stands::Done { by: who, note, .. } => format!("{note}{}", by(who)),
        Stands::Skipped { by: who, why, .. } => format!("{why}{}", by(who)),
        Stands::Open { why, .. } => why.clone(),
    })
}

/// Prints the text for the support case.
pub(super) fn case_text(desk: &Desk<'_>, day: Option<Date>) -> Result<Exit> {
    let lines = texts::case(desk.instance, desk.source, desk.source_name(), day);
    lines.iter().for_each(|line| desk.ui.say(line.as_str()));
    desk.ui.json(
        "before-case-text",
        &CaseText {
            instance: &desk.instance.name,
            text: lines.join("\n"),
        },
    )?;
    Ok(Exit::Done)
}
