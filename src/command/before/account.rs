//! The admin who signs in after the refresh: the source's account of the same name, with the source's password.

use std::collections::BTreeSet;

use crate::backup::{Backup, Document};
use crate::command::access;
use crate::command::checklist::{Desk, Found};
use crate::command::sign_in::password;
use crate::command::words::SignInArgs;
use crate::error::{Error, Kind, Result};
use crate::instance::{Password, PasswordSource, Wanted, find_password};
use crate::report::phrase::count;
use crate::secret::keyring::{Slot, keyring_get, keyring_set};
use crate::state::Round;

/// The account exists in the source, its password is proven there and kept, and it sees there what it sees here.
pub(super) async fn account(desk: &Desk<'_>, round: &Round) -> Result<Found> {
    let source = desk.source()?;
    let user = desk.instance.admin()?;
    let when = match round.proven {
        Some(when) => when,
        None => {
            prove(desk).await?;
            let now = desk.now();
            desk.change(|round| round.proven = Some(now)).await?;
            now
        }
    };
    let proof = format!(
        "`{user}` got into {} on {}; {}",
        source.name,
        desk.time(when),
        kept(desk).await?
    );
    if source.user.as_deref() != Some(user) {
        return Ok(Found::Done(format!(
            "{proof} What it may see there was not looked at: the source's backup is read by another admin."
        )));
    }
    let (own, theirs) = (
        desk.backup(round.backup.as_ref()).await?,
        desk.backup(round.source_backup.as_ref()).await?,
    );
    let (Some(own), Some(theirs)) = (own, theirs) else {
        return Ok(Found::open(
            format!("{proof} What it may see there is not known, since a backup is missing."),
            [desk.command("--skip account=WHY")],
        ));
    };
    let lacking = lacking(desk, &own, &theirs);
    if lacking.is_empty() {
        return Ok(Found::Done(format!(
            "{proof} It sees there all that it sees here."
        )));
    }
    let mut hints = lacking.clone();
    hints.push(desk.command("--skip account=WHY"));
    Ok(Found::open(
        format!(
            "{proof} After the refresh it has its role of {}, and lacks {} there.",
            source.name,
            count(lacking.len(), "permission")
        ),
        hints,
    ))
}

/// Signs in at the source as the instance's admin, and keeps the password where it can be kept.
async fn prove(desk: &Desk<'_>) -> Result<()> {
    let (source, user) = (desk.source()?, desk.instance.admin()?);
    let wanted = wanted(desk)?;
    let found = match at_hand(desk, &wanted).await {
        Some(found) => found,
        None => match password(desk.ui, desk.context, &wanted, &SignInArgs::default()).await {
            // Words of other commands would help nobody here.
            Err(error) if error.kind() == Kind::SignIn && !desk.ui.look().can_ask => {
                return Err(no_password(desk, user, error));
            }
            found => found?,
        },
    };
    desk.ui.never_show(&found.secret);
    let (from, secret) = (found.source, found.secret.clone());
    access::sign_in(desk.ui, desk.context, source, user, found).await?;
    if from != PasswordSource::Command
        && let Err(error) = keyring_set(&wanted.account()?.entry(), &secret).await
    {
        desk.ui.note(error.message());
    }
    Ok(())
}

fn no_password(desk: &Desk<'_>, user: &str, error: Error) -> Error {
    let name = &desk.instance.name;
    Error::new(
        Kind::SignIn,
        format!(
            "No password is at hand with which `{user}` gets into {}.",
            desk.source_name()
        ),
    )
    .hint(format!("lmskeep login {name} --after-refresh"))
    .hint(format!(
        "or on a terminal, where it is asked for: lmskeep before {name}"
    ))
    .caused_by(error)
}

/// Says where the password lies.
async fn kept(desk: &Desk<'_>) -> Result<String> {
    let wanted = wanted(desk)?;
    if wanted.has_command() {
        return Ok("the source's password command prints the password.".to_owned());
    }
    // Without a keyring nothing is in it.
    Ok(match keyring_get(&wanted.account()?.entry()).await {
        Ok(Some(_)) => format!(
            "the password is in the keyring, for {} after the refresh.",
            desk.instance.name
        ),
        _ => "the password is not kept: have it at hand after the refresh.".to_owned(),
    })
}

fn wanted<'a>(desk: &'a Desk<'_>) -> Result<Wanted<'a>> {
    Ok(Wanted {
        instance: desk.instance,
        slot: Slot::AfterRefresh,
        source: Some(desk.source()?),
    })
}

/// The password that holds after the refresh, or the source's own where it is the same admin's.
async fn at_hand(desk: &Desk<'_>, wanted: &Wanted<'_>) -> Option<Password> {
    let environment = &desk.context.environment;
    if let Ok(Some(found)) = find_password(wanted, environment).await {
        return Some(found);
    }
    let source = wanted
        .source
        .filter(|source| source.user == wanted.instance.user)?;
    let own = Wanted {
        instance: source,
        slot: Slot::Own,
        source: None,
    };
    // A keyring that is missing is said where the password is asked for.
    find_password(&own, environment).await.ok().flatten()
}

/// What the admin sees here and not there, and what is read-only there alone, each with the permission for it.
fn lacking(desk: &Desk<'_>, own: &Backup, theirs: &Backup) -> Vec<String> {
    let (here, there) = (parts(own, |_| true), parts(theirs, |_| true));
    let (writes_here, writes_there) = (parts(own, is_open), parts(theirs, is_open));
    let mut lacking = Vec::new();
    for part in &desk.profile.parts {
        let path = part.path.as_str();
        if here.contains(path) && !there.contains(path) {
            lacking.push(format!(
                "{} is not seen in {}: {}",
                part.title,
                desk.source_name(),
                part.permission_hint()
            ));
        } else if writes_here.contains(path) && !writes_there.contains(path) {
            lacking.push(format!(
                "{} is read-only in {}: the role may lack the permission to edit it",
                part.title,
                desk.source_name()
            ));
        }
    }
    lacking
}

fn is_open(document: &Document) -> bool {
    document.read_only.is_none()
}

fn parts(backup: &Backup, counts: impl Fn(&Document) -> bool) -> BTreeSet<&str> {
    let documents = backup.content.documents.iter().filter(|d| counts(d));
    documents
        .filter_map(|d| Some(d.path.split_once('/')?.0))
        .collect()
}
