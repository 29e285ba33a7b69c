//! Manage Unsent Emails as JSON: what waits, its deletion, and sending it.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::practice::faults::Named;
use crate::practice::instance::Instance;
use crate::practice::operation::part::Call;
use crate::practice::operation::unsent;
use crate::practice::service::{error, json_answer};
use crate::practice::visit::Answer;

/// The first segment of its addresses.
pub(super) const ROUTE: &str = "unsentEmails";

/// Answers a call of the script.
pub(super) fn answer(instance: &mut Instance, call: &Call<'_>) -> Option<Answer> {
    unsent::settle(instance, false);
    let segments = call.segments();
    let segments: Vec<&str> = segments.iter().skip(1).map(String::as_str).collect();
    match (call.visit.method.as_str(), segments.as_slice()) {
        ("GET", []) => Some(told(instance, call)),
        ("POST", ["delete"]) => Some(done(instance, call, |instance| {
            unsent::delete(instance, call.effect)
        })),
        ("POST", ["send"]) => Some(done(instance, call, unsent::send)),
        _ => None,
    }
}

fn told(instance: &Instance, call: &Call<'_>) -> Answer {
    let counts = unsent::counts(&instance.operation);
    let total: usize = counts.values().sum();
    let kind = |(kind, count): (&&str, &usize)| {
        json!({
            "type": kind.to_uppercase().replace(' ', "_"),
            "name": unsent::name_of(call.look, kind),
            "count": count,
        })
    };
    let mut types: Vec<Value> = counts.iter().map(kind).collect();
    if call.suffers(Named::ShortList) {
        types.pop();
    }
    let mut record = json!({
        "total": total,
        "running": unsent::is_running(&instance.operation),
        "types": types,
    });
    if call.suffers(Named::FieldMissing) {
        record.as_object_mut().map(|members| members.remove("total"));
    }
    json_answer(&record)
}

/// Does what an empty object asks for, and nothing else.
fn done(
    instance: &mut Instance,
    call: &Call<'_>,
    work: impl FnOnce(&mut Instance) -> Result<&'static str, &'static str>,
) -> Answer {
    if call.visit.json != Some(json!({})) {
        instance.harm.wrong_form += 1;
        return error(
            StatusCode::BAD_REQUEST,
            call.look.t("The request was incomplete."),
        );
    }
    let (status, message) = match work(instance) {
        Ok(message) => ("OK", message),
        Err(message) => ("ERROR", message),
    };
    json_answer(&json!({ "status": status, "message": call.look.t(message) }))
}
