//! What a home holds: backups as the program lists them, and the files themselves.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::rehearsal::Rehearsal;

/// A backup as `list` tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) id: String,
    pub(crate) kind: String,
}

impl Rehearsal {
    /// The backups of stage, the oldest first.
    #[track_caller]
    pub(crate) fn backups(&self) -> Vec<Listed> {
        let answer = self.run(&["list", "stage", "--json"]).ends(0).json();
        let backups = answer["backups"].as_array().unwrap().iter();
        let word = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        backups
            .map(|backup| Listed {
                id: word(&backup["id"]),
                kind: word(&backup["kind"]),
            })
            .collect()
    }

    /// The ids of the safety backups of stage.
    #[track_caller]
    pub(crate) fn safeties(&self) -> Vec<String> {
        self.backups()
            .into_iter()
            .filter(|backup| backup.kind == "safety")
            .map(|backup| backup.id)
            .collect()
    }

    /// Every file below a folder of the home, with its bytes; the path as seen from there.
    pub(crate) fn files(&self, folder: &str) -> BTreeMap<PathBuf, Vec<u8>> {
        let root = self.program.home().join(folder);
        let mut found = BTreeMap::new();
        collect(&root, &root, &mut found);
        found
    }

    /// Writes a file of the home as a person, an accident or another program would.
    #[allow(
        clippy::disallowed_methods,
        reason = "nobody asks `store` before a disk goes bad"
    )]
    pub(crate) fn put(&self, path: &str, bytes: &[u8]) {
        fs::write(self.program.home().join(path), bytes).unwrap();
    }

    /// Makes a folder in the home.
    #[allow(clippy::disallowed_methods, reason = "a person makes this folder")]
    pub(crate) fn make_folder(&self, path: &str) -> PathBuf {
        let folder = self.program.home().join(path);
        fs::create_dir_all(&folder).unwrap();
        folder
    }
}

fn collect(root: &Path, folder: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            collect(root, &path, found);
        } else if let Ok(bytes) = fs::read(&path) {
            found.insert(path.strip_prefix(root).unwrap().to_path_buf(), bytes);
        }
    }
}
