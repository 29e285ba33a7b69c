use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::browser::{Browser, LIST, ask, start, stored, tell};
use crate::error::Kind;
use crate::practice::serve::guarded;
use crate::practice::{Options, Practice, Scenario};

async fn fault(practice: &Practice, method: Option<&str>, path: &str, effect: Value) {
    let faults = json!([{ "method": method, "path": path, "skip": 0, "times": 1, "effect": effect }]);
    tell(practice, "faults/stage", &faults).await;
}

#[tokio::test]
async fn a_status_comes_as_often_as_it_was_ordered() {
    let practice = start(&[]).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    let effect = json!({ "status": 503, "retryAfter": 1 });
    let faults = json!([{ "method": "GET", "path": "listConf", "skip": 1, "times": 2, "effect": effect }]);
    tell(&practice, "faults/stage", &faults).await;
    let mut statuses = Vec::new();
    for _ in 0..4 {
        let answer = browser.get(LIST).await;
        assert_eq!(
            answer.headers().contains_key("retry-after"),
            answer.status() == 503
        );
        statuses.push(answer.status().as_u16());
    }
    assert_eq!(statuses, [200, 503, 503, 200]);
    fault(
        &practice,
        None,
        "",
        json!({ "redirect": "http://other.example/" }),
    )
    .await;
    assert_eq!(
        browser.get(LIST).await.headers()["location"],
        "http://other.example/"
    );
    tell(
        &practice,
        "faults/stage",
        &json!([{ "effect": { "status": 500 } }]),
    )
    .await;
    tell(&practice, "faults/stage", &json!([])).await;
    assert_eq!(browser.get(LIST).await.status(), 200);
}

#[tokio::test]
async fn an_answer_can_be_lost_after_the_work_or_before_it() {
    let practice = start(&[]).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    for (effect, text, done) in [("lose-answer", "a=1\n", true), ("drop", "a=2\n", false)] {
        let form = browser
            .edit("SSO")
            .await
            .set("configurationText", text)
            .press("applyChanges_top");
        fault(&practice, Some("POST"), "saveConf", json!(effect)).await;
        let address = format!("{}{}", browser.root, form.action);
        let answer = browser.client.post(address).form(&form.fields).send().await;
        assert!(answer.is_err(), "{effect}");
        assert_eq!(
            stored(&ask(&practice, "state/stage").await, "SSO") == text,
            done,
            "{effect}"
        );
        let log = ask(&practice, "requests/stage").await;
        assert_eq!(log.as_array().unwrap().last().unwrap()["status"], Value::Null);
    }
    assert_eq!(practice.panics(), 0);
}

#[tokio::test]
async fn a_body_can_be_cut_openly_or_quietly() {
    let practice = start(&[]).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    let whole = browser.page(&Browser::edit_address("BIZX")).await;
    fault(&practice, None, "editConf", json!("cut-body")).await;
    assert!(
        browser
            .get(&Browser::edit_address("BIZX"))
            .await
            .text()
            .await
            .is_err()
    );
    fault(&practice, None, "editConf", json!("cut-body-quietly")).await;
    let half = browser.page(&Browser::edit_address("BIZX")).await;
    assert!(half.len() < whole.len() * 2 / 3 && half.contains("<textarea") && !half.contains("</textarea>"));
}

#[tokio::test]
async fn sessions_end_and_login_pages_come_when_ordered() {
    let practice = start(&[]).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    fault(&practice, None, "listConf", json!("login-page")).await;
    assert!(browser.page(LIST).await.contains("nativeLoginForm"));
    assert!(
        browser.page(LIST).await.contains("class=\"list\""),
        "the session lives on"
    );
    fault(&practice, None, "listConf", json!("expire")).await;
    assert!(browser.page(LIST).await.contains("nativeLoginForm"));
    assert!(
        browser.page(LIST).await.contains("nativeLoginForm"),
        "the session is over"
    );
}

#[tokio::test]
async fn saves_can_be_refused_ignored_altered_and_shown_late() {
    let practice = start(&[]).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    let old = browser.text("SSO").await;
    for (effect, says, text) in [
        (json!("refuse-save"), "could not be applied", old.clone()),
        (json!("ignore-save"), "were applied", old.clone()),
        (json!("alter-save"), "were applied", "x=1\n# altered\n".to_owned()),
    ] {
        fault(&practice, Some("POST"), "saveConf", effect.clone()).await;
        assert!(browser.save("SSO", "x=1\n").await.contains(says), "{effect}");
        assert_eq!(browser.text("SSO").await, text, "{effect}");
    }
    fault(&practice, Some("POST"), "saveConf", json!({ "cache-ms": 150 })).await;
    browser.save("SSO", "late=1\n").await;
    assert_eq!(stored(&ask(&practice, "state/stage").await, "SSO"), "late=1\n");
    assert_eq!(browser.text("SSO").await, "x=1\n# altered\n");
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(browser.text("SSO").await, "late=1\n");
}

#[tokio::test]
async fn edit_pages_can_be_wrong_in_three_ways_and_late() {
    let practice = start(&[]).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    fault(&practice, None, "editConf", json!("wrong-document")).await;
    assert_ne!(browser.edit("SSO").await.value("configurationID"), "SSO");
    fault(&practice, None, "editConf", json!("field-missing")).await;
    assert!(
        !browser
            .edit("SSO")
            .await
            .fields
            .iter()
            .any(|(name, _)| name == "version")
    );
    fault(&practice, None, "editConf", json!("two-textareas")).await;
    assert!(
        browser
            .edit("SSO")
            .await
            .fields
            .iter()
            .any(|(name, _)| name == "remarks")
    );
    fault(&practice, None, "editConf", json!({ "delay-ms": 60 })).await;
    let begin = Instant::now();
    assert_eq!(browser.edit("SSO").await.value("configurationID"), "SSO");
    assert!(begin.elapsed() >= Duration::from_millis(60));
}

#[tokio::test]
async fn a_panicking_handler_is_answered_with_500_and_counted() {
    let mut counted = 0;
    let answer = guarded(async { panic!("on purpose") }, || counted += 1).await;
    assert_eq!((answer.status.as_u16(), counted), (500, 1));
}

#[tokio::test]
async fn only_loopback_and_free_ports_are_taken() {
    let at = |listen: String| {
        Practice::start(Options {
            listen,
            scenario: Scenario::default(),
        })
    };
    for listen in [
        "0.0.0.0:0",
        "192.0.2.1:80",
        "127.0.0.1",
        "127.0.0.1:x",
        "127.0.0.1:65534",
        "127.0.0.1:65535",
    ] {
        let error = at(listen.to_owned()).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Usage, "{listen}");
        assert!(!error.hints().is_empty());
    }
    let practice = at("localhost:0".to_owned()).await.unwrap();
    let port = practice.stage.rsplit_once(':').unwrap().1.to_owned();
    let error = at(format!("127.0.0.1:{port}")).await.unwrap_err();
    assert!(error.message().contains(&port), "{error}");
    let ready = practice.ready_json();
    assert_eq!(ready["control"], practice.control);
    let control = practice.control.clone();
    practice.stop().await;
    assert!(super::browser::client().get(control).send().await.is_err());
}
