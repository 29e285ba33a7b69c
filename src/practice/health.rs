//! Which integrations of an instance work, judged as the real world would: by the values they really use.

use std::collections::BTreeSet;

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

/// Tells for each integration `ok`, or the keys that keep it from working and why.
pub(super) fn report(instance: &Instance) -> Value {
    let integrations = instance.content.integrations.iter();
    Value::Object(
        integrations
            .map(|i| (i.name.clone(), json!(judge(instance, i))))
            .collect::<Map<_, _>>(),
    )
}

fn judge(instance: &Instance, integration: &Integration) -> String {
    let faulty: Vec<(&str, Fault)> = integration
        .uses
        .iter()
        .filter_map(|used| Some((used.as_str(), fault_of(instance, used)?)))
        .collect();
    if faulty.is_empty() {
        return "ok".to_owned();
    }
    let keys: Vec<&str> = faulty.iter().map(|(used, _)| *used).collect();
    let why: BTreeSet<Fault> = faulty.iter().map(|(_, fault)| *fault).collect();
    let why: Vec<String> = why.into_iter().map(|fault| fault.text(instance)).collect();
    format!("{}: {}", keys.join(", "), why.join("; "))
}

/// What is wrong with the value that an integration uses, if anything is.
fn fault_of(instance: &Instance, used: &str) -> Option<Fault> {
    let (name, key) = used.split_once(':')?;
    let own = instance.content.own_value(instance.side, name, key);
    let stored = instance
        .document(name)
        .and_then(|document| settings::value_of(&document.text, key));
    let (own, stored) = match (own, stored) {
        (None, None) => return None,
        (Some(_), None) => return Some(Fault::Missing),
        (None, Some(value)) => return (!value.is_empty()).then_some(Fault::Unexpected),
        (Some(own), Some(stored)) => (own, stored),
    };
    let encrypted = instance.content.encrypts(name, key) && !stored.is_empty();
    let Some(value) = (if encrypted {
        instance.decrypt(&stored)
    } else {
        Some(stored)
    }) else {
        return Some(Fault::Undecryptable);
    };
    if value == own {
        return None;
    }
    let other = instance.content.own_value(instance.side.other(), name, key);
    Some(if other.as_deref() == Some(&value) {
        Fault::OfTheOther
    } else {
        Fault::Wrong
    })
}
