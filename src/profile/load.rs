//! Reads a profile's TOML and what it extends; what is wrong is said with its file and line.

use crate::error::{Error, Kind, Result};
use crate::profile::Profile;
use crate::profile::check::{SCHEMA, check};
use crate::profile::layer::{Line, Table, line_of, read};

/// Text of the built-in profile for SAP SuccessFactors Learning.
pub const BUILT_IN: &str = include_str!("sap-learning.toml");

/// Name of the built-in profile.
pub const BUILT_IN_NAME: &str = "sap-learning";

/// Profiles that may stand on one another.
const MOST_LAYERS: usize = 8;

/// Says where a profile came from, for messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Part of the program.
    BuiltIn,
    /// A file somebody named.
    File(String),
}

impl Origin {
    fn in_words(&self) -> String {
        match self {
            Origin::BuiltIn => "the built-in profile".to_owned(),
            Origin::File(path) => format!("the profile `{path}`"),
        }
    }
}

/// One file of a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Where it came from.
    pub origin: Origin,
    /// Its text.
    pub text: String,
}

impl Source {
    /// The built-in profile.
    pub fn built_in() -> Self {
        Self {
            origin: Origin::BuiltIn,
            text: BUILT_IN.to_owned(),
        }
    }
}

/// One file of a profile that is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    /// Where it came from.
    pub origin: Origin,
    /// Its name.
    pub name: String,
    /// Whether it was learned from a recording.
    pub learned: bool,
}

/// A profile in force, with where each of its lines was written.
#[derive(Debug, Clone)]
pub struct Layered {
    /// The profile.
    pub profile: Profile,
    /// The files it is made of, the one at the bottom first.
    pub layers: Vec<Layer>,
    /// All of it, as it was written.
    table: Table,
}

impl Layered {
    /// Gives it as TOML.
    pub fn lines(&self) -> Vec<Line> {
        self.table.lines()
    }

    /// Lays a few keys of a part over it that an instance's operator or an earlier run has said; unchecked.
    pub fn say_of_part(&mut self, layer: Layer, part: &str, path: &[&str], value: Option<&str>) {
        self.layers.push(layer);
        self.table.set_in_part(part, path, value, self.layers.len() - 1);
    }
}

/// Loads the built-in profile.
///
/// # Errors
/// None in a released program: a test loads it.
pub fn built_in() -> Result<Profile> {
    parse(BUILT_IN, &Origin::BuiltIn)
}

/// Reads a profile and checks it whole; it may extend the built-in one.
///
/// # Errors
/// As [`layered`].
pub fn parse(text: &str, origin: &Origin) -> Result<Profile> {
    let source = Source {
        origin: origin.clone(),
        text: text.to_owned(),
    };
    let only_built_in = |name: &str| match name {
        BUILT_IN_NAME => Ok(Source::built_in()),
        _ => Err(Error::new(Kind::Usage, format!("There is no profile `{name}`."))),
    };
    layered(source, &only_built_in).map(|layered| layered.profile)
}

/// Reads a profile with all that it extends, and checks it whole; `find` gives the profile of a name.
///
/// # Errors
/// [`Kind::Usage`] with file, line and reason: not TOML, an unknown key, a missing part, a bad selector or address, a
/// circle; those of `find`.
pub fn layered(source: Source, find: &dyn Fn(&str) -> Result<Source>) -> Result<Layered> {
    let mut chain = vec![source];
    let mut tables = Vec::new();
    let mut layers: Vec<Layer> = Vec::new();
    loop {
        let at = chain.len() - 1;
        let (table, layer) = one(&chain[at], at)?;
        let extends = table.word("extends");
        layers.push(layer);
        tables.push(table);
        let Some((name, line)) = extends else { break };
        let own =
            |layer: &Layer| layer.name == name && (name != BUILT_IN_NAME || layer.origin == Origin::BuiltIn);
        if layers.iter().any(own) || chain.len() >= MOST_LAYERS {
            let reason = format!("it extends `{name}`, and so, in a circle, itself");
            return Err(fault(&chain[at].origin, Some(line), &reason));
        }
        chain.push(find(&name)?);
    }
    // Read from the top down, and laid upon one another from the bottom up.
    let bottom = chain.len() - 1;
    let mut table = tables.pop().unwrap_or_default();
    while let Some(top) = tables.pop() {
        table = table.under(top);
    }
    let profile = understood(&table.lines(), &chain)?;
    table.count_from(bottom);
    layers.reverse();
    Ok(Layered {
        profile,
        layers,
        table,
    })
}

/// Reads one file: its table, and what it is.
fn one(source: &Source, at: usize) -> Result<(Table, Layer)> {
    let table = read(&source.text, at).map_err(|(line, reason)| fault(&source.origin, line, &reason))?;
    if let Some((schema, line)) = table.word("schema") {
        refuse_newer(&source.origin, &schema, line)?;
    }
    let layer = Layer {
        origin: source.origin.clone(),
        name: table.word("name").map(|(name, _)| name).unwrap_or_default(),
        learned: table.word("learned").is_some(),
    };
    Ok((table, layer))
}

/// Says that a newer lmskeep wrote a profile, before its keys are called unknown.
fn refuse_newer(origin: &Origin, schema: &str, line: usize) -> Result<()> {
    let version = |schema: &str| {
        schema
            .rsplit_once('/')
            .and_then(|(format, version)| Some((format.to_owned(), version.parse::<u32>().ok()?)))
    };
    match (version(schema), version(SCHEMA)) {
        (Some((format, theirs)), Some((known, ours))) if format == known && theirs > ours => Err(Error::new(
            Kind::Usage,
            format!(
                "{} is of a newer version (`{schema}`, line {line}) than this lmskeep reads (`{SCHEMA}`).",
                upper_first(&origin.in_words())
            ),
        )
        .hint("update lmskeep, or use a profile that was made for this one")),
        _ => Ok(()),
    }
}

/// Makes a profile of its lines; a fault is told where it was written.
fn understood(lines: &[Line], chain: &[Source]) -> Result<Profile> {
    let text = lines
        .iter()
        .map(|line| line.text.as_str())
        .collect::<Vec<_>>()
        .join("\n");
    let place = |offset: usize| {
        lines
            .get(line_of(&text, offset) - 1)
            .and_then(|line| line.from.as_ref())
    };
    let profile: Profile = toml::from_str(&text).map_err(|e| {
        let reason = e.message().trim_end_matches('\n');
        match e.span().and_then(|span| place(span.start)) {
            Some(from) => fault(&chain[from.layer].origin, Some(from.line), reason),
            None => fault(&chain[0].origin, None, reason),
        }
    })?;
    check(&profile).map_err(|f| {
        // Values are written in the file as they are, or with escapes, in which case no line is named rather than a
        // wrong one.
        let found = text.find(&f.culprit).filter(|_| !f.culprit.is_empty());
        match found.and_then(place) {
            Some(from) => fault(
                &chain[from.layer].origin,
                line_holding(&chain[from.layer].text, from.line, &f.culprit),
                &f.reason,
            ),
            None => fault(&chain[0].origin, None, &f.reason),
        }
    })?;
    Ok(profile)
}

/// Finds the line, from one on, that holds a text: an array may go on for lines.
fn line_holding(text: &str, from: usize, culprit: &str) -> Option<usize> {
    let mut lines = text.lines().enumerate().skip(from - 1);
    let found = lines
        .find(|(_, line)| line.contains(culprit))
        .map(|(at, _)| at + 1);
    found.or(Some(from))
}

fn fault(origin: &Origin, line: Option<usize>, reason: &str) -> Error {
    let place = line.map_or(String::new(), |l| format!(", line {l}"));
    let reason = reason.replace('\n', " ");
    Error::new(
        Kind::Usage,
        format!(
            "{} cannot be used{place}: {reason}.",
            upper_first(&origin.in_words())
        ),
    )
    .hint("docs/profiles.md describes every key of a profile")
}

fn upper_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
