//! The session of a person who signed in by the identity provider, in the hands of the program.

use reqwest::Method;
use serde_json::json;

use crate::fidelity::chromium::Browser;
use crate::real::keyring::Keyring;
use crate::rehearsal::{Rehearsal, SAVE};
use crate::sso::person::{Person, has_provider, is_here};

/// A backup of one document, which takes no time.
const BACKUP: [&str; 4] = ["backup", "stage", "--only", "UI"];

#[test]
fn what_a_browser_holds_opens_stage_until_a_refresh_leads_it_to_production() {
    if !is_here() {
        return;
    }
    let rehearsal = Rehearsal::start(&["sso"]);
    let browser = Browser::start();
    let person = Person::at(&rehearsal.practice, &browser);
    person.signs_in_at_stage(&rehearsal.practice.stage);
    for copied in [person.copies_as_curl(), person.exports_cookies().to_string()] {
        rehearsal.run_with(&rehearsal.put_file(&copied), &BACKUP).ends(0);
    }
    rehearsal
        .run(&["backup", "stage", "--only", "BIZX"])
        .ends(3)
        .says("no native sign-in");
    let before = rehearsal.state();

    rehearsal.refresh();
    person.signs_in_at_stage(&rehearsal.practice.production);
    rehearsal.forget_requests();
    rehearsal.forget("requests", "production");
    // The page that the person sees is production's, and so is what is copied there.
    rehearsal
        .run_with(&rehearsal.put_file(&person.copies_as_curl()), &BACKUP)
        .ends(9)
        .says("stage's sign-on leads to prod");
    assert_eq!(rehearsal.requests().len(), 0, "nothing is sent");
    // All that the browser holds has stage's own cookies in it: of a session that nobody has signed in to.
    let all = rehearsal.put_file(&person.exports_cookies().to_string());
    rehearsal
        .run_with(&all, &BACKUP)
        .ends(3)
        .says("asks to sign in at `http://[::1]:")
        .says("the browser holds cookies of `prod` as well");
    assert_eq!(rehearsal.requests_to("production"), [], "nobody is led there");
    // What is known of production's BIZX tells whose sign-on it is.
    let inside = rehearsal.put_file(&rehearsal.cookies("production", &json!({})).to_string());
    rehearsal.run_with(&inside, &["backup", "prod"]).ends(0);
    rehearsal
        .run_with(&all, &BACKUP)
        .ends(9)
        .says("stage's sign-on leads to prod");
    assert!(rehearsal.requests().iter().all(|asked| !asked.is_save()));

    rehearsal.tell(Method::POST, "repair/stage", None);
    person.signs_in_at_stage(&rehearsal.practice.stage);
    let file = rehearsal.put_file(&person.copies_as_curl());
    rehearsal
        .run_with(&file, &["diff", "stage", "--only", "UI"])
        .ends(1);
    rehearsal
        .run_with(&file, &["restore", "stage", "--only", "UI", "--yes"])
        .ends(0);
    assert_eq!(rehearsal.state().text("UI"), before.text("UI"));
    assert_eq!(rehearsal.state().text("BIZX"), before.text("BIZX"));
}

#[test]
fn a_session_that_ends_in_the_midst_is_told_by_the_sign_on_it_leads_to() {
    if !has_provider() {
        return;
    }
    let rehearsal = Rehearsal::in_full(&["sso"]);
    let few = ["--only", "UI", "--only", "VLS"];
    let of_stage = || rehearsal.put_file(&rehearsal.cookies("stage", &json!({})).to_string());
    let over = "asks to sign in at `http://[::1]:";
    rehearsal
        .run_with(&of_stage(), &[&["backup", "stage"][..], &few].concat())
        .ends(0);
    rehearsal.fault("GET", "editConfiguration", 1, json!("expire"));
    rehearsal
        .run_with(&of_stage(), &[&["backup", "stage"][..], &few].concat())
        .ends(3)
        .says(over);

    rehearsal.refresh();
    let restore = [&["restore", "stage", "--yes", "--json"][..], &few].concat();
    rehearsal.fault("POST", SAVE, 1, json!("expire"));
    let ran = rehearsal.run_with(&of_stage(), &restore).ends(7).says(over);
    let outcomes: Vec<String> = ran.outcomes().into_iter().map(|(_, outcome)| outcome).collect();
    assert_eq!(outcomes, ["written", "unknown"]);
    // One encrypted value waits, as ever.
    rehearsal.run_with(&of_stage(), &restore).ends(8);
}

#[test]
fn a_session_that_is_kept_ends_with_the_refresh_and_one_of_production_does_not_take_its_place() {
    if !is_here() {
        return;
    }
    let Some(keyring) = Keyring::start() else { return };
    let mut rehearsal = Rehearsal::start(&["sso"]);
    rehearsal.program.set("DBUS_SESSION_BUS_ADDRESS", &keyring.bus);
    let browser = Browser::start();
    let person = Person::at(&rehearsal.practice, &browser);
    let logs_in = |copied: &str| rehearsal.run(&["login", "stage", "--cookies", &rehearsal.put_file(copied)]);

    person.signs_in_at_stage(&rehearsal.practice.stage);
    logs_in(&person.copies_as_curl())
        .ends(0)
        .says("is kept for the next commands");
    rehearsal.run(&["backup", "stage"]).ends(0);

    rehearsal.refresh();
    rehearsal.run(&["diff", "stage"]).ends(3).says("is over");
    person.signs_in_at_stage(&rehearsal.practice.production);
    logs_in(&person.copies_as_curl())
        .ends(9)
        .says("stage's sign-on leads to prod")
        .says("SAP support can put its own BIZX back");
    rehearsal.run(&["diff", "stage"]).ends(3).says("is over");

    rehearsal.tell(Method::POST, "repair/stage", None);
    person.signs_in_at_stage(&rehearsal.practice.stage);
    logs_in(&person.exports_cookies().to_string()).ends(0);
    rehearsal.run(&["diff", "stage", "--only", "BIZX"]).ends(0);
}
