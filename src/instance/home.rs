//! Where configuration, archive and state lie.

use std::path::{Path, PathBuf};

use etcetera::base_strategy::{BaseStrategy, choose_native_strategy};

use crate::error::{Error, Kind, Result};
use crate::instance::environment::Environment;

/// The places in which everything is kept; all are absolute, none need exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// The configuration file, `config.toml`.
    pub config: PathBuf,
    /// The folder of the user's own profiles, beside the configuration file.
    pub profiles: PathBuf,
    /// The folder of the archive.
    pub archive: PathBuf,
    /// The folder of the state: journal, refused passwords, what waits, where pages were found.
    pub state: PathBuf,
}

impl Home {
    /// Finds the places: below `flag` (`--home DIR`), else below `LMSKEEP_HOME`, else in the platform's folders.
    ///
    /// # Errors
    /// [`Kind::Usage`] where neither is given and the platform tells no home folder.
    pub fn find(flag: Option<&Path>, environment: &Environment) -> Result<Self> {
        if let Some(folder) = flag.or(environment.home.as_deref()) {
            let folder = std::path::absolute(folder).map_err(|cause| {
                Error::new(
                    Kind::Usage,
                    format!("`{}` is no folder to keep things in.", folder.display()),
                )
                .caused_by(cause)
            })?;
            return Ok(Self::below(&folder));
        }
        let platform = choose_native_strategy().map_err(|cause| {
            Error::new(Kind::Usage, "This account has no home folder to keep things in.")
                .caused_by(cause)
                .hint("name a folder with `--home DIR` or in the variable `LMSKEEP_HOME`")
        })?;
        let data = platform.data_dir().join("lmskeep");
        // Apple reserves its folder of preferences for preference lists.
        let config = if cfg!(target_os = "macos") {
            data.clone()
        } else {
            platform.config_dir().join("lmskeep")
        };
        let state = platform
            .state_dir()
            .map_or_else(|| data.clone(), |folder| folder.join("lmskeep"));
        Ok(Self {
            config: config.join("config.toml"),
            profiles: config.join("profiles"),
            archive: data.join("archive"),
            state: state.join("state"),
        })
    }

    /// Gives the places below one folder.
    pub fn below(folder: &Path) -> Self {
        Self {
            config: folder.join("config.toml"),
            profiles: folder.join("profiles"),
            archive: folder.join("archive"),
            state: folder.join("state"),
        }
    }
}
