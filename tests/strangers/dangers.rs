//! Links that must never be followed, pages of other documents, lists that are not true any more.

use super::kit::{self, Ask, Reply, Stage, Tenant, World, enc, esc, plain};

fn rows(world: &World, row: impl Fn(&str) -> String) -> Reply {
    let rows: String = world.files.iter().map(|(name, _)| row(name)).collect();
    Reply::titled("System Configuration", &format!("<table>{rows}</table>"))
}

/// Any page that is not there but was asked for is a deed.
fn forbidden(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "main.do" | "sysconfig.do" | "edit.do") | ("POST", "save.do") => kit::page(world, ask),
        ("GET", "view.do") => {
            let text = world.text(ask.q("file")).unwrap_or_default();
            Reply::titled(
                "View",
                &format!("<h1>{}</h1><pre>{}</pre>", ask.q("file"), esc(&text)),
            )
        }
        _ => {
            world
                .wrong
                .push(format!("{} {:?} was asked for", ask.path, ask.query));
            Reply::redirect("sysconfig.do")
        }
    }
}

#[test]
fn view_and_edit_in_every_row() {
    let page = |w: &mut World, a: &Ask| match a.to() {
        ("GET", "sysconfig.do") => rows(w, |name| {
            let (shown, sent) = (esc(name), enc(name));
            format!(
                "<tr><td>{shown}</td><td><a href='view.do?file={sent}'>View</a> | <a href='edit.do?file={sent}'>Edit</a></td></tr>"
            )
        }),
        _ => forbidden(w, a),
    };
    Stage::of(Tenant { page, ..plain() }).whole_story();
}

#[test]
fn view_edit_and_delete_as_icons_with_titles() {
    let page = |w: &mut World, a: &Ask| match a.to() {
        ("GET", "sysconfig.do") => rows(w, |name| {
            let (shown, sent) = (esc(name), enc(name));
            let icon = |to: &str, title: &str| {
                format!("<a href='{to}.do?file={sent}'><img src=i.gif title='{title} {shown}'></a>")
            };
            format!(
                "<tr><td>{}{}{}</td><td>{shown}</td></tr>",
                icon("x", "Delete"),
                icon("view", "View"),
                icon("edit", "Edit")
            )
        }),
        _ => forbidden(w, a),
    };
    Stage::of(Tenant { page, ..plain() }).whole_story();
}

#[test]
fn view_edit_and_delete_known_by_their_addresses_only() {
    let page = |w: &mut World, a: &Ask| match a.to() {
        ("GET", "sysconfig.do") => rows(w, |name| {
            let (shown, sent) = (esc(name), enc(name));
            let icon = |to: &str| format!("<a href='{to}?file={sent}'><img src='{to}.gif'></a>");
            format!(
                "<tr><td>{shown}</td><td>{}{}{}</td></tr>",
                icon("view.do"),
                icon("edit.do"),
                icon("del.do")
            )
        }),
        _ => forbidden(w, a),
    };
    Stage::of(Tenant { page, ..plain() }).whole_story();
}

#[test]
fn the_name_opens_the_file_and_an_icon_deletes_it() {
    let page = |w: &mut World, a: &Ask| match a.to() {
        ("GET", "sysconfig.do") => rows(w, |name| {
            let (shown, sent) = (esc(name), enc(name));
            format!(
                "<tr><td><a href='edit.do?file={sent}'>{shown}</a></td><td><a href='do.do?w=7&file={sent}' onclick=\"return confirm('Sure?')\"><img src=i.gif></a></td></tr>"
            )
        }),
        _ => forbidden(w, a),
    };
    Stage::of(Tenant { page, ..plain() }).whole_story();
}

/// Above the list stand things to do, each a link; below it jobs with their names in their links.
#[test]
fn deeds_beside_the_list_are_not_done() {
    let page = |w: &mut World, a: &Ask| match a.to() {
        ("GET", "sysconfig.do") => {
            let mut list = kit::page(w, a);
            list.replace(
                "<table>",
                "<ul><li><a href='cache.do?a=clear'>Clear cache</a></li><li><a href='reload.do'>Reload all</a></li><li><a href='out.do'>Log off</a></li></ul>
                 <ul><li><a href='restart.do'>Restart the server</a></li></ul>
                 <table><tr><td>Nightly feed</td><td><a href='run.do?job=Nightly+feed'>Run now</a></td></tr><tr><td>Purge</td><td><a href='run.do?job=Purge'>Run now</a></td></tr></table><table>",
            );
            list
        }
        _ => forbidden(w, a),
    };
    Stage::of(Tenant { page, ..plain() }).whole_story();
}

/// Some files may only be viewed: they have one link less than the others.
#[test]
fn a_file_that_may_only_be_viewed_is_not_left_out() {
    let page = |w: &mut World, a: &Ask| match a.to() {
        ("GET", "sysconfig.do") => rows(w, |name| {
            let (shown, sent) = (esc(name), enc(name));
            let edit = if name == "SSO" {
                String::new()
            } else {
                format!("<a href='edit.do?file={sent}'>Edit</a>")
            };
            format!("<tr><td>{shown}</td><td><a href='look.do?file={sent}'>View</a></td><td>{edit}</td></tr>")
        }),
        ("GET", "look.do") => {
            let text = w.text(a.q("file")).unwrap_or_default();
            Reply::titled(
                "View",
                &format!(
                    "<h1>{}</h1><form><textarea name=t readonly>\n{}</textarea></form>",
                    a.q("file"),
                    esc(&text)
                ),
            )
        }
        _ => forbidden(w, a),
    };
    let stage = Stage::of(Tenant { page, ..plain() });
    stage.whole_story();
    assert!(
        stage
            .run(&["backup", "stage"])
            .text
            .contains("`configuration/SSO` is read-only")
    );
}

/// Every page is that of `SSO`, whatever was asked for.
#[test]
fn a_page_that_names_another_document() {
    let page = |w: &mut World, a: &Ask| match a.to() {
        ("GET", "edit.do") if a.q("file") == "LMS_ADMIN" => {
            let mut other = a.clone();
            other.query = vec![("file".into(), "SSO".into())];
            kit::page(w, &other)
        }
        _ => forbidden(w, a),
    };
    let stage = Stage::of(Tenant { page, ..plain() });
    stage.refuses(5, &["asked for as `LMS_ADMIN` is the page of `SSO`"]);
    stage
        .run(&["backup", "stage", "--except", "LMS_ADMIN"])
        .says(0, &["Stored 5 documents"]);
}

/// What is being edited is what was opened last; the page says so in a cell only.
#[test]
fn pages_that_answer_for_each_other() {
    let page = |w: &mut World, a: &Ask| match a.to() {
        ("GET", "edit.do") if a.q("late").is_empty() => {
            w.notes.insert("open".into(), a.q("file").to_owned());
            Reply::redirect("edit.do?late=1")
        }
        ("GET", "edit.do") => {
            let name = w.notes["open"].clone();
            let text = w.text(&name).unwrap();
            Reply::titled(
                "Edit",
                &format!(
                    "<table><tr><td>Editing:</td><td>{name}</td></tr></table><form action=save.do method=post><textarea name=t>\n{}</textarea><button name=b>Save</button></form>",
                    esc(&text)
                ),
            )
        }
        ("POST", "save.do") => {
            if w.sent(a, &[("t", "*"), ("b", "")]) {
                let name = w.notes["open"].clone();
                w.store(&name, a.field("t"));
            }
            Reply::redirect("sysconfig.do")
        }
        _ => kit::page(w, a),
    };
    Stage::of(Tenant { page, ..plain() }).whole_story();
}

/// The list names files that are gone: the whole backup is refused, unless they are left out by name.
#[test]
fn a_list_with_files_that_are_gone() {
    let page = |w: &mut World, a: &Ask| match a.to() {
        ("GET", "sysconfig.do") => {
            let mut list = kit::page(w, a);
            let row = "<tr><td>AAA_GONE</td><td>0 bytes</td><td><a href='edit.do?file=AAA_GONE'><img src=p.gif alt=Edit></a></td></tr>";
            list.replace("</th></tr>", &format!("</th></tr>{row}"));
            list.replace("<th></tr>", &format!("<th></tr>{row}"));
            list
        }
        _ => forbidden(w, a),
    };
    let stage = Stage::of(Tenant { page, ..plain() });
    stage.refuses(5, &["AAA_GONE", "404"]);
    let told = stage.run(&["backup", "stage", "--except", "AAA_GONE"]);
    told.says(0, &["Stored 6 documents"]);
}

/// The list names one file twice, at two addresses.
#[test]
fn one_name_at_two_addresses() {
    let page = |w: &mut World, a: &Ask| match a.to() {
        ("GET", "sysconfig.do") => {
            let mut list = kit::page(w, a);
            list.replace("</table>", "<tr><td>SSO</td><td>9 bytes</td><td><a href='edit.do?file=SSO&copy=2'><img src=p.gif alt=Edit></a></td></tr></table>");
            list
        }
        _ => forbidden(w, a),
    };
    Stage::of(Tenant { page, ..plain() }).refuses(5, &["`SSO` twice"]);
}

/// The server takes the save and does something else: said, with exit 7.
#[test]
fn saves_that_do_not_hold() {
    let page = |w: &mut World, a: &Ask| match a.to() {
        ("POST", "save.do") => match a.field("file") {
            "BIZX" => Reply::titled("Error", "<p>The file could not be saved.</p>"),
            "SSO" => {
                w.store("SSO", "sso.on=maybe\r\n");
                Reply::redirect("sysconfig.do")
            }
            _ => kit::page(w, a),
        },
        _ => forbidden(w, a),
    };
    let stage = Stage::of(Tenant { page, ..plain() });
    stage.back_up();
    stage.world(|w| {
        w.files[0].1.push_str("x=1\n");
        w.files[5].1.push_str("x=1\n");
        w.files[3].1.push_str("x=1\n");
    });
    stage
        .run(&["restore", "stage", "--yes"])
        .says(7, &["BIZX", "reads different", "sso.on=maybe"]);
    assert_eq!(stage.world(|w| w.files[3].1.clone()), kit::texts()[3].1);
    stage.proper();
}

/// A file without the permission to edit has a link of its own kind, at the edge of the list and in the middle; sort
/// links and a link to add a file are none of the list.
#[test]
fn files_whose_only_link_views_them() {
    let page = |w: &mut World, a: &Ask| match a.to() {
        ("GET", "sysconfig.do") => {
            let mut list = rows(w, |name| {
                let (shown, sent) = (esc(name), enc(name));
                let link = match name {
                    "BIZX" | "LMS_ADMIN" | "SSO" => format!("<a href='look.do?file={sent}&ro=1'>View</a>"),
                    _ => format!("<a href='edit.do?file={sent}'>Edit</a>"),
                };
                format!("<tr><td>{shown}</td><td>x</td><td>{link}</td></tr>")
            });
            list.replace(
                "<table>",
                "<table><tr><td><a href='sysconfig.do?sort=Name'>Name</a></td><td>No</td><td>Deed</td></tr><tr><td></td><td></td><td><a href='add.do'>Add</a></td></tr>",
            );
            list
        }
        ("GET", "look.do") => {
            let text = w.text(a.q("file")).unwrap_or_default();
            Reply::titled(
                "View",
                &format!(
                    "<h1>{}</h1><textarea name=t readonly>\n{}</textarea>",
                    a.q("file"),
                    esc(&text)
                ),
            )
        }
        _ => forbidden(w, a),
    };
    let stage = Stage::of(Tenant { page, ..plain() });
    stage.back_up();
    stage.restore_after_change(&["CONNECTORS", "iContent"]);
}
