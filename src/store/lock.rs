//! Locks between programs (a file) and within one (the memory store).

use std::collections::HashSet;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use crate::error::{Error, Kind, Result};
use crate::store::folder;
use crate::store::trouble::{Deed, explain};

/// Names of the locks that are held in one memory store.
pub(crate) type Held = Arc<Mutex<HashSet<String>>>;

/// A lock that is held until this value is dropped.
#[derive(Debug)]
#[must_use = "the lock is given back when this value is dropped"]
pub struct Lock {
    // The operating system gives the lock back when the file is closed, also by the death of the process.
    _file: Option<File>,
    name: Option<(Held, String)>,
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some((held, name)) = self.name.take() {
            held.lock().unwrap_or_else(PoisonError::into_inner).remove(&name);
        }
    }
}

/// Gives nothing where another holds it.
pub(crate) fn of_memory(held: &Held, name: &str) -> Option<Lock> {
    let mut names = held.lock().unwrap_or_else(PoisonError::into_inner);
    names.insert(name.to_owned()).then(|| Lock {
        _file: None,
        name: Some((held.clone(), name.to_owned())),
    })
}

/// Gives nothing where another holds it.
pub(crate) fn of_file(path: &Path, shown: &str) -> Result<Option<Lock>> {
    if let Some(above) = path.parent() {
        folder::make(above).map_err(|cause| explain(Deed::Write, shown, "", cause.into()))?;
    }
    // The file stays when the lock is given back: to remove it would let two programs lock two files of one name.
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .map_err(|cause| explain(Deed::Write, shown, "", cause.into()))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(Lock {
            _file: Some(file),
            name: None,
        })),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(cause)) => Err(Error::new(
            Kind::Archive,
            format!("`{shown}` cannot be locked; its file system may have no locks."),
        )
        .hint("keep it on a disk of this computer with `--home DIR`")
        .caused_by(cause)),
    }
}

pub(crate) fn taken(shown: &str) -> Error {
    Error::new(Kind::Archive, format!("`{shown}` is locked by another lmskeep."))
        .hint("wait until the other one has ended, then run the command again")
}
