//! `before` and `ready`: everything to see to before a refresh, left and taken up again, and what never happens then.

mod again;
mod password;

use serde_json::Value;

use crate::real::part;
use crate::real::terminal::Terminal;
use crate::rehearsal::{Asked, Ran, Rehearsal, State};

/// Items that a person answers, beside those of which a test is about.
const SAID: [&str; 5] = ["admins", "logos", "version", "bizx", "report-jobs"];

/// Both instances with everything that a refresh overwrites; no keyring.
fn rehearsal() -> Rehearsal {
    let mut rehearsal = Rehearsal::of_everything(&[]);
    rehearsal
        .program
        .set("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere");
    rehearsal
}

/// How an item stands, by `--json`.
#[track_caller]
fn item(ran: &Ran, id: &str) -> Value {
    let answer = ran.json();
    let items = answer["items"].as_array().unwrap();
    let found = items.iter().find(|item| item["id"] == id);
    found
        .unwrap_or_else(|| panic!("no {id} in {}", ran.told()))
        .clone()
}

/// The words that answer all that a person has to.
fn answers(kind: &str) -> Vec<&str> {
    let mut words = vec!["before", "stage", "--json", "--by", "anna", "--kind", kind];
    SAID.iter().for_each(|id| words.extend(["--done", id]));
    words.extend(["--skip", "values=the vendor sends new ones"]);
    words
}

#[test]
fn what_is_answered_is_kept_and_nothing_is_written_to_either_side() {
    let rehearsal = rehearsal();
    let (stage, production) = (
        rehearsal.look("state", "stage"),
        rehearsal.look("state", "production"),
    );
    rehearsal
        .run(&["ready", "stage"])
        .ends(1)
        .says("Nothing is prepared");
    let first = rehearsal.run(&["before", "stage", "--json"]).ends(1);
    assert_eq!(item(&first, "kind")["state"], "open");
    assert_eq!(item(&first, "backup")["state"], "done");
    assert_eq!(item(&first, "source-backup")["state"], "done");
    assert_eq!(item(&first, "account")["state"], "done");
    let vanishes = item(&first, "admins")["why"].as_str().unwrap().to_owned();
    assert!(vanishes.contains("STAGE_ADMIN"), "{vanishes}");
    assert_eq!(item(&first, "logos")["state"], "done");
    assert_eq!(
        item(&first, "version")["hints"][0],
        "lmskeep before stage --done version"
    );
    rehearsal.run(&["ready", "stage"]).ends(1).says("version");
    for side in ["stage", "production"] {
        let posts: Vec<Asked> = rehearsal
            .requests_to(side)
            .into_iter()
            .filter(Asked::is_post)
            .collect();
        assert!(
            !posts.is_empty() && posts.iter().all(Asked::is_sign_in),
            "{side}: {posts:#?}"
        );
    }
    rehearsal.forget_requests();
    let second = rehearsal.run(&answers("irt")).ends(0);
    assert_eq!(
        second.json()["backup"],
        first.json()["backup"],
        "what is fresh is kept"
    );
    assert_eq!(second.json()["ready"], true);
    let logos = item(&second, "logos");
    assert_eq!(
        (&logos["state"], &logos["by"]),
        (&Value::from("done"), &Value::from("anna"))
    );
    let values = item(&second, "values");
    assert_eq!(values["state"], "skipped");
    assert_eq!(values["why"], "the vendor sends new ones");
    rehearsal.run(&["ready", "stage"]).ends(0).says("Yes");
    rehearsal
        .run(&["ready", "stage", "--max-age", "0s"])
        .ends(1)
        .says("too old");
    for side in ["stage", "production"] {
        assert_eq!(
            rehearsal.requests_to(side),
            [],
            "{side}: nothing was open or stale there"
        );
    }
    assert_eq!(rehearsal.look("state", "stage"), stage);
    assert_eq!(rehearsal.look("state", "production"), production);
    rehearsal.run(&["before", "stage", "--new", "--json"]).ends(1);
    rehearsal.run(&["ready", "stage"]).ends(1).says("version");
}

#[test]
fn what_fails_at_the_source_stays_open_and_is_taken_up_the_next_time() {
    let rehearsal = rehearsal();
    rehearsal.program.write_config(&format!(
        "[instance.stage]\nurl = \"{}\"\nuser = \"{}\"\nrole = \"test\"\nsource = \"prod\"\n",
        rehearsal.practice.stage, rehearsal.practice.user
    ));
    let ran = rehearsal.run(&answers("irt")).ends(1);
    for id in ["source-backup", "account"] {
        assert_eq!(item(&ran, id)["state"], "open");
        let hint = item(&ran, id)["hints"][0].as_str().unwrap().to_owned();
        assert!(hint.starts_with("lmskeep instance add prod"), "{hint}");
    }
    rehearsal.know(&rehearsal.practice.stage, "test");
    rehearsal.forget_requests();
    rehearsal.run(&["before", "stage", "--json"]).ends(0);
    assert_eq!(rehearsal.requests(), [], "the backup of stage was taken before");
}

#[test]
fn a_source_that_was_switched_off_is_not_forgotten() {
    let rehearsal = rehearsal();
    rehearsal.run(&answers("irt")).ends(0);
    rehearsal
        .run(&["before", "stage", "--done", "source-on"])
        .ends(2)
        .says("Nothing was switched off");
    let off = rehearsal
        .run(&["before", "stage", "--done", "source-off", "--json"])
        .ends(0);
    assert_eq!(item(&off, "source-on")["state"], "open");
    let anew = rehearsal.run(&["before", "stage", "--new", "--json"]).ends(1);
    assert_eq!(
        item(&anew, "source-on")["state"],
        "open",
        "it stays off in a new round"
    );
    let why = item(&anew, "source-backup")["why"].as_str().unwrap().to_owned();
    assert!(why.contains("would remember them as off"), "{why}");
    let on = rehearsal
        .run(&["before", "stage", "--done", "source-on", "--json"])
        .ends(1);
    assert_eq!(item(&on, "source-on")["state"], "done");
    assert_eq!(item(&on, "source-backup")["state"], "done");
}

#[test]
fn a_refresh_by_case_needs_a_day_and_perhaps_a_text() {
    let rehearsal = rehearsal();
    let text = State::of(&rehearsal.look("state", "production"))
        .text("BIZX")
        .to_owned();
    let closed = text.replace(
        "successFactorsLearningEnabled=false",
        "successFactorsLearningEnabled=true",
    );
    assert_ne!(text, closed);
    rehearsal.save("production", "BIZX", &closed);
    let mut words = answers("manual");
    words.extend(["--skip", "source-backup=closed", "--skip", "account=closed"]);
    let ran = rehearsal.run(&words).ends(1);
    let why = |ran: &Ran, id: &str| item(ran, id)["why"].as_str().unwrap_or_default().to_owned();
    assert!(
        why(&ran, "native-login").contains("is not known"),
        "{}",
        ran.told()
    );
    assert_eq!(
        item(&ran, "native-login")["hints"][0],
        "lmskeep before stage --case-text"
    );
    let hint = item(&ran, "lead-time")["hints"][0].as_str().unwrap().to_owned();
    let day = hint.rsplit(' ').next().unwrap().to_owned();
    let early = rehearsal
        .run(&["before", "stage", "--date", "2020-01-01", "--json"])
        .ends(1);
    assert!(why(&early, "lead-time").contains(&day), "{}", early.told());
    rehearsal
        .run(&["before", "stage", "--date", &day, "--done", "native-login"])
        .ends(0);
    rehearsal
        .run(&["before", "stage", "--case-text"])
        .ends(0)
        .says(&day)
        .says("put that file back in stage");
}

#[test]
fn wrong_words_change_nothing() {
    let rehearsal = rehearsal();
    rehearsal
        .run(&["before", "prod"])
        .ends(9)
        .says("production instance");
    for (words, said) in [
        (["--done", "logo"], "did you mean `logos`?"),
        (["--done", "backup"], "lmskeep sees to it itself"),
        (["--skip", "backup=no time"], "cannot be skipped"),
        (["--skip", "logos"], "an item and a reason"),
        (["--date", "soon"], "2026-12-14"),
    ] {
        let words = ["before", "stage", words[0], words[1]];
        rehearsal.run(&words).ends(2).says(said);
    }
    rehearsal.run(&["ready", "stage", "--max-age", "soon"]).ends(2);
    assert_eq!(rehearsal.requests(), []);
}

#[test]
fn the_pinned_backup_is_named_where_a_newer_one_is_chosen() {
    let rehearsal = rehearsal();
    let ran = rehearsal.run(&answers("irt")).ends(0);
    let pinned = ran.json()["backup"]["id"].as_str().unwrap().to_owned();
    let said = format!("has pinned backup {pinned}");
    rehearsal.save("stage", "UI", "ui.theme=night\n");
    rehearsal.run(&["backup", "stage"]).ends(0);
    rehearsal.run(&["restore", "stage", "--dry-run"]).says(&said);
    let by_id = rehearsal.run(&["restore", &format!("stage@{pinned}"), "--dry-run"]);
    assert!(!by_id.err.contains(&said), "{}", by_id.told());
}

#[test]
fn a_person_at_a_terminal_is_asked_may_leave_and_goes_on_later() {
    if !part::is_here("a terminal", &Terminal::missing()) {
        return;
    }
    let rehearsal = rehearsal();
    let mut terminal = Terminal::run(&rehearsal.program.command(&["before", "stage", "--by", "anna"]));
    terminal.wait_for("How is stage refreshed?");
    terminal.type_line("1");
    terminal.wait_for("Has somebody all of them?");
    // Left in the midst of it.
    drop(terminal);
    let mut terminal = Terminal::run(&rehearsal.program.command(&["before", "stage", "--by", "anna"]));
    terminal.wait_for("Going on with what began");
    for (question, answer) in [
        ("Has somebody all of them?", "s"),
        ("Why is it skipped?", "they are new each time"),
        ("1 admin vanishes of stage: `STAGE_ADMIN`", "y"),
        ("Has stage the same version", "n"),
        ("Is the BizX of stage refreshed", "y"),
        ("6 recurring report jobs of 5 owners", "y"),
        ("is all of that off in prod?", ""),
    ] {
        terminal.wait_for(question);
        terminal.type_line(answer);
    }
    let (code, shown) = terminal.end();
    assert_eq!(code, 1, "{shown}");
    assert!(
        !shown.contains("How is stage refreshed?"),
        "that was answered: {shown}"
    );
    assert!(shown.contains("Not ready: 1 item open"), "{shown}");
    let ran = rehearsal
        .run(&["before", "stage", "--done", "version", "--json"])
        .ends(0);
    assert_eq!(item(&ran, "values")["why"], "they are new each time");
    assert_eq!(item(&ran, "admins")["by"], "anna");
}
