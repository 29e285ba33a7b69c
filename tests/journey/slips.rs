//! Slips of a person or of a server that must not end in silence, or in the wrong memory.

use serde_json::json;

use crate::promises::for_ever;
use crate::rehearsal::Rehearsal;

#[test]
fn a_page_that_no_question_asks_for_is_not_kept() {
    let rehearsal = Rehearsal::start(&[]);
    for (word, near) in [
        ("foo=x", "the pages are"),
        ("system-configuration.textt=x", "did you mean"),
    ] {
        rehearsal
            .run(&["instance", "set", "stage", "page", word])
            .ends(2)
            .says(near);
    }
    for word in ["system-configuration=/x.do", "system-configuration.further=none"] {
        rehearsal.run(&["instance", "set", "stage", "page", word]).ends(0);
    }
}

#[test]
fn a_choice_of_nothing_is_a_mistake() {
    let rehearsal = Rehearsal::refreshed(&[]);
    let words = ["restore", "stage", "--yes", "--only", "BIZX", "--except", "BIZX"];
    rehearsal.run(&words).ends(2).says("Nothing is chosen");
    rehearsal.nothing_was_sent();
}

#[test]
fn a_file_that_the_archive_does_not_know_is_named() {
    let rehearsal = Rehearsal::with_backup(&[]);
    rehearsal.put("archive/backups/stage/foo.json", b"{}");
    rehearsal.run(&["verify"]).ends(0).says("backups/stage/foo.json");
}

#[cfg(target_os = "linux")]
#[test]
fn a_place_that_cannot_be_written_is_a_mistake_of_the_words() {
    let rehearsal = Rehearsal::with_backup(&[]);
    rehearsal.run(&["export", "stage", "/proc/lmskeep"]).ends(2);
    rehearsal
        .run(&["check", "stage", "--bundle", "/proc/lmskeep/bundle.zip"])
        .ends(2);
}

#[test]
fn a_guard_whose_script_is_gone_makes_no_password_wrong() {
    let rehearsal = Rehearsal::start(&["token=script"]);
    let effect = json!({ "status": 404 });
    rehearsal.faults(&for_ever("GET", "JavaScriptServlet", 0, &effect));
    rehearsal
        .run(&["backup", "stage"])
        .ends(5)
        .says("The guard's script");
    assert_eq!(rehearsal.sign_ins(), 0);
    rehearsal.faults(&json!([]));
    rehearsal.run(&["backup", "stage"]).ends(0);
}

#[test]
fn a_source_that_is_not_known_does_not_keep_an_admin_from_the_own_password() {
    let rehearsal = Rehearsal::start(&[]);
    rehearsal
        .run(&["instance", "set", "stage", "source", "elsewhere"])
        .ends(0);
    let ran = rehearsal.run(&["login", "stage"]);
    assert!(!ran.told().contains("There is no instance"), "{}", ran.told());
    rehearsal
        .run(&["login", "stage", "--after-refresh"])
        .ends(2)
        .says("lmskeep instance add elsewhere");
}
