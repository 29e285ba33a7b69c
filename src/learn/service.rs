//! Learns from a save that a script sent: the document, the list, the body, the headers, the token.

use serde_json::Value;

use crate::error::{Choice, Error, Kind, Question, Result};
use crate::learn::Wishes;
use crate::learn::address::{template, within};
use crate::learn::body;
use crate::learn::fixed::check_address;
use crate::learn::headers;
use crate::learn::lesson::Lesson;
use crate::learn::roll::{self, Reach, Roll, roll_of};
use crate::learn::saves::Body;
use crate::learn::scene::{Scene, lf};
use crate::learn::tree::{last, places};

/// One word alone is no longer.
const LONGEST_WORD: usize = 40;

/// A document's answer, and where in it the text is that was sent.
pub(super) struct Document {
    pub(super) at: usize,
    pub(super) json: Value,
    /// Pointer to the text.
    pub(super) text: String,
    /// Pointer, or name of the field, where it was sent.
    pub(super) sent: String,
    pub(super) roll: Roll,
}

/// What one save of a script teaches.
///
/// # Errors
/// Something is missing in the recording, can be read in two ways, or is not what a profile can say.
pub(super) fn lesson(
    scene: &Scene<'_>,
    at: usize,
    documents: &[usize],
    body: &Body,
    wishes: &Wishes<'_>,
) -> Result<Lesson> {
    let document = document(scene, at, documents, body, wishes)?;
    let mut lesson = Lesson::default();
    let list = roll::teach(scene, &document.roll, &mut lesson);
    teach_document(scene, &document, &mut lesson);
    teach_save(scene, at, &document, &mut lesson);
    let key = match &document.roll.reach {
        Reach::Template(_, word, _) => word.clone(),
        Reach::Link(_) => document.roll.word.clone(),
    };
    let sends_name = body
        .words()
        .iter()
        .any(|sent| *sent == document.roll.word || *sent == key);
    check_address(scene, (at, sends_name), (&document, &key), wishes)?;
    body::teach(scene, at, &document, body, wishes, &mut lesson)?;
    headers::teach(scene, at, (list, &document), wishes, &mut lesson)?;
    Ok(lesson)
}

/// Finds the document's answer: one with a list before it, and with the text that was sent.
fn document(
    scene: &Scene<'_>,
    at: usize,
    documents: &[usize],
    body: &Body,
    wishes: &Wishes<'_>,
) -> Result<Document> {
    let mut unlisted = None;
    let mut why = None;
    for document in documents {
        let Some(json) = scene.json(*document) else {
            continue;
        };
        let roll = match roll_of(scene, *document, &json, wishes) {
            Ok(Some(roll)) => roll,
            Ok(None) => {
                if shows_longest(&json, body) {
                    unlisted.get_or_insert(*document);
                }
                continue;
            }
            Err(error) => {
                why.get_or_insert(error);
                continue;
            }
        };
        match text_of(scene, *document, &json, body, &roll, wishes) {
            Ok(Some((text, sent))) => {
                return Ok(Document {
                    at: *document,
                    json,
                    text,
                    sent,
                    roll,
                });
            }
            Ok(None) => {}
            Err(error) => drop(why.get_or_insert(error)),
        }
    }
    if let Some(why) = why {
        return Err(why);
    }
    let save = scene.label(at);
    Err(match unlisted {
        Some(document) => Error::new(
            Kind::Usage,
            format!(
                "The recording shows no list from which the document of {save} was opened: no earlier answer has a row \
                 that leads to {}.",
                scene.label(document)
            ),
        )
        .hint("record again, with \"Preserve log\" ticked: open the list first, then the file, then save it unchanged")
        .hint("where the list was loaded before the recording began, reload the page"),
        None => scene.hint_at_missing(Error::new(
            Kind::Usage,
            format!("No earlier answer shows the text that was sent with {save}."),
        )
        .hint("record again, with \"Disable cache\" ticked: open the list, open one file, save it unchanged")),
    })
}

/// Tells whether an answer shows the longest text of a body: a document does, a list of names does not.
fn shows_longest(json: &Value, body: &Body) -> bool {
    let longest = body
        .texts()
        .into_iter()
        .map(|(_, text)| lf(&text))
        .max_by_key(String::len);
    places(json)
        .iter()
        .any(|(_, value)| value.as_str().map(lf) == longest)
}

/// Finds the text: what was sent and stands in the document's answer, with lines; or the only text that was sent.
fn text_of(
    scene: &Scene<'_>,
    document: usize,
    json: &Value,
    body: &Body,
    roll: &Roll,
    wishes: &Wishes<'_>,
) -> Result<Option<(String, String)>> {
    let shown: Vec<(String, &str)> = places(json)
        .into_iter()
        .filter_map(|(pointer, value)| Some((pointer, value.as_str()?)))
        .collect();
    let mut equal: Vec<(String, String, String)> = Vec::new();
    let mut changed: Vec<(String, String, String)> = Vec::new();
    for (sent, text) in body.texts() {
        let same = |(_, other): &&(String, &str)| lf(other) == lf(&text);
        let called = |pointer: &str| last(pointer) == last(&sent);
        let mut same: Vec<&(String, &str)> = shown.iter().filter(same).collect();
        same.sort_by_key(|(pointer, _)| !called(pointer));
        match (same.first(), shown.iter().find(|(pointer, _)| called(pointer))) {
            (Some((pointer, _)), _) => equal.push((pointer.clone(), sent, text)),
            (None, Some((pointer, _))) => changed.push((pointer.clone(), sent, text)),
            (None, None) => {}
        }
    }
    let answer = wishes.answers.get("text");
    let is_name = |pointer: &str, text: &str| pointer == roll.name_in_document || text == roll.word;
    let no_text = |(pointer, _, text): &(String, String, String)| {
        is_name(pointer, text) || scene.secrets.is(text) || is_reached_by(roll, text)
    };
    equal.retain(|found| !no_text(found));
    changed.retain(|found| !no_text(found));
    if let Some(answer) = answer {
        let all = equal.iter().chain(&changed);
        let meant = all.into_iter().find(|(pointer, ..)| pointer == answer);
        return Ok(meant.map(|(pointer, sent, _)| (pointer.clone(), sent.clone())));
    }
    let has_lines = |(_, _, text): &&(String, String, String)| {
        lf(text).trim_end_matches('\n').contains('\n') || text.ends_with('\n')
    };
    let own_row = |text: &str| {
        let mut members = roll.row.iter().flat_map(places);
        members.any(|(_, value)| value.as_str() == Some(text))
    };
    // A word of a row, or one word alone, is no text of a file; all else may be.
    let may_be = |found: &&(String, String, String)| {
        let text = &found.2;
        has_lines(found) || text.contains(['=', ' ']) && !own_row(text) || text.len() > LONGEST_WORD
    };
    let all = || equal.iter().chain(&changed);
    let likely: Vec<&(String, String, String)> = all().filter(may_be).collect();
    let candidates: Vec<&(String, String, String)> = match likely.is_empty() {
        true => all().collect(),
        false => likely,
    };
    match candidates.as_slice() {
        [] => Ok(None),
        [(pointer, sent, _)] => Ok(Some((pointer.clone(), sent.clone()))),
        several => {
            let names: Vec<String> = several
                .iter()
                .map(|(pointer, ..)| format!("`{pointer}`"))
                .collect();
            let choices = several.iter().map(|(pointer, ..)| Choice::of(pointer));
            let question = Question::new("text", "POINTER").offering(choices);
            let sentence = format!(
                "In the answer of {}, {} may be the document's text.",
                scene.label(document),
                names.join(" or ")
            );
            Err(wishes.ask(Error::new(Kind::Page, sentence), question))
        }
    }
}

fn is_reached_by(roll: &Roll, text: &str) -> bool {
    matches!(&roll.reach, Reach::Template(_, word, _) if word == text)
}

fn teach_document(scene: &Scene<'_>, document: &Document, lesson: &mut Lesson) {
    let from = scene.label(document.at);
    if let Reach::Template(_, _, address) = &document.roll.reach {
        lesson.text("part.service.document", "address", address, &from);
    }
    lesson.text("part.service.document", "text", &document.text, &from);
    lesson.text(
        "part.service.document",
        "name",
        &document.roll.name_in_document,
        &from,
    );
    if let Some(pointer) = read_only(&document.json) {
        lesson.text("part.service.document", "read-only", &pointer, &from);
    }
    lesson
        .told
        .push(("document", format!("{from}, its text at `{}`", document.text)));
}

/// Finds a mark that says `false` of what could be saved, called as HTML calls it.
fn read_only(json: &Value) -> Option<String> {
    let called = |pointer: &str| {
        let name: String = last(pointer).chars().filter(|c| c.is_alphanumeric()).collect();
        name.eq_ignore_ascii_case("readonly") || name.eq_ignore_ascii_case("isreadonly")
    };
    let mut marks = places(json).into_iter();
    let (pointer, _) = marks.find(|(pointer, value)| value.as_bool() == Some(false) && called(pointer))?;
    Some(pointer)
}

fn teach_save(scene: &Scene<'_>, at: usize, document: &Document, lesson: &mut Lesson) {
    let from = scene.label(at);
    lesson.text("part.service.save", "method", &scene.all[at].method, &from);
    if !scene.alike(at, document.at) {
        let clean = scene.clean(at);
        let word = match &document.roll.reach {
            Reach::Template(_, word, _) => word,
            Reach::Link(_) => &document.roll.word,
        };
        let address = template(&clean, word).unwrap_or_else(|| within(&clean));
        lesson.text("part.service.save", "address", &address, &from);
    }
    lesson.told.push(("save", from));
}
