//! Reading everything there is, to find what is damaged.

use std::collections::{BTreeMap, BTreeSet};

use futures::{StreamExt, stream};

use crate::archive::{Archive, Listed, SIDE_BY_SIDE, header, object};
use crate::error::{Kind, Result};

/// What is damaged, and which backups it spoils.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// Path of the file in the archive.
    pub what: String,
    /// What is wrong with it, a full sentence.
    pub why: String,
    /// Ids of the backups that cannot be read whole; empty where none needs it.
    pub affects: Vec<String>,
}

/// What reading the whole archive came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verification {
    /// Number of backups listed.
    pub backups: usize,
    /// Number of object files there are.
    pub objects: usize,
    /// Size of all object files in bytes.
    pub bytes: u64,
    /// Everything that is damaged or missing, sorted by path.
    pub damaged: Vec<Damage>,
    /// Sound objects that no backup needs, such as those of a backup that was killed: no damage.
    pub unreferenced: Vec<String>,
    /// Files that do not belong into an archive.
    pub foreign: Vec<String>,
}

impl Verification {
    /// Tells whether every backup can be read whole.
    pub fn is_sound(&self) -> bool {
        self.damaged.is_empty()
    }
}

impl Archive {
    /// Reads every file of the archive and checks it.
    ///
    /// # Errors
    /// [`Kind::Archive`] only where the store itself cannot be listed: what is damaged stands in the result.
    pub async fn verify(&self) -> Result<Verification> {
        let mut result = Verification::default();
        let mut stored = BTreeSet::new();
        let mut backups = Vec::new();
        for found in self.store.list("").await? {
            if let Some(hash) = object::hash_of(&found.path) {
                result.objects += 1;
                result.bytes += found.size;
                stored.insert(hash);
            } else if let Some(listed) = Listed::from_path(&found.path) {
                backups.push(listed);
            } else if found.path != header::PATH {
                result.foreign.push(found.path);
            }
        }
        result.backups = backups.len();

        let needs = self.needs(&backups, &mut result.damaged).await;
        let read: Vec<(&str, Option<String>)> =
            stream::iter(stored.iter().chain(needs.keys()).collect::<BTreeSet<_>>())
                .map(|hash| async move { (hash.as_str(), self.trouble(hash).await) })
                .buffered(SIDE_BY_SIDE)
                .collect()
                .await;
        for (hash, trouble) in read {
            let affects: Vec<String> = needs.get(hash).into_iter().flatten().cloned().collect();
            match trouble {
                Some(why) => result.damaged.push(Damage {
                    what: object::path(hash),
                    why,
                    affects,
                }),
                None if affects.is_empty() => result.unreferenced.push(object::path(hash)),
                None => {}
            }
        }
        if !result.damaged.is_empty() {
            // What a damaged tree lists is not known, so nothing can be called unneeded.
            result.unreferenced.clear();
        }
        result.damaged.sort_by(|a, b| a.what.cmp(&b.what));
        Ok(result)
    }

    /// Says for every object which backups need it; damaged backup files go to `damaged`.
    async fn needs(
        &self,
        backups: &[Listed],
        damaged: &mut Vec<Damage>,
    ) -> BTreeMap<String, BTreeSet<String>> {
        let mut needs: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for listed in backups {
            let mut broken = |what: String, why: String| {
                damaged.push(Damage {
                    what,
                    why,
                    affects: vec![listed.id.clone()],
                });
            };
            match self.backup_file(listed).await {
                Err(error) => broken(listed.path(), error.to_string()),
                Ok(file) => {
                    let mut need = |hash: &str| {
                        needs
                            .entry(hash.to_owned())
                            .or_default()
                            .insert(listed.id.clone());
                    };
                    need(&file.tree);
                    match self.tree(&file).await {
                        Ok(tree) => tree.documents.iter().for_each(|entry| need(&entry.hash)),
                        // An object that cannot be read shows when all objects are read.
                        Err(_) if self.trouble(&file.tree).await.is_some() => {}
                        Err(error) => broken(object::path(&file.tree), error.to_string()),
                    }
                }
            }
        }
        needs
    }

    async fn trouble(&self, hash: &str) -> Option<String> {
        match object::read(&self.store, hash).await {
            Ok(_) => None,
            Err(error) if error.kind() == Kind::Archive => Some(error.to_string()),
            Err(error) => Some(format!("It could not be read: {error}")),
        }
    }
}
