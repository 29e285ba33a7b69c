//! The words of the program, and the way from them to a command.
//!
//! It knows which commands there are and nothing of what they do; each command's own words stand beside it.

mod wrong;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{ArgAction, Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;

use crate::command::after::{self, AfterArgs};
use crate::command::backup::{self, BackupArgs};
use crate::command::before::{self, BeforeArgs};
use crate::command::check::{self, CheckArgs};
use crate::command::completions::{self, CompletionsArgs};
use crate::command::demo::{self, DemoArgs};
use crate::command::diff::{self, DiffArgs};
use crate::command::explain::{self, ExplainArgs};
use crate::command::export::{self, ExportArgs};
use crate::command::freeze::{self, FreezeArgs};
use crate::command::history::{self, HistoryArgs};
use crate::command::import::{self, ImportArgs};
use crate::command::instance::{self, InstanceArgs};
use crate::command::list::{self, ListArgs};
use crate::command::login::{self, LoginArgs};
use crate::command::logout::{self, LogoutArgs};
use crate::command::man::{self, ManArgs};
use crate::command::practice::{self, PracticeArgs};
use crate::command::profile::{self, ProfileArgs};
use crate::command::purge::{self, PurgeArgs};
use crate::command::ready::{self, ReadyArgs};
use crate::command::restore::{self, RestoreArgs};
use crate::command::scan::{self, ScanArgs};
use crate::command::secret::{self, SecretArgs};
use crate::command::show::{self, ShowArgs};
use crate::command::thaw::{self, ThawArgs};
use crate::command::undo::{self, UndoArgs};
use crate::command::verify::{self, VerifyArgs};
use crate::command::{Context, Exit};
use crate::error::{Kind, Result};
use crate::instance::{Color, Environment, Home};
use crate::report::{Look, Ui, install_panic_hook, log_to};

/// All words of the program.
#[derive(Debug, Parser)]
#[command(
    name = "lmskeep",
    version,
    about = "Carries the configuration of an SAP SuccessFactors Learning instance across a refresh",
    max_term_width = 100,
    disable_help_subcommand = true,
    after_help = "Each command explains itself: `lmskeep instance add --help`."
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,

    /// What every command takes.
    #[command(flatten)]
    pub common: Common,
}

/// The commands that there are.
#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "there is one of it a run")]
pub enum Command {
    /// Say which LMS instances there are
    Instance(InstanceArgs),
    /// Prove a password once and keep it, or take a browser's session over
    Login(LoginArgs),
    /// Remove an instance's passwords from the keyring, and forget a browser's session
    Logout(LogoutArgs),
    /// Store all documents of an instance in the archive
    Backup(BackupArgs),
    /// See to everything before a refresh, item by item
    Before(BeforeArgs),
    /// Say yes or no: may the refresh come?
    Ready(ReadyArgs),
    /// See to everything after a refresh, item by item
    After(AfterArgs),
    /// Walk every page of the LMS and say what is found and what is missing
    Check(CheckArgs),
    /// Say what the pages of an LMS are like, and learn it from a recording
    Profile(ProfileArgs),
    /// List the backups in the archive
    List(ListArgs),
    /// Show what changed between two backups, or a backup and the instance
    Diff(DiffArgs),
    /// Find everything in a refreshed instance that still points at the source
    Scan(ScanArgs),
    /// Put the documents of a backup back, after showing the plan
    Restore(RestoreArgs),
    /// Switch off, after a refresh, mail, connectors and automatic processes
    Freeze(FreezeArgs),
    /// Switch on again, after a refresh, what was on before it
    Thaw(ThawArgs),
    /// Delete, after a refresh, unsent mail that came over from the source
    #[command(name = "purge-emails")]
    PurgeEmails(PurgeArgs),
    /// Bring back what the last restore replaced
    Undo(UndoArgs),
    /// Say what is publicly known of a key or a configuration file
    Explain(ExplainArgs),
    /// List the encrypted values, and say where their real values lie
    Secret(SecretArgs),
    /// Show a backup, or one document of it
    Show(ShowArgs),
    /// Say which backups changed a document, or a key of it
    History(HistoryArgs),
    /// Write a backup as files that a person can read and paste
    Export(ExportArgs),
    /// Store files copied by hand as a backup
    Import(ImportArgs),
    /// Read every backup and say whether all are whole
    Verify(VerifyArgs),
    /// Play a whole refresh on practice instances, in a few seconds
    Demo(DemoArgs),
    /// Serve two practice instances to rehearse a refresh on
    Practice(PracticeArgs),
    /// Print what your shell needs to complete the words of lmskeep
    Completions(CompletionsArgs),
    /// Print or write the manual pages
    Man(ManArgs),
}

/// What every command takes.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Options of every command")]
pub struct Common {
    /// Print one JSON object in place of text
    #[arg(long, global = true)]
    pub json: bool,

    /// Print results, warnings and errors only
    #[arg(long, global = true)]
    pub quiet: bool,

    /// Say what is asked of the instance; twice says more
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,

    /// When to use colours: auto, always or never
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "WHEN",
        default_value_t,
        hide_possible_values = true,
        hide_default_value = true
    )]
    pub color: When,

    /// Answer yes; before a production instance is written to, this is not enough
    #[arg(long, global = true)]
    pub yes: bool,

    /// Allow a write to this instance without being asked
    #[arg(long, global = true, value_name = "NAME")]
    pub confirm: Option<String>,

    /// Keep configuration, archive and state below this folder [default: your account's folders, or LMSKEEP_HOME]
    #[arg(long, global = true, value_name = "DIR")]
    pub home: Option<PathBuf>,
}

/// When colours are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum When {
    /// On a terminal
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl From<When> for Color {
    fn from(when: When) -> Self {
        match when {
            When::Auto => Color::Auto,
            When::Always => Color::Always,
            When::Never => Color::Never,
        }
    }
}

/// Runs the program with the words it was called with, its own name first, and gives its exit code.
pub fn run(words: impl IntoIterator<Item = OsString>) -> ExitCode {
    install_panic_hook();
    let words: Vec<OsString> = words.into_iter().collect();
    let now = clock();
    let environment = Environment::read();
    let parsed = Cli::command()
        .try_get_matches_from(&words)
        .and_then(|matches| Cli::from_arg_matches(&matches));
    let common = match &parsed {
        Ok(cli) => cli.common.clone(),
        // What is wrong with the words is told in the way they ask for.
        Err(_) => wrong::common_in(&words),
    };
    let ui = Ui::of_this_process(look(&common, environment.as_ref().ok(), now));
    if let Some(password) = environment.as_ref().ok().and_then(|e| e.password.as_ref()) {
        ui.never_show(password);
    }
    let outcome = match (parsed, environment) {
        (Err(error), _) => told(&ui, &error, &words),
        (Ok(_), Err(error)) => Err(error),
        (Ok(cli), Ok(environment)) => perform(&ui, &cli, environment),
    };
    let code = match outcome {
        Ok(code) => code,
        Err(error) => {
            ui.fail(&error);
            error.kind().exit_code()
        }
    };
    match ui.finish() {
        Ok(()) => ExitCode::from(code),
        Err(error) => {
            ui.fail(&error);
            ExitCode::from(if code == 0 { error.kind().exit_code() } else { code })
        }
    }
}

#[allow(
    clippy::disallowed_methods,
    reason = "this is the edge: the clock is read here and handed on"
)]
fn clock() -> Timestamp {
    Timestamp::now()
}

fn look(common: &Common, environment: Option<&Environment>, now: Timestamp) -> Look {
    let mut look = Look::of_this_terminal(now);
    look.json = common.json;
    look.quiet = common.quiet;
    look.yes = common.yes;
    look.confirm = common.confirm.clone();
    if let Some(environment) = environment {
        look.color_out = environment.colors(common.color.into(), look.out_terminal.is_some());
        look.color_err = environment.colors(common.color.into(), look.err_terminal.is_some());
        look.moving_cursor &= !environment.dumb_terminal;
        look.zone = environment.zone.clone();
    }
    look
}

/// Shows help or version where that was asked for; all else that clap stops at is an error.
fn told(ui: &Ui, error: &clap::Error, words: &[OsString]) -> Result<u8> {
    let text = error.render();
    let (plain, styled) = (text.to_string(), text.ansi().to_string());
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            ui.help(&plain, &styled);
            Ok(Exit::Done.code())
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand if !ui.is_json() => {
            ui.help_aside(&plain, &styled);
            Ok(Kind::Usage.exit_code())
        }
        _ => Err(wrong::explain(error, words)),
    }
}

fn perform(ui: &Ui, cli: &Cli, environment: Environment) -> Result<u8> {
    log_to(ui, cli.common.verbose);
    let home = Home::find(cli.common.home.as_deref(), &environment)?;
    let context = Context::start(ui, home, environment, clock)?;
    let exit = dispatch(ui, &context, &cli.command);
    context.close();
    exit.map(Exit::code)
}

fn dispatch(ui: &Ui, context: &Context, command: &Command) -> Result<Exit> {
    match command {
        Command::Instance(args) => instance::run(ui, context, args),
        Command::Login(args) => login::run(ui, context, args),
        Command::Logout(args) => logout::run(ui, context, args),
        Command::Backup(args) => backup::run(ui, context, args),
        Command::Before(args) => before::run(ui, context, args),
        Command::Ready(args) => ready::run(ui, context, args),
        Command::After(args) => after::run(ui, context, args),
        Command::Check(args) => check::run(ui, context, args),
        Command::List(args) => list::run(ui, context, args),
        Command::Diff(args) => diff::run(ui, context, args),
        Command::Scan(args) => scan::run(ui, context, args),
        Command::Restore(args) => restore::run(ui, context, args),
        Command::Freeze(args) => freeze::run(ui, context, args),
        Command::Thaw(args) => thaw::run(ui, context, args),
        Command::PurgeEmails(args) => purge::run(ui, context, args),
        Command::Undo(args) => undo::run(ui, context, args),
        Command::Secret(args) => secret::run(ui, context, args),
        Command::Show(args) => show::run(ui, context, args),
        Command::History(args) => history::run(ui, context, args),
        Command::Explain(args) => explain::run(ui, context, args),
        Command::Export(args) => export::run(ui, context, args),
        Command::Import(args) => import::run(ui, context, args),
        Command::Verify(args) => verify::run(ui, context, args),
        Command::Demo(args) => demo::run(ui, context, args),
        Command::Profile(args) => profile::run(ui, context, args),
        Command::Practice(args) => practice::run(ui, context, args),
        Command::Completions(args) => completions::run(ui, args, Cli::command()),
        Command::Man(args) => man::run(ui, context, args, Cli::command()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use crate::cli::Cli;

    #[test]
    fn the_words_are_free_of_contradictions() {
        Cli::command().debug_assert();
    }
}
