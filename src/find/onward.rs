//! Where a page sends a browser by itself: by a refresh, or by a script that does nothing else.

use url::Url;

use crate::find::address::is_web;
use crate::find::token::strings;
use crate::page::{Content, Page};

/// Seconds after which a refresh is no redirect any more but a page that is shown: sessions end so after minutes.
const SOON: u64 = 5;

/// Finds the address that a page without anything of its own sends a browser to.
pub fn sends_onward(page: &Page) -> Option<Url> {
    let shows = !page.forms.is_empty() || !page.frames.is_empty() || !page.loose.is_empty();
    if shows {
        return None;
    }
    let refresh = page.refresh.as_ref().filter(|refresh| refresh.seconds <= SOON);
    let target = refresh
        .map(|refresh| refresh.url.clone())
        .or_else(|| by_script(page))?;
    // "If nothing happens, click here."
    let same = page.links.iter().all(|link| link.url == target);
    let own = target.origin() == page.url.origin() && target != page.url;
    (same && own && is_web(&target)).then_some(target)
}

/// Tells whether a page has nothing but scripts, which would put into it what a browser shows.
pub fn waits_for_scripts(page: &Page) -> bool {
    let holds =
        !page.forms.is_empty() || !page.loose.is_empty() || !page.frames.is_empty() || !page.links.is_empty();
    page.content == Content::Html && !holds && !page.scripts.is_empty()
}

/// Gives links that lead nowhere by themselves the address that their script opens, where it names exactly one.
pub fn follow_scripts(page: &mut Page) {
    let own = page.url.clone();
    let rows = page
        .runs
        .iter_mut()
        .flat_map(|run| &mut run.rows)
        .flat_map(|row| &mut row.links);
    for link in page.links.iter_mut().chain(rows) {
        let script = link.url.scheme() == "javascript";
        if (script || link.raw_href.trim().starts_with('#'))
            && let Some(address) = opened_by(&own, &link.raw_href, &link.onclick)
        {
            link.url = address;
        }
    }
}

fn opened_by(page: &Url, href: &str, onclick: &str) -> Option<Url> {
    let href = percent_encoding::percent_decode_str(href).decode_utf8_lossy();
    let code = format!("{href}\n{onclick}");
    let mut found = locations(&code);
    if found.is_empty() {
        // Handed to a function of the page, as in `openPage('list.do?menu=4')`.
        found = strings(&code)
            .into_iter()
            .filter(|text| text.contains(['/', '?']) && !text.contains(' '))
            .collect();
    }
    let [only] = found.as_slice() else { return None };
    let url = page.join(&unescaped(only)).ok()?;
    (url.origin() == page.origin()).then_some(url)
}

/// Reads `location = "…"`, `location.href = "…"`, `location.replace("…")`, `location.assign("…")`; none where a
/// script chooses between several.
fn by_script(page: &Page) -> Option<Url> {
    let mut found = page.scripts.iter().flat_map(|script| locations(&script.text));
    let only = found.next()?;
    let target = page.url.join(&unescaped(only)).ok()?;
    found.next().is_none().then_some(target)
}

fn locations(script: &str) -> Vec<&str> {
    let after = script
        .match_indices("location")
        .map(|(at, word)| &script[at + word.len()..]);
    after.filter_map(address_after).collect()
}

/// Reads the string that is assigned or handed over right behind the word `location`.
fn address_after(code: &str) -> Option<&str> {
    let code = [".href", ".replace", ".assign"]
        .iter()
        .find_map(|end| code.strip_prefix(end))
        .unwrap_or(code);
    let code = code.trim_start();
    let code = code
        .strip_prefix('=')
        .or_else(|| code.strip_prefix('('))?
        .trim_start();
    let quote = code.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let text = &code[1..];
    text.find(quote).map(|end| &text[..end])
}

fn unescaped(string: &str) -> String {
    let ends = [
        ("\\/", "/"),
        ("\\x3d", "="),
        ("\\x26", "&"),
        ("\\u003d", "="),
        ("\\u0026", "&"),
        ("\\", ""),
    ];
    ends.iter()
        .fold(string.to_owned(), |text, (from, to)| text.replace(from, to))
}
