//! A whole refresh by SAP's article: nothing leaves while it is under way, and in the end all is as it was.

mod after;
mod after_faults;
mod evidence;
mod files;
mod freeze;
mod purge;
mod records;
mod switches;
mod thaw;

use serde_json::{Value, json};

use crate::rehearsal::Rehearsal;

impl Rehearsal {
    /// All parts of the LMS, a complete backup, and the refresh over it.
    pub(crate) fn overwritten(words: &[&str]) -> Self {
        let rehearsal = Self::of_everything(words);
        rehearsal.knows_services(words, "stage");
        rehearsal.run(&["backup", "stage"]).ends(0);
        rehearsal.refresh();
        rehearsal.forget_requests();
        rehearsal
    }

    /// Lets time pass: whatever is scheduled runs.
    pub(crate) fn tick(&self, ticks: u64) {
        self.tell(reqwest::Method::POST, "tick", Some(&json!({ "ticks": ticks })));
    }

    /// What was done to real people and to production.
    pub(crate) fn damage(&self) -> Value {
        self.tell(reqwest::Method::GET, "harm", None)
    }

    /// The sum of it.
    pub(crate) fn damage_done(&self) -> u64 {
        let damage = self.damage();
        damage
            .as_object()
            .unwrap()
            .values()
            .filter_map(Value::as_u64)
            .sum()
    }

    /// What the parts of stage beside its files are like.
    pub(crate) fn operation(&self) -> Value {
        self.look("operation", "stage")
    }

    /// The parts of stage that were written to since requests were forgotten, each time a part comes.
    pub(crate) fn parts_written(&self) -> Vec<&'static str> {
        let part = |path: &str| match () {
            () if path.contains("saveGlobalSettings") || path.contains("mailSettings") => Some("mail"),
            () if path.contains("updateConnector") || path.contains("service/connectors/") => {
                Some("connectors")
            }
            () if path.contains("saveProcess") || path.contains("service/processes/") => Some("processes"),
            () if path.contains("purgeUnsentEmails") || path.contains("unsentEmails/delete") => Some("purge"),
            () => None,
        };
        let requests = self.requests();
        let writes = requests.iter().filter(|asked| asked.method != "GET");
        let mut parts: Vec<&str> = writes.filter_map(|asked| part(&asked.path)).collect();
        parts.dedup();
        parts
    }

    /// Makes an item of stage run, so that it cannot be saved some times.
    pub(crate) fn runs(&self, process: &str, saves: u64) {
        let order = json!({ "process": process, "saves": saves });
        self.tell(reqwest::Method::POST, "running/stage", Some(&order));
    }
}

/// A rehearsal in a scenario; in `service` with the profile for it.
fn rehearsal(words: &[&str]) -> Rehearsal {
    let rehearsal = Rehearsal::of_everything(words);
    for name in ["stage", "prod"] {
        rehearsal.knows_services(words, name);
    }
    rehearsal
}
