//! Which lines come from where when keys are selected.

use crate::plan::tests::{Case, NEW, OLD};
use crate::plan::{KeyAt, Why};

fn only(archived: &str, live: &str, pattern: &str) -> Case {
    Case::of(archived, live).select(&[&format!("CONNECTORS:{pattern}")], &[])
}

#[test]
fn selected_keys_take_the_archived_lines_and_all_else_stays() {
    let archived = "# archived\nftp.host : old\nftp.user=old\nother=1\n";
    let live = "# live\n\nother=2\nftp.user=new\nftp.host=new\nmore=3\n";
    let case = only(archived, live, "ftp.*");
    assert_eq!(
        case.wanted(),
        "# live\n\nother=2\nftp.user=old\nftp.host : old\nmore=3\n"
    );
    assert!(case.plan().steps[0].dropped.is_empty());
}

#[test]
fn selected_keys_that_the_backup_lacks_are_removed() {
    let case = only(
        "ftp.a=1\nftp.a=2\n",
        "ftp.a=x\n# c\nftp.b=1\nftp.a=y\nftp.a=z\nother=1\n",
        "ftp.*",
    );
    assert_eq!(case.wanted(), "ftp.a=1\n# c\nftp.a=2\nother=1\n");
    let at = |key: &str, occurrence| KeyAt {
        key: key.to_owned(),
        occurrence,
    };
    assert_eq!(case.plan().steps[0].dropped, [at("ftp.b", 1), at("ftp.a", 3)]);
}

#[test]
fn selected_keys_that_live_lacks_go_after_their_archived_neighbour() {
    let archived = "one=1\nftp.a=1\nftp.b=2\nsix=6\ntwo=2\n# about c\nftp.c=3\ngone=1\nftp.d=4\n";
    let live = "# head\n\ntwo=2\n# x\none=1\nsix=6\n";
    let wanted = "# head\n\ntwo=2\nftp.c=3\nftp.d=4\n# x\none=1\nftp.a=1\nftp.b=2\nsix=6\n";
    assert_eq!(only(archived, live, "ftp.*").wanted(), wanted);
    assert_eq!(
        only("ftp.a=1\none=1\n", "# head\none=2\n", "ftp.*").wanted(),
        "# head\nftp.a=1\none=2\n"
    );
    assert_eq!(
        only("ftp.a=1\n", "# head\n", "ftp.*").wanted(),
        "# head\nftp.a=1\n"
    );
    assert_eq!(
        only("one=1\nftp.a=1\n", "one=\\\n", "ftp.*").wanted(),
        "one=\nftp.a=1\n"
    );
}

#[test]
fn an_inserted_duplicate_never_gets_before_the_one_it_follows() {
    let case = only("ftp.a=1\nz=1\nftp.a=2\nftp.a=3\n", "z=1\nftp.a=0\n", "ftp.*");
    assert_eq!(case.wanted(), "z=1\nftp.a=1\nftp.a=2\nftp.a=3\n");
    let case = only("ftp.a=1\nz=1\nftp.a=2\n", "ftp.a=0\nz=1\n", "ftp.*");
    assert_eq!(case.wanted(), "ftp.a=1\nz=1\nftp.a=2\n");
}

#[test]
fn excepted_keys_keep_their_live_lines() {
    let archived = "# archived\nftp.host=old\nother=1\nftp.gone=1\n";
    let live = "other=2\nftp.host : new\nftp.more=3\nlast=1\n";
    let case = Case::of(archived, live).select(&[], &["CONNECTORS:ftp.*"]);
    assert_eq!(case.wanted(), "# archived\nftp.host : new\nftp.more=3\nother=1\n");
    assert_eq!(
        case.plan().steps[0].dropped,
        [KeyAt {
            key: "last".to_owned(),
            occurrence: 1
        }]
    );
}

#[test]
fn encrypted_keys_follow_the_same_rule_when_selected() {
    let secret = |value: &str| format!("connector.ftp.password={value}\n");
    let kept = only(&secret(OLD), &secret(NEW), "*");
    assert!(kept.plan().is_empty());
    assert_eq!(kept.plan().waits[0].why, Why::Kept);
    let missing = only(&secret(OLD), "a=1\n", "connector.*");
    assert!(missing.plan().is_empty());
    assert_eq!(missing.plan().waits[0].why, Why::Missing);
    assert_eq!(
        only(&secret(""), &secret(NEW), "connector.*").wanted(),
        secret("")
    );
    assert_eq!(
        only("a=1\n", &format!("{}a=1\n", secret(NEW)), "connector.*").wanted(),
        "a=1\n"
    );
    let unselected = only(
        &format!("{}a=1\n", secret(OLD)),
        &format!("{}a=2\n", secret(NEW)),
        "a",
    );
    assert!(unselected.plan().waits.is_empty());
    assert_eq!(unselected.wanted(), format!("{}a=1\n", secret(NEW)));
}
