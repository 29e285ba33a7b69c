//! `lmskeep thaw`: switches on again, after a refresh, what was on before it, in an order that mails nobody by mistake.

mod goal;
mod report;

use std::collections::BTreeSet;

use clap::Args;
use jiff::Timestamp;

use crate::backup::Backup;
use crate::command::purge::{self, total};
use crate::command::restore::refuse_refreshed;
use crate::command::switching::{self, CONNECTORS, MAIL, PROCESSES, Said, Turn, Turned, say_turned};
use crate::command::thaw::goal::Goal;
use crate::command::thaw::report::{announce, exit_code, say, tell};
use crate::command::words::SignInArgs;
use crate::command::write_back::{Tools, check_backup_identity, refuse_unseen};
use crate::command::{Context, Exit, access, rules};
use crate::error::{Error, Result};
use crate::instance::{Instance, Reference};
use crate::report::Ui;
use crate::sensitive::Rules;
use crate::state::{Action, Thawing};

/// Times that unsent mail is deleted before it is given up: processes may go on making some.
const MOST_PURGES: usize = 3;

/// The words of `lmskeep thaw`.
#[derive(Debug, Args)]
#[command(
    after_help = "What was on in the instance's own backup is switched on in this order: the connector that brings
users, alone and with mail off; the automatic processes; unsent mail is deleted until none is
left; the other connectors; mail last. In between a person must say that learners' addresses are
masked, and that the automatic processes have run once. It can be left and run again: it goes on
where it was.

Examples:
  lmskeep thaw stage                      asks, switches on, says what it waits for
  lmskeep thaw stage --addresses-masked   once you have seen that the addresses are masked
  lmskeep thaw stage --processes-ran      once the automatic processes have run"
)]
pub struct ThawArgs {
    /// The instance, and perhaps which of its backups tells what was on: an id, `latest`, `latest~2`, or a day
    #[arg(value_name = "NAME[@BACKUP]", value_parser = Reference::read)]
    pub from: Reference,

    /// What only you can say.
    #[command(flatten)]
    pub said: SaidArgs,

    /// How to sign in.
    #[command(flatten)]
    pub sign_in: SignInArgs,
}

/// What only a person can say.
#[derive(Debug, Clone, Default, Args)]
pub struct SaidArgs {
    /// You have seen that the addresses of learners are masked (People > Users)
    #[arg(long)]
    pub addresses_masked: bool,

    /// The automatic processes have run once since they were switched on
    #[arg(long)]
    pub processes_ran: bool,

    /// The connector that brings users, where its name does not tell; or `none`
    #[arg(long, value_name = "NAME")]
    pub user_connector: Vec<String>,
}

/// What became of a thaw.
#[derive(Debug, Default)]
pub(crate) struct Thawed {
    /// What became of each stage.
    pub(crate) stages: Vec<Turned>,
    /// What it waits for a person to say.
    pub(crate) asks: Option<&'static str>,
    /// All is on but mail, which was to wait.
    pub(crate) held: bool,
    /// Unsent mail that is left.
    pub(crate) unsent: Option<usize>,
    /// Why it did not go on.
    pub(crate) stopped: Option<Error>,
    /// Whether mail is on in the end, where it is to be.
    pub(crate) is_whole: bool,
}

impl Thawed {
    /// The exit code.
    pub(crate) fn code(&self, goal: &Goal) -> u8 {
        exit_code(self, goal)
    }
}

/// Thaws an instance.
///
/// # Errors
/// All of signing in; [`crate::error::Kind::Refused`] for a backup of another instance, or one taken after the refresh.
pub fn run(ui: &Ui, context: &Context, args: &ThawArgs) -> Result<Exit> {
    let config = context.config()?;
    let instance = config.instance(&args.from.instance)?;
    let profile = access::profile(context, instance)?;
    context.block_on(async {
        let archive = access::archive(context).await?;
        let state = access::state(context)?;
        let _lock = state.lock(&instance.name)?;
        let found = access::resolve_backup(&archive, ui, &args.from).await?;
        let backup = archive.get(&found.listed).await?;
        refuse_refreshed(&archive, instance, &profile, &backup).await?;
        let signing_in = access::session(ui, context, &config, instance, &args.sign_in);
        let session = context.until_stopped(signing_in).await?;
        let identity = access::identity(&session, instance)?;
        access::check_identity(&identity, instance)?;
        check_backup_identity(&backup, &identity, None)?;
        let rules = rules::of(context, &config, &archive, &[&instance.name]).await?;
        let tools = Tools {
            ui,
            context,
            archive: &archive,
            state: &state,
            session: &session,
        };
        access::tell_backup(ui, &backup);
        let wish = Wish {
            tools: &tools,
            instance,
            rules: &rules,
            backup: &backup,
            mail_waits: None,
        };
        let (goal, thawed) = carry_out(wish, &args.said).await?;
        tell(wish, &goal, &thawed)
    })
}

/// What is to be thawed, and by which backup.
#[derive(Clone, Copy)]
pub(crate) struct Wish<'a> {
    pub(crate) tools: &'a Tools<'a>,
    pub(crate) instance: &'a Instance,
    pub(crate) rules: &'a Rules,
    /// The backup that tells what was on.
    pub(crate) backup: &'a Backup,
    /// Why mail stays off for now, whatever was on.
    pub(crate) mail_waits: Option<&'static str>,
}

/// Shows what is to be switched on, asks, and goes as far as it can.
///
/// # Errors
/// [`crate::error::Kind::Refused`] while the source's configuration is there; [`crate::error::Kind::Stopped`] where a person says no.
pub(crate) async fn carry_out(wish: Wish<'_>, said: &SaidArgs) -> Result<(Goal, Thawed)> {
    let Wish { tools, instance, .. } = wish;
    goal::refuse_unrestored(tools, instance, wish.backup).await?;
    let mut goal = Goal::of(tools, wish.backup, &said.user_connector)?;
    goal.heed_waits(tools, instance).await?;
    announce(tools.ui, &goal, wish.mail_waits);
    if !goal.is_empty() {
        refuse_unseen(tools.ui, &instance.name)?;
        let question = format!("Switch these on at {}?", instance.name);
        tools.ui.confirm_write(&question, &instance.name, instance.role)?;
    }
    let thawed = Thaw { wish, goal: &goal }.go(said).await?;
    say(wish, &goal, &thawed);
    Ok((goal, thawed))
}

/// A thaw at work.
struct Thaw<'a> {
    wish: Wish<'a>,
    goal: &'a Goal,
}

impl Thaw<'_> {
    /// Goes through the stages until one needs a person, or does not go well.
    async fn go(&self, said: &SaidArgs) -> Result<Thawed> {
        let mut thawed = Thawed::default();
        let mut state = self.wish.tools.state.thawing(&self.wish.instance.name).await?;
        let goal = self.goal;
        if goal.is_empty() {
            self.end(&mut thawed).await?;
            return Ok(thawed);
        }
        let now = (self.wish.tools.context.clock)();
        if !goal.first.is_empty() {
            // What brings users brings real addresses first: no mail may leave meanwhile.
            if state.masked.is_none() && !self.stage(&mut thawed, MAIL, &BTreeSet::new()).await? {
                return Ok(thawed);
            }
            if !self.stage(&mut thawed, CONNECTORS, &goal.first).await? {
                return Ok(thawed);
            }
            let question = "Have the users been synchronized since, and are learners' addresses masked (People > Users)?";
            if !self.told(&mut state.masked, said.addresses_masked, question, now)? {
                self.keep(&state).await?;
                thawed.asks = Some("--addresses-masked");
                return Ok(thawed);
            }
            self.keep(&state).await?;
        }
        if !self.stage(&mut thawed, PROCESSES, &goal.processes).await? {
            return Ok(thawed);
        }
        if !goal.processes.is_empty() && goal.mail {
            let question = "Have the automatic processes run once since they were switched on? Some make at their first run all the mail that they have saved up.";
            if !self.told(&mut state.ran, said.processes_ran, question, now)? {
                self.keep(&state).await?;
                thawed.asks = Some("--processes-ran");
                return Ok(thawed);
            }
            self.keep(&state).await?;
        }
        let left = match goal.mail {
            true => self.emptied(&mut thawed).await,
            false => Ok(0),
        };
        if !self.stage(&mut thawed, CONNECTORS, &goal.connectors).await? {
            return Ok(thawed);
        }
        match left {
            Ok(0) => {}
            Ok(left) => {
                thawed.unsent = Some(left);
                return Ok(thawed);
            }
            Err(error) => {
                thawed.stopped = Some(error);
                return Ok(thawed);
            }
        }
        if goal.mail && self.wish.mail_waits.is_some() {
            thawed.held = true;
            return Ok(thawed);
        }
        if goal.mail {
            let prefix = format!("{}/", switching::part(self.wish.tools, MAIL)?.path);
            let all = goal.known.iter();
            let all = all.filter(|path| path.starts_with(&prefix)).cloned().collect();
            if !self.stage(&mut thawed, MAIL, &all).await? {
                return Ok(thawed);
            }
        }
        self.end(&mut thawed).await?;
        Ok(thawed)
    }

    /// All that was to be on is on: backups tell what is on again, unless something waits.
    async fn end(&self, thawed: &mut Thawed) -> Result<()> {
        thawed.is_whole = true;
        if !self.goal.waits.is_empty() {
            return Ok(());
        }
        let mut state = self.wish.tools.state.thawing(&self.wish.instance.name).await?;
        state.frozen = None;
        self.wish
            .tools
            .state
            .set_thawing(&self.wish.instance.name, &state)
            .await
    }

    /// Switches items of a part on (of mail: off, where none are given); tells whether it went well.
    async fn stage(&self, thawed: &mut Thawed, part: &str, on: &BTreeSet<String>) -> Result<bool> {
        let off = part == MAIL && on.is_empty();
        if on.is_empty() && !off {
            return Ok(true);
        }
        let turn = Turn {
            action: Action::Thaw,
            instance: self.wish.instance,
            rules: self.wish.rules,
            backup: &self.wish.backup.id,
            wanted: &|path| match off {
                true => Some(false),
                false => on.contains(path).then_some(true),
            },
        };
        let mut turned = match switching::turn(self.wish.tools, &turn, part).await {
            Ok(turned) => turned,
            Err(error) => {
                thawed.stopped = Some(error);
                return Ok(false);
            }
        };
        if let Err(error) = switching::again(self.wish.tools, &turn, &mut turned).await {
            thawed.stopped = Some(error);
        }
        if turned.sent && !off {
            let mut state = self.wish.tools.state.thawing(&self.wish.instance.name).await?;
            state.thawed.get_or_insert((self.wish.tools.context.clock)());
            self.keep(&state).await?;
        }
        if !off || turned.ended.iter().any(|e| !e.outcome.is_good()) || turned.switched().next().is_some() {
            say_turned(
                self.wish.tools.ui,
                &turned,
                if off { Said::Off } else { Said::On },
            );
        }
        self.tell_others(&turned, on);
        let good = turned.is_good() && thawed.stopped.is_none();
        thawed.stages.push(turned);
        Ok(good)
    }

    /// Names what was on and is gone, and what is there now and was not there before.
    fn tell_others(&self, turned: &Turned, on: &BTreeSet<String>) {
        let there: BTreeSet<&str> = turned
            .already
            .iter()
            .map(String::as_str)
            .chain(turned.ended.iter().map(|e| e.document.as_str()))
            .collect();
        if turned.stopped.is_none() {
            for path in on.iter().filter(|path| !there.contains(path.as_str())) {
                self.wish
                    .tools
                    .ui
                    .warn(&format!("`{path}` was on before the refresh and is gone"));
            }
        }
        for (path, _) in turned
            .left
            .iter()
            .filter(|(path, on)| !self.goal.known.contains(*path) && !**on)
        {
            self.wish.tools.ui.note(format!(
                "`{path}` was not there before the refresh: it stays off."
            ));
        }
    }

    /// Deletes unsent mail until none is left; gives what is left all the same.
    async fn emptied(&self, thawed: &mut Thawed) -> Result<usize> {
        let mut left = 0;
        for _ in 0..MOST_PURGES {
            let before = purge::counted(self.wish.tools, self.wish.instance).await?;
            left = total(&before);
            if left == 0 {
                break;
            }
            purge::show(self.wish.tools.ui, &self.wish.instance.name, &before);
            let purged = purge::purge(self.wish.tools, self.wish.instance, self.wish.rules, before).await?;
            purge::say_purged(self.wish.tools.ui, &self.wish.instance.name, &purged);
            left = total(&purged.left);
            if left == 0 {
                break;
            }
        }
        thawed.unsent = Some(left);
        Ok(left)
    }

    /// Takes what a person says, now or before.
    fn told(
        &self,
        before: &mut Option<Timestamp>,
        option: bool,
        question: &str,
        now: Timestamp,
    ) -> Result<bool> {
        if before.is_none() && (option || self.wish.tools.ui.agrees(question)?) {
            *before = Some(now);
        }
        Ok(before.is_some())
    }

    async fn keep(&self, state: &Thawing) -> Result<()> {
        // What was switched on in between stays known.
        let stored = self.wish.tools.state.thawing(&self.wish.instance.name).await?;
        let thawing = Thawing {
            thawed: state.thawed.or(stored.thawed),
            frozen: stored.frozen,
            ..state.clone()
        };
        self.wish
            .tools
            .state
            .set_thawing(&self.wish.instance.name, &thawing)
            .await
    }
}
