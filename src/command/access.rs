//! What the verbs that talk to an instance share: its profile, its session, its documents, the archive and the state.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;

use crate::archive::spec::{Resolved, Spec, Which, resolve};
use crate::archive::{Archive, Listed};
use crate::backup::{Backup, BackupKind, Document, Identity};
use crate::capture::{Captured, Wishes, capture};
use crate::command::profiles::Profiles;
use crate::command::sign_in::password;
use crate::command::words::{SelectionArgs, SignInArgs};
use crate::command::{Context, browser, marker, route};
use crate::error::{Error, Kind, Question, Result};
use crate::find::Answers;
use crate::instance::{Config, Instance, Password, PasswordSource, Reference, Setting, Wanted};
use crate::page::select_text;
use crate::profile::Profile;
use crate::progress;
use crate::properties::Properties;
use crate::report::{Progress, Ui};
use crate::secret::keyring::Slot;
use crate::selection::Selection;
use crate::session::{Admin, Means, Session, Way};
use crate::state::State;
use crate::store::Store;

/// Opens the archive.
///
/// # Errors
/// [`Kind::Archive`] where it is damaged or cannot be reached.
pub async fn archive(context: &Context) -> Result<Archive> {
    Archive::open(Store::local(&context.home.archive)?).await
}

/// Opens the state.
///
/// # Errors
/// [`Kind::Archive`] where its folder cannot be made.
pub fn state(context: &Context) -> Result<State> {
    Ok(State::open(Store::local(&context.home.state)?))
}

/// Loads the profile an instance's pages are read with.
///
/// # Errors
/// [`Kind::Usage`] with line and reason.
pub fn profile(context: &Context, instance: &Instance) -> Result<Profile> {
    Ok(Profiles::of(context).of_instance(instance)?.profile)
}

/// Opens a session: with the cookies that were handed over, with a browser's session that is kept, or with the password
/// that is in force, the instance's own or the one that holds after a refresh.
///
/// # Errors
/// As [`Session::open`], and where there is no password.
pub async fn session(
    ui: &Ui,
    context: &Context,
    config: &Config,
    instance: &Instance,
    args: &SignInArgs,
) -> Result<Session> {
    let instance = &args.network.over(instance);
    if let Some(file) = &args.cookies {
        let handed = browser::read_cookies(ui, file, &instance.name).await?;
        let (session, _) = browser::open_handed(ui, context, config, instance, handed).await?;
        return Ok(session);
    }
    // A password that is handed over now was meant.
    if !args.after_refresh
        && !args.password_stdin
        && let Some(means) = browser::kept(ui, context, instance).await?
    {
        return browser::open(ui, context, config, instance, means).await;
    }
    let state = state(context)?;
    let slot = if args.after_refresh {
        Slot::AfterRefresh
    } else {
        state.slot(&instance.name).await?
    };
    let session = session_with(ui, context, config, instance, args, slot).await?;
    if args.after_refresh {
        state.set_slot(&instance.name, Slot::AfterRefresh).await?;
    }
    Ok(session)
}

/// Signs in with one of the two passwords.
///
/// # Errors
/// As [`session`].
pub async fn session_with(
    ui: &Ui,
    context: &Context,
    config: &Config,
    instance: &Instance,
    args: &SignInArgs,
    slot: Slot,
) -> Result<Session> {
    let source = config.source_of(instance);
    let wanted = Wanted {
        instance,
        slot,
        source,
    };
    let found = password(ui, context, &wanted, args).await?;
    sign_in(ui, context, instance, instance.admin()?, found).await
}

/// Signs in as an admin with a password that was found, once.
///
/// # Errors
/// As [`Session::open`]; [`Kind::Stopped`] where a person does not want to try a refused password again.
pub async fn sign_in(
    ui: &Ui,
    context: &Context,
    at: &Instance,
    user: &str,
    found: Password,
) -> Result<Session> {
    let state = state(context)?;
    let refused = match found.source {
        PasswordSource::Prompt => state.is_refused(&at.origin, user, &found.secret).await?,
        _ => None,
    };
    if let Some(when) = refused {
        ui.warn(&format!(
            "`{}` refused this very password on {}.",
            at.name,
            ui.when(when)
        ));
        ui.confirm("The fifth wrong password locks an admin. Try it once more?")?;
    }
    let admin = Admin {
        user: user.to_owned(),
        password: found.secret,
        typed_again: refused.is_some(),
    };
    open(ui, context, at, Means::Native(admin)).await
}

/// Opens a session by these means.
///
/// # Errors
/// As [`Session::open`].
pub async fn open(ui: &Ui, context: &Context, at: &Instance, means: Means) -> Result<Session> {
    let way = Way {
        instance: at.name.clone(),
        root: at.url.clone(),
        route: route::route(ui, context, at).await?,
        means,
    };
    let (profile, state) = (Arc::new(profile(context, at)?), state(context)?);
    Session::open(way, profile, state, context.clock, &context.cancel).await
}

/// Reads the chosen documents of an instance and remembers where the lists were found. Where a page can be read in more
/// than one way, a person on a terminal is asked, and the answer is kept with the instance.
///
/// # Errors
/// As [`capture`]; [`Kind::Stopped`] where a person picks nothing.
pub async fn read_live(
    ui: &Ui,
    context: &Context,
    session: &Session,
    instance: &Instance,
    selection: &Selection,
) -> Result<Captured> {
    let mut answers = instance.pages.clone();
    loop {
        let read = read_with(ui, context, session, instance, selection, &answers).await;
        let open = match &read {
            Err(error) => error.question().map(|question| (error.message(), question)),
            // What an instance may do without is left out only where nobody can say which page it is.
            Ok(read) => read
                .absent
                .iter()
                .find_map(|absent| Some((absent.why.as_str(), absent.question.as_ref()?))),
        };
        let open = open.filter(|(_, question)| !answers.contains_key(&question.setting));
        let Some((sentence, question)) =
            open.map(|(sentence, question)| (sentence.to_owned(), question.clone()))
        else {
            return read;
        };
        match ask(ui, context, instance, &sentence, &question).await? {
            Some(answer) => drop(answers.insert(question.setting, answer)),
            None => return read,
        }
    }
}

/// Reads as [`read_live`] does, with these answers and without asking.
///
/// # Errors
/// As [`capture`].
pub async fn read_with(
    ui: &Ui,
    context: &Context,
    session: &Session,
    instance: &Instance,
    selection: &Selection,
    answers: &Answers,
) -> Result<Captured> {
    let state = state(context)?;
    let remembered = state.pages(&instance.name).await?;
    let wishes = Wishes {
        answers,
        remembered: &remembered,
        selection,
    };
    let bar = Bar::new(ui.progress(0, "reading"));
    let captured = capture(session, wishes, &bar, &context.cancel).await?;
    for (part, address) in &captured.addresses {
        state.set_page(&instance.name, part, Some(address)).await?;
    }
    marker::remember(&state, session, instance, &captured).await?;
    Ok(captured)
}

/// Asks a person on a terminal a question about pages, and keeps the answer with the instance; none where nobody can be
/// asked.
///
/// # Errors
/// [`Kind::Stopped`] where nothing is picked; where the answer cannot be kept.
pub async fn ask(
    ui: &Ui,
    context: &Context,
    instance: &Instance,
    sentence: &str,
    question: &Question,
) -> Result<Option<String>> {
    let shown: Vec<String> = question.choices.iter().map(|c| c.shown.clone()).collect();
    let Some(picked) = ui.choose(sentence, &shown)? else {
        return Ok(None);
    };
    let answer = question.choices[picked].answer.clone();
    let setting = Setting::Page(question.setting.clone(), Some(answer.clone()));
    // Read anew: it may have been changed while the question stood.
    let config = context.config()?.with_setting(&instance.name, &setting)?;
    context.keep_config_now(&config).await?;
    ui.note(format!(
        "Kept with {}, for all later runs: {}.",
        instance.name,
        setting.described()
    ));
    Ok(Some(answer))
}

/// Forgets where an earlier run found an instance's lists: it looked with another profile.
///
/// # Errors
/// [`Kind::Archive`] where the state cannot be read or written.
pub fn forget_pages(context: &Context, name: &str) -> Result<()> {
    let state = state(context)?;
    context.block_on(async {
        for part in state.pages(name).await?.keys() {
            state.set_page(name, part, None).await?;
        }
        state.set_whereabouts(name, &BTreeMap::new()).await
    })
}

/// Tells which LMS a session is with.
///
/// # Errors
/// [`Kind::Page`] where a text that the profile names is not on the start page: nobody knows then which LMS it is.
pub fn identity(session: &Session, instance: &Instance) -> Result<Identity> {
    let rules = &session.profile().identity.texts;
    let mut texts = BTreeMap::new();
    for (name, css) in rules {
        let text = select_text(session.start(), css).ok_or_else(|| {
            Error::new(
                Kind::Page,
                format!(
                    "The start page of `{}` shows no text `{name}`, by which the profile knows the instance.",
                    instance.name
                ),
            )
            .hint(format!("`{css}` in the profile says where it stands"))
        })?;
        texts.insert(name.clone(), text);
    }
    Ok(Identity {
        origin: instance.origin.clone(),
        texts,
    })
}

/// Refuses to go on with an instance that is not the one it is said to be (promise 8).
///
/// # Errors
/// [`Kind::Refused`] where a text that the operator gave for it reads otherwise.
pub fn check_identity(identity: &Identity, instance: &Instance) -> Result<()> {
    for (name, wanted) in &instance.identity {
        let found = identity.texts.get(name);
        if found != Some(wanted) {
            return Err(Error::new(
                Kind::Refused,
                format!(
                    "This is not `{}`: its `{name}` should read `{wanted}`, and reads `{}`.",
                    instance.name,
                    found.map_or("", String::as_str)
                ),
            ));
        }
    }
    Ok(())
}

/// Reads `--only` and `--except`.
///
/// # Errors
/// [`Kind::Usage`] for a pattern that is none.
pub fn selection(args: &SelectionArgs) -> Result<Selection> {
    Selection::new(&args.only, &args.except)
}

/// Refuses patterns that choose nothing, offering the nearest names.
///
/// # Errors
/// [`Kind::Usage`].
pub fn refuse_unmatched(selection: &Selection, paths: &[&str]) -> Result<()> {
    let Some(pattern) = selection.unmatched(paths).first().map(|p| (*p).to_owned()) else {
        let nothing = !paths.is_empty() && paths.iter().all(|path| !selection.selects_document(path));
        return match nothing {
            true => Err(Error::new(
                Kind::Usage,
                "Nothing is chosen: `--except` leaves out all that `--only` names.",
            )),
            false => Ok(()),
        };
    };
    let document = pattern.split(':').next().unwrap_or_default();
    let names = paths
        .iter()
        .map(|p| p.split_once('/').map_or(*p, |(_, name)| name));
    let near = crate::selection::nearest(document, names);
    let error = Error::new(Kind::Usage, format!("There is no document `{document}`."));
    Err(if near.is_empty() {
        error
    } else {
        let offered: Vec<String> = near.iter().map(|n| format!("`{n}`")).collect();
        error.hint(format!("did you mean {}?", offered.join(" or ")))
    })
}

/// Refuses patterns that name a document but none of its keys, offering the nearest ones.
///
/// # Errors
/// [`Kind::Usage`].
pub fn refuse_unmatched_keys<'a>(
    selection: &Selection,
    documents: impl Iterator<Item = &'a Document>,
) -> Result<()> {
    if selection.is_all() {
        return Ok(());
    }
    let parsed: Vec<(&str, Properties)> = documents
        .map(|d| (d.path.as_str(), Properties::parse_leniently(&d.text)))
        .collect();
    let keys: Vec<(&str, String)> = parsed
        .iter()
        .flat_map(|(path, text)| {
            text.entries()
                .map(move |(_, key, _)| (*path, key.to_string_lossy()))
        })
        .collect();
    let keys: Vec<(&str, &str)> = keys.iter().map(|(path, key)| (*path, key.as_str())).collect();
    let Some(pattern) = selection.unmatched_keys(&keys).first().map(|p| (*p).to_owned()) else {
        return Ok(());
    };
    let (document, key) = pattern.split_once(':').unwrap_or((&pattern, ""));
    let error = Error::new(Kind::Usage, format!("No key of {document} is meant by `{key}`."));
    let of_document = Selection::new(&[document.to_owned()], &[])?;
    let names = keys
        .iter()
        .filter(|(path, _)| of_document.selects_document(path))
        .map(|(_, key)| *key);
    Err(match crate::selection::nearest(key, names).first() {
        Some(near) => error.hint(format!("did you mean `{document}:{near}`?")),
        None => error.hint("a pattern for keys is `DOCUMENT:KEY`, where `*` stands for anything"),
    })
}

/// Chooses the backup that `NAME[@BACKUP]` means, among those in the archive.
///
/// # Errors
/// [`Kind::Usage`] where there is none, with the nearest ones.
pub async fn resolve_backup(archive: &Archive, ui: &Ui, reference: &Reference) -> Result<Resolved> {
    let which = match reference.backup.as_deref() {
        Some(words) => Which::parse(words)?,
        None => Which::Latest(0),
    };
    let spec = Spec {
        instance: reference.instance.clone(),
        which,
    };
    let listed = archive.list(Some(&reference.instance)).await?;
    let resolved = resolve(&listed, &spec, &ui.look().zone)?;
    if let Some(note) = &resolved.note {
        ui.note(note.as_str());
    }
    Ok(resolved)
}

/// Says which backup was chosen, and how old it is.
pub fn tell_backup(ui: &Ui, backup: &Backup) {
    let content = &backup.content;
    ui.note(format!(
        "Backup {} of {}, taken {}.",
        backup.id,
        content.instance,
        ui.when(content.taken)
    ));
}

/// Reads the newest ordinary backup of an instance, as [`newest_of`] does.
///
/// # Errors
/// [`Kind::Archive`] where the archive cannot be listed.
pub async fn newest_ordinary(archive: &Archive, instance: &str) -> Result<Option<Backup>> {
    newest_of(archive, instance, BackupKind::Ordinary).await
}

/// Reads the newest backup of a kind of an instance, if there is one, to compare with. Damage does not keep a new
/// backup from being taken, which may be what mends it: what cannot be read is left out, and `verify` names it.
///
/// # Errors
/// [`Kind::Archive`] where the archive cannot be listed.
pub async fn newest_of(archive: &Archive, instance: &str, kind: BackupKind) -> Result<Option<Backup>> {
    let listed = archive.list(Some(instance)).await?;
    let meant = |l: &&Listed| l.instance == instance && l.kind == kind;
    for found in listed.iter().rev().filter(meant) {
        match archive.get_what_is_whole(found).await {
            Ok(backup) => return Ok(Some(backup)),
            Err(error) => tracing::warn!("{}", error.message()),
        }
    }
    Ok(None)
}

/// Writes a file that a person named, whole or not at all.
///
/// # Errors
/// [`Kind::Usage`] where it cannot be written.
pub async fn put_file(file: &Path, content: impl Into<Bytes>) -> Result<()> {
    let above = file.parent().filter(|above| !above.as_os_str().is_empty());
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let put = async {
        let store = Store::local(above.unwrap_or(Path::new(".")))?;
        store.put(&name, content).await
    };
    // It is neither archive nor state that is in trouble.
    put.await.map_err(|error| error.of_kind(Kind::Usage))
}

/// Shows a driver's progress on the terminal.
pub struct Bar {
    shown: Progress,
    total: AtomicUsize,
}

impl Bar {
    /// Takes a bar that has begun.
    pub fn new(shown: Progress) -> Self {
        Self {
            shown,
            total: AtomicUsize::new(0),
        }
    }
}

impl progress::Progress for Bar {
    fn expect(&self, more: usize) {
        self.shown
            .set_total(self.total.fetch_add(more, Ordering::Relaxed) + more);
    }

    fn done(&self, what: &str) {
        self.shown.tick(what);
    }
}
