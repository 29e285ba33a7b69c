//! Finds a part's list: by the operator's answer, a remembered address, the profile, the label in the admin menu.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use tokio::sync::Mutex;
use url::Url;

use crate::capture::{Wishes, open};
use crate::error::{Choice, Error, Kind, Question, Result};
use crate::find::{
    bare, entries_labelled, menu_entries, same_label, shown_path, speaks_of, waits_for_scripts,
};
use crate::page::Page;
use crate::profile::Part;
use crate::session::Session;

/// Pages of the menu that are read at most: the shell, its frames, and the levels of the menu.
const MOST_MENU_PAGES: usize = 24;

/// Entries that look like the one that is missing, of which a message speaks at most.
const MOST_ALIKE: usize = 3;

/// Addresses of a part's list, in the order to try them.
#[derive(Debug)]
pub(super) enum Way {
    /// Given or known: the only one, and an error there is an error.
    Fixed(Url),
    /// Worth a try first; the menu is asked when it leads nowhere.
    Remembered(Url),
    /// Only the menu knows.
    Menu,
}

/// Pages of the menu that were read, or could not be: every part is looked up in the same ones.
#[derive(Debug, Default)]
pub(super) struct Menu(Mutex<HashMap<Url, Option<Page>>>);

impl Menu {
    /// Gives a page, read once; none where it is not to be had.
    async fn page(&self, session: &Session, url: &Url) -> Result<Option<Page>> {
        let mut pages = self.0.lock().await;
        if let Some(known) = pages.get(url) {
            return Ok(known.clone());
        }
        let page = match session.read(url, Some(&session.start().url)).await {
            Ok(page) => Some(page),
            // A frame that is not there shows no entry.
            Err(e) if e.kind() == Kind::Page => None,
            Err(e) => return Err(e),
        };
        pages.insert(url.clone(), page.clone());
        Ok(page)
    }
}

/// Tells where to look first.
pub(super) fn way(session: &Session, part: &Part, wishes: Wishes<'_>) -> Result<Way> {
    if let Some(answer) = wishes.answers.get(&part.id) {
        return if is_address(answer) {
            Ok(Way::Fixed(session.address(answer)?))
        } else {
            Ok(Way::Menu)
        };
    }
    if let Some(address) = wishes.remembered.get(&part.id)
        && let Ok(url) = session.address(address)
    {
        return Ok(Way::Remembered(url));
    }
    match &part.address {
        Some(address) => Ok(Way::Fixed(session.address(address)?)),
        None => Ok(Way::Menu),
    }
}

/// Tells an address from a menu entry: an entry is words; an address has a scheme, or a path or a query and no blanks.
pub fn is_address(answer: &str) -> bool {
    let signs = answer.contains(['/', '?']) || answer.contains(".do") || answer.contains(".jsp");
    answer.starts_with('/') || answer.contains("://") || (signs && !answer.contains(' '))
}

/// Looks for the part's entry in the menu: the shell, its frames, and what stands behind the entries that lead
/// there.
pub(super) async fn look_up(session: &Session, part: &Part, wishes: Wishes<'_>, menu: &Menu) -> Result<Url> {
    let labels = match wishes.answers.get(&part.id) {
        Some(answer) => vec![answer.clone()],
        None => part.labels.clone(),
    };
    let mut pages = vec![session.start().clone()];
    let mut queue: VecDeque<Url> = onward(session.start(), part).into();
    let tokens = &session.profile().token.names;
    let mut unread = 0;
    loop {
        let found = entries_labelled(&pages, &labels, tokens);
        match found.as_slice() {
            [only] => return Ok(only.url.clone()),
            [] => {}
            several => {
                let addresses: Vec<String> = several.iter().map(|e| shown(&e.url, tokens)).collect();
                let labelled = several.iter().zip(&addresses);
                let quoted: Vec<String> = labelled
                    .map(|(entry, address)| format!("`{}` (`{address}`)", entry.label))
                    .collect();
                let question = Question::new(&part.id, "ADDRESS");
                return Err(Error::new(
                    Kind::Page,
                    format!("The menu has several entries that fit: {}.", quoted.join(", ")),
                )
                .asking(
                    session.instance(),
                    question.offering(addresses.into_iter().map(Choice::of)),
                ));
            }
        }
        let next = loop {
            match queue.pop_front() {
                Some(url) if pages.iter().any(|p| p.url == url) => {}
                other => break other,
            }
        };
        let Some(url) = next.filter(|_| pages.len() + unread < MOST_MENU_PAGES) else {
            return Err(missing(session, part, &labels, &pages));
        };
        let Some(page) = menu.page(session, &url).await? else {
            unread += 1;
            continue;
        };
        queue.extend(onward(&page, part));
        pages.push(page);
    }
}

/// Frames first, then the menu's own levels; nothing else is followed.
fn onward(page: &Page, part: &Part) -> Vec<Url> {
    let own = page.url.origin();
    let frames = page.frames.iter().map(|f| f.url.clone());
    let levels = menu_entries(page)
        .into_iter()
        .filter(|e| same_label(&e.label, &part.via))
        .map(|e| e.url);
    frames.chain(levels).filter(|url| url.origin() == own).collect()
}

/// An address as it may be shown: without token and session.
pub(super) fn shown(url: &Url, tokens: &[String]) -> String {
    let url = bare(url, tokens);
    match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    }
}

fn missing(session: &Session, part: &Part, labels: &[String], pages: &[Page]) -> Error {
    let entries: usize = pages.iter().map(|page| page.links.len()).sum();
    let looked_for: Vec<String> = labels.iter().map(|l| format!("`{l}`")).collect();
    let mut error = Error::new(
        Kind::Page,
        format!(
            "The menu of `{}` has no entry {} (it shows {entries} links).",
            session.instance(),
            looked_for.join(" or ")
        ),
    );
    if pages.iter().all(waits_for_scripts) {
        let what = format!("The start page `{}`", shown_path(&session.start().url));
        error = open::scripted(session.instance(), &what);
    }
    let mut alike: Vec<String> = pages.iter().flat_map(menu_entries).map(|e| e.label).collect();
    alike.retain(|label| speaks_of(label, labels));
    alike.dedup();
    for label in alike.iter().take(MOST_ALIKE) {
        error = error.hint(format!(
            "if it is `{label}`: lmskeep instance set {} page '{}={label}'",
            session.instance(),
            part.id
        ));
    }
    let landed = shown_path(&session.start().url);
    if session
        .address(&session.profile().sign_in.start)
        .is_ok_and(|asked| shown_path(&asked) != landed)
    {
        error = error.hint(format!(
            "the start page led to `{landed}`: something may have to be confirmed there first, in a browser"
        ));
    }
    let made_by_script = |page: &Page| !page.scripts.is_empty() && page.frames.is_empty();
    if matches!(pages, [only] if made_by_script(only)) {
        error = error.hint(
            "the menu may be made by a script, and none is run here: a profile can say what JSON it reads \
             (docs/profiles.md, Services)",
        );
    }
    let question = Question::new(&part.id, "ADDRESS-OR-MENU-ENTRY");
    let choices = choices(pages, labels, &session.profile().token.names);
    error
        .hint(part.permission_hint())
        .asking(session.instance(), question.suggesting(choices))
}

/// Offers the entries of the menu, those that speak of what was looked for first. An entry whose label is not its own
/// alone is answered by its address.
fn choices(pages: &[Page], labels: &[String], tokens: &[String]) -> Vec<Choice> {
    let mut places: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for entry in pages.iter().flat_map(menu_entries) {
        let address = shown(&entry.url, tokens);
        places.entry(entry.label).or_default().insert(address);
    }
    let (alike, others): (Vec<_>, Vec<_>) = places
        .into_iter()
        .partition(|(label, _)| speaks_of(label, labels));
    let offered = alike
        .into_iter()
        .chain(others)
        .flat_map(|(label, addresses)| match addresses.len() {
            1 if !is_address(&label) => vec![Choice::of(label)],
            _ => addresses
                .into_iter()
                .map(|address| Choice {
                    shown: format!("{label} ({address})"),
                    answer: address,
                })
                .collect(),
        });
    offered.collect()
}
