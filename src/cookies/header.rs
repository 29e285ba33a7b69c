//! A `Cookie` header: alone, among the other headers of a request, or as DevTools shows it, with name and value on a
//! line each or in two columns.

use crate::cookies::{Cookie, Handed, host_of, is_name, no_cookies};
use crate::error::Result;

/// Quotation marks and brackets that what was copied may stand in.
const AROUND: &[char] = &['"', '\'', '“', '”', '‘', '’', '`', ' '];

/// Reads the headers of a request, or the value of one `Cookie` header.
pub(super) fn read(text: &str) -> Result<Handed> {
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let mut headers = Headers::default();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        at += headers.take(line, lines.get(at + 1).copied());
    }
    let mut handed = headers.handed();
    if handed.cookies.is_empty() {
        let bare: Vec<Cookie> = match lines.as_slice() {
            [only] => pairs(only.trim_matches(AROUND)),
            columns => columns.iter().filter_map(|line| two_columns(line)).collect(),
        };
        handed.cookies = bare;
    }
    // What has no names that a browser sends is some other text: it must not be sent to anybody.
    let plausible = handed.cookies.iter().all(|cookie| is_name(&cookie.name));
    match handed.cookies.is_empty() || !plausible {
        true => Err(no_cookies("What was copied is not understood.")),
        false => Ok(handed),
    }
}

/// What is of use of a request's headers.
#[derive(Debug, Default)]
pub(super) struct Headers {
    cookies: Vec<Cookie>,
    user_agent: Option<String>,
    host: Option<String>,
    /// Where the page was that the request was made from: second best.
    from: Option<String>,
    /// The last header was a `Cookie`: a line that is none goes on with it, broken by a mail or an editor.
    open: bool,
}

impl Headers {
    /// Takes a line, and perhaps the next one, which holds its value; gives how many were taken.
    fn take(&mut self, line: &str, next: Option<&str>) -> usize {
        let line = line.trim_matches(AROUND);
        let behind = |options: &[&str]| {
            let rest = options.iter().find_map(|option| line.strip_prefix(option));
            rest.map(|rest| rest.trim_matches(AROUND))
        };
        if let Some(value) = behind(&["-b ", "--cookie "]) {
            self.cookies.extend(pairs(value));
            return 1;
        }
        let line = behind(&["-H ", "--header "]).unwrap_or(line);
        // HTTP/2's own headers begin with a colon.
        let (mark, rest) = match line.strip_prefix(':') {
            Some(rest) => (":", rest),
            None => ("", line),
        };
        let (name, value) = rest.split_once([':', '\t']).unwrap_or((rest, ""));
        let name = format!("{mark}{}", name.trim().to_ascii_lowercase());
        let (value, taken) = match (value.trim(), next) {
            ("", Some(next)) => (next.trim_matches(AROUND), 2),
            (value, _) => (value, 1),
        };
        if self.header(&name, value) {
            return taken;
        }
        if self.open && !rest.contains(':') && rest.contains('=') {
            self.cookies.extend(pairs(rest));
        } else {
            self.open = false;
        }
        1
    }

    /// Takes a header; tells whether it was one of use.
    pub(super) fn header(&mut self, name: &str, value: &str) -> bool {
        let of_address = |value: &str| host_of(value);
        match name {
            "cookie" => self.cookies.extend(pairs(value)),
            // One that was set: its first pair is the cookie.
            "set-cookie" => self
                .cookies
                .extend(pairs(value.split(';').next().unwrap_or_default())),
            "user-agent" => self.user_agent = Some(value.trim().to_owned()),
            "host" | ":authority" => self.host = of_address(value),
            "origin" | "referer" => self.from = of_address(value).or(self.from.take()),
            _ => return false,
        }
        self.open = name == "cookie";
        true
    }

    /// Takes a line `name: value`.
    pub(super) fn line(&mut self, line: &str) {
        let at = if line.starts_with(':') { 1 } else { 0 };
        if let Some((name, value)) = line[at..].split_once(':') {
            self.header(
                &format!("{}{}", &line[..at], name.trim().to_ascii_lowercase()),
                value,
            );
        }
    }

    /// More cookies, as `-b` gives them.
    pub(super) fn cookies(&mut self, value: &str) {
        self.cookies.extend(pairs(value));
    }

    /// The User-Agent, as `-A` gives it.
    pub(super) fn user_agent(&mut self, value: String) {
        self.user_agent = Some(value);
    }

    /// The address that the request was made to.
    pub(super) fn address(&mut self, address: &str) {
        self.host = host_of(address).or(self.host.take());
    }

    /// What a browser has handed over by this request: its cookies are those of its host.
    pub(super) fn handed(self) -> Handed {
        let host = self.host.or(self.from);
        let of = |cookie: Cookie| match &host {
            Some(host) if cookie.host.is_none() => cookie.under(host, false),
            _ => cookie,
        };
        Handed {
            cookies: self.cookies.into_iter().map(of).collect(),
            user_agent: self.user_agent,
            notes: Vec::new(),
        }
    }
}

/// Takes the value of a `Cookie` header apart (RFC 6265, "cookie-string"). Of several of one name the first is for the
/// longest path, and the one that servers take.
pub(super) fn pairs(value: &str) -> Vec<Cookie> {
    let mut cookies: Vec<Cookie> = Vec::new();
    for (name, value) in value.split(';').filter_map(|text| text.split_once('=')) {
        let name = name.trim();
        if !cookies.iter().any(|cookie| cookie.name == name) {
            cookies.push(Cookie::new(name, value.trim()));
        }
    }
    cookies
}

/// A name and a value with a tab between.
fn two_columns(line: &str) -> Option<Cookie> {
    let (name, value) = line.split_once('\t')?;
    (!value.contains('\t')).then(|| Cookie::new(name.trim(), value.trim()))
}
