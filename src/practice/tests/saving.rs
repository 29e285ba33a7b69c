use serde_json::json;

use super::browser::{Browser, ask, line_value, start, stored, tell};

const KEY: &str = "connector.ftp.password";

#[tokio::test]
async fn a_save_stores_lf_and_answers_that_changes_were_applied() {
    for token in ["token=field", "token=link", "token=script"] {
        let practice = start(&[token]).await;
        let browser = Browser::inside(&practice, &practice.stage).await;
        let text = "\n\nfirst=1\r\nsecond=ü 😀 & <b>\rthird= x  \n\n";
        assert!(
            browser
                .save("TERMS & CONDITIONS", text)
                .await
                .contains("The changes were applied."),
            "{token}"
        );
        let wanted = "\n\nfirst=1\nsecond=ü 😀 & <b>\nthird= x  \n\n";
        assert_eq!(
            stored(&ask(&practice, "state/stage").await, "TERMS & CONDITIONS"),
            wanted
        );
        assert_eq!(browser.text("TERMS & CONDITIONS").await, wanted);
        let mut form = browser
            .edit("SSO")
            .await
            .set("configurationText", "lost")
            .press("applyChanges_top");
        form = form.without("OWASP_CSRFTOKEN");
        form.action = form.action.split('?').next().unwrap().to_owned();
        assert_eq!(browser.send(&form).await.status(), 302);
        assert_ne!(stored(&ask(&practice, "state/stage").await, "SSO"), "lost");
        assert_eq!(ask(&practice, "harm/stage").await["wrongToken"], 1, "{token}");
    }
}

#[tokio::test]
async fn a_save_asks_for_everything_a_browser_sends_and_one_button() {
    let practice = start(&[]).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    let before = ask(&practice, "state/stage").await;
    for missing in [
        "configurationID",
        "version",
        "mode",
        "adminShellMenuId",
        "lineWrap",
        "configurationText",
    ] {
        let form = browser
            .edit("SSO")
            .await
            .set("configurationText", "x=1")
            .press("applyChanges_top");
        let page = browser.send(&form.without(missing)).await.text().await.unwrap();
        assert!(page.contains("errorMessage"), "{missing}");
    }
    let form = || async { browser.edit("SSO").await.set("configurationText", "x=1") };
    let none = form().await;
    let both = form()
        .await
        .press("applyChanges_top")
        .press("applyChanges_bottom");
    let with_cancel = form().await.press("applyChanges_top").press("cancel");
    let mut extra = form().await.press("applyChanges_top");
    extra.fields.push(("lastChanged".to_owned(), String::new()));
    for wrong in [none, both, with_cancel, extra] {
        assert!(
            browser
                .send(&wrong)
                .await
                .text()
                .await
                .unwrap()
                .contains("The request was incomplete.")
        );
    }
    assert_eq!(browser.send(&form().await.press("cancel")).await.status(), 302);
    let stale = form().await.set("version", "1").press("applyChanges_top");
    assert!(
        browser
            .send(&stale)
            .await
            .text()
            .await
            .unwrap()
            .contains("changed in the meantime")
    );
    assert_eq!(ask(&practice, "state/stage").await, before);
    assert_eq!(ask(&practice, "harm/stage").await["wrongForm"], 9);
    let log = ask(&practice, "requests/stage").await;
    let mut last = log.as_array().unwrap().last().unwrap().clone();
    let entry = last.as_object_mut().unwrap();
    let times = ["came", "answered"].map(|time| entry.remove(time).unwrap().as_f64().unwrap());
    assert!(times[0] <= times[1], "{times:?}");
    let sent = [
        "OWASP_CSRFTOKEN",
        "configurationID",
        "version",
        "mode",
        "adminShellMenuId",
        "lineWrap",
        "configurationText",
        "applyChanges_top",
    ];
    let path = "/learning/admin/sysconfig/saveConfiguration.do";
    assert_eq!(
        last,
        json!({ "method": "POST", "path": path, "fields": sent, "status": 200 })
    );
}

#[tokio::test]
async fn new_values_are_encrypted_differently_each_time_and_kept_ones_stay() {
    let practice = start(&[]).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    let text = browser.text("CONNECTORS").await;
    let old = line_value(&text, KEY);
    browser.save("CONNECTORS", &text).await;
    assert_eq!(
        stored(&ask(&practice, "state/stage").await, "CONNECTORS"),
        text,
        "kept"
    );
    let plain = ask(&practice, "plain/stage").await["CONNECTORS"][KEY]
        .as_str()
        .unwrap()
        .to_owned();
    assert_ne!(plain, old);
    let entered = text.replace(&old, &plain);
    browser.save("CONNECTORS", &entered).await;
    let first = line_value(&browser.text("CONNECTORS").await, KEY);
    browser.save("CONNECTORS", &entered).await;
    let second = line_value(&browser.text("CONNECTORS").await, KEY);
    assert!(first != second && first != plain && first != old);
    assert_eq!(ask(&practice, "health/stage").await["Connectors: SFTP"], "ok");
    let other = stored(&ask(&practice, "state/production").await, "CONNECTORS");
    browser
        .save("CONNECTORS", &entered.replace(&plain, &line_value(&other, KEY)))
        .await;
    assert_eq!(ask(&practice, "harm/stage").await["foreignCiphertext"], 1);
    assert_ne!(ask(&practice, "health/stage").await["Connectors: SFTP"], "ok");
}

#[tokio::test]
async fn a_ciphertext_sent_back_is_broken_where_it_is_encrypted_again() {
    let practice = start(&["resave=again"]).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    assert_eq!(ask(&practice, "health/stage").await["Connectors: SFTP"], "ok");
    let text = browser.text("CONNECTORS").await;
    browser.save("CONNECTORS", &text).await;
    let health = ask(&practice, "health/stage").await;
    assert_eq!(
        health["Connectors: SFTP"],
        "CONNECTORS:connector.ftp.password: it is not the right one"
    );
    assert_eq!(ask(&practice, "harm/stage").await["encryptedTwice"], 3);
}

#[tokio::test]
async fn a_mask_is_shown_and_stored_as_a_value_when_it_comes_back() {
    let practice = start(&["resave=mask"]).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    let text = browser.text("CONNECTORS").await;
    assert_eq!(line_value(&text, KEY), "********");
    assert_ne!(
        line_value(&stored(&ask(&practice, "state/stage").await, "CONNECTORS"), KEY),
        "********"
    );
    browser.save("CONNECTORS", &text).await;
    assert_eq!(ask(&practice, "harm/stage").await["maskStored"], 3);
    assert_ne!(ask(&practice, "health/stage").await["Connectors: PGP"], "ok");
}

#[tokio::test]
async fn a_bound_save_lands_in_the_file_opened_last() {
    let practice = start(&["bound"]).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    let form = browser
        .edit("SSO")
        .await
        .set("configurationText", "meant=SSO\n")
        .press("applyChanges_top");
    browser.edit("SEARCH").await;
    browser.send(&form).await;
    let state = ask(&practice, "state/stage").await;
    assert_eq!(stored(&state, "SEARCH"), "meant=SSO\n");
    assert_ne!(stored(&state, "SSO"), "meant=SSO\n");
}

#[tokio::test]
async fn a_change_by_somebody_else_makes_an_open_page_stale() {
    let practice = start(&[]).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    let form = browser.edit("SSO").await.press("applyChanges_top");
    tell(
        &practice,
        "save/stage",
        &json!({ "document": "SSO", "text": "theirs=1\n" }),
    )
    .await;
    assert!(
        browser
            .send(&form)
            .await
            .text()
            .await
            .unwrap()
            .contains("changed in the meantime")
    );
    assert_eq!(stored(&ask(&practice, "state/stage").await, "SSO"), "theirs=1\n");
}
