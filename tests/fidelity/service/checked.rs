//! `check` over services, and a bundle of them.

use std::io::{Cursor, Read};

use serde_json::Value;

use crate::fidelity::service::{nothing_was_sent, start};

#[test]
fn services_are_checked_and_bundled_without_what_they_say() {
    let rehearsal = start(&[]);
    let file = rehearsal.program.home().join("bundle.zip");
    let words = ["check", "stage", "--json", "--bundle", file.to_str().unwrap()];
    let answer = rehearsal.run(&words).ends(0).json();
    let part = &answer["parts"][0];
    assert_eq!((&part["found"], &part["items"]), (&"profile".into(), &56.into()));
    assert_eq!(part["understood"], 56);
    nothing_was_sent(&rehearsal);

    let bytes = std::fs::read(&file).unwrap();
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut services = 0;
    for at in 0..zip.len() {
        let mut text = String::new();
        let mut file = zip.by_index(at).unwrap();
        file.read_to_string(&mut text).unwrap();
        if file.name().unwrap().starts_with("pages/") && file.name().unwrap().ends_with(".txt") {
            let _still_json: Value = serde_json::from_str(&text).unwrap();
            services += 1;
        }
        // One word is a document's name, one a key, one a value, one the host.
        for word in ["CONNECTORS", "successFactorsCompanyID", "example", "127.0.0.1"] {
            assert!(!text.contains(word), "`{word}` is in {:?}:\n{text}", file.name());
        }
    }
    assert!(services > 56, "{services}");
}

#[test]
fn a_token_that_is_not_where_the_profile_says_is_missing() {
    // The profile looks for it in an answer that does not have it here.
    let rehearsal = start(&["token=script"]);
    let answer = rehearsal.run(&["check", "stage", "--json"]).ends(1).json();
    let sentence = &answer["parts"][0]["missing"][0]["sentence"];
    assert!(
        sentence.as_str().unwrap().contains("The guard's token"),
        "{answer}"
    );
    nothing_was_sent(&rehearsal);
}
