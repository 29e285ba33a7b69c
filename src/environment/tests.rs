//! The labelled corpus, and the laws that hold for every key and value.

use std::io::Write;

use proptest::prelude::{any, prop_assert, proptest};

use crate::environment::{Rule, judge, shape, suggested};
use crate::sensitive::Rules;

const CORPUS: &str = include_str!("../../fixtures/environment/keys.tsv");

fn found(document: &str, key: &str, value: &str) -> Option<Rule> {
    judge(&Rules::default(), document, key, value)
}

#[test]
fn corpus_is_recognised() {
    let lines = CORPUS.lines().filter(|line| !line.starts_with('#'));
    let (mut hit, mut missed, mut false_alarm, mut all, mut wrong) = (0, 0, 0, 0, Vec::new());
    for line in lines {
        let [document, key, value, wanted, why] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("five columns: {line}");
        };
        assert!(["yes", "no"].contains(&wanted) && !why.is_empty(), "{line}");
        all += 1;
        let rule = found(&format!("configuration/{document}"), key, value);
        match (wanted == "yes", rule.is_some()) {
            (true, true) => hit += 1,
            (true, false) => missed += 1,
            (false, true) => false_alarm += 1,
            (false, false) => continue,
        }
        if (wanted == "yes") != rule.is_some() {
            wrong.push(format!(
                "{document}: {key}={value}: {rule:?}, wanted {wanted} ({why})"
            ));
        }
    }
    assert!(all >= 200, "{all}");
    let recall = f64::from(hit) / f64::from(hit + missed);
    let precision = f64::from(hit) / f64::from(hit + false_alarm);
    let mut stderr = std::io::stderr();
    writeln!(
        stderr,
        "environment: {all} keys, recall {recall:.2}, precision {precision:.2}"
    )
    .unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_rule_that_found_a_value_is_told() {
    for (key, value, rule) in [
        ("connector.ftp.server", "sftp01", Rule::Host),
        ("connector.ftp.userID", "ACME_T1", Rule::Account),
        (
            "connector.ftp.password",
            "mVb0Wq2pUe7Yf1kTzR8dLw==",
            Rule::Encrypted,
        ),
        ("connector.ftp.port", "22", Rule::Port),
        ("any.key", "https://lms.example.com/x", Rule::Address),
        ("any.key", "lms.example.com", Rule::Host),
        ("any.key", "LMS Admin <lms@example.com>", Rule::Mail),
        (
            "any.key",
            "jdbc:oracle:thin:@//db.example.com:1521/LMS",
            Rule::Database,
        ),
        ("any.key", "/opt/lms/in", Rule::Directory),
        ("successFactorsCompanyID", "exampleCorp", Rule::Tenant),
        ("sso.idp.entityId", "urn:example:idp", Rule::Trust),
        ("x.defaultValue.studentRoleID", "LEARNER", Rule::Record),
        ("environment.name", "STAGE", Rule::Label),
    ] {
        assert_eq!(found("configuration/X", key, value), Some(rule), "{key}={value}");
        assert_eq!(found("configuration/X", key, "  "), None, "{key} is empty");
    }
    let fingerprint = "44:6a:a0:cf:fa:7f:3d:61:93:5d:cc:dc:9e:e5:29:d5:d4:c2:a7:97";
    assert_eq!(
        found("configuration/SSO", "idp.fingerprint", fingerprint),
        Some(Rule::Trust)
    );
}

#[test]
fn hosts_and_databases_are_taken_out_of_a_value() {
    for (value, wanted) in [
        (
            "https://user@LMS.example.com:8443/x?u=https://b.example.com",
            "b.example.com lms.example.com",
        ),
        ("a.example.com:25; b.example.com", "a.example.com b.example.com"),
        ("jdbc:oracle:thin:@//db1.example.com:1521/LMS", "db1.example.com"),
        (
            "jdbc:oracle:thin:@(DESCRIPTION=(ADDRESS=(HOST=db2.example.com)(PORT=1521)))",
            "db2.example.com",
        ),
        (
            "jdbc:sqlserver://db3.example.com:1433;databaseName=LMS",
            "db3.example.com",
        ),
        ("localhost, 127.0.0.1:25", ""),
        ("http://www.w3.org/2000/09/xmldsig#", ""),
        ("com.example.lms.Foo", ""),
        ("see http:// for more", ""),
    ] {
        assert_eq!(shape::hosts(value).join(" "), wanted, "{value}");
    }
    for (value, wanted) in [
        ("jdbc:oracle:thin:@//db:1521/LMSPRD", Some("LMSPRD")),
        ("jdbc:oracle:thin:@db:1521:LMSPRD", Some("LMSPRD")),
        ("jdbc:sqlserver://db:1433;databaseName=LMS;x=1", Some("LMS")),
        ("jdbc:postgresql://db/lms?ssl=true", Some("lms")),
        ("jdbc:x", None),
        ("https://db/lms", None),
    ] {
        assert_eq!(shape::database(value), wanted, "{value}");
    }
    assert_eq!(
        shape::mails("A <a.b@x.example.com>, c@example.org. ftp://u:p@h.example.com"),
        ["a.b@x.example.com", "c@example.org"]
    );
}

#[test]
fn a_name_alone_suggests_a_rule() {
    let suggested = |key| suggested(&Rules::default(), "configuration/X", key);
    assert_eq!(suggested("connector.ftp.password"), Some(Rule::Encrypted));
    assert_eq!(suggested("some.new.server"), Some(Rule::Host));
    assert_eq!(suggested("some.new.serverTimeout"), None);
    assert_eq!(suggested("enableSomething"), None);
}

#[test]
fn each_rule_has_a_word_and_a_sentence_of_its_own() {
    let words: std::collections::BTreeSet<_> = Rule::ALL.iter().map(|rule| rule.word()).collect();
    assert_eq!(words.len(), Rule::ALL.len());
    assert!(Rule::ALL.iter().all(|rule| rule.sentence().ends_with('.')));
}

proptest! {
    #[test]
    fn any_key_and_value_are_judged(document in any::<String>(), key in any::<String>(), value in any::<String>()) {
        prop_assert!(found(&document, &key, &value).is_none() || !value.trim().is_empty());
        shape::hosts(&value);
        shape::mails(&value);
        shape::database(&format!("jdbc:{value}"));
        suggested(&Rules::default(), &document, &key);
    }

    #[test]
    fn a_switch_is_none_whatever_its_name(key in "[a-zA-Z.]{1,40}", value in "true|false|yes|no|on|off|enabled|disabled") {
        let rule = found("configuration/X", &key, &value);
        prop_assert!(rule.is_none() || rule == Some(Rule::Encrypted), "{key}={value}: {rule:?}");
    }
}
