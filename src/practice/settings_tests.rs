use super::{read, rewrite, value_of};

fn pairs(text: &str) -> Vec<(String, String)> {
    read(text).into_iter().map(|s| (s.key, s.value)).collect()
}

#[test]
fn separators_blanks_and_escapes_are_read_as_java_does() {
    let text = "a=1\n b : 2 \nc 3\nd\ne\\=f=g\\u0041\n#x=1\n!y=2\r\nlong=one \\\n   two\nempty=\n= 1\nz==b";
    let expected = [
        ("a", "1"),
        ("b", "2 "),
        ("c", "3"),
        ("d", ""),
        ("e=f", "gA"),
        ("long", "one two"),
        ("empty", ""),
        ("", "1"),
        ("z", "=b"),
    ];
    let expected: Vec<(String, String)> = expected.map(|(k, v)| (k.to_owned(), v.to_owned())).to_vec();
    assert_eq!(pairs(text), expected);
}

#[test]
fn the_last_of_several_counts() {
    assert_eq!(value_of("a=1\na=2\n", "a").as_deref(), Some("2"));
    assert_eq!(value_of("a=1\n", "b"), None);
}

#[test]
fn rewriting_touches_only_the_value() {
    let text = "# c\r\n  key : old \\\n  tail\nother=x\nkey=\n";
    let out = rewrite(text, |s| (s.key == "key").then(|| "NEW".to_owned()));
    assert_eq!(out, "# c\r\n  key : NEW\nother=x\nkey=NEW\n");
    assert_eq!(rewrite(text, |_| None), text);
}
