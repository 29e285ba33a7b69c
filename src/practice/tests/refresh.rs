use serde_json::{Value, json};

use super::browser::{Browser, LIST, ask, line_value, start, stored, tell};

fn all_ok(health: &Value) -> bool {
    health.as_object().unwrap().values().all(|state| state == "ok")
}

#[tokio::test]
async fn a_refresh_makes_stage_production_and_ends_its_sessions() {
    let practice = start(&[]).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    let before = ask(&practice, "state/stage").await;
    let answer = tell(&practice, "refresh", &json!({})).await;
    assert_eq!(answer["refreshed"], true);
    let after = ask(&practice, "state/stage").await;
    assert_eq!(after, ask(&practice, "state/production").await);
    assert_ne!(after, before);
    assert!(browser.page(LIST).await.contains("nativeLoginForm"));
}

/// The whole job by hand: every integration works, breaks by the refresh, and works when all is put back.
#[tokio::test]
async fn health_breaks_by_a_refresh_and_comes_back_with_files_and_entered_values() {
    for (key, why) in [
        ("key=shared", "it is production's"),
        ("key=instance", "it does not decrypt here"),
    ] {
        let practice = start(&[key]).await;
        let healthy = ask(&practice, "health/stage").await;
        assert!(
            all_ok(&healthy) && all_ok(&ask(&practice, "health/production").await),
            "{healthy}"
        );
        assert!(healthy.as_object().unwrap().len() >= 10);
        let kept = ask(&practice, "state/stage").await;

        tell(&practice, "refresh", &json!({})).await;
        let refreshed = ask(&practice, "health/stage").await;
        assert!(
            refreshed.as_object().unwrap().values().all(|state| state != "ok"),
            "{refreshed}"
        );
        assert!(
            refreshed["Connectors: SFTP"].as_str().unwrap().contains(why),
            "{refreshed}"
        );

        let browser = Browser::inside(&practice, &practice.stage).await;
        let plain = ask(&practice, "plain/stage").await;
        let now = ask(&practice, "state/stage").await;
        for (name, text) in kept["documents"].as_object().unwrap() {
            let now = stored(&now, name);
            let mut text = text.as_str().unwrap().to_owned();
            if text == now {
                continue;
            }
            for key in kept["encrypted"][name].as_array().into_iter().flatten() {
                let key = key.as_str().unwrap();
                if let Some(value) = plain[name][key].as_str() {
                    text = text.replace(&line_value(&text, key), value);
                }
            }
            assert!(
                browser
                    .save(name, &text)
                    .await
                    .contains("The changes were applied."),
                "{name}"
            );
        }
        assert_eq!(ask(&practice, "health/stage").await, healthy);
        assert_eq!(ask(&practice, "harm/stage").await["foreignCiphertext"], 0);
        assert_eq!(
            Browser::at(&practice.stage)
                .sign_in(&practice.user, &practice.password)
                .await
                .status(),
            302
        );
    }
}

#[tokio::test]
async fn the_files_alone_do_not_heal_what_is_encrypted() {
    let practice = start(&[]).await;
    let kept = ask(&practice, "state/stage").await;
    tell(&practice, "refresh", &json!({})).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    let live = browser.text("CONNECTORS").await;
    let mut text = stored(&kept, "CONNECTORS");
    for key in [
        "connector.ftp.password",
        "connector.pgp.passphrase",
        "connector.pgp.secret.keyring",
    ] {
        text = text.replace(&line_value(&text, key), &line_value(&live, key));
    }
    browser.save("CONNECTORS", &text).await;
    let health = ask(&practice, "health/stage").await;
    assert_eq!(
        health["Connectors: SFTP"],
        "CONNECTORS:connector.ftp.password: it is production's"
    );
    assert_eq!(health["Connectors: new users"], "ok");
}

#[tokio::test]
async fn locks_and_passwords_are_copied_too() {
    let practice = start(&[]).await;
    for _ in 0..5 {
        Browser::at(&practice.production)
            .sign_in(&practice.user, "wrong")
            .await;
    }
    assert_eq!(
        Browser::at(&practice.stage)
            .sign_in(&practice.user, &practice.password)
            .await
            .status(),
        302
    );
    practice.refresh();
    assert_eq!(
        Browser::at(&practice.stage)
            .sign_in(&practice.user, &practice.password)
            .await
            .status(),
        200
    );
}

#[tokio::test]
async fn the_scenario_can_change_while_it_runs() {
    let practice = start(&[]).await;
    tell(&practice, "scenario/stage", &json!(["integrated", "german"])).await;
    let page = Browser::at(&practice.stage).page(super::browser::LOGIN).await;
    assert!(page.contains("direkte Anmeldung ist nicht verfügbar"));
    tell(&practice, "scenario/stage", &json!("key=instance token=link")).await;
    Browser::inside(&practice, &practice.stage).await;
    let url = format!("{}/scenario/stage", practice.control);
    let answer = super::browser::client()
        .post(url)
        .body("frozen")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 400);
    assert!(answer.text().await.unwrap().contains("`frozen`"));
}
