//! A document that a service tells in JSON: its text, whose it is, and the request that would write another text.

use std::fmt;
use std::ops::Range;

use url::Url;

use crate::error::{self, Error, Kind};
use crate::find::body::Body;
use crate::find::file::upload;
use crate::find::record_fields as fields;
use crate::find::{Naming, ReadOnly, Unclear};
use crate::page::{Content, Entry, EntryValue, Json, Page, Request, Verb, multipart_body, quoted};
use crate::profile::{Constant, Service, ServiceMethod, ServiceSave, ServiceToken};

/// A document as a service tells it.
#[derive(Clone)]
pub(super) struct Record {
    page: Page,
    service: Service,
    text: String,
    /// Where the text stands in the page's source, with its quotation marks.
    span: Range<usize>,
    /// Where each field stands that the text is made of, by key and in the order of the text.
    fields: Vec<(String, Range<usize>)>,
    /// Where the file is that is the document.
    shown: Option<Url>,
    /// Lines end in CRLF where the page shows them.
    crlf: bool,
    name: String,
    version: Option<String>,
    read_only: Option<ReadOnly>,
    members: Vec<String>,
}

impl fmt::Debug for Record {
    /// Says whose it is and keeps the text to itself.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record")
            .field("page", &self.page)
            .field("name", &self.name)
            .field("read_only", &self.read_only)
            .finish_non_exhaustive()
    }
}

impl Record {
    /// Understands what a service answered.
    pub(super) fn of(page: Page, service: &Service) -> Result<Self, Unclear> {
        let rules = &service.document;
        let json = json_of(&page)?;
        let at = |what: &str, pointer: &str| {
            let found = json.at(pointer).map_err(Unclear::new)?;
            found.ok_or_else(|| Unclear::new(format!("has no {what} at `{pointer}`")))
        };
        let wrong = |what: &str, pointer: &str| {
            Unclear::new(format!("has no {what} at `{pointer}`, but something else"))
        };
        let mut shown = None;
        let (raw, span, fields) = match (&rules.switch, &rules.file) {
            (Some(switch), _) => {
                let (text, fields) = fields::read(json, switch, &rules.fields)?;
                (text, 0..0, fields)
            }
            (None, Some(file)) => {
                let value = at("address of a file", file)?;
                shown = match (value.is_null(), value.text()) {
                    (true, _) => None,
                    (false, Some(address)) if address.is_empty() => None,
                    (false, Some(address)) => {
                        let url = page.url.join(&address).ok();
                        Some(url.ok_or_else(|| wrong("address of a file", file))?)
                    }
                    (false, None) => return Err(wrong("address of a file", file)),
                };
                (String::new(), 0..0, Vec::new())
            }
            (None, None) => {
                let value = at("text", &rules.text)?;
                let raw = value.text().ok_or_else(|| match value.kind() {
                    "text" => Unclear::new(format!("has a text at `{}` that is no Unicode", rules.text)),
                    _ => wrong("text", &rules.text),
                })?;
                (raw, value.span(), Vec::new())
            }
        };
        let name = match rules.name.as_str() {
            "" => String::new(),
            pointer => at("name", pointer)?
                .word()
                .ok_or_else(|| wrong("name", pointer))?,
        };
        let version = match &rules.version {
            Some(pointer) => {
                let version = at("version", pointer)?.word().filter(|v| !v.is_empty());
                Some(version.ok_or_else(|| wrong("version", pointer))?)
            }
            None if rules.etag => {
                let tag = page.etag.clone().filter(|tag| !tag.is_empty());
                Some(tag.ok_or_else(|| Unclear::new("came without an `ETag`, which tells its version"))?)
            }
            None => None,
        };
        let closed = match &rules.read_only {
            Some(pointer) => at("read-only mark", pointer)?
                .flag()
                .ok_or_else(|| wrong("read-only mark", pointer))?,
            None => false,
        };
        let read_only = match (closed, &service.save) {
            (true, _) => Some(ReadOnly::because("its text is read-only")),
            (false, None) => Some(ReadOnly::because("the profile does not say how it is saved")),
            (false, Some(_)) => None,
        };
        let around = rules.switch.as_ref().or(rules.file.as_ref());
        let around = around.unwrap_or(&rules.text);
        let around = around.rsplit_once('/').map_or("", |(parent, _)| parent);
        let siblings = at("object", around)?.members().map_err(Unclear::new)?;
        let siblings = siblings.unwrap_or_default().into_iter();
        let members = siblings.map(|(name, _)| name).collect();
        let crlf = fields.is_empty() && ends_in_crlf(&raw);
        Ok(Self {
            service: service.clone(),
            text: raw.replace("\r\n", "\n"),
            span,
            fields,
            shown,
            crlf,
            name,
            version,
            read_only,
            members,
            page,
        })
    }

    pub(super) fn page(&self) -> &Page {
        &self.page
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn shown_file(&self) -> Option<&Url> {
        self.shown.as_ref()
    }

    pub(super) fn take_file(&mut self, text: String) {
        self.text = text;
    }

    pub(super) fn read_only(&self) -> Option<&ReadOnly> {
        self.read_only.as_ref()
    }

    /// Names of the members that stand beside the text, and of the text itself.
    pub(super) fn members(&self) -> impl Iterator<Item = &str> {
        self.members.iter().map(String::as_str)
    }

    pub(super) fn naming(&self, asked: &str) -> Naming {
        match self.name == asked {
            true => Naming::Asked,
            false => Naming::Other(self.name.clone()),
        }
    }

    /// Where the token for a writing request comes from.
    pub(super) fn token(&self) -> Option<&ServiceToken> {
        self.service.token.as_ref()
    }

    /// Gives the request that writes another text: what was read, byte for byte, but for the text.
    pub(super) fn request(&self, text: &str, tokens: &[(String, String)]) -> error::Result<Request> {
        let refused = |sentence: String| Error::new(Kind::Page, sentence);
        let Some(save) = self.service.save.as_ref().filter(|_| self.read_only.is_none()) else {
            return Err(refused(format!(
                "The document `{}` cannot be changed.",
                self.name
            )));
        };
        let text = if self.crlf {
            text.replace('\n', "\r\n")
        } else {
            text.to_owned()
        };
        let token = self.token().zip(tokens.first());
        let mut own_kind = None;
        let (body, fields) = match save.body.is_empty() {
            _ if save.file.is_some() => {
                let entries = self.entries(save, &text, token)?;
                let fields = entries.iter().map(|entry| entry.name.clone()).collect();
                let (kind, body) = multipart_body(&entries);
                own_kind = Some(kind);
                (body, fields)
            }
            true if self.service.document.switch.is_some() => {
                let source = fields::written(&self.page.source, &self.fields, &text)?;
                (source.into_bytes(), self.members.clone())
            }
            true => (self.whole(&text).into_bytes(), self.members.clone()),
            false => {
                let field = token.filter(|(rules, _)| rules.field.is_some());
                let body = self.body(save, &text, field.map(|(_, token)| token))?;
                (body.written(save.encoding).into_bytes(), body.names())
            }
        };
        // What is said of the save alone counts there.
        let apart = |name: &str| save.headers.keys().any(|known| known.eq_ignore_ascii_case(name));
        let common = self.service.headers.iter().filter(|(name, _)| !apart(name));
        let mut headers: Vec<(String, String)> = common
            .chain(&save.headers)
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        // A script may say more of its JSON than that it is JSON.
        let own_type = headers
            .iter()
            .position(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        let own_type = own_type.map(|at| headers.remove(at).1);
        headers.extend(save.version_header.clone().zip(self.version.clone()));
        let mut url = self.target(save.address.as_deref())?;
        match token {
            Some((rules, (name, value))) if rules.parameter.is_some() => {
                url.query_pairs_mut().append_pair(name, value);
            }
            Some((rules, _)) if rules.field.is_some() => {}
            _ => headers.extend(tokens.iter().cloned()),
        }
        Ok(Request {
            method: match save.method {
                ServiceMethod::Put => Verb::Put,
                ServiceMethod::Post => Verb::Post,
                ServiceMethod::Patch => Verb::Patch,
            },
            url,
            // The boundary of a form with a file is made for this body.
            content_type: own_kind
                .or(own_type)
                .or_else(|| Some(save.encoding.content_type().to_owned())),
            body,
            fields,
            headers,
        })
    }

    /// What was read, with another text in its place.
    fn whole(&self, text: &str) -> String {
        let source = &self.page.source;
        [
            &source[..self.span.start],
            &quoted(text),
            &source[self.span.end..],
        ]
        .concat()
    }

    /// The members of the body, in the order of their names.
    fn body(&self, save: &ServiceSave, text: &str, token: Option<&(String, String)>) -> error::Result<Body> {
        let refused = |sentence: String| Error::new(Kind::Page, sentence);
        let json = Json::parse(&self.page.source).map_err(refused)?;
        let mut body = Body::default();
        for (member, pointer) in &save.body {
            let raw = match json.at(pointer).map_err(refused)? {
                _ if *pointer == self.service.document.text => quoted(text),
                Some(value) => value.raw().to_owned(),
                None => {
                    return Err(refused(format!(
                        "The page of `{}` has nothing at `{pointer}`.",
                        self.name
                    )));
                }
            };
            body.set(member, raw);
        }
        for (member, constant) in &save.constants {
            body.set(
                member,
                match constant {
                    Constant::Flag(flag) => flag.to_string(),
                    Constant::Number(number) => number.to_string(),
                    Constant::Text(text) => quoted(text),
                },
            );
        }
        if let Some((name, value)) = token {
            body.set(name, quoted(value));
        }
        Ok(body)
    }

    /// The fields of a form with a file, the file last.
    fn entries(
        &self,
        save: &ServiceSave,
        text: &str,
        token: Option<(&ServiceToken, &(String, String))>,
    ) -> error::Result<Vec<Entry>> {
        let refused = |sentence: String| Error::new(Kind::Page, sentence);
        let json = Json::parse(&self.page.source).map_err(refused)?;
        let mut entries = Vec::new();
        for (member, pointer) in &save.body {
            let value = json.at(pointer).map_err(refused)?.and_then(Json::word);
            let value = value
                .ok_or_else(|| refused(format!("The page of `{}` has nothing at `{pointer}`.", self.name)))?;
            entries.push(Entry::text(member, value));
        }
        for (member, constant) in &save.constants {
            entries.push(Entry::text(
                member,
                match constant {
                    Constant::Flag(flag) => flag.to_string(),
                    Constant::Number(number) => number.to_string(),
                    Constant::Text(text) => text.clone(),
                },
            ));
        }
        if let Some((rules, (name, value))) = token
            && rules.field.is_some()
        {
            entries.push(Entry::text(name, value));
        }
        let name = save.file.clone().unwrap_or_default();
        let file = upload(text, &self.name, self.shown.as_ref())?;
        entries.push(Entry {
            name,
            value: EntryValue::File(file),
        });
        Ok(entries)
    }

    /// Where the request goes; what stood for `{name}` in the document's own address stands for it here.
    fn target(&self, address: Option<&str>) -> error::Result<Url> {
        let own = &self.page.url;
        let Some(address) = address else {
            return Ok(own.clone());
        };
        let address = address.replace("{name}", &self.key());
        own.join(&address)
            .map_err(|e| Error::new(Kind::Page, format!("`{address}` is no address.")).caused_by(e))
    }

    /// What stands for `{name}` in the document's own address, as it stands there; where a list links to the document,
    /// its name.
    fn key(&self) -> String {
        let template = self.service.document.address.as_deref().unwrap_or_default();
        let own = self.page.url.as_str();
        let cut = template.split_once("{name}").and_then(|(before, after)| {
            let start = own.rfind(before)? + before.len();
            let rest = &own[start..];
            let end = if after.is_empty() {
                rest.len()
            } else {
                rest.find(after)?
            };
            Some(rest[..end].to_owned())
        });
        cut.unwrap_or_else(|| {
            percent_encoding::utf8_percent_encode(&self.name, percent_encoding::NON_ALPHANUMERIC).to_string()
        })
    }
}

/// Reads the JSON of an answer.
pub(super) fn json_of(page: &Page) -> Result<Json<'_>, Unclear> {
    if page.content == Content::Html {
        return Err(Unclear::new("is a page for people, where JSON was expected"));
    }
    Json::parse(&page.source).map_err(|why| Unclear::new(format!("is no JSON, or was cut off ({why})")))
}

/// Tells how most lines end: a write that changes one line must not change the ends of the others.
fn ends_in_crlf(text: &str) -> bool {
    let all = text.matches('\n').count();
    text.matches("\r\n").count() * 2 > all
}
