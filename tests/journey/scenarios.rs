//! The sequence that the product is for, in every scenario: backup, refresh, diff, restore, diff, restore, undo.

use crate::journey::table::Row;
use crate::rehearsal::{Asked, Rehearsal, differences};

#[test]
fn as_it_comes() {
    play(Rehearsal::in_full, &["key=shared", "token=field"]);
}

#[test]
fn token_link_with_key_instance() {
    play(Rehearsal::start, &["key=instance", "token=link"]);
}

#[test]
fn token_script() {
    play(Rehearsal::start, &["token=script"]);
}

#[test]
fn bound() {
    play(Rehearsal::start, &["bound"]);
}

#[test]
fn german() {
    play(Rehearsal::start, &["german"]);
}

#[test]
fn bound_with_german_and_token_link() {
    play(Rehearsal::start, &["bound", "german", "token=link"]);
}

#[test]
fn all_at_once() {
    play(
        Rehearsal::in_full,
        &["german", "bound", "token=script", "key=instance"],
    );
}

/// Plays the sequence and wants of each command its exit code and what it asked of the instance.
fn play(start: fn(&[&str]) -> Rehearsal, words: &[&str]) {
    let (rehearsal, mut row) = (start(words), Row::new(words));
    let run = |words: &[&str], code: i32| {
        rehearsal.forget_requests();
        let ran = rehearsal.run(words).ends(code);
        // One a command, and one more that proves the way in once BIZX was written.
        let proves = usize::from(ran.out.contains("A new sign-in got in"));
        assert_eq!(rehearsal.sign_ins(), 1 + proves, "sign-ins: {}", ran.told());
        ran
    };

    run(&["backup", "stage"], 0)
        .says("Stored 56 documents of stage")
        .says("9 encrypted values");
    rehearsal.nothing_was_sent();
    row.passed();
    let before = rehearsal.state();
    rehearsal.refresh();
    let refreshed = rehearsal.state();
    assert!(
        !differences(&before, &refreshed).is_empty(),
        "the refresh must change something"
    );

    run(&["diff", "stage"], 1);
    rehearsal.nothing_was_sent();
    assert_eq!(rehearsal.state(), refreshed);
    row.passed();

    run(&["restore", "stage", "--yes"], 8);
    let written = one_at_a_time(&rehearsal.requests());
    assert_eq!(
        written.last().map(String::as_str),
        Some("BIZX"),
        "BIZX comes last: {written:?}"
    );
    assert!(written.len() >= 10, "{written:?}");
    let restored = rehearsal.state();
    assert_eq!(differences(&before, &restored), Vec::<String>::new());
    row.passed();

    run(&["diff", "stage", "--encrypted", "ignore"], 0);
    run(&["restore", "stage", "--yes"], 8).says("Nothing to write.");
    rehearsal.nothing_was_sent();
    assert_eq!(rehearsal.state(), restored);
    row.passed();

    run(&["undo", "stage", "--yes"], 8);
    one_at_a_time(&rehearsal.requests());
    assert_eq!(differences(&refreshed, &rehearsal.state()), Vec::<String>::new());
    row.passed();
    assert_eq!(
        rehearsal.requests_to("production"),
        Vec::new(),
        "production is nobody's business here"
    );
    row.done();
}

/// Wants every save between two readings of the very document it saves, once; gives the documents in their order.
fn one_at_a_time(requests: &[Asked]) -> Vec<String> {
    // A browser fetches the guard's script with a page.
    let requests: Vec<&Asked> = requests
        .iter()
        .filter(|asked| !asked.path.contains("JavaScriptServlet"))
        .collect();
    let first = requests.iter().position(|asked| asked.is_save()).expect("a save");
    // What comes behind the last step is the sign-in that proves the way in.
    let last = requests
        .iter()
        .rposition(|asked| asked.is_save())
        .unwrap_or(first);
    let mut documents = Vec::new();
    for step in requests[first - 1..=last + 1].chunks(3) {
        let [before, save, after] = step else {
            panic!("a step is page, save, page: {step:#?}")
        };
        assert!(save.is_save() && save.answered, "{step:#?}");
        assert!(
            before.edited().is_some() && before.edited() == after.edited(),
            "{step:#?}"
        );
        documents.push(before.edited().unwrap().to_owned());
    }
    let mut once = documents.clone();
    once.sort();
    once.dedup();
    assert_eq!(
        once.len(),
        documents.len(),
        "no document is saved twice: {documents:?}"
    );
    documents
}
