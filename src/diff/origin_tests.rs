//! The law of origins: a table written out by hand, and what must hold for all texts.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::{Strategy, prop, prop_assert, prop_assert_eq, proptest};

use crate::backup::{Document, Format};
use crate::diff::{Change, DocumentOrigins, Options, Origin, Origins, Source, State, compare, trace};
use crate::properties::Properties;
use crate::selection::Selection;
use crate::sensitive::{Rules, Sensitivity, is_mask};

/// Every combination of before, source and live, as `docs/diff.md` has it: `-` is absent, equal letters are equal.
const TABLE: [(&str, Origin); 14] = [
    ("aaa", Origin::Unchanged),
    ("aba", Origin::Unchanged),
    ("a-a", Origin::Unchanged),
    ("abb", Origin::Overwritten),
    ("-bb", Origin::NewFromSource),
    ("a--", Origin::LostToSource),
    ("--c", Origin::New),
    ("aac", Origin::ChangedSince),
    ("abc", Origin::ChangedSince),
    ("a-c", Origin::ChangedSince),
    ("-bc", Origin::ChangedSince),
    ("aa-", Origin::LostSince),
    ("ab-", Origin::LostSince),
    ("-b-", Origin::OnlySource),
];

fn document(path: &str, text: &str) -> Document {
    Document {
        path: format!("configuration/{path}"),
        text: text.to_owned(),
        format: Format::sniff(text),
        read_only: None,
    }
}

fn traced(
    [before, source, live]: [&[Document]; 3],
    complete: bool,
    only: &[&str],
    ignore_encrypted: bool,
) -> Origins {
    let only: Vec<String> = only.iter().map(|p| (*p).to_owned()).collect();
    let selection = Selection::new(&only, &[]).unwrap();
    let options = Options {
        rules: &Rules::default(),
        selection: &selection,
        ignore_encrypted,
        text: false,
    };
    let source = Source {
        documents: source,
        complete,
    };
    trace(before, source, live, &options)
}

/// One document `configuration/A` on all sides.
fn of(texts: [&str; 3]) -> DocumentOrigins {
    let [before, source, live] = texts.map(|text| [document("A", text)]);
    traced([&before, &source, &live], true, &[], false)
        .documents
        .remove(0)
}

fn listed(judged: &DocumentOrigins) -> Vec<(&str, usize, Origin)> {
    let keys = judged.origins.iter();
    keys.map(|k| (k.key.as_str(), k.occurrence, k.origin)).collect()
}

#[test]
fn the_table_is_whole_and_holds() {
    let mut seen = BTreeSet::new();
    for sides in all_sides() {
        let named = named(sides);
        let Some((row, expected)) = TABLE.iter().find(|(row, _)| same_shape(row, &named)) else {
            assert_eq!(named, "---", "the table lacks {named}");
            continue;
        };
        seen.insert(*row);
        let [before, source, live] = sides;
        let judged = Origin::of(before, source, live, |a, b| Some(a == b));
        assert_eq!(judged, *expected, "{named}");
    }
    assert_eq!(seen.len(), TABLE.len());
    assert!(Origin::ALL.is_sorted() && Origin::ALL.len() == 9);
}

/// Each side absent or one of three values.
fn all_sides() -> Vec<[Option<u8>; 3]> {
    let values = [None, Some(0), Some(1), Some(2)];
    let mut all = Vec::new();
    for before in values {
        for source in values {
            all.extend(values.map(|live| [before, source, live]));
        }
    }
    all
}

fn named(sides: [Option<u8>; 3]) -> String {
    let letter = |side: Option<u8>| side.map_or('-', |value| char::from(b'a' + value));
    sides.map(letter).iter().collect()
}

/// Whether two rows are equal but for the names of their values.
fn same_shape(one: &str, other: &str) -> bool {
    let shape = |row: &str| {
        let row = row.as_bytes();
        let equal = |a: usize, b: usize| row[a] == row[b];
        let absent = |at: usize| row[at] == b'-';
        (
            [absent(0), absent(1), absent(2)],
            [equal(0, 1), equal(0, 2), equal(1, 2)],
        )
    };
    shape(one) == shape(other)
}

#[test]
fn what_cannot_be_told_is_said_only_where_it_matters() {
    // A value of 9 is a mask.
    let same = |a: &u8, b: &u8| (*a != 9 && *b != 9).then_some(a == b);
    let of = |before, source, live| Origin::of(before, source, live, same);
    assert_eq!(of(Some(9), Some(9), Some(9)), Origin::Unknown);
    assert_eq!(of(Some(1), Some(9), Some(2)), Origin::Unknown);
    assert_eq!(of(Some(9), Some(2), Some(2)), Origin::Unknown);
    assert_eq!(of(None, Some(9), Some(9)), Origin::Unknown);
    assert_eq!(of(Some(9), None, Some(1)), Origin::Unknown);
    assert_eq!(of(Some(1), Some(9), Some(1)), Origin::Unchanged);
    assert_eq!(of(Some(9), Some(9), None), Origin::LostSince);
    assert_eq!(of(Some(9), None, None), Origin::LostToSource);
    assert_eq!(of(None, None, Some(9)), Origin::New);
    assert_eq!(of(None, Some(9), None), Origin::OnlySource);
}

#[test]
fn the_persons_key_is_told_from_the_sources() {
    let judged = of([
        "a=stage\nb=stage\nc=1\nd=stage\ne=1\n",
        "a=prod\nb=prod\nc=1\nf=prod\ng=1\n",
        "a=prod\nb=mine\nc=1\nf=prod\nh=2\n",
    ]);
    let expected = [
        ("a", 1, Origin::Overwritten),
        ("b", 1, Origin::ChangedSince),
        ("f", 1, Origin::NewFromSource),
        ("h", 1, Origin::New),
        ("d", 1, Origin::LostToSource),
        ("e", 1, Origin::LostToSource),
    ];
    assert_eq!(listed(&judged), expected);
    assert_eq!(
        (judged.unchanged, judged.only_source, judged.origin),
        (1, 1, None)
    );
    let b = &judged.origins[1];
    assert_eq!(
        (b.before.as_deref(), b.source.as_deref(), b.live.as_deref()),
        (Some("stage"), Some("prod"), Some("mine"))
    );
}

#[test]
fn a_document_that_came_or_went_is_judged_as_a_whole() {
    let (a, b, c) = ("a=1\n", "a=2\n", "a=1\nb=2\n");
    let before = [
        document("GONE", a),
        document("LOST", a),
        document("XML", "<a>1</a>"),
    ];
    let source = [
        document("lost", b),
        document("CAME", a),
        document("MENDED", a),
        document("XML", "<a>2</a>"),
        document("THEIRS", a),
    ];
    let live = [
        document("CAME", a),
        document("MENDED", c),
        document("NEW", a),
        document("XML", "<a>2</a>"),
    ];
    let judged = traced([&before, &source, &live], true, &[], false);
    let found: Vec<_> = judged
        .documents
        .iter()
        .map(|d| (d.diff.path.trim_start_matches("configuration/"), d.origin))
        .collect();
    let expected = [
        ("CAME", Some(Origin::NewFromSource)),
        ("GONE", Some(Origin::LostToSource)),
        ("LOST", Some(Origin::LostSince)),
        ("MENDED", None),
        ("NEW", Some(Origin::New)),
        ("XML", Some(Origin::Overwritten)),
    ];
    assert_eq!(found, expected);
    assert_eq!(
        listed(&judged.documents[3]),
        [("a", 1, Origin::NewFromSource), ("b", 1, Origin::New)]
    );
    let counts = judged.origins();
    assert_eq!((counts[&Origin::New], counts[&Origin::NewFromSource]), (2, 2));
    assert!(judged.differs());
}

#[test]
fn what_a_partial_backup_of_the_source_does_not_hold_is_not_told() {
    let before = [document("A", "a=1\n"), document("B", "a=1\n")];
    let live = [document("A", "a=2\n"), document("B", "a=1\n")];
    let origins = |complete| {
        let judged = traced([&before, &[], &live], complete, &[], false);
        judged
            .documents
            .iter()
            .map(|d| (d.origin, d.origins.len()))
            .collect::<Vec<_>>()
    };
    let untold = [(Some(Origin::Unknown), 0), (Some(Origin::Unchanged), 0)];
    assert_eq!(origins(false), untold);
    assert_eq!(origins(true), [(None, 1), (None, 0)]);
}

#[test]
fn encrypted_values_take_part_and_are_never_said() {
    const KEY: &str = "connector.ftp.password";
    let text = |value: &str| format!("{KEY}=CANARY{value}Zk9qT1vX0mP7sR2uW5yB8==\n");
    let [before, source, other] = ["old4", "prod", "mine"].map(text);
    for (live, origin) in [(&source, Origin::Overwritten), (&other, Origin::ChangedSince)] {
        let judged = of([&before, &source, live]);
        assert_eq!(listed(&judged), [(KEY, 1, origin)]);
        assert_eq!(judged.origins[0].sensitivity, Some(Sensitivity::Encrypted));
        let printed = format!("{judged:?}{}", serde_json::to_string(&judged).unwrap());
        assert!(!printed.contains("CANARY"), "{printed}");
    }
    // Hidden although only the source's is secret.
    let judged = of([
        "connector.ftp.password=\n",
        &source,
        "connector.ftp.password=******\n",
    ]);
    assert_eq!(listed(&judged), [(KEY, 1, Origin::Unknown)]);
    assert!(!format!("{judged:?}").contains("CANARY"));
    let documents = [before, source, other].map(|text| [document("A", &text)]);
    let ignored = traced([&documents[0], &documents[1], &documents[2]], true, &[], true);
    assert_eq!(
        (ignored.documents[0].origins.len(), ignored.differs()),
        (0, false)
    );
}

#[test]
fn only_the_keys_that_are_meant_are_judged() {
    let [before, source, live] =
        ["a.x=1\nb=1\n", "a.x=2\nb=2\n", "a.x=2\nb=2\n"].map(|text| [document("A", text)]);
    let judged = traced([&before, &source, &live], true, &["A:a.*"], false);
    assert_eq!(listed(&judged.documents[0]), [("a.x", 1, Origin::Overwritten)]);
    assert_eq!(judged.documents[0].unchanged, 0);
}

#[test]
fn the_answer_reads_as_a_plain_one_does_with_more_in_it() {
    let judged = of(["a=1\n", "a=2\n", "a=2\n"]);
    let value = serde_json::to_value(&judged).unwrap();
    assert_eq!(value["keys"][0]["change"], "changed");
    assert_eq!(
        value["origins"][0],
        serde_json::json!({ "key": "a", "occurrence": 1, "origin": "overwritten", "change": "changed", "before": "1", "source": "2", "live": "2" })
    );
    let origins = Origins {
        documents: vec![judged],
    };
    let counts = serde_json::to_value(origins.origins()).unwrap();
    assert_eq!(
        (&counts["overwritten"], &counts["changedSince"]),
        (&1.into(), &0.into())
    );
}

fn texts() -> impl Strategy<Value = String> {
    let line = prop::sample::select(vec![
        "a=1", "a=2", "a:1", "b=1", "b=***", "c", "c=\\\n 1", "# x", "d=x y", "d=xx y",
    ]);
    prop::collection::vec(line, 0..8).prop_map(|lines| lines.iter().map(|line| format!("{line}\n")).collect())
}

/// The entries of a text by key and number.
fn entries(text: &str) -> BTreeMap<(String, usize), String> {
    let properties = Properties::parse(text).unwrap();
    let entry = |o: crate::properties::Occurrence<'_>| {
        (
            (o.entry.key.to_string_lossy(), o.nth),
            o.entry.value.to_string_lossy(),
        )
    };
    properties.occurrences().map(entry).collect()
}

/// What the table says, without any of the code that is tested; none for what it does not tell.
fn by_hand(sides: [Option<&String>; 3]) -> Option<Origin> {
    let row: String = ['a', 'b', 'c']
        .iter()
        .enumerate()
        .map(|(at, letter)| match sides[at] {
            None => '-',
            Some(value) => {
                let first = sides[..at].iter().position(|other| *other == Some(value));
                first.map_or(*letter, |first| ['a', 'b', 'c'][first])
            }
        })
        .collect();
    let masked = sides.iter().flatten().any(|value| is_mask(value));
    let (_, origin) = TABLE.iter().find(|(known, _)| same_shape(known, &row))?;
    (!masked).then_some(*origin)
}

proptest! {
    #[test]
    fn every_key_of_any_side_has_the_one_origin_that_the_table_says(
        before in texts(), source in texts(), live in texts(),
    ) {
        let judged = of([&before, &source, &live]);
        let sides = [&before, &source, &live].map(|text| entries(text));
        let ids: BTreeSet<_> = sides.iter().flat_map(BTreeMap::keys).collect();
        let mut told = BTreeMap::new();
        for key in &judged.origins {
            prop_assert!(told.insert((key.key.clone(), key.occurrence), key.origin).is_none());
        }
        prop_assert_eq!(judged.origin, None);
        prop_assert_eq!(told.len() + judged.unchanged + judged.only_source, ids.len());
        for id in ids {
            let values = [0, 1, 2].map(|side| sides[side].get(id));
            let expected = by_hand(values);
            let silent = [Some(Origin::Unchanged), Some(Origin::OnlySource)];
            match told.get(id) {
                Some(origin) if expected.is_some() => prop_assert_eq!(Some(*origin), expected),
                None if expected.is_some() => prop_assert!(silent.contains(&expected), "{:?}", id),
                // A mask: told by the law of masks, which has a test of its own.
                _ => {}
            }
        }
    }

    #[test]
    fn a_source_that_is_what_was_before_has_brought_nothing(before in texts(), live in texts()) {
        let judged = of([&before, &before, &live]);
        let brought = [Origin::Overwritten, Origin::NewFromSource, Origin::LostToSource, Origin::OnlySource];
        prop_assert!(judged.origins.iter().all(|key| !brought.contains(&key.origin)));
        prop_assert_eq!(judged.only_source, 0);
    }

    #[test]
    fn a_live_that_is_the_source_has_nothing_of_anybody_else(before in texts(), source in texts()) {
        let judged = of([&before, &source, &source]);
        let others = [Origin::ChangedSince, Origin::LostSince, Origin::New];
        prop_assert!(judged.origins.iter().all(|key| !others.contains(&key.origin)));
    }

    #[test]
    fn it_differs_exactly_where_the_plain_comparison_does(before in texts(), source in texts(), live in texts()) {
        let sides = [&before, &source, &live].map(|text| [document("A", text)]);
        let judged = traced([&sides[0], &sides[1], &sides[2]], true, &[], false);
        let selection = Selection::default();
        let options = Options { rules: &Rules::default(), selection: &selection, ignore_encrypted: false, text: false };
        let plain = compare(&sides[0], &sides[2], &options).documents.remove(0);
        prop_assert_eq!(&judged.documents[0].diff, &plain);
        prop_assert_eq!(judged.differs(), plain.state != State::Same);
        let by_value = |change| !matches!(change, Change::Moved | Change::Spelled);
        let changed: BTreeSet<_> = plain.keys.iter().filter(|k| by_value(k.change)).map(|k| (&k.key, k.occurrence)).collect();
        let told: BTreeSet<_> = judged.documents[0].origins.iter().map(|k| (&k.key, k.occurrence)).collect();
        prop_assert!(changed.is_subset(&told));
        let only_masked = judged.documents[0].origins.iter().filter(|k| !changed.contains(&(&k.key, k.occurrence)));
        prop_assert!(only_masked.into_iter().all(|k| k.origin == Origin::Unknown));
    }
}
