use crate::error::Kind;
use crate::learn::tests::{TOKEN, Tape};

const TEXT: &str = "# a file\nkey.of.the.text=1\n";

fn login() -> Tape {
    let form = "<form method=post action=/in><input name=who><input type=password name=pw>
        <input type=submit name=go value=Enter></form>";
    Tape::default()
        .page("/login", form)
        .form(
            "/in",
            &[("who", "KEEPER"), ("pw", "S3cretPassword"), ("go", "Enter")],
            302,
            "",
        )
        .page(
            "/home;jsessionid=9F3A77C01B5E4D2288AA",
            "<a href=/list>Files</a><a href=/out>Log Out</a>",
        )
}

fn list(tape: Tape, to: impl Fn(&str) -> String) -> Tape {
    let row = |name: &str| format!("<tr><td>{name}</td><td><a href='{}'>Edit</a></td></tr>", to(name));
    let rows: String = ["ALPHA", "BETA", "GAMMA"].map(row).concat();
    tape.page(
        "/list?_=1795428002000",
        &format!("<h1>Files</h1><table><tr><th>Name<th></tr>{rows}</table>"),
    )
}

fn edit_page(extra: &str, action: &str, buttons: &str) -> String {
    format!(
        "<h2>Edit BETA</h2><form method=post action='{action}'><input type=hidden name=file value=BETA>{extra}
         <textarea name=body>\n{TEXT}</textarea>{buttons}</form>"
    )
}

const BUTTONS: &str = "<input type=submit name=act value=Keep><input type=submit name=act value=Drop>";

fn sent() -> Vec<(&'static str, &'static str)> {
    vec![
        ("file", "BETA"),
        ("body", "# a file\r\nkey.of.the.text=1\r\n"),
        ("act", "Keep"),
    ]
}

fn plain() -> Tape {
    list(login(), |name| format!("/edit?file={name}"))
        .page("/edit?file=BETA", &edit_page("", "/save", BUTTONS))
        .form("/save", &sent(), 302, "")
}

#[test]
fn a_form_with_its_list_and_sign_in() {
    let (profile, learned) = plain().fits();
    let part = &profile.parts[0];
    assert_eq!(part.address.as_deref(), Some("/list"));
    assert_eq!(part.edit.text.as_deref(), Some("body"));
    // Two buttons of one name are told apart by their labels.
    assert_eq!(part.edit.button.as_deref(), Some("Keep"));
    assert_eq!(part.edit.named_by.as_deref(), Some("file"));
    assert!(part.list.links.is_none() && part.edit.address.is_none());
    assert_eq!(profile.sign_in.page, "/login");
    assert_eq!(
        (&profile.sign_in.user[0], &profile.sign_in.password[0]),
        (&"who".into(), &"pw".into())
    );
    assert_eq!(profile.sign_in.start, "/home");
    assert_eq!(profile.extends.as_deref(), Some("sap-learning"));
    assert!(profile.learned.as_deref().unwrap().contains("2026-11-23"));
    assert!(
        learned.toml.contains("# request 6: POST /save"),
        "{}",
        learned.toml
    );
    assert_eq!(learned.origin.as_str(), "https://lms.secret-host.example/");
    assert!(learned.notes.is_empty(), "{:?}", learned.notes);
}

#[test]
fn a_small_text_an_empty_one_and_one_that_was_changed_will_do() {
    for text in ["a=1", ""] {
        let page = edit_page("", "/save", BUTTONS).replace(TEXT, text);
        let mut pairs = sent();
        pairs[1].1 = text;
        let tape = list(login(), |name| format!("/edit?file={name}"))
            .page("/edit?file=BETA", &page)
            .form("/save", &pairs, 302, "");
        tape.fits();
    }
    let mut pairs = sent();
    pairs[1].1 = "another=1\r\n";
    let tape = list(login(), |name| format!("/edit?file={name}"))
        .page("/edit?file=BETA", &edit_page("", "/save", BUTTONS))
        .form("/save", &pairs, 302, "");
    assert_eq!(tape.fits().0.parts[0].edit.text.as_deref(), Some("body"));
}

#[test]
fn a_token_in_links_is_learned_by_its_name_and_left_out_of_addresses() {
    let tape = list(login(), |name| format!("/edit?file={name}&amp;stamp={TOKEN}"))
        .page(
            &format!("/edit?file=BETA&stamp={TOKEN}"),
            &edit_page("", &format!("/save?stamp={TOKEN}"), BUTTONS),
        )
        .form(&format!("/save?stamp={TOKEN}"), &sent(), 302, "");
    let (profile, _) = tape.fits();
    assert_eq!(profile.token.names, ["stamp"]);
}

#[test]
fn a_token_that_a_script_adds_is_learned_with_its_script() {
    let mut pairs = sent();
    pairs.push(("guardian", TOKEN));
    let page = edit_page("", "/save", BUTTONS) + "<script src=/js/guardian.js?v=3></script>";
    let tape = list(login(), |name| format!("/edit?file={name}"))
        .page("/edit?file=BETA", &page)
        .get(
            "/js/guardian.js?v=3",
            "text/javascript",
            &format!("inject('guardian', '{TOKEN}');"),
        )
        .form("/save", &pairs, 302, "");
    let (profile, learned) = tape.fits();
    assert_eq!(profile.token.names, ["guardian"]);
    assert_eq!(profile.token.scripts, ["guardian.js"]);
    assert!(
        learned
            .found
            .iter()
            .any(|(what, from)| *what == "token" && from.contains("GET /js/guardian.js"))
    );
}

#[test]
fn a_list_that_only_a_selector_finds_and_a_page_between() {
    let names = ["ALPHA", "BETA one", "GAMMA"];
    let link = |name: &&str| {
        format!(
            "<a class=doc href='/view?d={}'>{name}</a> · ",
            name.replace(' ', "+")
        )
    };
    let list: String = names.iter().map(link).collect();
    let edit = edit_page("", "/save", BUTTONS)
        .replace("value=BETA", "value='BETA one'")
        .replace("Edit BETA", "Edit BETA one");
    let mut pairs = sent();
    pairs[0].1 = "BETA one";
    let tape = login()
        .page(
            "/all",
            &format!("<div id=tree><p>{list}</p></div><a href=/home>Home</a>"),
        )
        .page(
            "/view?d=BETA+one",
            "<h1>BETA one</h1><a href='/view?d=BETA+one&amp;do=edit'>Change</a>",
        )
        .page("/view?d=BETA+one&do=edit", &edit)
        .form("/save", &pairs, 302, "");
    let (profile, _) = tape.fits();
    let part = &profile.parts[0];
    assert_eq!(part.address.as_deref(), Some("/all"));
    assert_eq!(part.list.name_in_query.as_deref(), Some("d"));
    assert!(part.list.links.as_deref().unwrap().ends_with("a.doc"));
    assert_eq!(part.edit.address.as_deref(), Some("/view?d={name}&do=edit"));
}

#[test]
fn a_list_whose_links_tell_names_in_their_path_only() {
    let link = |name: &str, to: &str| {
        format!(
            "<b><a class=name href=/doc/{to}/change/>{name}</a></b> <i><a href=/doc/{to}/history/>{name} before</a></i><br>"
        )
    };
    let rows = [link("ALPHA", "_41"), link("BETA", "_42"), link("GAMMA", "_43")].concat();
    let nav = "<div id=nav><a href=/doc/add/>Add</a> <a href=/user/all/>Users</a></div>";
    let tape = login()
        .page("/doc/", &format!("{nav}<div id=all><p>{rows}</p></div>"))
        .page(
            "/doc/_42/change/",
            &edit_page("", "", BUTTONS).replace("<input type=hidden name=file value=BETA>", ""),
        )
        .form("/doc/_42/change/", &sent()[1..], 302, "");
    let (profile, _) = tape.fits();
    let part = &profile.parts[0];
    assert_eq!(part.address.as_deref(), Some("/doc/"));
    assert_eq!(part.list.links.as_deref(), Some("#all a.name"));
    assert!(part.list.name_in_query.is_none() && part.edit.address.is_none());
}

#[test]
fn two_texts_in_a_form_are_a_question() {
    let extra = "<textarea name=note>first\n</textarea>";
    let mut pairs = sent();
    pairs.insert(1, ("note", "first\r\n"));
    let tape = list(login(), |name| format!("/edit?file={name}"))
        .page("/edit?file=BETA", &edit_page(extra, "/save", BUTTONS))
        .form("/save", &pairs, 302, "");
    let error = tape.learn().unwrap_err();
    assert_eq!(error.kind(), Kind::Page);
    assert!(
        error
            .hints()
            .iter()
            .any(|hint| hint.ends_with("--answer text=FIELD")),
        "{:?}",
        error.hints()
    );
    let choices: Vec<&str> = error
        .question()
        .unwrap()
        .choices
        .iter()
        .map(|c| c.answer.as_str())
        .collect();
    assert_eq!(choices, ["note", "body"]);
    assert_eq!(
        tape.fits_with(&[("text", "body")]).0.parts[0]
            .edit
            .text
            .as_deref(),
        Some("body")
    );
    // One that says nothing is not meant.
    pairs[1].1 = "";
    let empty = "<textarea name=note></textarea>";
    let tape = list(login(), |name| format!("/edit?file={name}"))
        .page("/edit?file=BETA", &edit_page(empty, "/save", BUTTONS))
        .form("/save", &pairs, 302, "");
    tape.fits();
}

#[test]
fn what_a_script_adds_is_said_and_does_not_fit() {
    let mut pairs = sent();
    pairs.push(("ajax", "1"));
    let tape = list(login(), |name| format!("/edit?file={name}"))
        .page("/edit?file=BETA", &edit_page("", "/save", BUTTONS))
        .form("/save", &pairs, 302, "");
    let learned = tape.learn().unwrap();
    assert!(learned.notes[0].contains("`ajax`"), "{:?}", learned.notes);
    let profile = crate::profile::parse(&learned.toml, &crate::profile::Origin::BuiltIn).unwrap();
    let steps = crate::learn::rehearse(&tape.recording(), &profile).unwrap();
    let last = steps.last().unwrap();
    assert!(
        !last.fits && last.found.contains("`ajax` would not be sent"),
        "{last:?}"
    );
}

#[test]
fn another_profile_does_not_fit_and_says_where() {
    let (_, learned) = plain().fits();
    let play = |from: &str, to: &str| {
        assert!(learned.toml.contains(from), "{from}");
        let text = learned.toml.replace(from, to);
        let profile = crate::profile::parse(&text, &crate::profile::Origin::BuiltIn).unwrap();
        let steps = crate::learn::rehearse(&plain().recording(), &profile).unwrap();
        let last = steps.last().unwrap().clone();
        assert!(!last.fits, "{from}: {last:?}");
        (last.what, last.found)
    };
    assert_eq!(play("text = \"body\"", "text = \"text\"").0, "item");
    assert_eq!(play("named-by = \"file\"", "named-by = \"act\"").0, "name");
    let (what, found) = play("button = \"Keep\"", "button = \"Drop\"");
    assert!(
        what == "save" && found.contains("`act` has another value"),
        "{found}"
    );
}

#[test]
fn a_button_that_leads_elsewhere_or_destroys_is_no_button_that_saves() {
    for (button, part) in [
        ("<button formaction=/remove>Go</button>", "another address"),
        ("<button>Delete</button>", "never saves"),
    ] {
        let mut pairs = sent();
        pairs.retain(|(name, _)| !BUTTONS.contains(&format!("name={name}")));
        let tape = list(login(), |name| format!("/edit?file={name}"))
            .page("/edit?file=BETA", &edit_page("", "/save", button))
            .form("/save", &pairs, 302, "");
        let error = tape.learn().unwrap_err();
        assert!(error.message().contains(part), "{button}: {error}");
    }
}
