//! A person with a Chromium at the pages of the practice LMS beside System Configuration: images, unsent mail, report
//! jobs and admins, as classic pages and as scripts. What a real browser sends there is whole.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::fidelity::chromium::{self, Browser, Tab};
use crate::real::part;
use crate::rehearsal::Rehearsal;

/// How long a page may take to show something.
const PATIENCE: Duration = Duration::from_secs(30);
/// Puts a small GIF into the file field.
const CHOOSE: &str = "{ const chosen = new DataTransfer();
    const bytes = Uint8Array.from(atob('R0lGODlhAQABAIAAAP///wAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw=='), c => c.charCodeAt(0));
    chosen.items.add(new File([bytes], 'neu & schön.gif', { type: 'image/gif' }));
    document.getElementById('imageFile').files = chosen.files; }";
const SHOWN: &str = "document.getElementById('currentImage').naturalWidth";

#[test]
fn classic_pages_work_in_a_real_browser_wherever_the_token_is() {
    if !part::is_here("Chromium", &chromium::missing()) {
        return;
    }
    let browser = Browser::start();
    for words in [&["token=field"][..], &["token=link"], &["token=script", "german"]] {
        let german = words.contains(&"german");
        let say = |english: &'static str, other: &'static str| if german { other } else { english };
        let rehearsal = Rehearsal::of_everything(words);
        let tab = browser.tab();
        sign_in(
            &tab,
            &rehearsal,
            "document.querySelectorAll('frame').length === 3",
        );
        let go = |path: &str| tab.go(&format!("{}/learning/admin/{path}", rehearsal.practice.stage));
        let press = |name: &str, then: &str| {
            let button = format!("document.querySelector('input[name={name}]').click()");
            tab.leave(&button);
            says(&tab, then);
        };

        go("config/images.do");
        wait(
            &tab,
            "images that are images",
            "[...document.images].length === 5 && [...document.images].every(i => i.naturalWidth > 10)",
        );
        go("config/editImage.do?imageTypeID=CORP_LOGO");
        wait(&tab, "the logo", &format!("{SHOWN} === 120"));
        press(
            "applyChanges",
            say("Choose a file.", "Wählen Sie eine Datei aus."),
        );
        go("config/editImage.do?imageTypeID=CORP_LOGO");
        tab.run(CHOOSE).unwrap();
        press("applyChanges", say("were applied", "wurden übernommen"));
        go("config/editImage.do?imageTypeID=CORP_LOGO");
        wait(&tab, "the new logo", &format!("{SHOWN} === 1"));
        let logo = rehearsal.practice.ask("images", "stage").unwrap()["CORP_LOGO"].clone();
        assert_eq!(
            (&logo["type"], &logo["fileName"]),
            (&json!("image/gif"), &json!("neu & schön.gif"))
        );

        go("tools/unsentEmails.do");
        press(
            "purgeEmails",
            say("only while email is disabled", "deaktiviert ist"),
        );
        go("config/globalSettings.do?tab=mail");
        tab.run("document.querySelector('input[name=emailEnabled]').checked = false")
            .unwrap();
        press("applyChanges_top", say("were applied", "wurden übernommen"));
        go("tools/unsentEmails.do");
        press("purgeEmails", say("are being deleted", "werden gelöscht"));
        std::thread::sleep(Duration::from_millis(400));
        go("tools/unsentEmails.do");
        says(
            &tab,
            say("There are no unsent emails.", "Es gibt keine nicht gesendeten"),
        );

        go("reports/reportJobs.do");
        tab.run("document.querySelector('input[type=checkbox]').click()")
            .unwrap();
        press("deleteSelected", say("were deleted", "wurden gelöscht"));
        go("security/searchAdmins.do");
        says(&tab, "catalog.team@stage.example.com");
        nothing_was_sent_wrong(&rehearsal);
    }
}

#[test]
fn scripts_work_in_a_real_browser_wherever_the_token_is() {
    if !part::is_here("Chromium", &chromium::missing()) {
        return;
    }
    let browser = Browser::start();
    for words in [&["token=field"][..], &["token=link"], &["token=script", "german"]] {
        let german = words.contains(&"german");
        let say = |english: &'static str, other: &'static str| if german { other } else { english };
        let rehearsal = Rehearsal::of_everything(&[words, &["service"]].concat());
        let tab = browser.tab();
        sign_in(
            &tab,
            &rehearsal,
            "document.querySelectorAll('#menu a').length > 12",
        );
        let click = |among: &str, text: &str| {
            let script = format!(
                "[...document.querySelectorAll({})].find(a => a.textContent === {}).click()",
                json!(among),
                json!(text)
            );
            tab.run(&script).unwrap();
        };

        click("#menu a", say("Images", "Bilder"));
        says(&tab, say("Catalog Banner", "Katalogbanner"));
        click("#content a", say("Catalog Banner", "Katalogbanner"));
        wait(
            &tab,
            "an image that is none",
            "document.getElementById('removeImage')?.disabled",
        );
        click("button", say("Apply Changes", "Änderungen übernehmen"));
        says(&tab, say("Choose a file.", "Wählen Sie eine Datei aus."));
        tab.run(CHOOSE).unwrap();
        click("button", say("Apply Changes", "Änderungen übernehmen"));
        says(&tab, say("were applied", "wurden übernommen"));
        wait(&tab, "the new banner", &format!("{SHOWN} === 1"));

        click(
            "#menu a",
            say("Manage Unsent Emails", "Nicht gesendete E-Mails verwalten"),
        );
        says(&tab, say("Total: 7", "Gesamt: 7"));
        click(
            "button",
            say("Delete Unsent Emails", "Nicht gesendete E-Mails löschen"),
        );
        says(&tab, say("only while email is disabled", "deaktiviert ist"));
        click("#menu a", say("Report Jobs", "Berichtsjobs"));
        says(&tab, "Test of the new roster");
        click("button", say("Delete", "Löschen"));
        says(&tab, "2 / 2");
        click("#menu a", say("Admin Management", "Administratorverwaltung"));
        says(&tab, "10 / ");
        click("button", say("Next", "Weiter"));
        says(&tab, "lms.stage@stage.example.com");
        nothing_was_sent_wrong(&rehearsal);
    }
}

fn sign_in(tab: &Tab<'_>, rehearsal: &Rehearsal, inside: &str) {
    let practice = &rehearsal.practice;
    tab.go(&format!("{}/learning/admin/nativelogin.jsp", practice.stage));
    let script = format!(
        "userName.value = {}; password.value = {}; document.getElementById('submit').click()",
        json!(practice.user),
        json!(practice.password)
    );
    tab.leave(&script);
    wait(tab, "the shell", inside);
}

#[track_caller]
fn nothing_was_sent_wrong(rehearsal: &Rehearsal) {
    let harm = rehearsal.practice.ask("harm", "stage").unwrap();
    for kind in ["wrongForm", "wrongToken", "imagesRemoved", "panics"] {
        assert_eq!(harm[kind], 0, "{kind}");
    }
}

#[track_caller]
fn says(tab: &Tab<'_>, text: &str) {
    let condition = format!("document.body.textContent.includes({})", json!(text));
    wait(tab, text, &condition);
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
