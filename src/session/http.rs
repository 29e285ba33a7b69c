//! One exchange with the instance: requests, redirects, retries of reads, and failures in words.
//!
//! It knows nothing of forms or sign-in. A writing request goes out exactly once (promise 11): only reads are
//! repeated, and never past what `Retry-After` asks for.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use futures::StreamExt;
use jiff::fmt::rfc2822;
use reqwest::cookie::CookieStore;
use reqwest::header::{
    CONTENT_TYPE, DATE, ETAG, HeaderMap, HeaderValue, LOCATION, ORIGIN, PROXY_AUTHENTICATE, REFERER,
    RETRY_AFTER, WWW_AUTHENTICATE,
};
use reqwest::{Method, StatusCode, redirect};
use tokio::sync::{OnceCell, Semaphore};
use url::Url;

use crate::backup::Media;
use crate::error::{Error, Kind, Result};
use crate::find::{follow_scripts, sends_onward, shown_path};
use crate::instance::{Proxy, Route, is_loopback};
use crate::page::{Content, Page, Request, Verb};
use crate::session::failure::{Failure, Wire};
use crate::session::jar::Jar;
use crate::session::proxy::{self, Told};
use crate::session::tls;

/// Reads that may be under way at the same time.
pub const SIDE_BY_SIDE: usize = 4;
/// The largest page that is read; real ones stay below 1 MiB.
pub(super) const LARGEST_PAGE: usize = 16 * 1024 * 1024;
/// Redirects that are followed for one request.
const MOST_REDIRECTS: usize = 10;
/// The longest wait an instance may ask for before the run gives up and says so.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// Repeats of a read, where nothing else is said.
const REPEATS: usize = 3;

/// The wire to one origin.
#[derive(Debug)]
pub(super) struct Http {
    client: reqwest::Client,
    jar: Arc<Jar>,
    origin: String,
    reads: Semaphore,
    /// Name of the instance, for hints.
    instance: String,
    route: Route,
    /// Whether the proxy has let a connection through.
    open: OnceCell<()>,
    /// A proxy has refused the password that was sent to it.
    refused_by_proxy: AtomicBool,
    /// Repeats of a read that failed for a reason that may pass.
    repeats: usize,
}

/// What came back: the status and, unless it was lost on the way of a redirect, the page.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) page: Page,
    /// The bytes of what is no page, but a file.
    pub(super) file: Option<Vec<u8>>,
}

impl Http {
    /// Makes the wire to an instance over a route. A session may be tied to the User-Agent of the browser it comes from.
    ///
    /// # Errors
    /// [`Kind::Usage`] for a file of certificates that is none; [`Kind::Unreachable`] where this computer trusts nobody.
    pub(super) fn new(
        (instance, root): (&str, &Url),
        route: &Route,
        jar: Jar,
        user_agent: Option<&str>,
    ) -> Result<Self> {
        let jar = Arc::new(jar);
        let failed = |e: reqwest::Error| {
            Error::new(
                Kind::Unreachable,
                "The HTTP client cannot be set up on this computer.",
            )
            .caused_by(e)
        };
        let mut builder = reqwest::Client::builder()
            .user_agent(user_agent.unwrap_or(concat!("lmskeep/", env!("CARGO_PKG_VERSION"))))
            .redirect(redirect::Policy::none())
            .cookie_provider(Arc::clone(&jar))
            .connect_timeout(Duration::from_secs(15))
            .read_timeout(Duration::from_secs(60))
            // The route knows the proxies of the environment and the system.
            .no_proxy();
        let by_tls = |url: &Url| url.scheme() == "https";
        let proxy_by_tls = route.proxy.as_ref().is_some_and(|proxy| by_tls(&proxy.address));
        builder = match by_tls(root) || proxy_by_tls || route.ca.is_some() || route.client.is_some() {
            true => builder.tls_backend_preconfigured(tls::config(route)?),
            // Without TLS no certificates are needed, and there are machines that have none.
            false => builder.tls_certs_only([]),
        };
        if let Some(proxy) = &route.proxy {
            builder = builder.proxy(proxied(proxy).map_err(failed)?);
        }
        Ok(Self {
            client: builder.build().map_err(failed)?,
            jar,
            origin: root.origin().ascii_serialization(),
            reads: Semaphore::new(SIDE_BY_SIDE),
            instance: instance.to_owned(),
            route: route.clone(),
            open: OnceCell::new(),
            refused_by_proxy: AtomicBool::new(false),
            repeats: REPEATS,
        })
    }

    /// The same, for one look: what fails is not waited out.
    pub(super) fn impatient(self) -> Self {
        Self { repeats: 0, ..self }
    }

    /// Tells whether the proxy has refused the password that was sent to it.
    pub(super) fn is_refused_by_proxy(&self) -> bool {
        self.refused_by_proxy.load(Ordering::SeqCst)
    }

    /// Says to a person why no answer came from an address.
    pub(super) async fn in_words(&self, failure: Failure, url: &Url) -> Error {
        let knows = self
            .route
            .proxy
            .as_ref()
            .is_some_and(|proxy| proxy.password.is_some());
        let asked = failure.is_asked_by_proxy();
        let wire = Wire {
            instance: &self.instance,
            route: &self.route,
        };
        let error = failure.in_words(url, wire).await;
        if asked && knows {
            self.refused_by_proxy.store(true, Ordering::SeqCst);
        }
        error
    }

    /// The cookies.
    pub(super) fn jar(&self) -> &Jar {
        &self.jar
    }

    /// Gives the value of a cookie that would be sent to an address, as a script reads it.
    pub(super) fn cookie(&self, url: &Url, name: &str) -> Option<String> {
        let all = self.jar.cookies(url)?;
        let mut pairs = all
            .to_str()
            .ok()?
            .split("; ")
            .filter_map(|pair| pair.split_once('='));
        let (_, value) = pairs.find(|(known, _)| *known == name)?;
        let value = value.trim_matches('"');
        Some(
            percent_encoding::percent_decode_str(value)
                .decode_utf8_lossy()
                .into_owned(),
        )
    }

    /// Reads a page; a failure that may pass is waited out, at most [`REPEATS`] times, and a page that only sends a
    /// browser on is followed as a redirect is.
    pub(super) async fn get(&self, url: &Url, referer: Option<&Url>) -> Result<Answer> {
        self.get_with(url, referer, &BTreeMap::new()).await
    }

    /// The same with headers that a script adds.
    pub(super) async fn get_with(
        &self,
        url: &Url,
        referer: Option<&Url>,
        headers: &BTreeMap<String, String>,
    ) -> Result<Answer> {
        let answer = self.get_once(url, referer, headers).await?;
        self.settled(answer).await
    }

    /// Follows the pages that only send a browser on, by a refresh or a script, to the one that is shown.
    pub(super) async fn settled(&self, mut answer: Answer) -> Result<Answer> {
        for _ in 0..MOST_REDIRECTS {
            match sends_onward(&answer.page).filter(|_| answer.status.is_success()) {
                Some(url) => {
                    answer = self
                        .get_once(&url, Some(&answer.page.url), &BTreeMap::new())
                        .await?
                }
                None => return Ok(answer),
            }
        }
        Err(self.in_words(Failure::Loop, &answer.page.url).await)
    }

    async fn get_once(
        &self,
        url: &Url,
        referer: Option<&Url>,
        headers: &BTreeMap<String, String>,
    ) -> Result<Answer> {
        let asked = Request {
            method: Verb::Get,
            url: url.clone(),
            content_type: None,
            body: Vec::new(),
            fields: Vec::new(),
            headers: headers.clone().into_iter().collect(),
        };
        let Ok(_permit) = self.reads.acquire().await else {
            return Err(Error::new(Kind::Stopped, "The session is closed."));
        };
        let backoff = ExponentialBuilder::default()
            .with_min_delay(Duration::from_millis(300))
            .with_max_delay(Duration::from_secs(5))
            .with_max_times(self.repeats)
            .with_jitter();
        let answered = (|| self.exchange(Method::GET, url, Some(&asked), referer))
            .retry(backoff)
            .when(Failure::may_pass)
            .adjust(|failure, planned| match (failure, planned) {
                (Failure::Failing { wait: Some(wait), .. }, Some(planned)) => Some(planned.max(*wait)),
                (_, planned) => planned,
            })
            .notify(|failure, wait| tracing::debug!(?wait, "reading again: {failure:?}"))
            .await;
        match answered {
            Ok(answer) => Ok(answer),
            Err(failure) => Err(self.in_words(failure, url).await),
        }
    }

    /// Sends a form, once; what happened to it is for the caller to find out by reading.
    pub(super) async fn send(
        &self,
        request: &Request,
        referer: &Url,
    ) -> std::result::Result<Answer, Failure> {
        let method = match request.method {
            Verb::Get => Method::GET,
            Verb::Post => Method::POST,
            Verb::Put => Method::PUT,
            Verb::Patch => Method::PATCH,
        };
        self.exchange(method, &request.url, Some(request), Some(referer))
            .await
    }

    async fn exchange(
        &self,
        method: Method,
        url: &Url,
        form: Option<&Request>,
        referer: Option<&Url>,
    ) -> std::result::Result<Answer, Failure> {
        if let Some(proxy) = &self.route.proxy {
            self.open
                .get_or_try_init(|| proxy::lets_through(proxy, url))
                .await?;
        }
        let mut url = url.clone();
        let mut method = method;
        let mut form = form;
        let mut status_before = 0;
        for _ in 0..=MOST_REDIRECTS {
            if url.origin().ascii_serialization() != self.origin {
                return Err(self.elsewhere(url, status_before));
            }
            let mut request = self
                .client
                .request(method.clone(), url.clone())
                .headers(self.headers(&method, referer));
            if let Some(form) = form {
                for (name, value) in &form.headers {
                    request = request.header(name, value);
                }
            }
            if let Some(form) = form.filter(|_| method != Method::GET) {
                if let Some(kind) = &form.content_type {
                    request = request.header(CONTENT_TYPE, kind);
                }
                request = request.body(form.body.clone());
            }
            let response = request.send().await.map_err(Failure::broken)?;
            let status = response.status();
            tracing::debug!(method = %method, path = shown_path(&url), status = status.as_u16(), "answered");
            if let Some(schemes) = self.asked_by_proxy(&response) {
                return Err(Failure::ProxyAsks(schemes));
            }
            if !status.is_redirection() {
                return answer(url, response).await;
            }
            status_before = status.as_u16();
            url = redirect_target(&url, response.headers()).ok_or(Failure::BadRedirect(status))?;
            // Of the methods that write, only a form's becomes GET whatever the redirect (Fetch, "HTTP-redirect fetch").
            let keeps_method = match status {
                StatusCode::SEE_OTHER => false,
                StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT => true,
                _ => method != Method::POST,
            };
            if method != Method::GET && keeps_method {
                return Err(Failure::BadRedirect(status));
            }
            if method != Method::GET {
                form = None;
            }
            method = Method::GET;
        }
        Err(Failure::Loop)
    }

    /// How a proxy that hands on single requests wants to know who is there, where that is what it answers.
    fn asked_by_proxy(&self, response: &reqwest::Response) -> Option<Vec<String>> {
        let hands_on = self.route.proxy.is_some() && self.origin.starts_with("http:");
        let header = match response.status() {
            StatusCode::PROXY_AUTHENTICATION_REQUIRED => PROXY_AUTHENTICATE,
            // Some speak of themselves as if they were what is behind them.
            StatusCode::UNAUTHORIZED if hands_on && response.headers().contains_key(WWW_AUTHENTICATE) => {
                WWW_AUTHENTICATE
            }
            _ => return None,
        };
        let asked = response.headers().get_all(header).iter();
        Some(proxy::schemes(asked.filter_map(|value| value.to_str().ok())))
    }

    /// An address of another origin: the proxy's own login page, or somewhere else.
    fn elsewhere(&self, url: Url, status: u16) -> Failure {
        let proxy = self.route.proxy.as_ref().map(|proxy| &proxy.address);
        let is_proxy = proxy.is_some_and(|proxy| {
            let same_port = proxy.port_or_known_default() == url.port_or_known_default();
            // On this very machine many things have the same host.
            proxy.host() == url.host() && (same_port || !url.host().is_some_and(|host| is_loopback(&host)))
        });
        match is_proxy {
            true => Failure::ProxyAnswers(Told {
                status,
                leads_to: Some(url.origin().ascii_serialization()),
                ..Told::default()
            }),
            false => Failure::Elsewhere(url),
        }
    }

    fn headers(&self, method: &Method, referer: Option<&Url>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if let Some(referer) = referer {
            let mut shown = referer.clone();
            shown.set_fragment(None);
            if let Ok(value) = HeaderValue::from_str(shown.as_str()) {
                headers.insert(REFERER, value);
            }
        }
        if *method != Method::GET
            && let Ok(value) = HeaderValue::from_str(&self.origin)
        {
            headers.insert(ORIGIN, value);
        }
        headers
    }
}

/// A proxy as the client takes it.
fn proxied(proxy: &Proxy) -> reqwest::Result<reqwest::Proxy> {
    let built = reqwest::Proxy::all(proxy.address.clone())?;
    let (Some(user), Some(password)) = (&proxy.user, &proxy.password) else {
        return Ok(built);
    };
    if !proxy.address.scheme().starts_with("http") {
        return Ok(built.basic_auth(user, password.expose()));
    }
    // As a header it stands in no address that anything could print.
    match HeaderValue::from_str(proxy::basic(user, password).expose()) {
        Ok(mut header) => {
            header.set_sensitive(true);
            Ok(built.custom_http_auth(header))
        }
        Err(_) => Ok(built),
    }
}

fn redirect_target(from: &Url, headers: &HeaderMap) -> Option<Url> {
    let location = String::from_utf8_lossy(headers.get(LOCATION)?.as_bytes()).into_owned();
    from.join(location.trim()).ok()
}

async fn answer(url: Url, response: reqwest::Response) -> std::result::Result<Answer, Failure> {
    let status = response.status();
    if status == StatusCode::NETWORK_AUTHENTICATION_REQUIRED {
        return Err(Failure::ProxyAnswers(Told {
            status: status.as_u16(),
            ..Told::default()
        }));
    }
    if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
        return Err(Failure::Failing {
            status,
            wait: asked_wait(response.headers()),
        });
    }
    let kind = response
        .headers()
        .get(CONTENT_TYPE)
        .map(|v| String::from_utf8_lossy(v.as_bytes()).into_owned());
    let headers = response.headers().clone();
    let mut body = Vec::new();
    let mut chunks = response.bytes_stream();
    while let Some(chunk) = chunks.next().await {
        body.extend_from_slice(&chunk.map_err(Failure::broken)?);
        if body.len() > LARGEST_PAGE {
            return Err(Failure::TooLarge);
        }
    }
    let mut page = Page::parse(&body, kind.as_deref(), &url);
    follow_scripts(&mut page);
    page.etag = headers
        .get(ETAG)
        .and_then(|tag| tag.to_str().ok().map(str::to_owned));
    // Some servers give no type with a file, or a wrong one; what looks like a drawing may be a page.
    let media = Media::of(&body);
    let is_file = match page.content {
        Content::Other => true,
        Content::Html | Content::Json => media.is_image() && media.ending != ".svg",
    };
    Ok(Answer {
        status,
        headers,
        page,
        file: is_file.then_some(body),
    })
}

/// Reads `Retry-After`: seconds, or a date, which is compared with the answer's own `Date` and so with one clock.
fn asked_wait(headers: &HeaderMap) -> Option<Duration> {
    let text = |name| headers.get(name)?.to_str().ok().map(str::trim);
    let wait = text(RETRY_AFTER)?;
    if let Ok(seconds) = wait.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let moment = |text| rfc2822::parse(text).ok().map(|moment| moment.timestamp());
    let (now, then) = (moment(text(DATE)?)?, moment(wait)?);
    Some(Duration::from_secs(
        u64::try_from(then.as_second() - now.as_second()).unwrap_or(0),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(pairs: &[(reqwest::header::HeaderName, &str)]) -> Option<u64> {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(name, HeaderValue::from_str(value).unwrap());
        }
        asked_wait(&headers).map(|wait| wait.as_secs())
    }

    #[test]
    fn a_wait_is_asked_in_seconds_or_as_a_date() {
        let date = |text| (DATE, text);
        let after = |text| (RETRY_AFTER, text);
        assert_eq!(wait(&[after("7")]), Some(7));
        assert_eq!(
            wait(&[
                date("Mon, 23 Nov 2026 03:10:00 GMT"),
                after("Mon, 23 Nov 2026 03:12:05 GMT")
            ]),
            Some(125)
        );
        assert_eq!(
            wait(&[
                date("Mon, 23 Nov 2026 03:10:00 GMT"),
                after("Mon, 23 Nov 2026 03:00:00 GMT")
            ]),
            Some(0)
        );
        assert_eq!(wait(&[after("soon")]), None);
        assert_eq!(wait(&[]), None);
    }
}
