//! A small browser for tests: cookies, forms, the token wherever the scenario puts it.

use reqwest::{Client, Response, redirect::Policy};
use scraper::{ElementRef, Html, Selector};
use serde_json::Value;

use crate::practice::{Options, Practice, Scenario};

pub(super) const LOGIN: &str = "/learning/admin/nativelogin.jsp";
pub(super) const MAIN: &str = "/learning/admin/main.do";
pub(super) const LIST: &str = "/learning/admin/sysconfig/listConfigurations.do";

pub(super) type Fields = Vec<(String, String)>;

pub(super) async fn start(words: &[&str]) -> Practice {
    let options = Options {
        listen: "127.0.0.1:0".to_owned(),
        scenario: Scenario::parse(words).unwrap(),
    };
    Practice::start(options).await.unwrap()
}

pub(super) fn client() -> Client {
    Client::builder()
        .cookie_store(true)
        .redirect(Policy::none())
        .tls_certs_only([])
        .no_proxy()
        .build()
        .unwrap()
}

/// A form as a page holds it: where it goes and what it sends but for its buttons.
pub(super) struct Form {
    pub(super) action: String,
    pub(super) fields: Fields,
    pub(super) buttons: Fields,
}

impl Form {
    pub(super) fn set(mut self, name: &str, value: &str) -> Form {
        let field = self.fields.iter_mut().find(|(n, _)| n == name).expect(name);
        field.1 = value.to_owned();
        self
    }

    pub(super) fn without(mut self, name: &str) -> Form {
        self.fields.retain(|(n, _)| n != name);
        self
    }

    pub(super) fn value(&self, name: &str) -> &str {
        &self.fields.iter().find(|(n, _)| n == name).expect(name).1
    }

    pub(super) fn press(mut self, button: &str) -> Form {
        let pressed = self
            .buttons
            .iter()
            .find(|(n, _)| n == button)
            .expect(button)
            .clone();
        self.fields.push(pressed);
        self
    }
}

/// One browser at one instance.
pub(super) struct Browser {
    pub(super) client: Client,
    pub(super) root: String,
}

impl Browser {
    pub(super) fn at(root: &str) -> Browser {
        Browser {
            client: client(),
            root: root.to_owned(),
        }
    }

    /// A browser that is signed in, with the shell open.
    pub(super) async fn inside(practice: &Practice, root: &str) -> Browser {
        let browser = Browser::at(root);
        let answer = browser.sign_in(&practice.user, &practice.password).await;
        assert_eq!(answer.status(), 302, "sign-in");
        assert!(browser.page(MAIN).await.contains("<frameset"));
        browser
    }

    pub(super) async fn get(&self, path: &str) -> Response {
        self.client
            .get(format!("{}{path}", self.root))
            .send()
            .await
            .unwrap()
    }

    pub(super) async fn page(&self, path: &str) -> String {
        self.get(path).await.text().await.unwrap()
    }

    pub(super) async fn send(&self, form: &Form) -> Response {
        let address = format!("{}{}", self.root, form.action);
        self.client.post(address).form(&form.fields).send().await.unwrap()
    }

    /// Sends a form with a file as browsers do.
    pub(super) async fn send_file(&self, form: &Form, field: &str, name: &str, bytes: &[u8]) -> Response {
        let address = format!("{}{}", self.root, form.action);
        let boundary = "----WebKitFormBoundary7MA4YWxkTrZu0gW";
        let mut body = Vec::new();
        for (name, value) in &form.fields {
            let part =
                format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
        let kind = format!("multipart/form-data; boundary={boundary}");
        let request = self.client.post(address).header("content-type", kind);
        request.body(body).send().await.unwrap()
    }

    pub(super) async fn sign_in(&self, user: &str, password: &str) -> Response {
        let form = self.post_form(LOGIN, &self.page(LOGIN).await).await;
        self.send(
            &form
                .set("userName", user)
                .set("password", password)
                .press("submit"),
        )
        .await
    }

    pub(super) fn edit_address(name: &str) -> String {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("configurationID", name)
            .finish();
        format!("/learning/admin/sysconfig/editConfiguration.do?{query}")
    }

    pub(super) async fn edit(&self, name: &str) -> Form {
        let address = Browser::edit_address(name);
        let page = self.page(&address).await;
        self.post_form(&address, &page).await
    }

    /// Saves a text as a person would and gives the page that answers.
    pub(super) async fn save(&self, name: &str, text: &str) -> String {
        let form = self
            .edit(name)
            .await
            .set("configurationText", text)
            .press("applyChanges_bottom");
        self.send(&form).await.text().await.unwrap()
    }

    /// The text of a file as its edit page shows it.
    pub(super) async fn text(&self, name: &str) -> String {
        self.edit(name).await.value("configurationText").to_owned()
    }

    /// The form of a page that posts, with what a guard's script would add.
    pub(super) async fn post_form(&self, at: &str, page: &str) -> Form {
        self.form_of(at, page, FORM).await
    }

    /// The first form of a page that fits a selector, with what a guard's script would add.
    pub(super) async fn form_of(&self, at: &str, page: &str, which: &str) -> Form {
        let form = read_form(at, page, which);
        self.guarded(form, page).await
    }

    /// The same with other fields than those that every form of the login and of files has.
    pub(super) async fn post_form_with(&self, at: &str, page: &str, fields: fn(&Html) -> Fields) -> Form {
        let mut form = Form {
            action: action_of(at, &Html::parse_document(page), FORM),
            fields: Vec::new(),
            buttons: Vec::new(),
        };
        form.fields = fields(&Html::parse_document(page));
        self.guarded(form, page).await
    }

    async fn guarded(&self, mut form: Form, page: &str) -> Form {
        if page.contains("/learning/JavaScriptServlet") {
            let script = self.page("/learning/JavaScriptServlet").await;
            let token = script
                .split("injectTokens(\"OWASP_CSRFTOKEN\", \"")
                .nth(1)
                .unwrap();
            let token = token.split('"').next().unwrap().to_owned();
            form.fields.push(("OWASP_CSRFTOKEN".to_owned(), token));
        }
        form
    }
}

/// What selects a form that posts.
const FORM: &str = "form[method=post]";

fn find_form<'p>(page: &'p Html, which: &str) -> ElementRef<'p> {
    let forms = Selector::parse(which).unwrap();
    page.select(&forms).next().expect("a form that posts")
}

fn action_of(at: &str, page: &Html, which: &str) -> String {
    let action = find_form(page, which).value().attr("action").unwrap();
    let base = url::Url::parse(&format!("http://x{at}")).unwrap();
    let action = base.join(action).unwrap();
    format!(
        "{}{}",
        action.path(),
        action.query().map_or(String::new(), |q| format!("?{q}"))
    )
}

fn read_form(at: &str, page: &str, which: &str) -> Form {
    let page = Html::parse_document(page);
    let controls = Selector::parse("input, select, textarea").unwrap();
    let form = find_form(&page, which);
    let mut found = Form {
        action: action_of(at, &page, which),
        fields: Vec::new(),
        buttons: Vec::new(),
    };
    for control in form.select(&controls) {
        let name = control.value().attr("name").unwrap_or("").to_owned();
        if control.value().attr("disabled").is_some() {
            continue;
        }
        match control.value().attr("type") {
            Some("submit") => found
                .buttons
                .push((name, control.value().attr("value").unwrap().to_owned())),
            Some("reset" | "file") => {}
            _ => found.fields.push((name, value_of(control))),
        }
    }
    found
}

fn value_of(control: ElementRef<'_>) -> String {
    let option = Selector::parse("option[selected]").unwrap();
    match control.value().name() {
        "textarea" => control.text().collect(),
        "select" => control
            .select(&option)
            .next()
            .unwrap()
            .value()
            .attr("value")
            .unwrap()
            .to_owned(),
        _ => control.value().attr("value").unwrap_or("").to_owned(),
    }
}

/// Asks the control door.
pub(super) async fn ask(practice: &Practice, what: &str) -> Value {
    let answer = client()
        .get(format!("{}/{what}", practice.control))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200, "{what}");
    answer.json().await.unwrap()
}

/// Tells the control door something.
pub(super) async fn tell(practice: &Practice, what: &str, body: &Value) -> Value {
    let answer = client()
        .post(format!("{}/{what}", practice.control))
        .json(body)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200, "{what}: {}", answer.text().await.unwrap());
    answer.json().await.unwrap()
}

pub(super) fn stored(state: &Value, name: &str) -> String {
    state["documents"][name].as_str().expect(name).to_owned()
}

/// The value of a key as it stands in a text, read as simply as can be.
pub(super) fn line_value(text: &str, key: &str) -> String {
    let line = text
        .lines()
        .rfind(|line| line.starts_with(&format!("{key}=")))
        .expect(key);
    line[key.len() + 1..].to_owned()
}
