use reqwest::Response;
use serde_json::{Value, json};

use super::browser::{Browser, ask, start, tell};
use super::service::inside;

const SERVICE: &str = "/learning/admin/service";

async fn read(browser: &Browser, what: &str) -> Value {
    let answer = browser.get(&format!("{SERVICE}/{what}")).await;
    assert_eq!(answer.status(), 200, "{what}");
    answer.json().await.unwrap()
}

async fn put(browser: &Browser, what: &str, object: &Value, token: Option<&str>) -> Response {
    let mut request = browser
        .client
        .put(format!("{}{SERVICE}/{what}", browser.root))
        .json(object);
    if let Some(token) = token {
        request = request.header("owasp_csrftoken", token);
    }
    request.send().await.unwrap()
}

/// Each object: where it is, its version, a switch in it, a text in it.
const OBJECTS: &[(&str, &str, &str, &str)] = &[
    ("mailSettings", "version", "enableEmail", "senderAddress"),
    (
        "processes/COURSE_REMINDER",
        "version",
        "scheduleProcess",
        "startTime",
    ),
    ("connectors/sfuser", "revision", "active", "time"),
];

#[tokio::test]
async fn objects_are_read_and_saved_wherever_the_token_is() {
    for token in ["token=field", "token=link", "token=script"] {
        let practice = start(&["service", token]).await;
        let (browser, token) = inside(&practice, token).await;
        for (what, version, switch, text) in OBJECTS {
            let mut object = read(&browser, what).await;
            assert_eq!(object[switch], true, "{what}");
            object[switch] = json!(false);
            object[text] = json!("02:02");
            assert_eq!(put(&browser, what, &object, None).await.status(), 403);
            let answer: Value = put(&browser, what, &object, Some(&token))
                .await
                .json()
                .await
                .unwrap();
            assert_eq!(answer["status"], "OK", "{what}: {answer}");
            object[version] = answer[version].clone();
            assert_eq!(read(&browser, what).await, object);
        }
        let state = ask(&practice, "operation/stage").await;
        assert_eq!(state["mail"], "enableEmail, senderAddress");
        assert_eq!(
            state["automaticProcesses"],
            "Course Reminder: scheduled and startTime"
        );
        assert_eq!(
            state["connectors"],
            "User Connector - SF: scheduled and startTime"
        );
        assert_eq!(ask(&practice, "harm/stage").await["wrongToken"], 3);
        assert_eq!(ask(&practice, "harm/stage").await["wrongForm"], 0);
    }
}

#[tokio::test]
async fn processes_are_listed_by_pages_and_connectors_at_once() {
    let practice = start(&["service"]).await;
    let (browser, _) = inside(&practice, "token=field").await;
    let (mut next, mut items) = (json!("processes"), Vec::new());
    while let Some(address) = next.as_str() {
        let page = read(&browser, address).await;
        assert_eq!(page["total"], 45);
        items.extend(page["items"].as_array().unwrap().clone());
        next = page["next"].clone();
    }
    assert_eq!(items.len(), 45);
    for item in &items {
        let id = item["processID"].as_str().unwrap();
        let process = read(&browser, &format!("processes/{id}")).await;
        assert_eq!(process["processName"], item["processName"]);
        assert_eq!(process["scheduleProcess"], item["scheduled"]);
    }
    let all = read(&browser, "connectors").await;
    assert_eq!(
        (&all["count"], all["connectors"].as_array().unwrap().len()),
        (&json!(16), 16)
    );
    let menu = browser.page(&format!("{SERVICE}/menu")).await;
    for route in ["#mailSettings", "#processes", "#connectors"] {
        assert!(menu.contains(route), "{route}");
    }
    for missing in ["processes/NONE", "connectors/NONE", "processes/DIGEST/stop"] {
        let answer = browser.get(&format!("{SERVICE}/{missing}")).await;
        assert_eq!(answer.status(), 404, "{missing}");
    }
}

#[tokio::test]
async fn an_object_comes_back_whole_and_with_the_version_of_now() {
    let practice = start(&["service"]).await;
    let (browser, token) = inside(&practice, "token=field").await;
    let mut wrong = 0;
    for (what, version, switch, text) in OBJECTS {
        let object = read(&browser, what).await;
        let mut others = vec![object.clone(); 5];
        others[0].as_object_mut().unwrap().remove(*text);
        others[1]["more"] = json!(1);
        others[2][switch] = json!("true");
        others[3][text] = json!(7);
        others[4].as_object_mut().unwrap().remove(*version);
        for other in &others {
            assert_eq!(put(&browser, what, other, Some(&token)).await.status(), 400);
            wrong += 1;
        }
        let mut old = object.clone();
        old[version] = json!(1);
        assert_eq!(put(&browser, what, &old, Some(&token)).await.status(), 409);
        assert_eq!(read(&browser, what).await, object);
    }
    assert_eq!(ask(&practice, "harm/stage").await["wrongForm"], wrong);
}

#[tokio::test]
async fn the_password_is_never_told_and_stays_where_none_is_entered() {
    let practice = start(&["service"]).await;
    practice.refresh();
    let (browser, token) = inside(&practice, "token=field").await;
    let mut mail = read(&browser, "mailSettings").await;
    assert_eq!(mail["smtpPassword"], "");
    mail["smtpUser"] = json!("lms_relay_stage");
    mail["senderAddress"] = json!("learning@stage.example.com");
    put(&browser, "mailSettings", &mail, Some(&token)).await;
    assert_eq!(ask(&practice, "operation/stage").await["mail"], "smtpPassword");
    let mut mail = read(&browser, "mailSettings").await;
    mail["smtpPassword"] = ask(&practice, "known/stage").await["smtpPassword"].clone();
    put(&browser, "mailSettings", &mail, Some(&token)).await;
    assert_eq!(ask(&practice, "operation/stage").await["mail"], "ok");
}

#[tokio::test]
async fn what_runs_refuses_and_services_go_wrong_as_ordered() {
    let practice = start(&["service"]).await;
    let (browser, token) = inside(&practice, "token=field").await;
    let save = async |what: &str| -> Value {
        let object = read(&browser, what).await;
        put(&browser, what, &object, Some(&token))
            .await
            .json()
            .await
            .unwrap()
    };
    tell(
        &practice,
        "running/stage",
        &json!({ "process": "DIGEST", "saves": 1 }),
    )
    .await;
    let refused = save("processes/DIGEST").await;
    assert_eq!(refused["status"], "ERROR");
    assert!(refused["message"].as_str().unwrap().contains("running"));
    assert_eq!(save("processes/DIGEST").await["status"], "OK");
    let order = async |method: &str, path: &str, effect: &str| {
        let fault = json!([{ "method": method, "path": path, "effect": effect }]);
        tell(&practice, "faults/stage", &fault).await;
    };
    order("PUT", "connectors", "refuse-save").await;
    assert_eq!(save("connectors/item").await["status"], "ERROR");
    order("PUT", "mailSettings", "ignore-save").await;
    assert_eq!(save("mailSettings").await["status"], "OK");
    order("PUT", "mailSettings", "alter-save").await;
    save("mailSettings").await;
    assert_eq!(ask(&practice, "operation/stage").await["mail"], "senderAddress");
    order("GET", "processes", "short-list").await;
    let page = read(&browser, "processes").await;
    assert_eq!(
        (page["items"].as_array().unwrap().len(), &page["total"]),
        (19, &json!(45))
    );
    order("GET", "connectors/item", "wrong-document").await;
    assert_ne!(read(&browser, "connectors/item").await["code"], "item");
    order("GET", "connectors/item", "field-missing").await;
    assert!(read(&browser, "connectors/item").await.get("revision").is_none());
}

#[tokio::test]
async fn a_run_by_hand_needs_the_token_and_is_counted() {
    let practice = start(&["service"]).await;
    let (browser, token) = inside(&practice, "token=field").await;
    let run = |token: Option<String>| {
        let request = browser
            .client
            .post(format!("{}{SERVICE}/connectors/item/run", browser.root))
            .header("owasp_csrftoken", token.unwrap_or_default());
        request.send()
    };
    assert_eq!(run(None).await.unwrap().status(), 403);
    assert_eq!(ask(&practice, "harm").await["ranByHand"], 0);
    assert_eq!(run(Some(token)).await.unwrap().status(), 200);
    assert_eq!(ask(&practice, "harm").await["ranByHand"], 1);
}
