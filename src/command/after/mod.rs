//! `lmskeep after`: everything to see to after a refresh, item by item, to be left and taken up again.
//!
//! It goes on with the round that `before` began, or begins one. The parts of it are those of `freeze`, `purge-emails`,
//! `restore` and `thaw`: each shows what it is about to do and asks, unless `--yes` says so.

mod back;
mod first;
mod item;
mod people;
mod report;
mod round;
mod seen;
mod shown;
mod texts;
mod watch;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Instant;

use clap::{Args, ValueEnum};
use jiff::SignedDuration;
use tokio::sync::OnceCell;

use crate::backup::{Backup, Document};
use crate::capture::Captured;
use crate::command::after::item::{ADMINS, Check, FREEZE, ITEMS};
use crate::command::checklist::{self, AnswerArgs, Desk, Found, Item, SOURCE_ON};
use crate::command::thaw::SaidArgs;
use crate::command::words::{SignInArgs, age};
use crate::command::write_back::{Carried, Tools};
use crate::command::{Context, Exit, access, rules};
use crate::error::{Error, Kind, Result};
use crate::instance::{Instance, Reference, Role};
use crate::report::{Text, Tone, Ui};
use crate::selection::Selection;
use crate::sensitive::Rules;
use crate::session::Session;
use crate::state::{Item as Stands, Round, Scope};

/// The words of `lmskeep after`.
#[derive(Debug, Args)]
#[command(
    after_help = "It signs in once, with the password that holds after the refresh, and goes through all there is to do:
switches off what could leave, deletes unsent mail, shows what has changed, puts back what you
choose, asks for encrypted values, proves that one can sign in, switches on again what was on, and
lists what only people can do. Each part shows what it is about to do, and asks. Each item ends as
done, skipped (by whom, and why) or open; it can be left at any time and taken up on another day.

Exit code 0: everything is done or left out; 8: something waits; 7: something was not written.

Examples:
  lmskeep after stage                     goes through everything, and asks
  lmskeep after stage --scope all         puts every file back, as SAP's article says
  lmskeep after stage --scope environment --except 'CONNECTORS:connector.pgp.*'
  lmskeep after stage --item freeze       this item alone
  lmskeep after stage --done oauth --skip vendors='there are none' --by anna
  lmskeep after stage --wait --freeze-only --yes    from the maintenance window on, unattended
  lmskeep after stage --status --report change.html --approver 'change board'"
)]
pub struct AfterArgs {
    /// The instance that was refreshed, and perhaps which of its backups is put back
    #[arg(value_name = "NAME[@BACKUP]", value_parser = Reference::read)]
    pub name: Reference,

    /// Only these items; may be repeated
    #[arg(long, value_name = "ITEM")]
    pub item: Vec<String>,

    /// Which configuration files are put back
    #[arg(long, value_enum, value_name = "SCOPE")]
    pub scope: Option<ScopeWord>,

    /// Leave these documents or keys as the refresh has brought them; may be repeated
    #[arg(long, value_name = "GLOB")]
    pub except: Vec<String>,

    /// Write the backup's values key by key into what is there, and keep keys that are new
    #[arg(long)]
    pub merge: bool,

    /// Write although pages have changed since the backup was taken, once you have looked at them
    #[arg(long)]
    pub accept_page_change: bool,

    /// What only you can say of what is switched on again.
    #[command(flatten)]
    pub said: SaidArgs,

    /// What you say of items.
    #[command(flatten)]
    pub answers: AnswerArgs,

    /// Write a file for the admin connector that replaces admins' addresses that came over
    #[arg(long, value_name = "FILE")]
    pub admin_file: Option<PathBuf>,

    /// Write a report for the change ticket: one HTML page, without secrets, to be printed and signed
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,

    /// Who approves, in the report [default: a line for a name]
    #[arg(long, value_name = "WHO", requires = "report")]
    pub approver: Option<String>,

    /// Only show how everything stands: no instance is asked
    #[arg(long, conflicts_with_all = ["item", "scope", "except", "done", "skip", "reopen", "admin_file"])]
    pub status: bool,

    /// Wait until a maintenance of the instance ends, sign in once then, and go on if it was refreshed
    #[arg(long, requires = "freeze_only", conflicts_with_all = ["status", "item"])]
    pub wait: bool,

    /// Only freeze: for a job that nobody watches
    #[arg(long, conflicts_with_all = ["status", "item"])]
    pub freeze_only: bool,

    /// While waiting: how often it is looked whether the instance answers, as 30s or 5m
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = pause, requires = "wait")]
    pub every: SignedDuration,

    /// While waiting: how long it must not have answered to have been under maintenance
    #[arg(long, value_name = "TIME", default_value = "5m", value_parser = age, requires = "wait")]
    pub outage: SignedDuration,

    /// While waiting: when it is given up, as 12h or 3d
    #[arg(long, value_name = "TIME", default_value = "3d", value_parser = age, requires = "wait")]
    pub give_up: SignedDuration,

    /// How to sign in.
    #[command(flatten)]
    pub sign_in: SignInArgs,
}

/// An instance that is not to be asked more often than this is not asked more often.
fn pause(word: &str) -> Result<SignedDuration> {
    match age(word)? {
        short if short < SignedDuration::from_secs(1) => {
            Err(Error::new(Kind::Usage, format!("`{word}` is too often.")).hint("at most once a second: 1s"))
        }
        pause => Ok(pause),
    }
}

/// Which configuration files are put back, as a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ScopeWord {
    /// All, as SAP's article says
    All,
    /// BIZX, CONNECTORS, REPORT_SYSTEM, iContent and SSO: the least that it recommends
    Recommended,
    /// Of all files only addresses, accounts, ids and the like
    Environment,
}

impl From<ScopeWord> for Scope {
    fn from(word: ScopeWord) -> Self {
        match word {
            ScopeWord::All => Scope::All,
            ScopeWord::Recommended => Scope::Recommended,
            ScopeWord::Environment => Scope::Environment,
        }
    }
}

/// What looking after an item needs.
pub(super) struct After<'a> {
    /// The instance, its source, the archive, the round, and the person.
    desk: Desk<'a>,
    /// What was typed.
    args: &'a AfterArgs,
    /// The session, once an item needs it: there is one sign-in at most.
    session: OnceCell<Session>,
    /// By what rules values are judged.
    rules: Rules,
    /// When the first request was sent, or is about to be.
    began: Cell<Instant>,
    /// Why the instance looks refreshed, where that was seen before an item asked.
    why: RefCell<Option<String>>,
    /// All documents as `compare` has read them, for the restore that follows.
    live: RefCell<Option<Captured>>,
    /// Records that were read in this run, by path; nothing where the instance shows none.
    records: RefCell<BTreeMap<String, Option<Document>>>,
    /// What became of the last restore of this run, and the item that it was for.
    carried: RefCell<Option<(&'static str, Carried)>>,
    /// Whether anything was sent.
    sent: Cell<bool>,
    /// Whether something that was sent is not as it was wanted.
    incomplete: Cell<bool>,
    /// What went wrong first.
    failed: RefCell<Option<Error>>,
    /// Whether it was agreed, before the refresh was seen, that all is switched off.
    agreed: Cell<bool>,
    /// Nothing more is to be tried in this run.
    over: Cell<bool>,
}

/// Sees to all items.
///
/// # Errors
/// [`Kind::Refused`] for a production instance; [`Kind::Usage`] for unknown items; all of signing in. What fails later leaves
/// its item open.
pub fn run(ui: &Ui, context: &Context, args: &AfterArgs) -> Result<Exit> {
    let config = context.config()?;
    let instance = config.instance(&args.name.instance)?;
    refuse_production(instance)?;
    let profile = access::profile(context, instance)?;
    context.block_on(async {
        let archive = access::archive(context).await?;
        let state = access::state(context)?;
        let rules = rules::of(context, &config, &archive, &[&instance.name]).await?;
        let after = After {
            desk: Desk {
                verb: "after",
                may_skip: |id| ITEMS.iter().any(|item| item.id == id && item.may_skip),
                ui,
                context,
                config: &config,
                instance,
                source: config.source_of(instance),
                profile,
                archive,
                state: state.clone(),
                by: args
                    .answers
                    .by
                    .clone()
                    .or_else(|| context.environment.account.clone())
                    .unwrap_or_else(|| "somebody".to_owned()),
                read: RefCell::new(BTreeMap::new()),
            },
            args,
            session: OnceCell::new(),
            rules,
            began: Cell::new(Instant::now()),
            why: RefCell::new(None),
            live: RefCell::new(None),
            records: RefCell::new(BTreeMap::new()),
            carried: RefCell::new(None),
            sent: Cell::new(false),
            incomplete: Cell::new(false),
            failed: RefCell::new(None),
            agreed: Cell::new(false),
            over: Cell::new(false),
        };
        if args.status {
            return shown::status(&after).await;
        }
        if args.wait {
            watch::until_refreshed(&after).await?;
        }
        let _lock = match args.wait {
            true => watch::locked(&after).await?,
            false => state.lock(&instance.name)?,
        };
        after.go().await
    })
}

/// A production instance was not refreshed from another one: it would be switched off, and written over.
fn refuse_production(instance: &Instance) -> Result<()> {
    let name = &instance.name;
    match instance.role {
        Role::Test => Ok(()),
        Role::Production => Err(Error::new(
            Kind::Refused,
            format!("`{name}` counts as a production instance: it is not refreshed from another one."),
        )
        .hint("NAME is the instance that was overwritten, and not its source")
        .hint(format!("if it is none: lmskeep instance set {name} role test"))),
    }
}

impl After<'_> {
    async fn go(&self) -> Result<Exit> {
        let Self { desk, args, .. } = self;
        args.answers.check(desk, &ITEMS)?;
        for id in &args.item {
            checklist::item(&ITEMS, id)?;
        }
        // What cannot be read is said before anything is done.
        Selection::new(&[], &args.except)?;
        round::go_on(self).await?;
        desk.change(|round| {
            let before = (round.scope, round.except.clone());
            // A scope that is said anew is said with what is left out of it.
            if args.scope.is_some() || !args.except.is_empty() {
                round.except.clone_from(&args.except);
            }
            round.scope = args.scope.map(Scope::from).or(round.scope);
            if before != (round.scope, round.except.clone()) {
                round::reopen(round, "restore");
                round::reopen(round, "images");
            }
            for id in &args.answers.reopen {
                round::reopen(round, id);
            }
        })
        .await?;
        args.answers.keep(desk, &ITEMS).await?;
        if args.answers.done.iter().any(|id| id == "freeze") {
            // What is there from now on tells nothing of what was on.
            let mut thawing = desk.state.thawing(&desk.instance.name).await?;
            thawing.frozen.get_or_insert(desk.now());
            desk.state.set_thawing(&desk.instance.name, &thawing).await?;
        }
        self.refuse_no_admin_file().await?;
        let thawed = desk.state.thawing(&desk.instance.name).await?.thawed.is_some();
        let wanted: Vec<&str> = args.item.iter().map(String::as_str).collect();
        let is_open = |item: &Item<Check>, stands: Option<&Stands>| {
            let meant = match args.freeze_only {
                true => FREEZE.contains(&item.id),
                false => wanted.is_empty() || round::is_needed(item.id, &wanted),
            };
            // What was off may be on again: another refresh, or somebody, has switched it on.
            let again = item.id == "freeze" && !thawed && matches!(stands, Some(Stands::Done { .. }));
            meant && !self.over.get() && (again || !stands.is_some_and(Stands::is_settled))
        };
        let round = checklist::see_to_all(desk, &ITEMS, is_open, async |item, round| {
            // What was never switched off is no affair of this round.
            if item.id != SOURCE_ON || round.item(SOURCE_ON).is_some() {
                desk.ui.say(Text::new());
                let title = format!("[{}] {}", item.id, item.title);
                desk.ui.say(Text::new().toned(Tone::Strong, title));
            }
            (item.check)(self, round).await.or_else(|error| self.fail(error))
        })
        .await?;
        let round = round::end(self, round).await?;
        desk.state
            .bring_evidence_up(&desk.instance.name, desk.now())
            .await?;
        if let Err(error) = report::write(self, &round).await {
            // What was done is done: this must not hide it.
            desk.ui.warn(error.message());
            self.failed.borrow_mut().get_or_insert(error);
        }
        shown::checklist(self, &round)
    }

    /// A file that is asked for is written by its item, or it is said why not.
    async fn refuse_no_admin_file(&self) -> Result<()> {
        let round = self.desk.change(|_| {}).await?;
        if self.args.admin_file.is_none() || !round.is_settled(ADMINS) {
            return Ok(());
        }
        Err(
            Error::new(Kind::Usage, format!("No file is written: `{ADMINS}` is settled."))
                .hint(self.desk.command(&format!("--reopen {ADMINS} --admin-file FILE"))),
        )
    }

    /// The session; the first item that needs it signs in. What does not get in is not tried again by the next one.
    ///
    /// # Errors
    /// As [`access::session`].
    async fn session(&self) -> Result<&Session> {
        self.session.get_or_try_init(|| self.sign_in()).await
    }

    async fn sign_in(&self) -> Result<Session> {
        let Desk {
            ui,
            context,
            config,
            instance,
            state,
            ..
        } = &self.desk;
        let name = &instance.name;
        let mut words = self.args.sign_in.clone();
        let by_browser = words.cookies.is_some() || state.about_session(name).await?.is_some();
        words.after_refresh |= !by_browser;
        let signing_in = access::session(ui, context, config, instance, &words);
        let session = context.until_stopped(signing_in).await.map_err(|error| {
            let refused = error.kind() == Kind::SignIn && words.after_refresh;
            match refused {
                true => error
                    .hint(format!(
                        "it was the password that holds after a refresh, the source's; if {name} was not refreshed yet, that is why"
                    ))
                    .hint(format!("where native login is closed: lmskeep before {name} --case-text")),
                false => error,
            }
        })?;
        access::check_identity(&access::identity(&session, instance)?, instance)?;
        Ok(session)
    }

    /// Tools of what the items share with other commands.
    ///
    /// # Errors
    /// As [`After::session`].
    async fn tools(&self) -> Result<Tools<'_>> {
        let session = self.session().await?;
        Ok(Tools {
            ui: self.desk.ui,
            context: self.desk.context,
            archive: &self.desk.archive,
            state: &self.desk.state,
            session,
        })
    }

    /// The backup that is put back.
    ///
    /// # Errors
    /// [`Kind::Archive`] where it is damaged, or there no more.
    async fn own(&self, round: &Round) -> Result<Rc<Backup>> {
        let own = self.desk.backup(round.backup.as_ref()).await?;
        own.ok_or_else(|| {
            let name = &self.desk.instance.name;
            let id = round.backup.as_ref().map_or("", |pinned| pinned.id.as_str());
            Error::new(
                Kind::Archive,
                format!("The backup {id} of {name}, which is to be put back, is not in the archive."),
            )
            .hint(format!(
                "first, to switch off what could leave: lmskeep freeze {name} --after-refresh"
            ))
            .hint(format!("lmskeep list {name}, then lmskeep after {name}@BACKUP"))
        })
    }

    /// Notes what went wrong with an item, which stays open. What every other item would meet as well ends the run.
    ///
    /// # Errors
    /// What went wrong before the session was open, and damage.
    fn fail(&self, error: Error) -> Result<Found> {
        let kind = error.kind();
        if self.session.get().is_none() || kind == Kind::Archive {
            return Err(error);
        }
        if matches!(kind, Kind::Stopped | Kind::SignIn | Kind::Unreachable) {
            self.over.set(true);
        }
        let found = match kind {
            Kind::Stopped => Found::open("It was stopped here.", [self.desk.command("")]),
            _ => {
                self.desk.ui.warn(error.message());
                Found::of_failure(&error)
            }
        };
        self.failed.borrow_mut().get_or_insert(error);
        Ok(found)
    }

    /// Tells whether what an item is about was restored in this run, by it or by the restore of everything.
    fn has_restored(&self, id: &str) -> bool {
        let carried = self.carried.borrow();
        carried
            .as_ref()
            .is_some_and(|(by, _)| *by == id || *by == "restore")
    }

    /// Remembers of a part of the work whether it sent anything, and whether that is not as it was wanted.
    fn note(&self, sent: bool, good: bool) {
        self.sent.set(self.sent.get() || sent);
        self.incomplete.set(self.incomplete.get() || (sent && !good));
    }
}
