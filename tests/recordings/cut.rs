//! Makes of a whole recording what a person would bring: developer tools leave things out, proxies mix things in.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// A recording and what becomes of it.
pub(crate) struct Cut(Value);

impl Cut {
    pub(crate) fn of(har: &Value) -> Self {
        Self(har.clone())
    }

    /// The file as it would be exported.
    pub(crate) fn text(&self) -> String {
        self.0.to_string()
    }

    fn entries(&mut self) -> &mut Vec<Value> {
        self.0["log"]["entries"].as_array_mut().unwrap()
    }

    fn each(mut self, change: impl FnMut(&mut Value)) -> Self {
        self.entries().iter_mut().for_each(change);
        self
    }

    /// Chrome since 130, unless it is told to export sensitive data.
    pub(crate) fn without_secrets(self) -> Self {
        self.each(|entry| {
            for side in ["request", "response"] {
                entry[side]["cookies"] = json!([]);
                let Some(headers) = entry[side]["headers"].as_array_mut() else {
                    continue;
                };
                headers.retain(|header| {
                    let name = header["name"].as_str().unwrap_or_default().to_ascii_lowercase();
                    !matches!(name.as_str(), "cookie" | "set-cookie" | "authorization")
                });
            }
        })
    }

    /// The browser has thrown away the bodies of some answers.
    pub(crate) fn without_bodies(self, of: impl Fn(&str) -> bool) -> Self {
        self.each(|entry| {
            if of(entry["request"]["url"].as_str().unwrap_or_default())
                && let Some(content) = entry["response"]["content"].as_object_mut()
            {
                content.remove("text");
            }
        })
    }

    /// The browser had some answers in its cache.
    pub(crate) fn cached(self, which: impl Fn(&str) -> bool) -> Self {
        self.each(|entry| {
            if which(entry["request"]["url"].as_str().unwrap_or_default()) {
                entry["response"]["status"] = json!(304);
                entry["response"]["content"] = json!({"size": 0, "mimeType": "x-unknown"});
            }
        })
    }

    /// All bodies in base64, as some proxies write them.
    pub(crate) fn in_base64(self) -> Self {
        self.each(|entry| {
            let content = &mut entry["response"]["content"];
            if let Some(text) = content["text"].as_str()
                && content["encoding"].is_null()
            {
                content["text"] = json!(STANDARD.encode(text));
                content["encoding"] = json!("base64");
            }
        })
    }

    /// What was sent only as text, as it went over the line.
    pub(crate) fn sent_as_text(self) -> Self {
        self.each(|entry| {
            if let Some(post) = entry["request"]["postData"].as_object_mut() {
                post.remove("params");
            }
        })
    }

    /// What was sent only as a list of names and values, where it is a form.
    pub(crate) fn sent_as_list(self) -> Self {
        self.each(|entry| {
            let post = &mut entry["request"]["postData"];
            let kind = post["mimeType"].as_str().unwrap_or_default();
            if !kind.starts_with("application/x-www-form-urlencoded") {
                return;
            }
            let text = post["text"].as_str().unwrap_or_default();
            let pairs = url::form_urlencoded::parse(text.as_bytes());
            let params: Vec<Value> = pairs
                .map(|(name, value)| json!({"name": name, "value": value}))
                .collect();
            post["params"] = json!(params);
            post.as_object_mut().unwrap().remove("text");
        })
    }

    /// A second tab was open: another site's requests stand in between.
    pub(crate) fn among_strangers(mut self) -> Self {
        let stranger = |number: usize, time: &Value| {
            let mut entry = json!({
                "startedDateTime": time,
                "request": {"method": "GET", "url": format!("https://news.invalid/story?id={number}"), "headers": []},
                "response": {"status": 200, "headers": [], "content": {"mimeType": "text/html", "text":
                    "<table><tr><td>BIZX<td><a href='story?id=BIZX'>BIZX</a><tr><td>UI<td><a href='story?id=UI'>UI</a></table>"}},
            });
            if number % 2 == 1 {
                entry["request"]["method"] = json!("POST");
                entry["request"]["url"] = json!("https://telemetry.invalid/collect");
                let text =
                    json!({"events": [{"name": "click", "text": "a=1\nb=2\n".repeat(200)}]}).to_string();
                entry["request"]["postData"] = json!({"mimeType": "application/json", "text": text});
            }
            entry
        };
        let own = std::mem::take(self.entries());
        for (number, entry) in own.into_iter().enumerate() {
            let time = entry["startedDateTime"].clone();
            self.entries().push(stranger(number, &time));
            self.entries().push(entry);
        }
        self
    }

    /// The server failed when it was sent something.
    pub(crate) fn failed(self, method: &str, path: &str) -> Self {
        self.each(|entry| {
            let request = &entry["request"];
            if request["method"] == method && request["url"].as_str().unwrap_or_default().contains(path) {
                entry["response"]["status"] = json!(500);
                entry["response"]["content"] =
                    json!({"mimeType": "text/html", "text": "<h1>Internal Server Error</h1>"});
            }
        })
    }

    /// The entries in an order that is not that of time.
    pub(crate) fn backwards(mut self) -> Self {
        self.entries().reverse();
        self
    }
}
