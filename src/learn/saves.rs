//! Finds the saves of a recording: writing requests that carry a text which an earlier answer showed.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::Value;

use crate::learn::scene::{Scene, lf, writes};
use crate::learn::tree::{places, word};
use crate::page::{Control, Form, Kind, Method};

/// Earlier answers that are looked at more closely for each save, at most.
const MOST_ANSWERS: usize = 8;

/// A writing request that may be the save.
#[derive(Debug, Clone)]
pub(super) struct Save {
    /// Its place in the recording.
    pub(super) at: usize,
    pub(super) style: Style,
}

/// What was sent, and what it was made of.
#[derive(Debug, Clone)]
pub(super) enum Style {
    /// A form of a page.
    Classic {
        /// The page's place in the recording.
        page: usize,
        /// The form's position.
        form: usize,
    },
    /// A script's call; places of the answers that may be the document, the likeliest first.
    Service { documents: Vec<usize>, body: Body },
}

/// The body of a script's call.
#[derive(Debug, Clone)]
pub(super) enum Body {
    Json(Value),
    Form(Vec<(String, String)>),
}

impl Body {
    /// Gives its texts, each with its place.
    pub(super) fn texts(&self) -> Vec<(String, String)> {
        match self {
            Body::Json(value) => places(value)
                .into_iter()
                .filter_map(|(pointer, value)| Some((pointer, value.as_str()?.to_owned())))
                .collect(),
            Body::Form(pairs) => pairs.clone(),
        }
    }

    /// Gives all words in it, numbers as they are written.
    pub(super) fn words(&self) -> Vec<String> {
        match self {
            Body::Json(value) => places(value)
                .into_iter()
                .filter_map(|(_, value)| word(value))
                .collect(),
            Body::Form(pairs) => pairs.iter().map(|(_, value)| value.clone()).collect(),
        }
    }
}

/// Finds the forms with a password that were sent: sign-ins, with page and form.
pub(super) fn sign_ins(scene: &Scene<'_>) -> Vec<(usize, usize, usize)> {
    let posts = (0..scene.all.len()).filter(|at| writes(&scene.all[*at].method));
    posts
        .filter_map(|at| {
            let pairs = scene.all[at].sent.as_ref()?.pairs();
            let (page, form) = form_of(scene, at, &pairs, &|form| password(form, &pairs).is_some())?;
            Some((at, page, form))
        })
        .collect()
}

/// Finds the only password field of a form, where it was filled in.
pub(super) fn password<'f>(form: &'f Form, pairs: &[(String, String)]) -> Option<&'f Control> {
    let mut fields = form.controls.iter().filter(|c| c.kind == Kind::Password);
    let field = fields.next()?;
    let filled = pairs
        .iter()
        .any(|(name, value)| *name == field.name && !value.is_empty());
    (fields.next().is_none() && filled).then_some(field)
}

/// Finds all saves, in their order.
pub(super) fn saves(scene: &Scene<'_>) -> Vec<Save> {
    let sign_ins: BTreeSet<usize> = sign_ins(scene).into_iter().map(|(at, ..)| at).collect();
    let index = Index::of(scene);
    let writing = (0..scene.all.len()).filter(|at| writes(&scene.all[*at].method) && !sign_ins.contains(at));
    writing
        .filter_map(|at| {
            let sent = scene.all[at].sent.as_ref()?;
            let pairs = sent.pairs();
            let shows_text = |form: &Form| {
                let names: BTreeSet<&str> = pairs.iter().map(|(name, _)| name.as_str()).collect();
                form.controls
                    .iter()
                    .any(|c| c.is_large_text() && names.contains(c.name.as_str()))
            };
            if let Some((page, form)) = form_of(scene, at, &pairs, &shows_text) {
                let style = Style::Classic { page, form };
                return Some(Save { at, style });
            }
            let json = sent
                .text()
                .and_then(|text| serde_json::from_str::<Value>(&text).ok());
            let body = match json.filter(|json| json.is_object() || json.is_array()) {
                Some(json) => Body::Json(json),
                None if pairs.is_empty() => return None,
                None => Body::Form(pairs),
            };
            let documents = index.likely(scene, at, &body);
            let style = Style::Service {
                documents: documents.clone(),
                body,
            };
            (!documents.is_empty()).then_some(Save { at, style })
        })
        .collect()
}

/// Finds the form of an earlier page that a request was made of: sent to the same address, the latest page first; one
/// whose texts are those that were sent comes before others.
fn form_of(
    scene: &Scene<'_>,
    at: usize,
    pairs: &[(String, String)],
    wanted: &dyn Fn(&Form) -> bool,
) -> Option<(usize, usize)> {
    if pairs.is_empty() || scene.all[at].method != "POST" {
        return None;
    }
    let mut other = None;
    let target = &scene.all[at].url;
    for page in scene.before(at).filter(|page| scene.may_lead(*page, target)) {
        let Some(html) = scene.html(page).filter(|html| !html.forms.is_empty()) else {
            continue;
        };
        for (place, form) in html.forms.iter().enumerate() {
            let overrides = form.controls.iter().filter_map(|c| c.overrides.action.as_ref());
            let mut actions = std::iter::once(&form.action).chain(overrides);
            let posts = form.method == Method::Post
                || form
                    .controls
                    .iter()
                    .any(|c| c.overrides.method == Some(Method::Post));
            if !posts || !actions.any(|action| scene.is_at(action, at)) || !wanted(form) {
                continue;
            }
            let unchanged = form
                .controls
                .iter()
                .filter(|c| c.is_large_text() || c.kind == Kind::Hidden)
                .all(|c| {
                    pairs
                        .iter()
                        .filter(|(name, _)| *name == c.name)
                        .all(|(_, value)| lf(value) == lf(&c.value))
                });
            if unchanged {
                return Some((page, place));
            }
            other.get_or_insert((page, place));
        }
    }
    other
}

/// Which answers of JSON show a text.
struct Index(HashMap<u64, Vec<usize>>);

impl Index {
    fn of(scene: &Scene<'_>) -> Self {
        let mut index: HashMap<u64, Vec<usize>> = HashMap::new();
        for at in 0..scene.all.len() {
            if scene.all[at].method != "GET" {
                continue;
            }
            let Some(json) = scene.json(at) else { continue };
            let texts: HashSet<u64> = places(&json)
                .into_iter()
                .filter_map(|(_, value)| value.as_str().map(hashed))
                .collect();
            for text in texts {
                index.entry(text).or_default().push(at);
            }
        }
        Self(index)
    }

    /// Gives the earlier answers that show most of the texts of a body, the latest first among equals.
    fn likely(&self, scene: &Scene<'_>, at: usize, body: &Body) -> Vec<usize> {
        let mut shown: HashMap<usize, usize> = HashMap::new();
        let texts: HashSet<u64> = body.texts().iter().map(|(_, text)| hashed(text)).collect();
        let origin = scene.all[at].url.origin();
        for text in &texts {
            for answer in self.0.get(text).into_iter().flatten() {
                if *answer < at && scene.all[*answer].url.origin() == origin {
                    *shown.entry(*answer).or_default() += 1;
                }
            }
        }
        // What is read where it is saved is a document, whatever of it was changed before the save.
        for answer in scene.before(at) {
            if scene.all[answer].method == "GET" && scene.alike(answer, at) && scene.json(answer).is_some() {
                *shown.entry(answer).or_default() += 1;
            }
        }
        let mut likely: Vec<(usize, usize)> = shown.into_iter().collect();
        likely.sort_by_key(|(answer, count)| std::cmp::Reverse((*count, *answer)));
        likely
            .into_iter()
            .take(MOST_ANSWERS)
            .map(|(answer, _)| answer)
            .collect()
    }
}

fn hashed(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    lf(text).hash(&mut hasher);
    hasher.finish()
}

/// Words with which an answer says that something went wrong, as a value of what it calls its status.
const WRONG: [&str; 5] = ["error", "fail", "denied", "invalid", "exception"];

/// Says why a save did not go well; none where it did, as far as can be told.
pub(super) fn failure(scene: &Scene<'_>, at: usize) -> Option<String> {
    let shown = scene.shown_after(at);
    match scene.all[shown].status {
        0 => return Some("the browser got no answer".to_owned()),
        status if status >= 400 => return Some(format!("it was answered with status {status}")),
        _ => {}
    }
    if let Some(page) = scene.html(shown) {
        let asks = |form: &Form| form.controls.iter().any(|c| c.kind == Kind::Password);
        return page
            .forms
            .iter()
            .any(asks)
            .then(|| "a sign-in page came back".to_owned());
    }
    let json = scene.json(shown)?;
    // OData and others wrap their answers once.
    let outer = json.as_object()?;
    let inner = outer.values().filter_map(Value::as_object).flatten();
    let members: Vec<(&String, &Value)> = outer.iter().chain(inner).collect();
    let says_wrong = |(name, value): (&String, &Value)| {
        let name = name.to_lowercase();
        match value {
            Value::Bool(flag) => matches!(name.as_str(), "success" | "ok") && !flag,
            Value::Number(code) => {
                matches!(name.as_str(), "code" | "status" | "statuscode")
                    && code.as_u64().is_some_and(|code| (400..600).contains(&code))
            }
            Value::String(text) if matches!(name.as_str(), "status" | "state" | "result" | "outcome") => {
                let text = text.to_lowercase();
                WRONG.iter().any(|wrong| text.contains(wrong))
            }
            Value::String(text) => matches!(name.as_str(), "error" | "exception") && !text.is_empty(),
            Value::Array(all) => matches!(name.as_str(), "error" | "errors") && !all.is_empty(),
            Value::Object(all) => matches!(name.as_str(), "error" | "errors" | "fault") && !all.is_empty(),
            _ => false,
        }
    };
    members
        .into_iter()
        .any(says_wrong)
        .then(|| "the answer says that it failed".to_owned())
}
