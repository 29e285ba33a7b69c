use serde_json::{Value, json};

use crate::error::Kind;
use crate::learn::tests::{TOKEN, Tape};

const TEXT: &str = "# a file\nkey.of.the.text=1\n";

fn shell() -> Tape {
    Tape::default().page("/app/", "<div id=app></div><script src=/app/app.js></script>")
}

fn rows() -> Value {
    json!([{ "code": "ALPHA", "size": 3 }, { "code": "BETA", "size": 27 }, { "code": "GAMMA", "size": 1 }])
}

fn document() -> Value {
    json!({ "code": "BETA", "size": 27, "readOnly": false, "rev": 7, "value": TEXT, "x": { "y": [null, 1.50] } })
}

/// List and document, and then what the save is.
fn opened() -> Tape {
    shell()
        .json(
            "/api/files?_=1795428001000",
            &json!({ "items": rows(), "total": 3 }),
        )
        .json("/api/files/BETA", &document())
}

#[test]
fn a_document_that_is_sent_back_whole() {
    let (profile, _) = opened()
        .call("PUT", "/api/files/BETA", &[], &document(), (200, "{}"))
        .fits();
    let part = &profile.parts[0];
    let service = part.service.as_ref().unwrap();
    assert_eq!(part.address.as_deref(), Some("/api/files"));
    assert_eq!(
        (service.list.rows.as_str(), service.list.name.as_str()),
        ("/items", "/code")
    );
    assert_eq!(service.list.total.as_deref(), Some("/total"));
    assert_eq!(service.document.address.as_deref(), Some("/api/files/{name}"));
    assert_eq!(service.document.text, "/value");
    assert_eq!(service.document.read_only.as_deref(), Some("/readOnly"));
    let save = service.save.as_ref().unwrap();
    assert!(save.body.is_empty() && save.address.is_none() && service.token.is_none());
    assert_eq!(profile.sign_in.start, "/app/");
}

#[test]
fn a_text_that_was_changed_in_a_document_sent_back_whole() {
    let mut sent = document();
    sent["value"] = json!("another=1\n");
    let (profile, _) = opened()
        .call("PUT", "/api/files/BETA", &[], &sent, (200, "{}"))
        .fits();
    assert_eq!(profile.parts[0].service.as_ref().unwrap().document.text, "/value");
}

#[test]
fn members_constants_another_address_and_a_fetched_token() {
    let fetch = [("X-CSRF-Token", "Fetch")];
    let answered = [("Content-Type", "application/json"), ("X-CSRF-Token", TOKEN)];
    let body = json!({ "id": "BETA", "data": { "text": TEXT }, "mode": "full", "draft": false });
    let headers = [
        ("X-CSRF-Token", TOKEN),
        ("X-Requested-With", "XMLHttpRequest"),
        ("Accept", "*/*"),
    ];
    let tape = shell()
        .add("GET", "/api/", &fetch, None, (200, &answered, "{}"))
        .json("/api/files", &json!({ "items": rows() }))
        .json("/api/files/BETA", &document())
        .call(
            "POST",
            "/api/save?of=BETA",
            &headers,
            &body,
            (200, "{\"ok\":true}"),
        );
    let (profile, learned) = tape.fits_with(&[("fixed.mode", "always")]);
    let service = profile.parts[0].service.as_ref().unwrap();
    let save = service.save.as_ref().unwrap();
    assert_eq!(save.address.as_deref(), Some("/api/save?of={name}"));
    let body: Vec<(&str, &str)> = save.body.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    assert_eq!(body, [("/data/text", "/value"), ("id", "/code")]);
    assert_eq!(save.constants.len(), 2);
    assert_eq!(save.headers["X-Requested-With"], "XMLHttpRequest");
    let token = service.token.as_ref().unwrap();
    assert_eq!(
        (token.address.as_deref(), token.response_header.as_deref()),
        (Some("/api/"), Some("X-CSRF-Token"))
    );
    assert_eq!(token.request_headers["X-CSRF-Token"], "Fetch");
    assert!(
        learned.notes.iter().any(|note| note.contains("`mode`")),
        "{:?}",
        learned.notes
    );
}

#[test]
fn an_entity_tag_rows_with_keys_and_a_cookie_that_is_sent_twice() {
    let list = json!({ "d": { "results": [
        { "Id": 11, "Name": "ALPHA x", "Changed": "2026-11-02" }, { "Id": 12, "Name": "BETA y", "Changed": "2026-11-03" },
    ] } });
    let record = json!({ "d": { "Id": 12, "Name": "BETA y", "Content": TEXT } });
    let answered = [("Content-Type", "application/json"), ("ETag", "W/\"7\"")];
    let headers = [("If-Match", "W/\"7\""), ("X-XSRF-TOKEN", "to+ken=77")];
    let set = [
        ("Content-Type", "text/html"),
        ("Set-Cookie", "XSRF-TOKEN=to%2Bken%3D77; Path=/"),
    ];
    let accept = [("Accept", "application/json, text/plain, */*")];
    let tape = Tape::default()
        .add("GET", "/app/", &[], None, (200, &set, "<p>x</p>"))
        .add(
            "GET",
            "/svc/Files",
            &accept,
            None,
            (200, &[("Content-Type", "application/json")], &list.to_string()),
        )
        .add(
            "GET",
            "/svc/Files(12)",
            &accept,
            None,
            (200, &answered, &record.to_string()),
        )
        .call(
            "PUT",
            "/svc/Files(12)",
            &headers,
            &json!({ "Content": TEXT, "Id": 12 }),
            (204, ""),
        );
    let (profile, _) = tape.fits();
    let service = profile.parts[0].service.as_ref().unwrap();
    assert_eq!(service.list.key.as_deref(), Some("/Id"));
    assert_eq!(service.list.name, "/Name");
    assert_eq!(service.document.address.as_deref(), Some("/svc/Files({name})"));
    assert!(service.document.etag);
    assert_eq!(
        service.save.as_ref().unwrap().version_header.as_deref(),
        Some("If-Match")
    );
    assert_eq!(
        service.token.as_ref().unwrap().cookie.as_deref(),
        Some("XSRF-TOKEN")
    );
    assert_eq!(service.headers["Accept"], "application/json");
}

#[test]
fn what_every_answer_says_of_itself_is_no_token() {
    let accept = [
        ("Accept", "application/json"),
        ("X-Requested-With", "XMLHttpRequest"),
    ];
    let answered = [("Content-Type", "application/json")];
    let tape = Tape::default()
        .add(
            "GET",
            "/api/files",
            &accept,
            None,
            (200, &answered, &rows().to_string()),
        )
        .add(
            "GET",
            "/api/files/BETA",
            &accept,
            None,
            (200, &answered, &document().to_string()),
        )
        .call("PUT", "/api/files/BETA", &accept, &document(), (200, "{}"));
    let (profile, _) = tape.fits();
    let service = profile.parts[0].service.as_ref().unwrap();
    assert!(service.token.is_none());
    assert_eq!(service.headers.len(), 2);
    assert!(service.save.as_ref().unwrap().headers.is_empty());
}

#[test]
fn a_list_of_several_pages_and_rows_with_links() {
    let page = |from: usize, next: Value| {
        let row = |n: usize| json!({ "title": format!("FILE {n}"), "href": format!("doc?n={n}") });
        json!({ "rows": [row(from), row(from + 1)], "count": 4, "page": 1, "nextLink": next })
    };
    let record = json!({ "title": "FILE 3", "text": TEXT });
    let tape = shell()
        .json("/r/list", &page(1, json!("list?at=2")))
        .json("/r/list?at=2", &page(3, Value::Null))
        .json("/r/doc?n=3", &record)
        .call("PUT", "/r/doc?n=3", &[], &record, (200, "{\"status\":\"OK\"}"));
    let (profile, _) = tape.fits();
    let service = profile.parts[0].service.as_ref().unwrap();
    assert_eq!(profile.parts[0].address.as_deref(), Some("/r/list"));
    assert_eq!(service.list.next.as_deref(), Some("/nextLink"));
    assert_eq!(service.list.total.as_deref(), Some("/count"));
    assert_eq!(service.list.link.as_deref(), Some("/href"));
    assert!(service.document.address.is_none());
}

#[test]
fn a_body_like_a_forms_and_a_token_in_it() {
    let session = json!({ "user": "KEEPER", "csrf": TOKEN });
    let pairs = [("code", "BETA"), ("value", TEXT), ("csrf", TOKEN), ("size", "27")];
    let tape = shell()
        .json("/api/session", &session)
        .json("/api/files", &rows())
        .json("/api/files/BETA", &document())
        .form("/api/files/BETA", &pairs, 200, "");
    let (profile, _) = tape.fits();
    let service = profile.parts[0].service.as_ref().unwrap();
    let save = service.save.as_ref().unwrap();
    assert_eq!(save.encoding, crate::profile::BodyEncoding::Form);
    assert_eq!(save.body["size"], "/size");
    let token = service.token.as_ref().unwrap();
    assert_eq!(
        (token.field.as_deref(), token.pointer.as_deref()),
        (Some("csrf"), Some("/csrf"))
    );
}

#[test]
fn two_texts_with_lines_are_a_question() {
    let mut record = document();
    record["help"] = json!("one\ntwo\n");
    let tape = shell()
        .json("/api/files", &rows())
        .json("/api/files/BETA", &record)
        .call("PUT", "/api/files/BETA", &[], &record, (200, "{}"));
    let error = tape.learn().unwrap_err();
    assert_eq!(error.kind(), Kind::Page);
    assert!(error.message().contains("`/help` or `/value`"), "{error}");
    let (profile, _) = tape.fits_with(&[("text", "/value")]);
    assert_eq!(profile.parts[0].service.as_ref().unwrap().document.text, "/value");
}

#[test]
fn a_bearer_token_is_said_to_be_no_session() {
    let headers = [("Authorization", "Bearer eyJhbGciOi.J9.x")];
    let (said, hints) = opened()
        .call("PUT", "/api/files/BETA", &headers, &document(), (200, "{}"))
        .refused();
    assert!(
        said.contains("`Authorization`") && !said.contains("eyJ"),
        "{said}"
    );
    assert!(hints.contains("lmskeep import"), "{hints}");
}

#[test]
fn a_request_id_is_left_out_and_said() {
    let headers = [("X-Request-Id", "7d4f0a91-1c2b-4e5f-8a6b-0c9d8e7f6a5b")];
    let (profile, learned) = opened()
        .call("PUT", "/api/files/BETA", &headers, &document(), (200, "{}"))
        .fits();
    assert!(
        profile.parts[0]
            .service
            .as_ref()
            .unwrap()
            .save
            .as_ref()
            .unwrap()
            .headers
            .is_empty()
    );
    assert!(learned.notes[0].contains("`X-Request-Id`"), "{:?}", learned.notes);
}

/// A list with numbers and names, of which one document was opened by its name.
fn numbered(document: &serde_json::Value) -> Tape {
    let rows = json!({ "items": [
        { "id": "7f1c9c1e-5b1d-4e0a-9a55-3d5d0f0a1111", "number": 16, "code": "ALPHA" },
        { "id": "0b8e0a52-1c3f-4d0e-8f77-aa20b5c22222", "number": 17, "code": "BETA" },
        { "id": "3c9d2b7f-9e61-4a6b-b1a0-cc10d9e33333", "number": 18, "code": "GAMMA" },
    ] });
    shell()
        .json("/api/files", &rows)
        .json("/api/files/BETA", document)
}

#[test]
fn what_belongs_to_one_document_is_never_taken_for_fixed() {
    let document = json!({ "code": "BETA", "value": TEXT, "rev": 412 });
    let uuid = "0b8e0a52-1c3f-4d0e-8f77-aa20b5c22222";
    let text = json!({ "value": TEXT });
    let with = |more: serde_json::Value| {
        let mut body = json!({ "code": "BETA", "value": TEXT });
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        body
    };
    let cases = [
        ("/api/docs/17", &document, "`17`"),
        ("/api/files/BETA/revs/412", &text, "`412`"),
        (&format!("/api/save?id={uuid}"), &document, "in its address"),
        ("/api/save", &text, "names the document"),
        ("/api/save", &with(json!({ "number": 17 })), "`number`"),
        (
            "/api/save",
            &with(json!({ "expected": 412, "summary": "SOMETHING ELSE" })),
            "`summary`",
        ),
    ];
    for (address, body, part) in cases {
        let error = numbered(&document)
            .call("PUT", address, &[], body, (200, "{}"))
            .learn()
            .unwrap_err();
        assert!(error.message().contains(part), "{address}: {error}");
    }
    // A number in a header is left out and said, not sent with every document; nor is it a token.
    let learned = numbered(&document)
        .call(
            "PUT",
            "/api/files/BETA",
            &[("X-Config-Id", uuid), ("X-Seq", "17")],
            &document,
            (200, "{}"),
        )
        .learn()
        .unwrap();
    assert!(
        !learned.toml.contains("X-Config-Id") && !learned.toml.contains("X-Seq"),
        "{}",
        learned.toml
    );
    assert!(
        learned.notes.iter().any(|note| note.contains("`X-Config-Id`")),
        "{:?}",
        learned.notes
    );
}
