//! Promise 1, where a restore can close the way in: that is shown and asked before the question about the writes.

use crate::rehearsal::{Desk, Rehearsal};

const OPEN: &str = "successFactorsLearningEnabled=false";
const CLOSED: &str = "successFactorsLearningEnabled=true";
const QUESTION: &str = "Write it all the same? [y/N]";
const BIZX: [&str; 3] = ["stage", "--only", "BIZX"];

/// An instance whose own BIZX closes native login, with production's over it, which leaves it open.
fn closing() -> Rehearsal {
    let rehearsal = Rehearsal::in_full(&[]);
    let text = rehearsal.state().text("BIZX").to_owned();
    assert!(text.contains(OPEN), "{text}");
    // Copied by hand: no program gets into an instance that has closed its native login.
    let copies = rehearsal.make_folder("copies").display().to_string();
    rehearsal.put("copies/BIZX.txt", text.replace(OPEN, CLOSED).as_bytes());
    rehearsal.run(&["import", "stage", &copies]).ends(0);
    rehearsal.refresh();
    rehearsal.forget_requests();
    rehearsal
}

#[test]
fn a_person_is_shown_that_no_second_way_in_is_known_and_no_writes_nothing() {
    let rehearsal = closing();
    let state = rehearsal.state();
    for typed in ["", "n", "maybe"] {
        let desk = Desk::restore(&rehearsal, &[&BIZX[..], &["--replace"]].concat(), move |screen| {
            let (before, _) = screen.split_once(QUESTION).expect(screen);
            assert!(
                before.contains("writing configuration/BIZX can close native login at stage"),
                "{screen}"
            );
            assert!(before.contains("no second way in is proven"), "{screen}");
            assert!(before.contains("lmskeep login stage --cookies FILE"), "{screen}");
            assert!(before.contains("--except BIZX"), "{screen}");
            typed.to_owned()
        });
        assert_eq!(desk.code, 130, "{}", desk.shown);
        assert!(
            !desk.shown.contains("Write 1 document to stage?"),
            "{}",
            desk.shown
        );
    }
    assert_eq!(rehearsal.saves(), 0);
    assert_eq!(rehearsal.state(), state);
    assert_eq!(rehearsal.safeties(), Vec::<String>::new());

    // Yes to this question is no yes to the next one.
    let desk = Desk::restore(
        &rehearsal,
        &[&BIZX[..], &["--replace"]].concat(),
        |screen| match screen.contains("Write 1 document to stage?") {
            true => "n".to_owned(),
            false => "y".to_owned(),
        },
    );
    assert_eq!(desk.code, 130, "{}", desk.shown);
    assert!(
        desk.shown.contains("Write 1 document to stage?"),
        "{}",
        desk.shown
    );
    assert_eq!(rehearsal.saves(), 0);
}

#[test]
fn what_leaves_the_way_in_open_is_not_asked_about() {
    let rehearsal = Rehearsal::in_full(&[]);
    rehearsal.run(&["backup", "stage", "--only", "BIZX"]).ends(0);
    rehearsal.refresh();
    rehearsal.forget_requests();
    let desk = Desk::restore(&rehearsal, &[&BIZX[..], &["--replace"]].concat(), |_| {
        "n".to_owned()
    });
    assert_eq!(desk.code, 130, "{}", desk.shown);
    assert!(
        desk.shown.contains("Write 1 document to stage?"),
        "{}",
        desk.shown
    );
    assert!(!desk.shown.contains(QUESTION), "{}", desk.shown);
}
