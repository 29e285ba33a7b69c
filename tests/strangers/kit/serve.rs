//! Serves a tenant on a thread of its own.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::Response;

use super::ask::{Ask, fields, pairs};
use super::{Tenant, World};

/// A tenant with its world.
#[derive(Clone)]
struct Served {
    tenant: Tenant,
    world: Arc<Mutex<World>>,
}

/// Starts to serve; the thread ends with the tests.
pub(super) fn serve(tenant: Tenant, world: Arc<Mutex<World>>) -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            let app = Router::new()
                .fallback(answer)
                .with_state(Served { tenant, world });
            axum::serve(listener, app).await.unwrap();
        });
    });
    address
}

async fn answer(State(served): State<Served>, request: Request) -> Response<Body> {
    let (head, body) = request.into_parts();
    let header = |name: &str| {
        let value = head
            .headers
            .get(name)
            .map(|v| String::from_utf8_lossy(v.as_bytes()).into_owned());
        value.unwrap_or_default()
    };
    let kind = header("content-type");
    let body = to_bytes(body, 1 << 24).await.unwrap();
    let cookies = header("cookie");
    let cookies = cookies.split(';').filter_map(|c| c.trim().split_once('='));
    let ask = Ask {
        method: head.method.to_string(),
        path: percent_encoding::percent_decode_str(head.uri.path())
            .decode_utf8_lossy()
            .into_owned(),
        query: pairs(
            head.uri.query().unwrap_or_default().as_bytes(),
            served.tenant.charset,
        ),
        cookies: cookies.map(|(n, v)| (n.to_owned(), v.to_owned())).collect(),
        fields: fields(&kind, &body, served.tenant.charset),
        kind,
        headers: head
            .headers
            .iter()
            .map(|(name, value)| {
                (
                    name.to_string(),
                    String::from_utf8_lossy(value.as_bytes()).into_owned(),
                )
            })
            .collect(),
        body: String::from_utf8_lossy(&body).into_owned(),
    };
    let reply = {
        let mut world = served.world.lock().unwrap();
        world.log.push(ask.in_one_line());
        match (served.tenant.gate)(&mut world, &ask) {
            Some(reply) => reply,
            None => (served.tenant.page)(&mut world, &ask),
        }
    };
    let charset = served.tenant.charset;
    let kind = match reply.named {
        true => format!("text/html;charset={}", charset.name()),
        false => "text/html".to_owned(),
    };
    let mut response = Response::builder().status(reply.status);
    if !reply.headers.iter().any(|(name, _)| name == "Content-Type") {
        response = response.header("Content-Type", kind);
    }
    for (name, value) in &reply.headers {
        response = response.header(name, value);
    }
    response
        .body(Body::from(charset.encode(&reply.text).0.into_owned()))
        .unwrap()
}
