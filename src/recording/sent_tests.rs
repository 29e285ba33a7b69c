use serde_json::{Value, json};

use super::SentBody;
use super::tests::{entry, pair, recorded};

fn posted(post: Value) -> SentBody {
    let mut entry = entry("http://lms.example/save", json!({}));
    entry["request"]["postData"] = post;
    recorded(json!([entry])).exchanges.remove(0).sent.unwrap()
}

fn pairs(post: Value) -> Vec<(String, String)> {
    posted(post).pairs()
}

#[test]
fn a_form_is_read_from_its_text_or_its_list() {
    let kind = "application/x-www-form-urlencoded";
    let wanted = [pair("a b", "x=1\r\nü"), pair("empty", ""), pair("a b", "+")];
    let text = "a+b=x%3D1%0D%0A%C3%BC&empty&a%20b=%2B";
    let decoded =
        json!([{"name": "a b", "value": "x=1\r\nü"}, {"name": "empty"}, {"name": "a b", "value": "+"}]);
    let as_sent = json!([{"name": "a+b", "value": "x%3D1%0D%0A%C3%BC"}, {"name": "empty", "value": ""},
        {"name": "a%20b", "value": "%2B"}]);
    assert_eq!(pairs(json!({"mimeType": kind, "text": text})), wanted);
    assert_eq!(pairs(json!({"mimeType": kind, "params": decoded})), wanted);
    assert_eq!(
        pairs(json!({"mimeType": kind, "params": as_sent, "text": ""})),
        wanted
    );
    assert_eq!(
        pairs(json!({"params": as_sent, "text": text, "mimeType": format!("{kind}; charset=UTF-8")})),
        wanted
    );
    let headed = format!("Content-Type: {kind}\r\nContent-Length: 36\r\n\r\n{text}");
    assert_eq!(
        pairs(json!({"mimeType": kind, "text": headed})),
        wanted,
        "as Firefox"
    );
    assert_eq!(
        pairs(json!({"mimeType": kind, "text": "a=%FC"})),
        [pair("a", "ü")],
        "a page in Latin-1"
    );
}

#[test]
fn a_form_of_many_parts_is_read_from_its_text() {
    let part = |name: &str, value: &str| {
        format!("------X\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let file = "------X\r\nContent-Disposition: form-data; name=\"f\"; filename=\"n.txt\"\r\n\
                Content-Type: text/plain\r\n\r\nold\r\n";
    let text = format!(
        "{}{}{file}------X--\r\n",
        part("a%22b", "1\r\n\r\n2\r\n"),
        part("empty", "")
    );
    let wanted = [
        pair("a\"b", "1\r\n\r\n2\r\n"),
        pair("empty", ""),
        pair("f", "old"),
    ];
    let named = "multipart/form-data; boundary=----X";
    assert_eq!(pairs(json!({"mimeType": named, "text": text})), wanted);
    assert_eq!(
        pairs(json!({"mimeType": "multipart/form-data", "text": text})),
        wanted
    );
    let params = json!([{"name": "a", "value": "1"}]);
    assert_eq!(
        pairs(json!({"mimeType": named, "params": params})),
        [pair("a", "1")]
    );
}

#[test]
fn a_type_is_taken_from_the_header_where_it_says_more() {
    let mut entry = entry("http://lms.example/", json!({}));
    entry["request"]["headers"] =
        json!([{"name": "content-type", "value": "application/json;charset=utf-8"}]);
    entry["request"]["postData"] = json!({"text": "{\"a\":1}"});
    let sent = recorded(json!([entry])).exchanges.remove(0).sent.unwrap();
    assert!(sent.is("application/json"));
    assert_eq!(sent.text().as_deref(), Some("{\"a\":1}"));
    assert!(sent.pairs().is_empty());
}
