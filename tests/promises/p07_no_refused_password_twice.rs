//! Promise 7: a refused password is never tried again, by no retry and no later command.

use serde_json::{Value, json};

use crate::cli::program::Program;
use crate::promises::page_of;
use crate::real::part;
use crate::real::terminal::Terminal;
use crate::rehearsal::{Ran, Rehearsal};

const WRONG: &str = "Wrong-canary-4711";

/// A rehearsal with the wrong password in the environment.
pub(super) fn with_wrong_password() -> Rehearsal {
    let mut rehearsal = Rehearsal::start(&[]);
    rehearsal.program = Program::new().with("LMSKEEP_PASSWORD", WRONG);
    rehearsal.know(&rehearsal.practice.stage, "test");
    rehearsal
}

#[test]
fn no_later_command_tries_it_again() {
    let rehearsal = with_wrong_password();
    rehearsal
        .run(&["backup", "stage"])
        .ends(3)
        .says("refused the password of `REFRESH_ADMIN`");
    assert_eq!((rehearsal.sign_ins(), wrong_tries(&rehearsal)), (1, 1));
    rehearsal.forget_requests();
    for words in [
        &["backup", "stage"][..],
        &["diff", "stage@latest"],
        &["backup", "stage", "--json"],
        &["login", "stage"],
        &["backup", "stage", "--yes"],
    ] {
        let ran = rehearsal.run(words);
        assert!([2, 3].contains(&ran.code), "{}", ran.told());
        assert_eq!(rehearsal.sign_ins(), 0, "{}", ran.told());
    }
    let ran = rehearsal
        .run(&["backup", "stage"])
        .ends(3)
        .says("not tried again");
    assert!(
        ran.err.contains("20"),
        "it says when it was refused: {}",
        ran.told()
    );
    assert_eq!(wrong_tries(&rehearsal), 1);
}

#[test]
fn another_password_is_tried_and_the_right_one_gets_in() {
    let rehearsal = with_wrong_password();
    rehearsal.run(&["backup", "stage"]).ends(3);
    let right = piped(
        &rehearsal,
        &["backup", "stage", "--recommended", "--password-stdin"],
        &rehearsal.practice.password,
    );
    right.ends(0);
    // The wrong one stays refused, whatever has worked since and however it is handed over.
    rehearsal.forget_requests();
    rehearsal.run(&["backup", "stage"]).ends(3);
    piped(&rehearsal, &["backup", "stage", "--password-stdin"], WRONG).ends(3);
    assert_eq!(rehearsal.sign_ins(), 0);
    piped(
        &rehearsal,
        &["backup", "stage", "--password-stdin"],
        "Wrong-canary-4712",
    )
    .ends(3);
    assert_eq!(rehearsal.sign_ins(), 1);
    // It is remembered as a hash: the words themselves stand nowhere.
    for (path, bytes) in rehearsal.files("") {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(!text.contains("Wrong-canary"), "{}", path.display());
    }
}

#[test]
fn login_tries_a_password_once_and_none_where_it_cannot_be_kept() {
    let rehearsal = with_wrong_password();
    let mut ran = Vec::new();
    for _ in 0..2 {
        ran.push(piped(&rehearsal, &["login", "stage", "--password-stdin"], WRONG).ends(3));
    }
    // Without a keyring, as on most machines that run tests, there is nothing to try it for.
    let keyring = !ran[0].err.contains("LMSKEEP_PASSWORD");
    assert_eq!(rehearsal.sign_ins(), usize::from(keyring), "{}", ran[0].told());
}

#[test]
fn an_answer_that_is_lost_is_no_reason_to_try_again() {
    for effect in [
        json!("lose-answer"),
        json!("drop"),
        json!({ "status": 503 }),
        json!("cut-body"),
    ] {
        let rehearsal = with_wrong_password();
        rehearsal
            .faults(&json!([{ "method": "POST", "path": "nativeLogin.do", "times": 9, "effect": effect }]));
        let ran = rehearsal.run(&["backup", "stage"]);
        assert!([3, 4].contains(&ran.code), "{effect}: {}", ran.told());
        assert_eq!(rehearsal.sign_ins(), 1, "{effect}");
    }
}

#[test]
fn a_password_that_stops_working_in_the_middle_is_tried_once() {
    let mut rehearsal = Rehearsal::start(&[]);
    // This admin has another password on each side, so that the refresh takes the one of stage away.
    let program = Program::new().with("LMSKEEP_PASSWORD", "Config-stage-1");
    program.write_config(&format!(
        "[instance.stage]\nurl = \"{}\"\nuser = \"CONFIG_ADMIN\"\nrole = \"test\"\n",
        rehearsal.practice.stage
    ));
    rehearsal.program = program;
    rehearsal.fault("GET", &page_of("TASKS"), 0, json!({ "delay-ms": 1000 }));
    let child = rehearsal.begin(&["backup", "stage"]);
    rehearsal.wait_for("the page", |requests| {
        requests.iter().any(|asked| asked.is_edit_of("TASKS"))
    });
    rehearsal.refresh();
    Ran::of(&["backup", "stage"], child.wait_with_output().unwrap()).ends(3);
    assert_eq!(
        (rehearsal.sign_ins(), tries_of(&rehearsal, "CONFIG_ADMIN")),
        (2, 1)
    );
    rehearsal.run(&["backup", "stage"]).ends(3);
    assert_eq!(
        (rehearsal.sign_ins(), tries_of(&rehearsal, "CONFIG_ADMIN")),
        (2, 1)
    );
    assert_eq!(rehearsal.backups(), []);
}

#[test]
fn the_right_password_is_not_taken_for_refused_where_late_answers_come_between() {
    let rehearsal = Rehearsal::start(&[]);
    // The session ends under four readings at once; the login pages of the slow ones bring cookies of their own,
    // which must not get between the new sign-in and the pages after it.
    let slow = ["APPROVAL_WORKFLOW", "ASSIGNMENT_PROFILE", "AUDIT"]
        .into_iter()
        .zip([60, 120, 240]);
    let slow =
        slow.map(|(document, wait)| json!({ "path": page_of(document), "effect": { "delay-ms": wait } }));
    let faults: Vec<Value> = slow
        .chain([json!({ "path": page_of("ACCESSIBILITY"), "effect": "expire" })])
        .collect();
    for _ in 0..3 {
        rehearsal.forget_requests();
        rehearsal.faults(&json!(faults));
        rehearsal.run(&["backup", "stage"]).ends(0);
        assert_eq!(rehearsal.sign_ins(), 2, "{:#?}", rehearsal.requests());
    }
}

#[test]
fn typed_by_a_person_who_was_told_it_is_tried_once_more() {
    if !part::is_here("a terminal", &Terminal::missing()) {
        return;
    }
    let mut rehearsal = with_wrong_password();
    rehearsal.run(&["backup", "stage"]).ends(3);
    let home = std::mem::replace(&mut rehearsal.program, Program::new());
    let typed = |answer: &str| {
        let mut command = home.command(&["backup", "stage"]);
        command.env_remove("LMSKEEP_PASSWORD");
        let mut terminal = Terminal::run(&command);
        terminal.wait_for("Password of `REFRESH_ADMIN`");
        terminal.type_line(WRONG);
        terminal.wait_for("refused this very password on");
        terminal.wait_for("Try it once more? [y/N]");
        terminal.type_line(answer);
        terminal.end()
    };
    assert_eq!((typed("n").0, rehearsal.sign_ins()), (130, 1));
    let (code, shown) = typed("y");
    assert_eq!((code, rehearsal.sign_ins()), (3, 2), "{shown}");
    assert!(!shown.contains(WRONG), "{shown}");
    assert_eq!(wrong_tries(&rehearsal), 2);
}

pub(super) fn wrong_tries(rehearsal: &Rehearsal) -> u64 {
    tries_of(rehearsal, "REFRESH_ADMIN")
}

fn tries_of(rehearsal: &Rehearsal, name: &str) -> u64 {
    let admins = rehearsal.look("admins", "stage");
    let admin = admins
        .as_array()
        .unwrap()
        .iter()
        .find(|admin| admin["name"] == name)
        .unwrap()
        .clone();
    admin["wrongTries"].as_u64().unwrap()
}

/// Runs the program with a line on its standard input.
fn piped(rehearsal: &Rehearsal, words: &[&str], line: &str) -> Ran {
    use std::io::Write;
    use std::process::Stdio;

    let mut command = rehearsal.program.command(words);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    writeln!(child.stdin.take().unwrap(), "{line}").unwrap();
    Ran::of(words, child.wait_with_output().unwrap())
}
