//! A recording of a browser (HAR 1.2) as values: the requests in their order, what was sent and what was answered.
//!
//! It reads from anything that gives bytes, and never holds the whole of it: bodies that cannot matter (pictures,
//! fonts, styles, media) are left out, the others are kept packed, and both have their limits. It knows nothing of
//! the LMS. What it holds is full of secrets (cookies, tokens, passwords), so that no `Debug` shows more than
//! methods, paths and names (promise 10).

mod body;
mod gather;
mod har;
mod lenient;
mod read;
mod sent;
mod text;

#[cfg(test)]
mod sent_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod text_tests;

use std::fmt;

use jiff::Timestamp;
use url::Url;

use crate::page::Page;

pub use crate::recording::body::{Body, MissingBody, Packed};
pub use crate::recording::read::read;
pub use crate::recording::sent::SentBody;

/// What a browser recorded.
pub struct Recording {
    /// The requests in the order they were begun.
    pub exchanges: Vec<Exchange>,
    /// What made the recording, as it calls itself (`WebInspector 537.36`), or nothing.
    pub creator: String,
    /// How many entries are no requests of the web (`data:`, `blob:`, `chrome-extension:`, `ws:`, tunnels of a proxy)
    /// or are no entries at all, and were left out.
    pub left_out: usize,
    /// How many bodies were let go because all together were too large.
    pub let_go: usize,
}

/// One request and its answer.
pub struct Exchange {
    /// Its place in the file, counted from one.
    pub number: usize,
    /// When it was begun.
    pub started: Option<Timestamp>,
    /// Its method, in capitals.
    pub method: String,
    /// Its address, without a fragment.
    pub url: Url,
    /// What the browser sent as headers.
    pub request_headers: Vec<(String, String)>,
    /// The cookies that were sent; browsers leave them out unless told otherwise.
    pub request_cookies: Vec<(String, String)>,
    /// The body that was sent.
    pub sent: Option<SentBody>,
    /// The status; 0 where the browser got no answer.
    pub status: u16,
    /// What was answered as headers.
    pub response_headers: Vec<(String, String)>,
    /// What the answer is by its header, else by what the browser took it for.
    pub content_type: Option<String>,
    /// The body of the answer.
    pub body: Body,
}

impl Exchange {
    /// Gives the first request header of that name.
    pub fn request_header(&self, name: &str) -> Option<&str> {
        header(&self.request_headers, name)
    }

    /// Gives the first header of the answer of that name.
    pub fn response_header(&self, name: &str) -> Option<&str> {
        header(&self.response_headers, name)
    }

    /// Reads the answer as the session would read it; `None` where its body is missing.
    pub fn page(&self) -> Option<Page> {
        let bytes = self.body.bytes()?;
        Some(Page::parse(&bytes, self.content_type.as_deref(), &self.url))
    }

    /// Where the answer sends the browser.
    pub fn redirect(&self) -> Option<Url> {
        if !(300..400).contains(&self.status) {
            return None;
        }
        self.url.join(self.response_header("location")?).ok()
    }
}

fn header<'a>(headers: &'a [(String, String)], wanted: &str) -> Option<&'a str> {
    headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(wanted))
        .map(|(_, value)| value.as_str())
}

impl fmt::Debug for Recording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recording")
            .field("exchanges", &self.exchanges)
            .field("left_out", &self.left_out)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Exchange {
    /// Says where it went and how it ended; the query may hold a token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange")
            .field("number", &self.number)
            .field("method", &self.method)
            .field("path", &self.url.path())
            .field("status", &self.status)
            .field("sent", &self.sent)
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}
