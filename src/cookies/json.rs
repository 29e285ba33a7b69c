//! Cookies in JSON, as browser extensions, drivers and DevTools write them: a list, an object with `cookies`, or names
//! and values.

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::cookies::{Cookie, Handed, no_cookies};
use crate::error::{Error, Kind, Result};

/// Members under which an object has its cookies.
const LISTS: &[&str] = &["cookies", "Request Cookies", "Response Cookies"];

/// Reads the list.
pub(super) fn read(text: &str) -> Result<Handed> {
    if text.starts_with("{\\rtf") {
        return Err(no_cookies("This is formatted text (RTF).").hint("save it as plain text"));
    }
    let whole = serde_json::from_str(text).or_else(|cause| {
        // One object a line.
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        let each: std::result::Result<Vec<Value>, _> = lines.map(serde_json::from_str).collect();
        each.map(Value::Array).map_err(|_| cause)
    });
    let json: Value = whole.map_err(|cause| {
        Error::new(Kind::Usage, "What was copied begins like JSON, and is none.").caused_by(cause)
    })?;
    if json.pointer("/log/entries").is_some() {
        return Err(Error::new(Kind::Usage, "This is a recording (HAR), not cookies.")
            .hint("a recording is handed over with `lmskeep login NAME --har FILE`"));
    }
    let cookies = all(&json);
    match cookies.is_empty() {
        true => Err(no_cookies("This JSON has no cookies.")),
        false => Ok(Handed {
            cookies,
            user_agent: json["userAgent"].as_str().map(str::to_owned),
            ..Handed::default()
        }),
    }
}

fn all(json: &Value) -> Vec<Cookie> {
    match json {
        Value::Array(list) => list.iter().filter_map(cookie).collect(),
        Value::Object(members) => {
            if let Some(one) = cookie(json) {
                return vec![one];
            }
            match LISTS.iter().find_map(|name| members.get(*name)) {
                Some(inner) => all(inner),
                None => named(members),
            }
        }
        _ => Vec::new(),
    }
}

/// Names and values, where there is nothing else.
fn named(members: &Map<String, Value>) -> Vec<Cookie> {
    let pair = |(name, value): (&String, &Value)| Some(Cookie::new(name, text(value)?));
    let all: Option<Vec<Cookie>> = members.iter().map(pair).collect();
    all.unwrap_or_default()
}

fn cookie(value: &Value) -> Option<Cookie> {
    let first = |names: &[&str]| names.iter().find_map(|name| value.get(*name));
    let cookie = Cookie::new(
        first(&["name", "Name raw"])?.as_str()?,
        text(first(&["value", "Content raw"])?)?,
    );
    let host_only = value["hostOnly"].as_bool();
    let host = first(&["domain", "host", "Host raw"]).and_then(Value::as_str);
    let cookie = match host {
        // A dot in front tells the hosts below, unless the list says it otherwise.
        Some(host) => cookie.under(host, host_only == Some(false)),
        None => cookie,
    };
    let path = first(&["path", "Path raw"]).and_then(Value::as_str);
    Some(Cookie {
        path: path.map(str::to_owned).filter(|path| path.starts_with('/')),
        secure: value["secure"].as_bool().unwrap_or(false),
        ends: first(&["expirationDate", "expiry", "expires"]).and_then(moment),
        ..cookie
    })
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// Seconds since 1970, or a date.
fn moment(value: &Value) -> Option<i64> {
    match value {
        #[allow(
            clippy::cast_possible_truncation,
            reason = "a moment in seconds; beyond all calendars it saturates"
        )]
        Value::Number(number) => number
            .as_f64()
            .map(|seconds| seconds as i64)
            .filter(|ends| *ends > 0),
        Value::String(text) => text.parse::<Timestamp>().ok().map(Timestamp::as_second),
        _ => None,
    }
}
