//! `lmskeep before`: everything to see to before a refresh, item by item, to be left and taken up again.
//!
//! It reads both instances and writes to neither (promise 1). What was answered is kept in the round of the instance
//! (`state::Round`), which `ready` asks and `after` goes on with.

mod account;
mod asked;
mod backups;
mod content;
mod dates;
mod item;
mod shown;
mod texts;

use std::cell::RefCell;
use std::collections::BTreeMap;

use clap::{Args, ValueEnum};
use jiff::civil::Date;

use crate::command::before::item::{Check, ITEMS};
use crate::command::checklist::{self, AnswerArgs, Desk, Found, Item, SOURCE_ON};
use crate::command::{Context, Exit, access};
use crate::error::{Error, Kind, Result};
use crate::instance::{Instance, Role};
use crate::report::Ui;
use crate::state::{Item as Stands, Refresh, Round};

pub(crate) use content::closed;
#[cfg(test)]
pub(crate) use item::has;
pub(crate) use item::{missing, rows};

/// The words of `lmskeep before`.
#[derive(Debug, Args)]
#[command(
    after_help = "It reads the instance and its source, and writes to neither. Each item ends as done, skipped
(by whom, and why) or open; what is answered is kept, so that it can be left and taken up on
another day. Without a terminal nothing is asked: what is not answered stays open, and says
which option answers it. Exit code 0: nothing is open that the refresh has to wait for; 1:
something is.

Examples:
  lmskeep before stage                    goes through everything, and asks
  lmskeep before stage --kind manual --date 2026-12-14
  lmskeep before stage --done logos --done version
  lmskeep before stage --skip values='the vendor sends new ones' --by anna
  lmskeep before stage --case-text        the text for the support case
  lmskeep before stage --new              the next refresh: begins anew"
)]
pub struct BeforeArgs {
    /// The instance that will be refreshed
    pub name: String,

    /// Begin a new round: forget what was answered for the last refresh
    #[arg(long)]
    pub new: bool,

    /// How the instance is refreshed
    #[arg(long, value_enum, value_name = "KIND")]
    pub kind: Option<KindWord>,

    /// The day for which the refresh is planned, as 2026-12-14
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub date: Option<Date>,

    /// What you say of items.
    #[command(flatten)]
    pub answers: AnswerArgs,

    /// Only print the text for the support case, for where native login is not permitted
    #[arg(long)]
    pub case_text: bool,
}

/// How an instance is refreshed, as a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum KindWord {
    /// With SAP's Instance Refresh Tool
    Irt,
    /// By SAP support, BizX and Learning together
    Manual,
    /// By SAP support, Learning alone
    LearningOnly,
}

impl From<KindWord> for Refresh {
    fn from(word: KindWord) -> Self {
        match word {
            KindWord::Irt => Refresh::Irt,
            KindWord::Manual => Refresh::Manual,
            KindWord::LearningOnly => Refresh::LearningOnly,
        }
    }
}

fn day(word: &str) -> Result<Date> {
    word.parse().map_err(|_| {
        Error::new(Kind::Usage, format!("`{word}` is no day.")).hint("a day is written as 2026-12-14")
    })
}

/// Sees to all items, and answers with exit code 0 or 1.
///
/// # Errors
/// [`Kind::Refused`] for a production instance; [`Kind::Usage`] for unknown items; [`Kind::Archive`]; [`Kind::Stopped`].
/// What fails at an instance leaves its item open.
pub fn run(ui: &Ui, context: &Context, args: &BeforeArgs) -> Result<Exit> {
    let config = context.config()?;
    let instance = config.instance(&args.name)?;
    refuse_production(instance)?;
    let profile = access::profile(context, instance)?;
    context.block_on_until_stopped(async {
        let desk = Desk {
            verb: "before",
            ui,
            context,
            config: &config,
            instance,
            source: config.source_of(instance),
            profile,
            archive: access::archive(context).await?,
            state: access::state(context)?,
            by: args
                .answers
                .by
                .clone()
                .or_else(|| context.environment.account.clone())
                .unwrap_or_else(|| "somebody".to_owned()),
            read: RefCell::new(BTreeMap::new()),
        };
        if args.case_text {
            let day = desk
                .state
                .round(&instance.name)
                .await?
                .and_then(|round| round.planned);
            return shown::case_text(&desk, day);
        }
        begin(&desk, args).await?;
        answer(&desk, args).await?;
        let round = see_to_all(&desk).await?;
        let message = content::message(&desk, &round).await?;
        shown::checklist(&desk, &round, message)
    })
}

/// A refresh overwrites its target: nobody wants that of production.
fn refuse_production(instance: &Instance) -> Result<()> {
    let name = &instance.name;
    match instance.role {
        Role::Test => Ok(()),
        Role::Production => Err(Error::new(
            Kind::Refused,
            format!("`{name}` is a production instance: a refresh would overwrite it."),
        )
        .hint("NAME is the instance that is overwritten, and not its source")
        .hint(format!("if it is none: lmskeep instance set {name} role test"))),
    }
}

/// Goes on with the round, or begins one.
async fn begin(desk: &Desk<'_>, args: &BeforeArgs) -> Result<()> {
    let kept = desk.state.round(&desk.instance.name).await?;
    let goes_on = kept.as_ref().filter(|round| !args.new && round.ended.is_none());
    if let Some(round) = goes_on {
        desk.ui
            .note(format!("Going on with what began {}.", desk.ui.when(round.began)));
        return Ok(());
    }
    let mut round = Round::new(desk.now());
    // The source stays off, whichever round it was switched off for.
    let off = kept.and_then(|mut round| round.items.remove(SOURCE_ON));
    if let Some(off @ Stands::Open { .. }) = off {
        round.items.insert(SOURCE_ON.to_owned(), off);
    }
    desk.state.set_round(&desk.instance.name, &round).await
}

/// Takes what the command line answers; nothing of it where any of it is wrong.
async fn answer(desk: &Desk<'_>, args: &BeforeArgs) -> Result<()> {
    args.answers.check(desk, &ITEMS)?;
    let round = desk.change(|_| {}).await?;
    if args.answers.done.iter().any(|id| id == SOURCE_ON) && round.item(SOURCE_ON).is_none() {
        return Err(Error::new(
            Kind::Usage,
            "Nothing was switched off in the source, as far as it was said.",
        )
        .hint(desk.command("--done source-off")));
    }
    desk.change(|round| {
        if let Some(kind) = args.kind.map(Refresh::from)
            && round.kind != Some(kind)
        {
            round.kind = Some(kind);
            // What was said of these was said of the other kind.
            round.items.remove("bizx");
            round.items.remove("lead-time");
        }
        round.planned = args.date.or(round.planned);
        for id in &args.answers.reopen {
            if id == "account" {
                round.proven = None;
            }
            if id != SOURCE_ON {
                round.items.remove(id);
            }
        }
    })
    .await?;
    args.answers.keep(desk, &ITEMS).await
}

/// Sees to each item that no person has answered, and keeps what came of it before the next.
async fn see_to_all(desk: &Desk<'_>) -> Result<Round> {
    let is_open = |_: &Item<Check>, stands: Option<&Stands>| {
        let answered = matches!(
            stands,
            Some(Stands::Done { by: Some(_), .. } | Stands::Skipped { .. })
        );
        !answered
    };
    checklist::see_to_all(desk, &ITEMS, is_open, async |item, round| {
        match (item.check)(desk, round).await {
            Err(error) if !matches!(error.kind(), Kind::Stopped | Kind::Archive) => {
                Ok(Found::of_failure(&error))
            }
            found => found,
        }
    })
    .await
}
