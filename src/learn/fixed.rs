//! What a recording of one document cannot tell: whether a piece of a save belongs to that document, or is always the same.
//!
//! The replay plays the same document once more, so that a piece wrongly taken for a fixed one would fit, and be sent with
//! every other document. What equals something that the document, or its row of the list, says is therefore never
//! taken for fixed without a person's word.

use std::collections::BTreeSet;

use serde_json::Value;
use url::Url;

use crate::error::{Choice, Error, Kind, Question, Result};
use crate::learn::Wishes;
use crate::learn::scene::Scene;
use crate::learn::service::Document;
use crate::learn::tree::{places, word};

/// The answer that a piece is always the same.
const ALWAYS: &str = "always";

/// The words of one document: what its answer and its row say.
pub(super) struct Own(BTreeSet<String>);

impl Own {
    /// Gathers the words of a document.
    pub(super) fn of(document: &Document) -> Self {
        let row = document.roll.row.iter().flat_map(places);
        let all = places(&document.json).into_iter().chain(row);
        let telling = |value: &Value| !matches!(value, Value::Bool(_) | Value::Null);
        let words = all
            .filter(|(_, value)| telling(value))
            .filter_map(|(_, value)| word(value));
        Self(words.filter(|word| !word.trim().is_empty()).collect())
    }

    /// Gathers the words of its row alone: a token may well be told with every document, but with none of the rows.
    pub(super) fn of_row(document: &Document) -> Self {
        let words = document.roll.row.iter().flat_map(places);
        Self(words.filter_map(|(_, value)| word(value)).collect())
    }

    /// Tells whether a word is one of the document's own.
    pub(super) fn has(&self, word: &str) -> bool {
        self.0.contains(word)
    }
}

/// Makes sure that a piece may be sent with every document.
///
/// # Errors
/// [`Kind::Page`] with the question whether it may.
pub(super) fn confirm(wishes: &Wishes<'_>, what: &str, why: &str) -> Result<()> {
    let setting = format!("fixed.{what}");
    if wishes
        .answers
        .get(&setting)
        .is_some_and(|answer| answer == ALWAYS)
    {
        return Ok(());
    }
    let question = Question::new(setting, ALWAYS).offering([Choice {
        shown: format!("`{what}` is the same for every document: send it always as it was recorded"),
        answer: ALWAYS.to_owned(),
    }]);
    Err(wishes.ask(
        Error::new(Kind::Page, format!("`{what}` of the save {why}.")),
        question,
    ))
}

/// Makes sure that the address of a save is told whole by the document's word: no piece of it may belong to this one
/// document only.
///
/// # Errors
/// [`Kind::Page`] where a piece does, or where nothing that is sent would name the document.
pub(super) fn check_address(
    scene: &Scene<'_>,
    (at, sends_name): (usize, bool),
    (document, key): (&Document, &str),
    wishes: &Wishes<'_>,
) -> Result<()> {
    let own = Own::of(document);
    let recorded = &scene.all[at].url;
    let (asked, list) = (
        pieces(&scene.all[document.at].url),
        pieces(&scene.all[document.roll.at].url),
    );
    let all = pieces(recorded);
    let label = scene.label(at);
    // Where it stands twice, one of the two may be something else that happens to read alike.
    let twice = |pieces: &[String]| pieces.iter().filter(|piece| *piece == key).count() > 1;
    if twice(&all) || twice(&asked) {
        return Err(Error::new(
            Kind::Page,
            format!(
                "In the address of {label}, `{key}` stands in more than one place: which of them is the document's cannot \
                 be told from this one."
            ),
        )
        .hint("record again with another document"));
    }
    let same_address = scene.alike(at, document.at);
    let named = all
        .iter()
        .any(|piece| piece == key || piece.contains(key) && key.len() > 2);
    for piece in all.iter().filter(|piece| *piece != key && !list.contains(piece)) {
        // A version in both addresses is told by neither.
        if own.has(piece) || !same_address && is_number(piece) {
            confirm(
                wishes,
                piece,
                "stands in its address, and may belong to this one document: a profile would send every other document there as \
                 well",
            )?;
        }
    }
    match named || same_address || sends_name {
        true => Ok(()),
        false => Err(Error::new(
            Kind::Page,
            format!(
                "Nothing that {label} sends names the document: a profile cannot say where the others are saved."
            ),
        )),
    }
}

/// The segments of an address's path, and the values of its parameters, as they are meant.
fn pieces(url: &Url) -> Vec<String> {
    let decoded = |text: &str| {
        percent_encoding::percent_decode_str(text)
            .decode_utf8_lossy()
            .into_owned()
    };
    let path = url
        .path()
        .split('/')
        .filter(|piece| !piece.is_empty())
        .map(decoded);
    let values = url.query_pairs().map(|(_, value)| value.into_owned());
    path.chain(values).filter(|piece| !piece.is_empty()).collect()
}

fn is_number(piece: &str) -> bool {
    piece.bytes().all(|b| b.is_ascii_digit())
}
