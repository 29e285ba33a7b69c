//! One practice instance: its files, admins and sessions, and what a save and a refresh do to them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};

use crate::practice::admins::{self, Admin};
use crate::practice::content::{Content, FileInfo, Side};
use crate::practice::encryption;
use crate::practice::faults::Fault;
use crate::practice::operation::{Damage, Operation};
use crate::practice::scenario::Scenario;
use crate::practice::session::Sessions;
use crate::practice::settings;
use crate::practice::sign_on::{COMPANY, Provider, consumer};

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
    pub(super) stale: Option<(String, Instant)>,
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
    /// Images taken away.
    pub(super) images_removed: u64,
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
    /// When it came in.
    pub(super) came: Instant,
    /// When its answer was ready to leave; none as long as `status` is.
    pub(super) answered: Option<Instant>,
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
    /// The moment that the times of requests are counted from.
    began: Instant,
    pub(super) harm: Harm,
    /// All that a refresh overwrites beside documents and admins.
    pub(super) operation: Operation,
    /// What the instance did to the world; no refresh touches it.
    pub(super) damage: Damage,
    /// Who signs its admins in, where somebody else does.
    pub(super) provider: Option<Arc<Provider>>,
    /// The file with the integration as it was last while it was this side's own: what SAP support puts back.
    own_integration: String,
}

impl Instance {
    /// An instance as it is before anything happens to it.
    pub(super) fn new(
        side: Side,
        content: Arc<Content>,
        scenario: Scenario,
        provider: Option<Arc<Provider>>,
    ) -> Instance {
        let document = |(place, info): (usize, &FileInfo)| {
            let plain = content.text(side, info);
            let text = match content.encrypted.get(&info.name) {
                Some(keys) => encryption::encrypt_all(side, keys, plain),
                None => plain.to_owned(),
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
            began: Instant::now(),
            harm: Harm::default(),
            operation: content.operation.start(side),
            damage: Damage::default(),
            provider,
            own_integration: String::new(),
            scenario: Scenario::default(),
            content,
        };
        instance.play(scenario);
        instance.keep_integration();
        instance
    }

    /// Takes on another scenario; `integrated` is also what the file BIZX then says, and `disguised` how values lie.
    pub(super) fn play(&mut self, scenario: Scenario) {
        if scenario.integrated != self.scenario.integrated
            && let Some(document) = self.document_mut(INTEGRATION.0)
        {
            document.text = settings::rewrite(&document.text, |setting| {
                (setting.key == INTEGRATION.1).then(|| scenario.integrated.to_string())
            });
        }
        if scenario.disguised != self.scenario.disguised {
            self.disguise(scenario.disguised);
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

    /// Makes pages show the text of now for some time more, whatever is saved.
    pub(super) fn hold_back(&mut self, name: &str, time: Duration) {
        if let Some(document) = self.document_mut(name) {
            document.stale = Some((document.text.clone(), Instant::now() + time));
        }
    }

    /// Becomes a copy of the source: files with their ciphertexts, admins with passwords and locks, mail, schedules
    /// and all else. Sessions end, and so does what runs.
    pub(super) fn become_copy_of(&mut self, source: &Instance) {
        self.keep_integration();
        self.documents.clone_from(&source.documents);
        self.admins.clone_from(&source.admins);
        self.operation = source.operation.copied();
        self.sessions.clear();
    }

    /// Keeps the file with the integration for SAP support, where it is this side's own.
    fn keep_integration(&mut self) {
        let own = self.content.own_value(self.side, COMPANY.0, COMPANY.1);
        if own.is_some_and(|own| own == consumer::company(self))
            && let Some(document) = self.document(INTEGRATION.0)
        {
            self.own_integration = document.text.clone();
        }
    }

    /// Puts the file with the integration back as it was before a refresh, as SAP support does \[kba\]; native login
    /// stays as closed as the scenario has it.
    pub(super) fn repair(&mut self) {
        let (closed, own) = (self.scenario.integrated, self.own_integration.clone());
        if let Some(document) = self.document_mut(INTEGRATION.0) {
            document.text = settings::rewrite(&own, |setting| {
                (setting.key == INTEGRATION.1).then(|| closed.to_string())
            });
            document.version += 1;
            document.stale = None;
        }
    }

    /// The raw state: every file as stored, and which keys the server encrypts.
    pub(super) fn state(&self) -> Value {
        let documents: Map<String, Value> = self
            .documents
            .iter()
            .map(|d| (d.info.name.clone(), json!(d.text)))
            .collect();
        json!({ "documents": documents, "encrypted": self.encrypted() })
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
            "imagesRemoved": self.harm.images_removed,
            "panics": self.harm.panics,
        })
    }

    /// The requests so far, in the order they came in; times in seconds since the instance was started.
    pub(super) fn request_report(&self) -> Value {
        let seconds = |moment: Instant| moment.duration_since(self.began).as_secs_f64();
        let entry = |r: &Logged| {
            json!({
                "method": r.method,
                "path": r.target,
                "fields": r.fields,
                "status": r.status,
                "came": seconds(r.came),
                "answered": r.answered.map(seconds),
            })
        };
        Value::Array(self.requests.iter().map(entry).collect())
    }
}
