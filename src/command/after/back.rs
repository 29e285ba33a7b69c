//! What is put back: configuration files, mail settings, schedules' details, encrypted values, images, and BIZX last.
//!
//! One restore does all of it in the right order, with one plan and one question; what became of it is told by item. An
//! item that is left alone is restored by itself in a later run.

use crate::command::after::After;
use crate::command::backup::recommended;
use crate::command::checklist::Found;
use crate::command::reenter::place_of;
use crate::command::restore::refuse_refreshed;
use crate::command::write_back::{Carried, Job, WayIn, carry_out, check_backup_identity};
use crate::command::{access, values as real_values};
use crate::error::Result;
use crate::plan::{Encrypted, Manner};
use crate::profile::{Profile, Shape};
use crate::report::phrase::count;
use crate::restore::Outcome;
use crate::selection::Selection;
use crate::state::{Action, Round, Scope};

/// How many documents a sentence lists.
const LISTED: usize = 8;

/// Why a document is not put back that a person has excepted.
const LEFT_OUT: &str = "left as the refresh has brought it (--except)";

/// All scopes, as a person is shown them.
const SCOPES: [(Scope, &str); 3] = [
    (Scope::All, "all configuration files, as SAP's article says"),
    (
        Scope::Recommended,
        "the five that it recommends at the least: BIZX, CONNECTORS, REPORT_SYSTEM, iContent, SSO",
    ),
    (
        Scope::Environment,
        "of all files only addresses, accounts, ids and the like (`@environment`)",
    ),
];

/// Puts back everything in scope but what is settled by itself.
pub(super) async fn restore(after: &After<'_>, round: &Round) -> Result<Found> {
    let desk = &after.desk;
    let scope = match round.scope {
        Some(scope) => scope,
        None => {
            let shown: Vec<String> = SCOPES.iter().map(|(_, shown)| (*shown).to_owned()).collect();
            let question = "What is put back? (Mail settings, schedules' details and images always are.)";
            let Some(picked) = desk.ui.choose(question, &shown)? else {
                return Ok(Found::open(
                    "It is not said which configuration files are put back.",
                    [desk.command("--scope all|recommended|environment")],
                ));
            };
            let scope = SCOPES[picked].0;
            desk.change(|round| round.scope = Some(scope)).await?;
            scope
        }
    };
    let profile = &desk.profile;
    let mut except = round.except.clone();
    if round.is_settled("images") {
        except.extend(image_parts(profile).map(|path| format!("{path}/*")));
    }
    if round.is_settled("way-in") {
        except.extend(last(profile));
    }
    let only = match scope {
        Scope::All => Vec::new(),
        Scope::Recommended => [recommended(profile), others(profile)].concat(),
        Scope::Environment => [vec!["@environment".to_owned()], others(profile)].concat(),
    };
    put_back(after, round, &Selection::new(&only, &except)?).await?;
    let is_other = |path: &str| !is_image(profile, path) && !is_last(profile, path);
    let found = told(after, is_other, "restore");
    Ok(match found {
        Found::Done(note) => Found::Done(format!("Scope: {}. {note}", scope.word())),
        other => other,
    })
}

/// The values that wait.
pub(super) async fn values(after: &After<'_>, round: &Round) -> Result<Found> {
    let desk = &after.desk;
    if after.carried.borrow().is_none() {
        let waiting = desk.state.waiting(&desk.instance.name).await?;
        let places: Vec<String> = waiting.places().map(real_values::pattern).collect();
        if places.is_empty() {
            return Ok(Found::Done("No value is known to wait.".to_owned()));
        }
        put_back(after, round, &Selection::new(&places, &[])?).await?;
    }
    let carried = after.carried.borrow();
    let Some(carried) = carried.as_ref() else {
        return Ok(Found::Nothing);
    };
    let waits: Vec<String> = carried
        .plan
        .waits
        .iter()
        .map(|wait| real_values::named(&place_of(wait)))
        .collect();
    let entered = carried.run.entered.len();
    if waits.is_empty() {
        let note = match entered {
            0 => "No value waits.".to_owned(),
            _ => format!(
                "{} entered: that they work is shown by what uses them.",
                count(entered, "value")
            ),
        };
        return Ok(said(after, Found::Done(note)));
    }
    let name = &desk.instance.name;
    let [done, skip] = desk.answers("entered");
    let why = format!(
        "{} to be entered: {}.",
        match waits.len() {
            1 => "1 value waits".to_owned(),
            n => format!("{n} values wait"),
        },
        some(&waits)
    );
    let first = format!(
        "lmskeep secret set {name} {}, then {}",
        waits[0],
        desk.command("")
    );
    Ok(said(after, Found::open(why, [first, done, skip])))
}

/// Logos and other images.
pub(super) async fn images(after: &After<'_>, round: &Round) -> Result<Found> {
    let profile = &after.desk.profile;
    let own = after.own(round).await?;
    let documents = own.content.documents.iter();
    let kept = documents.filter(|d| is_image(profile, &d.path)).count();
    if kept == 0 {
        return after.desk.ask(
            "images",
            "The backup holds no images. Are the logos uploaded again (System Admin > Configuration > Images)?",
            "The logos are uploaded again.",
            "The backup holds no images: upload the logos by hand (System Admin > Configuration > Images).",
        );
    }
    let excepted = Selection::new(&[], &round.except)?;
    if !own
        .content
        .documents
        .iter()
        .any(|d| is_image(profile, &d.path) && excepted.selects_document(&d.path))
    {
        return Ok(Found::Skip(LEFT_OUT.to_owned()));
    }
    if after.carried.borrow().is_none() {
        let only: Vec<String> = image_parts(profile).map(|path| format!("{path}/*")).collect();
        put_back(after, round, &Selection::new(&only, &round.except)?).await?;
    }
    let found = told(after, |path| is_image(profile, path), "images");
    Ok(said(after, found))
}

/// BIZX, and the new sign-in that proves the way in.
pub(super) async fn bizx(after: &After<'_>, round: &Round) -> Result<Found> {
    let desk = &after.desk;
    let profile = &desk.profile;
    let only: Vec<String> = last(profile);
    let selection = Selection::new(&only, &round.except)?;
    if !only.iter().any(|path| selection.selects_document(path)) {
        return Ok(Found::Skip(LEFT_OUT.to_owned()));
    }
    if after.carried.borrow().is_none() {
        put_back(after, round, &selection).await?;
    }
    let found = told(after, |path| is_last(profile, path), "way-in");
    let carried = after.carried.borrow();
    let way_in = carried.as_ref().and_then(|carried| carried.way_in.as_ref());
    let found = match (found, way_in) {
        (Found::Done(note), None) => Found::Done(format!("{note} The sign-in of this run got in.")),
        (
            Found::Done(note),
            Some(WayIn {
                error: None,
                document,
            }),
        ) => Found::Done(format!(
            "{note} A new sign-in got in after {document} was written."
        )),
        (
            Found::Done(_),
            Some(WayIn {
                error: Some(error),
                document,
            }),
        ) => {
            after.incomplete.set(true);
            Found::open(
                format!(
                    "{document} was written, and a new sign-in does not get in: {}",
                    error.message()
                ),
                error.hints().iter().cloned(),
            )
        }
        (open, _) => open,
    };
    Ok(said(after, found))
}

/// Says what an item came to that the restore before it has seen to.
fn said(after: &After<'_>, found: Found) -> Found {
    if let Found::Done(text) | Found::Open { why: text, .. } = &found {
        after.desk.ui.say(text.as_str());
    }
    found
}

/// Restores a part of the backup, and keeps what became of it for the items that are about it.
async fn put_back(after: &After<'_>, round: &Round, selection: &Selection) -> Result<()> {
    let desk = &after.desk;
    let (instance, tools) = (desk.instance, after.tools().await?);
    let backup = after.own(round).await?;
    refuse_refreshed(&desk.archive, instance, &desk.profile, &backup).await?;
    let identity = access::identity(tools.session, instance)?;
    let own = check_backup_identity(&backup, &identity, None)?;
    let last = desk.state.last_run(&instance.name).await?;
    let continues = last.filter(|run| run.is_continued_by(Action::Restore, &backup.id));
    let habits = desk.state.habits(&instance.name).await?;
    let job = Job {
        rules: &after.rules,
        habits: &habits,
        action: Action::Restore,
        instance,
        backup: &backup,
        own,
        selection,
        manner: match after.args.merge {
            true => Manner::Merge,
            false => Manner::Replace,
        },
        encrypted: Encrypted::Keep,
        ask_about_dropped: !after.args.merge,
        retry_sealed: false,
        enter: true,
        dry_run: false,
        accept_page_change: after.args.accept_page_change,
        continues: continues.as_ref(),
    };
    let read = after.live.borrow_mut().take();
    let mut carried = carry_out(&tools, &job, read).await?;
    after.note(carried.run.sent, matches!(carried.code, 0 | 8));
    if let Some(error) = carried.refused.take().or(carried.run.stopped.take()) {
        let _open = after.fail(error)?;
    }
    *after.carried.borrow_mut() = Some(carried);
    Ok(())
}

/// Says of some documents what became of them.
fn told(after: &After<'_>, is_meant: impl Fn(&str) -> bool, id: &str) -> Found {
    let carried = after.carried.borrow();
    let Some(Carried { plan, ended, .. }) = carried.as_ref() else {
        return Found::Nothing;
    };
    let gone: Vec<String> = plan
        .only_archived
        .iter()
        .filter(|path| is_meant(path))
        .cloned()
        .collect();
    let ended = ended
        .iter()
        .filter(|e| is_meant(&e.document) && !gone.contains(&e.document));
    let (mut written, mut unchanged, mut bad) = (0, 0, Vec::new());
    for ended in ended {
        match &ended.outcome {
            Outcome::Written => written += 1,
            Outcome::Unchanged => unchanged += 1,
            other => bad.push(format!("{} ({})", ended.document, other.word())),
        }
    }
    if !bad.is_empty() {
        let desk = &after.desk;
        return Found::open(
            format!(
                "{} not as in the backup: {}.",
                count(bad.len(), "document"),
                some(&bad)
            ),
            [desk.command(&format!("--item {id}"))],
        );
    }
    let mut note = format!("{} written, {unchanged} unchanged.", count(written, "document"));
    if !gone.is_empty() {
        note += &format!(
            " Gone, and to be made by hand if they are missed: {}.",
            some(&gone)
        );
    }
    let sealed: Vec<String> = plan
        .sealed
        .iter()
        .filter(|left| is_meant(&left.document))
        .map(|left| format!("{}:{}", left.document, left.at.key))
        .collect();
    if !sealed.is_empty() {
        note += &format!(
            " Left as the refresh has brought them, since the instance does not let them be changed: {}.",
            some(&sealed)
        );
    }
    Found::Done(note)
}

/// The parts whose items are files.
fn image_parts(profile: &Profile) -> impl Iterator<Item = &str> {
    let parts = profile.parts.iter().filter(|part| part.shape == Shape::Files);
    parts.map(|part| part.path.as_str())
}

fn is_image(profile: &Profile, path: &str) -> bool {
    image_parts(profile).any(|part| path.split_once('/').is_some_and(|(of, _)| of == part))
}

/// The documents that are written last of all, since a way in depends on them.
fn last(profile: &Profile) -> Vec<String> {
    let of = |part: &crate::profile::Part| {
        let path = part.path.clone();
        part.last
            .iter()
            .map(move |name| format!("{path}/{name}"))
            .collect::<Vec<_>>()
    };
    profile.parts.iter().flat_map(of).collect()
}

fn is_last(profile: &Profile, path: &str) -> bool {
    last(profile).iter().any(|last| last.eq_ignore_ascii_case(path))
}

/// All parts but those of configuration files, and but records: what is put back whatever the scope is.
fn others(profile: &Profile) -> Vec<String> {
    let parts = profile.parts.iter();
    parts
        .filter(|part| matches!(part.shape, Shape::Fields | Shape::Files))
        .map(|part| format!("{}/*", part.path))
        .collect()
}

/// Lists names, the first of many.
fn some(names: &[String]) -> String {
    let shown = names.iter().take(LISTED).cloned().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(LISTED) {
        0 => shown,
        more => format!("{shown}, and {more} more"),
    }
}
