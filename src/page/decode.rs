//! Bytes to text, by the sniffing that browsers do: byte order mark, then the header's charset, then the first
//! 1,024 bytes of the page itself (WHATWG HTML, "determining the character encoding").

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use crate::page::Content;
use crate::page::media::Media;
use crate::page::prescan::{as_declared_in_page, prescan, xml_encoding};

/// How many bytes of a page may be searched for its encoding before parsing begins.
const PRESCAN: usize = 1024;

/// A page's text and how it was read.
pub(super) struct Decoded {
    /// The text, without a byte order mark.
    pub(super) text: String,
    /// The encoding it was read with.
    pub(super) encoding: &'static Encoding,
    /// Bytes that mean nothing in this encoding were replaced by U+FFFD.
    pub(super) garbled: bool,
    /// No later `<meta>` may change the encoding any more.
    pub(super) certain: bool,
}

/// Decides how a body is to be read: by its content type, and where none is given, by its first character.
pub(super) fn content(bytes: &[u8], content_type: Option<&str>) -> Content {
    let essence = content_type.and_then(Media::parse).map(|media| media.essence);
    match essence.as_deref() {
        Some("text/html" | "application/xhtml+xml") => Content::Html,
        Some(json) if json.ends_with("/json") || json.ends_with("+json") => Content::Json,
        None => match first_character(bytes) {
            Some(b'{' | b'[') => Content::Json,
            _ => Content::Html,
        },
        Some(_) => Content::Other,
    }
}

fn first_character(bytes: &[u8]) -> Option<u8> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    bytes.iter().copied().find(|b| !b.is_ascii_whitespace())
}

/// Reads the bytes as text, as a browser would that is told nothing but the content type.
pub(super) fn decode(bytes: &[u8], content_type: Option<&str>, content: Content) -> Decoded {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return decode_as(&bytes[length..], encoding, true);
    }
    let media = content_type.and_then(Media::parse).unwrap_or_default();
    let sniffed = || match content {
        Content::Html => prescan(&bytes[..bytes.len().min(PRESCAN)]),
        Content::Other => xml_encoding(&bytes[..bytes.len().min(PRESCAN)]),
        Content::Json => None,
    };
    if let Some(encoding) = media.charset.or_else(sniffed) {
        return decode_as(bytes, encoding, true);
    }
    let xhtml = media.essence == "application/xhtml+xml";
    let default = if content == Content::Html && !xhtml {
        WINDOWS_1252
    } else {
        UTF_8
    };
    decode_as(bytes, default, false)
}

/// Reads the bytes in one encoding, whatever they say of themselves.
pub(super) fn decode_as(bytes: &[u8], encoding: &'static Encoding, certain: bool) -> Decoded {
    let (text, garbled) = encoding.decode_without_bom_handling(bytes);
    Decoded {
        text: text.into_owned(),
        encoding,
        garbled,
        certain,
    }
}

/// Gives the encoding that a `<meta>` met while parsing asks for.
pub(super) fn meta_encoding(label: &str) -> Option<&'static Encoding> {
    Encoding::for_label(label.as_bytes()).map(as_declared_in_page)
}
