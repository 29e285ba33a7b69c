//! The entrance of one instance: reads a request, lets faults have their way, logs, answers.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_LENGTH, RETRY_AFTER};
use axum::response::{IntoResponse, Response};
use futures::{FutureExt, StreamExt, stream};

use crate::practice::configuration;
use crate::practice::connection::Scissors;
use crate::practice::content::Side;
use crate::practice::faults::{self, Cache, Delay, Effect, Named, Redirect, Status};
use crate::practice::instance::{Instance, Logged};
use crate::practice::pages;
use crate::practice::sign_on::Provider;
use crate::practice::visit::{Answer, Visit};

/// The largest body that is read: far above the largest file.
const BODY_LIMIT: usize = 32 * 1024 * 1024;

/// How long a page waits that keeps in the session what is being edited, so that requests overlap.
const BOUND_PAUSE: Duration = Duration::from_millis(4);

/// Both instances, and who signs their admins in.
pub(super) struct World {
    production: Mutex<Instance>,
    stage: Mutex<Instance>,
    pub(super) provider: Option<Arc<Provider>>,
}

impl World {
    pub(super) fn new(production: Instance, stage: Instance) -> World {
        World {
            provider: stage.provider.clone(),
            production: Mutex::new(production),
            stage: Mutex::new(stage),
        }
    }

    /// One of them, for as long as the guard lives; a handler that panicked with it does not lock it for ever.
    pub(super) fn lock(&self, side: Side) -> MutexGuard<'_, Instance> {
        let instance = match side {
            Side::Production => &self.production,
            Side::Stage => &self.stage,
        };
        instance.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Which instance of which world a port serves.
#[derive(Clone)]
pub(super) struct Entrance {
    pub(super) world: Arc<World>,
    pub(super) side: Side,
}

/// Answers one request to an instance.
pub(super) async fn serve(
    State(entrance): State<Entrance>,
    ConnectInfo(scissors): ConnectInfo<Scissors>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_LIMIT).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let visit = Visit::read(&parts, &body);
    let (number, effect) = entrance.enter(&visit);
    if effect == Some(Effect::Named(Named::Drop)) {
        scissors.cut();
        return StatusCode::OK.into_response();
    }
    let answer = guarded(entrance.work(&visit, effect.as_ref()), || {
        entrance.instance().harm.panics += 1
    })
    .await;
    if effect.as_ref().is_some_and(loses_answer) {
        scissors.cut();
        return StatusCode::OK.into_response();
    }
    if let Some(entry) = entrance.instance().requests.get_mut(number) {
        entry.status = Some(answer.status.as_u16());
        entry.answered = Some(Instant::now());
    }
    match effect {
        Some(Effect::Named(Named::CutBody)) => cut_body(answer),
        Some(Effect::Named(Named::CutBodyQuietly)) => {
            let half = answer.body.slice(..half(&answer.body));
            answer.into_response_with(Body::from(half))
        }
        _ => answer.into_response(),
    }
}

fn loses_answer(effect: &Effect) -> bool {
    match effect {
        Effect::Named(named) => *named == Named::LoseAnswer,
        Effect::Cache(Cache { lose_answer, .. }) => *lose_answer,
        _ => false,
    }
}

/// Runs the work of a request; a panic becomes an answer that cannot be overlooked, and is counted.
pub(super) async fn guarded(work: impl Future<Output = Answer>, count: impl FnOnce()) -> Answer {
    match AssertUnwindSafe(work).catch_unwind().await {
        Ok(answer) => answer,
        Err(_) => {
            count();
            Answer::typed(
                "text/plain;charset=UTF-8",
                "The practice server failed.".to_owned(),
            )
            .with_status(StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}

impl Entrance {
    fn instance(&self) -> MutexGuard<'_, Instance> {
        self.world.lock(self.side)
    }

    /// Logs the request and takes the fault that hits it.
    fn enter(&self, visit: &Visit) -> (usize, Option<Effect>) {
        let mut instance = self.instance();
        instance.requests.push(Logged {
            method: visit.method.clone(),
            target: visit.target.clone(),
            fields: visit.sent(),
            status: None,
            came: Instant::now(),
            answered: None,
        });
        let effect = faults::take(&mut instance.faults, &visit.method, &visit.target);
        (instance.requests.len() - 1, effect)
    }

    async fn work(&self, visit: &Visit, effect: Option<&Effect>) -> Answer {
        match effect {
            Some(Effect::Status(Status { status, retry_after })) => return failing(*status, *retry_after),
            Some(Effect::Redirect(Redirect { redirect })) => return Answer::redirect(redirect),
            Some(Effect::Delay(Delay { delay_ms })) => {
                tokio::time::sleep(Duration::from_millis(*delay_ms)).await
            }
            Some(Effect::Named(Named::Expire)) => self.instance().sessions.end(visit),
            Some(Effect::Named(Named::NewToken)) => self.instance().sessions.renew_token(visit),
            Some(Effect::Named(_) | Effect::Cache(_)) | None => {}
        }
        let waits = configuration::note(&mut self.instance(), visit);
        if waits {
            tokio::time::sleep(BOUND_PAUSE).await;
        }
        pages::answer(&mut self.instance(), visit, effect)
    }
}

fn failing(status: u16, retry_after: Option<u64>) -> Answer {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = format!("<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>");
    let mut answer = Answer::page(body).with_status(status);
    answer
        .headers
        .extend(retry_after.map(|seconds| (RETRY_AFTER, seconds.to_string())));
    answer
}

/// Sends half of the body under its true length, then ends the connection.
fn cut_body(mut answer: Answer) -> Response {
    answer
        .headers
        .push((CONTENT_LENGTH, answer.body.len().to_string()));
    let sent = answer.body.slice(..half(&answer.body));
    let end = async {
        // Time for the first half to leave, so that it is really seen.
        tokio::time::sleep(Duration::from_millis(10)).await;
        Err(std::io::Error::new(
            std::io::ErrorKind::ConnectionReset,
            "cut on purpose",
        ))
    };
    let body = Body::from_stream(stream::iter([Ok(sent)]).chain(stream::once(end)));
    answer.into_response_with(body)
}

/// The middle of a body, not inside a character where it is text.
fn half(body: &[u8]) -> usize {
    let inside = |byte: u8| byte & 0b1100_0000 == 0b1000_0000;
    let mut middle = body.len() / 2;
    while middle > 0 && inside(body[middle]) {
        middle -= 1;
    }
    middle
}
