//! The control door, over HTTP as a person behind the scenes uses it.

use std::sync::OnceLock;

use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::rehearsal::{Rehearsal, State, runtime};

impl Rehearsal {
    /// Asks about an instance.
    #[track_caller]
    pub(crate) fn look(&self, what: &str, side: &str) -> Value {
        self.tell(Method::GET, &format!("{what}/{side}"), None)
    }

    /// Forgets what is kept about an instance.
    pub(crate) fn forget(&self, what: &str, side: &str) {
        self.tell(Method::DELETE, &format!("{what}/{side}"), None);
    }

    /// Copies production over stage.
    pub(crate) fn refresh(&self) {
        self.tell(Method::POST, "refresh", None);
    }

    /// What stage holds.
    pub(crate) fn state(&self) -> State {
        State::of(&self.look("state", "stage"))
    }

    /// Which integrations of stage work.
    pub(crate) fn health(&self) -> Value {
        self.look("health", "stage")
    }

    /// Orders the faults of stage from now on.
    #[track_caller]
    pub(crate) fn faults(&self, faults: &Value) {
        self.tell(Method::POST, "faults/stage", Some(faults));
    }

    /// Orders one fault: the first request with this method and part of its path, after `skip` of them.
    #[track_caller]
    pub(crate) fn fault(&self, method: &str, path: &str, skip: u64, effect: Value) {
        self.faults(&json!([{ "method": method, "path": path, "skip": skip, "effect": effect }]));
    }

    /// Changes a document behind everybody's back.
    #[track_caller]
    pub(crate) fn save(&self, side: &str, document: &str, text: &str) {
        self.tell(
            Method::POST,
            &format!("save/{side}"),
            Some(&json!({ "document": document, "text": text })),
        );
    }

    /// Makes stage behave otherwise.
    #[track_caller]
    pub(crate) fn play(&self, words: &[&str]) {
        self.tell(
            Method::POST,
            "scenario/stage",
            Some(&json!([words, &["narrow"]].concat())),
        );
    }

    #[track_caller]
    pub(crate) fn tell(&self, method: Method, what: &str, body: Option<&Value>) -> Value {
        let address = format!("{}/{what}", self.practice.control);
        let (status, text) = runtime().block_on(async {
            let mut request = client().request(method, address);
            if let Some(body) = body {
                request = request.json(body);
            }
            let answer = request.send().await.unwrap();
            (answer.status(), answer.text().await.unwrap())
        });
        assert_eq!(status, 200, "{what}: {text}");
        serde_json::from_str(&text).unwrap()
    }
}

/// A client that needs no certificates and knows no proxy.
pub(crate) fn client() -> &'static Client {
    static CLIENT: OnceLock<Client> = OnceLock::new();
    CLIENT.get_or_init(|| Client::builder().tls_certs_only([]).no_proxy().build().unwrap())
}
