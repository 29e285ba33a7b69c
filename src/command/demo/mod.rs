//! `lmskeep demo`: plays a whole refresh on practice instances.
//!
//! What is played are the real commands' own functions, against the practice LMS over real HTTP; only the refresh and
//! the person who types values into the page are ours.

mod person;
mod state;

use std::collections::BTreeMap;

use clap::Args;
use serde::Serialize;
use serde_json::Value;

use crate::command::backup::{self, BackupArgs};
use crate::command::diff::{self, DiffArgs};
use crate::command::restore::{self, RestoreArgs};
use crate::command::undo::{self, UndoArgs};
use crate::command::words::{EncryptedInDiff, EncryptedInRestore, SelectionArgs, SignInArgs};
use crate::command::{Context, Exit};
use crate::error::{Error, Kind, Result};
use crate::instance::{Config, Home, Instance, Reference, Role, read_address};
use crate::practice::{Options, Practice};
use crate::report::{Look, Table, Text, Tone, Ui};
use crate::secret::Secret;

/// Lines of a command's output that are shown; a demo is to be read in a minute.
const SHOWN: usize = 16;

/// The words of `lmskeep demo`.
#[derive(Debug, Args)]
#[command(
    after_help = "Nothing outside of this computer is touched, and nothing is left behind.

Example:
  lmskeep demo"
)]
pub struct DemoArgs {}

/// Which integrations work: the name, and `ok` or what is wrong.
type Health = BTreeMap<String, String>;

/// What `demo --json` answers.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    health: Healths,
    parts: Vec<Part>,
    healthy_again: bool,
    undone: bool,
}

/// Health at four moments.
#[derive(Debug, Default, Serialize)]
struct Healths {
    before: Health,
    refreshed: Health,
    restored: Health,
    entered: Health,
}

/// One part of the play.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Part {
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    command: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exit_code: Option<u8>,
    output: String,
}

/// Plays the job from the backup to the undo.
///
/// # Errors
/// Any of the commands' own; [`Kind::Incomplete`] where stage did not come back to health, or the undo left something.
pub fn run(ui: &Ui, context: &Context, _args: &DemoArgs) -> Result<Exit> {
    let folder = tempfile::tempdir()
        .map_err(|e| Error::new(Kind::Usage, "No temporary folder can be made for the demo.").caused_by(e))?;
    let practice = context.block_on(Practice::start(Options::default()))?;
    let stage = Stage::set_up(ui, context, &practice, Home::below(folder.path()))?;
    let answer = play(stage, &practice)?;
    let good = answer.healthy_again && answer.undone;
    ui.json("demo", &answer)?;
    context.block_on(async {
        practice.stop().await;
        Ok(())
    })?;
    if good {
        return Ok(Exit::Done);
    }
    Err(Error::new(
        Kind::Incomplete,
        "The demo did not end as it should: stage is not what it was.",
    ))
}

/// The play itself, part by part.
fn play(mut stage: Stage<'_>, practice: &Practice) -> Result<Answer> {
    let mut health = Healths::default();
    stage.tell(
        "Two practice instances of an LMS are running on this computer, production and stage. A refresh will copy \
         production over stage. These integrations of stage work:",
    );
    health.before = stage.health(practice, "Health of stage before the refresh");

    stage.title("1. Before the refresh: keep what stage is");
    let backup_words = BackupArgs {
        name: "stage".into(),
        selection: SelectionArgs::default(),
        recommended: false,
        new_normal: false,
        sign_in: SignInArgs::default(),
    };
    stage.play("backup stage", |ui, context| {
        backup::run(ui, context, &backup_words)
    })?;

    stage.title("2. The refresh: production is copied over stage");
    practice.refresh();
    let refreshed = state::read(practice);
    stage.tell("Stage now carries production's configuration. It would use production's accounts:");
    health.refreshed = stage.health(practice, "Health of stage after the refresh");

    stage.title("3. What has changed");
    let diff_words = DiffArgs {
        source: None,
        left: "stage".into(),
        right: None,
        selection: SelectionArgs::default(),
        text: false,
        encrypted: EncryptedInDiff::Show,
        sign_in: SignInArgs::default(),
    };
    stage.play("diff stage", |ui, context| diff::run(ui, context, &diff_words))?;

    stage.title("4. Put it back");
    let restore_words = RestoreArgs {
        merge: false,
        replace: false,
        retry_sealed: false,
        from: Reference::read("stage")?,
        selection: SelectionArgs::default(),
        encrypted: EncryptedInRestore::Keep,
        dry_run: false,
        accept_page_change: false,
        from_instance: None,
        sign_in: SignInArgs::default(),
    };
    stage.play_end("restore stage --yes", |ui, context| {
        restore::run(ui, context, &restore_words)
    })?;
    stage.tell("What still fails are the values that the LMS has encrypted: nobody can copy those.");
    health.restored = stage.health(practice, "Health of stage after the restore");

    stage.title("5. A person enters the encrypted values in the page");
    let entered = stage.enter(practice)?;
    stage.tell(&format!("Entered by hand: {}.", entered.join(", ")));
    health.entered = stage.health(practice, "Health of stage with the values entered");
    let healthy_again = health.entered == health.before;

    stage.title("6. Undo: back to what was there before the restore");
    let undo_words = UndoArgs {
        name: "stage".into(),
        dry_run: false,
        accept_page_change: false,
        sign_in: SignInArgs::default(),
    };
    stage.play_end("undo stage --yes", |ui, context| {
        undo::run(ui, context, &undo_words)
    })?;
    let undone = state::is_same(&refreshed, &state::read(practice));

    stage.title("What this was");
    stage.tell(if healthy_again {
        "Stage came back to the health it had before the refresh, with nothing entered but the encrypted values."
    } else {
        "Stage did NOT come back to the health it had before the refresh."
    });
    stage.tell(if undone {
        "The undo left stage as it was right after the refresh, but for the encrypted values that had been entered."
    } else {
        "The undo did NOT leave stage as it was right after the refresh."
    });
    stage.tell("Rehearse it by hand, with no tenant: lmskeep practice");
    Ok(Answer {
        health,
        parts: stage.parts,
        healthy_again,
        undone,
    })
}

/// Where the play is given: the person's own streams, and a home that goes away.
struct Stage<'a> {
    ui: &'a Ui,
    context: Context,
    instance: Instance,
    parts: Vec<Part>,
    part: String,
}

impl<'a> Stage<'a> {
    fn set_up(ui: &'a Ui, context: &Context, practice: &Practice, home: Home) -> Result<Self> {
        let mut environment = context.environment.clone();
        environment.password = Some(Secret::from(practice.password.clone()));
        let context = context.elsewhere(home, environment);
        let known = |name: &str, url: &str, role, source: Option<&str>| -> Result<Instance> {
            let mut instance = Instance::new(name, read_address(url)?);
            instance.user = Some(practice.user.clone());
            instance.role = role;
            instance.source = source.map(str::to_owned);
            Ok(instance)
        };
        let production = known("prod", &practice.production, Role::Production, None)?;
        let instance = known("stage", &practice.stage, Role::Test, Some("prod"))?;
        let config = Config::read(&context.home.config)?
            .with_instance(&production)?
            .with_instance(&instance)?;
        context.keep_config(&config)?;
        Ok(Self {
            ui,
            context,
            instance,
            parts: Vec::new(),
            part: String::new(),
        })
    }

    fn title(&mut self, title: &str) {
        self.part = title.to_owned();
        self.ui.say(Text::new());
        self.ui.say(Text::new().toned(Tone::Strong, title));
    }

    fn tell(&self, sentence: &str) {
        self.ui.say(sentence);
    }

    /// Plays a command and shows the beginning of what it printed.
    fn play(&mut self, words: &str, command: impl FnOnce(&Ui, &Context) -> Result<Exit>) -> Result<()> {
        let lines = self.perform(words, command)?;
        lines
            .iter()
            .take(SHOWN)
            .for_each(|line| self.ui.say(format!("  {line}")));
        self.leave_out(lines.len());
        Ok(())
    }

    /// The same for a command whose end tells most.
    fn play_end(&mut self, words: &str, command: impl FnOnce(&Ui, &Context) -> Result<Exit>) -> Result<()> {
        let lines = self.perform(words, command)?;
        let table = lines
            .iter()
            .rposition(|l| l.starts_with("document "))
            .unwrap_or(0);
        self.leave_out(table + SHOWN);
        lines
            .iter()
            .skip(table)
            .for_each(|line| self.ui.say(format!("  {line}")));
        Ok(())
    }

    fn leave_out(&self, lines: usize) {
        if let Some(more) = lines.checked_sub(SHOWN).filter(|more| *more > 0) {
            self.ui
                .say(Text::new().toned(Tone::Faint, format!("  … and {more} lines more")));
        }
    }

    /// Runs a command with the output caught; a person's yes is given beforehand.
    fn perform(
        &mut self,
        words: &str,
        command: impl FnOnce(&Ui, &Context) -> Result<Exit>,
    ) -> Result<Vec<String>> {
        self.ui
            .say(Text::new().toned(Tone::Faint, format!("$ lmskeep {words}")));
        let mut look = Look::plain((self.context.clock)());
        look.yes = true;
        look.zone = self.ui.look().zone.clone();
        let (inner, recorded) = Ui::recording(look, "");
        let exit = command(&inner, &self.context)?;
        let output = recorded.out();
        self.parts.push(Part {
            title: self.part.clone(),
            command: Some(format!("lmskeep {words}")),
            exit_code: Some(exit.code()),
            output: output.clone(),
        });
        Ok(output.trim_matches('\n').lines().map(str::to_owned).collect())
    }

    fn health(&mut self, practice: &Practice, title: &str) -> Health {
        let answer = practice.ask("health", "stage").unwrap_or(Value::Null);
        let health: Health = serde_json::from_value(answer).unwrap_or_default();
        let mut table = Table::new(["integration", "health"]);
        for (name, state) in &health {
            let tone = if state == "ok" { Tone::Good } else { Tone::Bad };
            table.row([Text::from(name.as_str()), Text::new().toned(tone, state)]);
        }
        self.ui.table(&table);
        let works = health.values().filter(|state| *state == "ok").count();
        let output = format!("{works} of {} integrations work", health.len());
        self.parts.push(Part {
            title: title.to_owned(),
            command: None,
            exit_code: None,
            output,
        });
        health
    }

    fn enter(&self, practice: &Practice) -> Result<Vec<String>> {
        let known = practice.ask("plain", "stage").unwrap_or(Value::Null);
        let known = serde_json::from_value(known).unwrap_or_default();
        self.context
            .block_on(person::enter(self.ui, &self.context, &self.instance, &known))
    }
}
