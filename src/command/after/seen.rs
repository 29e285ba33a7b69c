//! What is read and shown: what the refresh has changed, admins' addresses and report jobs that came over.

use std::collections::BTreeMap;

use crate::backup::{Backup, Document};
use crate::command::after::item::ADMINS;
use crate::command::after::{After, texts};
use crate::command::checklist::Found;
use crate::command::planned::switches;
use crate::command::scan_report::{self, Told};
use crate::command::{access, diff_report};
use crate::diff::{Options, compare as compared};
use crate::error::Result;
use crate::properties::Properties;
use crate::report::phrase::{count, count_of};
use crate::report::{Text, Tone};
use crate::scan::{Input, scan};
use crate::selection::Selection;
use crate::state::Round;

/// The document that lists admins, one a key.
const ADMIN_LIST: &str = "admins/list";
/// The document that lists recurring report jobs, each with its owner first.
const REPORT_JOBS: &str = "report-jobs/recurring";

/// Reads the whole instance once, and shows what differs from the backup and what points at the source.
pub(super) async fn compare(after: &After<'_>, round: &Round) -> Result<Found> {
    let desk = &after.desk;
    let (ui, name) = (desk.ui, &desk.instance.name);
    let own = after.own(round).await?;
    let tools = after.tools().await?;
    let everything = Selection::default();
    let reading = access::read_live(ui, desk.context, tools.session, desk.instance, &everything);
    let live = desk.context.until_stopped(reading).await?;
    // What is off was switched off.
    let selection = everything.but(&switches(&desk.profile))?;
    let options = Options {
        rules: &after.rules,
        selection: &selection,
        ignore_encrypted: false,
        text: false,
    };
    let diff = compared(&own.content.documents, &live.documents, &options);
    let now = format!("{name} now");
    let sides = diff_report::Sides {
        from: "the backup",
        to: &now,
    };
    if diff.differs() {
        let title = format!(
            "What differs from backup {} (what was switched off is left out):",
            own.id
        );
        ui.say(Text::new().toned(Tone::Strong, title));
        diff_report::table(ui, &diff, sides);
    }
    let mut said = vec![diff_report::summary(&diff)];
    if let Some(theirs) = desk.backup(round.source_backup.as_ref()).await? {
        said.push(points_at_source(after, &live.documents, &own, &theirs));
    }
    said.iter().for_each(|line| ui.say(line.as_str()));
    ui.hint(&format!(
        "every key and line: lmskeep diff {name} --text; what points at the source: lmskeep scan {name}"
    ));
    for path in [ADMIN_LIST, REPORT_JOBS] {
        let found = live.documents.iter().find(|d| d.path == path).cloned();
        after.records.borrow_mut().insert(path.to_owned(), found);
    }
    *after.live.borrow_mut() = Some(live);
    Ok(Found::Done(said.join(" ")))
}

fn points_at_source(after: &After<'_>, live: &[Document], own: &Backup, theirs: &Backup) -> String {
    let desk = &after.desk;
    let host = |of: &crate::instance::Instance| of.url.host_str().unwrap_or_default().to_owned();
    let source_host = desk.source.map(host);
    let found = scan(&Input {
        live,
        own: &own.content.documents,
        source: &theirs.content.documents,
        own_host: &host(desk.instance),
        source_host: source_host.as_deref(),
        selection: &Selection::default(),
        allow: desk.config.scan_allow(),
        rules: &after.rules,
    });
    let told = Told {
        instance: &desk.instance.name,
        source: desk.source_name(),
        config: desk.config.path(),
        stored: false,
    };
    scan_report::summary(&found, &told)
}

/// Admins' addresses are not masked by a refresh, nor by the user connector.
pub(super) async fn admin_addresses(after: &After<'_>, round: &Round) -> Result<Found> {
    let desk = &after.desk;
    let own = after.own(round).await?;
    let Some(now) = entries(after, ADMIN_LIST).await? else {
        return desk.ask(
            ADMINS,
            "Are the addresses of admins that came over deleted or replaced? (They cannot be read here.)",
            "The addresses of admins are deleted or replaced.",
            "The list of admins cannot be read: delete or replace the addresses of those that came over, or they get mail.",
        );
    };
    let before = own.content.document(ADMIN_LIST).map(keys).unwrap_or_default();
    let came: BTreeMap<&String, (&str, Option<&str>)> = now
        .iter()
        .filter_map(|(admin, row)| {
            let (address, was) = (address(row)?, before.get(admin).and_then(|row| address(row)));
            (was != Some(address)).then_some((admin, (address, was)))
        })
        .collect();
    if came.is_empty() {
        if after.args.admin_file.is_some() {
            desk.ui
                .note("No file is written: no admin has an address that came over.");
        }
        return Ok(Found::Done("No admin has an address that came over.".to_owned()));
    }
    let who: Vec<&str> = came.keys().map(|admin| admin.as_str()).collect();
    let said = format!(
        "{} with the source's address: {}.",
        count_of(came.len(), "admin is left", "admins are left"),
        texts::some(&who)
    );
    if let Some(file) = &after.args.admin_file {
        let admins = came.iter().map(|(admin, (_, was))| (admin.as_str(), *was));
        let (lines, left_out) = texts::admin_file(admins);
        access::put_file(file, lines).await?;
        desk.ui.say(format!(
            "Written: {}, {}. Hold its columns against your template (System Admin > Tools > Download Connector Template), \
             put it where the admin connector looks for its file, and run that connector.",
            file.display(),
            count(came.len() - left_out.len(), "admin")
        ));
        if !left_out.is_empty() {
            desk.ui.warn(&format!(
                "left out of the file, since their names hold what parts fields or lines: {}",
                texts::some(&left_out)
            ));
        }
    }
    desk.ui.note(said.as_str());
    let found = desk.ask(
        ADMINS,
        "Are they deleted or replaced, or may they get mail?",
        "The addresses of admins are seen to.",
        &format!("{said} Nobody masks them: they would get mail."),
    )?;
    Ok(match found {
        Found::Open { why, mut hints } => {
            hints.insert(
                0,
                format!(
                    "a file for the admin connector: {}",
                    desk.command("--item admin-addresses --admin-file FILE")
                ),
            );
            Found::Open { why, hints }
        }
        other => other,
    })
}

/// Recurring report jobs came over, and run here as well; only their owners can delete them.
pub(super) async fn report_jobs(after: &After<'_>, round: &Round) -> Result<Found> {
    let desk = &after.desk;
    let name = &desk.instance.name;
    let own = after.own(round).await?;
    let Some(now) = entries(after, REPORT_JOBS).await? else {
        return desk.ask(
            "report-jobs-gone",
            "Are the recurring report jobs that came over deleted? (They cannot be read here.)",
            "Recurring report jobs that came over are deleted.",
            "Recurring report jobs cannot be read: have their owners delete those that came over.",
        );
    };
    let before = own.content.document(REPORT_JOBS).map(keys).unwrap_or_default();
    let came: BTreeMap<String, String> = now
        .into_iter()
        .filter(|(job, _)| !before.contains_key(job))
        .collect();
    if came.is_empty() {
        return Ok(Found::Done("No recurring report job came over.".to_owned()));
    }
    let owners = texts::by_owner(&came);
    desk.ui
        .note("A message to the owners of recurring report jobs that came over:");
    texts::to_owners(name, desk.source_name(), &owners)
        .iter()
        .for_each(|line| desk.ui.note(format!("  {line}")));
    let who: Vec<&str> = owners.keys().map(String::as_str).collect();
    let said = format!(
        "{} came over, of {}.",
        count(came.len(), "recurring report job"),
        texts::some(&who)
    );
    desk.ask(
        "report-jobs-gone",
        "Are they deleted?",
        &format!("{said} They are deleted."),
        &format!("{said} Only their owners can delete them."),
    )
}

/// The entries of a record as the instance has it now; `None` where it shows none.
async fn entries(after: &After<'_>, path: &str) -> Result<Option<BTreeMap<String, String>>> {
    let known = after.records.borrow().get(path).cloned();
    let document = match known {
        Some(known) => known,
        None => {
            let desk = &after.desk;
            let tools = after.tools().await?;
            let selection = Selection::of_documents([path])?;
            let reading = access::read_live(desk.ui, desk.context, tools.session, desk.instance, &selection);
            let live = desk.context.until_stopped(reading).await?;
            live.documents.into_iter().find(|d| d.path == path)
        }
    };
    Ok(document.as_ref().map(keys))
}

fn keys(document: &Document) -> BTreeMap<String, String> {
    let text = Properties::parse_leniently(&document.text);
    let entries = text.entries();
    entries
        .map(|(_, key, value)| (key.to_string_lossy(), value.to_string_lossy()))
        .collect()
}

/// The mail address in a record's row.
fn address(row: &str) -> Option<&str> {
    let mut cells = row.split(" | ").map(str::trim);
    cells.find(|cell| cell.contains('@') && !cell.contains(' '))
}
