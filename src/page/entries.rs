//! From a form and a person's edits to the entries a browser would send ("constructing the entry list").

use std::borrow::Cow;
use std::fmt;

use crate::error::{Error, Kind as Failure, Result};
use crate::page::direction;
use crate::page::form::{Control, Form, Kind};
use crate::page::sanitize::sanitize;

/// What a person changed before sending, by the control's place in [`Form::controls`].
#[derive(Clone, Default)]
pub struct Edits {
    changes: Vec<(usize, Change)>,
}

#[derive(Clone)]
enum Change {
    Value(String),
    Checked(bool),
    Chosen(Vec<usize>),
    File(Upload),
}

/// A file to send.
#[derive(Clone, PartialEq, Eq)]
pub struct Upload {
    /// Its name, without folders.
    pub filename: String,
    /// Its media type, or nothing for `application/octet-stream`.
    pub content_type: String,
    /// What is in it.
    pub content: Vec<u8>,
}

/// One thing a browser would send.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// The control's name.
    pub name: String,
    /// Text or a file.
    pub value: EntryValue,
}

/// What an entry carries.
#[derive(Clone, PartialEq, Eq)]
pub enum EntryValue {
    /// Text, with line ends as the control has them.
    Text(String),
    /// A file; one without name and content where none was chosen.
    File(Upload),
}

impl Entry {
    /// Makes an entry of text.
    pub fn text(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            value: EntryValue::Text(value.into()),
        }
    }
}

impl fmt::Debug for Entry {
    /// Names the entry and keeps its value to itself.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Edits {
    /// Names the edited places only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.changes.iter().map(|(place, _)| place))
            .finish()
    }
}

impl Edits {
    /// Makes edits that change nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Types a value; line ends are LF.
    #[must_use]
    pub fn set(mut self, control: usize, value: impl Into<String>) -> Self {
        self.changes.push((control, Change::Value(value.into())));
        self
    }

    /// Switches a check box on or off, or a radio button on.
    #[must_use]
    pub fn check(mut self, control: usize, on: bool) -> Self {
        self.changes.push((control, Change::Checked(on)));
        self
    }

    /// Chooses options of a list, by their places in [`Control::options`], and no other.
    #[must_use]
    pub fn choose(mut self, control: usize, options: Vec<usize>) -> Self {
        self.changes.push((control, Change::Chosen(options)));
        self
    }

    /// Chooses a file.
    #[must_use]
    pub fn attach(mut self, control: usize, file: Upload) -> Self {
        self.changes.push((control, Change::File(file)));
        self
    }

    /// Tells whether nothing is changed.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }
}

/// A control as it stands after the edits.
#[derive(Clone)]
struct State<'a> {
    value: Cow<'a, str>,
    checked: bool,
    chosen: Option<&'a [usize]>,
    file: Option<&'a Upload>,
}

impl Form {
    /// Gives what a browser would send, in order, when `submitter` is pressed; with none, as a script's `submit()`.
    ///
    /// # Errors
    /// Of kind [`Failure::Page`] when an edit or the button does not fit the form, or when the page asks the browser
    /// to break long lines (`wrap=hard`), which depends on how it is drawn.
    pub fn entries(&self, edits: &Edits, submitter: Option<usize>) -> Result<Vec<Entry>> {
        if let Some(place) = submitter
            && !self
                .controls
                .get(place)
                .is_some_and(|c| c.kind.submits() && !c.disabled)
        {
            return Err(misfit(format!(
                "Control {place} of the form is no button that sends it."
            )));
        }
        let states = self.edited(edits)?;
        let mut entries = Vec::new();
        for (place, (control, state)) in self.controls.iter().zip(&states).enumerate() {
            if control.disabled || (control.kind.is_button() && submitter != Some(place)) {
                continue;
            }
            self.append(&mut entries, control, state)?;
        }
        Ok(entries)
    }

    fn append(&self, entries: &mut Vec<Entry>, control: &Control, state: &State<'_>) -> Result<()> {
        let name = &control.name;
        if control.kind == Kind::Image {
            let prefix = if name.is_empty() {
                String::new()
            } else {
                format!("{name}.")
            };
            entries.push(Entry::text(format!("{prefix}x"), "0"));
            entries.push(Entry::text(format!("{prefix}y"), "0"));
            return Ok(());
        }
        if name.is_empty() {
            return Ok(());
        }
        match control.kind {
            Kind::CheckBox | Kind::Radio if !state.checked => return Ok(()),
            Kind::Select { .. } => {
                for (place, option) in control.options.iter().enumerate() {
                    let chosen = state
                        .chosen
                        .map_or(option.selected, |chosen| chosen.contains(&place));
                    if chosen && !option.disabled {
                        entries.push(Entry::text(name, &*option.value));
                    }
                }
                return Ok(());
            }
            Kind::File => {
                let nothing = || Upload {
                    filename: String::new(),
                    content_type: String::new(),
                    content: Vec::new(),
                };
                let file = state.file.cloned().unwrap_or_else(nothing);
                entries.push(Entry {
                    name: name.clone(),
                    value: EntryValue::File(file),
                });
            }
            Kind::Hidden if name.eq_ignore_ascii_case("_charset_") => {
                entries.push(Entry::text(name, self.encoding.name()));
            }
            Kind::TextArea => {
                check_wrap(control, &state.value)?;
                entries.push(Entry::text(name, &*state.value));
            }
            _ => entries.push(Entry::text(name, &*state.value)),
        }
        if let Some(dirname) = &control.dirname {
            let direction = direction::of_value(control.rules.direction, &state.value);
            // A browser puts the direction behind a text, but before a button.
            let place = entries.len() - usize::from(control.kind == Kind::Submit);
            entries.insert(place, Entry::text(dirname, direction));
        }
        Ok(())
    }

    /// Applies the edits as a browser would: values are sanitised, one radio button of a group is on.
    fn edited<'a>(&'a self, edits: &'a Edits) -> Result<Vec<State<'a>>> {
        let state = |control: &'a Control| State {
            value: Cow::Borrowed(&control.value),
            checked: control.checked,
            chosen: None,
            file: None,
        };
        let mut states: Vec<State<'a>> = self.controls.iter().map(state).collect();
        for (place, change) in &edits.changes {
            let Some(control) = self.controls.get(*place) else {
                return Err(misfit(format!("The form has no control `{place}`.")));
            };
            match (change, control.kind) {
                (Change::Checked(on), Kind::CheckBox) => states[*place].checked = *on,
                (Change::Checked(true), Kind::Radio) => {
                    for (other, state) in self.controls.iter().zip(&mut states) {
                        if other.kind == Kind::Radio && !other.name.is_empty() && other.name == control.name {
                            state.checked = false;
                        }
                    }
                    states[*place].checked = true;
                }
                (Change::Chosen(options), Kind::Select { multiple }) => {
                    let known = options.iter().all(|option| *option < control.options.len());
                    if !known || (!multiple && options.len() > 1) {
                        return Err(misfit(format!("The list `{}` cannot be set so.", control.name)));
                    }
                    states[*place].chosen = Some(options);
                }
                (Change::File(file), Kind::File) => states[*place].file = Some(file),
                (Change::Value(value), kind) if !kind.is_button() && takes_text(kind) => {
                    states[*place].value = Cow::Owned(sanitize(kind, &control.rules, value));
                }
                _ => {
                    return Err(misfit(format!(
                        "The control `{}` cannot be set so.",
                        control.name
                    )));
                }
            }
        }
        Ok(states)
    }
}

fn takes_text(kind: Kind) -> bool {
    !matches!(
        kind,
        Kind::CheckBox | Kind::Radio | Kind::Select { .. } | Kind::File
    )
}

/// Refuses to send a text that a browser would break anew.
fn check_wrap(control: &Control, value: &str) -> Result<()> {
    let Some(columns) = control.rules.wrap else {
        return Ok(());
    };
    let width = |line: &str| line.chars().map(|c| if c == '\t' { 8 } else { 1 }).sum::<usize>();
    if value.lines().all(|line| width(line) <= columns) {
        return Ok(());
    }
    let sentence = format!(
        "The page wants the text of `{}` broken after {columns} columns (`wrap=hard`), which would change it.",
        control.name
    );
    Err(Error::new(Failure::Page, sentence))
}

fn misfit(sentence: String) -> Error {
    Error::new(Failure::Page, sentence)
}
