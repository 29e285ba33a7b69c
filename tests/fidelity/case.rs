//! The cases of `fixtures/pages/forms`: a page, what a person does to its form, and what Chromium sent then.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use lmskeep::page::{Edits, Form, Page, Upload, Verb};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use url::{Position, Url};

/// Path, query and fragment of every page.
pub(crate) const ADDRESS: &str = "/lms/page.do?id=7#top";

/// The files, each on one matter.
pub(crate) const FILES: [&str; 7] = [
    "controls",
    "buttons",
    "selects",
    "texts",
    "structure",
    "addresses",
    "encodings",
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    case: Vec<Case>,
}

/// A page, edits, a button, and what was recorded. In `…_bytes` a character is a byte.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    pub(crate) name: String,
    page: Option<String>,
    page_bytes: Option<String>,
    /// `{fill}` in the page and in `set` stands for this text, so many times.
    fill: Option<(String, usize)>,
    #[serde(default = "utf_8")]
    pub(crate) content_type: String,
    /// The page stands in a frame of a page that is windows-1252, so that the browser does not guess its encoding.
    #[serde(default)]
    pub(crate) framed: bool,
    /// Which form is sent; without `press`, as a script's `submit()` does.
    #[serde(default)]
    pub(crate) form: usize,
    /// Values typed, by `id`.
    #[serde(default)]
    set: BTreeMap<String, String>,
    /// Boxes and radio buttons switched, by `id`.
    #[serde(default)]
    pub(crate) check: BTreeMap<String, bool>,
    /// Options chosen, by `id` of the list.
    #[serde(default)]
    pub(crate) choose: BTreeMap<String, Vec<usize>>,
    /// Files chosen, by `id`.
    #[serde(default)]
    pub(crate) attach: BTreeMap<String, Attached>,
    /// The `id` of the button.
    pub(crate) press: Option<String>,
    method: Option<String>,
    url: Option<String>,
    sent_type: Option<String>,
    body: Option<String>,
    body_bytes: Option<String>,
    /// In place of a long body.
    body_sha256: Option<String>,
}

/// A file to send.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Attached {
    pub(crate) filename: String,
    content_type: String,
    content: Option<String>,
    content_bytes: Option<String>,
}

/// A request as both sides are compared: a multipart boundary is `BOUNDARY`.
#[derive(PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) method: String,
    /// Path and query; the whole address if it leads to another server.
    pub(crate) address: String,
    pub(crate) content_type: Option<String>,
    pub(crate) body: Vec<u8>,
}

fn utf_8() -> String {
    "text/html; charset=utf-8".to_owned()
}

fn bytes(text: Option<&String>, bytes: Option<&String>) -> Vec<u8> {
    match (text, bytes) {
        (Some(text), _) => text.clone().into_bytes(),
        (None, Some(bytes)) => bytes
            .chars()
            .map(|c| u8::try_from(u32::from(c)).unwrap())
            .collect(),
        (None, None) => Vec::new(),
    }
}

/// Where a file of cases lies.
pub(crate) fn path(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("fixtures/pages/forms/{file}.toml"))
}

/// Reads the cases of one file.
pub(crate) fn read(file: &str) -> Vec<Case> {
    let text = std::fs::read_to_string(path(file)).unwrap();
    let file: File = toml::from_str(&text).unwrap_or_else(|cause| panic!("{file}: {cause}"));
    file.case
}

impl Case {
    /// Makes a case of a page whose first form is sent as it is.
    pub(crate) fn of(page: String) -> Self {
        let mut fields = toml::Table::new();
        fields.insert("name".to_owned(), page.clone().into());
        fields.insert("page".to_owned(), page.into());
        fields.try_into().unwrap()
    }

    /// The bytes of the page.
    pub(crate) fn page(&self) -> Vec<u8> {
        match &self.page {
            Some(page) => self.filled(page).into_bytes(),
            None => bytes(None, self.page_bytes.as_ref()),
        }
    }

    /// Values typed, by `id`.
    pub(crate) fn set(&self) -> BTreeMap<&str, String> {
        self.set
            .iter()
            .map(|(id, value)| (id.as_str(), self.filled(value)))
            .collect()
    }

    fn filled(&self, text: &str) -> String {
        match &self.fill {
            Some((part, times)) => text.replace("{fill}", &part.repeat(*times)),
            None => text.to_owned(),
        }
    }

    /// What our engine sends when the page stands at this server.
    pub(crate) fn ours(&self, server: &str) -> Result<Sent, String> {
        let url = Url::parse(&format!("{server}{ADDRESS}")).unwrap();
        let page = Page::parse(&self.page(), Some(&self.content_type), &url);
        let form = page.forms.get(self.form).ok_or("no such form")?;
        let press = match &self.press {
            Some(id) => Some(place(form, id)?),
            None => None,
        };
        let request = form
            .request(&self.edits(form)?, press, &[])
            .map_err(|error| error.to_string())?;
        let address = if request.url[..Position::BeforePath] == *server {
            &request.url[Position::BeforePath..]
        } else {
            request.url.as_str()
        };
        let method = match request.method {
            Verb::Get => "GET",
            Verb::Post => "POST",
            Verb::Put | Verb::Patch => "no form's",
        };
        Ok(Sent::new(method, address, request.content_type, request.body))
    }

    fn edits(&self, form: &Form) -> Result<Edits, String> {
        let mut edits = Edits::new();
        for (id, value) in self.set() {
            edits = edits.set(place(form, id)?, value);
        }
        for (id, on) in &self.check {
            edits = edits.check(place(form, id)?, *on);
        }
        for (id, options) in &self.choose {
            edits = edits.choose(place(form, id)?, options.clone());
        }
        for (id, file) in &self.attach {
            let upload = Upload {
                filename: file.filename.clone(),
                content_type: file.content_type.clone(),
                content: file.content(),
            };
            edits = edits.attach(place(form, id)?, upload);
        }
        Ok(edits)
    }

    /// Says how a request differs from the recorded one.
    pub(crate) fn differs_from_record(&self, sent: &Sent) -> Option<String> {
        let (Some(method), Some(address)) = (&self.method, &self.url) else {
            return Some("nothing is recorded".to_owned());
        };
        let mut recorded = Sent::new(method, address, self.sent_type.clone(), Vec::new());
        recorded.body = match &self.body_sha256 {
            // A long body that is the recorded one shows as itself, any other as its hash.
            Some(hash) if *hash == sent.body_hash() => sent.body.clone(),
            Some(hash) => format!("sha256 {hash}").into_bytes(),
            None => bytes(self.body.as_ref(), self.body_bytes.as_ref()),
        };
        sent.differs_from("recorded", &recorded)
    }
}

fn place(form: &Form, id: &str) -> Result<usize, String> {
    let found = form.controls.iter().position(|control| control.id == id);
    found.ok_or_else(|| format!("no control `{id}`"))
}

impl Attached {
    /// What is in the file.
    pub(crate) fn content(&self) -> Vec<u8> {
        bytes(self.content.as_ref(), self.content_bytes.as_ref())
    }
}

impl Sent {
    /// Takes a request, its boundary replaced.
    pub(crate) fn new(method: &str, address: &str, content_type: Option<String>, body: Vec<u8>) -> Self {
        let (method, address) = (method.to_owned(), address.to_owned());
        let boundary = content_type
            .as_deref()
            .and_then(|t| Some(t.split_once("boundary=")?.1.to_owned()));
        let (content_type, body) = match boundary {
            Some(boundary) => (
                content_type.map(|t| t.replace(&boundary, "BOUNDARY")),
                replaced(&body, boundary.as_bytes(), b"BOUNDARY"),
            ),
            None => (content_type, body),
        };
        Self {
            method,
            address,
            content_type,
            body,
        }
    }

    /// Says how this request differs from another of that name.
    pub(crate) fn differs_from(&self, name: &str, other: &Sent) -> Option<String> {
        (self != other).then(|| format!("ours     {self}\n  {name:8} {other}"))
    }

    /// The SHA-256 of the body in hexadecimal digits.
    pub(crate) fn body_hash(&self) -> String {
        hex::encode(Sha256::digest(&self.body))
    }
}

impl fmt::Display for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.content_type.as_deref().unwrap_or("-");
        write!(f, "{} {} {kind}", self.method, self.address)?;
        let shown = &self.body[..self.body.len().min(2000)];
        write!(
            f,
            "\n           {} bytes \"{}\"",
            self.body.len(),
            shown.escape_ascii()
        )
    }
}

fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut result = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while !rest.is_empty() {
        match rest.strip_prefix(from) {
            Some(after) => {
                result.extend_from_slice(to);
                rest = after;
            }
            None => {
                result.push(rest[0]);
                rest = &rest[1..];
            }
        }
    }
    result
}
