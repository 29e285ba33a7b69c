//! What the first bytes of a page say of its encoding (WHATWG HTML, "prescan a byte stream to determine its encoding").

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, X_USER_DEFINED};

/// A page that can be read far enough to find the declaration is not UTF-16.
pub(super) fn as_declared_in_page(encoding: &'static Encoding) -> &'static Encoding {
    if encoding == UTF_16BE || encoding == UTF_16LE {
        UTF_8
    } else if encoding == X_USER_DEFINED {
        WINDOWS_1252
    } else {
        encoding
    }
}

/// Elements that hold text only. The standard's prescan would find a `<meta>` in it; Chromium does not.
const OF_TEXT: [&[u8]; 9] = [
    b"title",
    b"script",
    b"style",
    b"textarea",
    b"noscript",
    b"iframe",
    b"noembed",
    b"noframes",
    b"xmp",
];

/// Searches the beginning of a page for a `<meta>` that names its encoding ("prescan a byte stream").
pub(super) fn prescan(bytes: &[u8]) -> Option<&'static Encoding> {
    if bytes.starts_with(b"<\0?\0x\0") {
        return Some(UTF_16LE);
    }
    if bytes.starts_with(b"\0<\0?\0x") {
        return Some(UTF_16BE);
    }
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        if rest.starts_with(b"<!--") {
            match find(&rest[2..], b"-->") {
                Some(end) => at += 2 + end + 3,
                None => break,
            }
            continue;
        }
        if rest.len() > 5
            && rest[..5].eq_ignore_ascii_case(b"<meta")
            && (is_space(rest[5]) || rest[5] == b'/')
        {
            let mut attributes = Attributes { bytes, at: at + 5 };
            if let Some(encoding) = meta_declaration(&mut attributes) {
                return Some(as_declared_in_page(encoding));
            }
            at = attributes.at.max(at + 1);
            continue;
        }
        let name = if rest.starts_with(b"</") { 2 } else { 1 };
        if rest[0] == b'<' && rest.get(name).is_some_and(u8::is_ascii_alphabetic) {
            let Some(end) = rest.iter().position(|b| is_space(*b) || *b == b'>') else {
                break;
            };
            let mut attributes = Attributes { bytes, at: at + end };
            while attributes.next().is_some() {}
            at = attributes.at.max(at + 1);
            let tag = rest[1..end].to_ascii_lowercase();
            if OF_TEXT.contains(&tag.as_slice()) {
                let end_tag = [b"</", tag.as_slice()].concat();
                let text = bytes.get(at..).unwrap_or_default();
                match text
                    .windows(end_tag.len())
                    .position(|window| window.eq_ignore_ascii_case(&end_tag))
                {
                    Some(end) => at += end,
                    None => break,
                }
            }
            continue;
        }
        if rest.starts_with(b"<!") || rest.starts_with(b"</") || rest.starts_with(b"<?") {
            match rest.iter().position(|b| *b == b'>') {
                Some(end) => at += end + 1,
                None => break,
            }
            continue;
        }
        at += 1;
    }
    xml_encoding(bytes)
}

/// Reads the attributes of one `<meta>` and gives the encoding they declare together.
fn meta_declaration(attributes: &mut Attributes<'_>) -> Option<&'static Encoding> {
    let mut seen: Vec<Vec<u8>> = Vec::new();
    let (mut got_pragma, mut need_pragma, mut charset) = (false, None, None);
    while let Some((name, value)) = attributes.next() {
        if seen.contains(&name) {
            continue;
        }
        match name.as_slice() {
            b"http-equiv" => got_pragma |= value == b"content-type",
            b"content" if charset.is_none() => {
                if let Some(encoding) = charset_in(&value) {
                    charset = Some(Some(encoding));
                    need_pragma = Some(true);
                }
            }
            b"charset" => {
                charset = Some(Encoding::for_label(&value));
                need_pragma = Some(false);
            }
            _ => {}
        }
        seen.push(name);
    }
    match need_pragma {
        None => None,
        Some(true) if !got_pragma => None,
        Some(_) => charset.flatten(),
    }
}

/// Extracts an encoding from the `content` of a `<meta http-equiv=content-type>`.
fn charset_in(content: &[u8]) -> Option<&'static Encoding> {
    let mut at = 0;
    loop {
        let found = content[at..]
            .windows(7)
            .position(|w| w.eq_ignore_ascii_case(b"charset"))?;
        at += found + 7;
        let rest = &content[at..];
        let rest = &rest[rest.iter().take_while(|b| is_space(**b)).count()..];
        let Some(rest) = rest.strip_prefix(b"=") else {
            continue;
        };
        let rest = &rest[rest.iter().take_while(|b| is_space(**b)).count()..];
        let label = match rest.first()? {
            quote @ (b'"' | b'\'') => {
                let end = rest[1..].iter().position(|b| b == quote)?;
                &rest[1..=end]
            }
            _ => rest.split(|b| is_space(*b) || *b == b';').next()?,
        };
        return Encoding::for_label(label);
    }
}

/// Gives the encoding of an XML declaration at the very beginning.
pub(super) fn xml_encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    let rest = bytes.strip_prefix(b"<?xml")?;
    let rest = &rest[..rest.iter().position(|b| *b == b'>')?];
    let rest = &rest[find(rest, b"encoding")? + 8..];
    let skip = |text: &[u8]| text.iter().take_while(|b| **b <= 0x20).count();
    let rest = rest[skip(rest)..].strip_prefix(b"=")?;
    let rest = &rest[skip(rest)..];
    let quote = *rest.first().filter(|b| matches!(b, b'"' | b'\''))?;
    let label = &rest[1..=rest[1..].iter().position(|b| *b == quote)?];
    if label.iter().any(|b| *b <= 0x20) {
        return None;
    }
    Encoding::for_label(label).map(as_declared_in_page)
}

/// The prescan's own way of reading attributes, which is simpler than the tokenizer's.
struct Attributes<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Attributes<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(is_space) {
            self.at += 1;
        }
    }

    /// Gives name and value in lower case; `None` at the end of the tag or of the bytes.
    fn next(&mut self) -> Option<(Vec<u8>, Vec<u8>)> {
        while self.peek().is_some_and(|b| is_space(b) || b == b'/') {
            self.at += 1;
        }
        if self.peek()? == b'>' {
            self.at += 1;
            return None;
        }
        let (mut name, mut value) = (Vec::new(), Vec::new());
        loop {
            match self.peek()? {
                b'=' if !name.is_empty() => break,
                b if is_space(b) => {
                    self.skip_space();
                    if self.peek()? != b'=' {
                        return Some((name, value));
                    }
                    break;
                }
                b'/' | b'>' => return Some((name, value)),
                b => name.push(b.to_ascii_lowercase()),
            }
            self.at += 1;
        }
        self.at += 1;
        self.skip_space();
        match self.peek()? {
            quote @ (b'"' | b'\'') => loop {
                self.at += 1;
                let b = self.peek()?;
                if b == quote {
                    self.at += 1;
                    return Some((name, value));
                }
                value.push(b.to_ascii_lowercase());
            },
            b'>' => return Some((name, value)),
            _ => {}
        }
        loop {
            let b = self.peek()?;
            if is_space(b) || b == b'>' {
                return Some((name, value));
            }
            value.push(b.to_ascii_lowercase());
            self.at += 1;
        }
    }
}

fn is_space(b: u8) -> bool {
    matches!(b, b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}
