//! The only writer of files: get, put-if-absent, put, append, list and delete over one kind of store.
//!
//! A store is a folder (with `fsync`, so that what is reported as stored survives a power cut: promise 9) or the
//! memory. Paths are relative and joined by `/`; what is not there is `None`, every other trouble is an error with a
//! sentence. It knows nothing of what it keeps.

mod folder;
mod lock;
mod trouble;

use std::fmt;
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures::TryStreamExt;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, PutMode, PutOptions};

use crate::error::{Error, Kind, Result};
use crate::store::trouble::{Deed, explain};

pub use crate::store::lock::Lock;

/// Says what [`Store::put_if_absent`] found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// The content was stored under a path that was free.
    Created,
    /// The path was taken; nothing was changed.
    Existed,
}

/// One file of a listing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// Path from the store's root.
    pub path: String,
    /// Size in bytes.
    pub size: u64,
}

/// A place to keep files in; cheap to clone.
#[derive(Clone)]
pub struct Store {
    objects: Arc<dyn ObjectStore>,
    place: String,
    root: Option<PathBuf>,
    held: lock::Held,
}

impl Store {
    /// Opens a folder; one that is not there is made, on Unix for its owner alone (mode 0700).
    ///
    /// # Errors
    /// [`Kind::Archive`] where the folder can be neither found nor made.
    pub fn local(root: &FilePath) -> Result<Self> {
        let place = root.display().to_string();
        let opened = folder::make(root)
            .and_then(|()| std::fs::canonicalize(root))
            .map_err(|cause| explain(Deed::Open, &place, "", cause.into()))?;
        let objects = LocalFileSystem::new_with_prefix(&opened)
            .map_err(|cause| explain(Deed::Open, &place, "", cause.into()))?
            .with_fsync(true);
        Ok(Self {
            objects: Arc::new(objects),
            place,
            root: Some(opened),
            held: lock::Held::default(),
        })
    }

    /// Makes an empty store that ends with the program.
    pub fn memory() -> Self {
        Self::over(Arc::new(InMemory::new()), "memory")
    }

    /// Makes a store of any other kind; `place` is what messages call it.
    pub fn over(objects: Arc<dyn ObjectStore>, place: &str) -> Self {
        Self {
            objects,
            place: place.to_owned(),
            root: None,
            held: lock::Held::default(),
        }
    }

    /// What messages call this store: the folder's path as it was given.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Reads a file; `None` where there is none.
    ///
    /// # Errors
    /// [`Kind::Archive`] where it is there and cannot be read; [`Kind::Usage`] where the path is none.
    pub async fn get(&self, path: &str) -> Result<Option<Bytes>> {
        let location = self.location(path)?;
        let read = async { self.objects.get(&location).await?.bytes().await };
        match read.await {
            Ok(content) => Ok(Some(content)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(cause) => Err(explain(Deed::Read, &self.place, path, cause.into())),
        }
    }

    /// Stores a file under a path that is free, whole or not at all.
    ///
    /// # Errors
    /// [`Kind::Archive`] where it cannot be stored: disk full, no permission, no hard links on this file system.
    pub async fn put_if_absent(&self, path: &str, content: impl Into<Bytes>) -> Result<Put> {
        match self.write(path, content.into(), PutMode::Create).await {
            Ok(()) => Ok(Put::Created),
            Err(object_store::Error::AlreadyExists { .. }) => Ok(Put::Existed),
            Err(cause) => Err(explain(Deed::Create, &self.place, path, cause.into())),
        }
    }

    /// Stores a file in place of what is there, whole or not at all.
    ///
    /// # Errors
    /// [`Kind::Archive`] where it cannot be stored: disk full, no permission.
    pub async fn put(&self, path: &str, content: impl Into<Bytes>) -> Result<()> {
        let written = self.write(path, content.into(), PutMode::Overwrite).await;
        written.map_err(|cause| explain(Deed::Write, &self.place, path, cause.into()))
    }

    /// Adds to the end of a file, which is made where there is none; what stands in it is not touched. A power cut, or a
    /// full disk, may leave a part of what was to be added, and no more than a part.
    ///
    /// The caller holds a lock: what two programs append at once could come to stand in any order.
    ///
    /// # Errors
    /// [`Kind::Archive`] where it cannot be added whole: disk full, no permission.
    pub async fn append(&self, path: &str, content: impl Into<Bytes>) -> Result<()> {
        let (location, content) = (self.location(path)?, content.into());
        let Some(root) = &self.root else {
            // Only a folder can append; a store of any other kind puts a longer file in place of the shorter one.
            let there = self.get(path).await?.unwrap_or_default();
            return self.put(path, [there, content].concat()).await;
        };
        let file = root.join(location.as_ref());
        let appended = tokio::task::spawn_blocking(move || folder::append(&file, &content));
        match appended.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(cause)) => Err(explain(Deed::Write, &self.place, path, cause.into())),
            Err(cause) => Err(explain(Deed::Write, &self.place, path, cause.into())),
        }
    }

    /// Lists all files below a folder (`""`: all there are), sorted by path; reads none of them.
    ///
    /// # Errors
    /// [`Kind::Archive`] where the folder cannot be read.
    pub async fn list(&self, folder: &str) -> Result<Vec<Found>> {
        let prefix = if folder.is_empty() {
            None
        } else {
            Some(self.location(folder)?)
        };
        let listed: Vec<_> = self
            .objects
            .list(prefix.as_ref())
            .try_collect()
            .await
            .map_err(|cause| explain(Deed::List, &self.place, folder, cause.into()))?;
        let mut found: Vec<Found> = listed
            .into_iter()
            .map(|meta| Found {
                path: meta.location.to_string(),
                size: meta.size,
            })
            .collect();
        found.sort_unstable();
        Ok(found)
    }

    /// Deletes a file; `false` where there was none.
    ///
    /// # Errors
    /// [`Kind::Archive`] where it is there and stays.
    pub async fn delete(&self, path: &str) -> Result<bool> {
        let location = self.location(path)?;
        // Not every store tells whether there was anything to delete.
        let existed = match self.objects.head(&location).await {
            Ok(_) => true,
            Err(object_store::Error::NotFound { .. }) => return Ok(false),
            Err(cause) => return Err(explain(Deed::Delete, &self.place, path, cause.into())),
        };
        match self.objects.delete(&location).await {
            Ok(()) => Ok(existed),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(cause) => Err(explain(Deed::Delete, &self.place, path, cause.into())),
        }
    }

    /// Makes the entries of folders durable that another, killed program may have made and not synced.
    ///
    /// What this store writes is durable without it. Folders that are not there are passed over.
    ///
    /// # Errors
    /// [`Kind::Archive`] where the disk reports that it could not.
    pub async fn settle(&self, folders: impl IntoIterator<Item = String>) -> Result<()> {
        let Some(root) = self.root.clone() else {
            return Ok(());
        };
        let folders: Vec<String> = folders.into_iter().collect();
        let synced = tokio::task::spawn_blocking(move || {
            folders.iter().try_for_each(|name| folder::sync(&root.join(name)))
        });
        match synced.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(cause)) => Err(explain(Deed::Write, &self.place, "", cause.into())),
            Err(cause) => Err(explain(Deed::Write, &self.place, "", cause.into())),
        }
    }

    /// Takes a lock that ends with the value given back, or with the program, however that ends.
    ///
    /// # Errors
    /// [`Kind::Archive`] where another holds it, or the file system has no locks.
    pub fn lock(&self, name: &str) -> Result<Lock> {
        self.try_lock(name)?
            .ok_or_else(|| lock::taken(&format!("{}/{name}", self.place)))
    }

    /// Takes a lock as [`Store::lock`] does; none where another holds it.
    ///
    /// # Errors
    /// [`Kind::Archive`] where the file system has no locks.
    pub fn try_lock(&self, name: &str) -> Result<Option<Lock>> {
        self.location(name)?;
        match &self.root {
            Some(root) => lock::of_file(&root.join(name), &format!("{}/{name}", self.place)),
            None => Ok(lock::of_memory(&self.held, name)),
        }
    }

    async fn write(&self, path: &str, content: Bytes, mode: PutMode) -> object_store::Result<()> {
        let location = Path::parse(path)?;
        self.objects
            .put_opts(&location, content.into(), PutOptions::from(mode))
            .await
            .map(|_| ())
    }

    fn location(&self, path: &str) -> Result<Path> {
        Path::parse(path).map_err(|cause| {
            Error::new(
                Kind::Usage,
                format!("`{path}` is no path within `{}`.", self.place),
            )
            .caused_by(cause)
        })
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Store({})", self.place)
    }
}

#[cfg(test)]
mod tests;
