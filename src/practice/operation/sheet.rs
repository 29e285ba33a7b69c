//! The fields of a page as data: how they are written, read from a form or an object, stored and compared.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::practice::faults::{Effect, Named};
use crate::practice::guard::TOKEN_NAME;
use crate::practice::look::{Look, escape};
use crate::practice::visit::Visit;

/// A value with the label it is chosen by.
pub(super) type Choice = (&'static str, &'static str);

/// How a person enters a value.
#[derive(Debug, Clone, Copy)]
pub(super) enum Control {
    /// A check box that sends this.
    Check(&'static str),
    Text,
    /// A text that is never shown; sent empty it leaves what is stored.
    Password,
    Select(&'static [Choice]),
    Radio(&'static [Choice]),
    /// Check boxes of one name.
    Boxes(&'static [Choice]),
}

/// One field of a page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    /// What the value is called here and in the content.
    pub(super) key: &'static str,
    /// The name in a form.
    pub(super) form: &'static str,
    /// The name in an object of a service.
    pub(super) member: &'static str,
    pub(super) label: &'static str,
    pub(super) control: Control,
}

/// Values by the keys of their fields: none for a check box that is off, several for check boxes of one name.
pub(super) type Values = BTreeMap<String, Vec<String>>;

/// Values that are edited together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) values: Values,
    pub(super) version: u64,
}

impl Record {
    /// Whether a check box is on.
    pub(super) fn is_on(&self, key: &str) -> bool {
        self.values.get(key).is_some_and(|values| !values.is_empty())
    }

    /// The text of a field with one value.
    pub(super) fn text(&self, key: &str) -> &str {
        let first = self.values.get(key).and_then(|values| values.first());
        first.map_or("", String::as_str)
    }

    fn all(&self, key: &str) -> &[String] {
        self.values.get(key).map_or(&[], Vec::as_slice)
    }

    /// The keys in which the two differ, in the order of the sheet.
    pub(super) fn differences(&self, other: &Record, sheet: &[Field]) -> Vec<&'static str> {
        let differ = |field: &&Field| self.all(field.key) != other.all(field.key);
        sheet.iter().filter(differ).map(|field| field.key).collect()
    }

    /// Takes new values as a fault has it; the error is what is then said.
    pub(super) fn store(
        &mut self,
        sheet: &[Field],
        mut sent: Values,
        effect: Option<&Effect>,
    ) -> Result<(), &'static str> {
        match effect {
            Some(Effect::Named(Named::RefuseSave)) => return Err("The changes could not be applied."),
            Some(Effect::Named(Named::IgnoreSave)) => return Ok(()),
            Some(Effect::Named(Named::AlterSave)) => alter(sheet, &mut sent),
            _ => {}
        }
        for field in sheet {
            let Some(values) = sent.remove(field.key) else {
                continue;
            };
            let kept = matches!(field.control, Control::Password) && values.iter().all(String::is_empty);
            if !kept {
                self.values.insert(field.key.to_owned(), values);
            }
        }
        self.version += 1;
        Ok(())
    }
}

/// Changes the last text of a page slightly.
fn alter(sheet: &[Field], sent: &mut Values) {
    let last = sheet.iter().rfind(|field| matches!(field.control, Control::Text));
    if let Some(values) = last.and_then(|field| sent.get_mut(field.key)) {
        *values = vec![format!("{}x", values.concat())];
    }
}

impl Field {
    /// The values of a form, where a browser can have sent them so.
    fn of_form(&self, visit: &Visit) -> Option<Vec<String>> {
        let sent: Vec<&str> = visit
            .fields
            .iter()
            .filter(|(name, _)| name == self.form)
            .map(|(_, value)| value.as_str())
            .collect();
        let one = |choices: &[Choice]| match sent[..] {
            [value] if choices.iter().any(|(known, _)| *known == value) => Some(vec![value.to_owned()]),
            _ => None,
        };
        match self.control {
            Control::Check(on) => match sent[..] {
                [] => Some(Vec::new()),
                [value] if value == on => Some(vec!["true".to_owned()]),
                _ => None,
            },
            Control::Text | Control::Password => match sent[..] {
                [value] if !value.contains(['\r', '\n']) => Some(vec![value.to_owned()]),
                _ => None,
            },
            Control::Select(choices) | Control::Radio(choices) => one(choices),
            Control::Boxes(choices) => in_order(choices, &sent),
        }
    }

    /// The values of an object's member, where the script can have sent them so.
    pub(super) fn of_json(&self, value: &Value) -> Option<Vec<String>> {
        let text = || value.as_str().map(|text| vec![text.to_owned()]);
        match self.control {
            Control::Check(_) => value.as_bool().map(switched),
            Control::Text | Control::Password => text(),
            Control::Select(choices) | Control::Radio(choices) => {
                text().filter(|sent| choices.iter().any(|(known, _)| sent[0] == *known))
            }
            Control::Boxes(choices) => {
                let sent: Vec<&str> = value
                    .as_str()?
                    .split(',')
                    .filter(|part| !part.is_empty())
                    .collect();
                in_order(choices, &sent)
            }
        }
    }

    /// The values as an object's member.
    fn json(&self, values: &[String]) -> Value {
        match self.control {
            Control::Check(_) => json!(!values.is_empty()),
            Control::Password => json!(""),
            Control::Boxes(_) => json!(values.join(",")),
            Control::Text | Control::Select(_) | Control::Radio(_) => json!(values.concat()),
        }
    }

    /// Whether its control is several, each with a label of its own.
    pub(super) fn has_choices(&self) -> bool {
        matches!(self.control, Control::Radio(_) | Control::Boxes(_))
    }

    /// The label of a value that is chosen from several.
    pub(super) fn label_of(&self, value: &str) -> &'static str {
        let (Control::Select(choices) | Control::Radio(choices) | Control::Boxes(choices)) = self.control
        else {
            return "";
        };
        let choice = choices.iter().find(|(known, _)| *known == value);
        choice.map_or("", |(_, label)| label)
    }

    /// The control as HTML, without its label where it has one, with those of its choices.
    pub(super) fn control(&self, look: &Look, record: &Record) -> String {
        let values = record.all(self.key);
        let (name, text) = (self.form, escape(&values.concat()));
        let checked = |on: bool| if on { " checked" } else { "" };
        let chosen = |value: &str| values.iter().any(|chosen| chosen == value);
        match self.control {
            // What sends `on` has no value of its own.
            Control::Check(on) => format!(
                "<input type=\"checkbox\" id=\"{name}\" name=\"{name}\"{value}{checked}>",
                value = match on {
                    "on" => String::new(),
                    on => format!(" value=\"{on}\""),
                },
                checked = checked(!values.is_empty()),
            ),
            Control::Text => {
                format!("<input type=\"text\" id=\"{name}\" name=\"{name}\" value=\"{text}\" size=\"40\">")
            }
            Control::Password => format!(
                "<input type=\"password\" id=\"{name}\" name=\"{name}\" value=\"\" autocomplete=\"new-password\">"
            ),
            Control::Select(choices) => {
                let option = |(value, label): &Choice| {
                    let selected = if chosen(value) { " selected" } else { "" };
                    format!("<option value=\"{value}\"{selected}>{}</option>", look.t(label))
                };
                let options: String = choices.iter().map(option).collect();
                format!("<select id=\"{name}\" name=\"{name}\">{options}</select>")
            }
            Control::Radio(choices) | Control::Boxes(choices) => {
                let kind = match self.control {
                    Control::Radio(_) => "radio",
                    _ => "checkbox",
                };
                let button = |(value, label): &Choice| {
                    format!(
                        "<label><input type=\"{kind}\" name=\"{name}\" value=\"{value}\"{}> {}</label> ",
                        checked(chosen(value)),
                        look.t(label)
                    )
                };
                choices.iter().map(button).collect()
            }
        }
    }
}

/// The values of a check box that is on or off.
pub(super) fn switched(on: bool) -> Vec<String> {
    if on { vec!["true".to_owned()] } else { Vec::new() }
}

/// What was sent of several check boxes, if each is known and they come in the order of the page.
fn in_order(choices: &[Choice], sent: &[&str]) -> Option<Vec<String>> {
    let chosen: Vec<&str> = choices
        .iter()
        .map(|(value, _)| *value)
        .filter(|value| sent.contains(value))
        .collect();
    (chosen == sent).then(|| sent.iter().map(|value| (*value).to_owned()).collect())
}

/// What a form of a sheet sends when a browser submits it.
pub(super) struct Expected<'e> {
    /// Fields with the value they were given.
    pub(super) fixed: &'e [(&'e str, &'e str)],
    /// The field that holds the version.
    pub(super) version: &'e str,
    pub(super) sheet: &'e [Field],
    /// Buttons with their values; the pressed one is sent, no other.
    pub(super) buttons: &'e [(&'e str, &'e str)],
}

/// What a form sent.
pub(super) struct Sent<'e> {
    /// The button that was pressed: its name and its value.
    pub(super) button: (&'e str, &'e str),
    pub(super) version: Option<u64>,
    pub(super) values: Values,
}

impl<'e> Expected<'e> {
    /// What was sent, if it is what a browser sends: every field that counts, no other, one button.
    pub(super) fn read(&self, visit: &Visit) -> Option<Sent<'e>> {
        if visit.multipart {
            return None;
        }
        let fixed = self
            .fixed
            .iter()
            .all(|(name, value)| visit.count(name) == 1 && visit.field(name) == Some(value));
        // Buttons may share a name; then their values tell them apart.
        let is_button = |sent: &str| self.buttons.iter().any(|(name, _)| *name == sent);
        let pressed = visit.fields.iter().filter(|(name, _)| is_button(name)).count();
        let mut buttons = self.buttons.iter();
        let button = buttons.find(|(name, value)| visit.field(name) == Some(value))?;
        let known = visit.fields.iter().all(|(sent, _)| {
            sent == TOKEN_NAME
                || sent == button.0
                || sent == self.version
                || self.fixed.iter().any(|(name, _)| name == sent)
                || self.sheet.iter().any(|field| field.form == sent)
        });
        if !fixed || pressed != 1 || !known || visit.count(self.version) != 1 {
            return None;
        }
        let mut values = Values::new();
        for field in self.sheet {
            values.insert(field.key.to_owned(), field.of_form(visit)?);
        }
        let version = visit.field(self.version).and_then(|sent| sent.parse().ok());
        Some(Sent {
            button: *button,
            version,
            values,
        })
    }
}

/// The members of an object, beside those that nobody changes.
pub(super) fn members(sheet: &[Field], record: &Record) -> Map<String, Value> {
    let member = |field: &Field| (field.member.to_owned(), field.json(record.all(field.key)));
    sheet.iter().map(member).collect()
}

/// The values of an object that came back: `told` with other values of the sheet, and nothing else changed.
pub(super) fn of_members(
    sheet: &[Field],
    told: &Map<String, Value>,
    sent: &Map<String, Value>,
) -> Option<Values> {
    let ours = |name: &str| sheet.iter().any(|field| field.member == name);
    let same = sent.len() == told.len()
        && told
            .iter()
            .all(|(name, value)| sent.get(name).is_some_and(|sent| ours(name) || sent == value));
    if !same {
        return None;
    }
    let mut values = Values::new();
    for field in sheet {
        values.insert(field.key.to_owned(), field.of_json(sent.get(field.member)?)?);
    }
    Some(values)
}
