//! How pages are written: language, escaping, and where the CSRF token stands.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::practice::guard::{SCRIPT_ADDRESS, TOKEN_NAME};
use crate::practice::labels;
use crate::practice::scenario::{Scenario, TokenPlace};

/// What stays as it is in a query value, beside letters and digits.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');

/// What a page must know of scenario and session to be written.
#[derive(Debug, Clone)]
pub(super) struct Look {
    german: bool,
    place: TokenPlace,
    token: String,
}

impl Look {
    /// The look of pages of one session.
    pub(super) fn new(scenario: Scenario, token: &str) -> Look {
        Look {
            german: scenario.german,
            place: scenario.token,
            token: token.to_owned(),
        }
    }

    /// A label in the language of the instance, given in English.
    pub(super) fn t(&self, english: &'static str) -> &'static str {
        if self.german {
            labels::german(english)
        } else {
            english
        }
    }

    /// The language as HTML names it.
    pub(super) fn language(&self) -> &'static str {
        if self.german { "de" } else { "en" }
    }

    /// An address as it stands in a link or a form action, escaped.
    pub(super) fn address(&self, address: &str) -> String {
        if self.place != TokenPlace::Link {
            return escape(address);
        }
        let sign = if address.contains('?') { '&' } else { '?' };
        escape(&format!("{address}{sign}{TOKEN_NAME}={}", self.token))
    }

    /// The token as a field of a form, where this instance puts it there.
    pub(super) fn token_field(&self) -> String {
        match self.place {
            TokenPlace::Field => hidden(TOKEN_NAME, &self.token),
            TokenPlace::Link | TokenPlace::Script => String::new(),
        }
    }

    /// A page with a title and a body.
    pub(super) fn page(&self, title: &str, body: &str) -> String {
        self.document(title, &format!("<body>\n{body}\n</body>"))
    }

    /// A page whose body is something else, such as a frame set.
    pub(super) fn document(&self, title: &str, body: &str) -> String {
        let script = match self.place {
            TokenPlace::Script => {
                format!("<script type=\"text/javascript\" src=\"{SCRIPT_ADDRESS}\"></script>\n")
            }
            TokenPlace::Field | TokenPlace::Link => String::new(),
        };
        format!(
            "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n\
             <meta http-equiv=\"Content-Type\" content=\"text/html; charset=UTF-8\">\n\
             <title>{title}</title>\n<link rel=\"stylesheet\" href=\"/learning/css/admin.css\">\n{script}</head>\n\
             {body}\n</html>\n",
            language = self.language(),
            title = escape(title),
        )
    }
}

/// A hidden field.
pub(super) fn hidden(name: &str, value: &str) -> String {
    format!(
        "<input type=\"hidden\" name=\"{}\" value=\"{}\">\n",
        escape(name),
        escape(value)
    )
}

/// Escapes text for HTML, in content and in quoted attributes.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

/// Encodes a value for the query of an address, blanks as `+`.
pub(super) fn query_value(value: &str) -> String {
    utf8_percent_encode(value, QUERY).to_string().replace("%20", "+")
}
