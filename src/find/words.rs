//! Labels compared as people read them.

/// Folds case, blanks and a closing colon or ellipsis away.
fn folded(label: &str) -> String {
    let joined = label.split_whitespace().collect::<Vec<_>>().join(" ");
    joined.trim_end_matches([':', '…', '.']).trim().to_lowercase()
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
        let word = split_words(word);
        !word.is_empty() && text.contains(&format!(" {word} "))
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
