//! Where profiles are found: the built-in one, the user's own beside the configuration file, and any file.

use std::path::{Path, PathBuf};

use crate::command::Context;
use crate::error::{Error, Kind, Result};
use crate::instance::{Instance, did_you_mean, read_name};
use crate::profile::{BUILT_IN_NAME, Layered, Origin, Source, layered};

/// The profiles that there are.
#[derive(Debug, Clone, Copy)]
pub struct Profiles<'a> {
    folder: &'a Path,
}

impl<'a> Profiles<'a> {
    /// Looks where a run keeps its own ones.
    pub fn of(context: &'a Context) -> Self {
        Self {
            folder: &context.home.profiles,
        }
    }

    /// Names the user's own profiles, sorted.
    ///
    /// # Errors
    /// [`Kind::Usage`] where their folder is there and cannot be read.
    pub fn own(&self) -> Result<Vec<String>> {
        let entries = match std::fs::read_dir(self.folder) {
            Ok(entries) => entries,
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(cause) => {
                let sentence = format!("The folder `{}` cannot be read.", self.folder.display());
                return Err(Error::new(Kind::Usage, sentence).caused_by(cause));
            }
        };
        let files = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut names: Vec<String> = files
            .filter_map(|file| file.strip_suffix(".toml").map(str::to_owned))
            .filter(|name| read_name(name).is_ok() && name != BUILT_IN_NAME)
            .collect();
        names.sort();
        Ok(names)
    }

    /// Gives the file that holds, or would hold, an own profile.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.toml"))
    }

    /// Finds a profile by its name, or by the path of its file.
    ///
    /// # Errors
    /// [`Kind::Usage`] where there is none, with the nearest names.
    pub fn source(&self, word: &str) -> Result<Source> {
        if word == BUILT_IN_NAME {
            return Ok(Source::built_in());
        }
        if is_path(word) {
            return read(Path::new(word));
        }
        let own = self.own()?;
        if own.iter().any(|name| name == word) {
            return read(&self.file(word));
        }
        let error = Error::new(Kind::Usage, format!("There is no profile `{word}`."));
        let known = own.iter().map(String::as_str).chain([BUILT_IN_NAME]);
        Err(match did_you_mean(word, known) {
            Some(near) => error.hint(near),
            None => error,
        }
        .hint("lmskeep profile list"))
    }

    /// Reads a profile with all that it extends.
    ///
    /// # Errors
    /// As [`Profiles::source`], and any fault of it, with file and line.
    pub fn load(&self, word: &str) -> Result<Layered> {
        let read = layered(self.source(word)?, &|name| self.by_name(name))?;
        let name = &read.profile.name;
        if !is_path(word) && name != word {
            let file = self.file(word);
            return Err(Error::new(
                Kind::Usage,
                format!(
                    "The profile `{}` calls itself `{name}`: its `name` must be that of its file.",
                    file.display()
                ),
            ));
        }
        Ok(read)
    }

    /// Understands the text of an own profile that is not written yet.
    ///
    /// # Errors
    /// As [`Profiles::load`].
    pub fn understood(&self, name: &str, text: &str) -> Result<Layered> {
        let source = Source {
            origin: Origin::File(self.file(name).display().to_string()),
            text: text.to_owned(),
        };
        layered(source, &|name| self.by_name(name))
    }

    /// Reads the profile an instance's pages are read with.
    ///
    /// # Errors
    /// As [`Profiles::load`].
    pub fn of_instance(&self, instance: &Instance) -> Result<Layered> {
        self.load(instance.profile.as_deref().unwrap_or(BUILT_IN_NAME))
    }

    fn by_name(&self, name: &str) -> Result<Source> {
        if is_path(name) {
            return Err(Error::new(
                Kind::Usage,
                format!("A profile extends another by its name, and `{name}` is a path."),
            )
            .hint("lmskeep profile list"));
        }
        self.source(name)
    }
}

/// Tells a file's path from a profile's name.
pub fn is_path(word: &str) -> bool {
    word.contains(['/', '\\']) || Path::new(word).extension().is_some_and(|end| end == "toml")
}

fn read(path: &Path) -> Result<Source> {
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|cause| {
        Error::new(Kind::Usage, format!("The profile `{shown}` cannot be read.")).caused_by(cause)
    })?;
    Ok(Source {
        origin: Origin::File(shown),
        text,
    })
}
