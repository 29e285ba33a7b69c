//! The one notation for a backup, `NAME[@BACKUP]`, and for a side of a comparison.

use std::path::{Path, PathBuf};

use crate::error::{Error, Kind, Result};
use crate::instance::config::Config;
use crate::instance::name::read_name;

/// Names an instance and, perhaps, one of its backups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The instance's name; whether there is one of that name is not known here.
    pub instance: String,
    /// What stands after `@`: an id's prefix, `latest`, `latest~2` or a day; the archive reads it.
    pub backup: Option<String>,
}

impl Reference {
    /// Reads `NAME` or `NAME@BACKUP`.
    ///
    /// # Errors
    /// [`Kind::Usage`] where the name cannot be one, or nothing stands after the `@`.
    pub fn read(word: &str) -> Result<Self> {
        let Some((name, backup)) = word.split_once('@') else {
            return Ok(Self {
                instance: read_name(word)?,
                backup: None,
            });
        };
        let instance = read_name(name)?;
        if backup.is_empty() {
            return Err(
                Error::new(Kind::Usage, format!("In `{word}` nothing stands after the `@`.")).hint(format!(
                    "`{name}@latest` is the newest backup; `lmskeep list {name}` shows all"
                )),
            );
        }
        Ok(Self {
            instance,
            backup: Some(backup.to_owned()),
        })
    }
}

/// Names one side of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Side {
    /// An instance or one of its backups.
    Backup(Reference),
    /// A folder with one file a document.
    Folder(PathBuf),
}

impl Side {
    /// The name of the instance it belongs to; none for a folder.
    pub fn instance(&self) -> Option<&str> {
        match self {
            Side::Backup(reference) => Some(&reference.instance),
            Side::Folder(_) => None,
        }
    }

    /// Reads a side: what holds a path separator, or is `.` or `..`, is a folder; a known instance's name is that
    /// instance; an unknown name is a folder where there is one.
    ///
    /// # Errors
    /// [`Kind::Usage`] where the word is neither.
    pub fn read(word: &str, config: &Config) -> Result<Self> {
        let folder = || Ok(Self::Folder(PathBuf::from(word)));
        if word.contains(['/', '\\']) || word == "." || word == ".." {
            return folder();
        }
        let is_folder = Path::new(word).is_dir();
        match Reference::read(word) {
            Ok(reference) if config.instances().contains_key(&reference.instance) => {
                Ok(Self::Backup(reference))
            }
            _ if is_folder => folder(),
            Ok(reference) => Err(config.unknown(&reference.instance)),
            Err(error) => Err(error),
        }
    }
}
