//! The cookies of a session: those handed over, and those the instance has set since (RFC 6265).

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use cookie_store::{CookieDomain, CookieExpiration, CookieStore, RawCookie};
use reqwest::header::HeaderValue;
use url::Url;

use crate::cookies::Cookie;

/// A jar for the cookies of one instance.
#[derive(Default)]
pub(super) struct Jar(RwLock<Inner>);

#[derive(Default)]
struct Inner {
    store: CookieStore,
    /// Names of cookies whose path nobody told: what the instance sets under such a name takes its place.
    homeless: BTreeSet<String>,
    changes: usize,
}

impl Jar {
    /// Fills a jar with cookies for an instance.
    pub(super) fn of(cookies: &[Cookie], root: &Url) -> Self {
        let mut inner = Inner::default();
        for cookie in cookies {
            let mut raw = RawCookie::new(cookie.name.clone(), cookie.value.expose().to_owned());
            raw.set_path(cookie.path.clone().unwrap_or_else(|| "/".to_owned()));
            raw.set_secure(cookie.secure);
            if let Some(host) = cookie.host.as_ref().filter(|_| cookie.below) {
                raw.set_domain(host.clone());
            }
            if cookie.path.is_none() {
                inner.homeless.insert(cookie.name.clone());
            }
            if inner.store.insert_raw(&raw, root).is_err() {
                tracing::debug!(name = cookie.name, "a cookie is not for this instance");
            }
        }
        Self(RwLock::new(inner))
    }

    /// The cookies as they are now.
    pub(super) fn kept(&self) -> Vec<Cookie> {
        let inner = self.read();
        let kept = |found: &cookie_store::Cookie<'static>| {
            let (host, below) = match &found.domain {
                CookieDomain::HostOnly(host) => (Some(host.clone()), false),
                CookieDomain::Suffix(host) => (Some(host.clone()), true),
                _ => (None, false),
            };
            let ends = match &found.expires {
                CookieExpiration::AtUtc(moment) => Some(moment.unix_timestamp()),
                CookieExpiration::SessionEnd => None,
            };
            Cookie {
                host,
                below,
                path: (!inner.homeless.contains(found.name())).then(|| found.path.to_string()),
                secure: found.secure().unwrap_or(false),
                ends,
                ..Cookie::new(found.name(), found.value())
            }
        };
        inner.store.iter_unexpired().map(kept).collect()
    }

    /// How often the instance has changed what is in it.
    pub(super) fn changes(&self) -> usize {
        self.read().changes
    }

    fn read(&self) -> RwLockReadGuard<'_, Inner> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn set(&mut self, cookie: RawCookie<'static>, url: &Url) {
        let sent = |store: &CookieStore| {
            let values = store.get_request_values(url);
            let values = values.filter(|(name, _)| *name == cookie.name());
            values.map(|(_, value)| value.to_owned()).collect::<Vec<_>>()
        };
        let before = sent(&self.store);
        if self.homeless.remove(cookie.name())
            && let Some(host) = url.host_str()
        {
            self.store.remove(host, "/", cookie.name());
        }
        self.store
            .store_response_cookies(std::iter::once(cookie.clone()), url);
        if sent(&self.store) != before {
            self.changes += 1;
        }
    }
}

impl reqwest::cookie::CookieStore for Jar {
    fn set_cookies(&self, headers: &mut dyn Iterator<Item = &HeaderValue>, url: &Url) {
        let mut inner = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for header in headers {
            let cookie = std::str::from_utf8(header.as_bytes())
                .ok()
                .and_then(|text| RawCookie::parse(text.to_owned()).ok());
            if let Some(cookie) = cookie {
                inner.set(cookie.into_owned(), url);
            }
        }
    }

    fn cookies(&self, url: &Url) -> Option<HeaderValue> {
        let inner = self.read();
        let pairs = inner.store.get_request_values(url);
        let line = pairs
            .map(|(name, value)| format!("{name}={value}"))
            .collect::<Vec<_>>()
            .join("; ");
        let mut value = HeaderValue::from_bytes(line.as_bytes())
            .ok()
            .filter(|_| !line.is_empty())?;
        value.set_sensitive(true);
        Some(value)
    }
}

impl fmt::Debug for Jar {
    /// Names no value.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Jar(‹secret›)")
    }
}

#[cfg(test)]
mod tests {
    use reqwest::cookie::CookieStore as _;

    use super::*;

    fn root() -> Url {
        "https://lms.example.com/".parse().unwrap()
    }

    fn sent(jar: &Jar, path: &str) -> String {
        let url = root().join(path).unwrap();
        let header = jar.cookies(&url);
        let text = header.map_or(String::new(), |value| value.to_str().unwrap().to_owned());
        let mut pairs: Vec<&str> = text.split("; ").filter(|pair| !pair.is_empty()).collect();
        pairs.sort_unstable();
        pairs.join("; ")
    }

    fn sets(jar: &Jar, path: &str, lines: &[&'static str]) {
        let headers: Vec<HeaderValue> = lines.iter().map(|line| HeaderValue::from_static(line)).collect();
        jar.set_cookies(&mut headers.iter(), &root().join(path).unwrap());
    }

    fn cookie(name: &str, value: &str, path: Option<&str>) -> Cookie {
        Cookie {
            path: path.map(str::to_owned),
            ..Cookie::new(name, value)
        }
    }

    #[test]
    fn what_the_instance_sets_takes_the_place_of_what_a_header_told() {
        let jar = Jar::of(
            &[cookie("sid", "old", None), cookie("route", "n1", None)],
            &root(),
        );
        assert_eq!(sent(&jar, "/learning/x"), "route=n1; sid=old");
        assert_eq!(jar.changes(), 0);
        sets(&jar, "/learning/x", &["sid=new; Path=/learning; HttpOnly"]);
        assert_eq!(sent(&jar, "/learning/x"), "route=n1; sid=new");
        assert_eq!(jar.changes(), 1);
        sets(&jar, "/learning/x", &["sid=new; Path=/learning; HttpOnly"]);
        assert_eq!(jar.changes(), 1, "the same once more is no change");
        sets(&jar, "/learning/x", &["route=; Max-Age=0; Path=/"]);
        assert_eq!(
            sent(&jar, "/learning/x"),
            "sid=new",
            "a cookie that is taken away is gone"
        );
        assert_eq!(jar.changes(), 2);
    }

    #[test]
    fn what_is_kept_is_sent_again_where_it_belongs() {
        let below = Cookie {
            host: Some("example.com".to_owned()),
            below: true,
            ..cookie("b", "2", Some("/"))
        };
        let secure = Cookie {
            secure: true,
            ..cookie("c", "3", Some("/learning"))
        };
        let jar = Jar::of(&[cookie("a", "1", None), below, secure], &root());
        sets(&jar, "/other/page", &["d=4; Max-Age=3600", "e=5; Path=/learning"]);
        let again = Jar::of(&jar.kept(), &root());
        for path in ["/", "/learning/x", "/other/y"] {
            assert_eq!(sent(&again, path), sent(&jar, path), "{path}");
        }
        assert_eq!(sent(&again, "/learning/x"), "a=1; b=2; c=3; e=5");
        sets(&again, "/learning/x", &["a=9; Path=/learning"]);
        assert_eq!(
            sent(&again, "/learning/x"),
            "a=9; b=2; c=3; e=5",
            "it is still known whose path nobody told"
        );
        assert!(!format!("{again:?}").contains('9'));
    }
}
