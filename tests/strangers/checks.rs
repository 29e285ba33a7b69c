//! `check`: what is found, what is missing, and a bundle that says nothing of what the pages say.

use std::io::Read;

use serde_json::Value;

use super::kit::{self, Ask, PASSWORD, Reply, Stage, Tenant, USER, World, plain};
use crate::real::part;
use crate::real::terminal::Terminal;

fn checked(stage: &Stage, code: i32) -> Value {
    let told = stage.run(&["check", "stage", "--json"]);
    assert_eq!(told.code, code, "{}", told.text);
    stage.proper();
    let posts = stage.world(|w| w.log.iter().filter(|l| l.starts_with("POST")).count());
    assert_eq!(posts, 1, "nothing but the sign-in is sent");
    let object = told.text.lines().find(|l| l.starts_with('{')).unwrap();
    serde_json::from_str::<Value>(object).unwrap()["parts"][0].clone()
}

#[test]
fn what_is_found_is_said() {
    let part = checked(&Stage::of(plain()), 0);
    assert_eq!(part["found"], "menu");
    assert_eq!((&part["items"], &part["understood"]), (&6.into(), &6.into()));
    assert_eq!(part["missing"], serde_json::json!([]));
    let contract: Vec<&str> = part["pages"][0]["contract"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line.as_str().unwrap())
        .collect();
    assert!(
        contract.iter().any(|line| line.starts_with("text textarea ")),
        "{contract:?}"
    );
    assert!(
        contract.iter().any(|line| line.starts_with("button ")),
        "{contract:?}"
    );
}

/// The menu calls it otherwise.
fn called_otherwise(world: &mut World, ask: &Ask) -> Reply {
    let mut reply = kit::page(world, ask);
    if ask.to() == ("GET", "main.do") {
        reply.text = reply.text.replace("System Configuration", "Setup of the system");
    }
    reply
}

#[test]
fn an_entry_of_another_name_is_picked_once() {
    let tenant = Tenant {
        page: called_otherwise,
        ..plain()
    };
    let part = checked(&Stage::of(tenant), 1);
    let missing = &part["missing"][0];
    assert_eq!(missing["what"], "question");
    let choices: Vec<&str> = missing["choices"]
        .as_array()
        .unwrap()
        .iter()
        .map(|choice| choice.as_str().unwrap())
        .collect();
    assert!(choices.contains(&"Setup of the system"), "{choices:?}");

    if !part::is_here("a terminal", &Terminal::missing()) {
        return;
    }
    let stage = Stage::of(tenant);
    let mut terminal = Terminal::run(&stage.command(&["check", "stage"]));
    terminal.wait_for("Which one?");
    let number = 1 + choices.iter().position(|c| *c == "Setup of the system").unwrap();
    terminal.type_line(&number.to_string());
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert!(shown.contains("Everything was found."), "{shown}");
    stage.back_up();
}

fn forbidden(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "sysconfig.do") => {
            Reply::titled("Notice", "<p>You do not have permission to view this page.</p>")
        }
        _ => kit::page(world, ask),
    }
}

fn gone(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "sysconfig.do") => Reply::missing(),
        _ => kit::page(world, ask),
    }
}

fn one_without_a_text(world: &mut World, ask: &Ask) -> Reply {
    match (ask.to(), ask.q("file")) {
        (("GET", "edit.do"), "SSO") => Reply::titled("Edit SSO", "<p>Nothing here.</p>"),
        _ => kit::page(world, ask),
    }
}

#[test]
fn a_missing_permission_is_told_from_a_missing_page() {
    let missing = |page: fn(&mut World, &Ask) -> Reply| {
        let part = checked(&Stage::of(Tenant { page, ..plain() }), 1);
        part["missing"][0]["what"].as_str().unwrap().to_owned()
    };
    assert_eq!(missing(forbidden), "permission");
    assert_eq!(missing(gone), "page");
}

#[test]
fn one_page_that_is_wrong_does_not_hide_the_others() {
    let tenant = Tenant {
        page: one_without_a_text,
        ..plain()
    };
    let part = checked(&Stage::of(tenant), 1);
    assert_eq!((&part["items"], &part["understood"]), (&6.into(), &5.into()));
    let sentence = part["missing"][0]["sentence"].as_str().unwrap();
    assert!(sentence.contains("`SSO`"), "{sentence}");
}

const CANARIES: [&str; 14] = [
    "titlecanary",
    "textcanary",
    "attrcanary",
    "commentcanary",
    "scriptcanary",
    "datacanary",
    "altcanary",
    "clickcanary",
    "idcanary",
    "classcanary",
    "stylecanary",
    "typecanary",
    "tagcanary",
    "querycanary",
];

/// Pages with a word that must not get out in every place that markup has.
fn telling(world: &mut World, ask: &Ask) -> Reply {
    let mut reply = kit::page(world, ask);
    let told = "<!-- commentcanary --><script type=typecanary>var t = 'scriptcanary';</script><style>.stylecanary {}</style>
<tagcanary-x></tagcanary-x><tagcanaryyyyyyyyy></tagcanaryyyyyyyyy>
<p id=idcanary class=classcanary title=attrcanary data-datacanary=datacanary>textcanary titlecanary</p>
<img alt=altcanary onclick='clickcanary()' src='/x?querycanary=querycanary'>";
    if reply.text.contains("</body>") {
        reply.text = reply.text.replace("</body>", &format!("{told}</body>"));
    } else {
        reply.text.push_str(told);
    }
    reply
}

#[test]
fn a_bundle_says_nothing_of_what_the_pages_say() {
    let stage = Stage::of(Tenant {
        page: telling,
        ..plain()
    });
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bundle.zip");
    stage
        .run(&["check", "stage", "--bundle", &file.display().to_string()])
        .says(0, &["Wrote ", "bundle.zip"]);
    let bytes = std::fs::read(&file).unwrap();
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut texts = String::new();
    for at in 0..zip.len() {
        let mut file = zip.by_index(at).unwrap();
        texts.push_str(&format!("\n{}\n", file.name().unwrap()));
        file.read_to_string(&mut texts).unwrap();
    }
    let names = stage.world(|w| w.files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>());
    let own = [
        "example",
        "127.0.0.1",
        "successFactorsLearningEnabled",
        "Größe",
        USER,
        PASSWORD,
    ];
    let words = CANARIES
        .into_iter()
        .chain(own)
        // A part of the LMS is called like a file.
        .chain(
            names
                .iter()
                .map(String::as_str)
                .filter(|name| *name != "CONNECTORS"),
        );
    for word in words {
        assert!(
            !texts.to_lowercase().contains(&word.to_lowercase()),
            "`{word}` is in the bundle"
        );
    }
    // What a developer needs is there: the structure, and words that anybody may know.
    for needed in [
        "<textarea",
        "<form",
        "method=\"post\"",
        "Apply Changes",
        "type=\"hidden\"",
    ] {
        assert!(
            texts.contains(needed),
            "`{needed}` is not in the bundle:\n{}",
            &texts[..texts.len().min(4000)]
        );
    }
}
