use super::{KeyScope, Resave, Scenario, Seal, TokenPlace, WORDS};
use crate::error::Kind;

#[test]
fn every_word_is_understood_and_words_combine() {
    for (word, _) in WORDS {
        Scenario::parse(&[word]).unwrap();
    }
    let scenario = Scenario::parse(&["key=instance, bound", "token=link", "german token=script"]).unwrap();
    let expected = Scenario {
        key: KeyScope::Instance,
        resave: Resave::Keep,
        token: TokenPlace::Script,
        bound: true,
        german: true,
        ..Scenario::default()
    };
    assert_eq!(scenario, expected);
}

#[test]
fn sealed_alone_is_the_seal_that_says_nothing() {
    let seal = |word: &str| Scenario::parse(&[word]).unwrap().seal;
    assert_eq!(seal("german"), Seal::Open);
    assert_eq!(seal("sealed"), Seal::Ignore);
    assert_eq!(seal("sealed=ignore"), Seal::Ignore);
    assert_eq!(seal("sealed=refuse"), Seal::Refuse);
}

#[test]
fn an_unknown_word_is_a_usage_error_that_names_those_there_are() {
    let error = Scenario::parse(&["german", "key=both"]).unwrap_err();
    assert_eq!(error.kind(), Kind::Usage);
    assert_eq!(error.message(), "The practice LMS knows no scenario `key=both`.");
    for (word, _) in WORDS {
        assert!(error.hints()[0].contains(word), "{word}");
    }
}
