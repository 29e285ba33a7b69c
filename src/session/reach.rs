//! Whether an instance can be reached at all, whatever it answers.

use jiff::Timestamp;
use url::Url;

use crate::error::{Kind, Result};
use crate::instance::Route;
use crate::session::http::Http;
use crate::session::jar::Jar;
use crate::state::State;

/// Asks an instance for its root by this route; any page proves that the way is open.
///
/// # Errors
/// [`Kind::Unreachable`] where no answer comes; a password that a proxy refuses is remembered.
pub async fn reach(
    instance: &str,
    root: &Url,
    route: &Route,
    state: &State,
    clock: fn() -> Timestamp,
) -> Result<()> {
    let http = Http::new((instance, root), route, Jar::default(), None)?;
    match http.get(root, None).await {
        Err(error) if error.kind() == Kind::Page => Ok(()),
        Err(error) => {
            remember_refused(&http, route, state, clock).await?;
            Err(error)
        }
        Ok(_) => Ok(()),
    }
}

/// Remembers a password that a proxy has just refused, so that no later command sends it again.
pub(super) async fn remember_refused(
    http: &Http,
    route: &Route,
    state: &State,
    clock: fn() -> Timestamp,
) -> Result<()> {
    let Some(proxy) = route.proxy.as_ref().filter(|_| http.is_refused_by_proxy()) else {
        return Ok(());
    };
    match (&proxy.user, &proxy.password) {
        (Some(user), Some(password)) => {
            state
                .remember_refused(proxy.shown(), user, password, clock())
                .await
        }
        _ => Ok(()),
    }
}
