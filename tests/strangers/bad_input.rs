//! Pages that are wrong, and what is made of them: read as a browser reads them, or refused with nothing kept.

use encoding_rs::{UTF_8, WINDOWS_1252};

use super::kit::{self, Ask, Reply, Stage, Tenant, World, enc, esc, plain};

/// A page of the ordinary LMS, spoiled where its address says so.
fn spoiled(world: &mut World, ask: &Ask, page: &str, spoil: impl FnOnce(&mut Reply)) -> Reply {
    let mut reply = kit::page(world, ask);
    if ask.to() == ("GET", page) {
        spoil(&mut reply);
    }
    reply
}

fn at(page: fn(&mut World, &Ask) -> Reply) -> Stage {
    Stage::of(Tenant { page, ..plain() })
}

/// The page says UTF-8 of itself and is windows-1252.
#[test]
fn bytes_that_the_declared_charset_does_not_know() {
    let page = |world: &mut World, ask: &Ask| {
        let mut reply = kit::page(world, ask).unnamed();
        reply.replace("<head>", "<head><meta charset=utf-8>");
        reply
    };
    let stage = Stage::of(Tenant {
        page,
        charset: WINDOWS_1252,
        ..plain()
    });
    stage.refuses(5, &["`LMS_ADMIN` declares a charset it is not written in"]);
}

/// The page says windows-1252 of itself and is UTF-8: nothing can tell, and every byte goes back as it came.
#[test]
fn a_declared_charset_that_knows_all_bytes_loses_none() {
    let page = |world: &mut World, ask: &Ask| {
        let mut reply = kit::page(world, ask).unnamed();
        reply.replace("<head>", "<head><meta charset=windows-1252>");
        reply
    };
    let stage = Stage::of(Tenant {
        page,
        charset: UTF_8,
        ..plain()
    });
    stage.run(&["backup", "stage"]).says(0, &["Stored 6 documents"]);
    stage.restore_after_change(&["BIZX", "LMS_ADMIN", "CONNECTORS"]);
}

/// The text is shown with line ends of every sort, one after the other.
fn line_ends(world: &mut World, ask: &Ask) -> Reply {
    let text = world.text(ask.q("file"));
    spoiled(world, ask, "edit.do", |reply| {
        let shown = esc(&text.unwrap());
        let mut mixed = String::new();
        for (at, line) in shown.split_inclusive('\n').enumerate() {
            // A CR right before an LF would be one line end with it.
            let ends = if mixed.ends_with('\r') {
                ["\r", "\r\n"]
            } else {
                ["\n", "\r"]
            };
            mixed.push_str(&line.replace('\n', ends[at % 2]));
        }
        reply.replace(&shown, &mixed);
    })
}

#[test]
fn line_ends_of_every_sort() {
    at(line_ends).whole_story();
}

/// One text ends in the middle of a line; what closes the page is there (`1`), or not (`0`).
fn cut<const WAY: usize>(world: &mut World, ask: &Ask) -> Reply {
    spoiled(world, ask, "edit.do", |reply| {
        reply.cut_at("&amp;&amp; c");
        if WAY == 1 && ask.q("file") == "BIZX" {
            reply.add("</body></html>");
        }
    })
}

#[test]
fn a_text_cut_in_the_middle() {
    for page in [cut::<0> as fn(&mut World, &Ask) -> Reply, cut::<1>] {
        at(page).refuses(5, &["BIZX", "cut off"]);
    }
}

/// The list shows the same row twice: one file.
#[test]
fn a_row_that_stands_there_twice_is_one_file() {
    let page = |world: &mut World, ask: &Ask| {
        spoiled(world, ask, "sysconfig.do", |reply| {
            let row = "<tr><td>SSO</td><td>9 bytes</td><td><a href='edit.do?file=SSO'><img src=p.gif alt=Edit></a></td></tr>";
            reply.replace("</table>", &format!("{row}</table>"));
        })
    };
    at(page).whole_story();
}

/// A list of 57 rows, and what it says of its length.
fn claims<const WAY: usize>(world: &mut World, ask: &Ask) -> Reply {
    spoiled(world, ask, "sysconfig.do", |reply| {
        let claim = [
            "Showing 1 - 60 of 60",
            "60 records",
            "Total: 60",
            "Einträge 1 bis 57 von 60",
            "57 records, 100 records per page",
            "Records per page: 60",
        ][WAY];
        reply.replace("<h1>", &format!("<p>{claim}</p><h1>"));
    })
}

#[test]
fn a_list_that_claims_60_items_and_shows_57() {
    type Page = fn(&mut World, &Ask) -> Reply;
    let files = || -> Vec<(String, String)> {
        let file = |at: usize| (format!("FILE_{at:02}"), format!("number={at}\n"));
        (0..57).map(file).collect()
    };
    let pages: [Page; 4] = [claims::<0>, claims::<1>, claims::<2>, claims::<3>];
    for page in pages {
        let stage = Stage::of(Tenant {
            page,
            files,
            ..plain()
        });
        stage.refuses(
            5,
            &["says that it has 60 rows, and shows only 57: half a list is not kept"],
        );
    }
    let honest: [Page; 2] = [claims::<4>, claims::<5>];
    for page in honest {
        Stage::of(Tenant {
            page,
            files,
            ..plain()
        })
        .back_up();
    }
}

#[test]
fn a_page_of_20_mb() {
    let page = |world: &mut World, ask: &Ask| {
        spoiled(world, ask, "edit.do", |reply| {
            reply.replace("</textarea>", &format!("{}</textarea>", "x=1\n".repeat(5 << 20)));
        })
    };
    at(page).refuses(5, &["BIZX", "is larger than 16 MiB", "--except 'BIZX'"]);
}

/// The page leads in a circle by redirects (`0`), by refreshes (`1`), by scripts (`2`).
fn circle<const WAY: usize>(world: &mut World, ask: &Ask) -> Reply {
    let (from, to) = match ask.to() {
        ("GET", "edit.do") => ("edit.do", "other.do"),
        ("GET", "other.do") => ("other.do", "edit.do"),
        _ => return kit::page(world, ask),
    };
    let target = format!("{to}?file={}&from={from}", enc(ask.q("file")));
    match WAY {
        0 => Reply::redirect(target),
        1 => Reply::html(format!("<meta http-equiv=refresh content='0;url={target}'>")),
        _ => Reply::html(format!("<script>location.href = '{target}';</script>")),
    }
}

#[test]
fn pages_that_lead_in_a_circle() {
    type Page = fn(&mut World, &Ask) -> Reply;
    let pages: [Page; 3] = [circle::<0>, circle::<1>, circle::<2>];
    for page in pages {
        let stage = at(page);
        stage.refuses(5, &["BIZX", "redirects in circles"]);
        // A browser gives up as well, and asks no more often.
        assert!(
            stage.world(|w| w.log.len()) < 80,
            "{:#?}",
            stage.world(|w| w.log.clone())
        );
    }
}

/// List and edit pages stand behind a page that refreshes itself to them.
fn refreshed(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", page @ ("edit.do" | "sysconfig.do")) if ask.q("shown").is_empty() => Reply::html(format!(
            "<title>One moment</title><meta http-equiv=Refresh content='1; URL={page}?shown=1&amp;file={}'>",
            enc(ask.q("file"))
        )),
        _ => kit::page(world, ask),
    }
}

#[test]
fn pages_behind_a_meta_refresh() {
    at(refreshed).whole_story();
}

/// A refresh to another place is not followed.
#[test]
fn a_refresh_that_leads_away() {
    let page = |world: &mut World, ask: &Ask| match ask.to() {
        ("GET", "edit.do") => {
            Reply::html("<meta http-equiv=refresh content='0;url=http://127.0.0.1:9/edit.do'>")
        }
        _ => kit::page(world, ask),
    };
    at(page).refuses(5, &["shows no list whose items open a page with one large text"]);
}

/// One page is nothing but a script.
fn by_script<const WAY: usize>(world: &mut World, ask: &Ask) -> Reply {
    let page = ["main.do", "sysconfig.do", "edit.do"][WAY];
    match ask.to() {
        ("GET", path) if path == page => Reply::titled(
            "Learning Administration",
            "<div id=app>Loading…</div><noscript>Please enable JavaScript.</noscript><script src=app.js></script>",
        ),
        _ => kit::page(world, ask),
    }
}

#[test]
fn a_page_that_needs_a_script() {
    type Page = fn(&mut World, &Ask) -> Reply;
    let pages: [(Page, &str); 3] = [
        (
            by_script::<0>,
            "The start page `/learning/admin/main.do` is built by a script",
        ),
        (
            by_script::<1>,
            "`/learning/admin/sysconfig.do` (System Configuration) is built by a script",
        ),
        (by_script::<2>, "The page of `BIZX` is built by a script"),
    ];
    for (page, sentence) in pages {
        at(page).refuses(
            5,
            &[
                sentence,
                "which only a browser runs",
                "[part.service]",
                "lmskeep import stage DIR",
            ],
        );
    }
    let gate = |_: &mut World, _: &Ask| {
        Some(Reply::titled(
            "",
            "<div id=app></div><script src=app.js></script>",
        ))
    };
    let stage = Stage::of(Tenant { gate, ..plain() });
    stage.refuses(3, &["offers no native sign-in", "built by a script"]);
    assert_eq!(stage.world(|w| w.tries), 0);
}

/// The guard's token changes with every page, and only the newest counts. It stands in the form (`0`), in its address
/// (`1`), or in the guard's script alone (`2`).
fn token<const WAY: usize>(world: &mut World, ask: &Ask) -> Reply {
    let newest = format!(
        "ABCD-1234-EFGH-{:04}",
        world.notes.get("number").map_or(0, |n| n.parse().unwrap())
    );
    let (field, place) = (
        ask.field("OWASP_CSRFTOKEN").to_owned(),
        ask.q("OWASP_CSRFTOKEN").to_owned(),
    );
    if let ("POST", "save.do") = ask.to() {
        if [&field, &place][usize::from(WAY == 1)] != &newest {
            return Reply::titled("Error", "<p>Your request was not accepted.</p>");
        }
        let guard = ("OWASP_CSRFTOKEN", field.as_str());
        let (file, content, apply) = (("file", "*"), ("content", "*"), ("apply", "Apply Changes"));
        let wanted = match WAY {
            0 => vec![guard, file, content, apply],
            1 => vec![file, content, apply],
            _ => vec![file, content, apply, guard],
        };
        return kit::save(world, ask, &wanted, "content");
    }
    let fresh = format!("ABCD-1234-EFGH-{:04}", world.number());
    if ask.to() == ("GET", "/learning/JavaScriptServlet") {
        return Reply::html(format!("inject('OWASP_CSRFTOKEN', '{fresh}');"));
    }
    let mut reply = kit::page(world, ask);
    match WAY {
        0 => reply.replace(
            "<input type=hidden name=file",
            &format!("<input type=hidden name=OWASP_CSRFTOKEN value={fresh}><input type=hidden name=file"),
        ),
        1 => reply.replace("save.do", &format!("'save.do?OWASP_CSRFTOKEN={fresh}'")),
        _ => reply.replace(
            "</head>",
            "<script src=/learning/JavaScriptServlet></script></head>",
        ),
    }
    reply
}

#[test]
fn a_token_that_changes_with_every_page() {
    at(token::<0>).whole_story();
    at(token::<1>).whole_story();
    // A browser runs the script with each page; here it is read again once an old token was not taken.
    let stage = at(token::<2>);
    let before = stage.world(|w| w.files.clone());
    stage.back_up();
    stage.world(|w| w.files.iter_mut().for_each(|(_, text)| text.push_str("x=1\n")));
    stage.run(&["restore", "stage", "--yes"]).says(0, &[]);
    assert_eq!(stage.world(|w| w.files.clone()), before);
    stage.proper();
}
