//! One practice instance: its files, admins and sessions, and what a save and a refresh do to them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};

use crate::practice::admins::{self, Admin};
use crate::practice::cipher;
use crate::practice::content::{Content, FileInfo, Side};
use crate::practice::faults::Fault;
use crate::practice::scenario::{KeyScope, Resave, Scenario};
use crate::practice::session::Sessions;
use crate::practice::settings;

/// What pages show in place of an encrypted value where they show none.
pub(super) const MASK: &str = "********";

/// The file and the key that close native login \[kba\].
const INTEGRATION: (&str, &str) = ("BIZX", "successFactorsLearningEnabled");

/// One configuration file as stored.
#[derive(Debug, Clone)]
pub(super) struct Document {
    pub(super) info: FileInfo,
    /// The text, with LF and with encrypted values.
    pub(super) text: String,
    pub(super) version: u64,
    /// What a slow cluster cache still shows, and until when.
    stale: Option<(String, Instant)>,
}

/// Things done that an honest client would not do; tests read them at the control door.
#[derive(Debug, Default)]
pub(super) struct Harm {
    /// Ciphertexts of the other instance, sent as a value where another one stood.
    pub(super) foreign_ciphertext: u64,
    /// POSTs without the session's CSRF token.
    pub(super) wrong_token: u64,
    /// Forms that came back other than a browser sends them.
    pub(super) wrong_form: u64,
    /// Tries to sign in as a built-in admin.
    pub(super) built_in_admin: u64,
    /// Values broken by being encrypted a second time.
    pub(super) encrypted_twice: u64,
    /// Masks stored as values.
    pub(super) mask_stored: u64,
    /// Handlers that panicked.
    pub(super) panics: u64,
}

/// One request, as the control door tells of it.
#[derive(Debug)]
pub(super) struct Logged {
    pub(super) method: String,
    pub(super) target: String,
    pub(super) fields: Vec<String>,
    /// None while it is worked on, and for good where no answer was given.
    pub(super) status: Option<u16>,
}

/// One practice instance.
pub(super) struct Instance {
    pub(super) side: Side,
    pub(super) content: Arc<Content>,
    pub(super) scenario: Scenario,
    pub(super) documents: Vec<Document>,
    pub(super) admins: Vec<Admin>,
    pub(super) sessions: Sessions,
    pub(super) faults: Vec<Fault>,
    pub(super) requests: Vec<Logged>,
    pub(super) harm: Harm,
}

impl Instance {
    /// An instance as it is before anything happens to it.
    pub(super) fn new(side: Side, content: Arc<Content>, scenario: Scenario) -> Instance {
        let document = |(place, info): (usize, &FileInfo)| {
            let plain = content.text(side, info);
            let encrypts = content.encrypted.contains_key(&info.name);
            let text = if encrypts {
                encrypt_all(&content, side, &info.name, plain)
            } else {
                plain.to_owned()
            };
            Document {
                info: info.clone(),
                text,
                version: 100 + place as u64 * 7,
                stale: None,
            }
        };
        let mut instance = Instance {
            side,
            documents: content.files.iter().enumerate().map(document).collect(),
            admins: admins::of(&content, side),
            sessions: Sessions::default(),
            faults: Vec::new(),
            requests: Vec::new(),
            harm: Harm::default(),
            scenario: Scenario::default(),
            content,
        };
        instance.play(scenario);
        instance
    }

    /// Takes on another scenario; `integrated` is also what the file BIZX then says.
    pub(super) fn play(&mut self, scenario: Scenario) {
        if scenario.integrated != self.scenario.integrated
            && let Some(document) = self.document_mut(INTEGRATION.0)
        {
            document.text = settings::rewrite(&document.text, |setting| {
                (setting.key == INTEGRATION.1).then(|| scenario.integrated.to_string())
            });
        }
        self.scenario = scenario;
    }

    /// Whether native login is closed, as BIZX says.
    pub(super) fn native_login_closed(&self) -> bool {
        let value = self
            .document(INTEGRATION.0)
            .and_then(|d| settings::value_of(&d.text, INTEGRATION.1));
        value.is_some_and(|value| value.trim().eq_ignore_ascii_case("true"))
    }

    pub(super) fn document(&self, name: &str) -> Option<&Document> {
        self.documents.iter().find(|document| document.info.name == name)
    }

    pub(super) fn document_mut(&mut self, name: &str) -> Option<&mut Document> {
        self.documents
            .iter_mut()
            .find(|document| document.info.name == name)
    }

    pub(super) fn admin_mut(&mut self, name: &str) -> Option<&mut Admin> {
        self.admins.iter_mut().find(|admin| admin.name == name)
    }

    /// The text of a file as its edit page shows it: with LF, masked where the scenario says so.
    pub(super) fn shown(&self, document: &Document) -> String {
        let text = match &document.stale {
            Some((old, until)) if Instant::now() < *until => old,
            _ => &document.text,
        };
        if self.scenario.resave != Resave::Mask {
            return text.clone();
        }
        settings::rewrite(text, |setting| {
            let hide = self.content.encrypts(&document.info.name, &setting.key) && !setting.value.is_empty();
            hide.then(|| MASK.to_owned())
        })
    }

    /// Stores what an edit page sent: line ends become LF, new values of encrypted keys are encrypted.
    pub(super) fn save(&mut self, name: &str, text: &str) {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let Some(document) = self.document(name) else {
            return;
        };
        let held: Vec<(String, String)> = settings::read(&document.text)
            .into_iter()
            .map(|s| (s.key, s.value))
            .collect();
        let (side, resave, content) = (self.side, self.scenario.resave, Arc::clone(&self.content));
        let harm = &mut self.harm;
        let stored = settings::rewrite(&text, |setting| {
            if setting.value.is_empty() || !content.encrypts(name, &setting.key) {
                return None;
            }
            if held
                .iter()
                .any(|(key, value)| *key == setting.key && *value == setting.value)
            {
                if resave != Resave::Again {
                    return None;
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
    }

    /// Makes pages show the text of now for some time more, whatever is saved.
    pub(super) fn hold_back(&mut self, name: &str, time: Duration) {
        if let Some(document) = self.document_mut(name) {
            document.stale = Some((document.text.clone(), Instant::now() + time));
        }
    }

    /// Decrypts a stored value as this instance can: with its own key, and the other's where it is shared.
    pub(super) fn decrypt(&self, value: &str) -> Option<String> {
        let other = || match self.scenario.key {
            KeyScope::Shared => cipher::decrypt(self.side.other(), value),
            KeyScope::Instance => None,
        };
        cipher::decrypt(self.side, value).or_else(other)
    }

    /// Becomes a copy of the source: files with their ciphertexts, admins with passwords and locks. Sessions end.
    pub(super) fn become_copy_of(&mut self, source: &Instance) {
        self.documents.clone_from(&source.documents);
        self.admins.clone_from(&source.admins);
        self.sessions.clear();
    }

    /// The raw state: every file as stored, and which keys the server encrypts.
    pub(super) fn state(&self) -> Value {
        let documents: Map<String, Value> = self
            .documents
            .iter()
            .map(|d| (d.info.name.clone(), json!(d.text)))
            .collect();
        json!({ "documents": documents, "encrypted": self.content.encrypted })
    }

    /// What a person of this instance knows: the values of its encrypted keys, also after a refresh.
    pub(super) fn plain_values(&self) -> Value {
        let known = |(name, keys): (&String, &Vec<String>)| {
            let own = |key: &String| Some((key.clone(), self.content.own_value(self.side, name, key)?));
            let values: BTreeMap<String, String> = keys.iter().filter_map(own).collect();
            (!values.is_empty()).then(|| (name.clone(), json!(values)))
        };
        Value::Object(self.content.encrypted.iter().filter_map(known).collect())
    }

    /// What was done here that an honest client would not do.
    pub(super) fn harm_report(&self) -> Value {
        json!({
            "foreignCiphertext": self.harm.foreign_ciphertext,
            "wrongToken": self.harm.wrong_token,
            "wrongForm": self.harm.wrong_form,
            "builtInAdmin": self.harm.built_in_admin,
            "encryptedTwice": self.harm.encrypted_twice,
            "maskStored": self.harm.mask_stored,
            "panics": self.harm.panics,
        })
    }

    /// The requests so far, in the order they came in.
    pub(super) fn request_report(&self) -> Value {
        let entry = |r: &Logged| json!({ "method": r.method, "path": r.target, "fields": r.fields, "status": r.status });
        Value::Array(self.requests.iter().map(entry).collect())
    }
}

/// Encrypts every value of a text that the server encrypts.
fn encrypt_all(content: &Content, side: Side, name: &str, text: &str) -> String {
    settings::rewrite(text, |setting| {
        let encrypts = content.encrypts(name, &setting.key) && !setting.value.is_empty();
        encrypts.then(|| cipher::encrypt(side, &setting.value))
    })
}
