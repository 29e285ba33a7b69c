//! Laws of plans, over texts made to be awkward.

use std::collections::HashMap;

use std::io::Write;

use proptest::prelude::{Strategy, any, prop, prop_assert, prop_assert_eq, proptest};
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use crate::backup::KeyOf;
use crate::diff::same_lines;
use crate::plan::tests::{Case, PATH, document};
use crate::plan::{Encrypted, ReadBack, readback};
use crate::properties::Properties;
use crate::sensitive::{Rules, Sensitivity, is_mask};

/// Texts of few keys, so that they meet: duplicates, comments, blank lines, continued and unended lines.
fn texts(secret: bool) -> impl Strategy<Value = String> {
    let mut lines = vec![
        "a=1\n",
        "a=2\n",
        "a : 1\n",
        "b=1\n",
        "b=x\\\n  y\n",
        "c\n",
        "c=\\\n\n",
        "x.a=1\n",
        "x.a=2\n",
        "x.b=1\n",
        "x.c \n",
        "# one\n",
        "  ! two \\\n",
        "\n",
        "=\n",
    ];
    if secret {
        lines.extend([
            "connector.ftp.password=\n",
            "connector.ftp.password=q83vEjRWeJCrze8SNFZ4kA==\n",
            "connector.ftp.password : Zm9vYmFyMTIzNDU2Nzg5MDEy\n",
            "connector.ftp.password=AAECAwQFBgcICQoLDA0ODw==\n",
            "connector.ftp.password=*****\n",
            "x.secret=c2VjcmV0IHZhbHVlIG51bWJlciAx\n",
            "x.secret=c2VjcmV0IHZhbHVlIG51bWJlciAy\n",
            "x.secret=true\n",
        ]);
    }
    let last = prop::sample::select(vec!["", "", "a=9", "b=9\\\n", "x.a=\\", "# end", "  "]);
    (prop::collection::vec(prop::sample::select(lines), 0..14), last)
        .prop_map(|(lines, last)| lines.concat() + last)
}

fn modes() -> impl Strategy<Value = Encrypted> {
    prop::sample::select(vec![Encrypted::Keep, Encrypted::Archived, Encrypted::Clear])
}

/// Key, number among its duplicates, and value of each entry, in order.
fn entries(text: &str) -> Vec<(String, usize, String)> {
    let properties = Properties::parse(text).unwrap();
    let entry = |o: crate::properties::Occurrence<'_>| {
        (
            o.entry.key.to_string_lossy(),
            o.nth,
            o.entry.value.to_string_lossy(),
        )
    };
    properties.occurrences().map(entry).collect()
}

fn select(case: Case, part: u8) -> Case {
    match part % 3 {
        0 => case,
        1 => case.select(&["CONNECTORS:x.*", "CONNECTORS:connector.*"], &[]),
        _ => case.select(&[], &["CONNECTORS:x.*"]),
    }
}

proptest! {
    #[test]
    fn applying_the_plan_gives_the_backup(archived in texts(false), live in texts(false)) {
        let case = Case::of(&archived, &live);
        let wanted = case.wanted();
        prop_assert!(same_lines(&wanted, &archived), "{:?}", wanted);
        if !case.plan().is_empty() {
            prop_assert_eq!(wanted, archived);
        }
    }

    #[test]
    fn planning_again_from_the_result_gives_no_step(
        archived in texts(true), live in texts(true), mode in modes(), part in any::<u8>(),
    ) {
        let mut case = select(Case::of(&archived, &live).encrypted(mode), part);
        let before = case.plan();
        case.live[0].text = case.wanted();
        let after = case.plan();
        prop_assert!(after.is_empty(), "{:?}", after);
        prop_assert_eq!(after.waits, before.waits);
    }

    #[test]
    fn no_secret_that_live_lacks_is_ever_wanted(archived in texts(true), live in texts(true), part in any::<u8>()) {
        let case = select(Case::of(&archived, &live), part);
        let there: HashMap<(String, usize), String> = entries(&live).into_iter().map(|(k, n, v)| ((k, n), v)).collect();
        for (key, nth, value) in entries(&case.wanted()) {
            if Rules::default().classify(PATH, &key, &value) == Some(Sensitivity::Encrypted) {
                prop_assert_eq!(there.get(&(key, nth)), Some(&value));
            }
        }
    }

    #[test]
    fn a_value_is_what_was_archived_or_what_live_has_or_it_waits(archived in texts(true), live in texts(true)) {
        let mut case = Case::of(&archived, &live);
        case.mask_is_unchanged = true;
        let waits: Vec<_> = case.plan().waits.iter().map(|w| (w.key.clone(), w.occurrence)).collect();
        let wanted: HashMap<(String, usize), String> =
            entries(&case.wanted()).into_iter().map(|(k, n, v)| ((k, n), v)).collect();
        for (key, nth, value) in entries(&archived) {
            let id = (key, nth);
            prop_assert!(wanted.get(&id) == Some(&value) || waits.contains(&id), "{:?}", id);
        }
    }

    #[test]
    fn what_is_not_selected_is_not_touched(archived in texts(true), live in texts(true), mode in modes()) {
        let case = Case::of(&archived, &live).encrypted(mode).select(&["CONNECTORS:x.*"], &[]);
        let rest = |text: &str| {
            let properties = Properties::parse(text).unwrap();
            let selected = |key: &str| key.starts_with("x.");
            let others = properties.lines().iter().filter(|l| !l.entry().is_some_and(|e| selected(&e.key.to_string_lossy())));
            others.map(|line| line.closed().raw().to_owned()).collect::<String>()
        };
        prop_assert_eq!(rest(&case.wanted()), rest(&live));
    }

    #[test]
    fn what_is_excepted_keeps_lives_values_in_their_order(archived in texts(true), live in texts(true), mode in modes()) {
        let case = Case::of(&archived, &live).encrypted(mode).select(&[], &["CONNECTORS:x.*"]);
        let excepted = |text: &str| {
            let mut all: Vec<_> = entries(text).into_iter().filter(|(key, ..)| key.starts_with("x.")).collect();
            all.sort();
            all
        };
        prop_assert_eq!(excepted(&case.wanted()), excepted(&live));
    }

    #[test]
    fn what_was_written_reads_back_as_written(archived in texts(true), live in texts(true)) {
        for step in Case::of(&archived, &live).plan().steps {
            prop_assert_eq!(readback(&Rules::default(), &step, &step.wanted.replace('\n', "\r\n")), ReadBack::Equal);
            prop_assert_eq!(readback(&Rules::default(), &step, &step.seen), ReadBack::Old);
        }
    }

    #[test]
    fn what_a_plan_says_is_what_it_does(archived in texts(true), live in texts(true), mode in modes(), part in any::<u8>()) {
        let plan = select(Case::of(&archived, &live).encrypted(mode), part).plan();
        prop_assert_eq!(plan.steps.len() + plan.unchanged.len() + plan.refused.len(), 1);
        for step in &plan.steps {
            prop_assert!(step.changes.differs());
            let ids = |text: &str| entries(text).into_iter().map(|(k, n, _)| (k, n)).collect::<Vec<_>>();
            let wanted = ids(&step.wanted);
            let gone: Vec<_> = ids(&step.seen).into_iter().filter(|id| !wanted.contains(id)).collect();
            let dropped: Vec<_> = step.dropped.iter().map(|d| (d.key.clone(), d.occurrence)).collect();
            prop_assert_eq!(gone, dropped);
        }
    }
}

/// Makes plans, some values at hand and others not, and looks whether what is encrypted or masked in a text to be written
/// is live's own, was given, or is empty (promise 6).
fn never_sent(plans: u32) {
    let config = Config {
        cases: plans,
        failure_persistence: None,
        ..Config::default()
    };
    let given = prop::sample::subsequence(vec!["connector.ftp.password", "x.secret"], 0..=2);
    let strategy = (texts(true), texts(true), texts(true), given, any::<u16>());
    let mut runner = TestRunner::new(config);
    let ran = runner.run(&strategy, |(archived, live, other, given, bits)| {
        let bit = |at: u16| bits >> at & 1 == 1;
        let mode = if bit(0) { Encrypted::Clear } else { Encrypted::Keep };
        let mut case = select(Case::of(&archived, &live).encrypted(mode), (bits >> 8) as u8);
        case.merge = bit(1);
        case.mask_is_unchanged = bit(2);
        case.habits.encrypts_again = bit(3);
        case.undone = bit(4).then(|| {
            (
                vec![document(PATH, &other)],
                if bit(5) { live.clone() } else { other },
            )
        });
        if bit(6) {
            case.habits.sealed.insert(KeyOf {
                document: PATH.to_owned(),
                key: "connector.ftp.password".to_owned(),
            });
        }
        case.given = given
            .into_iter()
            .map(|key| (key.to_owned(), format!("the real value of {key}")))
            .collect();
        let there: HashMap<(String, usize), String> =
            entries(&live).into_iter().map(|(k, n, v)| ((k, n), v)).collect();
        for (key, nth, value) in entries(&case.wanted()) {
            let opaque = Rules::default().classify(PATH, &key, &value) == Some(Sensitivity::Encrypted)
                || is_mask(&value);
            let given = case.given.get(&key) == Some(&value);
            if opaque && !given && there.get(&(key.clone(), nth)) != Some(&value) {
                return Err(TestCaseError::fail(format!("{key} is sent: {value}")));
            }
        }
        Ok(())
    });
    assert!(ran.is_ok(), "{ran:?}");
    writeln!(std::io::stderr(), "never sent: {plans} plans, 0 values").unwrap();
}

#[test]
fn no_mask_and_no_foreign_ciphertext_is_sent_as_a_value() {
    never_sent(20_000);
}

/// The same for long: about a minute for each 100,000 plans in a debug build.
#[test]
#[ignore = "takes minutes"]
fn long_never_sent() {
    never_sent(1_000_000);
}
