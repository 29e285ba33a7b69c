//! What was answered or taken before: taken back, answered otherwise, grown old.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{answers, item, rehearsal};
use crate::rehearsal::{Asked, Desk, Ran, Rehearsal, clock};

/// More than a day later, at the same desk.
fn two_days_later() -> Timestamp {
    clock() + SignedDuration::from_hours(48)
}

/// The id of the pinned backup of stage.
fn pinned(ran: &Ran) -> String {
    ran.json()["backup"]["id"].as_str().unwrap().to_owned()
}

/// Looks at stage and its source, today.
fn today(rehearsal: &Rehearsal) -> Ran {
    rehearsal.run(&["before", "stage", "--json"])
}

#[test]
fn a_backup_of_yesterday_is_renewed_only_where_a_person_wants_that() {
    let rehearsal = rehearsal();
    // Nothing of this test may ask the keyring of whoever runs it.
    let mut words = answers("irt");
    words.extend(["--skip", "account=it is known"]);
    let old = pinned(&rehearsal.run(&words).ends(0));
    rehearsal.forget_requests();

    let desk = Desk::before(&rehearsal, &["stage"], two_days_later, |shown| {
        assert!(shown.contains(". Take a new one?"), "{shown}");
        "n".to_owned()
    });
    assert_eq!(desk.code, 1, "{}", desk.shown);
    let (open, hint) = (
        "That is more than a day ago",
        "backup: lmskeep before stage --yes",
    );
    assert!(
        desk.shown.contains(open) && desk.shown.contains(hint),
        "{}",
        desk.shown
    );
    assert_eq!(rehearsal.requests(), [], "nothing is read for that");
    rehearsal
        .run(&["ready", "stage"])
        .ends(1)
        .says("That is more than a day ago");

    // Today it is young enough, and nothing was lost.
    assert_eq!(pinned(&today(&rehearsal).ends(0)), old);

    // What is switched off in the source by now must not be remembered as off.
    rehearsal
        .run(&["before", "stage", "--done", "source-off"])
        .ends(0);
    let desk = Desk::before(&rehearsal, &["stage"], two_days_later, |_| "y".to_owned());
    assert_eq!(desk.code, 0, "{}", desk.shown);
    assert_eq!(
        desk.shown.matches("Take a new one?").count(),
        1,
        "of stage alone: {}",
        desk.shown
    );
    assert!(
        desk.shown
            .contains("It is kept, since things are switched off there by now."),
        "{}",
        desk.shown
    );
    assert!(rehearsal.requests().iter().any(Asked::is_sign_in));
    assert_eq!(rehearsal.requests_to("production"), []);
    let new = pinned(&today(&rehearsal).ends(0));
    assert_ne!(new, old);
    assert_eq!(rehearsal.backups().len(), 2);
}

#[test]
fn what_was_said_is_taken_back_and_another_kind_asks_anew() {
    let rehearsal = rehearsal();
    rehearsal.run(&answers("irt")).ends(0);
    rehearsal.forget_requests();
    let why = |ran: &Ran, id: &str| item(ran, id)["why"].as_str().unwrap_or_default().to_owned();
    let state = |ran: &Ran, id: &str| item(ran, id)["state"].as_str().unwrap().to_owned();

    let ran = rehearsal
        .run(&[
            "before", "stage", "--json", "--reopen", "version", "--reopen", "values",
        ])
        .ends(1);
    assert_eq!(
        (state(&ran, "version"), state(&ran, "values")),
        ("open".into(), "open".into())
    );
    assert_eq!(state(&ran, "bizx"), "done", "nothing else was taken back");
    rehearsal.run(&["ready", "stage"]).ends(1).says("version");
    rehearsal
        .run(&["before", "stage", "--reopen", "verzion"])
        .ends(2)
        .says("did you mean `version`?");
    rehearsal
        .run(&["before", "stage", "--done", "version", "--done", "values"])
        .ends(0);

    // Nothing is taken of words of which one is wrong.
    rehearsal
        .run(&[
            "before",
            "stage",
            "--kind",
            "manual",
            "--reopen",
            "version",
            "--done",
            "source-on",
        ])
        .ends(2)
        .says("Nothing was switched off");
    rehearsal.run(&["before", "stage"]).ends(0);

    // The same kind again changes nothing; Learning alone is another question, and needs a day.
    rehearsal.run(&["before", "stage", "--kind", "irt"]).ends(0);
    let ran = rehearsal
        .run(&["before", "stage", "--json", "--kind", "learning-only"])
        .ends(1);
    assert_eq!(ran.json()["kind"], "learning-only");
    assert_eq!(state(&ran, "version"), "done");
    assert!(
        why(&ran, "bizx").contains("Learning alone leaves users that do not fit"),
        "{}",
        ran.told()
    );
    assert!(
        why(&ran, "lead-time").contains("SAP asks for 10 business days"),
        "{}",
        ran.told()
    );
    let hint = item(&ran, "lead-time")["hints"][0].as_str().unwrap().to_owned();
    let day = hint.rsplit(' ').next().unwrap().to_owned();
    let ran = rehearsal
        .run(&["before", "stage", "--json", "--done", "bizx", "--date", &day])
        .ends(0);
    assert_eq!(state(&ran, "lead-time"), "done");
    assert_eq!(ran.json()["planned"], Value::from(day));
    for side in ["stage", "production"] {
        assert_eq!(rehearsal.requests_to(side), [], "{side}");
    }
}
