//! Promise 6: what becomes of encrypted values.

use crate::plan::tests::{Case, NEW, OLD, PATH};
use crate::plan::{Encrypted, KeyAt, Wait, Why};

const KEY: &str = "connector.ftp.password";

fn line(value: &str) -> String {
    format!("{KEY}={value}\n")
}

fn wait(occurrence: usize, why: Why) -> Wait {
    Wait {
        document: PATH.to_owned(),
        key: KEY.to_owned(),
        occurrence,
        why,
    }
}

#[test]
fn the_live_line_stays_exactly_as_it_is_and_waits() {
    let archived = format!("# old\na=1\n{}b=1\n", line(OLD));
    let live = format!("a=2\nb=2\n  {KEY} : {}\\\n  {}\n", &NEW[..9], &NEW[9..]);
    let case = Case::of(&archived, &live);
    let kept = format!("  {KEY} : {}\\\n  {}\n", &NEW[..9], &NEW[9..]);
    assert_eq!(case.wanted(), format!("# old\na=1\n{kept}b=1\n"));
    let plan = case.plan();
    assert_eq!(plan.waits, [wait(1, Why::Kept)]);
    assert_eq!(plan.steps[0].waits, plan.waits);
}

#[test]
fn an_unchanged_document_still_waits() {
    let plan = Case::of(&line(OLD), &line(NEW)).plan();
    assert_eq!(plan.unchanged, [PATH]);
    assert_eq!(plan.waits, [wait(1, Why::Kept)]);
}

#[test]
fn an_equal_or_entered_value_neither_changes_nor_waits() {
    let mut case = Case::of(&format!("a=1\n{}", line(OLD)), &format!("a=2\n{KEY} = {OLD}\n"));
    assert!(case.plan().waits.is_empty());
    assert_eq!(case.wanted(), format!("a=1\n{KEY} = {OLD}\n"));
    case.live[0].text = line(NEW);
    case.entered = vec![NEW.to_owned()];
    assert!(case.plan().waits.is_empty());
    assert_eq!(case.wanted(), format!("a=1\n{}", line(NEW)));
}

#[test]
fn a_key_that_live_lacks_is_left_out_and_waits() {
    let case = Case::of(&format!("a=1\n{}b=1\n", line(OLD)), "a=2\nb=1\n");
    assert_eq!(case.wanted(), "a=1\nb=1\n");
    assert_eq!(case.plan().waits, [wait(1, Why::Missing)]);
}

#[test]
fn an_empty_archived_value_is_written_empty_and_does_not_wait() {
    for encrypted in [Encrypted::Keep, Encrypted::Archived, Encrypted::Clear] {
        let case = Case::of(&line(""), &line(NEW)).encrypted(encrypted);
        assert_eq!(case.wanted(), line(""));
        assert!(case.plan().waits.is_empty());
    }
    assert_eq!(Case::of(&line(""), "a=1\n").wanted(), line(""));
}

#[test]
fn a_key_that_the_backup_lacks_goes_and_is_named() {
    let plan = Case::of("a=1\n", &format!("a=1\n{}", line(NEW))).plan();
    assert_eq!(plan.steps[0].wanted, "a=1\n");
    assert_eq!(
        plan.steps[0].dropped,
        [KeyAt {
            key: KEY.to_owned(),
            occurrence: 1
        }]
    );
    assert!(plan.waits.is_empty());
}

#[test]
fn the_nth_duplicate_keeps_the_nth_live_line() {
    let (second, third) = (OLD.replace("old", "two"), NEW.replace("new", "dos"));
    let archived = format!("{}x=1\n{}{}", line(OLD), line(&second), line(""));
    let live = format!("{}{}", line(NEW), line(&third));
    let case = Case::of(&archived, &live);
    assert_eq!(
        case.wanted(),
        format!("{}x=1\n{}{}", line(NEW), line(&third), line(""))
    );
    assert_eq!(case.plan().waits, [wait(1, Why::Kept), wait(2, Why::Kept)]);
}

#[test]
fn the_duplicates_after_one_that_is_left_out_are_left_out_too() {
    let archived = format!("{}{}x=1\n{}{}", line(""), line(OLD), line(""), line("true"));
    let case = Case::of(&archived, &line(NEW));
    assert_eq!(case.wanted(), format!("{}x=1\n", line("")));
    assert_eq!(
        case.plan().waits,
        [
            wait(2, Why::Missing),
            wait(3, Why::Missing),
            wait(4, Why::Missing)
        ]
    );
}

#[test]
fn an_archived_value_that_is_no_secret_is_written_under_a_secret_name_too() {
    for encrypted in [Encrypted::Keep, Encrypted::Archived, Encrypted::Clear] {
        let case = Case::of("sso.secret.enabled=true\n", "sso.secret.enabled=false\n").encrypted(encrypted);
        assert_eq!(case.wanted(), "sso.secret.enabled=true\n");
        assert!(case.plan().waits.is_empty());
    }
}

#[test]
fn archived_ciphertext_is_sent_when_asked_for() {
    let case = Case::of(&line(OLD), &line(NEW)).encrypted(Encrypted::Archived);
    assert_eq!(case.wanted(), line(OLD));
    assert!(case.plan().waits.is_empty());
    let missing = Case::of(&line(OLD), "a=1\n").encrypted(Encrypted::Archived);
    assert_eq!(missing.wanted(), line(OLD));
}

#[test]
fn a_cleared_value_is_emptied_and_waits_though_it_was_entered() {
    let mut case = Case::of(&format!("{KEY} : {OLD}\n"), &line(NEW)).encrypted(Encrypted::Clear);
    assert_eq!(case.wanted(), format!("{KEY} : \n"));
    assert_eq!(case.plan().waits, [wait(1, Why::Cleared)]);
    case.live[0].text = case.wanted();
    assert!(case.plan().is_empty());
    assert_eq!(case.plan().waits, [wait(1, Why::Cleared)]);
    case.live[0].text = line(NEW);
    case.entered = vec![NEW.to_owned()];
    assert_eq!(case.wanted(), format!("{KEY} : \n"));
    assert_eq!(case.plan().waits, [wait(1, Why::Cleared)]);
}

#[test]
fn an_entered_value_gives_way_to_the_archived_one_only_when_that_is_asked_for() {
    let mut case = Case::of(&line(OLD), &line(NEW));
    case.entered = vec![NEW.to_owned()];
    assert!(case.plan().is_empty() && case.plan().waits.is_empty());
    let case = case.encrypted(Encrypted::Archived);
    assert_eq!(case.wanted(), line(OLD));
    assert!(case.plan().waits.is_empty());
}

#[test]
fn a_mask_is_never_sent_and_tells_nothing() {
    for mask in ["*****", "••••••", "‹secret›"] {
        for encrypted in [Encrypted::Keep, Encrypted::Archived] {
            let case = Case::of(&line(mask), &line(NEW)).encrypted(encrypted);
            assert!(case.plan().is_empty(), "{mask}");
            assert_eq!(case.plan().waits, [wait(1, Why::Mask)]);
            let missing = Case::of(&line(mask), "a=1\n").encrypted(encrypted);
            assert_eq!(missing.wanted(), "");
            assert_eq!(missing.plan().waits, [wait(1, Why::Mask)]);
        }
    }
    let mut case = Case::of(
        &format!("a=1\n{}", line("*****")),
        &format!("a=2\n{}", line("*****")),
    );
    assert_eq!(case.plan().waits, [wait(1, Why::Mask)]);
    assert!(
        case.plan().refused[0].why.contains(KEY),
        "{:?}",
        case.plan().refused
    );
    // Also where the mask is at a key that is not meant: it is sent with the rest.
    let other = Case::of("a=1\nb.token=x\n", "a=2\nb.token=*****\n").select(&["CONNECTORS:a"], &[]);
    assert!(
        other.plan().refused[0].why.contains("b.token"),
        "{:?}",
        other.plan().refused
    );
    case.given.insert(KEY.to_owned(), "real".to_owned());
    assert_eq!(case.wanted(), format!("a=1\n{}", line("real")));
    case.given.clear();
    case.mask_is_unchanged = true;
    assert_eq!(case.wanted(), format!("a=1\n{}", line("*****")));
}

#[test]
fn a_value_that_live_masks_is_not_overwritten() {
    let case = Case::of("some.odd.name=clear\n", "some.odd.name=*****\n");
    assert!(case.plan().is_empty());
    assert_eq!(case.plan().waits[0].why, Why::Mask);
}

#[test]
fn a_key_block_over_several_lines_is_refused_when_it_is_another() {
    let block = |body: &str, a: u8| {
        format!("a={a}\n-----BEGIN PGP PRIVATE KEY BLOCK-----\n{body}\n-----END PGP PRIVATE KEY BLOCK-----\n")
    };
    let plan = Case::of(&block(OLD, 1), &block(NEW, 2)).plan();
    assert!(plan.is_empty());
    assert!(
        plan.refused[0].why.contains("a secret over several lines"),
        "{:?}",
        plan.refused
    );
    assert_eq!(Case::of(&block(OLD, 1), &block(OLD, 2)).wanted(), block(OLD, 1));
}
