//! A person with a browser: signs in, opens an edit page, types, saves.
//!
//! Written apart from the product's own reading of pages, so that the two cannot share a mistake.

use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use scraper::{ElementRef, Html, Selector};
use serde_json::Value;
use url::Url;

use crate::rehearsal::{Rehearsal, runtime};

const ADMIN: &str = "/learning/admin";
const TOKEN: &str = "OWASP_CSRFTOKEN";

/// A browser that is signed in to stage.
pub(crate) struct Person {
    client: Client,
    root: Url,
}

/// A form with what it would send, and its buttons.
struct Form {
    action: Url,
    fields: Vec<(String, String)>,
    buttons: Vec<(String, String)>,
}

impl Form {
    fn set(&mut self, name: &str, value: &str) {
        self.fields.iter_mut().find(|(n, _)| n == name).expect(name).1 = value.to_owned();
    }

    fn press(&mut self, name: &str) {
        let button = self.buttons.iter().find(|(n, _)| n == name).expect(name);
        self.fields.push(button.clone());
    }
}

impl Person {
    /// Signs in to stage with the admin that is printed.
    pub(crate) fn at_stage(rehearsal: &Rehearsal) -> Self {
        let builder = Client::builder().cookie_store(true).redirect(Policy::none());
        let person = Self {
            client: builder.tls_certs_only([]).no_proxy().build().unwrap(),
            root: rehearsal.practice.stage.parse().unwrap(),
        };
        runtime().block_on(async {
            let mut form = person.form(&format!("{ADMIN}/nativelogin.jsp")).await;
            form.set("userName", &rehearsal.practice.user);
            form.set("password", &rehearsal.practice.password);
            form.press("submit");
            assert_eq!(person.send(form).await.status(), 302, "sign-in");
            assert_eq!(person.get(&format!("{ADMIN}/main.do")).await.status(), 200);
        });
        person
    }

    /// Types the real values into the pages, in place of what stands there or at the end, and saves.
    pub(crate) fn enter(&self, known: &Value) {
        for (document, values) in known.as_object().unwrap() {
            let mut text = self.text(document);
            for (key, value) in values.as_object().unwrap() {
                text = typed(&text, key, value.as_str().unwrap());
            }
            self.save(document, &text);
        }
    }

    /// The text of a document as its edit page shows it.
    pub(crate) fn text(&self, document: &str) -> String {
        runtime().block_on(async {
            let form = self.form(&edit_address(document)).await;
            form.fields
                .into_iter()
                .find(|(name, _)| name == "configurationText")
                .unwrap()
                .1
        })
    }

    /// Replaces the text of a document.
    pub(crate) fn save(&self, document: &str, text: &str) {
        runtime().block_on(async {
            let mut form = self.form(&edit_address(document)).await;
            form.set("configurationText", text);
            form.press("applyChanges_bottom");
            let answer = self.send(form).await.text().await.unwrap();
            assert!(
                answer.contains("class=\"message\""),
                "{document} was not saved: {answer}"
            );
        });
    }

    async fn get(&self, address: &str) -> Response {
        self.client
            .get(self.root.join(address).unwrap())
            .send()
            .await
            .unwrap()
    }

    async fn send(&self, form: Form) -> Response {
        self.client
            .post(form.action)
            .form(&form.fields)
            .send()
            .await
            .unwrap()
    }

    /// The form of a page that posts, with what the guard's script would add in a browser.
    async fn form(&self, address: &str) -> Form {
        let page = self.get(address).await.text().await.unwrap();
        let mut form = form_of(&self.root.join(address).unwrap(), &page);
        if page.contains("/learning/JavaScriptServlet") {
            let script = self
                .get("/learning/JavaScriptServlet")
                .await
                .text()
                .await
                .unwrap();
            let token = script
                .split(&format!("injectTokens(\"{TOKEN}\", \""))
                .nth(1)
                .unwrap();
            form.fields
                .push((TOKEN.to_owned(), token.split('"').next().unwrap().to_owned()));
        }
        form
    }
}

fn edit_address(document: &str) -> String {
    let query: String = url::form_urlencoded::byte_serialize(document.as_bytes()).collect();
    format!("{ADMIN}/sysconfig/editConfiguration.do?configurationID={query}")
}

/// The text with a value typed where the key stands, or in a new line at the end.
fn typed(text: &str, key: &str, value: &str) -> String {
    let begin = format!("{key}=");
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    match lines.iter_mut().find(|line| line.starts_with(&begin)) {
        Some(line) => *line = format!("{begin}{value}"),
        None => lines.push(format!("{begin}{value}")),
    }
    lines.join("\n") + "\n"
}

fn form_of(address: &Url, page: &str) -> Form {
    let page = Html::parse_document(page);
    let forms = Selector::parse("form[method=post]").unwrap();
    let controls = Selector::parse("input, select, textarea").unwrap();
    let form = page.select(&forms).next().expect("a form that posts");
    let action = address.join(form.value().attr("action").unwrap()).unwrap();
    let mut found = Form {
        action,
        fields: Vec::new(),
        buttons: Vec::new(),
    };
    for control in form
        .select(&controls)
        .filter(|c| c.value().attr("disabled").is_none())
    {
        let name = control.value().attr("name").unwrap_or_default().to_owned();
        let value = control.value().attr("value").unwrap_or_default().to_owned();
        match control.value().attr("type") {
            Some("submit") => found.buttons.push((name, value)),
            Some("reset") => {}
            _ => found.fields.push((name, value_of(control, value))),
        }
    }
    found
}

fn value_of(control: ElementRef<'_>, value: String) -> String {
    match control.value().name() {
        "textarea" => control.text().collect(),
        "select" => {
            let selected = Selector::parse("option[selected]").unwrap();
            let option = control.select(&selected).next().unwrap();
            option.value().attr("value").unwrap().to_owned()
        }
        _ => value,
    }
}
