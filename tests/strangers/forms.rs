//! Edit forms: what is sent must be what a browser sends, field by field.

use encoding_rs::WINDOWS_1252;

use super::kit::{self, Ask, Reply, Stage, Tenant, World, esc, plain};

/// Serves one edit form for all files: `FILE` and `TEXT` stand for the file's name and text.
fn form(world: &mut World, ask: &Ask, html: &str, wanted: &[(&str, &str)]) -> Reply {
    match ask.to() {
        ("GET", "edit.do") => match world.text(ask.q("file")) {
            Some(text) => Reply::titled(
                "Edit",
                &format!(
                    "<h3>{}</h3>{}",
                    ask.q("file"),
                    html.replace("FILE", ask.q("file")).replace("TEXT", &esc(&text))
                ),
            ),
            None => Reply::missing(),
        },
        (_, "save.do") if wanted.is_empty() => {
            world.wrong.push("something was sent".into());
            Reply::bad()
        }
        (_, "save.do") => {
            let mut ask = ask.clone();
            if ask.method == "GET" {
                ask.fields.clone_from(&ask.query);
            }
            let name = [ask.field("f"), ask.q("f")]
                .into_iter()
                .find(|n| !n.is_empty())
                .unwrap()
                .to_owned();
            let wanted: Vec<(&str, &str)> = wanted
                .iter()
                .map(|(n, v)| (*n, if *v == "FILE" { name.as_str() } else { *v }))
                .collect();
            if !world.sent(&ask, &wanted) {
                return Reply::bad();
            }
            world.store(&name, ask.field("t"));
            Reply::titled("Done", "<p>Saved.</p>")
        }
        _ => kit::page(world, ask),
    }
}

const MIXED: &str = "<form action='save.do?x=1&OWASP_CSRFTOKEN=ABCD-1234-EFGH-5678' method=post enctype='multipart/form-data'>
    <fieldset disabled><input name=never value=1></fieldset><input type=hidden name=f value='FILE'>
    <select name=enc><option value=1>Latin<option value=2 selected>UTF-8</select><select name=none multiple><option>a</select>
    <input type=radio name=mode value=a><input type=radio name=mode value=b checked><input type=checkbox name=c1 checked><input type=checkbox name=c2>
    <input name=comment value='keep me'><input type=text value=nameless><input type=button name=b1 value=Check><textarea name=t rows=9 wrap=soft>\nTEXT</textarea>
    <input type=reset name=r value=Reset><input type=submit name=del value='Delete'><input type=submit name=sv value='Save Changes'><input type=submit name=back value='Back'></form>";

#[test]
fn a_form_of_every_sort_of_control() {
    let page = |w: &mut World, a: &Ask| {
        let wanted = [
            ("f", "FILE"),
            ("enc", "2"),
            ("mode", "b"),
            ("c1", "on"),
            ("comment", "keep me"),
            ("t", "*"),
            ("sv", "Save Changes"),
        ];
        form(w, a, MIXED, &wanted)
    };
    Stage::of(Tenant { page, ..plain() }).whole_story();
}

#[test]
fn a_button_known_by_its_name_only() {
    let page = |w: &mut World, a: &Ask| {
        let html = "<form action=save.do method=post><input type=hidden name=f value='FILE'><input type=submit name=cancel_bottom value='X'><textarea name=t>\nTEXT</textarea><input type=submit name=applyChanges_bottom value='OK'></form>";
        form(
            w,
            a,
            html,
            &[("f", "FILE"), ("t", "*"), ("applyChanges_bottom", "OK")],
        )
    };
    Stage::of(Tenant { page, ..plain() }).whole_story();
}

#[test]
fn a_button_known_by_its_id_only() {
    let page = |w: &mut World, a: &Ask| {
        let html = "<form action=save.do method=post><input type=hidden name=f value='FILE'><textarea name=t>\nTEXT</textarea><button id=submitbutton>Los</button><button id=checkbutton>Test</button></form>";
        form(w, a, html, &[("f", "FILE"), ("t", "*")])
    };
    Stage::of(Tenant { page, ..plain() }).whole_story();
}

#[test]
fn a_form_without_method_and_a_file_named_in_plain_text() {
    let page = |w: &mut World, a: &Ask| {
        let html = "<p>File: <b>FILE</b></p><form action=save.do><input type=hidden name=f value='FILE'><textarea name=t>\nTEXT</textarea><input type=submit value='Apply Changes'></form>";
        form(w, a, html, &[("f", "FILE"), ("t", "*")])
    };
    Stage::of(Tenant { page, ..plain() }).whole_story();
}

/// The file is named neither in a field nor in a heading or title, but in a cell beside the text.
fn said_in_a_cell(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "edit.do") => match world.text(ask.q("file")) {
            Some(text) => Reply::titled(
                "Configuration",
                &format!(
                    "<table><tr><td>File name</td><td>{0}</td></tr></table><form action='save.do' method=post><textarea name=t>\n{1}</textarea><input type=submit name=s value='Apply Changes'></form>",
                    ask.q("file"), esc(&text)
                ),
            )
            .header("Set-Cookie", format!("EDITING={}; Path=/", ask.q("file"))),
            None => Reply::missing(),
        },
        ("POST", "save.do") => {
            if world.sent(ask, &[("t", "*"), ("s", "Apply Changes")]) {
                world.store(&ask.cookies["EDITING"].clone(), ask.field("t"));
            }
            Reply::redirect("sysconfig.do")
        }
        _ => kit::page(world, ask),
    }
}

#[test]
fn a_file_named_in_a_cell_only() {
    Stage::of(Tenant {
        page: said_in_a_cell,
        ..plain()
    })
    .whole_story();
}

#[test]
fn a_search_box_and_a_jump_list_on_every_page() {
    let page = |w: &mut World, a: &Ask| {
        let html = "<form action=search.do method=post><input name=q><textarea name=note hidden disabled></textarea><input type=submit name=s value='Save search'></form>
            <form action=jump.do><select name=file><option>BIZX<option>SSO<option>CONNECTORS</select><input type=submit value=Go></form>
            <form action=save.do method=post><input type=hidden name=f value='FILE'><textarea name=t>\nTEXT</textarea><input type=submit value='Apply Changes' name=a></form>";
        form(w, a, html, &[("f", "FILE"), ("t", "*"), ("a", "Apply Changes")])
    };
    let stage = Stage::of(Tenant { page, ..plain() });
    let told = stage.run(&["backup", "stage"]);
    // A second text, even a disabled one, is another reading.
    if told.code == 5 {
        told.says(5, &["`note`", "`t`", "system-configuration.text="]);
        stage.answer("system-configuration.text=t");
    }
    stage.whole_story();
}

#[test]
fn a_text_that_begins_right_behind_its_tag() {
    let page = |w: &mut World, a: &Ask| {
        let html = "<form action=save.do method=post><input type=hidden name=f value='FILE'><textarea name=t>TEXT</textarea><input type=submit value='Apply Changes'></form>";
        form(w, a, html, &[("f", "FILE"), ("t", "*")])
    };
    let files = || {
        kit::texts()
            .into_iter()
            .map(|(n, t)| (n, t.trim_start().to_owned()))
            .collect()
    };
    Stage::of(Tenant {
        page,
        files,
        ..plain()
    })
    .whole_story();
}

/// A text that the page wants broken: lines that fit are sent, longer ones are refused before anything is.
#[test]
fn hard_wrapped_text() {
    let page = |w: &mut World, a: &Ask| {
        let html = "<form action=save.do method=post><input type=hidden name=f value='FILE'><textarea name=t cols=40 wrap=hard>\nTEXT</textarea><input type=submit value='Apply Changes'></form>";
        form(w, a, html, &[("f", "FILE"), ("t", "*")])
    };
    let files = || {
        vec![
            ("BIZX".to_owned(), "short=1\n".to_owned()),
            ("SSO".to_owned(), format!("long={}\n", "word ".repeat(12))),
        ]
    };
    let stage = Stage::of(Tenant {
        page,
        files,
        ..plain()
    });
    stage.back_up();
    stage.restore_after_change(&["BIZX"]);
    stage.world(|w| {
        w.files[1].1 = "long=other\n".into();
        w.log.clear();
    });
    stage
        .run(&["restore", "stage", "--yes"])
        .says(9, &["wrap=hard", "SSO"]);
    assert_eq!(
        stage.world(|w| w.log.iter().filter(|l| l.starts_with("POST")).count()),
        1
    );
}

/// What cannot be written is kept, marked, and never sent: one file is read-only, in each of several ways.
#[test]
fn read_only_pages_are_kept_and_not_written() {
    const WAYS: [&str; 6] = [
        "<form action=save.do method=post><input type=hidden name=f value='FILE'><textarea name=t readonly>\nTEXT</textarea><input type=submit value='Apply Changes'></form>",
        "<form action=save.do method=post><input type=hidden name=f value='FILE'><textarea name=t>\nTEXT</textarea></form>",
        "<form action=save.do method=post><input type=hidden name=f value='FILE'><textarea name=t>\nTEXT</textarea><input type=submit disabled value='Apply Changes'><input type=submit value=Cancel></form>",
        "<h4>View</h4><textarea rows=20 readonly>\nTEXT</textarea><p><a href=sysconfig.do>Back</a></p>",
        "<form action=save.do method=post><input type=hidden name=f value='FILE'><textarea>\nTEXT</textarea><input type=submit value='Apply Changes'></form>",
        "<form action=save.do method=post><input type=hidden name=f value='FILE'><fieldset disabled><textarea name=t>\nTEXT</textarea></fieldset><input type=submit value='Apply Changes'></form>",
    ];
    fn page<const WAY: usize>(world: &mut World, ask: &Ask) -> Reply {
        if ask.q("file") == "SSO" {
            form(world, ask, WAYS[WAY], &[])
        } else {
            kit::page(world, ask)
        }
    }
    type Page = fn(&mut World, &Ask) -> Reply;
    let ways: [Page; 6] = [page::<0>, page::<1>, page::<2>, page::<3>, page::<4>, page::<5>];
    for (way, page) in ways.into_iter().enumerate() {
        let stage = Stage::of(Tenant { page, ..plain() });
        let told = stage.back_up();
        assert!(
            told.text.contains("`configuration/SSO` is read-only"),
            "{way}: {}",
            told.text
        );
        stage.restore_after_change(&["BIZX"]);
        stage.world(|w| {
            w.files[5].1 = "sso.on=true\n".into();
            w.log.clear();
        });
        stage.run(&["restore", "stage", "--yes"]).says(9, &["SSO"]);
        stage.proper();
    }
}

/// A page in Latin-1 that has to show what Latin-1 lacks.
#[test]
fn letters_that_the_charset_lacks() {
    let page = |w: &mut World, a: &Ask| {
        let html = "<form action=save.do method=post accept-charset=utf-8><input type=hidden name=f value='FILE'><textarea name=t>\nTEXT</textarea><input type=submit value='Apply Changes'></form>";
        let mut ask = a.clone();
        // This server reads its forms as UTF-8, as the form says.
        for (_, value) in &mut ask.fields {
            *value = String::from_utf8(WINDOWS_1252.encode(value).0.into_owned()).unwrap_or_default();
        }
        form(w, &ask, html, &[("f", "FILE"), ("t", "*")])
    };
    let files = || vec![("BIZX".to_owned(), "a=→ Ω 語 😀 ü\n".to_owned())];
    let stage = Stage::of(Tenant {
        page,
        files,
        charset: WINDOWS_1252,
        ..plain()
    });
    stage.back_up();
    stage.restore_after_change(&["BIZX"]);
}

/// The same page with a form in its own charset: what it lacks would be stored as `&#8594;`.
#[test]
fn a_letter_that_the_form_cannot_send_is_not_sent() {
    let files = || {
        let text = |text: &str| text.to_owned();
        vec![
            (text("BIZX"), text("a=1\nb=→ Ω\n")),
            (text("SSO"), text("a=ü €\n")),
        ]
    };
    let stage = Stage::of(Tenant {
        files,
        charset: WINDOWS_1252,
        ..plain()
    });
    stage.back_up();
    stage.world(|w| {
        w.files
            .iter_mut()
            .for_each(|(_, text)| *text = "a=2\n".to_owned())
    });
    stage.run(&["restore", "stage", "--yes"]).says(
        7,
        &[
            "SSO   written",
            "line 2 has `→`, which its page cannot send: the form is in windows-1252",
        ],
    );
    assert_eq!(stage.world(|w| w.text("BIZX")).unwrap(), "a=2\n");
    assert_eq!(stage.world(|w| w.text("SSO")).unwrap(), "a=ü €\n");
    let saves = |w: &mut World| w.log.iter().filter(|line| line.contains("save.do")).count();
    assert_eq!(stage.world(saves), 1);
    stage.proper();
}
