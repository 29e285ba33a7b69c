//! Whether a form came back as a browser sends it.

use crate::practice::guard::TOKEN_NAME;
use crate::practice::visit::Visit;

/// What a form sends when a browser submits it.
pub(super) struct Form<'f> {
    /// Fields with the value they were given.
    pub(super) fixed: &'f [(&'f str, &'f str)],
    /// Fields whose value a person may change.
    pub(super) free: &'f [&'f str],
    /// Buttons with their values; the pressed one is sent, no other.
    pub(super) buttons: &'f [(&'f str, &'f str)],
}

impl Form<'_> {
    /// The button that was pressed, if every field came once, with no field beside them.
    pub(super) fn pressed(&self, visit: &Visit) -> Option<&str> {
        (!visit.multipart).then(|| self.button(visit)).flatten()
    }

    /// The same for a form that carries files, with one field of that name that is a file.
    pub(super) fn pressed_with_file(&self, visit: &Visit, file: &str) -> Option<&str> {
        let one = matches!(visit.files.as_slice(), [sent] if sent.name == file);
        (visit.multipart && one).then(|| self.button(visit)).flatten()
    }

    fn button(&self, visit: &Visit) -> Option<&str> {
        let fixed = self
            .fixed
            .iter()
            .all(|(name, value)| visit.field(name) == Some(value));
        let once = self
            .fixed
            .iter()
            .map(|(name, _)| name)
            .chain(self.free)
            .all(|name| visit.count(name) == 1);
        let mut pressed = self.buttons.iter().filter(|(name, _)| visit.count(name) > 0);
        let (name, value) = pressed.next()?;
        let one = pressed.next().is_none() && visit.count(name) == 1 && visit.field(name) == Some(value);
        let known = visit.fields.iter().all(|(sent, _)| {
            sent == TOKEN_NAME
                || sent == name
                || self.free.contains(&sent.as_str())
                || self.fixed.iter().any(|(fixed, _)| fixed == sent)
        });
        (fixed && once && one && known).then_some(*name)
    }
}
