//! System Configuration on classic pages: what a save does.

use std::time::Duration;

use crate::practice::configuration::{LIST, MENU_ID, NAME};
use crate::practice::faults::{Cache, Effect, Named};
use crate::practice::forms::Form;
use crate::practice::instance::Instance;
use crate::practice::look::{Look, escape, query_value};
use crate::practice::visit::{Answer, Visit};

/// What is said of a save that was taken.
pub(super) const APPLIED: &str = "The changes were applied.";

/// Takes what an edit page's form sent.
pub(super) fn save(instance: &mut Instance, visit: &Visit, look: &Look, effect: Option<&Effect>) -> Answer {
    let sent = visit.field(NAME).unwrap_or("").to_owned();
    let noted = instance
        .sessions
        .of(visit)
        .and_then(|session| session.editing.clone());
    // A server that keeps what is being edited in the session does not ask the form.
    let (name, bound) = match noted.filter(|_| instance.scenario.bound) {
        Some(noted) => (noted, true),
        None => (sent.clone(), false),
    };
    let refused = |why| answer(look, &name, "errorMessage", look.t(why));
    let Some(document) = instance.document(&name) else {
        return refused("This file does not exist.");
    };
    if document.info.read_only {
        return refused("This file can only be viewed.");
    }
    let apply = look.t("Apply Changes");
    let form = Form {
        fixed: &[(NAME, &sent), ("mode", "edit"), ("adminShellMenuId", MENU_ID)],
        free: &["version", "lineWrap", "configurationText"],
        buttons: &[
            ("applyChanges_top", apply),
            ("applyChanges_bottom", apply),
            ("cancel", look.t("Cancel")),
        ],
    };
    let pressed = form
        .pressed(visit)
        .filter(|_| matches!(visit.field("lineWrap"), Some("off" | "soft")));
    let Some(pressed) = pressed else {
        instance.harm.wrong_form += 1;
        return refused("The request was incomplete.");
    };
    if pressed == "cancel" {
        return Answer::redirect(format!("{LIST}?adminShellMenuId={MENU_ID}"));
    }
    if !bound && visit.field("version") != Some(&document.version.to_string()) {
        return refused("The file was changed in the meantime. Open it again.");
    }
    let text = visit.field("configurationText").unwrap_or("").to_owned();
    match store(instance, &name, text, effect) {
        Ok(()) => answer(look, &name, "message", look.t(APPLIED)),
        Err(refusal) => answer(look, &name, "errorMessage", &refusal.text(look)),
    }
}

/// Why a save stores nothing.
pub(super) enum Refusal {
    /// A fault has it so.
    Fault,
    /// It would change this key, which the seal of the integration holds fast.
    Sealed(String),
}

impl Refusal {
    /// What is said of it.
    pub(super) fn text(&self, look: &Look) -> String {
        match self {
            Refusal::Fault => look.t("The changes could not be applied.").to_owned(),
            Refusal::Sealed(key) => look
                .t("The value of {key} cannot be changed.")
                .replace("{key}", key),
        }
    }
}

/// Stores a text as a fault has it; what is then said is that it was applied, or why it was not.
pub(super) fn store(
    instance: &mut Instance,
    name: &str,
    mut text: String,
    effect: Option<&Effect>,
) -> Result<(), Refusal> {
    match effect {
        Some(Effect::Named(Named::RefuseSave)) => return Err(Refusal::Fault),
        Some(Effect::Named(Named::IgnoreSave)) => return Ok(()),
        Some(Effect::Named(Named::AlterSave)) => text.push_str("# altered\n"),
        Some(Effect::Cache(Cache { cache_ms, .. })) => {
            instance.hold_back(name, Duration::from_millis(*cache_ms))
        }
        _ => {}
    }
    instance.save(name, &text).map_err(Refusal::Sealed)
}

fn answer(look: &Look, name: &str, class: &str, text: &str) -> Answer {
    let edit = format!(
        "editConfiguration.do?{NAME}={}&adminShellMenuId={MENU_ID}",
        query_value(name)
    );
    let body = format!(
        "<h1>{title}</h1>\n<h2>{name}</h2>\n<div class=\"{class}\">{text}</div>\n\
         <p><a href=\"{edit}\">{edit_text}</a> <a href=\"{list}\">{list_text}</a></p>",
        title = look.t("System Configuration"),
        name = escape(name),
        text = escape(text),
        edit = look.address(&edit),
        edit_text = look.t("Edit"),
        list = look.address(&format!("listConfigurations.do?adminShellMenuId={MENU_ID}")),
        list_text = look.t("Back to the list"),
    );
    Answer::page(look.page(look.t("System Configuration"), &body))
}
