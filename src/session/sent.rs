//! What became of a writing request.

use crate::find::message;
use crate::page::{Content, Page};

/// What became of a writing request.
#[derive(Debug)]
pub enum Sent {
    /// The instance answered with a page that is inside.
    Answered {
        /// The guard's token was one that another page or an earlier script has shown: it may have been too old.
        kept_token: bool,
        /// What it said, but for what stands in fields.
        said: String,
        /// What of it the document's own page does not say, in short.
        words: String,
    },
    /// It answered that the request was wrong: reading tells what happened.
    Declined {
        /// The status, as a clause.
        why: String,
        /// What it said.
        said: String,
        /// What of it the document's own page does not say, in short.
        words: String,
    },
    /// It says that what is there is not what the request was made from: it is not to be sent again.
    Conflict(String),
    /// It did not, or with an error, or with a sign-in page: only reading tells what happened.
    Unsettled(String),
}

/// Letters of an answer's own words that are kept.
const LONGEST: usize = 160;

/// The sentences of an answer that do not stand on the page that the request was made from.
pub(super) fn words(answer: &Page, asked: &Page) -> String {
    let (said, known) = (message(answer), message(asked));
    let sentences = said.split_inclusive(['.', '!', '?', '。']);
    let new: Vec<&str> = sentences
        .map(str::trim)
        .filter(|sentence| !sentence.is_empty() && !known.contains(sentence))
        .collect();
    let words: String = new.join(" ").chars().take(LONGEST).collect();
    words.trim_end_matches('.').to_owned()
}

/// What an answer says to a person; of JSON all of it.
pub(super) fn said(page: Page) -> String {
    match page.content {
        Content::Json => page.source,
        _ => page.text,
    }
}
