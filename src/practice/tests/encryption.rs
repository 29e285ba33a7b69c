//! Encrypted values that nothing gives away, and ones that read otherwise each time.

use serde_json::{Value, json};

use super::browser::{Browser, ask, line_value, start, stored, tell};
use super::service::{file, inside};
use crate::practice::Practice;

const DISGUISED: [(&str, &str); 2] = [
    ("NOTIFICATIONS", "digest.relay.handle"),
    ("SEARCH", "indexer.node.handle"),
];
const KEY: &str = "connector.ftp.password";
const FTP: &str = "Connectors: SFTP";

async fn stage(practice: &Practice, name: &str) -> String {
    stored(&ask(practice, "state/stage").await, name)
}

async fn health(practice: &Practice, integration: &str) -> Value {
    ask(practice, "health/stage").await[integration].clone()
}

#[tokio::test]
async fn disguised_values_lie_in_the_clear_without_their_scenario_and_are_nobodys_measure() {
    let practice = start(&[]).await;
    let plain = ask(&practice, "plain/stage").await;
    for (name, key) in DISGUISED {
        assert!(line_value(&stage(&practice, name).await, key).contains("-stage-"));
        assert_eq!(plain[name], Value::Null);
    }
    assert_eq!(health(&practice, "Search: index").await, Value::Null);
}

#[tokio::test]
async fn disguised_values_are_encrypted_from_the_start_kept_when_sent_back_and_entered_anew() {
    let practice = start(&["disguised", "key=instance"]).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    let plain = ask(&practice, "plain/stage").await;
    let own = ask(&practice, "state/stage").await;
    for (name, key) in DISGUISED {
        assert_eq!(own["encrypted"][name], json!([key]));
        let known = plain[name][key].as_str().unwrap();
        let text = browser.text(name).await;
        assert_eq!(text, stored(&own, name));
        let cipher = line_value(&text, key);
        assert!(known.contains("-stage-") && !text.contains(known), "{cipher}");
        browser.save(name, &text).await;
        assert_eq!(stage(&practice, name).await, text, "kept");
        browser.save(name, &text.replace(&cipher, known)).await;
        let entered = line_value(&browser.text(name).await, key);
        assert!(entered != cipher && entered != known);
    }
    assert_eq!(health(&practice, "Search: index").await, "ok");
    practice.refresh();
    for (name, key) in DISGUISED {
        let health = ask(&practice, "health/stage").await.to_string();
        assert!(
            health.contains(&format!("{name}:{key}: it does not decrypt here")),
            "{health}"
        );
        browser_enters(&practice, name, key, &plain).await;
    }
    assert_eq!(health(&practice, "Search: index").await, "ok");
    assert_eq!(health(&practice, "Notifications: digest").await, "ok");
}

async fn browser_enters(practice: &Practice, name: &str, key: &str, plain: &Value) {
    let browser = Browser::inside(practice, &practice.stage).await;
    let text = browser.text(name).await;
    let value = plain[name][key].as_str().unwrap();
    browser
        .save(name, &text.replace(&line_value(&text, key), value))
        .await;
}

#[tokio::test]
async fn disguised_values_follow_the_other_words_and_the_scenario_that_ends() {
    let practice = start(&["disguised", "resave=again"]).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    let (name, key) = DISGUISED[1];
    browser.save(name, &browser.text(name).await).await;
    assert_eq!(ask(&practice, "harm/stage").await["encryptedTwice"], 1);
    assert_ne!(health(&practice, "Search: index").await, "ok");
    let practice = start(&["disguised", "resave=mask"]).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    assert_eq!(line_value(&browser.text(name).await, key), "********");
    tell(&practice, "scenario/stage", &json!([])).await;
    assert!(line_value(&browser.text(name).await, key).contains("-stage-"));
    tell(&practice, "scenario/stage", &json!("disguised")).await;
    assert!(!line_value(&browser.text(name).await, key).contains("-stage-"));
    assert_eq!(health(&practice, "Search: index").await, "ok");
}

#[tokio::test]
async fn two_readings_differ_though_nothing_changed_and_what_any_of_them_showed_keeps_the_value() {
    let practice = start(&["rereads"]).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    let (one, two) = (browser.text("CONNECTORS").await, browser.text("CONNECTORS").await);
    let held = stage(&practice, "CONNECTORS").await;
    let values = [&one, &two, &held].map(|text| line_value(text, KEY));
    assert!(values[0] != values[1] && values[0] != values[2]);
    let differing = one.lines().zip(two.lines()).filter(|(a, b)| a != b).count();
    assert_eq!(differing, 3, "the encrypted values and nothing else");
    assert_eq!(browser.text("SEARCH").await, stage(&practice, "SEARCH").await);
    for text in [&one, &two, &held] {
        browser.save("CONNECTORS", text).await;
        assert_eq!(stage(&practice, "CONNECTORS").await, held, "kept");
    }
    browser
        .save("CONNECTORS", &one.replace(&values[0], "entered=anew"))
        .await;
    assert_ne!(line_value(&stage(&practice, "CONNECTORS").await, KEY), values[2]);
    assert_ne!(health(&practice, FTP).await, "ok");
    let harm = ask(&practice, "harm/stage").await;
    assert_eq!(harm["encryptedTwice"], 0, "{harm}");
}

#[tokio::test]
async fn what_was_shown_of_productions_value_keeps_it_and_what_does_not_decrypt_reads_as_it_lies() {
    for (key, why, differs) in [
        ("key=shared", "it is production's", true),
        ("key=instance", "it does not decrypt here", false),
    ] {
        let practice = start(&["rereads", "service", key]).await;
        practice.refresh();
        let (browser, _) = inside(&practice, "token=field").await;
        let read = file(&browser, "CONNECTORS").await;
        let text = read["configurationText"].as_str().unwrap().replace("\r\n", "\n");
        let held = stage(&practice, "CONNECTORS").await;
        assert_eq!(text != held, differs, "{key}");
        tell(
            &practice,
            "save/stage",
            &json!({ "document": "CONNECTORS", "text": text }),
        )
        .await;
        assert_eq!(stage(&practice, "CONNECTORS").await, held, "{key}");
        let ftp = health(&practice, FTP).await;
        assert!(ftp.as_str().unwrap().contains(why), "{ftp}");
        assert_eq!(ask(&practice, "harm/stage").await["foreignCiphertext"], 0);
    }
}

#[tokio::test]
async fn readings_that_differ_combine_with_the_other_ways_of_taking_them_back() {
    let practice = start(&["rereads", "resave=again"]).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    browser
        .save("CONNECTORS", &browser.text("CONNECTORS").await)
        .await;
    assert_eq!(ask(&practice, "harm/stage").await["encryptedTwice"], 3);
    let practice = start(&["rereads", "resave=mask"]).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    assert_eq!(line_value(&browser.text("CONNECTORS").await, KEY), "********");
}
