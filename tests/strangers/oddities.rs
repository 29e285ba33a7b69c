//! Second thoughts: what else a page may look like without a browser minding.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use super::kit::{self, Ask, Reply, Stage, Tenant, World, enc, esc, plain};

/// Every edit page offers links to all files; its own is said in plain text only, its form knows a number.
fn sidebar(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "edit.do") => {
            let Some(text) = world.text(ask.q("file")) else {
                return Reply::missing();
            };
            let at = world.files.iter().position(|(n, _)| n == ask.q("file")).unwrap();
            let links: String = world
                .files
                .iter()
                .map(|(n, _)| format!("<li><a href='edit.do?file={}'>{}</a></li>", enc(n), esc(n)))
                .collect();
            Reply::titled(
                "Edit",
                &format!(
                    "<ul>{links}</ul><p>You are editing <b>{}</b>.</p><form action=store.do method=post><input type=hidden name=id value={at}>
                     <textarea name=t>\n{}</textarea><button name=b value=1>Save</button></form>",
                    esc(ask.q("file")), esc(&text)
                ),
            )
        }
        ("POST", "store.do") => {
            if world.sent(ask, &[("id", "*"), ("t", "*"), ("b", "1")]) {
                let name = world.files[ask.field("id").parse::<usize>().unwrap()].0.clone();
                world.store(&name, ask.field("t"));
            }
            Reply::redirect("sysconfig.do")
        }
        _ => kit::page(world, ask),
    }
}

#[test]
fn a_sidebar_of_all_files_beside_a_file_named_in_plain_text() {
    Stage::of(Tenant {
        page: sidebar,
        ..plain()
    })
    .whole_story();
}

/// The file's name is in a field that a person could change.
fn typed_name(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "edit.do") => {
            let Some(text) = world.text(ask.q("file")) else {
                return Reply::missing();
            };
            Reply::titled(
                "Edit",
                &format!(
                    "<form action=save.do method=post><label>Name <input name=file value='{}'></label><label>Note <input name=note value='x y'></label>
                     <textarea name=content>\n{}</textarea><input type=submit name=apply value='Apply Changes'></form>",
                    esc(ask.q("file")), esc(&text)
                ),
            )
        }
        ("POST", "save.do") => kit::save(
            world,
            ask,
            &[
                ("file", "*"),
                ("note", "x y"),
                ("content", "*"),
                ("apply", "Apply Changes"),
            ],
            "content",
        ),
        _ => kit::page(world, ask),
    }
}

#[test]
fn a_name_in_a_field_that_can_be_changed() {
    Stage::of(Tenant {
        page: typed_name,
        ..plain()
    })
    .whole_story();
}

/// Names with everything that an address or a markup can spoil, in two charsets.
#[test]
fn names_that_addresses_spoil() {
    let files = || {
        let names = [
            "R&D <b>",
            "Übersicht Zürich",
            "a/b",
            "100% sure",
            "x+y",
            "q?=#;",
            "CON",
            "\"quoted\" 'n' so",
            "two  blanks",
        ];
        names
            .map(|name| {
                (
                    name.split_whitespace().collect::<Vec<_>>().join(" "),
                    format!("name={name}\n"),
                )
            })
            .to_vec()
    };
    for charset in [UTF_8, WINDOWS_1252] {
        fn in_charset(world: &mut World, ask: &Ask, charset: &'static Encoding) -> Reply {
            let mut reply = kit::page(world, ask);
            for (name, _) in world.files.clone() {
                let bytes = charset.encode(&name).0.into_owned();
                let query: String = bytes.iter().map(|b| format!("%{b:02X}")).collect();
                reply.replace(&format!("file={}'", enc(&name)), &format!("file={query}'"));
            }
            reply
        }
        let page: fn(&mut World, &Ask) -> Reply = match charset == UTF_8 {
            true => |w, a| in_charset(w, a, UTF_8),
            false => |w, a| in_charset(w, a, WINDOWS_1252),
        };
        let stage = Stage::of(Tenant {
            page,
            files,
            charset,
            ..plain()
        });
        stage.back_up();
        stage.restore_after_change(&["a/b", "Übersicht Zürich", "R&D <b>", "q?=#;"]);
    }
}

/// The menu, the rows and the pager open their pages by scripts that name an address.
fn by_script(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "main.do") => Reply::titled(
            "LMS",
            "<a href='#' onclick=\"loadFrame('home.do?x=1');return false;\">Home</a>
             <a href='#' onclick=\"loadFrame('/learning/admin/sysconfig.do?adminShellMenuId=4', 'body');return false;\">System Configuration</a>",
        ),
        ("GET", "sysconfig.do") => {
            let start: usize = ask.q("start").parse().unwrap_or(0);
            let rows: String = world
                .files
                .iter()
                .skip(start)
                .take(4)
                .map(|(n, _)| {
                    format!(
                        "<tr><td>{0}</td><td><a href=\"javascript:window.location.href='edit.do?file={1}'\">Edit</a> <a href=\"javascript:if(confirm('Delete?'))location.href='kill.do?file={1}'\">X</a></td></tr>",
                        esc(n), enc(n)
                    )
                })
                .collect();
            Reply::titled(
                "List",
                &format!("<table>{rows}</table><a href='javascript:void(0)' onclick=\"location='sysconfig.do?start=4'\">2</a>"),
            )
        }
        ("GET", "kill.do") => {
            world.wrong.push("a file was deleted".into());
            Reply::missing()
        }
        _ => kit::page(world, ask),
    }
}

#[test]
fn links_whose_script_names_an_address() {
    Stage::of(Tenant {
        page: by_script,
        ..plain()
    })
    .whole_story();
}

/// Files in the cells of a grid, several in one row.
fn grid(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "sysconfig.do") => {
            let cell = |(n, _): &(String, String)| {
                format!("<td><a href='edit.do?file={}'>{}</a></td>", enc(n), esc(n))
            };
            let rows: String = world
                .files
                .chunks(3)
                .map(|row| format!("<tr>{}</tr>", row.iter().map(cell).collect::<String>()))
                .collect();
            Reply::titled("List", &format!("<table>{rows}</table>"))
        }
        _ => kit::page(world, ask),
    }
}

#[test]
fn files_in_the_cells_of_a_grid() {
    Stage::of(Tenant {
        page: grid,
        ..plain()
    })
    .whole_story();
}

/// Each file is a table of its own, or a term with its definition, or a heading.
fn layouts<const WAY: usize>(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "sysconfig.do") => {
            let link =
                |n: &str, label: &str| format!("<A HREF=\" edit.do?file={}&copy=1\n\">{label}</A>", enc(n));
            let items: String = world
                .files
                .iter()
                .map(|(n, _)| match WAY {
                    0 => format!(
                        "<table class=box><tr><td>{}<td>{}</table>",
                        esc(n),
                        link(n, "Edit")
                    ),
                    1 => format!("<dt>{}<dd>Text. {}", esc(n), link(n, "<img src=e.png>")),
                    2 => format!("<h3>{}</h3><p>A file.</p>", link(n, &esc(n))),
                    _ => format!("<span>{}</span> {}<br>", esc(n), link(n, "edit")),
                })
                .collect();
            Reply::titled(
                "List",
                &if WAY == 1 {
                    format!("<dl>{items}</dl>")
                } else {
                    format!("<div>{items}</div>")
                },
            )
        }
        ("GET", "edit.do") if ask.q("copy") != "1" => Reply::missing(),
        _ => kit::page(world, ask),
    }
}

#[test]
fn a_table_a_term_or_a_heading_for_every_file() {
    Stage::of(Tenant {
        page: layouts::<0>,
        ..plain()
    })
    .whole_story();
    Stage::of(Tenant {
        page: layouts::<1>,
        ..plain()
    })
    .whole_story();
    Stage::of(Tenant {
        page: layouts::<2>,
        ..plain()
    })
    .whole_story();
}

/// Names and links side by side without anything around each pair.
#[test]
fn pairs_that_nothing_holds_together() {
    Stage::of(Tenant {
        page: layouts::<3>,
        ..plain()
    })
    .whole_story();
}

/// The save's session is over: the form goes out anew after a new sign-in, and is stored once.
fn ends_at_save(world: &mut World, ask: &Ask) -> Option<Reply> {
    if ask.to() == ("POST", "save.do") && world.notes.insert("ended".into(), "1".into()).is_none() {
        world.inside.clear();
        return Some(Reply::html(
            "<script>top.location='/learning/admin/nativelogin.jsp'</script>",
        ));
    }
    kit::gate(world, ask)
}

#[test]
fn a_session_that_ends_at_the_save() {
    let stage = Stage::of(Tenant {
        gate: ends_at_save,
        ..plain()
    });
    stage.back_up();
    stage.world(|w| w.files[3].1.push_str("x=1\n"));
    stage
        .run(&["restore", "stage", "--yes"])
        .says(0, &["REPORT_SYSTEM  written"]);
    assert_eq!(stage.world(|w| w.files.clone()), kit::texts());
    stage.proper();
}

/// The button that saves runs a script: said so, kept, and never sent.
fn scripted_save(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "edit.do") => {
            let mut reply = kit::page(world, ask);
            reply.replace("type=submit", "type=button onclick='save()'");
            reply
        }
        _ => kit::page(world, ask),
    }
}

#[test]
fn a_button_that_runs_a_script() {
    let stage = Stage::of(Tenant {
        page: scripted_save,
        ..plain()
    });
    stage.back_up().says(0, &["read-only"]);
    stage.world(|w| w.files[0].1 = "changed=1\n".into());
    stage
        .run(&["restore", "stage", "--yes"])
        .says(9, &["`Apply Changes`", "script"]);
    stage.proper();
}

/// There is no start page at the known address; signing in leads to another one.
#[test]
fn a_start_page_elsewhere() {
    let stage = Stage::of(Tenant {
        gate: |world, ask| match ask.to() {
            ("GET", "main.do") => Some(Reply::missing()),
            ("POST", "signin.do") => kit::gate(world, ask).map(|reply| match reply.is_redirect() {
                true => reply.to("/learning/admin/console.do"),
                false => reply,
            }),
            _ => kit::gate(world, ask),
        },
        page: |world, ask| match ask.to() {
            ("GET", "console.do") => {
                let ask = Ask {
                    path: "/learning/admin/main.do".into(),
                    ..ask.clone()
                };
                kit::page(world, &ask)
            }
            _ => kit::page(world, ask),
        },
        ..plain()
    });
    stage.whole_story();
}

/// Entries that only contain the words are offered, not taken.
#[test]
fn an_entry_with_more_words_is_offered() {
    let page = |w: &mut World, a: &Ask| match a.to() {
        ("GET", "main.do") => Reply::titled(
            "LMS",
            "<a href='rep.do'>Report</a><a href='sysconfig.do'>System Configuration Files (6)</a>",
        ),
        _ => kit::page(w, a),
    };
    let stage = Stage::of(Tenant { page, ..plain() });
    stage.refuses(
        5,
        &[
            "no entry",
            "page 'system-configuration=System Configuration Files (6)'",
        ],
    );
    stage.answer("system-configuration=System Configuration Files (6)");
    stage.whole_story();
}

/// The rows say more than the name: an ending, a mark of what has changed.
fn decorated<const WAY: usize>(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "sysconfig.do") => {
            let row = |(n, t): &(String, String)| {
                let shown = if WAY == 0 {
                    format!("{n}.properties")
                } else {
                    format!("{n} *")
                };
                format!(
                    "<tr><td>{shown}</td><td>{} bytes</td><td><a href='edit.do?file={}&amp;size={}'><img src=e.gif alt='Edit {n}'></a></td></tr>",
                    t.len(),
                    enc(n),
                    t.len()
                )
            };
            let rows: String = world.files.iter().map(row).collect();
            Reply::titled("List", &format!("<table>{rows}</table>"))
        }
        _ => kit::page(world, ask),
    }
}

#[test]
fn rows_that_say_more_than_the_name() {
    Stage::of(Tenant {
        page: decorated::<0>,
        ..plain()
    })
    .whole_story();
    Stage::of(Tenant {
        page: decorated::<1>,
        ..plain()
    })
    .whole_story();
}

/// A button of more words, beside one that saves something else.
fn wordy_button(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "edit.do") => {
            let mut reply = kit::page(world, ask);
            reply.replace("value='Apply Changes'", "value='Save configuration file'");
            reply.replace("<input type=reset>", "<input type=submit name=as value='Save as new version'><input type=submit name=v value='Validate'>");
            reply
        }
        ("POST", "save.do") => kit::save(
            world,
            ask,
            &[
                ("file", "*"),
                ("content", "*"),
                ("apply", "Save configuration file"),
            ],
            "content",
        ),
        _ => kit::page(world, ask),
    }
}

#[test]
fn a_button_of_more_words() {
    Stage::of(Tenant {
        page: wordy_button,
        ..plain()
    })
    .whole_story();
}

/// A file whose name says that a session is over, in a list without any form.
#[test]
fn a_list_that_speaks_of_expired_sessions() {
    let files = || {
        vec![
            (
                "SESSION_EXPIRED".to_owned(),
                "text=Your session has expired.\n".to_owned(),
            ),
            ("SSO".to_owned(), "a=1\n".to_owned()),
        ]
    };
    let stage = Stage::of(Tenant { files, ..plain() });
    stage.back_up();
    assert_eq!(stage.world(|w| w.tries), 1);
}
