//! A document that a service tells in JSON: its text, whose it is, and the request that would write another text.

use std::fmt;
use std::ops::Range;

use url::Url;

use crate::error::{self, Error, Kind};
use crate::find::body::Body;
use crate::find::record_fields as fields;
use crate::find::{Naming, ReadOnly, Unclear};
use crate::page::{Content, Json, Page, Request, Verb, quoted};
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
        let (raw, span, fields) = match &rules.switch {
            Some(switch) => {
                let (text, fields) = fields::read(json, switch, &rules.fields)?;
                (text, 0..0, fields)
            }
            None => {
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
        let around = rules.switch.as_ref().unwrap_or(&rules.text);
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
        let (body, fields) = match save.body.is_empty() {
            true if self.service.document.switch.is_some() => {
                let source = fields::written(&self.page.source, &self.fields, &text)?;
                (source, self.members.clone())
            }
            true => (self.whole(&text), self.members.clone()),
            false => {
                let field = token.filter(|(rules, _)| rules.field.is_some());
                let body = self.body(save, &text, field.map(|(_, token)| token))?;
                (body.written(save.encoding), body.names())
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
            content_type: own_type.or_else(|| Some(save.encoding.content_type().to_owned())),
            body: body.into_bytes(),
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
