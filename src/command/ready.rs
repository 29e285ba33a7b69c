//! `lmskeep ready`: yes or no, for a calendar job: may the refresh come?
//!
//! It reads the archive and the state, and asks no instance.

use clap::Args;
use jiff::SignedDuration;
use serde::Serialize;

use crate::command::before::missing;
use crate::command::words::age;
use crate::command::{Context, Exit, access, round};
use crate::error::{Kind, Result};
use crate::report::Ui;
use crate::state::{Item, Pinned, Round};

/// The words of `lmskeep ready`.
#[derive(Debug, Args)]
#[command(
    after_help = "It asks no instance: what `lmskeep before` has found and been told counts.
Exit code 0: yes; 1: no.

Examples:
  lmskeep ready stage                     is everything done, and the backup of the last 24 hours?
  lmskeep ready stage --max-age 3d"
)]
pub struct ReadyArgs {
    /// The instance that will be refreshed
    pub name: String,

    /// How old the backup may be, as 24h, 90m or 3d
    #[arg(long, value_name = "AGE", default_value = "24h", value_parser = age)]
    pub max_age: SignedDuration,
}

/// What `ready --json` answers.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    instance: &'a str,
    ready: bool,
    backup: Option<&'a Pinned>,
    missing: Vec<Missing>,
}

/// Something that is missing.
#[derive(Debug, Serialize)]
struct Missing {
    item: &'static str,
    why: String,
}

/// Answers with exit code 0 or 1.
///
/// # Errors
/// [`Kind::Usage`] for an unknown instance; [`Kind::Archive`] where the state is damaged.
pub fn run(ui: &Ui, context: &Context, args: &ReadyArgs) -> Result<Exit> {
    let config = context.config()?;
    let name = &config.instance(&args.name)?.name;
    context.block_on_until_stopped(async {
        let round = access::state(context)?.round(name).await?;
        let round = round.filter(|round| round.ended.is_none());
        let missing = match &round {
            Some(round) => of_round(ui, context, round, args.max_age).await?,
            None => vec![Missing {
                item: "before",
                why: format!("Nothing is prepared for a refresh of {name}."),
            }],
        };
        let ready = missing.is_empty();
        let backup = round.as_ref().and_then(|round| round.backup.as_ref());
        if ready {
            let taken = backup.map_or(String::new(), |backup| ui.when(backup.taken));
            ui.say(format!(
                "Yes: {name} is ready for its refresh; its backup was taken {taken}."
            ));
            // It is to be off while the refresh runs, and must not be forgotten after it.
            if let Some(Item::Open { why, .. }) = round.as_ref().and_then(|round| round.item("source-on")) {
                ui.note(why.as_str());
            }
        } else {
            ui.say(format!("No: {name} is not ready for its refresh."));
            missing
                .iter()
                .for_each(|missing| ui.say(format!("  {}: {}", missing.item, missing.why)));
            ui.hint(&format!("lmskeep before {name}"));
        }
        ui.json(
            "ready",
            &Answer {
                instance: name,
                ready,
                backup,
                missing,
            },
        )?;
        Ok(if ready { Exit::Done } else { Exit::Different })
    })
}

/// What is missing of a round: open items, and a backup that is whole and young enough.
async fn of_round(
    ui: &Ui,
    context: &Context,
    round: &Round,
    max_age: SignedDuration,
) -> Result<Vec<Missing>> {
    let mut all: Vec<Missing> = missing(round)
        .into_iter()
        .map(|(item, why, _)| Missing { item, why })
        .collect();
    let Some(pinned) = round.backup.as_ref().filter(|_| round.is_settled("backup")) else {
        return Ok(all);
    };
    let archive = access::archive(context).await?;
    let trouble = match round::listed(&archive, pinned).await? {
        None => Some(format!("The pinned backup {} is not in the archive.", pinned.id)),
        Some(listed) => match archive.get(&listed).await {
            Ok(_) => None,
            Err(error) if error.kind() == Kind::Archive => Some(error.message().to_owned()),
            Err(error) => return Err(error),
        },
    };
    let age = (context.clock)().duration_since(pinned.taken);
    let old = (age > max_age).then(|| {
        format!(
            "The pinned backup {} is too old: it was taken {}.",
            pinned.id,
            ui.when(pinned.taken)
        )
    });
    all.extend(trouble.or(old).map(|why| Missing { item: "backup", why }));
    Ok(all)
}
