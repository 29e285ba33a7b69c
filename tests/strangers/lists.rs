//! Lists that are no tables, and what a row's links may be like.

use super::kit::{self, Ask, Reply, Stage, Tenant, World, enc, esc, plain, save};

fn opaque(name: &str) -> String {
    let number = name
        .bytes()
        .fold(7u64, |n, b| n.wrapping_mul(131).wrapping_add(u64::from(b)));
    format!("{number:016x}")
}

fn by_opaque(world: &World, id: &str) -> Option<(String, String)> {
    world.files.iter().find(|(name, _)| opaque(name) == id).cloned()
}

/// `<ul>`: the link is the name, its query an opaque id; a heading names the file; action empty; multipart.
fn bullets(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "sysconfig.do") => {
            let items: String = world
                .files
                .iter()
                .map(|(name, _)| {
                    format!("<li><a href='config?key={}'>{}</a> <small>last changed by ADMIN</small></li>", opaque(name), esc(name))
                })
                .collect();
            Reply::titled("Configuration", &format!("<h1>Configuration files</h1><ul>{items}</ul>"))
        }
        ("GET", "config") => match by_opaque(world, ask.q("key")) {
            Some((name, text)) => Reply::titled(
                "Configuration",
                &format!(
                    "<h1>Configuration files</h1><h2>Editing <i>{}</i></h2><form method=POST enctype='multipart/form-data' action=''>
                     <textarea name=content>\n{}</textarea><button>Save</button></form>",
                    esc(&name), esc(&text)
                ),
            ),
            None => Reply::missing(),
        },
        ("POST", "config") => {
            let Some((name, _)) = by_opaque(world, ask.q("key")) else { return Reply::missing() };
            if !ask.kind.starts_with("multipart/form-data") || !world.sent(ask, &[("content", "*")]) {
                world.wrong.push("not multipart".into());
                return Reply::bad();
            }
            world.store(&name, ask.field("content"));
            Reply::redirect(format!("config?key={}", opaque(&name)))
        }
        _ => kit::page(world, ask),
    }
}

#[test]
fn bullets_with_opaque_ids_and_a_multipart_form() {
    Stage::of(Tenant {
        page: bullets,
        ..plain()
    })
    .whole_story();
}

/// `<div>` cards with an icon that has no text; the file is named in the title only; a button outside the form.
fn cards(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "sysconfig.do") => {
            let items: String = world
                .files
                .iter()
                .map(|(name, text)| {
                    format!(
                        "<div class=card><div class=t>{}</div><div class=s>{} B</div><a href='item/{}'><i class='icon icon-pencil'></i></a></div>",
                        esc(name), text.len(), opaque(name)
                    )
                })
                .collect();
            Reply::titled("System Configuration", &format!("<div class=grid>{items}</div>"))
        }
        ("GET", path) if path.starts_with("item/") => match by_opaque(world, &path[5..]) {
            Some((name, text)) => Reply::titled(
                &format!("{} - Editor", esc(&name)),
                &format!(
                    "<form id=editor method=post action='/learning/admin/{path}'><select name=mode><option>text<option selected>properties</select>
                     <input type=checkbox name=wrap checked><input type=checkbox name=nums value=1><textarea name=src>\n{}</textarea></form>
                     <footer><button form=editor type=submit name=cmd value=save><span>Save changes</span></button><button form=editor name=cmd value=drop>Delete</button></footer>",
                    esc(&text)
                ),
            ),
            None => Reply::missing(),
        },
        ("POST", path) if path.starts_with("item/") => {
            let Some((name, _)) = by_opaque(world, &path[5..]) else { return Reply::missing() };
            if !world.sent(ask, &[("mode", "properties"), ("wrap", "on"), ("src", "*"), ("cmd", "save")]) {
                return Reply::bad();
            }
            world.store(&name, ask.field("src"));
            Reply::redirect("/learning/admin/sysconfig.do")
        }
        _ => kit::page(world, ask),
    }
}

#[test]
fn cards_with_icons_and_a_button_outside_of_the_form() {
    Stage::of(Tenant {
        page: cards,
        ..plain()
    })
    .whole_story();
}

/// The name is in the path, and the save goes to another one.
fn paths(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "sysconfig.do") => {
            let items: String = world
                .files
                .iter()
                .map(|(name, _)| format!("<p><a href='config/{0}/edit'>{0}</a></p>", esc(name)))
                .collect();
            Reply::titled("System Configuration", &format!("<section>{items}</section>"))
        }
        ("GET", path) if path.starts_with("config/") && path.ends_with("/edit") => {
            let name = path["config/".len()..path.len() - "/edit".len()].to_owned();
            match world.text(&name) {
                Some(text) => Reply::titled(
                    "Editor",
                    &format!(
                        "<base href='/learning/admin/'><form action='config/{0}?_method=put' method=post><fieldset><legend>{0}</legend><textarea name=value>\n{1}</textarea>
                         <input type=submit value=Apply></fieldset></form>",
                        esc(&name), esc(&text)
                    ),
                ),
                None => Reply::missing(),
            }
        }
        ("POST", path) if path.starts_with("config/") => {
            let name = path["config/".len()..].to_owned();
            if !world.sent(ask, &[("value", "*")]) {
                return Reply::bad();
            }
            world.store(&name, ask.field("value"));
            Reply::redirect("/learning/admin/sysconfig.do")
        }
        _ => kit::page(world, ask),
    }
}

#[test]
fn the_name_in_the_path() {
    Stage::of(Tenant {
        page: paths,
        ..plain()
    })
    .whole_story();
}

/// The list says `LMS Admin`, its link `LMS_ADMIN`, its page `lms_admin`.
fn spellings(world: &mut World, ask: &Ask) -> Reply {
    let shown = |name: &str| {
        if name.is_ascii() {
            name.replace('_', " ")
        } else {
            name.to_owned()
        }
    };
    match ask.to() {
        ("GET", "sysconfig.do") => {
            let items: String = world
                .files
                .iter()
                .map(|(name, _)| {
                    format!(
                        "<tr><td>{}</td><td><a href='edit.do?file={}'>Edit</a></td></tr>",
                        esc(&shown(name)),
                        enc(&name.replace(' ', "_"))
                    )
                })
                .collect();
            Reply::titled("System Configuration", &format!("<table>{items}</table>"))
        }
        ("GET", "edit.do") => {
            let name = ask.q("file").replace('_', " ");
            match world.text(&name) {
                Some(text) => Reply::titled(
                    &format!("Edit {}", ask.q("file").to_lowercase()),
                    &format!(
                        "<form action=save.do method=post><input type=hidden name=file value='{}'><textarea name=c>\n{}</textarea><input type=submit value=Save name=s></form>",
                        ask.q("file"),
                        esc(&text)
                    ),
                ),
                None => Reply::missing(),
            }
        }
        ("POST", "save.do") => {
            let name = ask.field("file").replace('_', " ");
            if world.sent(ask, &[("file", "*"), ("c", "*"), ("s", "Save")]) {
                world.store(&name, ask.field("c"));
            }
            Reply::redirect("sysconfig.do")
        }
        _ => kit::page(world, ask),
    }
}

#[test]
fn a_name_spelled_otherwise_in_link_and_page() {
    let files = || {
        let mut files = kit::texts();
        files[2].0 = "LMS ADMIN".into();
        files[3].0 = "REPORT SYSTEM".into();
        files
    };
    let stage = Stage::of(Tenant {
        page: spellings,
        files,
        ..plain()
    });
    stage.back_up();
    stage.restore_after_change(&["BIZX", "LMS ADMIN", "CONNECTORS"]);
}

/// A single file, in a table and in a `<div>`.
fn single(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "sysconfig.do") => {
            let (name, _) = world.files[0].clone();
            Reply::titled(
                "System Configuration",
                &format!(
                    "<div class=nav><a href=main.do>Home</a></div><div class=list><div class=row><span>{0}</span> <a href='edit.do?file={0}'>Edit</a></div></div>",
                    esc(&name)
                ),
            )
        }
        _ => kit::page(world, ask),
    }
}

#[test]
fn a_single_file_in_a_table_and_in_a_div() {
    let files = || kit::texts().into_iter().take(1).collect::<Vec<_>>();
    for page in [kit::page as fn(&mut World, &Ask) -> Reply, single] {
        let stage = Stage::of(Tenant {
            page,
            files,
            ..plain()
        });
        stage.back_up();
        stage.restore_after_change(&["BIZX"]);
    }
}

/// Names that are words of danger, as links, as cells, in queries: they are names all the same.
fn named_like_actions(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "sysconfig.do") => {
            let items: String = world
                .files
                .iter()
                .map(|(name, _)| {
                    format!("<li><a href='edit.do?id={}'>{}</a> <a href='erase.do?id={0}' title='Delete this file'>x</a></li>", opaque(name), esc(name))
                })
                .collect();
            Reply::titled("System Configuration", &format!("<ol>{items}</ol>"))
        }
        ("GET", "edit.do") => match by_opaque(world, ask.q("id")) {
            Some((name, text)) => Reply::titled(
                &esc(&name),
                &format!(
                    "<form action=save.do method=post><input type=hidden name=file value='{}'><textarea name=content>\n{}</textarea><input type=submit name=apply value='Apply Changes'></form>",
                    esc(&name),
                    esc(&text)
                ),
            ),
            None => Reply::missing(),
        },
        ("GET", "erase.do") => {
            world.wrong.push("a file was deleted".into());
            Reply::redirect("sysconfig.do")
        }
        ("POST", "save.do") => save(
            world,
            ask,
            &[("file", "*"), ("content", "*"), ("apply", "Apply Changes")],
            "content",
        ),
        _ => kit::page(world, ask),
    }
}

#[test]
fn files_called_like_actions_are_files() {
    let files = || {
        let names = [
            "BIZX",
            "DELETE_LOG",
            "DATA_PURGE",
            "PREVIEW",
            "Reset",
            "BACK",
            "1",
            "Next",
            "Edit",
        ];
        names
            .map(|name| (name.to_owned(), format!("name={name}\n")))
            .to_vec()
    };
    let stage = Stage::of(Tenant {
        page: named_like_actions,
        files,
        ..plain()
    });
    stage.back_up();
    stage.restore_after_change(&["DELETE_LOG", "Reset"]);
}

/// A card with two links for every file, five to a page: the last page has a single one.
fn few_cards(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "sysconfig.do") => {
            let from: usize = ask.q("from").parse().unwrap_or(0);
            let card = |(n, _): &(String, String)| {
                format!(
                    "<div><b>{0}</b> &middot; <span><a href='view.do?file={1}'>View</a> <a href='edit.do?file={1}'>Edit</a></span></div>",
                    esc(n),
                    enc(n)
                )
            };
            let cards: String = world.files.iter().skip(from).take(5).map(card).collect();
            Reply::titled(
                "Files",
                &format!(
                    "<div>{cards}</div><a href='sysconfig.do?from=0'>1</a> <a href='sysconfig.do?from=5'>2</a>"
                ),
            )
        }
        _ => kit::page(world, ask),
    }
}

#[test]
fn a_last_page_with_a_single_card() {
    let stage = Stage::of(Tenant {
        page: few_cards,
        ..plain()
    });
    stage.back_up();
    stage.restore_after_change(&["SSO"]);
}

/// Rows that show nothing but an icon, and links that carry nothing but a number.
fn icons_only(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "sysconfig.do") => {
            let row = |(n, _): &(String, String)| {
                let shown = if n == "SSO" { "" } else { n.as_str() };
                format!(
                    "<li>{} <a href='config?key={}'><img src=e.png></a></li>",
                    esc(shown),
                    opaque(n)
                )
            };
            let rows: String = world.files.iter().map(row).collect();
            Reply::titled("Files", &format!("<ul>{rows}</ul>"))
        }
        _ => bullets(world, ask),
    }
}

#[test]
fn a_row_without_a_name_is_not_left_out() {
    let stage = Stage::of(Tenant {
        page: icons_only,
        ..plain()
    });
    stage.refuses(5, &["has a row without any text to name it by"]);
}
