//! Back to work: what was on is on again, and nobody gets mail by mistake.

use reqwest::Method;
use serde_json::json;

use crate::real::part;
use crate::real::terminal::Terminal;
use crate::rehearsal::Rehearsal;

impl Rehearsal {
    /// Frozen, with all files and real values back.
    fn restored(words: &[&str]) -> Self {
        let rehearsal = Self::overwritten(words);
        rehearsal.run(&["freeze", "stage", "--yes"]).ends(0);
        let known = rehearsal.look("known", "stage");
        let password = known["smtpPassword"].as_str().unwrap();
        rehearsal.tell_value("mail/settings", "smtpUserPassword", password);
        rehearsal.enter_all();
        rehearsal
    }
}

#[test]
fn all_that_was_on_is_on_again_and_nobody_gets_mail_by_mistake() {
    let rehearsal = Rehearsal::restored(&[]);
    // The nightly backup comes while everything is off.
    rehearsal
        .run(&["backup", "stage"])
        .ends(0)
        .says("it was frozen on");
    rehearsal.forget_requests();
    rehearsal
        .run(&["thaw", "stage", "--yes"])
        .ends(8)
        .says("User Connector - SF, with mail off")
        .says("--addresses-masked");
    assert_eq!(rehearsal.operation()["scheduledConnectors"], 1);
    assert_eq!(rehearsal.operation()["learners"], "real");
    rehearsal.tick(1);
    assert_eq!(rehearsal.operation()["learners"], "masked");
    rehearsal
        .run(&["thaw", "stage", "--yes", "--addresses-masked"])
        .ends(8)
        .says("--processes-ran");
    // The first run of the processes makes the mail that was saved up.
    rehearsal.tick(1);
    let operation = rehearsal.operation();
    assert!(operation["unsent"].as_u64() > Some(0), "{operation}");
    assert_eq!(operation["mailOn"], false);
    rehearsal.fault("POST", "updateConnector", 1, serde_json::json!("expire"));
    let done = rehearsal
        .run(&["thaw", "stage", "--yes", "--processes-ran"])
        .ends(0);
    done.says("is thawed");
    let operation = rehearsal.operation();
    assert_eq!(
        (&operation["mail"], &operation["automaticProcesses"]),
        (&"ok".into(), &"ok".into())
    );
    assert_eq!(
        rehearsal.parts_written(),
        ["connectors", "processes", "purge", "connectors", "mail"]
    );
    rehearsal.tick(2);
    // Admins' addresses are a person's affair.
    let damage = rehearsal.damage();
    assert_eq!(
        (&damage["mailToRealPeople"], &damage["feedFilesEaten"]),
        (&0.into(), &0.into()),
        "{damage}"
    );
    rehearsal.forget_requests();
    rehearsal.run(&["thaw", "stage", "--yes"]).ends(0);
    assert_eq!(rehearsal.parts_written(), Vec::<&str>::new());
    let ordinary = rehearsal.run(&["backup", "stage", "--json"]).ends(0);
    assert_eq!(ordinary.json()["kind"], "ordinary");

    rehearsal
        .run(&["undo", "stage", "--yes"])
        .ends(9)
        .says("lmskeep freeze stage");
    rehearsal.run(&["freeze", "stage", "--yes"]).ends(0);
    rehearsal.run(&["undo", "stage", "--yes"]).ends(8);
}

#[test]
fn what_depends_on_a_value_that_waits_stays_off() {
    let rehearsal = Rehearsal::overwritten(&["key=instance"]);
    rehearsal.run(&["freeze", "stage", "--yes"]).ends(0);
    rehearsal
        .run(&["thaw", "stage", "--yes"])
        .ends(9)
        .says("still has the source's configuration");
    rehearsal.run(&["restore", "stage", "--yes"]).ends(8);
    let ran = rehearsal.run(&["thaw", "stage", "--yes", "--json"]).ends(8);
    let waits = ran.json()["waits"].to_string();
    assert!(
        waits.contains("configuration/CONNECTORS:connector.ftp.password"),
        "{waits}"
    );
    let operation = rehearsal.operation();
    assert_eq!(operation["scheduledConnectors"], 0);
    assert_eq!(operation["mailOn"], false);
    assert!(operation["scheduledProcesses"].as_u64() > Some(0), "{operation}");
}

#[test]
fn nothing_is_switched_on_that_was_not_shown_or_not_agreed_to() {
    if !part::is_here("a terminal", &Terminal::missing()) {
        return;
    }
    let rehearsal = Rehearsal::of_everything(&[]);
    rehearsal.run(&["backup", "stage"]).ends(0);
    for part in ["connectors", "automaticProcesses"] {
        let off = json!({ "part": part, "name": "*", "on": false });
        rehearsal.tell(Method::POST, "switch/stage", Some(&off));
    }
    let before = rehearsal.operation();
    rehearsal.run(&["thaw", "stage"]).ends(2).says("--yes");
    let (code, shown) = Terminal::run(&rehearsal.program.command(&["thaw", "stage", "--json"])).end();
    assert_eq!(code, 2, "{shown}");
    let mut asked = Terminal::run(&rehearsal.program.command(&["thaw", "stage"]));
    asked.wait_for("Switch these on at stage?");
    asked.type_line("no");
    let (code, shown) = asked.end();
    assert_eq!(code, 130, "{shown}");
    assert!(
        shown.contains("User Connector - SF"),
        "what would be switched on is shown: {shown}"
    );
    assert_eq!(rehearsal.parts_written(), Vec::<&str>::new());
    assert_eq!(rehearsal.operation(), before);
}
