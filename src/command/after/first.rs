//! What is urgent: seeing that a refresh took place, freezing, unsent mail.

use std::time::Instant;

use crate::command::after::{After, round};
use crate::command::checklist::Found;
use crate::command::switching::Turned;
use crate::command::write_back::refuse_unseen;
use crate::command::{freeze as freezing, purge};
use crate::error::Result;
use crate::report::phrase::count;
use crate::state::Round;

/// Sees by the marker keys that a refresh has taken place; else asks.
pub(super) async fn refreshed(after: &After<'_>, round: &Round) -> Result<Found> {
    let desk = &after.desk;
    let own = after.own(round).await?;
    let seen = after.why.borrow_mut().take();
    let why = match seen {
        Some(why) => Some(why),
        None => round::looks(after, &own.content.documents).await?,
    };
    if let Some(why) = why {
        desk.ui
            .note(format!("{} was refreshed: {why}.", desk.instance.name));
        return Ok(Found::Done(format!("It was refreshed: {why}.")));
    }
    let name = &desk.instance.name;
    let why = format!("Nothing shows that {name} was refreshed: what tells it reads as in the backup.");
    desk.ask(
        "refreshed",
        &format!("{why} Was it refreshed all the same?"),
        "It was refreshed, although nothing shows it.",
        &why,
    )
}

/// Switches off what could leave.
pub(super) async fn freeze(after: &After<'_>, _round: &Round) -> Result<Found> {
    let (desk, tools) = (&after.desk, after.tools().await?);
    let (ui, name) = (desk.ui, &desk.instance.name);
    if !after.agreed.get() {
        freezing::announce(ui, &desk.profile);
        refuse_unseen(ui, name)?;
        let question = format!("Switch all of it off at {name}?");
        let asked = Instant::now();
        ui.confirm_write(&question, name, desk.instance.role)?;
        // The time that a person takes to answer is not ours.
        after.began.set(after.began.get() + asked.elapsed());
    }
    let frozen = freezing::freeze(&tools, desk.instance, &after.rules, after.began.get()).await;
    freezing::say(ui, name, &frozen);
    let sent = frozen.parts.iter().any(|part| part.sent);
    after.note(sent, frozen.is_whole());
    if let Some(took) = frozen.took {
        let switched: usize = frozen.parts.iter().map(|part| part.switched().count()).sum();
        let mail = frozen.mail_off.map(freezing::seconds);
        return Ok(Found::Done(format!(
            "Mail, connectors and automatic processes are off: {} switched in this run, mail off after {}, all of it after {}.",
            count(switched, "item"),
            mail.unwrap_or_default(),
            freezing::seconds(took)
        )));
    }
    let failed: Vec<String> = frozen
        .parts
        .iter()
        .flat_map(Turned::failed)
        .map(|ended| ended.document.clone())
        .collect();
    let why = match failed.is_empty() {
        true => "Something can still leave.".to_owned(),
        false => format!(
            "Something can still leave: {} not switched off.",
            failed.join(", ")
        ),
    };
    if !sent {
        return after.fail(frozen.error());
    }
    if let Some(error) = frozen.stopped {
        let _open = after.fail(error)?;
    }
    Ok(Found::open(why, [desk.command("--item freeze")]))
}

/// Deletes the mail that came over.
pub(super) async fn unsent(after: &After<'_>, _round: &Round) -> Result<Found> {
    let (desk, tools) = (&after.desk, after.tools().await?);
    let (ui, name) = (desk.ui, &desk.instance.name);
    let before = purge::counted(&tools, desk.instance).await?;
    purge::show(ui, name, &before);
    let waits = purge::total(&before);
    if waits == 0 {
        return Ok(Found::Done("There was no unsent mail.".to_owned()));
    }
    refuse_unseen(ui, name)?;
    let what = count(waits, "unsent email");
    let question = format!("Delete {what} at {name}? They cannot be brought back.");
    ui.confirm_write(&question, name, desk.instance.role)?;
    let purged = purge::purge(&tools, desk.instance, &after.rules, before).await?;
    purge::say_purged(ui, name, &purged);
    let left = purge::total(&purged.left);
    after.note(purged.sent, left == 0);
    Ok(match left {
        0 => Found::Done(format!("{what} deleted; none is left.")),
        left => Found::open(
            format!(
                "{left} of {waits} unsent emails are left. {}",
                purged.why.unwrap_or_default()
            ),
            [desk.command("--item unsent-email")],
        ),
    })
}
