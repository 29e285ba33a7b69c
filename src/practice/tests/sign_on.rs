//! Sign-on by the identity provider, step by step: what a browser without scripts can do, and the last form by hand.

use std::io::Write;
use std::net::{Ipv6Addr, TcpListener};

use reqwest::{Client, Response};
use scraper::{Html, Selector};
use serde_json::{Value, json};
use url::Url;

use super::browser::{Browser, Fields, LIST, LOGIN, MAIN, ask, client, start, tell};
use crate::error::Kind;
use crate::practice::{Options, Practice, Scenario, bind};

/// Starts a scenario with an identity provider; `None`, with a word on it, where the machine has no `[::1]`. The tests in
/// `tests/sso` decide whether that is a failure.
async fn start_with_provider(words: &[&str]) -> Option<Practice> {
    if let Err(cause) = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)) {
        // Not `eprintln!`: the test harness hides what a passing test prints.
        let line = format!("skipped: an identity provider on [::1] ({cause})\n");
        std::io::stderr().write_all(line.as_bytes()).unwrap();
        return None;
    }
    Some(start(words).await)
}

/// A page that the identity provider shows.
struct Shown {
    url: Url,
    status: u16,
    html: String,
}

impl Shown {
    async fn of(answer: Response) -> Self {
        Self {
            url: answer.url().clone(),
            status: answer.status().as_u16(),
            html: answer.text().await.unwrap(),
        }
    }

    /// Where its form goes, and what stands in it.
    fn form(&self) -> (Url, Fields) {
        let page = Html::parse_document(&self.html);
        let select = |css: &str| Selector::parse(css).unwrap();
        let form = page.select(&select("form[method=post]")).next().expect("a form");
        let inputs = select("input");
        let fields = form.select(&inputs).map(|input| {
            let of = |name| input.value().attr(name).unwrap_or("").to_owned();
            (of("name"), of("value"))
        });
        let action = self.url.join(form.value().attr("action").unwrap()).unwrap();
        (action, fields.collect())
    }

    /// Sends its form with this in the field that a person fills in.
    async fn say(&self, client: &Client, text: &str) -> Shown {
        let (action, mut fields) = self.form();
        fields.last_mut().unwrap().1 = text.to_owned();
        Shown::of(client.post(action).form(&fields).send().await.unwrap()).await
    }
}

/// Where an instance leads somebody who is outside.
async fn led_from(client: &Client, root: &str, path: &str) -> Url {
    let answer = client.get(format!("{root}{path}")).send().await.unwrap();
    assert_eq!(answer.status(), 302, "{path}");
    Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap()
}

async fn open(client: &Client, url: Url) -> Shown {
    Shown::of(client.get(url).send().await.unwrap()).await
}

async fn code(practice: &Practice, side: &str) -> String {
    let told = ask(practice, &format!("code/{side}")).await;
    told["code"].as_str().expect("a code").to_owned()
}

/// Signs in at an instance up to the page that only a script leaves.
async fn last_page(practice: &Practice, client: &Client, side: &str, user: (&str, &str)) -> Shown {
    let root = match side {
        "stage" => &practice.stage,
        _ => &practice.production,
    };
    let entry = led_from(client, root, &format!("{MAIN}?fromSF=y")).await;
    let name = open(client, entry).await;
    let password = name.say(client, user.0).await;
    let asks_for_code = password.say(client, user.1).await;
    asks_for_code.say(client, &code(practice, side).await).await
}

async fn send(client: &Client, form: &(Url, Fields)) -> Response {
    client.post(form.0.clone()).form(&form.1).send().await.unwrap()
}

fn user(practice: &Practice) -> (&str, &str) {
    (&practice.user, &practice.password)
}

fn query(url: &Url, name: &str) -> Option<String> {
    let mut pairs = url.query_pairs();
    pairs
        .find(|(n, _)| n == name)
        .map(|(_, value)| value.into_owned())
}

#[tokio::test]
async fn who_is_outside_is_led_to_the_provider_with_a_request_of_the_instances_own() {
    let Some(practice) = start_with_provider(&["sso"]).await else {
        return;
    };
    let provider = practice.identity_provider.clone().unwrap();
    assert!(provider.starts_with("http://[::1]:"), "{provider}");
    assert_eq!(practice.ready_json()["identityProvider"], provider);
    let client = client();
    let mut requests = Vec::new();
    for (root, company) in [
        (&practice.stage, "exampleCorpT1"),
        (&practice.production, "exampleCorp"),
    ] {
        for path in [MAIN, "/learning/admin/main.do?fromSF=y", LIST] {
            let led = led_from(&client, root, path).await;
            assert!(led.as_str().starts_with(&format!("{provider}/")), "{led}");
            assert_eq!(query(&led, "company").unwrap(), company);
            assert!(query(&led, "RelayState").is_some());
            requests.push(query(&led, "SAMLRequest").unwrap());
        }
        let page = Browser::at(root).page(LOGIN).await;
        assert!(page.contains("Native sign-in is not available") && !page.contains("<form"));
    }
    requests.sort();
    requests.dedup();
    assert_eq!(requests.len(), 6, "each has a request of its own");
    practice.stop().await;
}

#[tokio::test]
async fn a_person_gets_in_by_name_password_code_and_the_form_of_a_script() {
    for words in [&["sso"][..], &["sso", "service", "token=script"]] {
        let Some(practice) = start_with_provider(words).await else {
            return;
        };
        for side in ["stage", "production"] {
            let browser = Browser::at(match side {
                "stage" => &practice.stage,
                _ => &practice.production,
            });
            let last = last_page(&practice, &browser.client, side, user(&practice)).await;
            assert!(last.html.contains("<noscript>") && last.html.contains("onload"));
            assert!(!last.html.contains("type=\"submit\"") && !last.html.contains("<button"));
            let form = last.form();
            let names: Vec<&str> = form.1.iter().map(|(name, _)| &**name).collect();
            assert_eq!(names, ["SAMLResponse", "RelayState"]);
            assert!(form.0.as_str().starts_with(&browser.root), "{}", form.0);
            assert_eq!(form.0.path(), "/saml2/SAMLAssertionConsumer");
            let answer = send(&browser.client, &form).await;
            assert_eq!(answer.status(), 302);
            assert_eq!(answer.headers()["location"], "/learning/admin/main.do?fromSF=y");
            let set: Vec<&str> = answer
                .headers()
                .get_all("set-cookie")
                .iter()
                .map(|cookie| cookie.to_str().unwrap())
                .collect();
            let own = set.iter().find(|set| set.starts_with("JSESSIONID=")).unwrap();
            assert!(own.ends_with("; Path=/learning; HttpOnly; SameSite=Lax"), "{own}");
            assert!(
                browser
                    .page("/learning/admin/main.do?fromSF=y")
                    .await
                    .contains("Learning Administration")
            );
            assert_eq!(ask(&practice, &format!("code/{side}")).await["code"], Value::Null);
        }
        assert_eq!(practice.panics(), 0);
        practice.stop().await;
    }
}

#[tokio::test]
async fn what_is_wrong_is_asked_for_again() {
    let Some(practice) = start_with_provider(&["sso"]).await else {
        return;
    };
    let client = client();
    let entry = led_from(&client, &practice.stage, MAIN).await;
    let nobody = open(&client, entry).await.say(&client, " ").await;
    assert!(nobody.html.contains("Enter your user name."));
    let stranger = nobody.say(&client, "NOBODY").await;
    assert!(stranger.html.contains("type=\"password\""), "{}", stranger.html);
    let refused = stranger.say(&client, &practice.password).await;
    assert!(
        refused
            .html
            .contains("The user name or the password is incorrect.")
    );
    assert!(refused.html.contains("type=\"password\""));
    assert_eq!(ask(&practice, "code/stage").await["code"], Value::Null);

    let entry = led_from(&client, &practice.stage, MAIN).await;
    let password = open(&client, entry).await.say(&client, &practice.user).await;
    let again = password.say(&client, "wrong").await;
    assert!(again.html.contains("The user name or the password is incorrect."));
    let asks_for_code = again.say(&client, &practice.password).await;
    let right = code(&practice, "stage").await;
    let wrong = if right == "000000" { "000001" } else { "000000" };
    let again = asks_for_code.say(&client, wrong).await;
    assert!(again.html.contains("The code is incorrect.") && again.html.contains("oneTimeCode"));
    assert!(again.say(&client, &right).await.html.contains("SAMLResponse"));
    // Another company's directory has other people, and no built-in ones.
    for (side, user, password) in [
        ("production", "STAGE_ADMIN", "Stage-only-1"),
        ("stage", "CONFIG_ADMIN", "Config-prod-1"),
        ("stage", "SFADMIN", ""),
    ] {
        let root = match side {
            "stage" => &practice.stage,
            _ => &practice.production,
        };
        let entry = led_from(&client, root, MAIN).await;
        let page = open(&client, entry).await.say(&client, user).await;
        let page = page.say(&client, password).await;
        assert!(page.html.contains("incorrect"), "{user}");
    }
}

#[tokio::test]
async fn a_state_is_good_once_for_its_own_step_and_in_its_own_browser() {
    let Some(practice) = start_with_provider(&["sso"]).await else {
        return;
    };
    let (own, other) = (client(), client());
    let entry = led_from(&own, &practice.stage, MAIN).await;
    let name = open(&own, entry).await;
    assert_eq!(
        name.say(&other, &practice.user).await.status,
        403,
        "another browser"
    );
    let password = name.say(&own, &practice.user).await;
    assert_eq!(name.say(&own, &practice.user).await.status, 403, "a second time");
    let (action, fields) = password.form();
    let skipped = Shown {
        url: action.join("verify").unwrap(),
        status: 200,
        html: password.html.replace("/authenticate", "/verify"),
    };
    assert_eq!(skipped.say(&own, "123456").await.status, 403, "another step");
    let mut guessed = fields.clone();
    guessed[0].1 = "0".repeat(guessed[0].1.len());
    assert_eq!(
        send(&own, &(action, guessed)).await.status(),
        403,
        "a guessed state"
    );
    let unknown = format!(
        "{}/saml2/idp/sso?company=other",
        practice.identity_provider.clone().unwrap()
    );
    assert_eq!(open(&own, Url::parse(&unknown).unwrap()).await.status, 403);
    let second_tab = led_from(&own, &practice.stage, MAIN).await;
    assert_eq!(open(&own, second_tab).await.status, 200);
    assert!(
        password
            .say(&own, &practice.password)
            .await
            .html
            .contains("oneTimeCode")
    );
}

#[tokio::test]
async fn an_assertion_is_taken_once_by_the_instance_it_is_for() {
    let Some(practice) = start_with_provider(&["sso"]).await else {
        return;
    };
    let client = client();
    let (_, mut fields) = last_page(&practice, &client, "stage", user(&practice))
        .await
        .form();
    let at = |root: &str| Url::parse(&format!("{root}/saml2/SAMLAssertionConsumer")).unwrap();
    let foreign = send(&client, &(at(&practice.production), fields.clone())).await;
    assert_eq!(foreign.status(), 403);
    assert!(
        foreign
            .text()
            .await
            .unwrap()
            .contains("This sign-in is not for this system.")
    );
    let form = (at(&practice.stage), fields.clone());
    assert_eq!(send(&client, &form).await.status(), 302);
    let second = send(&client, &form).await;
    assert_eq!(second.status(), 403);
    assert!(second.text().await.unwrap().contains("was used before"));
    fields[0].1.insert(8, 'A');
    let altered = send(&client, &(at(&practice.stage), fields)).await;
    assert!(altered.text().await.unwrap().contains("could not be verified"));
    // The session that the first one made is still there.
    assert!(
        Browser {
            client,
            root: practice.stage.clone()
        }
        .page(MAIN)
        .await
        .contains("<frameset")
    );
}

#[tokio::test]
async fn after_a_refresh_stages_sign_on_leads_into_production_until_it_is_repaired() {
    let Some(practice) = start_with_provider(&["sso"]).await else {
        return;
    };
    tell(&practice, "refresh", &json!({})).await;
    let client = client();
    let led = led_from(&client, &practice.stage, MAIN).await;
    assert_eq!(query(&led, "company").unwrap(), "exampleCorp");
    let form = last_page(&practice, &client, "stage", user(&practice))
        .await
        .form();
    assert!(form.0.as_str().starts_with(&practice.production), "{}", form.0);
    let answer = send(&client, &form).await;
    assert_eq!(answer.status(), 302);
    assert!(answer.url().as_str().starts_with(&practice.production));
    let inside = |root: &str| {
        let browser = Browser {
            client: client.clone(),
            root: root.to_owned(),
        };
        async move { browser.get(MAIN).await.status() == 200 }
    };
    assert!(inside(&practice.production).await);
    assert!(!inside(&practice.stage).await);

    tell(&practice, "repair/stage", &json!({})).await;
    let own = last_page(&practice, &client, "stage", user(&practice))
        .await
        .form();
    assert!(own.0.as_str().starts_with(&practice.stage), "{}", own.0);
    assert_eq!(send(&client, &own).await.status(), 302);
    assert!(inside(&practice.stage).await);
    // Who is known to stage's provider alone has lost the account at stage.
    let client = super::browser::client();
    let lost = last_page(&practice, &client, "stage", ("STAGE_ADMIN", "Stage-only-1"))
        .await
        .form();
    let refused = send(&client, &lost).await;
    assert_eq!(refused.status(), 403);
    assert!(refused.text().await.unwrap().contains("no admin account"));
}

#[tokio::test]
async fn a_repair_puts_back_what_stage_had_and_a_second_refresh_does_not_change_what_that_is() {
    let Some(practice) = start_with_provider(&["sso"]).await else {
        return;
    };
    let bizx = async || super::browser::stored(&ask(&practice, "state/stage").await, "BIZX");
    let edited = bizx().await + "added.before=1\n";
    tell(
        &practice,
        "save/stage",
        &json!({ "document": "BIZX", "text": edited }),
    )
    .await;
    for refreshes in [1, 2] {
        for _ in 0..refreshes {
            tell(&practice, "refresh", &json!({})).await;
        }
        assert_ne!(bizx().await, edited);
        tell(&practice, "repair/stage", &json!({})).await;
        assert_eq!(bizx().await, edited, "{refreshes}");
    }
    let others = ask(&practice, "health/stage").await;
    let broken = others.as_object().unwrap().values().any(|state| state != "ok");
    assert!(broken, "only BIZX is put back: {others}");
}

#[tokio::test]
async fn native_login_that_support_opens_takes_the_place_of_the_sign_on() {
    let Some(practice) = start_with_provider(&["sso"]).await else {
        return;
    };
    let text = super::browser::stored(&ask(&practice, "state/stage").await, "BIZX");
    let open = text.replace(
        "successFactorsLearningEnabled=true",
        "successFactorsLearningEnabled=false",
    );
    assert_ne!(open, text);
    tell(
        &practice,
        "save/stage",
        &json!({ "document": "BIZX", "text": open }),
    )
    .await;
    Browser::inside(&practice, &practice.stage).await;
}

#[tokio::test]
async fn the_provider_is_there_only_where_the_scenario_asks_for_it() {
    let practice = start(&["integrated"]).await;
    assert!(practice.identity_provider.is_none() && practice.ask("code", "stage").is_none());
    let url = format!("{}/scenario/stage", practice.control);
    let answer = client().post(url).body("sso").send().await.unwrap();
    assert_eq!(answer.status(), 400);
    assert!(answer.text().await.unwrap().contains("started with `sso`"));
    let consumer = format!("{}/saml2/SAMLAssertionConsumer", practice.stage);
    assert_eq!(
        client().post(consumer).send().await.unwrap().status(),
        404,
        "no assertion is taken"
    );
}

#[tokio::test]
async fn its_port_is_the_one_after_the_control_doors() {
    let Some(free) = start_with_provider(&["sso"]).await else {
        return;
    };
    let port = |root: &str| Url::parse(root).unwrap().port().unwrap();
    let near = port(&free.control);
    // A port may belong to somebody else: the next four may not.
    let mut started = None;
    for first in (1..20).map(|step| near.wrapping_sub(step * 37) | 1024) {
        let listen = format!("127.0.0.1:{first}");
        let scenario = Scenario::parse(&["sso"]).unwrap();
        started = Practice::start(Options { listen, scenario }).await.ok();
        if started.is_some() {
            break;
        }
    }
    let practice = started.expect("four free ports");
    let provider = practice.identity_provider.as_ref().unwrap();
    assert_eq!(port(provider), port(&practice.control) + 1);
}

#[tokio::test]
async fn a_machine_without_the_loopback_address_is_told_so() {
    let foreign = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1);
    let error = bind(foreign.into(), 0, 3).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Usage);
    assert!(error.message().contains("loopback address [::1]"), "{error}");
    let Ok(taken) = bind(Ipv6Addr::LOCALHOST.into(), 0, 3).await else {
        return;
    };
    let port = taken.local_addr().unwrap().port();
    let error = bind(Ipv6Addr::LOCALHOST.into(), port, 0).await.unwrap_err();
    assert!(
        error.message().contains(&format!("port `{port}` on ::1")),
        "{error}"
    );
}
