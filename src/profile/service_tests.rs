use crate::error::Kind;
use crate::profile::{Origin, Profile, ServiceMethod, parse};

const OWN: &str = include_str!("../../fixtures/profiles/practice-service.toml");

fn read(text: &str) -> Result<Profile, String> {
    parse(text, &Origin::File("own.toml".into())).map_err(|error| {
        assert_eq!(error.kind(), Kind::Usage);
        error.message().to_owned()
    })
}

fn changed(from: &str, to: &str) -> String {
    assert!(OWN.contains(from), "{from}");
    OWN.replacen(from, to, 1)
}

#[test]
fn the_profile_of_the_practice_services_loads() {
    let profile = read(OWN).unwrap();
    let service = profile.parts[0].service.as_ref().unwrap();
    assert_eq!(service.list.total.as_deref(), Some("/total"));
    let save = service.save.as_ref().unwrap();
    assert_eq!(save.method, ServiceMethod::Put);
    assert!(save.body.is_empty() && save.address.is_none());
    assert_eq!(service.token.as_ref().unwrap().sent_as(), "owasp_csrftoken");
}

/// Faults: what is changed to what, the text whose line is named, and what is said.
const FAULTS: &[(&str, &str, &str, &str)] = &[
    (
        "rows = \"/items\"",
        "rows = \"items\"",
        "rows",
        "`items` is no JSON Pointer",
    ),
    (
        "text = \"/configurationText\"",
        "text = \"/a~2\"",
        "/a~2",
        "`/a~2` is no JSON Pointer",
    ),
    (
        "pointer = \"/csrfToken\"",
        "pointer = \"csrf\"",
        "pointer",
        "`csrf` is no JSON Pointer",
    ),
    (
        "method = \"PUT\"",
        "method = \"GET\"",
        "method",
        "unknown variant `GET`",
    ),
    (
        "method = \"PUT\"",
        "methods = \"PUT\"",
        "methods",
        "unknown field `methods`",
    ),
    (
        "rows = \"/items\"\n",
        "",
        "[part.service.list]",
        "missing field `rows`",
    ),
    (
        "text = \"/configurationText\"\n",
        "",
        "[part.service.document]",
        "missing field `text`",
    ),
    (
        "configurations/{name}\"",
        "configurations/{id}\"",
        "{id}",
        "a placeholder that is not known",
    ),
    (
        "configurations/{name}\"",
        "configurations/all\"",
        "configurations/all",
        "lacks the placeholder `{name}`",
    ),
    (
        "configurations/{name}\"",
        "https://else.example/{name}\"",
        "https",
        "below the instance's root",
    ),
    (
        "total = \"/total\"",
        "link = \"/href\"",
        "[part.service.document]",
        "one of the two",
    ),
    (
        "address = \"learning/admin/service/configurations/{name}\"\n",
        "",
        "[part.service.document]",
        "one of the two",
    ),
    (
        "address = \"learning/admin/service/configurations\"\n",
        "labels = [\"x\"]\n",
        "[part.service.list]",
        "lacks the `address` of its list",
    ),
    (
        "[part.service.list]",
        "[part.edit]\ntext = \"x\"\n[part.service.list]",
        "[part.service.list]",
        "mean nothing",
    ),
    (
        "method = \"PUT\"",
        "method = \"PUT\"\n[part.service.save.body]\nid = \"/configurationID\"",
        "[part.service.save.body]",
        "no member for the text",
    ),
    (
        "method = \"PUT\"",
        "method = \"PUT\"\n[part.service.save.headers]\n\"X Y\" = \"1\"",
        "X Y",
        "`X Y` is no name of a header",
    ),
    (
        "method = \"PUT\"",
        "method = \"PUT\"\n[part.service.save.headers]\nX-Y = \"1\\n2\"",
        "X-Y",
        "a value that no header can have",
    ),
    (
        "version = \"/version\"\nread-only = \"/readOnly\"\n\n[part.service.save]",
        "[part.service.save]\nversion-header = \"If-Match\"",
        "version-header",
        "needs `document.version` or `document.etag`",
    ),
    (
        "pointer = \"/csrfToken\"",
        "pointer = \"/csrfToken\"\nresponse-header = \"X-T\"",
        "response-header",
        "one of the three",
    ),
    (
        "pointer = \"/csrfToken\"",
        "pointer = \"/csrfToken\"\ncookie = \"T\"",
        "cookie",
        "one of the three",
    ),
    (
        "header = \"owasp_csrftoken\"",
        "parameter = \"t\"\nfield = \"t\"",
        "[part.service.token]",
        "one of the three",
    ),
    (
        "header = \"owasp_csrftoken\"",
        "field = \"t\"",
        "field = \"t\"",
        "goes with `save.body` only",
    ),
    (
        "method = \"PUT\"",
        "method = \"PUT\"\nencoding = \"form\"",
        "[part.service.save]",
        "go with `save.body` only",
    ),
    (
        "version = \"/version\"",
        "version = \"/version\"\netag = true",
        "etag = true",
        "one of the two",
    ),
    (
        "pointer = \"/csrfToken\"",
        "pointer = \"/csrfToken\"\nrequest-headers = { \"X Y\" = \"Fetch\" }",
        "X Y",
        "no name of a header",
    ),
    (
        "header = \"owasp_csrftoken\"",
        "header = \"a:b\"",
        "a:b",
        "`a:b` is no name of a header",
    ),
    (
        "next = \"/next\"",
        "next-in = \"page\"",
        "next-in",
        "`next-in` goes with `next` only",
    ),
];

#[test]
fn every_fault_of_a_service_is_named_with_its_line() {
    for (from, to, culprit, words) in FAULTS {
        let text = changed(from, to);
        let said = read(&text).expect_err(to);
        let line = text.lines().position(|line| line.contains(culprit)).unwrap() + 1;
        assert!(said.contains(words), "{to}: {said}");
        assert!(
            said.contains(&format!("line {line}:")),
            "{to}: not line {line}: {said}"
        );
    }
}

#[test]
fn a_token_without_any_place_is_a_fault() {
    let text = changed("pointer = \"/csrfToken\"\n", "").replace("names = [\"OWASP_CSRFTOKEN\"]\n", "");
    assert!(read(&text).unwrap_err().contains("the `names` of `[token]`"));
    assert!(read(&changed("pointer = \"/csrfToken\"\n", "")).is_ok());
}
