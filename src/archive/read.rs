//! Reading a backup back: file, tree and objects, each checked against its name.

use std::collections::BTreeSet;

use futures::{StreamExt, TryStreamExt, stream};

use crate::archive::file::{BackupFile, Tree, TreeEntry, id_of, whole_milliseconds};
use crate::archive::{Archive, Listed, SIDE_BY_SIDE, object};
use crate::backup::{Backup, Document, Format, KeyOf, text_of_file};
use crate::error::{Error, Kind, Result};

impl Archive {
    /// Reads a whole backup and checks all of it.
    ///
    /// # Errors
    /// [`Kind::Archive`] naming the file or object that is damaged or missing.
    pub async fn get(&self, listed: &Listed) -> Result<Backup> {
        let file = self.backup_file(listed).await?;
        let tree = self.tree(&file).await?;
        let documents = stream::iter(&tree.documents)
            .map(|entry| self.document(entry))
            .buffered(SIDE_BY_SIDE)
            .try_collect()
            .await?;
        Ok(file.into_backup(listed, documents, tree))
    }

    /// Reads a backup as far as it is whole, to compare with: documents that are damaged or missing are left out.
    ///
    /// # Errors
    /// [`Kind::Archive`] naming the backup file or tree object that is damaged or missing.
    pub async fn get_what_is_whole(&self, listed: &Listed) -> Result<Backup> {
        let file = self.backup_file(listed).await?;
        let tree = self.tree(&file).await?;
        let read: Vec<Result<Document>> = stream::iter(&tree.documents)
            .map(|entry| self.document(entry))
            .buffered(SIDE_BY_SIDE)
            .collect()
            .await;
        Ok(file.into_backup(listed, read.into_iter().flatten().collect(), tree))
    }

    /// Reads which keys a backup remembers as encrypted by its instance, without reading a text.
    ///
    /// # Errors
    /// [`Kind::Archive`] naming the backup file or tree object that is damaged or missing.
    pub async fn learned(&self, listed: &Listed) -> Result<BTreeSet<KeyOf>> {
        let file = self.backup_file(listed).await?;
        Ok(self.tree(&file).await?.learned)
    }

    pub(crate) async fn backup_file(&self, listed: &Listed) -> Result<BackupFile> {
        let path = listed.path();
        let damaged = |why: &str| {
            Error::new(
                Kind::Archive,
                format!("The backup file `{}/{path}` is damaged: {why}.", self.place()),
            )
            .hint("see what else is damaged: `lmskeep verify`")
        };
        let content = self
            .store
            .get(&path)
            .await?
            .ok_or_else(|| damaged("it is missing"))?;
        if id_of(&content) != listed.id {
            return Err(damaged("its content has another hash than its name"));
        }
        let file: BackupFile = serde_json::from_slice(&content)
            .map_err(|cause| damaged("it is not understood").caused_by(cause))?;
        let agrees = file.instance == listed.instance
            && file.kind == listed.kind
            && whole_milliseconds(file.taken) == listed.taken;
        if !agrees {
            return Err(damaged(
                "it was renamed: its content names another instance, time or kind",
            ));
        }
        Ok(file)
    }

    pub(crate) async fn tree(&self, file: &BackupFile) -> Result<Tree> {
        let damaged = |why: &str| {
            let path = object::path(&file.tree);
            Error::new(
                Kind::Archive,
                format!("The tree object `{}/{path}` is damaged: {why}.", self.place()),
            )
        };
        let content = object::read(&self.store, &file.tree).await?;
        let tree: Tree = serde_json::from_slice(&content)
            .map_err(|cause| damaged("it is not understood").caused_by(cause))?;
        if tree.documents.len() != file.documents {
            return Err(damaged(
                "it lists another number of documents than the backup file",
            ));
        }
        if tree.documents.windows(2).any(|pair| pair[0].path >= pair[1].path) {
            return Err(damaged("its documents are not in order"));
        }
        Ok(tree)
    }

    pub(crate) async fn document(&self, entry: &TreeEntry) -> Result<Document> {
        let content = object::read(&self.store, &entry.hash).await?;
        let damaged = |why: &str| {
            let path = object::path(&entry.hash);
            let message = format!(
                "The object `{}/{path}` of `{}` is damaged: {why}.",
                self.place(),
                entry.path
            );
            Error::new(Kind::Archive, message)
        };
        if content.len() as u64 != entry.size {
            return Err(damaged("it has another size than the tree says"));
        }
        let text = match entry.format {
            Format::File => text_of_file(&content),
            _ => String::from_utf8(content).map_err(|_| damaged("it is no text"))?,
        };
        Ok(Document {
            path: entry.path.clone(),
            text,
            format: entry.format,
            read_only: entry.read_only.clone(),
        })
    }
}
