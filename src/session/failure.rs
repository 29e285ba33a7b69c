//! Why no usable answer came, in words: down to the bottom cause, with what to do about it.

use std::error::Error as StdError;
use std::io;
use std::time::Duration;

use reqwest::StatusCode;
use rustls::AlertDescription;
use url::Url;

use crate::error::{Error, Kind};
use crate::find::shown_path;
use crate::instance::{Route, is_loopback, pac_of_this_computer};
use crate::session::http::{LARGEST_PAGE, LONGEST_WAIT};
use crate::session::proxy::{self, Told};
use crate::session::tls::Refused;

/// Why no usable answer came.
#[derive(Debug)]
pub(super) enum Failure {
    /// The exchange broke: no connection, a cut body, a timeout.
    Broken(reqwest::Error),
    /// The instance says that it is failing or overloaded.
    Failing {
        status: StatusCode,
        wait: Option<Duration>,
    },
    /// Redirected to another origin.
    Elsewhere(Url),
    /// Redirected more often than a person's browser would follow.
    Loop,
    /// A body beyond all measure.
    TooLarge,
    /// A redirect without a usable address, or one that asks to send a write again.
    BadRedirect(StatusCode),
    /// A proxy wants to know who is there, in one of these ways.
    ProxyAsks(Vec<String>),
    /// A proxy answers in place of the instance.
    ProxyAnswers(Told),
    /// There is no connection to the proxy itself.
    NoProxy(io::Error),
    /// The proxy broke off without an answer.
    ProxyCut,
    /// The proxy says nothing.
    ProxySilent,
}

/// What broke an exchange.
#[derive(Debug)]
enum Trouble<'e> {
    /// The certificate is not accepted.
    Refused(&'e Refused),
    /// The other side ended TLS, and said why.
    Alert(AlertDescription),
    /// What answers does not speak TLS.
    NoTls,
    /// TLS failed in another way.
    Tls,
    /// The connection was there, and ended before TLS stood.
    Ended,
    /// The proxy made no connection to the instance.
    Tunnel(Tunnel),
    /// Something else.
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tunnel {
    /// It asks who is there.
    Asks,
    /// It answers something else than that there is one.
    Declined,
    /// It ended without an answer.
    Cut,
    /// It cannot be reached itself.
    Unreachable,
}

/// Who asks, by which way: what the words need to know.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wire<'w> {
    pub(super) instance: &'w str,
    pub(super) route: &'w Route,
}

impl Wire<'_> {
    /// Names the proxy.
    fn proxy(&self) -> &str {
        self.route.proxy.as_ref().map_or("", |proxy| proxy.shown())
    }
}

impl Failure {
    /// Takes an error without the address: that may carry the guard's token.
    pub(super) fn broken(error: reqwest::Error) -> Self {
        Failure::Broken(error.without_url())
    }

    /// Tells whether not even a connection was made: then nothing was sent.
    pub(super) fn is_no_connection(&self) -> bool {
        match self {
            Failure::Broken(error) => error.is_connect(),
            Failure::NoProxy(_) | Failure::ProxyCut | Failure::ProxySilent => true,
            _ => false,
        }
    }

    /// The wait that the instance asks for, where it is one that can be kept.
    pub(super) fn asked_wait(&self) -> Option<Duration> {
        match self {
            Failure::Failing { wait, .. } => wait.filter(|wait| *wait <= LONGEST_WAIT),
            _ => None,
        }
    }

    /// Tells whether reading again may help. What a proxy has said is final: a password that it refused is not sent again.
    pub(super) fn may_pass(&self) -> bool {
        match self {
            Failure::Broken(error) => matches!(
                Trouble::of(error),
                Trouble::Other | Trouble::Ended | Trouble::Tunnel(Tunnel::Cut | Tunnel::Unreachable)
            ),
            Failure::NoProxy(_) | Failure::ProxyCut => true,
            Failure::Failing { wait, .. } => wait.is_none_or(|w| w <= LONGEST_WAIT),
            _ => false,
        }
    }

    /// Tells whether a proxy wants to know who is there, or does not know who says so.
    pub(super) fn is_asked_by_proxy(&self) -> bool {
        match self {
            Failure::ProxyAsks(_) => true,
            Failure::Broken(error) => matches!(Trouble::of(error), Trouble::Tunnel(Tunnel::Asks)),
            _ => false,
        }
    }

    /// Says it to a person, with the bottom cause.
    pub(super) async fn in_words(self, url: &Url, wire: Wire<'_>) -> Error {
        let host = url.host_str().unwrap_or_default().to_owned();
        match self {
            Failure::Broken(error) => broken(&error, url, wire).await,
            Failure::ProxyAsks(schemes) => proxy::asks(wire.route.proxy.as_ref(), wire.instance, &schemes),
            Failure::ProxyAnswers(told) => proxy::answers_itself(wire.route.proxy.as_ref(), &host, &told),
            Failure::NoProxy(cause) => no_proxy(&cause.to_string(), wire),
            Failure::ProxyCut => cut(wire, &host),
            Failure::ProxySilent => Error::new(
                Kind::Unreachable,
                format!(
                    "The proxy `{}` did not say in time whether it reaches `{host}`.",
                    wire.proxy()
                ),
            )
            .hint("try again later"),
            Failure::Failing {
                status,
                wait: Some(wait),
            } if wait > LONGEST_WAIT => Error::new(
                Kind::Unreachable,
                format!(
                    "`{host}` asks to come back in {} seconds (status {}).",
                    wait.as_secs(),
                    status.as_u16()
                ),
            ),
            Failure::Failing { status, .. } => Error::new(
                Kind::Unreachable,
                format!(
                    "`{host}` answers that it is failing (status {}) at `{}`.",
                    status.as_u16(),
                    shown_path(url)
                ),
            )
            .hint("try again later"),
            Failure::Elsewhere(target) => {
                let error = Error::new(
                    Kind::Page,
                    format!(
                        "The page `{}` leads away from this instance, to `{}`: not followed.",
                        shown_path(url),
                        target.origin().ascii_serialization()
                    ),
                );
                error.leading_to(target)
            }
            Failure::Loop => Error::new(
                Kind::Page,
                format!("The page `{}` redirects in circles.", shown_path(url)),
            ),
            Failure::TooLarge => Error::new(
                Kind::Page,
                format!(
                    "The page `{}` is larger than {} MiB: not read.",
                    shown_path(url),
                    LARGEST_PAGE >> 20
                ),
            ),
            Failure::BadRedirect(status) => Error::new(
                Kind::Page,
                format!(
                    "The page `{}` redirects in a way that is not followed (status {}).",
                    shown_path(url),
                    status.as_u16()
                ),
            ),
        }
    }
}

async fn broken(error: &reqwest::Error, url: &Url, wire: Wire<'_>) -> Error {
    let host = url.host_str().unwrap_or_default();
    let proxy = wire.route.proxy.as_ref();
    let through = proxy
        .map(|proxy| format!(" through the proxy `{}`", proxy.shown()))
        .unwrap_or_default();
    let unreachable = |sentence: String| Error::new(Kind::Unreachable, sentence);
    match Trouble::of(error) {
        Trouble::Refused(refused) => not_accepted(refused, wire),
        Trouble::Alert(alert) => ended(alert, host, wire),
        trouble @ (Trouble::NoTls | Trouble::Ended) => {
            let what = match trouble {
                Trouble::NoTls => format!("What answers at `{host}`{through} does not speak TLS."),
                _ => format!("The connection to `{host}`{through} ended before TLS stood."),
            };
            match proxy {
                Some(proxy) => match proxy::says_instead(proxy, url).await {
                    Some(told) => proxy::answers_itself(Some(proxy), host, &told),
                    None => unreachable(what).hint(
                        "it may be the proxy's own doing: open the address in a browser, sign in where it asks you to, and try again",
                    ),
                },
                None => unreachable(what).hint(format!(
                    "check the address, and its port: lmskeep instance show {}",
                    wire.instance
                )),
            }
        }
        Trouble::Tls => unreachable(format!("TLS with `{host}` failed: {}.", bottom(error)))
            .hint("TLS 1.2 or newer is needed"),
        Trouble::Tunnel(Tunnel::Asks) => proxy::asks(proxy, wire.instance, &[]),
        Trouble::Tunnel(Tunnel::Declined) => unreachable(format!(
            "The proxy `{}` makes no connection to `{host}`.",
            wire.proxy()
        ))
        .hint("try again later"),
        Trouble::Tunnel(Tunnel::Cut) => cut(wire, host),
        Trouble::Tunnel(Tunnel::Unreachable) => no_proxy(&bottom(error), wire),
        Trouble::Other if error.is_timeout() => {
            unreachable(format!("`{host}` did not answer in time{through}.")).hint("try again later")
        }
        // One that opens tunnels has been heard by now.
        Trouble::Other if error.is_connect() && proxy.is_some() && url.scheme() == "http" => {
            no_proxy(&bottom(error), wire)
        }
        Trouble::Other if error.is_connect() => {
            let error = unreachable(format!("`{host}` cannot be reached{through}: {}.", bottom(error)));
            let error = match pac(url, wire).await {
                Some(file) => error.hint(format!(
                    "this computer is set to a PAC file, `{file}`, which is not supported: open it with an editor, the proxy it \
                     names for your LMS is what `--proxy` takes"
                )),
                None => error,
            };
            error.hint("check the address with `lmskeep instance list`, your network and your proxy")
        }
        Trouble::Other => unreachable(format!(
            "`{host}` broke off its answer at `{}`{through}: {}.",
            shown_path(url),
            bottom(error)
        ))
        .hint("try again later"),
    }
}

fn no_proxy(cause: &str, wire: Wire<'_>) -> Error {
    Error::new(
        Kind::Unreachable,
        format!("The proxy `{}` cannot be reached: {cause}.", wire.proxy()),
    )
    .hint(format!(
        "another one: lmskeep instance set {} proxy http://HOST:PORT; none: `--proxy direct`",
        wire.instance
    ))
}

fn cut(wire: Wire<'_>, host: &str) -> Error {
    Error::new(
        Kind::Unreachable,
        format!(
            "The proxy `{}` broke off without a connection to `{host}`.",
            wire.proxy()
        ),
    )
    .hint("try again later; if it stays so, the address or port of the proxy may be another")
}

/// The PAC file that the environment or this computer's settings name, where one could matter.
async fn pac(url: &Url, wire: Wire<'_>) -> Option<String> {
    if wire.route.proxy.is_some() || url.host().is_some_and(|host| is_loopback(&host)) {
        return None;
    }
    match &wire.route.pac {
        Some(file) => Some(file.clone()),
        None => pac_of_this_computer().await,
    }
}

fn not_accepted(refused: &Refused, wire: Wire<'_>) -> Error {
    let error = Error::new(
        Kind::Unreachable,
        format!("`{}` does not prove who it is: {refused}.", refused.host()),
    );
    match refused.is_about_trust() {
        true => error.hint(format!(
            "a proxy of your company, which looks into TLS? Its CA certificate, as a file in PEM: `--ca FILE`, or for good: \
             lmskeep instance set {} ca FILE",
            wire.instance
        )),
        false => error.hint(format!(
            "check the address (lmskeep instance show {}) and the clock; there is no way around the check",
            wire.instance
        )),
    }
}

/// Words what the other side says as it ends TLS.
fn ended(alert: AlertDescription, host: &str, wire: Wire<'_>) -> Error {
    let about_us = matches!(
        alert,
        AlertDescription::CertificateRequired
            | AlertDescription::NoCertificate
            | AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA
            | AlertDescription::AccessDenied
            | AlertDescription::DecryptError
    );
    let unreachable = |sentence: String| Error::new(Kind::Unreachable, sentence);
    let keep = format!("lmskeep instance set {} client_cert FILE", wire.instance);
    match &wire.route.client {
        Some(pem) if about_us => unreachable(format!(
            "`{host}` does not accept the client certificate of `{}`: it says `{alert:?}`.",
            pem.file.display()
        ))
        .hint(format!("another one: `--client-cert FILE`, or for good: {keep}")),
        None if about_us => unreachable(format!(
            "`{host}` asks for a client certificate: it says `{alert:?}`."
        ))
        .hint(format!(
            "a file (PEM) with the certificate and its key: `--client-cert FILE`, or for good: {keep}"
        )),
        _ => unreachable(format!("`{host}` ended TLS: it says `{alert:?}`."))
            .hint("TLS 1.2 or newer is needed"),
    }
}

impl<'e> Trouble<'e> {
    fn of(error: &'e reqwest::Error) -> Self {
        for link in chain(error) {
            if let Some(tls) = link.downcast_ref::<rustls::Error>() {
                return Self::of_tls(tls);
            }
            // The client gives this one no type that can be named.
            if let Some(why) = link.to_string().strip_prefix("tunnel error: ") {
                let tunnel = match why {
                    "proxy authorization required" => Tunnel::Asks,
                    "failed to create underlying connection" => Tunnel::Unreachable,
                    "unsuccessful" | "proxy response headers too long" => Tunnel::Declined,
                    _ => Tunnel::Cut,
                };
                // Below it there may be the TLS of the proxy itself.
                match chain(link)
                    .into_iter()
                    .find_map(|below| below.downcast_ref::<rustls::Error>())
                {
                    Some(tls) => return Self::of_tls(tls),
                    None => return Trouble::Tunnel(tunnel),
                }
            }
        }
        // The TLS library's own words.
        match bottom(error) == "tls handshake eof" {
            true => Trouble::Ended,
            false => Trouble::Other,
        }
    }

    fn of_tls(error: &'e rustls::Error) -> Self {
        match error {
            rustls::Error::InvalidCertificate(rustls::CertificateError::Other(other)) => {
                match other.0.downcast_ref::<Refused>() {
                    Some(refused) => Trouble::Refused(refused),
                    None => Trouble::Tls,
                }
            }
            rustls::Error::AlertReceived(alert) => Trouble::Alert(*alert),
            rustls::Error::InvalidMessage(_) => Trouble::NoTls,
            _ => Trouble::Tls,
        }
    }
}

/// The text of the cause at the bottom.
fn bottom(error: &reqwest::Error) -> String {
    let chain = chain(error);
    chain.last().map(ToString::to_string).unwrap_or_default()
}

/// An error and all below it.
fn chain<'e>(error: &'e (dyn StdError + 'static)) -> Vec<&'e (dyn StdError + 'static)> {
    let mut links = vec![error];
    let mut link = error;
    loop {
        // What an I/O error carries is not its source, but that which carries.
        let carried = link.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        let below: Option<&(dyn StdError + 'static)> = match carried {
            Some(carried) => Some(carried),
            None => link.source(),
        };
        match below {
            Some(below) => links.push(below),
            None => return links,
        }
        link = links[links.len() - 1];
    }
}
