//! The seal of an integration with BizX: keys of a file that no save changes.

use crate::practice::settings::{self, Setting};

/// Gives the first of these keys whose value another text would change, bring in or take away.
pub(super) fn broken<'k>(keys: &'k [String], stored: &str, sent: &str) -> Option<&'k String> {
    keys.iter()
        .find(|key| settings::value_of(stored, key) != settings::value_of(sent, key))
}

/// Gives the sent text with these keys as they are stored: where one was taken away, its line comes back at the end.
pub(super) fn kept(keys: &[String], stored: &str, sent: &str) -> String {
    let held = settings::read(stored);
    let held = |key: &str| held.iter().rev().find(|setting| setting.key == key);
    let sealed: Vec<Setting> = settings::read(sent)
        .into_iter()
        .filter(|setting| keys.contains(&setting.key))
        .collect();
    let mut out = String::with_capacity(sent.len());
    let mut copied = 0;
    for setting in &sealed {
        out.push_str(&sent[copied..setting.line.start]);
        copied = setting.line.end;
        match held(&setting.key) {
            Some(own) if own.value == setting.value => out.push_str(&sent[setting.line.clone()]),
            Some(own) => out.push_str(&stored[own.line.clone()]),
            // No empty line is left where it stood.
            None => copied += usize::from(sent[copied..].starts_with('\n')),
        }
    }
    out.push_str(&sent[copied..]);
    for own in keys.iter().filter_map(|key| held(key)) {
        if sealed.iter().all(|setting| setting.key != own.key) {
            if !(out.is_empty() || out.ends_with('\n')) {
                out.push('\n');
            }
            out.push_str(&stored[own.line.clone()]);
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
#[path = "seal_tests.rs"]
mod tests;
