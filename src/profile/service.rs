//! Service pages: a part whose pages are scripts over JSON, described by JSON Pointers (RFC 6901).

use std::collections::BTreeMap;

use serde::Deserialize;

/// How a part's list and documents are told in JSON; the part's `address` is that of its list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Service {
    /// The list; nothing is said of it where the part is one page.
    #[serde(default)]
    pub list: ServiceList,
    /// A document.
    pub document: ServiceDocument,
    /// How a document is written; without it all are read-only.
    #[serde(default)]
    pub save: Option<ServiceSave>,
    /// Address, as a link of the list would say it, that takes a `POST` of an empty object and deletes all that the records
    /// tell of.
    #[serde(default)]
    pub remove: Option<String>,
    /// The guard's token for writing; without it none is sent.
    #[serde(default)]
    pub token: Option<ServiceToken>,
    /// Headers of every request of the part, reading ones too, such as `Accept`.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
}

/// Where things stand in the JSON of a list's page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ServiceList {
    /// Pointer to the array of rows; empty where it is the whole.
    pub rows: String,
    /// Pointer, in a row, to the document's name.
    pub name: String,
    /// Pointer, in a row, to what stands for `{name}` in the document's address; without it the name.
    #[serde(default)]
    pub key: Option<String>,
    /// Pointer, in a row, to the document's address.
    #[serde(default)]
    pub link: Option<String>,
    /// Pointer to the number of all rows, on every page.
    #[serde(default)]
    pub total: Option<String>,
    /// Pointer to the address of the next page; nothing, `null` or an empty text on the last.
    #[serde(default)]
    pub next: Option<String>,
    /// Query parameter that takes what `next` points to, where that is no address.
    #[serde(default)]
    pub next_in: Option<String>,
}

/// Where things stand in the JSON of a document.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ServiceDocument {
    /// Its address below the instance's root, with `{name}`; without it the list has links.
    #[serde(default)]
    pub address: Option<String>,
    /// Pointer to the text; of a document that is all its fields, none.
    #[serde(default)]
    pub text: String,
    /// Pointer to the address of the file that is the document; nothing, `null` or an empty text where there is none.
    #[serde(default)]
    pub file: Option<String>,
    /// Pointers to the fields that make the document, where it is all of them; their last names are the keys. Of a list
    /// that is the document, they lie in a row.
    #[serde(default)]
    pub fields: Vec<String>,
    /// Pointer to the field that switches the item on, `true` or `false`.
    #[serde(default)]
    pub switch: Option<String>,
    /// Pointer to the name, which must be that of the document asked for; nothing where the part is one page.
    #[serde(default)]
    pub name: String,
    /// Pointer to the version, a text or a number.
    #[serde(default)]
    pub version: Option<String>,
    /// The version is the answer's `ETag` (RFC 9110), which is sent back as it is.
    #[serde(default)]
    pub etag: bool,
    /// Pointer to `true` where the document cannot be changed, `false` where it can.
    #[serde(default)]
    pub read_only: Option<String>,
}

/// The request that writes a document.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ServiceSave {
    /// Its method.
    pub method: ServiceMethod,
    /// Its address, as a link of the document would say it, with what stood for `{name}` in the document's own; without
    /// it the document's own.
    #[serde(default)]
    pub address: Option<String>,
    /// How the body is written.
    #[serde(default)]
    pub encoding: BodyEncoding,
    /// Members of the body, and the pointer to where each is in what was read; without them all that was read is
    /// sent back. The text stands in its new form. A member that begins with `/` is itself a pointer, into the body.
    #[serde(default)]
    pub body: BTreeMap<String, String>,
    /// Members of the body that are always the same.
    #[serde(default)]
    pub constants: BTreeMap<String, Constant>,
    /// Field that carries the file; the body is a form's with a file then (`multipart/form-data`), and `body` and
    /// `constants` its other fields.
    #[serde(default)]
    pub file: Option<String>,
    /// Header that carries the version, as `If-Match`.
    #[serde(default)]
    pub version_header: Option<String>,
    /// Other headers.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
}

/// How the body of a writing request is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BodyEncoding {
    /// JSON.
    #[default]
    Json,
    /// As a form's fields (`application/x-www-form-urlencoded`).
    Form,
}

impl BodyEncoding {
    /// The content type that goes with it.
    pub fn content_type(self) -> &'static str {
        match self {
            BodyEncoding::Json => "application/json",
            BodyEncoding::Form => "application/x-www-form-urlencoded",
        }
    }
}

/// What a member of a body always is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Constant {
    /// `true` or `false`.
    Flag(bool),
    /// A number.
    Number(i64),
    /// A text.
    Text(String),
}

/// The methods that write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum ServiceMethod {
    /// `PUT`.
    Put,
    /// `POST`.
    Post,
    /// `PATCH`.
    Patch,
}

/// Where the guard's token for a writing request comes from, and where it is sent: in a header, a member of the body or
/// a query parameter.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ServiceToken {
    /// The header it is sent in; without it one of the next two.
    #[serde(default)]
    pub header: Option<String>,
    /// The member of the body it is sent in.
    #[serde(default)]
    pub field: Option<String>,
    /// The query parameter it is sent in.
    #[serde(default)]
    pub parameter: Option<String>,
    /// Address of what tells it: JSON, a page, or the guard's script; without it the start page.
    #[serde(default)]
    pub address: Option<String>,
    /// Pointer to it in the JSON of that address.
    #[serde(default)]
    pub pointer: Option<String>,
    /// Header of that address's answer that holds it.
    #[serde(default)]
    pub response_header: Option<String>,
    /// Cookie that holds it once that address has answered. With none of the three it is found by the names of
    /// `[token]`: in a field, a link or a script of the page, or in the script itself.
    #[serde(default)]
    pub cookie: Option<String>,
    /// Headers to ask that address with, as `X-CSRF-Token = "Fetch"`.
    #[serde(default)]
    pub request_headers: BTreeMap<String, String>,
}

impl ServiceToken {
    /// The name it is sent under.
    pub fn sent_as(&self) -> &str {
        let names = [&self.header, &self.field, &self.parameter];
        names.into_iter().flatten().next().map_or("", String::as_str)
    }
}
