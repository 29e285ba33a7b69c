use proptest::prelude::{Strategy, prop, prop_assert, prop_assert_eq, proptest};

use crate::backup::{Document, Format};
use crate::diff::{
    Change, CommentChange, Diff, DocumentDiff, Note, Options, Side, State, Tag, compare, lines, same_lines,
};
use crate::selection::Selection;
use crate::sensitive::Rules;

fn document(path: &str, text: &str) -> Document {
    Document {
        path: path.to_owned(),
        text: text.to_owned(),
        format: Format::sniff(text),
        read_only: None,
    }
}

fn selection(only: &[&str]) -> Selection {
    Selection::new(&only.iter().map(|p| (*p).to_owned()).collect::<Vec<_>>(), &[]).unwrap()
}

/// The comparison of one document `configuration/A`, with the line diff.
fn of(from: &str, to: &str) -> DocumentDiff {
    with(from, to, &[], false)
}

fn with(from: &str, to: &str, only: &[&str], ignore_encrypted: bool) -> DocumentDiff {
    let selection = selection(only);
    let options = Options {
        rules: &Rules::default(),
        selection: &selection,
        ignore_encrypted,
        text: true,
    };
    let (from, to) = (document("configuration/A", from), document("configuration/A", to));
    compare(&[from], &[to], &options).documents.remove(0)
}

/// Key, number among its duplicates, what happened, and both values.
type Row<'a> = (&'a str, usize, Change, Option<&'a str>, Option<&'a str>);

fn changes(diff: &DocumentDiff) -> Vec<Row<'_>> {
    diff.keys
        .iter()
        .map(|k| {
            (
                k.key.as_str(),
                k.occurrence,
                k.change,
                k.from.as_deref(),
                k.to.as_deref(),
            )
        })
        .collect()
}

/// The line diff as a person would read it, changed words in brackets.
fn drawn(diff: &DocumentDiff) -> String {
    let mut drawn = String::new();
    for line in diff
        .text
        .iter()
        .flat_map(|text| &text.hunks)
        .flat_map(|hunk| &hunk.lines)
    {
        drawn.push(match line.tag {
            Tag::Equal => ' ',
            Tag::Removed => '-',
            Tag::Added => '+',
        });
        drawn.push_str(&line.to_line.or(line.from_line).unwrap_or(0).to_string());
        drawn.push(' ');
        for segment in &line.segments {
            let text = if segment.emphasis {
                format!("[{}]", segment.text)
            } else {
                segment.text.clone()
            };
            drawn.push_str(&text);
        }
        drawn.push('\n');
    }
    drawn
}

#[test]
fn tells_where_a_document_is() {
    let everything = Selection::default();
    let options = Options {
        rules: &Rules::default(),
        selection: &everything,
        ignore_encrypted: false,
        text: false,
    };
    let from = [
        "configuration/A",
        "configuration/B",
        "configuration/Case",
        "configuration/D",
    ];
    let to = [
        "configuration/A",
        "configuration/C",
        "configuration/CASE",
        "configuration/D",
    ];
    let from: Vec<_> = from.iter().map(|path| document(path, "a=1\n")).collect();
    let mut to: Vec<_> = to.iter().map(|path| document(path, "a=1\n")).collect();
    to[3].text = "a=2\n".to_owned();
    let diff = compare(&from, &to, &options);
    let states: Vec<_> = diff
        .documents
        .iter()
        .map(|d| (d.path.as_str(), d.state))
        .collect();
    let expected = [
        ("configuration/A", State::Same),
        ("configuration/B", State::OnlyFrom),
        ("configuration/C", State::OnlyTo),
        ("configuration/CASE", State::Same),
        ("configuration/D", State::Changed),
    ];
    assert_eq!(states, expected);
    assert_eq!(diff.documents[3].from_path.as_deref(), Some("configuration/Case"));
    let counts = diff.counts();
    assert_eq!(
        (
            counts.only_from,
            counts.only_to,
            counts.changed,
            counts.same,
            counts.keys
        ),
        (1, 1, 1, 2, 1)
    );
    assert!(diff.differs());
    assert!(
        !Diff {
            documents: diff.documents[..1].to_vec()
        }
        .differs()
    );
}

#[test]
fn paths_that_differ_in_case_are_kept_apart_where_it_is_unclear_which_is_which() {
    let everything = Selection::default();
    let options = Options {
        rules: &Rules::default(),
        selection: &everything,
        ignore_encrypted: false,
        text: false,
    };
    let from = [document("c/Aa", ""), document("c/aA", "")];
    let states: Vec<_> = compare(&from, &[document("c/AA", "")], &options)
        .documents
        .iter()
        .map(|d| d.state)
        .collect();
    assert_eq!(states, [State::OnlyTo, State::OnlyFrom, State::OnlyFrom]);
}

#[test]
fn tells_what_happened_to_each_key() {
    let diff = of("a=1\nb=2\nc=3\nd=4\ne=5\n", "e=5\na=1\nb=two\nd : 4\nnew=\n");
    assert_eq!(diff.state, State::Changed);
    let expected = [
        ("e", 1, Change::Moved, Some("5"), Some("5")),
        ("b", 1, Change::Changed, Some("2"), Some("two")),
        ("d", 1, Change::Spelled, Some("d=4"), Some("d : 4")),
        ("new", 1, Change::Added, None, Some("")),
        ("c", 1, Change::Removed, Some("3"), None),
    ];
    assert_eq!(changes(&diff), expected);
    assert!(!diff.only_layout);
}

#[test]
fn compares_the_nth_duplicate_with_the_nth() {
    let diff = of("a=1\na=2\na=3\n", "a=1\na=x\n");
    let expected = [
        ("a", 2, Change::Changed, Some("2"), Some("x")),
        ("a", 3, Change::Removed, Some("3"), None),
    ];
    assert_eq!(changes(&diff), expected);
}

#[test]
fn compares_values_as_java_reads_them() {
    let diff = of("a=\\u0041\\\n  B\n", "a=AB\n");
    assert_eq!(
        changes(&diff),
        [("a", 1, Change::Spelled, Some("a=\\u0041\\\n  B"), Some("a=AB"))]
    );
}

#[test]
fn tells_comments_from_layout() {
    let diff = of("# one\na=1\n#b=2\n", "# one\na=1\n# three\n");
    assert!(diff.keys.is_empty());
    let comment = |change, line, text: &str| CommentChange {
        change,
        line,
        text: text.to_owned(),
    };
    assert_eq!(
        diff.comments,
        [
            comment(Change::Removed, 3, "#b=2"),
            comment(Change::Added, 3, "# three")
        ]
    );
    assert!(!diff.only_layout);
    for moved in ["# one\n\na=1\nb=2\n", "a=1\n# one\nb=2\n"] {
        let diff = of("# one\na=1\nb=2\n", moved);
        assert_eq!(
            (diff.state, diff.only_layout),
            (State::Changed, true),
            "{moved:?}"
        );
        assert!(diff.keys.is_empty() && diff.comments.is_empty());
    }
}

#[test]
fn line_ends_are_no_difference() {
    for same in ["a=1\r\nb=2\r\n", "a=1\rb=2\r", "a=1\nb=2"] {
        assert_eq!(of("a=1\nb=2\n", same).state, State::Same, "{same:?}");
        assert!(same_lines("a=1\nb=2\n", same));
    }
    assert_eq!(of("a=\\\n 1\nb\n", "a=\\\r\n 1\nb").state, State::Same);
    assert_eq!(of("a=1\n", "a=1\n\n").state, State::Changed);
    assert_eq!(of("<a>\n", "<a>").state, State::Same);
    assert!(same_lines("", "\n"));
    assert!(!same_lines("\na", "a"));
    assert_eq!(lines("\r\n\r\na\r\n").collect::<Vec<_>>(), ["", "", "a"]);
}

#[test]
fn draws_the_lines_with_changed_words_marked() {
    let diff = of(
        "# head\na=1\nb=2\nc=3\nhost=ftp.example.com port 22\nd=\n\ne=5\nf=6\ng=7\n",
        "# head\na=1\nb=2\nc=3\nhost=ftp.example.org port 22\nd=\n\ne=5\nf=6\ng=7\nh=8\n",
    );
    let expected = " 2 a=1\n 3 b=2\n 4 c=3\n-5 host=[ftp.example.com] port 22\n+5 host=[ftp.example.org] port 22\n 6 \
                    d=\n 7 \n 8 e=5\n 9 f=6\n 10 g=7\n+11 h=8\n";
    assert_eq!(drawn(&diff), expected);
}

#[test]
fn only_the_selected_keys_are_compared() {
    let (from, to) = ("# x\na.b=1\nc=1\na.c=2\n", "# y\na.b=2\nc=2\n\na.c=2\n");
    let diff = with(from, to, &["A:a.*"], false);
    assert_eq!(
        changes(&diff),
        [("a.b", 1, Change::Changed, Some("1"), Some("2"))]
    );
    assert!(diff.comments.is_empty());
    assert_eq!(drawn(&diff), "-2 a.b=[1]\n+2 a.b=[2]\n 5 a.c=2\n");
    assert_eq!(with(from, to, &["A:a.c"], false).state, State::Same);
    assert_eq!(
        with("<a>1</a>", "<a>2</a>", &["A:a.c"], false).notes,
        [Note::NoKeys]
    );
}

#[test]
fn a_document_java_would_refuse_is_compared_by_line() {
    let diff = of("a=1\nb=\\u12\n", "a=1\nb=\\u0012\n");
    assert_eq!(diff.state, State::Changed);
    let reason = "`\\u` is not followed by four hexadecimal digits".to_owned();
    assert_eq!(
        diff.notes,
        [Note::NotProperties {
            side: Side::From,
            line: 2,
            reason
        }]
    );
    assert!(diff.keys.is_empty());
    assert_eq!(drawn(&diff), " 1 a=1\n-2 b=\\[u12]\n+2 b=\\[u0012]\n");
}

#[test]
fn what_is_no_properties_is_compared_by_line() {
    let diff = of("<a>\n<b>1</b>\n</a>\n", "<a>\n<b>2</b>\n</a>\n");
    assert_eq!(drawn(&diff), " 1 <a>\n-2 <b>[1]</b>\n+2 <b>[2]</b>\n 3 </a>\n");
    assert!(diff.notes.is_empty() && diff.keys.is_empty());
}

#[test]
fn a_large_document_does_not_take_long() {
    let text = |odd: &str| {
        (0..5000)
            .map(|i| format!("key.{i}={}\n", if i % 2 == 0 { odd } else { "x" }))
            .collect::<String>()
    };
    let diff = of(&text("a b c"), &text("a b d"));
    assert_eq!(diff.keys.len(), 2500);
}

fn texts() -> impl Strategy<Value = String> {
    let line = prop::sample::select(vec![
        "a=1", "a=2", "a:1", "b=1", "c", "c=\\\n 1", "", "# x", "# y", "d=x y",
    ]);
    prop::collection::vec(line, 0..12)
        .prop_map(|lines| lines.iter().map(|line| format!("{line}\n")).collect())
}

proptest! {
    #[test]
    fn a_difference_is_always_said_and_nothing_else(from in texts(), to in texts()) {
        let diff = of(&from, &to);
        let said = !diff.keys.is_empty() || !diff.comments.is_empty() || diff.only_layout;
        prop_assert_eq!(diff.state == State::Changed, said);
        prop_assert_eq!(diff.state == State::Same, same_lines(&from, &to));
        prop_assert_eq!(drawn(&diff).is_empty(), diff.state == State::Same);
        prop_assert_eq!(of(&from, &from).state, State::Same);
    }

    #[test]
    fn every_key_that_differs_is_named_once(from in texts(), to in texts()) {
        let diff = of(&from, &to);
        let mut ids: Vec<_> = diff.keys.iter().map(|k| (k.key.clone(), k.occurrence)).collect();
        ids.sort();
        let count = ids.len();
        ids.dedup();
        prop_assert_eq!(ids.len(), count);
        let back = of(&to, &from);
        let of_kind = |diff: &DocumentDiff, change| diff.keys.iter().filter(|k| k.change == change).count();
        prop_assert_eq!(of_kind(&diff, Change::Added), of_kind(&back, Change::Removed));
        prop_assert_eq!(of_kind(&diff, Change::Changed), of_kind(&back, Change::Changed));
        prop_assert!(diff.keys.iter().all(|k| k.sensitivity.is_none()));
    }
}
