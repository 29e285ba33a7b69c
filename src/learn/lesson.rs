//! What was learned, as lines of a profile, each with what it was learned from.

use std::fmt::Write;

use crate::page::quoted;

/// The tables of a profile in the order they are written.
const TABLES: [&str; 14] = [
    "sign-in",
    "token",
    "part",
    "part.list",
    "part.edit",
    "part.service.headers",
    "part.service.list",
    "part.service.document",
    "part.service.save",
    "part.service.save.body",
    "part.service.save.constants",
    "part.service.save.headers",
    "part.service.token",
    "part.service.token.request-headers",
];

/// One line of a profile.
#[derive(Debug, Clone)]
struct Fact {
    table: &'static str,
    key: String,
    /// As TOML.
    value: String,
    from: String,
}

/// What one save teaches.
#[derive(Debug, Clone, Default)]
pub(super) struct Lesson {
    facts: Vec<Fact>,
    /// What a person is told, in words: what it is about, and the sentence's rest.
    pub(super) told: Vec<(&'static str, String)>,
    /// What a person should know.
    pub(super) notes: Vec<String>,
}

impl Lesson {
    /// Adds a text, learned from a request.
    pub(super) fn text(&mut self, table: &'static str, key: &str, value: &str, from: &str) {
        self.add(table, key, quoted(value), from);
    }

    /// Adds a list of texts.
    pub(super) fn texts(&mut self, table: &'static str, key: &str, values: &[&str], from: &str) {
        let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
        self.add(table, key, format!("[{}]", values.join(", ")), from);
    }

    /// Adds any value, as TOML.
    pub(super) fn add(&mut self, table: &'static str, key: &str, value: String, from: &str) {
        self.facts
            .retain(|fact| (fact.table, fact.key.as_str()) != (table, key));
        self.facts.push(Fact {
            table,
            key: key.to_owned(),
            value,
            from: from.to_owned(),
        });
    }

    /// Tells whether both teach the same, whatever they learned it from.
    pub(super) fn teaches_as(&self, other: &Lesson) -> bool {
        let all = |lesson: &Lesson| {
            let mut all: Vec<(&str, String, String)> = lesson
                .facts
                .iter()
                .map(|fact| (fact.table, fact.key.clone(), fact.value.clone()))
                .collect();
            all.sort();
            all
        };
        all(self) == all(other)
    }

    /// Gives the lines of both, its own first.
    pub(super) fn with(mut self, other: &Lesson) -> Lesson {
        self.facts.extend(other.facts.iter().cloned());
        self
    }

    /// Writes the lines below the head of a profile.
    pub(super) fn toml(&self) -> String {
        let mut text = String::new();
        for table in TABLES {
            let facts: Vec<&Fact> = self.facts.iter().filter(|fact| fact.table == table).collect();
            if facts.is_empty() {
                continue;
            }
            // Writing to a String cannot fail.
            let _ = match table {
                "part" => writeln!(text, "\n[[part]]"),
                _ => writeln!(text, "\n[{table}]"),
            };
            for fact in facts {
                let key = toml_edit::Key::new(&fact.key).display_repr().into_owned();
                let line = format!("{key} = {}", fact.value);
                let _ = writeln!(text, "{line:<56} # {}", fact.from);
            }
        }
        text
    }
}
