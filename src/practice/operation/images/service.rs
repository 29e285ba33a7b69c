//! Images as JSON: what there is, one image, its bytes, and an upload.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::practice::faults::{Effect, Named};
use crate::practice::instance::Instance;
use crate::practice::look::Look;
use crate::practice::operation::images::{self, Image, LARGEST};
use crate::practice::operation::part::Call;
use crate::practice::saving;
use crate::practice::service::{ROOT, error, json_answer};
use crate::practice::visit::{Answer, Visit};

/// The first segment of its addresses.
pub(super) const ROUTE: &str = "images";

/// Answers a call of the script.
pub(super) fn answer(instance: &mut Instance, call: &Call<'_>) -> Option<Answer> {
    let (visit, look, effect) = (call.visit, call.look, call.effect);
    let segments = call.segments();
    let segments: Vec<&str> = segments.iter().skip(1).map(String::as_str).collect();
    let (id, more) = match segments.as_slice() {
        [] if visit.method == "GET" => return Some(list(instance, look, effect)),
        [id] => (*id, None),
        [id, more] => (*id, Some(*more)),
        _ => return None,
    };
    let Some(image) = images::find(instance, id, effect) else {
        return Some(error(StatusCode::NOT_FOUND, look.t("This image does not exist.")));
    };
    Some(match (visit.method.as_str(), more) {
        ("GET", None) => {
            let mut record = record(image, look);
            if effect == Some(&Effect::Named(Named::FieldMissing)) {
                record.as_object_mut().map(|members| members.remove("version"));
            }
            json_answer(&record)
        }
        ("GET", Some("content")) => match image.shown() {
            Some(picture) => Answer::typed(picture.media, picture.bytes.clone()),
            None => error(StatusCode::NOT_FOUND, look.t("No image")),
        },
        ("POST", Some("file")) => upload(instance, visit, id, look, effect),
        ("DELETE", None) => {
            images::remove(instance, id);
            said(instance, id, "OK", look.t("The image was removed."))
        }
        _ => return None,
    })
}

fn list(instance: &Instance, look: &Look, effect: Option<&Effect>) -> Answer {
    let mut items: Vec<Value> = instance
        .operation
        .images
        .iter()
        .map(|image| record(image, look))
        .collect();
    let total = items.len();
    if effect == Some(&Effect::Named(Named::ShortList)) {
        items.pop();
    }
    json_answer(&json!({ "total": total, "items": items }))
}

fn record(image: &Image, look: &Look) -> Value {
    let shown = image.shown();
    let content = format!("{ROOT}{ROUTE}/{}/content?rev={}", image.id, image.version);
    json!({
        "imageTypeID": image.id,
        "name": look.t(image.name),
        "fileName": shown.map(|picture| &picture.file_name),
        "type": shown.map(|picture| picture.media),
        "size": shown.map_or(0, |picture| picture.bytes.len()),
        "content": shown.map(|_| content),
        "maxSize": LARGEST,
        "version": image.version,
    })
}

/// Takes a form with the fields `version` and `file`, and nothing else.
fn upload(instance: &mut Instance, visit: &Visit, id: &str, look: &Look, effect: Option<&Effect>) -> Answer {
    let (Some(version), [file], 1) = (visit.field("version"), visit.files.as_slice(), visit.fields.len())
    else {
        instance.harm.wrong_form += 1;
        return error(StatusCode::BAD_REQUEST, look.t("The request was incomplete."));
    };
    if file.name != "file" {
        instance.harm.wrong_form += 1;
        return error(StatusCode::BAD_REQUEST, look.t("The request was incomplete."));
    }
    let now = images::find(instance, id, None).map(|image| image.version.to_string());
    if now.as_deref() != Some(version) {
        return error(
            StatusCode::CONFLICT,
            look.t("The image was changed in the meantime. Open it again."),
        );
    }
    let file_name = file.file_name.as_deref().unwrap_or("");
    match images::store(instance, id, file_name, &file.bytes, effect) {
        Ok(()) => said(instance, id, "OK", look.t(saving::APPLIED)),
        Err(refusal) => said(instance, id, "ERROR", look.t(refusal.text())),
    }
}

fn said(instance: &Instance, id: &str, status: &str, message: &str) -> Answer {
    let version = images::find(instance, id, None).map(|image| image.version);
    json_answer(&json!({ "status": status, "message": message, "version": version }))
}
