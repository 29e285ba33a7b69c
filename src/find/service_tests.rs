use std::collections::BTreeSet;

use url::Url;

use crate::find::{Answers, Editor, Guarded, Naming, Roll, Unclear, roll};
use crate::page::{Page, Verb};
use crate::profile::{Origin, Part, Profile, parse};

const OWN: &str = include_str!("../../fixtures/profiles/practice-service.toml");
const AT: &str = "http://lms.example/learning/admin/service/configurations/SSO";
const RECORD: &str = r#"{"configurationID":"SSO", "version" : 7,"readOnly":false,
  "big":123456789012345678901234567890, "n":1.50, "configurationText":"a=\u00fc\r\nb=\"2\"\r\n", "x":{"y":[null]}}"#;

fn profile(text: &str) -> Profile {
    parse(text, &Origin::BuiltIn).unwrap()
}

fn page(body: &[u8], kind: &str) -> Page {
    Page::parse(body, Some(kind), &Url::parse(AT).unwrap())
}

fn json(body: &str) -> Page {
    page(body.as_bytes(), "application/json")
}

fn editor(page: Page, profile: &Profile) -> Result<Editor, Unclear> {
    Editor::of(page, &profile.parts[0], &profile.words, &Answers::new())
}

fn unclear(page: Page) -> String {
    editor(page, &profile(OWN)).unwrap_err().sentence
}

fn named(editor: &Editor, part: &Part, asked: &str) -> Naming {
    editor.naming(part, asked, &BTreeSet::new(), &BTreeSet::new())
}

#[test]
fn a_record_shows_its_text_with_lf_and_whose_it_is() {
    let profile = profile(OWN);
    let editor = editor(json(RECORD), &profile).unwrap();
    assert_eq!(editor.text(), "a=ü\nb=\"2\"\n");
    assert_eq!(named(&editor, &profile.parts[0], "SSO"), Naming::Asked);
    assert_eq!(
        named(&editor, &profile.parts[0], "sso"),
        Naming::Other("SSO".into())
    );
    assert!(editor.read_only().is_none());
    assert!(matches!(editor.guarded(), Guarded::Header(rules) if rules.sent_as() == "owasp_csrftoken"));
    let names: Vec<String> = editor.fields().into_iter().collect();
    assert_eq!(names.len(), 7);
}

#[test]
fn what_is_sent_is_what_was_read_but_for_the_text() {
    let editor = editor(json(RECORD), &profile(OWN)).unwrap();
    let token = [("owasp_csrftoken".to_owned(), "T-1".to_owned())];
    let request = editor.request("a=ü\nb=\"3\"\n", &token).unwrap();
    assert_eq!(request.method, Verb::Put);
    assert_eq!(request.url.as_str(), AT);
    assert_eq!(request.content_type.as_deref(), Some("application/json"));
    assert_eq!(request.headers, token);
    let sent = String::from_utf8(request.body).unwrap();
    let wanted = RECORD.replace(r#""a=\u00fc\r\nb=\"2\"\r\n""#, r#""a=ü\r\nb=\"3\"\r\n""#);
    assert_eq!(sent, wanted);
}

#[test]
fn line_ends_are_those_of_most_lines() {
    let sent = |text: &str| {
        let record = RECORD.replace(r"a=\u00fc\r\nb=\", text);
        let record = record.replace("\"2\\\"\\r\\n\"", "\"");
        let editor = editor(json(&record), &profile(OWN)).unwrap();
        let request = editor.request("x\ny\n", &[]).unwrap();
        let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
        body["configurationText"].as_str().unwrap().to_owned()
    };
    assert_eq!(sent(r"a\nb\n"), "x\ny\n");
    assert_eq!(sent(r"a\r\nb\r\n"), "x\r\ny\r\n");
    assert_eq!(sent(r"a\r\nb\nc\r\n"), "x\r\ny\r\n");
    assert_eq!(sent(r"a\nb\r\nc\n"), "x\ny\n");
    assert_eq!(sent("one line"), "x\ny\n");
}

#[test]
fn a_body_of_members_takes_them_from_what_was_read() {
    let own = OWN.replace(
        "method = \"PUT\"",
        "method = \"POST\"\naddress = \"../save\"\nversion-header = \"If-Match\"\n\
         body = { id = \"/configurationID\", big = \"/big\", text = \"/configurationText\", y = \"/x/y\" }\n\
         headers = { X-Requested-With = \"XMLHttpRequest\" }",
    );
    let editor = editor(json(RECORD), &profile(&own)).unwrap();
    let request = editor.request("n=1\n", &[("t".into(), "1".into())]).unwrap();
    assert_eq!(request.method, Verb::Post);
    assert_eq!(
        request.url.as_str(),
        "http://lms.example/learning/admin/service/save"
    );
    assert_eq!(
        String::from_utf8(request.body).unwrap(),
        r#"{"big":123456789012345678901234567890,"id":"SSO","text":"n=1\r\n","y":[null]}"#
    );
    let headers = [
        ("X-Requested-With", "XMLHttpRequest"),
        ("If-Match", "7"),
        ("t", "1"),
    ];
    assert_eq!(
        request.headers,
        headers.map(|(n, v)| (n.to_owned(), v.to_owned()))
    );
    let told = format!("{:?} {:?}", editor, editor.request("secret=1", &[]));
    assert!(!told.contains("secret") && !told.contains("a=ü"), "{told}");
}

#[test]
fn a_record_that_lacks_something_or_is_none_is_not_understood() {
    let without = |what: &str, by: &str| unclear(json(&RECORD.replacen(what, by, 1)));
    assert_eq!(
        without("\"configurationText\"", "\"t\""),
        "has no text at `/configurationText`"
    );
    assert_eq!(
        without("\"configurationID\"", "\"t\""),
        "has no name at `/configurationID`"
    );
    assert_eq!(without("\"version\"", "\"t\""), "has no version at `/version`");
    assert_eq!(
        without("\"readOnly\"", "\"t\""),
        "has no read-only mark at `/readOnly`"
    );
    assert_eq!(
        without("7", "null"),
        "has no version at `/version`, but something else"
    );
    assert_eq!(
        without("false", "\"no\""),
        "has no read-only mark at `/readOnly`, but something else"
    );
    assert_eq!(
        without("\"SSO\"", "[]"),
        "has no name at `/configurationID`, but something else"
    );
    assert_eq!(
        without("{", "{\"configurationText\":\"\","),
        "has `configurationText` twice"
    );
    assert_eq!(
        without(r"\u00fc", r"\ud800"),
        "has a text at `/configurationText` that is no Unicode"
    );
    for cut in [1, 40, RECORD.len() / 2, RECORD.len() - 1] {
        assert!(
            unclear(json(&RECORD[..cut])).starts_with("is no JSON, or was cut off"),
            "{cut}"
        );
    }
    assert!(unclear(json("[]")).starts_with("has no text at"));
    let html = page(b"<html><form><input type=password></form></html>", "text/html");
    assert_eq!(unclear(html), "is a page for people, where JSON was expected");
}

#[test]
fn bytes_are_read_as_json_is_written() {
    let text = |body: &[u8], kind: &str| {
        let page = page(body, kind);
        assert!(!page.garbled, "{kind}");
        editor(page, &profile(OWN)).unwrap().text().to_owned()
    };
    let record = RECORD.replace(r"\u00fc", "ü😀");
    let wanted = "a=ü😀\nb=\"2\"\n";
    for kind in [
        "application/json",
        "application/json;charset=UTF-8",
        "application/hal+json",
        "text/plain",
    ] {
        assert_eq!(text(record.as_bytes(), kind), wanted, "{kind}");
        let with_mark = [b"\xef\xbb\xbf", record.as_bytes()].concat();
        assert_eq!(text(&with_mark, kind), wanted, "{kind}");
    }
    let latin = encoding_rs::WINDOWS_1252
        .encode(&RECORD.replace(r"\u00fc", "ü"))
        .0
        .into_owned();
    assert_eq!(
        text(&latin, "application/json;charset=ISO-8859-1"),
        "a=ü\nb=\"2\"\n"
    );
    assert!(
        page(&latin, "application/json").garbled,
        "what is no UTF-8 is refused where it is read"
    );
}

#[test]
fn what_cannot_be_changed_gives_no_request() {
    let closed = editor(json(&RECORD.replace("false", "true")), &profile(OWN)).unwrap();
    assert_eq!(closed.read_only().unwrap().why, "its text is read-only");
    assert!(closed.request("x", &[]).is_err());
    let unsaved = OWN.replace("[part.service.save]\nmethod = \"PUT\"\n", "");
    let unsaved = editor(json(RECORD), &profile(&unsaved)).unwrap();
    assert!(unsaved.read_only().is_some() && unsaved.request("x", &[]).is_err());
}

fn listed(body: &str, change: &[(&str, &str)]) -> Result<Roll, Unclear> {
    let own = change.iter().fold(OWN.to_owned(), |own, (from, to)| {
        assert!(own.contains(from), "{from}");
        own.replacen(from, to, 1)
    });
    let profile = profile(&own);
    let url = Url::parse("http://lms.example/a/list?x=1&page=1").unwrap();
    let page = Page::parse(body.as_bytes(), Some("application/json"), &url);
    roll(&page, &profile.parts[0].service.as_ref().unwrap().list)
}

#[test]
fn a_list_tells_names_keys_links_and_the_next_page() {
    let body = r#"{"total":3,"items":[{"configurationID":"A","id":17,"href":"doc?id=17"},{"configurationID":"B C","id":"x/y","href":"/b"}],"next":"list?page=2"}"#;
    let plain = listed(body, &[]).unwrap();
    assert_eq!(
        (plain.total, plain.rows[0].key.as_str(), &plain.rows[0].link),
        (Some(3), "A", &None)
    );
    assert_eq!(plain.next.unwrap().as_str(), "http://lms.example/a/list?page=2");
    let keyed = listed(body, &[("total = \"/total\"", "key = \"/id\"")]).unwrap();
    let keys: Vec<&str> = keyed.rows.iter().map(|row| row.key.as_str()).collect();
    assert_eq!((keys, keyed.total), (vec!["17", "x/y"], None));
    let linked = [
        ("total = \"/total\"", "link = \"/href\""),
        ("address = \"learning/admin/service/configurations/{name}\"\n", ""),
    ];
    let links: Vec<String> = listed(body, &linked)
        .unwrap()
        .rows
        .into_iter()
        .map(|row| row.link.unwrap().to_string())
        .collect();
    assert_eq!(links, ["http://lms.example/a/doc?id=17", "http://lms.example/b"]);
    let counted = [("next = \"/next\"", "next = \"/total\"\nnext-in = \"page\"")];
    assert_eq!(
        listed(body, &counted).unwrap().next.unwrap().as_str(),
        "http://lms.example/a/list?x=1&page=3"
    );
    for last in ["null", "\"\""] {
        let body = body.replace("\"list?page=2\"", last);
        assert_eq!(listed(&body, &[]).unwrap().next, None);
    }
    let whole = listed(
        r#"["A","B"]"#,
        &[
            ("rows = \"/items\"", "rows = \"\""),
            ("name = \"/configurationID\"\ntotal", "name = \"\"\ntotal"),
            ("total = \"/total\"\n", ""),
        ],
    );
    assert_eq!(whole.unwrap().rows.len(), 2);
}

#[test]
fn a_list_that_is_not_whole_is_no_list() {
    let said = |body: &str| listed(body, &[]).unwrap_err().sentence;
    assert_eq!(said(r#"{"total":1}"#), "has no list at `/items`");
    assert_eq!(said(r#"{"items":{},"total":1}"#), "has no list at `/items`");
    assert_eq!(said(r#"{"items":[]}"#), "has no number at `/total`");
    assert_eq!(
        said(r#"{"items":[{"n":1}],"total":1}"#),
        "has a row without a text at `/configurationID`"
    );
    assert_eq!(
        said(r#"{"items":[{"configurationID":" "}],"total":1}"#),
        "has a row without a text at `/configurationID`"
    );
    let row = r#"{"configurationID":"A"}"#;
    assert_eq!(
        said(&format!(r#"{{"items":[{row},{row}],"total":2}}"#)),
        "names `A` twice"
    );
    assert_eq!(
        said(&format!(r#"{{"items":[{row}],"total":1,"next":{{}}}}"#)),
        "has no text at `/next`, where the next page stands"
    );
    assert!(said("{\"items\":[").starts_with("is no JSON"));
}
