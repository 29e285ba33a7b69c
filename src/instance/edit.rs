//! Changes to the configuration file that leave a person's comments and order alone.

use std::path::PathBuf;

use toml_edit::{DocumentMut, Item, Table, value};
use url::Url;

use crate::error::{Error, Kind, Result};
use crate::instance::address::read_address;
use crate::instance::config::Config;
use crate::instance::name::{did_you_mean, read_name};
use crate::instance::{Instance, ProxyChoice, Role};

/// One thing to set on an instance; an inner `None` takes the setting away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting {
    /// The root of its addresses.
    Url(Url),
    /// The admin who signs in.
    User(Option<String>),
    /// How careful a write has to be.
    Role(Option<Role>),
    /// The instance that a refresh copies over this one.
    Source(Option<String>),
    /// The profile, by name or file.
    Profile(Option<String>),
    /// The command line that prints the password.
    PasswordCommand(Option<String>),
    /// The proxy on the way there.
    Proxy(Option<ProxyChoice>),
    /// The file of authorities that are trusted besides the operating system's.
    Ca(Option<String>),
    /// The file of the client certificate and its key.
    ClientCert(Option<String>),
    /// Where a part of the LMS is found: part, and address or menu entry.
    Page(String, Option<String>),
    /// A text that tells this instance from its copies: its name, and the text.
    Identity(String, Option<String>),
}

/// The keys that can be set, as a person types them.
const KEYS: [&str; 11] = [
    "url",
    "user",
    "role",
    "source",
    "profile",
    "password_command",
    "proxy",
    "ca",
    "client_cert",
    "page",
    "identity",
];

impl Setting {
    /// Reads `KEY VALUE` as typed; an empty value takes the setting away. `page` and `identity` take `WHAT=VALUE`.
    ///
    /// # Errors
    /// [`Kind::Usage`] for an unknown key, or a value that the key does not take.
    pub fn read(key: &str, value: &str) -> Result<Self> {
        let some = || Some(value.to_owned()).filter(|value| !value.is_empty());
        match key.replace('-', "_").as_str() {
            "url" => read_address(value).map(Self::Url),
            "user" => Ok(Self::User(some())),
            "role" => read_role(value).map(Self::Role),
            "source" => some().map(|name| read_name(&name)).transpose().map(Self::Source),
            "profile" => Ok(Self::Profile(some())),
            "password_command" => Ok(Self::PasswordCommand(some())),
            "proxy" => some()
                .map(|proxy| ProxyChoice::read(&proxy))
                .transpose()
                .map(Self::Proxy),
            "ca" => Ok(Self::Ca(some())),
            "client_cert" => Ok(Self::ClientCert(some())),
            "page" | "pages" => read_pair(key, value).map(|(part, place)| Self::Page(part, place)),
            "identity" => read_pair(key, value).map(|(name, text)| Self::Identity(name, text)),
            _ => {
                let error = Error::new(Kind::Usage, format!("An instance has no setting `{key}`."));
                let error = match did_you_mean(key, KEYS) {
                    Some(near) => error.hint(near),
                    None => error,
                };
                Err(error.hint(format!("the settings are: {}", KEYS.join(", "))))
            }
        }
    }

    /// Words the change, such as "role is test" or "source is no longer set". A password command is not shown: it may
    /// hold a secret.
    pub fn described(&self) -> String {
        let what = match self {
            Setting::Page(part, _) => format!("page {part}"),
            Setting::Identity(name, _) => format!("identity {name}"),
            _ => self.place().1.to_owned(),
        };
        match (self, self.text()) {
            (_, None) => format!("{what} is no longer set"),
            (Setting::PasswordCommand(_), Some(_)) => format!("{what} is set"),
            (_, Some(text)) => format!("{what} is {text}"),
        }
    }

    /// The key in the configuration file, with the table below the instance's in which it stands.
    fn place(&self) -> (Option<&'static str>, &str) {
        match self {
            Setting::Url(_) => (None, "url"),
            Setting::User(_) => (None, "user"),
            Setting::Role(_) => (None, "role"),
            Setting::Source(_) => (None, "source"),
            Setting::Profile(_) => (None, "profile"),
            Setting::PasswordCommand(_) => (None, "password_command"),
            Setting::Proxy(_) => (None, "proxy"),
            Setting::Ca(_) => (None, "ca"),
            Setting::ClientCert(_) => (None, "client_cert"),
            Setting::Page(part, _) => (Some("pages"), part),
            Setting::Identity(name, _) => (Some("identity"), name),
        }
    }

    /// The text in the configuration file; `None` takes the key away.
    fn text(&self) -> Option<&str> {
        match self {
            Setting::Url(url) => Some(url.as_str()),
            Setting::Role(role) => role.map(Role::word),
            Setting::Proxy(proxy) => proxy.as_ref().map(ProxyChoice::text),
            Setting::User(text)
            | Setting::Source(text)
            | Setting::Profile(text)
            | Setting::PasswordCommand(text)
            | Setting::Ca(text)
            | Setting::ClientCert(text)
            | Setting::Page(_, text)
            | Setting::Identity(_, text) => text.as_deref(),
        }
    }
}

fn as_text(path: &Option<PathBuf>) -> Result<Option<String>> {
    let text = |path: &PathBuf| {
        let sentence = || format!("The path `{}` is not UTF-8 text.", path.display());
        let text = path.to_str().map(str::to_owned);
        text.ok_or_else(|| Error::new(Kind::Usage, sentence()))
    };
    path.as_ref().map(text).transpose()
}

fn read_role(word: &str) -> Result<Option<Role>> {
    match word {
        "" => Ok(None),
        "production" => Ok(Some(Role::Production)),
        "test" => Ok(Some(Role::Test)),
        _ => Err(Error::new(
            Kind::Usage,
            format!("`{word}` is no role; an instance is `production` or `test`."),
        )),
    }
}

fn read_pair(key: &str, value: &str) -> Result<(String, Option<String>)> {
    match value.split_once('=') {
        Some((what, text)) if !what.trim().is_empty() => {
            let text = text.trim();
            Ok((
                what.trim().to_owned(),
                Some(text.to_owned()).filter(|text| !text.is_empty()),
            ))
        }
        _ => {
            let example = match key {
                "identity" => "company-id=STAGE",
                _ => "system-configuration=URL-or-menu-entry",
            };
            Err(Error::new(
                Kind::Usage,
                format!("`{value}` has no name and `=` in front of what to set."),
            )
            .hint(format!("write it as `{key} {example}`")))
        }
    }
}

impl Config {
    /// Gives the configuration with one more instance at its end; [`Config::text`] is what to write.
    ///
    /// # Errors
    /// [`Kind::Usage`] where the name is taken.
    pub fn with_instance(&self, new: &Instance) -> Result<Config> {
        let name = &new.name;
        if self.instances().contains_key(name) {
            return Err(
                Error::new(Kind::Usage, format!("There is an instance `{name}` already."))
                    .hint(format!("lmskeep instance show {name}"))
                    .hint(format!("lmskeep instance set {name} url URL")),
            );
        }
        let mut settings = vec![
            Setting::Url(new.url.clone()),
            Setting::User(new.user.clone()),
            Setting::Role(Some(new.role)),
            Setting::Source(new.source.clone()),
            Setting::Profile(new.profile.clone()),
            Setting::PasswordCommand(new.password_command.clone()),
            Setting::Proxy(new.network.proxy.clone()),
            Setting::Ca(as_text(&new.network.ca)?),
            Setting::ClientCert(as_text(&new.network.client_cert)?),
        ];
        settings.extend(
            new.pages
                .iter()
                .map(|(part, place)| Setting::Page(part.clone(), Some(place.clone()))),
        );
        settings.extend(
            new.identity
                .iter()
                .map(|(what, text)| Setting::Identity(what.clone(), Some(text.clone()))),
        );
        self.edited(|document| {
            settings
                .iter()
                .try_for_each(|setting| put(document, name, setting))
        })
    }

    /// Gives the configuration with one thing of one instance changed.
    ///
    /// # Errors
    /// [`Kind::Usage`] where there is no such instance, or the page's address is not within it.
    pub fn with_setting(&self, name: &str, setting: &Setting) -> Result<Config> {
        refuse_foreign_page(self.instance(name)?, setting)?;
        self.edited(|document| put(document, name, setting))
    }

    /// Gives the configuration without an instance.
    ///
    /// # Errors
    /// [`Kind::Usage`] where there is no such instance.
    pub fn without_instance(&self, name: &str) -> Result<Config> {
        self.instance(name)?;
        self.edited(|document| {
            let all = document.get_mut("instance").and_then(Item::as_table_like_mut);
            all.and_then(|all| all.remove(name))
                .map(drop)
                .ok_or_else(|| not_a_table("instance"))
        })
    }

    /// Edits the text and reads it anew, so that nothing is written that could not be read back.
    fn edited(&self, edit: impl FnOnce(&mut DocumentMut) -> Result<()>) -> Result<Config> {
        let mut document: DocumentMut = self.text().parse().map_err(|cause: toml_edit::TomlError| {
            let sentence = format!(
                "The configuration file `{}` cannot be edited.",
                self.path().display()
            );
            Error::new(Kind::Usage, sentence).caused_by(cause.message().to_owned())
        })?;
        edit(&mut document)?;
        Config::parse(self.path(), document.to_string())
    }
}

/// Writes one setting into the document, making the tables it stands in.
fn put(document: &mut DocumentMut, name: &str, setting: &Setting) -> Result<()> {
    let (group, key) = setting.place();
    let mut table = document.as_table_mut() as &mut dyn toml_edit::TableLike;
    for step in ["instance", name].into_iter().chain(group) {
        // `[instance]` itself and the like are not spelled out unless something stands in them.
        let implicit = || {
            let mut table = Table::new();
            table.set_implicit(true);
            Item::Table(table)
        };
        table = table
            .entry(step)
            .or_insert_with(implicit)
            .as_table_like_mut()
            .ok_or_else(|| not_a_table(step))?;
    }
    match setting.text() {
        None => drop(table.remove(key)),
        // Only the value is replaced, so that a comment behind it stays.
        Some(text) => match table.get_mut(key).and_then(Item::as_value_mut) {
            Some(old) => {
                let decor = old.decor().clone();
                *old = text.into();
                *old.decor_mut() = decor;
            }
            None => drop(table.insert(key, value(text))),
        },
    }
    Ok(())
}

/// Refuses a page's address outside of the instance: what is found there would be taken for the instance's.
fn refuse_foreign_page(instance: &Instance, setting: &Setting) -> Result<()> {
    let Setting::Page(_, Some(place)) = setting else {
        return Ok(());
    };
    let Ok(url) = Url::parse(place) else { return Ok(()) };
    if !url.has_host() || url.origin() == instance.url.origin() {
        return Ok(());
    }
    let (name, origin) = (&instance.name, &instance.origin);
    Err(Error::new(
        Kind::Usage,
        format!("The address of the page is not within `{name}`, which is at {origin}."),
    ))
}

fn not_a_table(key: &str) -> Error {
    Error::new(
        Kind::Usage,
        format!("In the configuration file, `{key}` is no table that could be edited."),
    )
}
