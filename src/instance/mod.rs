//! What to work on and where its things lie: flags before environment before configuration file.
//!
//! This door is the only reader of the environment. It knows nothing of terminals and pages. It serves promise 8: an
//! [`Instance`] is known by its origin, and promise 10: a password travels as a [`crate::secret::Secret`] only.

mod address;
mod cancel;
mod config;
mod edit;
mod environment;
mod home;
mod name;
mod network;
mod pac;
mod password;
mod reference;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use url::Url;

pub use address::{is_loopback, read_address};
pub use cancel::Cancel;
pub use config::Config;
pub use edit::Setting;
pub use environment::{Color, Environment};
pub use home::Home;
pub use name::{did_you_mean, read_name, suggest};
pub use network::{Network, Pem, Proxies, Proxy, ProxyChoice, Route};
pub use pac::pac_of_this_computer;
pub use password::{
    COMMAND_PATIENCE, Password, PasswordSource, Wanted, find_password, read_password_line,
    run_password_command,
};
pub use reference::{Reference, Side};

use crate::error::{Error, Kind, Result};

/// Says how careful a write has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// A write asks to type the instance's name. An instance whose role is unset counts as this one.
    #[default]
    Production,
    /// A write asks yes or no.
    Test,
}

impl Role {
    /// The word that stands in the configuration file.
    pub fn word(self) -> &'static str {
        match self {
            Role::Production => "production",
            Role::Test => "test",
        }
    }
}

/// One LMS, as the configuration file knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// The name a person gave it: lower-case letters, digits, `-`, `.` and `_`.
    pub name: String,
    /// The root of its addresses, such as `https://stage.plateau.com/`; it ends with `/`.
    pub url: Url,
    /// Scheme, host and port of the root, as `https://stage.plateau.com`; the scheme's own port is left out.
    pub origin: String,
    /// The admin who signs in.
    pub user: Option<String>,
    /// How careful a write has to be.
    pub role: Role,
    /// The name of the instance that a refresh copies over this one.
    pub source: Option<String>,
    /// A built-in profile's name, or the path of a profile file; `None` is the built-in one for SAP.
    pub profile: Option<String>,
    /// A command line that prints the admin's password.
    pub password_command: Option<String>,
    /// The way there: a proxy, further authorities, a client certificate.
    pub network: Network,
    /// What the operator answered where a page could be found in more than one way: part of the LMS, such as
    /// `system-configuration`, to an address or a menu entry.
    pub pages: BTreeMap<String, String>,
    /// Texts that tell this instance from its copies, by the profile's name for them (promise 8).
    pub identity: BTreeMap<String, String>,
}

impl Instance {
    /// Makes an instance from its name and the root of its addresses; all else is unset.
    pub fn new(name: impl Into<String>, url: Url) -> Self {
        Self {
            name: name.into(),
            origin: url.origin().ascii_serialization(),
            url,
            user: None,
            role: Role::default(),
            source: None,
            profile: None,
            password_command: None,
            network: Network::default(),
            pages: BTreeMap::new(),
            identity: BTreeMap::new(),
        }
    }

    /// The admin who signs in.
    ///
    /// # Errors
    /// [`Kind::Usage`] where none is set.
    pub fn admin(&self) -> Result<&str> {
        let name = &self.name;
        self.user.as_deref().ok_or_else(|| {
            Error::new(Kind::Usage, format!("It is not known who signs in at `{name}`."))
                .hint(format!("lmskeep instance set {name} user USER"))
        })
    }
}

#[cfg(test)]
mod config_tests;
#[cfg(test)]
mod tests;
