//! Lists that go on: `Next` only, numbered windows, both ends, tokens in links, a script, letters.

use super::kit::{self, Ask, Reply, Stage, Tenant, World, enc, esc, plain};

fn many(count: usize) -> Vec<(String, String)> {
    (0..count)
        .map(|i| (format!("FILE_{i:03}"), format!("key={i}\n")))
        .collect()
}

fn rows(world: &World, from: usize, count: usize, token: &str) -> String {
    world
        .files
        .iter()
        .skip(from)
        .take(count)
        .map(|(name, _)| {
            format!(
                "<tr><td>{}</td><td><a href='edit.do?file={}{token}'>Edit</a></td></tr>",
                esc(name),
                enc(name)
            )
        })
        .collect()
}

fn list(body: &str) -> Reply {
    Reply::titled("System Configuration", body)
}

fn number(text: &str) -> usize {
    text.parse().unwrap_or_default()
}

/// `Next` and `Previous` only, at both ends; the last `Next` points at its own page.
fn next_only(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "sysconfig.do") => {
            let (start, last) = (number(ask.q("start")), (world.files.len() - 1) / 10 * 10);
            let pager = format!(
                "<div><a href='sysconfig.do?start={}'>&laquo; Previous</a> {} of {} <a href='sysconfig.do?start={}'>Next &raquo;</a></div>",
                start.saturating_sub(10),
                start + 1,
                world.files.len(),
                (start + 10).min(last)
            );
            list(&format!(
                "{pager}<table>{}</table>{pager}",
                rows(world, start, 10, "")
            ))
        }
        _ => kit::page(world, ask),
    }
}

#[test]
fn next_only_and_the_last_next_points_at_itself() {
    let stage = Stage::of(Tenant {
        page: next_only,
        files: || many(34),
        ..plain()
    });
    stage.back_up();
    stage.restore_after_change(&["FILE_033", "FILE_009"]);
    let pages = stage.world(|w| {
        w.log
            .iter()
            .filter(|l| l.starts_with("GET /learning/admin/sysconfig"))
            .count()
    });
    assert!(pages <= 5 * 4, "{pages}");
}

/// 250 files, ten a page, a window of numbers `1 2 3 … 25`; every link has a token that changes with every page.
fn windows(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "sysconfig.do") => {
            let page = number(ask.q("page")).max(1);
            let token = format!("&amp;OWASP_CSRFTOKEN=TOKN-{:04}-ABCD-9876", world.number());
            let link = |n: usize| format!("<a href='sysconfig.do?page={n}{token}'>{n}</a> ");
            let near: String = (page.saturating_sub(2).max(1)..=(page + 2).min(25))
                .filter(|n| *n != page)
                .map(link)
                .collect();
            let pager = format!("<p>{} … {near} … {}</p>", link(1), link(25));
            list(&format!(
                "{pager}<table>{}</table>{pager}",
                rows(world, (page - 1) * 10, 10, &token)
            ))
        }
        _ => kit::page(world, ask),
    }
}

#[test]
fn windows_of_numbers_with_tokens_and_250_files() {
    let stage = Stage::of(Tenant {
        page: windows,
        files: || many(250),
        ..plain()
    });
    stage.back_up();
    let pages = stage.world(|w| {
        w.log
            .iter()
            .filter(|l| l.starts_with("GET /learning/admin/sysconfig"))
            .count()
    });
    assert!((25..=60).contains(&pages), "{pages}");
}

/// Pages in the path, opaque ids, tokens that change, and an overlap of one row.
fn in_the_path(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "main.do") => list("<a href='conf/list'>System Configuration</a>"),
        ("GET", path) if path.starts_with("conf/list") => {
            let page = number(path.rsplit('/').next().unwrap()).max(1);
            let token = world.number();
            let rows: String = (0..world.files.len())
                .skip((page - 1) * 4)
                .take(5)
                .map(|i| format!("<tr><td>{}</td><td>v{i}</td><td><a href='/learning/admin/open.do?n={i}&OWASP_CSRFTOKEN=T{token}'>Bearbeiten</a></td></tr>", world.files[i].0))
                .collect();
            let more = if page * 4 + 1 < world.files.len() {
                format!(
                    "<a rel=next href='/learning/admin/conf/list/{}'>weiter</a>",
                    page + 1
                )
            } else {
                String::new()
            };
            list(&format!("<table>{rows}</table>{more}"))
        }
        ("GET", "open.do") => {
            let (name, text) = world.files[number(ask.q("n"))].clone();
            Reply::titled(
                &name,
                &format!(
                    "<form action=save.do method=post><input type=hidden name=file value='{name}'><textarea name=content>\n{text}</textarea><input type=submit name=apply value='Apply Changes'></form>"
                ),
            )
        }
        ("POST", "save.do") => {
            // The guard's script would have put the token into the form.
            let wanted = [
                ("file", "*"),
                ("content", "*"),
                ("apply", "Apply Changes"),
                ("OWASP_CSRFTOKEN", "*"),
            ];
            kit::save(world, ask, &wanted, "content")
        }
        _ => kit::page(world, ask),
    }
}

#[test]
fn pages_in_the_path_that_overlap() {
    let stage = Stage::of(Tenant {
        page: in_the_path,
        files: || many(13),
        ..plain()
    });
    stage.back_up();
    stage.restore_after_change(&["FILE_012", "FILE_004"]);
}

/// Without a letter only `A` is shown; the others stand behind their letters.
fn letters(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "sysconfig.do") => {
            let letter = if ask.q("letter").is_empty() {
                "A"
            } else {
                ask.q("letter")
            };
            let links: String = ('A'..='Z')
                .map(|c| format!("<a href='sysconfig.do?letter={c}'>{c}</a>"))
                .collect();
            let rows: String = world
                .files
                .iter()
                .filter(|(name, _)| name.to_uppercase().starts_with(letter))
                .map(|(name, _)| format!("<tr><td><a href='edit.do?file={0}'>{0}</a></td></tr>", esc(name)))
                .collect();
            list(&format!("<div>{links}</div><table>{rows}</table>"))
        }
        _ => kit::page(world, ask),
    }
}

#[test]
fn a_list_cut_by_letters_is_read_whole() {
    let files = || {
        let mut files = kit::texts();
        files.insert(0, ("AUTHENTICATION".into(), "lockout=true\n".into()));
        files
    };
    Stage::of(Tenant {
        page: letters,
        files,
        ..plain()
    })
    .whole_story();
}

/// Further pages that only a script opens: half a list is no list.
fn scripted(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "sysconfig.do") => list(&format!(
            "<table>{}</table><a href=\"javascript:go(2)\">2</a> <a href=\"#\" onclick=\"go(2);return false\">Next</a>",
            rows(world, 0, 10, "")
        )),
        _ => kit::page(world, ask),
    }
}

#[test]
fn further_pages_behind_a_script_are_not_silently_left_out() {
    let stage = Stage::of(Tenant {
        page: scripted,
        files: || many(14),
        ..plain()
    });
    stage.refuses(5, &["further pages", "script"]);
}

/// Further pages behind the buttons of a form.
fn by_form(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "sysconfig.do") => list(&format!(
            "<table>{}</table><form method=post action=sysconfig.do><input type=hidden name=page value=2><input type=submit name=prev value='Previous' disabled><input type=submit name=next value='Next'></form>",
            rows(world, 0, 10, "")
        )),
        _ => kit::page(world, ask),
    }
}

#[test]
fn further_pages_behind_a_form_are_not_silently_left_out() {
    let stage = Stage::of(Tenant {
        page: by_form,
        files: || many(14),
        ..plain()
    });
    stage.refuses(5, &["further pages"]);
}

/// One servlet for everything: list, pages and files share one address.
fn one_servlet(world: &mut World, ask: &Ask) -> Reply {
    match (ask.to(), ask.q("cmd")) {
        (("GET", "main.do"), "") => list("<a href='main.do?cmd=list'>System Configuration</a>"),
        (("GET", "main.do"), "list") => {
            let start = number(ask.q("from"));
            let rows: String = world
                .files
                .iter()
                .skip(start)
                .take(4)
                .map(|(name, _)| {
                    format!(
                        "<tr><td>{}</td><td><a href='main.do?cmd=edit&name={}'>&gt;&gt;</a></td></tr>",
                        esc(name),
                        enc(name)
                    )
                })
                .collect();
            let more = match start + 4 < world.files.len() {
                true => format!("<a href='main.do?cmd=list&from={}'>&gt;</a>", start + 4),
                false => "&gt;".to_owned(),
            };
            list(&format!(
                "<table><tr><td><a href='main.do?cmd=list&sort=1'>Name</a></td><td></td></tr>{rows}</table>{more}"
            ))
        }
        (("GET", "main.do"), "edit") => {
            let (name, text) = (ask.q("name"), world.text(ask.q("name")).unwrap_or_default());
            Reply::titled(
                "Edit",
                &format!(
                    "<form action='main.do?cmd=save' method=post><input type=hidden name=file value='{0}'><textarea name=content>\n{1}</textarea><input type=submit name=apply value='Apply Changes'></form>",
                    esc(name),
                    esc(&text)
                ),
            )
        }
        (("POST", "main.do"), "save") => kit::save(
            world,
            ask,
            &[("file", "*"), ("content", "*"), ("apply", "Apply Changes")],
            "content",
        ),
        _ => kit::page(world, ask),
    }
}

#[test]
fn one_address_for_list_pages_and_files() {
    Stage::of(Tenant {
        page: one_servlet,
        ..plain()
    })
    .whole_story();
}

/// Other labels of a pager: ranges, brackets, words with a number, dots that lead on.
fn labels<const WAY: usize>(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "sysconfig.do") => {
            let page = number(ask.q("p"));
            let last = (world.files.len() - 1) / 5;
            let label = |n: usize| match WAY {
                0 => format!("{}-{}", n * 5 + 1, n * 5 + 5),
                1 => format!("[{}]", n + 1),
                2 => format!("Page {}", n + 1),
                _ => format!("<img src=next.gif alt='Next'><!-- {n} -->"),
            };
            let shown = if WAY == 3 {
                (page + 1).min(last)..=(page + 1).min(last)
            } else {
                0..=last.min(2)
            };
            let links: String = shown
                .map(|n| format!("<a href='sysconfig.do?p={n}'>{}</a> | ", label(n)))
                .collect();
            let on = if WAY < 3 && last > 2 {
                "<a href='sysconfig.do?p=3'>...</a>"
            } else {
                ""
            };
            list(&format!(
                "<table>{}</table>{links}{on}",
                rows(world, page * 5, 5, "")
            ))
        }
        _ => kit::page(world, ask),
    }
}

#[test]
fn other_labels_of_a_pager() {
    let pages: [fn(&mut World, &Ask) -> Reply; 4] = [labels::<0>, labels::<1>, labels::<2>, labels::<3>];
    for page in pages {
        Stage::of(Tenant {
            page,
            files: || many(17),
            ..plain()
        })
        .back_up();
    }
}

/// Further pages that nothing on the page leads to: its own words say that there are more.
fn half<const WAY: usize>(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "sysconfig.do") => {
            let more = match WAY {
                0 => "<p>Showing 1 &ndash; 10 of 14 files</p>",
                1 => "<p>Einträge 1 bis 10 von 14</p>",
                2 => {
                    "<form><button name=p value=1 disabled>1</button><button name=p value=2>2</button></form>"
                }
                3 => "<select onchange='go(this.value)'><option>1</option><option>2</option></select>",
                4 => "<a href='#' data-page=2>2</a>",
                _ => "<button onclick='more()'>Show more</button>",
            };
            list(&format!("<table>{}</table>{more}", rows(world, 0, 10, "")))
        }
        _ => kit::page(world, ask),
    }
}

#[test]
fn half_a_list_is_never_taken_for_a_whole_one() {
    type Page = fn(&mut World, &Ask) -> Reply;
    let pages: [Page; 6] = [half::<0>, half::<1>, half::<2>, half::<3>, half::<4>, half::<5>];
    for page in pages {
        let stage = Stage::of(Tenant {
            page,
            files: || many(14),
            ..plain()
        });
        stage.refuses(
            5,
            &["half a list is not kept", "system-configuration.further=none"],
        );
        // The operator knows better.
        stage.answer("system-configuration.further=none");
        stage.run(&["backup", "stage"]).says(0, &["Stored 10 documents"]);
    }
}

/// Things beside a whole list that only look like a pager.
fn no_pager(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "sysconfig.do") => list(&format!(
            "<form action=find.do><input name=q><button>&raquo;</button></form><p>1 - 6 of 6</p><table>{}</table>
             <ul><li class=disabled><a href='#'>&laquo;</a></li><li><a href='#'>1</a></li><li class=disabled><a href='#'>&raquo;</a></li></ul>
             <select name=size><option>10<option>25<option>50</select> <a href='javascript:void(0)'>Next</a> <p>Version 1 2 of 3</p>",
            rows(world, 0, 10, "")
        )),
        _ => kit::page(world, ask),
    }
}

#[test]
fn what_only_looks_like_a_pager() {
    Stage::of(Tenant {
        page: no_pager,
        ..plain()
    })
    .whole_story();
}
