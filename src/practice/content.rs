//! What the practice instances hold at the start: the plain files of `fixtures/practice`, inside the program.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, Kind, Result};
use crate::practice::content_files::FILES;
use crate::practice::operation::{self, OperationContent};
use crate::practice::settings;

/// One of the two practice instances.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Side {
    /// The source of the refresh.
    Production,
    /// The target of the refresh.
    Stage,
}

impl Side {
    /// The name in addresses of the control door and in `fixtures/practice`.
    pub(super) fn name(self) -> &'static str {
        match self {
            Side::Production => "production",
            Side::Stage => "stage",
        }
    }

    /// The instance that is not this one.
    pub(super) fn other(self) -> Side {
        match self {
            Side::Production => Side::Stage,
            Side::Stage => Side::Production,
        }
    }
}

/// A configuration file as the list of System Configuration knows it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileInfo {
    /// The name in the list.
    pub(super) name: String,
    /// The name in `fixtures/practice`, where that differs.
    #[serde(default)]
    file: Option<String>,
    pub(super) description: String,
    /// The date of the last change, as the list shows it.
    pub(super) changed: String,
    #[serde(default)]
    pub(super) read_only: bool,
}

/// An account of the practice instances.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AdminInfo {
    pub(super) name: String,
    pub(super) roles: Vec<String>,
    /// The mail address, but for what stands behind its @; none for those that are built in.
    #[serde(default)]
    mail: Option<String>,
    /// The password on production; none means that the account does not exist there.
    #[serde(default)]
    production: Option<String>,
    /// The password on stage; none means that the account does not exist there.
    #[serde(default)]
    stage: Option<String>,
    /// Whether its role on production lacks System Configuration.
    #[serde(default)]
    pub(super) smaller_role_in_production: bool,
    #[serde(default)]
    pub(super) must_change_password: bool,
    #[serde(default)]
    pub(super) built_in: bool,
}

impl AdminInfo {
    /// The mail address on a side: a real one on production, one that nobody reads on stage.
    pub(super) fn address(&self, side: Side) -> Option<String> {
        let domain = match side {
            Side::Production => "example.com",
            Side::Stage => "stage.example.com",
        };
        self.mail.as_ref().map(|mail| format!("{mail}@{domain}"))
    }

    pub(super) fn password(&self, side: Side) -> Option<&str> {
        match side {
            Side::Production => self.production.as_deref(),
            Side::Stage => self.stage.as_deref(),
        }
    }
}

/// Something that works only with the instance's own values.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Integration {
    pub(super) name: String,
    /// `DOCUMENT:KEY`, each of which it uses.
    pub(super) uses: Vec<String>,
    /// Whether it is judged in scenario `disguised` only.
    #[serde(default)]
    pub(super) disguised: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Index {
    file: Vec<FileInfo>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Accounts {
    user: String,
    admin: Vec<AdminInfo>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Integrations {
    integration: Vec<Integration>,
}

/// Everything both instances start from.
#[derive(Debug)]
pub(super) struct Content {
    /// The files in the order of the list.
    pub(super) files: Vec<FileInfo>,
    /// Keys that the server encrypts at each save, by document.
    pub(super) encrypted: BTreeMap<String, Vec<String>>,
    /// Keys that it encrypts as well in scenario `disguised`, by document.
    pub(super) disguised: BTreeMap<String, Vec<String>>,
    /// Keys that the seal of the integration holds fast, by document.
    pub(super) sealed: BTreeMap<String, Vec<String>>,
    pub(super) integrations: Vec<Integration>,
    pub(super) admins: Vec<AdminInfo>,
    /// The admin that is valid and equal on both sides.
    pub(super) user: String,
    /// Mail, schedules and all else beside files and admins.
    pub(super) operation: OperationContent,
}

impl Content {
    /// Reads what is in the program; fails only where the program was built from damaged files.
    pub(super) fn load() -> Result<Content> {
        let mut files = toml_part::<Index>("files.toml")?.file;
        files.sort_by_key(|file| file.name.to_lowercase());
        let accounts: Accounts = toml_part("admins.toml")?;
        Ok(Content {
            files,
            encrypted: toml_part("encrypted.toml")?,
            disguised: toml_part("disguised.toml")?,
            sealed: toml_part("sealed.toml")?,
            integrations: toml_part::<Integrations>("integrations.toml")?.integration,
            admins: accounts.admin,
            user: accounts.user,
            operation: operation::load()?,
        })
    }

    /// The text of a file as a person of that instance would type it, nothing encrypted.
    pub(super) fn text(&self, side: Side, file: &FileInfo) -> &'static str {
        let name = file.file.as_deref().unwrap_or(&file.name);
        let found = [side.name(), "common"].iter().find_map(|folder| {
            [".properties", ".xml", ".txt"]
                .iter()
                .find_map(|end| part(&format!("{folder}/{name}{end}")))
        });
        found.unwrap_or("")
    }

    /// The text of the file with that name, as [`Content::text`] gives it.
    pub(super) fn text_of(&self, side: Side, name: &str) -> &'static str {
        self.files
            .iter()
            .find(|file| file.name == name)
            .map_or("", |file| self.text(side, file))
    }

    /// The value a person of that instance knows for a key, if the instance has the key at all.
    pub(super) fn own_value(&self, side: Side, document: &str, key: &str) -> Option<String> {
        settings::value_of(self.text_of(side, document), key)
    }

    /// The password of the admin that is valid on both sides.
    pub(super) fn password(&self) -> &str {
        let admin = self.admins.iter().find(|admin| admin.name == self.user);
        admin.and_then(|admin| admin.password(Side::Stage)).unwrap_or("")
    }
}

fn part(path: &str) -> Option<&'static str> {
    FILES
        .iter()
        .find(|(name, _)| *name == path)
        .map(|(_, text)| *text)
}

/// Reads one file of the content.
pub(super) fn toml_part<T: DeserializeOwned>(path: &str) -> Result<T> {
    let damaged = || Error::new(Kind::Usage, format!("The practice content `{path}` is damaged."));
    toml::from_str(part(path).ok_or_else(damaged)?).map_err(|cause| damaged().caused_by(cause))
}

#[cfg(test)]
#[path = "content_tests.rs"]
mod tests;
