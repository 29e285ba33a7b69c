//! What the shape of a value says.

use crate::sensitive::name::{Verdict, verdict};
use crate::sensitive::rules::{BOOLEANS, CHOICES, ENCRYPTED, MASK_WORDS, UNITS};

/// Tells whether a value is what pages show in place of one: `*****`, `••••`, `[PROTECTED]`.
pub fn is_mask(value: &str) -> bool {
    let value = value.trim().trim_matches(['"', '\'']);
    let filler = |c: char| matches!(c, '*' | '＊' | '•' | '●' | '∙' | '·' | '◦' | '⬤' | '█');
    let length = value.chars().count();
    if length >= 3 && value.chars().all(filler) {
        return true;
    }
    if length >= 4 && ['x', 'X', '#'].iter().any(|&one| value.chars().all(|c| c == one)) {
        return true;
    }
    [
        ('[', ']'),
        ('<', '>'),
        ('(', ')'),
        ('‹', '›'),
        ('{', '}'),
        ('-', '-'),
    ]
    .iter()
    .any(|&(open, close)| {
        let inner = value.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
        inner.is_some_and(|inner| {
            let inner = inner.trim_matches(|c: char| c == open || c == close || filler(c) || c == ' ');
            MASK_WORDS.contains(&inner.to_ascii_lowercase().as_str())
        })
    })
}

/// Tells whether a value says itself that it is encrypted: `ENC(…)`.
pub(crate) fn says_encrypted(value: &str) -> bool {
    ENCRYPTED.iter().any(|(begin, end)| {
        value.len() > begin.len() + end.len() && value.starts_with(begin) && value.ends_with(end)
    })
}

/// Tells whether a value is no secret although its name's last word says secret.
pub(crate) fn is_other_than_secret(value: &str) -> bool {
    is_one_of(BOOLEANS, value) || is_class(value) || is_address(value) || is_reference(value)
}

/// Tells whether a value is plainly no secret, under a name that has to do with secrets.
pub(crate) fn is_plainly_other(value: &str) -> bool {
    is_other_than_secret(value)
        || is_one_of(CHOICES, value)
        || is_number(value)
        || is_duration(value)
        || is_date(value)
        || is_path(value)
        || is_mail_address(value)
        || is_sentence(value)
}

/// Tells whether a value has the length and letters of ciphertext: base64 or hexadecimal, at least 16 bytes.
pub fn is_ciphertext_shaped(value: &str) -> bool {
    let hex =
        value.len() >= 32 && value.len().is_multiple_of(2) && value.bytes().all(|b| b.is_ascii_hexdigit());
    let digits = value.trim_end_matches('=');
    let base64 = value.len() >= 24
        && value.len().is_multiple_of(4)
        && value.len() - digits.len() <= 2
        && digits
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/'))
        && digits
            .bytes()
            .any(|b| b.is_ascii_digit() || matches!(b, b'+' | b'/'));
    hex || base64
}

/// Tells whether there is a secret inside a value, whatever its name.
pub(crate) fn holds_secret(value: &str) -> bool {
    has_credentials(value)
        || has_secret_parameter(value)
        || has_secret_option(value)
        || has_authorization(value)
        || is_signed_token(value)
        || (value.contains("-----BEGIN ") && value.contains("PRIVATE KEY"))
}

/// Longer than what stands between `//` and the path of any address, in bytes.
const LONGEST_AUTHORITY: usize = 512;

/// `scheme://user:password@host`, also with a `/` in the password; `jdbc:oracle:thin:user/password@host`.
fn has_credentials(value: &str) -> bool {
    if !value.contains('@') {
        return false;
    }
    let in_authority = value.match_indices("//").any(|(at, _)| {
        let rest = &value[at + 2..];
        let rest = &rest[..rest.floor_char_boundary(LONGEST_AUTHORITY)];
        let rest = rest
            .split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>'))
            .next()
            .unwrap_or("");
        let authority = rest.split(['/', '#', '?']).next().unwrap_or("");
        let password = match authority.rsplit_once('@') {
            Some((user_info, _)) => user_info.split_once(':').map(|(_, password)| password),
            // The password itself may hold what ends an authority; a number is a port, and the `@` the path's.
            None if rest.contains('@') => authority
                .split_once(':')
                .map(|(_, password)| password)
                .filter(|password| !password.bytes().all(|b| b.is_ascii_digit())),
            None => None,
        };
        password.is_some_and(|password| !password.is_empty() && !is_placeholder(password))
    });
    let in_jdbc = value.starts_with("jdbc:")
        && value.split_once('@').is_some_and(|(before, _)| {
            let account = before.rsplit(':').next().unwrap_or("");
            account
                .split_once('/')
                .is_some_and(|(user, password)| !user.is_empty() && !password.is_empty())
        });
    in_authority || in_jdbc
}

/// `…?user=x&password=y`, `…;pwd=y`, `pwd='y'`, `AccountKey=…`, `sig=…`.
fn has_secret_parameter(value: &str) -> bool {
    let bare = value.replace("='", "=").replace("=\"", "=");
    bare.split(|c: char| c.is_whitespace() || matches!(c, '?' | '&' | ';' | ',' | '"' | '\''))
        .any(|piece| {
            piece.split_once('=').is_some_and(|(name, text)| {
                (verdict(name) == Verdict::Secret || is_access_parameter(name, text))
                    && !text.is_empty()
                    && !is_placeholder(text)
                    && !is_other_than_secret(text)
            })
        })
}

/// Parameters of cloud stores whose names say nothing elsewhere.
fn is_access_parameter(name: &str, text: &str) -> bool {
    let is = |known: &str| name.eq_ignore_ascii_case(known);
    (is("sig") || is("AccountKey")) && text.len() >= 8
}

/// `run --password x`.
fn has_secret_option(value: &str) -> bool {
    let mut words = value.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let text = words.peek().filter(|text| !text.starts_with('-'));
        let named = word
            .strip_prefix("--")
            .is_some_and(|name| verdict(name) == Verdict::Secret);
        if named && text.is_some_and(|text| !is_placeholder(text) && !is_other_than_secret(text)) {
            return true;
        }
    }
    false
}

/// `Basic dXNlcjpwYXNz`, `Bearer abc…`, also behind a header's name.
fn has_authorization(value: &str) -> bool {
    let mut words = value.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '=' | ':' | ','));
    while let Some(word) = words.next() {
        let scheme = word.eq_ignore_ascii_case("basic") || word.eq_ignore_ascii_case("bearer");
        let credential = words.clone().find(|word| !word.is_empty()).unwrap_or("");
        let opaque = credential.len() >= 12
            && credential
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"+/=-._~".contains(&b))
            && credential
                .bytes()
                .any(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
        if scheme && opaque {
            return true;
        }
    }
    false
}

/// A JSON Web Token: three parts of base64, the first of which begins with `{"`.
fn is_signed_token(value: &str) -> bool {
    value
        .split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '='))
        .any(|word| {
            let parts: Vec<&str> = word.split('.').collect();
            let letters = |part: &&str| {
                part.len() >= 8
                    && part
                        .bytes()
                        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
            };
            parts.len() == 3 && parts[0].starts_with("eyJ") && parts.iter().all(letters)
        })
}

/// `{0}`, `${name}`, `%s`, `@NAME@`, `<name>`, `[name]`: where a value would go.
fn is_placeholder(text: &str) -> bool {
    let text = text.trim_end_matches(['"', '\'', ')']);
    text.starts_with(['{', '$', '<', '['])
        || (text.starts_with('@') && text.ends_with('@'))
        || text == "%s"
        || is_mask(text)
}

fn is_one_of(words: &[&str], value: &str) -> bool {
    words.iter().any(|word| word.eq_ignore_ascii_case(value))
}

/// A Java class: `com.example.rules.SomeRule`.
fn is_class(value: &str) -> bool {
    let parts: Vec<&str> = value.split('.').collect();
    let Some((class, packages)) = parts.split_last() else {
        return false;
    };
    let package = |part: &&str| {
        part.starts_with(|c: char| c.is_ascii_lowercase())
            && part
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    packages.len() >= 2
        && packages.iter().all(package)
        && class.starts_with(|c: char| c.is_ascii_uppercase())
        && class
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$'))
}

/// An address with a scheme and no secret in it.
fn is_address(value: &str) -> bool {
    let Some((scheme, rest)) = value.split_once("://") else {
        return false;
    };
    let is_scheme = scheme.len() >= 2
        && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.' | b':'));
    is_scheme && !rest.is_empty() && !rest.contains(char::is_whitespace) && !holds_secret(value)
}

/// `${name}`, `{0}`: stands for a value that is elsewhere.
fn is_reference(value: &str) -> bool {
    let inner = value
        .trim_start_matches('$')
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'));
    inner.is_some_and(|inner| {
        !inner.is_empty()
            && !is_mask(value)
            && inner
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
    })
}

/// Words for a reader: at least four, with a capital at the start or a stop at the end.
fn is_sentence(value: &str) -> bool {
    value.split_whitespace().count() >= 4
        && (value.starts_with(char::is_uppercase) || value.ends_with(['.', '!', '?', ':']))
}

/// Tells whether a value is a number too long for a count or a switch: at least five digits.
pub(crate) fn is_long_number(value: &str) -> bool {
    is_number(value) && value.bytes().filter(u8::is_ascii_digit).count() >= 5
}

fn is_number(value: &str) -> bool {
    let digits = value.strip_prefix(['-', '+']).unwrap_or(value);
    (1..=9).contains(&digits.len())
        && digits.bytes().any(|b| b.is_ascii_digit())
        && digits
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b','))
}

fn is_duration(value: &str) -> bool {
    let digits = value.bytes().take_while(u8::is_ascii_digit).count();
    let unit = value[digits..].trim();
    let iso = value.strip_prefix('P').is_some_and(|rest| {
        rest.len() >= 2
            && rest
                .bytes()
                .all(|b| b.is_ascii_digit() || b"TYMWDHS".contains(&b))
    });
    iso || ((1..=9).contains(&digits) && is_one_of(UNITS, unit))
}

fn is_date(value: &str) -> bool {
    let day = value.get(..10).unwrap_or("").as_bytes();
    day.len() == 10
        && day.iter().enumerate().all(|(at, b)| {
            if matches!(at, 4 | 7) {
                *b == b'-'
            } else {
                b.is_ascii_digit()
            }
        })
}

/// `/learning/forgot.do`, `C:\keys\a.asc`: letters of base64 would not all be small.
fn is_path(value: &str) -> bool {
    let small = |part: &str| {
        part.bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b))
    };
    let absolute = value
        .strip_prefix('/')
        .is_some_and(|rest| rest.contains(['/', '.']) && rest.split('/').all(small));
    let bytes = value.as_bytes();
    absolute
        || (bytes.len() > 3
            && bytes[0].is_ascii_alphabetic()
            && bytes[1] == b':'
            && matches!(bytes[2], b'\\' | b'/'))
}

fn is_mail_address(value: &str) -> bool {
    let Some((name, host)) = value.split_once('@') else {
        return false;
    };
    let letters = |text: &str| {
        text.bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"._-+".contains(&b))
    };
    let top = host.rsplit('.').next().unwrap_or("");
    let host_has_top = host.contains('.') && top.len() >= 2 && top.bytes().all(|b| b.is_ascii_alphabetic());
    !name.is_empty() && letters(name) && letters(host) && host_has_top
}
