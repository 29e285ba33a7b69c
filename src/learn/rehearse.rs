//! Plays a recording against a profile, without a network: what the program would read and send, held against what the
//! browser read and sent.

use std::collections::BTreeSet;

use url::Url;

use crate::error::{Error, Kind, Result};
use crate::find::{
    Answers, Editor, Naming, Rules, bare, candidates, edit_form, roll, settle_by_page, sign_in_form,
};
use crate::learn::compare::{Sent, differences};
use crate::learn::saves::failure;
use crate::learn::scene::{Scene, writes};
use crate::page::{Page, select_links};
use crate::profile::{Part, Profile, Service};
use crate::recording::Recording;

/// One step of the play.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What was looked at.
    pub what: &'static str,
    /// What was found, as a clause.
    pub found: String,
    /// Whether it fits.
    pub fits: bool,
}

impl Step {
    fn fits(what: &'static str, found: impl Into<String>) -> Self {
        Self {
            what,
            found: found.into(),
            fits: true,
        }
    }

    pub(super) fn fails(what: &'static str, found: impl Into<String>) -> Self {
        Self {
            fits: false,
            ..Self::fits(what, found)
        }
    }
}

/// An item of the list, as far as names and address go.
struct Item {
    names: Vec<String>,
    url: Url,
}

/// The player: a recording and a profile.
pub(super) struct Play<'a, 'r> {
    pub(super) scene: &'a Scene<'r>,
    pub(super) profile: &'a Profile,
    part: &'a Part,
    root: Url,
    answers: Answers,
}

/// Plays a recording against a profile; the steps end where one does not fit.
///
/// # Errors
/// [`Kind::Usage`] where the recording holds nothing of this profile.
pub fn rehearse(recording: &Recording, profile: &Profile) -> Result<Vec<Step>> {
    let scene = Scene::of(recording);
    let plays = profile.parts.iter().filter_map(|part| {
        let address = part.address.as_ref()?;
        let servers = scene.all.iter().map(|exchange| exchange.url.origin());
        let mut seen: Vec<url::Origin> = Vec::new();
        let mut roots = servers.filter(|origin| {
            let new = !seen.contains(origin);
            seen.push(origin.clone());
            new
        });
        let root = roots.find_map(|origin| {
            let root = Url::parse(&origin.ascii_serialization()).ok()?;
            let list = root.join(address).ok()?;
            (0..scene.all.len())
                .any(|at| scene.is_at(&list, at) && scene.page(at).is_some())
                .then_some(root)
        })?;
        Some((part, root))
    });
    let plays: Vec<(&Part, Url)> = plays.collect();
    if plays.is_empty() {
        return Err(nothing_of_it(profile));
    }
    let mut steps = Vec::new();
    for (part, root) in plays {
        let play = Play {
            scene: &scene,
            profile,
            part,
            root,
            answers: Answers::new(),
        };
        if let Err(failed) = play.all(&mut steps) {
            steps.push(*failed);
        }
    }
    Ok(steps)
}

fn nothing_of_it(profile: &Profile) -> Error {
    let addresses: Vec<String> = profile
        .parts
        .iter()
        .filter_map(|part| part.address.as_ref().map(|address| format!("`{address}`")))
        .collect();
    let sentence = match addresses.is_empty() {
        true => format!(
            "The profile `{}` knows no address of a list: it finds the list in the menu, which no recording can play.",
            profile.name
        ),
        false => format!(
            "The recording does not show the list of the profile `{}`: no answer with a body came from {}.",
            profile.name,
            addresses.join(" or ")
        ),
    };
    Error::new(Kind::Usage, sentence)
        .hint("lmskeep profile learn HAR --name NAME")
        .hint("lmskeep check INSTANCE looks at the real pages")
}

pub(super) type Played<T> = std::result::Result<T, Box<Step>>;

impl Play<'_, '_> {
    fn all(&self, steps: &mut Vec<Step>) -> Played<()> {
        steps.extend(self.sign_in());
        let (items, found) = self.list()?;
        steps.push(found);
        let (item, at, editor) = self.open(&items)?;
        steps.push(Step::fits(
            "item",
            format!("`{}` opens at {}", item.names.join(" / "), self.scene.label(at)),
        ));
        steps.push(self.naming(&items, item, &editor)?);
        if let Some(why) = editor.read_only() {
            return Err(Box::new(Step::fails(
                "save",
                format!("the document cannot be changed: {}", why.why),
            )));
        }
        let tokens = self.token(&editor)?;
        if let Some((name, _)) = tokens.first() {
            steps.push(Step::fits("token", format!("found, sent as `{name}`")));
        }
        steps.push(self.request(&editor, at, &tokens)?);
        Ok(())
    }

    pub(super) fn address(&self, address: &str) -> Option<Url> {
        self.root.join(address).ok()
    }

    /// The last answer with a body at an address, before a request or at all.
    pub(super) fn answer(&self, url: &Url, before: usize) -> Option<usize> {
        let asked = |at: &usize| self.scene.is_at(url, *at) && !writes(&self.scene.all[*at].method);
        (0..before)
            .rev()
            .filter(asked)
            .map(|at| self.scene.shown_after(at))
            .find(|at| self.scene.page(*at).is_some())
    }

    /// Where the sign-in was recorded, its form must be found.
    fn sign_in(&self) -> Option<Step> {
        let rules = &self.profile.sign_in;
        let url = self.address(&rules.page)?;
        let all = (0..self.scene.all.len()).filter(|at| self.scene.is_at(&url, *at));
        all.filter_map(|at| {
            let page = self.scene.html(at)?;
            match sign_in_form(&page, rules) {
                Ok(Some(found)) => {
                    let form = &page.forms[found.form];
                    let (user, password) = (
                        &form.controls[found.user].name,
                        &form.controls[found.password].name,
                    );
                    let from = self.scene.label(at);
                    let found = format!("form found in {from}, fields `{user}` and `{password}`");
                    Some(Step::fits("sign-in", found))
                }
                Ok(None) => None,
                Err(unclear) => Some(Step::fails("sign-in", format!("the page {}", unclear.sentence))),
            }
        })
        .next()
    }

    fn list(&self) -> Played<(Vec<Item>, Step)> {
        let fails = |found: String| Box::new(Step::fails("list", found));
        let address = self.part.address.as_deref().unwrap_or_default();
        let url = self
            .address(address)
            .ok_or_else(|| fails(format!("`{address}` is no address")))?;
        let at = self
            .answer(&url, self.scene.all.len())
            .ok_or_else(|| fails(format!("`{address}` is not in the recording")))?;
        let from = self.scene.label(at);
        let (items, more) = match &self.part.service {
            Some(service) => self.rolls(service, at)?,
            None => (
                self.classic_list(at)
                    .map_err(|why| fails(format!("{from} {why}")))?,
                false,
            ),
        };
        if items.is_empty() {
            return Err(fails(format!("{from} shows no list")));
        }
        let further = if more {
            ", and further pages that were not recorded"
        } else {
            ""
        };
        let step = Step::fits("list", format!("{} items at {from}{further}", items.len()));
        Ok((items, step))
    }

    fn rolls(&self, service: &Service, first: usize) -> Played<(Vec<Item>, bool)> {
        let fails =
            |at: usize, why: &str| Box::new(Step::fails("list", format!("{} {why}", self.scene.label(at))));
        let mut items = Vec::new();
        let mut here = Some(first);
        let mut seen = BTreeSet::new();
        while let Some(at) = here.filter(|at| seen.insert(*at)) {
            let Some(page) = self.scene.page(at) else { break };
            let told = roll(&page, &service.list).map_err(|unclear| fails(at, &unclear.sentence))?;
            for row in told.rows {
                let address = service.document.address.as_deref().unwrap_or_default();
                let template = || address.replace("{name}", &percent_encoded(&row.key));
                let url = row.link.clone().or_else(|| self.address(&template()));
                items.extend(url.map(|url| Item {
                    names: vec![row.name.clone()],
                    url,
                }));
            }
            here = match &told.next {
                Some(next) => match self.answer(next, self.scene.all.len()) {
                    Some(at) => Some(at),
                    None => return Ok((items, true)),
                },
                None => None,
            };
            if here.is_none() && told.total.is_some_and(|total| total != items.len()) {
                return Err(fails(
                    at,
                    &format!(
                        "says that it has {} rows, and shows {}",
                        told.total.unwrap_or_default(),
                        items.len()
                    ),
                ));
            }
        }
        Ok((items, false))
    }

    fn classic_list(&self, at: usize) -> std::result::Result<Vec<Item>, String> {
        let page = self.scene.html(at).ok_or("is no page for people")?;
        if let Some(css) = &self.part.list.links {
            return Ok(self.selected(&page, css));
        }
        let rules = Rules {
            words: &self.profile.words,
            tokens: &self.profile.token.names,
            link: None,
        };
        let mut found = Vec::new();
        for mut list in candidates(&page, rules) {
            // Of the lists that a page may show, the one of which an item was opened is meant.
            let opened = list.items.iter().enumerate().find_map(|(place, item)| {
                let at = self.answer(&item.url, self.scene.all.len())?;
                Some((place, self.scene.html(at)?))
            });
            let Some((place, html)) = opened else { continue };
            let edit = edit_form(&html, self.part, &self.profile.words, &self.answers).ok();
            if let Some(edit) = edit.filter(|_| !list.named_by_links) {
                let common: BTreeSet<String> = std::iter::once(&page.title)
                    .chain(&page.headings)
                    .cloned()
                    .collect();
                settle_by_page(&mut list, place, (&html, &edit, self.part), &common);
            }
            let items = list.items.into_iter().map(|item| Item {
                names: item.names,
                url: item.url,
            });
            found = items.collect();
            break;
        }
        Ok(found)
    }

    fn selected(&self, page: &Page, css: &str) -> Vec<Item> {
        let items = select_links(page, css).into_iter().filter_map(|link| {
            let name = match &self.part.list.name_in_query {
                Some(parameter) => {
                    let mut pairs = link.url.query_pairs();
                    pairs.find(|(name, _)| name == parameter)?.1.into_owned()
                }
                None => link.text.trim().to_owned(),
            };
            let url = match &self.part.edit.address {
                Some(address) => self.address(&address.replace("{name}", &percent_encoded(&name)))?,
                None => link.url,
            };
            Some(Item {
                names: vec![name],
                url,
            })
        });
        items
            .filter(|item| item.names.iter().all(|name| !name.is_empty()))
            .collect()
    }

    /// Opens the item that was saved last; where none was, the last that was opened.
    fn open<'i>(&self, items: &'i [Item]) -> Played<(&'i Item, usize, Editor)> {
        let mut why = "none of its items was opened in the recording".to_owned();
        let mut opened: Vec<(usize, &Item)> = Vec::new();
        for item in items {
            let asked = |at: &usize| self.scene.is_at(&item.url, *at) && !writes(&self.scene.all[*at].method);
            let all = (0..self.scene.all.len())
                .filter(asked)
                .map(|at| self.scene.shown_after(at));
            opened.extend(all.map(|at| (at, item)));
        }
        opened.sort_by_key(|(at, _)| std::cmp::Reverse((self.saved_after(*at), *at)));
        for (at, item) in opened {
            let Some(page) = self.scene.page(at) else {
                why = format!("the answer of {} has no body", self.scene.label(at));
                continue;
            };
            match Editor::of(Page::clone(&page), self.part, &self.profile.words, &self.answers) {
                Ok(editor) => return Ok((item, at, editor)),
                Err(unclear) => why = format!("{} {}", self.scene.label(at), unclear.sentence),
            }
        }
        Err(Box::new(Step::fails("item", why)))
    }

    /// Tells whether something was sent before the next page of this sort was read.
    fn saved_after(&self, at: usize) -> bool {
        let later = at + 1..self.scene.all.len();
        later
            .into_iter()
            .any(|ix| writes(&self.scene.all[ix].method) && failure(self.scene, ix).is_none())
    }

    fn naming(&self, items: &[Item], item: &Item, editor: &Editor) -> Played<Step> {
        let known: BTreeSet<String> = items.iter().flat_map(|item| item.names.iter().cloned()).collect();
        let named =
            |name: &&String| editor.naming(self.part, name, &known, &BTreeSet::new()) == Naming::Asked;
        match item.names.iter().filter(named).collect::<Vec<_>>().as_slice() {
            [name] => Ok(Step::fits(
                "name",
                format!("the page names its document, `{name}`"),
            )),
            [] => Err(Box::new(Step::fails(
                "name",
                format!(
                    "the page of `{}` does not say whose it is",
                    item.names.join(" / ")
                ),
            ))),
            several => {
                let names: Vec<String> = several.iter().map(|name| format!("`{name}`")).collect();
                Err(Box::new(Step::fails(
                    "name",
                    format!("the document could be called {}", names.join(" or ")),
                )))
            }
        }
    }

    /// Holds the request for the text that was sent against the one that was recorded.
    fn request(&self, editor: &Editor, at: usize, tokens: &[(String, String)]) -> Played<Step> {
        let fails = |found: String| Box::new(Step::fails("save", found));
        let made = |text: &str| {
            editor
                .request(text, tokens)
                .map_err(|error| fails(error.message().trim_end_matches('.').to_owned()))
        };
        let wanted = made(editor.text())?;
        let names = &self.profile.token.names;
        let same_place = |ix: &usize| {
            let exchange = &self.scene.all[*ix];
            let (one, other) = (bare(&wanted.url, names), bare(&exchange.url, names));
            writes(&exchange.method) && self.scene.secrets.same((&one, None), (&other, exchange.started))
        };
        let later = || (at + 1..self.scene.all.len()).filter(same_place);
        let recorded = later()
            .find(|ix| failure(self.scene, *ix).is_none())
            .or_else(|| later().next())
            .ok_or_else(|| {
                fails(format!(
                    "nothing was sent to `{}` after the item was opened",
                    bare(&wanted.url, names).path()
                ))
            })?;
        let sent = Sent::of(&self.scene.all[recorded]);
        let text = sent
            .text_like(&made(Sent::MARK)?)
            .unwrap_or_else(|| editor.text().to_owned());
        let differing = differences(&made(&text)?, &sent, tokens);
        let label = self.scene.label(recorded);
        match differing.is_empty() {
            true => Ok(Step::fits(
                "save",
                format!("what would be sent is what {label} sent"),
            )),
            false => Err(fails(format!(
                "what would be sent is not what {label} sent: {}",
                differing.join("; ")
            ))),
        }
    }
}

fn percent_encoded(name: &str) -> String {
    percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC).to_string()
}
