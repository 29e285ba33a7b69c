//! `lmskeep verify`: reads every backup and says whether all are whole.

use clap::Args;
use serde::Serialize;

use crate::command::{Context, Exit, access};
use crate::error::{Error, Kind, Result};
use crate::report::Ui;
use crate::report::phrase::{count, size};

/// The words of `lmskeep verify`.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  lmskeep verify                          exit code 6 where anything is damaged or missing")]
pub struct VerifyArgs {}

/// What `verify --json` answers.
#[derive(Debug, Serialize)]
struct Answer {
    backups: usize,
    objects: usize,
    bytes: u64,
    damaged: Vec<Damaged>,
    unreferenced: Vec<String>,
    foreign: Vec<String>,
}

/// A damaged file of the archive.
#[derive(Debug, Serialize)]
struct Damaged {
    what: String,
    why: String,
    affects: Vec<String>,
}

/// Reads the whole archive.
///
/// # Errors
/// [`Kind::Archive`] where anything is damaged or missing.
pub fn run(ui: &Ui, context: &Context, _args: &VerifyArgs) -> Result<Exit> {
    context.block_on_until_stopped(async {
        let archive = access::archive(context).await?;
        let found = archive.verify().await?;
        let damaged: Vec<Damaged> = found
            .damaged
            .iter()
            .map(|d| Damaged {
                what: d.what.clone(),
                why: d.why.clone(),
                affects: d.affects.clone(),
            })
            .collect();
        for damage in &damaged {
            ui.warn(&format!("`{}` {}", damage.what, damage.why));
            for backup in &damage.affects {
                ui.warn(&format!("  it is part of the backup {backup}"));
            }
        }
        for path in &found.foreign {
            ui.warn(&format!(
                "`{path}` is no file of an archive by its name: what is in it is not looked at, and listed nowhere"
            ));
        }
        let (backups, objects) = (count(found.backups, "backup"), count(found.objects, "object"));
        let sentence = match damaged.len() {
            0 => format!("All whole: {backups}, {objects}, {}.", size(found.bytes)),
            n => format!(
                "{} of {backups} and {objects} are damaged or missing.",
                count(n, "file")
            ),
        };
        let whole = damaged.is_empty();
        ui.json(
            "verify",
            &Answer {
                backups: found.backups,
                objects: found.objects,
                bytes: found.bytes,
                damaged,
                unreferenced: found.unreferenced.clone(),
                foreign: found.foreign.clone(),
            },
        )?;
        if whole {
            ui.say(sentence);
            return Ok(Exit::Done);
        }
        Err(
            Error::new(Kind::Archive, format!("The archive is damaged: {sentence}"))
                .hint("a new backup mends what it shares with a damaged one: lmskeep backup NAME"),
        )
    })
}
