//! Values that are not as one would wish: commands that go wrong, several lines, keys that stand twice or go on in the
//! next line, and a keyring that is not there.

use crate::real::keyring::Keyring;
use crate::real::part;
use crate::real::terminal::Terminal;
use crate::rehearsal::{Rehearsal, State};

const DOCUMENT: &str = "SSO";
const KEY: &str = "sso.sp.keystore.password";
const INTEGRATION: &str = "Single sign-on";
const PLACE: &str = "SSO:sso.sp.keystore.password";
const ENTER: &[&str] = &[
    "restore",
    "stage",
    "--yes",
    "--only",
    DOCUMENT,
    "--encrypted",
    "enter",
];

/// After a refresh, with a backup of the one document from before it.
fn refreshed() -> Rehearsal {
    let rehearsal = Rehearsal::in_full(&["key=instance"]);
    rehearsal.run(&["backup", "stage", "--only", DOCUMENT]).ends(0);
    rehearsal.refresh();
    rehearsal
}

/// The real value of the key.
fn real_value(rehearsal: &Rehearsal) -> String {
    let known = rehearsal.look("plain", "stage");
    known[DOCUMENT][KEY].as_str().unwrap().to_owned()
}

/// Says which command prints the value.
#[track_caller]
fn told_by(rehearsal: &Rehearsal, place: &str, command: &str) {
    rehearsal
        .run(&["secret", "set", "stage", place, "--command", command])
        .ends(0);
}

#[test]
fn what_a_command_that_goes_wrong_has_printed_is_neither_entered_nor_shown() {
    let rehearsal = refreshed();
    let live = rehearsal.state();
    let live = live.value(DOCUMENT, KEY);
    for (command, part) in [
        ("printf told-by-mistake; exit 4", "failed with exit code 4"),
        (
            "printf 'told-by-mistake\\n\\n'",
            "the command for `SSO: sso.sp.keystore.password` printed more than one line",
        ),
        (
            "printf 'told-by-mistake\\nand more'",
            "printed more than one line",
        ),
        ("printf told-by-mistake >&2", "printed nothing"),
        ("printf '\\n'", "printed nothing"),
        ("printf 'told-by-mistake\\377'", "not UTF-8"),
        ("kill -9 $$", "ended by a signal"),
        ("no-such-program-anywhere", "failed with exit code 127"),
        ("printf '********'", "is a mask"),
    ] {
        told_by(&rehearsal, PLACE, command);
        let ran = rehearsal.run(ENTER).ends(8);
        let said = format!("{}{}", ran.out, ran.err).to_lowercase();
        assert!(said.contains(&part.to_lowercase()), "{command}: {}", ran.told());
        assert!(!said.contains("told-by-mistake"), "{command}: {}", ran.told());
        assert!(said.contains(KEY), "{command}: it waits: {}", ran.told());
        assert_eq!(rehearsal.state().value(DOCUMENT, KEY), live, "{command}");
    }
}

#[test]
fn one_line_end_of_either_sort_is_taken_off_what_a_command_prints() {
    for end in ["\\n", "\\r\\n"] {
        let rehearsal = refreshed();
        let value = real_value(&rehearsal);
        told_by(&rehearsal, PLACE, &format!("printf '%s{end}' '{value}'"));
        rehearsal.run(ENTER).ends(0).says("Entered 1 value");
        assert_eq!(rehearsal.health()[INTEGRATION], "ok", "{end}");
    }
}

#[test]
fn a_value_of_several_lines_stays_one_value_and_is_warned_of() {
    let Some(keyring) = Keyring::start() else { return };
    let mut rehearsal = refreshed();
    rehearsal.program.set("DBUS_SESSION_BUS_ADDRESS", &keyring.bus);
    rehearsal.keep_value(DOCUMENT, KEY, "first of two\nsso.planted=second\n");
    let ran = rehearsal.run(ENTER).ends(0).says("has several lines");
    assert!(!format!("{}{}", ran.out, ran.err).contains("first of two"));
    let state = rehearsal.state();
    assert_eq!(state.value(DOCUMENT, "sso.planted"), None);
    assert_eq!(state.text(DOCUMENT).matches("planted").count(), 0);
}

#[test]
fn each_of_two_keys_of_one_name_gets_its_own_value() {
    let rehearsal = Rehearsal::in_full(&["key=instance"]);
    for side in ["stage", "production"] {
        let state = State::of(&rehearsal.look("state", side));
        let own = format!("{KEY}={}\n", state.value(DOCUMENT, KEY).unwrap());
        let twice = format!("{KEY}=first of {side}\nsso.between=1\n{own}");
        rehearsal.save(side, DOCUMENT, &state.text(DOCUMENT).replace(&own, &twice));
    }
    rehearsal
        .run(&["backup", "stage", "--only", DOCUMENT])
        .ends(0)
        .says("2 encrypted values");
    rehearsal.refresh();
    let value = real_value(&rehearsal);
    // The second is what counts where a key stands twice; with the first given alone it waits.
    told_by(&rehearsal, PLACE, "printf 'first of stage'");
    let ran = rehearsal.run(&[ENTER, &["--json"]].concat()).ends(8).json();
    let waits = ran["waits"].as_array().unwrap();
    assert_eq!((waits.len(), &waits[0]["key"]), (1, &KEY.into()), "{ran}");
    assert_eq!(
        rehearsal.health()[INTEGRATION],
        format!("{PLACE}: it does not decrypt here")
    );
    let first = rehearsal.state().value(DOCUMENT, KEY).unwrap().to_owned();
    told_by(
        &rehearsal,
        &format!("{PLACE}[2]"),
        &format!("printf %s '{value}'"),
    );
    rehearsal.run(ENTER).ends(0).says("Entered 1 value");
    assert_eq!(rehearsal.health()[INTEGRATION], "ok");
    let state = rehearsal.state();
    assert_eq!(
        state.value(DOCUMENT, KEY),
        Some(first.as_str()),
        "the first is left as it is"
    );
    assert_eq!(state.text(DOCUMENT).matches(&format!("{KEY}=")).count(), 2);
}

#[test]
fn a_value_that_goes_on_in_the_next_line_is_replaced_whole() {
    let rehearsal = Rehearsal::in_full(&["key=instance"]);
    let mut rests = Vec::new();
    for side in ["stage", "production"] {
        let state = State::of(&rehearsal.look("state", side));
        let (begin, rest) = state.value(DOCUMENT, KEY).unwrap().split_at(8);
        let folded = state.text(DOCUMENT).replace(rest, &format!("\\\n    {rest}"));
        assert!(folded.contains(&format!("{KEY}={begin}\\\n")), "{folded}");
        // The server keeps what is sent back as it is written.
        rehearsal.save(side, DOCUMENT, &folded);
        rests.push(rest.to_owned());
    }
    rehearsal.run(&["backup", "stage", "--only", DOCUMENT]).ends(0);
    rehearsal.refresh();
    let value = real_value(&rehearsal);
    // Left alone first: not half of it may be shown or lost.
    let kept = rehearsal
        .run(&["restore", "stage", "--yes", "--only", DOCUMENT])
        .ends(8);
    let live = rehearsal.state();
    assert!(live.text(DOCUMENT).contains(&rests[1]), "production's is kept");
    told_by(&rehearsal, PLACE, &format!("printf %s '{value}'"));
    let entered = rehearsal.run(ENTER).ends(0).says("Entered 1 value");
    for (ran, rest) in [&kept, &entered]
        .iter()
        .flat_map(|ran| rests.iter().map(move |rest| (ran, rest)))
    {
        assert!(
            !format!("{}{}", ran.out, ran.err).contains(rest),
            "{}",
            ran.told()
        );
    }
    assert_eq!(rehearsal.health()[INTEGRATION], "ok");
    let state = rehearsal.state();
    assert!(
        !rests.iter().any(|rest| state.text(DOCUMENT).contains(rest)),
        "nothing of the old value is left"
    );
}

#[test]
fn without_a_keyring_what_was_typed_is_used_once_and_that_is_said() {
    if !part::is_here("a terminal", &Terminal::missing()) {
        return;
    }
    let rehearsal = refreshed();
    let value = real_value(&rehearsal);
    let words: Vec<&str> = ENTER.iter().copied().filter(|word| *word != "--yes").collect();
    let mut terminal = Terminal::run(&rehearsal.program.command(&words));
    terminal.wait_for(&format!("{KEY}: "));
    terminal.type_line(&value);
    terminal.wait_for("in the keyring, for the next refresh? [y/N]");
    terminal.type_line("y");
    terminal.wait_for("Write 1 document to stage? [y/N]");
    terminal.type_line("y");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert!(shown.contains("is used once and not kept"), "{shown}");
    assert!(!shown.contains(&value), "{shown}");
    assert_eq!(rehearsal.health()[INTEGRATION], "ok");
    rehearsal
        .run(&["secret", "list", "stage", "--offline"])
        .ends(0)
        .says("nowhere");
}

#[test]
fn without_a_keyring_a_restore_goes_on_and_what_was_kept_there_waits() {
    let Some(keyring) = Keyring::start() else { return };
    let mut rehearsal = refreshed();
    let value = real_value(&rehearsal);
    rehearsal.program.set("DBUS_SESSION_BUS_ADDRESS", &keyring.bus);
    rehearsal.keep_value(DOCUMENT, KEY, &value);
    rehearsal
        .program
        .set("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere");
    let state = rehearsal.run(ENTER).ends(8).says(KEY);
    assert!(state.err.contains("keyring"), "{}", state.told());
    rehearsal.program.set("DBUS_SESSION_BUS_ADDRESS", &keyring.bus);
    rehearsal.run(ENTER).ends(0).says("Entered 1 value");
    assert_eq!(rehearsal.health()[INTEGRATION], "ok");
}

#[test]
fn ciphertext_of_another_key_or_an_older_backup_is_no_real_value() {
    let rehearsal = Rehearsal::in_full(&["key=shared"]);
    let older = rehearsal.state();
    let value = real_value(&rehearsal);
    for name in ["stage", "prod"] {
        rehearsal
            .run(&["backup", name, "--only", DOCUMENT, "--only", "CONNECTORS"])
            .ends(0);
    }
    let own = older.value(DOCUMENT, KEY).unwrap();
    rehearsal.save("stage", DOCUMENT, &older.text(DOCUMENT).replace(own, &value));
    rehearsal
        .run(&["backup", "stage", "--only", DOCUMENT, "--only", "CONNECTORS"])
        .ends(0);
    let production = State::of(&rehearsal.look("state", "production"));
    let other = ("CONNECTORS", "connector.ftp.password");
    let given = [
        own.to_owned(),
        older.value(other.0, other.1).unwrap().to_owned(),
        production.value(other.0, other.1).unwrap().to_owned(),
    ];
    rehearsal.refresh();
    let live = rehearsal.state();
    for cipher in given {
        told_by(&rehearsal, PLACE, &format!("printf %s '{cipher}'"));
        rehearsal.run(ENTER).ends(8).says("not the real value");
        assert_eq!(rehearsal.state().value(DOCUMENT, KEY), live.value(DOCUMENT, KEY));
    }
}

#[test]
fn a_value_that_is_corrected_after_it_was_entered_is_entered_again() {
    let rehearsal = refreshed();
    let value = real_value(&rehearsal);
    told_by(&rehearsal, PLACE, "printf mistyped");
    rehearsal.run(ENTER).ends(0).says("Entered 1 value");
    assert_ne!(rehearsal.health()[INTEGRATION], "ok");
    told_by(&rehearsal, PLACE, &format!("printf %s '{value}'"));
    rehearsal.run(ENTER).ends(0).says("Entered 1 value");
    assert_eq!(rehearsal.health()[INTEGRATION], "ok");
}
