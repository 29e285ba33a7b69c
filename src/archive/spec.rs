//! How a person names a backup, `NAME[@BACKUP]`, and which backup that is. Pure: the list and the time zone are
//! handed in.

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::archive::Listed;
use crate::backup::BackupKind;
use crate::error::{Error, Kind, Result};

/// How many names or backups a message offers.
const OFFERED: usize = 3;

/// Names of devices that Windows knows in every folder.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// A backup as a person names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spec {
    /// The instance's name.
    pub instance: String,
    /// Which of its backups.
    pub which: Which,
}

/// The part behind the `@`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// `latest` (0), or so many before it: `latest~2`.
    Latest(usize),
    /// The beginning of an id, in lower case.
    Id(String),
    /// The newest at the end of that day, in the local time zone.
    Day(Date),
}

/// The backup that was meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// It.
    pub listed: Listed,
    /// A sentence to show where it is another kind of backup than one would expect.
    pub note: Option<String>,
}

impl Spec {
    /// Reads `NAME[@BACKUP]`; without `@BACKUP`, `latest` is meant.
    ///
    /// # Errors
    /// [`Kind::Usage`] for a name that is no instance's, and for a BACKUP of none of the forms.
    pub fn parse(words: &str) -> Result<Self> {
        let (instance, which) = match words.split_once('@') {
            Some((instance, which)) => (instance, Which::parse(which)?),
            None => (words, Which::Latest(0)),
        };
        check_instance_name(instance)?;
        Ok(Self {
            instance: instance.to_owned(),
            which,
        })
    }
}

impl Which {
    /// Reads `latest`, `latest~2`, `2026-11-03` or the beginning of an id.
    ///
    /// # Errors
    /// [`Kind::Usage`] for anything else.
    pub fn parse(words: &str) -> Result<Self> {
        if words == "latest" {
            return Ok(Which::Latest(0));
        }
        if let Some(back) = words
            .strip_prefix("latest~")
            .and_then(|digits| digits.parse().ok())
        {
            return Ok(Which::Latest(back));
        }
        if words.len() == "2026-11-03".len()
            && let Ok(day) = words.parse()
        {
            return Ok(Which::Day(day));
        }
        let id = words.to_ascii_lowercase();
        if (1..=16).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Ok(Which::Id(id));
        }
        Err(Error::new(Kind::Usage, format!("`{words}` names no backup."))
            .hint("name it by `latest`, `latest~2`, a day as `2026-11-03`, or the beginning of its id"))
    }
}

/// Tells whether a text can be an instance's name: lower-case letters, digits, `-`, `.`, `_`; the first a letter or
/// digit, the last no dot; at most 64; no device of Windows. So it is a folder's name everywhere.
pub fn is_instance_name(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name);
    let numbered = |device: &str| {
        stem.strip_prefix(device)
            .is_some_and(|rest| rest.len() == 1 && rest.bytes().all(|b| b.is_ascii_digit()))
    };
    (1..=64).contains(&name.len())
        && name
            .bytes()
            .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_'))
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && !name.ends_with('.')
        && !DEVICES.contains(&stem)
        && !numbered("com")
        && !numbered("lpt")
}

/// Refuses a name that can be no instance's.
///
/// # Errors
/// [`Kind::Usage`], with what a name is made of.
pub fn check_instance_name(name: &str) -> Result<()> {
    if is_instance_name(name) {
        return Ok(());
    }
    Err(Error::new(
        Kind::Usage,
        format!("`{name}` cannot be the name of an instance."),
    )
    .hint("a name is made of lower-case letters, digits, `-`, `.` and `_`, as `stage` or `acme-prod`"))
}

/// Finds the newest backup of an instance that is of this kind.
pub fn newest<'a>(all: &'a [Listed], instance: &str, kind: BackupKind) -> Option<&'a Listed> {
    all.iter()
        .filter(|listed| listed.instance == instance && listed.kind == kind)
        .max_by_key(|listed| listed.taken)
}

/// Chooses the backup that is meant out of all there are.
///
/// `latest` and days choose complete, ordinary backups; where there is none, partial ones, and the note says so.
/// Safety backups and those taken after a refresh are chosen by id only.
///
/// # Errors
/// [`Kind::Usage`] where there is no such backup (the nearest are offered) or several have that beginning of an id.
pub fn resolve(all: &[Listed], spec: &Spec, zone: &TimeZone) -> Result<Resolved> {
    let mut own: Vec<&Listed> = all
        .iter()
        .filter(|listed| listed.instance == spec.instance)
        .collect();
    own.sort_by_key(|listed| listed.taken);
    if own.is_empty() {
        return Err(no_backup_at_all(all, &spec.instance));
    }
    match &spec.which {
        Which::Id(prefix) => by_id(&own, spec, prefix),
        Which::Latest(back) => by_age(&own, spec, *back, "", |_| true),
        Which::Day(day) => {
            let next = day
                .checked_add(1.day())
                .and_then(|next| next.to_zoned(zone.clone()));
            let end = next.map_err(|cause| {
                Error::new(Kind::Usage, format!("`{day}` is a day beyond the calendar.")).caused_by(cause)
            })?;
            by_age(&own, spec, 0, &format!(" at the end of {day}"), |listed| {
                listed.taken < end.timestamp()
            })
        }
    }
}

fn by_id(own: &[&Listed], spec: &Spec, prefix: &str) -> Result<Resolved> {
    let found: Vec<&Listed> = own
        .iter()
        .copied()
        .filter(|listed| listed.id.starts_with(prefix))
        .collect();
    match found.as_slice() {
        [one] => Ok(Resolved {
            listed: (*one).clone(),
            note: None,
        }),
        [] => {
            let mut near = own.to_vec();
            near.sort_by_key(|listed| std::cmp::Reverse(common_beginning(&listed.id, prefix)));
            let message = format!("There is no backup `{}@{prefix}`.", spec.instance);
            Err(offer(Error::new(Kind::Usage, message), &near))
        }
        several => {
            let message = format!("The ids of {} backups begin with `{prefix}`.", several.len());
            Err(several
                .iter()
                .fold(Error::new(Kind::Usage, message), |error, listed| {
                    error.hint(offer_of(listed))
                }))
        }
    }
}

fn by_age(
    own: &[&Listed],
    spec: &Spec,
    back: usize,
    when: &str,
    counts: impl Fn(&Listed) -> bool,
) -> Result<Resolved> {
    let of_kind = |kind: BackupKind| -> Vec<&Listed> {
        own.iter()
            .copied()
            .filter(|listed| listed.kind == kind && counts(listed))
            .collect()
    };
    let instance = &spec.instance;
    let ordinary = of_kind(BackupKind::Ordinary);
    let (candidates, note) = if ordinary.is_empty() {
        let note =
            format!("`{instance}` has no complete, ordinary backup{when}; its newest partial one is taken.");
        (of_kind(BackupKind::Partial), Some(note))
    } else {
        (ordinary, None)
    };
    if candidates.is_empty() {
        let message = format!("`{instance}` has no complete, ordinary backup{when}, and no partial one.");
        let mut near: Vec<&Listed> = own.to_vec();
        if when.is_empty() {
            near.reverse();
        }
        return Err(offer(Error::new(Kind::Usage, message), &near));
    }
    match candidates.iter().rev().nth(back) {
        Some(listed) => Ok(Resolved {
            listed: (*listed).clone(),
            note,
        }),
        None => {
            let message = format!(
                "`{instance}@latest~{back}` does not exist: the oldest is `latest~{}`.",
                candidates.len() - 1
            );
            Err(offer(Error::new(Kind::Usage, message), &candidates))
        }
    }
}

fn no_backup_at_all(all: &[Listed], instance: &str) -> Error {
    let mut names: Vec<&str> = all.iter().map(|listed| listed.instance.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names.retain(|name| strsim::damerau_levenshtein(name, instance) <= 2);
    let error = Error::new(Kind::Usage, format!("There is no backup of `{instance}`."));
    let error = names
        .iter()
        .take(OFFERED)
        .fold(error, |error, name| error.hint(format!("did you mean `{name}`?")));
    error.hint(format!("lmskeep backup {instance}"))
}

fn offer(error: Error, near: &[&Listed]) -> Error {
    let error = near
        .iter()
        .take(OFFERED)
        .fold(error, |error, listed| error.hint(offer_of(listed)));
    match near.first() {
        Some(listed) => error.hint(format!("lmskeep list {}", listed.instance)),
        None => error,
    }
}

fn offer_of(listed: &Listed) -> String {
    let Listed {
        instance,
        taken,
        kind,
        id,
    } = listed;
    format!(
        "`{instance}@{id}` ({}, taken {})",
        kind.word(),
        taken.strftime("%Y-%m-%d %H:%M:%S UTC")
    )
}

fn common_beginning(a: &str, b: &str) -> usize {
    a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
#[path = "spec_tests.rs"]
mod tests;
