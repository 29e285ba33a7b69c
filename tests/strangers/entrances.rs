//! Doors: other forms, other fields, other ways to say yes.

use crate::network::proxies::{Manner, Proxy};

use super::kit::{self, Ask, Reply, Stage, Tenant, USER, World, plain};

fn admitted(world: &mut World) -> String {
    let id = format!("S{}", world.number());
    world.inside.insert(id.clone());
    format!("JSESSIONID={id}; Path=/learning/admin; HttpOnly")
}

fn known(world: &World, ask: &Ask) -> bool {
    ask.cookies
        .get("JSESSIONID")
        .is_some_and(|id| world.inside.contains(id))
}

/// A search form and a locale form beside it, `j_username`, no button at all, and a meta refresh as the yes.
fn servlet_form(world: &mut World, ask: &Ask) -> Option<Reply> {
    let form = || {
        Reply::titled(
            "Welcome",
            "<form action=find.do><input name=q><input type=submit value=Search></form>
             <form action=locale.do method=post><select name=locale><option value=en selected>English<option value=de>Deutsch</select><button>OK</button></form>
             <form action=j_security_check method=post><input type=hidden name=url value=''><input type=text name=j_username><input type=password name=j_password></form>",
        )
    };
    match ask.to() {
        ("GET", "nativelogin.jsp") => Some(form()),
        ("POST", "j_security_check") => {
            world.sent(ask, &[("url", ""), ("j_username", USER), ("j_password", "*")]);
            if !world.admits(ask.field("j_username"), ask.field("j_password")) {
                return Some(Reply::redirect("nativelogin.jsp?error=1"));
            }
            let cookie = admitted(world);
            let page = Reply::html(
                "<html><head><meta http-equiv='refresh' content='0; URL=enter.do?ticket=T-77'></head><body>One moment…</body></html>",
            );
            Some(page.header("Set-Cookie", cookie))
        }
        ("GET", "enter.do") if known(world, ask) && ask.q("ticket") == "T-77" => {
            world.notes.insert("entered".into(), "1".into());
            Some(Reply::redirect("main.do?fromSF=y"))
        }
        _ if known(world, ask) && world.notes.contains_key("entered") => None,
        _ => Some(form()),
    }
}

#[test]
fn the_servlets_fields_without_a_button_and_a_meta_refresh() {
    Stage::of(Tenant {
        gate: servlet_form,
        ..plain()
    })
    .whole_story();
}

/// Several buttons, a script as the yes, tokens in a hidden field, cookies with paths, a sticky one.
fn many_buttons(world: &mut World, ask: &Ask) -> Option<Reply> {
    let form = || {
        Reply::titled(
            "Log On",
            "<form name=login action='/learning/admin/logon.do' method=post><input type=hidden name=OWASP_CSRFTOKEN value='QWER-TYUI-OPAS-1234'>
             <table><tr><td>User ID:<td><input name=userId></tr><tr><td>Password:<td><input type=password name=pwd></tr></table>
             <input type=checkbox name=remember value=1><button name=act value=forgot type=submit>Forgot password?</button><button name=act value=go type=submit>Sign In</button></form>",
        )
        .header("Set-Cookie", "route=n1; Path=/")
    };
    match ask.to() {
        ("POST", "logon.do") => {
            world.sent(
                ask,
                &[
                    ("OWASP_CSRFTOKEN", "QWER-TYUI-OPAS-1234"),
                    ("userId", USER),
                    ("pwd", "*"),
                    ("act", "go"),
                ],
            );
            if !world.admits(ask.field("userId"), ask.field("pwd")) || !ask.cookies.contains_key("route") {
                return Some(form());
            }
            let cookie = admitted(world);
            let page = Reply::html(
                "<html><head><script>\n// go on\nwindow.top.location.href = \"\\/learning\\/admin\\/hello.do?x=1\";\n</script></head><body></body></html>",
            );
            Some(page.header("Set-Cookie", cookie))
        }
        ("GET", "hello.do") if known(world, ask) => {
            world.notes.insert("hello".into(), String::new());
            Some(Reply::html("<script>location.replace('main.do')</script>"))
        }
        _ if known(world, ask) && ask.cookies.contains_key("route") && world.notes.contains_key("hello") => {
            None
        }
        _ => Some(form()),
    }
}

#[test]
fn several_buttons_and_a_script_that_goes_on() {
    Stage::of(Tenant {
        gate: many_buttons,
        ..plain()
    })
    .whole_story();
}

/// No cookies: the session is in the path of every address.
fn in_the_path(world: &mut World, ask: &Ask) -> Option<Reply> {
    let session = ask
        .path
        .split_once(";jsessionid=")
        .map(|(_, id)| id.to_owned())
        .unwrap_or_default();
    match ask.to() {
        ("POST", "signin.do") if session == "NEW" => {
            if !world.admits(ask.field("userName"), ask.field("password")) {
                return Some(kit::login_form("No."));
            }
            let id = format!("P{}", world.number());
            world.inside.insert(id.clone());
            Some(Reply::redirect(format!(
                "/learning/admin/main.do;jsessionid={id}"
            )))
        }
        _ if world.inside.contains(&session) => None,
        _ => {
            let mut form = kit::login_form("");
            form.replace("signin.do", "signin.do;jsessionid=NEW");
            Some(form)
        }
    }
}

/// Rewrites every address of a page as a server does for those without cookies.
fn rewritten(world: &mut World, ask: &Ask) -> Reply {
    let id = ask
        .path
        .split_once(';')
        .map(|(_, id)| format!(";{id}"))
        .unwrap_or_default();
    let mut reply = kit::page(world, ask);
    for page in ["home.do", "sysconfig.do", "edit.do", "save.do", "logout.do"] {
        reply.replace(page, &format!("{page}{id}"));
    }
    reply
}

#[test]
fn a_session_in_the_path_instead_of_a_cookie() {
    Stage::of(Tenant {
        gate: in_the_path,
        page: rewritten,
        ..plain()
    })
    .whole_story();
}

#[test]
fn a_session_in_the_path_behind_a_proxy() {
    let stage = Stage::of(Tenant {
        gate: in_the_path,
        page: rewritten,
        ..plain()
    });
    let proxy = Proxy::start(Manner::Through(None));
    let told = stage.run(&["backup", "stage", "--proxy", &proxy.url()]);
    assert_eq!(told.code, 0, "{}", told.text);
    assert!(!proxy.heads().is_empty());
    assert!(stage.world(|world| world.log.iter().any(|line| line.contains(";jsessionid=P"))));
}

/// The sign-in page is a frame of the page that is known.
fn framed(world: &mut World, ask: &Ask) -> Option<Reply> {
    match ask.to() {
        ("GET", "nativelogin.jsp") => Some(Reply::html(
            "<html><frameset rows='80,*'><frame src='logo.html'><frame src='nativelogin2.jsp'></frameset></html>",
        )),
        ("GET", "nativelogin2.jsp") => Some(kit::login_form("")),
        _ => kit::gate(world, ask),
    }
}

#[test]
fn a_sign_in_form_within_a_frame() {
    Stage::of(Tenant {
        gate: framed,
        ..plain()
    })
    .whole_story();
}

/// The session ends after every twelfth page, each time in another way.
fn forgetful(world: &mut World, ask: &Ask) -> Option<Reply> {
    if known(world, ask) && ask.to().0 == "GET" && ask.to().1 != "main.do" {
        let seen: usize = world.notes.get("seen").map_or(0, |n| n.parse().unwrap()) + 1;
        world.notes.insert("seen".into(), seen.to_string());
        if seen.is_multiple_of(12) {
            world.inside.clear();
        }
    }
    if known(world, ask) || matches!(ask.to(), (_, "nativelogin.jsp" | "signin.do")) {
        return kit::gate(world, ask);
    }
    let way = world.notes.get("way").map_or(0, |n| n.parse::<usize>().unwrap());
    world.notes.insert("way".into(), (way + 1).to_string());
    Some(match way % 5 {
        0 => Reply::titled(
            "Session",
            "<p>Your session has expired.</p><a href='nativelogin.jsp'>Log in again</a>",
        ),
        1 => Reply::html("<script>top.location.href='nativelogin.jsp?timeout=1';</script>"),
        2 => Reply::titled("Unauthorized", "<p>Unauthorized</p>").status(401),
        3 => {
            Reply::html("<html><head><meta http-equiv=refresh content='0;url=nativelogin.jsp'></head></html>")
        }
        _ => Reply::redirect("/learning/admin/nativelogin.jsp?expired=true"),
    })
}

#[test]
fn sessions_that_end_in_the_middle_are_renewed() {
    let files = || {
        (0..62)
            .map(|i| (format!("F{i:02}"), format!("a={i}\n")))
            .collect()
    };
    let stage = Stage::of(Tenant {
        gate: forgetful,
        files,
        ..plain()
    });
    stage.back_up();
}

/// Two text fields beside the password: which is the user's is not guessed.
fn two_fields(world: &mut World, ask: &Ask) -> Option<Reply> {
    match ask.to() {
        ("POST", "in.do") => {
            world.wrong.push("a guess was sent".into());
            Some(Reply::redirect("nativelogin.jsp"))
        }
        _ => Some(Reply::titled(
            "Log in",
            "<form action=in.do method=post><input name=login><input name=tenant><input type=password name=pw><button>Go</button></form>",
        )),
    }
}

#[test]
fn two_fields_that_may_be_the_users_are_not_guessed() {
    let stage = Stage::of(Tenant {
        gate: two_fields,
        ..plain()
    });
    stage.refuses(5, &["`login`", "`tenant`"]);
}

/// Enters with a company beside the user, whose field is named as the product names it.
fn with_company(world: &mut World, ask: &Ask) -> Option<Reply> {
    match ask.to() {
        ("GET", "nativelogin.jsp") => Some(Reply::titled(
            "Log in",
            "<form action=signin.do method=post><input type=hidden name=loginType value=native><input name=userName><input name=company value=ACME readonly><input type=password name=password><button name=submit value='Log In'>Go</button></form>",
        )),
        ("POST", "signin.do") => {
            let wanted = [
                ("loginType", "native"),
                ("userName", USER),
                ("company", "ACME"),
                ("password", "*"),
                ("submit", "Log In"),
            ];
            world.sent(ask, &wanted);
            let mut ask = ask.clone();
            ask.fields.retain(|(name, _)| name != "company");
            kit::gate(world, &ask)
        }
        _ => kit::gate(world, ask),
    }
}

#[test]
fn a_company_beside_the_user() {
    Stage::of(Tenant {
        gate: with_company,
        ..plain()
    })
    .whole_story();
}

/// A frame has nothing but the way out, which leads to the sign-in page: it is no reason to sign in again.
fn only_the_way_out(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "main.do") => {
            Reply::html("<frameset rows='30,*'><frame src='top.do'><frame src='menu.do'></frameset>")
        }
        ("GET", "top.do") => Reply::titled(
            "",
            "<b>LMS</b> <a href='nativelogin.jsp?logout=1' target=_top>Log out</a>",
        ),
        ("GET", "menu.do") => Reply::titled("", "<a href='sysconfig.do'>System Configuration</a>"),
        _ => kit::page(world, ask),
    }
}

#[test]
fn a_frame_with_nothing_but_the_way_out() {
    Stage::of(Tenant {
        page: only_the_way_out,
        ..plain()
    })
    .whole_story();
}

/// The guard's token stands in the links of one page only: the shell's (`0`), or the list's (`1`).
fn token_elsewhere<const WAY: usize>(world: &mut World, ask: &Ask) -> Reply {
    let page = ["main.do", "sysconfig.do"][WAY];
    match ask.to() {
        ("GET", path) if path == page => {
            let mut reply = kit::page(world, ask);
            reply.replace(
                "</body>",
                "<a href='help.do?OWASP_CSRFTOKEN=ABCD-1234-EFGH-5678'>Help</a></body>",
            );
            reply
        }
        ("POST", "save.do") => {
            let wanted = [
                ("file", "*"),
                ("content", "*"),
                ("apply", "Apply Changes"),
                ("OWASP_CSRFTOKEN", "ABCD-1234-EFGH-5678"),
            ];
            kit::save(world, ask, &wanted, "content")
        }
        _ => kit::page(world, ask),
    }
}

#[test]
fn a_token_that_another_page_shows() {
    for page in [
        token_elsewhere::<0> as fn(&mut World, &Ask) -> Reply,
        token_elsewhere::<1>,
    ] {
        Stage::of(Tenant { page, ..plain() }).whole_story();
    }
}

/// The shell alone shows the guard's token, and the guard takes another one once the list was read; what comes with
/// the old one is answered politely, and not done.
fn token_moves_on(world: &mut World, ask: &Ask) -> Reply {
    let moved = world
        .notes
        .get("moved")
        .map_or(0, |n| n.parse::<usize>().unwrap());
    let token = format!("ABCD-1234-EFGH-{moved:04}");
    match ask.to() {
        ("GET", "main.do") => {
            let mut reply = kit::page(world, ask);
            let link = format!("<a href='help.do?OWASP_CSRFTOKEN={token}'>Help</a></body>");
            reply.replace("</body>", &link);
            reply
        }
        ("GET", "sysconfig.do") => {
            world.notes.insert("moved".into(), (moved + 1).to_string());
            kit::page(world, ask)
        }
        ("GET", "error.do") => Reply::titled("Error", "<p>Your request was not accepted.</p>"),
        ("POST", "save.do") if ask.field("OWASP_CSRFTOKEN") != token => Reply::redirect("error.do"),
        ("POST", "save.do") => {
            let wanted = [
                ("file", "*"),
                ("content", "*"),
                ("apply", "Apply Changes"),
                ("OWASP_CSRFTOKEN", "*"),
            ];
            kit::save(world, ask, &wanted, "content").to("/learning/admin/main.do")
        }
        _ => kit::page(world, ask),
    }
}

#[test]
fn a_token_that_was_kept_too_long_is_taken_anew() {
    let stage = Stage::of(Tenant {
        page: token_moves_on,
        ..plain()
    });
    stage.back_up();
    stage.world(|w| {
        w.files[3].1.push_str("x=1\n");
        w.log.clear();
    });
    stage
        .run(&["restore", "stage", "--yes"])
        .says(0, &["REPORT_SYSTEM  written"]);
    assert_eq!(stage.world(|w| w.files.clone()), kit::texts());
    let saves = |w: &mut World| w.log.iter().filter(|line| line.contains("save.do")).count();
    assert_eq!(stage.world(saves), 2);
    stage.proper();
}
