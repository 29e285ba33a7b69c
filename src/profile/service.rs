//! Service pages: a part whose pages are scripts over JSON, described by JSON Pointers (RFC 6901).

use std::collections::BTreeMap;

use serde::Deserialize;

/// How a part's list and documents are told in JSON; the part's `address` is that of its list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Service {
    /// The list.
    pub list: ServiceList,
    /// A document.
    pub document: ServiceDocument,
    /// How a document is written; without it all are read-only.
    #[serde(default)]
    pub save: Option<ServiceSave>,
    /// The guard's token for writing; without it none is sent.
    #[serde(default)]
    pub token: Option<ServiceToken>,
}

/// Where things stand in the JSON of a list's page.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
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
    /// Pointer to the text.
    pub text: String,
    /// Pointer to the name, which must be that of the document asked for.
    pub name: String,
    /// Pointer to the version, a text or a number.
    #[serde(default)]
    pub version: Option<String>,
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
    /// Its address, as a link of the document would say it; without it the document's own.
    #[serde(default)]
    pub address: Option<String>,
    /// Members of the body, and the pointer to where each is in what was read; without them all that was read is
    /// sent back. The text stands in its new form.
    #[serde(default)]
    pub body: BTreeMap<String, String>,
    /// Header that carries the version, as `If-Match`.
    #[serde(default)]
    pub version_header: Option<String>,
    /// Other headers.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
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

/// Where the guard's token for a writing request comes from, and how it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ServiceToken {
    /// The header it is sent in.
    pub header: String,
    /// Address of what tells it: JSON, a page, or the guard's script; without it the start page.
    #[serde(default)]
    pub address: Option<String>,
    /// Pointer to it in the JSON of that address.
    #[serde(default)]
    pub pointer: Option<String>,
    /// Header of that address's answer that holds it. With neither it is found by the names of `[token]`: in a field,
    /// a link or a script of the page, or in the script itself.
    #[serde(default)]
    pub response_header: Option<String>,
}
