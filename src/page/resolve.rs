//! Addresses in a page: resolved against its base, in its encoding.

use std::borrow::Cow;

use encoding_rs::{EncoderResult, Encoding};
use url::Url;

use crate::page::Refresh;
use crate::page::sanitize::{is_blank, trim};

/// Resolves the addresses of one page.
pub(super) struct Resolver {
    /// The page's own address.
    pub(super) document: Url,
    base: Url,
    encoding: &'static Encoding,
}

impl Resolver {
    /// Makes a resolver from the page's address and the first `<base href>`.
    pub(super) fn new(document: &Url, base: Option<&str>, encoding: &'static Encoding) -> Self {
        let mut resolver = Self {
            document: document.clone(),
            base: document.clone(),
            encoding: encoding.output_encoding(),
        };
        if let Some(base) = base.and_then(|href| resolver.resolve(href))
            && !matches!(base.scheme(), "data" | "javascript")
        {
            resolver.base = base;
        }
        resolver
    }

    /// Gives the address that is meant; `None` where there is none.
    pub(super) fn resolve(&self, address: &str) -> Option<Url> {
        let encode: &dyn Fn(&str) -> Cow<'_, [u8]> = &|query| encode_query(query, self.encoding);
        let options = Url::options()
            .base_url(Some(&self.base))
            .encoding_override(Some(encode));
        let mut url = options.parse(trim(address)).ok()?;
        if url.path().contains(['|', '^']) && matches!(url.scheme(), "http" | "https") {
            // Browsers encode these two in a path.
            url.set_path(&url.path().replace('|', "%7C").replace('^', "%5E"));
        }
        Some(url)
    }

    /// Gives the address that a form is sent to.
    pub(super) fn action(&self, action: &str) -> Url {
        if trim(action).is_empty() {
            return self.document.clone();
        }
        // An address that is none stays one that nothing can be sent to.
        let invalid = || Url::parse("about:invalid").unwrap_or_else(|_| self.document.clone());
        self.resolve(action).unwrap_or_else(invalid)
    }

    /// Reads the content of a `<meta http-equiv=refresh>`.
    pub(super) fn refresh(&self, content: &str) -> Option<Refresh> {
        let content = content.trim_start_matches(is_blank);
        let after = content.trim_start_matches(|c: char| c.is_ascii_digit());
        let digits = &content[..content.len() - after.len()];
        if digits.is_empty() && !after.starts_with('.') {
            return None;
        }
        let seconds = if digits.is_empty() {
            0
        } else {
            digits.parse().unwrap_or(u64::MAX)
        };
        let rest = after.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let own = || {
            Some(Refresh {
                seconds,
                url: self.document.clone(),
            })
        };
        let Some(first) = rest.chars().next() else {
            return own();
        };
        if !matches!(first, ';' | ',') && !is_blank(first) {
            return None;
        }
        let rest = rest.trim_start_matches(is_blank);
        let rest = rest
            .strip_prefix([';', ','])
            .unwrap_or(rest)
            .trim_start_matches(is_blank);
        if rest.is_empty() {
            return own();
        }
        let named = rest
            .get(..3)
            .filter(|word| word.eq_ignore_ascii_case("url"))
            .and_then(|_| rest[3..].trim_start_matches(is_blank).strip_prefix('='))
            .map(|address| address.trim_start_matches(is_blank));
        let address = named.unwrap_or(rest);
        let address = match address.chars().next() {
            Some(quote @ ('"' | '\'')) => address[1..].split(quote).next().unwrap_or_default(),
            _ => address,
        };
        Some(Refresh {
            seconds,
            url: self.resolve(address)?,
        })
    }
}

/// Writes a query in the page's encoding; what the encoding lacks becomes a percent-encoded `&#…;`.
fn encode_query<'a>(query: &'a str, encoding: &'static Encoding) -> Cow<'a, [u8]> {
    let (bytes, _, lacking) = encoding.encode(query);
    if !lacking {
        return bytes;
    }
    let mut encoder = encoding.new_encoder();
    let mut result = Vec::with_capacity(query.len() * 2);
    let mut rest = query;
    loop {
        let space = encoder
            .max_buffer_length_from_utf8_without_replacement(rest.len())
            .unwrap_or(rest.len() * 4);
        let start = result.len();
        result.resize(start + space, 0);
        let (outcome, read, written) =
            encoder.encode_from_utf8_without_replacement(rest, &mut result[start..], true);
        result.truncate(start + written);
        rest = &rest[read..];
        match outcome {
            EncoderResult::InputEmpty => return Cow::Owned(result),
            EncoderResult::OutputFull => {}
            EncoderResult::Unmappable(c) => {
                result.extend_from_slice(format!("%26%23{}%3B", u32::from(c)).as_bytes());
            }
        }
    }
}
