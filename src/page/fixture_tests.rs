//! Every form of `fixtures/pages/forms` sends what Chromium sent.

use std::collections::BTreeMap;

use serde::Deserialize;
use url::Url;

use super::{Edits, Page, Verb};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    page: Option<String>,
    page_bytes: Option<String>,
    #[serde(default = "utf_8")]
    content_type: String,
    #[serde(default)]
    form: usize,
    #[serde(default)]
    set: BTreeMap<String, String>,
    #[serde(default)]
    check: BTreeMap<String, bool>,
    #[serde(default)]
    choose: BTreeMap<String, Vec<usize>>,
    press: Option<String>,
    method: String,
    url: String,
    sent_type: Option<String>,
    body: Option<String>,
    body_bytes: Option<String>,
}

fn utf_8() -> String {
    "text/html; charset=utf-8".to_owned()
}

fn bytes(text: Option<&String>, bytes: Option<&String>) -> Vec<u8> {
    match (text, bytes) {
        (Some(text), _) => text.clone().into_bytes(),
        (None, Some(bytes)) => bytes
            .chars()
            .map(|c| u8::try_from(u32::from(c)).unwrap())
            .collect(),
        (None, None) => Vec::new(),
    }
}

fn difference(case: &Case) -> Option<String> {
    let url = Url::parse("http://lms.test/lms/page.do?id=7#top").unwrap();
    let page = Page::parse(
        &bytes(case.page.as_ref(), case.page_bytes.as_ref()),
        Some(&case.content_type),
        &url,
    );
    let Some(form) = page.forms.get(case.form) else {
        return Some("no such form".to_owned());
    };
    let place = |id: &str| form.controls.iter().position(|c| c.id == id).unwrap();
    let mut edits = Edits::new();
    for (id, value) in &case.set {
        edits = edits.set(place(id), value);
    }
    for (id, on) in &case.check {
        edits = edits.check(place(id), *on);
    }
    for (id, options) in &case.choose {
        edits = edits.choose(place(id), options.clone());
    }
    let request = match form.request(&edits, case.press.as_deref().map(place), &[]) {
        Ok(request) => request,
        Err(error) => return Some(error.to_string()),
    };
    let method = if request.method == Verb::Get {
        "GET"
    } else {
        "POST"
    };
    let address = request.url[url::Position::BeforePath..].to_owned();
    let mut body = String::from_utf8_lossy(&request.body).into_owned();
    let mut wanted =
        String::from_utf8_lossy(&bytes(case.body.as_ref(), case.body_bytes.as_ref())).into_owned();
    let mut sent_type = request.content_type.clone();
    let mut equal = request.body == bytes(case.body.as_ref(), case.body_bytes.as_ref());
    if let Some((kind, boundary)) = request
        .content_type
        .as_deref()
        .and_then(|t| t.split_once("boundary="))
    {
        let latin = |bytes: &[u8]| bytes.iter().copied().map(char::from).collect::<String>();
        body = latin(&request.body).replace(boundary, "BOUNDARY");
        wanted = latin(&bytes(case.body.as_ref(), case.body_bytes.as_ref()));
        sent_type = Some(format!("{kind}boundary=BOUNDARY"));
        equal = body == wanted;
    }
    if method == case.method && address == case.url && sent_type == case.sent_type && equal {
        return None;
    }
    Some(format!(
        "sent   {method} {address} {sent_type:?}\n    {body:?}\n  wanted {} {} {:?}\n    {wanted:?}",
        case.method, case.url, case.sent_type
    ))
}

fn check(fixture: &str) {
    let file: File = toml::from_str(fixture).unwrap();
    let differences: Vec<String> = file
        .case
        .iter()
        .filter_map(|case| Some(format!("{}\n  {}", case.name, difference(case)?)))
        .collect();
    assert!(
        differences.is_empty(),
        "{} of {} differ:\n{}",
        differences.len(),
        file.case.len(),
        differences.join("\n")
    );
}

#[test]
fn controls_are_sent_as_chromium_sends_them() {
    check(include_str!("../../fixtures/pages/forms/controls.toml"));
}

#[test]
fn buttons_are_sent_as_chromium_sends_them() {
    check(include_str!("../../fixtures/pages/forms/buttons.toml"));
}

#[test]
fn selects_are_sent_as_chromium_sends_them() {
    check(include_str!("../../fixtures/pages/forms/selects.toml"));
}

#[test]
fn texts_are_sent_as_chromium_sends_them() {
    check(include_str!("../../fixtures/pages/forms/texts.toml"));
}

#[test]
fn broken_markup_is_sent_as_chromium_sends_it() {
    check(include_str!("../../fixtures/pages/forms/structure.toml"));
}

#[test]
fn addresses_and_bodies_are_as_chromium_writes_them() {
    check(include_str!("../../fixtures/pages/forms/addresses.toml"));
}

#[test]
fn encodings_are_as_chromium_takes_them() {
    check(include_str!("../../fixtures/pages/forms/encodings.toml"));
}
