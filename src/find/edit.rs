//! An item's page: the form that owns the large text, and the button that saves.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::{Choice, Question};
use crate::find::fields::fields_form;
use crate::find::file::file_form;
use crate::find::words::{same_label, speaks_of};
use crate::find::{Answers, Unclear};
use crate::page::{Control, Form, Kind, Page};
use crate::profile::{Part, Shape, Words};

/// The form of an item's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditForm {
    /// Position in the page's forms; none where the text belongs to no form.
    pub form: Option<usize>,
    /// Position of the text (of a form that is a document as a whole: of its switch; where the document is a file: of the
    /// field that takes one) among the form's controls, or among those that belong to no form.
    pub text: usize,
    /// Position of the button that saves.
    pub button: Option<usize>,
    /// Why no change can be sent from this page.
    pub read_only: Option<ReadOnly>,
}

/// Why no change can be sent from a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadOnly {
    /// The reason, as a clause.
    pub why: String,
    /// What to ask the operator, where an answer would help.
    pub question: Option<Question>,
}

impl ReadOnly {
    pub(super) fn because(why: &str) -> Self {
        Self {
            why: why.to_owned(),
            question: None,
        }
    }
}

impl EditForm {
    /// The text itself.
    pub fn control<'p>(&self, page: &'p Page) -> &'p Control {
        match self.form {
            Some(form) => &page.forms[form].controls[self.text],
            None => &page.loose[self.text],
        }
    }
}

/// Finds the text and the button of an item's page.
///
/// # Errors
/// No large text, several of them, or several different buttons that save: the sentence says which.
pub fn edit_form(page: &Page, part: &Part, words: &Words, answers: &Answers) -> Result<EditForm, Unclear> {
    match part.shape {
        Shape::Fields => return fields_form(page, part, words, answers),
        Shape::Files => return file_form(page, part, words, answers),
        Shape::Forms | Shape::Records => {}
    }
    let (form, text) = large_text(page, part, answers)?;
    let Some(owner) = form.map(|form| &page.forms[form]) else {
        let read_only = Some(ReadOnly::because("its text belongs to no form"));
        return Ok(EditForm {
            form,
            text,
            button: None,
            read_only,
        });
    };
    let control = &owner.controls[text];
    let (button, mut read_only) = match save_button(owner, part, words, answers)? {
        Ok(button) => (Some(button), None),
        Err(why) => (None, Some(why)),
    };
    if control.read_only || control.disabled {
        read_only = Some(ReadOnly::because("its text is read-only"));
    } else if control.name.is_empty() {
        read_only = Some(ReadOnly::because(
            "its text has no name, so that a browser would not send it",
        ));
    }
    Ok(EditForm {
        form,
        text,
        button,
        read_only,
    })
}

fn large_text(page: &Page, part: &Part, answers: &Answers) -> Result<(Option<usize>, usize), Unclear> {
    let wanted = answers
        .get(&format!("{}.text", part.id))
        .or(part.edit.text.as_ref());
    let owned = page
        .forms
        .iter()
        .enumerate()
        .map(|(at, form)| (Some(at), &form.controls));
    let mut found = Vec::new();
    for (form, controls) in owned.chain([(None, &page.loose)]) {
        for (at, control) in controls.iter().enumerate() {
            let is_it = wanted.is_none_or(|name| control.name == *name || control.id == *name);
            if is_it && control.is_large_text() {
                found.push((form, at, label(control)));
            }
        }
    }
    match (found.as_slice(), wanted) {
        ([(form, at, _)], _) => Ok((*form, *at)),
        ([], Some(name)) => Err(Unclear::new(format!("has no large text field called `{name}`"))),
        ([], None) => Err(Unclear::new("has no large text field")),
        (many, _) => {
            let names: Vec<String> = many.iter().map(|(_, _, name)| format!("`{name}`")).collect();
            let (count, names) = (many.len(), names.join(", "));
            let question = Question::new(format!("{}.text", part.id), "FIELD");
            let choices = many.iter().map(|(_, _, name)| Choice::of(name));
            Err(Unclear::new(format!("has {count} large text fields: {names}"))
                .asking(question.offering(choices)))
        }
    }
}

/// What a control is called where it must be told from others.
fn label(control: &Control) -> String {
    let names = [&control.name, &control.id, &control.label];
    names
        .into_iter()
        .find(|name| !name.is_empty())
        .cloned()
        .unwrap_or_default()
}

/// Finds the button that saves; twins count once. The inner error says why there is none.
pub(super) fn save_button(
    form: &Form,
    part: &Part,
    words: &Words,
    answers: &Answers,
) -> Result<Result<usize, ReadOnly>, Unclear> {
    let buttons: Vec<(usize, &Control)> = form
        .controls
        .iter()
        .enumerate()
        .filter(|(_, c)| c.kind.submits())
        .collect();
    let question = Question::new(format!("{}.button", part.id), "BUTTON");
    let wanted = answers
        .get(&format!("{}.button", part.id))
        .or(part.edit.button.as_ref());
    let saving = saving(&buttons, wanted, words);
    let usable: Vec<(usize, &Control)> = saving.iter().filter(|(_, c)| !c.disabled).copied().collect();
    let distinct: BTreeSet<String> = usable.iter().map(|(_, c)| meaning(c)).collect();
    match (usable.first(), distinct.len()) {
        (Some((at, _)), 1) => Ok(Ok(*at)),
        (Some(_), _) => {
            let names = told_apart(&usable);
            let unclear = Unclear::new(format!("has several buttons that save: {}", quoted(&names)));
            Err(unclear.asking(question.offering(names.into_iter().map(Choice::of))))
        }
        (None, _) if !saving.is_empty() => Ok(Err(ReadOnly::because("its button is disabled"))),
        (None, _) => match (scripted(form, words), buttons.is_empty()) {
            (Some(label), _) => Ok(Err(ReadOnly::because(&format!(
                "its button `{label}` runs a script, which only a browser does"
            )))),
            (None, true) => Ok(Err(ReadOnly::because("it has no button that saves"))),
            (None, false) => {
                let names = told_apart(&buttons);
                let why = format!("none of its buttons is known to save ({})", quoted(&names));
                let question = question.offering(names.into_iter().map(Choice::of));
                Ok(Err(ReadOnly {
                    why,
                    question: Some(question),
                }))
            }
        },
    }
}

/// Finds a button that seems to save, but sends nothing by itself.
fn scripted<'a>(form: &'a Form, words: &Words) -> Option<&'a str> {
    let mut scripted = form
        .controls
        .iter()
        .filter(|c| c.kind == Kind::Button && !c.disabled)
        .map(shown);
    scripted.find(|label| same_label(label, &words.save))
}

/// Picks the buttons that save: those called like a word that saves; where there are none, those whose label, name or
/// id speaks of saving.
fn saving<'a>(
    buttons: &[(usize, &'a Control)],
    wanted: Option<&String>,
    words: &Words,
) -> Vec<(usize, &'a Control)> {
    let called = |c: &Control, word: &String| {
        let word = std::slice::from_ref(word);
        c.name == word[0] || c.id == word[0] || same_label(shown(c), word)
    };
    if let Some(word) = wanted {
        return buttons.iter().filter(|(_, c)| called(c, word)).copied().collect();
    }
    let says_so = |c: &Control| same_label(shown(c), &words.save);
    let forbidden = |c: &Control| {
        let named = speaks_of(&c.name, &words.never) || speaks_of(&c.id, &words.never);
        same_label(shown(c), &words.never) || (named && !says_so(c))
    };
    let known: Vec<(usize, &Control)> = buttons
        .iter()
        .filter(|(_, c)| !forbidden(c) && words.save.iter().any(|word| called(c, word)))
        .copied()
        .collect();
    if !known.is_empty() {
        return known;
    }
    let speaks = |c: &Control| {
        [shown(c), &c.name, &c.id]
            .iter()
            .any(|text| speaks_of(text, &words.save))
    };
    let harmless = |c: &Control| !forbidden(c) && !speaks_of(shown(c), &words.never);
    buttons
        .iter()
        .filter(|(_, c)| speaks(c) && harmless(c))
        .copied()
        .collect()
}

/// What a person sees of a button.
fn shown(control: &Control) -> &str {
    let label = control.label.trim();
    if label.is_empty() {
        control.title.trim()
    } else {
        label
    }
}

/// Twins at the top and the bottom of a page have the same label and lead to the same place.
fn meaning(control: &Control) -> String {
    let label = if shown(control).is_empty() {
        &control.name
    } else {
        shown(control)
    };
    let leads = control.overrides.action.as_ref().map_or("", |url| url.as_str());
    format!("{label}\n{leads}")
}

/// Names buttons so that one can be picked: by label, and where that is not enough by name or id.
fn told_apart(buttons: &[(usize, &Control)]) -> Vec<String> {
    let mut by_label: BTreeMap<&str, BTreeMap<String, String>> = BTreeMap::new();
    for (_, control) in buttons {
        by_label
            .entry(shown(control))
            .or_default()
            .insert(meaning(control), label(control));
    }
    let named = by_label.into_iter().flat_map(|(label, twins)| match twins.len() {
        1 if !label.is_empty() => vec![label.to_owned()],
        _ => twins.into_values().collect(),
    });
    named.collect()
}

fn quoted(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}
