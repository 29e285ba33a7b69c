//! Values that a person types at a terminal.

use crate::real::keyring::Keyring;
use crate::real::part;
use crate::real::terminal::Terminal;
use crate::rehearsal::Rehearsal;

#[test]
fn values_are_asked_for_before_the_first_write_and_kept_when_that_is_wanted() {
    if !part::is_here("a terminal", &Terminal::missing()) {
        return;
    }
    let Some(keyring) = Keyring::start() else { return };
    let mut rehearsal = Rehearsal::start(&["key=instance"]);
    rehearsal.program.set("DBUS_SESSION_BUS_ADDRESS", &keyring.bus);
    let healthy = rehearsal.health();
    rehearsal
        .run(&["backup", "stage", "--only", "CONNECTORS"])
        .ends(0);
    rehearsal.refresh();
    rehearsal.forget_requests();
    let command =
        rehearsal
            .program
            .command(&["restore", "stage", "--encrypted", "enter", "--only", "CONNECTORS"]);
    let mut terminal = Terminal::run(&command);
    let real = rehearsal.real_values();
    let typed = real
        .iter()
        .filter(|(document, ..)| document == "CONNECTORS")
        .count();
    terminal.wait_for("stage has 4 keys that the backup lacks.");
    terminal.wait_for("Merge, and keep them? [y/N]");
    terminal.type_line("n");
    // Asked in the order of the file.
    for _ in 0..typed {
        let asked = terminal.wait_for_one(&[
            "connector.pgp.secret.keyring: ",
            "connector.pgp.passphrase: ",
            "connector.ftp.password: ",
        ]);
        let key = asked.trim_end_matches(": ").to_owned();
        let (_, _, value) = real.iter().find(|(_, k, _)| *k == key).unwrap();
        terminal.type_line(value);
        terminal.forget(&asked);
    }
    terminal.wait_for("in the keyring, for the next refresh? [y/N]");
    assert!(
        !rehearsal.requests().iter().any(|asked| asked.is_save()),
        "nothing is sent before"
    );
    terminal.type_line("y");
    terminal.wait_for("Write 1 document to stage? [y/N]");
    terminal.type_line("y");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    for (_, key, value) in &real {
        assert!(!shown.contains(value.as_str()), "{key} is shown: {shown}");
    }
    assert_ne!(healthy, serde_json::Value::Null);
    let origin = rehearsal.practice.stage.trim_end_matches('/').to_owned();
    let entry = format!("value@{origin}#configuration/CONNECTORS:connector.ftp.password");
    assert!(keyring.kept(&entry).is_some());
}

#[test]
fn a_paste_of_several_lines_is_one_value_and_answers_nothing_else() {
    if !part::is_here("a terminal", &Terminal::missing()) {
        return;
    }
    let mut rehearsal = Rehearsal::start(&[]);
    rehearsal
        .program
        .set("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere");
    rehearsal
        .run(&["backup", "stage", "--only", "CONNECTORS"])
        .ends(0);
    rehearsal.refresh();
    let words = [
        "restore",
        "stage",
        "--encrypted",
        "enter",
        "--only",
        "CONNECTORS",
        "--yes",
    ];
    let mut terminal = Terminal::run(&rehearsal.program.command(&words));
    terminal.wait_for("connector.pgp.secret.keyring: ");
    terminal.type_line("-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQOYBGCANARYLINE\nSECONDCANARY\n-----END PGP PRIVATE KEY BLOCK-----");
    terminal.wait_for("nobody knows how the LMS reads that");
    terminal.wait_for("Enter it here all the same?");
    terminal.type_line("n");
    for key in ["connector.pgp.passphrase: ", "connector.ftp.password: "] {
        terminal.wait_for(key);
        terminal.type_line("skip");
    }
    let (code, shown) = terminal.end();
    assert_eq!(code, 8, "{shown}");
    assert!(!shown.contains("CANARY"), "{shown}");
    assert!(shown.contains("3 encrypted values wait"), "{shown}");
}

#[test]
fn a_long_paste_is_taken_whole() {
    if !part::is_here("a terminal", &Terminal::missing()) {
        return;
    }
    let Some(keyring) = Keyring::start() else { return };
    let mut rehearsal = Rehearsal::start(&[]);
    rehearsal.program.set("DBUS_SESSION_BUS_ADDRESS", &keyring.bus);
    rehearsal
        .run(&["backup", "stage", "--only", "CONNECTORS"])
        .ends(0);
    let command = rehearsal
        .program
        .command(&["secret", "set", "stage", "CONNECTORS:connector.ftp.password"]);
    let mut terminal = Terminal::run(&command);
    terminal.wait_for("connector.ftp.password: ");
    let long = "0123456789abcdef".repeat(75);
    terminal.type_line(&long);
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    let origin = rehearsal.practice.stage.trim_end_matches('/').to_owned();
    let entry = format!("value@{origin}#configuration/CONNECTORS:connector.ftp.password");
    assert_eq!(keyring.kept(&entry), Some(long.clone()));
    let command = rehearsal.program.command(&[
        "secret",
        "set",
        "stage",
        "CONNECTORS:connector.pgp.secret.keyring",
    ]);
    let mut terminal = Terminal::run(&command);
    terminal.wait_for("connector.pgp.secret.keyring: ");
    terminal.type_line(&long.repeat(8));
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert!(
        shown.contains("sealed file"),
        "9,600 letters are more than a terminal's own line: {shown}"
    );
}
