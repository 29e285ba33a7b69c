//! What a person and a program see, to the letter.

use std::io::{self, Write};

use jiff::Timestamp;

use crate::error::{Error, Kind};
use crate::instance::Role;
use crate::report::look::Look;
use crate::report::table::Table;
use crate::report::text::{Text, Tone};
use crate::report::ui::{Recorded, Ui};
use crate::secret::Secret;

fn plain() -> Look {
    Look::plain("2026-11-23T12:00:00Z".parse::<Timestamp>().unwrap())
}

fn silent(look: Look) -> (Ui, Recorded) {
    Ui::recording(look, "")
}

fn typing(typed: &str) -> (Ui, Recorded) {
    Ui::recording(
        Look {
            can_ask: true,
            ..plain()
        },
        typed,
    )
}

fn failure() -> Error {
    Error::new(Kind::Unreachable, "`stage` does not answer.")
        .caused_by(io::Error::other("connection refused"))
        .hint("lmskeep instance show stage")
}

#[test]
fn data_goes_out_and_all_else_aside() {
    let (ui, seen) = silent(plain());
    ui.say("data");
    ui.note("note");
    ui.warn("careful");
    ui.hint("lmskeep list");
    assert_eq!(seen.out(), "data\n");
    assert_eq!(seen.err(), "note\nwarning: careful\nhint: lmskeep list\n");
}

#[test]
fn quiet_keeps_data_warnings_and_errors() {
    let (ui, seen) = silent(Look {
        quiet: true,
        ..plain()
    });
    ui.say("data");
    ui.note("note");
    ui.hint("lmskeep list");
    ui.warn("careful");
    ui.fail(&failure());
    assert_eq!(seen.out(), "data\n");
    assert_eq!(
        seen.err(),
        "warning: careful\nerror: `stage` does not answer.\ncause: connection refused\nhint: lmskeep instance show stage\n"
    );
}

#[test]
fn a_failure_is_one_object_under_json() {
    let (ui, seen) = silent(Look {
        json: true,
        ..plain()
    });
    ui.say("never seen");
    ui.fail(&failure());
    assert_eq!(
        seen.out(),
        "{\"schema\":\"lmskeep/error/1\",\"cause\":\"connection refused\",\"error\":\"`stage` does not answer.\",\
         \"exitCode\":4,\"hints\":[\"lmskeep instance show stage\"]}\n"
    );
    assert!(seen.err().starts_with("error: `stage` does not answer.\n"));
}

#[test]
fn there_is_only_ever_one_object() {
    let (ui, seen) = silent(Look {
        json: true,
        ..plain()
    });
    ui.json("diff", &std::collections::BTreeMap::from([("equal", true)]))
        .unwrap();
    ui.fail(&failure());
    assert_eq!(seen.out(), "{\"schema\":\"lmskeep/diff/1\",\"equal\":true}\n");
    let (ui, seen) = silent(Look {
        json: true,
        ..plain()
    });
    ui.json("verify", &std::collections::BTreeMap::<String, bool>::new())
        .unwrap();
    assert_eq!(seen.out(), "{\"schema\":\"lmskeep/verify/1\"}\n");
    assert!(ui.json("list", &["no object"]).is_err());
}

#[test]
fn a_cause_that_the_sentence_says_is_not_said_twice() {
    let (ui, seen) = silent(plain());
    ui.fail(&Error::new(Kind::Page, "The page is odd: no form.").caused_by(io::Error::other("no form")));
    assert_eq!(seen.err(), "error: The page is odd: no form.\n");
}

#[test]
fn colours_add_nothing_but_escape_sequences() {
    let (ui, seen) = silent(Look {
        color_out: true,
        color_err: true,
        ..plain()
    });
    ui.say(Text::new().plain("a ").toned(Tone::Good, "b"));
    ui.warn("careful");
    assert_eq!(seen.out(), "a \u{1b}[32mb\u{1b}[0m\n");
    assert_eq!(seen.err(), "\u{1b}[33mwarning:\u{1b}[0m careful\n");
}

#[test]
fn data_cannot_steer_the_terminal() {
    let (ui, seen) = silent(plain());
    ui.say("a\u{1b}[2Jb\rc\u{7f}\u{9b}d\u{202e}e");
    assert_eq!(seen.out(), "a␛[2Jb␍c␡\u{fffd}d\u{fffd}e\n");
    let (ui, seen) = silent(plain());
    ui.document("tab\tstays\r\n\u{1b}");
    assert_eq!(
        seen.out(),
        "tab\tstays\r\n\u{1b}",
        "a pipe gets the text as it is"
    );
    let (ui, seen) = silent(Look {
        out_terminal: Some(80),
        ..plain()
    });
    ui.document("tab\tstays\n\u{1b}");
    assert_eq!(seen.out(), "tab\tstays\n␛");
}

#[test]
fn what_must_never_be_shown_is_masked_everywhere() {
    let (ui, seen) = silent(Look {
        json: false,
        ..plain()
    });
    ui.never_show(&Secret::from("p&ss \"word\"".to_owned()));
    let mut table = Table::new(["value"]);
    table.row(["p&ss \"word\""]);
    ui.table(&table);
    ui.say("p&ss \"word\"");
    ui.document("x=p&ss \"word\"\n");
    ui.note("https://x.com/?q=p%26ss+%22word%22 or p%26ss%20%22word%22");
    ui.warn(&format!("{:?}", "p&ss \"word\""));
    ui.fail(
        &Error::new(Kind::Page, "p&ss \"word\"")
            .caused_by(io::Error::other("p&ss \"word\"!"))
            .hint("p&ss \"word\""),
    );
    let all = seen.out() + &seen.err();
    assert!(!all.contains("ss"), "{all}");
    assert_eq!(all.matches("‹secret›").count(), 9, "{all}");

    let (ui, seen) = silent(Look {
        json: true,
        ..plain()
    });
    ui.never_show(&Secret::from("p&ss \"word\"".to_owned()));
    ui.json(
        "show",
        &serde_json::json!({"a": ["p&ss \"word\""], "p&ss \"word\"": 1}),
    )
    .unwrap();
    assert_eq!(
        seen.out(),
        "{\"schema\":\"lmskeep/show/1\",\"a\":[\"‹secret›\"],\"‹secret›\":1}\n"
    );
}

#[test]
fn a_secret_within_another_leaves_no_rest() {
    let (ui, seen) = silent(plain());
    ui.never_show(&Secret::from("hunter".to_owned()));
    ui.never_show(&Secret::from("hunter2-long".to_owned()));
    ui.say("hunter2-long hunter");
    assert_eq!(seen.out(), "‹secret› ‹secret›\n");
}

#[test]
fn only_yes_is_yes() {
    for (typed, stopped) in [
        ("y\n", false),
        ("YES\n", false),
        ("\n", true),
        ("n\n", true),
        ("", true),
        ("yess\n", true),
    ] {
        let (ui, seen) = typing(typed);
        let answer = ui.confirm("Write 3 documents?");
        assert_eq!(
            answer.is_err_and(|error| error.kind() == Kind::Stopped),
            stopped,
            "{typed:?}"
        );
        assert_eq!(seen.err(), "Write 3 documents? [y/N] ");
        assert_eq!(seen.out(), "");
    }
}

#[test]
fn production_wants_its_name_typed() {
    let ask = |typed: &str| typing(typed).0.confirm_write("Write?", "prod", Role::Production);
    assert!(ask("prod\n").is_ok());
    for wrong in ["y\n", "yes\n", "PROD\n", "\n"] {
        assert_eq!(ask(wrong).unwrap_err().kind(), Kind::Stopped, "{wrong:?}");
    }
    assert!(
        typing("y\n")
            .0
            .confirm_write("Write?", "stage", Role::Test)
            .is_ok()
    );
}

#[test]
fn without_a_terminal_only_flags_say_yes() {
    let look = |yes: bool, confirm: Option<&str>| Look {
        yes,
        confirm: confirm.map(str::to_owned),
        ..plain()
    };
    let ask = |look: Look, role: Role| silent(look).0.confirm_write("Write?", "x", role);
    let cases = [
        (look(false, None), Role::Test, false),
        (look(true, None), Role::Test, true),
        (look(false, Some("x")), Role::Test, true),
        (look(true, Some("other")), Role::Test, false),
        (look(false, None), Role::Production, false),
        (look(true, None), Role::Production, false),
        (look(false, Some("x")), Role::Production, true),
        (look(true, Some("other")), Role::Production, false),
    ];
    for (look, role, allowed) in cases {
        let shown = format!("{look:?} {role:?}");
        match ask(look, role) {
            Ok(()) => assert!(allowed, "{shown}"),
            Err(error) => {
                assert!(!allowed, "{shown}");
                assert_eq!(error.kind(), Kind::Usage);
            }
        }
    }
    let error = ask(look(true, None), Role::Production).unwrap_err();
    assert_eq!(
        error.hints(),
        ["add `--confirm x` to allow it on the command line"]
    );
    let error = ask(look(false, None), Role::Test).unwrap_err();
    assert_eq!(error.hints(), ["add `--yes` to say yes on the command line"]);
}

#[test]
fn one_of_several_is_picked_by_number() {
    let choices = ["Edit".to_owned(), "View".to_owned()];
    let (ui, seen) = typing("2\n");
    assert_eq!(
        ui.choose("Which link opens the file?", &choices).unwrap(),
        Some(1)
    );
    assert_eq!(
        seen.err(),
        "Which link opens the file?\n  1  Edit\n  2  View\nWhich one? [1-2, nothing to stop] "
    );
    for wrong in ["\n", "0\n", "3\n", "Edit\n"] {
        assert_eq!(
            typing(wrong).0.choose("?", &choices).unwrap_err().kind(),
            Kind::Stopped
        );
    }
    assert_eq!(silent(plain()).0.choose("?", &choices).unwrap(), None);
}

#[test]
fn no_terminal_is_no_password() {
    let error = silent(plain()).0.password("Password").unwrap_err();
    assert_eq!(error.kind(), Kind::SignIn);
}

#[test]
fn progress_is_for_terminals_only() {
    let (ui, seen) = silent(plain());
    let progress = ui.progress(2, "reading");
    progress.tick("BIZX");
    drop(progress);
    assert_eq!(seen.err(), "");

    let (ui, seen) = silent(Look {
        err_terminal: Some(60),
        moving_cursor: true,
        ..plain()
    });
    let progress = ui.progress(2, "reading");
    progress.tick("BI\u{1b}ZX");
    ui.note("in between");
    drop(progress);
    let err = seen.err();
    assert!(err.contains("reading 0/2 ["), "{err:?}");
    assert!(err.contains("\r\u{1b}[2Kin between\n"), "{err:?}");
    assert!(!err.contains("BI\u{1b}ZX"), "{err:?}");
    assert!(err.ends_with("\r\u{1b}[2K"), "the bar is gone: {err:?}");
}

/// A stream that fails, or whose reader went away.
struct Failing(io::ErrorKind);

impl Write for Failing {
    fn write(&mut self, _bytes: &[u8]) -> io::Result<usize> {
        Err(self.0.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_reader_that_goes_away_is_a_clean_end_and_a_full_disk_is_not() {
    let over = |kind| {
        Ui::over(
            plain(),
            Box::new(Failing(kind)),
            Box::new(io::sink()),
            Box::new(io::empty()),
        )
    };
    let gone = over(io::ErrorKind::BrokenPipe);
    gone.say("line");
    gone.say("line");
    assert!(gone.finish().is_ok());
    let full = over(io::ErrorKind::StorageFull);
    full.say("line");
    assert_eq!(full.finish().unwrap_err().kind(), Kind::Usage);
}
