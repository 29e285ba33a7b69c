//! Finds things on a page by structure: the sign-in form, the menu's entry, the list, the text, the button, the
//! guard's token.
//!
//! Pure: it follows no link. Where two readings are possible it says which ([`Unclear`]) instead of choosing; the
//! operator's pick comes back as an [`Answers`] value.

mod address;
mod body;
mod deed;
mod edit;
mod editor;
mod fields;
#[cfg(test)]
mod fields_tests;
mod file;
#[cfg(test)]
mod file_tests;
mod further;
mod item;
mod list;
mod menu;
mod naming;
mod message;
mod onward;
mod record;
mod record_fields;
mod records;
#[cfg(test)]
mod records_tests;
mod removal;
mod roll;
#[cfg(test)]
mod service_tests;
mod sign_in;
#[cfg(test)]
mod tests;
mod token;
mod words;

use std::collections::BTreeMap;

use crate::error::Question;

pub use address::{bare, shown_path};
pub use edit::{EditForm, ReadOnly, edit_form};
pub use editor::{Editor, Guarded};
pub use further::{Further, further_behind_scripts, further_pages, says_total};
pub use item::{Column, Item};
pub use list::{Candidate, Rules, Shape, candidates, more_items};
pub use menu::{MenuEntry, entries_labelled, menu_entries};
pub use message::message;
pub use naming::{Naming, names_document, settle_by_page};
pub use onward::{follow_scripts, sends_onward, waits_for_scripts};
pub use records::{Records, is_called, records, says_more, text_of_records};
pub use removal::Removal;
pub use roll::{Roll, RollRecord, RollRow, roll, roll_records, text_of_roll};
pub use sign_in::{Fields, SignInForm, asks_for_new_password, says_to_sign_in, sign_in_form};
pub use token::{Token, token_in_page, token_in_script};
pub use words::{same_label, same_name, speaks_of};

/// What the operator answered to questions about pages, by part, or by part and detail
/// (`system-configuration`, `system-configuration.text`).
pub type Answers = BTreeMap<String, String>;

/// A page that can be read in more than one way, or in none; the sentence says which.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unclear {
    /// What is wrong, as a full sentence.
    pub sentence: String,
    /// What to ask the operator, where an answer would help.
    pub question: Option<Question>,
}

impl Unclear {
    fn new(sentence: impl Into<String>) -> Self {
        Self {
            sentence: sentence.into(),
            question: None,
        }
    }

    fn asking(mut self, question: Question) -> Self {
        self.question = Some(question);
        self
    }
}
