//! Which backup a person means.

use jiff::Timestamp;
use jiff::civil::date;
use jiff::tz::TimeZone;

use crate::archive::Listed;
use crate::archive::spec::{Resolved, Spec, Which, is_instance_name, newest, resolve};
use crate::backup::BackupKind::{self, AfterRefresh, Ordinary, Partial, Safety};
use crate::error::{Error, Kind};

fn listed(taken: &str, kind: BackupKind, id: &str) -> Listed {
    let taken: Timestamp = taken.parse().unwrap();
    Listed {
        instance: "stage".into(),
        taken,
        kind,
        id: format!("{id:0<16}"),
    }
}

fn some() -> Vec<Listed> {
    vec![
        listed("2026-11-01T08:00:00Z", Ordinary, "aa01"),
        listed("2026-11-02T08:00:00Z", Ordinary, "aa02"),
        listed("2026-11-03T22:30:00Z", Ordinary, "bb03"),
        listed("2026-11-04T08:00:00Z", Partial, "bb04"),
        listed("2026-11-05T08:00:00Z", AfterRefresh, "cc05"),
        listed("2026-11-06T08:00:00Z", Safety, "dd06"),
    ]
}

fn find(all: &[Listed], words: &str) -> Result<Resolved, Error> {
    resolve(all, &Spec::parse(words)?, &TimeZone::UTC)
}

fn id(words: &str) -> String {
    let found = find(&some(), words).unwrap();
    assert_eq!(found.note, None, "{words}");
    found.listed.id[..4].to_owned()
}

#[test]
fn reads_every_form() {
    for (words, which) in [
        ("stage", Which::Latest(0)),
        ("stage@latest", Which::Latest(0)),
        ("stage@latest~2", Which::Latest(2)),
        ("stage@2026-11-03", Which::Day(date(2026, 11, 3))),
        ("stage@BB0", Which::Id("bb0".into())),
        ("stage@20261103", Which::Id("20261103".into())),
    ] {
        assert_eq!(
            Spec::parse(words).unwrap(),
            Spec {
                instance: "stage".into(),
                which
            },
            "{words}"
        );
    }
    for words in [
        "",
        "Stage",
        "@latest",
        "stage@",
        "stage@late",
        "stage@latest~x",
        "stage@2026-13-01",
        "../x",
        "a/b",
    ] {
        assert_eq!(Spec::parse(words).unwrap_err().kind(), Kind::Usage, "{words}");
    }
}

#[test]
fn a_name_is_a_folder_on_every_system() {
    for name in ["stage", "acme-prod.2", "0", "a_b"] {
        assert!(is_instance_name(name), "{name}");
    }
    for name in [
        "",
        "A",
        ".a",
        "a.",
        "a b",
        "con",
        "nul.x",
        "com1",
        "lpt9.log",
        "ä",
        "a\\b",
        &"a".repeat(65),
    ] {
        assert!(!is_instance_name(name), "{name}");
    }
}

#[test]
fn latest_counts_ordinary_ones() {
    assert_eq!(id("stage"), "bb03");
    assert_eq!(id("stage@latest~1"), "aa02");
    assert_eq!(id("stage@latest~2"), "aa01");
    let error = find(&some(), "stage@latest~3").unwrap_err();
    assert_eq!(
        error.message(),
        "`stage@latest~3` does not exist: the oldest is `latest~2`."
    );
    assert_eq!(
        find(&some(), "stage@latest~18446744073709551615")
            .unwrap_err()
            .kind(),
        Kind::Usage
    );
}

#[test]
fn an_id_may_name_any_kind() {
    assert_eq!(id("stage@c"), "cc05");
    assert_eq!(id("stage@dd06"), "dd06");
    let several = find(&some(), "stage@aa").unwrap_err();
    assert_eq!(several.message(), "The ids of 2 backups begin with `aa`.");
    assert_eq!(
        several.hints()[0],
        "`stage@aa01000000000000` (ordinary, taken 2026-11-01 08:00:00 UTC)"
    );
    let none = find(&some(), "stage@bb09").unwrap_err();
    assert_eq!(
        (none.kind(), none.message()),
        (Kind::Usage, "There is no backup `stage@bb09`.")
    );
    assert!(none.hints()[0].starts_with("`stage@bb03"), "{none:?}");
}

#[test]
fn a_day_ends_where_the_person_is() {
    assert_eq!(id("stage@2026-11-03"), "bb03");
    let berlin = TimeZone::fixed(jiff::tz::offset(2));
    let spec = Spec::parse("stage@2026-11-03").unwrap();
    // 22:30 UTC is already the next day there.
    assert_eq!(resolve(&some(), &spec, &berlin).unwrap().listed.id[..4], *"aa02");
    assert_eq!(id("stage@2026-12-31"), "bb03");
    let error = find(&some(), "stage@2026-10-31").unwrap_err();
    assert!(error.hints()[0].starts_with("`stage@aa01"), "{error:?}");
    assert_eq!(find(&some(), "stage@9999-12-31").unwrap_err().kind(), Kind::Usage);
}

#[test]
fn a_partial_one_stands_in_and_that_is_said() {
    let found = find(&some()[3..], "stage").unwrap();
    assert_eq!(found.listed.id[..4], *"bb04");
    assert!(found.note.unwrap().contains("newest partial one is taken"));
    let error = find(&some()[4..], "stage").unwrap_err();
    assert_eq!(error.kind(), Kind::Usage);
    assert!(error.hints()[0].starts_with("`stage@dd06"), "{error:?}");
}

#[test]
fn an_unknown_instance_is_offered_the_nearest_name() {
    let error = find(&some(), "stag").unwrap_err();
    assert_eq!(error.message(), "There is no backup of `stag`.");
    assert_eq!(error.hints(), ["did you mean `stage`?", "lmskeep backup stag"]);
}

#[test]
fn newest_of_a_kind_is_by_time() {
    assert_eq!(newest(&some(), "stage", Safety).unwrap().id[..4], *"dd06");
    assert_eq!(newest(&some(), "prod", Safety), None);
}
