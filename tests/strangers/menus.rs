//! Ways to the list: frames in frames, pages above pages, other languages, entries that look alike.

use super::kit::{self, Ask, Reply, Stage, Tenant, World, plain};

/// German, three levels deep by pages of their own, with a frame that is not there.
fn levels(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "main.do") => Reply::titled(
            "Lernverwaltung",
            "<iframe src='kopf.do'></iframe><iframe src='menue.do' title='Menü'></iframe><iframe src='gone.html'></iframe><iframe src='about:blank'></iframe>",
        ),
        ("GET", "kopf.do") => Reply::titled("", "<a href='logout.do' target=_top>Abmelden</a>"),
        ("GET", "menue.do") => Reply::titled(
            "",
            "<div><a href='m.do?k=1'>Lernen</a></div><div><a href='m.do?k=2'>Systemverwaltung</a></div><div><a href='m.do?k=3'>Berichte</a></div>",
        ),
        ("GET", "m.do") if ask.q("k") == "2" => Reply::titled(
            "Systemverwaltung",
            "<ul><li><a href='m.do?k=21'>Konfiguration &gt;</a><li><a href='m.do?k=22'>Werkzeuge</a></ul>",
        ),
        ("GET", "m.do") if ask.q("k") == "21" => Reply::titled(
            "Konfiguration",
            "<ul><li><a href='img.do'>Bilder</a><li><a href='sysconfig.do?s=1'>Systemkonfiguration</a><li><a href='r.do'>Systemkonfigurationsbericht</a></ul>",
        ),
        _ => kit::page(world, ask),
    }
}

#[test]
fn a_german_menu_three_levels_deep_with_a_frame_that_is_missing() {
    Stage::of(Tenant {
        page: levels,
        ..plain()
    })
    .whole_story();
}

/// The menu's entry opens a page whose frame holds the list; the file's page holds its form in a frame, too.
fn framed_list(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "main.do") => Reply::titled("LMS", "<a href='shell.do?p=conf'>System Configuration</a>"),
        ("GET", "shell.do") => Reply::titled(
            "LMS",
            "<a href='main.do'>Home</a><iframe src='crumbs.do'></iframe><iframe src='sysconfig.do'></iframe>",
        ),
        ("GET", "crumbs.do") => Reply::titled("", "<a href='main.do'>Administration</a>"),
        ("GET", "edit.do") if ask.q("inner").is_empty() => Reply::html(format!(
            "<frameset rows='30,*'><frame src='crumbs.do'><frame src='edit.do?inner=1&file={}'></frameset>",
            kit::enc(ask.q("file"))
        )),
        _ => kit::page(world, ask),
    }
}

#[test]
fn a_list_and_a_form_within_frames() {
    Stage::of(Tenant {
        page: framed_list,
        ..plain()
    })
    .whole_story();
}

/// Entries that look alike, and twins that lead to the same page with a token that changes.
fn alike(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "main.do") => Reply::titled(
            "LMS",
            "<a href='rep.do'>System Configuration Report</a><br><a href='hist.do'>System Configuration History</a><br>
             <a href='sysconfig.do?OWASP_CSRFTOKEN=AAAA-1111-BBBB-2222'>System Configuration</a><br><a href='sysconfig.do?OWASP_CSRFTOKEN=AAAA-1111-BBBB-3333#x'>SYSTEM CONFIGURATION</a>
             <a href='javascript:void(0)'>System Configuration</a>",
        ),
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
fn entries_that_look_alike_and_twins() {
    Stage::of(Tenant {
        page: alike,
        ..plain()
    })
    .whole_story();
}

/// Two entries with the very same words: a question that an address answers.
fn two_entries(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "main.do") => Reply::titled(
            "LMS",
            "<h3>Reports</h3><a href='open.do?page=rep'>System Configuration</a><h3>System</h3><a href='open.do?page=conf'>System Configuration</a>",
        ),
        ("GET", "open.do") if ask.q("page") == "conf" => Reply::redirect("sysconfig.do"),
        ("GET", "open.do") => Reply::titled("Report", "<p>Choose a date.</p>"),
        _ => kit::page(world, ask),
    }
}

#[test]
fn two_entries_of_one_name_are_a_question() {
    let stage = Stage::of(Tenant {
        page: two_entries,
        ..plain()
    });
    stage.refuses(
        5,
        &[
            "several entries",
            "open.do?page=rep",
            "open.do?page=conf",
            "instance set stage page system-configuration=",
        ],
    );
    stage.answer("system-configuration=/learning/admin/open.do?page=conf");
    stage.whole_story();
}

/// The entry goes by a name that nobody knows: the operator names it.
fn french(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "main.do") => Reply::titled(
            "Formation",
            "<a href='accueil.do'>Accueil</a><a href='sysconfig.do'>Configuration du syst&egrave;me</a>",
        ),
        _ => kit::page(world, ask),
    }
}

#[test]
fn an_entry_in_another_language_is_asked_for() {
    let stage = Stage::of(Tenant {
        page: french,
        ..plain()
    });
    stage.refuses(5, &["no entry", "instance set stage page system-configuration="]);
    stage.answer("system-configuration=Configuration du système");
    stage.whole_story();
}

/// The entry opens a page of its own that has tabs, one of them with the entry's name again.
fn tabs(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "main.do") => Reply::titled("LMS", "<a href='landing.do'>System Configuration</a>"),
        ("GET", "landing.do") => Reply::titled(
            "System Configuration",
            "<h1>System Configuration</h1><p>Choose what to configure.</p><a href='img.do'>Images</a> <a href='sysconfig.do'>System Configuration</a>",
        ),
        _ => kit::page(world, ask),
    }
}

#[test]
fn an_entry_that_opens_a_page_with_the_same_entry() {
    Stage::of(Tenant {
        page: tabs,
        ..plain()
    })
    .whole_story();
}

/// The role may not see the entry, or the list.
fn forbidden(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "sysconfig.do") => {
            Reply::titled("Denied", "<p>You are not permitted to view this page.</p>").status(403)
        }
        _ => kit::page(world, ask),
    }
}

#[test]
fn a_list_that_is_forbidden() {
    let stage = Stage::of(Tenant {
        page: forbidden,
        ..plain()
    });
    stage.refuses(5, &["forbidden", "View System Configuration"]);
}

/// The menu is JSON in a script, three levels deep; the links are made by it.
fn in_a_script(world: &mut World, ask: &Ask) -> Reply {
    let menu = r#"<div id=menu></div><script>
        function open(a) { if (a[0] === "[") { return {}; } }
        var shellMenu = {"items":[
          {"id":"HOME","title":"Home","url":"home.do"},
          {"id":"ADM","title":"System Admin","children":[
             {"id":"CFG","title":"Configuration","children":[
                {"id":"SYSCFG","title":"System Configuration","url":"sysconfig.do?menu=7","icon":"gear"},
                {"id":"PURGE","title":"Purge","url":"purge.do"}]}]}]};
        render(shellMenu);
      </script>"#;
    match ask.to() {
        ("GET", "main.do") => Reply::titled("Administration", menu),
        ("GET", "purge.do") => {
            world
                .wrong
                .push("an entry was followed that nobody asked for".into());
            Reply::missing()
        }
        _ => kit::page(world, ask),
    }
}

#[test]
fn a_menu_of_json_in_a_script() {
    Stage::of(Tenant {
        page: in_a_script,
        ..plain()
    })
    .whole_story();
}

/// The JSON names no entry that is known: all are offered.
fn in_a_script_otherwise(world: &mut World, ask: &Ask) -> Reply {
    let mut reply = in_a_script(world, ask);
    reply.text = reply
        .text
        .replace("System Configuration\",\"url", "Setup files\",\"url");
    reply
}

#[test]
fn a_menu_of_json_offers_its_entries() {
    let stage = Stage::of(Tenant {
        page: in_a_script_otherwise,
        ..plain()
    });
    stage
        .run(&["check", "stage"])
        .says(1, &["What it could be:", "Setup files", "Purge"]);
    stage.answer("system-configuration=Setup files");
    stage.whole_story();
}
