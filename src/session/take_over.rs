//! A session that a browser has handed over: no sign-in, only the proof that it is inside.

use url::Url;

use crate::error::{Error, Kind, Result};
use crate::find::asks_for_new_password;
use crate::page::{Content, Page};
use crate::profile::Profile;
use crate::session::http::{Answer, Http};
use crate::session::outside::Door;
use crate::session::sign_in::{SignedIn, opened};
use crate::session::{Means, Session, Way};
use crate::state::KeptSession;

/// Letters of a notice that are quoted.
const MOST_QUOTED: usize = 160;

/// Visits the start page with the cookies that were handed over.
pub(super) async fn take_over(
    http: &Http,
    way: &Way,
    (session, is_kept): (&KeptSession, bool),
    profile: &Profile,
) -> Result<SignedIn> {
    let door = Door::of(way, profile)?;
    let answer = match outside(http, &door, profile).await? {
        Ok(answer) => answer,
        // It was proven when it was handed over.
        Err(sign) if is_kept => return Err(over(way, session, &sign)),
        Err(sign) => {
            let error = Error::new(
                Kind::SignIn,
                format!(
                    "The browser's session with `{}` is over, or was never one: {}.",
                    way.instance, sign.words
                ),
            );
            let error = sign.on(error).hint(format!(
                "sign in with the browser, leave it open, and hand its cookies over: lmskeep login {} --cookies FILE",
                way.instance
            ));
            return Err(match &session.user_agent {
                Some(_) => error,
                None => error.hint(
                    "if it is still open: some sessions are tied to the browser's User-Agent, which a line copied as cURL has",
                ),
            });
        }
    };
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

/// How it shows that a session is over.
#[derive(Debug)]
pub(super) struct Sign {
    words: String,
    leads_to: Option<Url>,
}

impl Sign {
    /// The instance leads to a sign-on elsewhere.
    pub(super) fn elsewhere(url: &Url) -> Self {
        Self {
            words: format!(
                "the instance asks to sign in at `{}`",
                url.origin().ascii_serialization()
            ),
            leads_to: Some(url.clone()),
        }
    }

    /// The instance shows its sign-in page.
    pub(super) fn asked() -> Self {
        Self {
            words: "the instance asks to sign in".to_owned(),
            leads_to: None,
        }
    }

    fn notice(page: &Page) -> Self {
        let said = page.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let said: String = said.chars().take(MOST_QUOTED).collect();
        Self {
            words: match said.is_empty() {
                true => "the instance shows an empty page".to_owned(),
                false => format!("the instance only says `{said}`"),
            },
            leads_to: None,
        }
    }

    fn on(&self, error: Error) -> Error {
        match &self.leads_to {
            Some(url) => error.leading_to(url.clone()),
            None => error,
        }
    }
}

/// Visits the start page, and tells by what sign it is not for somebody who is inside.
pub(super) async fn outside(
    http: &Http,
    door: &Door,
    profile: &Profile,
) -> Result<std::result::Result<Answer, Sign>> {
    let answer = match http.get(&door.start, None).await {
        Err(error) => match error.leads_to() {
            Some(url) => return Ok(Err(Sign::elsewhere(url))),
            None => return Err(error),
        },
        Ok(answer) => answer,
    };
    Ok(if door.is_outside(&answer, profile) {
        Err(Sign::asked())
    } else if is_silent(&answer.page) {
        Err(Sign::notice(&answer.page))
    } else {
        Ok(answer)
    })
}

/// Tells whether a page for people has nothing on it that leads on: a notice.
pub(super) fn is_silent(page: &Page) -> bool {
    let leads = !page.links.is_empty() || !page.frames.is_empty() || !page.scripts.is_empty();
    let asks = !page.forms.is_empty() || !page.loose.is_empty();
    page.content == Content::Html && page.cut.is_none() && !leads && !asks
}

/// Says that a session is over, as it was found in the midst of a run.
pub(super) fn over(way: &Way, session: &KeptSession, sign: &Sign) -> Error {
    let error = Error::new(
        Kind::SignIn,
        format!(
            "The session of `{}` is over, which was taken over from a browser on {}: {}.",
            way.instance,
            session.taken.strftime("%Y-%m-%d at %H:%M UTC"),
            sign.words
        ),
    )
    .hint(format!(
        "sign in with the browser, then `lmskeep login {} --cookies FILE` (or `--cookies FILE` again); the same command \
         again goes on",
        way.instance
    ));
    sign.on(error)
}

impl Session {
    /// Keeps what the instance has changed in a session that was taken over and is kept.
    pub(super) async fn keep(&self) -> Result<()> {
        let Means::TakenOver {
            session,
            key: Some(key),
        } = &self.way.means
        else {
            return Ok(());
        };
        let mut kept = self.kept.lock().await;
        let changes = self.http.jar().changes();
        let about = match *kept == changes {
            true => return Ok(()),
            false => self.state.about_session(&self.way.instance).await?,
        };
        // Another may have been handed over meanwhile, or this one given up.
        if about.is_some_and(|about| about.taken == session.taken) {
            let session = KeptSession {
                cookies: self.cookies(),
                ..session.clone()
            };
            self.state.keep_session(&self.way.instance, &session, key).await?;
        }
        *kept = changes;
        Ok(())
    }

    /// Where a page of a session that was taken over is a bare notice, the start page tells whether the session is over.
    pub(super) async fn see_that_it_lasts(&self, page: &Page) -> Result<()> {
        let Means::TakenOver { session, .. } = &self.way.means else {
            return Ok(());
        };
        if !is_silent(page) {
            return Ok(());
        }
        match outside(&self.http, &self.door, &self.profile).await? {
            Ok(_) => Ok(()),
            Err(sign) => Err(over(&self.way, session, &sign)),
        }
    }
}
