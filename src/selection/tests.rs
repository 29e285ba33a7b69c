use crate::backup::{Document, Format};
use crate::error::Kind;
use crate::selection::{Extent, Selection, nearest};
use crate::sensitive::Rules;

fn selection(only: &[&str], except: &[&str]) -> Selection {
    let owned = |patterns: &[&str]| patterns.iter().map(|p| (*p).to_owned()).collect::<Vec<_>>();
    Selection::new(&owned(only), &owned(except)).unwrap()
}

const BIZX: &str = "configuration/BIZX";
const CONNECTORS: &str = "configuration/CONNECTORS";

#[test]
fn everything_is_meant_where_nothing_is_said() {
    let all = selection(&[], &[]);
    assert!(all.is_all());
    assert_eq!(all.extent(BIZX), Extent::Whole);
    assert!(all.selects_key(BIZX, "baseURL"));
    assert_eq!(all.extent(BIZX), Extent::Whole);
}

#[test]
fn a_bare_name_means_that_document_in_any_part_and_any_case() {
    let bizx = selection(&["bizx"], &[]);
    assert_eq!(bizx.extent(BIZX), Extent::Whole);
    assert_eq!(bizx.extent("other/Bizx"), Extent::Whole);
    assert_eq!(bizx.extent("configuration/BIZX2"), Extent::Nothing);
    assert!(bizx.selects_key(BIZX, "baseURL"));
    assert!(!bizx.selects_key(CONNECTORS, "baseURL"));
}

#[test]
fn a_star_does_not_cross_a_slash_in_a_path_but_anything_in_a_key() {
    assert_eq!(selection(&["configuration/*"], &[]).extent(BIZX), Extent::Whole);
    assert_eq!(
        selection(&["configuration/*"], &[]).extent("configuration/a/b"),
        Extent::Nothing
    );
    assert_eq!(selection(&["*"], &[]).extent(BIZX), Extent::Whole);
    assert_eq!(selection(&["*/BIZX"], &[]).extent(BIZX), Extent::Whole);
    assert!(selection(&["BIZX:a*"], &[]).selects_key(BIZX, "a.b/c d:e"));
}

#[test]
fn keys_are_compared_with_case_and_their_document_without() {
    let ftp = selection(&["connectors:connector.ftp.*"], &[]);
    assert_eq!(ftp.extent(CONNECTORS), Extent::Keys);
    assert_eq!(ftp.extent(CONNECTORS), Extent::Keys);
    assert!(ftp.selects_key(CONNECTORS, "connector.ftp.userID"));
    assert!(!ftp.selects_key(CONNECTORS, "Connector.ftp.userID"));
    assert!(!ftp.selects_key(CONNECTORS, "connector.pgp.enabled"));
    assert!(!ftp.selects_document(BIZX));
}

#[test]
fn except_takes_away_documents_or_keys() {
    let but = selection(&[], &["BIZX", "CONNECTORS:*.ftp.*"]);
    assert_eq!(but.extent(BIZX), Extent::Nothing);
    assert_eq!(but.extent(CONNECTORS), Extent::AllBut);
    assert_eq!(but.extent("configuration/SSO"), Extent::Whole);
    assert!(!but.selects_key(CONNECTORS, "connector.ftp.userID"));
    assert!(but.selects_key(CONNECTORS, "connector.pgp.enabled"));
    let both = selection(&["CONNECTORS:connector.*"], &["CONNECTORS:connector.ftp.*"]);
    assert_eq!(both.extent(CONNECTORS), Extent::Keys);
    assert!(both.selects_key(CONNECTORS, "connector.pgp.enabled"));
    assert!(!both.selects_key(CONNECTORS, "connector.ftp.userID"));
}

#[test]
fn a_document_and_keys_in_it_are_the_document() {
    assert_eq!(selection(&["BIZX:a", "BIZX"], &[]).extent(BIZX), Extent::Whole);
}

#[test]
fn a_documents_own_name_may_hold_a_colon() {
    let page = selection(&["wiki:syntax"], &[]);
    assert_eq!(page.extent("pages/wiki:syntax"), Extent::Whole);
    assert!(page.unmatched(&["pages/wiki:syntax"]).is_empty());
}

#[test]
fn patterns_that_name_nothing_are_given_back_as_typed() {
    let some = selection(&["BIZX", "iContent", "sso:a.*"], &["Nope"]);
    assert_eq!(some.unmatched(&[BIZX, "configuration/SSO"]), ["iContent", "Nope"]);
    assert_eq!(
        some.unmatched_keys(&[(BIZX, "x"), ("configuration/SSO", "b")]),
        ["sso:a.*"]
    );
    assert!(some.unmatched_keys(&[("configuration/SSO", "a.b")]).is_empty());
}

#[test]
fn a_pattern_that_cannot_be_read_is_a_usage_error() {
    for bad in ["", ":key", "BIZX:", "[a", "BIZX:{a"] {
        let error = Selection::new(&[bad.to_owned()], &[]).unwrap_err();
        assert_eq!(error.kind(), Kind::Usage);
        assert!(
            error
                .message()
                .starts_with(&format!("The pattern `{bad}` cannot be read: ")),
            "{error}"
        );
    }
}

#[test]
fn the_nearest_names_come_first_and_unlike_ones_not_at_all() {
    let names = [BIZX, CONNECTORS, "configuration/LMS_ADMIN", "configuration/SSO"];
    assert_eq!(nearest("conectors", names), [CONNECTORS]);
    assert_eq!(nearest("bizx1", names).first(), Some(&BIZX));
    assert!(nearest("zzz", names).is_empty());
}

#[test]
fn documents_are_meant_by_their_paths_whatever_letters_they_hold() {
    let paths = ["configuration/A[1]*", "pages/wiki:start", "configuration/{x}?"];
    let selection = Selection::of_documents(paths).unwrap();
    for path in paths {
        assert_eq!(selection.extent(path), Extent::Whole, "{path}");
    }
    for other in [
        "configuration/A1x",
        "pages/wiki",
        "configuration/xy",
        "other/A[1]*",
    ] {
        assert_eq!(selection.extent(other), Extent::Nothing, "{other}");
    }
    assert!(selection.unmatched(&paths).is_empty());
}

fn document(path: &str, text: &str) -> Document {
    Document {
        path: path.to_owned(),
        text: text.to_owned(),
        format: Format::sniff(text),
        read_only: None,
    }
}

#[test]
fn environment_stands_for_what_either_side_shows_to_belong_to_it() {
    let archived = document(
        BIZX,
        "baseURL=https://stage.example.com\nflag=true\nplace=/opt/in\n",
    );
    let live = document(
        "configuration/bizx",
        "baseURL=https://x.example.com\nflag=false\nother=a@example.com\n",
    );
    let plain = document("configuration/RULES", "<a>https://stage.example.com</a>");
    let all = [&archived, &live, &plain];
    let rules = Rules::default();
    let only = selection(&["@environment"], &[]).among(&rules, all);
    assert!(!only.is_all());
    assert_eq!(only.extent(BIZX), Extent::Keys);
    assert_eq!(only.extent("configuration/RULES"), Extent::Nothing);
    for (key, meant) in [
        ("baseURL", true),
        ("place", true),
        ("other", true),
        ("flag", false),
        ("new", false),
    ] {
        assert_eq!(only.selects_key(BIZX, key), meant, "{key}");
        assert_eq!(
            selection(&[], &["@environment"])
                .among(&rules, all)
                .selects_key(BIZX, key),
            !meant,
            "{key}"
        );
    }
    let but = selection(&["BIZX"], &["@environment"]).among(&rules, all);
    assert_eq!(but.extent(BIZX), Extent::AllBut);
    let less = selection(&["@environment"], &["BIZX:other"]).among(&rules, all);
    assert!(less.selects_key(BIZX, "place") && !less.selects_key(BIZX, "other"));
    assert!(only.unmatched(&[BIZX]).is_empty() && only.unmatched_keys(&[(BIZX, "flag")]).is_empty());
}

#[test]
fn before_the_documents_are_known_all_are_read_and_no_key_is_meant() {
    let only = selection(&["@environment"], &[]);
    assert_eq!(only.extent(BIZX), Extent::Keys);
    assert!(!only.selects_key(BIZX, "baseURL"));
    let except = selection(&[], &["@environment"]);
    assert_eq!(except.extent(BIZX), Extent::AllBut);
    assert!(!except.selects_key(BIZX, "baseURL"));
    let none = selection(&[], &[]);
    assert!(none.among(&Rules::default(), []).is_all());
}

#[test]
fn an_unknown_name_is_a_usage_error_that_names_those_there_are() {
    let error = Selection::new(&["@enviroment".to_owned()], &[]).unwrap_err();
    assert_eq!(error.kind(), Kind::Usage);
    assert_eq!(
        error.message(),
        "There is no `@enviroment` that stands for several keys."
    );
    assert!(error.hints()[0].contains("`@environment`"), "{:?}", error.hints());
    assert!(selection(&["*/@name"], &[]).selects_document("configuration/@name"));
}
