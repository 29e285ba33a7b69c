//! What a browser hands over: cookies, and the User-Agent that the session may be tied to.
//!
//! Read from a cookies.txt, a `Cookie` header, a line that DevTools copies (for bash, cmd or PowerShell), or a list in
//! JSON. Pure: it opens no file and asks no host. No message shows a value.

mod curl;
mod fetch;
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
        // Some write the port along, which cookies ignore.
        let domain = match domain.rsplit_once(':') {
            Some((host, port))
                if !host.is_empty() && !host.contains(':') && port.bytes().all(|b| b.is_ascii_digit()) =>
            {
                host
            }
            _ => &domain,
        };
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
        // Word processors and chats leave such signs behind.
        let text = text.replace(['\u{feff}', '\u{200b}', '\u{200e}'], "");
        let text = text.trim();
        if text.is_empty() {
            return Err(no_cookies("There is nothing in it."));
        }
        let handed = if text.starts_with(['[', '{']) {
            json::read(text)?
        } else if powershell::is_it(text) {
            powershell::read(text)?
        } else if let Some(command) = curl::within(text) {
            curl::read(command)?
        } else if fetch::is_it(text) {
            fetch::read(text)?
        } else if txt::is_it(text) {
            txt::read(text)?
        } else {
            header::read(text)?
        };
        match handed.cookies.is_empty() {
            true => Err(no_cookies("There are no cookies in it.")),
            false => Ok(handed),
        }
    }

    /// Keeps what belongs to an instance, and what has not ended.
    ///
    /// # Errors
    /// [`Unfit`] where nothing is left, or what is left is none that a browser sends.
    pub fn kept_for(mut self, root: &Url, now: Timestamp) -> std::result::Result<Self, Unfit> {
        let Some(host) = root.host() else {
            return Err(Unfit::Foreign(BTreeSet::new()));
        };
        let hosts: BTreeSet<String> = self.cookies.iter().filter_map(|c| c.host.clone()).collect();
        self.cookies.retain(|cookie| cookie.is_for(&host));
        if self.cookies.is_empty() {
            return Err(Unfit::Foreign(hosts));
        }
        let ended = |cookie: &Cookie| cookie.ends.is_some_and(|ends| ends <= now.as_second());
        let last = self.cookies.iter().filter_map(|cookie| cookie.ends).max();
        self.cookies.retain(|cookie| !ended(cookie));
        if self.cookies.is_empty() {
            return Err(Unfit::Ended(last.unwrap_or_default()));
        }
        self.checked().map_err(Unfit::Wrong)
    }

    /// Refuses what no browser sends: a sign that it was copied wrongly.
    fn checked(mut self) -> Result<Self> {
        let wrong = |what: &str| {
            Error::new(
                Kind::Usage,
                format!("{what}, which no browser sends: it was copied wrongly."),
            )
            .hint(HOW)
        };
        for cookie in &self.cookies {
            let name = &cookie.name;
            if !is_name(name) {
                // What stands there may be anything, even a value.
                return Err(wrong("A cookie's name holds signs"));
            }
            let value = cookie.value.expose();
            if let Some(found) = value.chars().find(|c| c.is_control()) {
                let code = u32::from(found);
                return Err(wrong(&format!(
                    "The cookie `{name}` holds a control character (U+{code:04X})"
                )));
            }
            if value.contains(';') {
                return Err(wrong(&format!("The cookie `{name}` holds a semicolon")));
            }
        }
        self.user_agent = self.user_agent.filter(|agent| !agent.trim().is_empty());
        let agent = self.user_agent.as_deref().unwrap_or_default();
        match agent.chars().any(char::is_control) {
            true => Err(wrong("The User-Agent holds a control character")),
            false => Ok(self),
        }
    }
}

/// Why what was handed over is of no use for an instance.
#[derive(Debug)]
pub enum Unfit {
    /// It is for these hosts.
    Foreign(BTreeSet<String>),
    /// It has ended, the last cookie at this moment, in seconds since 1970.
    Ended(i64),
    /// It is none that a browser sends.
    Wrong(Error),
}

/// Tells whether a browser sends cookies of this name: letters, digits and some signs (RFC 6265, "token").
fn is_name(name: &str) -> bool {
    let sign = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    !name.is_empty() && name.bytes().all(sign)
}

/// The host of an address, with or without its scheme, port and path; none for what is no address.
fn host_of(address: &str) -> Option<String> {
    let address = address.trim();
    let whole = match address.contains("://") {
        true => address.to_owned(),
        false => format!("https://{address}"),
    };
    let url = Url::parse(&whole).ok()?;
    let host = url.host_str()?;
    // Without a scheme nearly every word would be one.
    let plain = address.contains("://") || host.contains('.') || host == "localhost" || host.starts_with('[');
    plain.then(|| host.to_ascii_lowercase())
}

const HOW: &str =
    "docs/ways-in.md shows how to copy it: DevTools, tab Network, a request to the LMS, Copy as cURL";

fn no_cookies(sentence: &str) -> Error {
    Error::new(Kind::Usage, format!("{sentence} A session has cookies."))
        .hint("it can be a cookies.txt, a `Cookie:` header, or a line that DevTools copies as cURL")
        .hint(HOW)
}
