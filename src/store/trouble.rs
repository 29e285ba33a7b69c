//! Turns what a store reports into a sentence that says what to do.

use std::error::Error as StdError;
use std::io;

use crate::error::{Error, Kind};

type Cause = Box<dyn StdError + Send + Sync + 'static>;

/// What was being done when it failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deed {
    Open,
    Read,
    Create,
    Write,
    List,
    Delete,
}

impl Deed {
    fn words(self) -> &'static str {
        match self {
            Deed::Open => "opened",
            Deed::Read => "read",
            Deed::Create | Deed::Write => "written",
            Deed::List => "listed",
            Deed::Delete => "deleted",
        }
    }
}

/// Makes the error of a deed that failed at `path` of the store called `place`.
pub(crate) fn explain(deed: Deed, place: &str, path: &str, cause: Cause) -> Error {
    let what = if path.is_empty() {
        place.to_owned()
    } else {
        format!("{place}/{path}")
    };
    let kind = io_kind(&*cause);
    // Of a new file's steps only the hard link that publishes it can be missing as such.
    let linking = deed == Deed::Create && cause.to_string().contains("Unable to rename file");
    let (sentence, hint) = match kind {
        Some(io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) => (
            format!("`{what}` was not {}: the disk is full.", deed.words()),
            Some("make room, then run the command again"),
        ),
        Some(io::ErrorKind::ReadOnlyFilesystem) => (
            format!("`{what}` was not {}: its file system is read-only.", deed.words()),
            None,
        ),
        _ if linking => (
            format!(
                "`{what}` was not written: its file system has no hard links, by which a new file is made safe."
            ),
            Some("keep it on a disk of this computer with `--home DIR`"),
        ),
        Some(io::ErrorKind::PermissionDenied) => (
            format!("`{what}` may not be {}: no permission.", deed.words()),
            None,
        ),
        Some(io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists) if deed == Deed::Open => {
            (format!("`{what}` cannot be opened: it is no folder."), None)
        }
        _ => (format!("`{what}` cannot be {}.", deed.words()), None),
    };
    let error = Error::new(Kind::Archive, sentence).caused_by(cause);
    match hint {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

fn io_kind(cause: &(dyn StdError + Send + Sync + 'static)) -> Option<io::ErrorKind> {
    let mut current: Option<&(dyn StdError + 'static)> = Some(cause);
    let mut found = None;
    while let Some(error) = current {
        found = error.downcast_ref::<io::Error>().map(io::Error::kind).or(found);
        current = error.source();
    }
    found
}
