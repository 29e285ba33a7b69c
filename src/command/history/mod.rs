//! `lmskeep history`: which backups changed a document, or a key of it.

mod name;
#[cfg(test)]
mod tests;
mod walk;

use clap::Args;
use serde::Serialize;

use crate::archive::Listed;
use crate::command::diff_report::{sign, told};
use crate::command::history::walk::{Event, History, What};
use crate::command::{Context, Exit, access, rules};
use crate::diff::{Change, DocumentDiff, KeyChange};
use crate::error::{Error, Kind, Result};
use crate::instance::Reference;
use crate::report::phrase::{count, size};
use crate::report::{Text, Tone, Ui};

/// The words of `lmskeep history`.
#[derive(Debug, Args)]
#[command(
    after_help = "It reads the archive only: nobody is asked for a password. Secrets are never shown.

Examples:
  lmskeep history stage BIZX              each backup in which this configuration file is another
  lmskeep history stage BIZX:baseURL      each backup in which this key has another value"
)]
pub struct HistoryArgs {
    /// The instance
    pub name: String,

    /// The document, such as `BIZX`, or a key of it, such as `BIZX:baseURL`
    #[arg(value_name = "DOC[:KEY]")]
    pub of: String,
}

/// What `history --json` answers.
#[derive(Debug, Serialize)]
struct Answer<'a> {
    instance: &'a str,
    document: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<&'a str>,
    backups: usize,
    changes: Vec<Row<'a>>,
    damaged: Vec<Damaged<'a>>,
}

/// A change as JSON shows it.
#[derive(Debug, Serialize)]
struct Row<'a> {
    #[serde(flatten)]
    backup: Named<'a>,
    change: What,
    bytes: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    diff: Option<&'a DocumentDiff>,
}

/// A backup that could not be read.
#[derive(Debug, Serialize)]
struct Damaged<'a> {
    #[serde(flatten)]
    backup: Named<'a>,
    why: &'a str,
}

/// A backup as JSON names it.
#[derive(Debug, Serialize)]
struct Named<'a> {
    id: &'a str,
    taken: String,
    kind: &'static str,
}

impl<'a> Named<'a> {
    fn of(listed: &'a Listed) -> Self {
        Self {
            id: &listed.id,
            taken: listed.taken.to_string(),
            kind: listed.kind.word(),
        }
    }
}

/// Tells the history of a document or a key, the newest change first.
///
/// # Errors
/// [`Kind::Usage`] for unknown names; [`Kind::Archive`] where backups are damaged, after telling what the others say.
pub fn run(ui: &Ui, context: &Context, args: &HistoryArgs) -> Result<Exit> {
    let config = context.config()?;
    context.block_on_until_stopped(async {
        let archive = access::archive(context).await?;
        let listed = archive.list(Some(&args.name)).await?;
        if listed.is_empty() {
            // An instance that is no longer known may still have backups; one without any must be known.
            config.instance(&args.name)?;
            access::resolve_backup(&archive, ui, &Reference::read(&args.name)?).await?;
        }
        let rules = rules::of(context, &config, &archive, &[&args.name]).await?;
        let history = walk::history(&archive, &listed, &args.of, &rules).await?;
        tell(ui, args, &history, listed.len());
        ui.json("history", &answer(args, &history, listed.len()))?;
        match history.damaged.len() {
            0 => Ok(Exit::Done),
            number => Err(Error::new(
                Kind::Archive,
                format!(
                    "{} could not be read: what it holds is missing here.",
                    count(number, "backup")
                ),
            )
            .hint("lmskeep verify")),
        }
    })
}

fn answer<'a>(args: &'a HistoryArgs, history: &'a History, backups: usize) -> Answer<'a> {
    let row = |event: &'a Event| Row {
        backup: Named::of(&event.backup),
        change: event.what,
        bytes: event.bytes,
        diff: event.diff.as_ref(),
    };
    Answer {
        instance: &args.name,
        document: &history.path,
        key: history.key.as_deref(),
        backups,
        changes: history.events.iter().rev().map(row).collect(),
        damaged: history
            .damaged
            .iter()
            .map(|(listed, why)| Damaged {
                backup: Named::of(listed),
                why,
            })
            .collect(),
    }
}

fn tell(ui: &Ui, args: &HistoryArgs, history: &History, backups: usize) {
    let of = match &history.key {
        Some(key) => format!("{}:{key}", history.path),
        None => history.path.clone(),
    };
    let changes = history.events.iter().filter(|e| e.what != What::First).count();
    ui.say(Text::new().toned(Tone::Strong, of).plain(format!(
        ": {} in {} of {}, the newest first.",
        count(changes, "change"),
        count(backups, "backup"),
        args.name
    )));
    for event in history.events.iter().rev() {
        let backup = &event.backup;
        ui.say(Text::new());
        ui.say(
            Text::new()
                .plain(ui.when(backup.taken))
                .toned(Tone::Faint, format!("  {}  {}", backup.id, backup.kind.word())),
        );
        said(event, history.key.is_some())
            .into_iter()
            .for_each(|line| ui.say(line));
    }
    let mut before = None;
    for (listed, why) in &history.damaged {
        if before.replace(why) != Some(why) {
            ui.warn(why);
        }
        ui.warn(&format!("  it is part of the backup {}", listed.id));
    }
}

/// What happened, in lines.
fn said(event: &Event, of_key: bool) -> Vec<Text> {
    let line = |change: Change, told: &str| {
        let (sign, tone) = sign(change);
        let first = if event.what == What::First {
            "  (first seen)"
        } else {
            ""
        };
        Text::new()
            .plain("  ")
            .toned(tone, sign)
            .plain(format!(" {told}"))
            .toned(Tone::Faint, first)
    };
    match (&event.diff, event.what) {
        (Some(diff), _) if of_key && !diff.keys.is_empty() => diff
            .keys
            .iter()
            .map(|key| line(key.change, &of_one(key)))
            .collect(),
        (Some(diff), _) => vec![line(Change::Changed, &summed(diff))],
        (None, What::Removed) => vec![line(Change::Removed, "the document")],
        (None, _) => vec![line(
            Change::Added,
            &format!("the document, {}", size(event.bytes)),
        )],
    }
}

fn of_one(key: &KeyChange) -> String {
    match key.occurrence {
        0 | 1 => told(key),
        nth => format!("({nth}. time) {}", told(key)),
    }
}

/// Sums up what happened to a document.
fn summed(diff: &DocumentDiff) -> String {
    let number = |change| diff.keys.iter().filter(|key| key.change == change).count();
    let words = [
        (Change::Changed, "changed"),
        (Change::Added, "added"),
        (Change::Removed, "removed"),
        (Change::Moved, "moved"),
        (Change::Spelled, "written otherwise"),
    ];
    let mut parts: Vec<String> = words
        .into_iter()
        .filter(|(change, _)| number(*change) > 0)
        .map(|(change, word)| format!("{} {word}", count(number(change), "key")))
        .collect();
    if !diff.comments.is_empty() {
        parts.push("comments".to_owned());
    }
    match (parts.is_empty(), diff.only_layout) {
        (false, _) => parts.join(", "),
        (true, true) => "layout only".to_owned(),
        (true, false) => "plain text".to_owned(),
    }
}
