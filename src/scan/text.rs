//! Where a text begins and ends, and the ways in which it may be written.

use crate::environment::Rule;

/// Letters that are part of such a text: a text does not begin or end in the midst of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Border {
    /// `lms.example.com` is not in `lms.example.com.au` and not in `x-lms.example.com`.
    Host,
    /// `reports@example.com` is not in `my.reports@example.com`.
    Mail,
    /// `ACME` is not in `ACME-T1` and not in `ACMEX`.
    Word,
    /// `/prod/in` is not in `/data/prod/in` and not in `/prod/in2`.
    Path,
}

/// Tells whether a text stands in another as a whole, by the kind of text it is. Hosts and mail addresses are compared
/// without case.
pub(super) fn stands_in(text: &str, rule: Rule, reading: &str) -> bool {
    let border = match rule {
        Rule::Host | Rule::Address => Border::Host,
        Rule::Mail => Border::Mail,
        Rule::Directory => Border::Path,
        _ => Border::Word,
    };
    let caseless = matches!(border, Border::Host | Border::Mail);
    let (text, reading) = match caseless {
        true => (text.to_lowercase(), reading.to_lowercase()),
        false => (text.to_owned(), reading.to_owned()),
    };
    if text.is_empty() {
        return false;
    }
    reading
        .match_indices(&text)
        .any(|(at, _)| begins(&reading[..at], border) && ends(&reading[at + text.len()..], border))
}

fn begins(before: &str, border: Border) -> bool {
    before.chars().next_back().is_none_or(|c| !match border {
        Border::Host => is_word(c) || c == '.',
        Border::Mail => is_word(c) || matches!(c, '.' | '%' | '+'),
        Border::Word => is_word(c),
        Border::Path => is_word(c) || matches!(c, '.' | '/' | '\\'),
    })
}

fn ends(after: &str, border: Border) -> bool {
    let mut letters = after.chars();
    match letters.next() {
        None => true,
        Some(c) if is_word(c) => false,
        // A stop ends a sentence, or goes on with the next label of a host.
        Some('.') if border != Border::Word => letters.next().is_none_or(|c| !is_word(c)),
        Some(_) => true,
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_')
}

/// A text as it is written, and as it reads with backslashes taken away and percent signs decoded.
pub(super) fn readings(text: &str) -> Vec<String> {
    let mut all = vec![text.to_owned()];
    for _ in 0..3 {
        let last = all.last().map_or("", String::as_str);
        let plain = decoded(&unescaped(last));
        if plain == *last {
            break;
        }
        all.push(plain);
    }
    all
}

/// `https\://` and `https:\/\/`, as files of properties and JSON may have it.
fn unescaped(text: &str) -> String {
    [("\\:", ":"), ("\\=", "="), ("\\/", "/")]
        .iter()
        .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// `%3A%2F%2F`; what is no code of a letter stays.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let digits = bytes.get(at + 1..at + 3).and_then(|two| str::from_utf8(two).ok());
        let code = digits
            .filter(|two| bytes[at] == b'%' && two.bytes().all(|b| b.is_ascii_hexdigit()))
            .and_then(|two| u8::from_str_radix(two, 16).ok());
        match code {
            Some(code) => {
                out.push(code);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}
