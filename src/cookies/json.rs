//! A list of cookies in JSON, as browser extensions and drivers write it: an array, or an object with `cookies`.

use serde_json::Value;

use crate::cookies::{Cookie, Handed, no_cookies};
use crate::error::{Error, Kind, Result};

/// Reads the list.
pub(super) fn read(text: &str) -> Result<Handed> {
    let json: Value = serde_json::from_str(text).map_err(|cause| {
        Error::new(Kind::Usage, "What was copied begins like JSON, and is none.").caused_by(cause)
    })?;
    if json.pointer("/log/entries").is_some() {
        return Err(Error::new(Kind::Usage, "This is a recording (HAR), not cookies.")
            .hint("a recording is handed over with `--har FILE` in place of `--cookies`"));
    }
    let list = match &json {
        Value::Object(members) => members.get("cookies"),
        other => Some(other),
    };
    let Some(list) = list.and_then(Value::as_array) else {
        return Err(no_cookies("This JSON has no list of cookies."));
    };
    Ok(Handed {
        cookies: list.iter().filter_map(cookie).collect(),
        user_agent: json["userAgent"].as_str().map(str::to_owned),
        ..Handed::default()
    })
}

fn cookie(value: &Value) -> Option<Cookie> {
    let text = |name: &str| value[name].as_str();
    let cookie = Cookie::new(text("name")?, text("value")?);
    let ends = ["expirationDate", "expires"]
        .iter()
        .find_map(|name| value[*name].as_f64());
    let host_only = value["hostOnly"].as_bool();
    let cookie = match text("domain") {
        // A dot in front tells the hosts below, unless the list says it otherwise.
        Some(domain) => cookie.under(domain, host_only == Some(false)),
        None => cookie,
    };
    Some(Cookie {
        path: text("path")
            .map(str::to_owned)
            .filter(|path| path.starts_with('/')),
        secure: value["secure"].as_bool().unwrap_or(false),
        #[allow(
            clippy::cast_possible_truncation,
            reason = "a moment in seconds; beyond all calendars it saturates"
        )]
        ends: ends.filter(|ends| *ends > 0.0).map(|ends| ends as i64),
        ..cookie
    })
}
