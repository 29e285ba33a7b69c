//! A command that DevTools copies as cURL. Nothing of it is run: only its address, cookies and User-Agent are taken.

use url::Url;

use crate::cookies::header::{header, pairs};
use crate::cookies::{Cookie, Handed, no_cookies, shell};
use crate::error::{Error, Kind, Result};

/// Options of curl that take a word, beside those that are looked at.
const WITH_WORD: &[&str] = &[
    "-X",
    "--request",
    "-e",
    "--referer",
    "-d",
    "--data",
    "--data-raw",
    "--data-binary",
    "--data-ascii",
    "--data-urlencode",
    "--json",
    "-F",
    "--form",
    "--form-string",
    "-T",
    "--upload-file",
    "-u",
    "--user",
    "-x",
    "--proxy",
    "-o",
    "--output",
    "-m",
    "--max-time",
    "--connect-timeout",
    "-c",
    "--cookie-jar",
    "-w",
    "--write-out",
    "-E",
    "--cert",
    "--key",
    "--cacert",
    "--capath",
    "--resolve",
    "--connect-to",
    "--interface",
    "--retry",
    "--ciphers",
    "-r",
    "--range",
    "--noproxy",
    "-D",
    "--dump-header",
    "--max-redirs",
];
/// Those of them that send something.
const SENDS: &[&str] = &[
    "-d",
    "--data",
    "--data-binary",
    "--data-ascii",
    "--data-urlencode",
    "--json",
    "-F",
    "--form",
    "-T",
    "--upload-file",
];

/// Tells whether a text is a curl command.
pub(super) fn is_it(text: &str) -> bool {
    let first = text
        .split_whitespace()
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    matches!(first.as_str(), "curl" | "curl.exe")
}

/// Reads one command, or several.
pub(super) fn read(text: &str) -> Result<Handed> {
    let mut all = Handed::default();
    let words = shell::words(text);
    let is_curl = |word: &String| word.eq_ignore_ascii_case("curl") || word.eq_ignore_ascii_case("curl.exe");
    for command in words.split(is_curl).filter(|command| !command.is_empty()) {
        let one = one(command)?;
        all.cookies.extend(one.cookies);
        all.user_agent = one.user_agent.or(all.user_agent);
        all.notes.extend(one.notes);
    }
    match all.cookies.is_empty() {
        true => Err(no_cookies("This command sends no cookies.")
            .hint("copy a request that was made after signing in; some browsers leave cookies out of what they copy")),
        false => Ok(all),
    }
}

fn one(words: &[String]) -> Result<Handed> {
    let mut handed = Handed::default();
    let mut address = None;
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let (option, joined) = split(word);
        let mut value = || {
            joined
                .map(str::to_owned)
                .or_else(|| words.next().cloned())
                .unwrap_or_default()
        };
        match option {
            "-H" | "--header" => drop(header(&mut handed, &value())),
            "-A" | "--user-agent" => handed.user_agent = Some(value()),
            "-b" | "--cookie" => {
                let value = value();
                if !value.contains('=') {
                    return Err(reads_file(&value, "cookies")
                        .hint("hand that file over itself: `--cookies FILE` reads it"));
                }
                handed.cookies.extend(pairs(&value));
            }
            "-K" | "--config" => return Err(reads_file(&value(), "options")),
            "--url" => address = Url::parse(&value()).ok().or(address),
            sends if WITH_WORD.contains(&sends) => {
                let value = value();
                let file = value
                    .split_once('@')
                    .filter(|(name, _)| name.is_empty() || name.ends_with('='));
                let file = file.map(|(_, file)| file).filter(|_| SENDS.contains(&sends));
                if let Some(file) = file.or(matches!(sends, "-T" | "--upload-file").then_some(value.as_str()))
                {
                    handed.notes.push(format!(
                        "The command would send the file `{file}`: it was not opened. Only the command's cookies are used."
                    ));
                }
            }
            flag if flag.starts_with('-') => {}
            plain => address = Url::parse(plain).ok().filter(|url| url.has_host()).or(address),
        }
    }
    // The cookies of a request are those of its host, with no more known of them.
    if let Some(host) = address.as_ref().and_then(Url::host_str) {
        handed.cookies = handed
            .cookies
            .into_iter()
            .map(|c: Cookie| c.under(host, false))
            .collect();
    }
    Ok(handed)
}

/// A short option may have its word right behind it, as in `-bname=value`.
fn split(word: &str) -> (&str, Option<&str>) {
    let short = word.starts_with('-') && !word.starts_with("--") && word.is_char_boundary(2);
    if short && word.len() > 2 {
        let (option, rest) = word.split_at(2);
        let takes = WITH_WORD.contains(&option) || matches!(option, "-H" | "-A" | "-b" | "-K");
        return if takes { (option, Some(rest)) } else { (word, None) };
    }
    (word, None)
}

fn reads_file(file: &str, what: &str) -> Error {
    Error::new(
        Kind::Usage,
        format!("The command takes its {what} from the file `{file}`, which is not opened."),
    )
}
