//! What a folder on disk needs beyond `object_store`: to be made for its owner alone, to be synced, and to
//! append to a file.

use std::fs::{DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// Makes a folder and those above it, on Unix with mode 0700, and makes their entries durable.
pub(crate) fn make(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let existing = folder
        .ancestors()
        .find(|above| above.is_dir())
        .map(Path::to_path_buf);
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(folder)?;
    for made in folder.ancestors().skip(1) {
        // The folder above all new ones may belong to somebody else and be closed to us.
        let synced = sync(made);
        if existing.as_deref() == Some(made) || made.as_os_str().is_empty() {
            break;
        }
        synced?;
    }
    Ok(())
}

/// Adds to the end of a file, which is made with its folder where there is none, and makes it durable.
pub(crate) fn append(file: &Path, content: &[u8]) -> io::Result<()> {
    let above = file.parent().unwrap_or(Path::new(""));
    make(above)?;
    let is_new = !file.try_exists()?;
    let mut opened = OpenOptions::new().create(true).append(true).open(file)?;
    opened.write_all(content)?;
    opened.sync_all()?;
    match is_new {
        true => sync(above),
        false => Ok(()),
    }
}

/// Makes a folder's entries durable; a folder that is not there is passed over.
///
/// Only on Unix: elsewhere a folder cannot be opened like a file.
pub(crate) fn sync(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    match std::fs::File::open(folder) {
        Ok(opened) => opened.sync_all(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
    #[cfg(not(unix))]
    {
        let _ = folder;
        Ok(())
    }
}
