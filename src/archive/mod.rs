//! The archive: backups over a store, in the layout that `docs/archive-format.md` describes.
//!
//! Contents are objects named by their SHA-256, a tree object lists a backup's documents, and a small backup file,
//! published last, makes it exist. So a program that was killed leaves no half backup, equal content is stored once,
//! and every changed byte is found (promise 9). It knows nothing of instances beyond their names, and no clock.

mod file;
mod header;
mod object;
mod past;
mod read;
pub mod spec;
mod verify;

use std::borrow::Cow;
use std::collections::BTreeMap;

use futures::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;

use crate::archive::file::{BackupFile, Tree, TreeEntry};
use crate::archive::object::Kept;
use crate::backup::{BackupKind, Document, Draft, content_hash};
use crate::error::{Error, Kind, Result};
use crate::store::{Put, Store};

pub(crate) use crate::archive::file::{read_stamp, stamp, whole_milliseconds};
pub use crate::archive::past::{Content, Contents};
pub use crate::archive::verify::{Damage, Verification};

/// How many objects are read or written at a time.
const SIDE_BY_SIDE: usize = 8;

/// An opened archive; cheap to clone.
#[derive(Debug, Clone)]
pub struct Archive {
    store: Store,
}

/// A backup as its file's name tells it, without reading the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The instance's name.
    pub instance: String,
    /// When reading began, in whole milliseconds.
    pub taken: Timestamp,
    /// What it is good for.
    pub kind: BackupKind,
    /// Sixteen hexadecimal digits.
    pub id: String,
}

/// What storing a backup came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The backup as it is listed from now on.
    pub listed: Listed,
    /// Documents whose content the archive did not have yet; equal ones count once.
    pub new_objects: usize,
    /// Documents whose content was there already; equal ones count once.
    pub reused: usize,
    /// Damaged objects that were replaced by sound ones.
    pub mended: usize,
    /// Bytes written to the store.
    pub bytes: u64,
    /// Whether this very backup was there already.
    pub existed: bool,
}

impl Archive {
    /// Opens the archive in a store; an empty store becomes an empty archive.
    ///
    /// # Errors
    /// [`Kind::Archive`] where the header is damaged, missing beside backups, or written by a newer lmskeep.
    pub async fn open(store: Store) -> Result<Self> {
        header::open(&store).await?;
        Ok(Self { store })
    }

    /// Stores a backup: objects, then the tree, then the backup file. When this returns, it survives a power cut.
    ///
    /// # Errors
    /// [`Kind::Usage`] for a name that is no instance's; [`Kind::Archive`] where the store fails or the draft names
    /// a document twice.
    pub async fn put(&self, draft: &Draft) -> Result<Stored> {
        spec::check_instance_name(&draft.instance)?;
        let (tree, contents) = tree_of(draft)?;
        let kept: Vec<Kept> = stream::iter(contents)
            .map(|(hash, content)| async move { object::keep(&self.store, hash, &content).await })
            .buffer_unordered(SIDE_BY_SIDE)
            .try_collect()
            .await?;

        let tree = file::print_tree(&tree)?;
        let tree_hash = content_hash(&tree);
        let tree_kept = object::keep(&self.store, &tree_hash, &tree).await?;
        // Objects that another, killed program has made are only as durable as their folders.
        let folders = kept
            .iter()
            .chain([&tree_kept])
            .filter(|kept| !kept.created)
            .map(|kept| kept.folder.clone());
        self.store
            .settle(folders.chain(["objects".to_owned(), String::new()]))
            .await?;

        let content = BackupFile::of(draft, tree_hash).print()?;
        let listed = Listed::of(draft, &content);
        let existed = self.publish(&listed.path(), &content).await?;
        self.store.settle(["backups".to_owned(), String::new()]).await?;

        Ok(Stored {
            listed,
            new_objects: kept.iter().filter(|kept| kept.created).count(),
            reused: kept.iter().filter(|kept| !kept.created).count(),
            mended: kept.iter().chain([&tree_kept]).filter(|kept| kept.mended).count(),
            bytes: kept
                .iter()
                .chain([&tree_kept])
                .map(|kept| kept.bytes)
                .sum::<u64>()
                + if existed { 0 } else { content.len() as u64 },
            existed,
        })
    }

    /// Lists the backups of one instance, or of all, sorted by time; reads none of them.
    ///
    /// # Errors
    /// [`Kind::Usage`] for a name that is no instance's; [`Kind::Archive`] where the store cannot be listed.
    pub async fn list(&self, instance: Option<&str>) -> Result<Vec<Listed>> {
        let folder = match instance {
            Some(name) => {
                spec::check_instance_name(name)?;
                format!("backups/{name}")
            }
            None => "backups".to_owned(),
        };
        let found = self.store.list(&folder).await?;
        let mut listed: Vec<Listed> = found
            .iter()
            .filter_map(|file| Listed::from_path(&file.path))
            .collect();
        listed.sort_by(|a, b| (a.taken, &a.instance, &a.id).cmp(&(b.taken, &b.instance, &b.id)));
        Ok(listed)
    }

    /// The place of the store, as messages call it.
    pub fn place(&self) -> &str {
        self.store.place()
    }

    async fn publish(&self, path: &str, content: &[u8]) -> Result<bool> {
        if self.store.put_if_absent(path, content.to_vec()).await? == Put::Created {
            return Ok(false);
        }
        // The name holds the hash of the content, so that what is there is either the same or damaged.
        if self
            .store
            .get(path)
            .await?
            .is_none_or(|there| there[..] != *content)
        {
            self.store.put(path, content.to_vec()).await?;
        }
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        self.store.settle([folder.to_owned()]).await?;
        Ok(true)
    }
}

/// What is stored, by its hash.
type Contained<'d> = BTreeMap<String, Cow<'d, [u8]>>;

/// Lists the documents of a draft, and each different content once.
fn tree_of(draft: &Draft) -> Result<(Tree, Contained<'_>)> {
    let mut documents: Vec<&Document> = draft.documents.iter().collect();
    documents.sort_by(|a, b| a.path.cmp(&b.path));
    if let Some(twice) = documents.windows(2).find(|pair| pair[0].path == pair[1].path) {
        let message = format!("The document `{}` occurs twice in one backup.", twice[0].path);
        return Err(Error::new(Kind::Archive, message));
    }
    let mut contents = BTreeMap::new();
    let mut tree = Tree {
        pages: draft.pages.clone(),
        learned: draft.learned.clone(),
        documents: Vec::new(),
    };
    for document in documents {
        let content = document.content();
        let hash = content_hash(&content);
        tree.documents
            .push(TreeEntry::of(document, hash.clone(), content.len()));
        contents.insert(hash, content);
    }
    Ok((tree, contents))
}

#[cfg(test)]
mod damage_tests;
#[cfg(test)]
pub(crate) mod tests;
