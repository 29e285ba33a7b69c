//! Instances that do not let the program in, or not far enough.

use crate::journey::table::Row;
use crate::rehearsal::{Asked, Rehearsal};

#[test]
fn an_integrated_instance_has_no_native_sign_in() {
    let rehearsal = Rehearsal::start(&["integrated"]);
    for command in [&["backup", "stage"][..], &["backup", "stage", "--json"]] {
        rehearsal
            .run(command)
            .ends(3)
            .says("offers no native sign-in")
            .says("successFactorsLearningEnabled=false");
    }
    assert_eq!(rehearsal.sign_ins(), 0);
    nothing_is_stored(&rehearsal);
}

#[test]
fn a_refresh_from_an_integrated_production_closes_stage() {
    let rehearsal = Rehearsal::with_backup(&[]);
    rehearsal.play(&["integrated"]);
    rehearsal.run(&["diff", "stage"]).ends(3);
    rehearsal.run(&["restore", "stage", "--yes"]).ends(3);
    assert_eq!(rehearsal.saves(), 0);
}

#[test]
fn without_the_permission_nothing_is_stored() {
    let rehearsal = Rehearsal::start(&["denied"]);
    rehearsal.run(&["backup", "stage"]).ends(5);
    nothing_is_stored(&rehearsal);
    let rehearsal = Rehearsal::start(&["denied", "german", "token=script"]);
    rehearsal.run(&["backup", "stage"]).ends(5);
    nothing_is_stored(&rehearsal);
}

#[test]
fn what_is_closed_refuses_every_command() {
    for (words, code) in [
        (&["integrated"][..], 3),
        (&["denied"], 5),
        (&["denied", "german", "token=script"], 5),
    ] {
        // There is a backup to restore, and a restore to undo.
        let rehearsal = Rehearsal::refreshed_with_few(&[]);
        let few = ["restore", "stage", "--yes", "--only", "UI"];
        rehearsal.run(&few).ends(0);
        rehearsal.play(words);
        rehearsal.forget_requests();
        let (backups, state) = (rehearsal.backups(), rehearsal.state());
        let mut row = Row::new(words);
        for command in [
            &["backup", "stage"][..],
            &["diff", "stage"],
            &["restore", "stage", "--yes"],
            &["restore", "stage", "--yes"],
            &["undo", "stage", "--yes"],
        ] {
            rehearsal.run(command).ends(code);
            let wrote = |asked: &Asked| asked.is_post() && !asked.is_sign_in();
            assert!(!rehearsal.requests().iter().any(wrote), "{words:?} {command:?}");
            assert_eq!(rehearsal.backups(), backups, "{words:?} {command:?}");
            assert_eq!(rehearsal.state(), state, "{words:?} {command:?}");
            row.refused();
        }
        row.done();
    }
}

fn nothing_is_stored(rehearsal: &Rehearsal) {
    let backups = rehearsal.run(&["list", "--json"]).ends(0).json();
    assert_eq!(backups["backups"].as_array().unwrap().len(), 0);
    rehearsal
        .run(&["restore", "stage", "--yes"])
        .ends(2)
        .says("backup");
}
