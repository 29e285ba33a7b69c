//! The shell and System Configuration as scripts over JSON, as newer pages of the product are.

use axum::http::{HeaderName, StatusCode};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use crate::practice::faults::{Effect, Named};
use crate::practice::instance::{Document, Instance};
use crate::practice::login;
use crate::practice::look::Look;
use crate::practice::operation::{Call, PARTS, part};
use crate::practice::saving;
use crate::practice::scenario::TokenPlace;
use crate::practice::session::{Session, Who};
use crate::practice::shell;
use crate::practice::sign_on::consumer;
use crate::practice::visit::{Answer, Visit};

/// Below this path all answers are JSON.
pub(super) const ROOT: &str = "/learning/admin/service/";
/// The script that makes pages of them.
pub(super) const SCRIPT: &str = "/learning/admin/app/app.js";

const APP: &[&str] = &[
    include_str!("../../fixtures/practice/service/app.js"),
    include_str!("../../fixtures/practice/service/jobs.js"),
    include_str!("../../fixtures/practice/service/more.js"),
];
const LIST: &str = "configurations";
const TEXT: &str = "configurationText";
const ROWS: usize = 20;

/// The header in which the session's token is told beside the answer.
const TOKEN_HEADER: HeaderName = HeaderName::from_static("x-csrf-token");

/// Labels that the script shows.
const LABELS: &[&str] = &[
    "Apply Changes",
    "Back to the list",
    "Edit System Configuration",
    "Global Application Settings",
    "Automatic Processes",
    "Connectors",
    "Admin Management",
    "Images",
    "Manage Unsent Emails",
    "Next",
    "Nothing is shown here.",
    "Report Jobs",
    "Security",
    "System Configuration",
];

/// The script itself.
pub(super) fn script() -> Answer {
    Answer::typed("text/javascript;charset=UTF-8", APP.concat())
}

/// The shell: nothing is in it but the place where the script shows what it reads.
pub(super) fn main(look: &Look) -> Answer {
    let body = format!(
        "<div class=\"banner\"><a href=\"{home}\">{home_text}</a> \
         <a id=\"signOut\" href=\"{out}\">{out_text}</a></div>\n\
         <div id=\"menu\"></div>\n<div id=\"content\"></div>\n\
         <noscript>{noscript}</noscript>\n<script src=\"{SCRIPT}\"></script>",
        home = look.address(shell::MAIN),
        home_text = look.t("Home"),
        out = look.address(login::SIGN_OUT),
        out_text = look.t("Sign Out"),
        noscript = look.t("Your browser must run scripts."),
    );
    Answer::page(look.page(look.t("Learning Administration"), &body))
}

/// Answers a call of the script.
pub(super) fn answer(instance: &mut Instance, visit: &Visit, effect: Option<&Effect>) -> Answer {
    let session = instance.sessions.of(visit).cloned();
    let Some((session, name)) = session.and_then(|session| match session.who.clone() {
        Who::Admin(name) => Some((session, name)),
        Who::Nobody | Who::ChangingPassword(_) => None,
    }) else {
        // What reads gets the login page, with status 200, as from any page of the LMS, or is led to the sign-on.
        return match visit.writes() {
            false => consumer::outside(instance, visit),
            true => error(StatusCode::UNAUTHORIZED, "Your session has ended."),
        };
    };
    if !session.shell {
        return Answer::redirect(shell::MAIN);
    }
    let look = Look::new(instance.scenario, &session.token);
    if visit.writes() && visit.token_header() != Some(&session.token) {
        instance.harm.wrong_token += 1;
        return error(
            StatusCode::FORBIDDEN,
            look.t("The request could not be verified."),
        );
    }
    let configures = instance.admin_mut(&name).is_some_and(|admin| admin.configures);
    let path = visit.path.strip_prefix(ROOT).unwrap_or_default();
    let (part, file) = path
        .split_once('/')
        .map_or((path, None), |(part, file)| (part, Some(file)));
    match (visit.method.as_str(), part, file) {
        ("GET", "session", None) => about(&look, &session, &name, instance.scenario.token),
        ("GET", "menu", None) => {
            json_answer(&json!({ "items": shell::menu_items(&look, &shell::Sees::of(instance, configures)) }))
        }
        (_, LIST, _) if !configures || instance.scenario.denied => error(
            StatusCode::FORBIDDEN,
            look.t("You do not have permission to view this page."),
        ),
        ("GET", LIST, None) => list(instance, visit, effect),
        ("GET", LIST, Some(file)) => get(instance, &decoded(file), &look, effect),
        ("PUT", LIST, Some(file)) => put(instance, visit, &decoded(file), &look, effect),
        _ => {
            let call = Call {
                visit,
                look: &look,
                effect,
            };
            part::serve(instance, &call)
                .unwrap_or_else(|| error(StatusCode::NOT_FOUND, look.t("Page not found")))
        }
    }
}

fn about(look: &Look, session: &Session, name: &str, place: TokenPlace) -> Answer {
    let of_parts = PARTS
        .iter()
        .flat_map(|part| part.labels)
        .map(|(english, _)| english);
    let labels: serde_json::Map<String, Value> = LABELS
        .iter()
        .chain(of_parts)
        .map(|label| ((*label).to_owned(), json!(look.t(label))))
        .collect();
    let mut about = json!({ "user": name, "language": look.language(), "labels": labels });
    // Elsewhere it stands in links, or in the guard's own script.
    if place != TokenPlace::Field {
        return json_answer(&about);
    }
    about["csrfToken"] = json!(session.token);
    let mut answer = json_answer(&about);
    answer.headers.push((TOKEN_HEADER, session.token.clone()));
    answer
}

fn list(instance: &Instance, visit: &Visit, effect: Option<&Effect>) -> Answer {
    let page = visit
        .query("page")
        .and_then(|p| p.parse().ok())
        .unwrap_or(1usize)
        .max(1);
    let total = instance.documents.len();
    let mut items: Vec<Value> = instance
        .documents
        .iter()
        .skip((page - 1) * ROWS)
        .take(ROWS)
        .map(|document| {
            json!({
                "configurationID": document.info.name,
                "description": document.info.description,
                "lastChanged": document.info.changed,
                "readOnly": document.info.read_only,
            })
        })
        .collect();
    if effect == Some(&Effect::Named(Named::ShortList)) {
        items.pop();
    }
    let next = (page * ROWS < total).then(|| format!("{LIST}?page={}", page + 1));
    json_answer(&json!({ "total": total, "page": page, "items": items, "next": next }))
}

/// A file as it is read, and as it must come back but for its text.
fn record(document: &Document, shown: &str) -> Value {
    json!({
        "configurationID": document.info.name,
        "description": document.info.description,
        "lastChanged": document.info.changed,
        "readOnly": document.info.read_only,
        "version": document.version,
        "editor": { "lineWrap": "off", "tabSize": 4, "folded": [null, true, 0.5] },
        TEXT: shown.replace('\n', "\r\n"),
    })
}

fn get(instance: &Instance, name: &str, look: &Look, effect: Option<&Effect>) -> Answer {
    let place = instance.documents.iter().position(|d| d.info.name == name);
    let Some(place) = place else {
        return error(StatusCode::NOT_FOUND, look.t("This file does not exist."));
    };
    let other = (place + 1) % instance.documents.len();
    let wrong = effect == Some(&Effect::Named(Named::WrongDocument));
    let document = &instance.documents[if wrong { other } else { place }];
    let mut record = record(document, &instance.shown(document));
    match effect {
        Some(Effect::Named(Named::FieldMissing)) => {
            record.as_object_mut().map(|members| members.remove("version"));
        }
        Some(Effect::Named(Named::TwoTextareas)) => {
            let members = record.to_string();
            return json_text(format!("{{\"{TEXT}\":\"\",{}", &members[1..]));
        }
        _ => {}
    }
    json_answer(&record)
}

fn put(instance: &mut Instance, visit: &Visit, name: &str, look: &Look, effect: Option<&Effect>) -> Answer {
    let Some(document) = instance.document(name) else {
        return error(StatusCode::NOT_FOUND, look.t("This file does not exist."));
    };
    if document.info.read_only {
        return error(StatusCode::FORBIDDEN, look.t("This file can only be viewed."));
    }
    let sent = visit.json.clone().unwrap_or_default();
    let (Some(text), Some(version)) = (sent[TEXT].as_str(), sent["version"].as_u64()) else {
        instance.harm.wrong_form += 1;
        return error(StatusCode::BAD_REQUEST, look.t("The request was incomplete."));
    };
    if version != document.version {
        return error(
            StatusCode::CONFLICT,
            look.t("The file was changed in the meantime. Open it again."),
        );
    }
    let mut expected = record(document, "");
    expected[TEXT] = json!(text);
    if sent != expected {
        instance.harm.wrong_form += 1;
        return error(StatusCode::BAD_REQUEST, look.t("The request was incomplete."));
    }
    let (status, message) = match saving::store(instance, name, text.to_owned(), effect) {
        Ok(()) => ("OK", look.t(saving::APPLIED).to_owned()),
        Err(refusal) => ("ERROR", refusal.text(look)),
    };
    let version = instance.document(name).map(|document| document.version);
    json_answer(&json!({ "status": status, "message": message, "version": version }))
}

fn decoded(segment: &str) -> String {
    percent_decode_str(segment).decode_utf8_lossy().into_owned()
}

/// An answer that is JSON.
pub(super) fn json_answer(value: &Value) -> Answer {
    json_text(value.to_string())
}

fn json_text(text: String) -> Answer {
    Answer::typed("application/json", text)
}

/// An answer that says why there is none.
pub(super) fn error(status: StatusCode, why: &str) -> Answer {
    json_answer(&json!({ "error": why })).with_status(status)
}
