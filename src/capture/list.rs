//! Reads a part's list with all its result pages.

use std::borrow::Cow;
use std::collections::{BTreeSet, VecDeque};

use serde::Serialize;
use url::Url;

use crate::capture::choose::Chooser;
use crate::capture::menu::{self, Menu, Way};
use crate::capture::{Known, Wishes, frames, open, roll, single};
use crate::error::{Choice, Error, Kind, Question, Result};
use crate::find::{
    Item, Rules, Shape, bare, entries_labelled, further_behind_scripts, further_pages, more_items,
    says_total, shown_path, speaks_of, waits_for_scripts,
};
use crate::instance::Cancel;
use crate::page::{Page, select_links};
use crate::profile::{Part, Shape as PartShape};
use crate::session::Session;

/// Result pages that are read at most.
pub(super) const MOST_PAGES: usize = 500;
/// Pages of one label, one behind the other, that are read at most to come to a list.
const MOST_DOORS: usize = 3;

/// An item of the list, with its page when that was read already.
#[derive(Debug, Clone)]
pub(super) struct ListItem {
    pub(super) names: Vec<String>,
    pub(super) url: Url,
    pub(super) list: Url,
    pub(super) page: Option<Box<Page>>,
}

/// A part's list, whole.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) items: Vec<ListItem>,
    pub(super) known: Known,
    pub(super) address: String,
    pub(super) how: How,
}

/// How a part's list was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// By what the operator said.
    Given,
    /// Where an earlier run found it.
    Remembered,
    /// By the address in the profile.
    Profile,
    /// By its label in the admin menu.
    #[default]
    Menu,
}

impl How {
    /// Words it for a person, to stand behind "found".
    pub fn words(self) -> &'static str {
        match self {
            How::Given => "as you said with `instance set`",
            How::Remembered => "where an earlier run found it",
            How::Profile => "at the address in the profile",
            How::Menu => "by its label in the admin menu",
        }
    }
}

/// Finds and reads the list of a part; where it is forbidden, the permission is named.
pub(super) async fn find(
    session: &Session,
    part: &Part,
    wishes: Wishes<'_>,
    menu: &Menu,
    cancel: &Cancel,
) -> Result<Found> {
    let found = found(session, part, wishes, menu, cancel).await;
    found.map_err(|error| match error.is_forbidden() {
        true => error.hint(part.permission_hint()),
        false => error,
    })
}

async fn found(
    session: &Session,
    part: &Part,
    wishes: Wishes<'_>,
    menu: &Menu,
    cancel: &Cancel,
) -> Result<Found> {
    if let Some(service) = &part.service {
        return roll::read(Place { session, part }, service, wishes, cancel).await;
    }
    let mut walk = Walk {
        place: Place { session, part },
        wishes,
        cancel,
        chooser: Chooser::new(session, part, wishes, cancel),
    };
    let given = wishes.answers.contains_key(&part.id);
    let (how, found) = match menu::way(session, part, wishes)? {
        Way::Fixed(url) if given => (How::Given, walk.read(&url).await),
        Way::Fixed(url) => (How::Profile, walk.read(&url).await),
        Way::Remembered(url) => match walk.read(&url).await {
            // A remembered address is a convenience: where it leads nowhere any more, the menu decides.
            Err(e) if e.kind() == Kind::Page && !e.is_forbidden() => {
                let url = menu::look_up(session, part, wishes, menu).await?;
                (How::Menu, walk.read(&url).await)
            }
            other => (How::Remembered, other),
        },
        Way::Menu => {
            let url = menu::look_up(session, part, wishes, menu).await?;
            let how = if given { How::Given } else { How::Menu };
            (how, walk.read(&url).await)
        }
    };
    Ok(Found { how, ..found? })
}

/// Where a walk is, for messages.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) session: &'a Session,
    pub(super) part: &'a Part,
}

impl<'a> Place<'a> {
    /// What is known beforehand of links and labels.
    pub(super) fn rules(self, wishes: Wishes<'a>) -> Rules<'a> {
        let profile = self.session.profile();
        let link = wishes.answers.get(&format!("{}.link", self.part.id));
        Rules {
            words: &profile.words,
            tokens: &profile.token.names,
            link: link.map(String::as_str),
        }
    }

    /// Says that a page is no list that can be read.
    pub(super) fn trouble(self, page: &Page, what: &str) -> Error {
        Error::new(
            Kind::Page,
            format!(
                "The page `{}` ({}) {what}.",
                shown_path(&page.url),
                self.part.title
            ),
        )
    }

    /// Makes a question about the part, or a detail of it (`.text`).
    pub(super) fn question(self, detail: &str, placeholder: &'static str) -> Question {
        Question::new(format!("{}{detail}", self.part.id), placeholder)
    }

    /// Adds a question whose answer would help.
    pub(super) fn ask(self, error: Error, question: Question) -> Error {
        error.asking(self.session.instance(), question)
    }
}

struct Walk<'a> {
    place: Place<'a>,
    wishes: Wishes<'a>,
    cancel: &'a Cancel,
    chooser: Chooser<'a>,
}

impl Walk<'_> {
    /// Reads the list at an address; where a page of the entry's own name stands before it, the list behind that.
    async fn read(&mut self, address: &Url) -> Result<Found> {
        let tokens = &self.place.session.profile().token.names;
        let mut address = address.clone();
        let mut been: Vec<Url> = Vec::new();
        loop {
            let first = self
                .place
                .session
                .read(&address, Some(&self.place.session.start().url))
                .await?;
            been.extend([bare(&address, tokens), bare(&first.url, tokens)]);
            let pages = frames::unfold(self.place.session, first).await?;
            if self.place.part.single.is_some() {
                return single::found(self.place, pages, self.wishes).await;
            }
            let entries = entries_labelled(&pages, &self.place.part.labels, tokens);
            let onward: Vec<Url> = entries
                .into_iter()
                .map(|e| e.url)
                .filter(|url| !been.contains(&bare(url, tokens)))
                .collect();
            match (self.read_from(pages, &address).await, onward.as_slice()) {
                (Err(e), [only]) if e.kind() == Kind::Page && been.len() < 2 * MOST_DOORS => {
                    address = only.clone()
                }
                (other, _) => return other,
            }
        }
    }

    /// Reads the list that one of the pages shows, and all its further pages.
    async fn read_from(&mut self, pages: Vec<Page>, address: &Url) -> Result<Found> {
        let mut trouble = None;
        for first in &pages {
            let chosen = match self.place.part.list.links {
                Some(_) => None,
                None => match self.chooser.choose(first).await {
                    Ok(Some(chosen)) => Some(chosen),
                    Ok(None) => continue,
                    Err(e) if e.kind() == Kind::Page => {
                        trouble.get_or_insert(e);
                        continue;
                    }
                    Err(e) => return Err(e),
                },
            };
            return self.read_all(first.clone(), chosen, address).await;
        }
        Err(trouble.unwrap_or_else(|| self.no_list(&pages[0])))
    }

    fn no_list(&self, page: &Page) -> Error {
        if waits_for_scripts(page) {
            let what = format!("The page `{}` ({})", shown_path(&page.url), self.place.part.title);
            let scripted = open::scripted(self.place.session.instance(), &what);
            return self
                .place
                .ask(scripted, self.place.question("", "ADDRESS-OR-MENU-ENTRY"));
        }
        if speaks_of(&page.text, &self.place.session.profile().words.denied) {
            let trouble = self.place.trouble(page, "says that the admin may not see it");
            return trouble.forbidden();
        }
        let trouble = self.place.trouble(
            page,
            &format!(
                "shows no list whose items open a page with {}",
                holds(self.place.part)
            ),
        );
        let trouble = self
            .place
            .ask(trouble, self.place.question("", "ADDRESS-OR-MENU-ENTRY"));
        trouble.hint(self.place.part.permission_hint())
    }

    async fn read_all(
        &mut self,
        first: Page,
        chosen: Option<(Shape, Vec<Item>)>,
        address: &Url,
    ) -> Result<Found> {
        let tokens = &self.place.session.profile().token.names;
        let common: BTreeSet<String> = std::iter::once(&first.title)
            .chain(&first.headings)
            .cloned()
            .collect();
        let mut items: Vec<ListItem> = Vec::new();
        let mut seen = vec![bare(&first.url, tokens), bare(address, tokens)];
        let (shape, mut rows) = chosen.unzip();
        let total = rows
            .as_ref()
            .and_then(|rows| says_total(&first, rows.len(), &self.place.session.profile().words));
        let total = total.map(|total| (first.clone(), total));
        let mut queue = VecDeque::from([first]);
        let mut pages = 0;
        let mut linked = false;
        while let Some(page) = queue.pop_front() {
            pages += 1;
            let rows = match (rows.take(), &shape) {
                (Some(rows), _) => rows,
                (None, Some(shape)) => more_items(&page, shape, self.place.rules(self.wishes)),
                (None, None) => self.selected(&page)?,
            };
            let added = self.add(rows, &page, &mut items)?;
            // A guessed further page without anything new is none of this list: it leads nowhere either. Where the
            // profile names the links, a page may hold nothing but links to further ones, as a tree's branches do.
            let guessed = self.place.part.list.further.is_none();
            if added == 0 && pages > 1 && guessed {
                continue;
            }
            for url in self.further(&page, &mut linked)? {
                if seen.len() > MOST_PAGES {
                    return Err(self
                        .place
                        .trouble(&page, &format!("goes on for more than {MOST_PAGES} pages")));
                }
                if !seen.contains(&bare(&url, tokens)) {
                    self.cancel.check()?;
                    seen.push(bare(&url, tokens));
                    queue.push_back(self.place.session.read(&url, Some(&page.url)).await?);
                }
            }
        }
        if let Some((page, total)) = total.filter(|(_, total)| *total > items.len() && !self.is_whole()) {
            let what = format!("says that it has {total} rows, and shows only {}", items.len());
            return Err(self.half(&page, &what));
        }
        let names = items.iter().flat_map(|i| i.names.iter().cloned()).collect();
        for item in &mut items {
            item.page = self.chooser.take_page(&item.url).map(Box::new);
        }
        let address = bare(address, tokens).to_string();
        Ok(Found {
            items,
            known: Known { names, common },
            address,
            how: How::default(),
        })
    }

    /// Finds the further pages of a list's page; what only a script or a form leads to is an error, as half a list is
    /// no list. `linked` tells, and is told, whether links lead to further pages of this list.
    fn further(&self, page: &Page, linked: &mut bool) -> Result<Vec<Url>> {
        let (list, profile) = (&self.place.part.list, self.place.session.profile());
        let select = |css: &String| select_links(page, css).into_iter().map(|l| l.url).collect();
        if list.links.is_some() {
            return Ok(list.further.as_ref().map(select).unwrap_or_default());
        }
        let found = further_pages(page, &profile.words, &profile.token.names);
        *linked |= !found.pages.is_empty();
        if !*linked
            && !self.is_whole()
            && let Some(label) = further_behind_scripts(page, &profile.words)
        {
            let what = format!("has further pages behind `{label}`, which only a script or a form opens");
            return Err(self.half(page, &what));
        }
        Ok(found.pages.into_iter().chain(found.letters).collect())
    }

    /// The operator has said that what is shown is all.
    fn is_whole(&self) -> bool {
        let key = format!("{}.further", self.place.part.id);
        self.wishes.answers.contains_key(&key)
    }

    fn half(&self, page: &Page, what: &str) -> Error {
        let trouble = self
            .place
            .trouble(page, &format!("{what}: half a list is not kept"));
        let elsewhere = self
            .place
            .question("", "ADDRESS (of a page that shows the whole list)");
        let whole = Choice {
            shown: "what is shown is the whole list".to_owned(),
            answer: "none".to_owned(),
        };
        let here = self
            .place
            .question(".further", "none (if this is the whole list)")
            .offering([whole]);
        self.place.ask(self.place.ask(trouble, elsewhere), here)
    }

    fn selected(&self, page: &Page) -> Result<Vec<Item>> {
        let mut items = Vec::new();
        let part = self.place.part;
        for link in part.list.links.iter().flat_map(|css| select_links(page, css)) {
            let name: Option<String> = match &part.list.name_in_query {
                Some(parameter) => {
                    let wanted = |(name, _): &(Cow<'_, str>, Cow<'_, str>)| name == parameter;
                    link.url
                        .query_pairs()
                        .find(wanted)
                        .map(|(_, value)| value.into_owned())
                }
                None => Some(link.text.trim().to_owned()),
            };
            let Some(name) = name.filter(|n| !n.is_empty()) else {
                continue;
            };
            let url = match &part.edit.address {
                Some(address) => self
                    .place
                    .session
                    .address(&address.replace("{name}", &percent_encoded(&name)))?,
                None => link.url.clone(),
            };
            items.push(Item {
                names: vec![name],
                url,
                columns: Vec::new(),
            });
        }
        Ok(items)
    }

    /// Adds what is new on a page; a name that stands twice on one page is an error.
    fn add(&self, rows: Vec<Item>, page: &Page, items: &mut Vec<ListItem>) -> Result<usize> {
        let tokens = &self.place.session.profile().token.names;
        let before: BTreeSet<Vec<String>> = items.iter().map(|i| i.names.clone()).collect();
        let known: BTreeSet<Url> = items.iter().map(|i| bare(&i.url, tokens)).collect();
        let mut here: BTreeSet<Url> = BTreeSet::new();
        let mut added = 0;
        for row in rows {
            let url = bare(&row.url, tokens);
            if row.names.is_empty() {
                return Err(self
                    .place
                    .trouble(page, "has a row without any text to name it by"));
            }
            let is_name = row.names.len() == 1;
            if known.contains(&url) || !here.insert(url) || (is_name && before.contains(&row.names)) {
                continue;
            }
            if is_name && items.iter().any(|i| i.names == row.names) {
                return Err(self
                    .place
                    .trouble(page, &format!("names `{}` twice", row.names[0])));
            }
            items.push(ListItem {
                names: row.names,
                url: row.url,
                list: page.url.clone(),
                page: None,
            });
            added += 1;
        }
        Ok(added)
    }
}

/// What the page of a part's item holds, for messages.
pub(super) fn holds(part: &Part) -> String {
    match part.shape {
        PartShape::Forms => "one large text".to_owned(),
        PartShape::Fields => match part.switch.first() {
            Some(label) => format!("a check box `{label}`"),
            None => "a form".to_owned(),
        },
        PartShape::Files => "a file and a form that takes another one".to_owned(),
        PartShape::Records => "a table".to_owned(),
    }
}

pub(super) fn percent_encoded(name: &str) -> String {
    percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC).to_string()
}
