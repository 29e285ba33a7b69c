//! Holds a request of the program against a recorded one: method, fields or JSON as values, headers. A token counts by
//! its place.

use serde_json::Value;

use crate::learn::scene::lf;
use crate::learn::tree::{differences as differing, places};
use crate::page::{Request, Verb};
use crate::recording::{Exchange, SentBody};

/// A request as it was recorded.
pub(super) struct Sent<'r> {
    exchange: &'r Exchange,
    body: Option<&'r SentBody>,
}

/// What a body says.
enum Said {
    Json(Value),
    Pairs(Vec<(String, String)>),
    Nothing,
}

impl<'r> Sent<'r> {
    /// A text that stands for the document's own in a request made for comparison.
    pub(super) const MARK: &'static str = "\u{e000}the text\u{e000}";

    pub(super) fn of(exchange: &'r Exchange) -> Self {
        Self {
            exchange,
            body: exchange.sent.as_ref(),
        }
    }

    fn said(&self) -> Said {
        let Some(body) = self.body else {
            return Said::Nothing;
        };
        let json = body
            .text()
            .and_then(|text| serde_json::from_str::<Value>(&text).ok());
        match json.filter(|json| json.is_object() || json.is_array()) {
            Some(json) => Said::Json(json),
            None => Said::Pairs(body.pairs()),
        }
    }

    /// Gives the text that was sent, at the place where a marked request has its mark.
    pub(super) fn text_like(&self, marked: &Request) -> Option<String> {
        match (self.said(), said(marked)) {
            (Said::Json(sent), Said::Json(marked)) => {
                let all = places(&marked);
                let (place, _) = all.iter().find(|(_, value)| value.as_str() == Some(Self::MARK))?;
                sent.pointer(place)?.as_str().map(lf)
            }
            (Said::Pairs(sent), Said::Pairs(marked)) => {
                let (name, _) = marked.iter().find(|(_, value)| value == Self::MARK)?;
                let (_, text) = sent.into_iter().find(|(known, _)| known == name)?;
                Some(lf(&text))
            }
            _ => None,
        }
    }
}

/// Reads the body of a request of our own.
fn said(request: &Request) -> Said {
    let exchange = SentBody::of_our_own(request.content_type.as_deref().unwrap_or_default(), &request.body);
    let text = exchange.text().unwrap_or_default();
    match serde_json::from_str::<Value>(&text) {
        Ok(json) if json.is_object() || json.is_array() => Said::Json(json),
        _ => Said::Pairs(exchange.pairs()),
    }
}

/// Names what differs between a request of our own and a recorded one; no values.
pub(super) fn differences(own: &Request, sent: &Sent<'_>, tokens: &[(String, String)]) -> Vec<String> {
    let mut found = Vec::new();
    let method = match own.method {
        Verb::Get => "GET",
        Verb::Post => "POST",
        Verb::Put => "PUT",
        Verb::Patch => "PATCH",
    };
    if sent.exchange.method != method {
        found.push(format!(
            "the method is {method}, and was {}",
            sent.exchange.method
        ));
    }
    let is_token = |name: &str| tokens.iter().any(|(token, _)| token == name);
    match (said(own), sent.said()) {
        (Said::Json(mut own), Said::Json(mut sent)) => {
            for (token, _) in tokens {
                for side in [&mut own, &mut sent] {
                    if let Some(value) = side.as_object_mut().and_then(|members| members.get_mut(token)) {
                        *value = Value::Null;
                    }
                }
            }
            found.extend(differing(&own, &sent));
        }
        (Said::Pairs(own), Said::Pairs(sent)) => found.extend(pairs(own, sent, &is_token)),
        (Said::Nothing, Said::Nothing) => {}
        _ => found.push("the body is written in another way".to_owned()),
    }
    for (name, value) in &own.headers {
        match sent.exchange.request_header(name) {
            Some(recorded) if recorded.trim() == value || is_token(name) || agrees(name, value, recorded) => {
            }
            Some(_) => found.push(format!("the header `{name}` has another value")),
            // A browser that is told nothing accepts anything.
            None if name.eq_ignore_ascii_case("accept") => {}
            None => found.push(format!("the header `{name}` was not sent")),
        }
    }
    found
}

/// A script that accepts JSON among other things, or anything, accepts JSON.
fn agrees(name: &str, value: &str, recorded: &str) -> bool {
    name.eq_ignore_ascii_case("accept") && (recorded.contains(value) || recorded.contains("*/*"))
}

fn pairs(
    own: Vec<(String, String)>,
    mut sent: Vec<(String, String)>,
    is_token: &dyn Fn(&str) -> bool,
) -> Vec<String> {
    let mut found = Vec::new();
    for (name, value) in own {
        let same = |(known, other): &(String, String)| {
            *known == name && (lf(other) == lf(&value) || is_token(&name))
        };
        match sent
            .iter()
            .position(same)
            .or_else(|| sent.iter().position(|(known, _)| *known == name))
        {
            Some(at) => {
                if !same(&sent[at]) {
                    found.push(format!("`{name}` has another value"));
                }
                sent.remove(at);
            }
            None => found.push(format!("`{name}` was not sent")),
        }
    }
    found.extend(
        sent.into_iter()
            .map(|(name, _)| format!("`{name}` would not be sent")),
    );
    found
}
