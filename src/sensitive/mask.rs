//! Masks every secret in a text: whole logical lines, commented-out lines, private keys, markup and JSON by name.

use crate::properties::{JavaText, Line, LineKind, Properties};
use crate::sensitive::judge::Judge;
use crate::sensitive::{json, markup, masked_value, value};

/// Gives the text with every secret replaced by [`masked_value`]; the number of lines stays.
pub(crate) fn mask_text(judge: Judge<'_>, text: &str) -> String {
    let text = mask_private_keys(text);
    match shape(&text) {
        Shape::Markup => markup::mask(judge, &text),
        Shape::Json => {
            let masked = json::mask(judge, &text);
            let sound = serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok();
            if sound { masked } else { mask_lines(judge, &masked) }
        }
        Shape::Lines => mask_lines(judge, &text),
    }
}

/// Tells whether there is markup or JSON in a value in which something would be masked.
pub(crate) fn hides_in_markup(judge: Judge<'_>, value: &str) -> bool {
    let markup = value.contains("</") || value.contains("/>");
    let json = value.contains('{') && (value.contains("\":") || value.contains("\" :"));
    (markup && markup::mask(judge, value) != value) || (json && json::mask(judge, value) != value)
}

enum Shape {
    Markup,
    Json,
    Lines,
}

fn shape(text: &str) -> Shape {
    let mut letters = text
        .trim_start_matches('\u{feff}')
        .chars()
        .filter(|c| !c.is_whitespace());
    match (letters.next(), letters.next()) {
        (Some('<'), _) => Shape::Markup,
        (Some('{'), _) | (Some('['), Some('{' | '[' | '"')) => Shape::Json,
        _ => Shape::Lines,
    }
}

fn mask_lines(judge: Judge<'_>, text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    // A masked comment that ends in a backslash was an entry once, and what follows a part of its value.
    let mut continued = false;
    for line in Properties::parse_leniently(text).lines() {
        match line.kind() {
            LineKind::Blank => {
                continued = false;
                masked.push_str(line.raw());
            }
            LineKind::Comment => {
                let (marker, body) = line.body().split_at(marker_length(line.body()));
                let hidden = if continued {
                    Some(masked_value().to_owned())
                } else {
                    mask_remark(judge, body)
                };
                continued = hidden.is_some() && ends_escaped(body);
                masked.push_str(marker);
                masked.push_str(hidden.as_deref().unwrap_or(body));
                masked.push_str(line.terminator());
            }
            LineKind::Entry(entry) => {
                let (key, text) = (entry.key.to_string_lossy(), entry.value.to_string_lossy());
                let marker = !key.contains(char::is_alphanumeric);
                if continued || value::holds_secret(&key) {
                    masked.push_str(&padded(masked_value(), line));
                } else if marker && mask_remark(judge, line.body()).is_some() {
                    // A remark of another notation: `- password: abc`, `// x.password=abc`.
                    let hidden = mask_remark(judge, line.body()).unwrap_or_default();
                    masked.push_str(&padded(&hidden, line));
                } else if judge.classify(&key, &text).is_some() {
                    let hidden = line.with_value(&JavaText::from(masked_value()));
                    masked.push_str(&padded(hidden.body(), line));
                } else {
                    masked.push_str(line.raw());
                }
                continued = false;
            }
        }
    }
    masked
}

/// Ends what is left of a line as the line ended, with as many continuation lines.
fn padded(body: &str, line: &Line) -> String {
    let mut text = body.to_owned();
    for _ in breaks(body)..breaks(line.body()) {
        text.push_str("\\\n");
        text.push_str(masked_value());
    }
    text.push_str(line.terminator());
    text
}

/// Masks what a line that is no entry tells: `connector.ftp.password=abc`, `x.secret : y`, `password abc`.
pub(crate) fn mask_remark(judge: Judge<'_>, body: &str) -> Option<String> {
    let ends_name = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '"' | '\'' | '<' | '>' | ',' | ';' | '(' | ')' | '{' | '[' | '&' | '?' | '=' | ':'
            )
    };
    for (at, c) in body.char_indices() {
        let after = &body[at + c.len_utf8()..];
        if !matches!(c, '=' | ':') || body[..at].ends_with('\\') || (c == ':' && after.starts_with("//")) {
            continue;
        }
        let name = unescaped(
            body[..at]
                .trim_end()
                .trim_end_matches(['"', '\''])
                .rsplit(ends_name)
                .next()
                .unwrap_or(""),
        );
        if !judge.is_secret_name(&name) {
            continue;
        }
        let told = after.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '=' | ':'));
        if judge.classify_flat(&name, &unescaped_value(told)).is_some() {
            return Some(format!("{}{}", &body[..body.len() - told.len()], masked_value()));
        }
    }
    if value::holds_secret(body) || value::holds_secret(&unescaped_value(body)) {
        return Some(masked_value().to_owned());
    }
    // With a blank as separator only what looks like a key, and not like a sentence.
    let (name, told) = body.split_once(char::is_whitespace)?;
    let told = told.trim_start();
    let is_key = name.contains(['.', '_']) || name.chars().skip(1).any(char::is_uppercase);
    let is_secret = !told.starts_with(['=', ':'])
        && (is_key || !told.contains(char::is_whitespace))
        && !told.ends_with(['.', '?', '!'])
        && judge
            .classify_flat(&unescaped(name), &unescaped_value(told))
            .is_some();
    is_secret.then(|| format!("{}{}", &body[..body.len() - told.len()], masked_value()))
}

fn unescaped(name: &str) -> String {
    first_entry(&format!("{name}=")).0
}

fn unescaped_value(told: &str) -> String {
    first_entry(&format!("=={told}"))
        .1
        .trim_start_matches('=')
        .to_owned()
}

fn first_entry(text: &str) -> (String, String) {
    let read = Properties::parse_leniently(text);
    read.entries()
        .next()
        .map_or_else(Default::default, |(_, key, value)| {
            (key.to_string_lossy(), value.to_string_lossy())
        })
}

/// Masks the lines between `-----BEGIN … PRIVATE KEY…-----` and its end.
fn mask_private_keys(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut inside = false;
    for line in text.split_inclusive(['\n', '\r']) {
        let body = line.trim_end_matches(['\n', '\r']);
        let begins = body
            .find("-----BEGIN ")
            .is_some_and(|at| body[at..].contains("PRIVATE KEY"));
        let ends = body.contains("-----END ");
        if begins {
            inside = !ends;
        } else if inside && ends {
            inside = false;
            if !body.trim_start().starts_with("-----END ") {
                masked.push_str(masked_value());
                masked.push_str(&line[body.find("-----END ").unwrap_or(0)..]);
                continue;
            }
        } else if inside && !body.is_empty() {
            inside = is_armour(body);
            if inside {
                masked.push_str(masked_value());
                masked.push_str(if ends_escaped(body) { "\\" } else { "" });
                masked.push_str(&line[body.len()..]);
                continue;
            }
        }
        masked.push_str(line);
    }
    masked
}

/// Tells whether a line can stand inside a key block: base64, or a header such as `Proc-Type: 4,ENCRYPTED`.
fn is_armour(body: &str) -> bool {
    let body = body
        .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '#' | '!'))
        .trim_end_matches(['\\', ' ']);
    let base64 = body
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"+/=".contains(&b));
    base64
        || ["Proc-Type:", "DEK-Info:", "Version:", "Comment:", "Hash:"]
            .iter()
            .any(|name| body.starts_with(name))
}

fn marker_length(body: &str) -> usize {
    body.len()
        - body
            .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '#' | '!'))
            .len()
}

fn ends_escaped(text: &str) -> bool {
    text.bytes().rev().take_while(|&b| b == b'\\').count() % 2 == 1
}

fn breaks(text: &str) -> usize {
    text.matches(['\n', '\r']).count() - text.matches("\r\n").count()
}
