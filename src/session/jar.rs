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
    pub(super) fn cookies(&self) -> Vec<Cookie> {
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
