//! Texts with one key changed, and the judgement of what became of them.

use lmskeep::properties::{JavaText, Properties};

use crate::fidelity::stream::Stream;

/// Lines as configuration files have them, and what pages, forms and editors like to spoil.
const LINES: [&str; 40] = [
    "# PGP setup for decryption of input files",
    "#connector.old=/in/old",
    "! another sort of comment",
    "connector.pgp.enabled=true",
    "connector.ftp.server=sftp.example.com",
    "connector.ftp.userID = keeper",
    "connector.ftp.port:22",
    "connector.pgp.file.extension=.pgp",
    "empty=",
    "bare",
    "blank value=   ",
    "trailing=blanks   ",
    "tab=\ta\tb\t",
    "   indented=yes",
    "url=https://stage.example.com/learning?a=1&b=2&amp;c=3",
    "markup=<b>bold</b> &lt;i&gt; &nbsp; &#39; &bogus; <!-- no comment -->",
    "closing=</textarea></form><script>alert(1)</script>",
    "quotes=\"double\" 'single' `back`",
    "percent=100% %20 + %2B",
    "path=C:\\\\temp\\\\in",
    "list=one,\\\n    two,\\\n    three",
    "unicode=Größe, façade, 学习, ✓, 😀",
    "escaped=\\u00e9\\ud83d\\ude00",
    "nobreak=a\u{a0}b\u{2028}c\u{85}d",
    "bidi=\u{202e}abc\u{202c}",
    "bom=\u{feff}x",
    "class=com.example.learning.Connector$Inner",
    "threshold=0.7",
    "pool.size=16",
    "mail=John Doe<johndoe@contoso.com >",
    "sfuser.field.transform.data.SUPER.@NULLIFY@=NO_MANAGER",
    "cron=0 0/5 * * * ?",
    "same=first",
    "same=second",
    "form\u{c}feed=\u{b}x",
    "_charset_=UTF-8",
    "equals=a=b==c",
    "",
    "",
    " \t ",
];

/// A text in which one key is to change.
#[derive(Debug, Clone)]
pub(super) struct Change {
    /// The text as a page shows it: with LF.
    pub(super) before: String,
    /// The same with one key changed.
    pub(super) after: String,
}

impl Change {
    /// Changes a key of a document that somebody else has written; one that holds no keys gets one.
    pub(super) fn of(text: &str, encrypted: &[String]) -> Self {
        let before = text.to_owned();
        let lines: Vec<&str> = before.split_inclusive('\n').collect();
        let plain = |at: usize| {
            let follows = at > 0 && lines[at - 1].trim_end_matches('\n').ends_with('\\');
            let line = lines[at].trim_end_matches('\n');
            let (key, value) = line.split_once('=')?;
            let is_plain = !follows
                && matches!(value, "true" | "false")
                && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '.')
                && !encrypted.iter().any(|k| k == key)
                // What closes the way in, or tells whose the instance is, is another test's.
                && !key.to_lowercase().contains("successfactors");
            is_plain.then_some((at, key.len() + 1))
        };
        let found: Vec<(usize, usize)> = (0..lines.len()).filter_map(plain).collect();
        let Some((line, value)) = found.get(found.len() / 2).copied() else {
            let end = if before.is_empty() || before.ends_with('\n') {
                ""
            } else {
                "\n"
            };
            let after = format!("{before}{end}added=1\n");
            return Self { before, after };
        };
        let start: usize = lines[..line].iter().map(|l| l.len()).sum();
        let mut after = before.clone();
        let old = &lines[line].trim_end_matches('\n')[value..];
        after.replace_range(
            start + value..start + value + old.len(),
            "changed <by> a \"person\" & more",
        );
        Self { before, after }
    }
}

/// A stream of changes; the same seed gives the same stream.
pub(super) struct Texts(Stream);

impl Texts {
    pub(super) fn new(seed: u64) -> Self {
        Self(Stream::new(seed))
    }

    /// Gives the next one: every other text is wild, the others are like real ones.
    pub(super) fn next(&mut self) -> Change {
        loop {
            let text = match self.0.below(2) {
                0 => self.0.text(),
                _ => self.likely(),
            };
            // No page can show a NUL, and to it every line end is one.
            let before = text.replace('\0', "").replace("\r\n", "\n").replace('\r', "\n");
            let Ok(mut properties) = Properties::parse(&before) else {
                continue;
            };
            let keys: Vec<JavaText> = properties.entries().map(|(_, key, _)| key.clone()).collect();
            if keys.is_empty() {
                continue;
            }
            let key = &keys[self.0.below(keys.len())];
            let value: Vec<u16> = self.0.value().into_iter().filter(|unit| *unit != 0).collect();
            properties.set(key, &JavaText::from(value));
            let after = properties.to_string();
            if after != before {
                return Change { before, after };
            }
        }
    }

    /// Writes a text with line ends of every sort in no order, as files have them that many editors were at.
    pub(super) fn with_line_ends(&mut self, text: &str) -> String {
        let mut lines = text.split('\n');
        let mut mixed = lines.next().unwrap_or_default().to_owned();
        let mut last = "";
        for line in lines {
            // A CR before an LF would be one line end with it.
            let ends: &[&str] = if last == "\r" && mixed.ends_with('\r') {
                &["\r", "\r\n"]
            } else {
                &["\n", "\r\n", "\r"]
            };
            last = ends[self.0.below(ends.len())];
            mixed.push_str(last);
            mixed.push_str(line);
        }
        mixed
    }

    fn likely(&mut self) -> String {
        let count = match self.0.below(200) {
            0 => 400,
            1..20 => 40,
            _ => 8,
        };
        let mut text = String::new();
        for _ in 0..self.0.below(count) + 1 {
            text.push_str(LINES[self.0.below(LINES.len())]);
            text.push('\n');
        }
        if self.0.below(4) == 0 {
            text.pop();
        }
        text
    }
}

/// Says what is wrong with what the LMS holds after a change; `held` is what it held before.
pub(super) fn fault(change: &Change, held: &str, now: &str) -> Option<String> {
    let lines = |text: &str| text.replace("\r\n", "\n").replace('\r', "\n");
    if lines(held) != change.before {
        return Some(format!(
            "{held:?} is not what was laid there: {:?}",
            change.before
        ));
    }
    if lines(now) != change.after {
        return Some(format!(
            "{:?} became {now:?} instead of {:?}",
            change.before, change.after
        ));
    }
    let (Ok(old), Ok(new)) = (
        Properties::parse(&change.before),
        Properties::parse(&change.after),
    ) else {
        return None;
    };
    let entries = |properties: &Properties| -> Vec<(Vec<u16>, Vec<u16>)> {
        let units = |text: &JavaText| text.units().to_vec();
        properties
            .entries()
            .map(|(_, key, value)| (units(key), units(value)))
            .collect()
    };
    let (old, new) = (entries(&old), entries(&new));
    let differ = old.iter().zip(&new).filter(|(a, b)| a != b).count() + new.len().abs_diff(old.len());
    (differ != 1).then(|| {
        format!(
            "{differ} keys of {:?} differ in {:?}",
            change.before, change.after
        )
    })
}
