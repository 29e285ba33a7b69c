//! The body of a script's save: what was read, or members of it.

use serde_json::Value;

use crate::error::{Error, Kind, Result};
use crate::learn::Wishes;
use crate::learn::fixed::{Own, confirm};
use crate::learn::lesson::Lesson;
use crate::learn::saves::Body;
use crate::learn::scene::Scene;
use crate::learn::service::Document;
use crate::learn::tree::{last, places, same, step, word};
use crate::page::quoted;
use crate::sensitive::Rules;

/// A constant longer than this is no word of a protocol.
const LONGEST_CONSTANT: usize = 40;

/// Teaches what the body is made of.
///
/// # Errors
/// [`Kind::Page`] where it is something that a profile cannot say.
pub(super) fn teach(
    scene: &Scene<'_>,
    at: usize,
    document: &Document,
    body: &Body,
    wishes: &Wishes<'_>,
    lesson: &mut Lesson,
) -> Result<()> {
    let from = scene.label(at);
    match body {
        Body::Json(sent) if is_whole(sent, document) => Ok(()),
        Body::Json(Value::Object(members)) => {
            for (name, value) in members {
                member(
                    scene,
                    document,
                    (&format!("/{}", step(name)), value),
                    (&from, wishes),
                    lesson,
                )?;
            }
            Ok(())
        }
        Body::Json(_) => Err(Error::new(
            Kind::Page,
            format!("The body of {from} is a list, which no profile can describe."),
        )),
        Body::Form(pairs) => {
            let sent = scene.all[at].sent.as_ref();
            if !sent.is_some_and(|sent| sent.is("application/x-www-form-urlencoded")) {
                return Err(Error::new(
                    Kind::Page,
                    format!(
                        "The script of {from} sends its text as a form with files, which no profile can describe."
                    ),
                ));
            }
            lesson.text("part.service.save", "encoding", "form", &from);
            for (name, value) in pairs {
                let value = Value::String(value.clone());
                field(scene, document, (name, &value), (&from, wishes), lesson)?;
            }
            Ok(())
        }
    }
}

/// Tells whether all that was read was sent back, but for its text.
fn is_whole(sent: &Value, document: &Document) -> bool {
    let mut wanted = document.json.clone();
    let Some(text) = wanted.pointer_mut(&document.text) else {
        return false;
    };
    let Some(new) = sent.pointer(&document.text) else {
        return false;
    };
    *text = new.clone();
    document.sent == document.text && same(sent, &wanted)
}

/// Teaches one member of a body: the text, a piece of what was read, members of its own, or what is always the same.
fn member(
    scene: &Scene<'_>,
    document: &Document,
    (place, value): (&str, &Value),
    (from, wishes): (&str, &Wishes<'_>),
    lesson: &mut Lesson,
) -> Result<()> {
    // A member of the outermost object is called by its name.
    let name = match place[1..].contains('/') {
        true => place.to_owned(),
        false => place[1..].replace("~1", "/").replace("~0", "~"),
    };
    if place == document.sent {
        lesson.text("part.service.save.body", &name, &document.text, from);
        return Ok(());
    }
    let holds_text = document.sent.starts_with(&format!("{place}/"));
    if !holds_text && let Some(pointer) = found(document, last(place), value) {
        lesson.text("part.service.save.body", &name, &pointer, from);
        return Ok(());
    }
    if let Value::Object(members) = value
        && !members.is_empty()
    {
        for (below, value) in members {
            let below = format!("{place}/{}", step(below));
            member(scene, document, (&below, value), (from, wishes), lesson)?;
        }
        return Ok(());
    }
    if holds_text {
        return Err(Error::new(
            Kind::Page,
            format!("The text of {from} is sent within a list, which no profile can describe."),
        ));
    }
    constant(scene, document, (&name, value), (from, wishes), lesson)
}

fn field(
    scene: &Scene<'_>,
    document: &Document,
    (name, value): (&str, &Value),
    (from, wishes): (&str, &Wishes<'_>),
    lesson: &mut Lesson,
) -> Result<()> {
    if name == document.sent {
        lesson.text("part.service.save.body", name, &document.text, from);
    } else if let Some(pointer) = found(document, name, value) {
        lesson.text("part.service.save.body", name, &pointer, from);
    } else {
        constant(scene, document, (name, value), (from, wishes), lesson)?;
    }
    Ok(())
}

/// Finds where in what was read a value stands: under the same name, or as the only text of its kind.
fn found(document: &Document, name: &str, value: &Value) -> Option<String> {
    let is_it = |other: &Value| {
        let as_word = value.is_string() && word(other).as_deref() == value.as_str();
        same(value, other) || as_word && !matches!(other, Value::String(_))
    };
    let all = places(&document.json);
    let mut here = all
        .iter()
        .filter(|(_, other)| is_it(other))
        .map(|(pointer, _)| pointer);
    let named = all
        .iter()
        .find(|(pointer, other)| last(pointer) == name && is_it(other));
    if let Some((pointer, _)) = named {
        return Some(pointer.clone());
    }
    if is_it(&Value::String(document.roll.word.clone())) {
        return Some(document.roll.name_in_document.clone());
    }
    // Flags, small numbers and empty things stand everywhere.
    let telling = match value {
        Value::String(text) => text.len() > 1,
        Value::Number(number) => number.to_string().len() > 2,
        Value::Object(members) => !members.is_empty(),
        Value::Array(elements) => !elements.is_empty(),
        _ => false,
    };
    // Where several read alike, which of them is meant cannot be told from this one document.
    let first = here.next().filter(|_| telling)?;
    here.next().is_none().then(|| first.clone())
}

/// Teaches what is always the same, or says that it is not known where it comes from.
///
/// # Errors
/// [`Kind::Page`] with a question, where it may belong to the one document, or to the person who was recorded.
fn constant(
    scene: &Scene<'_>,
    document: &Document,
    (name, value): (&str, &Value),
    (from, wishes): (&str, &Wishes<'_>),
    lesson: &mut Lesson,
) -> Result<()> {
    let is_secret = value.as_str().is_some_and(|text| scene.secrets.is(text));
    let toml = match value {
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) => number
            .as_i64()
            .filter(|n| n.abs() < 1_000_000_000)
            .map(|n| n.to_string()),
        Value::String(text) if is_plain(scene, text) && !Rules::default().is_secret_name("", name) => {
            Some(quoted(text))
        }
        _ => None,
    };
    match toml {
        Some(toml) => {
            let own = word(value).is_some_and(|word| Own::of(document).has(&word));
            let said = value.as_str().is_some_and(|text| !text.is_empty());
            if own {
                confirm(
                    wishes,
                    name,
                    "reads like something of this one document: it is not known whether it differs",
                )?;
            } else if said {
                confirm(
                    wishes,
                    name,
                    "is a text that stands nowhere in what was read: it may be of this one document, or of you",
                )?;
            }
            lesson.notes.push(format!(
                "`{name}` of the save stands nowhere in what was read: it is sent as it was recorded, always the same."
            ));
            lesson.add("part.service.save.constants", name, toml, from);
        }
        // The token is learned with the headers.
        None if is_secret => {}
        None => lesson.notes.push(format!(
            "It is not known where `{name}` of the save comes from: it is left out."
        )),
    }
    Ok(())
}

/// Tells whether a text may be a word of a protocol: short, of plain signs, no address of a person and no secret.
pub(super) fn is_plain(scene: &Scene<'_>, text: &str) -> bool {
    let plain = |c: char| c.is_ascii_graphic() || c == ' ';
    text.len() <= LONGEST_CONSTANT
        && text.chars().all(plain)
        && !text.contains('@')
        && !text.contains("://")
        && !scene.secrets.is(text)
        && !scene.secrets.stand_in(text)
}
