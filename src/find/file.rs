//! An item's page that shows a file and takes another one: the form that owns the field for it, and where the file is
//! that the page shows.
//!
//! Other forms of the page are none of ours: one of them may remove the file. An image that is neither in the form nor
//! carries in its address what tells the item from others may be a decoration: it is asked for, not guessed.

use std::collections::BTreeSet;

use url::Url;

use crate::backup::{Media, file_of_text};
use crate::error::{self, Choice, Error, Kind as Failure, Question};
use crate::find::address::{bare, is_web, shown_path, slots};
use crate::find::edit::{EditForm, ReadOnly, save_button};
use crate::find::{Answers, Unclear};
use crate::page::{Control, Edits, Enctype, Form, Kind, Method, Page, Picture, Request, Upload};
use crate::profile::{Part, Words};

/// Pixels up to which an image is taken for an icon.
const ICON: u32 = 24;
/// Links from which on a text that most of them carry tells no item from another.
const FEW: usize = 3;
/// Letters that no system takes in a file's name.
const RESERVED: &str = "<>:\"/\\|?*";

/// An item's page with the file that it shows.
#[derive(Debug, Clone)]
pub(super) struct FilePage {
    pub(super) page: Page,
    pub(super) edit: EditForm,
    /// Where the file is that the page shows.
    pub(super) shown: Option<Url>,
    /// The item's name.
    pub(super) name: String,
    /// The file as text; empty until it was read, and where there is none.
    pub(super) text: String,
}

impl FilePage {
    /// Understands an item's page.
    pub(super) fn of(page: Page, part: &Part, words: &Words, answers: &Answers) -> Result<Self, Unclear> {
        let edit = file_form(&page, part, words, answers)?;
        let shown = shown_file(&page, &edit, part, answers)?;
        Ok(Self {
            page,
            edit,
            shown,
            name: String::new(),
            text: String::new(),
        })
    }

    /// Gives the request that sends another file.
    pub(super) fn request(&self, text: &str, tokens: &[(String, String)]) -> error::Result<Request> {
        let (Some(form), Some(_)) = (self.edit.form, self.edit.button) else {
            return Err(Error::new(Failure::Page, "The page has no button that saves."));
        };
        let upload = upload(text, &self.name, self.shown.as_ref())?;
        let edits = Edits::new().attach(self.edit.text, upload);
        self.page.forms[form].request(&edits, self.edit.button, tokens)
    }
}

/// Finds the form that takes a file, and the button that saves it.
///
/// # Errors
/// No such field, or several: the sentence says which.
pub(super) fn file_form(
    page: &Page,
    part: &Part,
    words: &Words,
    answers: &Answers,
) -> Result<EditForm, Unclear> {
    let setting = format!("{}.file", part.id);
    let wanted = answers.get(&setting);
    let is_it = |c: &Control| wanted.is_none_or(|name| c.name == *name || c.id == *name);
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (form, owner) in page.forms.iter().enumerate() {
        let takes = owner.controls.iter().enumerate();
        let takes = takes.filter(|(_, c)| c.kind == Kind::File && is_it(c));
        found.extend(takes.map(|(at, _)| (form, at)));
    }
    let (form, file) = match found.as_slice() {
        [only] => *only,
        [] => return Err(Unclear::new("has no field for a file")),
        several => {
            let names: Vec<String> = several
                .iter()
                .map(|(form, at)| page.forms[*form].controls[*at].name.clone())
                .collect();
            let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            let sentence = format!("has several fields for a file: {}", quoted.join(", "));
            let question = Question::new(setting, "FIELD").offering(names.into_iter().map(Choice::of));
            return Err(Unclear::new(sentence).asking(question));
        }
    };
    let owner = &page.forms[form];
    let (button, mut read_only) = match save_button(owner, part, &saving_files(words), answers)? {
        Ok(button) => (Some(button), None),
        Err(why) => (None, Some(why)),
    };
    if let Some(why) = sends_no_file(owner, file, button) {
        read_only = Some(ReadOnly::because(why));
    }
    Ok(EditForm {
        form: Some(form),
        text: file,
        button,
        read_only,
    })
}

/// Says why a browser would send no file with a form.
fn sends_no_file(form: &Form, file: usize, button: Option<usize>) -> Option<&'static str> {
    let control = &form.controls[file];
    let overrides = button.map(|button| &form.controls[button].overrides);
    let enctype = overrides.and_then(|o| o.enctype).unwrap_or(form.enctype);
    let method = overrides.and_then(|o| o.method).unwrap_or(form.method);
    match () {
        () if control.disabled => Some("its field for a file is disabled"),
        () if control.name.is_empty() => {
            Some("its field for a file has no name, so that a browser would not send it")
        }
        () if enctype != Enctype::Multipart || method != Method::Post => {
            Some("its form sends the name of a file only")
        }
        () => None,
    }
}

/// Where a file is saved, a button that uploads saves.
fn saving_files(words: &Words) -> Words {
    let mut words = words.clone();
    words.save.extend(words.upload.iter().cloned());
    words.never.retain(|word| !words.upload.contains(word));
    words
}

/// Finds where the file is that an item's page shows; nothing where it shows none.
///
/// # Errors
/// Several images may be it, or one of which nothing tells that it is: with the question which.
fn shown_file(page: &Page, edit: &EditForm, part: &Part, answers: &Answers) -> Result<Option<Url>, Unclear> {
    let setting = format!("{}.image", part.id);
    let all = candidates(page);
    let distinct = |chosen: &[&Candidate]| {
        let mut urls: Vec<Url> = Vec::new();
        for candidate in chosen {
            if !urls.contains(&candidate.url) {
                urls.push(candidate.url.clone());
            }
        }
        urls
    };
    let ask = |sentence: String, urls: Vec<Url>| {
        let choices = urls.iter().map(|url| Choice::of(shown_path(url)));
        let question = Question::new(setting.clone(), "PART-OF-ADDRESS").offering(choices);
        Err(Unclear::new(sentence).asking(question))
    };
    let several = |urls: Vec<Url>| {
        let paths: Vec<String> = urls.iter().map(|url| format!("`{}`", shown_path(url))).collect();
        let sentence = format!("shows several images that may be its file: {}", paths.join(", "));
        ask(sentence, urls)
    };
    if let Some(answer) = answers.get(&setting) {
        let meant: Vec<&Candidate> = all
            .iter()
            .filter(|candidate| candidate.url.as_str().contains(answer))
            .collect();
        return match distinct(&meant).as_slice() {
            [] => Ok(None),
            [only] => Ok(Some(only.clone())),
            many => several(many.to_vec()),
        };
    }
    let marks = marks(page, edit);
    let form = edit.form;
    let score = |candidate: &Candidate| {
        let carries = slots(&bare(&candidate.url, &[]))
            .into_iter()
            .filter(|(_, text)| marks.contains(text) || marks.contains(stem(text)))
            .count();
        (candidate.form.is_some() && candidate.form == form, carries)
    };
    let scored: Vec<(&Candidate, (bool, usize))> = all.iter().map(|c| (c, score(c))).collect();
    let best = |fits: &dyn Fn((bool, usize)) -> bool| {
        let fitting: Vec<&Candidate> = scored.iter().filter(|(_, s)| fits(*s)).map(|(c, _)| *c).collect();
        distinct(&fitting)
    };
    let most = scored.iter().map(|(_, (_, carries))| *carries).max().unwrap_or(0);
    for fits in [
        &(|(inside, carries): (bool, usize)| inside && carries > 0 && carries == most) as &dyn Fn(_) -> bool,
        &|(_, carries)| carries > 0 && carries == most,
        &|(inside, _)| inside,
    ] {
        match best(fits).as_slice() {
            [] => {}
            [only] => return Ok(Some(only.clone())),
            many => return several(many.to_vec()),
        }
    }
    let others: Vec<&Candidate> = all.iter().filter(|candidate| !candidate.aside).collect();
    match distinct(&others) {
        none if none.is_empty() => Ok(None),
        some => {
            let paths: Vec<String> = some.iter().map(|url| format!("`{}`", shown_path(url))).collect();
            let sentence = format!(
                "shows an image of which nothing tells whether it is its file: {}",
                paths.join(", ")
            );
            ask(sentence, some)
        }
    }
}

/// An image or a link that may be the file.
struct Candidate {
    url: Url,
    form: Option<usize>,
    /// It may only be the file where something tells so.
    aside: bool,
}

/// All that may be the file: images, and links to what is called like one.
fn candidates(page: &Page) -> Vec<Candidate> {
    let own = |url: &Url| is_web(url) && url.origin() == page.url.origin();
    let icon = |image: &Picture| image.pressed || image.side.is_some_and(|side| side <= ICON);
    let images = page.images.iter().filter(|image| own(&image.url));
    let images = images.map(|image| Candidate {
        url: image.url.clone(),
        form: image.form.filter(|_| !icon(image)),
        aside: image.elsewhere || icon(image),
    });
    let named = |url: &Url| {
        let last = url.path_segments().and_then(|mut all| all.next_back());
        last.is_some_and(|last| Media::named(last).is_some())
    };
    let links = page
        .links
        .iter()
        .filter(|link| own(&link.url) && named(&link.url));
    let links = links.map(|link| Candidate {
        url: link.url.clone(),
        form: None,
        aside: true,
    });
    images.chain(links).collect()
}

/// What tells the item from others: what its page's address and the hidden fields of its form say.
fn marks(page: &Page, edit: &EditForm) -> BTreeSet<String> {
    let hidden = edit.form.iter().flat_map(|form| &page.forms[*form].controls);
    let hidden = hidden.filter(|c| c.kind == Kind::Hidden).map(|c| c.value.clone());
    let asked = page.url.query_pairs().map(|(_, value)| value.into_owned());
    let own: Vec<&Url> = page
        .links
        .iter()
        .map(|link| &link.url)
        .filter(|url| url.origin() == page.url.origin())
        .collect();
    // What most links carry, too, is a token or the place in the menu.
    let common = |text: &String| {
        let carries = |url: &&&Url| slots(url).iter().any(|(_, other)| other == text);
        own.len() >= FEW && own.iter().filter(carries).count() * 2 > own.len()
    };
    hidden
        .chain(asked)
        .filter(|text| text.chars().count() > 1 && !common(text))
        .collect()
}

/// A file's name without its ending.
fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// Makes the file that is sent: it keeps the name of the one before where it is of the same sort.
///
/// # Errors
/// [`Failure::Page`] where there is nothing to send.
pub(super) fn upload(text: &str, name: &str, before: Option<&Url>) -> error::Result<Upload> {
    let refused = |sentence: &str| Error::new(Failure::Page, sentence);
    let content = file_of_text(text).ok_or_else(|| refused("The text is that of no file."))?;
    if content.is_empty() {
        return Err(refused("There is no file to send."));
    }
    let media = Media::of(&content);
    let last = before.and_then(|url| url.path_segments()?.next_back());
    let last = last.map(|last| percent_encoding::percent_decode_str(last).decode_utf8_lossy());
    let kept = last.filter(|last| Media::named(last).is_some_and(|known| known == media));
    let filename = match kept {
        Some(kept) => plain(&kept),
        None => {
            let name = plain(name);
            let has_ending = Media::named(&name).is_some_and(|known| known == media);
            match has_ending {
                true => name,
                false => format!("{name}{}", media.ending),
            }
        }
    };
    Ok(Upload {
        filename,
        content_type: media.name.to_owned(),
        content,
    })
}

/// A name that every system takes for a file.
fn plain(name: &str) -> String {
    let letter = |c: char| match c.is_control() || RESERVED.contains(c) {
        true => '-',
        false => c,
    };
    let name: String = name.trim().chars().map(letter).collect();
    match name.is_empty() {
        true => "file".to_owned(),
        false => name,
    }
}
