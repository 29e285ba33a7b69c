//! The labelled corpus, and the laws that hold for every key and value.

use std::io::Write;

use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

use crate::sensitive::rules::ABOUT_BEFORE;
use crate::sensitive::{Rules, Sensitivity, called, is_mask, masked_value, words};

const CORPUS: &str = include_str!("../../fixtures/sensitive/keys.tsv");

struct Case<'a> {
    document: &'a str,
    key: &'a str,
    value: &'a str,
    wanted: Option<Sensitivity>,
    why: &'a str,
}

fn corpus() -> Vec<Case<'static>> {
    let lines = CORPUS.lines().filter(|line| !line.starts_with('#'));
    let cases = lines.map(|line| {
        let [document, key, value, wanted, why] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("five columns: {line}");
        };
        let wanted = match wanted {
            "encrypted" => Some(Sensitivity::Encrypted),
            "secret" => Some(Sensitivity::Secret),
            "-" => None,
            other => panic!("{other}: {line}"),
        };
        assert!(!why.is_empty(), "{line}");
        Case {
            document,
            key,
            value,
            wanted,
            why,
        }
    });
    cases.collect()
}

#[test]
fn corpus_is_recognised() {
    let cases = corpus();
    assert!(cases.len() >= 400);
    let (mut hit, mut missed, mut false_alarm, mut wrong) = (0, 0, 0, Vec::new());
    for case in &cases {
        let found = Rules::default().classify(case.document, case.key, case.value);
        match (case.wanted.is_some(), found.is_some()) {
            (true, true) => hit += 1,
            (true, false) => missed += 1,
            (false, true) => false_alarm += 1,
            (false, false) => {}
        }
        if found != case.wanted {
            let Case {
                key,
                value,
                wanted,
                why,
                ..
            } = case;
            wrong.push(format!("{key}={value}: {found:?} instead of {wanted:?} ({why})"));
        }
    }
    let recall = f64::from(hit) / f64::from(hit + missed);
    let precision = f64::from(hit) / f64::from(hit + false_alarm);
    let mut stderr = std::io::stderr();
    writeln!(
        stderr,
        "sensitive: {} keys, recall {recall:.2}, precision {precision:.2}",
        cases.len()
    )
    .unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_name_counts_where_the_value_is_empty() {
    for (key, wanted) in [
        ("connector.ftp.password", true),
        ("connector.pgp.secret.keyring", true),
        ("connector.pgp.public.keyring", false),
        ("token.expiry", false),
        ("sso.sharedSecret", true),
        ("baseURL", false),
    ] {
        assert_eq!(
            Rules::default().is_secret_name("configuration/CONNECTORS", key),
            wanted,
            "{key}"
        );
        assert_eq!(
            Rules::default().classify("configuration/CONNECTORS", key, " \t"),
            None
        );
    }
}

#[test]
fn names_are_cut_into_words() {
    for (name, wanted) in [
        ("samlKeystorePassword", "saml keystore password"),
        ("successFactorsAPIKey", "success factors apikey"),
        ("SFTP_PASSWD1", "sftp passwd 1"),
        ("SFTPpassword", "sft p password"),
        ("ftppassword", "ftp password"),
        ("dbpass", "db pass"),
        ("clientsecretexpiry", "client secret expiry"),
        ("oauth2Tokens", "oauth 2 token"),
        ("compass", "compass"),
        ("Überschrift.größe", "überschrift größe"),
        ("..", ""),
    ] {
        let found = words::of(name).join(" ").replace("api key", "apikey");
        assert_eq!(found, wanted, "{name}");
    }
}

#[test]
fn masks_are_known() {
    for mask in [
        "*****",
        "***",
        "••••",
        "[PROTECTED]",
        "<hidden>",
        "(encrypted)",
        "xxxx",
        "XXXXXX",
        " **** ",
        masked_value(),
    ] {
        assert!(is_mask(mask), "{mask}");
    }
    for value in [
        "",
        "*",
        "**",
        "x",
        "xxx",
        "a***",
        "[abc]",
        "protected",
        "***a***",
        "--",
        "...",
        "()",
    ] {
        assert!(!is_mask(value), "{value}");
    }
}

#[test]
fn spelling_does_not_matter() {
    for case in corpus() {
        let spellings = [
            case.key.replace('.', "_"),
            case.key.replace('.', "-"),
            format!("x.{}", case.key),
        ];
        let plain = ["connector.pgp.passphrase", "sso.key"];
        for spelling in spellings.iter().filter(|_| !plain.contains(&case.key)) {
            assert_eq!(
                Rules::default().classify(case.document, spelling, case.value),
                case.wanted,
                "{spelling}={}",
                case.value
            );
        }
    }
}

proptest! {
    #[test]
    fn any_key_and_value_are_judged(document in any::<String>(), key in any::<String>(), value in any::<String>()) {
        let found = Rules::default().classify(&document, &key, &value);
        prop_assert!(found.is_none() || !value.trim().is_empty());
        prop_assert_eq!(found, Rules::default().classify(&document, &key, &value));
        is_mask(&value);
        Rules::default().is_secret_name(&document, &key);
    }

    #[test]
    fn a_password_is_found_whatever_stands_before_it(before in "[a-z]{1,9}([._-][A-Za-z0-9]{1,9}){0,3}", value in "[A-Za-z0-9+/]{8,40}") {
        let key = format!("{before}.sftpPassword");
        prop_assert_eq!(Rules::default().classify("configuration/X", &key, &value), match before.split(['.', '_', '-']).any(|w| {
            let w = words::of(w);
            w.iter().any(|w| ABOUT_BEFORE.contains(&w.as_str()))
        }) {
            true => None,
            false => Some(Sensitivity::Encrypted),
        });
    }
}

#[test]
fn a_persons_own_rules_go_before_all_others() {
    let named = |pattern: &str| vec![crate::pattern::Pattern::read(pattern).unwrap()];
    let own = vec![
        (named("SEARCH:index.handle"), Some(Sensitivity::Encrypted)),
        (named("*:*.clue"), Some(Sensitivity::Secret)),
        (named("CONNECTORS:sample.password"), None),
    ];
    let rules = Rules::new(own, []);
    let judged = |document: &str, key: &str| rules.classify(document, key, "k7Gm2q");
    assert_eq!(
        judged("configuration/SEARCH", "index.handle"),
        Some(Sensitivity::Encrypted)
    );
    assert_eq!(judged("configuration/SSO", "index.handle"), None);
    assert_eq!(judged("configuration/SSO", "a.clue"), Some(Sensitivity::Secret));
    assert_eq!(judged("configuration/CONNECTORS", "sample.password"), None);
    assert_eq!(
        judged("configuration/SSO", "sample.password"),
        Some(Sensitivity::Encrypted)
    );
    assert!(rules.is_secret_name("configuration/SEARCH", "index.handle"));
    assert!(!rules.is_secret_name("configuration/CONNECTORS", "sample.password"));
    assert_eq!(
        rules.mask_text(
            "configuration/SEARCH",
            "# index.handle=old\nindex.handle = k7Gm2q\nx=1\n"
        ),
        "# index.handle=‹secret›\nindex.handle = ‹secret›\nx=1\n"
    );
    assert_eq!(rules.classify("configuration/SEARCH", "index.handle", "  "), None);
}

#[test]
fn what_was_learned_counts_as_encrypted_in_its_document_alone() {
    let learned = [("configuration/SEARCH".to_owned(), "index.handle".to_owned())];
    let rules = Rules::default().with_learned(learned);
    assert_eq!(
        rules.classify("configuration/SEARCH", "index.handle", "true"),
        Some(Sensitivity::Encrypted)
    );
    assert_eq!(rules.classify("configuration/SSO", "index.handle", "true"), None);
    assert_eq!(
        rules.mask_text("configuration/SEARCH", "index.handle=7\n"),
        "index.handle=‹secret›\n"
    );
}

#[test]
fn a_value_is_called_what_people_call_it() {
    for (key, wanted) in [
        ("connector.ftp.password", "SFTP password"),
        ("connector.pgp.passphrase", "PGP passphrase"),
        ("connector.pgp.secret.keyring", "PGP secret keyring"),
        ("bizx.api.clientSecret", "Client secret"),
        ("vls.provider1.sharedSecret", "Shared secret"),
        ("reportSystem.db.password", "Database password"),
        ("sso.sp.keystore.password", "Keystore password"),
        ("x.APIKey", "API key"),
        ("some.private.key", "Private key"),
        ("index.handle", "Encrypted value"),
    ] {
        assert_eq!(called(key), wanted, "{key}");
    }
}

#[test]
fn secrets_inside_values_are_seen_in_more_of_their_spellings() {
    for value in [
        "user=a pwd='CANARY1'",
        "password=\"CANARY1\"",
        "run --user a --password CANARY1",
        "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=CANARY1CANARY1==",
        "https://store.example.com/a?sv=1&sig=CANARY1CANARY1",
    ] {
        let judged = Rules::default().classify("configuration/SEARCH", "x.note", value);
        assert_eq!(judged, Some(Sensitivity::Secret), "{value}");
        let masked = Rules::default().mask_text("configuration/SEARCH", &format!("x.note={value}\n"));
        assert!(!masked.contains("CANARY"), "{masked}");
    }
    for value in [
        "run --password-file /a/b",
        "--password ${pw}",
        "sig=1",
        "signature=bold",
    ] {
        assert_eq!(
            Rules::default().classify("configuration/SEARCH", "x.note", value),
            None,
            "{value}"
        );
    }
    for key in ["x.sharedkey", "db.pswd"] {
        assert!(
            Rules::default().is_secret_name("configuration/SEARCH", key),
            "{key}"
        );
    }
}
