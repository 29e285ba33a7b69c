//! What becomes of one key: which line it gets, and whether its value waits.

use std::collections::HashSet;

use crate::plan::overlay::Spot;
use crate::plan::{Encrypted, KeyAt, PlanInput, Wait, Warning, Why};
use crate::properties::{JavaText, Line, Occurrence};
use crate::sensitive::{Sensitivity, is_mask, masked_value};

/// Decides for the keys of one document, and notes what a person should know.
pub(super) struct Rule<'a> {
    input: &'a PlanInput<'a>,
    path: &'a str,
    /// Keys of which an entry was left out.
    left_out: HashSet<JavaText>,
    /// Keys whose real value is written.
    pub(super) entered: Vec<KeyAt>,
    /// Values that must still be entered, each with its place in the archived text.
    waits: Vec<(usize, Wait)>,
    /// Masks that are kept.
    pub(super) warnings: Vec<Warning>,
}

impl<'a> Rule<'a> {
    pub(super) fn new(input: &'a PlanInput<'a>, path: &'a str) -> Self {
        Self {
            input,
            path,
            left_out: HashSet::new(),
            entered: Vec::new(),
            waits: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// Gives the line that an entry gets; none where the key is to be left out.
    ///
    /// Three questions, in this order: is the key meant, is its archived value one that cannot just be copied, and
    /// what was asked for such values. The duplicates of a key must be asked for in their order.
    pub(super) fn line(
        &mut self,
        archived: Option<Occurrence<'_>>,
        live: Option<Occurrence<'_>>,
    ) -> Option<Line> {
        let keep = live.map(|o| o.line.clone());
        let key = archived.or(live)?.entry.key.to_string_lossy();
        if !self.input.selection.selects_key(self.path, &key) {
            return keep;
        }
        let archived = archived?;
        let at = KeyAt {
            key,
            occurrence: archived.nth,
        };
        let given = |at: &KeyAt| (self.input.given)(self.path, &at.key, at.occurrence);
        if self.left_out.contains(&archived.entry.key) {
            // Without the entry before it, it would be taken for that one: the n-th goes with the n-th.
            self.wait(&archived, at, Why::Missing);
            return None;
        }
        let value = archived.entry.value.to_string_lossy();
        let current = live.map(|o| o.entry.value.to_string_lossy());
        let masked = is_masked(&value);
        let masked_live = current.as_deref().is_some_and(is_masked);
        let remembered = current
            .as_deref()
            .and_then(|v| (self.input.entered)(self.path, &at.key, archived.nth, v));
        let equal = live.is_some_and(|live| live.line == archived.line) && !masked;
        if equal && remembered != Some(false) && self.input.encrypted != Encrypted::Clear {
            // Nothing can change or wait here: judging thousands of equal lines is what takes time.
            return keep;
        }
        let opaque =
            masked || self.input.rules.classify(self.path, &at.key, &value) == Some(Sensitivity::Encrypted);
        if value.is_empty() || !(opaque || masked_live) {
            return Some(archived.line.clone());
        }
        // A backup taken while a value waited holds what the refresh put there: that is no ciphertext of our own.
        let foreign = (self.input.entered)(self.path, &at.key, archived.nth, &value) == Some(false);
        let why = match (self.input.encrypted, current.as_deref()) {
            (Encrypted::Keep, _) if remembered == Some(true) => None,
            (Encrypted::Clear, _) if opaque => {
                self.wait(&archived, at, Why::Cleared);
                return Some(archived.line.with_value(&JavaText::default()));
            }
            (Encrypted::Archived, _) if !masked && !foreign => return Some(archived.line.clone()),
            // Equal to the backup, but the backup itself was taken while it waited.
            _ if remembered == Some(true) => None,
            (_, Some(current)) if current == value && !masked => {
                (remembered == Some(false)).then_some(Why::Kept)
            }
            _ if masked || masked_live => Some(Why::Mask),
            (_, None) => Some(Why::Missing),
            (_, Some(_)) => Some(Why::Kept),
        };
        if let Some(value) = given(&at).filter(|_| why.is_some()) {
            let line = live.unwrap_or(archived).line.with_value(&value.expose().into());
            self.entered.push(at);
            return Some(line);
        }
        if keep.is_none() {
            self.left_out.insert(archived.entry.key.clone());
        }
        if masked_live {
            self.warnings.push(Warning::Mask { at: Some(at.clone()) });
        }
        if let Some(why) = why {
            self.wait(&archived, at, why);
        }
        keep
    }

    /// The same for a spot of an overlay, whichever text gives the order.
    pub(super) fn line_at(&mut self, spot: Spot<'_>, layout_is_archived: bool) -> Option<Line> {
        if layout_is_archived {
            self.line(spot.layout, spot.over)
        } else {
            self.line(spot.over, spot.layout)
        }
    }

    /// The values that must still be entered, in the order of the archived text.
    pub(super) fn waits(&mut self) -> Vec<Wait> {
        self.waits.sort_by_key(|(place, _)| *place);
        self.waits.drain(..).map(|(_, wait)| wait).collect()
    }

    fn wait(&mut self, archived: &Occurrence<'_>, at: KeyAt, why: Why) {
        let (document, KeyAt { key, occurrence }) = (self.path.to_owned(), at);
        self.waits.push((
            archived.index,
            Wait {
                document,
                key,
                occurrence,
                why,
            },
        ));
    }
}

/// Tells whether a value is a mask, one of another program or one of our own, or holds one where a password stands.
fn is_masked(value: &str) -> bool {
    is_mask(value) || value.contains(masked_value()) || holds_mask(value)
}

/// Tells whether a password inside a value is masked, as in `https://user:****@host` or `…;password=****`.
fn holds_mask(value: &str) -> bool {
    let masks = |c: char| c == '*' || c == '•';
    value.split([':', '=', '/']).skip(1).any(|after| {
        let mask = after.chars().take_while(|c| masks(*c)).count();
        let next = after.chars().nth(mask);
        mask >= 3 && next.is_none_or(|c| "@&;,".contains(c))
    })
}
