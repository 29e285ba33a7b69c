//! Who gets in where, and by what.

use url::Url;

use crate::instance::Route;
use crate::secret::Secret;
use crate::state::KeptSession;

/// Who signs in where, with what.
#[derive(Debug, Clone)]
pub struct Way {
    /// The instance's name, for messages and hints.
    pub instance: String,
    /// Root of the instance; every address of the profile stands below it.
    pub root: Url,
    /// Through which proxy, trusting whom.
    pub route: Route,
    /// By what.
    pub means: Means,
}

/// The two ways in. Behind the door of the session nobody knows which was taken.
#[derive(Debug, Clone)]
pub enum Means {
    /// The instance's own sign-in form.
    Native(Admin),
    /// A session that a browser has handed over.
    TakenOver {
        /// The session.
        session: KeptSession,
        /// The key under which it is kept: what the instance changes in it is kept, too.
        key: Option<Secret>,
    },
}

/// An admin who signs in natively.
#[derive(Debug, Clone)]
pub struct Admin {
    /// The admin's name.
    pub user: String,
    /// The admin's password.
    pub password: Secret,
    /// The password was typed by a person who has been told that it was refused before: it may be tried once more.
    pub typed_again: bool,
}
