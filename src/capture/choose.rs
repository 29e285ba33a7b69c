//! Chooses the list among the runs of a page: the one whose items open a page with one large text.
//!
//! To look at an item is to follow its link, and a link may do anything. So runs whose links carry the names of their
//! rows come first, then those whose links say that they open items; a link that says nothing is followed only where
//! there is no list yet.

use std::collections::{BTreeSet, HashMap};

use url::Url;

use crate::capture::list::Place;
use crate::capture::menu::shown;
use crate::capture::{Wishes, open};
use crate::error::{Choice, Error, Kind, Result};
use crate::find::{
    Candidate, EditForm, Item, Shape, Unclear, bare, candidates, edit_form, settle_by_page, waits_for_scripts,
};
use crate::instance::Cancel;
use crate::page::Page;
use crate::profile::Part;
use crate::session::Session;

/// Runs of which an item is opened, at most.
const MOST_TRIED: usize = 8;
/// Items that are opened of a run whose first ones are gone.
const MOST_GONE: usize = 3;

pub(super) struct Chooser<'a> {
    place: Place<'a>,
    wishes: Wishes<'a>,
    cancel: &'a Cancel,
    /// Pages of items that were opened to see whether a run is the list; asked for once only.
    opened: HashMap<Url, Page>,
}

/// What opening an item has shown.
enum Looked {
    List(Box<(usize, EditForm)>),
    Unclear(usize, Unclear),
    Gone(Error),
    NoText,
}

impl<'a> Chooser<'a> {
    pub(super) fn new(session: &'a Session, part: &'a Part, wishes: Wishes<'a>, cancel: &'a Cancel) -> Self {
        let place = Place { session, part };
        Self {
            place,
            wishes,
            cancel,
            opened: HashMap::new(),
        }
    }

    /// Gives up the page of an item that was opened already.
    pub(super) fn take_page(&mut self, url: &Url) -> Option<Page> {
        self.opened.remove(url)
    }

    /// Chooses the list of a page: how its rows are known, and its items; none where it has none.
    pub(super) async fn choose(&mut self, page: &Page) -> Result<Option<(Shape, Vec<Item>)>> {
        let mut found = candidates(page, self.place.rules(self.wishes));
        if let Some(name) = self.wishes.answers.get(&format!("{}.list", self.place.part.id)) {
            found.retain(|candidate| candidate.shows(name));
        }
        let (asked, clear): (Vec<Candidate>, Vec<Candidate>) = found
            .into_iter()
            .partition(|candidate| !candidate.unclear.is_empty());
        let mut lists: Vec<Candidate> = Vec::new();
        let mut why = None;
        for mut candidate in clear.into_iter().take(MOST_TRIED) {
            let needed = lists.is_empty()
                || candidate.named_by_links
                || candidate.labelled
                || lists.iter().all(|list| candidate.embraces(list));
            if !needed {
                continue;
            }
            match self.look(page, &candidate).await? {
                Looked::List(seen) => {
                    let (item, edit) = *seen;
                    if !candidate.named_by_links {
                        self.settle(page, &mut candidate, item, &edit);
                    }
                    lists.push(candidate);
                }
                Looked::Unclear(item, unclear) => {
                    let name = candidate.items[item].names.join(" / ");
                    why = Some(open::not_understood(
                        self.place.session.instance(),
                        &name,
                        unclear,
                    ));
                }
                Looked::Gone(error) => why = why.or(Some(error)),
                Looked::NoText => {}
            }
        }
        let Some(list) = self.only(page, lists, why, &asked)? else {
            return Ok(None);
        };
        // Rows of which nothing tells how they open, and which show more than the list does, may be the list.
        match asked
            .iter()
            .find(|other| other.items.len() > list.items.len() && other.embraces(&list))
        {
            Some(other) => Err(self.which_link(page, other)),
            None => Ok(Some((list.shape, list.items))),
        }
    }

    /// Opens an item of a run; the next one where it is gone.
    async fn look(&mut self, list: &Page, candidate: &Candidate) -> Result<Looked> {
        let path = |name: &String| format!("{}/{name}", self.place.part.path);
        let wanted = |item: &Item| {
            item.names
                .iter()
                .any(|n| self.wishes.selection.selects_document(&path(n)))
        };
        let mut order: Vec<usize> = (0..candidate.items.len()).collect();
        order.sort_by_key(|at| !wanted(&candidate.items[*at]));
        let mut gone = None;
        for item in order.into_iter().take(MOST_GONE) {
            self.cancel.check()?;
            let url = &candidate.items[item].url;
            if !self.opened.contains_key(url) {
                match self.place.session.read(url, Some(&list.url)).await {
                    Ok(read) => {
                        let read = open::with_text(self.place.session, read, self.place.part).await?;
                        self.opened.insert(url.clone(), read);
                    }
                    Err(e) if e.kind() == Kind::Page => {
                        let name = candidate.items[item].names.join(" / ");
                        gone.get_or_insert(open::unreadable(self.place.session.instance(), &name, &e));
                        continue;
                    }
                    Err(e) => return Err(e),
                }
            }
            let words = &self.place.session.profile().words;
            if waits_for_scripts(&self.opened[url]) {
                let what = format!("The page of `{}`", candidate.items[item].names.join(" / "));
                return Ok(Looked::Gone(open::scripted(self.place.session.instance(), &what)));
            }
            return Ok(
                match edit_form(&self.opened[url], self.place.part, words, self.wishes.answers) {
                    Ok(edit) => Looked::List(Box::new((item, edit))),
                    Err(unclear) if unclear.question.is_some() => Looked::Unclear(item, unclear),
                    Err(_) => Looked::NoText,
                },
            );
        }
        Ok(gone.map_or(Looked::NoText, Looked::Gone))
    }

    /// Where links do not name the rows, the first item's page tells which column does.
    fn settle(&self, page: &Page, candidate: &mut Candidate, item: usize, edit: &EditForm) {
        let common: BTreeSet<String> = std::iter::once(&page.title)
            .chain(&page.headings)
            .cloned()
            .collect();
        let url = candidate.items[item].url.clone();
        settle_by_page(
            candidate,
            item,
            (&self.opened[&url], edit, self.place.part),
            &common,
        );
    }

    /// Takes the only list; of lists of the same documents the longest, completed by the others.
    fn only(
        &self,
        page: &Page,
        mut lists: Vec<Candidate>,
        why: Option<Error>,
        asked: &[Candidate],
    ) -> Result<Option<Candidate>> {
        lists.sort_by_key(|list| std::cmp::Reverse(list.items.len()));
        let mut lists = lists.into_iter();
        let Some(mut list) = lists.next() else {
            return match (why, asked.first()) {
                (Some(why), _) => Err(why),
                (None, Some(unclear)) => Err(self.which_link(page, unclear)),
                (None, None) => Ok(None),
            };
        };
        let mut others = Vec::new();
        for other in lists {
            if other.is_alike(&list) && other.items.iter().all(|item| item.names.len() == 1) {
                let new = other
                    .items
                    .into_iter()
                    .filter(|item| !item.names.iter().any(|name| list.shows(name)));
                let new: Vec<Item> = new.collect();
                list.items.extend(new);
            } else if !list.embraces(&other) {
                others.push(other);
            }
        }
        if others.is_empty() {
            return Ok(Some(list));
        }
        let lists = || std::iter::once(&list).chain(&others);
        let beginnings: Vec<String> = lists()
            .map(|l| format!("`{}`", l.items[0].names.join(" / ")))
            .collect();
        let choices = lists().map(|list| Choice {
            shown: format!(
                "the {} rows that begin with {}",
                list.items.len(),
                list.items[0].names.join(" / ")
            ),
            answer: list.items[0].names[0].clone(),
        });
        let question = self.place.question(".list", "NAME (of a file in the right one)");
        let what = format!(
            "shows several lists, beginning with {}: not guessed",
            beginnings.join(" and with ")
        );
        Err(self
            .place
            .ask(self.place.trouble(page, &what), question.offering(choices)))
    }

    fn which_link(&self, page: &Page, candidate: &Candidate) -> Error {
        let tokens = &self.place.session.profile().token.names;
        let quoted = |url: &Url| format!("`{}`", shown(url, tokens));
        let links: Vec<String> = candidate.unclear.iter().map(quoted).collect();
        let what = format!(
            "has several links in each row, and nothing tells which one opens it: {}; none was followed",
            links.join(", ")
        );
        let question = self.place.question(".link", "LABEL-OR-PART-OF-ADDRESS");
        let telling: Option<Vec<Choice>> = candidate
            .unclear
            .iter()
            .map(|url| {
                Some(Choice {
                    shown: shown(url, tokens),
                    answer: telling_part(&bare(url, tokens), candidate, tokens)?,
                })
            })
            .collect();
        let question = question.offering(telling.unwrap_or_default());
        self.place.ask(self.place.trouble(page, &what), question)
    }
}

/// Finds a part of a link's address that the other links of its row lack, and that names no item.
fn telling_part(url: &Url, candidate: &Candidate, tokens: &[String]) -> Option<String> {
    let all: Vec<Url> = candidate
        .unclear
        .iter()
        .map(|other| bare(other, tokens))
        .collect();
    let others = || all.iter().filter(|other| *other != url);
    let names = || candidate.items.iter().flat_map(|item| &item.names);
    let segments = url.path_segments().into_iter().flatten();
    let pieces = segments.chain(url.query().into_iter().flat_map(|query| query.split('&')));
    let mut telling = pieces.filter(|piece| {
        !piece.is_empty()
            && others().all(|other| !other.as_str().contains(piece))
            && names().all(|name| !piece.contains(name.as_str()))
    });
    telling.next().map(str::to_owned)
}
