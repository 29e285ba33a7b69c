//! The configuration file: which instances there are, and what a scan lets stay.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use url::Url;

use crate::error::{Error, Kind, Result};
use crate::instance::address::read_address;
use crate::instance::name::{did_you_mean, read_name};
use crate::instance::{Instance, Network, ProxyChoice, Role};
use crate::pattern::Pattern;
use crate::sensitive::{Rules, Sensitivity};

/// A configuration file as it was read: its text, and the instances in it.
#[derive(Debug, Clone)]
pub struct Config {
    path: PathBuf,
    text: String,
    instances: BTreeMap<String, Instance>,
    rules: Rules,
    scan_allow: Vec<String>,
}

impl Config {
    /// Reads the file; where there is none, no instance is known.
    ///
    /// # Errors
    /// [`Kind::Usage`] where the file cannot be read, or as [`Config::parse`].
    pub fn read(path: &Path) -> Result<Self> {
        let unreadable = |why: &str| {
            Error::new(
                Kind::Usage,
                format!("The configuration file `{}` {why}.", path.display()),
            )
        };
        match std::fs::read(path) {
            Ok(bytes) => match String::from_utf8(bytes) {
                Ok(text) => Self::parse(path, text),
                Err(_) => Err(unreadable("is not UTF-8 text").hint("save it again as UTF-8")),
            },
            Err(error) if error.kind() == ErrorKind::NotFound => Self::parse(path, String::new()),
            Err(error) => Err(unreadable("cannot be read").caused_by(error)),
        }
    }

    /// Understands the text of a configuration file; `path` is for messages.
    ///
    /// # Errors
    /// [`Kind::Usage`] with line and reason: no TOML, an unknown key, a wrong value.
    pub fn parse(path: &Path, text: String) -> Result<Self> {
        let file: File = toml::from_str(&text).map_err(|error| wrong(path, &text, &error))?;
        let instances = file
            .instance
            .into_iter()
            .map(|(name, entry)| (name.0.clone(), entry.named(name.0)))
            .collect();
        let rules = file.sensitive.rules().map_err(|error| {
            let why = error.message();
            Error::new(
                Kind::Usage,
                format!(
                    "The configuration file `{}` is wrong in `[sensitive]`: {why}",
                    path.display()
                ),
            )
        })?;
        Ok(Self {
            path: path.to_owned(),
            text,
            instances,
            rules,
            scan_allow: file.scan.allow,
        })
    }

    /// Where the file lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The text of the file, comments and all.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// A person's own rules for what is encrypted or secret, before the built-in ones.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// All instances by name.
    pub fn instances(&self) -> &BTreeMap<String, Instance> {
        &self.instances
    }

    /// What `scan` lets stay although it points at the source: texts, or patterns as `--only` takes them.
    pub fn scan_allow(&self) -> &[String] {
        &self.scan_allow
    }

    /// Finds an instance by its name.
    ///
    /// # Errors
    /// [`Kind::Usage`] with the nearest names where there is none.
    pub fn instance(&self, name: &str) -> Result<&Instance> {
        self.instances.get(name).ok_or_else(|| self.unknown(name))
    }

    /// Finds the instance that a refresh copies over this one; `None` where none is named, or the name is not known.
    pub fn source_of(&self, instance: &Instance) -> Option<&Instance> {
        self.instances.get(instance.source.as_deref()?)
    }

    /// Words the error for a name that no instance has.
    pub fn unknown(&self, name: &str) -> Error {
        let error = Error::new(Kind::Usage, format!("There is no instance `{name}`."));
        if self.instances.is_empty() {
            return error.hint("lmskeep instance add NAME --url URL --user USER --role test");
        }
        match did_you_mean(name, self.instances.keys().map(String::as_str)) {
            Some(near) => error.hint(near),
            None => error,
        }
        .hint("lmskeep instance list")
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    instance: BTreeMap<Name, Entry>,
    #[serde(default)]
    sensitive: OwnRules,
    #[serde(default)]
    scan: Scan,
}

/// Patterns as `--only` takes them; where several name a key, the first kind counts.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct OwnRules {
    /// Values that the LMS encrypts.
    encrypted: Vec<String>,
    /// Values in clear that must not be shown.
    secret: Vec<String>,
    /// Values that are neither, whatever their names say.
    clear: Vec<String>,
}

impl OwnRules {
    fn rules(&self) -> Result<Rules> {
        let kinds = [
            (&self.encrypted, Some(Sensitivity::Encrypted)),
            (&self.secret, Some(Sensitivity::Secret)),
            (&self.clear, None),
        ];
        let mut own = Vec::new();
        for (patterns, judged) in kinds {
            let patterns: Result<Vec<Pattern>> = patterns.iter().map(|text| Pattern::read(text)).collect();
            own.push((patterns?, judged));
        }
        own.retain(|(patterns, _)| !patterns.is_empty());
        Ok(Rules::new(own, []))
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Scan {
    #[serde(default)]
    allow: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    url: Address,
    user: Option<String>,
    role: Option<Role>,
    source: Option<Name>,
    profile: Option<String>,
    password_command: Option<String>,
    proxy: Option<ProxyWord>,
    ca: Option<PathBuf>,
    client_cert: Option<PathBuf>,
    #[serde(default)]
    pages: BTreeMap<String, String>,
    #[serde(default)]
    identity: BTreeMap<String, String>,
}

impl Entry {
    fn named(self, name: String) -> Instance {
        Instance {
            user: self.user,
            role: self.role.unwrap_or_default(),
            source: self.source.map(|source| source.0),
            profile: self.profile,
            password_command: self.password_command,
            network: Network {
                proxy: self.proxy.map(|proxy| proxy.0),
                ca: self.ca,
                client_cert: self.client_cert,
            },
            pages: self.pages,
            identity: self.identity,
            ..Instance::new(name, self.url.0)
        }
    }
}

#[derive(Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(try_from = "String")]
struct Name(String);

impl TryFrom<String> for Name {
    type Error = Error;

    fn try_from(word: String) -> Result<Self> {
        read_name(&word).map(Self)
    }
}

#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Address(Url);

impl TryFrom<String> for Address {
    type Error = Error;

    fn try_from(word: String) -> Result<Self> {
        read_address(&word).map(Self)
    }
}

#[derive(Deserialize)]
#[serde(try_from = "String")]
struct ProxyWord(ProxyChoice);

impl TryFrom<String> for ProxyWord {
    type Error = Error;

    fn try_from(word: String) -> Result<Self> {
        ProxyChoice::read(&word).map(Self)
    }
}

/// Words what is wrong with the file. Only the parser's sentence is used: its own rendering quotes the line.
fn wrong(path: &Path, text: &str, error: &toml::de::Error) -> Error {
    let line = error.span().map(|span| {
        1 + text
            .as_bytes()
            .iter()
            .take(span.start)
            .filter(|b| **b == b'\n')
            .count()
    });
    let place = line.map(|line| format!(" in line {line}")).unwrap_or_default();
    let reason = error.message().lines().collect::<Vec<_>>().join(", ");
    let reason = reason.trim_end_matches('.');
    Error::new(
        Kind::Usage,
        format!(
            "The configuration file `{}` is wrong{place}: {reason}.",
            path.display()
        ),
    )
}
