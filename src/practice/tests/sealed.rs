//! The seal of the integration with BizX.

use serde_json::{Value, json};

use super::browser::{Browser, ask, line_value, start, stored, tell};
use super::service::{file, inside, put};
use crate::practice::Practice;

const KEYS: [&str; 3] = ["baseURL", "successFactorsCompanyID", "bizx.api.baseURL"];

async fn bizx(practice: &Practice) -> String {
    stored(&ask(practice, "state/stage").await, "BIZX")
}

/// The text with other values of all sealed keys, and one more line.
fn changed(text: &str) -> String {
    let mut text = text.to_owned();
    for key in KEYS {
        let line = format!("\n{key}={}\n", line_value(&text, key));
        assert!(text.contains(&line), "{key}");
        text = text.replace(&line, &format!("\n{key}=changed\n"));
    }
    text + "added=1\n"
}

#[tokio::test]
async fn a_save_keeps_the_sealed_keys_stores_the_rest_and_says_nothing() {
    for word in ["sealed", "sealed=ignore"] {
        let practice = start(&[word]).await;
        let browser = Browser::inside(&practice, &practice.stage).await;
        let text = browser.text("BIZX").await;
        let answer = browser.save("BIZX", &changed(&text)).await;
        assert!(answer.contains("The changes were applied."), "{answer}");
        assert_eq!(bizx(&practice).await, format!("{text}added=1\n"));
        let gone = text.replace(&format!("baseURL={}\n", line_value(&text, "baseURL")), "");
        browser.save("BIZX", &gone).await;
        assert_eq!(
            line_value(&bizx(&practice).await, "baseURL"),
            line_value(&text, "baseURL")
        );
    }
}

#[tokio::test]
async fn native_login_is_not_sealed() {
    let practice = start(&["sealed=refuse"]).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    let closed = browser.text("BIZX").await.replace(
        "successFactorsLearningEnabled=false",
        "successFactorsLearningEnabled=true",
    );
    assert!(
        browser
            .save("BIZX", &closed)
            .await
            .contains("The changes were applied.")
    );
    assert_eq!(bizx(&practice).await, closed);
}

#[tokio::test]
async fn a_save_that_would_change_a_sealed_key_is_refused_whole_and_the_key_is_named() {
    for (words, why) in [
        (&["sealed=refuse"][..], "The value of baseURL cannot be changed."),
        (
            &["sealed=refuse", "german"],
            "Der Wert von baseURL kann nicht geändert werden.",
        ),
    ] {
        let practice = start(words).await;
        let browser = Browser::inside(&practice, &practice.stage).await;
        let text = browser.text("BIZX").await;
        let answer = browser.save("BIZX", &changed(&text)).await;
        let told = format!("<div class=\"errorMessage\">{why}</div>");
        assert!(answer.contains(&told), "{answer}");
        assert_eq!(bizx(&practice).await, text);
        let one = text.replace("bizx.api.baseURL=", "bizx.api.baseURL=x");
        assert!(browser.save("BIZX", &one).await.contains("bizx.api.baseURL"));
        assert_eq!(bizx(&practice).await, text);
        browser.save("BIZX", &format!("{text}added=1\n")).await;
        assert_eq!(bizx(&practice).await, format!("{text}added=1\n"));
        browser.save("SSO", "baseURL=of another file\n").await;
        assert_eq!(
            stored(&ask(&practice, "state/stage").await, "SSO"),
            "baseURL=of another file\n"
        );
    }
}

#[tokio::test]
async fn a_service_refuses_in_its_own_way() {
    let practice = start(&["sealed=refuse", "service", "german"]).await;
    let (browser, token) = inside(&practice, "token=field").await;
    let mut read = file(&browser, "BIZX").await;
    let before = bizx(&practice).await;
    read["configurationText"] = json!(changed(&before));
    let answer = put(&browser, "BIZX", &read, Some(&token)).await;
    assert_eq!(answer.status(), 200);
    let answer: Value = answer.json().await.unwrap();
    assert_eq!(
        (&answer["status"], &answer["message"], &answer["version"]),
        (
            &json!("ERROR"),
            &json!("Der Wert von baseURL kann nicht geändert werden."),
            &read["version"]
        )
    );
    assert_eq!(bizx(&practice).await, before);
}

#[tokio::test]
async fn a_refresh_copies_sealed_keys_and_nobody_puts_them_back() {
    let practice = start(&["sealed"]).await;
    let own = bizx(&practice).await;
    practice.refresh();
    let theirs = bizx(&practice).await;
    assert_ne!(line_value(&own, "baseURL"), line_value(&theirs, "baseURL"));
    let browser = Browser::inside(&practice, &practice.stage).await;
    browser.save("BIZX", &own).await;
    let health = ask(&practice, "health/stage").await;
    assert_eq!(
        health["HCM suite: tenant"],
        "BIZX:baseURL, BIZX:successFactorsCompanyID: it is production's"
    );
    // Behind the scenes neither; there it is said.
    tell(&practice, "scenario/stage", &json!("sealed=refuse")).await;
    let answer = super::browser::client()
        .post(format!("{}/save/stage", practice.control))
        .json(&json!({ "document": "BIZX", "text": own }))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 400);
    assert!(
        answer
            .text()
            .await
            .unwrap()
            .contains("The value of baseURL cannot be changed.")
    );
}
