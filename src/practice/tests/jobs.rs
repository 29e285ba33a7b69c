use std::collections::BTreeSet;

use scraper::{Html, Selector};
use serde_json::json;

use super::browser::{Browser, Form, ask, start, tell};
use super::forms::{form_at, press, rows, switch};

const PROCESSES: &str = "/learning/admin/apm/listProcesses.do";
const CONNECTORS: &str = "/learning/admin/connectors/listConnectors.do";

fn process(id: &str) -> String {
    format!("/learning/admin/apm/editProcess.do?apmID={id}&adminShellMenuId=APM")
}

fn connector(id: &str) -> String {
    format!(
        "/learning/admin/connectors/connectorDetail.do?connectorCode={id}&adminShellMenuId=CONNECTOR_JOBS"
    )
}

/// Sends a form and reads the page that answers, also where it leads to another.
async fn said(browser: &Browser, form: &Form) -> String {
    let answer = browser.send(form).await;
    match answer.headers().get("location") {
        Some(address) => browser.page(address.to_str().unwrap()).await,
        None => answer.text().await.unwrap(),
    }
}

#[tokio::test]
async fn processes_are_listed_twenty_a_page_with_pencils_and_their_schedule_in_words() {
    let practice = start(&[]).await;
    let browser = Browser::inside(&practice, &practice.production).await;
    let mut all = Vec::new();
    for page in 1..=3 {
        let shown = rows(&browser.page(&format!("{PROCESSES}?page={page}")).await);
        assert!(shown.len() <= 20);
        all.extend(shown);
    }
    let names: BTreeSet<&String> = all.iter().map(|(cells, _)| &cells[1]).collect();
    assert_eq!((all.len(), names.len()), (45, 45));
    let scheduled = all.iter().filter(|(cells, _)| cells[4] == "Scheduled").count();
    let state = ask(&practice, "operation/production").await;
    assert_eq!(state["scheduledProcesses"], scheduled);
    assert!((18..=27).contains(&scheduled), "{scheduled}");
    for (cells, address) in &all {
        assert_eq!(cells[0], "", "an icon is no text");
        let page = browser.page(&format!("/learning/admin/apm/{address}")).await;
        let on = Html::parse_document(&page)
            .select(&Selector::parse("#scheduleEnabled[checked]").unwrap())
            .count();
        assert!(page.contains(&format!("<h2>{}</h2>", cells[1])));
        assert_eq!(on == 1, cells[4] == "Scheduled", "{}", cells[1]);
    }
}

#[tokio::test]
async fn connectors_are_listed_on_one_page_by_links_and_each_side_has_one_of_its_own() {
    let practice = start(&[]).await;
    let mut names = Vec::new();
    for (root, side) in [(&practice.production, "production"), (&practice.stage, "stage")] {
        let browser = Browser::inside(&practice, root).await;
        let shown = rows(&browser.page(CONNECTORS).await);
        assert_eq!(shown.len(), 16);
        let scheduled = shown.iter().filter(|(cells, _)| cells[2] == "Yes").count();
        let state = ask(&practice, &format!("operation/{side}")).await;
        assert_eq!(state["scheduledConnectors"], scheduled);
        names.push(
            shown
                .iter()
                .map(|(cells, _)| cells[0].clone())
                .collect::<BTreeSet<_>>(),
        );
    }
    assert_eq!(names[0].difference(&names[1]).count(), 1);
    assert_eq!(names[1].difference(&names[0]).count(), 1);
    practice.refresh();
    let state = ask(&practice, "operation/stage").await;
    let told = state["connectors"].as_str().unwrap();
    assert!(told.contains("Load Test Connector: it is gone"), "{told}");
    assert!(
        told.contains("Certification Connector: it was not there and is scheduled"),
        "{told}"
    );
}

#[tokio::test]
async fn a_process_is_switched_and_changed_wherever_the_token_is() {
    for token in ["token=field", "token=link", "token=script"] {
        let practice = start(&[token]).await;
        let browser = Browser::inside(&practice, &practice.stage).await;
        let address = process("DIGEST");
        let form = form_at(&browser, &address).await;
        assert_eq!(form.value("weekDay"), "THU");
        let off = switch(form, "scheduleEnabled", "Y", false).press("applyChanges_bottom");
        assert!(said(&browser, &off).await.contains("The changes were applied."));
        let judge = || async { ask(&practice, "operation/stage").await["automaticProcesses"].clone() };
        assert_eq!(judge().await, "Notification Digest: scheduled", "{token}");
        let form = switch(form_at(&browser, &address).await, "weekDay", "THU", false);
        let form = switch(switch(form, "weekDay", "MON", true), "weekDay", "FRI", true);
        let form = form.set("notifyOn", "ERROR").set("startTime", "01:02");
        assert!(
            said(&browser, &form.press("applyChanges_top"))
                .await
                .contains("The changes were applied.")
        );
        let changed = "Notification Digest: scheduled and startTime and weekdays and notify";
        assert_eq!(judge().await, changed);
        let shown = form_at(&browser, &address).await;
        let days: Vec<&str> = shown
            .fields
            .iter()
            .filter(|(name, _)| name == "weekDay")
            .map(|(_, value)| value.as_str())
            .collect();
        assert_eq!(days, ["MON", "FRI"]);
        assert_eq!(ask(&practice, "harm/stage").await["wrongForm"], 0);
    }
}

#[tokio::test]
async fn a_connector_is_switched_by_buttons_that_share_a_name() {
    for token in ["token=field", "token=link", "token=script"] {
        let practice = start(&[token]).await;
        let browser = Browser::inside(&practice, &practice.stage).await;
        let address = connector("sfuser");
        let off = switch(form_at(&browser, &address).await, "job.active", "on", false);
        let page = said(&browser, &press(off, "method", "save")).await;
        assert!(page.contains("The changes were applied."), "{token}: {page}");
        let judge = || async { ask(&practice, "operation/stage").await["connectors"].clone() };
        assert_eq!(judge().await, "User Connector - SF: scheduled");
        let on = switch(form_at(&browser, &address).await, "job.active", "on", true);
        said(&browser, &press(on, "method", "save")).await;
        assert_eq!(judge().await, "ok");
        let form = form_at(&browser, &address).await;
        let both = press(press(form, "method", "save"), "method", "runNow");
        assert!(said(&browser, &both).await.contains("errorMessage"));
        assert_eq!(ask(&practice, "harm/stage").await["wrongForm"], 1);
        assert_eq!(ask(&practice, "harm").await["ranByHand"], 0);
    }
}

#[tokio::test]
async fn a_save_asks_for_everything_a_browser_sends_and_the_version_of_now() {
    let practice = start(&[]).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    let mut count = 0;
    for missing in [
        "formRevision",
        "adminShellMenuId",
        "startTime",
        "frequencyType",
        "notifyOn",
        "contactEmail",
    ] {
        let form = form_at(&browser, &process("DIGEST")).await;
        let form = form.press("applyChanges_top").without(missing);
        assert!(
            said(&browser, &form)
                .await
                .contains("The request was incomplete."),
            "{missing}"
        );
        count += 1;
    }
    for missing in ["updateCount", "inputFileName", "operationType", "job.time"] {
        let form = form_at(&browser, &connector("item")).await;
        let form = press(form, "method", "save").without(missing);
        assert!(
            said(&browser, &form)
                .await
                .contains("The request was incomplete."),
            "{missing}"
        );
        count += 1;
    }
    let form = form_at(&browser, &process("DIGEST"))
        .await
        .set("frequencyType", "YEARLY");
    said(&browser, &form.press("applyChanges_top")).await;
    let form = form_at(&browser, &process("DIGEST")).await;
    let form = switch(form, "weekDay", "MON", true).press("applyChanges_top");
    said(&browser, &form).await;
    count += 2;
    assert_eq!(ask(&practice, "harm/stage").await["wrongForm"], count);
    let old = form_at(&browser, &process("DIGEST"))
        .await
        .set("startTime", "09:09");
    let other = form_at(&browser, &connector("item"))
        .await
        .set("inputFileName", "x");
    for (part, name) in [
        ("automaticProcesses", "Notification Digest"),
        ("connectors", "item"),
    ] {
        let order = json!({ "part": part, "name": name, "on": false });
        tell(&practice, "switch/stage", &order).await;
    }
    for form in [old.press("applyChanges_top"), press(other, "method", "save")] {
        assert!(said(&browser, &form).await.contains("changed in the meantime"));
    }
    let state = ask(&practice, "operation/stage").await;
    assert_eq!(state["automaticProcesses"], "Notification Digest: scheduled");
    assert_eq!(state["connectors"], "Item Connector: scheduled");
}

#[tokio::test]
async fn what_is_running_refuses_as_many_saves_as_ordered() {
    let practice = start(&[]).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    let order = json!({ "process": "Course Reminder", "saves": 2 });
    tell(&practice, "running/stage", &order).await;
    let order = json!({ "process": "item", "saves": 1 });
    tell(&practice, "running/stage", &order).await;
    let mut refused = Vec::new();
    for _ in 0..3 {
        let form = switch(
            form_at(&browser, &process("COURSE_REMINDER")).await,
            "scheduleEnabled",
            "Y",
            false,
        );
        refused.push(
            said(&browser, &form.press("applyChanges_top"))
                .await
                .contains("is running"),
        );
    }
    assert_eq!(refused, [true, true, false]);
    let form = press(form_at(&browser, &connector("item")).await, "method", "save");
    assert!(said(&browser, &form).await.contains("is running"));
    tell(
        &practice,
        "running/production",
        &json!({ "process": "item", "saves": 9 }),
    )
    .await;
    practice.refresh();
    let browser = Browser::inside(&practice, &practice.stage).await;
    let form = press(form_at(&browser, &connector("item")).await, "method", "save");
    assert!(said(&browser, &form).await.contains("were applied"));
}

#[tokio::test]
async fn run_now_runs_and_is_counted() {
    let practice = start(&[]).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    let form = form_at(&browser, &process("DIGEST")).await.press("runNow");
    assert!(said(&browser, &form).await.contains("The job was started."));
    let form = press(form_at(&browser, &connector("item")).await, "method", "runNow");
    assert!(said(&browser, &form).await.contains("The job was started."));
    let form = form_at(&browser, &process("DIGEST")).await.press("cancel");
    assert_eq!(
        browser.send(&form).await.headers()["location"],
        format!("{PROCESSES}?adminShellMenuId=APM")
    );
    assert_eq!(ask(&practice, "harm").await["ranByHand"], 2);
    tell(&practice, "run/stage", &json!({ "name": "sfuser" })).await;
    assert_eq!(ask(&practice, "harm").await["ranByHand"], 2);
}

#[tokio::test]
async fn saves_and_pages_go_wrong_as_ordered() {
    let practice = start(&[]).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    let fault = |path: &str, effect: &str| json!([{ "path": path, "effect": effect }]);
    let form = || async {
        let form = form_at(&browser, &connector("item")).await;
        press(switch(form, "job.active", "on", false), "method", "save")
    };
    for (effect, says, judged) in [
        ("refuse-save", "could not be applied", "ok"),
        ("ignore-save", "were applied", "ok"),
        (
            "alter-save",
            "were applied",
            "Item Connector: scheduled and contact",
        ),
    ] {
        let form = form().await;
        tell(&practice, "faults/stage", &fault("updateConnector", effect)).await;
        assert!(said(&browser, &form).await.contains(says), "{effect}");
        assert_eq!(ask(&practice, "operation/stage").await["connectors"], judged);
    }
    tell(&practice, "faults/stage", &fault("editProcess", "wrong-document")).await;
    assert!(
        !browser
            .page(&process("DIGEST"))
            .await
            .contains("value=\"DIGEST\"")
    );
    tell(&practice, "faults/stage", &fault("editProcess", "field-missing")).await;
    assert!(!browser.page(&process("DIGEST")).await.contains("formRevision"));
    tell(&practice, "faults/stage", &fault("listConn", "login-page")).await;
    assert!(browser.page(CONNECTORS).await.contains("nativeLoginForm"));
    tell(&practice, "faults/stage", &fault("listConn", "expire")).await;
    assert!(browser.page(CONNECTORS).await.contains("nativeLoginForm"));
}

#[tokio::test]
async fn german_pages_have_german_words() {
    let practice = start(&["german"]).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    let page = browser.page(&process("DIGEST")).await;
    for word in [
        "Diesen Prozess planen",
        "Donnerstag",
        "Jetzt ausführen",
        "Häufigkeit",
    ] {
        assert!(page.contains(word), "{word}");
    }
    let shown = rows(&browser.page(CONNECTORS).await);
    assert!(
        shown
            .iter()
            .all(|(cells, _)| ["Ja", "Nein"].contains(&cells[2].as_str()))
    );
    let mail = browser
        .page("/learning/admin/config/globalSettings.do?tab=mail")
        .await;
    assert!(mail.contains("E-Mail aktivieren") && mail.contains(">Sicherheit</a>"));
}
