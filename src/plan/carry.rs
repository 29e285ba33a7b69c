//! What a text field of a page cannot carry.

/// Says, as the end of a sentence, what of a text a browser would change on its way through a text field; nothing
/// when it would arrive as it is.
///
/// Source: WHATWG HTML. The parser replaces NUL, and a text field's value has CR only as part of a line end.
pub(super) fn lost(text: &str) -> Option<String> {
    let (at, what) = text.char_indices().find_map(|(at, c)| match c {
        '\0' => Some((at, "a NUL character")),
        '\r' => Some((at, "a carriage return that is no line end")),
        _ => None,
    })?;
    let line = text[..at].matches('\n').count() + 1;
    Some(format!(
        "line {line} holds {what}, which a text field of a page cannot carry"
    ))
}
