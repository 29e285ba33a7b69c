//! Walks the pages of an instance and reads its documents: all or nothing.
//!
//! The driver that `restore` mirrors. It sends no form; what a page is like it asks of `find`, what is inside of
//! `session`. A page that is not understood ends the whole run (promise 5).

mod choose;
mod file;
mod frames;
mod list;
mod menu;
mod open;
mod records;
mod roll;
mod single;
mod survey;

use std::collections::{BTreeMap, BTreeSet};

use futures::StreamExt;
use url::Url;

use crate::backup::{Contract, Contracts, Document};
use crate::error::{Error, Kind, Question, Result};
use crate::find::{Answers, ReadOnly};
use crate::instance::Cancel;
use crate::profile::Part;
use crate::progress::Progress;
use crate::selection::Selection;
use crate::session::{SIDE_BY_SIDE, Session};

pub use list::How;
pub use menu::is_address;
pub use open::{Opened, open};
pub use survey::{Surveyed, survey};

/// What was read, and where.
#[derive(Debug, Clone, Default)]
pub struct Captured {
    /// The documents, sorted by path.
    pub documents: Vec<Document>,
    /// Where each document's page is, by path.
    pub places: BTreeMap<String, Place>,
    /// Where each part's list was found, by the part's id; worth remembering.
    pub addresses: BTreeMap<String, String>,
    /// What the lists say about names, by the part's id.
    pub lists: BTreeMap<String, Known>,
    /// First halves of the paths of all parts that were walked.
    pub parts: Vec<String>,
    /// True when some documents were left out by the selection.
    pub partial: bool,
    /// Things a person should hear about.
    pub notes: Vec<String>,
    /// The answers that the pages were read with.
    pub answers: Answers,
    /// What keeps documents from being written, as a sentence, and the question whose answer would help.
    pub unanswered: Option<(String, Question)>,
    /// Parts that the instance seems to do without: nobody has ever found them there.
    pub absent: Vec<Absent>,
}

/// A part that was not read.
#[derive(Debug, Clone)]
pub struct Absent {
    /// Its id.
    pub part: String,
    /// SAP's name for it.
    pub title: String,
    /// First half of its documents' paths.
    pub path: String,
    /// Why it was not read, a full sentence.
    pub why: String,
    /// Where it is there and can be read in several ways: which one is meant.
    pub question: Option<Question>,
}

impl Captured {
    /// What the pages of its documents are like.
    pub fn contracts(&self) -> Contracts {
        let mut contracts = Contracts::default();
        for (path, place) in &self.places {
            contracts.add(path, place.contract.clone());
        }
        contracts
    }

    /// Takes what was read of one more part.
    fn add(&mut self, read: Captured) {
        self.documents.extend(read.documents);
        self.places.extend(read.places);
        self.addresses.extend(read.addresses);
        self.lists.extend(read.lists);
        self.parts.extend(read.parts);
        self.partial |= read.partial;
        self.notes.extend(read.notes);
        self.unanswered = self.unanswered.take().or(read.unanswered);
    }

    /// Notes, once for all documents alike, that the operator can say which button saves.
    fn note_unknown_button(&mut self, opened: &Opened) {
        let Some(ReadOnly {
            why,
            question: Some(question),
        }) = opened.editor.read_only()
        else {
            return;
        };
        if let Some(why) = &opened.document.read_only {
            let note = format!("Documents cannot be written back: {why}.");
            if !self.notes.contains(&note) {
                self.notes.push(note);
            }
        }
        let sentence = || format!("The page of `{}` cannot be saved: {why}.", opened.name);
        self.unanswered
            .get_or_insert_with(|| (sentence(), question.clone()));
    }
}

/// As many forms must be alike before one that differs counts as wrong.
const ENOUGH_TO_COMPARE: usize = 3;

/// Where a document's page is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Id of the part it belongs to.
    pub part: String,
    /// Its name in the list.
    pub name: String,
    /// Its page.
    pub url: Url,
    /// The page of the list, as a browser's `Referer`.
    pub list: Url,
    /// Names of what is sent along with its text.
    pub fields: BTreeSet<String>,
    /// What its page is like; one that is like this no more when it is to be written has changed.
    pub contract: Contract,
}

/// What a part's list says about names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// Names of all documents of the part, or texts that may be names.
    pub names: BTreeSet<String>,
    /// Title and headings of the list itself, which name no document.
    pub common: BTreeSet<String>,
}

/// What a run is told beforehand.
#[derive(Debug, Clone, Copy)]
pub struct Wishes<'a> {
    /// What the operator answered to questions about pages.
    pub answers: &'a Answers,
    /// Addresses of lists that an earlier run found, by the part's id.
    pub remembered: &'a BTreeMap<String, String>,
    /// Which documents to read.
    pub selection: &'a Selection,
}

impl Wishes<'_> {
    /// Tells whether a part that is not found may be left out: it is optional, and nobody has said or seen where it is.
    pub(crate) fn can_do_without(&self, part: &Part) -> bool {
        let detail = format!("{}.", part.id);
        let said = |setting: &String| *setting == part.id || setting.starts_with(&detail);
        part.optional && !self.remembered.contains_key(&part.id) && !self.answers.keys().any(said)
    }
}

/// Reads the chosen documents of an instance.
///
/// # Errors
/// Any page that is not what the profile says: then nothing is kept.
pub async fn capture(
    session: &Session,
    wishes: Wishes<'_>,
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Result<Captured> {
    let mut captured = Captured {
        answers: wishes.answers.clone(),
        ..Captured::default()
    };
    let menu = menu::Menu::default();
    for part in &session.profile().parts {
        let known: Vec<String> = captured
            .lists
            .iter()
            .flat_map(|(id, known)| paths(session, id, known))
            .collect();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        if !wishes.selection.may_mean(&part.path, &known) {
            captured.partial = true;
            continue;
        }
        let read = walk_part(session, part, wishes, &menu, (progress, cancel)).await;
        match read {
            Ok(read) => captured.add(read),
            Err(why) if wishes.can_do_without(part) && why.kind() == Kind::Page => {
                captured.absent.push(Absent {
                    part: part.id.clone(),
                    title: part.title.clone(),
                    path: part.path.clone(),
                    why: why.message().to_owned(),
                    question: why.question().filter(|asked| asked.between_readings).cloned(),
                })
            }
            Err(error) => return Err(error),
        }
    }
    captured.documents.sort_by(|a, b| a.path.cmp(&b.path));
    if let Some(twice) = captured
        .documents
        .windows(2)
        .find(|pair| pair[0].path == pair[1].path)
    {
        return Err(Error::new(
            Kind::Page,
            format!("The list names `{}` twice.", twice[0].path),
        ));
    }
    Ok(captured)
}

/// The paths of all documents that a part's list names.
fn paths(session: &Session, id: &str, known: &Known) -> Vec<String> {
    let part = session.profile().parts.iter().find(|part| part.id == *id);
    let path = part.map_or("", |part| &part.path);
    known.names.iter().map(|name| format!("{path}/{name}")).collect()
}

/// Reads the list of a part and its documents.
async fn walk_part(
    session: &Session,
    part: &Part,
    wishes: Wishes<'_>,
    menu: &menu::Menu,
    (progress, cancel): (&dyn Progress, &Cancel),
) -> Result<Captured> {
    let mut read = Captured::default();
    let list = list::find(session, part, wishes, menu, cancel).await?;
    read.parts.push(part.path.clone());
    read.addresses.insert(part.id.clone(), list.address.clone());
    read.lists.insert(part.id.clone(), list.known.clone());
    read_part(session, part, list, wishes, (progress, cancel), &mut read).await?;
    Ok(read)
}

/// Refuses a page whose form lacks a field that those of all others have: it did not come whole (promise 5).
fn odd_one_out(kept: &[(Document, Place)]) -> Result<()> {
    let forms: Vec<(&str, BTreeSet<&str>)> = kept
        .iter()
        .filter(|(document, _)| document.read_only.is_none())
        .map(|(_, place)| {
            (
                place.name.as_str(),
                place.fields.iter().map(String::as_str).collect(),
            )
        })
        .collect();
    let fields: BTreeSet<&str> = forms.iter().flat_map(|(_, fields)| fields).copied().collect();
    for field in fields {
        let mut without = forms.iter().filter(|(_, fields)| !fields.contains(field));
        if let (Some((odd, _)), None) = (without.next(), without.next())
            && forms.len() > ENOUGH_TO_COMPARE
        {
            return Err(Error::new(
                Kind::Page,
                format!("The page of `{odd}` lacks the field `{field}`, which those of all others have."),
            )
            .hint("try again; if it is meant to be so, leave the document out with `--except NAME`"));
        }
    }
    Ok(())
}

/// Reads a part's documents.
async fn read_part(
    session: &Session,
    part: &Part,
    list: list::Found,
    wishes: Wishes<'_>,
    (progress, cancel): (&dyn Progress, &Cancel),
    captured: &mut Captured,
) -> Result<()> {
    let chosen = |names: &[String]| {
        names.iter().any(|name| {
            wishes
                .selection
                .selects_document(&format!("{}/{name}", part.path))
        })
    };
    let all = list.items.len();
    let items: Vec<list::ListItem> = list
        .items
        .into_iter()
        .filter(|item| chosen(&item.names))
        .collect();
    captured.partial |= items.len() < all;
    progress.expect(items.len());
    let context = open::Context {
        part,
        known: &list.known,
        answers: wishes.answers,
    };

    let mut kept = Vec::new();
    let apart = {
        let mut take = |opened: Result<Box<Opened>>| {
            let opened = opened?;
            captured.note_unknown_button(&opened);
            kept.push(opened.into_kept());
            Ok(())
        };
        open_all(session, context, items, (progress, cancel), &mut take).await?
    };
    if apart {
        captured.notes.push(
            "Pages answered for each other when read side by side: the rest was read one at a time."
                .to_owned(),
        );
    }
    // A service may leave out what is empty; what must be there the profile points to.
    if part.service.is_none() {
        odd_one_out(&kept)?;
    }
    for (document, place) in kept {
        if wishes.selection.selects_document(&document.path) {
            captured.places.insert(document.path.clone(), place);
            captured.documents.push(document);
        }
    }
    Ok(())
}

/// Opens items of a list, four at a time as long as every page names the document it was asked for, and hands over what
/// came of each. Tells whether pages answered for each other, so that the rest was read one at a time.
async fn open_all(
    session: &Session,
    context: open::Context<'_>,
    items: Vec<list::ListItem>,
    (progress, cancel): (&dyn Progress, &Cancel),
    take: &mut dyn FnMut(Result<Box<Opened>>) -> Result<()>,
) -> Result<bool> {
    let mut again = Vec::new();
    let mut waiting = items.into_iter();
    let mut under_way = futures::stream::FuturesUnordered::new();
    loop {
        while again.is_empty() && under_way.len() < SIDE_BY_SIDE {
            let Some(item) = waiting.next() else { break };
            cancel.check()?;
            under_way.push(async {
                let opened = open::open_item(session, context, &item).await;
                (item, opened)
            });
        }
        let Some((item, opened)) = under_way.next().await else {
            break;
        };
        match opened {
            Ok(open::Answer::Another(_)) => again.push(item),
            Ok(open::Answer::Opened(opened)) => {
                progress.done(&opened.name);
                take(Ok(opened))?;
            }
            Err(error) => take(Err(error))?,
        }
    }
    drop(under_way);
    let apart = !again.is_empty();
    for item in again.into_iter().chain(waiting) {
        cancel.check()?;
        match open::open_item(session, context, &item).await {
            Ok(open::Answer::Another(name)) => take(Err(open::wrong_page(&item, &name)))?,
            Ok(open::Answer::Opened(opened)) => {
                progress.done(&opened.name);
                take(Ok(opened))?;
            }
            Err(error) => take(Err(error))?,
        }
    }
    Ok(apart)
}
