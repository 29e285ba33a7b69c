//! Learns a profile from a recording of a browser: what the pages of a part are like, from one unchanged save.
//!
//! It knows structure and the standards, no application by name: the save is the writing request that carries a text
//! which an earlier answer showed; everything else is found from there backwards. What can be read in two ways is a
//! question. No token, cookie, password, user, host or text of a document gets into a profile (promise 10): the last
//! step looks for all that are known.

mod address;
mod body;
mod classic;
mod compare;
mod fixed;
mod guard;
mod headers;
mod lesson;
mod path;
mod rehearse;
mod roll;
mod saves;
mod scene;
mod service;
mod sign_in;
#[cfg(test)]
mod tests;
mod token;
mod tree;

use url::Url;

pub use crate::learn::rehearse::{Step, rehearse};

use crate::error::{Choice, Error, Kind, Question, Result};
use crate::find::Answers;
use crate::learn::lesson::Lesson;
use crate::learn::saves::{Save, Style, failure, saves};
use crate::learn::scene::{Scene, writes};
use crate::page::quoted;
use crate::profile::{Part, Profile};
use crate::recording::{Body, Recording};

/// What a person wants to be learned, and has answered.
#[derive(Debug, Clone, Copy)]
pub struct Wishes<'a> {
    /// Name of the profile.
    pub name: &'a str,
    /// Id of the part.
    pub part: &'a str,
    /// The profile that the new one is laid over.
    pub base: &'a Profile,
    /// Answers to questions, by their keys.
    pub answers: &'a Answers,
}

/// A profile that was learned.
#[derive(Debug, Clone)]
pub struct Learned {
    /// Its text.
    pub toml: String,
    /// Scheme, host and port of the server that was recorded.
    pub origin: Url,
    /// What was found, for a person: what it is, and the request that shows it.
    pub found: Vec<(&'static str, String)>,
    /// What a person should know.
    pub notes: Vec<String>,
}

impl<'a> Wishes<'a> {
    /// Adds a question to an error, with the words that answer it.
    fn ask(&self, error: Error, question: Question) -> Error {
        let (name, key, placeholder) = (self.name, &question.setting, question.placeholder);
        let command = format!("lmskeep profile learn HAR --name {name} --answer {key}={placeholder}");
        error.asking_by(command, question)
    }

    /// The part as far as it is known beforehand.
    fn part(&self) -> Part {
        let known = self.base.parts.iter().find(|part| part.id == self.part);
        let mut part = known.or(self.base.parts.first()).cloned().unwrap_or_default();
        part.id = self.part.to_owned();
        part.list = crate::profile::List::default();
        part.edit = crate::profile::Edit::default();
        part.service = None;
        part
    }

    /// Teaches the name of a token, unless it is known beforehand.
    fn teach_token_name(&self, name: &str, from: &str, lesson: &mut Lesson) {
        if !self.base.token.names.iter().any(|known| known == name) {
            lesson.texts("token", "names", &[name], from);
        }
    }

    /// Teaches the address of the script that knows the token, unless it is known beforehand.
    fn teach_script(&self, script: &Url, from: &str, lesson: &mut Lesson) {
        let address = script.as_str().to_lowercase();
        let known = |part: &String| address.contains(&part.to_lowercase());
        if !self.base.token.scripts.iter().any(known) {
            let file = script
                .path()
                .rsplit('/')
                .find(|piece| !piece.is_empty())
                .unwrap_or("/");
            lesson.texts("token", "scripts", &[file], from);
        }
    }
}

/// Learns a profile.
///
/// # Errors
/// [`Kind::Usage`] where something is missing in the recording, with what to click; [`Kind::Page`] where it can be read in
/// two ways, with the question, or is what no profile can say.
pub fn learn(recording: &Recording, wishes: &Wishes<'_>) -> Result<Learned> {
    let mut scene = Scene::of(recording);
    for (at, page, form) in saves::sign_ins(&scene) {
        let pairs = scene.all[at]
            .sent
            .as_ref()
            .map(|sent| sent.pairs())
            .unwrap_or_default();
        let Some(html) = scene.html(page) else { continue };
        // Who signs in, and with what, is no one's business.
        for control in &html.forms[form].controls {
            let typed = !control.kind.submits() && control.value.is_empty();
            let values = pairs.iter().filter(|(name, _)| typed && *name == control.name);
            values.for_each(|(_, value)| scene.secrets.add(value));
        }
    }
    let all = saves(&scene);
    let (failed, went_well): (Vec<&Save>, Vec<&Save>) =
        all.iter().partition(|save| failure(&scene, save.at).is_some());
    let mut lessons: Vec<(&Save, Lesson)> = Vec::new();
    let mut unclear: Vec<&Save> = Vec::new();
    let mut why: Option<Error> = None;
    let meant = wishes.answers.get("save");
    for save in &went_well {
        let number = scene.all[save.at].number.to_string();
        match lesson(&scene, save, wishes) {
            Ok(lesson) => lessons.push((save, lesson)),
            // The one that was picked is not passed over.
            Err(error) if meant == Some(&number) => return Err(error),
            Err(error) => {
                unclear.push(save);
                why = Some(better(why, error));
            }
        }
    }
    if meant.is_none() && !lessons.is_empty() && !unclear.is_empty() {
        return Err(which_save(
            &scene,
            lessons.iter().map(|(save, _)| *save).chain(unclear),
            wishes,
        ));
    }
    if lessons.is_empty() {
        return Err(match why {
            Some(why) if why.question().is_some() || failed.is_empty() => why,
            _ => no_save(&scene, &failed, why),
        });
    }
    let (save, mut chosen) = one_of(&scene, lessons, wishes)?;
    for failed in failed {
        let reason = failure(&scene, failed.at).unwrap_or_default();
        let label = scene.label(failed.at);
        chosen.notes.push(format!(
            "A save went wrong ({label}: {reason}): learned from a later or an earlier one."
        ));
    }
    written(&scene, save, chosen, wishes)
}

/// Asks which of several saves is meant, where not all of them teach something.
fn which_save<'s>(scene: &Scene<'_>, saves: impl Iterator<Item = &'s Save>, wishes: &Wishes<'_>) -> Error {
    let mut all: Vec<usize> = saves.map(|save| save.at).collect();
    all.sort_unstable();
    let choices = all.iter().map(|at| Choice {
        shown: scene.label(*at),
        answer: scene.all[*at].number.to_string(),
    });
    let labels: Vec<String> = all.iter().map(|at| scene.label(*at)).collect();
    let sentence = format!(
        "The recording has {} requests that may be the save: {}.",
        all.len(),
        labels.join("; ")
    );
    let question = Question::new("save", "NUMBER").offering(choices);
    wishes.ask(Error::new(Kind::Page, sentence), question)
}

/// Keeps the error that says most: a question before what is missing, the later save before the earlier.
fn better(known: Option<Error>, new: Error) -> Error {
    match known {
        Some(known) if known.question().is_some() && new.question().is_none() => known,
        _ => new,
    }
}

fn lesson(scene: &Scene<'_>, save: &Save, wishes: &Wishes<'_>) -> Result<Lesson> {
    let mut lesson = match &save.style {
        Style::Classic { page, form } => classic::lesson(scene, save.at, (*page, *form), wishes)?,
        Style::Service { documents, body } => service::lesson(scene, save.at, documents, body, wishes)?,
    };
    sign_in::teach(scene, save.at, wishes, &mut lesson);
    Ok(lesson)
}

/// Chooses what was taught: by the only save, by several that teach the same, or by the one a person picks.
fn one_of<'s>(
    scene: &Scene<'_>,
    lessons: Vec<(&'s Save, Lesson)>,
    wishes: &Wishes<'_>,
) -> Result<(&'s Save, Lesson)> {
    let mut groups: Vec<(&Save, Lesson, usize)> = Vec::new();
    for (save, lesson) in lessons {
        match groups.iter_mut().find(|(_, known, _)| known.teaches_as(&lesson)) {
            Some((kept, known, count)) => {
                (*kept, *known) = (save, lesson);
                *count += 1;
            }
            None => groups.push((save, lesson, 1)),
        }
    }
    let number = |save: &Save| scene.all[save.at].number.to_string();
    if let Some(answer) = wishes.answers.get("save") {
        groups.retain(|(save, ..)| number(save) == *answer);
    }
    if groups.len() > 1 {
        let choices = groups.iter().map(|(save, ..)| Choice {
            shown: scene.label(save.at),
            answer: number(save),
        });
        let question = Question::new("save", "NUMBER").offering(choices);
        let labels: Vec<String> = groups.iter().map(|(save, ..)| scene.label(save.at)).collect();
        let sentence = format!(
            "The recording has {} saves that teach different things: {}.",
            groups.len(),
            labels.join("; ")
        );
        return Err(wishes.ask(Error::new(Kind::Page, sentence), question));
    }
    let Some((save, mut lesson, count)) = groups.pop() else {
        let sentence = "No save has the number that was answered.";
        return Err(
            Error::new(Kind::Usage, sentence).hint("leave out `--answer save=…` to see which there are")
        );
    };
    if count > 1 {
        lesson.notes.push(format!(
            "The recording has {count} saves, and all teach the same."
        ));
    }
    Ok((save, lesson))
}

/// Says that nothing was saved, or nothing well, and what to click.
fn no_save(scene: &Scene<'_>, failed: &[&Save], why: Option<Error>) -> Error {
    if let Some(last) = failed.last() {
        let reason = failure(scene, last.at).unwrap_or_default();
        let label = scene.label(last.at).replacen("request", "Request", 1);
        return Error::new(Kind::Usage, format!("The save went wrong: {label}: {reason}."))
            .hint("record again: open the list, open one file, save it unchanged, and see that the page says it was saved");
    }
    if let Some(why) = why {
        return why;
    }
    let writing: Vec<usize> = (0..scene.all.len())
        .filter(|at| writes(&scene.all[*at].method))
        .collect();
    let unsent = |at: &&usize| match &scene.all[**at].sent {
        Some(sent) => matches!(sent.body, Body::Missing(_)) && sent.pairs().is_empty(),
        None => false,
    };
    let sentence = match writing.len() {
        0 => "The recording shows no save: nothing was sent that could change anything.".to_owned(),
        _ => {
            "The recording shows no save: nothing that was sent carries a text that an earlier answer showed."
                .to_owned()
        }
    };
    let mut error = Error::new(Kind::Usage, sentence)
        .hint("record again, with \"Preserve log\" and \"Disable cache\" ticked: open the list, open one file, press the button that saves once, change nothing");
    if writing.iter().any(|at| unsent(&at)) {
        error = error.hint("what was sent is missing in the recording: export it \"with sensitive data\" where the browser offers that");
    }
    scene.hint_at_missing(error)
}

/// Writes the profile, and makes sure that it holds nothing it must not hold.
fn written(scene: &Scene<'_>, save: &Save, lesson: Lesson, wishes: &Wishes<'_>) -> Result<Learned> {
    let url = &scene.all[save.at].url;
    let day = scene.all[save.at]
        .started
        .map(|moment| format!(" of {}", moment.strftime("%Y-%m-%d")));
    let recorded = format!(
        "lmskeep {}, from a recording{}",
        env!("CARGO_PKG_VERSION"),
        day.unwrap_or_default()
    );
    let mut head = format!(
        "# Learned from a recording of a browser; behind each line stands what it was learned from.\n\
         schema = \"lmskeep/profile/1\"\nname = {}\nabout = \"Learned from a recording of one save\"\nextends = {}\n\
         learned = {}\n",
        quoted(wishes.name),
        quoted(&wishes.base.name),
        quoted(&recorded),
    );
    let mut all = Lesson::default();
    let given = "as it was asked for";
    all.text("part", "id", wishes.part, given);
    if !wishes.base.parts.iter().any(|part| part.id == wishes.part) {
        all.text("part", "path", wishes.part, given);
        all.text("part", "title", wishes.part, given);
        all.text("part", "shape", "forms", given);
    }
    head.push_str(&all.with(&lesson).toml());
    let host = url.host_str().unwrap_or_default();
    // A host of one word may be any word.
    let names_host = host.contains(['.', ':']) && head.contains(host);
    if scene.secrets.stand_in(&head) || names_host {
        return Err(Error::new(
            Kind::Page,
            "What was learned would hold a secret, or the server's name: nothing was written.",
        )
        .hint("please report this: it is a mistake in lmskeep"));
    }
    let mut origin = url.clone();
    // What stands before an `@` would be a password.
    let _none = origin.set_username("").and_then(|()| origin.set_password(None));
    origin.set_path("/");
    origin.set_query(None);
    Ok(Learned {
        toml: head,
        origin,
        found: lesson.told,
        notes: lesson.notes,
    })
}
