//! Cuts a key's name into its words: `samlKeystorePassword`, `SFTP_PASSWD1` and `ftppassword` alike.

use crate::sensitive::rules::{INNOCENT_WORDS, PASS_OF, STEMS};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Upper,
    Lower,
    Digit,
    Other,
}

fn class(c: char) -> Class {
    match c {
        c if c.is_numeric() => Class::Digit,
        c if c.is_uppercase() => Class::Upper,
        c if c.is_alphabetic() => Class::Lower,
        _ => Class::Other,
    }
}

/// Gives the words of a name, in lower case; numbers are words of their own.
pub(crate) fn of(name: &str) -> Vec<String> {
    let chars: Vec<char> = name.chars().collect();
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for (at, &c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).map_or(Class::Other, |at| class(chars[at]));
        let after = chars.get(at + 1).map_or(Class::Other, |&c| class(c));
        let begins = match (before, class(c)) {
            (Class::Upper, Class::Lower) => false,
            // The last capital of `APIKey` begins the next word.
            (Class::Upper, Class::Upper) => after == Class::Lower,
            (before, this) => before != this,
        };
        if begins && !word.is_empty() {
            split(std::mem::take(&mut word), &mut words);
        }
        if class(c) != Class::Other {
            word.extend(c.to_lowercase());
        }
    }
    if !word.is_empty() {
        split(word, &mut words);
    }
    words
}

/// Cuts a word at the secret word inside it: `ftppassword`, `dbpass`.
fn split(word: String, words: &mut Vec<String>) {
    if INNOCENT_WORDS.contains(&word.as_str()) {
        words.push(word);
        return;
    }
    let inside = STEMS.iter().filter_map(|stem| {
        word.find(stem)
            .map(|at| (at, std::cmp::Reverse(stem.len()), *stem))
    });
    if let Some((at, _, stem)) = inside.min() {
        if at > 0 {
            words.push(word[..at].to_owned());
        }
        words.push(stem.to_owned());
        match &word[at + stem.len()..] {
            "" | "s" => {}
            rest => split(rest.to_owned(), words),
        }
        return;
    }
    for short in ["pass", "pw"] {
        if let Some(of) = word.strip_suffix(short).filter(|of| PASS_OF.contains(of)) {
            words.extend([of.to_owned(), short.to_owned()]);
            return;
        }
    }
    words.push(word);
}
