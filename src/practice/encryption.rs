//! What an instance encrypts: how such values are stored, shown and taken back, as its scenario has it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use serde_json::{Map, Value};

use crate::practice::cipher;
use crate::practice::content::Side;
use crate::practice::instance::{Document, Instance};
use crate::practice::scenario::{KeyScope, Resave, Seal};
use crate::practice::{seal, settings};

/// What pages show in place of an encrypted value where they show none.
pub(super) const MASK: &str = "********";

/// An encrypted value that a file holds.
struct Held {
    key: String,
    value: String,
    /// What it decrypts to; looked for only where one value has many ciphertexts.
    plain: Option<String>,
}

impl Instance {
    /// The keys that the server encrypts at each save, by document.
    pub(super) fn encrypted(&self) -> BTreeMap<&str, Vec<&str>> {
        let disguised = self.scenario.disguised.then_some(&self.content.disguised);
        let mut all: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (name, keys) in self
            .content
            .encrypted
            .iter()
            .chain(disguised.into_iter().flatten())
        {
            all.entry(name)
                .or_default()
                .extend(keys.iter().map(String::as_str));
        }
        all
    }

    /// Whether the server encrypts that key.
    pub(super) fn encrypts(&self, name: &str, key: &str) -> bool {
        self.encrypted().get(name).is_some_and(|keys| keys.contains(&key))
    }

    /// Encrypts what lies in the clear where scenario `disguised` begins, and the reverse where it ends.
    pub(super) fn disguise(&mut self, begins: bool) {
        let (side, content) = (self.side, Arc::clone(&self.content));
        for (name, keys) in &content.disguised {
            if let Some(document) = self.document_mut(name) {
                document.text = match begins {
                    true => encrypt_all(side, keys, &document.text),
                    false => settings::rewrite(&document.text, |setting| {
                        let ours = keys.contains(&setting.key);
                        ours.then(|| cipher::decrypt(side, &setting.value)).flatten()
                    }),
                };
            }
        }
    }

    /// The text of a file as its edit page shows it: with LF, masked or encrypted afresh where the scenario says so.
    pub(super) fn shown(&self, document: &Document) -> String {
        let text = match &document.stale {
            Some((old, until)) if Instant::now() < *until => old,
            _ => &document.text,
        };
        let masked = self.scenario.resave == Resave::Mask;
        if !masked && !self.scenario.rereads {
            return text.clone();
        }
        settings::rewrite(text, |setting| {
            if setting.value.is_empty() || !self.encrypts(&document.info.name, &setting.key) {
                return None;
            }
            match masked {
                true => Some(MASK.to_owned()),
                false => self
                    .decrypt(&setting.value)
                    .map(|plain| cipher::encrypt(self.side, &plain)),
            }
        })
    }

    /// Stores what an edit page sent: line ends become LF, new values of encrypted keys are encrypted.
    ///
    /// Errors: the key that must not change, where the seal of the integration refuses; nothing is stored then.
    pub(super) fn save(&mut self, name: &str, text: &str) -> Result<(), String> {
        let mut text = text.replace("\r\n", "\n").replace('\r', "\n");
        let Some(document) = self.document(name) else {
            return Ok(());
        };
        let sealed = self.content.sealed.get(name).map_or(&[][..], Vec::as_slice);
        match self.scenario.seal {
            Seal::Open => {}
            Seal::Ignore => text = seal::kept(sealed, &document.text, &text),
            Seal::Refuse => {
                if let Some(key) = seal::broken(sealed, &document.text, &text) {
                    return Err(key.clone());
                }
            }
        }
        let held = self.held(document);
        let keys: Vec<String> = self
            .encrypted()
            .remove(name)
            .map_or_else(Vec::new, |keys| keys.into_iter().map(str::to_owned).collect());
        let (side, resave) = (self.side, self.scenario.resave);
        let harm = &mut self.harm;
        let stored = settings::rewrite(&text, |setting| {
            if setting.value.is_empty() || !keys.contains(&setting.key) {
                return None;
            }
            let sent_back = held
                .iter()
                .find(|held| held.key == setting.key && held.is(side, &setting.value));
            if let Some(held) = sent_back {
                if resave != Resave::Again {
                    return (held.value != setting.value).then(|| held.value.clone());
                }
                harm.encrypted_twice += 1;
            } else if cipher::decrypt(side.other(), &setting.value).is_some() {
                harm.foreign_ciphertext += 1;
            } else if setting.value == MASK {
                harm.mask_stored += 1;
            } else if cipher::decrypt(side, &setting.value).is_some() {
                harm.encrypted_twice += 1;
            }
            Some(cipher::encrypt(side, &setting.value))
        });
        if let Some(document) = self.document_mut(name) {
            document.text = stored;
            document.version += 1;
        }
        Ok(())
    }

    /// The encrypted values of a file as it is stored.
    fn held(&self, document: &Document) -> Vec<Held> {
        settings::read(&document.text)
            .into_iter()
            .filter(|setting| self.encrypts(&document.info.name, &setting.key))
            .map(|setting| Held {
                plain: self
                    .scenario
                    .rereads
                    .then(|| self.decrypt(&setting.value))
                    .flatten(),
                key: setting.key,
                value: setting.value,
            })
            .collect()
    }

    /// Decrypts a stored value as this instance can: with its own key, and the other's where it is shared.
    pub(super) fn decrypt(&self, value: &str) -> Option<String> {
        let other = || match self.scenario.key {
            KeyScope::Shared => cipher::decrypt(self.side.other(), value),
            KeyScope::Instance => None,
        };
        cipher::decrypt(self.side, value).or_else(other)
    }

    /// What a person of this instance knows: the values of its encrypted keys, also after a refresh.
    pub(super) fn plain_values(&self) -> Value {
        let mut known = Map::new();
        for (name, keys) in self.encrypted() {
            let own = |key: &str| {
                let value = self.content.own_value(self.side, name, key)?;
                Some((key.to_owned(), Value::String(value)))
            };
            let values: Map<String, Value> = keys.into_iter().filter_map(own).collect();
            if !values.is_empty() {
                known.insert(name.to_owned(), Value::Object(values));
            }
        }
        Value::Object(known)
    }
}

impl Held {
    /// Whether a value that was sent is this one, or another ciphertext of it that this instance made.
    fn is(&self, side: Side, sent: &str) -> bool {
        self.value == sent || (self.plain.is_some() && self.plain == cipher::decrypt(side, sent))
    }
}

/// Encrypts the values of these keys.
pub(super) fn encrypt_all(side: Side, keys: &[String], text: &str) -> String {
    settings::rewrite(text, |setting| {
        let encrypts = keys.contains(&setting.key) && !setting.value.is_empty();
        encrypts.then(|| cipher::encrypt(side, &setting.value))
    })
}
