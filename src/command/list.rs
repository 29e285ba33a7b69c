//! `lmskeep list`: lists the backups in the archive.

use clap::Args;
use serde::Serialize;

use crate::archive::Listed;
use crate::command::{Context, Exit, access};
use crate::error::Result;
use crate::report::{Table, Text, Tone, Ui};

/// The words of `lmskeep list`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lmskeep list                            the backups of all instances
  lmskeep list stage                      those of one instance")]
pub struct ListArgs {
    /// The instance; without it, all of them
    pub name: Option<String>,
}

/// What `list --json` answers.
#[derive(Debug, Serialize)]
struct Answer {
    backups: Vec<Shown>,
}

/// A backup as JSON shows it.
#[derive(Debug, Serialize)]
struct Shown {
    instance: String,
    id: String,
    taken: String,
    kind: &'static str,
}

/// Lists backups, the newest last.
///
/// # Errors
/// [`crate::error::Kind::Usage`] for an unknown instance; [`crate::error::Kind::Archive`].
pub fn run(ui: &Ui, context: &Context, args: &ListArgs) -> Result<Exit> {
    context.block_on_until_stopped(async {
        let archive = access::archive(context).await?;
        let listed = archive.list(args.name.as_deref()).await?;
        if let (Some(name), true) = (&args.name, listed.is_empty()) {
            // An instance that is no longer known may still have backups; one without any must be known.
            context.config()?.instance(name)?;
        }
        let mut table = Table::new(["instance", "id", "taken", "kind"]);
        for backup in &listed {
            table.row([
                Text::new().toned(Tone::Strong, &backup.instance),
                backup.id.as_str().into(),
                ui.when(backup.taken).as_str().into(),
                backup.kind.word().into(),
            ]);
        }
        if listed.is_empty() {
            ui.note("There is no backup yet.");
            ui.hint("lmskeep backup NAME");
        } else {
            ui.table(&table);
        }
        ui.json(
            "list",
            &Answer {
                backups: listed.iter().map(shown).collect(),
            },
        )?;
        Ok(Exit::Done)
    })
}

fn shown(backup: &Listed) -> Shown {
    Shown {
        instance: backup.instance.clone(),
        id: backup.id.clone(),
        taken: backup.taken.to_string(),
        kind: backup.kind.word(),
    }
}
