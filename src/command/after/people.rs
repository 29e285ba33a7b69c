//! What is switched on again, and what only people can do.

use crate::command::after::After;
use crate::command::after::item::ADMINS;
use crate::command::checklist::{Found, SOURCE_ON};
use crate::command::thaw::{Wish, carry_out};
use crate::error::{Kind, Result};
use crate::state::{Item as Stands, Round};

/// Why mail is not switched on yet.
const MAIL_WAITS: &str = "admins' addresses come first";

/// Switches on what was on, as far as people have said what only they can say.
pub(super) async fn thaw(after: &After<'_>, round: &Round) -> Result<Found> {
    let (desk, tools) = (&after.desk, after.tools().await?);
    let own = after.own(round).await?;
    let wish = Wish {
        tools: &tools,
        instance: desk.instance,
        rules: &after.rules,
        backup: &own,
        mail_waits: (!round.is_settled(ADMINS)).then_some(MAIL_WAITS),
    };
    let (goal, thawed) = carry_out(wish, &after.args.said).await?;
    let sent = thawed.stages.iter().any(|stage| stage.sent);
    let code = thawed.code(&goal);
    after.note(sent, matches!(code, 0 | 8));
    let name = &desk.instance.name;
    if thawed.is_whole && goal.waits.is_empty() {
        let switched: usize = thawed.stages.iter().map(|stage| stage.switched().count()).sum();
        return Ok(Found::Done(format!(
            "What was on in the backup is on ({switched} switched in the last run)."
        )));
    }
    if thawed.is_whole {
        let waits: Vec<String> = goal
            .waits
            .iter()
            .map(|(part, place)| format!("{part} for `{}` of {}", place.key, place.document))
            .collect();
        return Ok(Found::open(
            format!(
                "What depends on values that wait stays off: {}.",
                waits.join("; ")
            ),
            [desk.command("")],
        ));
    }
    if let Some(option) = thawed.asks {
        let why = match option {
            "--addresses-masked" => "It waits until learners' addresses are masked (People > Users).",
            _ => "It waits until the automatic processes have run once.",
        };
        return Ok(Found::open(why, [desk.command(option)]));
    }
    if thawed.held {
        return Ok(Found::open(
            format!("Mail stays off until `{ADMINS}` is done or left out."),
            [desk.command(&format!("--done {ADMINS}"))],
        ));
    }
    let why = match thawed.unsent.filter(|left| *left > 0) {
        Some(left) => format!("Mail stays off: {left} unsent emails would be sent."),
        None => format!("{name} is not thawed."),
    };
    let stages = thawed.stages.into_iter().filter_map(|stage| stage.stopped);
    if let Some(error) = thawed.stopped.into_iter().chain(stages).next()
        && error.kind() != Kind::Page
    {
        let _open = after.fail(error)?;
    }
    Ok(Found::open(why, [desk.command("--item thaw")]))
}

/// OAuth secrets are overwritten as hashes: nobody can read them back.
pub(super) async fn oauth(after: &After<'_>, _round: &Round) -> Result<Found> {
    let source = after.desk.source_name();
    after.desk.ask(
        "oauth",
        "Are the OAuth client secrets generated anew and handed out (System Admin > Configuration > OAuth Token Server)?",
        "OAuth client secrets are generated anew and handed out.",
        &format!("The OAuth client secrets are now {source}'s: generate them anew, and hand them to who uses them."),
    )
}

/// Content vendors call with what they were given before.
pub(super) async fn vendors(after: &After<'_>, _round: &Round) -> Result<Found> {
    after.desk.ask(
        "vendors",
        "Do content vendors and partners have the new secrets, and know of the refresh?",
        "Content vendors and partners know.",
        "Content vendors fail silently until they have the new secrets.",
    )
}

/// Passwords of content deployment locations are encrypted like those of files.
pub(super) async fn deployment(after: &After<'_>, _round: &Round) -> Result<Found> {
    let source = after.desk.source_name();
    after.desk.ask(
        "deployment",
        "Are the passwords of content deployment locations entered again?",
        "The passwords of content deployment locations are entered again.",
        &format!("Content deployment locations have {source}'s passwords: enter the own ones again."),
    )
}

/// Stays open until a person says that all is on again in the source.
pub(super) async fn source_on(after: &After<'_>, round: &Round) -> Result<Found> {
    let desk = &after.desk;
    Ok(match round.item(SOURCE_ON) {
        Some(Stands::Open { why, .. }) => desk.ask(
            SOURCE_ON,
            &format!("Is all of it on again in {}?", desk.source_name()),
            &format!("All of it is on again in {}.", desk.source_name()),
            why,
        )?,
        _ => Found::Nothing,
    })
}
