//! Where a token came from: an earlier answer that showed it.

use crate::find::{token_in_page, token_in_script};
use crate::learn::address::decoded;
use crate::learn::scene::Scene;
use crate::learn::tree::places;
use crate::page::Page;
use crate::profile;

/// What showed a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shown {
    /// A text in the JSON of a request's answer, at a pointer.
    Pointer(usize, String),
    /// A header of a request's answer, and the header that asked for it.
    Header(usize, String, Option<(String, String)>),
    /// A cookie.
    Cookie(String),
    /// A page, in a field, a link or a script in it, under a name.
    Page(usize, String),
    /// A script of its own, under a name.
    Script(usize, String),
}

/// Answers that are looked at for the name a script gives a token, at most.
const MOST_NAMES: usize = 64;

/// Headers of an answer that speak of the answer itself, and never hold a token.
const OF_THE_ANSWER: [&str; 14] = [
    "set-cookie",
    "etag",
    "content-type",
    "content-length",
    "content-encoding",
    "content-language",
    "date",
    "server",
    "location",
    "vary",
    "cache-control",
    "last-modified",
    "connection",
    "transfer-encoding",
];

/// Finds what showed a value before a request; `not` are answers that differ from document to document.
pub(super) fn shown(scene: &Scene<'_>, at: usize, value: &str, not: &[usize]) -> Option<Shown> {
    let earlier = || scene.before(at).filter(|ix| !not.contains(ix));
    let reads = |ix: &usize| matches!(scene.all[*ix].method.as_str(), "GET" | "HEAD");
    let in_headers = || {
        earlier()
            .filter(reads)
            .filter_map(|ix| in_header(scene, ix, value))
    };
    let fetched = in_headers().find(|shown| matches!(shown, Shown::Header(_, _, Some(_))));
    fetched
        .or_else(|| earlier().filter(reads).find_map(|ix| in_json(scene, ix, value)))
        .or_else(|| in_headers().next())
        .or_else(|| in_cookies(scene, at, value))
        .or_else(|| earlier().filter(reads).find_map(|ix| in_html(scene, ix, value)))
        .or_else(|| earlier().filter(reads).find_map(|ix| in_script(scene, ix, value)))
}

fn in_json(scene: &Scene<'_>, at: usize, value: &str) -> Option<Shown> {
    let json = scene.json(at)?;
    let mut found = places(&json).into_iter();
    let (pointer, _) = found.find(|(_, found)| found.as_str() == Some(value))?;
    Some(Shown::Pointer(at, pointer))
}

fn in_header(scene: &Scene<'_>, at: usize, value: &str) -> Option<Shown> {
    let exchange = &scene.all[at];
    let speaks_of_itself = |name: &str| OF_THE_ANSWER.iter().any(|known| name.eq_ignore_ascii_case(known));
    let mut headers = exchange.response_headers.iter();
    let told = headers.find(|(name, told)| told.trim() == value && !speaks_of_itself(name))?;
    let name = told.0.clone();
    let asked = exchange
        .request_header(&name)
        .filter(|asked| !scene.secrets.is(asked));
    let asked = asked.map(|asked| (name.clone(), asked.to_owned()));
    Some(Shown::Header(at, name, asked))
}

fn in_cookies(scene: &Scene<'_>, at: usize, value: &str) -> Option<Shown> {
    let is_it = |kept: &str| {
        let kept = kept.trim().trim_matches('"');
        // Scripts send what they read, decoded.
        decoded(kept) == value
    };
    let sent = scene.all[at].request_cookies.iter();
    if let Some((name, _)) = sent.into_iter().find(|(_, kept)| is_it(kept)) {
        return Some(Shown::Cookie(name.clone()));
    }
    scene.before(at).find_map(|ix| {
        let set = scene.all[ix].response_headers.iter();
        let mut lines = set
            .filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"))
            .flat_map(|(_, value)| value.lines());
        lines.find_map(|line| {
            let (name, kept) = line.split(';').next()?.split_once('=')?;
            is_it(kept).then(|| Shown::Cookie(name.trim().to_owned()))
        })
    })
}

fn rules(name: &str) -> profile::Token {
    profile::Token {
        names: vec![name.to_owned()],
        scripts: Vec::new(),
    }
}

/// Looks for a field, a link, or a script within the page.
fn in_html(scene: &Scene<'_>, at: usize, value: &str) -> Option<Shown> {
    let page = scene.html(at).filter(|page| may_hold(&page.source, value))?;
    let mut names = names_in(&page, value);
    for script in &page.scripts {
        names.extend(names_beside(&script.text, value));
    }
    let tells = |name: &String| token_in_page(&page, &rules(name)).is_some_and(|token| token.value == value);
    names.into_iter().find(tells).map(|name| Shown::Page(at, name))
}

/// Tells whether a value can stand in a source, plain or in another writing.
fn may_hold(source: &str, value: &str) -> bool {
    source.contains(value) || value.contains(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_')
}

/// The names under which fields and links of a page carry a value.
fn names_in(page: &Page, value: &str) -> Vec<String> {
    let controls = page.forms.iter().flat_map(|form| &form.controls);
    let fields = controls.filter(|c| c.value == value).map(|c| c.name.clone());
    let actions = page.forms.iter().map(|form| &form.action);
    let addresses = page.links.iter().map(|link| &link.url).chain(actions);
    let parameters = addresses.flat_map(|url| {
        let pairs = url.query_pairs().filter(|(_, kept)| kept == value);
        pairs.map(|(name, _)| name.into_owned()).collect::<Vec<_>>()
    });
    let metas = page.metas.iter().filter(|(_, content)| content == value);
    let metas = metas.map(|(name, _)| name.clone());
    let mut names: Vec<String> = fields
        .chain(parameters)
        .chain(metas)
        .filter(|name| !name.is_empty())
        .collect();
    names.dedup();
    names
}

fn in_script(scene: &Scene<'_>, at: usize, value: &str) -> Option<Shown> {
    let page = scene.page(at).filter(|page| page.source.contains(value))?;
    let mut names = names_beside(&page.source, value).into_iter();
    let tells =
        |name: &String| token_in_script(&page.source, &rules(name)).is_some_and(|token| token.value == value);
    names.find(tells).map(|name| Shown::Script(at, name))
}

/// The strings of a script that may name a value that stands in it: those nearest before it first.
fn names_beside(script: &str, value: &str) -> Vec<String> {
    let Some(at) = script.find(value) else {
        return Vec::new();
    };
    let name = |piece: &&str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        (2..=60).contains(&piece.len()) && piece.chars().all(plain)
    };
    let before: Vec<&str> = script[..at].split(['"', '\'']).collect();
    let after: Vec<&str> = script[at + value.len()..].split(['"', '\'']).skip(1).collect();
    let mut names: Vec<String> = Vec::new();
    for piece in before
        .into_iter()
        .rev()
        .chain(after)
        .filter(name)
        .take(MOST_NAMES)
    {
        if !names.iter().any(|known| known == piece) {
            names.push(piece.to_owned());
        }
    }
    names
}
