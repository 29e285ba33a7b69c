//! The `Content-Type` header: what a body is, and in which encoding (Fetch, "extract a MIME type").

use encoding_rs::Encoding;

/// What the header says.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Media {
    /// Type and subtype in lower case.
    pub(super) essence: String,
    /// The encoding that the `charset` parameter names, if it is one.
    pub(super) charset: Option<&'static Encoding>,
}

impl Media {
    /// Reads a header, or several that were joined by commas: the last one that is a media type counts.
    pub(super) fn parse(header: &str) -> Option<Media> {
        let mut result: Option<Media> = None;
        for value in split(header, ',') {
            let Some(mut media) = Media::of_one(value) else {
                continue;
            };
            if let Some(before) = result.filter(|before| before.essence == media.essence) {
                media.charset = media.charset.or(before.charset);
            }
            result = Some(media);
        }
        result
    }

    fn of_one(value: &str) -> Option<Media> {
        let mut parts = split(value, ';');
        // Some servers part the parameters by a blank only.
        let essence = parts
            .next()?
            .split_ascii_whitespace()
            .next()?
            .to_ascii_lowercase();
        essence.split_once('/')?;
        let charset = parts
            .filter_map(|parameter| parameter.split_once('='))
            .find(|(name, _)| name.trim_start().eq_ignore_ascii_case("charset"))
            .and_then(|(_, value)| Encoding::for_label(unquoted(value).as_bytes()));
        Some(Media { essence, charset })
    }
}

/// Splits at a sign, but not between quotation marks.
fn split(text: &str, sign: char) -> impl Iterator<Item = &str> {
    let (mut quoted, mut escaped) = (false, false);
    text.split(move |c: char| {
        let ends = c == sign && !quoted;
        quoted ^= c == '"' && !escaped;
        escaped = quoted && c == '\\' && !escaped;
        ends
    })
}

/// Takes the quotation marks and what they escape away.
fn unquoted(value: &str) -> String {
    let Some(inner) = value.trim_start().strip_prefix('"') else {
        return value.to_owned();
    };
    let mut result = String::new();
    let mut characters = inner.chars();
    while let Some(c) = characters.next() {
        match c {
            '"' => break,
            '\\' => result.extend(characters.next()),
            c => result.push(c),
        }
    }
    result
}
