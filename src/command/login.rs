//! `lmskeep login`: proves a password once and keeps it in the keyring; or takes a browser's session over.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use crate::command::words::SignInArgs;
use crate::command::{Context, Exit, access, browser, route};
use crate::error::Result;
use crate::instance::{Config, Instance, Password, PasswordSource, Wanted, read_password_line};
use crate::report::Ui;
use crate::report::phrase::count;
use crate::secret::keyring::{Slot, keyring_get, keyring_set, state_key};

/// The words of `lmskeep login`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lmskeep login stage                     asks for the password, tries it once, keeps it
  lmskeep login stage --after-refresh     the second one: the source's, for after the refresh
  lmskeep login stage --cookies FILE      takes over the session of a browser that is signed in:
                                          a cookies.txt, a `Cookie:` header, or what DevTools
                                          copies as cURL; `-` reads it from standard input
  lmskeep login stage --har FILE          the same from a recording
  lmskeep login stage --proxy-password    the password of the proxy on the way there")]
pub struct LoginArgs {
    /// The instance
    pub name: String,

    /// Take a browser's session over from a recording (HAR) that was exported with sensitive data
    #[arg(long, value_name = "FILE", conflicts_with_all = ["cookies", "after_refresh", "password_stdin"])]
    pub har: Option<PathBuf>,

    /// Prove the password of the proxy on the way there, and keep it in the keyring
    #[arg(long, conflicts_with_all = ["har", "cookies", "after_refresh"])]
    pub proxy_password: bool,

    /// Which password, and where it comes from.
    #[command(flatten)]
    pub sign_in: SignInArgs,
}

/// What `login --json` answers.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Answer<'a> {
    pub(crate) instance: &'a str,
    /// `native`: a password; `browser`: a session; `proxy`: the password of a proxy.
    pub(crate) way: &'a str,
    pub(crate) password: Option<&'a str>,
    pub(crate) cookies: Option<usize>,
    pub(crate) proven_at: Option<&'a str>,
}

/// Proves the password once and keeps it.
///
/// # Errors
/// [`crate::error::Kind::SignIn`] where it is refused, or cannot be kept; all others as signing in.
pub fn run(ui: &Ui, context: &Context, args: &LoginArgs) -> Result<Exit> {
    let config = context.config()?;
    let network = &args.sign_in.network;
    let instance = &network.over(config.instance(&args.name)?);
    if args.proxy_password {
        return context.block_on_until_stopped(route::login(ui, context, instance, &args.sign_in));
    }
    let means = (&args.sign_in.cookies, &args.har);
    if let (Some(file), _) | (_, Some(file)) = means {
        return take_over(ui, context, &config, instance, (file, args.har.is_some()));
    }
    let slot = if args.sign_in.after_refresh {
        Slot::AfterRefresh
    } else {
        Slot::Own
    };
    let source = match (&instance.source, slot) {
        // Only the password that holds after a refresh has to do with the source.
        (Some(name), Slot::AfterRefresh) => Some(config.instance(name).map_err(|error| {
            error.hint(format!(
                "lmskeep instance add {name} --url URL --user USER --role production"
            ))
        })?),
        _ => config.source_of(instance),
    };
    // After a refresh the password is the source's, so that it is proven there, and nowhere else.
    let source = source.map(|source| network.over(source));
    let source = source.as_ref();
    let proven_at = if slot == Slot::Own { Some(instance) } else { source };
    context.block_on_until_stopped(async {
        let account = Wanted {
            instance,
            slot,
            source,
        }
        .account()?;
        // Asked first: where nothing can be kept, no password has to be typed, or sent.
        keyring_get(&account.entry()).await?;
        let found = typed(
            ui,
            context,
            &args.sign_in,
            &account.user,
            proven_at.map_or("", |i| i.origin.as_str()),
        )?;
        if let Some(place) = proven_at {
            access::sign_in(ui, context, place, &account.user, found.clone()).await?;
        }
        keyring_set(&account.entry(), &found.secret).await?;
        if slot == Slot::Own {
            let state = access::state(context)?;
            state.set_slot(&instance.name, Slot::Own).await?;
            if state.forget_session(&instance.name).await? {
                ui.note(format!(
                    "The browser's session that was kept for {} is forgotten.",
                    instance.name
                ));
            }
        }
        let name = &instance.name;
        match proven_at.map(|i| i.name.as_str()) {
            Some(_) if slot == Slot::Own => {
                ui.say(format!("Signed in to {name}; the password is in the keyring."))
            }
            Some(place) => {
                ui.say(format!(
                    "Signed in to {place}; the password is in the keyring, for {name} after the refresh."
                ));
            }
            None => {
                ui.say(format!(
                    "The password is in the keyring, for {name} after the refresh. It was not tried anywhere."
                ));
                ui.hint(&format!(
                    "with `lmskeep instance set {name} source NAME` it can be proven at the source"
                ));
            }
        }
        let proven_at = proven_at.map(|i| i.name.as_str());
        ui.json(
            "login",
            &Answer {
                instance: name,
                way: "native",
                password: Some(slot.word()),
                cookies: None,
                proven_at,
            },
        )?;
        Ok(Exit::Done)
    })
}

/// Proves a browser's session and keeps it.
fn take_over(
    ui: &Ui,
    context: &Context,
    config: &Config,
    instance: &Instance,
    (file, is_recording): (&Path, bool),
) -> Result<Exit> {
    context.block_on_until_stopped(async {
        let handed = match is_recording {
            true => browser::read_recording(context, config, file, instance).await?,
            false => browser::read_cookies(ui, file, &instance.name).await?,
        };
        // Asked before anything is sent: where nothing can be kept, there is nothing to prove.
        let key = state_key().await?;
        let kept = browser::keep(ui, context, config, instance, (handed, key)).await?;
        let name = &instance.name;
        ui.say(format!(
            "Took the browser's session with {name} over; it is kept for the next commands ({}).",
            count(kept.cookies.len(), "cookie")
        ));
        if file != Path::new("-") {
            ui.hint(&format!(
                "whoever has `{}` has the session: delete it",
                file.display()
            ));
        }
        ui.json(
            "login",
            &Answer {
                instance: name,
                way: "browser",
                password: None,
                cookies: Some(kept.cookies.len()),
                proven_at: Some(name),
            },
        )?;
        Ok(Exit::Done)
    })
}

/// Takes the password that a person hands over now: what is kept already is not asked for.
fn typed(ui: &Ui, context: &Context, args: &SignInArgs, user: &str, origin: &str) -> Result<Password> {
    let found = if args.password_stdin {
        read_password_line(ui.input_line()?)?
    } else if let Some(secret) = context.environment.password.clone() {
        Password {
            secret,
            source: PasswordSource::Environment,
        }
    } else {
        let place = if origin.is_empty() {
            String::new()
        } else {
            format!(" at {origin}")
        };
        Password {
            secret: ui.password(&format!("Password of `{user}`{place}"))?,
            source: PasswordSource::Prompt,
        }
    };
    ui.never_show(&found.secret);
    Ok(found)
}
