//! Words that are not understood, told in this program's own style.

use std::error::Error as StdError;
use std::ffi::OsString;

use clap::CommandFactory;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::cli::{Cli, Common, When};
use crate::error::{Error, Kind};
use crate::instance::suggest;

/// Finds the flags that say how output is to look among words that could not be understood as a whole.
pub(super) fn common_in(words: &[OsString]) -> Common {
    let flags: Vec<&str> = words
        .iter()
        .filter_map(|word| word.to_str())
        .take_while(|word| *word != "--")
        .collect();
    let has = |flag: &str| flags.contains(&flag);
    let color = if has("--color=always") || flags.windows(2).any(|pair| pair == ["--color", "always"]) {
        When::Always
    } else if has("--color=never") || flags.windows(2).any(|pair| pair == ["--color", "never"]) {
        When::Never
    } else {
        When::Auto
    };
    Common {
        json: has("--json"),
        quiet: has("--quiet"),
        verbose: 0,
        color,
        yes: false,
        confirm: None,
        home: None,
    }
}

/// Words what clap found wrong: a sentence, what was perhaps meant, and where to read more.
pub(super) fn explain(error: &clap::Error, words: &[OsString]) -> Error {
    let command = command_of(words);
    // Our own readers of values have said it already, with their own hints.
    if let Some(own) = own_error(error) {
        return own;
    }
    let mut told = Error::new(Kind::Usage, sentence(error, &command));
    let suggested = [
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedArg,
        ContextKind::SuggestedValue,
    ];
    // The likeliest comes last, and those before it are often far off.
    let near: Vec<String> = suggested
        .into_iter()
        .filter_map(|kind| texts(error, kind).pop())
        .collect();
    let valid = texts(error, ContextKind::ValidValue);
    if let Some(hint) = suggest(&near) {
        told = told.hint(hint);
    } else if !valid.is_empty() {
        told = told.hint(format!("it takes: {}", valid.join(", ")));
    }
    told.hint(format!("{command} --help"))
}

fn sentence(error: &clap::Error, command: &str) -> String {
    let argument = texts(error, ContextKind::InvalidArg).join("` and `");
    let value = texts(error, ContextKind::InvalidValue).concat();
    match error.kind() {
        ErrorKind::InvalidSubcommand => {
            format!(
                "There is no command `{command} {}`.",
                texts(error, ContextKind::InvalidSubcommand).concat()
            )
        }
        ErrorKind::UnknownArgument if argument.starts_with('-') => {
            format!("`{command}` has no option `{argument}`.")
        }
        // The word itself may be a password typed where none belongs.
        ErrorKind::UnknownArgument => format!("`{command}` was given a word too many."),
        ErrorKind::MissingRequiredArgument => format!("`{command}` needs `{argument}`."),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            format!("`{command}` alone does nothing; a command is missing.")
        }
        ErrorKind::InvalidValue if value.is_empty() => format!("A value is missing after `{argument}`."),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            format!("`{argument}` does not take `{value}`.")
        }
        ErrorKind::ArgumentConflict => {
            let prior = texts(error, ContextKind::PriorArg).join("`, `");
            if prior.is_empty() || prior == argument {
                format!("`{argument}` was given twice.")
            } else {
                format!("`{argument}` and `{prior}` do not go together.")
            }
        }
        ErrorKind::InvalidUtf8 => "A word is not UTF-8 text.".to_owned(),
        _ => format!("The words after `{command}` are not understood."),
    }
}

/// Finds the error of one of our own readers of values below clap's.
fn own_error(error: &clap::Error) -> Option<Error> {
    let own: &Error = error.source()?.downcast_ref()?;
    Some(
        own.hints()
            .iter()
            .fold(Error::new(own.kind(), own.message()), |copy, hint| {
                copy.hint(hint)
            }),
    )
}

/// Finds the command that was understood so far, such as `lmskeep instance add`.
fn command_of(words: &[OsString]) -> String {
    let mut path = vec!["lmskeep".to_owned()];
    let mut command = Cli::command();
    let mut words = words.iter().skip(1).filter_map(|word| word.to_str());
    while let Some(word) = words.next() {
        if ["--home", "--color", "--confirm"].contains(&word) {
            words.next();
        } else if let Some(below) = command.find_subcommand(word).cloned() {
            path.push(word.to_owned());
            command = below;
        } else if !word.starts_with('-') {
            break;
        }
    }
    path.join(" ")
}

fn texts(error: &clap::Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => vec![text.clone()],
        Some(ContextValue::Strings(texts)) => texts.clone(),
        _ => Vec::new(),
    }
}
