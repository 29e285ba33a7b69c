use super::{broken, kept};

const STORED: &str = "# head\nbaseURL=https://own\nother=1\nid = T1\n";

fn keys() -> Vec<String> {
    ["baseURL", "id", "never"].map(str::to_owned).to_vec()
}

#[test]
fn a_sealed_key_stays_as_it_is_and_all_else_is_taken() {
    for (sent, wanted) in [
        (STORED, STORED),
        (
            "baseURL=https://new\nother=2\nid=T1\n",
            "baseURL=https://own\nother=2\nid=T1\n",
        ),
        ("baseURL\nid=T1", "baseURL=https://own\nid=T1"),
        (
            "baseURL=https://\\\n  new\nid=T1\n",
            "baseURL=https://own\nid=T1\n",
        ),
        ("other=2", "other=2\nbaseURL=https://own\nid = T1\n"),
        (
            "never=1\nid=T1\nbaseURL=x\nnever=2",
            "id=T1\nbaseURL=https://own\n",
        ),
        ("", "baseURL=https://own\nid = T1\n"),
    ] {
        let text = kept(&keys(), STORED, sent);
        assert_eq!(text, wanted, "{sent:?}");
        assert_eq!(broken(&keys(), STORED, &text), None, "{sent:?}");
    }
}

#[test]
fn the_seal_is_broken_by_a_value_that_differs_comes_or_goes() {
    let broken = |sent: &str| broken(&keys(), STORED, sent).cloned();
    assert_eq!(broken("id:T1\nbaseURL = https://own\nother=2\n"), None);
    assert_eq!(broken("id=T2\nbaseURL=https://own\n").as_deref(), Some("id"));
    assert_eq!(broken("id=T1\n").as_deref(), Some("baseURL"));
    let added = format!("{STORED}never=\n");
    assert_eq!(broken(&added).as_deref(), Some("never"));
}
