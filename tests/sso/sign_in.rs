//! Where a person comes out: before a refresh, after it, and after the repair.

use serde_json::json;

use crate::fidelity::chromium::Browser;
use crate::rehearsal::Rehearsal;
use crate::sso::person::{Person, is_here};

#[test]
fn a_person_comes_out_at_stage_after_a_refresh_at_production_and_after_the_repair_at_stage() {
    if !is_here() {
        return;
    }
    let rehearsal = Rehearsal::in_full(&["sso"]);
    let (stage, production) = (&*rehearsal.practice.stage, &*rehearsal.practice.production);
    let browser = Browser::start();
    let person = Person::at(&rehearsal.practice, &browser);

    person.opens_stage();
    assert!(
        person.reads().contains("Sign in to exampleCorpT1"),
        "{}",
        person.reads()
    );
    person.gives_name();
    person.gives_password("not the password");
    assert!(
        person.reads().contains("password is incorrect"),
        "{}",
        person.reads()
    );
    person.gives_password(&rehearsal.practice.password);
    person.gives_wrong_code();
    assert!(person.reads().contains("code is incorrect"), "{}", person.reads());
    person.gives_code(stage);
    assert!(person.sees_the_shell(), "{}", person.reads());
    let cookies = person.exports_cookies();
    let held = |name: &str, host: &str| {
        let all = cookies.as_array().unwrap();
        let found = all
            .iter()
            .find(|cookie| cookie["name"] == name && cookie["domain"] == host);
        found
            .cloned()
            .unwrap_or_else(|| panic!("{name} of {host}: {cookies}"))
    };
    let own = held("JSESSIONID", "127.0.0.1");
    let attributes = ["httpOnly", "path", "sameSite"].map(|of| own[of].clone());
    assert_eq!(attributes, [json!(true), json!("/learning"), json!("Lax")]);
    held("idp_browser", "[::1]");

    rehearsal.refresh();
    person.signs_in_at_stage(production);
    rehearsal.tell(reqwest::Method::POST, "repair/stage", None);
    person.signs_in_at_stage(stage);
}

#[test]
fn a_browser_without_scripts_is_told_so_at_the_last_step() {
    if !is_here() {
        return;
    }
    let rehearsal = Rehearsal::in_full(&["sso"]);
    let browser = Browser::start();
    let person = Person::at(&rehearsal.practice, &browser);
    person.opens_stage();
    person.gives_name();
    person.gives_password(&rehearsal.practice.password);
    person.gives_code_without_scripts();
    assert!(person.reads().contains("must run scripts"), "{}", person.reads());
}
