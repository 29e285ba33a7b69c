//! The two JSON files of a backup, tree and backup file, and the backup file's name.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::archive::Listed;
use crate::archive::spec::is_instance_name;
use crate::backup::{Backup, BackupKind, Contracts, Document, Draft, Format, Identity, KeyOf, content_hash};
use crate::error::{Error, Kind, Result};

/// How many digits of the backup file's hash are the backup's id.
const ID_DIGITS: usize = 16;

/// How a file's name writes a time: UTC, fixed width, so that names sort by time.
const TIME: &str = "%Y%m%dT%H%M%S%.3fZ";

/// The documents of one backup.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tree {
    pub(crate) documents: Vec<TreeEntry>,
    #[serde(default, skip_serializing_if = "Contracts::is_empty")]
    pub(crate) pages: Contracts,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) learned: BTreeSet<KeyOf>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct TreeEntry {
    pub(crate) path: String,
    pub(crate) hash: String,
    pub(crate) size: u64,
    pub(crate) format: Format,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) read_only: Option<String>,
}

impl TreeEntry {
    pub(crate) fn of(document: &Document, hash: String, size: usize) -> Self {
        Self {
            path: document.path.clone(),
            hash,
            size: size as u64,
            format: document.format,
            read_only: document.read_only.clone(),
        }
    }
}

/// What makes a backup exist: small, immutable, published last.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BackupFile {
    pub(crate) instance: String,
    pub(crate) identity: Identity,
    pub(crate) taken: Timestamp,
    pub(crate) kind: BackupKind,
    pub(crate) profile: String,
    pub(crate) documents: usize,
    pub(crate) tree: String,
}

impl BackupFile {
    pub(crate) fn of(draft: &Draft, tree: String) -> Self {
        Self {
            instance: draft.instance.clone(),
            identity: draft.identity.clone(),
            taken: draft.taken,
            kind: draft.kind,
            profile: draft.profile.clone(),
            documents: draft.documents.len(),
            tree,
        }
    }

    pub(crate) fn print(&self) -> Result<Vec<u8>> {
        print(self)
    }

    /// Makes the backup whose file this is.
    pub(crate) fn into_backup(self, listed: &Listed, documents: Vec<Document>, tree: Tree) -> Backup {
        let content = Draft {
            instance: self.instance,
            identity: self.identity,
            taken: self.taken,
            kind: self.kind,
            profile: self.profile,
            documents,
            pages: tree.pages,
            learned: tree.learned,
        };
        Backup {
            id: listed.id.clone(),
            content,
        }
    }
}

/// Prints a tree as it is stored.
pub(crate) fn print_tree(tree: &Tree) -> Result<Vec<u8>> {
    print(tree)
}

fn print(value: &impl Serialize) -> Result<Vec<u8>> {
    let printed = serde_json::to_vec(value);
    let mut printed = printed.map_err(|cause| {
        Error::new(Kind::Archive, "A backup could not be described as JSON.").caused_by(cause)
    })?;
    printed.push(b'\n');
    Ok(printed)
}

/// The id of the backup whose file has this content.
pub(crate) fn id_of(content: &[u8]) -> String {
    let mut id = content_hash(content);
    id.truncate(ID_DIGITS);
    id
}

impl Listed {
    pub(crate) fn of(draft: &Draft, content: &[u8]) -> Self {
        Self {
            instance: draft.instance.clone(),
            taken: whole_milliseconds(draft.taken),
            kind: draft.kind,
            id: id_of(content),
        }
    }

    /// Path of the backup file.
    pub(crate) fn path(&self) -> String {
        let time = stamp(self.taken);
        format!(
            "backups/{}/{time}_{}_{}.json",
            self.instance,
            self.kind.word(),
            self.id
        )
    }

    /// Reads a path back; `None` for one that no backup file has.
    pub(crate) fn from_path(path: &str) -> Option<Self> {
        let (instance, name) = path.strip_prefix("backups/")?.split_once('/')?;
        let mut parts = name.strip_suffix(".json")?.split('_');
        let (time, kind, id) = (parts.next()?, parts.next()?, parts.next()?);
        let taken = read_stamp(time)?;
        let listed = Self {
            instance: instance.to_owned(),
            taken,
            kind: BackupKind::from_word(kind)?,
            id: id.to_owned(),
        };
        // Printing it again refuses what is only nearly such a name.
        (is_instance_name(instance) && is_id(id) && listed.path() == path).then_some(listed)
    }
}

/// Writes a time as file names hold it: `20261103T020000.123Z`.
pub(crate) fn stamp(time: Timestamp) -> String {
    whole_milliseconds(time).strftime(TIME).to_string()
}

/// Reads such a time back.
pub(crate) fn read_stamp(text: &str) -> Option<Timestamp> {
    let read = DateTime::strptime(TIME, text).ok()?;
    Some(read.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

fn is_id(text: &str) -> bool {
    text.len() == ID_DIGITS && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// Cuts what a file's name does not hold.
pub(crate) fn whole_milliseconds(time: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(time.as_nanosecond().div_euclid(1_000_000) as i64).unwrap_or(time)
}
