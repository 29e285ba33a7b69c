//! Services that are not what was asked for: nothing is kept, and nothing is written.

use serde_json::{Value, json};

use crate::fidelity::service::{LIST, PROFILE, page_of, puts, refreshed, start, use_profile};
use crate::promises::{for_ever, side_by_side};
use crate::rehearsal::Rehearsal;

/// What a service answers instead of the file, and the exit code that says so.
fn wrong_answers() -> Vec<(Value, i32)> {
    vec![
        (json!("login-page"), 5),
        (json!("cut-body"), 4),
        (json!("cut-body-quietly"), 5),
        (json!("wrong-document"), 5),
        (json!("two-textareas"), 5),
        (json!("field-missing"), 5),
        (json!({ "status": 404 }), 5),
        (json!({ "status": 403 }), 5),
        (json!({ "status": 200 }), 5),
        (json!({ "status": 500 }), 4),
        (json!({ "redirect": "/learning/admin/main.do" }), 5),
        (
            json!({ "redirect": "http://127.0.0.1:9/learning/admin/main.do" }),
            5,
        ),
    ]
}

#[test]
fn one_wrong_answer_and_nothing_is_stored() {
    side_by_side(wrong_answers(), |(effect, code)| {
        let rehearsal = start(&[]);
        rehearsal.faults(&for_ever("GET", &page_of("TASKS"), 0, &effect));
        let ran = rehearsal.run(&["backup", "stage"]);
        assert_eq!(ran.code, code, "{effect}: {}", ran.told());
        assert!(ran.err.contains("TASKS"), "{effect}: {}", ran.told());
        assert_eq!(rehearsal.backups(), [], "{effect}");
        assert_eq!(rehearsal.files("archive/objects").len(), 0, "{effect}");
    });
}

#[test]
fn half_a_list_is_no_list() {
    let effects = [
        (
            json!("short-list"),
            "says that it has 56 rows, and shows 55: half a list is not kept",
        ),
        (json!("login-page"), "sign-in page"),
        (json!("cut-body-quietly"), "is no JSON, or was cut off"),
        (json!({ "status": 200 }), "is a page for people"),
        (json!({ "status": 404 }), "There is no page"),
    ];
    side_by_side(effects.to_vec(), |(effect, words)| {
        for skip in [0, 2] {
            let rehearsal = start(&[]);
            let fault = json!([{ "method": "GET", "path": LIST, "skip": skip, "effect": effect, "times": if effect == "short-list" { 1 } else { 99 } }]);
            rehearsal.faults(&fault);
            let ran = rehearsal.run(&["backup", "stage"]).ends(5).says(words);
            assert_eq!(rehearsal.backups(), [], "{effect} {skip}: {}", ran.told());
        }
    });
}

#[test]
fn a_list_that_goes_in_circles_or_names_twice_is_refused() {
    let rehearsal = start(&[]);
    // Pointed to, this page leads to itself.
    for (from, to, words) in [
        ("next = \"/next\"", "next = \"/page\"\nnext-in = \"x\"", "names `"),
        (
            "name = \"/configurationID\"\ntotal",
            "name = \"/readOnly\"\ntotal",
            "a row without a text",
        ),
        (
            "total = \"/total\"\n",
            "total = \"/page\"\n",
            "changed while it was read",
        ),
    ] {
        assert!(PROFILE.contains(from), "{from}");
        use_profile(&rehearsal, &PROFILE.replacen(from, to, 1));
        rehearsal.run(&["backup", "stage"]).ends(5).says(words);
    }
    assert_eq!(rehearsal.backups(), []);
}

#[test]
fn an_empty_list_is_no_list() {
    let rehearsal = start(&[]);
    let beyond = PROFILE.replacen("service/configurations\"", "service/configurations?page=9\"", 1);
    use_profile(&rehearsal, &beyond.replace("total = \"/total\"\n", ""));
    rehearsal
        .run(&["backup", "stage"])
        .ends(5)
        .says("has no rows")
        .says("View System Configuration");
    assert_eq!(rehearsal.backups(), []);
}

#[test]
fn what_passes_is_waited_out() {
    let passing = [
        json!("login-page"),
        json!("expire"),
        json!("cut-body"),
        json!("drop"),
        json!("wrong-document"),
        json!({ "status": 503, "retryAfter": 1 }),
    ];
    side_by_side(passing.to_vec(), |effect| {
        let rehearsal = start(&[]);
        rehearsal.fault("GET", &page_of("TASKS"), 0, effect.clone());
        let ran = rehearsal.run(&["backup", "stage"]);
        assert_eq!(ran.code, 0, "{effect}: {}", ran.told());
        let shown = rehearsal.run(&["show", "stage", "TASKS", "--reveal"]).ends(0);
        assert_eq!(shown.out, rehearsal.state().text("TASKS"), "{effect}");
        let again = usize::from(effect == "expire" || effect == "login-page");
        assert_eq!(rehearsal.sign_ins(), 1 + again, "{effect}");
    });
}

#[test]
fn a_session_that_ends_between_two_pages_of_the_list_is_renewed() {
    let rehearsal = start(&[]);
    rehearsal.fault("GET", LIST, 1, json!("expire"));
    rehearsal
        .run(&["backup", "stage"])
        .ends(0)
        .says("Stored 56 documents");
    assert_eq!(rehearsal.sign_ins(), 2);
}

#[test]
fn nothing_is_written_to_a_file_whose_answer_became_wrong() {
    side_by_side(wrong_answers(), |(effect, _)| {
        let rehearsal = refreshed(&[]);
        // The first reading is for the plan; the second, right before the write, goes wrong.
        rehearsal.faults(&for_ever("GET", &page_of("UI"), 1, &effect));
        let before = rehearsal.state();
        let ran = rehearsal.run(&["restore", "stage", "--yes", "--json", "--only", "UI"]);
        assert!([4, 5, 9].contains(&ran.code), "{effect}: {}", ran.told());
        assert_eq!(puts(&rehearsal).len(), 0, "{effect}");
        assert_eq!(rehearsal.state(), before, "{effect}");
    });
}

#[test]
fn a_member_that_is_gone_since_the_plan_would_be_lost_and_is_not() {
    let rehearsal = refreshed(&[]);
    // Nothing points to the member that goes missing.
    use_profile(&rehearsal, &PROFILE.replacen("version = \"/version\"\n", "", 1));
    rehearsal.faults(&for_ever("GET", &page_of("UI"), 1, &json!("field-missing")));
    let ran = rehearsal
        .run(&["restore", "stage", "--yes", "--json", "--only", "UI"])
        .ends(9);
    assert_eq!(ran.outcome("UI"), "refused", "{}", ran.told());
    ran.says("its page has changed since the plan was made: `member version` is gone");
    assert_eq!(puts(&rehearsal), []);
}

#[test]
fn a_profile_that_knows_no_services_is_told_of_them() {
    let rehearsal = Rehearsal::in_full(&["service"]);
    rehearsal
        .run(&["backup", "stage"])
        .ends(5)
        .says("may be made by a script")
        .says("docs/profiles.md");
    assert_eq!(rehearsal.backups(), []);
}

#[test]
fn a_missing_permission_is_said() {
    let rehearsal = start(&["denied"]);
    rehearsal
        .run(&["backup", "stage"])
        .ends(5)
        .says("forbidden")
        .says("permission");
    assert_eq!(rehearsal.backups(), []);
}

#[test]
fn a_pointer_into_nothing_is_said_before_anything_is_kept() {
    let rehearsal = start(&[]);
    use_profile(
        &rehearsal,
        &PROFILE.replacen("text = \"/configurationText\"", "text = \"/text\"", 1),
    );
    rehearsal
        .run(&["backup", "stage"])
        .ends(5)
        .says("has no text at `/text`");
    use_profile(
        &rehearsal,
        &PROFILE.replacen("rows = \"/items\"", "rows = \"items\"", 1),
    );
    rehearsal.forget_requests();
    rehearsal
        .run(&["backup", "stage"])
        .ends(2)
        .says("`items` is no JSON Pointer")
        .says("line ");
    assert_eq!(
        rehearsal.requests(),
        [],
        "a fault of the profile is told before anything is asked"
    );
    assert_eq!(rehearsal.backups(), []);
}

#[test]
fn what_those_inside_see_on_pages_is_not_wanted_of_json() {
    let rehearsal = start(&[]);
    use_profile(
        &rehearsal,
        &PROFILE.replacen("[token]", "inside = \"logout.do\"\n\n[token]", 1),
    );
    rehearsal
        .run(&["backup", "stage"])
        .ends(0)
        .says("Stored 56 documents");
}
