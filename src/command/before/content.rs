//! Items that backups answer, as far as they hold the documents for it: what they do not hold, a person is asked.

use std::collections::{BTreeMap, BTreeSet};

use crate::backup::{Backup, Document};
use crate::command::before::texts;
use crate::command::checklist::{Desk, Found};
use crate::command::secret::place::places;
use crate::command::{rules, values};
use crate::error::Result;
use crate::profile::Profile;
use crate::properties::{Properties, value_at};
use crate::report::phrase::{count, count_of};
use crate::state::{Lies, Round};

/// The document that lists admins, one a key.
const ADMINS: &str = "admins/list";
/// The part that holds logos and other images.
const IMAGES: &str = "images/";
/// The document that lists recurring report jobs, each with its owner first.
const REPORT_JOBS: &str = "report-jobs/recurring";
/// How many names a sentence lists.
const LISTED: usize = 8;

/// Somebody has the real value of each encrypted key.
pub(super) async fn values(desk: &Desk<'_>, _round: &Round) -> Result<Found> {
    let name = desk.instance.name.as_str();
    let rules = rules::of(desk.context, desk.config, &desk.archive, &[name]).await?;
    let (places, _) = places(desk.context, &rules, desk.instance).await?;
    let ledger = desk.state.ledger(name).await?;
    let missing: Vec<String> = places
        .iter()
        .filter(|place| {
            ledger
                .known(place)
                .is_none_or(|known| known.lies == Lies::Nowhere && known.owner.is_none())
        })
        .map(values::named)
        .collect();
    let all = count(places.len(), "encrypted value");
    if missing.is_empty() {
        return Ok(Found::Done(match places.len() {
            0 => "No encrypted value is known.".to_owned(),
            _ => format!("Of {all} it is known where each lies, or who can tell it."),
        }));
    }
    let why = format!(
        "Of {all} nobody is known to have {}: {}. They cannot be copied back.",
        missing.len(),
        some(&missing)
    );
    let first = missing.first().cloned().unwrap_or_default();
    let mut hints = vec![
        format!("lmskeep secret set {name} {first}"),
        format!("lmskeep secret set {name} {first} --owner WHO"),
    ];
    if desk.ui.look().can_ask {
        desk.ui.note(why.as_str());
    }
    let asked = desk.ask(
        "values",
        "Has somebody all of them?",
        &format!(
            "Somebody has the {} that are not known here.",
            count(missing.len(), "value")
        ),
        &why,
    )?;
    Ok(match asked {
        Found::Open { why, hints: own } => {
            hints.extend(own);
            Found::Open { why, hints }
        }
        answered => answered,
    })
}

/// Admins that the source lacks are gone after the refresh.
pub(super) async fn admins(desk: &Desk<'_>, round: &Round) -> Result<Found> {
    let (name, source) = (&desk.instance.name, desk.source_name());
    let own = keys(desk.backup(round.backup.as_ref()).await?.as_deref(), ADMINS);
    let theirs = keys(
        desk.backup(round.source_backup.as_ref()).await?.as_deref(),
        ADMINS,
    );
    let (Some(own), Some(theirs)) = (own, theirs) else {
        return desk.ask(
            "admins",
            &format!("Are the admins noted that {name} has and {source} lacks? They vanish."),
            "The admins that vanish are noted.",
            &format!(
                "Admins that {name} has and {source} lacks vanish; the backups do not tell which these are."
            ),
        );
    };
    let gone: Vec<String> = own
        .keys()
        .filter(|id| !theirs.contains_key(*id))
        .cloned()
        .collect();
    if gone.is_empty() {
        return Ok(Found::Done(format!("{source} has all admins of {name}.")));
    }
    let who = format!(
        "{} of {name}: {}",
        count_of(gone.len(), "admin vanishes", "admins vanish"),
        some(&gone)
    );
    desk.ask(
        "admins",
        &format!("{who}. Do they know, or are they made in {source}?"),
        &format!("{who}; that is known."),
        &format!("{who}. {source} does not have them."),
    )
}

/// Logos are uploaded again, and have to be at hand for that.
pub(super) async fn logos(desk: &Desk<'_>, round: &Round) -> Result<Found> {
    let own = desk.backup(round.backup.as_ref()).await?;
    let kept = own.map_or(0, |own| {
        let documents = own.content.documents.iter();
        documents.filter(|d| d.path.starts_with(IMAGES)).count()
    });
    if kept > 0 {
        return Ok(Found::Done(format!("The backup holds {}.", count(kept, "image"))));
    }
    let name = &desk.instance.name;
    desk.ask(
        "logos",
        &format!("Are the logos of {name} kept (System Admin > Configuration > Images)?"),
        "The logos are kept.",
        &format!(
            "The backup holds no logos: keep those of {name} by hand (System Admin > Configuration > Images), to upload \
             them again."
        ),
    )
}

/// Recurring report jobs are copied, and only their owners can delete them.
pub(super) async fn report_jobs(desk: &Desk<'_>, round: &Round) -> Result<Found> {
    let source = desk.source_name();
    let Some(jobs) = jobs(desk, round).await? else {
        return desk.ask(
            "report-jobs",
            &format!("Are the owners of recurring report jobs in {source} told?"),
            "The owners are told.",
            &format!(
                "The source's backup does not tell of recurring report jobs: have their owners told to delete in {source} \
                 what nobody needs."
            ),
        );
    };
    if jobs.is_empty() {
        return Ok(Found::Done(format!("{source} has no recurring report jobs.")));
    }
    let owners = by_owner(&jobs);
    let what = format!(
        "{} of {}",
        count(jobs.len(), "recurring report job"),
        count(owners.len(), "owner")
    );
    if let Some(message) = message(desk, round).await? {
        desk.ui.note(format!(
            "A message to the owners of recurring report jobs in {source}:"
        ));
        message.iter().for_each(|line| desk.ui.note(format!("  {line}")));
    }
    desk.ask(
        "report-jobs",
        &format!("Is this message sent ({what})?"),
        &format!("The owners are told: {what}."),
        &format!(
            "{what} in {source} will be copied: tell {}.",
            some(&owners.keys().cloned().collect::<Vec<_>>())
        ),
    )
}

/// The recurring report jobs of the source, each with its owner first; `None` where its backup does not tell.
async fn jobs(desk: &Desk<'_>, round: &Round) -> Result<Option<BTreeMap<String, String>>> {
    let theirs = desk.backup(round.source_backup.as_ref()).await?;
    Ok(keys(theirs.as_deref(), REPORT_JOBS))
}

/// The message to the owners of recurring report jobs, where there are any.
pub(super) async fn message(desk: &Desk<'_>, round: &Round) -> Result<Option<Vec<String>>> {
    let jobs = jobs(desk, round).await?.filter(|jobs| !jobs.is_empty());
    Ok(jobs.map(|jobs| {
        let (name, source) = (&desk.instance.name, desk.source_name());
        texts::to_owners(name, source, round.planned, &by_owner(&jobs))
    }))
}

/// Where the source's configuration closes native login, no password gets in after the refresh.
pub(super) async fn native_login(desk: &Desk<'_>, round: &Round) -> Result<Found> {
    let (name, source) = (&desk.instance.name, desk.source_name());
    let theirs = desk.backup(round.source_backup.as_ref()).await?;
    let closes = theirs
        .as_deref()
        .and_then(|theirs| closed(&desk.profile, &theirs.content.documents));
    let hint = desk.command("--case-text");
    let asked = match closes {
        Some(None) => {
            return Ok(Found::Done(format!(
                "Nothing in the configuration of {source} closes native login."
            )));
        }
        Some(Some(said)) => desk.ask(
            "native-login",
            &format!("{said} in {source}: no password gets into {name} after the refresh. Does SAP support know (`{hint}`)?"),
            "SAP support knows that native login is closed, and puts BIZX back.",
            &format!(
                "{said} in {source}, and is copied: native login is closed in {name} after the refresh. SAP support has \
                 to put its BIZX back."
            ),
        )?,
        None => desk.ask(
            "native-login",
            &format!("Is native login open in {source}, or does SAP support know that it is not?"),
            "There is a way in after the refresh.",
            &format!("Whether native login is open in {source} is not known: no backup of it tells."),
        )?,
    };
    Ok(match asked {
        Found::Open { why, mut hints } => {
            hints.insert(0, hint);
            Found::Open { why, hints }
        }
        answered => answered,
    })
}

/// Says which setting closes the way in; `Some(None)` where none does, `None` where the documents do not tell.
pub(crate) fn closed(profile: &Profile, documents: &[Document]) -> Option<Option<String>> {
    let mut told = false;
    for warning in profile.warnings.iter().filter(|w| w.closes_the_way_in) {
        let Some((path, key)) = warning.key.split_once(':') else {
            continue;
        };
        let document = documents.iter().find(|d| d.path.eq_ignore_ascii_case(path));
        let Some(value) = document.and_then(|d| value_at(&d.text, key, 1)) else {
            continue;
        };
        told = true;
        let closing = warning.value.as_deref();
        if closing.is_none_or(|closing| closing.eq_ignore_ascii_case(value.trim())) {
            return Some(Some(format!("`{key}={}` stands", value.trim())));
        }
    }
    told.then_some(None)
}

/// The entries of a document; `None` where the backup lacks it.
fn keys(backup: Option<&Backup>, path: &str) -> Option<BTreeMap<String, String>> {
    let document = backup?.content.document(path)?;
    let text = Properties::parse_leniently(&document.text);
    let entries = text.entries();
    Some(
        entries
            .map(|(_, key, value)| (key.to_string_lossy(), value.to_string_lossy()))
            .collect(),
    )
}

/// Gathers jobs by their owners, who stand first in what is said of each.
fn by_owner(jobs: &BTreeMap<String, String>) -> BTreeMap<String, Vec<String>> {
    let mut owners: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (job, told) in jobs {
        let owner = told.split(" | ").next().unwrap_or_default().trim();
        owners.entry(owner.to_owned()).or_default().push(job.clone());
    }
    owners
}

/// Lists names, the first of many.
fn some(names: &[String]) -> String {
    let names: BTreeSet<&String> = names.iter().collect();
    let shown: Vec<String> = names
        .iter()
        .take(LISTED)
        .map(|name| format!("`{name}`"))
        .collect();
    let more = names.len().saturating_sub(LISTED);
    match more {
        0 => shown.join(", "),
        _ => format!("{}, and {more} more", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use crate::backup::{Document, Format};
    use crate::command::before::content::{by_owner, closed, some};
    use crate::profile::built_in;

    #[test]
    fn jobs_are_gathered_by_owner() {
        let jobs = [
            ("Weekly", "ANNA | Mondays"),
            ("Daily", "BERT"),
            ("Yearly", "ANNA | once"),
        ];
        let jobs: BTreeMap<String, String> = jobs
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect();
        let owners = by_owner(&jobs);
        assert_eq!(owners["ANNA"], ["Weekly", "Yearly"]);
        assert_eq!(owners["BERT"], ["Daily"]);
    }

    #[test]
    fn what_closes_native_login_is_found_in_the_sources_configuration() {
        let profile = built_in().unwrap();
        let bizx = |text: &str| {
            vec![Document {
                path: "configuration/BIZX".to_owned(),
                text: text.to_owned(),
                format: Format::Properties,
                read_only: None,
            }]
        };
        let said = |text: &str| closed(&profile, &bizx(text));
        let key = "successFactorsLearningEnabled";
        assert_eq!(said(&format!("{key}=false\n")), Some(None));
        assert_eq!(
            said(&format!("{key} = true\n")),
            Some(Some(format!("`{key}=true` stands")))
        );
        assert_eq!(said("baseURL=x\n"), None, "nobody knows");
        assert_eq!(closed(&profile, &[]), None);
    }

    #[test]
    fn a_long_list_is_cut_and_says_so() {
        let names: Vec<String> = (0..10).map(|n| n.to_string()).collect();
        assert!(some(&names).ends_with("`7`, and 2 more"));
        assert_eq!(some(&names[..2]), "`0`, `1`");
    }
}
