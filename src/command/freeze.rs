//! `lmskeep freeze`: switches off, after a refresh, all that could leave the instance: mail, connectors, automatic processes.

use std::time::{Duration, Instant};

use clap::Args;
use serde::Serialize;

use crate::command::switching::{self, CONNECTORS, MAIL, PROCESSES, Said, Turn, Turned, say_turned};
use crate::command::words::SignInArgs;
use crate::command::write_back::{Tools, refuse_unseen};
use crate::command::{Context, Exit, access, rules};
use crate::error::{Error, Kind, Result};
use crate::instance::{Instance, Role};
use crate::profile::Profile;
use crate::report::{Text, Tone, Ui};
use crate::sensitive::Rules;
use crate::state::{Action, Thawing};

/// The words of `lmskeep freeze`.
#[derive(Debug, Args)]
#[command(
    after_help = "After a refresh stage carries production's schedules: it takes production's feed files and mails
real people. This switches off, in this order, mail (\"Enable email\"), every connector and every
automatic process (\"Schedule This Process\"). What was there before is stored first; nothing else
is changed. It can be run again at any time. `lmskeep thaw NAME` switches on what was on before
the refresh.

Examples:
  lmskeep freeze stage                    asks once, then switches all of it off
  lmskeep freeze stage --after-refresh    signs in with the password that holds after the refresh
  lmskeep freeze stage --yes --json       for a job that nobody watches"
)]
pub struct FreezeArgs {
    /// The instance to freeze
    pub name: String,

    /// How to sign in.
    #[command(flatten)]
    pub sign_in: SignInArgs,
}

/// What became of a freeze.
#[derive(Debug)]
pub(crate) struct Frozen {
    /// What became of each part, in the order it was dealt with.
    pub(crate) parts: Vec<Turned>,
    /// How long it took until mail was off, from the first request on.
    pub(crate) mail_off: Option<Duration>,
    /// How long it took until nothing could leave any more; none where something still can.
    pub(crate) took: Option<Duration>,
    /// A person stopped it, or the instance is gone: the rest was not tried.
    pub(crate) stopped: Option<Error>,
}

/// What `freeze --json` answers.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    instance: &'a str,
    frozen: bool,
    parts: &'a [Turned],
    seconds: Option<f64>,
    exit_code: u8,
}

/// Freezes an instance.
///
/// # Errors
/// All of signing in; [`Kind::Refused`] for a production instance that is not named with `--confirm`.
pub fn run(ui: &Ui, context: &Context, args: &FreezeArgs) -> Result<Exit> {
    let began = Instant::now();
    let config = context.config()?;
    let instance = config.instance(&args.name)?;
    refuse_production(ui, instance)?;
    context.block_on(async {
        let archive = access::archive(context).await?;
        let state = access::state(context)?;
        let _lock = state.lock(&instance.name)?;
        let signing_in = access::session(ui, context, &config, instance, &args.sign_in);
        let session = context.until_stopped(signing_in).await?;
        access::check_identity(&access::identity(&session, instance)?, instance)?;
        let rules = rules::of(context, &config, &archive, &[&instance.name]).await?;
        let tools = Tools {
            ui,
            context,
            archive: &archive,
            state: &state,
            session: &session,
        };
        announce(ui, session.profile());
        refuse_unseen(ui, &instance.name)?;
        let question = format!("Switch all of it off at {}?", instance.name);
        let asked = Instant::now();
        ui.confirm_write(&question, &instance.name, instance.role)?;
        // The time that a person takes to answer is not ours.
        let frozen = freeze(&tools, instance, &rules, began + asked.elapsed()).await;
        tell(ui, instance, frozen)
    })
}

/// An instance that is in use must not fall silent because a name was mistyped.
fn refuse_production(ui: &Ui, instance: &Instance) -> Result<()> {
    if instance.role == Role::Test || ui.look().confirm.as_deref() == Some(&instance.name) {
        return Ok(());
    }
    let name = &instance.name;
    Err(Error::new(
        Kind::Refused,
        format!("`{name}` counts as a production instance: it is not frozen."),
    )
    .hint(format!(
        "if it is a test instance: lmskeep instance set {name} role test"
    ))
    .hint(format!(
        "if it is meant all the same: lmskeep freeze {name} --confirm {name}"
    )))
}

/// Says what is about to be switched off, in its order.
pub(crate) fn announce(ui: &Ui, profile: &Profile) {
    ui.say("This switches off, one after the other, each read back:");
    for (at, id) in ORDER.iter().enumerate() {
        let Some(part) = profile.parts.iter().find(|part| part.id == *id) else {
            continue;
        };
        let label = part.switch.first().map_or("switch", String::as_str);
        let which = match *id {
            MAIL => "",
            _ => " of each that is on",
        };
        ui.say(format!("  {}. {}: `{label}`{which}", at + 1, part.title));
    }
}

/// The order in which parts are switched off: what reaches people first.
const ORDER: [&str; 3] = [MAIL, CONNECTORS, PROCESSES];

/// Switches everything off; what was refused is tried once more at the end.
pub(crate) async fn freeze(tools: &Tools<'_>, instance: &Instance, rules: &Rules, began: Instant) -> Frozen {
    let turn = Turn {
        action: Action::Freeze,
        instance,
        rules,
        backup: "",
        wanted: &|_| Some(false),
    };
    let mut frozen = Frozen {
        parts: Vec::new(),
        mail_off: None,
        took: None,
        stopped: None,
    };
    for id in ORDER {
        match switching::turn(tools, &turn, id).await {
            Ok(turned) => {
                if id == MAIL && turned.is_good() {
                    frozen.mail_off = Some(began.elapsed());
                }
                say_turned(tools.ui, &turned, Said::Off);
                let lost = turned
                    .stopped
                    .as_ref()
                    .is_some_and(|error| error.kind() != Kind::Page);
                frozen.parts.push(turned);
                if lost {
                    break;
                }
            }
            Err(error) => {
                frozen.stopped = Some(error);
                break;
            }
        }
    }
    if frozen.stopped.is_none() {
        frozen.stopped = try_again(tools, &turn, &mut frozen.parts).await;
    }
    if frozen.is_whole() {
        frozen.took = Some(began.elapsed());
    }
    if let Err(error) = remember(tools, instance, &frozen).await {
        tools.ui.warn(error.message());
    }
    frozen
}

/// Remembers that the instance is frozen. What a person has said of it before says nothing of it now.
async fn remember(tools: &Tools<'_>, instance: &Instance, frozen: &Frozen) -> Result<()> {
    let before = tools.state.thawing(&instance.name).await?;
    let sent = frozen.parts.iter().any(|part| part.sent);
    let now = sent.then(|| (tools.context.clock)());
    let since = before.frozen.or(now);
    let thawing = match frozen.is_whole() {
        true => Thawing {
            frozen: since,
            ..Thawing::default()
        },
        false => Thawing {
            frozen: since,
            ..before
        },
    };
    tools.state.set_thawing(&instance.name, &thawing).await
}

/// Tries once more what the instance refused; gives the error that ended it, if any did.
async fn try_again(tools: &Tools<'_>, turn: &Turn<'_>, parts: &mut [Turned]) -> Option<Error> {
    for turned in parts.iter_mut().filter(|turned| turned.failed().next().is_some()) {
        let before = turned.failed().count();
        if let Err(error) = switching::again(tools, turn, turned).await {
            return Some(error);
        }
        if turned.failed().count() < before {
            tools.ui.say("Tried once more what was refused:");
            say_turned(tools.ui, turned, Said::Off);
        }
    }
    None
}

impl Frozen {
    /// Tells whether nothing can leave any more.
    pub(crate) fn is_whole(&self) -> bool {
        self.stopped.is_none() && self.parts.len() == ORDER.len() && self.parts.iter().all(Turned::is_good)
    }

    /// The exit code.
    pub(crate) fn exit(&self) -> Option<Exit> {
        let sent = self.parts.iter().any(|part| part.sent);
        let stopped = self.parts.iter().filter_map(|part| part.stopped.as_ref());
        let by_person = stopped
            .chain(&self.stopped)
            .any(|error| error.kind() == Kind::Stopped);
        match (self.is_whole(), sent, by_person) {
            (true, ..) => Some(Exit::Done),
            (_, true, true) => Some(Exit::Stopped),
            (_, true, false) => Some(Exit::Incomplete),
            (_, false, _) => None,
        }
    }

    /// The error of a freeze that has sent nothing.
    pub(crate) fn error(self) -> Error {
        let parts = self.parts.into_iter().filter_map(|part| part.stopped);
        let first = self.stopped.into_iter().chain(parts).next();
        first.unwrap_or_else(|| Error::new(Kind::Refused, "Nothing was switched off."))
    }
}

/// Says whether anything can still leave.
pub(crate) fn say(ui: &Ui, name: &str, frozen: &Frozen) {
    ui.say(Text::new());
    match &frozen.took {
        Some(took) => {
            ui.say(
                Text::new()
                    .toned(Tone::Good, format!("Nothing can leave {name} any more"))
                    .plain(format!(" ({} after the first request).", seconds(*took))),
            );
        }
        None => {
            ui.say(Text::new().toned(
                Tone::Bad,
                format!("{name} is not frozen: something can still leave."),
            ));
            if let Some(error) = &frozen.stopped {
                ui.warn(error.message());
            }
            ui.hint(&format!(
                "run it again, which does only what is left: lmskeep freeze {name}"
            ));
        }
    }
}

fn tell(ui: &Ui, instance: &Instance, frozen: Frozen) -> Result<Exit> {
    let name = &instance.name;
    say(ui, name, &frozen);
    let exit = frozen.exit();
    let exit_code = match (&exit, &frozen.stopped) {
        (Some(exit), _) => exit.code(),
        (None, Some(error)) => error.kind().exit_code(),
        (None, None) => Kind::Page.exit_code(),
    };
    ui.json(
        "freeze",
        &Answer {
            instance: name,
            frozen: frozen.is_whole(),
            parts: &frozen.parts,
            seconds: frozen.took.map(|took| took.as_secs_f64()),
            exit_code,
        },
    )?;
    exit.map_or_else(|| Err(frozen.error()), Ok)
}

/// A time as people say it.
pub(crate) fn seconds(time: Duration) -> String {
    match time.as_secs() {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        whole @ 10..120 => format!("{whole} s"),
        whole => format!("{} min", whole / 60),
    }
}
