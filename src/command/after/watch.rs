//! `after --wait --freeze-only`: waits, unattended, for the end of a maintenance, and lets the rest go on where it was a refresh.
//!
//! While it waits nobody signs in: it only looks whether the instance shows its sign-in form. There is one sign-in for each
//! end of a maintenance that was seen; a password that is refused is not tried again (promise 7), and ends it.

use std::time::{Duration, Instant};

use jiff::SignedDuration;

use crate::backup::Document;
use crate::command::after::{After, round};
use crate::command::before::closed;
use crate::command::sign_in::password;
use crate::command::write_back::refuse_unseen;
use crate::command::{access, freeze as freezing, route};
use crate::error::{Error, Kind, Result};
use crate::instance::{Instance, Password, PasswordSource, Wanted};
use crate::secret::keyring::Slot;
use crate::session::{Admin, Means, Session, Way};
use crate::state::Pinned;
use crate::store::Lock;

/// Looks inside at the end of one maintenance, at most: fewer than the wrong passwords that lock an admin, should each of them count.
const MOST_TRIES: usize = 4;

/// What looking at the instance came to.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Seen {
    /// It shows its sign-in form.
    Up,
    /// It does not, and why.
    Down(String),
}

/// Waits until a refresh has taken place, and leaves the session open with which that was seen.
///
/// # Errors
/// [`Kind::Refused`] where native login is known to be closed afterwards; all of signing in; [`Kind::Unreachable`] where the time
/// is up; [`Kind::Stopped`].
pub(super) async fn until_refreshed(after: &After<'_>) -> Result<()> {
    let desk = &after.desk;
    let (ui, name) = (desk.ui, &desk.instance.name);
    refuse_closed(after).await?;
    let before = own(after).await?;
    let found = at_hand(after).await?;
    let way = Way {
        instance: name.clone(),
        root: desk.instance.url.clone(),
        route: route::route(ui, desk.context, &there(after)).await?,
        means: Means::Native(Admin {
            user: desk.instance.admin()?.to_owned(),
            password: found.secret.clone(),
            typed_again: false,
        }),
    };
    freezing::announce(ui, &desk.profile);
    refuse_unseen(ui, name)?;
    let question = format!("Switch all of it off at {name}, as soon as a refresh is seen?");
    ui.confirm_write(&question, name, desk.instance.role)?;
    after.agreed.set(true);

    let began = Instant::now();
    // Since when it has not answered; and a session that has seen the end of a maintenance, and not yet what it was for.
    let mut down: Option<Instant> = None;
    let mut inside: Option<Session> = None;
    let mut tries = 0;
    let mut last: Option<Seen> = None;
    loop {
        let seen = look(after, &way).await?;
        if last.as_ref() != Some(&seen) {
            say(after, &seen, last.is_none());
        }
        match (&seen, down) {
            (Seen::Down(_), None) => down = Some(Instant::now()),
            (Seen::Up, Some(since)) => match SignedDuration::try_from(since.elapsed()) {
                Ok(lasted) if lasted < after.args.outage => {
                    desk.ui
                        .note("That was too short for a maintenance (--outage): nothing is tried.");
                    down = None;
                }
                _ => match try_once(after, &found, &before, &mut inside).await? {
                    Tried::Refreshed => return Ok(()),
                    Tried::NotRefreshed => (down, inside, tries) = (None, None, 0),
                    // It goes on not answering as it should.
                    Tried::Unsettled => tries += 1,
                },
            },
            _ => {}
        }
        last = Some(seen);
        if tries >= MOST_TRIES {
            let sentence = format!(
                "{} cannot be looked into: it is given up, and not frozen.",
                desk.instance.name
            );
            return Err(
                Error::new(Kind::Unreachable, sentence).hint(format!("lmskeep after {}", desk.instance.name))
            );
        }
        if SignedDuration::try_from(began.elapsed()).is_ok_and(|waited| waited >= after.args.give_up) {
            return Err(Error::new(
                Kind::Unreachable,
                format!("No refresh of {name} was seen; the time is up."),
            )
            .hint(format!("if it took place: lmskeep after {name} --item freeze")));
        }
        let pause = Duration::try_from(after.args.every).unwrap_or(Duration::from_secs(60));
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = desk.context.cancel.stops() => {
                return Err(Error::new(Kind::Stopped, "Stopped while waiting; nothing was switched off."));
            }
        }
    }
}

/// Where the source's configuration closes native login, no password gets in after the refresh: said before, and not then.
async fn refuse_closed(after: &After<'_>) -> Result<()> {
    let desk = &after.desk;
    let (name, source) = (&desk.instance.name, desk.source_name());
    let kept = desk.state.round(name).await?;
    let pinned = kept.and_then(|round| round.source_backup);
    let theirs = match (desk.backup(pinned.as_ref()).await?, desk.source) {
        (Some(theirs), _) => Some(theirs.content.documents.clone()),
        (None, Some(source)) => newest(after, &source.name).await?,
        (None, None) => None,
    };
    match theirs.and_then(|documents| closed(&desk.profile, &documents)) {
        Some(Some(said)) => Err(Error::new(
            Kind::Refused,
            format!("{said} in {source}, and is copied: native login is closed in {name} after the refresh, and nobody gets in unattended."),
        )
        .hint(format!("have SAP leave mail, processes and connectors off: lmskeep before {name} --case-text"))
        .hint(format!("then, with a browser's session: lmskeep after {name} --cookies FILE"))),
        Some(None) => Ok(()),
        None => {
            desk.ui.note(format!(
                "Whether native login is open in {source} is not known: where it is closed, this cannot help."
            ));
            Ok(())
        }
    }
}

/// The documents of the newest backup of an instance, of whatever kind: it is asked for one key.
async fn newest(after: &After<'_>, name: &str) -> Result<Option<Vec<Document>>> {
    let archive = &after.desk.archive;
    let listed = archive.list(Some(name)).await?;
    let Some(newest) = listed.iter().rev().find(|listed| listed.instance == name) else {
        return Ok(None);
    };
    Ok(Some(archive.get(newest).await?.content.documents))
}

/// The instance's own backup, by which a refresh is seen.
async fn own(after: &After<'_>) -> Result<Pinned> {
    let desk = &after.desk;
    let kept = desk.state.round(&desk.instance.name).await?;
    let kept = kept
        .filter(|round| round.ended.is_none())
        .and_then(|round| round.backup);
    match kept {
        Some(kept) => Ok(kept),
        None => round::pin(after).await,
    }
}

/// The password that holds after the refresh: there is nobody to ask for it later.
async fn at_hand(after: &After<'_>) -> Result<Password> {
    let desk = &after.desk;
    let wanted = Wanted {
        instance: desk.instance,
        slot: Slot::AfterRefresh,
        source: desk.source,
    };
    let found = password(desk.ui, desk.context, &wanted, &after.args.sign_in).await?;
    let user = desk.instance.admin()?;
    let origin = &desk.instance.origin;
    let Some(when) = desk.state.is_refused(origin, user, &found.secret).await? else {
        return Ok(found);
    };
    Err(Error::new(
        Kind::SignIn,
        format!(
            "{} refused this very password on {}: it is not tried again.",
            desk.instance.name,
            desk.ui.when(when)
        ),
    )
    .hint(format!("lmskeep login {} --after-refresh", desk.instance.name)))
}

/// The instance, reached as the words of this run say.
fn there(after: &After<'_>) -> Instance {
    after.args.sign_in.network.over(after.desk.instance)
}

async fn look(after: &After<'_>, way: &Way) -> Result<Seen> {
    let desk = &after.desk;
    let knocking = Session::knock(way, &desk.profile);
    match desk.context.until_stopped(knocking).await {
        Ok(()) => Ok(Seen::Up),
        Err(error) if error.kind() == Kind::Stopped => Err(error),
        Err(error) => Ok(Seen::Down(error.message().to_owned())),
    }
}

fn say(after: &After<'_>, seen: &Seen, first: bool) {
    let desk = &after.desk;
    let (name, now) = (&desk.instance.name, desk.time(desk.now()));
    desk.ui.note(match (seen, first) {
        (Seen::Up, true) => format!("{now}: {name} answers. Waiting for a maintenance to begin and to end."),
        (Seen::Up, false) => format!("{now}: {name} answers again."),
        (Seen::Down(why), _) => format!("{now}: {name} cannot be signed in to. {why}"),
    });
    if first && *seen == Seen::Up {
        desk.ui.hint(&format!(
            "if the refresh is over already: lmskeep after {name} --item freeze"
        ));
    }
}

/// What a look inside came to.
enum Tried {
    /// There was a refresh: the session is kept for what follows.
    Refreshed,
    /// There was none.
    NotRefreshed,
    /// Nobody knows yet: the instance does not answer as it should.
    Unsettled,
}

/// Signs in once, unless that was done; looks whether a refresh has taken place.
async fn try_once(
    after: &After<'_>,
    found: &Password,
    before: &Pinned,
    inside: &mut Option<Session>,
) -> Result<Tried> {
    let desk = &after.desk;
    let session = match inside.take() {
        Some(session) => session,
        None => match sign_in(after, found).await? {
            Some(session) => session,
            None => return Ok(Tried::Unsettled),
        },
    };
    let own = desk.backup(Some(before)).await?;
    let documents = own.map(|own| own.content.documents.clone()).unwrap_or_default();
    match round::looks_with(after, &session, &documents).await {
        Ok(Some(why)) => {
            *after.why.borrow_mut() = Some(why);
            // Nothing is in it yet: no item has asked for it.
            let _kept = after.session.set(session);
            Ok(Tried::Refreshed)
        }
        Ok(None) => {
            desk.ui.note(format!(
                "Nothing shows that {} was refreshed. Waiting for the next maintenance.",
                desk.instance.name
            ));
            Ok(Tried::NotRefreshed)
        }
        Err(error) if matches!(error.kind(), Kind::Unreachable | Kind::Page) => {
            desk.ui.warn(error.message());
            *inside = Some(session);
            Ok(Tried::Unsettled)
        }
        Err(error) => Err(error),
    }
}

/// Signs in with the password that holds after the refresh; nothing where the instance fails meanwhile.
async fn sign_in(after: &After<'_>, found: &Password) -> Result<Option<Session>> {
    let desk = &after.desk;
    let (instance, user) = (desk.instance, desk.instance.admin()?);
    let found = Password {
        secret: found.secret.clone(),
        source: PasswordSource::Command,
    };
    after.began.set(Instant::now());
    let there = there(after);
    let signing_in = access::sign_in(desk.ui, desk.context, &there, user, found);
    let session = match desk.context.until_stopped(signing_in).await {
        Ok(session) => session,
        Err(error) if error.kind() == Kind::Unreachable => {
            desk.ui.warn(error.message());
            return Ok(None);
        }
        Err(error) => {
            return Err(error
                .hint(format!(
                    "nobody watches {} any more, and it is not frozen: a refused password is tried once",
                    instance.name
                ))
                .hint(format!(
                    "look whether it was refreshed: lmskeep after {}",
                    instance.name
                )));
        }
    };
    access::check_identity(&access::identity(&session, instance)?, instance)?;
    desk.state.set_slot(&instance.name, Slot::AfterRefresh).await?;
    Ok(Some(session))
}

/// The lock of the instance; somebody who holds it at a question is waited for.
pub(super) async fn locked(after: &After<'_>) -> Result<Lock> {
    let desk = &after.desk;
    let mut warned = false;
    loop {
        match desk.state.lock(&desk.instance.name) {
            Ok(lock) => return Ok(lock),
            Err(error) if !warned => {
                desk.ui.warn(&format!(
                    "{} It cannot be frozen before that run ends: waiting for it.",
                    error.message()
                ));
                warned = true;
            }
            Err(_) => {}
        }
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(2)) => {}
            () = desk.context.cancel.stops() => {
                return Err(Error::new(Kind::Stopped, "Stopped while waiting; nothing was switched off."));
            }
        }
    }
}
