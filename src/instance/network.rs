//! How an instance is reached: through which proxy, trusting whom besides the operating system, and as whom.
//!
//! Settings, flags and the environment become one [`Route`]. It knows nothing of TLS and opens no connection; files are
//! read as they are. A password of a proxy is never part of an address that is shown (promise 10).

use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper_util::client::proxy::matcher::Matcher;
use percent_encoding::percent_decode_str;
use url::Url;

use crate::error::{Error, Kind, Result};
use crate::instance::address::is_loopback;
use crate::secret::Secret;
use crate::secret::keyring::Entry;

/// The word that stands for no proxy at all, whatever the environment says.
const DIRECT: &str = "direct";
/// What a proxy can be spoken to by.
const SCHEMES: [&str; 4] = ["http", "https", "socks5", "socks5h"];
/// Variables that name a proxy, in small letters as well.
const VARIABLES: [&str; 3] = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"];

/// The way to an instance, as settings or flags give it; what is not given is left to the environment and the system.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Network {
    /// Through which proxy, or through none.
    pub proxy: Option<ProxyChoice>,
    /// A file (PEM) of authorities that are trusted besides the operating system's.
    pub ca: Option<PathBuf>,
    /// A file (PEM) with a certificate and its key, by which this program proves who it is.
    pub client_cert: Option<PathBuf>,
}

/// A proxy that was chosen, or none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProxyChoice {
    /// None, whatever the environment says.
    Direct,
    /// The one at this address; who signs in there may stand in it, a password never.
    At(Url),
}

/// The way to an instance, with all that a connection needs.
#[derive(Debug, Clone, Default)]
pub struct Route {
    /// The proxy, where there is one.
    pub proxy: Option<Proxy>,
    /// Authorities that are trusted besides the operating system's.
    pub ca: Option<Pem>,
    /// A certificate and its key.
    pub client: Option<Pem>,
    /// A PAC file that the environment names in place of a proxy; it is not read.
    pub pac: Option<String>,
}

/// A proxy, and who signs in there.
#[derive(Debug, Clone)]
pub struct Proxy {
    /// Its address, with nobody's name in it.
    pub address: Url,
    /// Who signs in.
    pub user: Option<String>,
    /// The password.
    pub password: Option<Secret>,
    /// Whether the environment, or the operating system, names it and not a person for this instance.
    pub by_environment: bool,
}

/// A file as it was read; there may be a key in it.
#[derive(Debug, Clone)]
pub struct Pem {
    /// Which file.
    pub file: PathBuf,
    /// What stands in it.
    pub text: Secret,
}

impl Network {
    /// Gives this way with what flags say for one run in place of it.
    #[must_use]
    pub fn overridden_by(&self, flags: &Network) -> Network {
        Network {
            proxy: flags.proxy.clone().or_else(|| self.proxy.clone()),
            ca: flags.ca.clone().or_else(|| self.ca.clone()),
            client_cert: flags.client_cert.clone().or_else(|| self.client_cert.clone()),
        }
    }

    /// Finds the way to an address. A proxy that the environment or the system names is not used for this very machine:
    /// from there it cannot be reached. One that was named for this instance is.
    ///
    /// # Errors
    /// [`Kind::Usage`] where a file cannot be read.
    pub fn route(&self, to: &Url, proxies: &Proxies) -> Result<Route> {
        let this_machine = to.host().is_some_and(|host| is_loopback(&host));
        let (proxy, pac) = match &self.proxy {
            Some(ProxyChoice::Direct) => (None, None),
            Some(ProxyChoice::At(url)) => (Some(Proxy::at(url)), None),
            None if this_machine => (None, None),
            None => (proxies.to(to), proxies.pac.clone()),
        };
        let read = |file: &Option<PathBuf>| file.as_deref().map(Pem::read).transpose();
        Ok(Route {
            proxy,
            ca: read(&self.ca)?,
            client: read(&self.client_cert)?,
            pac,
        })
    }
}

impl ProxyChoice {
    /// Reads a proxy's address as typed, or `direct` for none.
    ///
    /// # Errors
    /// [`Kind::Usage`] for what is no address of a proxy, has a password in it, or names a PAC file. The sentence never
    /// shows a text that may hold a password.
    pub fn read(typed: &str) -> Result<Self> {
        let typed = typed.trim();
        if typed.eq_ignore_ascii_case(DIRECT) {
            return Ok(Self::Direct);
        }
        let example =
            "a proxy looks like `http://proxy.example.com:8080`, or `http://USER@proxy.example.com:8080`";
        let shown = match typed.contains(['@', '?', '#']) {
            true => "The address of the proxy".to_owned(),
            false => format!("`{typed}`"),
        };
        if typed.contains('\\') {
            return Err(
                Error::new(Kind::Usage, "The address of the proxy has a `\\` in it.")
                    .hint("write it as `%5C`: `http://DOMAIN%5CUSER@proxy.example.com:8080`"),
            );
        }
        if let Some(pac) = pac_in(typed) {
            return Err(pac_error(&format!("`{pac}` names a PAC file, which is a script")));
        }
        let text = match typed.contains("://") {
            true => typed.to_owned(),
            false => format!("http://{typed}"),
        };
        let mut url = Url::parse(&text).map_err(|cause| {
            Error::new(Kind::Usage, format!("{shown} is no address of a proxy."))
                .caused_by(cause)
                .hint(example)
        })?;
        if url.password().is_some() {
            return Err(Error::new(Kind::Usage, "The address of the proxy has a password in it.")
                .hint("leave it out, others can see it; `lmskeep login NAME --proxy-password` keeps it in the keyring"));
        }
        if !SCHEMES.contains(&url.scheme()) {
            return Err(Error::new(
                Kind::Usage,
                format!("A proxy is not reached over `{}`.", url.scheme()),
            )
            .hint(example));
        }
        if url.host_str().is_none_or(str::is_empty)
            || !matches!(url.path(), "" | "/")
            || url.query().is_some()
        {
            return Err(Error::new(Kind::Usage, format!("{shown} is no address of a proxy.")).hint(example));
        }
        url.set_fragment(None);
        Ok(Self::At(url))
    }

    /// How it stands in the configuration file.
    pub fn text(&self) -> &str {
        match self {
            Self::Direct => DIRECT,
            Self::At(url) => url.as_str().trim_end_matches('/'),
        }
    }
}

impl Proxy {
    fn at(url: &Url) -> Self {
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let user = Some(decoded(url.username())).filter(|user| !user.is_empty());
        let password = url.password().map(|word| Secret::from(decoded(word)));
        let mut address = url.clone();
        // Neither can fail: an address of these schemes has a host.
        let _ = address.set_username("");
        let _ = address.set_password(None);
        Self {
            address,
            user,
            password,
            by_environment: false,
        }
    }

    /// Names it for a person.
    pub fn shown(&self) -> &str {
        self.address.as_str().trim_end_matches('/')
    }

    /// Names the entry of the keyring that holds the password; none where nobody signs in.
    pub fn entry(&self) -> Option<Entry> {
        self.user.as_deref().map(|user| Entry::proxy(user, self.shown()))
    }
}

impl Pem {
    fn read(file: &Path) -> Result<Self> {
        let unreadable = |why: &str| Error::new(Kind::Usage, format!("The file `{}` {why}.", file.display()));
        let bytes = std::fs::read(file).map_err(|cause| unreadable("cannot be read").caused_by(cause))?;
        let text = String::from_utf8(bytes).map_err(|_| {
            unreadable("is no PEM file, which is text beginning with `-----BEGIN`")
                .hint(format!(
                    "a certificate: openssl x509 -inform DER -in {0} -out ca.pem",
                    file.display()
                ))
                .hint(format!(
                    "a certificate with its key: openssl pkcs12 -in {0} -out client.pem -nodes",
                    file.display()
                ))
        })?;
        Ok(Self {
            file: file.to_owned(),
            text: Secret::from(text),
        })
    }
}

/// The proxies that the environment and the operating system name.
#[derive(Debug, Clone)]
pub struct Proxies {
    matcher: Arc<Matcher>,
    /// A PAC file that a variable names.
    pac: Option<String>,
}

impl Proxies {
    /// Those of an environment that `lookup` gives, and nothing of the system.
    pub(super) fn of_variables(lookup: impl Fn(&str) -> Option<String>) -> Self {
        let first = |name: &str| {
            let small = name.to_lowercase();
            lookup(name).or_else(|| lookup(&small)).unwrap_or_default()
        };
        let matcher = Matcher::builder()
            .all(first("ALL_PROXY"))
            .http(first("HTTP_PROXY"))
            .https(first("HTTPS_PROXY"))
            .no(first("NO_PROXY"))
            .build();
        Self {
            matcher: Arc::new(matcher),
            pac: pac_of_variables(first),
        }
    }

    /// Those of this process's environment, else of the operating system's settings.
    pub(super) fn of_this_computer(lookup: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            matcher: Arc::new(Matcher::from_system()),
            ..Self::of_variables(lookup)
        }
    }

    fn to(&self, to: &Url) -> Option<Proxy> {
        // Its host alone would be taken for a proxy.
        if self.pac.is_some() {
            return None;
        }
        let found = self.matcher.intercept(&to.as_str().parse().ok()?)?;
        let mut proxy = Proxy::at(&Url::parse(&found.uri().to_string()).ok()?);
        proxy.by_environment = true;
        let basic = found.basic_auth().and_then(|header| {
            let encoded = header.to_str().ok()?.strip_prefix("Basic ")?;
            String::from_utf8(STANDARD.decode(encoded).ok()?).ok()
        });
        let pair = match (&basic, found.raw_auth()) {
            (Some(basic), _) => basic.split_once(':'),
            (None, raw) => raw,
        };
        if let Some((user, password)) = pair {
            proxy.user = Some(user.to_owned());
            proxy.password = Some(Secret::from(password.to_owned())).filter(|password| !password.is_empty());
        }
        Some(proxy)
    }
}

fn pac_of_variables(first: impl Fn(&str) -> String) -> Option<String> {
    let auto = Some(first("AUTO_PROXY")).filter(|text| !text.is_empty());
    auto.or_else(|| VARIABLES.into_iter().map(first).find_map(|text| pac_in(&text)))
}

/// The PAC file that an address names, if it does: it ends as such files do, or says so by its scheme.
fn pac_in(text: &str) -> Option<String> {
    let bare = text.split(['?', '#']).next().unwrap_or_default();
    let (scheme, rest) = bare.split_once("://").unwrap_or(("", bare));
    let file = rest.split_once('/').map_or("", |(_, path)| path).to_lowercase();
    let is_pac = scheme.starts_with("pac+")
        || scheme.eq_ignore_ascii_case("file")
        || file.ends_with(".pac")
        || file.ends_with("wpad.dat");
    // Who signs in there is nobody's business.
    let shown = rest.rsplit_once('@').map_or(rest, |(_, rest)| rest);
    is_pac.then(|| match scheme {
        "" => shown.to_owned(),
        scheme => format!("{scheme}://{shown}"),
    })
}

fn pac_error(what: &str) -> Error {
    Error::new(Kind::Usage, format!("{what}: not supported."))
        .hint("open it with an editor: the proxy it names for your LMS is what `--proxy` takes")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies(variables: &[(&str, &str)]) -> Proxies {
        let find = |name: &str| variables.iter().find(|(known, _)| *known == name);
        Proxies::of_variables(|name| find(name).map(|(_, value)| (*value).to_owned()))
    }

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn reads_the_address_of_a_proxy() {
        for (typed, kept) in [
            ("http://proxy.example.com:8080", "http://proxy.example.com:8080"),
            (" proxy.example.com:8080 ", "http://proxy.example.com:8080"),
            ("http://anna@proxy:3128/", "http://anna@proxy:3128"),
            ("socks5h://127.0.0.1:1080", "socks5h://127.0.0.1:1080"),
            ("Direct", "direct"),
        ] {
            assert_eq!(ProxyChoice::read(typed).unwrap().text(), kept, "{typed}");
        }
    }

    #[test]
    fn refuses_what_is_no_proxy_and_never_shows_a_password() {
        for (typed, part) in [
            ("http://anna:hunter2@proxy:3128", "has a password in it"),
            ("anna:hunter2@proxy:3128", "has a password in it"),
            ("http://anna:hunter2@pro xy", "is no address"),
            ("CORP\\anna:hunter2@proxy", "has a `\\` in it"),
            ("ftp://proxy", "not reached over `ftp`"),
            ("http://proxy/some/where", "is no address of a proxy"),
            ("http://wpad.example.com/wpad.dat", "names a PAC file"),
            ("http://anna:hunter2@cfg/proxy.pac?x=1", "names a PAC file"),
            ("file:///etc/proxy.pac", "names a PAC file"),
            ("", "is no address"),
        ] {
            let error = ProxyChoice::read(typed).unwrap_err();
            let told = format!("{error} {:?} {:?}", error.hints(), error.bottom_cause());
            assert_eq!(error.kind(), Kind::Usage);
            assert!(told.contains(part), "{typed}: {told}");
            assert!(!told.contains("hunter2"), "{told}");
        }
    }

    #[test]
    fn the_environment_names_a_proxy_for_others_but_not_for_this_machine() {
        let set = proxies(&[
            ("https_proxy", "http://anna:p%40ss@proxy:3128"),
            ("NO_PROXY", ".inside.example.com,10.0.0.0/8"),
        ]);
        let way = |network: &Network, to: &str| network.route(&url(to), &set).unwrap().proxy;
        let none = Network::default();
        let found = way(&none, "https://stage.plateau.com/").unwrap();
        assert_eq!(
            (
                found.shown(),
                found.user.as_deref(),
                found.password.as_ref().unwrap().expose()
            ),
            ("http://proxy:3128", Some("anna"), "p@ss")
        );
        assert!(!format!("{found:?}").contains("p@ss"));
        for direct in [
            "https://lms.inside.example.com/",
            "https://10.1.2.3/",
            "https://127.0.0.1:8443/",
            "https://localhost/",
        ] {
            assert!(way(&none, direct).is_none(), "{direct}");
        }
        let named = Network {
            proxy: Some(ProxyChoice::read("http://bert@other:8080").unwrap()),
            ..Network::default()
        };
        for to in [
            "https://stage.plateau.com/",
            "https://lms.inside.example.com/",
            "http://127.0.0.1:8480/",
        ] {
            let found = way(&named, to).unwrap();
            assert_eq!(
                (found.shown(), found.user.as_deref()),
                ("http://other:8080", Some("bert")),
                "{to}"
            );
        }
        let direct = Network {
            proxy: Some(ProxyChoice::Direct),
            ..Network::default()
        };
        assert!(way(&direct, "https://stage.plateau.com/").is_none());
        assert!(way(&direct.overridden_by(&named), "https://stage.plateau.com/").is_some());
        assert!(way(&named.overridden_by(&direct), "https://stage.plateau.com/").is_none());
    }

    #[test]
    fn a_pac_file_in_the_environment_is_no_proxy() {
        for variables in [
            [("HTTPS_PROXY", "http://wpad.example.com/wpad.dat")],
            [("auto_proxy", "http://wpad.example.com/wpad.dat")],
        ] {
            let route = Network::default()
                .route(&url("https://stage.plateau.com/"), &proxies(&variables))
                .unwrap();
            assert!(route.proxy.is_none());
            assert_eq!(route.pac.as_deref(), Some("http://wpad.example.com/wpad.dat"));
        }
    }
}
