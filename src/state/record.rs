//! One file of the state: a line with format and checksum, then JSON.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::backup::content_hash;
use crate::error::{Error, Kind, Result};
use crate::store::Store;

/// How the first line begins; behind it stands the SHA-256 of what follows the line.
const FORMAT: &str = "lmskeep-state 1 ";

/// Prints a record as it is stored.
pub(crate) fn print(value: &impl Serialize) -> Result<Vec<u8>> {
    let json = serde_json::to_string(value).map_err(|cause| {
        Error::new(Kind::Archive, "The state could not be described as JSON.").caused_by(cause)
    })?;
    let json = format!("{json}\n");
    Ok(format!("{FORMAT}{}\n{json}", content_hash(json.as_bytes())).into_bytes())
}

/// Stores a record in place of what is there.
pub(crate) async fn write(store: &Store, path: &str, value: &impl Serialize) -> Result<()> {
    store.put(path, print(value)?).await
}

/// Reads a record and checks it; `None` where there is none.
pub(crate) async fn read<T: DeserializeOwned>(store: &Store, path: &str) -> Result<Option<T>> {
    let Some(content) = store.get(path).await? else {
        return Ok(None);
    };
    let line = content.iter().position(|&b| b == b'\n').unwrap_or(content.len());
    let (head, json) = content.split_at((line + 1).min(content.len()));
    if head != format!("{FORMAT}{}\n", content_hash(json)).as_bytes() {
        let newer = head.starts_with(b"lmskeep-state ") && !head.starts_with(FORMAT.as_bytes());
        return Err(damaged(
            store,
            path,
            if newer {
                "it has a format that this lmskeep does not know"
            } else {
                "its bytes have changed"
            },
        ));
    }
    let read = serde_json::from_slice(json);
    read.map(Some)
        .map_err(|cause| damaged(store, path, "it is not understood").caused_by(cause))
}

/// The error that names a damaged file.
pub(crate) fn damaged(store: &Store, path: &str, why: &str) -> Error {
    let shown = format!("{}/{path}", store.place());
    Error::new(
        Kind::Archive,
        format!("The state file `{shown}` is damaged: {why}."),
    )
    .hint(format!("put `{shown}` aside to go on without what it remembers"))
}
