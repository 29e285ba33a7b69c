//! What a key's name says about its value, where the value's shape does not speak against it.

use crate::environment::words::{ABOUT, CHOICES, ENDINGS, ENVIRONMENTS, OWN, SIGNS_IN_AT, TAIL};
use crate::environment::{Rule, shape};
use crate::sensitive::words_of;

/// Finds the rule that the name suggests and the value bears out.
pub(super) fn rule(key: &str, value: &str) -> Option<Rule> {
    let words = words_of(key);
    if is_record(&words) && shape::is_token(value) && !is_choice(value) {
        return Some(Rule::Record);
    }
    if OWN.iter().any(|own| words.iter().any(|word| word == own)) && names_environment(value) {
        return Some(Rule::Label);
    }
    let found = ending(&words)?;
    // `path` ends names of many things; a directory that is not told from its root on shows a slash at least.
    let any_path = found == Rule::Directory && words.last().is_some_and(|word| word == "path");
    let bare_word = any_path && !value.contains(['/', '\\']);
    (!bare_word && fits(found, value)).then_some(found)
}

/// Finds the rule that the name alone suggests.
pub(super) fn suggested(key: &str) -> Option<Rule> {
    let words = words_of(key);
    if is_record(&words) {
        return Some(Rule::Record);
    }
    ending(&words)
}

/// `….defaultValue.studentRoleID`: a record that a connector enters where its file has none.
fn is_record(words: &[String]) -> bool {
    let default = words
        .windows(2)
        .position(|pair| pair[0] == "default" && pair[1] == "value");
    default.is_some_and(|at| at + 2 < words.len()) && words.last().is_some_and(|word| word == "id")
}

fn ending(words: &[String]) -> Option<Rule> {
    let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
    let is_about = |word: &&str| ABOUT.contains(word);
    let short = |word: &&str| word.chars().all(char::is_numeric) || TAIL.contains(word);
    while words.len() > 1 && words.last().is_some_and(short) {
        words.pop();
    }
    let by_length = ENDINGS.iter().filter(|(_, ending)| words.ends_with(ending));
    let (rule, ending) = match by_length.max_by_key(|(_, ending)| ending.len()) {
        Some((rule, ending)) => (*rule, ending.len()),
        None if words.last() == Some(&"user") && words.iter().any(|word| SIGNS_IN_AT.contains(word)) => {
            (Rule::Account, 1)
        }
        None => return None,
    };
    // A verb or a word that measures makes it speak about such a value; within the ending it is part of its name.
    (!words[..words.len() - ending].iter().any(is_about)).then_some(rule)
}

fn fits(rule: Rule, value: &str) -> bool {
    if is_choice(value) || shape::is_class(value) {
        return false;
    }
    let number = shape::is_number(value);
    match rule {
        Rule::Port => value.parse::<u16>().is_ok_and(|port| port > 0),
        Rule::Host => !number && shape::is_bare_host(value),
        // An address or a mail address has a shape of its own: without it, it is something else.
        Rule::Address | Rule::Mail | Rule::Encrypted | Rule::Record => false,
        Rule::Tenant | Rule::Account | Rule::Database => !number && shape::is_token(value),
        Rule::Directory => !number && shape::is_relative_directory(value),
        Rule::Trust => value.chars().count() >= 4 && !value.contains(char::is_whitespace) && !number,
        Rule::PublicKey => value.len() >= 64 && !value.contains(char::is_whitespace),
        Rule::Label => !number,
    }
}

fn is_choice(value: &str) -> bool {
    CHOICES.iter().any(|choice| choice.eq_ignore_ascii_case(value))
}

fn names_environment(value: &str) -> bool {
    value
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| ENVIRONMENTS.iter().any(|name| name.eq_ignore_ascii_case(word)))
}
