//! The control door: what a test or a person behind the scenes may see and do.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::practice::admins::Admin;
use crate::practice::content::Side;
use crate::practice::faults::Fault;
use crate::practice::health;
use crate::practice::instance::Instance;
use crate::practice::operation::{self, damage, door, global_settings, images, mail};
use crate::practice::scenario::{Scenario, WORDS};
use crate::practice::serve::World;

/// A question about one instance: its name in the address, and what answers it.
type Question = (&'static str, fn(&Instance) -> Value);

const QUESTIONS: &[Question] = &[
    ("state", Instance::state),
    ("health", health::report),
    ("requests", Instance::request_report),
    ("harm", Instance::harm_report),
    ("plain", Instance::plain_values),
    ("operation", door::report),
    ("images", images::report),
    ("known", global_settings::known_by_heart),
    ("queue", mail::report),
    ("admins", |instance| {
        instance.admins.iter().map(|admin| admin.report()).collect()
    }),
];

/// The question for the code that the identity provider has sent last; no instance knows it.
const CODE: &str = "code";

/// The routes of the control door.
pub(super) fn router(world: Arc<World>) -> Router {
    Router::new()
        .route("/", get(overview))
        .route("/refresh", post(refresh))
        .route("/tick", post(tick))
        .route("/harm", get(harm))
        .route("/faults/{side}", post(faults))
        .route("/scenario/{side}", post(scenario))
        .route("/save/{side}", post(save))
        .route("/repair/{side}", post(repair))
        .route("/session/{side}", post(session).delete(end_sessions))
        .route("/{question}/{side}", get(ask).delete(forget).post(order))
        .layer(DefaultBodyLimit::max(32 * 1024 * 1024))
        .with_state(world)
}

/// Does to stage what a refresh does: everything becomes production's.
pub(super) fn copy_over(world: &World) -> Value {
    let production = world.lock(Side::Production);
    let mut stage = world.lock(Side::Stage);
    stage.become_copy_of(&production);
    json!({ "refreshed": true, "documents": stage.documents.len(), "admins": stage.admins.len() })
}

async fn overview(State(world): State<Arc<World>>) -> Json<Value> {
    let mut questions: Vec<&str> = QUESTIONS.iter().map(|(name, _)| *name).collect();
    questions.extend(world.provider.as_ref().map(|_| CODE));
    let words: Vec<&str> = WORDS.iter().map(|(word, _)| *word).collect();
    let mut orders = vec![
        "refresh", "tick", "faults", "scenario", "save", "session", "repair",
    ];
    orders.extend(door::orders());
    Json(json!({
        "get": questions,
        "post": orders,
        "delete": ["requests", "session"],
        "instances": ["production", "stage"],
        "scenarios": words,
    }))
}

async fn refresh(State(world): State<Arc<World>>) -> Json<Value> {
    Json(copy_over(&world))
}

/// Lets that many ticks pass on both instances.
pub(super) fn wind(world: &World, ticks: u64) {
    for _ in 0..ticks {
        for side in [Side::Stage, Side::Production] {
            operation::tick(&mut world.lock(side));
        }
    }
}

/// The harm that both instances did in the world.
pub(super) fn damage(world: &World) -> Value {
    damage::report(&[Side::Production, Side::Stage].map(|side| world.lock(side).damage.clone()))
}

/// How long the clock is wound; once where nothing is said.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Winding {
    ticks: u64,
}

async fn tick(State(world): State<Arc<World>>, body: String) -> Response {
    let ticks = match body.trim() {
        "" | "{}" => 1,
        body => match serde_json::from_str::<Winding>(body) {
            Ok(winding) => winding.ticks,
            Err(cause) => return not_understood(&cause.to_string()),
        },
    };
    wind(&world, ticks);
    Json(json!({ "ticked": ticks })).into_response()
}

async fn harm(State(world): State<Arc<World>>) -> Json<Value> {
    Json(damage(&world))
}

/// Does what a part of the LMS is told behind everybody's back.
async fn order(
    State(world): State<Arc<World>>,
    Path((name, side)): Path<(String, String)>,
    body: String,
) -> Response {
    let Some(side) = side_of(&side) else {
        return unknown();
    };
    let told: Value = match body.trim() {
        "" => json!({}),
        body => match serde_json::from_str(body) {
            Ok(told) => told,
            Err(cause) => return not_understood(&cause.to_string()),
        },
    };
    match door::order(&mut world.lock(side), &name, &told) {
        Some(Ok(answer)) => Json(answer).into_response(),
        Some(Err(why)) => not_understood(&why),
        None => unknown(),
    }
}

/// Answers a question as the door does; `None` for one that nobody knows.
pub(super) fn answer(world: &World, question: &str, side: &str) -> Option<Value> {
    let side = side_of(side)?;
    if question == CODE {
        return Some(world.provider.as_ref()?.code(side));
    }
    let (_, answer) = QUESTIONS.iter().find(|(name, _)| *name == question)?;
    Some(answer(&world.lock(side)))
}

async fn ask(State(world): State<Arc<World>>, Path((question, side)): Path<(String, String)>) -> Response {
    match answer(&world, &question, &side) {
        Some(answer) => Json(answer).into_response(),
        None => unknown(),
    }
}

/// Forgets the requests so far, so that a test sees only its own.
async fn forget(State(world): State<Arc<World>>, Path((question, side)): Path<(String, String)>) -> Response {
    match side_of(&side) {
        Some(side) if question == "requests" => {
            world.lock(side).requests.clear();
            done()
        }
        _ => unknown(),
    }
}

async fn faults(State(world): State<Arc<World>>, Path(side): Path<String>, body: String) -> Response {
    let Some(side) = side_of(&side) else {
        return unknown();
    };
    match serde_json::from_str::<Vec<Fault>>(&body) {
        Ok(faults) => {
            world.lock(side).faults = faults;
            done()
        }
        Err(cause) => not_understood(&cause.to_string()),
    }
}

async fn scenario(State(world): State<Arc<World>>, Path(side): Path<String>, body: String) -> Response {
    let Some(side) = side_of(&side) else {
        return unknown();
    };
    let words = match serde_json::from_str::<Value>(&body) {
        Ok(Value::Array(words)) => words
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
        Ok(Value::String(words)) => vec![words],
        _ => vec![body],
    };
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match Scenario::parse(&words) {
        Ok(scenario) if scenario.sso && world.provider.is_none() => not_understood(
            "The identity provider listens only where the practice LMS was started with `sso`.",
        ),
        Ok(scenario) => {
            world.lock(side).play(scenario);
            done()
        }
        Err(error) => not_understood(error.message()),
    }
}

/// A change by somebody else.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    document: String,
    text: String,
}

async fn save(State(world): State<Arc<World>>, Path(side): Path<String>, body: String) -> Response {
    let Some(side) = side_of(&side) else {
        return unknown();
    };
    let change: Change = match serde_json::from_str(&body) {
        Ok(change) => change,
        Err(cause) => return not_understood(&cause.to_string()),
    };
    let mut instance = world.lock(side);
    if instance.document(&change.document).is_none() {
        return not_understood(&format!("There is no document `{}`.", change.document));
    }
    match instance.save(&change.document, &change.text) {
        Ok(()) => done(),
        Err(key) => not_understood(&format!("The value of {key} cannot be changed.")),
    }
}

/// Whose browser is signed in; the first admin, and any User-Agent, where nothing is said.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
struct Browser {
    admin: Option<String>,
    user_agent: Option<String>,
}

/// Answers the cookies that the browser of a signed-in admin holds, as such lists are written.
async fn session(State(world): State<Arc<World>>, Path(side): Path<String>, body: String) -> Response {
    let Some(side) = side_of(&side) else {
        return unknown();
    };
    let browser: Browser = match body.trim() {
        "" => Browser::default(),
        body => match serde_json::from_str(body) {
            Ok(browser) => browser,
            Err(cause) => return not_understood(&cause.to_string()),
        },
    };
    let mut instance = world.lock(side);
    let known = |admin: &&Admin| browser.admin.as_ref().is_none_or(|name| *name == admin.name);
    let Some(admin) = instance.admins.iter().find(known).map(|admin| admin.name.clone()) else {
        return not_understood("There is no such admin.");
    };
    let cookies = instance.sessions.of_browser(&admin, browser.user_agent);
    let listed = cookies.into_iter().map(|(name, value, path, http_only)| {
        json!({
            "name": name, "value": value, "domain": host_of(side), "hostOnly": true, "path": path,
            "httpOnly": http_only, "secure": false, "session": true,
        })
    });
    Json(Value::Array(listed.collect())).into_response()
}

/// Puts the file with the integration back, as SAP support does on request.
async fn repair(State(world): State<Arc<World>>, Path(side): Path<String>) -> Response {
    match side_of(&side) {
        Some(side) => {
            world.lock(side).repair();
            done()
        }
        None => unknown(),
    }
}

/// Ends all sessions, as hours without a click do.
async fn end_sessions(State(world): State<Arc<World>>, Path(side): Path<String>) -> Response {
    match side_of(&side) {
        Some(side) => {
            world.lock(side).sessions.clear();
            done()
        }
        None => unknown(),
    }
}

/// The host that a browser knows an instance by.
fn host_of(side: Side) -> &'static str {
    match side {
        Side::Production => "localhost",
        Side::Stage => "127.0.0.1",
    }
}

fn side_of(name: &str) -> Option<Side> {
    [Side::Production, Side::Stage]
        .into_iter()
        .find(|side| side.name() == name)
}

fn done() -> Response {
    Json(json!({ "done": true })).into_response()
}

fn unknown() -> Response {
    (
        StatusCode::NOT_FOUND,
        Json(json!({ "error": "There is no such address." })),
    )
        .into_response()
}

fn not_understood(why: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({ "error": why }))).into_response()
}
