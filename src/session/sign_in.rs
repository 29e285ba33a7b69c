//! Native sign-in: the form is read and sent back whole, once.

use jiff::Timestamp;
use reqwest::StatusCode;
use url::Url;

use crate::error::{Error, Kind, Result};
use crate::find::{Fields, SignInForm, asks_for_new_password, sign_in_form};
use crate::page::{Edits, Page};
use crate::profile::{Profile, SignIn};
use crate::session::http::{Answer, Failure, Http};
use crate::session::{Way, token};
use crate::state::State;

/// Tells whether a page shows what those see who are not signed in: the fields of the sign-in form, or none of the
/// links that every page inside has.
pub(super) fn is_outside(page: &Page, rules: &SignIn, fields: &Fields) -> bool {
    let lacks = |part: &String| !page.links.iter().any(|l| l.raw_href.contains(part));
    fields.stand_in(page) || rules.inside.as_ref().is_some_and(lacks)
}

/// Signs in and answers the start page, and the fields by which a page outside is known.
pub(super) async fn sign_in(
    http: &Http,
    way: &Way,
    profile: &Profile,
    state: &State,
    clock: fn() -> Timestamp,
) -> Result<(Page, Fields)> {
    let origin = way.root.origin().ascii_serialization();
    if !way.typed_again
        && let Some(when) = state.is_refused(&origin, &way.user, &way.password).await?
    {
        return Err(refused_before(way, when));
    }
    let page = sign_in_page(http, way, profile).await?;
    let found = sign_in_form(&page, &profile.sign_in).ok_or_else(|| closed(way, &profile.sign_in, &page.url))?;
    let fields = Fields::of(&page, &found);
    let answer = send(http, way, profile, (&page, &found)).await?;
    let after = Judged::of(&answer, &fields);
    if after == Judged::Refused {
        state
            .remember_refused(&origin, &way.user, &way.password, clock())
            .await?;
        return Err(refused(way));
    }
    if answer.status.is_client_error() {
        return Err(not_taken(way, answer.status.as_u16()));
    }
    if after == Judged::NewPassword {
        return Err(new_password(way));
    }
    let start = start_page(http, way, profile, &fields, answer).await?;
    if way.typed_again {
        state.forget_refused(&origin, &way.user, &way.password).await?;
    }
    Ok((start, fields))
}

#[derive(Debug, PartialEq, Eq)]
enum Judged {
    Refused,
    NewPassword,
    Inside,
}

impl Judged {
    fn of(answer: &Answer, fields: &Fields) -> Self {
        // Some answer with status 200, some with 401 or 403: the form that asks again tells.
        if fields.stand_in(&answer.page) || answer.status == StatusCode::UNAUTHORIZED {
            Judged::Refused
        } else if asks_for_new_password(&answer.page) {
            Judged::NewPassword
        } else {
            Judged::Inside
        }
    }
}

async fn sign_in_page(http: &Http, way: &Way, profile: &Profile) -> Result<Page> {
    let address = join(&way.root, &profile.sign_in.page)?;
    let answer = http.get(&address, None).await.map_err(|e| match e.kind() {
        Kind::Page => closed(way, &profile.sign_in, &address).caused_by(e),
        _ => e,
    })?;
    if let Some(why) = &answer.page.cut {
        return Err(Error::new(
            Kind::Page,
            format!("The sign-in page `{}` was cut off: {why}.", address.path()),
        ));
    }
    Ok(answer.page)
}

async fn send(
    http: &Http,
    way: &Way,
    profile: &Profile,
    (page, found): (&Page, &SignInForm),
) -> Result<Answer> {
    let form = &page.forms[found.form];
    let edits = Edits::new()
        .set(found.user, &way.user)
        .set(found.password, way.password.expose());
    let extra = token::fields(http, &profile.token, page, form, None).await?;
    let request = form.request(&edits, found.button, &extra)?;
    http.send(&request, &page.url)
        .await
        .map_err(|failure| match failure {
            Failure::Elsewhere(target) => Error::new(
                Kind::SignIn,
                format!(
                    "Signing in to `{}` leads away, to `{}`: not followed.",
                    way.instance,
                    target.origin().ascii_serialization()
                ),
            ),
            other => other.in_words(&request.url),
        })
}

/// Visits the start page: it opens all others, and shows that the session is inside.
async fn start_page(
    http: &Http,
    way: &Way,
    profile: &Profile,
    fields: &Fields,
    after: Answer,
) -> Result<Page> {
    let address = join(&way.root, &profile.sign_in.start)?;
    let answer = if after.page.url == address {
        after
    } else {
        http.get(&address, Some(&after.page.url)).await?
    };
    if is_outside(&answer.page, &profile.sign_in, fields) {
        return Err(Error::new(
            Kind::SignIn,
            format!(
                "Signing in to `{}` was not refused, but did not lead inside either.",
                way.instance
            ),
        )
        .hint("sign in with a browser: a notice may have to be confirmed there first"));
    }
    if asks_for_new_password(&answer.page) {
        return Err(new_password(way));
    }
    if !answer.status.is_success() {
        let status = answer.status.as_u16();
        return Err(Error::new(
            Kind::Page,
            format!(
                "The start page `{}` of `{}` does not open (status {status}).",
                address.path(),
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

fn join(root: &Url, address: &str) -> Result<Url> {
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

fn refused(way: &Way) -> Error {
    Error::new(
        Kind::SignIn,
        format!("`{}` refused the password of `{}`.", way.instance, way.user),
    )
    .hint(format!(
        "lmskeep login {} (it is not tried again before a person types one)",
        way.instance
    ))
    .hint(format!("after a refresh the password is the source's: lmskeep login {} --after-refresh", way.instance))
}

fn refused_before(way: &Way, when: Timestamp) -> Error {
    Error::new(
        Kind::SignIn,
        format!(
            "`{}` refused this password of `{}` on {}: not tried again.",
            way.instance,
            way.user,
            when.strftime("%Y-%m-%d at %H:%M UTC")
        ),
    )
    .hint(format!(
        "lmskeep login {} (the fifth wrong password locks an admin)",
        way.instance
    ))
}

fn new_password(way: &Way) -> Error {
    Error::new(
        Kind::SignIn,
        format!("`{}` asks `{}` for a new password first.", way.instance, way.user),
    )
    .hint(format!("set it in a browser, then: lmskeep login {}", way.instance))
}

fn closed(way: &Way, rules: &SignIn, address: &Url) -> Error {
    let error = Error::new(
        Kind::SignIn,
        format!("`{}` offers no native sign-in at `{}`.", way.instance, address.path()),
    );
    match &rules.closed {
        Some(hint) => error.hint(hint.clone()),
        None => error,
    }
}
