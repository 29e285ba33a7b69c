//! A release changes the edit pages between a backup and the restore: reading says so, writing waits for a person.

use super::kit::{self, Ask, Reply, Stage, Tenant, World, enc, esc, plain};

const FORM: &str = "<form action='save.do?file=NAME' method=post><input type=hidden name=OWASP_CSRFTOKEN value=T-1><input type=hidden name=mode value=1>
<textarea name=text>\nTEXT</textarea><button name=s value=1>Save</button></form>";

type Release = (
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
);

/// What each release has made of the form: its markup, and what a browser sends of it.
const RELEASES: [Release; 8] = [
    (FORM, &[("OWASP_CSRFTOKEN", "T-1"), ("mode", "1"), ("text", "*"), ("s", "1")], "nothing"),
    (
        "<form action='save.do?file=NAME' method=post><input type=hidden name=OWASP_CSRFTOKEN value=T-1><input type=hidden name=mode value=1><input name=why value=x>
<textarea name=text>\nTEXT</textarea><button name=s value=1>Save</button></form>",
        &[("OWASP_CSRFTOKEN", "T-1"), ("mode", "1"), ("why", "x"), ("text", "*"), ("s", "1")],
        "`field text why` is new",
    ),
    (
        "<form action='save.do?file=NAME' method=post><input type=hidden name=OWASP_CSRFTOKEN value=T-1><input type=hidden name=modus value=1>
<textarea name=text>\nTEXT</textarea><button name=s value=1>Save</button></form>",
        &[("OWASP_CSRFTOKEN", "T-1"), ("modus", "1"), ("text", "*"), ("s", "1")],
        "`field hidden mode` is now `field hidden modus`",
    ),
    (
        "<form action='save.do?file=NAME' method=post><input type=hidden name=OWASP_CSRFTOKEN value=T-1>
<textarea name=text>\nTEXT</textarea><button name=s value=1>Save</button></form>",
        &[("OWASP_CSRFTOKEN", "T-1"), ("text", "*"), ("s", "1")],
        "`field hidden mode` is gone",
    ),
    (
        "<form action=other.do method=post><input type=hidden name=mode value=1></form>
<form action='save.do?file=NAME' method=post><input type=hidden name=OWASP_CSRFTOKEN value=T-1><textarea name=text>\nTEXT</textarea><button name=s value=1>Save</button></form>",
        &[("OWASP_CSRFTOKEN", "T-1"), ("text", "*"), ("s", "1")],
        "`field hidden mode` is gone",
    ),
    (
        "<form action='save.do?file=NAME' method=post><input type=hidden name=OWASP_CSRFTOKEN value=T-1><input type=hidden name=mode value=1>
<textarea name=text>\nTEXT</textarea><button name=s value=1>Apply Changes</button></form>",
        &[("OWASP_CSRFTOKEN", "T-1"), ("mode", "1"), ("text", "*"), ("s", "1")],
        "`button s Save` is now `button s Apply Changes`",
    ),
    (
        "<form action='save.do?file=NAME&amp;v=2' method=post><input type=hidden name=OWASP_CSRFTOKEN value=T-1><input type=hidden name=mode value=1>
<textarea name=text>\nTEXT</textarea><button name=s value=1>Save</button></form>",
        &[("OWASP_CSRFTOKEN", "T-1"), ("mode", "1"), ("text", "*"), ("s", "1")],
        "is now `form post /learning/admin/save.do file&v",
    ),
    (
        "<form action='save.do?file=NAME' method=post><input type=hidden name=X_GUARD value=T-1><input type=hidden name=mode value=1>
<textarea name=text>\nTEXT</textarea><button name=s value=1>Save</button></form>",
        &[("X_GUARD", "T-1"), ("mode", "1"), ("text", "*"), ("s", "1")],
        "`field hidden OWASP_CSRFTOKEN` is now `field hidden X_GUARD`",
    ),
];

fn released(world: &mut World, ask: &Ask) -> Reply {
    let release: usize = world.notes.get("release").map_or(0, |n| n.parse().unwrap());
    let (form, sent, _) = RELEASES[release];
    match (ask.to(), world.text(ask.q("file"))) {
        (("GET", "edit.do"), Some(text)) => Reply::titled(
            &format!("Edit {}", ask.q("file")),
            &form
                .replace("NAME", &enc(ask.q("file")))
                .replace("TEXT", &esc(&text)),
        ),
        (("POST", "save.do"), _) => kit::save(world, ask, sent, "text"),
        _ => kit::page(world, ask),
    }
}

#[test]
fn a_page_that_has_changed_is_read_with_a_warning_and_not_written_to() {
    for (release, (_, _, difference)) in RELEASES.iter().enumerate().skip(1) {
        let stage = Stage::of(Tenant {
            page: released,
            ..plain()
        });
        stage.back_up();
        stage.world(|w| {
            w.files[0].1 = "changed=1\n".into();
            w.notes.insert("release".into(), release.to_string());
        });
        stage
            .run(&["diff", "stage"])
            .says(1, &["`configuration/BIZX`", "3 others", difference]);
        stage.run(&["check", "stage"]).says(0, &[difference]);
        let posts = |stage: &Stage| stage.world(|w| w.log.iter().filter(|l| l.contains("save.do")).count());
        stage
            .run(&["restore", "stage", "--yes"])
            .says(5, &[difference, "--accept-page-change"]);
        assert_eq!(posts(&stage), 0, "{difference}");
        stage
            .run(&["restore", "stage", "--yes", "--accept-page-change"])
            .says(0, &[difference]);
        assert_eq!(posts(&stage), 1, "{difference}");
        stage.proper();
        // The next backup says so once more, and knows the pages as they are now.
        stage.run(&["backup", "stage"]).says(0, &[difference]);
        let again = stage.run(&["backup", "stage"]).text;
        assert!(!again.contains(difference), "{again}");
        stage.world(|w| w.files[0].1 = "changed=2\n".into());
        stage.run(&["restore", "stage", "--yes"]).says(0, &[]);
        stage.proper();
    }
}
