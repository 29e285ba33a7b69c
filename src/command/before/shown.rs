//! The checklist of `before`, and its JSON.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use crate::command::Exit;
use crate::command::before::item::{ITEMS, missing};
use crate::command::before::texts;
use crate::command::checklist::{Desk, Row, rows, say_hints, say_rows};
use crate::error::Result;
use crate::report::phrase::count;
use crate::report::{Text, Tone};
use crate::state::{Pinned, Round};

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

/// What `before --case-text --json` answers.
#[derive(Debug, Serialize)]
struct CaseText<'a> {
    instance: &'a str,
    text: String,
}

/// Prints the checklist and what to do next.
pub(super) fn checklist(desk: &Desk<'_>, round: &Round, message: Option<Vec<String>>) -> Result<Exit> {
    let rows = rows(&ITEMS, round);
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
    say_rows(desk, rows);
    say_hints(desk, rows);
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
