//! Items that only a person can answer: what is agreed with SAP, and what is done by hand.

use jiff::civil::Date;

use crate::command::before::dates::{LEAD, business_days_after};
use crate::command::before::texts;
use crate::command::checklist::{Desk, Found, SOURCE_ON};
use crate::error::Result;
use crate::state::{Item as Stands, Refresh, Round};

/// All kinds, as a person is shown them.
const KINDS: [(Refresh, &str); 3] = [
    (Refresh::Irt, "with SAP's Instance Refresh Tool"),
    (Refresh::Manual, "by SAP support, BizX and Learning together"),
    (Refresh::LearningOnly, "by SAP support, Learning alone"),
];

/// Which kind of refresh it is, and what that changes.
pub(super) async fn kind(desk: &Desk<'_>, round: &Round) -> Result<Found> {
    let known = match round.kind {
        Some(kind) => Some(kind),
        None => {
            let shown: Vec<String> = KINDS.iter().map(|(_, shown)| (*shown).to_owned()).collect();
            let question = format!("How is {} refreshed?", desk.instance.name);
            desk.ui.choose(&question, &shown)?.map(|picked| KINDS[picked].0)
        }
    };
    let Some(kind) = known else {
        return Ok(Found::open(
            "It is not said how the instance is refreshed.",
            [desk.command("--kind irt|manual|learning-only")],
        ));
    };
    desk.change(|round| round.kind = Some(kind)).await?;
    Ok(Found::Done(
        match kind {
            Refresh::Irt => {
                "With the Instance Refresh Tool: no support case, no form, no lead time; what it puts back by itself differs \
                 by tenant, and is checked afterwards like all else."
            }
            Refresh::Manual => {
                "By SAP support: a case with the signed form, ten business days ahead. Ask for the current article: the \
                 case's component has changed over the years."
            }
            Refresh::LearningOnly => {
                "By SAP support, Learning alone: a case with the signed form, ten business days ahead; users and \
                 organisations of BizX may then not fit those of Learning."
            }
        }
        .to_owned(),
    ))
}

/// The target must not be older than the source.
pub(super) async fn version(desk: &Desk<'_>, _round: &Round) -> Result<Found> {
    let (name, source) = (&desk.instance.name, desk.source_name());
    desk.ask(
        "version",
        &format!("Has {name} the same version as {source}, or a newer one?"),
        &format!("{name} is not older than {source}."),
        &format!("SAP refreshes {name} only where it has the same version as {source}, or a newer one: nobody has said so."),
    )
}

/// BizX and Learning are to be refreshed together.
pub(super) async fn bizx(desk: &Desk<'_>, round: &Round) -> Result<Found> {
    let name = &desk.instance.name;
    match round.kind {
        Some(Refresh::LearningOnly) => desk.ask(
            "bizx",
            &format!("Learning alone is refreshed: users that only BizX or only {name} has will not fit. Is that meant?"),
            "Learning alone is refreshed, and that is meant.",
            "SAP advises to refresh BizX and Learning together; Learning alone leaves users that do not fit.",
        ),
        _ => desk.ask(
            "bizx",
            &format!("Is the BizX of {name} refreshed at the same time?"),
            "BizX is refreshed at the same time.",
            "SAP advises to refresh BizX and Learning together, since users and names may else not fit: nobody has said so.",
        ),
    }
}

/// A refresh by case needs ten business days.
pub(super) async fn lead_time(desk: &Desk<'_>, round: &Round) -> Result<Found> {
    let planned = round
        .planned
        .map_or(String::new(), |day| format!(" It is planned for {day}."));
    let by_case = match round.kind {
        Some(kind) => kind.is_by_case(),
        None => {
            return Ok(Found::open(
                "It depends on the kind of refresh.",
                [desk.command("--kind irt|manual|learning-only")],
            ));
        }
    };
    if !by_case {
        return Ok(Found::Done(format!(
            "Not needed with the Instance Refresh Tool.{planned}"
        )));
    }
    // Counted from the day on which the round began: a case of that day does not get later.
    let earliest = business_days_after(desk.day(round.began), LEAD);
    let Some(day) = planned_day(desk, round, earliest).await? else {
        return Ok(Found::open(
            format!(
                "SAP asks for {LEAD} business days: the earliest day is {earliest} (weekends left out; holidays are not known)."
            ),
            [desk.command(&format!("--date {earliest}"))],
        ));
    };
    if day < earliest {
        return Ok(Found::open(
            format!(
                "It is planned for {day}, and SAP asks for {LEAD} business days: the earliest day is {earliest}."
            ),
            [
                desk.command(&format!("--date {earliest}")),
                desk.command("--skip lead-time=WHY"),
            ],
        ));
    }
    Ok(Found::Done(format!(
        "Planned for {day}; the earliest day was {earliest}."
    )))
}

/// The day for which the refresh is planned; a person is asked where it is not known.
async fn planned_day(desk: &Desk<'_>, round: &Round, earliest: Date) -> Result<Option<Date>> {
    if round.planned.is_some() || !desk.ui.look().can_ask {
        return Ok(round.planned);
    }
    desk.ui.note(format!(
        "SAP asks for {LEAD} business days: the earliest day is {earliest} (weekends left out; holidays are not known)."
    ));
    let typed = desk
        .ui
        .line("For which day is it planned? [as 2026-12-14, nothing if not known]")?;
    let day: Option<Date> = typed.and_then(|typed| typed.parse().ok());
    if day.is_some() {
        desk.change(|round| round.planned = day).await?;
    }
    Ok(day)
}

/// Switching off in the source is optional, and done by a person: nothing is ever written there.
pub(super) async fn source_off(desk: &Desk<'_>, _round: &Round) -> Result<Found> {
    if desk.ui.look().can_ask {
        texts::steps_in_source(desk.source_name())
            .iter()
            .for_each(|line| desk.ui.note(line.as_str()));
    }
    let source = desk.source_name();
    desk.ask(
        "source-off",
        &format!("Optional: is all of that off in {source}?"),
        &format!("Switched off in {source}."),
        &format!(
            "Optional. What is off in {source} arrives switched off; else it is switched off afterwards, in {}.",
            desk.instance.name
        ),
    )
}

/// Stays as it is until a person says that all is on again.
pub(super) async fn source_on(_desk: &Desk<'_>, round: &Round) -> Result<Found> {
    Ok(match round.item(SOURCE_ON) {
        Some(Stands::Open { why, hints }) => Found::open(why, hints.clone()),
        _ => Found::Nothing,
    })
}
