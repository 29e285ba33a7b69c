//! A session that a browser has handed over: no sign-in, only the proof that it is inside.

use url::Url;

use crate::error::{Error, Kind, Result};
use crate::find::asks_for_new_password;
use crate::profile::Profile;
use crate::session::Way;
use crate::session::http::Http;
use crate::session::outside::Door;
use crate::session::sign_in::{SignedIn, opened};
use crate::state::KeptSession;

/// Visits the start page with the cookies that were handed over.
pub(super) async fn take_over(
    http: &Http,
    way: &Way,
    session: &KeptSession,
    profile: &Profile,
) -> Result<SignedIn> {
    let door = Door::of(way, profile)?;
    let answer = match http.get(&door.start, None).await {
        Err(error) if error.leads_to().is_some() => {
            return Err(not_inside(way, error.leads_to()));
        }
        other => other?,
    };
    if door.is_outside(&answer, profile) {
        return Err(not_inside(way, None));
    }
    if asks_for_new_password(&answer.page) {
        return Err(Error::new(
            Kind::SignIn,
            format!("`{}` asks for a new password first.", way.instance),
        )
        .hint("set it in the browser, and hand the session over again"));
    }
    tracing::debug!(taken = %session.taken, "a session was taken over");
    let start = opened(way, &door, answer)?;
    Ok(SignedIn {
        start,
        door,
        in_path: String::new(),
        proved: true,
    })
}

/// Says that a session is over, as it was found in the midst of a run.
pub(super) fn over(way: &Way, session: &KeptSession, leads_to: Option<&Url>) -> Error {
    let error = Error::new(
        Kind::SignIn,
        format!(
            "The session of `{}` is over: it was taken over on {}, and the instance asks to sign in again{}.",
            way.instance,
            session.taken.strftime("%Y-%m-%d at %H:%M UTC"),
            at(leads_to)
        ),
    )
    .hint(format!(
        "sign in with the browser, then `lmskeep login {} --cookies FILE`, and the same command again goes on",
        way.instance
    ));
    with_address(error, leads_to)
}

fn not_inside(way: &Way, leads_to: Option<&Url>) -> Error {
    let error = Error::new(
        Kind::SignIn,
        format!(
            "The browser's session with `{}` is over, or was never one: the instance asks to sign in{}.",
            way.instance,
            at(leads_to)
        ),
    )
    .hint(format!(
        "sign in with the browser, leave it open, and hand its cookies over: lmskeep login {} --cookies FILE",
        way.instance
    ));
    with_address(error, leads_to)
}

fn at(leads_to: Option<&Url>) -> String {
    leads_to.map_or(String::new(), |url| {
        format!(" at `{}`", url.origin().ascii_serialization())
    })
}

fn with_address(error: Error, leads_to: Option<&Url>) -> Error {
    match leads_to {
        Some(url) => error.leading_to(url.clone()),
        None => error,
    }
}
