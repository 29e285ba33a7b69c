//! The whole job on DokuWiki: the engine, and a profile that nobody wrote any Rust for.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::cli::program::Program;
use crate::real::part;
use crate::real::terminal::Terminal;
use crate::real::wiki::Wiki;

/// Pages with what is easily lost between a file, a page of HTML and a form: the text, and whether it is changed later.
const PAGES: [(&str, &str); 8] = [
    ("tabs", "a\tb\n\tindented by a tab\n\t\n"),
    (
        "entities",
        "&lt; &amp; &quot; &#228; &nbsp; &amp;lt; < > & \" ' </textarea><b>\n",
    ),
    (
        "letters",
        "äöüß ÄÖÜ € – “quoted” ‚ 😀 👩‍👩‍👧 a\u{308} \u{a0}| \u{feff}| \u{2028}|\n",
    ),
    (
        "blanks",
        "trailing blanks   \n   leading blanks\n\n\nthree trailing blank lines\n\n\n\n",
    ),
    ("unended", "a last line without an end"),
    (
        "some:name:space:page",
        "[[..:sibling|a link]] {{image.png}} %%nothing%%\n",
    ),
    ("σελίδα", "a page whose name is not ASCII\n"),
    ("untouched", "never changed and never written\n"),
];

fn changed_pages() -> impl Iterator<Item = (&'static str, &'static str)> {
    PAGES.into_iter().filter(|(id, _)| *id != "untouched")
}

/// Runs the program and gives its exit code and the object it printed.
fn json(program: &Program, words: &[&str]) -> (i32, Value) {
    let output = program.run(&[words, &["--json"]].concat());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let value = serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{words:?}: {e}: {said}"));
    (output.status.code().unwrap(), value)
}

fn code(program: &Program, words: &[&str]) -> i32 {
    program.run(words).status.code().unwrap()
}

/// What became of each document that was not as wanted already, by its path.
fn outcomes(answer: &Value) -> BTreeMap<String, String> {
    let ended = answer["documents"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    ended
        .iter()
        .map(|e| (text(&e["document"]), text(&e["outcome"])))
        .filter(|(_, outcome)| outcome != "unchanged")
        .collect()
}

#[test]
fn what_was_changed_is_seen_put_back_and_undone() {
    let Some(wiki) = Wiki::serve() else { return };
    let program = wiki.program();
    for (id, text) in PAGES {
        wiki.lay_down(id, text);
    }
    assert_eq!(code(&program, &["backup", "wiki"]), 0);
    for (id, text) in PAGES {
        assert_eq!(
            part::succeeded(program.run(&["show", "wiki", id, "--reveal"])),
            text,
            "{id}"
        );
    }
    assert_eq!(code(&program, &["diff", "wiki"]), 0);

    let theirs = |id: &str| format!("what another user made of {id}\n");
    for (id, _) in changed_pages() {
        wiki.save_as_editor(id, &theirs(id));
    }
    assert_eq!(code(&program, &["diff", "wiki"]), 1);
    let posts = wiki.requests("POST");
    assert_eq!(code(&program, &["restore", "wiki", "--dry-run"]), 1);
    assert_eq!(
        wiki.requests("POST"),
        posts + 1,
        "a plan sends nothing but the sign-in"
    );

    let (restored, answer) = json(&program, &["restore", "wiki", "--yes"]);
    assert_eq!(restored, 0, "{answer:#}");
    for (id, text) in PAGES {
        assert_eq!(wiki.stored(id).as_deref(), Some(text), "{id}");
    }
    let written: Vec<String> = outcomes(&answer).into_keys().collect();
    let mut wanted: Vec<String> = changed_pages().map(|(id, _)| format!("pages/{id}")).collect();
    wanted.sort();
    assert_eq!(written, wanted);
    assert_eq!(code(&program, &["diff", "wiki"]), 0);

    let (undone, answer) = json(&program, &["undo", "wiki", "--yes"]);
    assert_eq!(undone, 0, "{answer:#}");
    for (id, _) in changed_pages() {
        assert_eq!(wiki.stored(id), Some(theirs(id)), "{id}");
    }
    assert_eq!(
        wiki.stored("untouched").as_deref(),
        Some("never changed and never written\n")
    );
}

/// DokuWiki prints a text right behind `<textarea>`, so that any browser drops an empty first line.
#[test]
fn a_first_line_that_the_wiki_loses_is_reported() {
    let Some(wiki) = Wiki::serve() else { return };
    let program = wiki.program();
    wiki.lay_down("empty-lines", "\n\ntext below two empty lines\n");
    wiki.lay_down("plain", "text\n");
    assert_eq!(code(&program, &["backup", "wiki"]), 0);
    wiki.save_as_editor("empty-lines", "changed\n");
    wiki.save_as_editor("plain", "changed\n");

    let (restored, answer) = json(&program, &["restore", "wiki", "--yes"]);
    assert_eq!(restored, 7, "{answer:#}");
    let ended = outcomes(&answer);
    assert_eq!(ended["pages/empty-lines"], "reads-different");
    assert_eq!(ended["pages/plain"], "written");
    // One of the two lines is lost when the page is read, as in any browser; the other is sent, kept, and not shown.
    assert_eq!(
        wiki.stored("empty-lines").as_deref(),
        Some("\ntext below two empty lines\n")
    );
}

#[test]
fn a_wrong_password_is_sent_once() {
    let Some(wiki) = Wiki::serve() else { return };
    let program = wiki.program().with("LMSKEEP_PASSWORD", "not the admin's");
    assert_eq!(code(&program, &["backup", "wiki"]), 3);
    assert_eq!(wiki.requests("POST"), 1);
    for words in [["backup", "wiki"], ["diff", "wiki"], ["login", "wiki"]] {
        assert_ne!(code(&program, &words), 0);
        assert_eq!(wiki.requests("POST"), 1, "{words:?}");
    }
    let program = program.with("LMSKEEP_PASSWORD", "adminpass");
    assert_eq!(code(&program, &["backup", "wiki"]), 0);
}

#[test]
fn a_page_that_somebody_else_is_editing_is_read_and_not_written() {
    let Some(wiki) = Wiki::serve() else { return };
    let program = wiki.program();
    wiki.lay_down("busy", "old\n");
    wiki.lay_down("free", "old\n");
    wiki.lock_as_editor("busy");
    let stored = program.tell(&["backup", "wiki"]);
    assert!(
        stored.starts_with("exit code 0\n") && stored.contains("`pages/busy` is read-only"),
        "{stored}"
    );
    assert_eq!(part::succeeded(program.run(&["show", "wiki", "busy"])), "old\n");

    wiki.save_as_editor("busy", "new\n");
    wiki.save_as_editor("free", "new\n");
    wiki.lock_as_editor("busy");
    let (restored, answer) = json(&program, &["restore", "wiki", "--yes"]);
    assert_eq!(restored, 7, "{answer:#}");
    assert_eq!(outcomes(&answer)["pages/busy"], "refused", "{answer:#}");
    assert_eq!(
        (wiki.stored("busy").unwrap(), wiki.stored("free").unwrap()),
        ("new\n".into(), "old\n".into())
    );

    wiki.unlock_as_editor("busy");
    assert_eq!(code(&program, &["restore", "wiki", "--yes"]), 0);
    assert_eq!(wiki.stored("busy").unwrap(), "old\n");
}

/// Where nobody may edit, DokuWiki answers with the page as its readers see it.
#[test]
fn a_page_of_another_kind_stores_nothing() {
    let Some(wiki) = Wiki::serve() else { return };
    let program = wiki.program();
    wiki.lay_down("page", "text\n");
    wiki.set("$conf['disableactions'] = 'register,edit';");
    let told = program.tell(&["backup", "wiki"]);
    assert!(
        told.starts_with("exit code 5\n") && told.contains("has no large text field"),
        "{told}"
    );
    let (_, answer) = json(&program, &["list", "wiki"]);
    assert_eq!(answer["backups"].as_array().map(Vec::len), Some(0), "{answer:#}");
}

/// A save that is answered with the form once more, and an excuse, is none.
#[test]
fn a_save_that_the_wiki_refuses_is_not_called_written() {
    let Some(wiki) = Wiki::serve() else { return };
    let program = wiki.program();
    wiki.lay_down("forbidden", "buy xyzzyplugh now\n");
    wiki.lay_down("harmless", "old\n");
    assert_eq!(code(&program, &["backup", "wiki"]), 0);
    wiki.save_as_editor("forbidden", "new\n");
    wiki.save_as_editor("harmless", "new\n");
    wiki.forbid("xyzzyplugh");
    let (restored, answer) = json(&program, &["restore", "wiki", "--yes"]);
    assert_eq!(restored, 7, "{answer:#}");
    let ended = outcomes(&answer);
    assert_eq!(
        (
            ended["pages/forbidden"].as_str(),
            ended["pages/harmless"].as_str()
        ),
        ("refused", "written")
    );
    assert_eq!(wiki.stored("forbidden").as_deref(), Some("new\n"));
    assert_eq!(wiki.stored("harmless").as_deref(), Some("old\n"));
}

#[test]
fn a_deleted_page_is_left_to_be_made_by_hand() {
    let Some(wiki) = Wiki::serve() else { return };
    let program = wiki.program();
    wiki.lay_down("gone", "old\n");
    wiki.lay_down("stays", "old\n");
    assert_eq!(code(&program, &["backup", "wiki"]), 0);
    wiki.save_as_editor("gone", "");
    wiki.save_as_editor("stays", "new\n");
    assert_eq!(wiki.stored("gone"), None);
    let told = program.tell(&["diff", "wiki"]);
    assert!(
        told.starts_with("exit code 1\n") && told.contains("pages/gone"),
        "{told}"
    );
    let told = program.tell(&["restore", "wiki", "--yes"]);
    assert!(told.contains("to be made by hand:\n  pages/gone"), "{told}");
    assert_eq!(
        (wiki.stored("gone"), wiki.stored("stays")),
        (None, Some("old\n".to_owned()))
    );
}

/// What happens to a page between the plan that a person looks at and the answer that the person gives.
#[test]
fn nothing_is_written_over_a_change_that_came_after_the_plan() {
    let Some(wiki) = Wiki::serve() else { return };
    if !part::is_here("a terminal", &Terminal::missing()) {
        return;
    }
    let program = wiki.program();
    let ids = ["changed", "deleted", "locked"];
    for id in ids {
        wiki.lay_down(id, "old\n");
    }
    assert_eq!(code(&program, &["backup", "wiki"]), 0);
    for id in ids {
        wiki.save_as_editor(id, "new\n");
    }

    let mut terminal = Terminal::run(&program.command(&["restore", "wiki"]));
    terminal.wait_for("Write 3 documents to wiki? [y/N]");
    let posts = wiki.requests("POST");
    wiki.save_as_editor("changed", "newer\n");
    wiki.save_as_editor("deleted", "");
    wiki.lock_as_editor("locked");
    terminal.type_line("y");
    let (code, shown) = terminal.end();
    assert_eq!(code, 9, "{shown}");
    assert_eq!(wiki.requests("POST"), posts, "{shown}");
    assert_eq!(wiki.stored("changed").as_deref(), Some("newer\n"));
    assert_eq!(wiki.stored("deleted"), None);
    assert_eq!(wiki.stored("locked").as_deref(), Some("new\n"));
}

/// The way of those whose instance the program cannot enter: files out, files in.
#[test]
fn exported_files_are_the_same_documents() {
    let Some(wiki) = Wiki::serve() else { return };
    let program = wiki.program();
    for (id, text) in PAGES {
        wiki.lay_down(id, text);
    }
    let folder = program.home().join("copies");
    let copies = folder.to_str().unwrap();
    assert_eq!(code(&program, &["backup", "wiki"]), 0);
    assert_eq!(code(&program, &["export", "wiki", copies]), 0);
    let told = program.tell(&["diff", "wiki", copies]);
    assert!(told.starts_with("exit code 0\n"), "{told}");

    let copy = folder.join("some%3Aname%3Aspace%3Apage.txt");
    #[allow(clippy::disallowed_methods, reason = "a person edits this file")]
    std::fs::write(&copy, "edited by hand\r\n").unwrap();
    let told = program.tell(&["diff", "wiki", copies]);
    assert!(
        told.starts_with("exit code 1\n") && told.contains("pages/some:name:space:page"),
        "{told}"
    );
    assert_eq!(code(&program, &["import", "wiki", copies]), 0);
    assert_eq!(code(&program, &["restore", "wiki", "--yes"]), 0);
    assert_eq!(
        wiki.stored("some:name:space:page").as_deref(),
        Some("edited by hand\n")
    );
    assert_eq!(wiki.stored("tabs").as_deref(), Some(PAGES[0].1));
}
