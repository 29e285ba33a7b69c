//! An item's page: the form that owns the large text, the button that saves, and whose page it says it is.

use std::collections::BTreeSet;

use url::Url;

use crate::find::words::{same_label, speaks_of};
use crate::find::{Answers, Unclear};
use crate::page::{Control, Form, Kind, Page};
use crate::profile::{Part, Words};

/// The form of an item's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditForm {
    /// Position in the page's forms.
    pub form: usize,
    /// Position of the text among the form's controls.
    pub text: usize,
    /// Position of the button that saves.
    pub button: Option<usize>,
    /// Why no change can be sent from this page.
    pub read_only: Option<String>,
}

/// Whose page a page says it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Naming {
    /// The document that was asked for.
    Asked,
    /// Another one.
    Other(String),
    /// None that is known.
    Nobody,
}

/// Finds the text and the button of an item's page.
///
/// # Errors
/// No large text, several of them, or several different buttons that save: the sentence says which.
pub fn edit_form(page: &Page, part: &Part, words: &Words, answers: &Answers) -> Result<EditForm, Unclear> {
    let (form, text) = large_text(page, part, answers)?;
    let owner = &page.forms[form];
    let control = &owner.controls[text];
    let locked = control.read_only || control.disabled;
    let (button, why) = save_button(owner, part, words, answers)?;
    let read_only = if locked {
        Some("its text is read-only".to_owned())
    } else {
        why
    };
    Ok(EditForm {
        form,
        text,
        button,
        read_only,
    })
}

fn large_text(page: &Page, part: &Part, answers: &Answers) -> Result<(usize, usize), Unclear> {
    let wanted = answers
        .get(&format!("{}.text", part.id))
        .or(part.edit.text.as_ref());
    let mut found = Vec::new();
    for (f, form) in page.forms.iter().enumerate() {
        for (c, control) in form.controls.iter().enumerate() {
            let is_it = match wanted {
                Some(name) => control.name == *name || control.id == *name,
                None => true,
            };
            if is_it && control.is_large_text() {
                found.push((f, c));
            }
        }
    }
    match (found.as_slice(), wanted) {
        ([only], _) => Ok(*only),
        ([], Some(name)) => Err(Unclear::new(format!("has no large text field called `{name}`"))),
        ([], None) => Err(Unclear::new("has no large text field")),
        (many, _) => {
            let names: Vec<String> = many
                .iter()
                .map(|(f, c)| format!("`{}`", page.forms[*f].controls[*c].name))
                .collect();
            Err(Unclear::new(format!(
                "has {} large text fields: {}",
                many.len(),
                names.join(", ")
            ))
            .answered_by(format!("{}.text=FIELD", part.id)))
        }
    }
}

/// Finds the button that saves; twins count once. The second half says why there is none.
fn save_button(
    form: &Form,
    part: &Part,
    words: &Words,
    answers: &Answers,
) -> Result<(Option<usize>, Option<String>), Unclear> {
    let buttons: Vec<(usize, &Control)> = form
        .controls
        .iter()
        .enumerate()
        .filter(|(_, c)| c.kind.submits())
        .collect();
    let called = |c: &Control, word: &String| {
        c.name == *word || c.id == *word || same_label(&c.label, std::slice::from_ref(word))
    };
    let wanted = answers
        .get(&format!("{}.button", part.id))
        .or(part.edit.button.as_ref());
    let saving: Vec<&(usize, &Control)> = match wanted {
        Some(word) => buttons.iter().filter(|(_, c)| called(c, word)).collect(),
        None => buttons
            .iter()
            .filter(|(_, c)| !is_forbidden(c, words) && words.save.iter().any(|w| called(c, w)))
            .collect(),
    };
    let usable: Vec<&&(usize, &Control)> = saving.iter().filter(|(_, c)| !c.disabled).collect();
    let distinct: BTreeSet<String> = usable.iter().map(|(_, c)| meaning(c)).collect();
    match (usable.first(), distinct.len()) {
        (Some((at, _)), 1) => Ok((Some(*at), None)),
        (Some(_), _) => {
            let labels: Vec<String> = distinct.iter().map(|l| format!("`{l}`")).collect();
            Err(
                Unclear::new(format!("has several buttons that save: {}", labels.join(", ")))
                    .answered_by(format!("{}.button=BUTTON", part.id)),
            )
        }
        (None, _) if !saving.is_empty() => Ok((None, Some("its button is disabled".to_owned()))),
        (None, _) if buttons.is_empty() => Ok((None, Some("it has no button that saves".to_owned()))),
        (None, _) => {
            let labels: BTreeSet<String> = buttons.iter().map(|(_, c)| format!("`{}`", meaning(c))).collect();
            let labels: Vec<String> = labels.into_iter().collect();
            Ok((
                None,
                Some(format!(
                    "none of its buttons is known to save ({})",
                    labels.join(", ")
                )),
            ))
        }
    }
}

/// Twins at the top and the bottom of a page have the same label and lead to the same place.
fn meaning(control: &Control) -> String {
    if control.label.trim().is_empty() {
        control.name.clone()
    } else {
        control.label.trim().to_owned()
    }
}

fn is_forbidden(control: &Control, words: &Words) -> bool {
    same_label(&control.label, &words.never) || speaks_of(&control.name, &words.never)
}

/// Tells whose page a page says it is, by hidden and read-only fields, then by title and headings, then by the one
/// document's name that stands alone on it.
///
/// `known` are the names of all documents of the part, the one asked for among them; `common` are the list page's
/// own title and headings, which name no document.
pub fn names_document(
    page: &Page,
    edit: &EditForm,
    part: &Part,
    asked: &str,
    known: &BTreeSet<String>,
    common: &BTreeSet<String>,
) -> Naming {
    let form = &page.forms[edit.form];
    if let Some(field) = &part.edit.named_by {
        let named = form
            .controls
            .iter()
            .find(|c| c.name == *field)
            .map(|c| normal(&c.value));
        return match named {
            Some(name) if name == asked => Naming::Asked,
            Some(name) if !name.is_empty() => Naming::Other(name),
            _ => Naming::Nobody,
        };
    }
    let fields: BTreeSet<String> = form
        .controls
        .iter()
        .enumerate()
        .filter(|(at, c)| *at != edit.text && (c.kind == Kind::Hidden || c.read_only || c.disabled))
        .map(|(_, c)| normal(&c.value))
        // A form sent to the page's own address only echoes what was asked for.
        .chain(
            Some(&form.action)
                .filter(|a| **a != page.url)
                .into_iter()
                .flat_map(query_values),
        )
        .filter(|value| known.contains(value))
        .collect();
    let titles: BTreeSet<String> = std::iter::once(&page.title)
        .chain(&page.headings)
        .filter(|text| !common.contains(*text))
        .filter_map(|text| longest_name(text, known))
        .collect();
    judge(asked, &fields, &titles)
}

fn query_values(url: &Url) -> Vec<String> {
    url.query_pairs().map(|(_, value)| normal(&value)).collect()
}

fn judge(asked: &str, fields: &BTreeSet<String>, titles: &BTreeSet<String>) -> Naming {
    let other = |names: &BTreeSet<String>| names.iter().find(|n| *n != asked).cloned();
    for names in [titles, fields] {
        if !names.is_empty() && !names.contains(asked) {
            return other(names).map_or(Naming::Nobody, Naming::Other);
        }
    }
    if fields.contains(asked) || titles.contains(asked) {
        Naming::Asked
    } else {
        Naming::Nobody
    }
}

/// Finds the longest known name that stands in a text as a word of its own.
fn longest_name(text: &str, known: &BTreeSet<String>) -> Option<String> {
    let text = normal(text);
    known
        .iter()
        .filter(|name| stands_in(&text, name))
        .max_by_key(|name| name.len())
        .cloned()
}

fn stands_in(text: &str, name: &str) -> bool {
    let part_of_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    text.match_indices(name).any(|(at, _)| {
        !part_of_word(text[..at].chars().next_back()) && !part_of_word(text[at + name.len()..].chars().next())
    })
}

fn normal(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
