use serde_json::{Value, json};

use super::browser::{Browser, ask, line_value, start, stored, tell};
use crate::practice::Practice;

const MAIL: &str = "mailToRealPeople";
const FEEDS: &str = "feedFilesEaten";

fn all_zero(harm: &Value) -> bool {
    harm.as_object().unwrap().values().all(|count| count == 0)
}

async fn mail(practice: &Practice, side: &str, name: &str, on: bool) {
    let order = json!({ "part": "mail", "name": name, "on": on });
    tell(practice, &format!("switch/{side}"), &order).await;
}

async fn everything_off(practice: &Practice) {
    for part in ["automaticProcesses", "connectors"] {
        let order = json!({ "part": part, "name": "*", "on": false });
        tell(practice, "switch/stage", &order).await;
    }
}

/// Puts stage's own connection to its feeds back, as an admin does who knows the password.
async fn connect(practice: &Practice, text: &str) {
    let browser = Browser::inside(practice, &practice.stage).await;
    let plain = ask(practice, "plain/stage").await["CONNECTORS"].clone();
    let mut text = text.to_owned();
    for (key, value) in plain.as_object().unwrap() {
        text = text.replace(&line_value(&text, key), value.as_str().unwrap());
    }
    let page = browser.save("CONNECTORS", &text).await;
    assert!(page.contains("The changes were applied."));
}

#[tokio::test]
async fn nothing_is_harmed_before_a_refresh_and_people_are_after_it() {
    for words in [&["key=shared"][..], &["key=instance"], &["service", "german"]] {
        let practice = start(words).await;
        assert_eq!(
            tell(&practice, "tick", &json!({ "ticks": 3 })).await,
            json!({ "ticked": 3 })
        );
        let harm = ask(&practice, "harm").await;
        assert!(all_zero(&harm), "{harm}");
        practice.refresh();
        assert!(all_zero(&ask(&practice, "harm").await));
        practice.tick(2);
        let harm = ask(&practice, "harm").await;
        assert!(harm[MAIL].as_u64().unwrap() > 10, "{harm}");
        assert!(harm["mailToAdmins"].as_u64().unwrap() > 0, "{harm}");
        let eats = !words.contains(&"key=instance");
        assert_eq!(harm[FEEDS].as_u64().unwrap() > 0, eats, "{harm}");
        assert_eq!(harm["ranByHand"], 0);
        assert_eq!(practice.damage(), harm);
        practice.refresh();
        assert_eq!(practice.damage(), harm, "no refresh takes it back");
    }
}

#[tokio::test]
async fn mail_that_is_off_queues_or_is_dropped_and_leaves_at_once_when_it_is_on() {
    let practice = start(&[]).await;
    let queued = || async { ask(&practice, "queue/stage").await.as_array().unwrap().len() };
    let first = queued().await;
    assert!(first > 0);
    mail(&practice, "stage", "enableEmail", false).await;
    practice.tick(1);
    let second = queued().await;
    assert!(second > first);
    mail(&practice, "stage", "archiveEmails", false).await;
    practice.tick(1);
    assert_eq!(queued().await, second, "what is made is dropped");
    assert_eq!(practice.damage()["unsentLost"], 0, "stage's mail is no loss");
    mail(&practice, "stage", "enableEmail", true).await;
    practice.tick(1);
    assert_eq!(queued().await, 0);
    assert!(all_zero(&practice.damage()));
    mail(&practice, "production", "enableEmail", false).await;
    practice.tick(1);
    assert_eq!(practice.damage()["unsentLost"], 0);
    mail(&practice, "production", "archiveEmails", false).await;
    practice.tick(1);
    assert!(practice.damage()["unsentLost"].as_u64().unwrap() > 0);
}

#[tokio::test]
async fn a_stage_that_is_quiet_harms_nobody_until_it_is_woken_too_early() {
    let practice = start(&[]).await;
    practice.refresh();
    mail(&practice, "stage", "enableEmail", false).await;
    everything_off(&practice).await;
    practice.tick(3);
    assert!(all_zero(&practice.damage()), "{}", practice.damage());
    let state = ask(&practice, "operation/stage").await;
    assert_eq!(
        [&state["scheduledProcesses"], &state["scheduledConnectors"]],
        [&json!(0), &json!(0)]
    );
    mail(&practice, "stage", "enableEmail", true).await;
    practice.tick(1);
    let harm = practice.damage();
    assert!(
        harm[MAIL].as_u64().unwrap() > 0,
        "the queue was production's: {harm}"
    );
}

#[tokio::test]
async fn addresses_are_masked_by_the_user_connector_with_stages_own_feed_only() {
    for key in ["key=shared", "key=instance"] {
        let practice = start(&[key]).await;
        let kept = stored(&ask(&practice, "state/stage").await, "CONNECTORS");
        let learners = || async { ask(&practice, "operation/stage").await["learners"].clone() };
        assert_eq!(learners().await, "masked");
        practice.refresh();
        mail(&practice, "stage", "enableEmail", false).await;
        everything_off(&practice).await;
        assert_eq!(learners().await, "real");
        tell(&practice, "run/stage", &json!({ "name": "User Connector - SF" })).await;
        assert_eq!(learners().await, "real", "{key}: that was production's feed");
        assert_eq!(practice.damage()[FEEDS], u64::from(key == "key=shared"));
        connect(&practice, &kept).await;
        assert_eq!(learners().await, "real");
        tell(&practice, "run/stage", &json!({ "name": "item" })).await;
        assert_eq!(learners().await, "real", "another connector brings no users");
        let order = json!({ "part": "connectors", "name": "sfuser", "on": true });
        tell(&practice, "switch/stage", &order).await;
        practice.tick(1);
        assert_eq!(learners().await, "masked");
        assert_eq!(practice.damage()[FEEDS], u64::from(key == "key=shared"));
        assert_eq!(practice.damage()[MAIL], 0);
    }
}

#[tokio::test]
async fn the_learning_plan_notification_saves_up_while_it_is_off_and_tells_all_at_once() {
    let practice = start(&[]).await;
    mail(&practice, "stage", "enableEmail", false).await;
    let told = || async {
        let queue = ask(&practice, "queue/stage").await;
        let ours = |mail: &&Value| mail["type"] == "Learning Plan Notification";
        queue.as_array().unwrap().iter().filter(ours).count()
    };
    let switch = async |on: bool| {
        let order = json!({ "part": "automaticProcesses", "name": "LEARNING_PLAN_NOTIFICATION", "on": on });
        tell(&practice, "switch/stage", &order).await;
    };
    practice.tick(1);
    let a_tick = told().await;
    assert!(a_tick > 0);
    switch(false).await;
    practice.tick(4);
    assert_eq!(told().await, a_tick);
    switch(true).await;
    practice.tick(1);
    assert_eq!(told().await, 6 * a_tick);
}

#[tokio::test]
async fn the_door_refuses_what_it_does_not_understand() {
    let practice = start(&[]).await;
    for (what, body) in [
        ("tick", r#"{"tick": 1}"#),
        ("running/stage", r#"{"process": "Nothing", "saves": 1}"#),
        (
            "switch/stage",
            r#"{"part": "mail", "name": "smtpPort", "value": "1"}"#,
        ),
        (
            "switch/stage",
            r#"{"part": "mail", "name": "enableEmail", "value": "yes"}"#,
        ),
        ("switch/stage", r#"{"part": "connectors", "name": "item"}"#),
        ("run/stage", "nonsense"),
    ] {
        let answer = super::browser::client()
            .post(format!("{}/{what}", practice.control))
            .body(body)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 400, "{what}: {body}");
    }
    let answer = super::browser::client()
        .post(format!("{}/nothing/stage", practice.control))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 404);
}
