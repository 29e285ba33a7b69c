//! The pages on which a list goes on.

use std::collections::BTreeSet;

use url::Url;

use crate::find::address::{bare, is_web};
use crate::find::words::{same_label, speaks_of};
use crate::page::{Control, Kind, Link, Page};
use crate::profile::Words;

/// Letters that must have links of their own for them to cut a list in pieces.
const ALPHABET: usize = 10;
/// Addresses behind one label from which on it is no pager's.
const MANY: usize = 3;

/// Links to further result pages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Further {
    /// By numbers, "next", or `rel=next`.
    pub pages: Vec<Url>,
    /// By the letters of the alphabet.
    pub letters: Vec<Url>,
}

/// Finds links to further result pages on the list's own address, or near it.
pub fn further_pages(page: &Page, words: &Words, tokens: &[String]) -> Further {
    let cut_by_letters = letters(page) >= ALPHABET;
    let mut found: Vec<(&str, Url, bool)> = Vec::new();
    for link in page
        .links
        .iter()
        .filter(|l| is_web(&l.url) && l.url.origin() == page.url.origin())
    {
        let Some(goes) = Goes::of(link, words) else {
            continue;
        };
        let is_letter = matches!(goes, Goes::Letter);
        let leads = goes.may_lead(&link.url, &page.url) && (cut_by_letters || !is_letter);
        let known = |other: &Url| bare(other, tokens) == bare(&link.url, tokens);
        if leads
            && !is_forbidden(link, words)
            && !known(&page.url)
            && !found.iter().any(|(_, url, _)| known(url))
        {
            found.push((&link.text, link.url.clone(), is_letter));
        }
    }
    // A label that leads to many places is one that every row has.
    let rare = |label: &str| found.iter().filter(|(other, _, _)| *other == label).count() < MANY;
    let of = |letters: bool| {
        let wanted = found
            .iter()
            .filter(|(label, _, is_letter)| *is_letter == letters && rare(label));
        wanted.map(|(_, url, _)| url.clone()).collect()
    };
    Further {
        pages: of(false),
        letters: of(true),
    }
}

/// Says how a list goes on where no link leads: half a list must not be taken for a whole one.
pub fn further_behind_scripts(page: &Page, words: &Words) -> Option<String> {
    let scripted = page.links.iter().find(|link| {
        let script = link.url.scheme() == "javascript";
        let nowhere = link.raw_href.trim().starts_with('#') || script;
        let runs = !link.onclick.trim().is_empty() || (script && !does_nothing(&link.raw_href));
        nowhere
            && match Goes::of(link, words) {
                Some(Goes::Number) => !matches!(plain(&link.text), "" | "0" | "1"),
                Some(Goes::Next) => runs,
                _ => false,
            }
    });
    let label = |text: &str, name: &str| {
        if text.trim().is_empty() {
            name.to_owned()
        } else {
            text.trim().to_owned()
        }
    };
    if let Some(link) = scripted {
        return Some(label(&link.text, &link.title));
    }
    // A field beside the button makes it one that searches.
    let typed = |c: &Control| matches!(c.kind, Kind::Text | Kind::Search | Kind::TextArea);
    let groups = page.forms.iter().map(|form| &form.controls).chain([&page.loose]);
    for controls in groups.filter(|controls| !controls.iter().any(typed)) {
        let next = |c: &&Control| {
            let number = is_number(&c.label) && !matches!(plain(&c.label), "0" | "1");
            number || same_label(&c.label, &words.further) || same_label(&c.title, &words.further)
        };
        if let Some(button) = controls
            .iter()
            .filter(|c| c.kind.is_button() && !c.disabled)
            .find(next)
        {
            return Some(label(&button.label, &button.name));
        }
        if let Some(list) = controls.iter().find(|c| counts_pages(c)) {
            return Some(label(&list.label, &list.name));
        }
    }
    None
}

/// `javascript:void(0)` and its like.
fn does_nothing(script: &str) -> bool {
    let code = script
        .trim()
        .trim_start_matches(|c| c != ':')
        .trim_matches([':', ';', ' ']);
    code.is_empty() || code.starts_with("void")
}

/// A list to choose from whose options are 1, 2, 3 and so on.
fn counts_pages(control: &Control) -> bool {
    let options = &control.options;
    options.len() > 1
        && options
            .iter()
            .enumerate()
            .all(|(at, option)| plain(&option.label) == (at + 1).to_string())
}

/// Reads how many rows a page says that its list has, where that is more than the rows it shows: `1 - 10 of 34`,
/// `34 records`, `Total: 34`.
pub fn says_total(page: &Page, rows: usize, words: &Words) -> Option<usize> {
    let spaced: String = page
        .text
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    let said: Vec<&str> = spaced.split_whitespace().collect();
    let spans = (0..said.len()).find_map(|at| spans(&said, at, rows));
    spans
        .or_else(|| counts(&said, words))
        .filter(|total| *total > rows)
}

/// Reads `1 - 10 of 34` or `1 to 10 of 34` of a list that shows 10 rows, or should show all 34.
fn spans(said: &[&str], at: usize, rows: usize) -> Option<usize> {
    let number = |at: usize| said.get(at).and_then(|word| word.parse::<usize>().ok());
    let first = number(at).filter(|first| *first == 1 && rows > 1)?;
    let (last, next) = number(at + 1)
        .map(|last| (last, at + 2))
        .or_else(|| number(at + 2).map(|last| (last, at + 3)))
        .filter(|(last, _)| *last > first)?;
    let total = number(next).or_else(|| number(next + 1))?;
    let whole = last == total && last > rows;
    (last == rows || whole).then_some(total)
}

/// Reads a number beside a word for rows; none where several are said, as one of them is about something else.
fn counts(said: &[&str], words: &Words) -> Option<usize> {
    let is = |at: usize, words: &[String]| said.get(at).is_some_and(|word| same_label(word, words));
    let counted = |at: &usize| {
        let before = *at > 0 && is(at - 1, &words.count) && !is(at + 1, &words.per);
        let behind = is(at + 1, &words.count) && !is(at + 2, &words.per);
        before || behind
    };
    let numbers: BTreeSet<usize> = (0..said.len())
        .filter(counted)
        .filter_map(|at| said[at].parse().ok())
        .collect();
    match numbers.len() {
        1 => numbers.first().copied(),
        _ => None,
    }
}

/// Where a link of a pager leads.
enum Goes {
    Next,
    Number,
    Letter,
}

impl Goes {
    /// Tells whether an address can be one of the list's pages.
    fn may_lead(&self, link: &Url, list: &Url) -> bool {
        match self {
            Goes::Next => is_near(link, list),
            Goes::Number | Goes::Letter => same_place(link, list),
        }
    }

    fn of(link: &Link, words: &Words) -> Option<Self> {
        let text = plain(&link.text);
        let next = |text: &str| same_label(text, &words.further);
        // What has no words of its own is told by its title: "Go to the next page".
        if next(&link.text)
            || next(&link.title)
            || (text.is_empty() && speaks_of(&link.title, &words.further))
            || link
                .rel
                .split_whitespace()
                .any(|r| r.eq_ignore_ascii_case("next"))
        {
            Some(Goes::Next)
        } else if is_number(text) {
            Some(Goes::Number)
        } else if text.chars().count() == 1 && text.chars().all(char::is_alphabetic) {
            Some(Goes::Letter)
        } else {
            None
        }
    }
}

/// A label without what decorates it: `[2]`, `| 3`.
fn plain(text: &str) -> &str {
    text.trim_matches(|c: char| !c.is_alphanumeric())
}

/// A page's number, or the rows it shows: `2`, `11-20`, `Page 2`.
fn is_number(text: &str) -> bool {
    let text = plain(text);
    let parts: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || "-–—".contains(c))
        .filter(|p| !p.is_empty())
        .collect();
    let digits = |part: &&str| part.len() <= 5 && part.bytes().all(|b| b.is_ascii_digit());
    match parts.as_slice() {
        [only] => digits(only),
        [first, last] => digits(last) && (digits(first) || first.chars().all(char::is_alphabetic)),
        _ => false,
    }
}

/// Tells whether links of rows are nothing but a pager's: such links have labels of their own, and lead to the list.
pub(super) fn is_pager(links: &[(usize, &Link)], words: &Words, list: &Url) -> bool {
    let labels: BTreeSet<&str> = links.iter().map(|(_, link)| link.text.as_str()).collect();
    labels.len() == links.len()
        && links
            .iter()
            .all(|(_, link)| Goes::of(link, words).is_some_and(|goes| goes.may_lead(&link.url, list)))
}

fn letters(page: &Page) -> usize {
    let single = |link: &&Link| link.text.chars().count() == 1 && link.text.chars().all(char::is_alphabetic);
    let near = page
        .links
        .iter()
        .filter(single)
        .filter(|link| same_place(&link.url, &page.url));
    near.map(|link| link.text.to_uppercase())
        .collect::<BTreeSet<_>>()
        .len()
}

/// The same path, but for numbers that are segments of their own.
fn same_place(link: &Url, list: &Url) -> bool {
    let path = |url: &Url| -> Vec<String> {
        let url = bare(url, &[]);
        let segments = url.path_segments().into_iter().flatten();
        segments
            .filter(|s| !s.bytes().all(|b| b.is_ascii_digit()))
            .map(str::to_owned)
            .collect()
    };
    path(link) == path(list)
}

/// In the same folder or below the list's own address.
fn is_near(link: &Url, list: &Url) -> bool {
    let folder = list.path().rsplit_once('/').map_or("", |(folder, _)| folder);
    same_place(link, list) || link.path().starts_with(&format!("{folder}/"))
}

fn is_forbidden(link: &Link, words: &Words) -> bool {
    speaks_of(&link.title, &words.never) || speaks_of(&link.text, &words.never)
}
