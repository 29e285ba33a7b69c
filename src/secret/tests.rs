//! A secret is shown by nothing but `expose`.

use crate::secret::Secret;

#[test]
fn shows_no_value() {
    let secret = Secret::from("tr0ub4dor".to_owned());
    assert_eq!(
        format!("{secret} {secret:?} {:?}", Some(&secret)),
        "‹secret› Secret(‹secret›) Some(Secret(‹secret›))"
    );
    assert_eq!(secret.expose(), "tr0ub4dor");
}

#[test]
fn takes_one_line_end_off_a_line() {
    for (bytes, text) in [
        ("a b \n", "a b "),
        ("a\r\n", "a"),
        ("a\n\n", "a\n"),
        ("", ""),
        ("ä", "ä"),
        ("a\r", "a"),
    ] {
        assert_eq!(
            Secret::from_line(bytes.into()).unwrap().expose(),
            text,
            "{bytes:?}"
        );
    }
    assert!(Secret::from_line(vec![0xff, b'\n']).is_none());
}

#[test]
fn knows_that_it_is_empty() {
    assert!(Secret::from(String::new()).is_empty());
    assert!(!Secret::from(" ".to_owned()).is_empty());
}
