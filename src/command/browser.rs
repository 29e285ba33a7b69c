//! Sessions that browsers hand over: read from what was copied, proven, kept.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use url::Url;

use crate::archive::Archive;
use crate::backup::{Document, marker_values};
use crate::command::{Context, access};
use crate::cookies::{Cookie, Handed, Unfit};
use crate::copies;
use crate::error::{Error, Kind, Result};
use crate::instance::{Config, Instance};
use crate::recording;
use crate::report::Ui;
use crate::report::phrase::count;
use crate::secret::Secret;
use crate::secret::keyring::{Entry, keyring_get};
use crate::session::{Means, Session};
use crate::state::KeptSession;

/// No copy of cookies is larger; what is, is another file.
const LARGEST: u64 = 4 * 1024 * 1024;
/// A shorter value guards no session.
const SHORTEST: usize = 10;
/// One of this length does even without digits.
const SURELY: usize = 24;
/// Hosts that are named in a message, at most.
const MOST_NAMED: usize = 3;

/// Reads what `--cookies FILE|-` names, for an instance.
///
/// # Errors
/// [`Kind::Usage`] where it cannot be read or understood.
pub async fn read_cookies(ui: &Ui, file: &Path, instance: &str) -> Result<Handed> {
    let typed = file.to_string_lossy();
    if typed.contains(['=', ';']) && !file.exists() {
        // Cookies that were typed in place of a file must not be shown.
        return Err(Error::new(
            Kind::Usage,
            "`--cookies` takes the name of a file, not the cookies themselves: others can see the words of a command.",
        )
        .hint("put them into a file, or hand them over by a pipe with `--cookies -`"));
    }
    let bytes = if file == Path::new("-") {
        if ui.look().can_ask {
            // A terminal cuts long lines, and shows what is pasted.
            return Err(Error::new(
                Kind::Usage,
                "With `--cookies -` the cookies come through a pipe, not from the terminal.",
            )
            .hint(format!(
                "Windows: Get-Clipboard | lmskeep login {instance} --cookies -"
            ))
            .hint(format!("macOS: pbpaste | lmskeep login {instance} --cookies -"))
            .hint(format!("Linux: wl-paste | lmskeep login {instance} --cookies -")));
        }
        ui.input_up_to(LARGEST + 1)?
    } else {
        let mut bytes = Vec::new();
        let read = File::open(file).and_then(|opened| opened.take(LARGEST + 1).read_to_end(&mut bytes));
        read.map_err(|cause| {
            Error::new(
                Kind::Usage,
                format!("The cookies in `{}` cannot be read.", file.display()),
            )
            .caused_by(cause)
        })?;
        bytes
    };
    if bytes.len() as u64 > LARGEST {
        return Err(Error::new(
            Kind::Usage,
            format!(
                "This is no copy of cookies: it has more than {} MiB.",
                LARGEST >> 20
            ),
        )
        .hint(format!(
            "a recording is handed over with `lmskeep login {instance} --har FILE`"
        )));
    }
    let handed = Handed::read(&copies::text(&bytes))?;
    for note in &handed.notes {
        ui.note(note.as_str());
    }
    Ok(handed)
}

/// Reads what a recording tells of the session with an instance.
///
/// # Errors
/// [`Kind::Usage`] where it cannot be read, or has no cookies; [`Kind::Refused`] where it is of another host.
pub async fn read_recording(
    context: &Context,
    config: &Config,
    file: &Path,
    instance: &Instance,
) -> Result<Handed> {
    let opened = File::open(file).map_err(|cause| {
        Error::new(
            Kind::Usage,
            format!("The recording `{}` cannot be read.", file.display()),
        )
        .caused_by(cause)
    })?;
    let read = recording::read(opened)
        .map_err(|error| error.hint("cookies by themselves are handed over with `--cookies FILE`"))?;
    match Handed::of_recording(&read, &instance.url) {
        Err(error) => match error.leads_to() {
            Some(url) => match whose(context, config, instance, url).await? {
                Some(other) => Err(leads_to_another(instance, &other, &error)),
                None => Err(error),
            },
            None => Err(error),
        },
        handed => handed,
    }
}

/// Makes a session of what was handed over for an instance; what belongs to other hosts is left out.
///
/// # Errors
/// [`Kind::Refused`] where it is another instance's (promise 8), [`Kind::SignIn`] where it has ended.
async fn handed_for(
    ui: &Ui,
    context: &Context,
    config: &Config,
    instance: &Instance,
    handed: Handed,
) -> Result<KeptSession> {
    let all = handed.cookies.len();
    let handed = match handed.kept_for(&instance.url, (context.clock)()) {
        Ok(handed) => handed,
        Err(unfit) => return Err(nothing_left(ui, context, config, instance, unfit).await?),
    };
    hide(ui, &handed.cookies);
    let left_out = all - handed.cookies.len();
    if left_out > 0 {
        tracing::info!("{left_out} cookies of other hosts, or ended, are left out");
    }
    Ok(KeptSession {
        origin: instance.origin.clone(),
        texts: Default::default(),
        taken: (context.clock)(),
        user_agent: handed.user_agent,
        cookies: handed.cookies,
    })
}

/// Opens a session with what was handed over for an instance, and gives what of it was used.
///
/// # Errors
/// [`Kind::Refused`] where it is another instance's (promise 8), [`Kind::SignIn`] where it has ended; as [`open`].
pub async fn open_handed(
    ui: &Ui,
    context: &Context,
    config: &Config,
    instance: &Instance,
    handed: Handed,
) -> Result<(Session, KeptSession)> {
    let beside = beside(config, instance, &handed.cookies);
    let session = handed_for(ui, context, config, instance, handed).await?;
    let means = Means::TakenOver {
        session: session.clone(),
        key: None,
    };
    match open(ui, context, config, instance, means).await {
        Ok(opened) => Ok((opened, session)),
        Err(error) => Err(match beside {
            Some(other) if error.kind() == Kind::SignIn => error.hint(format!(
                "the browser holds cookies of `{other}` as well: where signing in to `{name}` ends there, the single \
                 sign-on is the source's, as after a refresh, until SAP support puts the BIZX of `{name}` back",
                name = instance.name
            )),
            _ => error,
        }),
    }
}

/// Finds another known instance that a browser holds cookies of.
fn beside(config: &Config, instance: &Instance, cookies: &[Cookie]) -> Option<String> {
    let own = instance.url.host_str();
    let held = |host: Option<&str>| cookies.iter().any(|cookie| cookie.host.as_deref() == host);
    let mut others = config
        .instances()
        .values()
        .map(|other| (other, other.url.host_str()));
    others
        .find(|(_, host)| host.is_some() && *host != own && held(*host))
        .map(|(other, _)| other.name.clone())
}

/// The means to use the session that is kept for an instance, where one is.
///
/// # Errors
/// [`Kind::SignIn`] where the keyring does not give the key, or the session is another instance's.
pub async fn kept(ui: &Ui, context: &Context, instance: &Instance) -> Result<Option<Means>> {
    let state = access::state(context)?;
    let name = &instance.name;
    let Some(about) = state.about_session(name).await? else {
        return Ok(None);
    };
    let again =
        format!("lmskeep login {name} --cookies FILE (or `lmskeep logout {name}`, to use a password again)");
    if about.origin != instance.origin {
        return Err(Error::new(
            Kind::SignIn,
            format!(
                "The browser's session that is kept for `{name}` is with {}, not with {}.",
                about.origin, instance.origin
            ),
        )
        .hint(again));
    }
    let Some(key) = keyring_get(&Entry::state_key()).await? else {
        return Err(Error::new(
            Kind::SignIn,
            format!("The browser's session that is kept for `{name}` cannot be opened: its key is not in the keyring."),
        )
        .hint(again));
    };
    let Some(session) = state.kept_session(name, &key).await? else {
        return Ok(None);
    };
    hide(ui, &session.cookies);
    let key = Some(key);
    Ok(Some(Means::TakenOver { session, key }))
}

/// Opens a session that was taken over, and sees that it is with the instance it is said to be with.
///
/// # Errors
/// As [`Session::open`]; [`Kind::Refused`] where it has ended up at another instance (promise 8).
pub async fn open(
    ui: &Ui,
    context: &Context,
    config: &Config,
    instance: &Instance,
    means: Means,
) -> Result<Session> {
    let Means::TakenOver { session: kept, key } = &means else {
        return access::open(ui, context, instance, means).await;
    };
    let (texts, is_kept) = (kept.texts.clone(), key.is_some());
    let session = match access::open(ui, context, instance, means).await {
        Ok(session) => session,
        Err(error) => {
            let whose = match error.leads_to() {
                Some(url) => whose(context, config, instance, url).await?,
                None => None,
            };
            return Err(match whose {
                Some(other) => leads_to_another(instance, &other, &error),
                None if is_kept && error.kind() == Kind::SignIn => error.hint(format!(
                    "lmskeep logout {} forgets the browser's session, so that a password is used again",
                    instance.name
                )),
                None => error,
            });
        }
    };
    let identity = access::identity(&session, instance)?;
    access::check_identity(&identity, instance)?;
    let changed =
        |(name, text): &(&String, &String)| identity.texts.get(*name).is_some_and(|now| now != *text);
    if let Some((name, text)) = texts.iter().find(changed) {
        return Err(Error::new(
            Kind::Refused,
            format!(
                "The browser's session of `{}` has ended up elsewhere: its `{name}` was `{text}` when it was taken over, \
                 and reads `{}` now.",
                instance.name,
                identity.texts.get(name).map_or("", String::as_str)
            ),
        ));
    }
    Ok(session)
}

/// Proves a session that was handed over and keeps it for the next commands. Gives the number of its cookies.
///
/// # Errors
/// As [`open`]; [`Kind::SignIn`] where there is no keyring to keep the key in.
pub async fn keep(
    ui: &Ui,
    context: &Context,
    config: &Config,
    instance: &Instance,
    (handed, key): (Handed, Secret),
) -> Result<KeptSession> {
    let (opened, session) = open_handed(ui, context, config, instance, handed).await?;
    let kept = KeptSession {
        cookies: opened.cookies(),
        texts: access::identity(&opened, instance)?.texts,
        ..session
    };
    access::state(context)?
        .keep_session(&instance.name, &kept, &key)
        .await?;
    Ok(kept)
}

/// Whatever happens, no message shows a value that opens a session. A cookie such as `lang=en` opens none, and its value
/// may well stand in a plan.
fn hide(ui: &Ui, cookies: &[Cookie]) {
    let opens = |value: &str| {
        let has = |test: fn(&char) -> bool| value.chars().any(|c| test(&c));
        value.len() >= SHORTEST && has(char::is_ascii_digit) && !has(char::is_ascii_whitespace)
            || value.len() >= SURELY && has(char::is_ascii_uppercase) && has(char::is_ascii_lowercase)
    };
    let secret = cookies.iter().filter(|cookie| opens(cookie.value.expose()));
    secret.for_each(|cookie| ui.never_show(&cookie.value));
}

async fn nothing_left(
    ui: &Ui,
    context: &Context,
    config: &Config,
    instance: &Instance,
    unfit: Unfit,
) -> Result<Error> {
    let (name, own) = (&instance.name, instance.url.host_str().unwrap_or_default());
    let hosts = match unfit {
        Unfit::Foreign(hosts) => hosts,
        Unfit::Wrong(error) => return Ok(error),
        Unfit::Ended(ended) => {
            let when = jiff::Timestamp::from_second(ended);
            let when = when.map_or_else(|_| "long ago".to_owned(), |at| ui.when(at));
            let sentence = format!("The cookies for `{name}` have ended, the last one {when}.");
            return Ok(
                Error::new(Kind::SignIn, sentence).hint("sign in with the browser, and copy them anew")
            );
        }
    };
    for host in &hosts {
        let Ok(url) = Url::parse(&format!("https://{host}/")) else {
            continue;
        };
        if let Some(other) = whose(context, config, instance, &url).await? {
            let why = Error::new(
                Kind::Refused,
                format!("the cookies are for `{host}`, and none is for `{own}`"),
            );
            return Ok(leads_to_another(instance, &other, &why));
        }
    }
    let named: Vec<String> = hosts
        .iter()
        .take(MOST_NAMED)
        .map(|host| format!("`{host}`"))
        .collect();
    let more = hosts.len().saturating_sub(MOST_NAMED);
    let more = if more > 0 {
        format!(" and {}", count(more, "other host"))
    } else {
        String::new()
    };
    Ok(Error::new(
        Kind::Refused,
        format!(
            "None of the cookies is for `{own}`, the host of `{name}`: they are for {}{more}.",
            named.join(", ")
        ),
    )
    .hint(format!(
        "open {} in the browser, sign in, and copy the cookies of that page",
        instance.url
    )))
}

fn leads_to_another(instance: &Instance, other: &str, why: &Error) -> Error {
    let name = &instance.name;
    let why = why.message().trim_end_matches('.');
    Error::new(Kind::Refused, format!("{name}'s sign-on leads to {other}: {why}. Nothing of it is used."))
        .hint(format!(
            "after a refresh the single sign-on of `{name}` is the source's: SAP support can put its own BIZX back, or \
             open native sign-in"
        ))
}

/// Finds the known instance that an address belongs to, other than this one: by its host, or by a key that tells
/// instances apart, such as the address of its BizX or its company id, as its newest backup has it.
async fn whose(context: &Context, config: &Config, instance: &Instance, url: &Url) -> Result<Option<String>> {
    let others = || {
        config
            .instances()
            .values()
            .filter(|other| other.origin != instance.origin)
    };
    if let Some(other) = others().find(|other| other.url.host_str() == url.host_str()) {
        return Ok(Some(other.name.clone()));
    }
    let archive = access::archive(context).await?;
    if told_by_markers(context, &archive, instance, url).await? {
        return Ok(None);
    }
    for other in others() {
        if told_by_markers(context, &archive, other, url).await? {
            return Ok(Some(other.name.clone()));
        }
    }
    Ok(None)
}

async fn told_by_markers(
    context: &Context,
    archive: &Archive,
    instance: &Instance,
    url: &Url,
) -> Result<bool> {
    let Some(backup) = access::newest_ordinary(archive, &instance.name).await? else {
        return Ok(false);
    };
    let documents: &[Document] = &backup.content.documents;
    // Another instance's trouble is not this one's.
    let Ok(profile) = access::profile(context, instance) else {
        return Ok(false);
    };
    let markers = profile.identity.markers;
    Ok(marker_values(&markers, documents)
        .iter()
        .any(|value| speaks_of(value, url)))
}

/// Tells whether a marker's value is the address's host, or stands in its path or query.
fn speaks_of(value: &str, url: &Url) -> bool {
    let own_host = url.host_str().unwrap_or_default();
    let host = Url::parse(value)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned));
    let in_query = || url.query_pairs().any(|(_, part)| part == value);
    let in_path = || {
        url.path_segments()
            .is_some_and(|mut parts| parts.any(|part| part == value))
    };
    value == own_host || host.as_deref() == Some(own_host) || in_query() || in_path()
}
