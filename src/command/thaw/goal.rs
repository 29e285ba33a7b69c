//! What a thaw is to switch on: what was on in the backup, without what waits, in an order that does no harm.

use std::collections::BTreeSet;

use crate::backup::{Backup, looks_refreshed};
use crate::command::access;
use crate::command::switching::{CONNECTORS, MAIL, PROCESSES, is_on, part};
use crate::command::write_back::Tools;
use crate::error::{Error, Kind, Result};
use crate::instance::Instance;
use crate::pattern::Pattern;
use crate::profile::Part;
use crate::properties::value_at;
use crate::selection::Selection;
use crate::state::Place;

/// What is to be on again.
#[derive(Debug, Default)]
pub(crate) struct Goal {
    /// Connectors that bring users, and mask their addresses: alone at first.
    pub(super) first: BTreeSet<String>,
    /// Automatic processes.
    pub(super) processes: BTreeSet<String>,
    /// All other connectors.
    pub(super) connectors: BTreeSet<String>,
    /// Mail itself.
    pub(super) mail: bool,
    /// All items that the backup knows, on or off.
    pub(super) known: BTreeSet<String>,
    /// Parts of which the backup tells nothing.
    pub(crate) unknown: Vec<String>,
    /// Values that wait, each with the part that stays off for it.
    pub(crate) waits: Vec<(String, Place)>,
}

impl Goal {
    /// Reads what was on in a backup; `named` are the user connectors as a person calls them.
    pub(super) fn of(tools: &Tools<'_>, backup: &Backup, named: &[String]) -> Result<Self> {
        let mut goal = Self::default();
        for id in [MAIL, CONNECTORS, PROCESSES] {
            let part = part(tools, id)?;
            let prefix = format!("{}/", part.path);
            let documents = || {
                backup
                    .content
                    .documents
                    .iter()
                    .filter(|d| d.path.starts_with(&prefix))
            };
            if documents().next().is_none() {
                goal.unknown.push(part.title.clone());
            }
            for document in documents() {
                goal.known.insert(document.path.clone());
                if !is_on(document)? {
                    continue;
                }
                let path = document.path.clone();
                match id {
                    MAIL => goal.mail = true,
                    PROCESSES => drop(goal.processes.insert(path)),
                    _ => drop(goal.connectors.insert(path)),
                }
            }
        }
        goal.take_first(part(tools, CONNECTORS)?, named)?;
        Ok(goal)
    }

    /// Sets the user connectors apart.
    fn take_first(&mut self, part: &Part, named: &[String]) -> Result<()> {
        if named.iter().any(|name| name == "none") {
            return Ok(());
        }
        let patterns = if named.is_empty() { &part.first } else { named };
        for pattern in patterns {
            let read = Pattern::read(pattern)?;
            let found: Vec<String> = self
                .connectors
                .iter()
                .filter(|path| read.is_document(path))
                .cloned()
                .collect();
            if found.is_empty() && !named.is_empty() {
                let shown: Vec<&str> = self.connectors.iter().map(String::as_str).collect();
                let error = Error::new(
                    Kind::Usage,
                    format!("No connector that was on is called `{pattern}`."),
                );
                return Err(match crate::selection::nearest(pattern, shown).first() {
                    Some(near) => error.hint(format!("did you mean `{near}`?")),
                    None => error.hint("`--user-connector none` where no connector brings users"),
                });
            }
            for path in found {
                self.connectors.remove(&path);
                self.first.insert(path);
            }
        }
        if self.first.is_empty() && !self.connectors.is_empty() {
            return Err(Error::new(
                Kind::Usage,
                "Nothing tells which connector brings users: it must run alone before all others.",
            )
            .hint("say which: --user-connector NAME (or `none`)"));
        }
        Ok(())
    }

    /// Leaves off what depends on a value that waits.
    pub(super) async fn heed_waits(&mut self, tools: &Tools<'_>, instance: &Instance) -> Result<()> {
        for id in [CONNECTORS, MAIL] {
            let part = part(tools, id)?;
            let waits = waiting(tools, instance, &part.needs).await?;
            if waits.is_empty() {
                continue;
            }
            match id {
                MAIL if self.mail => self.mail = false,
                CONNECTORS if !(self.first.is_empty() && self.connectors.is_empty()) => {
                    self.first.clear();
                    self.connectors.clear();
                    // Nobody's address is masked without them.
                    self.mail = false;
                }
                _ => continue,
            }
            let title = part.title.clone();
            self.waits
                .extend(waits.into_iter().map(|place| (title.clone(), place)));
        }
        Ok(())
    }

    /// Tells whether there is nothing to switch on.
    pub(super) fn is_empty(&self) -> bool {
        self.first.is_empty() && self.processes.is_empty() && self.connectors.is_empty() && !self.mail
    }
}

/// Refuses to go on while the instance still has the source's configuration: its connectors would fetch the source's files.
pub(super) async fn refuse_unrestored(tools: &Tools<'_>, instance: &Instance, backup: &Backup) -> Result<()> {
    let habits = tools.state.habits(&instance.name).await?;
    // A marker that the instance does not let be changed was never put back: it tells nothing.
    let sealed = |marker: &str| {
        let mut sealed = habits.sealed.iter();
        sealed.any(|of| marker == format!("{}:{}", of.document, of.key))
    };
    let markers = tools.session.profile().identity.markers.iter();
    let markers: Vec<String> = markers.filter(|marker| !sealed(marker)).cloned().collect();
    let paths: BTreeSet<&str> = markers
        .iter()
        .filter_map(|m| m.split_once(':'))
        .map(|(path, _)| path)
        .collect();
    if paths.is_empty() {
        return Ok(());
    }
    let selection = Selection::of_documents(paths)?;
    let reading = access::read_live(tools.ui, tools.context, tools.session, instance, &selection);
    let live = tools.context.until_stopped(reading).await?;
    let before = &backup.content.documents;
    let Some(why) = looks_refreshed(&markers, &live.documents, Some(before), None) else {
        return Ok(());
    };
    let name = &instance.name;
    Err(Error::new(
        Kind::Refused,
        format!("`{name}` still has the source's configuration ({why}): its connectors would fetch the source's files."),
    )
    .hint(format!("lmskeep restore {name}    (then thaw)")))
}

/// The values of documents that wait to be entered.
async fn waiting(tools: &Tools<'_>, instance: &Instance, documents: &[String]) -> Result<Vec<Place>> {
    let mut waiting = tools.state.waiting(&instance.name).await?;
    let ledger = tools.state.ledger(&instance.name).await?;
    for (place, _) in ledger.lines().filter(|(_, known)| known.due) {
        waiting.set_due(place.clone());
    }
    let needed = Selection::new(documents, &[])?;
    let due: Vec<Place> = waiting
        .places()
        .filter(|place| needed.selects_document(&place.document))
        .cloned()
        .collect();
    if documents.is_empty() || due.is_empty() {
        return Ok(Vec::new());
    }
    let paths: BTreeSet<&str> = due.iter().map(|place| place.document.as_str()).collect();
    let selection = Selection::of_documents(paths)?;
    let reading = access::read_live(tools.ui, tools.context, tools.session, instance, &selection);
    let live = tools.context.until_stopped(reading).await?;
    let still = |place: &Place| {
        let document = live.documents.iter().find(|d| d.path == place.document);
        let value = document.and_then(|d| value_at(&d.text, &place.key, place.occurrence));
        waiting.was_entered(place, value.as_deref()) != Some(true)
    };
    Ok(due.into_iter().filter(still).collect())
}
