//! A request as the practice pages see it, and an answer as they give it.

use axum::body::{Body, Bytes};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, LOCATION, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use serde_json::Value;
use url::form_urlencoded;

use crate::practice::multipart::{self, Part};

/// One request, taken apart.
#[derive(Debug)]
pub(super) struct Visit {
    pub(super) method: String,
    /// The path without its query.
    pub(super) path: String,
    /// The path with its query, as sent.
    pub(super) target: String,
    pub(super) query: Vec<(String, String)>,
    /// The fields of the body, in order.
    pub(super) fields: Vec<(String, String)>,
    /// The fields that are files, in order.
    pub(super) files: Vec<Part>,
    /// Whether the body is of the kind that carries files.
    pub(super) multipart: bool,
    /// The body, where it is JSON.
    pub(super) json: Option<Value>,
    cookies: Vec<(String, String)>,
    /// What the browser calls itself.
    pub(super) agent: Option<String>,
    /// The CSRF token of a script call.
    token_header: Option<String>,
    /// The names of all fields, in the order they were sent in.
    names: Vec<String>,
}

impl Visit {
    /// Takes a request apart.
    pub(super) fn read(parts: &Parts, body: &[u8]) -> Visit {
        let pairs = |bytes: &[u8]| form_urlencoded::parse(bytes).into_owned().collect::<Vec<_>>();
        let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
        let kind = header("content-type").unwrap_or_default();
        let form = kind.starts_with("application/x-www-form-urlencoded");
        let is_multipart = multipart::is_kind(kind);
        let sent = is_multipart.then(|| multipart::parse(kind, body)).flatten();
        let sent = sent.unwrap_or_default();
        let mut names: Vec<String> = sent.iter().map(|part| part.name.clone()).collect();
        let (files, texts): (Vec<Part>, Vec<Part>) =
            sent.into_iter().partition(|part| part.file_name.is_some());
        let mut fields: Vec<(String, String)> = texts
            .into_iter()
            .map(|part| (part.name, String::from_utf8_lossy(&part.bytes).into_owned()))
            .collect();
        if form {
            fields = pairs(body);
            names = fields.iter().map(|(name, _)| name.clone()).collect();
        }
        let cookie_headers = parts
            .headers
            .get_all("cookie")
            .iter()
            .filter_map(|value| value.to_str().ok());
        let cookies = cookie_headers
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Visit {
            method: parts.method.to_string(),
            path: parts.uri.path().to_owned(),
            target: parts
                .uri
                .path_and_query()
                .map_or_else(String::new, ToString::to_string),
            query: pairs(parts.uri.query().unwrap_or("").as_bytes()),
            fields,
            files,
            multipart: is_multipart,
            json: kind
                .starts_with("application/json")
                .then(|| serde_json::from_slice(body).unwrap_or_default()),
            cookies,
            agent: header("user-agent").map(str::to_owned),
            token_header: header("owasp_csrftoken").map(str::to_owned),
            names,
        }
    }

    /// Whether this is a form sent back.
    pub(super) fn is_post(&self) -> bool {
        self.method == "POST"
    }

    /// Whether this is more than a question.
    pub(super) fn writes(&self) -> bool {
        self.method != "GET" && self.method != "HEAD"
    }

    /// The names of what was sent: of a form's fields, or of an object's members.
    pub(super) fn sent(&self) -> Vec<String> {
        let members = self
            .json
            .iter()
            .filter_map(Value::as_object)
            .flat_map(|object| object.keys().cloned());
        self.names.iter().cloned().chain(members).collect()
    }

    /// The CSRF token of a script call.
    pub(super) fn token_header(&self) -> Option<&str> {
        self.token_header.as_deref()
    }

    /// A parameter of the query.
    pub(super) fn query(&self, name: &str) -> Option<&str> {
        first(&self.query, name)
    }

    /// A field of the body.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        first(&self.fields, name)
    }

    /// How often a field was sent.
    pub(super) fn count(&self, name: &str) -> usize {
        self.fields.iter().filter(|(n, _)| n == name).count()
    }

    /// A cookie that the browser sent back.
    pub(super) fn cookie(&self, name: &str) -> Option<&str> {
        first(&self.cookies, name)
    }

    /// The CSRF token the request carries, wherever it does.
    pub(super) fn token(&self) -> Option<&str> {
        let name = crate::practice::guard::TOKEN_NAME;
        self.field(name)
            .or_else(|| self.query(name))
            .or(self.token_header.as_deref())
    }
}

fn first<'p>(pairs: &'p [(String, String)], name: &str) -> Option<&'p str> {
    pairs
        .iter()
        .find(|(n, _)| n == name)
        .map(|(_, value)| value.as_str())
}

/// One answer, before it becomes bytes.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: Vec<(HeaderName, String)>,
    pub(super) body: Bytes,
}

impl Answer {
    /// A page.
    pub(super) fn page(body: String) -> Answer {
        Answer::typed("text/html;charset=UTF-8", body)
    }

    /// Any text, or any bytes, of a given type.
    pub(super) fn typed(content_type: &str, body: impl Into<Bytes>) -> Answer {
        let headers = vec![
            (CONTENT_TYPE, content_type.to_owned()),
            (CACHE_CONTROL, "no-cache, no-store".to_owned()),
        ];
        Answer {
            status: StatusCode::OK,
            headers,
            body: body.into(),
        }
    }

    /// An answer that leads to another address.
    pub(super) fn redirect(to: impl Into<String>) -> Answer {
        Answer {
            status: StatusCode::FOUND,
            headers: vec![(LOCATION, to.into())],
            body: Bytes::new(),
        }
    }

    /// The same answer with another status.
    pub(super) fn with_status(mut self, status: StatusCode) -> Answer {
        self.status = status;
        self
    }

    /// The same answer with cookies to set.
    pub(super) fn with_cookies(mut self, cookies: Vec<String>) -> Answer {
        self.headers
            .extend(cookies.into_iter().map(|cookie| (SET_COOKIE, cookie)));
        self
    }

    /// Makes the response with this body, which may be less than the answer's own.
    pub(super) fn into_response_with(self, body: Body) -> Response {
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::try_from(value) {
                response.headers_mut().append(name, value);
            }
        }
        response
    }

    /// Makes the response.
    pub(super) fn into_response(mut self) -> Response {
        let body = Body::from(std::mem::take(&mut self.body));
        self.into_response_with(body)
    }
}
