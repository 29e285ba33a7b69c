use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

use super::browser::{Browser, LIST, MAIN, ask, start, stored, tell};
use crate::practice::Practice;

const SERVICE: &str = "/learning/admin/service";

/// A browser that is signed in, and the token as the script of its pages would find it.
pub(super) async fn inside(practice: &Practice, token: &str) -> (Browser, String) {
    let browser = Browser::at(&practice.stage);
    let answer = browser.sign_in(&practice.user, &practice.password).await;
    assert_eq!(answer.status(), 302, "sign-in");
    let shell = browser.page(MAIN).await;
    assert!(
        shell.contains("app.js") && !shell.contains("<frameset"),
        "{shell}"
    );
    let session = browser.get(&format!("{SERVICE}/session")).await;
    let header = session
        .headers()
        .get("x-csrf-token")
        .map(|v| v.to_str().unwrap().to_owned());
    let told: Value = session.json().await.unwrap();
    let script = browser.page("/learning/JavaScriptServlet").await;
    let between = |text: &str, begin: &str, end: char| {
        Some(text.split(begin).nth(1)?.split(end).next().unwrap().to_owned())
    };
    let field = told["csrfToken"].as_str().map(str::to_owned);
    let link = between(&shell, "OWASP_CSRFTOKEN=", '"');
    let guarded = shell.contains("JavaScriptServlet");
    let known = ["token=field", "token=link", "token=script"].map(|place| place == token);
    assert_eq!([field.is_some(), link.is_some(), guarded], known, "{token}");
    assert_eq!(header, field);
    let from_script = between(&script, "injectTokens(\"OWASP_CSRFTOKEN\", \"", '"');
    (browser, field.or(link).or(from_script).unwrap())
}

pub(super) async fn file(browser: &Browser, name: &str) -> Value {
    let answer = browser.get(&address(name)).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "application/json");
    answer.json().await.unwrap()
}

fn address(name: &str) -> String {
    let name = percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC);
    format!("{SERVICE}/configurations/{name}")
}

pub(super) async fn put(browser: &Browser, name: &str, file: &Value, token: Option<&str>) -> Response {
    let mut request = browser
        .client
        .put(format!("{}{}", browser.root, address(name)))
        .json(file);
    if let Some(token) = token {
        request = request.header("owasp_csrftoken", token);
    }
    request.send().await.unwrap()
}

#[tokio::test]
pub(super) async fn files_are_listed_read_and_saved_wherever_the_token_is() {
    for token in ["token=field", "token=link", "token=script"] {
        let practice = start(&["service", token]).await;
        let (browser, token) = inside(&practice, token).await;
        let mut names = Vec::new();
        let mut next = json!("configurations");
        while let Some(address) = next.as_str() {
            let page: Value = browser
                .get(&format!("{SERVICE}/{address}"))
                .await
                .json()
                .await
                .unwrap();
            assert_eq!(page["total"], 56);
            let items = page["items"].as_array().unwrap();
            names.extend(
                items
                    .iter()
                    .map(|i| i["configurationID"].as_str().unwrap().to_owned()),
            );
            next = page["next"].clone();
        }
        assert_eq!(names.len(), 56);
        let name = "TERMS & CONDITIONS";
        assert!(names.iter().any(|n| n == name));
        let mut terms = file(&browser, name).await;
        assert!(terms["configurationText"].as_str().unwrap().contains("\r\n"));
        terms["configurationText"] = json!("a=1\r\nb=ü 😀\nc=3\r\n");
        let answer: Value = put(&browser, name, &terms, Some(&token))
            .await
            .json()
            .await
            .unwrap();
        assert_eq!(answer["status"], "OK");
        assert_eq!(
            stored(&ask(&practice, "state/stage").await, name),
            "a=1\nb=ü 😀\nc=3\n"
        );
        assert_eq!(file(&browser, name).await["version"], answer["version"]);
        let harm = ask(&practice, "harm/stage").await;
        assert_eq!((&harm["wrongToken"], &harm["wrongForm"]), (&json!(0), &json!(0)));
        assert_eq!(
            browser.get(LIST).await.status(),
            404,
            "the classic pages are gone"
        );
        assert_eq!(practice.panics(), 0);
    }
}

#[tokio::test]
async fn a_save_asks_for_the_token_the_version_and_all_that_was_read() {
    let practice = start(&["service"]).await;
    let (browser, token) = inside(&practice, "token=field").await;
    let before = ask(&practice, "state/stage").await;
    let read = file(&browser, "SSO").await;
    let with = |change: &dyn Fn(&mut Value)| {
        let mut changed = read.clone();
        changed["configurationText"] = json!("lost=1\n");
        change(&mut changed);
        changed
    };
    let good = with(&|_| {});
    assert_eq!(put(&browser, "SSO", &good, None).await.status(), 403);
    assert_eq!(put(&browser, "SSO", &good, Some("x")).await.status(), 403);
    let mut wrong = vec![
        with(&|v| v["editor"]["tabSize"] = json!(8)),
        with(&|v| v["more"] = json!(1)),
    ];
    for member in [
        "configurationID",
        "version",
        "readOnly",
        "editor",
        "configurationText",
    ] {
        wrong.push(with(&|v| drop(v.as_object_mut().unwrap().remove(member))));
    }
    let count = wrong.len();
    for body in wrong {
        assert_eq!(
            put(&browser, "SSO", &body, Some(&token)).await.status(),
            400,
            "{body}"
        );
    }
    let stale = with(&|v| v["version"] = json!(1));
    assert_eq!(put(&browser, "SSO", &stale, Some(&token)).await.status(), 409);
    let nowhere = put(&browser, "NONE", &good, Some(&token)).await;
    assert_eq!(nowhere.status(), 404);
    let viewed = put(
        &browser,
        "RELEASE_INFO",
        &file(&browser, "RELEASE_INFO").await,
        Some(&token),
    )
    .await;
    assert_eq!(viewed.status(), 403);
    assert_eq!(ask(&practice, "state/stage").await, before);
    let harm = ask(&practice, "harm/stage").await;
    assert_eq!(
        (&harm["wrongToken"], &harm["wrongForm"]),
        (&json!(2), &json!(count))
    );
    let log = ask(&practice, "requests/stage").await;
    let sent = log
        .as_array()
        .unwrap()
        .iter()
        .find(|entry| entry["method"] == "PUT")
        .unwrap();
    assert!(
        sent["fields"]
            .as_array()
            .unwrap()
            .contains(&json!("configurationText")),
        "{sent}"
    );
}

#[tokio::test]
async fn a_change_by_somebody_else_is_a_conflict() {
    let practice = start(&["service"]).await;
    let (browser, token) = inside(&practice, "token=field").await;
    let read = file(&browser, "SSO").await;
    tell(
        &practice,
        "save/stage",
        &json!({ "document": "SSO", "text": "theirs=1\n" }),
    )
    .await;
    assert_eq!(
        put(&browser, "SSO", &read, Some(&token)).await.status(),
        StatusCode::CONFLICT
    );
    assert_eq!(stored(&ask(&practice, "state/stage").await, "SSO"), "theirs=1\n");
}

#[tokio::test]
async fn who_is_outside_gets_a_login_page_or_401_and_who_may_not_gets_403() {
    let practice = start(&["service"]).await;
    let (browser, token) = inside(&practice, "token=field").await;
    let read = file(&browser, "SSO").await;
    let fault = json!([{ "method": "PUT", "effect": "expire" }]);
    tell(&practice, "faults/stage", &fault).await;
    assert_eq!(put(&browser, "SSO", &read, Some(&token)).await.status(), 401);
    let outside = browser.get(&address("SSO")).await;
    assert_eq!(outside.status(), 200);
    assert!(outside.text().await.unwrap().contains("nativeLoginForm"));
    let practice = start(&["service", "denied", "german"]).await;
    let (browser, _) = inside(&practice, "token=field").await;
    for address in [format!("{SERVICE}/configurations"), address("SSO")] {
        let answer = browser.get(&address).await;
        assert_eq!(answer.status(), 403);
        assert!(answer.text().await.unwrap().contains("Berechtigung"));
    }
}

#[tokio::test]
async fn services_go_wrong_as_ordered() {
    let practice = start(&["service"]).await;
    let (browser, token) = inside(&practice, "token=field").await;
    let order = |path: &str, effect: &str| json!([{ "path": path, "effect": effect }]);
    tell(&practice, "faults/stage", &order("configurations", "short-list")).await;
    let page: Value = browser
        .get(&format!("{SERVICE}/configurations"))
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(
        (page["items"].as_array().unwrap().len(), &page["total"]),
        (19, &json!(56))
    );
    tell(&practice, "faults/stage", &order("/SSO", "wrong-document")).await;
    assert_ne!(file(&browser, "SSO").await["configurationID"], "SSO");
    tell(&practice, "faults/stage", &order("/SSO", "field-missing")).await;
    assert!(file(&browser, "SSO").await.get("version").is_none());
    tell(&practice, "faults/stage", &order("/SSO", "two-textareas")).await;
    let text = browser.page(&address("SSO")).await;
    assert_eq!(text.matches("\"configurationText\"").count(), 2);
    let mut read = file(&browser, "SSO").await;
    read["configurationText"] = json!("new=1\n");
    tell(&practice, "faults/stage", &order("/SSO", "refuse-save")).await;
    let refused: Value = put(&browser, "SSO", &read, Some(&token))
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(refused["status"], "ERROR");
    tell(&practice, "faults/stage", &order("/SSO", "new-token")).await;
    assert_eq!(put(&browser, "SSO", &read, Some(&token)).await.status(), 403);
    assert_ne!(stored(&ask(&practice, "state/stage").await, "SSO"), "new=1\n");
}
