//! What is said of a thaw: before, what is to be switched on; after, what came of it.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::command::Exit;
use crate::command::switching::Turned;
use crate::command::thaw::goal::Goal;
use crate::command::thaw::{Thawed, Wish};
use crate::error::{Error, Kind, Result};
use crate::report::phrase::count;
use crate::report::{Text, Tone, Ui};

/// What `thaw --json` answers.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    instance: &'a str,
    backup: &'a str,
    thawed: bool,
    stages: &'a [Turned],
    waits: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    asks: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unsent: Option<usize>,
    exit_code: u8,
}

/// Says what is to be switched on, in its order, and what stays off.
pub(super) fn announce(ui: &Ui, goal: &Goal, mail_waits: Option<&str>) {
    let name = |path: &String| {
        path.split_once('/')
            .map_or(path.as_str(), |(_, name)| name)
            .to_owned()
    };
    let names = |paths: &BTreeSet<String>| paths.iter().map(name).collect::<Vec<_>>().join(", ");
    let mut steps: Vec<String> = Vec::new();
    if !goal.first.is_empty() {
        steps.push(format!(
            "{}, with mail off, until learners' addresses are masked",
            names(&goal.first)
        ));
    }
    if !goal.processes.is_empty() {
        steps.push(format!("{} that were on", count_processes(goal.processes.len())));
        steps.push("unsent mail is deleted until none is left".to_owned());
    }
    if !goal.connectors.is_empty() {
        steps.push(format!(
            "{}: {}",
            count(goal.connectors.len(), "other connector"),
            names(&goal.connectors)
        ));
    }
    if goal.mail {
        steps.push(match mail_waits {
            None => "mail, where no unsent mail is left".to_owned(),
            Some(why) => format!("mail not yet: {why}"),
        });
    }
    if steps.is_empty() {
        ui.say("Nothing is to be switched on.");
    } else {
        ui.say("In this order are switched on, each read back:");
    }
    for (at, step) in steps.iter().enumerate() {
        ui.say(format!("  {}. {step}", at + 1));
    }
    if goal.mail && mail_waits.is_none() {
        ui.note(
            "A refresh masks no addresses of admins (SAP's article): delete or replace them before mail is on, or admins of the source get this instance's mail.",
        );
    }
    for title in &goal.unknown {
        ui.note(format!(
            "The backup has nothing of {title}: what was on there is not known, and stays off."
        ));
    }
    for (title, place) in &goal.waits {
        ui.say(
            Text::new()
                .toned(Tone::Care, format!("{title} stays off"))
                .plain(format!(
                    ": `{}` of {} waits to be entered",
                    place.key, place.document
                )),
        );
    }
}

fn count_processes(number: usize) -> String {
    match number {
        1 => "1 automatic process".to_owned(),
        n => format!("{n} automatic processes"),
    }
}

/// Says what came of it, and what to do next.
pub(super) fn say(wish: Wish<'_>, goal: &Goal, thawed: &Thawed) {
    let (ui, name) = (wish.tools.ui, &wish.instance.name);
    ui.say(Text::new());
    let waits = !goal.waits.is_empty();
    match (
        thawed.is_whole,
        thawed.asks,
        thawed.unsent.filter(|left| *left > 0),
    ) {
        (true, ..) if waits => {
            ui.say(Text::new().toned(Tone::Care, format!("{name} is thawed but for what waits.")));
            ui.hint(&format!(
                "enter the values, then run it again: lmskeep restore {name} --encrypted enter"
            ));
        }
        (true, ..) => ui.say(Text::new().toned(
            Tone::Good,
            format!("{name} is thawed: what was on before the refresh is on."),
        )),
        (_, Some(option), _) => {
            ui.say(Text::new().toned(Tone::Care, format!("{name} waits for you.")));
            let what = match option {
                "--addresses-masked" => {
                    "Once the user connector has run, look whether learners' addresses are masked (People > Users)."
                }
                _ => {
                    "Once the automatic processes have run, go on: the mail they make is deleted before mail is switched on."
                }
            };
            ui.say(what);
            ui.hint(&format!("lmskeep thaw {name} {option}"));
        }
        (_, _, Some(left)) => {
            ui.say(Text::new().toned(
                Tone::Bad,
                format!("Mail stays off: {} would be sent.", count(left, "unsent email")),
            ));
            ui.hint(&format!("lmskeep purge-emails {name}, then run this again"));
        }
        _ if thawed.held => {
            ui.say(Text::new().toned(Tone::Care, format!("{name} is thawed but for mail.")));
        }
        _ => {
            ui.say(Text::new().toned(Tone::Bad, format!("{name} is not thawed.")));
            ui.hint(&format!(
                "run it again, which goes on where it was: lmskeep thaw {name}"
            ));
        }
    }
    if let Some(error) = &thawed.stopped {
        ui.warn(error.message());
        error.hints().iter().for_each(|hint| ui.hint(hint));
    }
}

/// Gives the JSON answer, and the end of the command.
pub(super) fn tell(wish: Wish<'_>, goal: &Goal, thawed: &Thawed) -> Result<Exit> {
    let (ui, name) = (wish.tools.ui, &wish.instance.name);
    let waits = !goal.waits.is_empty();
    let code = exit_code(thawed, goal);
    ui.json(
        "thaw",
        &Answer {
            instance: name,
            backup: &wish.backup.id,
            thawed: thawed.is_whole && !waits,
            stages: &thawed.stages,
            waits: goal
                .waits
                .iter()
                .map(|(_, place)| format!("{}:{}", place.document, place.key))
                .collect(),
            asks: thawed.asks,
            unsent: thawed.unsent,
            exit_code: code,
        },
    )?;
    match code {
        0 => Ok(Exit::Done),
        8 => Ok(Exit::Waits),
        130 => Ok(Exit::Stopped),
        7 => Ok(Exit::Incomplete),
        _ => Err(Error::new(
            Kind::Refused,
            "Mail is not switched on while unsent mail would be sent.",
        )),
    }
}

pub(super) fn exit_code(thawed: &Thawed, goal: &Goal) -> u8 {
    let waits = !goal.waits.is_empty();
    let sent = thawed.stages.iter().any(|stage| stage.sent);
    let by_person = thawed
        .stages
        .iter()
        .filter_map(|stage| stage.stopped.as_ref())
        .chain(&thawed.stopped)
        .any(|error| error.kind() == Kind::Stopped);
    match (
        thawed.is_whole,
        thawed.asks.is_some() || thawed.held,
        by_person,
        sent,
    ) {
        (true, ..) if waits => Exit::Waits.code(),
        (true, ..) => Exit::Done.code(),
        (_, true, ..) => Exit::Waits.code(),
        (_, _, true, _) => Exit::Stopped.code(),
        (_, _, _, true) => Exit::Incomplete.code(),
        _ => thawed
            .stopped
            .as_ref()
            .map_or(Kind::Refused.exit_code(), |_| Exit::Incomplete.code()),
    }
}
