//! Reading what many backups hold, without reading anything twice: most share their trees and nearly all their texts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures::{StreamExt, stream};

use crate::archive::file::{BackupFile, TreeEntry};
use crate::archive::{Archive, Listed, SIDE_BY_SIDE};
use crate::backup::{Document, Format};
use crate::error::{Error, Result};

/// One document of a backup as its tree names it, without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// The document's path.
    pub path: String,
    /// SHA-256 of its text, in hexadecimal.
    pub hash: String,
    /// Length of its text in bytes of UTF-8.
    pub size: u64,
    format: Format,
    read_only: Option<String>,
}

impl Content {
    /// Tells whether its text is Java properties.
    pub fn is_properties(&self) -> bool {
        self.format == Format::Properties
    }
}

/// What backups have in common, or why nobody can tell what it is.
type Shared<T> = std::result::Result<T, Arc<Error>>;

/// What a backup holds; backups with one tree share it.
pub type Contents = Shared<Arc<[Content]>>;

impl Archive {
    /// Reads which documents each of these backups has, in their order; no text, and no tree twice.
    ///
    /// An error is [`Kind::Archive`](crate::error::Kind::Archive) and names the backup file or tree object that is damaged or
    /// missing.
    pub async fn contents(&self, listed: &[Listed]) -> Vec<Contents> {
        let files: Vec<Shared<BackupFile>> = stream::iter(listed)
            .map(|listed| async move { self.backup_file(listed).await.map_err(Arc::new) })
            .buffered(SIDE_BY_SIDE)
            .collect()
            .await;
        let mut asked = BTreeSet::new();
        let trees: BTreeMap<(&str, usize), Contents> =
            stream::iter(files.iter().flatten().filter(|file| asked.insert(tree_of(file))))
                .map(|file| async move { (tree_of(file), self.listed_in(file).await.map_err(Arc::new)) })
                .buffered(SIDE_BY_SIDE)
                .collect()
                .await;
        let of = |file: &Shared<BackupFile>| match file {
            Ok(file) => trees[&tree_of(file)].clone(),
            Err(error) => Err(error.clone()),
        };
        files.iter().map(of).collect()
    }

    async fn listed_in(&self, file: &BackupFile) -> Result<Arc<[Content]>> {
        let entries = self.tree(file).await?.documents.into_iter();
        let content = |entry: TreeEntry| Content {
            path: entry.path,
            hash: entry.hash,
            size: entry.size,
            format: entry.format,
            read_only: entry.read_only,
        };
        Ok(entries.map(content).collect())
    }

    /// Reads the text of one document.
    ///
    /// # Errors
    /// [`Kind::Archive`](crate::error::Kind::Archive) naming the object that is damaged or missing.
    pub async fn text(&self, content: &Content) -> Result<Document> {
        let Content {
            path,
            hash,
            size,
            format,
            read_only,
        } = content.clone();
        let entry = TreeEntry {
            path,
            hash,
            size,
            format,
            read_only,
        };
        self.document(&entry).await
    }
}

/// Names a file's tree, and the number of documents it is checked against.
fn tree_of(file: &BackupFile) -> (&str, usize) {
    (&file.tree, file.documents)
}
