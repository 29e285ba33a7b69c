//! The admins of one instance: passwords, tries, locks.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::practice::content::{Content, Side};

/// The wrong try that locks an admin, and the time in which tries are counted together \[kba\].
const LOCKING_TRY: usize = 5;
const WINDOW: Duration = Duration::from_secs(60 * 60);

/// One admin account of one instance.
#[derive(Debug, Clone)]
pub(super) struct Admin {
    pub(super) name: String,
    pub(super) roles: Vec<String>,
    /// The mail address; those that are built in have none.
    pub(super) mail: Option<String>,
    password: String,
    wrong: Vec<Instant>,
    locked: bool,
    /// Whether the role lets it see System Configuration.
    pub(super) configures: bool,
    pub(super) must_change_password: bool,
    pub(super) built_in: bool,
}

/// What came of a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Right,
    Wrong,
    Locked,
}

impl Admin {
    /// Tries a password; a wrong one is counted, the fifth within an hour locks.
    pub(super) fn try_password(&mut self, password: &str) -> Verdict {
        if self.locked {
            return Verdict::Locked;
        }
        if self.password == password {
            self.wrong.clear();
            return Verdict::Right;
        }
        self.wrong.retain(|at| at.elapsed() < WINDOW);
        self.wrong.push(Instant::now());
        self.locked = self.wrong.len() >= LOCKING_TRY;
        if self.locked {
            Verdict::Locked
        } else {
            Verdict::Wrong
        }
    }

    /// Whether too many wrong passwords locked it.
    pub(super) fn is_locked(&self) -> bool {
        self.locked
    }

    /// Takes a new password, unless it is short or the one there is.
    pub(super) fn change_password(&mut self, new: &str) -> bool {
        if new.chars().count() < 8 || new == self.password {
            return false;
        }
        new.clone_into(&mut self.password);
        self.must_change_password = false;
        true
    }

    /// What the control door tells of it: no password.
    pub(super) fn report(&self) -> Value {
        json!({
            "name": self.name,
            "roles": self.roles,
            "mail": self.mail,
            "locked": self.locked,
            "wrongTries": self.wrong.len(),
            "mustChangePassword": self.must_change_password,
            "configures": self.configures,
            "builtIn": self.built_in,
        })
    }
}

/// The admins an instance has at the start.
pub(super) fn of(content: &Content, side: Side) -> Vec<Admin> {
    let account = |info: &crate::practice::content::AdminInfo| {
        Some(Admin {
            name: info.name.clone(),
            roles: info.roles.clone(),
            mail: info.address(side),
            password: info.password(side)?.to_owned(),
            wrong: Vec::new(),
            locked: false,
            configures: !(info.smaller_role_in_production && side == Side::Production),
            must_change_password: info.must_change_password,
            built_in: info.built_in,
        })
    };
    content.admins.iter().filter_map(account).collect()
}
