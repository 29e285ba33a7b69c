//! How a failure is told: a sentence, its bottom cause, hints; and as JSON.

use serde::Serialize;

use crate::error::{Error, Kind};
use crate::report::text::{Text, Tone};
use crate::report::ui::Ui;

/// The JSON object of a failed run, schema `lmskeep/error/1`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Failure<'a> {
    error: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<String>,
    hints: &'a [String],
    exit_code: u8,
}

impl Ui {
    /// Tells a failure on standard error. Under `--json` the same is on standard output as an object of schema
    /// `lmskeep/error/1`, unless the command has printed its own object before it failed: there is only ever one.
    pub fn fail(&self, error: &Error) {
        if !self.has_answered() {
            let cause = cause_of(error);
            let exit_code = error.kind().exit_code();
            let failure = Failure {
                error: error.message(),
                cause,
                hints: error.hints(),
                exit_code,
            };
            // A struct is an object, so this cannot fail; if it did, the sentence below still says it.
            let _shown = self.json("error", &failure);
        }
        let tone = if error.kind() == Kind::Stopped {
            Tone::Care
        } else {
            Tone::Bad
        };
        self.aside(
            Text::new()
                .toned(tone, "error:")
                .plain(format!(" {}", error.message())),
        );
        if let Some(cause) = cause_of(error) {
            self.aside(
                Text::new()
                    .toned(Tone::Strong, "cause:")
                    .plain(format!(" {cause}")),
            );
        }
        // Also under `--quiet`: a failure without its way out is half a message.
        for hint in error.hints() {
            self.aside(Text::new().toned(Tone::Strong, "hint:").plain(format!(" {hint}")));
        }
    }
}

/// The bottom cause on one line, unless the sentence says it already.
fn cause_of(error: &Error) -> Option<String> {
    let cause = error
        .bottom_cause()?
        .lines()
        .map(str::trim)
        .collect::<Vec<_>>()
        .join(" ");
    (!cause.is_empty() && !error.message().contains(&cause)).then_some(cause)
}
