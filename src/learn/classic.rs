//! Learns from a save that a form sent: the page with the form, the list it was opened from, the button, the token.

use std::collections::BTreeSet;

use crate::error::{Choice, Error, Kind, Question, Result};
use crate::find::{
    Naming, Rules, candidates, edit_form, names_document, same_label, settle_by_page, shown_path,
};
use crate::learn::Wishes;
use crate::learn::address::within;
use crate::learn::lesson::Lesson;
use crate::learn::path::{Listed, listed};
use crate::learn::scene::{Scene, lf};
use crate::learn::sign_in::pressed;
use crate::learn::token::{Shown, shown};
use crate::page::{Control, Edits, EntryValue, Form, Kind as Sort, Page};
use crate::profile::Part;

/// What one save of a form teaches.
///
/// # Errors
/// Something is missing in the recording, can be read in two ways, or is not what a profile can say.
pub(super) fn lesson(
    scene: &Scene<'_>,
    at: usize,
    (page, form): (usize, usize),
    wishes: &Wishes<'_>,
) -> Result<Lesson> {
    let Some(html) = scene.html(page) else {
        return Err(Error::new(
            Kind::Usage,
            "The page with the form is not in the recording.",
        ));
    };
    let pairs = scene.all[at]
        .sent
        .as_ref()
        .map(|sent| sent.pairs())
        .unwrap_or_default();
    let owner = &html.forms[form];
    let mut lesson = Lesson::default();
    let text = text(scene, page, owner, &pairs, wishes)?;
    let from = scene.label(page);
    lesson.text("part.edit", "text", called(&owner.controls[text]), &from);
    let mut part = wishes.part();
    part.edit.text = Some(called(&owner.controls[text]).to_owned());
    if let Some(button) = button(scene, at, owner, &pairs, wishes)? {
        let word = word_for(owner, button);
        refuse_other_button(scene, at, owner, (button, &word), wishes)?;
        lesson.text("part.edit", "button", &word, &scene.label(at));
        part.edit.button = Some(word);
    }
    teach_rest(scene, at, &html, owner, (text, &pairs), wishes, &mut lesson);
    let mut why = None;
    let mut found = Vec::new();
    for listed in listed(scene, page, wishes)? {
        match named_by(scene, (page, &html, form), &listed, &part, wishes) {
            Ok(field) => found.push((listed, field)),
            Err(error) => drop(why.get_or_insert(error)),
        }
    }
    // What the program finds by itself comes first; then what a field of the form calls by name.
    found.sort_by_key(|(listed, field)| (listed.selected.is_some(), field.is_none()));
    match (found.into_iter().next(), why) {
        (Some((listed, field)), _) => {
            teach_list(scene, &listed, page, &mut lesson);
            if let Some(field) = field {
                lesson.text("part.edit", "named-by", &field, &from);
            }
        }
        (None, Some(why)) => return Err(why),
        (None, None) => {}
    }
    lesson.told.push((
        "document",
        format!("{from}, its text in `{}`", called(&owner.controls[text])),
    ));
    lesson.told.push(("save", scene.label(at)));
    Ok(lesson)
}

/// Refuses a button that would send the form elsewhere than it was sent, or that does what a save never does.
fn refuse_other_button(
    scene: &Scene<'_>,
    at: usize,
    form: &Form,
    (button, word): (usize, &str),
    wishes: &Wishes<'_>,
) -> Result<()> {
    let label = scene.label(at);
    let sent = form
        .request(&Edits::new(), Some(button), &[])
        .is_ok_and(|request| scene.is_at(&request.url, at));
    let control = &form.controls[button];
    let never = &wishes.base.words.never;
    let destroys = [control.label.as_str(), &control.name, &control.id]
        .iter()
        .any(|text| same_label(text, never));
    let saves = same_label(&control.label, &wishes.base.words.save);
    let why = match (sent, destroys && !saves) {
        (false, _) => "would send the form to another address",
        (true, true) => "is called like one that never saves",
        (true, false) => return Ok(()),
    };
    Err(Error::new(
        Kind::Page,
        format!(
            "{label} is taken for a save, but its button `{word}` {why}: a script may have sent the form."
        ),
    ))
}

/// What a control is called where it is named in a profile.
fn called(control: &Control) -> &str {
    match control.name.is_empty() {
        true => &control.id,
        false => &control.name,
    }
}

/// Finds the text among the large fields that were sent: the only one, or the only one that says anything.
fn text(
    scene: &Scene<'_>,
    page: usize,
    form: &Form,
    pairs: &[(String, String)],
    wishes: &Wishes<'_>,
) -> Result<usize> {
    let value = |control: &Control| {
        pairs
            .iter()
            .find(|(name, _)| *name == control.name)
            .map(|(_, value)| value)
    };
    let all: Vec<usize> = (0..form.controls.len())
        .filter(|at| form.controls[*at].is_large_text() && value(&form.controls[*at]).is_some())
        .collect();
    if let Some(answer) = wishes.answers.get("text")
        && let Some(at) = all.iter().find(|at| called(&form.controls[**at]) == answer)
    {
        return Ok(*at);
    }
    let lined =
        |at: &&usize| value(&form.controls[**at]).is_some_and(|value| lf(value).trim_end().contains('\n'));
    let says = |at: &&usize| value(&form.controls[**at]).is_some_and(|value| !value.trim().is_empty());
    let saying: Vec<&usize> = all.iter().filter(says).collect();
    match (all.as_slice(), saying.as_slice()) {
        ([only], _) => Ok(*only),
        // One line beside a field that is empty may be a description, and the file empty.
        (_, [only]) if lined(only) => Ok(**only),
        _ => {
            let names: Vec<&str> = all.iter().map(|at| called(&form.controls[*at])).collect();
            let question =
                Question::new("text", "FIELD").offering(names.iter().map(|name| Choice::of(*name)));
            let sentence = format!(
                "The form of {} has several large texts: `{}`.",
                scene.label(page),
                names.join("`, `")
            );
            Err(wishes.ask(Error::new(Kind::Page, sentence), question))
        }
    }
}

/// Finds the button that was pressed; none where a script has sent the form.
fn button(
    scene: &Scene<'_>,
    at: usize,
    form: &Form,
    pairs: &[(String, String)],
    wishes: &Wishes<'_>,
) -> Result<Option<usize>> {
    if let Some(button) = pressed(form, pairs) {
        return Ok(Some(button));
    }
    let nameless: Vec<usize> = form
        .submitters()
        .filter(|at| form.controls[*at].name.is_empty() && form.controls[*at].kind == Sort::Submit)
        .collect();
    let labels: Vec<String> = nameless.iter().map(|at| word_for(form, *at)).collect();
    let answered = wishes
        .answers
        .get("button")
        .and_then(|answer| labels.iter().position(|label| label == answer));
    let saves = |at: &&usize| same_label(&form.controls[**at].label, &wishes.base.words.save);
    let known: Vec<&usize> = nameless.iter().filter(saves).collect();
    match (answered, nameless.as_slice(), known.as_slice()) {
        (Some(place), ..) => Ok(Some(nameless[place])),
        (None, [only], _) => Ok(Some(*only)),
        (None, [], _) => Err(Error::new(
            Kind::Page,
            format!(
                "A script has sent the form of {}: none of its own buttons was pressed, and a profile cannot say what \
                 the script does.",
                scene.label(at)
            ),
        )),
        (None, _, [only]) => Ok(Some(**only)),
        (None, ..) => {
            let question = Question::new("button", "LABEL").offering(labels.iter().map(Choice::of));
            let sentence = format!(
                "{} does not say which button was pressed: `{}`.",
                scene.label(at),
                labels.join("`, `")
            );
            Err(wishes.ask(Error::new(Kind::Page, sentence), question))
        }
    }
}

/// What tells a button from the others of its form: its name, else its label, else its id.
fn word_for(form: &Form, at: usize) -> String {
    let button = &form.controls[at];
    let label = button.label.trim();
    let meant = |word: &str| {
        let others = form.submitters().filter(|other| *other != at);
        let others: Vec<&Control> = others.map(|other| &form.controls[other]).collect();
        let twin = |other: &&Control| other.name == button.name && other.label == button.label;
        !word.is_empty()
            && others
                .iter()
                .filter(|other| !twin(other))
                .all(|other| other.name != word && other.id != word && other.label.trim() != word)
    };
    let words = [button.name.as_str(), label, button.id.as_str()];
    words
        .into_iter()
        .find(|word| meant(word))
        .unwrap_or(label)
        .to_owned()
}

/// Teaches what was sent beside what the form itself sends: a token that a script or a link has shown. All else is
/// said.
fn teach_rest(
    scene: &Scene<'_>,
    at: usize,
    page: &Page,
    form: &Form,
    (text, pairs): (usize, &[(String, String)]),
    wishes: &Wishes<'_>,
    lesson: &mut Lesson,
) {
    let from = scene.label(at);
    let edits = pairs
        .iter()
        .find(|(name, _)| *name == form.controls[text].name)
        .map_or_else(Edits::new, |(_, value)| Edits::new().set(text, lf(value)));
    let entries = form.entries(&edits, pressed(form, pairs)).unwrap_or_default();
    let mut left: Vec<&(String, String)> = pairs.iter().collect();
    for entry in &entries {
        let value = match &entry.value {
            EntryValue::Text(value) => lf(value),
            EntryValue::File(file) => file.filename.clone(),
        };
        let same = left
            .iter()
            .position(|(name, sent)| *name == entry.name && lf(sent) == value);
        let named = || left.iter().position(|(name, _)| *name == entry.name);
        match same.or_else(named) {
            Some(place) => {
                if same.is_none() {
                    lesson.notes.push(format!(
                        "`{}` was sent with another value than {} shows: a script, or a person, has changed it.",
                        entry.name,
                        shown_path(&page.url)
                    ));
                }
                left.remove(place);
            }
            None => lesson.notes.push(format!(
                "The form has a field `{}` that was not sent.",
                entry.name
            )),
        }
    }
    let in_address: Vec<(String, String)> = {
        let clean = scene.clean(at);
        let url = &scene.all[at].url;
        let pairs = url.query_pairs().into_owned();
        pairs
            .filter(|(name, _)| !clean.query_pairs().any(|(kept, _)| kept == name.as_str()))
            .collect()
    };
    for (name, value) in left.into_iter().chain(&in_address) {
        match shown(scene, at, value, &[]) {
            Some(Shown::Page(ix, known) | Shown::Script(ix, known)) if known == *name => {
                wishes.teach_token_name(name, &scene.label(ix), lesson);
                if scene.html(ix).is_none() {
                    wishes.teach_script(&scene.clean(ix), &scene.label(ix), lesson);
                }
                lesson.told.push(("token", format!("`{name}`, from {}", scene.label(ix))));
            }
            Some(_) if scene.secrets.is(value) => lesson.notes.push(format!(
                "`{name}` of {from} is a token that a form's profile cannot find: neither a field, a link nor a script \
                 shows it under that name."
            )),
            _ => lesson.notes.push(format!(
                "`{name}` of {from} is no field of the form: a script has added it, and it is left out."
            )),
        }
    }
}

fn teach_list(scene: &Scene<'_>, listed: &Listed, page: usize, lesson: &mut Lesson) {
    let from = scene.label(listed.at);
    lesson.text("part", "address", &within(&scene.clean(listed.at)), &from);
    if let Some(selected) = &listed.selected {
        lesson.text("part.list", "links", &selected.css, &from);
        if let Some(parameter) = &selected.parameter {
            lesson.text("part.list", "name-in-query", parameter, &from);
        }
        if let Some(further) = &selected.further {
            lesson.text("part.list", "further", further, &from);
        }
    }
    if let Some(address) = &listed.address {
        lesson.text("part.edit", "address", address, &scene.label(page));
    }
    lesson
        .told
        .push(("list", format!("{from}, {} items", listed.items)));
}

/// Makes sure that the page names the document; gives the hidden field that does, where one does.
fn named_by(
    scene: &Scene<'_>,
    (at, page, form): (usize, &Page, usize),
    listed: &Listed,
    part: &Part,
    wishes: &Wishes<'_>,
) -> Result<Option<String>> {
    let names = names(scene, (at, page), listed, part, wishes);
    let fixed = |control: &&Control| {
        control.kind == Sort::Hidden && !control.name.is_empty() && names.contains(&control.value)
    };
    let mut fields = page.forms[form].controls.iter().filter(fixed);
    if let Some(field) = fields.next() {
        return Ok(Some(field.name.clone()));
    }
    let Ok(edit) = edit_form(page, part, &wishes.base.words, wishes.answers) else {
        return Ok(None);
    };
    let known: BTreeSet<String> = names.iter().cloned().collect();
    let named =
        |name: &String| names_document(page, &edit, part, name, &known, &BTreeSet::new()) == Naming::Asked;
    match names.iter().any(named) {
        true => Ok(None),
        false => Err(Error::new(
            Kind::Page,
            format!(
                "The page of {} does not say whose text it shows, so that no profile can make sure of it.",
                scene.label(at)
            ),
        )),
    }
}

/// What the document may be called, as the list says it.
fn names(
    scene: &Scene<'_>,
    (at, page): (usize, &Page),
    listed: &Listed,
    part: &Part,
    wishes: &Wishes<'_>,
) -> Vec<String> {
    if let Some(name) = &listed.name {
        return vec![name.clone()];
    }
    let Some(list) = scene.html(listed.at) else {
        return Vec::new();
    };
    let rules = Rules {
        words: &wishes.base.words,
        tokens: &wishes.base.token.names,
        link: None,
    };
    for mut candidate in candidates(&list, rules) {
        let ways = scene.ways_to(at);
        let is_it = |url: &url::Url| ways.iter().any(|way| scene.is_at(url, *way));
        let Some(place) = candidate.items.iter().position(|item| is_it(&item.url)) else {
            continue;
        };
        if !candidate.named_by_links
            && let Ok(edit) = edit_form(page, part, &wishes.base.words, wishes.answers)
        {
            let common = std::iter::once(&list.title)
                .chain(&list.headings)
                .cloned()
                .collect();
            settle_by_page(&mut candidate, place, (page, &edit, part), &common);
        }
        return candidate.items[place].names.clone();
    }
    Vec::new()
}
