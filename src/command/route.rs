//! The way to an instance: its settings, what flags say instead, and the password of a proxy on it.

use crate::command::Context;
use crate::command::login::Answer;
use crate::command::words::SignInArgs;
use crate::command::{Exit, access};
use crate::error::{Error, Kind, Result};
use crate::instance::{Instance, Proxy, Route, read_password_line};
use crate::report::Ui;
use crate::secret::Secret;
use crate::secret::keyring::{Entry, keyring_get, keyring_remove, keyring_set};
use crate::session::{reach, renewed};

/// Finds the way to an instance. The password of a proxy comes from the keyring, or a person is asked for it; whatever it
/// is, no output shows it from then on.
///
/// # Errors
/// [`Kind::Usage`] for a file that cannot be read; [`Kind::SignIn`] where there is no password; [`Kind::Unreachable`] for
/// one that the proxy has refused before.
pub(crate) async fn route(ui: &Ui, context: &Context, at: &Instance) -> Result<Route> {
    let mut route = at.network.route(&at.url, &context.environment.proxies)?;
    let Some(proxy) = route.proxy.as_mut() else {
        return Ok(route);
    };
    let mut typed = false;
    if let (Some(entry), None) = (proxy.entry(), &proxy.password) {
        let kept = keyring_get(&entry).await;
        typed = !matches!(kept, Ok(Some(_)));
        proxy.password = Some(match kept {
            Ok(Some(password)) => password,
            other if ui.look().can_ask => {
                if let Err(error) = other {
                    ui.note(error.message());
                }
                ui.password(&question(proxy))?
            }
            other => return Err(no_password(at, proxy, other.err())),
        });
    }
    if let Some(password) = &proxy.password {
        ui.never_show(password);
        refuse_known(ui, context, at, proxy, typed).await?;
    }
    Ok(route)
}

fn question(proxy: &Proxy) -> String {
    format!(
        "Password of `{}` at the proxy {}",
        proxy.user.as_deref().unwrap_or_default(),
        proxy.shown()
    )
}

fn no_password(at: &Instance, proxy: &Proxy, no_keyring: Option<Error>) -> Error {
    let user = proxy.user.as_deref().unwrap_or_default();
    let error = Error::new(
        Kind::SignIn,
        format!(
            "There is no password of `{user}` for the proxy `{}`, and no terminal to ask for it.",
            proxy.shown()
        ),
    );
    match no_keyring {
        Some(cause) => {
            let error = cause.hints().iter().fold(error, |error, hint| error.hint(hint));
            error.caused_by(cause.message())
        }
        None => error.hint(format!(
            "`lmskeep login {} --proxy-password` on a terminal keeps it in the keyring",
            at.name
        )),
    }
}

/// Refuses a password that the proxy has refused before (promise 7); one that a person has typed just now is tried once
/// more, if that is what they want.
async fn refuse_known(ui: &Ui, context: &Context, at: &Instance, proxy: &Proxy, typed: bool) -> Result<()> {
    let (Some(user), Some(password)) = (&proxy.user, &proxy.password) else {
        return Ok(());
    };
    let refused = access::state(context)?
        .is_refused(proxy.shown(), user, password)
        .await?;
    let Some(when) = refused.map(|when| ui.when(when)) else {
        return Ok(());
    };
    let shown = proxy.shown();
    if typed {
        ui.warn(&format!(
            "the proxy `{shown}` refused this very password on {when}."
        ));
        return ui.confirm("Try it once more?");
    }
    Err(Error::new(
        Kind::Unreachable,
        format!("The proxy `{shown}` refused this password of `{user}` on {when}: not tried again."),
    )
    .hint(renewed(proxy, &at.name)))
}

/// Proves the password of the proxy on the way to an instance, once, and keeps it in the keyring.
///
/// # Errors
/// [`Kind::Usage`] where no proxy, or nobody's name for it, is known; else as [`route`] and reaching the instance.
pub(crate) async fn login(ui: &Ui, context: &Context, at: &Instance, args: &SignInArgs) -> Result<Exit> {
    let name = &at.name;
    let mut route = at.network.route(&at.url, &context.environment.proxies)?;
    let (proxy, entry) = known(at, &mut route)?;
    // Asked first: where nothing can be kept, no password has to be typed, or sent.
    keyring_get(&entry).await?;
    let password: Secret = match args.password_stdin {
        true => read_password_line(ui.input_line()?)?.secret,
        false => ui.password(&question(proxy))?,
    };
    ui.never_show(&password);
    proxy.password = Some(password.clone());
    refuse_known(ui, context, at, proxy, true).await?;
    let (shown, user) = (proxy.shown().to_owned(), proxy.user.clone().unwrap_or_default());
    let state = access::state(context)?;
    reach(name, &at.url, &route, &state, context.clock).await?;
    state.forget_refused(&shown, &user, &password).await?;
    keyring_set(&entry, &password).await?;
    ui.say(format!(
        "The proxy {shown} lets {user} through to {name}; the password is in the keyring."
    ));
    ui.json(
        "login",
        &Answer {
            instance: name,
            way: "proxy",
            password: Some("proxy"),
            cookies: None,
            proven_at: Some(name),
        },
    )?;
    Ok(Exit::Done)
}

/// Removes the password of the proxy on the way to an instance from the keyring; `false` where there was none.
///
/// # Errors
/// As [`login`].
pub(crate) async fn logout(context: &Context, at: &Instance) -> Result<bool> {
    let mut route = at.network.route(&at.url, &context.environment.proxies)?;
    let (_, entry) = known(at, &mut route)?;
    keyring_remove(&entry).await
}

fn known<'r>(at: &Instance, route: &'r mut Route) -> Result<(&'r mut Proxy, Entry)> {
    let hint = format!("lmskeep instance set {} proxy http://USER@HOST:PORT", at.name);
    let usage = |sentence: String| Error::new(Kind::Usage, sentence).hint(hint.clone());
    let Some(proxy) = route.proxy.as_mut() else {
        return Err(usage(format!("No proxy is known on the way to `{}`.", at.name)));
    };
    let Some(entry) = proxy.entry() else {
        let sentence = format!("It is not known who signs in at the proxy `{}`.", proxy.shown());
        return Err(usage(sentence));
    };
    Ok((proxy, entry))
}
