//! A person with a Chromium at the practice LMS in scenario `service`: the pages are real ones, and what a browser
//! saves there the program reads, and the reverse.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::fidelity::chromium::{self, Browser, Tab};
use crate::fidelity::service::{puts, start};
use crate::real::part;
use crate::rehearsal::Rehearsal;

/// How long a page may take to show something.
const PATIENCE: Duration = Duration::from_secs(30);

#[test]
fn the_pages_work_in_a_real_browser_wherever_the_token_is() {
    if !part::is_here("Chromium", &chromium::missing()) {
        return;
    }
    let browser = Browser::start();
    for words in [&["token=field"][..], &["token=link"], &["token=script", "german"]] {
        let rehearsal = start(words);
        let tab = browser.tab();
        sign_in(&tab, &rehearsal);
        let applies = open(&tab, "TERMS & CONDITIONS", words.contains(&"german"));
        assert_eq!(
            shown(&tab, "#configurationText", "value"),
            rehearsal.state().text("TERMS & CONDITIONS")
        );
        let wanted = "first=1\nsecond=ü 😀 & <b> \"\\u00e9\"\n\n";
        save(&tab, wanted, applies);
        assert_eq!(rehearsal.state().text("TERMS & CONDITIONS"), wanted, "{words:?}");
        let sent = puts(&rehearsal);
        assert_eq!(sent.len(), 1);

        // A second save of the same page has the version that the first has given.
        save(&tab, "third=3\n", applies);
        // Somebody else saves: the page is stale.
        rehearsal.save("stage", "TERMS & CONDITIONS", wanted);
        let conflict = match words.contains(&"german") {
            true => "inzwischen geändert",
            false => "changed in the meantime",
        };
        save(&tab, "lost=1\n", conflict);
        assert_eq!(rehearsal.state().text("TERMS & CONDITIONS"), wanted);
        wait(
            &tab,
            "a file to view",
            "location.hash = '#configurations/RELEASE_INFO', document.querySelector('#applyChanges')?.disabled",
        );
    }
}

#[test]
fn the_program_sends_what_a_browser_sends() {
    if !part::is_here("Chromium", &chromium::missing()) {
        return;
    }
    let rehearsal = start(&[]);
    rehearsal.run(&["backup", "stage"]).ends(0);
    let before = rehearsal.state().text("UI").to_owned();
    let browser = Browser::start();
    let tab = browser.tab();
    sign_in(&tab, &rehearsal);
    let applies = open(&tab, "UI", false);
    save(&tab, "changed.by.hand=1\n", applies);
    rehearsal
        .run(&["restore", "stage", "--yes", "--only", "UI"])
        .ends(0);
    assert_eq!(rehearsal.state().text("UI"), before);
    let [by_hand, by_program] = &puts(&rehearsal)[..] else {
        panic!("two saves")
    };
    assert_eq!(
        (&by_hand.path, &by_hand.fields),
        (&by_program.path, &by_program.fields)
    );
}

fn sign_in(tab: &Tab<'_>, rehearsal: &Rehearsal) {
    let practice = &rehearsal.practice;
    tab.go(&format!("{}/learning/admin/nativelogin.jsp", practice.stage));
    let script = format!(
        "userName.value = {}; password.value = {}; document.getElementById('submit').click()",
        json!(practice.user),
        json!(practice.password)
    );
    tab.run(&script).unwrap();
    wait(
        tab,
        "the menu",
        "document.querySelectorAll('#menu a').length >= 8",
    );
}

/// Goes by the menu and all pages of the list to a file, and says what its page says when it was saved.
fn open(tab: &Tab<'_>, file: &str, german: bool) -> &'static str {
    let (entry, applied) = match german {
        true => ("Systemkonfiguration", "Die Änderungen wurden übernommen."),
        false => ("System Configuration", "The changes were applied."),
    };
    click(tab, "#menu a", entry);
    for rows in [20, 40] {
        wait(
            tab,
            "rows",
            &format!("document.querySelectorAll('.list tr').length === {rows}"),
        );
        tab.run("document.getElementById('more').click()").unwrap();
    }
    wait(
        tab,
        "all rows",
        "document.querySelectorAll('.list tr').length === 56 && !document.getElementById('more')",
    );
    click(tab, ".list a", file);
    wait(
        tab,
        "the file",
        &format!(
            "document.querySelector('#configurationName')?.textContent === {}",
            json!(file)
        ),
    );
    applied
}

fn click(tab: &Tab<'_>, among: &str, text: &str) {
    let script = format!(
        "[...document.querySelectorAll({})].find(a => a.textContent === {}).click()",
        json!(among),
        json!(text)
    );
    tab.run(&script).unwrap();
}

/// Types a text, applies it, and waits for what is said then.
fn save(tab: &Tab<'_>, text: &str, says: &str) {
    let script = format!(
        "document.getElementById('message').textContent = '';
         document.getElementById('configurationText').value = {};
         document.getElementById('applyChanges').click()",
        json!(text)
    );
    tab.run(&script).unwrap();
    wait(
        tab,
        says,
        &format!(
            "document.getElementById('message').textContent.includes({})",
            json!(says)
        ),
    );
}

fn shown(tab: &Tab<'_>, selector: &str, property: &str) -> String {
    let script = format!("document.querySelector({})[{}]", json!(selector), json!(property));
    tab.run(&script).unwrap()["value"].as_str().unwrap().to_owned()
}

/// Waits until a condition holds; a page that is on its way to another one answers nothing.
#[track_caller]
fn wait(tab: &Tab<'_>, what: &str, condition: &str) {
    let begun = Instant::now();
    while tab
        .run(&format!("!!({condition})"))
        .ok()
        .map(|done| done["value"].clone())
        != Some(Value::Bool(true))
    {
        let there = || tab.run("document.documentElement.outerHTML");
        assert!(begun.elapsed() < PATIENCE, "{what} did not come: {:?}", there());
        std::thread::sleep(Duration::from_millis(50));
    }
}
