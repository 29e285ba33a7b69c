//! Reads a part's list with all its result pages.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, VecDeque};

use url::Url;

use crate::capture::menu::{self, Way};
use crate::capture::{Known, Wishes};
use crate::error::{Error, Kind, Result};
use crate::find::{Candidate, Item, candidates, edit_form, further_pages};
use crate::instance::Cancel;
use crate::page::{Page, select_links};
use crate::profile::Part;
use crate::session::Session;

/// Result pages that are read at most.
const MOST_PAGES: usize = 500;
/// Runs whose first item is opened to see whether it is the list.
const MOST_TRIED: usize = 8;

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
}

/// Finds and reads the list of a part.
pub(super) async fn find(
    session: &Session,
    part: &Part,
    wishes: Wishes<'_>,
    cancel: &Cancel,
) -> Result<Found> {
    let mut walk = Walk {
        session,
        part,
        wishes,
        cancel,
        opened: HashMap::new(),
    };
    match menu::way(session, part, wishes)? {
        Way::Fixed(url) => walk.read(&url).await,
        Way::Remembered(url) => match walk.read(&url).await {
            // A remembered address is a convenience: where it leads nowhere any more, the menu decides.
            Err(e) if e.kind() == Kind::Page => walk.read(&menu::look_up(session, part, wishes).await?).await,
            other => other,
        },
        Way::Menu => walk.read(&menu::look_up(session, part, wishes).await?).await,
    }
}

struct Walk<'a> {
    session: &'a Session,
    part: &'a Part,
    wishes: Wishes<'a>,
    cancel: &'a Cancel,
    /// Pages of items that were opened to see whether a run is the list; asked for once only.
    opened: HashMap<Url, Page>,
}

impl Walk<'_> {
    async fn read(&mut self, address: &Url) -> Result<Found> {
        let first = self
            .session
            .read(address, Some(&self.session.start().url))
            .await?;
        let common: BTreeSet<String> = std::iter::once(&first.title)
            .chain(&first.headings)
            .cloned()
            .collect();
        let mut items: Vec<ListItem> = Vec::new();
        let mut shape = None;
        let mut seen = vec![without_fragment(&first.url), without_fragment(address)];
        let mut queue = VecDeque::from([first]);
        let mut pages = 0;
        while let Some(page) = queue.pop_front() {
            pages += 1;
            let further = self.further(&page);
            let rows = self.rows(&page, &mut shape).await?;
            let added = self.add(rows, &page, &mut items)?;
            // A guessed further page without anything new is none of this list: it leads nowhere either. Where the
            // profile names the links, a page may hold nothing but links to further ones, as a tree's branches do.
            if added == 0 && pages > 1 && self.part.list.further.is_none() {
                continue;
            }
            for url in further {
                if seen.len() > MOST_PAGES {
                    return Err(self.trouble(&page, &format!("goes on for more than {MOST_PAGES} pages")));
                }
                if !seen.contains(&url) {
                    self.cancel.check()?;
                    seen.push(url.clone());
                    queue.push_back(self.session.read(&url, Some(&page.url)).await?);
                }
            }
        }
        let names = items.iter().flat_map(|i| i.names.iter().cloned()).collect();
        for item in &mut items {
            item.page = self.opened.remove(&item.url).map(Box::new);
        }
        Ok(Found {
            items,
            known: Known { names, common },
            address: relative(self.session, address),
        })
    }

    fn further(&self, page: &Page) -> Vec<Url> {
        let urls = match (&self.part.list.links, &self.part.list.further) {
            (Some(_), Some(css)) => select_links(page, css).into_iter().map(|l| l.url).collect(),
            (Some(_), None) => Vec::new(),
            (None, _) => further_pages(page, &self.session.profile().words),
        };
        let own = page.url.origin();
        urls.iter()
            .filter(|url| url.origin() == own)
            .map(without_fragment)
            .collect()
    }

    async fn rows(&mut self, page: &Page, shape: &mut Option<String>) -> Result<Vec<Item>> {
        if let Some(css) = &self.part.list.links {
            return self.selected(page, css);
        }
        let found = candidates(page, &self.session.profile().words);
        if let Some(shape) = shape {
            // Further pages of the list carry links of the same shape; a page without them carries nothing.
            return Ok(found
                .into_iter()
                .find(|c| shape_of(c) == *shape)
                .map(|c| c.items)
                .unwrap_or_default());
        }
        let chosen = self.choose(page, found).await?;
        *shape = Some(shape_of(&chosen));
        Ok(chosen.items)
    }

    /// The list is the run whose first item opens a page with one large text.
    async fn choose(&mut self, page: &Page, found: Vec<Candidate>) -> Result<Candidate> {
        let mut lists: Vec<Candidate> = Vec::new();
        let mut why = None;
        for candidate in found.into_iter().take(MOST_TRIED) {
            self.cancel.check()?;
            let Some(url) = candidate.items.first().map(|i| i.url.clone()) else {
                continue;
            };
            if !self.opened.contains_key(&url) {
                match self.session.read(&url, Some(&page.url)).await {
                    Ok(read) => self.opened.insert(url.clone(), read),
                    Err(e) if e.kind() == Kind::Page => {
                        why.get_or_insert(e);
                        continue;
                    }
                    Err(e) => return Err(e),
                };
            }
            match edit_form(
                &self.opened[&url],
                self.part,
                &self.session.profile().words,
                self.wishes.answers,
            ) {
                Ok(_) => lists.push(candidate),
                Err(unclear) if unclear.answer.is_some() => {
                    let name = candidate.items[0].names.join(" / ");
                    why = Some(crate::capture::open::not_understood(
                        self.session.instance(),
                        &name,
                        unclear,
                    ));
                }
                Err(_) => {}
            }
        }
        match (lists.len(), why) {
            (1, _) => Ok(lists.remove(0)),
            (0, Some(why)) => Err(why),
            (0, None) => Err(self
                .trouble(page, "shows no list whose items open a page with one large text")
                .hint(self.part.permission_hint())),
            _ => self.only_named(page, lists),
        }
    }

    /// Of several runs the one whose links carry the rows' names is the list, if there is one only.
    fn only_named(&self, page: &Page, lists: Vec<Candidate>) -> Result<Candidate> {
        let described: Vec<String> = lists
            .iter()
            .map(|c| format!("`{}`", c.items[0].names.join(" / ")))
            .collect();
        let mut named = lists.into_iter().filter(|c| c.named_by_links);
        match (named.next(), named.next()) {
            (Some(only), None) => Ok(only),
            _ => Err(self.trouble(
                page,
                &format!(
                    "shows several lists, beginning with {}: not guessed",
                    described.join(" and with ")
                ),
            )),
        }
    }

    fn selected(&self, page: &Page, css: &str) -> Result<Vec<Item>> {
        let mut items = Vec::new();
        for link in select_links(page, css) {
            let name: Option<String> = match &self.part.list.name_in_query {
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
            let url = match &self.part.edit.address {
                Some(address) => self
                    .session
                    .address(&address.replace("{name}", &percent_encoded(&name)))?,
                None => link.url.clone(),
            };
            items.push(Item {
                names: vec![name],
                url,
            });
        }
        Ok(items)
    }

    /// Adds what is new on a page; a name that stands twice on one page is an error.
    fn add(&self, rows: Vec<Item>, page: &Page, items: &mut Vec<ListItem>) -> Result<usize> {
        let before: BTreeSet<(Vec<String>, Url)> = items.iter().map(key).collect();
        let mut added = 0;
        for row in rows {
            let item = ListItem {
                names: row.names,
                url: row.url,
                list: page.url.clone(),
                page: None,
            };
            if before.contains(&key(&item)) || items.iter().any(|i| i.url == item.url) {
                continue;
            }
            if item.names.len() == 1 && items.iter().any(|i| i.names == item.names) {
                if before.iter().any(|(names, _)| *names == item.names) {
                    continue;
                }
                return Err(self.trouble(page, &format!("names `{}` twice", item.names[0])));
            }
            items.push(item);
            added += 1;
        }
        Ok(added)
    }

    fn trouble(&self, page: &Page, what: &str) -> Error {
        Error::new(
            Kind::Page,
            format!("The page `{}` ({}) {what}.", page.url.path(), self.part.title),
        )
        .hint(format!(
            "lmskeep instance set {} page {}=ADDRESS-OR-MENU-ENTRY",
            self.session.instance(),
            self.part.id
        ))
    }
}

fn key(item: &ListItem) -> (Vec<String>, Url) {
    (item.names.clone(), item.url.clone())
}

/// Path and parameter names of the first link: what stays the same from row to row and from page to page.
fn shape_of(candidate: &Candidate) -> String {
    let Some(item) = candidate.items.first() else {
        return String::new();
    };
    let names: Vec<String> = item
        .url
        .query_pairs()
        .map(|(name, _)| name.into_owned())
        .collect();
    format!("{}?{}", item.url.path(), names.join("&"))
}

/// An address is remembered without its query's token, and below the root where possible.
fn relative(session: &Session, url: &Url) -> String {
    let mut url = url.clone();
    let tokens = &session.profile().token.names;
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| !tokens.iter().any(|t| t == name))
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    url.set_query(None);
    if !kept.is_empty() {
        url.query_pairs_mut().extend_pairs(kept);
    }
    url.set_fragment(None);
    url.to_string()
}

fn percent_encoded(name: &str) -> String {
    percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC).to_string()
}

fn without_fragment(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_fragment(None);
    url
}
