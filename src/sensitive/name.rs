//! What a key's name says about its value.

use crate::sensitive::rules::{
    ABOUT, ABOUT_ANYWHERE, ABOUT_BEFORE, KEY_OF, KNOWN, NEUTRAL, OPAQUE_KEYS_IN, PASS_OF, PUBLIC, SHORT,
    SHORTEST_PUBLIC_KEY, STEMS, VERBS,
};
use crate::sensitive::words;

/// What a name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Its last word means a secret: `connector.ftp.password`, `secret2`.
    Secret,
    /// It has to do with a secret: `password.ftp`, `usePassword`; the value decides.
    Related,
    /// Nothing secret; also names that are about secrets, such as `token.expiry`.
    Innocent,
}

/// Judges a name by its words.
pub(crate) fn verdict(name: &str) -> Verdict {
    let words: Vec<String> = words::of(name)
        .into_iter()
        .filter(|word| !is_number(word))
        .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let Some(last) = (0..words.len()).rev().find(|&at| is_secret_word(&words, at)) else {
        return Verdict::Innocent;
    };
    let (before, behind) = (&words[..last], &words[last + 1..]);
    let about = before.iter().any(|word| ABOUT_BEFORE.contains(word))
        || behind.iter().any(|word| ABOUT_ANYWHERE.contains(word))
        || behind.last().is_some_and(|word| ABOUT.contains(word));
    if about {
        return Verdict::Innocent;
    }
    let switch = before.last().is_some_and(|word| VERBS.contains(word));
    if behind.iter().all(|word| NEUTRAL.contains(word)) && !switch {
        Verdict::Secret
    } else {
        Verdict::Related
    }
}

fn is_secret_word(words: &[&str], at: usize) -> bool {
    let word = words[at];
    let before = at.checked_sub(1).map(|before| words[before]);
    let last = at + 1 == words.len();
    let is_public = before.is_some_and(|before| PUBLIC.contains(&before));
    match word {
        "keyring" => !is_public,
        "key" => before.is_some_and(|before| KEY_OF.contains(&before)),
        "pass" => last && before.is_none_or(|before| PASS_OF.contains(&before)),
        "pin" | "salt" => last,
        _ => STEMS.contains(&word) || SHORT.contains(&word),
    }
}

/// Tells whether the key is one of those that are known to be encrypted.
pub(crate) fn is_known(key: &str) -> bool {
    let key = key.trim().to_ascii_lowercase();
    KNOWN.iter().any(|pattern| match pattern.strip_prefix('*') {
        Some(end) => key.len() > end.len() && key.ends_with(end),
        None => key == *pattern,
    })
}

/// Tells whether a key of this document is secret as soon as its value looks like ciphertext of this length. Not what is
/// public: by its name, or an encryption key long enough to be a public one.
pub(crate) fn is_opaque_in(document: &str, key: &str, length: usize) -> bool {
    let name = document.rsplit('/').next().unwrap_or(document);
    let name: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_ascii_lowercase();
    if !OPAQUE_KEYS_IN.contains(&name.as_str()) {
        return false;
    }
    let words = words::of(key);
    let mut from_last = words
        .iter()
        .rev()
        .map(String::as_str)
        .filter(|word| !is_number(word));
    from_last.next() == Some("key")
        && from_last.next().is_none_or(|before| {
            let public = before == "encryption" && length >= SHORTEST_PUBLIC_KEY;
            !PUBLIC.contains(&before) && !public
        })
}

fn is_number(word: &str) -> bool {
    word.chars().all(char::is_numeric)
}
