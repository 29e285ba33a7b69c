//! A command that DevTools copies as cURL. Nothing of it is run: only its address, cookies and User-Agent are taken.

use crate::cookies::header::Headers;
use crate::cookies::{Handed, host_of, no_cookies, shell};
use crate::error::{Error, Kind, Result};

/// Options of curl that take a word, beside those that are looked at.
const WITH_WORD: &[&str] = &[
    "-X",
    "--request",
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
/// Options that are looked at, and take a word.
const LOOKED_AT: &[&str] = &[
    "-H",
    "--header",
    "-A",
    "--user-agent",
    "-b",
    "--cookie",
    "-e",
    "--referer",
    "-K",
    "--config",
    "--url",
];

/// Gives the command in a text: some copy the prompt before it along, or the marks around a block of code.
pub(super) fn within(text: &str) -> Option<&str> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let begins = |from: usize| {
            let word = line[from..].split_whitespace().next().unwrap_or_default();
            word.eq_ignore_ascii_case("curl") || word.eq_ignore_ascii_case("curl.exe")
        };
        let blank = line.len() - line.trim_start().len();
        if begins(blank) {
            return Some(&text[at + blank..]);
        }
        // Behind the sign that a prompt ends with.
        let prompt = line
            .char_indices()
            .find(|(_, c)| matches!(c, '$' | '#' | '>' | '%'))
            .map(|(at, c)| at + c.len_utf8())
            .filter(|end| begins(*end));
        if let Some(end) = prompt {
            let rest = &line[end..];
            return Some(&text[at + end + (rest.len() - rest.trim_start().len())..]);
        }
        at += line.len();
    }
    None
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
        true => Err(no_cookies("This command sends no cookies.").hint(
            "copy a request that was made after signing in; some browsers leave cookies out of what they copy",
        )),
        false => Ok(all),
    }
}

fn one(words: &[String]) -> Result<Handed> {
    let mut headers = Headers::default();
    let mut notes = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let (option, joined) = split(word);
        let mut value = || {
            joined
                .map(str::to_owned)
                .or_else(|| words.next().cloned())
                .unwrap_or_default()
        };
        match option.as_str() {
            "-H" | "--header" => headers.line(&value()),
            "-A" | "--user-agent" => headers.user_agent(value()),
            "-e" | "--referer" => drop(headers.header("referer", &value())),
            "-b" | "--cookie" => {
                let value = value();
                if !value.contains('=') {
                    return Err(
                        reads_file("cookies").hint("hand that file over itself: `--cookies FILE` reads it")
                    );
                }
                headers.cookies(&value);
            }
            "-K" | "--config" => return Err(reads_file("options")),
            "--url" => headers.address(&value()),
            sends if WITH_WORD.contains(&sends) => {
                if let Some(file) = file_of(sends, &value()) {
                    notes.push(format!(
                        "The command would send the file `{file}`: it was not opened. Only the command's cookies are used."
                    ));
                }
            }
            flag if flag.starts_with('-') => {}
            plain if host_of(plain).is_some() => headers.address(plain),
            _ => {}
        }
    }
    let handed = headers.handed();
    Ok(Handed { notes, ..handed })
}

/// The file that an option would have sent, by curl's own rules of what names one.
fn file_of(option: &str, value: &str) -> Option<String> {
    let whole = |value: &str| value.strip_prefix('@').map(str::to_owned);
    let of_field = |value: &str| {
        let (_, file) = value.split_once("=@").or_else(|| value.split_once("=<"))?;
        Some(file.to_owned())
    };
    let file = match option {
        "-d" | "--data" | "--data-ascii" | "--data-binary" | "--json" => whole(value),
        "--data-urlencode" => whole(value),
        "-F" | "--form" => of_field(value),
        "-T" | "--upload-file" => Some(value.to_owned()),
        _ => None,
    };
    file.filter(|file| !file.is_empty())
}

/// Takes an option and the word that stands right behind it apart: `-bname=value`, `-sSLb`, `--cookie=…`.
fn split(word: &str) -> (String, Option<&str>) {
    let takes = |option: &str| WITH_WORD.contains(&option) || LOOKED_AT.contains(&option);
    if word.starts_with("--") {
        return match word.split_once('=') {
            Some((option, value)) if takes(option) => (option.to_owned(), Some(value)),
            _ => (word.to_owned(), None),
        };
    }
    if !word.starts_with('-') {
        return (word.to_owned(), None);
    }
    for (at, letter) in word.char_indices().skip(1) {
        let option = format!("-{letter}");
        if takes(&option) {
            let rest = &word[at + letter.len_utf8()..];
            return (option, Some(rest).filter(|rest| !rest.is_empty()));
        }
    }
    (word.to_owned(), None)
}

fn reads_file(what: &str) -> Error {
    Error::new(
        Kind::Usage,
        format!("The command takes its {what} from a file, which is not opened."),
    )
}
