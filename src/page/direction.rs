//! The direction of a text, which a form can send with it (`dirname`).

use crate::page::form::Direction;

/// Gives the word a browser sends for a text of this direction.
pub(super) fn of_value(direction: Direction, value: &str) -> &'static str {
    match direction {
        Direction::Ltr => "ltr",
        Direction::Rtl => "rtl",
        Direction::Auto => first_strong(value).unwrap_or("ltr"),
    }
}

/// Gives the direction of the first letter that has one.
pub(super) fn first_strong(text: &str) -> Option<&'static str> {
    text.chars().find_map(|c| match c {
        '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' => {
            // Digits and most signs of these blocks are weak.
            (c.is_alphabetic()).then_some("rtl")
        }
        '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}' | '\u{200f}' => Some("rtl"),
        '\u{200e}' => Some("ltr"),
        c if c.is_alphabetic() => Some("ltr"),
        _ => None,
    })
}
