use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::browser::{Browser, Form, ask, start, tell};
use super::service;
use crate::practice::Practice;

const PAGE: &str = "/learning/admin/tools/unsentEmails.do";
const SERVICE: &str = "/learning/admin/service/unsentEmails";
const PURGE: &str = "form[name=purgeForm]";
const RELEASE: &str = "form[name=releaseForm]";
const STARTED: &str = "The deletion of unsent emails was started.";
const RUNNING: &str = "Unsent emails are being deleted.";

async fn mail(practice: &Practice, side: &str, on: bool) {
    let change = json!({ "part": "mail", "name": "enableEmail", "on": on });
    tell(practice, &format!("switch/{side}"), &change).await;
}

async fn waiting(practice: &Practice, side: &str) -> u64 {
    ask(practice, &format!("operation/{side}")).await["unsent"]
        .as_u64()
        .unwrap()
}

async fn form(browser: &Browser, which: &str, button: &str) -> Form {
    let page = browser.page(PAGE).await;
    browser.form_of(PAGE, &page, which).await.press(button)
}

async fn purge(browser: &Browser) -> String {
    let form = form(browser, PURGE, "purgeEmails").await;
    browser.send(&form).await.text().await.unwrap()
}

/// Looks at the page until it says no more that a deletion runs.
async fn settled(browser: &Browser) -> String {
    let begin = Instant::now();
    loop {
        let page = browser.page(PAGE).await;
        if !page.contains(RUNNING) {
            return page;
        }
        assert!(begin.elapsed() < Duration::from_secs(10), "{page}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn what_waits_is_counted_and_deleted_in_the_background_wherever_the_token_is() {
    for token in ["token=field", "token=link", "token=script"] {
        let practice = start(&[token]).await;
        mail(&practice, "stage", false).await;
        let browser = Browser::inside(&practice, &practice.stage).await;
        let page = browser.page(PAGE).await;
        for (kind, count) in [("Course Reminder", 2), ("Overdue", 4), ("Approval", 1)] {
            assert!(
                page.contains(&format!("<td>{kind}</td><td align=\"right\">{count}</td>")),
                "{page}"
            );
        }
        assert!(page.contains("<td>Total</td><td align=\"right\">7</td>"));
        let begin = Instant::now();
        let page = purge(&browser).await;
        assert!(page.contains(STARTED) && page.contains(RUNNING), "{page}");
        assert!(!page.contains("purgeForm"));
        assert!(settled(&browser).await.contains("There are no unsent emails."));
        assert!(begin.elapsed() >= Duration::from_millis(300));
        assert_eq!(waiting(&practice, "stage").await, 0);
        assert_ne!(waiting(&practice, "production").await, 0);
        let harm = ask(&practice, "harm/stage").await;
        assert_eq!((&harm["wrongToken"], &harm["wrongForm"]), (&json!(0), &json!(0)));
        assert_eq!(ask(&practice, "harm").await["unsentLost"], 0);
        assert_eq!(practice.panics(), 0);
    }
}

#[tokio::test]
async fn nothing_is_deleted_while_mail_is_on_or_by_a_form_that_no_browser_sends() {
    for (words, why, incomplete) in [
        (
            vec![],
            "only while email is disabled",
            "The request was incomplete.",
        ),
        (
            vec!["german"],
            "E-Mail-Versand deaktiviert",
            "Die Anfrage war unvollständig.",
        ),
    ] {
        let practice = start(&words).await;
        let browser = Browser::inside(&practice, &practice.stage).await;
        let before = waiting(&practice, "stage").await;
        let page = purge(&browser).await;
        assert!(page.contains("errorMessage") && page.contains(why), "{page}");
        mail(&practice, "stage", false).await;
        let open = form(&browser, PURGE, "purgeEmails").await;
        for missing in ["scope", "adminShellMenuId", "purgeEmails"] {
            let form = form(&browser, PURGE, "purgeEmails").await.without(missing);
            let page = browser.send(&form).await.text().await.unwrap();
            assert!(page.contains(incomplete), "{missing}");
        }
        let answer = browser.send_file(&open, "file", "a.png", b"").await;
        assert!(answer.text().await.unwrap().contains(incomplete));
        assert_eq!(browser.get(PAGE).await.status(), 200);
        assert_eq!(browser.send(&open.without("OWASP_CSRFTOKEN")).await.status(), 302);
        assert_eq!(waiting(&practice, "stage").await, before);
        let harm = ask(&practice, "harm/stage").await;
        assert_eq!((&harm["wrongToken"], &harm["wrongForm"]), (&json!(1), &json!(4)));
    }
}

#[tokio::test]
async fn what_is_being_sent_is_left_until_a_tick_has_passed() {
    let practice = start(&[]).await;
    for side in ["stage", "production"] {
        mail(&practice, side, false).await;
    }
    let archive = json!({ "part": "mail", "name": "archiveEmails", "on": false });
    tell(&practice, "switch/stage", &archive).await;
    tell(&practice, "sending/stage", &json!({ "count": 3 })).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    purge(&browser).await;
    assert!(settled(&browser).await.contains(">3</td>"));
    purge(&browser).await;
    assert!(settled(&browser).await.contains(">3</td>"), "still being sent");
    tell(&practice, "tick", &json!({})).await;
    purge(&browser).await;
    assert!(settled(&browser).await.contains("There are no unsent emails."));
    assert_eq!(waiting(&practice, "stage").await, 0);
}

#[tokio::test]
async fn a_second_deletion_waits_for_the_first_and_new_mail_stays() {
    let practice = start(&[]).await;
    mail(&practice, "stage", false).await;
    tell(&practice, "deletion/stage", &json!({ "ms": 60_000 })).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    let open = form(&browser, PURGE, "purgeEmails").await;
    assert!(purge(&browser).await.contains(STARTED));
    let page = browser.send(&open).await.text().await.unwrap();
    assert!(page.contains("errorMessage") && !page.contains(STARTED), "{page}");
    let before = waiting(&practice, "stage").await;
    assert_ne!(before, 0);
    tell(&practice, "tick", &json!({})).await;
    let page = browser.page(PAGE).await;
    assert!(!page.contains(RUNNING), "a tick is longer than a deletion");
    assert_ne!(waiting(&practice, "stage").await, 0, "what the tick made");
}

#[tokio::test]
async fn a_refresh_copies_the_queue_and_ends_a_deletion() {
    let practice = start(&[]).await;
    mail(&practice, "stage", false).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    tell(&practice, "deletion/stage", &json!({ "ms": 60_000 })).await;
    purge(&browser).await;
    tell(&practice, "refresh", &json!({})).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    assert!(!browser.page(PAGE).await.contains(RUNNING));
    let copied = waiting(&practice, "stage").await;
    assert_eq!(copied, waiting(&practice, "production").await);
    assert_ne!(copied, 0);
}

#[tokio::test]
async fn mail_of_production_that_is_deleted_is_lost_and_mail_that_is_released_reaches_people() {
    let practice = start(&[]).await;
    mail(&practice, "production", false).await;
    let browser = Browser::inside(&practice, &practice.production).await;
    let lost = waiting(&practice, "production").await;
    purge(&browser).await;
    settled(&browser).await;
    assert_eq!(ask(&practice, "harm").await["unsentLost"], lost);

    let practice = start(&[]).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    let release = form(&browser, RELEASE, "releaseEmails").await;
    let page = browser.send(&release).await.text().await.unwrap();
    assert!(page.contains("The unsent emails were sent."));
    assert_eq!(
        ask(&practice, "harm").await["mailToRealPeople"],
        0,
        "stage's own mail"
    );
    tell(&practice, "refresh", &json!({})).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    mail(&practice, "stage", false).await;
    let release = form(&browser, RELEASE, "releaseEmails").await;
    let page = browser.send(&release).await.text().await.unwrap();
    assert!(page.contains("only while email is enabled"));
    mail(&practice, "stage", true).await;
    browser.send(&release).await;
    assert_ne!(ask(&practice, "harm").await["mailToRealPeople"], 0);
    assert_eq!(waiting(&practice, "stage").await, 0);
}

#[tokio::test]
async fn deletions_go_wrong_as_ordered() {
    let practice = start(&[]).await;
    mail(&practice, "stage", false).await;
    tell(&practice, "deletion/stage", &json!({ "ms": 0 })).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    let order = async |effect: Value| {
        let faults = json!([{ "path": "purgeUnsent", "effect": effect }]);
        tell(&practice, "faults/stage", &faults).await;
    };
    order(json!("refuse-save")).await;
    assert!(purge(&browser).await.contains("could not be applied"));
    assert_eq!(waiting(&practice, "stage").await, 7);
    order(json!("ignore-save")).await;
    assert!(purge(&browser).await.contains(STARTED));
    assert_eq!(waiting(&practice, "stage").await, 7);
    order(json!("alter-save")).await;
    assert!(purge(&browser).await.contains(STARTED));
    assert_eq!(waiting(&practice, "stage").await, 1);
    order(json!({ "cache-ms": 60_000 })).await;
    let page = purge(&browser).await;
    assert!(page.contains(STARTED) && !page.contains(RUNNING) && page.contains(">1</td>"));
    tell(&practice, "faults/stage", &json!([{ "effect": "field-missing" }])).await;
    assert!(!browser.page(PAGE).await.contains("name=\"scope\""));
}

#[tokio::test]
async fn the_service_counts_and_deletes() {
    let practice = start(&["service", "german"]).await;
    let (browser, token) = service::inside(&practice, "token=field").await;
    let told = async || -> Value { browser.get(SERVICE).await.json().await.unwrap() };
    let post = async |what: &str, body: Value, token: &str| {
        let url = format!("{}{SERVICE}/{what}", browser.root);
        let request = browser.client.post(url).header("owasp_csrftoken", token);
        request.json(&body).send().await.unwrap()
    };
    let before = told().await;
    assert_eq!(
        before,
        json!({ "total": 7, "running": false, "types": [
            { "type": "APPROVAL", "name": "Genehmigung", "count": 1 },
            { "type": "COURSE_REMINDER", "name": "Kurserinnerung", "count": 2 },
            { "type": "OVERDUE", "name": "Überfällig", "count": 4 },
        ] })
    );
    let refused: Value = post("delete", json!({}), &token).await.json().await.unwrap();
    assert_eq!(refused["status"], "ERROR");
    assert!(refused["message"].as_str().unwrap().contains("deaktiviert"));
    mail(&practice, "stage", false).await;
    assert_eq!(post("delete", json!({}), "x").await.status(), 403);
    assert_eq!(post("delete", json!({ "all": true }), &token).await.status(), 400);
    assert_eq!(told().await, before);
    let begun: Value = post("delete", json!({}), &token).await.json().await.unwrap();
    assert_eq!(begun["status"], "OK");
    let running = told().await;
    assert_eq!(
        (&running["running"], &running["total"]),
        (&json!(true), &json!(7))
    );
    tokio::time::sleep(Duration::from_millis(350)).await;
    assert_eq!(told().await, json!({ "total": 0, "running": false, "types": [] }));
    assert_eq!(browser.get(&format!("{SERVICE}/nothing")).await.status(), 404);
    let menu = browser.page("/learning/admin/service/menu").await;
    assert!(menu.contains("#unsentEmails"));
    let harm = ask(&practice, "harm/stage").await;
    assert_eq!((&harm["wrongToken"], &harm["wrongForm"]), (&json!(1), &json!(1)));
}
