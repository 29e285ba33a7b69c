use crate::plan::Encrypted;
use crate::plan::tests::{Case, NEW, OLD, PATH};

fn xml(url: &str, secret: &str) -> String {
    format!("<sso>\n<url>{url}</url>\n<password>{secret}</password>\n</sso>\n")
}

#[test]
fn a_document_without_keys_is_written_as_a_whole() {
    let case = Case::of("<a>\n<b>1</b>\n</a>\n", "<a><b>2</b></a>\n");
    assert_eq!(case.wanted(), "<a>\n<b>1</b>\n</a>\n");
    assert!(Case::of("<a>1</a>\n", "<a>1</a>").plan().is_empty());
}

#[test]
fn a_properties_file_java_would_refuse_is_written_as_a_whole() {
    assert_eq!(
        Case::of("a=\\u12\nb=1\n", "b=2\nc=3\n").wanted(),
        "a=\\u12\nb=1\n"
    );
}

#[test]
fn it_is_refused_when_a_secret_in_it_is_not_lives() {
    let plan = Case::of(&xml("x", OLD), &xml("y", NEW)).plan();
    assert!(plan.is_empty());
    assert_eq!(
        plan.refused[0].why,
        format!(
            "`{PATH}` holds a secret that is not the one live has, and it can only be written as a whole."
        )
    );
    assert!(
        plan.refused[0]
            .hint
            .as_ref()
            .unwrap()
            .contains("--encrypted archived")
    );
    assert!(
        Case::of(&xml("x", OLD), &xml("x", NEW))
            .encrypted(Encrypted::Clear)
            .plan()
            .is_empty()
    );
    assert_eq!(
        Case::of(&xml("x", OLD), &xml("y", NEW))
            .encrypted(Encrypted::Archived)
            .wanted(),
        xml("x", OLD)
    );
}

#[test]
fn it_is_written_when_the_secrets_are_equal_or_archived_as_empty() {
    assert_eq!(Case::of(&xml("x", OLD), &xml("y", OLD)).wanted(), xml("x", OLD));
    assert_eq!(Case::of(&xml("x", ""), &xml("y", NEW)).wanted(), xml("x", ""));
}

#[test]
fn a_mask_in_it_is_never_sent() {
    for encrypted in [Encrypted::Keep, Encrypted::Archived, Encrypted::Clear] {
        for mask in ["*****", "‹secret›"] {
            let plan = Case::of(&xml("x", mask), &xml("y", NEW))
                .encrypted(encrypted)
                .plan();
            assert!(plan.is_empty(), "{mask}");
            assert!(
                plan.refused[0].why.contains("a mask is never sent"),
                "{:?}",
                plan.refused
            );
        }
    }
    let mut kept = Case::of(&xml("x", "*****"), &xml("y", "*****"));
    let refused = kept.plan().refused;
    assert!(
        refused[0].why.contains("shows a mask, and nobody knows"),
        "{refused:?}"
    );
    kept.mask_is_unchanged = true;
    assert_eq!(kept.wanted(), xml("x", "*****"));
}

#[test]
fn keys_cannot_be_selected_in_it() {
    for (only, except) in [(&["CONNECTORS:a"][..], &[][..]), (&[], &["CONNECTORS:a"])] {
        let plan = Case::of("<a>1</a>\n", "<a>2</a>\n").select(only, except).plan();
        assert!(
            plan.refused[0].why.contains("has no keys that could be selected"),
            "{:?}",
            plan.refused
        );
    }
}
