//! What the shape of a value says, and the hosts and mail addresses that stand in one.

use crate::environment::Rule;
use crate::environment::words::{PATHS, ROOTS, WEB_FILES, WEB_PATHS};
use crate::sensitive::words_of;

/// Ends of host names that are seldom anything else. Those that are words of keys (`name`, `id`, `info`) or ends of files
/// (`do`, `pl`, `so`) are left out: behind them a host is known by its name's last words only.
const TOPS: &[&str] = &[
    "com",
    "org",
    "net",
    "edu",
    "gov",
    "mil",
    "int",
    "biz",
    "cloud",
    "io",
    "app",
    "dev",
    "local",
    "internal",
    "intranet",
    "lan",
    "corp",
    "localdomain",
    "example",
    "invalid",
    "eu",
    "de",
    "at",
    "ch",
    "fr",
    "nl",
    "lu",
    "dk",
    "se",
    "fi",
    "ie",
    "uk",
    "es",
    "pt",
    "gr",
    "cz",
    "sk",
    "hu",
    "ro",
    "bg",
    "hr",
    "ee",
    "lv",
    "lt",
    "ru",
    "ua",
    "tr",
    "us",
    "ca",
    "mx",
    "br",
    "ar",
    "cl",
    "co",
    "pe",
    "za",
    "eg",
    "ae",
    "sa",
    "il",
    "cn",
    "hk",
    "tw",
    "jp",
    "kr",
    "sg",
    "my",
    "th",
    "vn",
    "ph",
    "au",
    "nz",
    "nu",
    "tv",
    "ai",
];

/// Hosts whose addresses name a notation and lead nowhere.
const NAMESPACES: &[&str] = &[
    "w3.org",
    "www.w3.org",
    "schemas.xmlsoap.org",
    "schemas.microsoft.com",
    "java.sun.com",
    "xmlns.jcp.org",
    "jakarta.ee",
    "xml.apache.org",
    "apache.org",
    "xml.org",
    "docs.oasis-open.org",
    "purl.org",
    "ns.adobe.com",
    "json-schema.org",
];

/// Schemes of addresses that lead to something within the program.
const INWARD: &[&str] = &["vm", "classpath", "class", "bean", "inproc"];

/// Finds the rule that a value's shape tells by itself, or together with words of its name.
pub(super) fn rule(key: &str, value: &str) -> Option<Rule> {
    let words = words_of(key);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    if value
        .get(..5)
        .is_some_and(|start| start.eq_ignore_ascii_case("jdbc:"))
    {
        return (!hosts(value).is_empty() || value.contains('@')).then_some(Rule::Database);
    }
    let about_notation = has(&["namespace", "xmlns", "regex", "regexp", "pattern"]);
    if (addresses(value).any(|host| !is_own(&host)) || has_no_scheme(value)) && !about_notation {
        return Some(Rule::Address);
    }
    if is_drive_or_share(value) || (is_absolute(value) && is_directory(&words, value)) {
        return Some(Rule::Directory);
    }
    if !mails(value).is_empty() && !about_notation {
        return Some(Rule::Mail);
    }
    let version = has(&["version", "release", "build", "class", "package", "packages"]);
    (!version && is_hosts(value)).then_some(Rule::Host)
}

/// The hosts that a value names: in addresses, as a host or a list of hosts, as a part of a database's address.
pub(crate) fn hosts(value: &str) -> Vec<String> {
    let mut found: Vec<String> = addresses(value).collect();
    if value
        .get(..5)
        .is_some_and(|start| start.eq_ignore_ascii_case("jdbc:"))
    {
        found.extend(database_hosts(value));
    } else if is_hosts(value) {
        found.extend(pieces(value).map(|piece| bare(piece).to_ascii_lowercase()));
    }
    found.retain(|host| !is_own(host));
    found.sort();
    found.dedup();
    found
}

/// The database that a JDBC address names: a service, a SID, a catalogue.
pub(crate) fn database(value: &str) -> Option<&str> {
    let rest = value
        .get(..5)
        .filter(|start| start.eq_ignore_ascii_case("jdbc:"))?;
    let rest = &value[rest.len()..];
    let named = |name: &str| {
        let at = rest.to_ascii_lowercase().find(name)?;
        rest.get(at + name.len()..)
    };
    let end = |c: char| matches!(c, ';' | '?' | '&' | ')' | ',') || c.is_whitespace();
    let tail = ["databasename=", "service_name=", "(sid="]
        .iter()
        .find_map(|name| named(name));
    let tail = match tail {
        Some(tail) => tail,
        None => {
            let host = rest
                .split_once("//")
                .map(|(_, host)| host)
                .or_else(|| rest.split_once('@').map(|(_, host)| host))?;
            host.split_once('/')
                .map(|(_, name)| name)
                .or_else(|| host.splitn(3, ':').nth(2))?
        }
    };
    let name = tail.split(end).next().unwrap_or("");
    (!name.is_empty()).then_some(name)
}

/// The mail addresses in a text, as they are written.
pub(crate) fn mails(text: &str) -> Vec<&str> {
    let is_local = |c: char| c.is_ascii_alphanumeric() || "._%+-".contains(c);
    let is_host = |c: char| c.is_ascii_alphanumeric() || ".-".contains(c);
    let found = text.match_indices('@').filter_map(|(at, _)| {
        let start = text[..at].rfind(|c| !is_local(c)).map_or(0, |end| {
            end + text[end..].chars().next().map_or(1, char::len_utf8)
        });
        let length = text[at + 1..]
            .find(|c| !is_host(c))
            .unwrap_or(text.len() - at - 1);
        let host = text[at + 1..at + 1 + length].trim_end_matches(['.', '-']);
        // What stands behind `//` or `:` is who signs in, and no mail address.
        let signs_in = text[..start].ends_with(['/', ':']) && !text[..start].ends_with("mailto:");
        (start < at && !signs_in && is_mail_host(host)).then(|| &text[start..at + 1 + host.len()])
    });
    found.collect()
}

/// The hosts of all addresses with a scheme in a text, in lower case; those that only name a notation are left out.
fn addresses(text: &str) -> impl Iterator<Item = String> + '_ {
    text.match_indices("://").filter_map(move |(at, _)| {
        let scheme = text[..at]
            .rsplit(|c: char| !(c.is_ascii_alphanumeric() || "+.-".contains(c)))
            .next()
            .unwrap_or("");
        let leads_out = !INWARD.contains(&scheme.to_ascii_lowercase().as_str());
        if !leads_out || !scheme.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        let rest = &text[at + 3..];
        let authority = rest
            .split(['/', '?', '#', ' ', '\t', '"', '\'', '<', '>', ',', ';', '\\', ')'])
            .next()?;
        let host = authority.rsplit('@').next()?;
        let host = bare(host).to_ascii_lowercase();
        let named = host.chars().all(|c| c.is_alphanumeric() || ".-_*:[]".contains(c))
            && host.chars().any(char::is_alphanumeric)
            && !NAMESPACES.contains(&host.as_str());
        named.then_some(host)
    })
}

/// `//cdn.example.com/assets/`: with the scheme of the page it stands on.
fn has_no_scheme(value: &str) -> bool {
    let host = value.strip_prefix("//").and_then(|rest| rest.split_once('/'));
    host.is_some_and(|(host, _)| is_host_name(bare(host)))
}

fn database_hosts(value: &str) -> Vec<String> {
    let mut found = Vec::new();
    let lower = value.to_ascii_lowercase();
    for (at, _) in lower.match_indices("host=") {
        found.extend(lower[at + 5..].split([')', ';', '&']).next().map(str::to_owned));
    }
    if let Some((_, rest)) = lower.split_once('@') {
        let host = rest
            .trim_start_matches('/')
            .split(['/', ':', '?', ';'])
            .next()
            .unwrap_or("");
        found.push(host.to_owned());
    }
    found.retain(|host| is_bare_host(host));
    found
}

/// A port, brackets and the `*.` of a pattern taken away.
fn bare(host: &str) -> &str {
    let host = host.trim_start_matches("*.").trim_start_matches('.');
    if let Some(inner) = host.strip_prefix('[') {
        return inner.split(']').next().unwrap_or(inner);
    }
    match host.split_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    }
    .trim_end_matches('.')
}

/// The machine itself, under whatever name: the same in every environment.
pub(crate) fn is_own(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    host == "localhost"
        || host.starts_with("localhost.")
        || host.starts_with("127.")
        || host == "::1"
        || host == "0.0.0.0"
}

fn pieces(value: &str) -> impl Iterator<Item = &str> {
    value
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '|'))
        .filter(|piece| !piece.is_empty())
}

/// A host, or a list of nothing but hosts.
fn is_hosts(value: &str) -> bool {
    let mut any = false;
    let all = pieces(value).all(|piece| {
        // A network is written as its first host and a number of bits: `192.168.10.0/24`.
        let (host, bits) = piece.split_once('/').unwrap_or((piece, ""));
        let host = bare(host);
        any |= !is_own(host);
        (is_host_name(host) && bits.is_empty()) || (is_ip(host) && bits.bytes().all(|b| b.is_ascii_digit()))
    });
    any && all
}

/// A name with a dot and an end that hosts have, and no package of Java.
fn is_host_name(host: &str) -> bool {
    let labels: Vec<&str> = host.split('.').collect();
    let (Some(first), Some(last)) = (labels.first(), labels.last()) else {
        return false;
    };
    let package = ["com", "org", "net", "java", "javax", "de", "edu", "sun"].contains(first);
    let label = |label: &&str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    };
    labels.len() >= 2
        && labels.iter().all(label)
        && !package
        && (TOPS.contains(&last.to_ascii_lowercase().as_str()) || is_national(&labels))
        && !has_capital_inside(host)
}

/// Behind an `@` any end that is a word will do: little else looks like that.
fn is_mail_host(host: &str) -> bool {
    let top = host.rsplit('.').next().unwrap_or("");
    let label = |label: &str| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-');
    host.contains('.')
        && host.split('.').all(label)
        && top.len() >= 2
        && top.bytes().all(|b| b.is_ascii_alphabetic())
}

/// `acme.co.in`: a national end behind a general one.
fn is_national(labels: &[&str]) -> bool {
    let [.., general, nation] = labels else {
        return false;
    };
    labels.len() >= 3
        && ["co", "com", "net", "org", "gov", "ac", "edu"].contains(general)
        && nation.len() == 2
        && nation.bytes().all(|b| b.is_ascii_lowercase())
}

/// `student.homeOrg.io` is the name of a property: hosts are small, or all capitals.
fn has_capital_inside(host: &str) -> bool {
    host.bytes().any(|b| b.is_ascii_uppercase()) && host.bytes().any(|b| b.is_ascii_lowercase())
}

fn is_ip(host: &str) -> bool {
    let parts: Vec<&str> = host.split('.').collect();
    let four = parts.len() == 4 && parts.iter().all(|part| part.parse::<u8>().is_ok());
    let groups: Vec<&str> = host.split(':').collect();
    let short = |group: &&str| group.len() <= 4 && group.bytes().all(|b| b.is_ascii_hexdigit());
    let whole = groups.len() == 8 || (host.contains("::") && (3..=8).contains(&groups.len()));
    (four && !host.starts_with("0.")) || (whole && groups.iter().all(short))
}

/// What stands under a name that says host: also a short name, such as `sftp01`.
pub(super) fn is_bare_host(value: &str) -> bool {
    pieces(value).all(|piece| {
        let host = bare(piece);
        !is_own(host)
            && host
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
            && host.bytes().any(|b| b.is_ascii_alphabetic() || is_ip(host))
            && host.len() >= 2
    })
}

/// `C:\feeds\in`, `\\fileserver\lms`, `file:/…`.
fn is_drive_or_share(value: &str) -> bool {
    let bytes = value.as_bytes();
    let drive = bytes.len() > 3
        && bytes[0].is_ascii_alphabetic()
        && bytes[1] == b':'
        && matches!(bytes[2], b'\\' | b'/')
        && !value.contains("://");
    let share = value.strip_prefix("\\\\").is_some_and(|rest| {
        let named = |part: &str| {
            part.len() >= 2
                && part
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"._-$".contains(&b))
        };
        rest.split_once('\\')
            .is_some_and(|(host, share)| named(host) && share.split('\\').next().is_some_and(named))
    });
    drive || share || value.starts_with("file:/")
}

fn is_absolute(value: &str) -> bool {
    let rest = value
        .strip_prefix('/')
        .or_else(|| value.strip_prefix("~/"))
        .unwrap_or("");
    rest.len() >= 2
        && !rest.starts_with(['/', '*'])
        && !value.contains(char::is_whitespace)
        && rest
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"/._-$%{}+@~".contains(&b))
}

/// A path that leads out of the LMS, by its first part or by words of its name.
fn is_directory(words: &[String], value: &str) -> bool {
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let lower = value.to_ascii_lowercase();
    if WEB_FILES.iter().any(|end| lower.ends_with(end)) || has(WEB_PATHS) {
        return false;
    }
    let first = lower
        .trim_start_matches(['~', '/'])
        .split('/')
        .next()
        .unwrap_or("");
    let deep = lower.trim_matches('/').contains('/');
    has(PATHS) || lower.starts_with("~/") || (deep && ROOTS.contains(&first))
}

/// What stands under a name that says directory: `incoming`, `stage/feeds`.
pub(super) fn is_relative_directory(value: &str) -> bool {
    let letters = |b: u8| b.is_ascii_alphanumeric() || b"._-/\\".contains(&b);
    let lower = value.to_ascii_lowercase();
    value.len() >= 3
        && value.bytes().all(letters)
        && value.bytes().any(|b| b.is_ascii_alphabetic())
        && !value.starts_with(['/', '.'])
        && !WEB_FILES.iter().any(|end| lower.ends_with(end))
}

/// One word as people name accounts and companies.
pub(super) fn is_token(value: &str) -> bool {
    (2..=200).contains(&value.chars().count())
        && !value.starts_with(['{', '$', '%', '#', '/'])
        && value.chars().any(char::is_alphanumeric)
        && value
            .chars()
            .all(|c| c.is_alphanumeric() || "._-@\\+=:/,&".contains(c))
}

/// `com.example.Foo`, `com.example.foo`: a class of Java, or a package.
pub(super) fn is_class(value: &str) -> bool {
    let labels: Vec<&str> = value.split('.').collect();
    let plain = |label: &&str| {
        label.starts_with(|c: char| c.is_ascii_alphabetic())
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$'))
    };
    let reversed = ["com", "org", "net", "java", "javax", "de", "edu", "oracle"].contains(&labels[0]);
    let capital = labels
        .last()
        .is_some_and(|last| last.starts_with(|c: char| c.is_ascii_uppercase()));
    labels.len() >= 3 && labels.iter().all(plain) && (reversed || capital)
}

/// A number, whatever parts its digits.
pub(super) fn is_number(value: &str) -> bool {
    value.bytes().any(|b| b.is_ascii_digit())
        && value
            .bytes()
            .all(|b| b.is_ascii_digit() || b".,+-% ".contains(&b))
}
