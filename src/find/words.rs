//! Labels compared as people read them.

/// Folds case, blanks, and what decorates a label away: `» Next »`, `[Edit]`, `Name:`. A label of signs only stays.
fn folded(label: &str) -> String {
    let joined = label.split_whitespace().collect::<Vec<_>>().join(" ");
    let plain = joined.trim_matches(|c: char| !c.is_alphanumeric());
    if plain.is_empty() {
        joined
    } else {
        plain.to_lowercase()
    }
}

/// Tells whether two texts are spellings of one name: `LMS Admin`, `LMS_ADMIN`.
pub fn same_name(one: &str, other: &str) -> bool {
    one == other || spelled(one) == spelled(other)
}

/// Folds what spellings of one name differ in: case, and blanks or signs between words.
pub(super) fn spelled(name: &str) -> String {
    let joined = name.split_whitespace().collect::<Vec<_>>().join("_");
    joined.replace('-', "_").to_lowercase()
}

/// Tells whether a label is one of the words, but for case, blanks and closing punctuation.
pub fn same_label(label: &str, words: &[String]) -> bool {
    let label = folded(label);
    !label.is_empty() && words.iter().any(|w| folded(w) == label)
}

/// Tells whether one of the words stands in a text as a word of its own; names such as `applyChanges_top` are
/// split where a new word begins.
pub fn speaks_of(text: &str, words: &[String]) -> bool {
    let text = format!(" {} ", split_words(text));
    words.iter().any(|word| {
        // Most words begin with another letter than any of the text's: this is asked of every control of every page.
        let first = word.chars().find(|c| c.is_alphanumeric());
        let Some(first) = first.and_then(|c| c.to_lowercase().next()) else {
            return false;
        };
        text.split(' ').any(|said| said.starts_with(first))
            && text.contains(&format!(" {} ", split_words(word)))
    })
}

/// `deleteFile.do?id=3` becomes `delete file do id 3`.
fn split_words(text: &str) -> String {
    let mut words = String::with_capacity(text.len() + 8);
    let mut lower_before = false;
    for letter in text.chars() {
        if !letter.is_alphanumeric() {
            words.push(' ');
            lower_before = false;
            continue;
        }
        if letter.is_uppercase() && lower_before {
            words.push(' ');
        }
        lower_before = letter.is_lowercase() || letter.is_numeric();
        words.extend(letter.to_lowercase());
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A number, a version, a date: more digits than letters.
pub(super) fn is_measure(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    digits > 0 && digits >= text.chars().filter(|c| c.is_alphabetic()).count()
}

/// Tells whether a name stands in a text as a word of its own.
pub(super) fn stands_in(text: &str, name: &str) -> bool {
    let part_of_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    text.match_indices(name).any(|(at, _)| {
        !part_of_word(text[..at].chars().next_back()) && !part_of_word(text[at + name.len()..].chars().next())
    })
}
