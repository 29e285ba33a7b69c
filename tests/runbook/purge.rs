//! Unsent mail: deleted only where a person wants it, and what is left is named.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::json;

use super::rehearsal;
use crate::promises::side_by_side;
use crate::real::part;
use crate::real::terminal::Terminal;
use crate::rehearsal::{Asked, Rehearsal};

/// How much mail of stage waits.
fn waiting(rehearsal: &Rehearsal) -> u64 {
    rehearsal.operation()["unsent"].as_u64().unwrap()
}

/// How long deletions take from now on.
fn deletions_take(rehearsal: &Rehearsal, ms: u64) {
    rehearsal.tell(Method::POST, "deletion/stage", Some(&json!({ "ms": ms })));
}

/// How much of the mail of stage is being sent, by type.
fn being_sent(rehearsal: &Rehearsal) -> BTreeMap<String, u64> {
    let queue = rehearsal.look("queue", "stage");
    let sent = queue.as_array().unwrap().iter();
    let mut types = BTreeMap::new();
    for mail in sent.filter(|mail| mail["beingSent"] == true) {
        *types
            .entry(mail["type"].as_str().unwrap().to_owned())
            .or_default() += 1;
    }
    types
}

#[test]
fn what_is_being_sent_is_named_and_deleted_later() {
    side_by_side(vec![&[] as &[&str], &["service"]], |way| {
        let rehearsal = rehearsal(way);
        rehearsal.refresh();
        deletions_take(&rehearsal, 0);
        rehearsal.tell(Method::POST, "sending/stage", Some(&json!({ "count": 3 })));
        let (before, sent) = (waiting(&rehearsal), being_sent(&rehearsal));
        let why = "What is left is being sent, or came since: run it again in a while.";
        match way {
            [] => {
                let left = format!("3 of {before} unsent emails are left at stage:");
                let ran = rehearsal
                    .run(&["purge-emails", "stage", "--yes"])
                    .ends(7)
                    .says(why);
                let (_, named) = ran.out.split_once(&left).expect(&ran.out);
                assert!(sent.keys().all(|kind| named.contains(kind)), "{}", ran.out);
            }
            _ => {
                let answer = rehearsal
                    .run(&["purge-emails", "stage", "--yes", "--json"])
                    .ends(7)
                    .json();
                assert_eq!(
                    (&answer["left"], &answer["leftByType"], &answer["deleted"]),
                    (&json!(3), &json!(sent), &json!(before - 3)),
                    "{answer}"
                );
                assert_eq!((&answer["why"], &answer["exitCode"]), (&json!(why), &json!(7)));
            }
        }
        assert_eq!(rehearsal.parts_written(), ["mail", "purge"], "{way:?}");
        assert_eq!(waiting(&rehearsal), 3);
        // What was being sent stops at the next tick, and waits then, since mail is off.
        rehearsal.tick(1);
        assert!(waiting(&rehearsal) >= 3);
        rehearsal
            .run(&["purge-emails", "stage", "--yes"])
            .ends(0)
            .says("none is left");
        assert_eq!(waiting(&rehearsal), 0);
        rehearsal.forget_requests();
        rehearsal
            .run(&["purge-emails", "stage"])
            .ends(0)
            .says("stage has no unsent mail");
        rehearsal.nothing_was_sent();
    });
}

#[test]
fn killed_while_the_deletion_runs_it_goes_on_by_waiting_for_it() {
    side_by_side(vec![&[] as &[&str], &["service"]], |way| {
        let rehearsal = rehearsal(way);
        rehearsal.refresh();
        deletions_take(&rehearsal, 2000);
        rehearsal.forget_requests();
        let mut child = rehearsal.begin(&["purge-emails", "stage", "--yes"]);
        let is_deletion = |asked: &Asked| asked.is_post() && asked.path.contains("nsentEmails");
        rehearsal.wait_for("the deletion", |requests| {
            requests.iter().any(|asked| is_deletion(asked) && asked.answered)
        });
        child.kill().unwrap();
        child.wait().unwrap();
        rehearsal
            .run(&["purge-emails", "stage", "--yes"])
            .ends(0)
            .says("none is left");
        assert_eq!(waiting(&rehearsal), 0, "{way:?}");
        // A page shows no button meanwhile; a service refuses another one.
        let deletions = rehearsal
            .requests()
            .iter()
            .filter(|asked| is_deletion(asked))
            .count();
        assert!(deletions <= 1 + way.len(), "{way:?}");
    });
}

#[test]
fn nothing_is_deleted_that_was_not_shown_or_not_agreed_to() {
    if !part::is_here("a terminal", &Terminal::missing()) {
        return;
    }
    let rehearsal = Rehearsal::of_everything(&[]);
    rehearsal.refresh();
    let before = rehearsal.operation();
    rehearsal.run(&["purge-emails", "stage"]).ends(2).says("--yes");
    let (code, shown) = Terminal::run(&rehearsal.program.command(&["purge-emails", "stage", "--json"])).end();
    assert_eq!(code, 2, "{shown}");
    for typed in ["", "no"] {
        let mut asked = Terminal::run(&rehearsal.program.command(&["purge-emails", "stage"]));
        asked.wait_for("They cannot be brought back.");
        asked.type_line(typed);
        let (code, shown) = asked.end();
        assert_eq!(code, 130, "{shown}");
        assert!(shown.contains("Course Reminder"), "it is shown by type: {shown}");
    }
    assert_eq!(rehearsal.parts_written(), Vec::<&str>::new());
    assert_eq!(rehearsal.operation(), before);
}
