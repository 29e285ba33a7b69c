//! The way to a document's page: the list it was opened from, and the link that was followed.

use std::collections::BTreeSet;

use scraper::{ElementRef, Html, Selector};
use url::Url;

use crate::error::{Error, Kind, Result};
use crate::find::{Rules, candidates};
use crate::learn::Wishes;
use crate::learn::address::template;
use crate::learn::scene::Scene;
use crate::page::{Link, Page, select_links};

/// Pages that may lie between the list and the document's page.
const MOST_BETWEEN: usize = 3;
/// Classes and ids that are tried for a selector.
const MOST_SELECTORS: usize = 60;

/// The list a document was opened from.
pub(super) struct Listed {
    /// The list's place in the recording: its first page.
    pub(super) at: usize,
    /// How the links are chosen, where their structure does not tell.
    pub(super) selected: Option<Selected>,
    /// The address of a document's page, where the list's links lead elsewhere.
    pub(super) address: Option<String>,
    /// The document's name, where the link tells it.
    pub(super) name: Option<String>,
    /// Items that the list shows.
    pub(super) items: usize,
}

/// How the links of a list are chosen.
pub(super) struct Selected {
    pub(super) css: String,
    /// The query parameter that names the document.
    pub(super) parameter: Option<String>,
    /// How links to further pages are chosen.
    pub(super) further: Option<String>,
}

/// One link that was followed.
struct Step {
    page: usize,
    link: Link,
}

/// Finds the lists from which the page of a document may have been opened, the likeliest first.
///
/// # Errors
/// There is none, or the page is none that can be asked for.
pub(super) fn listed(scene: &Scene<'_>, page: usize, wishes: &Wishes<'_>) -> Result<Vec<Listed>> {
    if scene.all[page].method != "GET" {
        return Err(Error::new(
            Kind::Page,
            format!(
                "The document's page is the answer to a form ({}), which no profile can ask for.",
                scene.label(page)
            ),
        ));
    }
    let steps = steps(scene, page);
    let mut found: Vec<Listed> = Vec::new();
    for (between, step) in steps.iter().enumerate() {
        found.extend(by_selector(scene, page, (step, between), &steps[between + 1..]));
    }
    // Where several pages could be the list, it is the one that shows most.
    found.sort_by_key(|listed| std::cmp::Reverse(listed.items));
    let structure = steps
        .first()
        .and_then(|step| by_structure(scene, page, step, wishes));
    let all: Vec<Listed> = structure.into_iter().chain(found).collect();
    match all.is_empty() {
        true => Err(no_list(scene, page, steps.is_empty())),
        false => Ok(all),
    }
}

fn no_list(scene: &Scene<'_>, page: usize, nothing_leads_there: bool) -> Error {
    let document = scene.label(page);
    let sentence = match nothing_leads_there {
        true => format!(
            "The recording shows no list from which the document was opened: no earlier page links to {document}."
        ),
        false => format!("None of the pages that lead to {document} shows a list of such links."),
    };
    scene.hint_at_missing(Error::new(Kind::Usage, sentence)
        .hint("record again, with \"Preserve log\" ticked: open the list first, then the file, then save it unchanged"))
}

/// The links that led to a page, the last one first.
fn steps(scene: &Scene<'_>, page: usize) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut here = page;
    while steps.len() <= MOST_BETWEEN {
        let ways = scene.ways_to(here);
        let first = ways.last().copied().unwrap_or(here);
        let referer = scene.all[first]
            .request_header("referer")
            .and_then(|text| Url::parse(text).ok());
        let leads = |ix: &usize| -> Option<Step> {
            if !ways.iter().any(|way| scene.may_lead(*ix, &scene.all[*way].url)) {
                return None;
            }
            let html = scene.html(*ix)?;
            let mut links = html.links.iter();
            let link = links.find(|link| ways.iter().any(|way| scene.is_at(&link.url, *way)))?;
            let own = scene.is_at(&link.url, *ix);
            (!own).then(|| Step {
                page: *ix,
                link: link.clone(),
            })
        };
        let earlier: Vec<usize> = scene.before(first).collect();
        let referred =
            referer.and_then(|url| earlier.iter().find(|ix| scene.is_at(&url, **ix)).and_then(leads));
        let Some(step) = referred.or_else(|| earlier.iter().find_map(leads)) else {
            break;
        };
        if steps.iter().any(|known| known.page == step.page) {
            break;
        }
        here = step.page;
        steps.push(step);
    }
    steps
}

/// Takes the list as the program finds it by itself.
fn by_structure(scene: &Scene<'_>, page: usize, step: &Step, wishes: &Wishes<'_>) -> Option<Listed> {
    let rules = Rules {
        words: &wishes.base.words,
        tokens: &wishes.base.token.names,
        link: None,
    };
    let ways = scene.ways_to(page);
    let shows = |at: usize| -> Option<usize> {
        let html = scene.html(at)?;
        let found = candidates(&html, rules);
        let is_it = |url: &Url| ways.iter().any(|way| scene.is_at(url, *way));
        let list = found
            .iter()
            .filter(|list| list.unclear.is_empty())
            .find(|list| list.items.iter().any(|item| is_it(&item.url)))?;
        Some(list.items.len())
    };
    let items = shows(step.page).filter(|_| scene.all[step.page].method == "GET")?;
    Some(Listed {
        at: first_page(scene, step.page, &step.link.url),
        selected: None,
        address: None,
        name: None,
        items,
    })
}

/// The first page of a list of which a further one was reached: an earlier page that leads to it, and shows links of the
/// same sort.
fn first_page(scene: &Scene<'_>, page: usize, item: &Url) -> usize {
    let path = scene.clean(page).path().to_owned();
    let mut first = page;
    for earlier in scene.before(page) {
        if scene.clean(earlier).path() != path
            || scene.all[earlier].method != "GET"
            || scene.alike(earlier, first)
        {
            continue;
        }
        let Some(html) = scene.html(earlier) else { continue };
        let leads = html.links.iter().any(|link| scene.is_at(&link.url, first));
        if leads
            && html
                .links
                .iter()
                .any(|link| sort(scene, &link.url) == sort(scene, item))
        {
            first = earlier;
        }
    }
    first
}

/// What sort of address it is: its path, and the names of its parameters.
fn sort(scene: &Scene<'_>, url: &Url) -> (String, BTreeSet<String>) {
    let clean = scene.secrets.clean(url, None);
    let names = clean.query_pairs().map(|(name, _)| name.into_owned()).collect();
    (clean.path().to_owned(), names)
}

/// Chooses the links of a list by a selector, where the program does not find them by itself.
fn by_selector(
    scene: &Scene<'_>,
    page: usize,
    (step, between): (&Step, usize),
    earlier: &[Step],
) -> Option<Listed> {
    if scene.all[step.page].method != "GET" {
        return None;
    }
    let html = scene.html(step.page)?;
    let clean = scene.clean(page);
    let parameters = step.link.url.query_pairs().into_owned();
    let mut names: Vec<(Option<String>, String)> = parameters
        .filter(|(_, value)| !scene.secrets.is(value) && template(&clean, value).is_some())
        .map(|(name, value)| (Some(name), value))
        .collect();
    names.push((None, step.link.text.trim().to_owned()));
    for (parameter, name) in names {
        // A page that speaks of the one document in its own address is no list.
        if template(&scene.clean(step.page), &name).is_some() {
            continue;
        }
        let address = match (between, template(&clean, &name)) {
            (0, _) => None,
            (_, Some(address)) => Some(address),
            (_, None) => continue,
        };
        let fits = |link: &Link| match &parameter {
            Some(parameter) => {
                sort(scene, &link.url) == sort(scene, &step.link.url) && has(&link.url, parameter)
            }
            None => differing(&step.link.url, &link.url).is_some() && !link.text.trim().is_empty(),
        };
        if let Some((css, _)) = selector(&html, &step.link, &fits) {
            let links = select_links(&html, &css);
            let called = |link: &Link| match &parameter {
                Some(parameter) => link
                    .url
                    .query_pairs()
                    .find(|(name, _)| name == parameter)
                    .map(|(_, value)| value.into_owned()),
                None => Some(link.text.trim().to_owned()),
            };
            let items = links
                .iter()
                .filter_map(called)
                .collect::<BTreeSet<String>>()
                .len();
            // Links that say the same do not name documents.
            if parameter.is_none() && items < links.len() {
                continue;
            }
            // A page with such links that leads to this one by a link of another kind is an earlier page of the list.
            let above = earlier.first().and_then(|above| {
                let first = scene.html(above.page)?;
                let alike = select_links(&first, &css);
                if alike.is_empty() || !alike.iter().all(fits) {
                    return None;
                }
                let onward = |link: &Link| sort(scene, &link.url) == sort(scene, &above.link.url);
                let (further, _) = selector(&first, &above.link, &onward)?;
                (further != css).then_some((above.page, further))
            });
            let (at, further) = above.map_or((step.page, None), |(at, further)| (at, Some(further)));
            return Some(Listed {
                at,
                selected: Some(Selected {
                    css,
                    parameter,
                    further,
                }),
                address,
                name: Some(name),
                items,
            });
        }
    }
    None
}

/// Tells in which segment of their paths two addresses of one sort differ, or in none; nothing where they are of
/// different sorts.
fn differing(one: &Url, other: &Url) -> Option<Option<usize>> {
    let segments = |url: &Url| url.path().split('/').map(str::to_owned).collect::<Vec<_>>();
    let (first, second) = (segments(one), segments(other));
    if one.origin() != other.origin()
        || first.len() != second.len()
        || one.query().is_some() != other.query().is_some()
    {
        return None;
    }
    let mut places = (0..first.len()).filter(|at| first[*at] != second[*at]);
    match (places.next(), places.next()) {
        (place, None) => Some(place),
        _ => None,
    }
}

fn has(url: &Url, parameter: &str) -> bool {
    url.query_pairs()
        .any(|(name, value)| name == parameter && !value.is_empty())
}

/// Finds a selector for a link and those like it: of those that choose nothing else, the one that chooses most.
fn selector(page: &Page, link: &Link, fits: &dyn Fn(&Link) -> bool) -> Option<(String, usize)> {
    let document = Html::parse_document(&page.source);
    let anchors = Selector::parse("a[href]").ok()?;
    let element = document.select(&anchors).find(|a| {
        let text: Vec<&str> = a.text().flat_map(str::split_whitespace).collect();
        a.attr("href") == Some(link.raw_href.as_str())
            && (text.join(" ") == link.text || link.text.is_empty())
    })?;
    let mut best: Option<(String, usize)> = None;
    for css in selectors(element).into_iter().take(MOST_SELECTORS) {
        let chosen = select_links(page, &css);
        let holds = chosen.iter().any(|found| found.url == link.url);
        let places: BTreeSet<usize> = chosen
            .iter()
            .filter_map(|found| differing(&link.url, &found.url)?)
            .collect();
        let one_place = link.url.query().is_some() || places.len() < 2;
        if holds
            && one_place
            && chosen.iter().all(fits)
            && best.as_ref().is_none_or(|(_, most)| chosen.len() > *most)
        {
            best = Some((css, chosen.len()));
        }
    }
    best
}

/// Selectors that choose an element: by its classes, by what it stands in, by both; those that say most first.
fn selectors(element: ElementRef<'_>) -> Vec<String> {
    let plain = |name: &&str| {
        let sign = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        name.chars().next().is_some_and(|c| c.is_ascii_alphabetic()) && name.chars().all(sign)
    };
    let classes: Vec<String> = element
        .value()
        .classes()
        .filter(plain)
        .map(|class| format!("a.{class}"))
        .chain(["a".to_owned()])
        .collect();
    let mut around = Vec::new();
    for above in element.ancestors().filter_map(ElementRef::wrap) {
        let tag = above.value().name();
        if let Some(id) = above.value().id().filter(|id| plain(id)) {
            around.push(format!("#{id}"));
        }
        around.extend(
            above
                .value()
                .classes()
                .filter(plain)
                .map(|class| format!("{tag}.{class}")),
        );
    }
    let mut found = Vec::new();
    for around in &around {
        found.extend(classes.iter().map(|own| format!("{around} {own}")));
    }
    found.extend(classes.into_iter().filter(|own| own != "a"));
    found
}
