//! A proxy in between: what it asks for, what it answers in place of the instance, and what to do about it.
//!
//! The HTTP client does not hand on what a proxy answers to the wish for a connection. So it is asked by hand first, once a
//! session: a password that it refuses has been sent once, and its own words are there for the message.

use std::io;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use url::Url;

use crate::error::{Error, Kind};
use crate::instance::Proxy;
use crate::page::Page;
use crate::secret::Secret;
use crate::session::failure::Failure;

/// How long a proxy may take to answer; it has to reach the instance first.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long it is listened to for a page of its own.
const PAGE_PATIENCE: Duration = Duration::from_secs(2);
/// What is read of its answer, at most.
const MOST: usize = 64 * 1024;
/// Letters of a page's title that are shown.
const LONGEST: usize = 80;

/// What a proxy answers to the wish for a connection.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) status: u16,
    /// How somebody may sign in, such as `Basic`.
    pub(super) schemes: Vec<String>,
    /// The title of the page that came with it.
    pub(super) title: Option<String>,
    /// Where it leads.
    pub(super) leads_to: Option<String>,
}

/// Who signs in at a proxy, as its header says it.
pub(super) fn basic(user: &str, password: &Secret) -> Secret {
    let mut pair = format!("{user}:{}", password.expose());
    let header = Secret::from(format!("Basic {}", STANDARD.encode(&pair)));
    zeroize::Zeroize::zeroize(&mut pair);
    header
}

/// Asks a proxy for a connection to an instance, and ends it: whether there is one, and in which words there is none.
/// Nothing is asked of proxies that are spoken to in another way, or that hand on single requests.
pub(super) async fn lets_through(proxy: &Proxy, to: &Url) -> std::result::Result<(), Failure> {
    if proxy.address.scheme() != "http" || to.scheme() != "https" {
        return Ok(());
    }
    match timeout(PATIENCE, answer(proxy, to, false)).await {
        Err(_) => Err(Failure::ProxySilent),
        Ok(Err(cause)) => Err(Failure::NoProxy(cause)),
        Ok(Ok(None)) => Err(Failure::ProxyCut),
        Ok(Ok(Some(told))) => match told.status {
            200..=299 => Ok(()),
            // Some say so to whom they do not know.
            401 | 407 => Err(Failure::ProxyAsks(told.schemes)),
            _ => Err(Failure::ProxyAnswers(told)),
        },
    }
}

/// What comes from a proxy where it has said that there is a connection, and what then came is no TLS.
pub(super) async fn says_instead(proxy: &Proxy, to: &Url) -> Option<Told> {
    if proxy.address.scheme() != "http" || to.scheme() != "https" {
        return None;
    }
    let told = timeout(PATIENCE, answer(proxy, to, true)).await.ok()?.ok()??;
    (told.title.is_some() || told.leads_to.is_some()).then_some(told)
}

/// Hears what a proxy answers, with the page that comes with it where there is no connection, or one is wanted all the
/// same; none where it broke off without a word.
async fn answer(proxy: &Proxy, to: &Url, page_wanted: bool) -> io::Result<Option<Told>> {
    let host = |url: &Url| url.host_str().unwrap_or_default().to_owned();
    let port = |url: &Url| url.port_or_known_default().unwrap_or_default();
    let place = format!("{}:{}", host(to), port(to));
    let mut asked = format!("CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n");
    if let (Some(user), Some(password)) = (&proxy.user, &proxy.password) {
        asked.push_str(&format!(
            "Proxy-Authorization: {}\r\n",
            basic(user, password).expose()
        ));
    }
    asked.push_str("\r\n");
    let asked = Secret::from(asked);
    let at = (host(&proxy.address), port(&proxy.address));
    let mut stream = TcpStream::connect((at.0.trim_matches(['[', ']']), at.1)).await?;
    stream.write_all(asked.expose().as_bytes()).await?;
    let mut said = Vec::new();
    let mut piece = [0; 4096];
    while said.len() < MOST {
        // Whoever has said no may go on talking without an end.
        let limit = if said.is_empty() { PATIENCE } else { PAGE_PATIENCE };
        match timeout(limit, stream.read(&mut piece)).await {
            Ok(Ok(count)) if count > 0 => said.extend_from_slice(&piece[..count]),
            // What was said counts, however it ended.
            _ => break,
        }
        let head_is_there = said.windows(4).any(|end| end == b"\r\n\r\n");
        let open = Told::of(&said).is_some_and(|told| matches!(told.status, 200..=299));
        if head_is_there && open && !page_wanted || is_whole(&said) {
            break;
        }
    }
    Ok(Told::of(&said))
}

/// Tells whether head and page are there; where no length is given, the page ends with the connection.
fn is_whole(said: &[u8]) -> bool {
    let text = String::from_utf8_lossy(said);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = header(head, "content-length")
        .next()
        .and_then(|length| length.parse::<usize>().ok());
    length.is_some_and(|length| body.len() >= length)
}

fn header<'h>(head: &'h str, name: &'h str) -> impl Iterator<Item = &'h str> {
    head.lines()
        .filter_map(|line| line.split_once(':'))
        .filter(move |(known, _)| known.trim().eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim())
}

impl Told {
    fn of(said: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(said);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let first = head.lines().next()?;
        let status = first.strip_prefix("HTTP/1.")?.get(2..5)?.parse().ok()?;
        Some(Self {
            status,
            schemes: schemes(header(head, "proxy-authenticate")),
            title: title_of(body.as_bytes(), header(head, "content-type").next()),
            leads_to: header(head, "location").next().map(place),
        })
    }
}

/// The title of a page.
fn title_of(body: &[u8], kind: Option<&str>) -> Option<String> {
    let address = Url::parse("http://proxy.invalid/").ok()?;
    let page = Page::parse(body, Some(kind.unwrap_or("text/html")), &address);
    shown_title(&page)
}

/// The title of a page, as it is shown: it may say anything.
pub(super) fn shown_title(page: &Page) -> Option<String> {
    let plain = |c: char| if c.is_control() || c == '`' { ' ' } else { c };
    let title: String = page.title.trim().chars().take(LONGEST).map(plain).collect();
    Some(title).filter(|title| !title.is_empty())
}

/// An address without what may be secret in it.
fn place(address: &str) -> String {
    match Url::parse(address) {
        Ok(url) => url.origin().ascii_serialization(),
        Err(_) => "another page".to_owned(),
    }
}

/// The schemes that headers offer; what belongs to one of them has a `=` behind its name.
pub(super) fn schemes<'h>(headers: impl Iterator<Item = &'h str>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for header in headers {
        let mut quoted = false;
        let parts = header.split(move |c| {
            quoted ^= c == '"';
            c == ',' && !quoted
        });
        for part in parts {
            let word: String = part
                .trim()
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '-')
                .collect();
            let rest = part.trim().strip_prefix(&word).unwrap_or_default();
            if !word.is_empty() && !rest.trim_start().starts_with('=') && !found.contains(&word) {
                found.push(word);
            }
        }
    }
    found
}

/// Says that a proxy wants to know who is there.
pub(super) fn asks(proxy: Option<&Proxy>, instance: &str, schemes: &[String]) -> Error {
    let Some(proxy) = proxy else {
        return Error::new(Kind::Unreachable, "A proxy in between asks who you are.").hint(format!(
            "name it: lmskeep instance set {instance} proxy http://USER@HOST:PORT"
        ));
    };
    let shown = proxy.shown();
    let speaks_basic =
        schemes.is_empty() || schemes.iter().any(|scheme| scheme.eq_ignore_ascii_case("basic"));
    if !speaks_basic {
        let asked = schemes.join(" or ");
        return Error::new(
            Kind::Unreachable,
            format!("The proxy `{shown}` asks you to sign in by {asked}, which is not supported: only Basic is."),
        )
        .hint("a proxy of your own on this computer, such as Px or Cntlm, can sign in there for you: start it, and name it \
               with `--proxy http://127.0.0.1:PORT`");
    }
    match (&proxy.user, &proxy.password) {
        (Some(user), Some(_)) => {
            let error = Error::new(
                Kind::Unreachable,
                format!(
                    "The proxy `{shown}` refuses the password of `{user}`, or does not know who that is."
                ),
            );
            error.hint(renewed(proxy, instance))
        }
        _ => {
            let with_user = match proxy.address.as_str().split_once("://") {
                Some((scheme, rest)) => format!("{scheme}://USER@{}", rest.trim_end_matches('/')),
                None => "http://USER@HOST:PORT".to_owned(),
            };
            Error::new(
                Kind::Unreachable,
                format!("The proxy `{shown}` asks who you are."),
            )
            .hint(format!("lmskeep instance set {instance} proxy {with_user}"))
            .hint(format!("lmskeep login {instance} --proxy-password"))
        }
    }
}

/// How a password is put in the place of one that was refused.
pub(crate) fn renewed(proxy: &Proxy, instance: &str) -> String {
    match proxy.by_environment {
        true => "it stands in the environment, in `HTTPS_PROXY` or the like: put the right one there; this one is not tried again"
            .to_owned(),
        false => {
            format!("lmskeep login {instance} --proxy-password (it is not tried again before a person types one)")
        }
    }
}

/// Says that a proxy answers itself, in place of the instance.
pub(super) fn answers_itself(proxy: Option<&Proxy>, host: &str, told: &Told) -> Error {
    let who = match proxy {
        Some(proxy) => format!("The proxy `{}`", proxy.shown()),
        None => "Something between here and the instance".to_owned(),
    };
    let title = told
        .title
        .as_ref()
        .map(|title| format!(", titled `{title}`"))
        .unwrap_or_default();
    let status = told.status;
    let sentence = match (&told.leads_to, status) {
        (Some(place), _) => format!(
            "{who} answers in place of `{host}`, and leads to `{place}`: a page of its own (status {status}{title})."
        ),
        (None, 400..=499) => {
            format!("{who} does not let anybody through to `{host}` (status {status}{title}).")
        }
        (None, 502..=504) => format!("{who} gets no answer from `{host}` (status {status}{title})."),
        _ => format!("{who} answers in place of `{host}`, with a page of its own (status {status}{title})."),
    };
    let error = Error::new(Kind::Unreachable, sentence);
    match status {
        502..=504 => error.hint("try again later"),
        _ => error
            .hint(format!("open `{host}` in a browser: where the proxy asks you to sign in there, do, and try again"))
            .hint("whether it lets this computer through is for those to say who run it, your IT department as a rule"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_a_proxy_asks_for() {
        for (headers, found) in [
            (
                vec![
                    "Negotiate",
                    "NTLM",
                    "Basic realm=\"a, NTLM b\", charset=\"UTF-8\"",
                ],
                "Negotiate NTLM Basic",
            ),
            (vec!["NTLM TlRMTVNTUAAC=="], "NTLM"),
            (
                vec!["Negotiate, Digest realm=\"x\", nonce=\"y\", qop=\"auth,auth-int\""],
                "Negotiate Digest",
            ),
            (vec![""], ""),
            (vec![], ""),
        ] {
            assert_eq!(
                schemes(headers.clone().into_iter()).join(" "),
                found,
                "{headers:?}"
            );
        }
    }

    #[test]
    fn reads_what_a_proxy_says() {
        let told = Told::of(
            b"HTTP/1.0 302 Found\r\nLocation: http://login.example.com/in?token=secret\r\nContent-Type: text/html\r\n\r\n\
              <title>Who\x07 `are` you</title>",
        );
        assert_eq!(
            told,
            Some(Told {
                status: 302,
                schemes: Vec::new(),
                title: Some("Who   are  you".to_owned()),
                leads_to: Some("http://login.example.com".to_owned()),
            })
        );
        assert_eq!(
            Told::of(b"HTTP/1.1 407 No\r\nProxy-Authenticate: NTLM\r\n")
                .unwrap()
                .schemes,
            ["NTLM"]
        );
        for none in [&b""[..], b"\x15\x03\x01", b"HTTP/1.1 ", b"HTTP/1.1 abc\r\n\r\n"] {
            assert_eq!(Told::of(none), None);
        }
    }
}
