//! The checklist of `after`, its JSON, and its exit code.

use jiff::Timestamp;
use serde::Serialize;

use crate::command::Exit;
use crate::command::after::item::{FREEZE, ITEMS};
use crate::command::after::{After, report, round};
use crate::command::checklist::{Row, rows, say_hints, say_rows};
use crate::error::{Kind, Result};
use crate::report::phrase::count;
use crate::report::{Text, Tone};
use crate::state::{Pinned, Round};

/// What `after --json` answers.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    instance: &'a str,
    source: Option<&'a str>,
    began: Timestamp,
    ended: Option<Timestamp>,
    backup: Option<&'a Pinned>,
    scope: Option<&'static str>,
    items: Vec<Row<'a>>,
    exit_code: u8,
}

/// Shows how everything stands, without asking the instance.
pub(super) async fn status(after: &After<'_>) -> Result<Exit> {
    let name = &after.desk.instance.name;
    let kept = after.desk.state.round(name).await?;
    let kept = kept.ok_or_else(|| round::none(name))?;
    report::write(after, &kept).await?;
    checklist(after, &kept)
}

/// Shows the checklist, says what to do next, and ends.
pub(super) fn checklist(after: &After<'_>, kept: &Round) -> Result<Exit> {
    let desk = &after.desk;
    let (ui, name) = (desk.ui, &desk.instance.name);
    let only = after.args.freeze_only;
    let mut rows = rows(&ITEMS, kept);
    rows.retain(|row| !only || FREEZE.contains(&row.id));
    let open = match only {
        true => FREEZE.iter().filter(|id| !kept.is_settled(id)).count(),
        false => round::open(kept),
    };
    ui.say(Text::new());
    ui.say(Text::new().toned(
        Tone::Strong,
        format!("After the refresh of {name} from {}:", desk.source_name()),
    ));
    say_rows(desk, &rows);
    say_hints(desk, &rows);
    match open {
        0 if only => ui.hint(&format!("all that is left to do: {}", desk.command(""))),
        0 => ui.say(Text::new().toned(
            Tone::Good,
            format!("The refresh of {name} is through: everything is done or left out."),
        )),
        _ => {
            ui.say(Text::new().toned(Tone::Care, format!("{} open.", count(open, "item"))));
            ui.hint(&format!("it goes on where it was: {}", desk.command("")));
        }
    }
    let failed = after.failed.borrow_mut().take();
    let stopped = failed.as_ref().is_some_and(|error| error.kind() == Kind::Stopped);
    // An item that failed is open: what is not as it was wanted counts before what waits.
    let exit = match (after.sent.get(), after.incomplete.get(), &failed) {
        (true, _, Some(_)) if stopped => Some(Exit::Stopped),
        (true, true, _) | (true, _, Some(_)) => Some(Exit::Incomplete),
        (false, _, Some(_)) => None,
        _ if open > 0 => Some(Exit::Waits),
        _ => Some(Exit::Done),
    };
    let code = match (&exit, &failed) {
        (Some(exit), _) => exit.code(),
        (None, Some(error)) => error.kind().exit_code(),
        (None, None) => Exit::Waits.code(),
    };
    ui.json(
        "after",
        &Answer {
            instance: name,
            source: desk.instance.source.as_deref(),
            began: kept.began,
            ended: kept.ended,
            backup: kept.backup.as_ref(),
            scope: kept.scope.map(|scope| scope.word()),
            items: rows,
            exit_code: code,
        },
    )?;
    match (exit, failed) {
        (Some(exit), _) => Ok(exit),
        (None, Some(error)) => Err(error),
        (None, None) => Ok(Exit::Waits),
    }
}
