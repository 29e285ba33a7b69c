//! What is switched on and off is the affair of `freeze` and `thaw`: a restore leaves it alone, and says so.

use crate::rehearsal::Rehearsal;

#[test]
fn a_restore_of_switches_alone_says_whose_affair_they_are() {
    let rehearsal = Rehearsal::of_everything(&[]);
    rehearsal
        .run(&["backup", "stage", "--only", "connectors/*", "--only", "mail/*"])
        .ends(0);
    rehearsal.refresh();
    rehearsal.forget_requests();
    for more in [&["--yes"][..], &["--dry-run"], &["--yes", "--json"]] {
        rehearsal
            .run(&[&["restore", "stage", "--only", "connectors/*:switch"], more].concat())
            .ends(2)
            .says("which a restore leaves alone")
            .says("lmskeep thaw stage");
    }
    assert_eq!(rehearsal.requests(), [], "that is known before anything is asked");
    // Beside other keys they are no mistake.
    rehearsal
        .run(&[
            "restore",
            "stage",
            "--dry-run",
            "--only",
            "connectors/*:switch",
            "--only",
            "mail/*",
        ])
        .ends(1);
}
