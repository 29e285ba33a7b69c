//! The cookies of a recording: those a browser sent to a host last, and those it was given since.

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use url::Url;

use crate::cookies::{Cookie, Handed};
use crate::error::{Error, Kind, Result};
use crate::recording::{Exchange, Recording};
use crate::sensitive::is_mask;

impl Handed {
    /// Takes what a recording tells of the session with an instance.
    ///
    /// # Errors
    /// [`Kind::Refused`] where the instance is not in it, [`Kind::Usage`] where its cookies are not.
    pub fn of_recording(recording: &Recording, root: &Url) -> Result<Self> {
        let host = root.host_str().unwrap_or_default();
        let with_host = |exchange: &&Exchange| exchange.url.host_str() == Some(host);
        let mut own = recording.exchanges.iter().filter(with_host).peekable();
        if own.peek().is_none() {
            return Err(not_in_it(recording, host));
        }
        let mut handed = Self::default();
        let mut had_any = false;
        for exchange in own {
            let mut seen: Vec<&str> = Vec::new();
            for (name, value) in &exchange.request_cookies {
                // Some recorders put a mask in place of values; and of two of one name the first counts.
                if is_mask(value) || seen.contains(&name.as_str()) {
                    continue;
                }
                seen.push(name);
                had_any = true;
                handed.sends(name, value, host);
            }
            let set = exchange.response_headers.iter();
            for (_, line) in set.filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie")) {
                // Some recorders put several of them into one header.
                for line in line.lines() {
                    handed.sets(line, exchange, host);
                }
            }
            let agent = exchange.request_header("user-agent").map(str::to_owned);
            handed.user_agent = agent.or(handed.user_agent);
        }
        match handed.cookies.is_empty() {
            true if !had_any => Err(left_out()),
            true => Err(Error::new(
                Kind::SignIn,
                format!("The recording ends signed out: `{host}` has taken the last cookie away."),
            )
            .hint("record anew, and leave the browser signed in")),
            false => Ok(handed),
        }
    }

    /// A cookie that the browser sent: it has it, wherever it belongs.
    fn sends(&mut self, name: &str, value: &str, host: &str) {
        let known = self
            .cookies
            .iter()
            .any(|c| c.name == name && c.value.expose() == value);
        if !known {
            self.cookies.retain(|c| c.name != name || c.path.is_some());
            match self.cookies.iter_mut().find(|c| c.name == name) {
                Some(cookie) => {
                    *cookie = Cookie {
                        path: None,
                        ..Cookie::new(name, value)
                    }
                    .under(host, false)
                }
                None => self.cookies.push(Cookie::new(name, value).under(host, false)),
            }
        }
    }

    /// A cookie that the browser was given, or that was taken away (RFC 6265, "Set-Cookie").
    fn sets(&mut self, line: &str, exchange: &Exchange, host: &str) {
        let mut parts = line.split(';');
        let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else {
            return;
        };
        let mut cookie = Cookie::new(name.trim(), value.trim()).under(host, false);
        // The default is the folder of the page.
        let folder = exchange
            .url
            .path()
            .rsplit_once('/')
            .map_or("", |(folder, _)| folder);
        cookie.path = Some(if folder.is_empty() {
            "/".to_owned()
        } else {
            folder.to_owned()
        });
        let (mut age, mut until) = (None, None);
        for part in parts {
            let (word, value) = part.split_once('=').unwrap_or((part, ""));
            let value = value.trim();
            match word.trim().to_ascii_lowercase().as_str() {
                "domain" if !value.is_empty() => cookie = cookie.under(value, true),
                "path" if value.starts_with('/') => cookie.path = Some(value.to_owned()),
                "secure" => cookie.secure = true,
                "max-age" => age = value.parse::<i64>().ok(),
                "expires" => until = moment(value),
                _ => {}
            }
        }
        let started = exchange.started.map(Timestamp::as_second);
        let gone = match (age, until, started) {
            (Some(age), _, _) => age <= 0,
            (None, Some(until), Some(started)) => until <= started,
            (None, Some(until), None) => until <= 0,
            _ => false,
        };
        cookie.ends = match (age, started) {
            (Some(age), Some(started)) => Some(started.saturating_add(age)),
            _ => until,
        };
        // One whose path nobody told may be this one.
        let same = |c: &Cookie| c.name == cookie.name && (c.path.is_none() || c.path == cookie.path);
        self.cookies.retain(|c| !same(c));
        if !gone {
            self.cookies.push(cookie);
        }
    }
}

/// Reads a date as servers write it, with blanks or, from older times, with `-` between.
fn moment(text: &str) -> Option<i64> {
    let text = text.replace('-', " ");
    rfc2822::parse(&text)
        .ok()
        .map(|moment| moment.timestamp().as_second())
}

fn not_in_it(recording: &Recording, host: &str) -> Error {
    let mut hosts: Vec<String> = Vec::new();
    let first = recording.exchanges.first().map(|exchange| exchange.url.clone());
    for exchange in &recording.exchanges {
        let found = exchange.url.host_str().map(|host| format!("`{host}`"));
        hosts.extend(found.filter(|found| !hosts.contains(found)));
    }
    let what = match hosts.as_slice() {
        [] => "it is empty".to_owned(),
        some => format!("it is of {}", some[..some.len().min(4)].join(", ")),
    };
    let error = Error::new(
        Kind::Refused,
        format!("The recording has no request to `{host}`: {what}."),
    )
    .hint(format!("record while a page of `{host}` is opened"));
    match first {
        Some(url) => error.leading_to(url),
        None => error,
    }
}

fn left_out() -> Error {
    Error::new(
        Kind::Usage,
        "The recording has no cookies: browsers leave them out unless they are asked for.",
    )
    .hint(
        "Chrome and Edge: DevTools, Settings (F1), Preferences, Network: tick \"Allow to generate HAR with sensitive data\"; \
         then hold the export button of the tab Network down: \"Export HAR (with sensitive data)\"",
    )
    .hint("or copy one request as cURL, and hand it over with `--cookies FILE`")
}
