//! The headers of a script's requests, the version, and the token.

use std::collections::BTreeMap;

use crate::error::{Error, Kind, Result};
use crate::learn::Wishes;
use crate::learn::address::within;
use crate::learn::body::is_plain;
use crate::learn::fixed::Own;
use crate::learn::lesson::Lesson;
use crate::learn::scene::Scene;
use crate::learn::service::Document;
use crate::learn::sign_in::start;
use crate::learn::token::{Shown, shown};
use crate::learn::tree::{places, word};
use crate::page::quoted;

/// Headers that a browser sets, or that only speak of caches and connections.
const OF_THE_BROWSER: [&str; 28] = [
    "host",
    "connection",
    "content-length",
    "origin",
    "referer",
    "user-agent",
    "accept-encoding",
    "accept-language",
    "accept-charset",
    "cookie",
    "pragma",
    "cache-control",
    "dnt",
    "upgrade-insecure-requests",
    "priority",
    "te",
    "if-none-match",
    "if-modified-since",
    "range",
    "save-data",
    "keep-alive",
    "transfer-encoding",
    "via",
    "forwarded",
    "expect",
    "date",
    "x-client-data",
    "access-control-request-method",
];

/// A token shorter than this is not looked for.
const SHORTEST_TOKEN: usize = 6;
/// The same for one that has no digits, or nothing else.
const SHORTEST_OF_LETTERS: usize = 12;

/// Headers that scripts set as protocols and frameworks have it, whoever asks for whatever.
const OF_PROTOCOLS: [&str; 12] = [
    "accept",
    "content-type",
    "x-requested-with",
    "x-http-method-override",
    "x-http-method",
    "prefer",
    "odata-version",
    "odata-maxversion",
    "dataserviceversion",
    "maxdataserviceversion",
    "x-ajax",
    "hx-request",
];

fn of_protocols(name: &str) -> bool {
    OF_PROTOCOLS.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// Where a token was sent, as `[part.service.token]` calls it, the name, and the token.
struct Sent<'r> {
    way: &'static str,
    name: String,
    value: std::borrow::Cow<'r, str>,
}

/// Teaches headers, version and token of a save.
///
/// # Errors
/// [`Kind::Page`] where the save is signed in by more than cookies.
pub(super) fn teach(
    scene: &Scene<'_>,
    at: usize,
    (list, document): (usize, &Document),
    wishes: &Wishes<'_>,
    lesson: &mut Lesson,
) -> Result<()> {
    let from = scene.label(at);
    if scene.all[at].request_header("authorization").is_some() {
        return Err(Error::new(
            Kind::Page,
            format!(
                "{} is signed by a header `Authorization`, not by cookies alone: lmskeep signs in with a form or takes \
                 over a browser's cookies, and has no such header.",
                from.replacen("request", "Request", 1)
            ),
        )
        .hint("copy the files by hand instead: lmskeep import NAME DIR"));
    }
    // What stands in a row of the list is a document's own, however long and mixed.
    let own = Own::of_row(document);
    for (name, value) in scene.all[at].url.query_pairs() {
        let kept = scene.clean(at).query_pairs().any(|(known, _)| known == name);
        if !kept && own.has(&value) {
            return Err(Error::new(
                Kind::Page,
                format!(
                    "`{name}` in the address of {from} is the document's own, and looks like a token: no profile can say it."
                ),
            ));
        }
    }
    let is_token = |name: &str, value: &str| {
        if own.has(value) {
            return false;
        }
        let negotiates = ["accept", "content-type"]
            .iter()
            .any(|known| name.eq_ignore_ascii_case(known));
        !negotiates && may_be_token(scene, value) && shown(scene, at, value, &[]).is_some()
    };
    let mut read = read_headers(scene, list, document.at);
    read.retain(|name, value| !is_token(name, value));
    for (name, value) in &read {
        lesson.add("part.service.headers", name, quoted(value), &scene.label(list));
    }
    let mut tokens = Vec::new();
    for (name, value) in own_headers(scene, at) {
        if teach_version(scene, document, (&name, &value), &from, lesson) {
            continue;
        }
        if read.get(&name) == Some(&value) {
            continue;
        }
        if is_token(&name, &value) {
            tokens.push(Sent {
                way: "header",
                name,
                value: value.into(),
            });
        } else if scene.secrets.is(&value) {
            lesson.notes.push(format!(
                "The header `{name}` of the save carries something of which the recording does not show where it comes \
                 from: it is left out."
            ));
        } else if of_protocols(&name) && is_plain(scene, &value) && !Own::of(document).has(&value) {
            lesson.add("part.service.save.headers", &name, quoted(&value), &from);
        } else {
            lesson.notes.push(format!(
                "The header `{name}` of the save is left out: it may be of this one document, or of you. Where the LMS asks for \
                 it, add it to `[part.service.save.headers]`."
            ));
        }
    }
    tokens.extend(in_query(scene, at));
    tokens.extend(in_body(scene, at, document));
    let mut tokens = tokens.into_iter();
    if let Some(sent) = tokens.next() {
        teach_token(scene, at, document, &sent, wishes, lesson)?;
    }
    for other in tokens {
        lesson.notes.push(format!(
            "`{}` seems to be a second token: a profile knows one, and this one is left out.",
            other.name
        ));
    }
    Ok(())
}

/// Headers that a request's script has set, with what a profile may need of them.
fn own_headers(scene: &Scene<'_>, at: usize) -> Vec<(String, String)> {
    let is_own = |name: &str| {
        let name = name.to_ascii_lowercase();
        !OF_THE_BROWSER.contains(&name.as_str())
            && !name.starts_with(':')
            && ["sec-", "proxy-", "x-devtools-"]
                .iter()
                .all(|begin| !name.starts_with(begin))
    };
    let headers = scene.all[at]
        .request_headers
        .iter()
        .filter(|(name, _)| is_own(name));
    let wanted = |(name, value): &(String, String)| {
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            // A browser asks for anything; a script that wants JSON says so.
            "accept" if !value.contains("json") => None,
            "accept" => Some(("Accept".to_owned(), json_of(value).to_owned())),
            "content-type" if is_usual(value) => None,
            "content-type" => Some(("Content-Type".to_owned(), value.to_owned())),
            _ => Some((name.clone(), value.to_owned())),
        }
    };
    headers.filter_map(wanted).collect()
}

/// The media type of JSON that a script accepts, without what else it would take.
fn json_of(accept: &str) -> &str {
    let mut types = accept.split(',').map(str::trim);
    types.find(|kind| kind.contains("json")).unwrap_or(accept)
}

/// Tells whether a content type is the one that goes with its body unsaid.
fn is_usual(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    ["application/json", "application/x-www-form-urlencoded"]
        .iter()
        .any(|usual| essence.eq_ignore_ascii_case(usual))
}

/// Headers that the list and the document were both asked with, always the same.
fn read_headers(scene: &Scene<'_>, list: usize, document: usize) -> BTreeMap<String, String> {
    let of_list = own_headers(scene, list);
    let both = own_headers(scene, document)
        .into_iter()
        .filter(|header| of_list.contains(header));
    both.filter(|(name, value)| {
        let is_fetch = ["fetch", "required"].contains(&value.to_lowercase().as_str());
        name != "Content-Type" && !is_fetch && of_protocols(name) && is_plain(scene, value)
    })
    .collect()
}

/// Teaches the version where a header carries it; tells whether it did.
fn teach_version(
    scene: &Scene<'_>,
    document: &Document,
    (name, value): (&str, &str),
    from: &str,
    lesson: &mut Lesson,
) -> bool {
    let tag = scene.all[document.at].response_header("etag").map(str::trim);
    if tag == Some(value) {
        lesson.add(
            "part.service.document",
            "etag",
            "true".to_owned(),
            &scene.label(document.at),
        );
        lesson.text("part.service.save", "version-header", name, from);
        return true;
    }
    if !name.eq_ignore_ascii_case("if-match") {
        return false;
    }
    let all = places(&document.json);
    let found = all.iter().find(|(_, told)| word(told).as_deref() == Some(value));
    if let Some((pointer, _)) = found {
        lesson.text(
            "part.service.document",
            "version",
            pointer,
            &scene.label(document.at),
        );
        lesson.text("part.service.save", "version-header", name, from);
    }
    found.is_some()
}

fn may_be_token(scene: &Scene<'_>, value: &str) -> bool {
    let mixed = value.chars().any(|c| c.is_ascii_digit()) && value.chars().any(|c| c.is_ascii_alphabetic());
    let long = value.len()
        >= if mixed {
            SHORTEST_TOKEN
        } else {
            SHORTEST_OF_LETTERS
        };
    scene.secrets.is(value) || (long && !value.contains(' '))
}

/// A token among the parameters of the save's address.
fn in_query<'r>(scene: &Scene<'r>, at: usize) -> Vec<Sent<'r>> {
    let clean = scene.clean(at);
    let url = &scene.all[at].url;
    let dropped = url
        .query_pairs()
        .filter(|(name, _)| !clean.query_pairs().any(|(kept, _)| kept == *name));
    dropped
        .filter(|(_, value)| scene.secrets.is(value) && shown(scene, at, value, &[]).is_some())
        .map(|(name, value)| Sent {
            way: "parameter",
            name: name.into_owned(),
            value,
        })
        .collect()
}

/// A token among the outermost members of the save's body, where it does not come from the document itself.
fn in_body<'r>(scene: &Scene<'r>, at: usize, document: &Document) -> Vec<Sent<'r>> {
    let Some(sent) = scene.all[at].sent.as_ref() else {
        return Vec::new();
    };
    let json = sent
        .text()
        .and_then(|text| serde_json::from_str::<serde_json::Value>(&text).ok());
    let pairs: Vec<(String, String)> = match json {
        Some(serde_json::Value::Object(members)) => members
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.as_str()?.to_owned())))
            .collect(),
        _ => sent.pairs(),
    };
    let of_document = |value: &str| {
        places(&document.json)
            .iter()
            .any(|(_, told)| told.as_str() == Some(value))
    };
    pairs
        .into_iter()
        .filter(|(_, value)| {
            scene.secrets.is(value) && !of_document(value) && !Own::of_row(document).has(value)
        })
        .filter(|(_, value)| shown(scene, at, value, &[]).is_some())
        .map(|(name, value)| Sent {
            way: "field",
            name,
            value: value.into(),
        })
        .collect()
}

fn teach_token(
    scene: &Scene<'_>,
    at: usize,
    document: &Document,
    sent: &Sent<'_>,
    wishes: &Wishes<'_>,
    lesson: &mut Lesson,
) -> Result<()> {
    const TABLE: &str = "part.service.token";
    let (from, name, value) = (scene.label(at), &sent.name, &sent.value);
    lesson.text(TABLE, sent.way, name, &from);
    // What differs from document to document has no one address.
    let apart: Vec<usize> = scene
        .before(at)
        .filter(|ix| scene.alike(*ix, document.at))
        .collect();
    let Some(found) = shown(scene, at, value, &apart) else {
        return Err(Error::new(
            Kind::Page,
            format!(
                "The token that {from} sends in `{name}` is shown by the document's own answer only: a profile asks one \
                 address for it, the same for all documents."
            ),
        ));
    };
    let start = start(scene, at);
    let address = |ix: usize, lesson: &mut Lesson| {
        if start.is_none_or(|start| !scene.alike(start, ix)) {
            lesson.text(TABLE, "address", &within(&scene.clean(ix)), &scene.label(ix));
        }
    };
    let where_from = match &found {
        Shown::Pointer(ix, pointer) => {
            address(*ix, lesson);
            lesson.text(TABLE, "pointer", pointer, &scene.label(*ix));
            format!("from the JSON of {}", scene.label(*ix))
        }
        Shown::Header(ix, header, asked) => {
            address(*ix, lesson);
            lesson.text(TABLE, "response-header", header, &scene.label(*ix));
            if let Some((header, asked)) = asked {
                lesson.text(
                    "part.service.token.request-headers",
                    header,
                    asked,
                    &scene.label(*ix),
                );
            }
            format!("from a header of {}", scene.label(*ix))
        }
        Shown::Cookie(cookie) => {
            lesson.text(TABLE, "cookie", cookie, &from);
            format!("from the cookie `{cookie}`")
        }
        Shown::Page(ix, shown_as) | Shown::Script(ix, shown_as) => {
            address(*ix, lesson);
            wishes.teach_token_name(shown_as, &scene.label(*ix), lesson);
            format!("from {}", scene.label(*ix))
        }
    };
    lesson.told.push(("token", format!("`{name}`, {where_from}")));
    Ok(())
}
