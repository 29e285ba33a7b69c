//! Small recordings made by hand, one for each shape and each bad input.

mod bad_input;
mod classic;
mod secrets;
mod service;

use serde_json::{Value, json};

use crate::error::Error;
use crate::find::Answers;
use crate::learn::{Learned, Step, Wishes, learn, rehearse};
use crate::profile::{Origin, Profile, built_in, parse};
use crate::recording::{Recording, read};

/// The server of the recordings.
const ROOT: &str = "https://lms.secret-host.example";
/// A token in the shape of CSRFGuard's.
const TOKEN: &str = "A1B2-C3D4-E5F6-G7H8-I9J0-K1L2";
/// A session's id.
const SESSION: &str = "9F3A77C01B5E4D2288AA";

/// A recording in the making.
#[derive(Clone, Default)]
struct Tape(Vec<Value>);

impl Tape {
    /// Adds a request without a body.
    fn get(self, path: &str, kind: &str, answer: &str) -> Self {
        self.add("GET", path, &[], None, (200, &[("Content-Type", kind)], answer))
    }

    /// Adds a page for people.
    fn page(self, path: &str, html: &str) -> Self {
        self.get(
            path,
            "text/html",
            &format!("<!DOCTYPE html><html><head><title>t</title></head><body>{html}</body></html>"),
        )
    }

    /// Adds an answer of JSON.
    fn json(self, path: &str, answer: &Value) -> Self {
        self.get(path, "application/json", &answer.to_string())
    }

    /// Adds a form that was sent, its names and values.
    fn form(self, path: &str, pairs: &[(&str, &str)], status: u16, answer: &str) -> Self {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish();
        let sent = Some(("application/x-www-form-urlencoded", body));
        self.add(
            "POST",
            path,
            &[],
            sent,
            (status, &[("Content-Type", "text/html")], answer),
        )
    }

    /// Adds JSON that was sent, with headers.
    fn call(
        self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
        answer: (u16, &str),
    ) -> Self {
        let sent = Some(("application/json", body.to_string()));
        let (status, answer) = answer;
        self.add(
            method,
            path,
            headers,
            sent,
            (status, &[("Content-Type", "application/json")], answer),
        )
    }

    fn add(
        mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        sent: Option<(&str, String)>,
        (status, answered, answer): (u16, &[(&str, &str)], &str),
    ) -> Self {
        let pairs = |all: &[(&str, &str)]| -> Vec<Value> {
            all.iter()
                .map(|(name, value)| json!({ "name": name, "value": value }))
                .collect()
        };
        let mut request = json!({
            "method": method, "url": format!("{ROOT}{path}"), "headers": pairs(headers),
            "cookies": [{ "name": "SID", "value": SESSION }], "queryString": [], "httpVersion": "HTTP/1.1",
        });
        if let Some((kind, text)) = sent {
            request["postData"] = json!({ "mimeType": kind, "text": text });
        }
        let kind = answered
            .iter()
            .find(|(name, _)| *name == "Content-Type")
            .map_or("", |(_, kind)| kind);
        let second = self.0.len();
        self.0.push(json!({
            "startedDateTime": format!("2026-11-23T10:00:{second:02}.000Z"), "time": 1, "request": request,
            "response": { "status": status, "headers": pairs(answered), "cookies": [],
                "content": { "size": answer.len(), "mimeType": kind, "text": answer } },
        }));
        self
    }

    fn recording(&self) -> Recording {
        let har = json!({ "log": { "version": "1.2", "creator": { "name": "hand", "version": "1" }, "entries": self.0 } });
        read(har.to_string().as_bytes()).unwrap()
    }

    fn learn(&self) -> Result<Learned, Error> {
        self.learn_with(&[])
    }

    fn learn_with(&self, answers: &[(&str, &str)]) -> Result<Learned, Error> {
        let answers: Answers = answers
            .iter()
            .map(|(key, value)| ((*key).into(), (*value).into()))
            .collect();
        let base = built_in().unwrap();
        let wishes = Wishes {
            name: "own",
            part: "system-configuration",
            base: &base,
            answers: &answers,
        };
        learn(&self.recording(), &wishes)
    }

    /// Learns, plays the recording against what was learned, and gives the profile; nothing secret stands in it.
    #[track_caller]
    fn fits(&self) -> (Profile, Learned) {
        self.fits_with(&[])
    }

    #[track_caller]
    fn fits_with(&self, answers: &[(&str, &str)]) -> (Profile, Learned) {
        let learned = self.learn_with(answers).unwrap();
        let profile = parse(&learned.toml, &Origin::File("own.toml".into())).unwrap();
        let steps = rehearse(&self.recording(), &profile).unwrap();
        let failed: Vec<&Step> = steps.iter().filter(|step| !step.fits).collect();
        assert!(failed.is_empty(), "{failed:#?}\n{}", learned.toml);
        for secret in [
            TOKEN,
            SESSION,
            "secret-host",
            "S3cretPassword",
            "KEEPER",
            "key.of.the.text",
        ] {
            assert!(!learned.toml.contains(secret), "{secret}:\n{}", learned.toml);
        }
        (profile, learned)
    }

    #[track_caller]
    fn refused(&self) -> (String, String) {
        let error = self.learn().unwrap_err();
        (error.message().to_owned(), error.hints().join("\n"))
    }
}
