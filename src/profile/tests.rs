use crate::error::Kind;
use crate::profile::{BUILT_IN, MaskMeans, Origin, built_in, parse};

fn fault(text: &str) -> String {
    let error = parse(text, &Origin::File("own.toml".into())).unwrap_err();
    assert_eq!(error.kind(), Kind::Usage);
    error.message().to_owned()
}

#[test]
fn the_built_in_profile_loads_and_knows_its_part() {
    let profile = built_in().unwrap();
    assert_eq!(
        profile.part_of("configuration/CONNECTORS").unwrap().id,
        "system-configuration"
    );
    assert!(profile.part_of("elsewhere/logo.png").is_none());
    assert_eq!(profile.parts[0].last, ["BIZX"]);
}

#[test]
fn an_unknown_key_is_named_with_its_line() {
    let text = BUILT_IN.replace("[sign-in]", "[sign-in]\npasword = [\"x\"]");
    let said = fault(&text);
    assert!(said.contains("line 9") && said.contains("pasword"), "{said}");
}

#[test]
fn a_bad_selector_is_named_with_its_line() {
    let text = BUILT_IN.replace(
        "last = [\"BIZX\"]",
        "last = [\"BIZX\"]\n[part.list]\nlinks = \"tr >> a\"",
    );
    let said = fault(&text);
    let line = text.lines().position(|l| l.contains("tr >> a")).unwrap() + 1;
    assert!(
        said.contains(&format!("line {line}")) && said.contains("`tr >> a`"),
        "{said}"
    );
}

#[test]
fn a_missing_part_an_address_elsewhere_and_an_unknown_placeholder_are_refused() {
    let without = BUILT_IN.split("[[part]]").next().unwrap();
    assert!(fault(without).contains("missing field `part`"));
    let elsewhere = BUILT_IN.replace("learning/admin/nativelogin.jsp", "https://example.com/login");
    assert!(fault(&elsewhere).contains("below the instance's root"));
    let placeholder = BUILT_IN.replace("learning/admin/nativelogin.jsp", "learning/{host}.jsp");
    assert!(fault(&placeholder).contains("placeholder"));
    let marker = BUILT_IN.replace("configuration/BIZX:baseURL\"]", "elsewhere/BIZX:baseURL\"]");
    assert!(fault(&marker).contains("part/DOCUMENT:key"));
    assert!(fault("schema = ").contains("line 1"));
}

#[test]
fn a_profile_may_say_what_a_mask_means() {
    let head = "schema = \"lmskeep/profile/1\"\nname = \"own\"\nextends = \"sap-learning\"\n";
    let origin = Origin::File("own.toml".to_owned());
    let own = |line: &str| parse(&format!("{head}{line}\n"), &origin);
    assert_eq!(own("").unwrap().mask, MaskMeans::Unknown);
    assert_eq!(own("mask = 'unchanged'").unwrap().mask, MaskMeans::Unchanged);
    assert!(own("mask = 'stored'").unwrap_err().message().contains("line 4"));
}
