use crate::error::{Error, Kind, Result};
use crate::profile::{BUILT_IN, Layered, Origin, Source, layered};

fn file(name: &str, text: &str) -> Source {
    Source {
        origin: Origin::File(format!("{name}.toml")),
        text: text.to_owned(),
    }
}

/// Reads the first of these files; the others can be extended by their names.
fn read(files: &[(&str, &str)]) -> Result<Layered> {
    let find = |wanted: &str| match files.iter().find(|(name, _)| *name == wanted) {
        Some((name, text)) => Ok(file(name, text)),
        None if wanted == "sap-learning" => Ok(Source::built_in()),
        None => Err(Error::new(
            Kind::Usage,
            format!("There is no profile `{wanted}`."),
        )),
    };
    layered(file(files[0].0, files[0].1), &find)
}

fn said(files: &[(&str, &str)]) -> String {
    read(files).unwrap_err().message().to_owned()
}

const OWN: &str = r#"
schema = "lmskeep/profile/1"
name = "own"
extends = "sap-learning"

[sign-in]
button = ["Go"]

[[part]]
id = "system-configuration"
address = "learning/admin/config.do"   # request 7

[part.edit]
text = "content"

[[part]]
id = "other"
path = "other"
title = "Other"
shape = "forms"
address = "learning/other.do"
"#;

/// The line that begins so, with the layer and line it was written in, and the comment behind it.
fn line(layered: &Layered, begin: &str) -> (String, usize, usize, String) {
    let line = layered
        .lines()
        .into_iter()
        .find(|l| l.text.starts_with(begin))
        .unwrap();
    let from = line.from.clone().unwrap();
    (line.text.clone(), from.layer, from.line, from.comment)
}

#[test]
fn tables_are_laid_over_by_key_parts_by_id_and_arrays_are_replaced() {
    let read = read(&[("own", OWN)]).unwrap();
    let profile = &read.profile;
    assert_eq!(profile.name, "own");
    assert_eq!(profile.sign_in.page, "learning/admin/nativelogin.jsp");
    assert_eq!(profile.sign_in.button, ["Go"]);
    let built_in = crate::profile::built_in().unwrap();
    assert_eq!(profile.parts.len(), built_in.parts.len() + 1);
    let part = &profile.parts[0];
    assert_eq!(part.address.as_deref(), Some("learning/admin/config.do"));
    assert_eq!(part.title, "System Configuration");
    assert_eq!(part.edit.text.as_deref(), Some("content"));
    assert_eq!(profile.parts.last().unwrap().id, "other");
    assert_eq!(profile.warnings.len(), 4);
}

#[test]
fn every_line_knows_the_file_it_was_written_in() {
    let read = read(&[("own", OWN)]).unwrap();
    let names: Vec<&str> = read.layers.iter().map(|layer| layer.name.as_str()).collect();
    assert_eq!(names, ["sap-learning", "own"]);
    let address = line(&read, "address = \"learning/admin");
    assert_eq!(
        address,
        (
            "address = \"learning/admin/config.do\"".to_owned(),
            1,
            11,
            "request 7".to_owned()
        )
    );
    let in_built_in = BUILT_IN.lines().position(|l| l.starts_with("page = ")).unwrap() + 1;
    let page = line(&read, "page = ");
    assert_eq!((page.1, page.2), (0, in_built_in));
    assert!(read.lines().iter().all(|l| l.from.is_some() || l.text.is_empty()));
}

#[test]
fn what_is_written_out_reads_as_the_same_profile() {
    let whole = read(&[("own", OWN)]).unwrap();
    let text: Vec<String> = whole.lines().into_iter().map(|l| l.text).collect();
    let text = text.join("\n").replace("extends = \"sap-learning\"", "");
    let again = layered(file("again", &text), &|_| unreachable!()).unwrap();
    assert_eq!(
        format!("{:?}", again.profile.parts),
        format!("{:?}", whole.profile.parts)
    );
    assert_eq!(
        format!("{:?}", again.profile.words),
        format!("{:?}", whole.profile.words)
    );
    assert!(
        text.lines().all(|line| line.chars().count() <= 170),
        "long arrays are broken"
    );
}

#[test]
fn a_fault_is_told_with_its_line_in_the_right_file() {
    let bad = OWN.replace("text = \"content\"", "texd = \"content\"");
    let told = said(&[("own", &bad)]);
    assert!(
        told.contains("`own.toml`") && told.contains("line 14") && told.contains("texd"),
        "{told}"
    );
    let base = OWN
        .replace("name = \"own\"", "name = \"base\"")
        .replace("learning/other.do", "//elsewhere/x");
    let top = "schema = \"lmskeep/profile/1\"\nname = \"top\"\nextends = \"base\"\n";
    let told = said(&[("top", top), ("base", &base)]);
    assert!(told.contains("`base.toml`") && told.contains("line 21"), "{told}");
}

#[test]
fn a_circle_an_unknown_name_and_a_newer_version_are_refused() {
    let of = |name: &str, base: &str| {
        format!("schema = \"lmskeep/profile/1\"\nname = \"{name}\"\nextends = \"{base}\"\n")
    };
    let told = said(&[("a", &of("a", "b")), ("b", &of("b", "a"))]);
    assert!(
        told.contains("`b.toml`") && told.contains("line 3") && told.contains("circle"),
        "{told}"
    );
    assert!(said(&[("a", &of("a", "a"))]).contains("circle"));
    assert!(said(&[("a", &of("a", "nobody"))]).contains("no profile `nobody`"));
    let newer = of("a", "sap-learning").replace("profile/1", "profile/2") + "unknown-key = 1\n";
    let error = read(&[("a", &newer)]).unwrap_err();
    assert!(error.message().contains("newer version") && error.message().contains("line 1"));
    assert!(error.hints()[0].contains("update lmskeep"));
}

#[test]
fn what_speaks_of_its_own_file_is_not_handed_down() {
    let nameless = OWN.replace("name = \"own\"\n", "");
    assert!(said(&[("own", &nameless)]).contains("missing field `name`"));
    let base = OWN.replace("name = \"own\"", "name = \"base\"\nlearned = \"lmskeep\"");
    let top = "schema = \"lmskeep/profile/1\"\nname = \"top\"\nextends = \"base\"\n";
    let read = read(&[("top", top), ("base", &base)]).unwrap();
    assert_eq!(read.profile.learned, None);
    assert_eq!(read.profile.extends.as_deref(), Some("base"));
    assert!(read.layers[1].learned && !read.layers[2].learned);
}

#[test]
fn two_parts_of_one_id_in_one_file_are_told() {
    let twice = OWN.replace("id = \"other\"", "id = \"system-configuration\"");
    assert!(said(&[("own", &twice)]).contains("two parts are called `system-configuration`"));
}
