//! A page without what it says: every word replaced, the same word always alike, so that its structure can be looked at
//! by people who must not know what stands in it.

use std::collections::{BTreeSet, HashMap};

use scraper::{Html, Node};
use serde_json::Value;
use url::Url;

use crate::page::{Content, Page};

/// Attributes whose values are words of HTML, and say nothing of the page's content.
const PLAIN: [&str; 24] = [
    "type",
    "method",
    "enctype",
    "rel",
    "rowspan",
    "colspan",
    "http-equiv",
    "charset",
    "accept-charset",
    "target",
    "readonly",
    "disabled",
    "checked",
    "selected",
    "multiple",
    "rows",
    "cols",
    "maxlength",
    "wrap",
    "dir",
    "lang",
    "role",
    "hidden",
    "novalidate",
];
/// Attributes that hold addresses.
const ADDRESSES: [&str; 4] = ["href", "src", "action", "formaction"];
/// Elements without an end tag.
const VOID: [&str; 13] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
];

/// Replaces words; one for all pages of a bundle, so that a name is the same on its list and its page.
#[derive(Debug, Default)]
pub struct Skeletons {
    keep: BTreeSet<String>,
    words: HashMap<String, usize>,
}

impl Skeletons {
    /// Keeps the words of these texts as they are, whatever their case: words that everybody may know.
    pub fn keeping<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut keep = BTreeSet::new();
        for text in texts {
            let words = text
                .split(|c: char| !is_letter(c))
                .filter(|word| !word.is_empty());
            keep.extend(words.map(str::to_lowercase));
        }
        Self {
            keep,
            words: HashMap::new(),
        }
    }

    /// Gives a page's markup, or its JSON, with every word replaced.
    pub fn page(&mut self, page: &Page) -> String {
        match page.content {
            Content::Html => {
                let html = Html::parse_document(&page.source);
                let mut printed = String::new();
                for child in html.tree.root().children() {
                    self.node(child, &mut printed);
                }
                printed
            }
            _ => match serde_json::from_str(&page.source) {
                Ok(value) => self.json(value).to_string(),
                Err(_) => self.text(&page.source),
            },
        }
    }

    /// Replaces the words of names and texts; numbers become 0.
    fn json(&mut self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(&text)),
            Value::Number(_) => Value::from(0),
            Value::Array(items) => items.into_iter().map(|item| self.json(item)).collect(),
            Value::Object(members) => {
                let replaced = members
                    .into_iter()
                    .map(|(name, value)| (self.text(&name), self.json(value)));
                Value::Object(replaced.collect())
            }
            other => other,
        }
    }

    /// Gives the address of a page without its host, every word replaced.
    pub fn address(&mut self, url: &Url) -> String {
        let query = url.query().map_or_else(String::new, |query| format!("?{query}"));
        self.text(&decoded(&format!("{}{query}", url.path())))
    }

    /// Replaces every word of a text; signs and blanks stay.
    pub fn text(&mut self, text: &str) -> String {
        let mut printed = String::with_capacity(text.len());
        let mut word = String::new();
        for c in text.chars() {
            if is_letter(c) {
                word.push(c);
                continue;
            }
            self.word(&mut word, &mut printed);
            printed.push(c);
        }
        self.word(&mut word, &mut printed);
        printed
    }

    fn word(&mut self, word: &mut String, printed: &mut String) {
        if word.is_empty() {
            return;
        }
        if self.keep.contains(&word.to_lowercase()) {
            printed.push_str(word);
        } else {
            let next = self.words.len() + 1;
            let number = *self.words.entry(word.clone()).or_insert(next);
            printed.push_str(&format!("w{number}"));
        }
        word.clear();
    }

    fn node(&mut self, node: ego_tree::NodeRef<'_, Node>, printed: &mut String) {
        match node.value() {
            Node::Document | Node::Fragment => {}
            Node::Doctype(_) => printed.push_str("<!DOCTYPE html>"),
            Node::Comment(comment) => {
                let text = self.text(comment);
                printed.push_str(&format!("<!--{text}-->"));
                return;
            }
            Node::ProcessingInstruction(_) => return,
            Node::Text(text) => {
                let text = self.text(text);
                printed.push_str(&escaped(&text));
                return;
            }
            Node::Element(element) => {
                // A name of the page's own making, as of a custom element, is content, too.
                let name = match self.is_plain_name(element.name()) {
                    true => element.name().to_owned(),
                    false => self.text(element.name()),
                };
                printed.push_str(&format!("<{name}"));
                for (attribute, value) in element.attrs() {
                    let plain = PLAIN.contains(&attribute) && is_plain(value);
                    let value = match plain {
                        true => value.to_owned(),
                        false if ADDRESSES.contains(&attribute) => self.text(&decoded(value)),
                        false => self.text(value),
                    };
                    let attribute = match attribute.chars().all(|c| c.is_ascii_alphabetic()) {
                        true => attribute.to_owned(),
                        false => self.text(attribute),
                    };
                    printed.push_str(&format!(" {attribute}=\"{}\"", escaped(&value)));
                }
                printed.push('>');
                for child in node.children() {
                    self.node(child, printed);
                }
                if !VOID.contains(&name.as_str()) {
                    printed.push_str(&format!("</{name}>"));
                }
                return;
            }
        }
        for child in node.children() {
            self.node(child, printed);
        }
    }

    fn is_plain_name(&self, name: &str) -> bool {
        name.len() <= 12 && name.chars().all(|c| c.is_ascii_alphanumeric())
    }
}

/// A name is the same word in an address as elsewhere.
fn decoded(address: &str) -> String {
    percent_encoding::percent_decode_str(address)
        .decode_utf8_lossy()
        .into_owned()
}

/// Letters, digits and what holds words together in names: `OWASP_CSRFTOKEN`.
fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// A word of HTML: lower-case letters, digits, and a few signs.
fn is_plain(value: &str) -> bool {
    const WORDS: [&str; 47] = [
        "",
        "hidden",
        "text",
        "password",
        "submit",
        "button",
        "reset",
        "image",
        "checkbox",
        "radio",
        "file",
        "search",
        "email",
        "url",
        "tel",
        "number",
        "date",
        "get",
        "post",
        "dialog",
        "multipart/form-data",
        "text/plain",
        "application/x-www-form-urlencoded",
        "text/javascript",
        "text/css",
        "module",
        "stylesheet",
        "icon",
        "next",
        "prev",
        "utf-8",
        "iso-8859-1",
        "windows-1252",
        "_self",
        "_blank",
        "_parent",
        "_top",
        "soft",
        "hard",
        "ltr",
        "rtl",
        "refresh",
        "content-type",
        "navigation",
        "main",
        "content",
        "menu",
    ];
    let value = value.to_ascii_lowercase();
    WORDS.contains(&value.as_str())
        || (value.len() <= 4 && value.bytes().all(|b| b.is_ascii_digit()))
        || ["readonly", "disabled", "checked", "selected", "multiple"].contains(&value.as_str())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
