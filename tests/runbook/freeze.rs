//! After the refresh: nothing may leave.

use serde_json::json;

use crate::real::part;
use crate::real::terminal::Terminal;
use crate::rehearsal::Rehearsal;

/// That nothing is on, and that time passes without harm.
#[track_caller]
fn nothing_leaves(rehearsal: &Rehearsal) {
    let operation = rehearsal.operation();
    assert_eq!(operation["mailOn"], false, "{operation}");
    assert_eq!(operation["scheduledConnectors"], 0, "{operation}");
    assert_eq!(operation["scheduledProcesses"], 0, "{operation}");
    let before = rehearsal.damage();
    rehearsal.tick(3);
    assert_eq!(rehearsal.damage(), before);
}

#[test]
fn a_stage_that_nobody_freezes_does_harm_and_a_frozen_one_none() {
    let rehearsal = Rehearsal::overwritten(&[]);
    assert_eq!(rehearsal.damage_done(), 0);
    // The night nobody was there.
    rehearsal.tick(2);
    let night = rehearsal.damage();
    assert!(night["feedFilesEaten"].as_u64() > Some(0), "{night}");
    assert!(night["mailToRealPeople"].as_u64() > Some(0), "{night}");
    rehearsal
        .run(&["freeze", "stage", "--yes"])
        .ends(0)
        .says("Nothing can leave stage any more");
    assert_eq!(rehearsal.parts_written(), ["mail", "connectors", "processes"]);
    nothing_leaves(&rehearsal);
    rehearsal.forget_requests();
    let again = rehearsal.run(&["freeze", "stage", "--yes", "--json"]).ends(0);
    assert_eq!(again.json()["frozen"], true);
    rehearsal.nothing_was_sent();
}

#[test]
fn services_are_frozen_alike() {
    let rehearsal = Rehearsal::overwritten(&["service", "german"]);
    rehearsal.run(&["freeze", "stage", "--yes"]).ends(0);
    assert_eq!(rehearsal.parts_written(), ["mail", "connectors", "processes"]);
    nothing_leaves(&rehearsal);
}

#[test]
fn production_is_not_frozen_by_mistake() {
    let rehearsal = Rehearsal::of_everything(&[]);
    rehearsal
        .run(&["freeze", "prod", "--yes"])
        .ends(9)
        .says("counts as a production instance");
    rehearsal.run(&["purge-emails", "prod", "--yes"]).ends(9);
    assert!(rehearsal.requests_to("production").is_empty());
}

#[test]
fn each_write_is_read_before_and_after_and_only_the_switch_changes() {
    let rehearsal = Rehearsal::overwritten(&[]);
    let before = rehearsal.operation();
    rehearsal.run(&["freeze", "stage", "--yes"]).ends(0);
    let requests = rehearsal.requests();
    let saves = requests
        .iter()
        .enumerate()
        .filter(|(_, asked)| asked.is_post() && !asked.is_sign_in());
    let mut number = 0;
    for (at, _) in saves {
        number += 1;
        // A save of connectors answers by a redirect to the page itself.
        let next = requests[at + 1..]
            .iter()
            .find(|asked| !asked.path.contains("saved=true"));
        assert_eq!(requests[at - 1].method, "GET");
        assert_eq!(requests[at - 1].path, next.unwrap().path);
    }
    let (connectors, processes) = (&before["scheduledConnectors"], &before["scheduledProcesses"]);
    let on = 1 + connectors.as_u64().unwrap() + processes.as_u64().unwrap();
    assert_eq!(number, on);
    rehearsal
        .run(&["undo", "stage", "--yes"])
        .ends(2)
        .says("nothing to undo");
}

#[test]
fn what_runs_is_tried_again_and_told_where_it_goes_on_running() {
    let rehearsal = Rehearsal::overwritten(&[]);
    rehearsal.runs("Course Reminder", 1);
    rehearsal
        .run(&["freeze", "stage", "--yes"])
        .ends(0)
        .says("Tried once more");
    nothing_leaves(&rehearsal);
    rehearsal.refresh();
    rehearsal.runs("Item Connector", 99);
    let stuck = rehearsal.run(&["freeze", "stage", "--yes"]).ends(7);
    stuck
        .says("connectors/Item Connector refused")
        .says("something can still leave");
    let operation = rehearsal.operation();
    assert_eq!(
        (
            &operation["scheduledConnectors"],
            &operation["scheduledProcesses"]
        ),
        (&json!(1), &json!(0))
    );
    rehearsal.runs("Item Connector", 0);
    rehearsal.run(&["freeze", "stage", "--yes"]).ends(0);
    nothing_leaves(&rehearsal);
}

#[test]
fn a_lost_session_a_lost_answer_and_a_failing_page_do_not_stop_it() {
    let rehearsal = Rehearsal::overwritten(&[]);
    rehearsal.faults(&json!([
        { "method": "POST", "path": "saveGlobalSettings", "effect": "lose-answer" },
        { "method": "GET", "path": "connectorDetail", "skip": 20, "effect": "expire" },
        { "method": "POST", "path": "saveProcess", "skip": 3, "effect": "ignore-save" },
        { "method": "GET", "path": "editProcess", "skip": 60, "effect": { "status": 503 } },
    ]));
    rehearsal.run(&["freeze", "stage", "--yes"]).ends(0);
    nothing_leaves(&rehearsal);
}

#[test]
fn a_part_that_is_not_to_be_seen_is_named_and_the_others_are_frozen() {
    let rehearsal = Rehearsal::overwritten(&[]);
    rehearsal.fault("GET", "globalSettings", 0, json!({ "status": 403 }));
    let ran = rehearsal.run(&["freeze", "stage", "--yes"]).ends(7);
    ran.says("something can still leave").says("not read");
    assert_eq!(rehearsal.parts_written(), ["connectors", "processes"]);
    rehearsal.run(&["freeze", "stage", "--yes"]).ends(0);
    nothing_leaves(&rehearsal);
}

#[test]
fn nothing_is_switched_that_was_not_shown_or_not_agreed_to() {
    if !part::is_here("a terminal", &Terminal::missing()) {
        return;
    }
    let rehearsal = Rehearsal::overwritten(&[]);
    rehearsal.run(&["freeze", "stage"]).ends(2);
    let unseen = Terminal::run(&rehearsal.program.command(&["freeze", "stage", "--json"]));
    let (code, shown) = unseen.end();
    assert_eq!(code, 2, "{shown}");
    let mut asked = Terminal::run(&rehearsal.program.command(&["freeze", "stage"]));
    asked.wait_for("Switch all of it off at stage?");
    asked.type_line("");
    let (code, shown) = asked.end();
    assert_eq!(code, 130, "{shown}");
    assert_eq!(rehearsal.parts_written(), Vec::<&str>::new());
}

#[test]
fn an_admin_who_must_change_the_password_first_switches_nothing() {
    let mut rehearsal = Rehearsal::of_everything(&[]);
    rehearsal.program.write_config(&format!(
        "[instance.stage]\nurl = \"{}\"\nuser = \"NEW_ADMIN\"\nrole = \"test\"\n",
        rehearsal.practice.stage
    ));
    rehearsal.program.set("LMSKEEP_PASSWORD", "Initial-1");
    rehearsal.refresh();
    let before = rehearsal.operation();
    // The password is right, so that trying it again does no harm, and does not help either.
    for more in [&[][..], &["--json"], &["--after-refresh"]] {
        rehearsal.forget_requests();
        rehearsal
            .run(&[&["freeze", "stage", "--yes"], more].concat())
            .ends(3)
            .says("`stage` asks `NEW_ADMIN` for a new password first")
            .says("set it in a browser, then: lmskeep login stage");
        rehearsal.nothing_was_sent();
    }
    assert_eq!(rehearsal.operation(), before);
    let admins = rehearsal.look("admins", "stage");
    let admin = admins
        .as_array()
        .unwrap()
        .iter()
        .find(|a| a["name"] == "NEW_ADMIN");
    assert_eq!(admin.unwrap()["mustChangePassword"], true, "{admins}");
}
