use crate::backup::{Document, Format, looks_refreshed};

fn bizx(company: &str, base: &str) -> Vec<Document> {
    let text = format!("successFactorsCompanyID={company}\nbaseURL={base}\n");
    vec![Document {
        path: "configuration/BIZX".into(),
        text,
        format: Format::Properties,
        read_only: None,
    }]
}

fn markers() -> Vec<String> {
    [
        "configuration/BIZX:successFactorsCompanyID",
        "configuration/BIZX:baseURL",
    ]
    .map(str::to_owned)
    .into()
}

#[test]
fn what_the_last_backup_had_decides() {
    let (stage, prod) = (bizx("acmeT1", "https://t"), bizx("acme", "https://p"));
    let looks = |now: &[Document], before, source| looks_refreshed(&markers(), now, before, source);
    assert_eq!(looks(&stage, Some(&stage), Some(&prod)), None);
    assert!(
        looks(&prod, Some(&stage), None)
            .unwrap()
            .contains("differs from the last backup")
    );
    assert!(
        looks(&prod, Some(&stage), Some(&prod))
            .unwrap()
            .contains("source's value")
    );
    assert!(looks(&prod, None, Some(&prod)).is_some());
    assert_eq!(looks(&prod, None, None), None);
    // Two instances of one company: only the base URL tells them apart, and it is the instance's own.
    let same_company = bizx("acme", "https://t");
    assert_eq!(looks(&same_company, Some(&same_company), Some(&prod)), None);
}

#[test]
fn markup_and_json_are_plain() {
    assert_eq!(Format::sniff("\u{feff} <?xml"), Format::Plain);
    assert_eq!(Format::sniff("{\"a\": 1}"), Format::Plain);
    assert_eq!(Format::sniff("a=<b>"), Format::Properties);
    assert_eq!(Format::sniff(""), Format::Properties);
}

#[test]
fn a_document_shows_no_text_to_a_developer_either() {
    let document = Document {
        path: "configuration/SSO".to_owned(),
        text: "sso.secret=canary-4711\n".to_owned(),
        format: Format::Properties,
        read_only: None,
    };
    let shown = format!("{document:?}");
    assert!(
        shown.contains("configuration/SSO") && !shown.contains("canary"),
        "{shown}"
    );
}
