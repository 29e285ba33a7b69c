//! A request as a tenant sees it, and its answer.

use std::collections::BTreeMap;

use encoding_rs::Encoding;

/// A request.
#[derive(Debug, Clone)]
pub(in super::super) struct Ask {
    pub(in super::super) method: String,
    /// The path, decoded, with what stands behind a `;`.
    pub(in super::super) path: String,
    pub(in super::super) query: Vec<(String, String)>,
    pub(in super::super) cookies: BTreeMap<String, String>,
    /// The fields of a form in their order.
    pub(in super::super) fields: Vec<(String, String)>,
    pub(in super::super) kind: String,
    /// The headers, their names in lower case.
    pub(in super::super) headers: BTreeMap<String, String>,
    /// The body as it came.
    pub(in super::super) body: String,
}

impl Ask {
    /// Gives a parameter of the address.
    pub(in super::super) fn q(&self, name: &str) -> &str {
        self.query.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v)
    }

    /// Gives a field of the form.
    pub(in super::super) fn field(&self, name: &str) -> &str {
        self.fields.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v)
    }

    /// Method and path without what stands behind a `;`, below the admin's folder where it is there.
    pub(in super::super) fn to(&self) -> (&str, &str) {
        let path = self.path.split(';').next().unwrap_or_default();
        (
            &self.method,
            path.strip_prefix("/learning/admin/").unwrap_or(path),
        )
    }

    /// Gives a header; nothing where it is not there.
    pub(in super::super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    pub(super) fn in_one_line(&self) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(&self.query);
        let query = query.finish();
        let query = if query.is_empty() {
            query
        } else {
            format!("?{query}")
        };
        let fields: Vec<&str> = self.fields.iter().map(|(n, _)| n.as_str()).collect();
        format!("{} {}{query} {}", self.method, self.path, fields.join(","))
            .trim_end()
            .to_owned()
    }
}

/// An answer.
#[derive(Debug, Clone)]
pub(in super::super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(in super::super) text: String,
    /// What the charset is called in the header; nothing there where it is empty.
    pub(super) named: bool,
}

impl Reply {
    /// A page.
    pub(in super::super) fn html(text: impl Into<String>) -> Self {
        Self {
            status: 200,
            headers: Vec::new(),
            text: text.into(),
            named: true,
        }
    }

    /// A page with a title and a body.
    pub(in super::super) fn titled(title: &str, body: &str) -> Self {
        Self::html(format!(
            "<!DOCTYPE html><html><head><title>{title}</title></head><body>{body}</body></html>"
        ))
    }

    /// An answer to a script.
    pub(in super::super) fn json(value: &serde_json::Value) -> Self {
        Self::html(value.to_string()).header("Content-Type", "application/json")
    }

    /// A redirect that a browser follows by GET.
    pub(in super::super) fn redirect(to: impl Into<String>) -> Self {
        Self::html("").status(302).header("Location", to)
    }

    pub(in super::super) fn is_redirect(&self) -> bool {
        self.status == 302
    }

    /// The same redirect to another place.
    pub(in super::super) fn to(mut self, place: &str) -> Self {
        for (_, value) in self.headers.iter_mut().filter(|(name, _)| name == "Location") {
            *value = place.to_owned();
        }
        self
    }

    /// There is nothing.
    pub(in super::super) fn missing() -> Self {
        Self::titled("Not found", "<h1>HTTP Status 404</h1>").status(404)
    }

    /// A request that is not as it should be.
    pub(in super::super) fn bad() -> Self {
        Self::titled("Bad request", "<h1>HTTP Status 400</h1>").status(400)
    }

    pub(in super::super) fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    pub(in super::super) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Replaces a text of the page.
    pub(in super::super) fn replace(&mut self, from: &str, to: &str) {
        self.text = self.text.replace(from, to);
    }

    /// Ends the page right behind a text that stands on it.
    pub(in super::super) fn cut_at(&mut self, text: &str) {
        if let Some(at) = self.text.find(text) {
            self.text.truncate(at + text.len());
        }
    }

    /// Adds a text at the end of the page.
    pub(in super::super) fn add(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Leaves it to the page to name its charset.
    pub(in super::super) fn unnamed(mut self) -> Self {
        self.named = false;
        self
    }
}

/// Reads the fields of a form.
pub(super) fn fields(kind: &str, body: &[u8], charset: &'static Encoding) -> Vec<(String, String)> {
    if let Some(boundary) = kind.split("boundary=").nth(1) {
        return multipart(body, boundary.trim_matches('"'), charset);
    }
    pairs(body, charset)
}

/// Reads `a=b&c=d` in a charset.
pub(super) fn pairs(body: &[u8], charset: &'static Encoding) -> Vec<(String, String)> {
    let text = |part: &[u8]| {
        let blanks: Vec<u8> = part.iter().map(|b| if *b == b'+' { b' ' } else { *b }).collect();
        let bytes: Vec<u8> = percent_encoding::percent_decode(&blanks).collect();
        charset.decode_without_bom_handling(&bytes).0.into_owned()
    };
    body.split(|b| *b == b'&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| match pair.iter().position(|b| *b == b'=') {
            Some(at) => (text(&pair[..at]), text(&pair[at + 1..])),
            None => (text(pair), String::new()),
        })
        .collect()
}

fn multipart(body: &[u8], boundary: &str, charset: &'static Encoding) -> Vec<(String, String)> {
    let text = charset.decode_without_bom_handling(body).0;
    let mut fields = Vec::new();
    for part in text.split(&format!("--{boundary}")).skip(1) {
        let Some((head, value)) = part.split_once("\r\n\r\n") else {
            continue;
        };
        let name = head
            .split("name=\"")
            .nth(1)
            .and_then(|rest| rest.split('"').next())
            .unwrap_or_default();
        fields.push((
            name.to_owned(),
            value.strip_suffix("\r\n").unwrap_or(value).to_owned(),
        ));
    }
    fields
}
