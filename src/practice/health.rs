//! Which integrations of an instance work, judged as the real world would: by the values they really use.

use std::collections::{BTreeSet, HashMap};

use serde_json::{Map, Value, json};

use crate::practice::content::Integration;
use crate::practice::instance::Instance;
use crate::practice::settings;

/// Why a value does not work here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fault {
    OfTheOther,
    Undecryptable,
    Missing,
    Unexpected,
    Wrong,
}

impl Fault {
    fn text(self, instance: &Instance) -> String {
        match self {
            Fault::OfTheOther => format!("it is {}'s", instance.side.other().name()),
            Fault::Undecryptable => "it does not decrypt here".to_owned(),
            Fault::Missing => "it is missing".to_owned(),
            Fault::Unexpected => format!("{} has no such account", instance.side.name()),
            Fault::Wrong => "it is not the right one".to_owned(),
        }
    }
}

/// The values of one file: as this instance had them, as the other had them, as they are stored now.
struct Values {
    own: HashMap<String, String>,
    other: HashMap<String, String>,
    stored: HashMap<String, String>,
}

impl Values {
    fn of(instance: &Instance, name: &str) -> Values {
        let map = |text: &str| {
            settings::read(text)
                .into_iter()
                .map(|s| (s.key, s.value))
                .collect()
        };
        Values {
            own: map(instance.content.text_of(instance.side, name)),
            other: map(instance.content.text_of(instance.side.other(), name)),
            stored: map(instance.document(name).map_or("", |document| &document.text)),
        }
    }
}

/// Tells for each integration `ok`, or the keys that keep it from working and why.
pub(super) fn report(instance: &Instance) -> Value {
    let mut files = HashMap::new();
    let mut states = Map::new();
    let judged = |integration: &&Integration| !integration.disguised || instance.scenario.disguised;
    for integration in instance.content.integrations.iter().filter(judged) {
        states.insert(
            integration.name.clone(),
            json!(judge(instance, integration, &mut files)),
        );
    }
    Value::Object(states)
}

fn judge(instance: &Instance, integration: &Integration, files: &mut HashMap<String, Values>) -> String {
    let mut keys = Vec::new();
    let mut why = BTreeSet::new();
    for used in &integration.uses {
        let Some((name, key)) = used.split_once(':') else {
            continue;
        };
        let values = files
            .entry(name.to_owned())
            .or_insert_with(|| Values::of(instance, name));
        if let Some(fault) = fault_of(instance, values, name, key) {
            keys.push(used.as_str());
            why.insert(fault);
        }
    }
    if keys.is_empty() {
        return "ok".to_owned();
    }
    let why: Vec<String> = why.into_iter().map(|fault| fault.text(instance)).collect();
    format!("{}: {}", keys.join(", "), why.join("; "))
}

/// Whose system the values of an integration lead into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// The instance's own.
    Own,
    /// That of the other instance.
    Other,
    /// None: they do not fit together, or do not decrypt.
    Nothing,
}

/// Whose system an integration leads into, by the values as they are now.
pub(super) fn access(instance: &Instance, name: &str) -> Access {
    let Some(integration) = instance.content.integrations.iter().find(|i| i.name == name) else {
        return Access::Nothing;
    };
    let mut files: HashMap<&str, Values> = HashMap::new();
    let (mut own, mut other) = (true, true);
    for (file, key) in integration.uses.iter().filter_map(|used| used.split_once(':')) {
        let values = files.entry(file).or_insert_with(|| Values::of(instance, file));
        let stored = values.stored.get(key).cloned();
        let value = match stored {
            Some(stored) if instance.encrypts(file, key) && !stored.is_empty() => instance.decrypt(&stored),
            stored => stored,
        };
        own &= value.as_ref() == values.own.get(key);
        other &= value.as_ref() == values.other.get(key);
    }
    match (own, other) {
        (true, _) => Access::Own,
        (false, true) => Access::Other,
        (false, false) => Access::Nothing,
    }
}

/// What is wrong with the value that an integration uses, if anything is.
fn fault_of(instance: &Instance, values: &Values, name: &str, key: &str) -> Option<Fault> {
    let (own, stored) = match (values.own.get(key), values.stored.get(key)) {
        (None, None) => return None,
        (Some(_), None) => return Some(Fault::Missing),
        (None, Some(value)) => return (!value.is_empty()).then_some(Fault::Unexpected),
        (Some(own), Some(stored)) => (own, stored),
    };
    let encrypted = instance.encrypts(name, key) && !stored.is_empty();
    let Some(value) = (if encrypted {
        instance.decrypt(stored)
    } else {
        Some(stored.clone())
    }) else {
        return Some(Fault::Undecryptable);
    };
    if value == *own {
        return None;
    }
    Some(if values.other.get(key) == Some(&value) {
        Fault::OfTheOther
    } else {
        Fault::Wrong
    })
}
