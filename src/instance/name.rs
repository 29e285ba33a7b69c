//! Names that people give, and the nearest one to a name mistyped.

use crate::error::{Error, Kind, Result};
use crate::selection::nearest;

/// Checks the name of an instance: lower-case letters, digits, `-`, `.`, `_`; a letter or digit first.
///
/// # Errors
/// [`Kind::Usage`] for any other name.
pub fn read_name(word: &str) -> Result<String> {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let good =
        word.chars().next().is_some_and(is_plain) && word.chars().all(|c| is_plain(c) || "-._".contains(c));
    if good {
        return Ok(word.to_owned());
    }
    let error = Error::new(
        Kind::Usage,
        format!(
            "`{word}` is no name for an instance: it takes lower-case letters, digits, `-`, `.` and `_`, and begins \
             with a letter or a digit."
        ),
    );
    let mended: String = word
        .to_lowercase()
        .chars()
        .map(|c| if is_plain(c) || "-._".contains(c) { c } else { '-' })
        .collect();
    let mended = mended.trim_start_matches(['-', '.', '_']).trim_end_matches('-');
    Err(if mended.is_empty() {
        error
    } else {
        error.hint(format!("a name it takes is `{mended}`"))
    })
}

/// Words the nearest names as a hint, such as "did you mean `stage` or `stage2`?"; `None` where nothing is near.
pub fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    suggest(&nearest(word, known))
}

/// Words names as a hint, whoever found them near; `None` where there is none.
pub fn suggest(names: &[impl AsRef<str>]) -> Option<String> {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{}`", name.as_ref())).collect();
    let (last, before) = quoted.split_last()?;
    Some(if before.is_empty() {
        format!("did you mean {last}?")
    } else {
        format!("did you mean {} or {last}?", before.join(", "))
    })
}
