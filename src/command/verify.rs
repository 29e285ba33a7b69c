//! `lmskeep verify`: reads every backup, and the evidence of writes, and says whether all are whole.

use clap::Args;
use serde::Serialize;

use crate::command::{Context, Exit, access};
use crate::error::{Error, Kind, Result};
use crate::report::Ui;
use crate::report::phrase::{count, size};
use crate::state::{Evidence, State};

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
    evidence: Vec<Checked>,
}

/// The evidence of an instance's writes.
#[derive(Debug, Serialize)]
struct Checked {
    instance: String,
    writes: usize,
    wrong: Vec<String>,
}

/// A damaged file of the archive.
#[derive(Debug, Serialize)]
struct Damaged {
    what: String,
    why: String,
    affects: Vec<String>,
}

/// Reads the whole archive and all evidence.
///
/// # Errors
/// [`Kind::Archive`] where anything is damaged, missing, or not as it was written.
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
        let evidence = check_evidence(ui, &access::state(context)?).await?;
        let altered = evidence.iter().any(|checked| !checked.wrong.is_empty());
        ui.json(
            "verify",
            &Answer {
                backups: found.backups,
                objects: found.objects,
                bytes: found.bytes,
                damaged,
                unreferenced: found.unreferenced.clone(),
                foreign: found.foreign.clone(),
                evidence,
            },
        )?;
        if !whole {
            return Err(
                Error::new(Kind::Archive, format!("The archive is damaged: {sentence}"))
                    .hint("a new backup mends what it shares with a damaged one: lmskeep backup NAME"),
            );
        }
        ui.say(sentence);
        match altered {
            false => Ok(Exit::Done),
            true => Err(Error::new(
                Kind::Archive,
                "The archive is whole; the evidence of writes is not as it was written.",
            )
            .hint("the journal beside it in the state folder tells of the same writes")),
        }
    })
}

/// Checks the evidence of every instance that is not being written to.
async fn check_evidence(ui: &Ui, state: &State) -> Result<Vec<Checked>> {
    let mut checked = Vec::new();
    for instance in state.instances_with_evidence().await? {
        let Ok(_lock) = state.lock(&instance) else {
            ui.note(format!(
                "`{instance}` is in use: the evidence of its writes is not checked."
            ));
            continue;
        };
        // What is damaged there must not hide what was found in the archive.
        let found = match state.check_evidence(&instance).await {
            Ok(found) => found,
            Err(error) => Evidence {
                wrong: vec![format!("it cannot be checked: {}", error.message())],
                ..Evidence::default()
            },
        };
        for wrong in &found.wrong {
            ui.warn(&format!("evidence of writes to `{instance}`: {wrong}"));
        }
        for clause in &found.unfinished {
            ui.note(format!(
                "Evidence of writes to `{instance}`: {clause}; the next command that writes sees to it."
            ));
        }
        checked.push(Checked {
            instance,
            writes: found.writes,
            wrong: found.wrong,
        });
    }
    Ok(checked)
}
