//! What a browser hands over: cookies, and the User-Agent that the session may be tied to.
//!
//! Read from a cookies.txt, a `Cookie` header, a line that DevTools copies (for bash, cmd or PowerShell), or a list in
//! JSON. Pure: it opens no file and asks no host. No message shows a value.

mod curl;
mod header;
mod json;
mod powershell;
mod recorded;
mod shell;
#[cfg(test)]
mod tests;
mod txt;

use std::collections::BTreeSet;

use jiff::Timestamp;
use url::{Host, Url};

use crate::error::{Error, Kind, Result};
use crate::secret::Secret;

/// A cookie, and what is known of where it belongs.
#[derive(Debug, Clone)]
pub struct Cookie {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: Secret,
    /// The host it is for, in lower case; none where what was copied does not say.
    pub host: Option<String>,
    /// It is for the hosts below that one as well.
    pub below: bool,
    /// The path it is for; none where what was copied does not say.
    pub path: Option<String>,
    /// It is sent over https only.
    pub secure: bool,
    /// When it ends, in seconds since 1970; none: with the session.
    pub ends: Option<i64>,
}

impl Cookie {
    /// Makes a cookie of which nothing but name and value is known.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            value: Secret::from(value.into()),
            host: None,
            below: false,
            path: None,
            secure: false,
            ends: None,
        }
    }

    /// Tells whether it would be sent to a host (RFC 6265, "domain-match").
    fn is_for(&self, host: &Host<&str>) -> bool {
        let Some(own) = &self.host else { return true };
        let asked = host.to_string();
        let above = || matches!(host, Host::Domain(_)) && asked.ends_with(&format!(".{own}"));
        *own == asked || (self.below && above())
    }

    /// Puts it under a host as cookie files and browsers write it: a dot in front means the hosts below, too.
    fn under(mut self, domain: &str, below: bool) -> Self {
        let domain = domain.trim().to_lowercase();
        let plain = domain.trim_start_matches('.');
        self.below = below || plain.len() < domain.len();
        self.host = (!plain.is_empty()).then(|| plain.to_owned());
        self
    }
}

/// What a browser has handed over.
#[derive(Debug, Clone, Default)]
pub struct Handed {
    /// The cookies in their order; of two of one name, host and path the later one counts.
    pub cookies: Vec<Cookie>,
    /// The browser's User-Agent, where it is told.
    pub user_agent: Option<String>,
    /// What was in it that is not used, for a person to hear.
    pub notes: Vec<String>,
}

impl Handed {
    /// Understands what was copied.
    ///
    /// # Errors
    /// [`Kind::Usage`] for what is none of the known kinds, has no cookies, or cookies that no browser sends.
    pub fn read(text: &str) -> Result<Self> {
        let text = text.trim_start_matches('\u{feff}').trim();
        if text.is_empty() {
            return Err(no_cookies("There is nothing in it."));
        }
        let handed = if text.starts_with(['[', '{']) {
            json::read(text)?
        } else if powershell::is_it(text) {
            powershell::read(text)?
        } else if curl::is_it(text) {
            curl::read(text)?
        } else if txt::is_it(text) {
            txt::read(text)?
        } else {
            header::read(text)?
        };
        handed.checked()
    }

    /// Keeps what belongs to an instance, and what has not ended.
    ///
    /// # Errors
    /// [`Foreign`] where nothing is left.
    pub fn kept_for(mut self, root: &Url, now: Timestamp) -> std::result::Result<Self, Foreign> {
        let Some(host) = root.host() else {
            return Err(Foreign::default());
        };
        let hosts: BTreeSet<String> = self.cookies.iter().filter_map(|c| c.host.clone()).collect();
        self.cookies.retain(|cookie| cookie.is_for(&host));
        let belonged = !self.cookies.is_empty();
        let ended = |cookie: &Cookie| cookie.ends.is_some_and(|ends| ends <= now.as_second());
        let last = self.cookies.iter().filter_map(|cookie| cookie.ends).max();
        self.cookies.retain(|cookie| !ended(cookie));
        match self.cookies.is_empty() {
            true => Err(Foreign {
                hosts,
                ended: last.filter(|_| belonged),
            }),
            false => Ok(self),
        }
    }

    /// Refuses what no browser sends: a sign that it was copied wrongly.
    fn checked(mut self) -> Result<Self> {
        if self.cookies.is_empty() {
            return Err(no_cookies("There are no cookies in it."));
        }
        for cookie in &self.cookies {
            let shown: String = cookie.name.chars().filter(|c| !c.is_control()).take(40).collect();
            let control = |text: &str| text.chars().find(|c| c.is_control());
            if let Some(found) = control(&cookie.name).or_else(|| control(cookie.value.expose())) {
                return Err(Error::new(
                    Kind::Usage,
                    format!(
                        "The cookie `{shown}` holds a control character (U+{:04X}), which no browser sends: it was \
                         copied wrongly.",
                        u32::from(found)
                    ),
                )
                .hint(HOW));
            }
            if cookie.name.is_empty() || cookie.value.expose().contains(';') {
                return Err(Error::new(
                    Kind::Usage,
                    format!("The cookie `{shown}` is none that a browser sends: it was copied wrongly."),
                )
                .hint(HOW));
            }
        }
        self.user_agent = self.user_agent.filter(|agent| !agent.trim().is_empty());
        if self
            .user_agent
            .as_ref()
            .is_some_and(|agent| agent.chars().any(char::is_control))
        {
            return Err(Error::new(
                Kind::Usage,
                "The User-Agent holds a control character: it was copied wrongly.",
            )
            .hint(HOW));
        }
        Ok(self)
    }
}

/// Why nothing of what was handed over is for an instance.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Foreign {
    /// The hosts that the cookies are for.
    pub hosts: BTreeSet<String>,
    /// Those for the instance have ended; the last one then, in seconds since 1970.
    pub ended: Option<i64>,
}

const HOW: &str =
    "docs/ways-in.md shows how to copy it: DevTools, tab Network, a request to the LMS, Copy as cURL";

fn no_cookies(sentence: &str) -> Error {
    Error::new(Kind::Usage, format!("{sentence} A session has cookies."))
        .hint("it can be a cookies.txt, a `Cookie:` header, or a line that DevTools copies as cURL")
        .hint(HOW)
}
