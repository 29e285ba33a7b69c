//! Reads a profile's TOML; what is wrong is said with its line.

use crate::error::{Error, Kind, Result};
use crate::profile::Profile;
use crate::profile::check::check;

/// Text of the built-in profile for SAP SuccessFactors Learning.
pub const BUILT_IN: &str = include_str!("sap-learning.toml");

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

/// Loads the built-in profile.
///
/// # Errors
/// None in a released program: a test loads it.
pub fn built_in() -> Result<Profile> {
    parse(BUILT_IN, &Origin::BuiltIn)
}

/// Reads a profile and checks it whole.
///
/// # Errors
/// [`Kind::Usage`] with line and reason: not TOML, an unknown key, a missing part, a bad selector or address.
pub fn parse(text: &str, origin: &Origin) -> Result<Profile> {
    let profile: Profile = toml::from_str(text).map_err(|e| {
        let line = e.span().map(|span| line_of(text, span.start));
        fault(origin, line, e.message().trim_end_matches('\n'))
    })?;
    check(&profile).map_err(|f| fault(origin, line_holding(text, &f.culprit), &f.reason))?;
    Ok(profile)
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

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|b| *b == b'\n').count() + 1
}

/// Finds the line a faulty value stands on: values are written in the file as they are, or with escapes, in
/// which case no line is named rather than a wrong one.
fn line_holding(text: &str, culprit: &str) -> Option<usize> {
    if culprit.is_empty() {
        return None;
    }
    text.find(culprit).map(|at| line_of(text, at))
}
