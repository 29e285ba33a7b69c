use serde_json::json;

use crate::error::Kind;
use crate::learn::rehearse;
use crate::learn::tests::Tape;

const TEXT: &str = "key.of.the.text=1\n";

fn opened(path: &str) -> Tape {
    let rows = json!([{ "name": "ALPHA" }, { "name": "BETA" }]);
    Tape::default()
        .page("/app/", "<p>x</p>")
        .json(path, &rows)
        .json(&format!("{path}/BETA"), &record())
}

fn record() -> serde_json::Value {
    json!({ "name": "BETA", "text": TEXT })
}

fn saved(tape: Tape, path: &str, answer: (u16, &str)) -> Tape {
    tape.call("PUT", &format!("{path}/BETA"), &[], &record(), answer)
}

#[test]
fn without_a_save_it_says_what_to_click() {
    let (said, hints) = opened("/api/files").refused();
    assert!(said.contains("no save"), "{said}");
    assert!(
        hints.contains("Preserve log") && hints.contains("Disable cache"),
        "{hints}"
    );
    let other = opened("/api/files").call("POST", "/api/ping", &[], &json!({ "at": "nine" }), (200, "{}"));
    assert!(
        other
            .refused()
            .0
            .contains("carries a text that an earlier answer showed")
    );
}

#[test]
fn a_save_that_went_wrong_does_not_count_a_later_one_does() {
    for answer in [
        (500, "{}"),
        (0, ""),
        (200, "{\"status\":\"ERROR\",\"message\":\"x\"}"),
        (200, "{\"success\":false}"),
        (200, "{\"errors\":[\"x\"]}"),
    ] {
        let tape = saved(opened("/api/files"), "/api/files", answer);
        let (said, hints) = tape.refused();
        assert!(
            said.contains("went wrong") && hints.contains("record again"),
            "{said}"
        );
        let again = saved(tape, "/api/files", (200, "{\"error\":null,\"status\":\"OK\"}"));
        let (_, learned) = again.fits();
        assert!(
            learned.notes.iter().any(|note| note.contains("went wrong")),
            "{:?}",
            learned.notes
        );
    }
}

#[test]
fn a_save_that_led_to_a_sign_in_page_went_wrong() {
    let form = "<form method=post action=/in><input name=u><input type=password name=p></form>";
    let tape = opened("/api/files").add(
        "PUT",
        "/api/files/BETA",
        &[],
        Some(("application/json", record().to_string())),
        (302, &[("Location", "/login")], ""),
    );
    let (said, _) = tape.page("/login", form).refused();
    assert!(said.contains("a sign-in page came back"), "{said}");
}

#[test]
fn two_saves_that_teach_the_same_are_fine_others_are_a_question() {
    let once = saved(opened("/api/files"), "/api/files", (200, "{}"));
    let twice = saved(once.clone(), "/api/files", (200, "{}"));
    let (_, learned) = twice.fits();
    assert!(learned.notes[0].contains("2 saves"), "{:?}", learned.notes);
    let mut other = once.clone();
    other
        .0
        .extend(saved(opened("/api/notes"), "/api/notes", (200, "{}")).0);
    let error = other.learn().unwrap_err();
    assert_eq!(error.kind(), Kind::Page);
    let question = error.question().unwrap();
    let answers: Vec<&str> = question
        .choices
        .iter()
        .map(|choice| choice.answer.as_str())
        .collect();
    assert_eq!(
        (question.setting.as_str(), answers.as_slice()),
        ("save", &["4", "8"][..])
    );
    assert!(
        error.hints()[0].contains("--answer save=NUMBER"),
        "{:?}",
        error.hints()
    );
    let learned = other.learn_with(&[("save", "8")]).unwrap();
    assert!(learned.toml.contains("/api/notes/{name}"), "{}", learned.toml);
    assert_eq!(
        other.learn_with(&[("save", "5")]).unwrap_err().kind(),
        Kind::Usage
    );
}

#[test]
fn a_save_without_its_list_or_its_document_says_what_is_missing() {
    let unlisted = Tape::default().json("/api/files/BETA", &record());
    let (said, hints) = saved(unlisted, "/api/files", (200, "{}")).refused();
    assert!(
        said.contains("no list") && hints.contains("open the list first"),
        "{said}"
    );
    // The browser took the document from its cache: the answer has no body.
    let mut cached = saved(opened("/api/files"), "/api/files", (200, "{}"));
    cached.0[2]["response"]["content"] = json!({ "size": 40, "mimeType": "application/json" });
    cached.0[2]["_fromCache"] = json!("disk");
    let (said, hints) = cached.refused();
    assert!(said.contains("No earlier answer shows the text"), "{said}");
    assert!(
        hints.contains("1 answer has no body") && hints.contains("Disable cache"),
        "{hints}"
    );
}

#[test]
fn requests_of_other_servers_are_left_aside() {
    let mut tape = opened("/api/files");
    let mut beacon = Tape::default()
        .call("POST", "/collect", &[], &record(), (200, "{}"))
        .0;
    beacon[0]["request"]["url"] = json!("https://metrics.example/collect");
    tape.0.extend(beacon);
    saved(tape, "/api/files", (200, "{}")).fits();
}

#[test]
fn a_recording_of_another_place_is_not_played() {
    let (profile, _) = saved(opened("/api/files"), "/api/files", (200, "{}")).fits();
    let error = rehearse(&Tape::default().page("/elsewhere", "x").recording(), &profile).unwrap_err();
    assert_eq!(error.kind(), Kind::Usage);
    assert!(error.message().contains("`/api/files`"), "{error}");
}

#[test]
fn nothing_of_a_recording_is_taken_for_a_constant_that_could_be_a_secret() {
    let body = json!({
        "name": "BETA", "text": TEXT, "by": "keeper@acme.example", "session": "9F3A77C01B5E4D2288AA",
        "stamp": 1_795_428_000_000_u64, "kind": "full",
    });
    let tape = opened("/api/files").call("PUT", "/api/files/BETA", &[], &body, (200, "{}"));
    let asked = tape.learn().unwrap_err();
    assert_eq!(asked.question().unwrap().setting, "fixed.kind");
    let learned = tape.learn_with(&[("fixed.kind", "always")]).unwrap();
    for secret in ["keeper@", "9F3A", "1795428"] {
        assert!(!learned.toml.contains(secret), "{}", learned.toml);
    }
    assert!(learned.toml.contains("kind = \"full\""), "{}", learned.toml);
    let left: Vec<&String> = learned
        .notes
        .iter()
        .filter(|note| note.contains("left out"))
        .collect();
    assert!(left.len() >= 2, "{:?}", learned.notes);
}

#[test]
fn an_answer_that_says_it_failed_is_no_save_however_it_is_wrapped() {
    for said in [
        "{\"code\":403,\"message\":\"no\"}",
        "{\"d\":{\"success\":false}}",
        "{\"result\":{\"errors\":[\"no\"]}}",
    ] {
        let (sentence, _) = saved(opened("/api/files"), "/api/files", (200, said)).refused();
        assert!(sentence.contains("went wrong"), "{said}: {sentence}");
    }
    saved(
        opened("/api/files"),
        "/api/files",
        (200, "{\"code\":200,\"d\":{\"success\":true}}"),
    )
    .fits();
}
