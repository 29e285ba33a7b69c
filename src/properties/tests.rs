use proptest::prelude::{Strategy, any, prop, prop_assert, prop_assert_eq, proptest};

use crate::properties::{JavaText, Line, LineKind, Properties};

/// Keys and values of a text, as Java gives them.
fn pairs(text: &str) -> Vec<(String, String)> {
    let properties = Properties::parse(text).unwrap();
    properties
        .entries()
        .map(|(_, k, v)| (k.to_string_lossy(), v.to_string_lossy()))
        .collect()
}

fn pair(key: &str, value: &str) -> Vec<(String, String)> {
    vec![(key.to_owned(), value.to_owned())]
}

#[test]
fn ends_the_key_at_the_first_separator_that_is_not_escaped() {
    assert_eq!(pairs("a=b=c"), pair("a", "b=c"));
    assert_eq!(pairs("a:b"), pair("a", "b"));
    assert_eq!(pairs("a b"), pair("a", "b"));
    assert_eq!(pairs(" \t\u{c}a \t= \u{c}b "), pair("a", "b "));
    assert_eq!(pairs("a  : = b"), pair("a", "= b"));
    assert_eq!(pairs(r"a\ b\=c\:d=e"), pair("a b=c:d", "e"));
    assert_eq!(pairs(r"a\\=b"), pair(r"a\", "b"));
    assert_eq!(pairs("=b"), pair("", "b"));
    assert_eq!(pairs("a"), pair("a", ""));
}

#[test]
fn reads_escapes_as_java_does() {
    assert_eq!(
        pairs(r"a=\t\n\r\f\u0041\u00e9\u00E9\x\z"),
        pair("a", "\t\n\r\u{c}Aééxz")
    );
    assert_eq!(pairs(r"a=\ud83d\ude00"), pair("a", "😀"));
    let alone = Properties::parse(r"a=\ud83d").unwrap();
    assert_eq!(alone.get(&"a".into()).unwrap().units(), [0xd83d]);
}

#[test]
fn joins_continued_lines_and_drops_their_indentation() {
    assert_eq!(pairs("a=b\\\n  \tc\\\r\nd\\\re"), pair("a", "bcde"));
    assert_eq!(pairs("a=b\\\\\nc=d"), [pair("a", "b\\"), pair("c", "d")].concat());
    assert_eq!(pairs("a=b\\\n#c"), pair("a", "b#c"));
    assert_eq!(pairs("a=b\\\n\nc=d"), [pair("a", "b"), pair("c", "d")].concat());
    assert_eq!(pairs("# a \\\nb=c"), pair("b", "c"));
}

#[test]
fn knows_what_java_does_with_a_backslash_and_nothing_before_it() {
    assert_eq!(pairs("a=b\\"), pair("a", "b"));
    assert_eq!(pairs("a=b\\\n"), pair("a", "b"));
    assert_eq!(pairs("\\"), pair("", ""));
    assert_eq!(pairs("\\\n"), pair("", ""));
    assert_eq!(pairs("\\\r\n"), []);
    assert_eq!(pairs("\\\n  "), []);
    assert_eq!(pairs("\\\n#a\nb"), pair("b", ""));
}

#[test]
fn cuts_a_text_into_logical_lines() {
    let properties = Properties::parse("\n #x\\\r  a=b\\\n   c\r\n!y").unwrap();
    let lines: Vec<&str> = properties.lines().iter().map(Line::raw).collect();
    assert_eq!(lines, ["\n", " #x\\\r", "  a=b\\\n   c\r\n", "!y"]);
    assert!(matches!(properties.lines()[0].kind(), LineKind::Blank));
    assert!(matches!(properties.lines()[1].kind(), LineKind::Comment));
    assert!(matches!(properties.lines()[3].kind(), LineKind::Comment));
    assert_eq!(properties.lines()[2].body(), "  a=b\\\n   c");
    assert_eq!(properties.lines()[2].terminator(), "\r\n");
    assert_eq!(properties.numbers(), [1, 2, 3, 5]);
}

#[test]
fn refuses_a_bad_escape_and_names_its_line_but_nothing_of_it() {
    for (text, line) in [
        ("a=\\u12", 1),
        ("a\r\nb\rc=d\\\n  \\u12g4", 4),
        ("\\u00=e9", 1),
        ("a=\\uu0041", 1),
    ] {
        let malformed = Properties::parse(text).unwrap_err();
        assert_eq!(malformed.line, line, "{text:?}");
        assert_eq!(
            malformed.reason,
            "`\\u` is not followed by four hexadecimal digits"
        );
        assert_eq!(Properties::parse_leniently(text).to_string(), text);
    }
    let lenient = Properties::parse_leniently("a=x\\u12\\u0041");
    assert_eq!(lenient.get(&"a".into()), Some(&"xu12A".into()));
}

#[test]
fn a_new_value_leaves_the_rest_of_the_line_alone() {
    let cases = [
        ("  a\\ b \t: old \r\n", "new", "  a\\ b \t: new\r\n"),
        ("a=old\\\n  er\nb=c\n", "new", "a=new\nb=c\n"),
        ("a = \\\n  old\n", "new", "a = \\\n  new\n"),
        ("a=\\\n", "new", "a=new\n"),
        ("a", "new", "a=new"),
        ("a ", "=new", "a \\=new"),
        ("a=", "=new", "a==new"),
        ("a=old\n", "", "a=\n"),
        ("a=\\\rold\nb", "", "a=\nb"),
        ("a=\\\rold\n\nb", "", "a=\n\nb"),
        ("a=\\\rold\r\n\nb", "", "a=\\\r\r\n\nb"),
        ("a \\\r\\\rold\n", "", "a \n"),
        ("\\", "new", "=new"),
        ("a=1", " \t\n\r\u{c}\\é\u{0}", "a=\\ \t\\n\\r\\f\\\\é\\u0000"),
        ("a=\\u0041\n", "A", "a=\\u0041\n"),
    ];
    for (text, value, wanted) in cases {
        let mut properties = Properties::parse(text).unwrap();
        let key = properties.entries().next().unwrap().1.clone();
        assert!(properties.set(&key, &value.into()));
        assert_eq!(properties.to_string(), wanted, "{text:?}");
    }
}

#[test]
fn setting_a_key_changes_its_last_entry_only() {
    let mut properties = Properties::parse("a=1\n# a=0\na=2\n b : x\na\n").unwrap();
    assert!(properties.set(&"a".into(), &"3".into()));
    assert_eq!(properties.to_string(), "a=1\n# a=0\na=2\n b : x\na=3\n");
    assert!(!properties.set(&"c".into(), &"3".into()));
}

#[test]
fn tells_duplicates_apart_by_their_number() {
    let properties = Properties::parse("a=1\n#\nb=2\na=3\n").unwrap();
    let numbers: Vec<_> = properties
        .occurrences()
        .map(|o| (o.index, o.entry.key.to_string_lossy(), o.nth))
        .collect();
    assert_eq!(
        numbers,
        [
            (0, "a".to_owned(), 1),
            (2, "b".to_owned(), 1),
            (3, "a".to_owned(), 2)
        ]
    );
}

#[test]
fn an_open_last_line_is_closed_before_another_follows() {
    let cases = [
        ("a=b", "a=b\nz=z\n"),
        ("a=b\\\n", "a=b\nz=z\n"),
        ("a=b\\", "a=b\nz=z\n"),
        ("a=b\\\r\\", "a=b\nz=z\n"),
        ("a=b\\\\\\\r\\", "a=b\\\\\nz=z\n"),
        ("\\\n", "=\nz=z\n"),
        ("#c\\\n", "#c\\\nz=z\n"),
        ("a=\\\n  ", "a=\\\n  \nz=z\n"),
    ];
    for (text, wanted) in cases {
        let mut lines = Properties::parse(text).unwrap().lines().to_vec();
        lines.push(Line::new(&"z".into(), &"z".into()));
        let joined = Properties::from_lines(lines).to_string();
        assert_eq!(joined, wanted, "{text:?}");
        assert_eq!(pairs(&joined), [pairs(text), pair("z", "z")].concat(), "{text:?}");
    }
}

/// Texts that love what Java treats specially.
fn nasty() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "\\", "\\", "\n", "\r", "\r\n", " ", "\t", "\u{c}", "=", ":", "#", "!", "a", "k=v\n", "\\u00e9",
        "\\ud83d", "\\u1", "é", "😀", "\0", "\\\n ",
    ]);
    prop::collection::vec(part, 0..30).prop_map(|parts| parts.concat())
}

/// A line as people write them: indentation, key, separator, value, terminator.
fn plain_line() -> impl Strategy<Value = [&'static str; 5]> {
    (
        prop::sample::select(vec!["", " ", "\t", "\u{c}", " \t "]),
        prop::sample::select(vec![
            "a", "b", "a.b", "a\\ b", "c\\:d", "e\\=", "\\#f", "\\!", "é",
        ]),
        prop::sample::select(vec!["=", ":", " ", "\t", "\u{c}", " = ", "\t:", "  ", " =\u{c}"]),
        prop::sample::select(vec![
            "",
            "old",
            "old ",
            "x=y:z",
            "\\u00e9",
            "\\\\",
            "old\\\n  er",
            "# no comment",
        ]),
        prop::sample::select(vec!["\n", "\r\n", "\n\n", "\n# a = 1\n", "\n \t\r\n!\n"]),
    )
        .prop_map(|(indentation, key, separator, value, end)| [indentation, key, separator, value, end])
}

/// Any UTF-16 units, surrogates that stand alone included.
fn java_text() -> impl Strategy<Value = JavaText> {
    let unit = prop::sample::select(vec![
        0x20, 0x09, 0x0a, 0x0d, 0x0c, 0x3d, 0x3a, 0x23, 0x5c, 0x75, 0xd83d, 0xde00, 0,
    ]);
    let nasty = prop::collection::vec(unit, 0..8).prop_map(JavaText::from);
    let any = prop::collection::vec(any::<u16>(), 0..8).prop_map(JavaText::from);
    proptest::prop_oneof![nasty, any]
}

proptest! {
    #[test]
    fn printing_gives_back_what_was_read(text in proptest::prop_oneof![any::<String>(), nasty()]) {
        if let Ok(properties) = Properties::parse(&text) {
            prop_assert_eq!(properties.to_string(), text.clone());
        }
        prop_assert_eq!(Properties::parse_leniently(&text).to_string(), text);
    }

    #[test]
    fn printing_gives_back_bytes_read_one_by_one(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        let text: String = bytes.iter().copied().map(char::from).collect();
        prop_assert_eq!(Properties::parse_leniently(&text).to_string(), text.clone());
        if let Ok(properties) = Properties::parse(&text) {
            prop_assert_eq!(properties.to_string(), text);
        }
    }

    #[test]
    fn a_value_that_is_set_stands_where_the_old_one_stood(lines in prop::collection::vec(plain_line(), 1..8), pick in any::<prop::sample::Index>()) {
        let text = |lines: &[[&'static str; 5]]| lines.iter().map(|line| line.concat()).collect::<String>();
        let (mut properties, key) = (Properties::parse(&text(&lines)).unwrap(), pick.get(&lines)[1]);
        let mut wanted = lines.clone();
        let last = wanted.iter_mut().rfind(|line| line[1] == key).unwrap();
        last[3] = "new";
        prop_assert!(properties.set(&key.replace('\\', "").as_str().into(), &"new".into()));
        prop_assert_eq!(properties.to_string(), text(&wanted));
    }

    #[test]
    fn java_reads_the_value_that_was_set(text in nasty(), value in java_text(), pick in any::<prop::sample::Index>()) {
        let Ok(mut properties) = Properties::parse(&text) else { return Ok(()) };
        let keys: Vec<JavaText> = properties.entries().map(|(_, key, _)| key.clone()).collect();
        if keys.is_empty() {
            return Ok(());
        }
        let key = pick.get(&keys);
        let before = properties.clone();
        prop_assert!(properties.set(key, &value));
        let read = Properties::parse(&properties.to_string()).unwrap();
        prop_assert_eq!(read.get(key), Some(&value));
        let changed = before.lines().iter().zip(read.lines()).filter(|(a, b)| a != b).count();
        prop_assert_eq!(before.lines().len(), read.lines().len());
        prop_assert!(changed <= 1);
    }

    #[test]
    fn a_new_line_reads_as_it_was_made(key in java_text(), value in java_text()) {
        let line = Line::new(&key, &value);
        let read = Properties::parse(line.raw()).unwrap();
        prop_assert_eq!(read.lines().len(), 1);
        prop_assert_eq!(read.get(&key), Some(&value));
    }
}
