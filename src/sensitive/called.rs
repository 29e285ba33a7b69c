//! What people call a secret: `SFTP password`, `client secret`.

use crate::sensitive::rules::KEY_OF;
use crate::sensitive::words;

/// What a secret is of, where a word of its name says so.
const OF: &[(&str, &str)] = &[
    ("ftp", "SFTP"),
    ("sftp", "SFTP"),
    ("pgp", "PGP"),
    ("gpg", "PGP"),
    ("ssh", "SSH"),
    ("ldap", "LDAP"),
    ("db", "database"),
    ("jdbc", "database"),
    ("database", "database"),
    ("smtp", "mail"),
    ("mail", "mail"),
    ("proxy", "proxy"),
    ("keystore", "keystore"),
    ("truststore", "truststore"),
    ("client", "client"),
    ("shared", "shared"),
    ("api", "API"),
    ("repository", "repository"),
];

/// What the secret itself is.
const NOUNS: &[(&str, &str)] = &[
    ("password", "password"),
    ("passwort", "password"),
    ("kennwort", "password"),
    ("passwd", "password"),
    ("pass", "password"),
    ("pwd", "password"),
    ("pw", "password"),
    ("passcode", "passcode"),
    ("passphrase", "passphrase"),
    ("keyring", "keyring"),
    ("token", "token"),
    ("secret", "secret"),
    ("credential", "credentials"),
    ("privatekey", "private key"),
    ("apikey", "API key"),
    ("secretkey", "secret key"),
    ("pin", "PIN"),
];

/// Names a key's value as people do, with a capital; `Encrypted value` where its name says nothing.
pub fn called(key: &str) -> String {
    let words = words::of(key);
    let find = |table: &[(&str, &'static str)], word: &String| {
        let found = table.iter().find(|(name, _)| name == word);
        found.map(|(_, called)| *called)
    };
    let noun = words.iter().enumerate().rev().find_map(|(at, word)| {
        let key_of = at.checked_sub(1).map(|before| words[before].as_str());
        match key_of.filter(|of| word == "key" && KEY_OF.contains(of)) {
            Some("api") => Some((at - 1, "API key".to_owned())),
            Some(of) => Some((at - 1, format!("{of} key"))),
            None => find(NOUNS, word).map(|noun| (at, noun.to_owned())),
        }
    });
    let Some((at, mut noun)) = noun else {
        return "Encrypted value".to_owned();
    };
    if noun == "keyring" && words[..at].iter().any(|word| word == "secret") {
        noun = "secret keyring".to_owned();
    }
    let of = words[..at].iter().rev().find_map(|word| find(OF, word));
    let called = of.map_or(noun.clone(), |of| format!("{of} {noun}"));
    let mut letters = called.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}
