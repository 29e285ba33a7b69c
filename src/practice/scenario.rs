//! The scenarios of the practice LMS: how awkward the product may be, as words that can be combined.

use crate::error::{Error, Kind, Result};

/// Every word a scenario may be made of, with what it does.
pub const WORDS: &[(&str, &str)] = &[
    (
        "key=shared",
        "production's ciphertext works on stage too, and does harm there (default)",
    ),
    (
        "key=instance",
        "production's ciphertext does not decrypt on stage",
    ),
    (
        "resave=keep",
        "a ciphertext that is sent back unchanged is kept (default)",
    ),
    (
        "resave=again",
        "a ciphertext that is sent back is encrypted a second time and broken",
    ),
    ("resave=mask", "encrypted values are shown as a mask"),
    (
        "token=field",
        "the CSRF token is a hidden field of each form (default)",
    ),
    (
        "token=link",
        "the CSRF token stands only in the addresses of links and forms",
    ),
    (
        "token=script",
        "the CSRF token is put in by a script that a browser runs",
    ),
    (
        "bound",
        "what is being edited lives in the session; parallel reads can answer for each other",
    ),
    (
        "service",
        "the shell and System Configuration are scripts over JSON (`bound` does nothing there)",
    ),
    ("german", "labels are German"),
    (
        "integrated",
        "`successFactorsLearningEnabled=true`: native login is closed",
    ),
    (
        "sso",
        "`integrated`, and an identity provider on `[::1]`: name, password, code, and a form that a script sends",
    ),
    (
        "sealed",
        "integrated the sealed way: a save of BIZX keeps the integration keys as they are, and says nothing",
    ),
    ("sealed=ignore", "the same as `sealed`"),
    (
        "sealed=refuse",
        "a save of BIZX that would change an integration key is refused, and says which key",
    ),
    (
        "disguised",
        "some values are encrypted that neither their key's name nor their file gives away",
    ),
    (
        "rereads",
        "encrypted values are shown encrypted afresh: two readings differ though nothing changed",
    ),
    ("denied", "the permission to see System Configuration is missing"),
    (
        "narrow",
        "the role shows System Configuration and nothing else of what a refresh overwrites",
    ),
];

/// Says whose ciphertext an instance can decrypt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KeyScope {
    /// Each instance decrypts the other's ciphertext as well.
    #[default]
    Shared,
    /// Each instance decrypts only what it encrypted itself.
    Instance,
}

/// Says what happens to a ciphertext that a save sends back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Resave {
    /// It is recognised and kept.
    #[default]
    Keep,
    /// It is encrypted once more, and so broken.
    Again,
    /// It is never shown: pages show a mask in its place.
    Mask,
}

/// Says what happens to a save that would change a key of the sealed integration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Seal {
    /// There is no seal: it is stored like any other.
    #[default]
    Open,
    /// The key stays as it is, all else is stored, and nothing is said of it.
    Ignore,
    /// Nothing is stored, and the answer names the key.
    Refuse,
}

/// Says where a page carries its CSRF token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TokenPlace {
    /// In a hidden field of each form.
    #[default]
    Field,
    /// In the query of links and form actions.
    Link,
    /// In a script that adds it to forms and links when a browser runs it.
    Script,
}

/// How one practice instance behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scenario {
    /// Whose ciphertext the instance can decrypt.
    pub key: KeyScope,
    /// What becomes of a ciphertext that is sent back.
    pub resave: Resave,
    /// Where the CSRF token stands.
    pub token: TokenPlace,
    /// Whether what is being edited lives in the session.
    pub bound: bool,
    /// Whether the shell and System Configuration are scripts over JSON.
    pub service: bool,
    /// Whether labels are German.
    pub german: bool,
    /// Whether the instance is integrated with BizX, which closes native login.
    pub integrated: bool,
    /// Whether who is not signed in is led to an identity provider.
    pub sso: bool,
    /// What becomes of a save that changes a key of the sealed integration.
    pub seal: Seal,
    /// Whether values are encrypted that nothing gives away as such.
    pub disguised: bool,
    /// Whether each reading shows encrypted values encrypted afresh.
    pub rereads: bool,
    /// Whether the permission for System Configuration is missing.
    pub denied: bool,
    /// Whether the role shows nothing of what a refresh overwrites but System Configuration.
    pub narrow: bool,
}

impl Scenario {
    /// Reads a scenario from its words; a later word wins over an earlier one of the same kind.
    ///
    /// A word may itself hold several, with commas or blanks between them. An unknown one is a usage error that
    /// names those there are.
    pub fn parse(words: &[&str]) -> Result<Self> {
        let mut scenario = Self::default();
        let split = |c: char| c == ',' || c.is_whitespace();
        for word in words
            .iter()
            .flat_map(|w| w.split(split))
            .filter(|w| !w.is_empty())
        {
            match word {
                "key=shared" => scenario.key = KeyScope::Shared,
                "key=instance" => scenario.key = KeyScope::Instance,
                "resave=keep" => scenario.resave = Resave::Keep,
                "resave=again" => scenario.resave = Resave::Again,
                "resave=mask" => scenario.resave = Resave::Mask,
                "token=field" => scenario.token = TokenPlace::Field,
                "token=link" => scenario.token = TokenPlace::Link,
                "token=script" => scenario.token = TokenPlace::Script,
                "bound" => scenario.bound = true,
                "service" => scenario.service = true,
                "german" => scenario.german = true,
                "integrated" => scenario.integrated = true,
                "sso" => {
                    scenario.integrated = true;
                    scenario.sso = true;
                }
                "sealed" | "sealed=ignore" => scenario.seal = Seal::Ignore,
                "sealed=refuse" => scenario.seal = Seal::Refuse,
                "disguised" => scenario.disguised = true,
                "rereads" => scenario.rereads = true,
                "denied" => scenario.denied = true,
                "narrow" => scenario.narrow = true,
                unknown => return Err(unknown_word(unknown)),
            }
        }
        Ok(scenario)
    }
}

fn unknown_word(word: &str) -> Error {
    let known: Vec<&str> = WORDS.iter().map(|(word, _)| *word).collect();
    Error::new(
        Kind::Usage,
        format!("The practice LMS knows no scenario `{word}`."),
    )
    .hint(format!(
        "lmskeep practice --scenario takes any of: {}",
        known.join(", ")
    ))
}

#[cfg(test)]
#[path = "scenario_tests.rs"]
mod tests;
