//! The file that says what an archive is made of.

use serde_json::Value;

use crate::error::{Error, Kind, Result};
use crate::store::Store;

/// Path of the header.
pub(crate) const PATH: &str = "lmskeep-archive.json";

/// The whole header of format 1: it says nothing that differs between archives, so that every changed byte shows.
pub(crate) const CONTENT: &str = r#"{
  "format": 1,
  "hash": "sha256",
  "compression": "zstd"
}
"#;

/// Checks the header, or writes it where the store is empty.
pub(crate) async fn open(store: &Store) -> Result<()> {
    if let Some(content) = store.get(PATH).await? {
        return check(store, &content);
    }
    for folder in ["backups", "objects"] {
        if !store.list(folder).await?.is_empty() {
            let message = format!("The archive in `{}` has no header `{PATH}`.", store.place());
            return Err(Error::new(Kind::Archive, message).hint(format!(
                "`docs/archive-format.md` shows the content of `{PATH}`: put it back"
            )));
        }
    }
    store.put_if_absent(PATH, CONTENT).await?;
    match store.get(PATH).await? {
        Some(content) => check(store, &content),
        None => Err(Error::new(
            Kind::Archive,
            format!("`{}/{PATH}` is gone right after it was written.", store.place()),
        )),
    }
}

fn check(store: &Store, content: &[u8]) -> Result<()> {
    if content == CONTENT.as_bytes() {
        return Ok(());
    }
    let format = serde_json::from_slice::<Value>(content)
        .ok()
        .and_then(|header| header.get("format")?.as_u64());
    Err(match format {
        Some(newer) if newer > 1 => Error::new(
            Kind::Archive,
            format!(
                "The archive in `{}` has format {newer}; this lmskeep knows format 1 (`{PATH}`).",
                store.place()
            ),
        )
        .hint("use the newer lmskeep that wrote it"),
        _ => Error::new(
            Kind::Archive,
            format!("The archive's header `{}/{PATH}` is damaged.", store.place()),
        )
        .hint(format!(
            "`docs/archive-format.md` shows the content of `{PATH}`: put it back"
        )),
    })
}
