//! The same by TLS: both instances and the identity provider under an authority that was made for the run.

use lmskeep::practice::{Options, Practice, Scenario};
use serde_json::{Value, json};

use crate::cli::program::Program;
use crate::fidelity::chromium::Browser;
use crate::rehearsal::{Ran, runtime};
use crate::sso::person::{Person, is_here};

#[allow(clippy::disallowed_methods, reason = "the certificates must hold now")]
fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}

#[test]
fn a_person_signs_in_by_tls_and_the_session_is_used_by_tls() {
    if !is_here() {
        return;
    }
    let scenario = Scenario::parse(&["sso", "narrow"]).unwrap();
    let options = Options {
        scenario,
        ..Options::default()
    };
    let practice = runtime()
        .block_on(Practice::start_with_tls(options, now()))
        .unwrap();
    let provider = practice.identity_provider.as_ref().unwrap();
    assert!(provider.starts_with("https://[::1]:"), "{provider}");
    let program = Program::new();
    let put = |name: &str, text: &str| {
        let file = program.home().join(name);
        #[allow(clippy::disallowed_methods, reason = "a person writes this file")]
        std::fs::write(&file, text).unwrap();
        file.display().to_string()
    };
    let ca = put("ca.pem", practice.ca_pem.as_ref().unwrap());
    let added = [
        "instance",
        "add",
        "stage",
        "--url",
        &practice.stage,
        "--user",
        &practice.user,
        "--role",
        "test",
        "--ca",
        &ca,
    ];
    Ran::of(&added, program.run(&added)).ends(0);

    let browser = Browser::start();
    let person = Person::at(&practice, &browser);
    person.trusts_whoever_answers();
    person.signs_in_at_stage(&practice.stage);
    let cookies: Value = person.exports_cookies();
    let copied = put("cookies.json", &json!(cookies).to_string());
    let backup = ["backup", "stage", "--only", "UI", "--cookies", &copied];
    Ran::of(&backup, program.run(&backup)).ends(0);

    practice.refresh();
    person.signs_in_at_stage(&practice.production);
}
