use serde_json::{Value, json};

use super::browser::{Browser, Form, ask, start, tell};
use super::forms::{form_at, switch};

const MAIL: &str = "/learning/admin/config/globalSettings.do?tab=mail";

async fn state(practice: &crate::practice::Practice) -> Value {
    ask(practice, "operation/stage").await
}

async fn said(browser: &Browser, form: Form) -> String {
    browser.send(&form).await.text().await.unwrap()
}

#[tokio::test]
async fn mail_is_turned_off_and_on_wherever_the_token_is() {
    for token in ["token=field", "token=link", "token=script"] {
        let practice = start(&[token]).await;
        let browser = Browser::inside(&practice, &practice.stage).await;
        assert_eq!(state(&practice).await["mail"], "ok");
        for (on, button, judged) in [
            (false, "applyChanges_top", "enableEmail"),
            (true, "applyChanges_bottom", "ok"),
        ] {
            let form = switch(form_at(&browser, MAIL).await, "emailEnabled", "true", on).press(button);
            let page = said(&browser, form).await;
            assert!(page.contains("The changes were applied."), "{token}: {page}");
            let state = state(&practice).await;
            assert_eq!((&state["mail"], &state["mailOn"]), (&json!(judged), &json!(on)));
        }
        let mut form = form_at(&browser, MAIL).await.press("applyChanges_top");
        form = form.without("OWASP_CSRFTOKEN");
        form.action = form.action.split('?').next().unwrap().to_owned();
        assert_eq!(browser.send(&form).await.status(), 302);
        assert_eq!(ask(&practice, "harm/stage").await["wrongToken"], 1);
    }
}

#[tokio::test]
async fn the_password_is_never_shown_and_stays_where_none_is_entered() {
    let practice = start(&[]).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    let form = form_at(&browser, MAIL).await;
    assert_eq!(form.value("smtpServerName"), "localhost");
    assert_eq!(form.value("smtpUserName"), "lms_relay_stage");
    assert_eq!(form.value("smtpUserPassword"), "");
    said(&browser, form.press("applyChanges_top")).await;
    assert_eq!(state(&practice).await["mail"], "ok");
    practice.refresh();
    assert_eq!(
        state(&practice).await["mail"],
        "smtpUser, smtpPassword, senderAddress"
    );
    let known = ask(&practice, "known/stage").await["smtpPassword"]
        .as_str()
        .unwrap()
        .to_owned();
    let browser = Browser::inside(&practice, &practice.stage).await;
    let form = form_at(&browser, MAIL).await;
    let form = form
        .set("smtpUserName", "lms_relay_stage")
        .set("fromAddress", "learning@stage.example.com");
    said(&browser, form.press("applyChanges_bottom")).await;
    assert_eq!(state(&practice).await["mail"], "smtpPassword");
    let form = form_at(&browser, MAIL).await.set("smtpUserPassword", &known);
    let page = said(&browser, form.press("applyChanges_bottom")).await;
    assert!(!page.contains(&known));
    assert_eq!(state(&practice).await["mail"], "ok");
}

#[tokio::test]
async fn a_save_asks_for_everything_a_browser_sends_and_the_version_of_now() {
    let practice = start(&[]).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    let changed = || async { form_at(&browser, MAIL).await.set("fromAddress", "x@example.com") };
    let mut wrong = Vec::new();
    for missing in [
        "selectedTab",
        "settingsVersion",
        "adminShellMenuId",
        "smtpServerName",
        "smtpUserPassword",
    ] {
        wrong.push(changed().await.press("applyChanges_top").without(missing));
    }
    wrong.push(changed().await);
    wrong.push(
        changed()
            .await
            .press("applyChanges_top")
            .press("applyChanges_bottom"),
    );
    let switched = switch(changed().await, "emailEnabled", "true", false);
    wrong.push(switch(switched, "emailEnabled", "on", true).press("applyChanges_top"));
    let mut extra = changed().await.press("applyChanges_top");
    extra.fields.push(("reset".to_owned(), "Reset".to_owned()));
    wrong.push(extra);
    let count = wrong.len();
    for form in wrong {
        assert!(said(&browser, form).await.contains("errorMessage"));
    }
    assert_eq!(ask(&practice, "harm/stage").await["wrongForm"], count);
    let old = changed().await.press("applyChanges_top");
    let order = json!({ "part": "mail", "name": "smtpUser", "value": "theirs" });
    tell(&practice, "switch/stage", &order).await;
    assert!(said(&browser, old).await.contains("changed in the meantime"));
    assert_eq!(state(&practice).await["mail"], "smtpUser");
}

#[tokio::test]
async fn the_other_tabs_have_forms_of_their_own() {
    let practice = start(&[]).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    let general = "/learning/admin/config/globalSettings.do?tab=general";
    let form = form_at(&browser, general).await.set("recordsPerPage", "50");
    let page = said(&browser, form.press("applyChanges_top")).await;
    assert!(page.contains("The changes were applied.") && page.contains("value=\"50\""));
    assert!(page.contains("globalSettings.do?tab=mail&amp;adminShellMenuId=GLOBAL_SETTINGS"));
    let security = form_at(&browser, "/learning/admin/config/globalSettings.do?tab=security").await;
    assert_eq!(security.value("selectedTab"), "security");
    assert_eq!(state(&practice).await["mail"], "ok");
}

#[tokio::test]
async fn saves_go_wrong_as_ordered() {
    let practice = start(&[]).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    let off = || async {
        let form = form_at(&browser, MAIL).await;
        switch(form, "emailEnabled", "true", false).press("applyChanges_top")
    };
    for (effect, says, judged) in [
        ("refuse-save", "could not be applied", "ok"),
        ("ignore-save", "were applied", "ok"),
        ("alter-save", "were applied", "enableEmail, senderAddress"),
    ] {
        let form = off().await;
        let fault = json!([{ "method": "POST", "path": "saveGlobal", "effect": effect }]);
        tell(&practice, "faults/stage", &fault).await;
        assert!(said(&browser, form).await.contains(says), "{effect}");
        assert_eq!(state(&practice).await["mail"], judged, "{effect}");
    }
    let fault = json!([{ "path": "globalSettings", "effect": "field-missing" }]);
    tell(&practice, "faults/stage", &fault).await;
    assert!(!browser.page(MAIL).await.contains("settingsVersion"));
}
