//! Shows what a scan found: by document, what acts first, comments after it.

use std::path::Path;

use crate::command::diff_report::short;
use crate::environment::Rule;
use crate::report::phrase::{count, count_of};
use crate::report::{Text, Tone, Ui};
use crate::scan::{Finding, Found, How};

/// What a scan was of, as it is spoken about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Told<'a> {
    /// The instance.
    pub(crate) instance: &'a str,
    /// The instance that was copied over it.
    pub(crate) source: &'a str,
    /// The configuration file, in which stands what may stay.
    pub(crate) config: &'a Path,
    /// Whether a backup was looked through.
    pub(crate) stored: bool,
}

/// Shows all of it.
pub(crate) fn found(ui: &Ui, found: &Found, told: &Told<'_>) {
    by_document(ui, &found.findings, told);
    if !found.comments.is_empty() {
        ui.say(Text::new().toned(Tone::Strong, "In comments, which do not act"));
        ui.say(Text::new());
        by_document(ui, &found.comments, told);
    }
    ui.say(summary(found, told));
    notes(ui, found, told);
}

fn by_document(ui: &Ui, findings: &[Finding], told: &Told<'_>) {
    let mut document = "";
    for finding in findings {
        if document != finding.document {
            if !document.is_empty() {
                ui.say(Text::new());
            }
            document = &finding.document;
            ui.say(Text::new().toned(Tone::Strong, document));
        }
        ui.say(line(finding, told));
    }
    if !findings.is_empty() {
        ui.say(Text::new());
    }
}

fn line(finding: &Finding, told: &Told<'_>) -> Text {
    let place = match &finding.key {
        Some(key) => key.clone(),
        None => format!("line {}", finding.line),
    };
    let text = finding.text.as_deref().map(short);
    let mut line = Text::new().plain("  ").plain(place);
    let source = told.source;
    match (finding.how, text) {
        (How::Value, Some(text)) => {
            line.push(Tone::Plain, " = ");
            line.push(Tone::Care, text);
        }
        (How::Names, Some(text)) => {
            line.push(Tone::Plain, " names ");
            line.push(Tone::Care, text);
        }
        (_, None) if finding.rule == Rule::Encrypted => {
            line.push(Tone::Plain, "  ");
            let whose = format!("(encrypted value: {source}'s, which may work here)");
            line.push(Tone::Bad, whose);
            return line;
        }
        (_, None) => line.push(Tone::Plain, " (hidden, as it holds a secret)"),
    }
    let why = match finding.how {
        How::Value => finding.rule.word().to_owned(),
        How::Names => format!("{}, from {}", finding.rule.word(), finding.from),
    };
    line.push(Tone::Faint, format!("  ({why})"));
    line
}

pub(crate) fn summary(found: &Found, told: &Told<'_>) -> String {
    let Told { instance, source, .. } = told;
    let looked = format!("{} looked through", count(found.documents, "document"));
    if found.findings.is_empty() {
        return format!("Nothing in {instance} points at {source}; {looked}.");
    }
    let documents: std::collections::BTreeSet<&str> = found
        .findings
        .iter()
        .map(|finding| finding.document.as_str())
        .collect();
    let verb = if found.findings.len() == 1 {
        "points"
    } else {
        "point"
    };
    let places = count(found.findings.len(), "place");
    format!(
        "{places} in {} still {verb} at {source}; {looked}.",
        count(documents.len(), "document")
    )
}

fn notes(ui: &Ui, found: &Found, told: &Told<'_>) {
    if found.masked > 0 {
        let values = count_of(found.masked, "value is", "values are");
        ui.note(format!(
            "{values} shown as a mask: nobody can tell from here whose they are."
        ));
    }
    if found.allowed > 0 {
        let places = count(found.allowed, "more place");
        ui.note(format!(
            "{places} may stay, by `[scan] allow` in the configuration file."
        ));
    }
    for entry in &found.unused {
        ui.note(format!("`{entry}` in `[scan] allow` allows nothing any more."));
    }
    if found.findings.is_empty() || told.stored {
        return;
    }
    ui.hint(&format!("lmskeep restore {} --dry-run", told.instance));
    if found
        .findings
        .iter()
        .any(|finding| finding.rule == Rule::Encrypted)
    {
        ui.hint(&format!("lmskeep secret list {}", told.instance));
    }
    ui.hint(&format!(
        "what may stay: `[scan] allow = [\"…\"]` in {}",
        told.config.display()
    ));
}
