//! What a browser sent as a body: its text, and the names and values in it.

use std::borrow::Cow;
use std::fmt;

use encoding_rs::WINDOWS_1252;
use percent_encoding::percent_decode;

use crate::recording::body::{Body, Packed};

/// The body of a request.
#[derive(Clone, PartialEq, Eq)]
pub struct SentBody {
    /// Its type as recorded, or nothing.
    pub content_type: String,
    /// Its text. Some recordings hold only the names and values of a form, see [`SentBody::pairs`].
    pub body: Body,
    /// The names and values as the recording lists them, where the text does not give them.
    pub(super) params: Vec<(String, String)>,
}

impl SentBody {
    /// Takes the body of a request that was not recorded, to be read in the same way.
    pub fn of_our_own(content_type: &str, body: &[u8]) -> Self {
        Self {
            content_type: content_type.to_owned(),
            body: Body::Kept(Packed::new(body)),
            params: Vec::new(),
        }
    }

    /// Gives the text as it was sent; `None` where the recording does not hold it.
    pub fn text(&self) -> Option<String> {
        String::from_utf8(self.body.bytes()?).ok()
    }

    /// Tells whether it is of that type, whatever parameters the type has.
    pub fn is(&self, essence: &str) -> bool {
        let own = self.content_type.split(';').next().unwrap_or_default();
        own.trim().eq_ignore_ascii_case(essence)
    }

    /// Gives the names and values of a form in the order they were sent, decoded; none where it is no form. Line ends
    /// are CRLF, as browsers send them. Of a file it gives the content, or nothing where it was not recorded.
    pub fn pairs(&self) -> Vec<(String, String)> {
        let from_text = self.text().map(|text| pairs_of(&text, &self.content_type));
        match from_text {
            Some(pairs) if !pairs.is_empty() => pairs,
            _ if self.is("application/x-www-form-urlencoded") => decoded(&self.params),
            _ => self.params.clone(),
        }
    }
}

impl fmt::Debug for SentBody {
    /// Says its type and size; its values may be passwords and tokens.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let essence = self.content_type.split(';').next().unwrap_or_default();
        f.debug_struct("SentBody")
            .field("content_type", &essence)
            .field("body", &self.body)
            .field("params", &self.params.len())
            .finish()
    }
}

/// Reads the names and values out of a body.
pub(super) fn pairs_of(text: &str, content_type: &str) -> Vec<(String, String)> {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    match essence.to_ascii_lowercase().as_str() {
        "application/x-www-form-urlencoded" => urlencoded(text),
        "multipart/form-data" => multipart(text, content_type).unwrap_or_default(),
        _ => Vec::new(),
    }
}

fn urlencoded(text: &str) -> Vec<(String, String)> {
    text.trim_end_matches(['\r', '\n'])
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (percent_decoded(name), percent_decoded(value)))
        .collect()
}

/// Decodes one name or value; what is no UTF-8 was sent by a page in a western encoding.
fn percent_decoded(text: &str) -> String {
    let text = text.replace('+', " ");
    let bytes: Cow<'_, [u8]> = percent_decode(text.as_bytes()).into();
    match String::from_utf8(bytes.into_owned()) {
        Ok(text) => text,
        Err(other) => WINDOWS_1252
            .decode_without_bom_handling(other.as_bytes())
            .0
            .into_owned(),
    }
}

/// Chrome lists names and values as they were sent, others as they were meant: all of them tell.
fn decoded(params: &[(String, String)]) -> Vec<(String, String)> {
    let all = || params.iter().flat_map(|(name, value)| [name, value]);
    let as_sent = all().all(|text| is_urlencoded(text)) && all().any(|text| text.contains('%'));
    if !as_sent {
        return params.to_vec();
    }
    params
        .iter()
        .map(|(name, value)| (percent_decoded(name), percent_decoded(value)))
        .collect()
}

fn is_urlencoded(text: &str) -> bool {
    let bytes = text.as_bytes();
    let hex = |place: usize| bytes.get(place).is_some_and(u8::is_ascii_hexdigit);
    bytes.iter().enumerate().all(|(place, byte)| match byte {
        b'%' => hex(place + 1) && hex(place + 2),
        b'*' | b'-' | b'.' | b'_' | b'+' => true,
        other => other.is_ascii_alphanumeric(),
    })
}

/// Reads the parts of a form; line ends between them may have become LF on the way into the recording.
fn multipart(text: &str, content_type: &str) -> Option<Vec<(String, String)>> {
    let named = boundary(content_type).map(|boundary| format!("--{boundary}"));
    let first = text.lines().next()?.trim_end();
    let mark = match named {
        Some(mark) if text.contains(&mark) => mark,
        // The recording has lost the boundary: the body begins with it.
        _ if first.starts_with("--") && first.len() > 2 => first.to_owned(),
        _ => return None,
    };
    let mut pairs = Vec::new();
    // What stands before the first mark is no part; the last mark ends in two dashes.
    for piece in text.split(&mark).skip(1) {
        if piece.starts_with("--") {
            break;
        }
        let piece = piece.strip_prefix("\r\n").or_else(|| piece.strip_prefix('\n'))?;
        let (head, value) = piece
            .split_once("\r\n\r\n")
            .or_else(|| piece.split_once("\n\n"))?;
        let value = value
            .strip_suffix("\r\n")
            .or_else(|| value.strip_suffix('\n'))
            .unwrap_or(value);
        if let Some(name) = part_name(head) {
            pairs.push((name, value.to_owned()));
        }
    }
    Some(pairs)
}

fn boundary(content_type: &str) -> Option<&str> {
    let parameter = content_type
        .split(';')
        .find_map(|parameter| parameter.trim().split_once('='))
        .filter(|(name, _)| name.eq_ignore_ascii_case("boundary"))?;
    let boundary = parameter.1.trim_matches('"');
    (!boundary.is_empty()).then_some(boundary)
}

fn part_name(head: &str) -> Option<String> {
    let line = head
        .lines()
        .find(|line| line.to_ascii_lowercase().starts_with("content-disposition:"))?;
    // Browsers write the three signs that would end the name percent-encoded.
    let rest = line.split_once("; name=\"")?.1;
    let name = rest.split('"').next()?;
    Some(
        name.replace("%22", "\"")
            .replace("%0D", "\r")
            .replace("%0A", "\n"),
    )
}
