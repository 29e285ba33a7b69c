//! The sign-in, where it is in the recording, and the page that is shown first once inside.

use std::collections::BTreeSet;

use crate::find::speaks_of;
use crate::learn::Wishes;
use crate::learn::address::within;
use crate::learn::lesson::Lesson;
use crate::learn::saves::{password, sign_ins};
use crate::learn::scene::Scene;
use crate::page::{Control, Form, Kind, Page};

/// Finds the last sign-in at the same server before a request: its place, the page and the form it was made of.
fn sign_in(scene: &Scene<'_>, at: usize) -> Option<(usize, usize, usize)> {
    let origin = scene.all[at].url.origin();
    let mut all = sign_ins(scene).into_iter().rev();
    all.find(|(sent, ..)| *sent < at && scene.all[*sent].url.origin() == origin)
}

/// Finds the page that is shown first once inside: what the sign-in leads to, else the first page of the recording
/// that does not ask for a password.
pub(super) fn start(scene: &Scene<'_>, at: usize) -> Option<usize> {
    let after = sign_in(scene, at).map(|(sent, ..)| scene.shown_after(sent));
    let mut pages: Vec<usize> = scene.before(at).collect();
    pages.reverse();
    let first = after.unwrap_or(0);
    pages.into_iter().filter(|ix| *ix >= first).find(|ix| {
        let exchange = &scene.all[*ix];
        let is_document = exchange
            .request_header("sec-fetch-dest")
            .is_none_or(|dest| dest == "document");
        exchange.method == "GET" && is_document && scene.html(*ix).is_some_and(|page| !asks(&page))
    })
}

fn asks(page: &Page) -> bool {
    let secret = |form: &Form| form.controls.iter().any(|c| c.kind == Kind::Password);
    page.forms.iter().any(secret)
}

/// Teaches the sign-in and the start page.
pub(super) fn teach(scene: &Scene<'_>, at: usize, wishes: &Wishes<'_>, lesson: &mut Lesson) {
    const TABLE: &str = "sign-in";
    if let Some((sent, page, form)) = sign_in(scene, at) {
        let from = scene.label(page);
        lesson.text(TABLE, "page", &within(&scene.clean(page)), &from);
        teach_fields(scene, (sent, page, form), lesson);
        lesson.told.push(("sign-in", scene.label(sent)));
    }
    let Some(start) = start(scene, at) else { return };
    lesson.text(TABLE, "start", &within(&scene.clean(start)), &scene.label(start));
    if let Some(inside) = inside(scene, at, wishes) {
        lesson.text(TABLE, "inside", &inside, &scene.label(start));
    }
}

fn teach_fields(scene: &Scene<'_>, (sent, page, form): (usize, usize, usize), lesson: &mut Lesson) {
    let from = scene.label(sent);
    let pairs = scene.all[sent]
        .sent
        .as_ref()
        .map(|sent| sent.pairs())
        .unwrap_or_default();
    let Some(html) = scene.html(page) else { return };
    let form = &html.forms[form];
    let Some(password) = password(form, &pairs) else {
        return;
    };
    let filled = |c: &&Control| {
        let writable = matches!(c.kind, Kind::Text | Kind::Email | Kind::Tel) && !c.name.is_empty();
        writable
            && pairs
                .iter()
                .any(|(name, value)| *name == c.name && !value.is_empty())
    };
    let before = form.controls.iter().take_while(|c| !std::ptr::eq(*c, password));
    let user = before
        .filter(filled)
        .last()
        .or_else(|| form.controls.iter().find(filled));
    if let Some(user) = user {
        lesson.texts("sign-in", "user", &[&user.name], &from);
    }
    lesson.texts("sign-in", "password", &[&password.name], &from);
    let pressed = pressed(form, &pairs).map(|at| &form.controls[at]);
    if let Some(button) = pressed.filter(|button| !button.name.is_empty()) {
        lesson.texts("sign-in", "button", &[&button.name], &from);
    }
}

/// Finds the button that a form was sent with: its name and value were sent along.
pub(super) fn pressed(form: &Form, pairs: &[(String, String)]) -> Option<usize> {
    let sent = |button: &Control| match button.kind {
        Kind::Image => {
            let place = format!("{}.x", button.name);
            pairs.iter().any(|(name, _)| *name == place)
        }
        _ => {
            !button.name.is_empty()
                && pairs
                    .iter()
                    .any(|(name, value)| *name == button.name && *value == button.value)
        }
    };
    form.submitters().find(|at| sent(&form.controls[*at]))
}

/// Finds a part of a link's address that every page inside shows and no page outside does; only where the recording has
/// pages outside that do not ask for a password, as nothing else tells them apart.
fn inside(scene: &Scene<'_>, at: usize, wishes: &Wishes<'_>) -> Option<String> {
    let (sent, ..) = sign_in(scene, at)?;
    // One page at a time: all together may be larger than the memory.
    let pages = |range: std::ops::Range<usize>| {
        let origin = scene.all[at].url.origin();
        range
            .filter(move |ix| scene.all[*ix].url.origin() == origin)
            .filter_map(|ix| scene.html(ix))
    };
    let pieces = |page: &Page, out_only: bool| -> BTreeSet<String> {
        let links = page.links.iter().filter(|link| {
            !out_only
                || speaks_of(&link.text, &wishes.base.words.never)
                || speaks_of(&link.title, &wishes.base.words.never)
        });
        links
            .flat_map(|link| {
                let clean = scene.secrets.clean(&link.url, None);
                let query: Vec<String> = clean
                    .query()
                    .into_iter()
                    .flat_map(|q| q.split('&'))
                    .map(str::to_owned)
                    .collect();
                let last = clean
                    .path_segments()
                    .and_then(|mut parts| parts.next_back().map(str::to_owned));
                query
                    .into_iter()
                    .chain(last)
                    .filter(|piece| piece.len() > 3)
                    .collect::<Vec<_>>()
            })
            .collect()
    };
    let mut inside = pages(sent + 1..at);
    let mut common = pieces(&*inside.next()?, true);
    let mut others = 0;
    for page in inside {
        let here = pieces(&page, false);
        common.retain(|piece| here.contains(piece));
        others += 1;
    }
    if others == 0 || common.is_empty() {
        return None;
    }
    let mut is_open = false;
    for page in pages(0..sent) {
        is_open |= !asks(&page);
        let here = pieces(&page, false);
        common.retain(|piece| !here.contains(piece));
    }
    common.into_iter().next().filter(|_| is_open)
}
