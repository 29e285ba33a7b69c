//! The body of a service's writing request, made of members that are named one by one.

use std::collections::BTreeMap;

use url::form_urlencoded;

use crate::page::{Json, quoted};
use crate::profile::BodyEncoding;

/// Members by their names; a name that begins with `/` is a pointer, so that members can stand within members.
#[derive(Default)]
pub(super) struct Body(BTreeMap<String, Member>);

enum Member {
    /// JSON as it is to stand there.
    Raw(String),
    Object(Body),
}

impl Body {
    /// Sets a member to a piece of JSON.
    pub(super) fn set(&mut self, member: &str, raw: String) {
        match member.strip_prefix('/') {
            Some(path) => {
                let steps: Vec<String> = path
                    .split('/')
                    .map(|step| step.replace("~1", "/").replace("~0", "~"))
                    .collect();
                self.set_at(&steps, raw);
            }
            None => drop(self.0.insert(member.to_owned(), Member::Raw(raw))),
        }
    }

    fn set_at(&mut self, steps: &[String], raw: String) {
        let Some((first, rest)) = steps.split_first() else {
            return;
        };
        if rest.is_empty() {
            self.0.insert(first.clone(), Member::Raw(raw));
            return;
        }
        let below = self
            .0
            .entry(first.clone())
            .or_insert_with(|| Member::Object(Body::default()));
        if let Member::Object(body) = below {
            body.set_at(rest, raw);
        }
    }

    /// Names of its outermost members.
    pub(super) fn names(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    /// Writes it as it is sent.
    pub(super) fn written(&self, encoding: BodyEncoding) -> String {
        match encoding {
            BodyEncoding::Json => self.json(),
            BodyEncoding::Form => {
                let mut form = form_urlencoded::Serializer::new(String::new());
                for (name, member) in &self.0 {
                    form.append_pair(name, &member.word());
                }
                form.finish()
            }
        }
    }

    fn json(&self) -> String {
        let members: Vec<String> = self
            .0
            .iter()
            .map(|(name, member)| format!("{}:{}", quoted(name), member.json()))
            .collect();
        format!("{{{}}}", members.join(","))
    }
}

impl Member {
    fn json(&self) -> String {
        match self {
            Member::Raw(raw) => raw.clone(),
            Member::Object(body) => body.json(),
        }
    }

    /// It as a form's field holds it: a text without its quotation marks, nothing for `null`, all else as JSON.
    fn word(&self) -> String {
        let json = self.json();
        let read = Json::parse(&json).ok();
        match read {
            Some(value) if value.is_null() => String::new(),
            Some(value) => value.text().unwrap_or_else(|| json.clone()),
            None => json,
        }
    }
}
