use serde_json::{Value, json};
use std::io::{self, Read};

use super::{Body, Exchange, MissingBody, Recording, read};
use crate::error::{Error, Kind};

fn har(entries: Value) -> String {
    json!({"log": {"version": "1.2", "creator": {"name": "X", "version": "1"}, "entries": entries}})
        .to_string()
}

pub(super) fn recorded(entries: Value) -> Recording {
    read(har(entries).as_bytes()).unwrap()
}

fn failure(bytes: &[u8]) -> Error {
    let error = read(bytes).unwrap_err();
    assert_eq!(error.kind(), Kind::Usage);
    assert!(!error.hints().is_empty() || error.message().contains("cannot be read"));
    error
}

pub(super) fn entry(url: &str, content: Value) -> Value {
    json!({
        "startedDateTime": "2026-11-03T10:00:00.000Z",
        "request": {"method": "get", "url": url, "headers": [], "cookies": []},
        "response": {"status": 200, "headers": [], "content": content},
    })
}

fn body(content: Value) -> Body {
    let entries = json!([entry("http://lms.example/a", content)]);
    recorded(entries).exchanges.remove(0).body
}

fn text(body: &Body) -> String {
    String::from_utf8(body.bytes().unwrap()).unwrap()
}

pub(super) fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

#[test]
fn members_may_come_in_any_order_and_of_any_type() {
    let written = r#"{"comment": [1, {"deep": [[]]}], "log": {"pages": null, "entries": [
        {"response": {"content": {"text": "eyJhIjoxfQ==", "encoding": "base64", "mimeType": "application/json"},
                      "headers": [{"value": "7", "name": "X-Number"}, null, 5, {"name": null}], "status": "201"},
         "request": {"headers": [{"name": ":authority", "value": "lms.example"}, {"name": "X-One", "value": 1}],
                     "url": "https://lms.example/a#part", "cookies": null, "method": "PUT"},
         "time": 1e400000, "startedDateTime": 17}], "creator": null, "entries_": []}}"#;
    let written = written.replace("1e400000", "1.5");
    let recording = read(format!("\u{feff}{written}\n").as_bytes()).unwrap();
    let [exchange] = &recording.exchanges[..] else {
        panic!()
    };
    assert_eq!((exchange.status, exchange.method.as_str()), (201, "PUT"));
    assert_eq!(exchange.url.as_str(), "https://lms.example/a");
    assert_eq!(exchange.request_headers, [pair("X-One", "1")]);
    assert_eq!(exchange.response_header("x-number"), Some("7"));
    assert_eq!(exchange.started, None);
    assert_eq!(text(&exchange.body), r#"{"a":1}"#);
    assert_eq!(exchange.content_type.as_deref(), Some("application/json"));
}

#[test]
fn what_went_to_no_server_is_left_out_and_counted() {
    let addresses = [
        "data:text/html,x",
        "blob:http://lms.example/1",
        "chrome-extension://abc/x.js",
        "wss://lms.example/s",
        "about:blank",
        "",
        "not an address",
    ];
    let mut entries: Vec<Value> = addresses.iter().map(|url| entry(url, json!({}))).collect();
    entries.push(json!(null));
    entries.push(json!({"request": {"method": "CONNECT", "url": "https://lms.example:443"}}));
    let written = har(json!(entries));
    assert!(
        failure(written.as_bytes())
            .message()
            .contains("its 9 entries are none")
    );
    entries.push(entry("http://lms.example/", json!({})));
    let recording = recorded(json!(entries));
    assert_eq!((recording.exchanges.len(), recording.left_out), (1, 9));
    assert_eq!(recording.exchanges[0].number, 10);
}

#[test]
fn requests_are_put_in_the_order_of_time() {
    let at = |time: &str, path: &str| {
        let mut entry = entry(&format!("http://lms.example/{path}"), json!({}));
        entry["startedDateTime"] = json!(time);
        entry
    };
    let recording = recorded(json!([
        at("2026-11-03T11:00:00.500+01:00", "third"),
        at("nonsense", "fourth"),
        at("2026-11-03T09:59:00", "first"),
        at("2026-11-03T10:00:00.499Z", "second"),
        at("2026-11-03T10:00:00.500Z", "fifth"),
    ]));
    let order: Vec<&str> = recording.exchanges.iter().map(|e| e.url.path()).collect();
    assert_eq!(order, ["/first", "/second", "/third", "/fourth", "/fifth"]);
}

#[test]
fn a_text_is_utf_8_whatever_its_page_says() {
    let page = "<meta charset=iso-8859-1><title>Übersicht – 😀</title>";
    let mut entry = entry(
        "http://lms.example/a",
        json!({"mimeType": "text/html", "text": page}),
    );
    entry["response"]["headers"] =
        json!([{"name": "Content-Type", "value": "text/html; charset=ISO-8859-1"}]);
    let recording = recorded(json!([entry]));
    let read = recording.exchanges[0].page().unwrap();
    assert_eq!((read.title.as_str(), read.garbled), ("Übersicht – 😀", false));
}

#[test]
fn bytes_are_what_their_page_says() {
    // `<title>Über` in ISO-8859-1.
    let mut entry = entry(
        "http://lms.example/a",
        json!({"mimeType": "text/html", "encoding": "base64", "text": "PHRpdGxlPtxi\nZXI"}),
    );
    entry["response"]["headers"] = json!([{"name": "content-type", "value": "text/html;charset=ISO-8859-1"}]);
    let recording = recorded(json!([entry]));
    assert_eq!(recording.exchanges[0].page().unwrap().title, "Über");
}

#[test]
fn a_missing_body_says_why() {
    let page = json!({"size": 700, "mimeType": "text/html"});
    let with = |changes: &dyn Fn(&mut Value)| {
        let mut other = entry("http://lms.example/a", page.clone());
        changes(&mut other);
        let whole = entry(
            "http://lms.example/b",
            json!({"mimeType": "text/html", "text": "<p>"}),
        );
        let mut alone = recorded(json!([other]));
        let mut beside = recorded(json!([other, whole]));
        let why = |e: Exchange| e.body.missing().unwrap();
        (why(alone.exchanges.remove(0)), why(beside.exchanges.remove(0)))
    };
    let both = |why| (why, why);
    assert_eq!(with(&|_| {}), (MissingBody::NotExported, MissingBody::Evicted));
    assert_eq!(
        with(&|e| e["response"]["status"] = json!(304)),
        both(MissingBody::Cached)
    );
    assert_eq!(
        with(&|e| e["_fromCache"] = json!("disk")),
        both(MissingBody::Cached)
    );
    assert_eq!(
        with(&|e| e["_fetchType"] = json!("Memory Cache")),
        both(MissingBody::Cached)
    );
    let hit = json!({"afterRequest": {"hitCount": 1}});
    assert_eq!(with(&|e| e["cache"] = hit.clone()), both(MissingBody::Cached));
    for status in [json!(0), json!(-1), json!(null)] {
        assert_eq!(
            with(&|e| e["response"]["status"] = status.clone()),
            both(MissingBody::NoAnswer)
        );
    }
    assert_eq!(
        with(&|e| e["response"]["status"] = json!(302)),
        both(MissingBody::None)
    );
    assert_eq!(
        with(&|e| e["response"]["content"]["size"] = json!(0)),
        both(MissingBody::None)
    );
    let length = json!([{"name": "Content-Length", "value": "12"}]);
    let promised = with(&|e| {
        e["response"]["content"]["size"] = json!(0);
        e["response"]["headers"] = length.clone();
    });
    assert_eq!(promised, (MissingBody::NotExported, MissingBody::Evicted));
}

#[test]
fn what_cannot_matter_is_not_kept() {
    for kind in [
        "image/png",
        "font/woff2",
        "text/css; charset=utf-8",
        "video/mp4",
        "application/x-font-ttf",
    ] {
        let why = body(json!({"mimeType": kind, "text": "x"})).missing();
        assert_eq!(why, Some(MissingBody::OfNoUse), "{kind}");
        // Also where the type comes behind the text.
        let written = format!(
            r#"{{"log":{{"entries":[{{"request":{{"method":"GET","url":"http://a/"}},
                "response":{{"status":200,"content":{{"text":"x","mimeType":"{kind}"}}}}}}]}}}}"#
        );
        assert_eq!(
            read(written.as_bytes()).unwrap().exchanges[0].body.missing(),
            why,
            "{kind}"
        );
    }
    let picture =
        json!({"mimeType": "application/octet-stream", "encoding": "base64", "text": "iVBORw0KGgoAAAANSUhE"});
    assert_eq!(body(picture).missing(), Some(MissingBody::Binary));
    for kind in [
        "text/html",
        "application/vnd.sap+json",
        "text/xml",
        "application/javascript",
        "text/plain",
        "",
    ] {
        assert_eq!(
            text(&body(json!({"mimeType": kind, "text": "x"}))),
            "\u{feff}x",
            "{kind}"
        );
    }
}

#[test]
fn cookies_come_from_the_header_where_the_list_is_empty() {
    let mut entry = entry("http://lms.example/", json!({}));
    entry["request"]["headers"] = json!([{"name": "cookie", "value": "JSESSIONID=a=b; lang=de"}]);
    let listed = recorded(json!([entry])).exchanges.remove(0).request_cookies;
    assert_eq!(listed, [pair("JSESSIONID", "a=b"), pair("lang", "de")]);
    entry["request"]["cookies"] = json!([{"name": "JSESSIONID", "value": "c", "httpOnly": true}]);
    let listed = recorded(json!([entry])).exchanges.remove(0).request_cookies;
    assert_eq!(listed, [pair("JSESSIONID", "c")]);
}

#[test]
fn a_redirect_is_told_by_header_or_member() {
    let mut entry = entry("http://lms.example/a/b", json!({}));
    entry["response"]["status"] = json!(302);
    entry["response"]["redirectURL"] = json!("c?d=e");
    let to = |entry: &Value| {
        recorded(json!([entry])).exchanges[0]
            .redirect()
            .unwrap()
            .to_string()
    };
    assert_eq!(to(&entry), "http://lms.example/a/c?d=e");
    entry["response"]["headers"] = json!([{"name": "location", "value": "/f"}]);
    assert_eq!(to(&entry), "http://lms.example/f");
}

#[test]
fn what_is_no_recording_is_told_in_words() {
    let said = |bytes: &[u8]| failure(bytes).message().to_owned();
    assert_eq!(said(b""), "The file is empty: it holds no recording.");
    assert_eq!(
        said(b"PK\x03\x04abc"),
        "The file is a ZIP archive, and no recording (HAR)."
    );
    assert_eq!(
        said(b"<html>"),
        "The file is a page or XML, and no recording (HAR)."
    );
    assert_eq!(
        said(b"# Netscape"),
        "The file is no JSON, and no recording (HAR)."
    );
    for no_har in ["{}", "[]", r#"{"log": []}"#, r#"{"log": {"pages": []}}"#] {
        assert!(
            said(no_har.as_bytes()).contains("no list `log.entries`"),
            "{no_har}"
        );
    }
    assert_eq!(
        said(har(json!([])).as_bytes()),
        "The recording is empty: it holds no request."
    );
    let broken = har(json!([entry("http://a/", json!({}))])).replace("}],\"version\"", "}]; \"version\"");
    let broken = said(broken.as_bytes());
    assert!(
        broken.contains("it is no JSON any more; 1 request was read whole"),
        "{broken}"
    );
}

#[test]
fn a_file_cut_off_anywhere_is_called_cut_off() {
    let page = "<title>ü😀</title>\n\"";
    let whole = har(json!([
        entry("http://a/", json!({"mimeType": "text/html", "text": page})),
        entry("http://b/", json!({"mimeType": "text/html", "text": page}))
    ]));
    for length in 1..whole.len() {
        let message = failure(&whole.as_bytes()[..length]).message().to_owned();
        assert!(
            message.contains(&format!("it ends at byte {length}, and ")),
            "{length}: {message}"
        );
    }
    let message = failure(&whole.as_bytes()[..whole.len() - 3]).message().to_owned();
    assert!(
        message.ends_with("2 requests were read whole until there."),
        "{message}"
    );
}

#[test]
fn a_source_that_fails_is_no_end() {
    struct Fails;
    impl Read for Fails {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the stick was pulled out"))
        }
    }
    let error = read(har(json!([])).as_bytes()[..20].chain(Fails)).unwrap_err();
    assert_eq!(error.message(), "The recording cannot be read.");
    assert_eq!(error.bottom_cause().as_deref(), Some("the stick was pulled out"));
}

#[test]
fn other_encodings_that_say_so_are_read() {
    let written = har(json!([entry(
        "http://a/",
        json!({"mimeType": "text/html", "text": "ü"})
    )]));
    let units = std::iter::once(0xfeff).chain(written.encode_utf16());
    let bytes: Vec<u8> = units.flat_map(u16::to_le_bytes).collect();
    assert_eq!(text(&read(&bytes[..]).unwrap().exchanges[0].body), "\u{feff}ü");
}

#[test]
fn a_body_beyond_the_limit_is_missing_and_the_rest_is_read() {
    for long in [super::body::LARGEST + 1, super::text::LONGEST + 5] {
        let page = "x".repeat(long);
        let mut post = entry("http://a/", json!({"mimeType": "text/html", "text": page}));
        post["request"]["postData"] = json!({"mimeType": "text/plain", "text": page, "params": []});
        let recording = recorded(json!([
            post,
            entry("http://b/", json!({"mimeType": "text/html", "text": "y"}))
        ]));
        let first = &recording.exchanges[0];
        assert_eq!(first.body.missing(), Some(MissingBody::TooLarge));
        assert_eq!(
            first.sent.as_ref().unwrap().body.missing(),
            Some(MissingBody::TooLarge)
        );
        assert_eq!(text(&recording.exchanges[1].body), "\u{feff}y");
    }
}

#[test]
fn nothing_of_a_recording_shows_in_debug() {
    let mut entry = entry(
        "http://lms.example/path?token=CANARY",
        json!({"mimeType": "text/html", "text": "CANARY"}),
    );
    entry["request"]["headers"] =
        json!([{"name": "Cookie", "value": "s=CANARY"}, {"name": "X", "value": "CANARY"}]);
    entry["response"]["headers"] = json!([{"name": "Set-Cookie", "value": "s=CANARY"}]);
    entry["request"]["postData"] =
        json!({"mimeType": "text/x;b=CANARY", "params": [{"name": "a", "value": "CANARY"}]});
    let shown = format!("{:?}", recorded(json!([entry])));
    assert!(shown.contains("/path") && !shown.contains("CANARY"), "{shown}");
}

#[test]
fn where_all_is_too_much_scripts_go_first_and_what_was_sent_last() {
    // Digits of a simple generator: they cannot be packed much.
    let mut state = 1u64;
    let mut noise = |length: usize| {
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            char::from(b'!' + u8::try_from(state >> 58).unwrap())
        };
        (0..length)
            .map(|_| next())
            .collect::<String>()
            .replace(['"', '\\'], "~")
    };
    let mut post = entry("http://a/save", json!({}));
    post["request"]["postData"] = json!({"mimeType": "text/plain", "text": noise(9_000)});
    let entries = json!([
        entry(
            "http://a/script",
            json!({"mimeType": "text/javascript", "text": noise(3_000)})
        ),
        entry(
            "http://a/small",
            json!({"mimeType": "text/html", "text": noise(500)})
        ),
        post,
        entry(
            "http://a/large",
            json!({"mimeType": "text/html", "text": noise(6_000)})
        ),
    ]);
    let within = |bodies| super::read::read_within(har(entries.clone()).as_bytes(), 1 << 20, bodies).unwrap();
    let gone = |recording: &Recording| {
        let gone = |e: &&Exchange| {
            let sent = e.sent.as_ref().and_then(|sent| sent.body.missing());
            e.body.missing() == Some(MissingBody::TooLarge) || sent == Some(MissingBody::TooLarge)
        };
        let gone = recording
            .exchanges
            .iter()
            .filter(gone)
            .map(|e| e.url.path().to_owned());
        (gone.collect::<Vec<_>>(), recording.let_go)
    };
    assert_eq!(gone(&within(1 << 20)), (vec![], 0));
    assert_eq!(
        gone(&within(14_000)),
        (vec!["/script".into(), "/large".into()], 2)
    );
    assert_eq!(gone(&within(100)).1, 4);
    let spent = super::read::read_within(har(entries.clone()).as_bytes(), 1_500, 1 << 20).unwrap_err();
    assert!(spent.message().contains("all that fits into memory"), "{spent}");
}
