use serde_json::json;

use super::browser::{Browser, LIST, LOGIN, MAIN, ask, client, start, tell};

#[tokio::test]
async fn the_printed_admin_gets_in_on_both_sides_with_every_token_place() {
    for token in ["token=field", "token=link", "token=script"] {
        let practice = start(&[token]).await;
        for root in [&practice.production, &practice.stage] {
            let browser = Browser::inside(&practice, root).await;
            assert!(
                browser.page(LIST).await.contains("<table class=\"list\">"),
                "{token}"
            );
        }
        assert_eq!(ask(&practice, "harm/stage").await["wrongToken"], 0);
        assert_eq!(practice.panics(), 0);
        practice.stop().await;
    }
}

#[tokio::test]
async fn a_sign_in_without_the_token_is_led_to_the_error_page_and_counted() {
    for token in ["token=field", "token=link", "token=script"] {
        let practice = start(&[token]).await;
        let browser = Browser::at(&practice.stage);
        let mut form = browser.post_form(LOGIN, &browser.page(LOGIN).await).await;
        form = form
            .without("OWASP_CSRFTOKEN")
            .set("userName", &practice.user)
            .set("password", &practice.password);
        form.action = form.action.split('?').next().unwrap().to_owned();
        let answer = browser.send(&form.press("submit")).await;
        assert_eq!(answer.status(), 302, "{token}");
        assert_eq!(answer.headers()["location"], "/learning/error.jsp");
        assert_eq!(ask(&practice, "harm/stage").await["wrongToken"], 1);
    }
}

#[tokio::test]
async fn the_fifth_wrong_password_locks_and_then_even_the_right_one_is_refused() {
    let practice = start(&[]).await;
    let browser = Browser::at(&practice.stage);
    for tried in 1..=5 {
        let answer = browser.sign_in(&practice.user, "wrong").await;
        assert_eq!(answer.status(), 200);
        let text = answer.text().await.unwrap();
        assert_eq!(text.contains("incorrect"), tried < 5, "try {tried}");
        assert_eq!(text.contains("is locked"), tried == 5, "try {tried}");
    }
    let answer = browser.sign_in(&practice.user, &practice.password).await;
    assert_eq!(answer.status(), 200);
    let admins = ask(&practice, "admins/stage").await;
    let admin = admins
        .as_array()
        .unwrap()
        .iter()
        .find(|a| a["name"] == practice.user.as_str())
        .unwrap();
    assert_eq!(
        (&admin["locked"], &admin["wrongTries"]),
        (&json!(true), &json!(5))
    );
    assert!(!admins.to_string().contains(&practice.password));
}

#[tokio::test]
async fn every_field_of_the_login_form_must_come_back() {
    let practice = start(&[]).await;
    let browser = Browser::at(&practice.stage);
    for name in ["loginType", "tenantID", "formStamp", "localeID"] {
        let form = browser.post_form(LOGIN, &browser.page(LOGIN).await).await;
        let form = form
            .set("userName", &practice.user)
            .set("password", &practice.password)
            .without(name);
        let answer = browser.send(&form.press("submit")).await;
        assert_eq!(answer.status(), 200, "{name}");
        assert!(
            answer
                .text()
                .await
                .unwrap()
                .contains("The request was incomplete."),
            "{name}"
        );
    }
    assert_eq!(ask(&practice, "harm/stage").await["wrongForm"], 4);
}

#[tokio::test]
async fn a_lost_sticky_cookie_lands_on_another_node() {
    let practice = start(&[]).await;
    let browser = Browser::at(&practice.stage);
    let login = browser.get(LOGIN).await;
    let cookies = |answer: &reqwest::Response| -> Vec<String> {
        let all = answer.headers().get_all("set-cookie").iter();
        all.map(|c| c.to_str().unwrap().split(';').next().unwrap().to_owned())
            .collect()
    };
    assert_eq!(cookies(&login).len(), 3);
    let form = browser.post_form(LOGIN, &browser.page(LOGIN).await).await;
    let form = form
        .set("userName", &practice.user)
        .set("password", &practice.password)
        .press("submit");
    let set = cookies(&browser.send(&form).await);
    assert_eq!(set.len(), 4, "{set:?}");
    let main = |kept: Vec<String>| {
        let request = client()
            .get(format!("{}{MAIN}", practice.stage))
            .header("cookie", kept.join("; "));
        async move { request.send().await.unwrap().text().await.unwrap() }
    };
    assert!(main(set.clone()).await.contains("<frameset"));
    for lost in 0..set.len() {
        let mut kept = set.clone();
        kept.remove(lost);
        assert!(
            main(kept).await.contains("nativeLoginForm"),
            "without {}",
            set[lost]
        );
    }
}

#[tokio::test]
async fn pages_open_only_after_the_shell_and_not_without_a_session() {
    let practice = start(&[]).await;
    let browser = Browser::at(&practice.stage);
    let outside = browser.get(LIST).await;
    assert_eq!(outside.status(), 200);
    assert!(outside.text().await.unwrap().contains("nativeLoginForm"));
    browser.sign_in(&practice.user, &practice.password).await;
    let before = browser.get(LIST).await;
    assert_eq!(
        (
            before.status().as_u16(),
            before.headers()["location"].to_str().unwrap()
        ),
        (302, MAIN)
    );
    browser.get(&format!("{MAIN}?fromSF=y")).await;
    assert_eq!(browser.get(LIST).await.status(), 200);
    assert_eq!(browser.get("/learning/admin/nowhere.do").await.status(), 404);
    browser.get("/learning/admin/logout.do").await;
    assert!(browser.page(LIST).await.contains("nativeLoginForm"));
}

#[tokio::test]
async fn admins_differ_between_the_sides_as_they_do_in_life() {
    let practice = start(&[]).await;
    let gets_in = async |root: &str, user: &str, password: &str| {
        Browser::at(root).sign_in(user, password).await.status() == 302
    };
    assert!(gets_in(&practice.stage, "STAGE_ADMIN", "Stage-only-1").await);
    assert!(!gets_in(&practice.production, "STAGE_ADMIN", "Stage-only-1").await);
    assert!(gets_in(&practice.stage, "CONFIG_ADMIN", "Config-stage-1").await);
    assert!(gets_in(&practice.production, "CONFIG_ADMIN", "Config-prod-1").await);
    assert!(!gets_in(&practice.stage, "CONFIG_ADMIN", "Config-prod-1").await);
    tell(&practice, "refresh", &json!({})).await;
    assert!(!gets_in(&practice.stage, "STAGE_ADMIN", "Stage-only-1").await);
    assert!(gets_in(&practice.stage, "CONFIG_ADMIN", "Config-prod-1").await);
    let browser = Browser::at(&practice.stage);
    browser.sign_in("REPORT_ADMIN", "Report-both-1").await;
    browser.get(MAIN).await;
    assert!(
        !browser
            .page("/learning/admin/menu.do")
            .await
            .contains("System Configuration")
    );
    assert!(browser.page(LIST).await.contains("do not have permission"));
    Browser::at(&practice.stage).sign_in("SFADMIN", "guess").await;
    assert_eq!(ask(&practice, "harm/stage").await["builtInAdmin"], 1);
}

#[tokio::test]
async fn a_password_that_must_be_changed_keeps_everything_else_closed() {
    let practice = start(&[]).await;
    let browser = Browser::at(&practice.stage);
    browser.sign_in("NEW_ADMIN", "Initial-1").await;
    let page = browser.page(MAIN).await;
    assert!(page.contains("You must change your password"));
    assert!(browser.page(LIST).await.contains("You must change your password"));
    for (new, status) in [("short", 200), ("Initial-1", 200), ("Something-else-2", 302)] {
        let form = browser.post_form(MAIN, &browser.page(MAIN).await).await;
        let form = form
            .set("newPassword", new)
            .set("confirmPassword", new)
            .press("change");
        assert_eq!(browser.send(&form).await.status(), status, "{new}");
    }
    assert!(browser.page(MAIN).await.contains("<frameset"));
    assert_eq!(
        Browser::at(&practice.stage)
            .sign_in("NEW_ADMIN", "Something-else-2")
            .await
            .status(),
        302
    );
}

#[tokio::test]
async fn integration_closes_native_login_from_the_next_sign_in_on() {
    let practice = start(&["integrated"]).await;
    let page = Browser::at(&practice.stage).page(LOGIN).await;
    assert!(page.contains("Native sign-in is not available") && !page.contains("<form"));

    let practice = start(&[]).await;
    let browser = Browser::inside(&practice, &practice.stage).await;
    let text = browser.text("BIZX").await;
    let closed = text.replace(
        "successFactorsLearningEnabled=false",
        "successFactorsLearningEnabled=true",
    );
    assert!(
        browser
            .save("BIZX", &closed)
            .await
            .contains("The changes were applied.")
    );
    assert_eq!(
        browser.get(LIST).await.status(),
        200,
        "a session that is in stays in"
    );
    assert!(
        Browser::at(&practice.stage)
            .page(LOGIN)
            .await
            .contains("Native sign-in is not available")
    );
}
