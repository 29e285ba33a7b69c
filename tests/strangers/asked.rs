//! Two readings, and a person at a terminal: asked once, and the answer is kept.

use super::kit::{Ask, Reply, Stage, Tenant, World, plain};
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
