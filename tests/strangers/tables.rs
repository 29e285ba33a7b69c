//! Old tables: XHTML of the last century, layout in cells, icons in rows, other tables all around.

use encoding_rs::WINDOWS_1252;

use super::kit::{self, Ask, Reply, Stage, Tenant, World, enc, esc, plain, save};

/// XHTML 1.0, windows-1252, nested framesets, tables within tables, no ids, two twins of the button.
fn xhtml(world: &mut World, ask: &Ask) -> Reply {
    let head = "<?xml version=\"1.0\" encoding=\"windows-1252\"?>\n<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\" \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd\">\n<html xmlns=\"http://www.w3.org/1999/xhtml\"><head><meta http-equiv=\"Content-Type\" content=\"text/html; charset=windows-1252\" /><title>Plateau</title></head>";
    let page = |body: &str| Reply::html(format!("{head}{body}</html>")).unnamed();
    match ask.to() {
        ("GET", "main.do") => page(
            "<frameset rows=\"60,*\"><frame src=\"top.do\" name=\"top\" /><frameset cols=\"200,*\"><frame src=\"nav.do\" name=\"nav\" /><frame src=\"blank.html\" name=\"body\" /></frameset></frameset>",
        ),
        ("GET", "top.do") => page("<body><a href=\"logout.do\" target=\"_top\">Logout</a></body>"),
        ("GET", "nav.do") => page(
            "<body><table border=\"0\"><tr><td><img src=\"b.gif\" alt=\"\" /></td><td><a href=\"confList.do?adminShellMenuId=4\" target=\"body\">&raquo;&nbsp;System&nbsp;Configuration</a></td></tr>
             <tr><td><img src=\"b.gif\" alt=\"\" /></td><td><a href=\"apm.do\" target=\"body\">&raquo;&nbsp;Automatic Processes</a></td></tr></table></body>",
        ),
        ("GET", "confList.do") => {
            let rows: String = world
                .files
                .iter()
                .enumerate()
                .map(|(i, (name, _))| {
                    format!(
                        "<tr bgcolor=\"#eee\"><td width=\"20\"><a href=\"confEdit.do?fileName={}&amp;adminShellMenuId=4\"><img src=\"pencil.gif\" border=\"0\" alt=\"\" /></a></td><td><font size=\"2\">{}</font></td><td><font size=\"2\">0{}/11/2025</font></td></tr>",
                        enc(name), esc(name), i + 1
                    )
                })
                .collect();
            page(&format!(
                "<body><table width=\"100%\"><tr><td><table><tr><td><a href=\"main.do\">Home</a></td><td><a href=\"help.do\">Help</a></td></tr></table></td></tr>
                 <tr><td><b>System Configuration</b><table cellpadding=\"2\"><tr><td>&nbsp;</td><td><b><a href=\"confList.do?sort=name\">File</a></b></td><td><b><a href=\"confList.do?sort=date\">Changed</a></b></td></tr>{rows}</table></td></tr></table></body>"
            ))
        }
        ("GET", "confEdit.do") => match world.text(ask.q("fileName")) {
            Some(text) => page(&format!(
                "<body><table><form name=\"f\" action=\"confSave.do\" method=\"post\"><input type=\"hidden\" name=\"fileName\" value=\"{0}\" /><input type=\"hidden\" name=\"adminShellMenuId\" value=\"4\" />
                 <tr><td><input type=\"submit\" id=\"submitbutton\" name=\"applyChanges_top\" value=\"Apply Changes\" /><input type=\"button\" value=\"Cancel\" /></td></tr>
                 <tr><td>{0}</td></tr><tr><td><textarea name=\"fileText\" rows=\"25\" cols=\"90\" wrap=\"off\">\n{1}</textarea></td></tr>
                 <tr><td><input type=\"submit\" id=\"submitbutton\" name=\"applyChanges_bottom\" value=\"Apply Changes\" /><input type=\"reset\" value=\"Reset\" /></td></tr></form></table></body>",
                esc(ask.q("fileName")), esc(&text)
            )),
            None => Reply::missing(),
        },
        ("POST", "confSave.do") => {
            let name = ask.field("fileName").to_owned();
            let wanted = [
                ("fileName", name.as_str()),
                ("adminShellMenuId", "4"),
                ("applyChanges_top", "Apply Changes"),
                ("fileText", "*"),
            ];
            if world.sent(ask, &wanted) {
                world.store(&name, ask.field("fileText"));
            }
            page("<body>Your changes have been applied.</body>")
        }
        _ => Reply::missing(),
    }
}

#[test]
fn xhtml_in_framesets_and_tables_without_ids() {
    Stage::of(Tenant {
        page: xhtml,
        charset: WINDOWS_1252,
        ..plain()
    })
    .whole_story();
}

/// A table among tables: news, recently used files with links of their own, sort links, letters, a search box.
fn crowded(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "sysconfig.do") => {
            let link = |name: &str, from: &str| {
                format!("<a href='edit.do?file={}{from}'>{}</a>", enc(name), esc(name))
            };
            let recent: String = ["SSO", "BIZX"]
                .iter()
                .map(|name| {
                    format!(
                        "<tr><td>{}</td><td>yesterday</td></tr>",
                        link(name, "&from=recent")
                    )
                })
                .collect();
            let letters: String = ('A'..='Z')
                .map(|c| format!("<a href='sysconfig.do?letter={c}'>{c}</a> "))
                .collect();
            let wanted: Vec<&(String, String)> = world
                .files
                .iter()
                .filter(|(n, _)| n.starts_with(ask.q("letter")))
                .collect();
            let rows: String = wanted
                .iter()
                .map(|(name, _)| format!("<tr><td>{}</td><td>Text</td><td>1</td></tr>", link(name, "")))
                .collect();
            Reply::titled(
                "System Configuration",
                &format!(
                    "<form action=search.do><input type=search name=q><input type=submit value=Search></form>
                     <h3>News</h3><table><tr><td><a href='news.do?id=1'>Release 2H 2025</a></td><td>soon</td></tr><tr><td><a href='news.do?id=2'>Maintenance</a></td><td>now</td></tr></table>
                     <h3>Recently used</h3><table><tr><th>File</th><th>When</th></tr>{recent}</table>
                     <p>{letters}<a href='sysconfig.do'>All</a></p>
                     <table><tr><th><a href='sysconfig.do?sort=name'>File</a></th><th><a href='sysconfig.do?sort=kind'>Kind</a></th><th>No.</th></tr>{rows}</table>"
                ),
            )
        }
        ("GET", "news.do") => Reply::titled("News", "<p>Nothing new.</p>"),
        _ => kit::page(world, ask),
    }
}

#[test]
fn a_list_among_news_recent_files_sort_links_and_letters() {
    Stage::of(Tenant {
        page: crowded,
        ..plain()
    })
    .whole_story();
}

/// The rows carry numbers, versions and dates; the page names its file in a hidden field of an unlike name.
fn numbered(world: &mut World, ask: &Ask) -> Reply {
    let at = |id: &str| id.parse::<usize>().ok().and_then(|id| id.checked_sub(100));
    match ask.to() {
        ("GET", "sysconfig.do") => {
            let rows: String = world
                .files
                .iter()
                .enumerate()
                .map(|(i, (name, _))| {
                    format!(
                        "<tr><td>{}</td><td>{}</td><td>1.{i}</td><td>2025-11-0{}</td><td><a href='edit.do?id={}'>Edit</a></td></tr>",
                        i + 1, esc(name), i + 1, 100 + i
                    )
                })
                .collect();
            Reply::titled("LMS", &format!("<table><tbody>{rows}</tbody></table>"))
        }
        ("GET", "edit.do") => match at(ask.q("id")).and_then(|at| world.files.get(at).cloned().map(|f| (at, f))) {
            Some((at, (name, text))) => Reply::titled(
                "LMS",
                &format!(
                    "<form action='save.do?id={3}' method=post><input type=hidden name=cfg value='{0}'><input type=hidden name=version value='1.{2}'><input type=hidden name=date value='2025-11-0{4}'>
                     <textarea name=t>\n{1}</textarea><button name=go value=1>Save</button></form>",
                    esc(&name), esc(&text), at, at + 100, at + 1
                ),
            ),
            None => Reply::missing(),
        },
        ("POST", "save.do") => {
            let (at, name) = (at(ask.q("id")).unwrap(), ask.field("cfg").to_owned());
            let (version, date) = (format!("1.{at}"), format!("2025-11-0{}", at + 1));
            let wanted =
                [("cfg", name.as_str()), ("version", &version), ("date", &date), ("t", "*"), ("go", "1")];
            if !world.sent(ask, &wanted) || world.files[at].0 != name {
                return Reply::bad();
            }
            world.store(&name, ask.field("t"));
            Reply::redirect("sysconfig.do")
        }
        _ => kit::page(world, ask),
    }
}

#[test]
fn a_row_whose_version_and_date_stand_in_its_page_too() {
    Stage::of(Tenant {
        page: numbered,
        ..plain()
    })
    .whole_story();
}

/// One table for everything: the whole row is made of links to the same page, and the form is within cells.
fn linked_rows(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "sysconfig.do") => {
            let rows: String = world
                .files
                .iter()
                .map(|(name, text)| {
                    let to = format!("edit.do?file={}", enc(name));
                    format!(
                        "<tr><td><a href='{to}'>{}</a></td><td><a href='{to}'>{}</a></td><td><a href='{to}'>Text</a></td></tr>",
                        esc(name), text.len()
                    )
                })
                .collect();
            Reply::titled("System Configuration", &format!("<table>{rows}</table>"))
        }
        ("GET", "edit.do") if world.text(ask.q("file")).is_some() => {
            let (name, text) = (ask.q("file"), world.text(ask.q("file")).unwrap());
            Reply::titled(
                "Edit",
                &format!(
                    "<table><tr><th>File:</th><td>{0}</td></tr><form method=post action='save.do?file={2}&OWASP_CSRFTOKEN=AAAA-BBBB-CCCC-1234'><tr><td>Text</td><td><textarea name=body>\n{1}</textarea></td></tr>
                     <tr><td></td><td><input type=image src=save.gif name=save alt='Apply Changes'><input type=image src=undo.gif name=undo alt='Cancel'></td></tr></form></table>",
                    esc(name), esc(&text), enc(name)
                ),
            )
        }
        ("POST", "save.do") if ask.q("OWASP_CSRFTOKEN") == "AAAA-BBBB-CCCC-1234" => save(
            world,
            ask,
            &[("body", "*"), ("save.x", "*"), ("save.y", "*")],
            "body",
        ),
        ("POST", "save.do") => Reply::bad(),
        _ => kit::page(world, ask),
    }
}

#[test]
fn whole_rows_of_links_and_a_picture_that_saves() {
    Stage::of(Tenant {
        page: linked_rows,
        ..plain()
    })
    .whole_story();
}
