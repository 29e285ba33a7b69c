//! Our reader of properties agrees with a JDK, and a text of which one key is set is read there with that key changed.

use std::io::Write;

use lmskeep::properties::{JavaText, Line, Properties};

use crate::fidelity::java::{self, Java, Loaded, Units, Verdict};
use crate::fidelity::stream::{Stream, fresh_seed, seed};
use crate::real::part;

/// How many texts are handed to Java at a time.
const BATCH: usize = 2_000;

/// The seed of the ordinary test: a change that breaks nothing must not fail.
const SEED: u64 = 3;

/// A text of the stream, and the same with one key set.
struct Sample {
    text: String,
    changed: Option<Changed>,
}

struct Changed {
    text: String,
    key: JavaText,
    value: JavaText,
}

impl Sample {
    fn next(stream: &mut Stream) -> Self {
        let text = stream.text();
        let value = JavaText::from(stream.value());
        let pick = stream.below(usize::MAX);
        let changed = Properties::parse(&text).ok().and_then(|mut properties| {
            let keys: Vec<JavaText> = properties.entries().map(|(_, key, _)| key.clone()).collect();
            let key = keys.get(pick.checked_rem(keys.len())?)?.clone();
            properties.set(&key, &value);
            let text = properties.to_string();
            Some(Changed { text, key, value })
        });
        Self { text, changed }
    }

    /// Says what is wrong, given what Java makes of both texts.
    fn fault(&self, java: &Verdict, java_changed: Option<&Verdict>) -> Option<String> {
        let Self { text, changed } = self;
        if Properties::parse_leniently(text).to_string() != *text {
            return Some("not every byte is kept".to_owned());
        }
        let (ours, loaded) = match (Properties::parse(text), java) {
            (Err(_), None) => return None,
            (Ok(ours), Some(loaded)) => (ours, loaded),
            (ours, _) => return Some(format!("Java: {java:?}\n  ours: {ours:?}")),
        };
        if ours.to_string() != *text {
            return Some("not every byte is kept".to_owned());
        }
        if entries(&ours) != loaded.entries {
            return Some(format!(
                "Java: {:x?}\n  ours: {:x?}",
                loaded.entries,
                entries(&ours)
            ));
        }
        let loses = |(key, value): (&Units, &Units)| {
            let ours = ours.get(&JavaText::from(key.clone()));
            ours.map(JavaText::units) != Some(value.as_slice())
        };
        if loaded.winners.iter().any(loses) {
            return Some("another of the duplicates wins in Java".to_owned());
        }
        let changed = changed.as_ref()?;
        changed.fault(&ours, loaded, java_changed?)
    }
}

impl Changed {
    fn fault(&self, before: &Properties, loaded: &Loaded, java: &Verdict) -> Option<String> {
        let Self { text, key, value } = self;
        let told = |what: &str| Some(format!("{key:?} set to {value:?} gives {text:?}: {what}"));
        let Some(java) = java else {
            return told("Java refuses it");
        };
        let mut wanted = loaded.entries.clone();
        let last = wanted.iter().rposition(|(k, _)| k == key.units())?;
        wanted[last].1 = value.units().to_vec();
        if java.entries != wanted {
            return told(&format!("Java reads {:x?}", java.entries));
        }
        let mut winners = loaded.winners.clone();
        winners.insert(key.units().to_vec(), value.units().to_vec());
        if java.winners != winners {
            return told("another of the duplicates was set");
        }
        let Ok(after) = Properties::parse(text) else {
            return told("we refuse it");
        };
        let (old, new) = (before.lines(), after.lines());
        let line = before.entries().nth(last)?.0;
        if old.len() != new.len() || (0..old.len()).any(|other| other != line && old[other] != new[other]) {
            return told("another line changed");
        }
        (!keeps_its_head(&old[line], &new[line]))
            .then(|| told("indentation, key, separator or terminator changed"))?
    }
}

fn entries(properties: &Properties) -> Vec<(Units, Units)> {
    properties
        .entries()
        .map(|(_, key, value)| (key.units().to_vec(), value.units().to_vec()))
        .collect()
}

/// Tells whether indentation, key, separator and terminator are still there; of a line that is not continued, since of
/// one that is, the value may have begun further down.
fn keeps_its_head(old: &Line, new: &Line) -> bool {
    let body = old.body();
    if body.ends_with('\\') || body.contains(['\n', '\r']) {
        return true;
    }
    let blank = [' ', '\t', '\u{c}'];
    let mut rest = body.trim_start_matches(blank);
    while let Some(c) = rest.chars().next().filter(|c| !" \t\u{c}=:".contains(*c)) {
        let escaped = rest.chars().nth(1).filter(|_| c == '\\');
        rest = &rest[c.len_utf8() + escaped.map_or(0, char::len_utf8)..];
    }
    let bare = rest.is_empty();
    rest = rest.trim_start_matches(blank);
    rest = rest.strip_prefix(['=', ':']).unwrap_or(rest);
    rest = rest.trim_start_matches(blank);
    let mut head = body[..body.len() - rest.len()].to_owned();
    if bare && new != old {
        // Nothing stood behind the key.
        head.push('=');
    }
    new.raw().starts_with(&head) && new.terminator() == old.terminator()
}

/// Compares so many texts of a stream, prints the figure, and fails where something differs.
fn judge(count: usize, seed: u64) {
    let mut java = Java::start();
    let mut stream = Stream::new(seed);
    let mut faults = Vec::new();
    let mut done = 0;
    while done < count {
        let samples: Vec<Sample> = (0..BATCH.min(count - done))
            .map(|_| Sample::next(&mut stream))
            .collect();
        let verdicts = java.read(samples.iter().map(|sample| sample.text.as_str()));
        let changed: Vec<&str> = samples
            .iter()
            .filter_map(|sample| Some(sample.changed.as_ref()?.text.as_str()))
            .collect();
        let mut of_changed = java.read(changed.into_iter()).into_iter();
        for (sample, verdict) in samples.iter().zip(&verdicts) {
            let of_changed = sample.changed.as_ref().and_then(|_| of_changed.next());
            if let Some(fault) = sample.fault(verdict, of_changed.as_ref()) {
                faults.push(format!("{:?}\n  {fault}", sample.text));
            }
        }
        done += samples.len();
    }
    // Not `eprintln!`: the test harness hides what a passing test prints.
    let line = format!("properties: {done} files, {} differences\n", faults.len());
    std::io::stderr().write_all(line.as_bytes()).unwrap();
    let shown = faults.len().min(20);
    assert!(
        faults.is_empty(),
        "{} of {done} differ (LMSKEEP_SEED={seed} gives the same again):\n{}",
        faults.len(),
        faults[..shown].join("\n")
    );
}

fn java_is_here() -> bool {
    part::is_here("a JDK, the judge of properties", &java::missing())
}

#[test]
fn properties_are_read_as_java_reads_them() {
    if java_is_here() {
        judge(20_000, seed().unwrap_or(SEED));
    }
}

#[test]
#[ignore = "takes minutes"]
fn long_properties_oracle() {
    if java_is_here() {
        judge(1_000_000, seed().unwrap_or_else(fresh_seed));
    }
}
