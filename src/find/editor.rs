//! A document's page, understood: the text that stands there, whose it is, and the request that would put another
//! text in its place. A classic page gives one from a form, a service from JSON; who reads and writes documents knows
//! no difference.

use std::collections::BTreeSet;

use url::Url;

use crate::backup::{Contract, RECORD};
use crate::error::{self, Error, Kind};
use crate::find::address::{bare, slots};
use crate::find::edit::{EditForm, ReadOnly, edit_form};
use crate::find::fields;
use crate::find::file::FilePage;
use crate::find::naming::{Naming, names_document};
use crate::find::record::Record;
use crate::find::records::{records, text_of_records};
use crate::find::roll::{roll_records, text_of_roll};
use crate::find::{Answers, Unclear};
use crate::page::{Control, Edits, Form, Page, Request};
use crate::profile::{Part, ServiceToken, Shape, Words};

/// A document's page with what it takes to write the document.
#[derive(Debug, Clone)]
pub struct Editor(Style);

#[derive(Debug, Clone)]
enum Style {
    Classic(Box<(Page, EditForm)>),
    /// A form that is a document as a whole, and its text.
    Fields(Box<(Page, EditForm)>, String),
    /// A form that takes a file.
    File(Box<FilePage>),
    Service(Box<Record>),
    /// Rows that can only be read.
    Records(Box<Page>, String, ReadOnly),
}

/// Where the guard's token for a writing request has its place.
#[derive(Debug, Clone, Copy)]
pub enum Guarded<'e> {
    /// Among the fields of this form of a page.
    Form(&'e Page, &'e Form),
    /// In a header, by these rules.
    Header(&'e ServiceToken),
    /// Nowhere.
    Not,
}

impl Editor {
    /// Understands the page of a part's item.
    ///
    /// # Errors
    /// It is not what the profile says, or can be read in two ways: the sentence says which.
    pub fn of(page: Page, part: &Part, words: &Words, answers: &Answers) -> Result<Self, Unclear> {
        match &part.service {
            _ if part.shape == Shape::Records => {
                let text = match &part.service {
                    Some(service) => text_of_roll(&roll_records(&page, service)?.rows),
                    None => text_of_records(&records(&page, part, words)?),
                };
                let read_only = ReadOnly::because(RECORD);
                Ok(Self(Style::Records(Box::new(page), text, read_only)))
            }
            Some(service) => Ok(Self(Style::Service(Box::new(Record::of(page, service)?)))),
            None if part.shape == Shape::Files => {
                let page = FilePage::of(page, part, words, answers)?;
                Ok(Self(Style::File(Box::new(page))))
            }
            None => {
                let edit = edit_form(&page, part, words, answers)?;
                let text = edit.form.filter(|_| part.shape == Shape::Fields);
                let text = text.map(|form| fields::text_of(&page.forms[form], edit.text));
                let classic = Box::new((page, edit));
                Ok(Self(match text {
                    Some(text) => Style::Fields(classic, text),
                    None => Style::Classic(classic),
                }))
            }
        }
    }

    /// Where the file is that the page shows; nothing where it shows none, and where the document is no file.
    pub fn shown_file(&self) -> Option<&Url> {
        match &self.0 {
            Style::File(file) => file.shown.as_ref(),
            Style::Service(record) => record.shown_file(),
            Style::Classic(_) | Style::Fields(..) | Style::Records(..) => None,
        }
    }

    /// Takes what the page alone does not tell: the file that it shows, as text, and the document's name, by which another
    /// one is sent; the rows of all pages.
    #[must_use]
    pub fn completed(mut self, name: &str, text: String) -> Self {
        match &mut self.0 {
            Style::File(file) => {
                name.clone_into(&mut file.name);
                file.text = text;
            }
            Style::Service(record) => record.take_file(text),
            Style::Records(_, rows, _) => *rows = text,
            Style::Classic(_) | Style::Fields(..) => {}
        }
        self
    }

    /// The page it was made of.
    pub fn page(&self) -> &Page {
        match &self.0 {
            Style::File(file) => &file.page,
            Style::Records(page, ..) => page,
            Style::Classic(classic) | Style::Fields(classic, _) => &classic.0,
            Style::Service(record) => record.page(),
        }
    }

    /// The text, with LF as line end.
    pub fn text(&self) -> &str {
        match &self.0 {
            Style::Classic(classic) => &classic.1.control(&classic.0).value,
            Style::Fields(_, text) | Style::Records(_, text, _) => text,
            Style::File(file) => &file.text,
            Style::Service(record) => record.text(),
        }
    }

    /// Why no change can be sent from this page.
    pub fn read_only(&self) -> Option<&ReadOnly> {
        match &self.0 {
            Style::Classic(classic) | Style::Fields(classic, _) => classic.1.read_only.as_ref(),
            Style::File(file) => file.edit.read_only.as_ref(),
            Style::Records(_, _, why) => Some(why),
            Style::Service(record) => record.read_only(),
        }
    }

    /// Names of what is sent along with the text.
    pub fn fields(&self) -> BTreeSet<String> {
        match (self.form(), &self.0) {
            (Some((page, edit)), _) => {
                let controls = edit.form.iter().flat_map(|form| &page.forms[*form].controls);
                controls.map(|c| c.name.clone()).collect()
            }
            (None, Style::Service(record)) => record.members().map(str::to_owned).collect(),
            (None, _) => BTreeSet::new(),
        }
    }

    /// What the page of a document is like: its address, how it is sent, its fields and buttons. A page that is like
    /// this no more has changed.
    pub fn contract(&self, name: &str, tokens: &[String]) -> Contract {
        let page = line(&["page", &pattern(&self.page().url, name, tokens)]);
        let lines = match (self.form(), &self.0) {
            (Some((page, edit)), _) => form_lines(page, edit, name, tokens),
            (None, Style::Service(record)) => {
                record.members().map(|member| line(&["member", member])).collect()
            }
            (None, _) => Vec::new(),
        };
        Contract::new(lines.into_iter().chain([page]))
    }

    /// Tells whose page it says it is; `known` and `common` are as [`names_document`] has them.
    pub fn naming(
        &self,
        part: &Part,
        asked: &str,
        known: &BTreeSet<String>,
        common: &BTreeSet<String>,
    ) -> Naming {
        match (self.form(), &self.0) {
            // The only page of its part was known by what is on it.
            _ if part.single.is_some() => Naming::Asked,
            (Some((page, edit)), _) => names_document(page, edit, part, asked, known, common),
            (None, Style::Service(record)) => record.naming(asked),
            (None, _) => Naming::Nobody,
        }
    }

    /// Tells where the guard's token belongs.
    pub fn guarded(&self) -> Guarded<'_> {
        match (self.form(), &self.0) {
            (Some((page, edit)), _) => match edit.form {
                Some(form) => Guarded::Form(page, &page.forms[form]),
                None => Guarded::Not,
            },
            (None, Style::Service(record)) => record.token().map_or(Guarded::Not, Guarded::Header),
            (None, _) => Guarded::Not,
        }
    }

    /// Finds the first letter of a text that cannot be sent from this page: its line, the letter, and the page's charset.
    pub fn lacks(&self, text: &str) -> Option<(usize, char, &'static str)> {
        match &self.0 {
            Style::Classic(classic) | Style::Fields(classic, _) => {
                let form = &classic.0.forms[classic.1.form?];
                let (line, lacking) = form.lacks(text)?;
                Some((line, lacking, form.encoding.name()))
            }
            // JSON carries every letter, a file has none, and records are not sent.
            Style::Service(_) | Style::File(_) | Style::Records(..) => None,
        }
    }

    /// Gives the request that writes another text, with the guard's tokens where they belong.
    ///
    /// # Errors
    /// [`Kind::Page`] where no change can be sent from this page.
    pub fn request(&self, text: &str, tokens: &[(String, String)]) -> error::Result<Request> {
        match &self.0 {
            Style::Classic(classic) | Style::Fields(classic, _) => {
                let (page, edit) = classic.as_ref();
                let (Some(form), Some(_)) = (edit.form, edit.button) else {
                    return Err(Error::new(Kind::Page, "The page has no button that saves."));
                };
                let edits = match &self.0 {
                    Style::Fields(..) => fields::edits(&page.forms[form], edit.text, text)?,
                    _ => Edits::new().set(edit.text, text),
                };
                page.forms[form].request(&edits, edit.button, tokens)
            }
            Style::File(file) => file.request(text, tokens),
            Style::Records(..) => Err(Error::new(
                Kind::Page,
                "Records cannot be written: they only tell what is there.",
            )),
            Style::Service(record) => record.request(text, tokens),
        }
    }

    /// The form of a classic page, and the page.
    fn form(&self) -> Option<(&Page, &EditForm)> {
        match &self.0 {
            Style::Classic(classic) | Style::Fields(classic, _) => Some((&classic.0, &classic.1)),
            Style::File(file) => Some((&file.page, &file.edit)),
            Style::Service(_) | Style::Records(..) => None,
        }
    }
}

/// The lines of a contract that tell a form.
fn form_lines(page: &Page, edit: &EditForm, name: &str, tokens: &[String]) -> Vec<String> {
    let Some(form) = edit.form.map(|at| &page.forms[at]) else {
        return vec!["form none".to_owned()];
    };
    let (method, enctype) = (format!("{:?}", form.method), format!("{:?}", form.enctype));
    let action = pattern(&form.action, name, tokens);
    let sent = line(&[
        "form",
        &method.to_lowercase(),
        &action,
        &enctype.to_lowercase(),
        &form.encoding.name().to_lowercase(),
    ]);
    let control = |(at, control): (usize, &Control)| {
        let kind = format!("{:?}", control.kind).to_lowercase();
        let kind = kind.split(' ').next().unwrap_or_default();
        match (control.kind.submits(), at == edit.text) {
            (true, _) => line(&["button", &control.name, control.label.trim()]),
            (false, true) => line(&["text", kind, &control.name]),
            (false, false) => line(&["field", kind, &control.name]),
        }
    };
    form.controls
        .iter()
        .enumerate()
        .map(control)
        .chain([sent])
        .collect()
}

/// An address without what tells documents apart: their names and numbers, and the values of parameters.
fn pattern(url: &Url, name: &str, tokens: &[String]) -> String {
    let mut path = String::new();
    let mut parameters = BTreeSet::new();
    for (place, text) in slots(&bare(url, tokens)) {
        match place.strip_prefix('?') {
            Some(parameter) => drop(parameters.insert(parameter.to_owned())),
            None if text == name || text.contains(|c: char| c.is_ascii_digit()) => path.push_str("/{}"),
            None => path.extend(["/", text.as_str()]),
        }
    }
    let parameters: Vec<String> = parameters.into_iter().collect();
    line(&[&path, &parameters.join("&")])
}

fn line(words: &[&str]) -> String {
    let words: Vec<&str> = words.iter().filter(|word| !word.is_empty()).copied().collect();
    words.join(" ")
}
