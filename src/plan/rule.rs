//! What becomes of one key: which line it gets, and whether its value waits.

use std::collections::{HashMap, HashSet};

use crate::backup::{Document, KeyOf};
use crate::plan::overlay::Spot;
use crate::plan::{Encrypted, KeyAt, Left, Manner, PlanInput, Wait, Why};
use crate::properties::{JavaText, Line, Occurrence, Properties};
use crate::sensitive::{Rules, Sensitivity, is_mask, masked_value};

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
    /// Keys that differ and cannot be changed.
    pub(super) sealed: Vec<Left>,
    /// Keys that differ because somebody has changed them since.
    pub(super) changed_since: Vec<Left>,
    /// Whether nothing of the document has changed, so that what it does not show has not, either.
    pub(super) untouched: bool,
    /// What a run that is taken back was putting there, by key; nothing where all of the document is taken back.
    put: Option<HashMap<(JavaText, usize), JavaText>>,
}

impl<'a> Rule<'a> {
    pub(super) fn new(input: &'a PlanInput<'a>, path: &'a str) -> Self {
        Self {
            input,
            path,
            left_out: HashSet::new(),
            entered: Vec::new(),
            waits: Vec::new(),
            sealed: Vec::new(),
            changed_since: Vec::new(),
            untouched: false,
            put: None,
        }
    }

    /// Takes back key by key, given what the run was putting into the document, if it has that.
    pub(super) fn take_back(&mut self, put: Option<&Document>) {
        let text = put.map(|put| put.text.replace("\r\n", "\n")).unwrap_or_default();
        let of = |o: Occurrence<'_>| ((o.entry.key.clone(), o.nth), o.entry.value.clone());
        let put = Properties::parse_leniently(&text);
        self.put = Some(put.occurrences().map(of).collect());
    }

    /// Tells whether a key is to be left, though it is not as it was archived, and notes why.
    fn is_left(&mut self, archived: Option<Occurrence<'_>>, live: Option<Occurrence<'_>>, key: &str) -> bool {
        let value = |o: Option<Occurrence<'_>>| o.map(|o| o.entry.value.clone());
        let Some(either) = archived.or(live).filter(|_| value(archived) != value(live)) else {
            return false;
        };
        let left = || Left {
            document: self.path.to_owned(),
            at: KeyAt {
                key: key.to_owned(),
                occurrence: either.nth,
            },
        };
        let of = || KeyOf {
            document: self.path.to_owned(),
            key: key.to_owned(),
        };
        let sealed = &self.input.habits.sealed;
        if !sealed.is_empty() && sealed.contains(&of()) {
            let left = left();
            self.sealed.push(left);
            return true;
        }
        let (Some(put), Manner::TakeBack { wrote, .. }) = (&self.put, self.input.manner) else {
            return false;
        };
        let by_the_run = wrote(self.path, key, either.nth);
        let was_put = put.get(&(either.entry.key.clone(), either.nth));
        let as_put = by_the_run && was_put == value(live).as_ref();
        if as_put || self.is_opaque(key, archived) || self.is_opaque(key, live) {
            // As the run left it; what is encrypted never reads as it was put, and has rules of its own.
            return false;
        }
        let left = left();
        self.changed_since.push(left);
        true
    }

    fn is_opaque(&self, key: &str, entry: Option<Occurrence<'_>>) -> bool {
        entry.is_some_and(|o| {
            let value = o.entry.value.to_string_lossy();
            is_masked(&value)
                || self.input.rules.classify(self.path, key, &value) == Some(Sensitivity::Encrypted)
        })
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
        if !self.input.selection.selects_key(self.path, &key) || self.is_left(archived, live, &key) {
            return keep;
        }
        if archived.is_none() && matches!(self.input.manner, Manner::Merge) {
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
        let of_another = (self.input.foreign)(self.path, &at.key, archived.nth, &value);
        let opaque = masked
            || of_another
            || self.input.rules.classify(self.path, &at.key, &value) == Some(Sensitivity::Encrypted);
        if value.is_empty() || !(opaque || masked_live) {
            return Some(archived.line.clone());
        }
        // A backup taken while a value waited holds what the refresh put there: that is no ciphertext of our own.
        let foreign =
            of_another || (self.input.entered)(self.path, &at.key, archived.nth, &value) == Some(false);
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
            _ if self.untouched && masked && masked_live && remembered != Some(false) => None,
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
pub(super) fn is_masked(value: &str) -> bool {
    is_mask(value) || value.contains(masked_value()) || holds_mask(value)
}

/// Tells whether a password inside a value is masked, as in `https://user:****@host`, `…;password=****`, `--password ****`,
/// `<password>****</password>` or `{"password":"****"}`.
fn holds_mask(value: &str) -> bool {
    let value = value.replace("%2A", "*").replace("%2a", "*");
    let masks = |c: char| matches!(c, '*' | '•' | '●' | '＊');
    let after_sign = value.split([':', '=', '/']).skip(1).any(|after| {
        let mask = after.chars().take_while(|c| masks(*c)).count();
        let next = after.chars().nth(mask);
        mask >= 3 && next.is_none_or(|c| "@&;,".contains(c))
    });
    let signs = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '=' | ':' | '>');
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-');
    let mut rest = value.as_str();
    let mut behind_a_name = false;
    while let Some(at) = rest.find(masks) {
        let (before, mask) = rest.split_at(at);
        let length = mask.find(|c| !masks(c)).unwrap_or(mask.len());
        let named = before.trim_end_matches(signs);
        let name = named.rsplit(|c| !is_part(c)).next().unwrap_or("");
        behind_a_name |= mask[..length].chars().count() >= 3
            && named.len() < before.len()
            && Rules::default().is_secret_name("", name);
        rest = &mask[length..];
    }
    after_sign || behind_a_name
}
