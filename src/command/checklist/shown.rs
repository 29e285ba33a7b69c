//! A list of items as it is shown, and as JSON has it.

use serde::Serialize;

use crate::command::checklist::{Desk, Item};
use crate::report::{Table, Text, Tone};
use crate::state::{Item as Stands, Round};

/// An item as JSON shows it.
#[derive(Debug, Serialize)]
pub(crate) struct Row<'a> {
    pub(crate) id: &'static str,
    pub(crate) title: &'static str,
    pub(crate) blocks: bool,
    #[serde(flatten)]
    pub(crate) stands: &'a Stands,
}

/// The items of a list that came up in a round, in order.
pub(crate) fn rows<'r, C>(items: &[Item<C>], round: &'r Round) -> Vec<Row<'r>> {
    let row = |item: &Item<C>| {
        Some(Row {
            id: item.id,
            title: item.title,
            blocks: item.blocks,
            stands: round.item(item.id)?,
        })
    };
    items.iter().filter_map(row).collect()
}

/// Shows items in a table.
pub(crate) fn say_rows(desk: &Desk<'_>, rows: &[Row<'_>]) {
    let mut table = Table::new(["", "item", "what is known"]);
    for row in rows {
        table.row([
            state(row),
            Text::new().toned(Tone::Strong, row.id),
            told(row.stands),
        ]);
    }
    desk.ui.table(&table);
}

/// Says what can be done of what is open.
pub(crate) fn say_hints(desk: &Desk<'_>, rows: &[Row<'_>]) {
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
