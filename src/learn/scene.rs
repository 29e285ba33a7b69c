//! A recording as the one who learns looks at it: pages and JSON of the answers, in the order they came.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::Value;
use url::Url;

use crate::error::Error;
use crate::learn::address::Secrets;
use crate::page::{Content, Page};
use crate::recording::{Exchange, MissingBody, Recording};

/// Text of read pages that is kept at the same time; a page of links takes some thirty times its text.
const KEPT: usize = 2 << 20;
/// Redirects that are followed.
const MOST_REDIRECTS: usize = 10;

/// A recording with what is known of it.
pub(super) struct Scene<'r> {
    pub(super) all: &'r [Exchange],
    pub(super) secrets: Secrets,
    pages: RefCell<(usize, BTreeMap<usize, Rc<Page>>)>,
}

impl<'r> Scene<'r> {
    pub(super) fn of(recording: &'r Recording) -> Self {
        Self {
            all: &recording.exchanges,
            secrets: Secrets::of(recording),
            pages: RefCell::default(),
        }
    }

    /// Gives the requests of the same server that came before one, the latest first.
    pub(super) fn before(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        let origin = self.all[at].url.origin();
        (0..at)
            .rev()
            .filter(move |ix| self.all[*ix].url.origin() == origin)
    }

    /// Reads an answer that went well; none where its body is missing.
    pub(super) fn page(&self, at: usize) -> Option<Rc<Page>> {
        if !(200..300).contains(&self.all[at].status) {
            return None;
        }
        if let Some(page) = self.pages.borrow().1.get(&at) {
            return Some(Rc::clone(page));
        }
        let mut page = self.all[at].page()?;
        page.etag = self.all[at].response_header("etag").map(str::to_owned);
        let page = Rc::new(page);
        let mut pages = self.pages.borrow_mut();
        pages.0 += page.source.len();
        if pages.0 > KEPT {
            pages.0 = page.source.len();
            pages.1.clear();
        }
        pages.1.insert(at, Rc::clone(&page));
        Some(page)
    }

    /// Reads an answer that is a page for people.
    pub(super) fn html(&self, at: usize) -> Option<Rc<Page>> {
        self.page(at).filter(|page| page.content == Content::Html)
    }

    /// Tells whether an answer may lead to an address, or hold a form for it, without reading it: its text has the last
    /// piece of the path, or it stands at the same path, where that may be left out.
    pub(super) fn may_lead(&self, at: usize, to: &Url) -> bool {
        let last = to.path().rsplit('/').next().unwrap_or_default();
        let plain = !last.is_empty()
            && last
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
        if !plain || self.all[at].url.path() == to.path() {
            return true;
        }
        let Some(bytes) = self.all[at].body.bytes() else {
            return false;
        };
        memchr::memmem::find(&bytes, last.as_bytes()).is_some()
    }

    /// Reads an answer that is JSON.
    pub(super) fn json(&self, at: usize) -> Option<Value> {
        if !self.begins_like_json(at) {
            return None;
        }
        let page = self.page(at).filter(|page| page.content != Content::Html)?;
        match page.source.trim_start().starts_with(['{', '[']) {
            true => serde_json::from_str(&page.source).ok(),
            false => None,
        }
    }

    /// Tells by its first sign whether an answer may be JSON: reading a page for people takes long.
    fn begins_like_json(&self, at: usize) -> bool {
        let Some(bytes) = self.all[at].body.bytes() else {
            return false;
        };
        let text = bytes.strip_prefix(b"\xef\xbb\xbf".as_slice()).unwrap_or(&bytes);
        let first = text.iter().find(|b| !b.is_ascii_whitespace());
        // Of other encodings nothing is known yet.
        first.is_some_and(|b| !b.is_ascii() || b"[{\0".contains(b))
    }

    /// Names a request for a comment or a message: its number, method and path.
    pub(super) fn label(&self, at: usize) -> String {
        let exchange = &self.all[at];
        let path = self
            .secrets
            .clean(&exchange.url, exchange.started)
            .path()
            .to_owned();
        format!("request {}: {} {path}", exchange.number, exchange.method)
    }

    /// Gives the address of a request as a profile may hold it.
    pub(super) fn clean(&self, at: usize) -> Url {
        self.secrets.clean(&self.all[at].url, self.all[at].started)
    }

    /// Tells whether an address is that of a request.
    pub(super) fn is_at(&self, url: &Url, at: usize) -> bool {
        self.secrets
            .same((url, None), (&self.all[at].url, self.all[at].started))
    }

    /// Tells whether two requests have the same address.
    pub(super) fn alike(&self, one: usize, other: usize) -> bool {
        let (one, other) = (&self.all[one], &self.all[other]);
        self.secrets
            .same((&one.url, one.started), (&other.url, other.started))
    }

    /// Follows redirects from a request to the answer that is shown; its number in the recording.
    pub(super) fn shown_after(&self, at: usize) -> usize {
        let mut here = at;
        for _ in 0..MOST_REDIRECTS {
            let Some(url) = self.all[here].redirect() else {
                break;
            };
            let next =
                (here + 1..self.all.len()).find(|ix| self.all[*ix].url == url || self.is_at(&url, *ix));
            match next {
                Some(next) => here = next,
                None => break,
            }
        }
        here
    }

    /// Gives the request whose redirect led here, and that one's, and so on; the request itself first.
    pub(super) fn ways_to(&self, at: usize) -> Vec<usize> {
        let mut ways = vec![at];
        let mut here = at;
        for _ in 0..MOST_REDIRECTS {
            let leads = |ix: &usize| self.all[*ix].redirect().is_some_and(|url| self.is_at(&url, here));
            match self.before(here).take(40).find(leads) {
                Some(from) => {
                    ways.push(from);
                    here = from;
                }
                None => break,
            }
        }
        ways
    }

    /// Adds to an error which answers have no body, why, and what to click.
    pub(super) fn hint_at_missing(&self, error: Error) -> Error {
        let mut why: BTreeMap<&'static str, (usize, Option<&'static str>)> = BTreeMap::new();
        for exchange in self.all {
            let reason = exchange.body.missing();
            let matters = |reason: &MissingBody| {
                !matches!(
                    reason,
                    MissingBody::None | MissingBody::OfNoUse | MissingBody::Binary
                )
            };
            if let Some(reason) = reason.filter(matters) {
                why.entry(reason.why()).or_insert((0, reason.remedy())).0 += 1;
            }
        }
        why.into_iter().fold(error, |error, (why, (count, remedy))| {
            let answers = match count {
                1 => "1 answer has".to_owned(),
                _ => format!("{count} answers have"),
            };
            let remedy = remedy.map(|remedy| format!(": {remedy}")).unwrap_or_default();
            error.hint(format!("{answers} no body ({why}){remedy}"))
        })
    }
}

/// Tells whether a method writes.
pub(super) fn writes(method: &str) -> bool {
    matches!(method, "POST" | "PUT" | "PATCH")
}

/// Gives a text with LF as line end.
pub(super) fn lf(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}
