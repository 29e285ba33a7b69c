//! The password for after the refresh: proven at the source, kept in the keyring, and the one that gets in later.

use serde_json::Value;

use super::item;
use crate::cli::program::Program;
use crate::real::keyring::Keyring;
use crate::rehearsal::{Ran, Rehearsal};

/// An admin whose password is another one on each side.
const ADMIN: &str = "CONFIG_ADMIN";
const OF_STAGE: &str = "Config-stage-1";
const OF_PRODUCTION: &str = "Config-prod-1";

/// Both instances with that admin, more lines for each, and no password in the environment.
fn known(bus: &str, [stage, prod]: [&str; 2]) -> Rehearsal {
    let mut rehearsal = Rehearsal::of_everything(&[]);
    rehearsal.program = Program::new().with("DBUS_SESSION_BUS_ADDRESS", bus);
    write(&rehearsal, [stage, prod]);
    rehearsal
}

fn write(rehearsal: &Rehearsal, [stage, prod]: [&str; 2]) {
    let (at_stage, at_prod) = (&rehearsal.practice.stage, &rehearsal.practice.production);
    rehearsal.program.write_config(&format!(
        "[instance.prod]\nurl = \"{at_prod}\"\nrole = \"production\"\n{prod}\n\
         [instance.stage]\nurl = \"{at_stage}\"\nuser = \"{ADMIN}\"\nrole = \"test\"\nsource = \"prod\"\n{stage}\n"
    ));
}

/// What `before` knows of the account; that of the backups is not waited for.
#[track_caller]
fn account(ran: &Ran) -> Value {
    item(ran, "account")
}

/// How many sign-ins reached production.
fn sign_ins(rehearsal: &Rehearsal) -> usize {
    let requests = rehearsal.requests_to("production");
    requests.iter().filter(|asked| asked.is_sign_in()).count()
}

/// That nobody came nearer to being locked.
#[track_caller]
fn no_password_was_wrong(rehearsal: &Rehearsal) {
    for side in ["stage", "production"] {
        let admins = rehearsal.look("admins", side);
        let tries = admins
            .as_array()
            .unwrap()
            .iter()
            .map(|admin| &admin["wrongTries"]);
        assert!(
            tries.clone().count() > 5 && tries.clone().all(|tries| *tries == 0),
            "{admins}"
        );
    }
}

#[test]
fn it_is_kept_in_the_keyring_and_gets_in_after_the_refresh() {
    let Some(keyring) = Keyring::start() else { return };
    let rehearsal = known(&keyring.bus, ["", &format!("user = \"{ADMIN}\"")]);
    for (name, password) in [("stage", OF_STAGE), ("prod", OF_PRODUCTION)] {
        rehearsal
            .run_with_input(&["login", name, "--password-stdin"], password)
            .ends(0);
    }
    let entry = format!(
        "{ADMIN}@{}#after-refresh",
        rehearsal.practice.stage.trim_end_matches('/')
    );
    assert_eq!(keyring.kept(&entry), None);
    let ran = rehearsal.run(&["before", "stage", "--json"]).ends(1);
    let told = account(&ran);
    assert_eq!(told["state"], "done", "{}", ran.told());
    let note = told["note"].as_str().unwrap();
    assert!(
        note.contains("the password is in the keyring, for stage after the refresh"),
        "{note}"
    );
    assert_eq!(keyring.kept(&entry).as_deref(), Some(OF_PRODUCTION));
    for password in [OF_STAGE, OF_PRODUCTION] {
        assert!(!ran.told().contains(password));
    }

    rehearsal.refresh();
    rehearsal.run(&["check", "stage", "--after-refresh"]).ends(0);
    no_password_was_wrong(&rehearsal);
}

#[test]
fn the_source_s_password_command_is_asked_and_nothing_is_kept() {
    let commands = [
        &format!("password_command = \"echo {OF_STAGE}\""),
        &*format!("user = \"{ADMIN}\"\npassword_command = \"echo {OF_PRODUCTION}\""),
    ];
    let rehearsal = known("unix:path=/nowhere", commands);
    let ran = rehearsal.run(&["before", "stage", "--json"]).ends(1);
    let note = account(&ran)["note"].as_str().unwrap_or_default().to_owned();
    assert!(
        note.contains("the source's password command prints the password"),
        "{}",
        ran.told()
    );
    assert!(!note.contains("keyring"), "{note}");
    // What is proven is not proven again, unless it is taken back.
    rehearsal.forget_requests();
    rehearsal.run(&["before", "stage", "--json"]).ends(1);
    assert_eq!(sign_ins(&rehearsal), 0);
    let ran = rehearsal
        .run(&["before", "stage", "--json", "--reopen", "account"])
        .ends(1);
    assert_eq!(
        (account(&ran)["state"].clone(), sign_ins(&rehearsal)),
        ("done".into(), 1)
    );

    // A command that prints another admin's password is not asked for this one's.
    let other = format!(
        "user = \"REFRESH_ADMIN\"\npassword_command = \"echo {}\"",
        rehearsal.practice.password
    );
    write(&rehearsal, [commands[0], &other]);
    let ran = rehearsal
        .run(&["before", "stage", "--json", "--reopen", "account"])
        .ends(1);
    let why = account(&ran)["why"].as_str().unwrap_or_default().to_owned();
    assert!(
        why.contains("No password is at hand with which `CONFIG_ADMIN` gets into prod"),
        "{}",
        ran.told()
    );
    assert_eq!(account(&ran)["hints"][0], "lmskeep login stage --after-refresh");
    no_password_was_wrong(&rehearsal);
}
