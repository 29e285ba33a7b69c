//! Walks every page of a profile's parts and says what it found, where `capture` would stop at the first trouble.

use std::collections::BTreeMap;

use crate::backup::Contract;
use crate::capture::list::{self, How};
use crate::capture::menu::Menu;
use crate::capture::{Opened, Wishes, open, open_all};
use crate::error::{Error, Kind, Result};
use crate::instance::Cancel;
use crate::profile::Part;
use crate::progress::Progress;
use crate::session::Session;

/// What was found of one part.
#[derive(Debug)]
pub struct Surveyed {
    /// The part's id.
    pub part: String,
    /// What people call it.
    pub title: String,
    /// Whether the instance may do without what was not found.
    pub optional: bool,
    /// How its list was found; nothing where it was not.
    pub how: Option<How>,
    /// Where its list is; nothing where it was not found.
    pub address: Option<String>,
    /// How many items the list has.
    pub items: usize,
    /// What the pages that were understood are like, each with the paths of its documents.
    pub pages: BTreeMap<Contract, Vec<String>>,
    /// Documents that are kept but cannot be written, and why.
    pub read_only: Vec<(String, String)>,
    /// What is missing, in the order in which a person would mend it.
    pub troubles: Vec<Error>,
}

/// Walks all parts; no form is sent.
///
/// # Errors
/// What no further page would answer either: the instance is gone, the session is lost, a person stopped it.
pub async fn survey(
    session: &Session,
    wishes: Wishes<'_>,
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Result<Vec<Surveyed>> {
    let mut all = Vec::new();
    let menu = Menu::default();
    for part in &session.profile().parts {
        all.push(survey_part(session, part, wishes, &menu, (progress, cancel)).await?);
    }
    Ok(all)
}

async fn survey_part(
    session: &Session,
    part: &Part,
    wishes: Wishes<'_>,
    menu: &Menu,
    (progress, cancel): (&dyn Progress, &Cancel),
) -> Result<Surveyed> {
    let mut surveyed = Surveyed {
        part: part.id.clone(),
        title: part.title.clone(),
        optional: false,
        how: None,
        address: None,
        items: 0,
        pages: BTreeMap::new(),
        read_only: Vec::new(),
        troubles: Vec::new(),
    };
    let list = match list::find(session, part, wishes, menu, cancel).await {
        Ok(list) => list,
        Err(error) => {
            surveyed.optional = wishes.can_do_without(part);
            return of_page(error).map(|error| surveyed.with(error));
        }
    };
    surveyed.how = Some(list.how);
    surveyed.address = Some(list.address);
    surveyed.items = list.items.len();
    progress.expect(list.items.len());
    let context = open::Context {
        part,
        known: &list.known,
        answers: wishes.answers,
    };
    let mut writable = None;
    let mut take = |opened: Result<Box<Opened>>| {
        match opened {
            Ok(opened) => {
                if writable.is_none() && opened.document.read_only.is_none() {
                    writable = Some(opened.editor.clone());
                }
                surveyed.add(*opened);
            }
            Err(error) => surveyed.troubles.push(of_page(error)?),
        }
        Ok(())
    };
    open_all(session, context, list.items, (progress, cancel), &mut take).await?;
    if let Some(editor) = writable
        && let Err(error) = session.find_token(&editor).await
    {
        surveyed.troubles.push(of_page(error)?);
    }
    surveyed.pages.values_mut().for_each(|paths| paths.sort());
    Ok(surveyed)
}

/// Takes what is wrong with a page; anything else ends the walk.
fn of_page(error: Error) -> Result<Error> {
    match error.kind() {
        Kind::Page => Ok(error),
        _ => Err(error),
    }
}

impl Surveyed {
    fn with(mut self, error: Error) -> Self {
        self.troubles.push(error);
        self
    }

    fn add(&mut self, opened: Opened) {
        // Of records nobody expects that they can be written.
        let is_record = opened.document.is_record();
        let path = opened.document.path;
        if let Some(why) = opened.document.read_only.filter(|_| !is_record) {
            self.read_only.push((path.clone(), why));
        }
        self.pages.entry(opened.place.contract).or_default().push(path);
    }
}
