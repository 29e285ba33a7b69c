//! Ways to say no: the password is remembered as refused, and never sent again.

use super::kit::{self, Ask, Reply, Stage, Tenant, World, plain};

/// Runs two commands with a wrong password: one try in all, exit 3 both times, the second without any POST.
#[track_caller]
fn refused_once(gate: fn(&mut World, &Ask) -> Option<Reply>) {
    let stage = Stage::of(Tenant { gate, ..plain() });
    stage
        .run_with(&["backup", "stage"], "wrong")
        .says(3, &["refused the password", "lmskeep login"]);
    assert_eq!(
        stage.world(|w| w.tries),
        1,
        "{:#?}",
        stage.world(|w| w.log.clone())
    );
    stage
        .run_with(&["backup", "stage"], "wrong")
        .says(3, &["not tried again"]);
    assert_eq!(
        stage.world(|w| w.tries),
        1,
        "{:#?}",
        stage.world(|w| w.log.clone())
    );
    assert!(stage.stored().is_empty());
    stage.proper();
    stage.back_up();
}

/// Lets the ordinary door judge, and replaces its no.
fn instead_of_no(world: &mut World, ask: &Ask, no: impl FnOnce(&mut World) -> Reply) -> Option<Reply> {
    let tried = ask.to() == ("POST", "signin.do");
    let before = world.inside.len();
    let answer = kit::gate(world, ask);
    if tried && world.inside.len() == before {
        Some(no(world))
    } else {
        answer
    }
}

#[test]
fn a_no_with_status_200() {
    refused_once(kit::gate);
}

#[test]
fn a_no_by_redirect() {
    refused_once(|world, ask| instead_of_no(world, ask, |_| Reply::redirect("nativelogin.jsp?error=1")));
}

#[test]
fn a_no_with_status_401_and_without_a_form() {
    refused_once(|world, ask| instead_of_no(world, ask, |_| Reply::titled("No", "Unauthorized").status(401)));
}

#[test]
fn a_no_with_status_401_and_the_form() {
    refused_once(|world, ask| instead_of_no(world, ask, |_| kit::login_form("No").status(401)));
}

#[test]
fn a_no_with_status_403() {
    refused_once(|world, ask| instead_of_no(world, ask, |_| Reply::titled("No", "Forbidden").status(403)));
}

#[test]
fn a_no_that_is_only_a_sentence() {
    refused_once(|world, ask| {
        instead_of_no(world, ask, |_| {
            Reply::titled("Error", "<p>Login failed.</p><a href='nativelogin.jsp'>Back</a>")
        })
    });
}

#[test]
fn a_no_by_script() {
    refused_once(|world, ask| {
        instead_of_no(world, ask, |_| {
            Reply::html("<script>alert('Login failed');location.href='nativelogin.jsp';</script>")
        })
    });
}

#[test]
fn a_no_with_other_fields() {
    refused_once(|world, ask| {
        let form = "<p>Try again</p><form action=signin.do method=post><input name=u2><input type=password name=p2><button>Log In</button></form>";
        instead_of_no(world, ask, |_| Reply::titled("Log In", form))
    });
}

/// The shell is open to everyone, and only what stands in its frames is closed.
fn open_shell(world: &mut World, ask: &Ask) -> Option<Reply> {
    let answer = instead_of_no(world, ask, |_| Reply::redirect("main.do"));
    match ask.to() {
        ("GET", "main.do") => Some(Reply::html(
            "<frameset cols='200,*'><frame src='menu.do'><frame src='body.do'></frameset>",
        )),
        _ => answer,
    }
}

#[test]
fn a_no_that_shows_only_in_the_frames() {
    refused_once(|world, ask| match ask.to() {
        ("GET", "menu.do") if open_shell(world, ask).is_none() => Some(Reply::titled(
            "",
            "<a href='sysconfig.do'>System Configuration</a>",
        )),
        _ => open_shell(world, ask),
    });
}

/// A new password must be chosen: said so, and not taken for a refusal.
#[test]
fn a_new_password_is_asked_for() {
    let stage = Stage::of(Tenant {
        gate: |world, ask| match ask.to() {
            ("POST", "signin.do") => {
                world.tries += 1;
                Some(Reply::titled(
                    "Change password",
                    "<form action=change.do method=post><input type=hidden name=userName value=KEEPER><input type=password name=password><input type=password name=new1><input type=password name=new2><button>Change</button></form>",
                ))
            }
            ("POST", "change.do") => {
                world.wrong.push("a new password was set".into());
                None
            }
            _ => kit::gate(world, ask),
        },
        ..plain()
    });
    stage.refuses(3, &["asks `KEEPER` for a new password"]);
    stage
        .run(&["backup", "stage"])
        .says(3, &["asks `KEEPER` for a new password"]);
    assert_eq!(stage.world(|w| w.tries), 2);
}

/// Terms must be accepted first: nobody but a person does that.
#[test]
fn terms_are_not_accepted_for_anybody() {
    let stage = Stage::of(Tenant {
        gate: |world, ask| match ask.to() {
            ("GET", "main.do") if kit::gate(world, ask).is_none() => Some(Reply::redirect("terms.do")),
            ("GET", "terms.do") => Some(Reply::titled(
                "Terms of use",
                "<h1>Terms of use</h1><form action=accept.do method=post><input type=checkbox name=ok><input type=submit name=go value='I accept'><a href='logout.do'>I do not</a></form>",
            )),
            ("POST", "accept.do") => {
                world.wrong.push("the terms were accepted".into());
                None
            }
            _ => kit::gate(world, ask),
        },
        ..plain()
    });
    stage.refuses(5, &["/learning/admin/terms.do", "confirmed", "browser"]);
}
