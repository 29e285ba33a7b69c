//! A proxy in between: what it asks for, what it answers in place of the instance, and what to do about it.
//!
//! Where it lets nothing through, it is asked once more by hand, since the HTTP client does not hand its answer on. No
//! request to the instance is part of that, and no password that was refused.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use url::Url;

use crate::error::{Error, Kind};
use crate::instance::Proxy;
use crate::page::Page;
use crate::secret::Secret;

/// How long a proxy is listened to.
const PATIENCE: Duration = Duration::from_secs(5);
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

/// Asks a proxy for a connection, as nobody or, where its password is known to be right, as who signs in; none where
/// nothing is answered, or the proxy is spoken to in another way.
pub(super) async fn ask(proxy: &Proxy, to: &Url, signed_in: bool) -> Option<Told> {
    if proxy.address.scheme() != "http" {
        return None;
    }
    tokio::time::timeout(PATIENCE, answer(proxy, to, signed_in))
        .await
        .ok()?
}

async fn answer(proxy: &Proxy, to: &Url, signed_in: bool) -> Option<Told> {
    let at = (
        proxy.address.host_str()?.trim_matches(['[', ']']),
        proxy.address.port_or_known_default()?,
    );
    let place = format!("{}:{}", to.host_str()?, to.port_or_known_default()?);
    let mut asked = format!("CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n");
    if let (true, Some(user), Some(password)) = (signed_in, &proxy.user, &proxy.password) {
        asked.push_str(&format!(
            "Proxy-Authorization: {}\r\n",
            basic(user, password).expose()
        ));
    }
    asked.push_str("\r\n");
    let asked = Secret::from(asked);
    let mut stream = TcpStream::connect(at).await.ok()?;
    stream.write_all(asked.expose().as_bytes()).await.ok()?;
    let mut said = Vec::new();
    let mut piece = [0; 4096];
    // What was said counts, however it ended.
    while said.len() < MOST && !is_whole(&said) {
        match tokio::time::timeout(PATIENCE / 2, stream.read(&mut piece)).await {
            Ok(Ok(count)) if count > 0 => said.extend_from_slice(&piece[..count]),
            _ => break,
        }
    }
    Told::of(&said)
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
        (Some(user), Some(_)) => Error::new(
            Kind::Unreachable,
            format!("The proxy `{shown}` refuses the password of `{user}`, or does not know who that is."),
        )
        .hint(format!(
            "lmskeep login {instance} --proxy-password (it is not tried again before a person types one)"
        )),
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
            .hint(format!("open https://{host} in a browser: where the proxy asks you to sign in there, do, and try again"))
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
