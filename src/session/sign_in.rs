//! Native sign-in: the form is read and sent back whole, once.

use std::collections::VecDeque;

use jiff::Timestamp;
use reqwest::StatusCode;
use url::Url;

use crate::error::{Error, Kind, Result};
use crate::find::{Fields, SignInForm, asks_for_new_password, shown_path, sign_in_form, waits_for_scripts};
use crate::instance::Cancel;
use crate::page::{Edits, Page};
use crate::profile::{Profile, SignIn};
use crate::session::failure::Failure;
use crate::session::http::{Answer, Http};
use crate::session::outside::{Door, session_in_path, with_session};
use crate::session::{Admin, Way, token};
use crate::state::State;

/// Pages that are read at most to find the sign-in form: its page, and frames.
const MOST_FRAMES: usize = 8;

/// What a sign-in has led to.
#[derive(Debug)]
pub(super) struct SignedIn {
    /// The page that is shown first.
    pub(super) start: Page,
    /// What tells pages outside from those inside.
    pub(super) door: Door,
    /// The session that addresses carry in their path, or nothing.
    pub(super) in_path: String,
    /// Whether the start page shows more than anybody may see.
    pub(super) proved: bool,
}

/// Signs in and visits the start page.
pub(super) async fn sign_in(
    http: &Http,
    (way, admin): (&Way, &Admin),
    profile: &Profile,
    state: &State,
    (clock, cancel): (fn() -> Timestamp, &Cancel),
) -> Result<SignedIn> {
    let origin = way.root.origin().ascii_serialization();
    refuse_known(way, admin, state, &origin).await?;
    let (page, found) = sign_in_page(http, way, profile).await?;
    let door = Door {
        fields: Some(Fields::of(&page, &found)),
        ..Door::of(way, profile)?
    };
    // From here on the answer must be remembered, whoever wants to stop; and another program that has the same password
    // must wait for it, and look.
    let _held = cancel.hold();
    let _turn = state.sign_in_turn(&origin, &admin.user).await?;
    refuse_known(way, admin, state, &origin).await?;
    let answer = send(http, (way, admin), profile, (&page, &found)).await?;
    match Judged::of(&answer, &door, profile) {
        Judged::Refused => return Err(remember_refused((way, admin), state, clock).await?),
        Judged::NewPassword => return Err(new_password(way, admin)),
        Judged::NotTaken => return Err(not_taken(way, answer.status.as_u16())),
        Judged::Inside => {}
    }
    let in_path = session_in_path(&answer.page.url).unwrap_or_default().to_owned();
    let start = start_page(http, &door, answer, &in_path).await?;
    // Whatever keeps the admin out: the password is not tried again without a person.
    if door.is_outside(&start, profile) {
        let refused = remember_refused((way, admin), state, clock).await?;
        return Err(refused
            .hint("if it is right: sign in with a browser, where a notice may have to be confirmed first"));
    }
    if asks_for_new_password(&start.page) {
        return Err(new_password(way, admin));
    }
    let start = opened(way, &door, start)?;
    if admin.typed_again {
        state
            .forget_refused(&origin, &admin.user, &admin.password)
            .await?;
    }
    let proved = start.links.iter().any(|link| link.url.path() != door.page.path());
    Ok(SignedIn {
        start,
        door,
        in_path,
        proved,
    })
}

/// Refuses a password that was refused before (promise 7).
async fn refuse_known(way: &Way, admin: &Admin, state: &State, origin: &str) -> Result<()> {
    if admin.typed_again {
        return Ok(());
    }
    match state.is_refused(origin, &admin.user, &admin.password).await? {
        Some(when) => Err(refused_before(way, admin, when)),
        None => Ok(()),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Judged {
    Refused,
    NewPassword,
    NotTaken,
    Inside,
}

impl Judged {
    fn of(answer: &Answer, door: &Door, profile: &Profile) -> Self {
        let page = &answer.page;
        let status = answer.status;
        let asks_again = || !matches!(sign_in_form(page, &profile.sign_in), Ok(None));
        if status == StatusCode::UNAUTHORIZED || status == StatusCode::FORBIDDEN {
            Judged::Refused
        } else if status.is_client_error() {
            Judged::NotTaken
        } else if door.fields.as_ref().is_some_and(|fields| fields.stand_in(page)) || asks_again() {
            Judged::Refused
        } else if asks_for_new_password(page) {
            Judged::NewPassword
        } else {
            Judged::Inside
        }
    }
}

/// Reads the sign-in page and finds its form, in the page or in one of its frames.
pub(super) async fn sign_in_page(http: &Http, way: &Way, profile: &Profile) -> Result<(Page, SignInForm)> {
    let address = join(&way.root, &profile.sign_in.page)?;
    let mut queue = VecDeque::from([address.clone()]);
    let mut read = 0;
    while let Some(url) = queue.pop_front() {
        let answer = match http.get(&url, None).await {
            Err(e) if e.kind() == Kind::Page && read == 0 => {
                return Err(closed(way, &profile.sign_in, &address).caused_by(e));
            }
            Err(e) if e.kind() == Kind::Page => continue,
            other => other?,
        };
        let page = answer.page;
        if let Some(why) = &page.cut {
            return Err(Error::new(
                Kind::Page,
                format!("The sign-in page `{}` was cut off: {why}.", shown_path(&url)),
            ));
        }
        let found = sign_in_form(&page, &profile.sign_in).map_err(|unclear| {
            Error::new(
                Kind::Page,
                format!(
                    "The sign-in page `{}` {}: not guessed.",
                    shown_path(&url),
                    unclear.sentence
                ),
            )
            .hint("a profile of your own can name the fields of the sign-in form")
        })?;
        if let Some(found) = found {
            return Ok((page, found));
        }
        if waits_for_scripts(&page) {
            let error = closed(way, &profile.sign_in, &address);
            return Err(error.hint("that page is built by a script, which only a browser runs"));
        }
        read += 1;
        let frames = page
            .frames
            .iter()
            .map(|frame| &frame.url)
            .filter(|url| url.origin() == page.url.origin());
        queue.extend(frames.take(MOST_FRAMES.saturating_sub(read)).cloned());
    }
    Err(closed(way, &profile.sign_in, &address))
}

async fn send(
    http: &Http,
    (way, admin): (&Way, &Admin),
    profile: &Profile,
    (page, found): (&Page, &SignInForm),
) -> Result<Answer> {
    let form = &page.forms[found.form];
    let edits = Edits::new()
        .set(found.user, &admin.user)
        .set(found.password, admin.password.expose());
    let extra = token::fields(http, &profile.token, page, form, None).await?;
    let request = form.request(&edits, found.button, &extra)?;
    let answer = match http.send(&request, &page.url).await {
        Ok(answer) => answer,
        Err(Failure::Elsewhere(target)) => {
            return Err(Error::new(
                Kind::SignIn,
                format!(
                    "Signing in to `{}` leads away, to `{}`: not followed.",
                    way.instance,
                    target.origin().ascii_serialization()
                ),
            ));
        }
        Err(other) => return Err(http.in_words(other, &request.url).await),
    };
    http.settled(answer).await
}

/// Visits the start page: it opens all others, and shows that the session is inside. Where there is none, the page
/// that signing in has led to takes its place.
async fn start_page(http: &Http, door: &Door, after: Answer, in_path: &str) -> Result<Answer> {
    let address = match in_path {
        "" => door.start.clone(),
        session => with_session(&door.start, session),
    };
    if after.page.url == address {
        return Ok(after);
    }
    let answer = http.get(&address, Some(&after.page.url)).await?;
    let shows = !after.page.links.is_empty() || !after.page.frames.is_empty();
    match answer.status {
        StatusCode::NOT_FOUND if after.status.is_success() && shows => Ok(after),
        _ => Ok(answer),
    }
}

/// Takes the start page of an answer that is whole.
pub(super) fn opened(way: &Way, door: &Door, answer: Answer) -> Result<Page> {
    if !answer.status.is_success() {
        let status = answer.status.as_u16();
        return Err(Error::new(
            Kind::Page,
            format!(
                "The start page `{}` of `{}` does not open (status {status}).",
                shown_path(&door.start),
                way.instance
            ),
        ));
    }
    match &answer.page.cut {
        Some(why) => Err(Error::new(
            Kind::Page,
            format!("The start page of `{}` was cut off: {why}.", way.instance),
        )),
        None => Ok(answer.page),
    }
}

/// Remembers that a password did not let its admin in, and says so.
///
/// # Errors
/// [`Kind::Archive`] where it cannot be remembered.
pub(super) async fn remember_refused(
    (way, admin): (&Way, &Admin),
    state: &State,
    clock: fn() -> Timestamp,
) -> Result<Error> {
    let origin = way.root.origin().ascii_serialization();
    state
        .remember_refused(&origin, &admin.user, &admin.password, clock())
        .await?;
    Ok(refused(way, admin))
}

pub(super) fn join(root: &Url, address: &str) -> Result<Url> {
    root.join(address).map_err(|e| {
        Error::new(
            Kind::Page,
            format!("`{address}` is not an address of this instance."),
        )
        .caused_by(e)
    })
}

fn not_taken(way: &Way, status: u16) -> Error {
    Error::new(
        Kind::SignIn,
        format!(
            "`{}` did not take the sign-in form (status {status}).",
            way.instance
        ),
    )
}

fn refused(way: &Way, admin: &Admin) -> Error {
    Error::new(
        Kind::SignIn,
        format!("`{}` refused the password of `{}`.", way.instance, admin.user),
    )
    .hint(format!(
        "lmskeep login {} (it is not tried again before a person types one)",
        way.instance
    ))
    .hint(format!(
        "after a refresh the password is the source's: lmskeep login {} --after-refresh",
        way.instance
    ))
}

fn refused_before(way: &Way, admin: &Admin, when: Timestamp) -> Error {
    Error::new(
        Kind::SignIn,
        format!(
            "`{}` refused this password of `{}` on {}: not tried again.",
            way.instance,
            admin.user,
            when.strftime("%Y-%m-%d at %H:%M UTC")
        ),
    )
    .hint(format!(
        "lmskeep login {} (the fifth wrong password locks an admin)",
        way.instance
    ))
    .hint(
        "where there is no keyring: the same command on a terminal, without `LMSKEEP_PASSWORD`, asks for one",
    )
}

fn new_password(way: &Way, admin: &Admin) -> Error {
    Error::new(
        Kind::SignIn,
        format!(
            "`{}` asks `{}` for a new password first.",
            way.instance, admin.user
        ),
    )
    .hint(format!(
        "set it in a browser, then: lmskeep login {}",
        way.instance
    ))
}

fn closed(way: &Way, rules: &SignIn, address: &Url) -> Error {
    let error = Error::new(
        Kind::SignIn,
        format!(
            "`{}` offers no native sign-in at `{}`.",
            way.instance,
            shown_path(address)
        ),
    );
    let error = error.hint(format!(
        "sign in with a browser, and hand its session over: lmskeep login {} --cookies FILE (docs/ways-in.md)",
        way.instance
    ));
    match &rules.closed {
        Some(hint) => error.hint(hint.clone()),
        None => error,
    }
}
