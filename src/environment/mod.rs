//! Which keys belong to the *environment*: what differs between production and stage by nature.
//!
//! Addresses, hosts, company ids, accounts, directories, senders, names of databases, and what is encrypted. Rules are
//! data (`words`): the last words of a name, and the shape of a value (`shape`). Switches and numbers whose names merely
//! hold such a word are none. It judges one key at a time and knows nothing of instances.

mod name;
pub(crate) mod shape;
mod words;

use serde::Serialize;

use crate::sensitive::{Rules, Sensitivity};

#[cfg(test)]
mod tests;

/// Says by what a key was found to belong to the environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// The LMS encrypts it, or it is a secret: each environment has its own.
    Encrypted,
    /// An address with a scheme, such as `https://lms.example.com/learning`.
    Address,
    /// A host, by name or by number, perhaps with a port.
    Host,
    /// A mail address.
    Mail,
    /// What names the company or tenant at another system.
    Tenant,
    /// Who signs in somewhere.
    Account,
    /// A directory, a share or a file outside of the LMS.
    Directory,
    /// A database, or a schema or service of one.
    Database,
    /// The port of a host.
    Port,
    /// Whom single sign-on trusts: an entity id, a certificate.
    Trust,
    /// A public key; its secret half lies in the same environment.
    PublicKey,
    /// The id of a record that connectors enter, which exists in one database only.
    Record,
    /// It says itself which environment it stands in.
    Label,
}

impl Rule {
    /// All rules.
    pub const ALL: [Self; 13] = [
        Self::Encrypted,
        Self::Address,
        Self::Host,
        Self::Mail,
        Self::Tenant,
        Self::Account,
        Self::Directory,
        Self::Database,
        Self::Port,
        Self::Trust,
        Self::PublicKey,
        Self::Record,
        Self::Label,
    ];

    /// What a person calls such a value: "address", "company id".
    pub fn word(self) -> &'static str {
        match self {
            Self::Encrypted => "encrypted value",
            Self::Address => "address",
            Self::Host => "host",
            Self::Mail => "mail address",
            Self::Tenant => "company id",
            Self::Account => "account",
            Self::Directory => "directory",
            Self::Database => "database",
            Self::Port => "port",
            Self::Trust => "single sign-on",
            Self::PublicKey => "public key",
            Self::Record => "record id",
            Self::Label => "environment's name",
        }
    }

    /// Why such a value differs between environments, as a sentence.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Encrypted => "A secret is entered in each environment anew.",
            Self::Address => "An address leads to one system, and each environment has its own.",
            Self::Host => "A host serves one environment.",
            Self::Mail => "Mail goes out and comes in at addresses of one environment.",
            Self::Tenant => "Each environment is another company or tenant at the systems around it.",
            Self::Account => "Each environment signs in with an account of its own.",
            Self::Directory => "Files of two environments must not meet in one directory.",
            Self::Database => "Each environment has a database of its own.",
            Self::Port => "A port belongs to the host beside it.",
            Self::Trust => "Single sign-on trusts one partner in each environment.",
            Self::PublicKey => "A public key fits the secret one of the same environment.",
            Self::Record => "A record with this id need not exist in another environment's database.",
            Self::Label => "It says which environment this is.",
        }
    }
}

/// Finds the rule by which a value belongs to the environment, by document, key and value; an empty value belongs to none.
pub fn judge(rules: &Rules, document: &str, key: &str, value: &str) -> Option<Rule> {
    let value = value.trim();
    if value.is_empty() {
        return None;
    }
    // Escaped once too often, an address still leads where it leads.
    let escaped = value.contains("\\://").then(|| value.replace("\\:", ":"));
    let value = escaped.as_deref().unwrap_or(value);
    if rules.classify(document, key, value) == Some(Sensitivity::Encrypted) {
        return Some(Rule::Encrypted);
    }
    shape::rule(key, value).or_else(|| name::rule(key, value))
}

/// Finds the rule that a key's name suggests, whatever its value.
pub fn suggested(rules: &Rules, document: &str, key: &str) -> Option<Rule> {
    if rules.is_secret_name(document, key) {
        return Some(Rule::Encrypted);
    }
    name::suggested(key)
}
