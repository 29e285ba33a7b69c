//! What the environment says, read once and handed on as values.

use std::ffi::OsString;
use std::path::PathBuf;

use jiff::tz::TimeZone;

use crate::error::{Error, Kind, Result};
use crate::instance::network::Proxies;
use crate::secret::Secret;

/// Says whether output is coloured, as the flag `--color` does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Color {
    /// On a terminal, unless the environment says otherwise.
    #[default]
    Auto,
    /// Always, also into a pipe.
    Always,
    /// Never.
    Never,
}

/// What was found in the environment; nothing else in this crate looks there.
#[derive(Debug, Clone)]
pub struct Environment {
    /// `LMSKEEP_HOME`: where configuration, archive and state lie.
    pub home: Option<PathBuf>,
    /// `LMSKEEP_PASSWORD`; set but empty counts as unset.
    pub password: Option<Secret>,
    /// What `NO_COLOR`, `CLICOLOR_FORCE`, `CLICOLOR` and `TERM` say of colours.
    pub color: Color,
    /// Whether the terminal cannot move its cursor (`TERM=dumb`).
    pub dumb_terminal: bool,
    /// The zone in which times are shown.
    pub zone: TimeZone,
    /// The name of the operating system's account (`USER`, `LOGNAME`, `USERNAME`).
    pub account: Option<String>,
    /// The proxies that `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` name, else the operating system's settings.
    pub proxies: Proxies,
}

impl Environment {
    /// Reads the environment of this process.
    ///
    /// # Errors
    /// [`Kind::Usage`] where `LMSKEEP_PASSWORD` is not UTF-8.
    #[allow(
        clippy::disallowed_methods,
        reason = "this is the one place that reads the environment"
    )]
    pub fn read() -> Result<Self> {
        let mut environment = Self::from_variables(|name| std::env::var_os(name))?;
        environment.zone = TimeZone::system();
        environment.proxies = Proxies::of_this_computer(|name| std::env::var(name).ok());
        Ok(environment)
    }

    /// Reads an environment through `lookup`, which gives the value of a variable; the zone is UTC.
    ///
    /// # Errors
    /// As [`Environment::read`].
    pub fn from_variables(lookup: impl Fn(&str) -> Option<OsString>) -> Result<Self> {
        // All of these conventions take an empty variable for an unset one.
        let set = |name: &str| lookup(name).filter(|value| !value.is_empty());
        let password = match set("LMSKEEP_PASSWORD") {
            None => None,
            Some(value) => Some(value.into_string().map(Secret::from).map_err(|_| {
                Error::new(Kind::Usage, "The variable `LMSKEEP_PASSWORD` is not UTF-8 text.")
            })?),
        };
        let is = |name: &str, wanted: &str| set(name).is_some_and(|value| value == wanted);
        let dumb_terminal = is("TERM", "dumb");
        // no-color.org and bixense.com/clicolors, in the order in which they outrank one another.
        let color = if set("NO_COLOR").is_some() {
            Color::Never
        } else if set("CLICOLOR_FORCE").is_some() && !is("CLICOLOR_FORCE", "0") {
            Color::Always
        } else if is("CLICOLOR", "0") || dumb_terminal {
            Color::Never
        } else {
            Color::Auto
        };
        Ok(Self {
            home: set("LMSKEEP_HOME").map(PathBuf::from),
            password,
            color,
            dumb_terminal,
            zone: TimeZone::UTC,
            account: ["USER", "LOGNAME", "USERNAME"]
                .into_iter()
                .find_map(set)
                .map(|name| name.to_string_lossy().into_owned()),
            proxies: Proxies::of_variables(|name| set(name)?.into_string().ok()),
        })
    }

    /// Decides whether a stream is coloured: the flag, else the environment, else whether it is a terminal.
    pub fn colors(&self, flag: Color, is_terminal: bool) -> bool {
        match (flag, self.color) {
            (Color::Always, _) | (Color::Auto, Color::Always) => true,
            (Color::Never, _) | (Color::Auto, Color::Never) => false,
            (Color::Auto, Color::Auto) => is_terminal,
        }
    }
}
