//! `lmskeep secret`: the ledger of encrypted values: which there are, where their real values lie, what live carries.

mod list;
pub(crate) mod place;

use std::collections::BTreeSet;

use clap::{Args, Subcommand};
use serde::Serialize;

use crate::backup::KeyOf;
use crate::command::secret::list::list;
use crate::command::secret::place::meant;
use crate::command::words::SignInArgs;
use crate::command::{Context, Exit, access, rules, values};
use crate::error::{Error, Kind, Result};
use crate::instance::Instance;
use crate::report::Ui;
use crate::secret::Secret;
use crate::sensitive::is_mask;
use crate::state::{Lies, Place};

/// The words of `lmskeep secret`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lmskeep secret list stage
  lmskeep secret set stage CONNECTORS:connector.ftp.password
  lmskeep secret set stage CONNECTORS:connector.ftp.password --command 'op read op://lms/sftp'
  lmskeep secret set stage CONNECTORS:connector.ftp.password --proven
  lmskeep restore stage --encrypted enter   enters what is known, and asks for the rest")]
pub struct SecretArgs {
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
}

/// What can be done with encrypted values.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// List the encrypted values, where each real value lies, and what the instance carries now
    List {
        /// The instance
        name: String,

        /// Do not sign in: leave out what the instance carries now
        #[arg(long)]
        offline: bool,

        /// How to sign in.
        #[command(flatten)]
        sign_in: SignInArgs,
    },
    /// Say what the real value is, or where it lies
    Set {
        /// The instance
        name: String,

        /// The value, as `CONNECTORS:connector.ftp.password`
        #[arg(value_name = "DOCUMENT:KEY")]
        key: String,

        /// Read the value from standard input, to its end; one line end there is taken off
        #[arg(long, conflicts_with_all = ["command", "proven"])]
        stdin: bool,

        /// A command line that prints the value, run whenever it is needed
        #[arg(long, value_name = "COMMAND", conflicts_with = "proven")]
        command: Option<String>,

        /// Who can tell the value
        #[arg(long, value_name = "WHO")]
        owner: Option<String>,

        /// Report that what was entered works, as a run of what uses it has shown
        #[arg(long)]
        proven: bool,
    },
    /// Say that the LMS does not encrypt a key after all, where it was learned that it does
    Unlearn {
        /// The instance
        name: String,

        /// The key, as `SEARCH:indexer.node.handle`
        #[arg(value_name = "DOCUMENT:KEY")]
        key: String,
    },
    /// Forget the real value
    Remove {
        /// The instance
        name: String,

        /// The value, as `CONNECTORS:connector.ftp.password`
        #[arg(value_name = "DOCUMENT:KEY")]
        key: String,
    },
}

#[derive(Serialize)]
struct One<'a> {
    instance: &'a str,
    document: &'a str,
    key: &'a str,
    lies: &'static str,
}

/// No real value is larger.
const LARGEST: u64 = 1024 * 1024;

/// Lists, sets or removes.
///
/// # Errors
/// [`Kind::Usage`] for a value that nobody knows; [`Kind::SignIn`] where there is no keyring; all of reading an instance.
pub fn run(ui: &Ui, context: &Context, args: &SecretArgs) -> Result<Exit> {
    let config = context.config()?;
    context.block_on_until_stopped(async {
        match &args.verb {
            Verb::List {
                name,
                offline,
                sign_in,
            } => {
                let sign_in = (!offline).then_some(sign_in);
                list(ui, context, &config, config.instance(name)?, sign_in).await
            }
            Verb::Set {
                name,
                key,
                stdin,
                command,
                owner,
                proven,
            } => {
                let instance = config.instance(name)?;
                let archive = access::archive(context).await?;
                let rules = rules::of(context, &config, &archive, &[name]).await?;
                let place = meant(context, &rules, instance, key).await?;
                let wish = match (command, proven) {
                    (Some(line), _) => Wish::Command(line),
                    (None, true) => Wish::Proven,
                    (None, false) if *stdin => Wish::Value(from_stdin(ui)?),
                    (None, false) if owner.is_some() && !ui.look().can_ask => Wish::Owner,
                    (None, false) => {
                        if ui.look().can_ask {
                            values::can_keep(instance, &place).await?;
                        }
                        Wish::Value(ui.hidden_line(&format!("Value of {}", values::shown(&place)))?)
                    }
                };
                set(ui, context, instance, &place, wish, owner.as_deref()).await
            }
            Verb::Unlearn { name, key } => {
                let instance = config.instance(name)?;
                let archive = access::archive(context).await?;
                let rules = rules::of(context, &config, &archive, &[name]).await?;
                let place = meant(context, &rules, instance, key).await?;
                unlearn(ui, context, instance, &place, &rules::kept(&archive, name).await?).await
            }
            Verb::Remove { name, key } => {
                let instance = config.instance(name)?;
                let archive = access::archive(context).await?;
                let rules = rules::of(context, &config, &archive, &[name]).await?;
                let place = meant(context, &rules, instance, key).await?;
                remove(ui, context, instance, &place).await
            }
        }
    })
}

enum Wish<'a> {
    Value(Secret),
    Command(&'a str),
    Proven,
    Owner,
}

async fn set(
    ui: &Ui,
    context: &Context,
    instance: &Instance,
    place: &Place,
    wish: Wish<'_>,
    owner: Option<&str>,
) -> Result<Exit> {
    let state = access::state(context)?;
    let mut ledger = state.ledger(&instance.name).await?;
    let shown = values::shown(place);
    match wish {
        Wish::Value(value) => {
            if value.is_empty() {
                return Err(Error::new(
                    Kind::Usage,
                    format!("No value was given for `{shown}`."),
                ));
            }
            ui.never_show(&value);
            if is_mask(value.expose()) {
                return Err(Error::new(
                    Kind::Usage,
                    format!("What was given for `{shown}` is a mask, not a value."),
                ));
            }
            let lies = values::keep(context, instance, place, &value).await?;
            let word = match lies {
                Lies::File => "in a sealed file, since it is too large for every keyring",
                _ => "in the keyring",
            };
            let line = ledger.line(place);
            line.lies = lies;
            line.due = line.entered.is_some();
            ui.say(format!("Kept the value of {shown} {word}."));
        }
        Wish::Command(line) => {
            let before = ledger.line(place).lies.clone();
            values::remove(context, instance, place, &before).await?;
            let known = ledger.line(place);
            known.lies = Lies::Command(line.to_owned());
            known.due = known.entered.is_some();
            ui.say(format!(
                "The value of {shown} is what the command prints. It was not run."
            ));
        }
        Wish::Proven => {
            let line = ledger.line(place);
            if line.entered.is_none() {
                ui.warn(&format!(
                    "`{shown}` was not entered by lmskeep: it is noted all the same"
                ));
            }
            line.proven = Some((context.clock)());
            ui.say(format!("Noted that {shown} works."));
        }
        Wish::Owner => ui.say(format!("Noted who can tell {shown}.")),
    }
    if let Some(owner) = owner {
        ledger.line(place).owner = Some(owner.to_owned());
    }
    state.set_ledger(&instance.name, &ledger).await?;
    let lies = ledger.known(place).map_or("nowhere", |known| word(&known.lies));
    answer(ui, "secret-set", instance, place, lies)
}

/// Forgets that a key is encrypted, whatever backups remember.
async fn unlearn(
    ui: &Ui,
    context: &Context,
    instance: &Instance,
    place: &Place,
    kept: &BTreeSet<KeyOf>,
) -> Result<Exit> {
    let state = access::state(context)?;
    let mut habits = state.habits(&instance.name).await?;
    let of = KeyOf {
        document: place.document.clone(),
        key: place.key.clone(),
    };
    let pattern = values::pattern(place);
    if !habits.unlearn(&of, kept) {
        return Err(Error::new(
            Kind::Usage,
            format!("That `{pattern}` is encrypted was not learned: there is nothing to forget."),
        )
        .hint(format!(
            "a rule of your own goes before those of the program; in the configuration file: [sensitive] clear = [\"{pattern}\"]"
        )));
    }
    state.set_habits(&instance.name, &habits).await?;
    ui.say(format!(
        "{pattern} does not count as encrypted any more, until it is seen again that it is."
    ));
    answer(ui, "secret-unlearn", instance, place, "nowhere")
}

async fn remove(ui: &Ui, context: &Context, instance: &Instance, place: &Place) -> Result<Exit> {
    let state = access::state(context)?;
    let mut ledger = state.ledger(&instance.name).await?;
    let lies = ledger
        .known(place)
        .map(|known| known.lies.clone())
        .unwrap_or_default();
    let was_kept = values::remove(context, instance, place, &lies).await?;
    let was_known = ledger.forget(place);
    state.set_ledger(&instance.name, &ledger).await?;
    let shown = values::shown(place);
    match was_kept || was_known {
        true => ui.say(format!("Forgot the value of {shown}.")),
        false => ui.say(format!("Nothing was known of {shown}.")),
    }
    answer(ui, "secret-remove", instance, place, "nowhere")
}

fn answer(ui: &Ui, command: &str, instance: &Instance, place: &Place, lies: &'static str) -> Result<Exit> {
    let (document, key) = (place.document.as_str(), place.key.as_str());
    ui.json(
        command,
        &One {
            instance: &instance.name,
            document,
            key,
            lies,
        },
    )?;
    Ok(Exit::Done)
}

fn from_stdin(ui: &Ui) -> Result<Secret> {
    let bytes = ui.input_up_to(LARGEST)?;
    Secret::from_line(bytes)
        .ok_or_else(|| Error::new(Kind::Usage, "What standard input gave is not UTF-8 text."))
}

fn word(lies: &Lies) -> &'static str {
    match lies {
        Lies::Nowhere => "nowhere",
        Lies::Keyring => "keyring",
        Lies::File => "sealed file",
        Lies::Command(_) => "command",
    }
}
