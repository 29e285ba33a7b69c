//! What a folder on disk needs beyond `object_store`: to be made for its owner alone, and to be synced.

use std::fs::DirBuilder;
use std::io;
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
