//! JSON as places with values: pointers to everything in it.

use std::fmt::Write;

use serde_json::Value;

/// Values in an answer that are looked at, at most.
const MOST: usize = 20_000;

/// Gives every value with its pointer (RFC 6901), the whole first, what stands above before what stands below.
pub(super) fn places(value: &Value) -> Vec<(String, &Value)> {
    let mut found = vec![(String::new(), value)];
    let mut at = 0;
    while at < found.len() && found.len() < MOST {
        let (pointer, value) = found[at].clone();
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    found.push((format!("{pointer}/{}", step(name)), value));
                }
            }
            Value::Array(elements) => {
                for (index, value) in elements.iter().enumerate() {
                    found.push((format!("{pointer}/{index}"), value));
                }
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// Writes a member's name as a step of a pointer.
pub(super) fn step(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Gives the last step of a pointer.
pub(super) fn last(pointer: &str) -> &str {
    pointer.rsplit('/').next().unwrap_or_default()
}

/// Gives a text or a number as a word.
pub(super) fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Tells whether two values mean the same: numbers by what they count, texts whatever their line ends.
pub(super) fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one == other || one.as_f64() == other.as_f64(),
        (Value::String(one), Value::String(other)) => {
            one == other || super::scene::lf(one) == super::scene::lf(other)
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .all(|(name, value)| other.get(name).is_some_and(|found| same(value, found)))
        }
        (one, other) => one == other,
    }
}

/// Names the places where two values differ, without what stands there.
pub(super) fn differences(sent: &Value, wanted: &Value) -> Vec<String> {
    fn walk(at: &str, sent: &Value, wanted: &Value, found: &mut Vec<String>) {
        match (sent, wanted) {
            (Value::Object(one), Value::Object(other)) => {
                for (name, value) in one {
                    let place = format!("{at}/{}", step(name));
                    match other.get(name) {
                        Some(wanted) => walk(&place, value, wanted, found),
                        None => found.push(format!("`{place}` is sent beside what was recorded")),
                    }
                }
                for name in other.keys().filter(|name| !one.contains_key(*name)) {
                    found.push(format!("`{at}/{}` is not sent", step(name)));
                }
            }
            (one, other) if same(one, other) => {}
            _ => {
                let mut line = String::new();
                // Writing to a String cannot fail.
                let _ = write!(line, "`{at}` is another value");
                found.push(line);
            }
        }
    }
    let mut found = Vec::new();
    walk("", sent, wanted, &mut found);
    found
}
