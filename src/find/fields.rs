//! A page whose form is a document as a whole: the check box that switches the item on, and all fields that a person
//! can change, as properties text.
//!
//! A key is the field's own name, so that it is the same in every language; only the switch has a name of ours. Hidden
//! fields, buttons and files are the page's affair, and so is what a person cannot change: none of it is in the text,
//! and all of it is sent as a browser sends it.

use std::collections::BTreeMap;

use crate::error::{self, Choice, Error, Kind as Failure, Question};
use crate::find::edit::{EditForm, save_button};
use crate::find::words::same_label;
use crate::find::{Answers, ReadOnly, Unclear};
use crate::page::{Control, Edits, Form, Kind, Page};
use crate::profile::{OFF, ON, Part, SWITCH, Words};
use crate::properties::{Line, Properties};

/// What stands for a value that a page never shows.
const UNSEEN: &str = "********";

/// Finds the form that holds the part's switch, and the button that saves it.
///
/// # Errors
/// No such check box, or several: the sentence says which.
pub(super) fn fields_form(
    page: &Page,
    part: &Part,
    words: &Words,
    answers: &Answers,
) -> Result<EditForm, Unclear> {
    let setting = format!("{}.switch", part.id);
    let wanted = answers.get(&setting);
    let is_it = |control: &Control| match wanted {
        Some(name) => control.name == *name || control.id == *name,
        None => labels(control).any(|label| same_label(label, &part.switch)),
    };
    let found: Vec<(usize, usize)> = page
        .forms
        .iter()
        .enumerate()
        .flat_map(|(form, owner)| {
            let boxes = owner.controls.iter().enumerate();
            boxes
                .filter(|(_, c)| c.kind == Kind::CheckBox && is_it(c))
                .map(move |(at, _)| (form, at))
        })
        .collect();
    let (form, switch) = match found.as_slice() {
        [only] => *only,
        [] => {
            let asked = wanted.map_or_else(|| first(&part.switch), |name| format!("`{name}`"));
            return Err(Unclear::new(format!("has no check box {asked}")));
        }
        several => {
            let names = several
                .iter()
                .map(|(form, at)| page.forms[*form].controls[*at].name.clone());
            let names: Vec<String> = names.collect();
            let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            let sentence = format!(
                "has several check boxes {}: {}",
                first(&part.switch),
                quoted.join(", ")
            );
            let question = Question::new(setting, "FIELD").offering(names.into_iter().map(Choice::of));
            return Err(Unclear::new(sentence).asking(question));
        }
    };
    let owner = &page.forms[form];
    let (button, mut read_only) = match save_button(owner, part, words, answers)? {
        Ok(button) => (Some(button), None),
        Err(why) => (None, Some(why)),
    };
    let control = &owner.controls[switch];
    if control.disabled || control.name.is_empty() {
        read_only = Some(ReadOnly::because("its switch cannot be changed"));
    }
    Ok(EditForm {
        form: Some(form),
        text: switch,
        button,
        read_only,
    })
}

/// What a person reads beside a control: its label, else what stands right behind or before it.
fn labels(control: &Control) -> impl Iterator<Item = &str> {
    let own = !control.label.is_empty();
    let around = [control.after.as_str(), control.before.as_str()];
    let around = around.into_iter().filter(move |_| !own);
    [control.label.as_str(), control.title.as_str()]
        .into_iter()
        .chain(around)
}

fn first(labels: &[String]) -> String {
    labels
        .first()
        .map_or_else(String::new, |label| format!("`{label}`"))
}

/// A field of the form, by the key that it has in the text.
struct Field<'f> {
    key: String,
    value: String,
    part: Piece<'f>,
}

/// What of a form a key stands for.
enum Piece<'f> {
    /// A control that takes text.
    Text(usize),
    /// A check box.
    Box(usize),
    /// Radio buttons of one name.
    Group(Vec<(usize, &'f str)>),
    /// A list of which one option is chosen.
    One(usize),
    /// An option of a list of which several may be.
    Option(usize, usize),
}

/// Writes the form's fields as properties text, the switch first.
pub(super) fn text_of(form: &Form, switch: usize) -> String {
    let fields = fields(form, switch);
    let lines = fields
        .iter()
        .map(|field| Line::new(&field.key.as_str().into(), &field.value.as_str().into()));
    Properties::from_lines(lines).to_string()
}

/// Gives the edits that make the form's fields those of another text.
///
/// # Errors
/// [`Failure::Page`] where the text has a field that the form lacks, or a value that a field cannot have.
pub(super) fn edits(form: &Form, switch: usize, text: &str) -> error::Result<Edits> {
    let refused = |sentence: String| Error::new(Failure::Page, sentence);
    let text =
        Properties::parse(text).map_err(|_| refused("The text of the fields cannot be read.".to_owned()))?;
    let mut wanted: BTreeMap<(String, usize), String> = text
        .occurrences()
        .map(|o| {
            (
                (o.entry.key.to_string_lossy(), o.nth),
                o.entry.value.to_string_lossy(),
            )
        })
        .collect();
    let mut edits = Edits::new();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut chosen: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut touched: Vec<usize> = Vec::new();
    for field in fields(form, switch) {
        let nth = counts.entry(field.key.clone()).or_default();
        *nth += 1;
        let value = wanted
            .remove(&(field.key.clone(), *nth))
            .unwrap_or_else(|| field.value.clone());
        let changed = value != field.value;
        let unknown = || {
            refused(format!(
                "Its field `{}` has no choice `{value}` any more.",
                field.key
            ))
        };
        let on = || match value.as_str() {
            ON => Ok(true),
            OFF => Ok(false),
            _ => Err(refused(format!(
                "`{}` is `{ON}` or `{OFF}`, and not `{value}`.",
                field.key
            ))),
        };
        match &field.part {
            Piece::Option(list, option) => {
                touched.extend(changed.then_some(*list));
                if on()? {
                    chosen.entry(*list).or_default().push(*option);
                }
            }
            _ if !changed => {}
            Piece::Text(at) => edits = edits.set(*at, value),
            Piece::Box(at) => edits = edits.check(*at, on()?),
            Piece::Group(buttons) => {
                let button = buttons.iter().find(|(_, known)| *known == value);
                edits = edits.check(button.ok_or_else(unknown)?.0, true);
            }
            Piece::One(at) => {
                let mut options = form.controls[*at].options.iter();
                let option = options.position(|o| o.value == value && !o.disabled);
                edits = edits.choose(*at, vec![option.ok_or_else(unknown)?]);
            }
        }
    }
    for list in touched {
        edits = edits.choose(list, chosen.remove(&list).unwrap_or_default());
    }
    match wanted.into_keys().next() {
        Some((key, _)) => Err(refused(format!("Its page has no field `{key}`."))),
        None => Ok(edits),
    }
}

/// The fields that a person can change, the switch first, then in the page's order.
fn fields(form: &Form, switch: usize) -> Vec<Field<'_>> {
    let usable = |c: &Control| {
        !(c.kind.is_button()
            || matches!(c.kind, Kind::Hidden | Kind::File)
            || c.name.is_empty()
            || c.disabled
            || c.read_only)
    };
    let mut found: Vec<Field<'_>> = vec![Field {
        key: SWITCH.to_owned(),
        value: flag(form.controls[switch].checked),
        part: Piece::Box(switch),
    }];
    for (at, control) in form.controls.iter().enumerate() {
        if at == switch || !usable(control) {
            continue;
        }
        let name = key(&control.name);
        let alike = |c: &Control| c.kind == Kind::CheckBox && c.name == control.name && !c.disabled;
        match control.kind {
            Kind::CheckBox if form.controls.iter().filter(|c| alike(c)).count() > 1 => found.push(Field {
                key: format!("{name}[{}]", control.value),
                value: flag(control.checked),
                part: Piece::Box(at),
            }),
            Kind::CheckBox => found.push(Field {
                key: name,
                value: flag(control.checked),
                part: Piece::Box(at),
            }),
            Kind::Radio => {
                let group = |c: &&(usize, &Control)| c.1.kind == Kind::Radio && c.1.name == control.name;
                let all: Vec<(usize, &Control)> = form.controls.iter().enumerate().collect();
                let first = all.iter().find(group).map(|(first, _)| *first);
                if first != Some(at)
                    && all
                        .iter()
                        .filter(group)
                        .any(|(other, c)| *other < at && usable(c))
                {
                    continue;
                }
                let buttons = all.iter().filter(group).filter(|(_, c)| usable(c));
                let on = all.iter().filter(group).find(|(_, c)| c.checked);
                found.push(Field {
                    key: name,
                    value: on.map_or_else(String::new, |(_, c)| c.value.clone()),
                    part: Piece::Group(buttons.map(|(at, c)| (*at, c.value.as_str())).collect()),
                });
            }
            Kind::Select { multiple: false } => {
                let chosen = control.options.iter().find(|option| option.selected);
                found.push(Field {
                    key: name,
                    value: chosen.map_or_else(String::new, |option| option.value.clone()),
                    part: Piece::One(at),
                });
            }
            Kind::Select { multiple: true } => {
                let option = |(place, option): (usize, &crate::page::Choice)| Field {
                    key: format!("{name}[{}]", option.value),
                    value: flag(option.selected),
                    part: Piece::Option(at, place),
                };
                found.extend(control.options.iter().enumerate().map(option));
            }
            Kind::Password => found.push(Field {
                key: name,
                value: UNSEEN.to_owned(),
                part: Piece::Text(at),
            }),
            _ => found.push(Field {
                key: name,
                value: control.value.clone(),
                part: Piece::Text(at),
            }),
        }
    }
    found
}

/// A field's key: its name, but where that is the switch's.
fn key(name: &str) -> String {
    match name {
        SWITCH => format!("{name}[]"),
        name => name.to_owned(),
    }
}

fn flag(on: bool) -> String {
    if on { ON } else { OFF }.to_owned()
}
