//! From entries to the request: address, content type and body, byte for byte as a browser writes them.

use std::fmt;
use std::fmt::Write as _;

use encoding_rs::Encoding;
use sha2::{Digest, Sha256};
use url::Url;

use crate::error::{Error, Kind as Failure, Result};
use crate::page::entries::{Edits, Entry, EntryValue};
use crate::page::form::{Enctype, Form, Method};

/// What a browser would send for a form.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// Its method.
    pub method: Verb,
    /// Where to, without a fragment.
    pub url: Url,
    /// The `Content-Type` of the body; `None` where there is no body.
    pub content_type: Option<String>,
    /// The body; empty for `Get`.
    pub body: Vec<u8>,
    /// The names of the entries, in order.
    pub fields: Vec<String>,
    /// Headers that a script adds; none for a form.
    pub headers: Vec<(String, String)>,
}

/// The method of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verb {
    /// `GET`.
    Get,
    /// `POST`.
    Post,
    /// `PUT`; scripts only.
    Put,
    /// `PATCH`; scripts only.
    Patch,
}

impl fmt::Debug for Request {
    /// Names the fields and keeps their values to itself.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("path", &self.url.path())
            .field("content_type", &self.content_type)
            .field("fields", &self.fields)
            .finish_non_exhaustive()
    }
}

impl Form {
    /// Gives the request a browser would send when `submitter` is pressed after these edits; `extra` are hidden
    /// fields that a script would have put at the end of the form, such as a CSRF token.
    ///
    /// # Errors
    /// Those of [`Form::entries`]; of kind [`Failure::Page`] also when the form is sent nowhere: its method is
    /// `dialog`, or its action is no address of the web.
    pub fn request(
        &self,
        edits: &Edits,
        submitter: Option<usize>,
        extra: &[(String, String)],
    ) -> Result<Request> {
        let mut entries = self.entries(edits, submitter)?;
        entries.extend(extra.iter().map(|(name, value)| Entry::text(name, value)));
        let overrides = submitter
            .and_then(|place| self.controls.get(place))
            .map(|button| &button.overrides);
        let method = overrides.and_then(|o| o.method).unwrap_or(self.method);
        let enctype = overrides.and_then(|o| o.enctype).unwrap_or(self.enctype);
        let mut url = overrides
            .and_then(|o| o.action.clone())
            .unwrap_or_else(|| self.action.clone());
        if !matches!(url.scheme(), "http" | "https") {
            let sentence = format!(
                "The form is sent to `{}:`, which is no address of the web.",
                url.scheme()
            );
            return Err(Error::new(Failure::Page, sentence));
        }
        url.set_fragment(None);
        let fields = entries.iter().map(|entry| entry.name.clone()).collect();
        let verb = match method {
            Method::Post => Verb::Post,
            Method::Get | Method::Dialog => Verb::Get,
        };
        let (content_type, body) = match (method, enctype) {
            (Method::Dialog, _) => {
                return Err(Error::new(
                    Failure::Page,
                    "The form only closes a dialog of the page: nothing is sent.",
                ));
            }
            (Method::Get, _) => {
                url.set_query(Some(&urlencoded(&entries, self.encoding)));
                (None, Vec::new())
            }
            (Method::Post, Enctype::UrlEncoded) => {
                let body = urlencoded(&entries, self.encoding).into_bytes();
                (Some("application/x-www-form-urlencoded".to_owned()), body)
            }
            (Method::Post, Enctype::Multipart) => {
                let boundary = boundary(&entries);
                let body = multipart(&entries, self.encoding, &boundary);
                (Some(format!("multipart/form-data; boundary={boundary}")), body)
            }
            (Method::Post, Enctype::Plain) => (Some("text/plain".to_owned()), plain(&entries, self.encoding)),
        };
        Ok(Request {
            method: verb,
            url,
            content_type,
            body,
            fields,
            headers: Vec::new(),
        })
    }
}

impl Form {
    /// Finds the first letter of a text that the form's encoding lacks, and its line, counted from one. It would be
    /// sent as `&#…;`, which a server takes for just that text.
    pub fn lacks(&self, text: &str) -> Option<(usize, char)> {
        let lacking = |text: &str| self.encoding.encode(text).2;
        let mut lines = text.split('\n').enumerate();
        let (at, line) = lines.find(|(_, line)| lacking(line))?;
        let letter = line
            .chars()
            .find(|letter| lacking(letter.encode_utf8(&mut [0; 4])))?;
        Some((at + 1, letter))
    }
}

/// Writes entries as a script sends a form with a file: the content type, and the body in UTF-8.
pub fn multipart_body(entries: &[Entry]) -> (String, Vec<u8>) {
    let boundary = boundary(entries);
    let body = multipart(entries, encoding_rs::UTF_8, &boundary);
    (format!("multipart/form-data; boundary={boundary}"), body)
}

/// Writes every line end as CRLF, as they are sent.
fn crlf(text: &str) -> String {
    let mut result = String::with_capacity(text.len() + text.len() / 16);
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\r' => {
                characters.next_if_eq(&'\n');
                result.push_str("\r\n");
            }
            '\n' => result.push_str("\r\n"),
            c => result.push(c),
        }
    }
    result
}

/// Gives name and value as they are sent where a file is only its name.
fn pair(entry: &Entry) -> (String, String) {
    let value = match &entry.value {
        EntryValue::Text(text) => text,
        EntryValue::File(file) => &file.filename,
    };
    (crlf(&entry.name), crlf(value))
}

/// Writes entries as `application/x-www-form-urlencoded`.
pub(super) fn urlencoded(entries: &[Entry], encoding: &'static Encoding) -> String {
    let mut result = String::new();
    for entry in entries {
        let (name, value) = pair(entry);
        if !result.is_empty() {
            result.push('&');
        }
        percent_encode(&mut result, &name, encoding);
        result.push('=');
        percent_encode(&mut result, &value, encoding);
    }
    result
}

/// Percent-encodes with the `application/x-www-form-urlencoded` set; what the encoding lacks becomes `&#…;`.
fn percent_encode(result: &mut String, text: &str, encoding: &'static Encoding) {
    for byte in encoding.encode(text).0.iter().copied() {
        match byte {
            b' ' => result.push('+'),
            b'*' | b'-' | b'.' | b'_' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => {
                result.push(char::from(byte))
            }
            _ => {
                // Writing to a String cannot fail.
                let _ = write!(result, "%{byte:02X}");
            }
        }
    }
}

/// Writes entries as `text/plain`.
fn plain(entries: &[Entry], encoding: &'static Encoding) -> Vec<u8> {
    let mut text = String::new();
    for entry in entries {
        let (name, value) = pair(entry);
        for part in [&name, "=", &value, "\r\n"] {
            text.push_str(part);
        }
    }
    encoding.encode(&text).0.into_owned()
}

/// Makes a boundary from the content: the same form gives the same body, and no content holds its own boundary.
fn boundary(entries: &[Entry]) -> String {
    let mut hash = Sha256::new();
    for entry in entries {
        hash.update(entry.name.as_bytes());
        match &entry.value {
            EntryValue::Text(text) => hash.update(text.as_bytes()),
            EntryValue::File(file) => hash.update(&file.content),
        }
    }
    format!("----FormBoundary{}", &hex::encode(hash.finalize())[..24])
}

/// Writes entries as `multipart/form-data`.
fn multipart(entries: &[Entry], encoding: &'static Encoding, boundary: &str) -> Vec<u8> {
    let mut body = Vec::new();
    for entry in entries {
        body.extend_from_slice(format!("--{boundary}\r\nContent-Disposition: form-data; name=\"").as_bytes());
        body.extend_from_slice(&quoted(&crlf(&entry.name), encoding));
        body.push(b'"');
        match &entry.value {
            EntryValue::Text(text) => {
                body.extend_from_slice(b"\r\n\r\n");
                body.extend_from_slice(&encoding.encode(&crlf(text)).0);
            }
            EntryValue::File(file) => {
                body.extend_from_slice(b"; filename=\"");
                body.extend_from_slice(&quoted(&file.filename, encoding));
                let content_type = if file.content_type.is_empty() {
                    "application/octet-stream"
                } else {
                    &file.content_type
                };
                body.extend_from_slice(format!("\"\r\nContent-Type: {content_type}\r\n\r\n").as_bytes());
                body.extend_from_slice(&file.content);
            }
        }
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    body
}

/// Writes a name between quotation marks.
fn quoted(text: &str, encoding: &'static Encoding) -> Vec<u8> {
    let mut result = Vec::with_capacity(text.len());
    for byte in encoding.encode(text).0.iter().copied() {
        match byte {
            b'"' => result.extend_from_slice(b"%22"),
            b'\r' => result.extend_from_slice(b"%0D"),
            b'\n' => result.extend_from_slice(b"%0A"),
            _ => result.push(byte),
        }
    }
    result
}
