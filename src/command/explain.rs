//! `lmskeep explain`: says what is publicly known of a key or a configuration file.

use clap::Args;
use serde::Serialize;

use crate::command::{Context, Exit};
use crate::environment::{Rule, suggested};
use crate::error::Result;
use crate::instance::suggest;
use crate::knowledge::{Entry, Source, Subject, keys_of};
use crate::report::{Text, Tone, Ui};
use crate::sensitive::Rules;

/// The words of `lmskeep explain`.
#[derive(Debug, Args)]
#[command(
    after_help = "It asks nobody: what it says is what SAP's articles and public documentation say, each with its source.

Examples:
  lmskeep explain CONNECTORS:connector.ftp.password
  lmskeep explain baseURL
  lmskeep explain PARTNER_EXTRACT"
)]
pub struct ExplainArgs {
    /// A key, `DOCUMENT:KEY`, or a document
    pub key: String,
}

/// What `explain --json` answers.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    word: &'a str,
    known: bool,
    entries: Vec<Shown<'a>>,
    near: Vec<&'a str>,
}

/// What is said of one key or document.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown<'a> {
    document: Option<&'a str>,
    key: Option<&'a str>,
    what: Option<&'a str>,
    source: Option<&'a Source>,
    changing: Option<&'a str>,
    changing_source: Option<&'a Source>,
    /// By the key's name; none for a document.
    environment: Option<Rule>,
    /// By the key's name.
    secret: bool,
    /// What is known below a document.
    keys: Vec<&'a str>,
}

/// Explains; what nobody knows is no failure.
///
/// # Errors
/// [`crate::error::Kind::Usage`] for a word that is no key.
pub fn run(ui: &Ui, context: &Context, args: &ExplainArgs) -> Result<Exit> {
    let config = context.config()?;
    let rules = config.rules();
    let subject = Subject::read(&args.key)?;
    let entries = subject.entries();
    let known = !entries.is_empty();
    let shown: Vec<Shown<'_>> = match &subject {
        Subject::Document(_) => entries.iter().map(|entry| of_document(entry)).collect(),
        Subject::Key { key, .. } if known => entries.iter().map(|entry| of_key(rules, entry, key)).collect(),
        Subject::Key { document, key } => vec![of_name(rules, document.as_deref(), key)],
    };
    let near = if known { Vec::new() } else { subject.near() };
    for (at, one) in shown.iter().enumerate() {
        if at > 0 {
            ui.say(Text::new());
        }
        tell(ui, one);
    }
    if let Some(hint) = suggest(&near) {
        ui.hint(&hint);
    }
    let word = args.key.trim();
    ui.json(
        "explain",
        &Answer {
            word,
            known,
            entries: shown,
            near,
        },
    )?;
    Ok(Exit::Done)
}

fn of_document<'a>(entry: &'a Entry) -> Shown<'a> {
    Shown {
        document: Some(entry.document()),
        key: None,
        environment: None,
        secret: false,
        keys: keys_of(entry.document()).into_iter().map(Entry::key).collect(),
        ..of(entry)
    }
}

fn of_key<'a>(rules: &Rules, entry: &'a Entry, key: &'a str) -> Shown<'a> {
    // Judged by the name as it is known: case says where words begin.
    let name = if entry.key().contains('*') {
        key
    } else {
        entry.key()
    };
    Shown {
        key: Some(name),
        environment: suggested(rules, entry.document(), name),
        secret: rules.is_secret_name(entry.document(), name),
        ..of(entry)
    }
}

fn of<'a>(entry: &'a Entry) -> Shown<'a> {
    Shown {
        document: Some(entry.document()),
        key: None,
        what: Some(&entry.what),
        source: Some(&entry.source),
        changing: entry.changing.as_deref(),
        changing_source: entry.changing.as_ref().map(|_| entry.changing_source()),
        environment: None,
        secret: false,
        keys: Vec::new(),
    }
}

fn of_name<'a>(rules: &Rules, document: Option<&'a str>, key: &'a str) -> Shown<'a> {
    let of = document.unwrap_or_default();
    Shown {
        document,
        key: Some(key),
        what: None,
        source: None,
        changing: None,
        changing_source: None,
        environment: suggested(rules, of, key),
        secret: rules.is_secret_name(of, key),
        keys: Vec::new(),
    }
}

fn tell(ui: &Ui, shown: &Shown<'_>) {
    let title = match (shown.document, shown.key) {
        (Some(document), Some(key)) => format!("{document}: {key}"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => String::new(),
    };
    ui.say(Text::new().toned(Tone::Strong, title));
    let line = |what: &str, told: &str, source: Option<&Source>| {
        let mut line = Text::new()
            .plain("  ")
            .toned(Tone::Strong, what)
            .plain(format!(" {told}"));
        if let Some(source) = source {
            line.push(Tone::Faint, format!("  ({source})"));
        }
        ui.say(line);
    };
    match shown.what {
        Some(what) => line("What it is:", what, shown.source),
        None => line(
            "What it is:",
            "Nothing is publicly known of it. What its name suggests:",
            None,
        ),
    }
    if shown.key.is_some() {
        line("Differs by environment:", &environment(shown), None);
        line("Secret:", &secret(shown), None);
    }
    match (shown.changing, shown.what) {
        (Some(changing), _) => line("Changing it:", changing, shown.changing_source),
        (None, Some(_)) => line(
            "Changing it:",
            "Nothing is publicly known of what that sets off.",
            None,
        ),
        (None, None) => {}
    }
    if !shown.keys.is_empty() {
        line("Known keys:", &shown.keys.join(", "), None);
    }
}

fn environment(shown: &Shown<'_>) -> String {
    match shown.environment {
        Some(rule) => format!("Yes ({}). {}", rule.word(), rule.sentence()),
        None => "Its name does not say so; a value such as an address or a directory does.".to_owned(),
    }
}

fn secret(shown: &Shown<'_>) -> String {
    if shown.secret {
        "Yes, by its name: it is never shown, counts as encrypted, and is entered rather than copied."
    } else {
        "Not by its name."
    }
    .to_owned()
}
