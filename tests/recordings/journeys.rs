//! The journey that a person is asked for: (sign in,) open the list through the menu, open one document, save it
//! unchanged. Here a person knows the way; what is learned from it must not.

use serde_json::{Value, json};

use crate::real::wiki::Wiki;
use crate::recordings::recorder::{click, fill, goto, wait};
use crate::rehearsal::Rehearsal;

/// The document that is opened and saved: one that stands on the first page of the list.
pub(crate) const DOCUMENT: &str = "BIZX";

/// What of a journey is played.
#[derive(Clone, Copy, Default)]
pub(crate) struct Part {
    /// The person is signed in before the recording begins.
    pub(crate) inside: bool,
    /// The save is left out.
    pub(crate) unsaved: bool,
    /// The document is saved twice.
    pub(crate) twice: bool,
}

impl Part {
    fn saves(self) -> usize {
        match self {
            Self { unsaved: true, .. } => 0,
            Self { twice: true, .. } => 2,
            _ => 1,
        }
    }
}

/// A journey through the practice LMS.
pub(crate) fn practice(rehearsal: &Rehearsal, part: Part) -> Vec<Value> {
    let stage = rehearsal.practice.stage.trim_end_matches('/');
    let mut steps = Vec::new();
    if part.inside {
        for cookie in rehearsal.cookies("stage", &json!({})).as_array().unwrap() {
            steps.push(
                json!({"cookie": format!("{stage}{}", cookie["path"].as_str().unwrap()),
                "name": cookie["name"], "value": cookie["value"]}),
            );
        }
        steps.push(goto(&format!("{stage}/learning/admin/main.do")));
    } else {
        steps.extend([
            goto(&format!("{stage}/learning/admin/nativelogin.jsp")),
            fill("[name=userName]", &rehearsal.practice.user),
            fill("[name=password]", &rehearsal.practice.password),
            click("[type=submit]"),
        ]);
    }
    for _ in 0..part.saves().max(1) {
        steps.push(click("a[href*=SYSTEM_CONFIGURATION], a[href='#configurations']"));
        steps.push(click(&format!(
            "a[href*='configurationID={DOCUMENT}'], a[href='#configurations/{DOCUMENT}']"
        )));
        match part.unsaved {
            true => steps.push(wait("textarea")),
            false => steps.extend([
                click("[name=applyChanges_bottom], #applyChanges"),
                wait(".message"),
            ]),
        }
    }
    steps
}

/// A journey through a DokuWiki that has a page of that name.
pub(crate) fn wiki(wiki: &Wiki, page: &str, part: Part) -> Vec<Value> {
    let root = wiki.url();
    let mut steps = vec![
        goto(&format!("{root}doku.php?id=start&do=login")),
        fill("input[name=u]", "admin"),
        fill("input[name=p]", "adminpass"),
        click("#dw__login [type=submit]"),
        click("a[href*='do=index'] >> visible=true"),
    ];
    steps.push(click(&format!("#index__tree a[href$='id={page}']")));
    for _ in 0..part.saves().max(1) {
        steps.push(click(".edit a, form.btn_edit button"));
        match part.unsaved {
            true => steps.push(wait("[name='do[save]']")),
            false => steps.push(click("[name='do[save]']")),
        }
    }
    steps
}
