//! Two readings, and a person at a terminal: asked once, and the answer is kept.

use super::kit::{self, Ask, Reply, Stage, Tenant, World, plain};
use super::questions;
use crate::real::part;
use crate::real::terminal::Terminal;

/// Runs the program on a terminal, types a line each time something is asked, and gives code and screen.
fn at_a_terminal(stage: &Stage, words: &[&str], typed: &[(&str, &str)]) -> Option<(i32, String)> {
    if !part::is_here("a terminal", &Terminal::missing()) {
        return None;
    }
    let mut terminal = Terminal::run(&stage.command(words));
    for (question, line) in typed {
        terminal.wait_for(question);
        terminal.type_line(line);
    }
    Some(terminal.end())
}

/// A backup asks, keeps what is picked, and no later run asks again.
#[track_caller]
fn is_asked_once(page: fn(&mut World, &Ask) -> Reply, offered: &[&str], pick: &str) {
    let stage = Stage::of(Tenant { page, ..plain() });
    let Some((code, shown)) = at_a_terminal(&stage, &["backup", "stage"], &[("Which one?", pick)]) else {
        return;
    };
    assert_eq!(code, 0, "{shown}");
    for choice in offered {
        assert!(shown.contains(choice), "`{choice}` is not offered:\n{shown}");
    }
    assert_eq!(shown.matches("Which one?").count(), 1, "{shown}");
    assert!(shown.contains("Kept with stage"), "{shown}");
    stage.whole_story();
}

#[test]
fn which_text() {
    is_asked_once(questions::two_texts, &["1  reason", "2  text"], "2");
}

#[test]
fn which_of_two_buttons() {
    is_asked_once(questions::two_buttons, &["1  Apply Changes", "2  Save"], "2");
}

#[test]
fn which_of_two_lists() {
    is_asked_once(
        questions::two_lists,
        &["begin with BIZX", "begin with Welcome"],
        "1",
    );
}

#[test]
fn which_of_three_links() {
    is_asked_once(questions::silent_icons, &["m=1", "m=2", "m=3"], "2");
}

#[test]
fn which_button_saves_is_asked_before_a_write_only() {
    let stage = Stage::of(Tenant {
        page: questions::unknown_button,
        ..plain()
    });
    stage.back_up();
    stage.world(|w| w.files[0].1 = "changed=1\n".into());
    let typed = [
        ("Which one?", "2"),
        ("Merge, and keep them?", "n"),
        ("Write 1 document", "y"),
    ];
    let Some((code, shown)) = at_a_terminal(&stage, &["restore", "stage"], &typed) else {
        return;
    };
    assert_eq!(code, 0, "{shown}");
    stage.back_up();
}

#[test]
fn nothing_picked_stops_and_keeps_nothing() {
    let stage = Stage::of(Tenant {
        page: questions::two_texts,
        ..plain()
    });
    for typed in ["", "3", "text"] {
        let Some((code, shown)) = at_a_terminal(&stage, &["backup", "stage"], &[("Which one?", typed)])
        else {
            return;
        };
        assert_eq!(code, 130, "{shown}");
    }
    stage
        .run(&["backup", "stage"])
        .says(5, &["instance set stage page system-configuration.text=FIELD"]);
    assert!(stage.stored().is_empty());
}

/// Two entries of one label, one of which leads to the mail settings: a part that an LMS may do without.
fn two_settings(world: &mut World, ask: &Ask) -> Reply {
    match ask.to() {
        ("GET", "main.do") => Reply::titled(
            "Learning Administration",
            "<a href='sysconfig.do'>System Configuration</a>
             <a href='g.do?m=1'>Global Application Settings</a> <a href='g.do?m=2'>Global Application Settings</a>",
        ),
        ("GET", "g.do") if ask.q("m") == "1" => Reply::titled(
            "Colors",
            "<form method=post action=c.do><input name=color value=blue><input type=submit name=s value=Save></form>",
        ),
        ("GET", "g.do") => Reply::titled(
            "Mail",
            "<form method=post action=m.do><label><input type=checkbox name=on checked>Enable email</label>
             <input name=server value=localhost><input type=submit name=s value='Apply Changes'></form>",
        ),
        _ => kit::page(world, ask),
    }
}

#[test]
fn which_of_two_entries_is_a_part_that_may_be_missing() {
    let stage = Stage::of(Tenant {
        page: two_settings,
        ..plain()
    });
    let command = "lmskeep instance set stage page mail=ADDRESS";
    // Where nobody can be asked it is left out, and that is said.
    for words in [
        &["backup", "stage"][..],
        &["backup", "stage", "--json"],
        &["check", "stage"],
    ] {
        stage.run(words).says(
            0,
            &[
                "tab Mail",
                "The menu has several entries that fit",
                "g.do?m=2",
                command,
            ],
        );
    }
    let has_mail = |stage: &Stage| {
        stage
            .stored()
            .iter()
            .any(|document| document.path == "mail/settings")
    };
    assert!(!has_mail(&stage));
    let Some((code, shown)) = at_a_terminal(&stage, &["backup", "stage"], &[("Which one?", "2")]) else {
        return;
    };
    assert_eq!(code, 0, "{shown}");
    assert_eq!(shown.matches("Which one?").count(), 1, "{shown}");
    assert!(shown.contains("Kept with stage"), "{shown}");
    assert!(has_mail(&stage), "{shown}");
    let again = stage.run(&["backup", "stage"]);
    again.says(0, &["Not found, and not in the backup"]);
    assert!(!again.text.contains("tab Mail"), "{}", again.text);
}

#[test]
fn a_check_asks_which_of_two_entries_it_is() {
    let stage = Stage::of(Tenant {
        page: two_settings,
        ..plain()
    });
    let Some((code, shown)) = at_a_terminal(&stage, &["check", "stage"], &[("Which one?", "2")]) else {
        return;
    };
    assert_eq!(code, 0, "{shown}");
    assert_eq!(shown.matches("Which one?").count(), 1, "{shown}");
    stage
        .run(&["backup", "stage"])
        .says(0, &["Stored 7 documents of stage"]);
    assert!(
        stage
            .stored()
            .iter()
            .any(|document| document.path == "mail/settings")
    );
}
