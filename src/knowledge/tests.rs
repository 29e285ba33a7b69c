//! The data are whole, and what is asked for is found.

use crate::error::Kind;
use crate::knowledge::{DATA, Data, KNOWN, Source, Subject, document, glob, keys_of};

fn places(word: &str) -> Vec<&'static str> {
    let subject = Subject::read(word).unwrap();
    subject
        .entries()
        .iter()
        .map(|entry| entry.place.as_str())
        .collect()
}

#[test]
fn the_data_can_be_read_and_each_sentence_has_a_source() {
    let data: Data = toml::from_str(DATA).unwrap();
    assert!(data.key.len() >= 35 && data.document.len() >= 11);
    for entry in data.document.iter().chain(&data.key) {
        assert!(entry.what.ends_with('.'), "{}", entry.place);
        assert!(
            entry.changing.as_ref().is_none_or(|text| text.ends_with('.')),
            "{}",
            entry.place
        );
        assert!(
            entry.changing.is_some() || entry.changing_source.is_none(),
            "{}",
            entry.place
        );
        for source in [&entry.source, entry.changing_source()] {
            if let Source::Article(number) = source {
                assert!(
                    number.len() == 7 && number.bytes().all(|b| b.is_ascii_digit()),
                    "{number}"
                );
            }
        }
    }
    for entry in &data.key {
        assert!(document(entry.document()).is_some(), "{}", entry.place);
        assert!(glob(entry.key()).is_some(), "{}", entry.place);
        let same = |other: &&super::Entry| other.place == entry.place;
        assert_eq!(KNOWN.key.iter().filter(same).count(), 1, "{}", entry.place);
    }
}

#[test]
fn a_key_is_found_with_and_without_its_document() {
    assert_eq!(
        places("CONNECTORS:connector.ftp.password"),
        ["CONNECTORS:connector.ftp.password"]
    );
    assert_eq!(
        places("connector.ftp.password"),
        ["CONNECTORS:connector.ftp.password"]
    );
    assert_eq!(
        places("configuration/connectors:CONNECTOR.ftp.password"),
        ["CONNECTORS:connector.ftp.password"]
    );
    assert_eq!(places("partners2.path"), ["PARTNER_EXTRACT:partners*.path"]);
    assert_eq!(
        places("rules.PasswordLengthRule.enabled"),
        ["PASSWORD_POLICY:rules.*.enabled"]
    );
    assert_eq!(
        places("rules.PasswordSameAsEsigRule.enabled"),
        ["PASSWORD_POLICY:rules.PasswordSameAsEsigRule.enabled"]
    );
    assert!(places("BIZX:connector.ftp.password").is_empty());
    assert!(places("some.other.key").is_empty());
}

#[test]
fn a_document_is_found_however_it_is_spelled() {
    for word in [
        "LMS_ADMIN",
        "LMS Admin",
        "lms-admin",
        "configuration/LMS_ADMIN",
        " lms_admin ",
    ] {
        assert_eq!(
            Subject::read(word).unwrap(),
            Subject::Document("LMS_ADMIN".to_owned())
        );
    }
    assert_eq!(keys_of("lms admin").len(), 5);
    assert!(document("").is_none());
}

#[test]
fn what_is_not_known_has_near_ones() {
    let near = |word: &str| Subject::read(word).unwrap().near();
    assert_eq!(
        near("connector.ftp.passwrd").first(),
        Some(&"CONNECTORS:connector.ftp.password")
    );
    assert_eq!(
        near("CONNECTOR:connector.ftp.server").first(),
        Some(&"CONNECTORS:connector.ftp.server")
    );
    assert_eq!(near("CONECTORS").first(), Some(&"CONNECTORS"));
    assert_eq!(
        near("BIZX:connector.ftp.server").first(),
        Some(&"CONNECTORS:connector.ftp.server")
    );
    assert!(near("zzz.qqq").is_empty());
}

#[test]
fn what_is_no_key_is_a_usage_error_that_repeats_no_value() {
    for word in ["", "  ", ":", "X:", ":key", "...", "two words", "=x"] {
        let error = Subject::read(word).unwrap_err();
        assert_eq!(error.kind(), Kind::Usage, "{word}");
    }
    let error = Subject::read("connector.ftp.password=S0mmer9").unwrap_err();
    assert!(!error.message().contains("S0mmer9") && error.message().contains("`connector.ftp.password`"));
}
