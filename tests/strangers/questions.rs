//! Two readings: the tool stops, says which, and the operator's answer settles it.

use super::kit::{self, Ask, Reply, Stage, Tenant, World, enc, esc, plain};

fn edit_page(world: &World, ask: &Ask, inner: &str) -> Reply {
    match world.text(ask.q("file")) {
        Some(text) => Reply::titled(
            &format!("Edit {}", ask.q("file")),
            &format!(
                "<form action='save.do?file={}' method=post>{}</form>",
                enc(ask.q("file")),
                inner.replace("TEXT", &esc(&text))
            ),
        ),
        None => Reply::missing(),
    }
}

pub(super) fn two_texts(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "edit.do") => edit_page(
            world,
            ask,
            "<textarea name=reason>why</textarea><textarea name=text>\nTEXT</textarea><input type=submit name=s value=Save>",
        ),
        ("POST", "save.do") => kit::save(
            world,
            ask,
            &[("reason", "why"), ("text", "*"), ("s", "Save")],
            "text",
        ),
        _ => kit::page(world, ask),
    }
}

#[test]
fn two_large_texts() {
    let stage = Stage::of(Tenant {
        page: two_texts,
        ..plain()
    });
    stage.refuses(
        5,
        &[
            "2 large text",
            "`reason`",
            "`text`",
            "instance set stage page system-configuration.text=FIELD",
        ],
    );
    stage.answer("system-configuration.text=text");
    stage.whole_story();
}

pub(super) fn two_buttons(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "edit.do") => edit_page(
            world,
            ask,
            "<textarea name=text>\nTEXT</textarea><input type=submit name=a value='Apply Changes'><input type=submit name=b value='Save'>",
        ),
        ("POST", "save.do") => kit::save(world, ask, &[("text", "*"), ("b", "Save")], "text"),
        _ => kit::page(world, ask),
    }
}

#[test]
fn two_buttons_that_save() {
    let stage = Stage::of(Tenant {
        page: two_buttons,
        ..plain()
    });
    stage.refuses(
        5,
        &[
            "`Apply Changes`",
            "`Save`",
            "instance set stage page system-configuration.button=BUTTON",
        ],
    );
    stage.answer("system-configuration.button=Save");
    stage.whole_story();
}

/// Two buttons of one label that go to two places are no twins.
fn false_twins(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "edit.do") => edit_page(
            world,
            ask,
            "<textarea name=text>\nTEXT</textarea><button name=here>Save</button><button name=there formaction='other.do'>Save</button>",
        ),
        ("POST", "save.do") => kit::save(world, ask, &[("text", "*"), ("here", "")], "text"),
        ("POST", "other.do") => {
            world.wrong.push("the other button was pressed".into());
            Reply::missing()
        }
        _ => kit::page(world, ask),
    }
}

#[test]
fn buttons_of_one_label_that_go_to_two_places() {
    let stage = Stage::of(Tenant {
        page: false_twins,
        ..plain()
    });
    stage.refuses(5, &["`here`", "`there`", "system-configuration.button=BUTTON"]);
    stage.answer("system-configuration.button=here");
    stage.whole_story();
}

/// A button that nobody knows: kept as read-only, and the operator's word makes it writable.
pub(super) fn unknown_button(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "edit.do") => edit_page(
            world,
            ask,
            "<textarea name=text>\nTEXT</textarea><input type=submit name=x value='Enregistrer'><input type=submit name=y value='Effacer'>",
        ),
        ("POST", "save.do") => kit::save(world, ask, &[("text", "*"), ("x", "Enregistrer")], "text"),
        _ => kit::page(world, ask),
    }
}

#[test]
fn a_button_in_another_language() {
    let stage = Stage::of(Tenant {
        page: unknown_button,
        ..plain()
    });
    stage
        .back_up()
        .says(0, &["read-only", "system-configuration.button="]);
    stage.world(|w| w.files[0].1 = "changed=1\n".into());
    stage
        .run(&["restore", "stage", "--yes"])
        .says(9, &["`Effacer`, `Enregistrer`", "system-configuration.button="]);
    stage.proper();
    stage.answer("system-configuration.button=Enregistrer");
    stage.run(&["restore", "stage", "--yes"]).says(0, &[]);
    stage.back_up();
    stage.restore_after_change(&["BIZX", "LMS_ADMIN", "CONNECTORS"]);
}

/// Two lists of files on one page, each with links that carry the names.
pub(super) fn two_lists(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "sysconfig.do") => {
            let rows = |from: usize, to: &str| -> String {
                let row = |(name, _): &(String, String)| {
                    format!(
                        "<tr><td>{}</td><td><a href='{to}?file={}'>Edit</a></td></tr>",
                        esc(name),
                        enc(name)
                    )
                };
                world.files.iter().skip(from).map(row).collect()
            };
            let templates: String = ["Welcome", "Goodbye"]
                .iter()
                .map(|t| format!("<tr><td>{t}</td><td><a href='template.do?t={t}'>Edit</a></td></tr>"))
                .collect();
            Reply::titled(
                "Configuration",
                &format!(
                    "<h2>Mail templates</h2><table>{templates}</table><h2>Files</h2><table>{}</table>",
                    rows(0, "edit.do")
                ),
            )
        }
        ("GET", "template.do") => Reply::titled(
            ask.q("t"),
            "<form method=post action=template.do><textarea name=mail>Dear</textarea><button>Save</button></form>",
        ),
        ("POST", "template.do") => {
            world.wrong.push("a template was written".into());
            Reply::missing()
        }
        _ => kit::page(world, ask),
    }
}

#[test]
fn two_lists_of_texts_on_one_page() {
    let stage = Stage::of(Tenant {
        page: two_lists,
        ..plain()
    });
    stage.refuses(
        5,
        &[
            "`Welcome`",
            "`BIZX`",
            "instance set stage page system-configuration.list=",
        ],
    );
    stage.answer("system-configuration.list=BIZX");
    stage.whole_story();
}

/// Several links in every row that nothing tells apart: none is tried, for one of them may delete.
pub(super) fn silent_icons(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "sysconfig.do") => {
            let rows: String = world
                .files
                .iter()
                .map(|(name, _)| {
                    let icon = |m: &str| {
                        format!(
                            "<a href='file.do?m={m}&amp;n={}'><img src='i{m}.gif'></a>",
                            enc(name)
                        )
                    };
                    format!(
                        "<tr><td>{}</td><td>{}{}{}</td></tr>",
                        esc(name),
                        icon("1"),
                        icon("2"),
                        icon("3")
                    )
                })
                .collect();
            Reply::titled("System Configuration", &format!("<table>{rows}</table>"))
        }
        ("GET", "file.do") if ask.q("m") == "2" => {
            let mut ask = ask.clone();
            ask.path = "/learning/admin/edit.do".into();
            ask.query.push(("file".into(), ask.q("n").to_owned()));
            kit::page(world, &ask)
        }
        ("GET", "file.do") => {
            world.wrong.push(format!("{:?} was asked for", ask.query));
            Reply::redirect("sysconfig.do")
        }
        _ => kit::page(world, ask),
    }
}

#[test]
fn icons_that_nothing_tells_apart() {
    let stage = Stage::of(Tenant {
        page: silent_icons,
        ..plain()
    });
    stage.refuses(
        5,
        &[
            "m=1",
            "m=2",
            "m=3",
            "instance set stage page system-configuration.link=",
        ],
    );
    stage.answer("system-configuration.link=m=2");
    stage.whole_story();
}

/// Two lists by numbers: neither is taken before the operator says which.
fn two_numbered_lists(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "sysconfig.do") => {
            let row = |at: usize, name: &str, to: &str| {
                format!("<tr><td><a href='{to}?id={at}'>{}</a></td></tr>", esc(name))
            };
            let files: String = world
                .files
                .iter()
                .enumerate()
                .map(|(at, (name, _))| row(at, name, "open.do"))
                .collect();
            let mails: String = ["Welcome", "Goodbye", "Reminder", "Due", "Late", "Gone", "Never"]
                .iter()
                .enumerate()
                .map(|(at, name)| row(at, name, "mail.do"))
                .collect();
            Reply::titled(
                "Configuration",
                &format!("<table>{mails}</table><table>{files}</table>"),
            )
        }
        ("GET", "open.do") => {
            let at: usize = ask.q("id").parse().unwrap();
            let ask = Ask {
                path: "/learning/admin/edit.do".into(),
                query: vec![("file".into(), world.files[at].0.clone())],
                ..ask.clone()
            };
            kit::page(world, &ask)
        }
        ("GET", "mail.do") => Reply::titled(
            "Mail",
            "<h1>Mail</h1><form method=post action=mail.do><textarea name=mail>Dear</textarea><button>Save</button></form>",
        ),
        _ => kit::page(world, ask),
    }
}

#[test]
fn two_lists_by_numbers() {
    let stage = Stage::of(Tenant {
        page: two_numbered_lists,
        ..plain()
    });
    stage.refuses(
        5,
        &[
            "several lists",
            "`Welcome`",
            "`BIZX`",
            "system-configuration.list=",
        ],
    );
    stage.answer("system-configuration.list=SSO");
    stage.whole_story();
}

/// Files used recently, named in their links, beside the whole list by numbers.
fn recent_and_numbers(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "sysconfig.do") => {
            let row = |at: usize, name: &str| {
                format!(
                    "<tr><td>{}</td><td><a href='open.do?id={at}'>Edit</a></td></tr>",
                    esc(name)
                )
            };
            let files: String = world
                .files
                .iter()
                .enumerate()
                .map(|(at, (name, _))| row(at, name))
                .collect();
            Reply::titled(
                "Configuration",
                &format!(
                    "<ul><li><a href='edit.do?file=SSO'>SSO</a><li><a href='edit.do?file=BIZX'>BIZX</a></ul><table>{files}</table>"
                ),
            )
        }
        _ => two_numbered_lists(world, ask),
    }
}

#[test]
fn recent_files_by_name_beside_the_list_by_numbers() {
    Stage::of(Tenant {
        page: recent_and_numbers,
        ..plain()
    })
    .whole_story();
}
