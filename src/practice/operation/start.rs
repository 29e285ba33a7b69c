//! What the instances start with beside the configuration files, from the content in the program.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::error::Result;
use crate::practice::content::{Side, toml_part};
use crate::practice::operation::Operation;
use crate::practice::operation::global_settings::{self, Settings};
use crate::practice::operation::images;
use crate::practice::operation::jobs::{Job, Kind};
use crate::practice::operation::mail::{self, Learner};
use crate::practice::operation::reports::{self, ReportJob};
use crate::practice::operation::sheet::{Field, Record, Values, switched};
use crate::practice::operation::unsent::Deletions;

/// A setting as the content gives it.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Value {
    Switch(bool),
    Text(String),
    Several(Vec<String>),
}

/// Settings of production, with those that are others on stage.
#[derive(Debug, Clone, Deserialize)]
struct Given {
    #[serde(default)]
    stage: BTreeMap<String, Value>,
    #[serde(flatten)]
    values: BTreeMap<String, Value>,
}

/// Mail that a run makes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Makes {
    /// Its type.
    pub(super) mail: String,
    pub(super) learners: usize,
    pub(super) admins: usize,
}

#[derive(Debug, Clone, Deserialize)]
struct JobInfo {
    id: String,
    name: String,
    about: String,
    makes: Option<Makes>,
    /// The side that alone has it.
    only: Option<String>,
    #[serde(flatten)]
    settings: Given,
}

/// Mail that waits at the start: how much to learners and to admins, by side.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Unsent {
    mail: String,
    production: [usize; 2],
    stage: [usize; 2],
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Common {
    learners: Vec<String>,
    general: Given,
    mail: Given,
    security: Given,
    unsent: Vec<Unsent>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Processes {
    process: Vec<JobInfo>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Connectors {
    connector: Vec<JobInfo>,
}

/// The content of both sides.
#[derive(Debug)]
pub(in crate::practice) struct OperationContent {
    common: Common,
    processes: Vec<JobInfo>,
    connectors: Vec<JobInfo>,
    reports: Vec<ReportJob>,
}

/// Reads the content; fails only where the program was built from damaged files.
pub(in crate::practice) fn load() -> Result<OperationContent> {
    Ok(OperationContent {
        common: toml_part("operation.toml")?,
        processes: toml_part::<Processes>("processes.toml")?.process,
        connectors: toml_part::<Connectors>("connectors.toml")?.connector,
        reports: reports::load()?,
    })
}

impl OperationContent {
    /// How an instance is before anything happens to it.
    pub(in crate::practice) fn start(&self, side: Side) -> Operation {
        let jobs = |infos: &[JobInfo], kind: Kind| -> Vec<Job> {
            let here = |info: &&JobInfo| info.only.as_deref().is_none_or(|only| only == side.name());
            let job = |(place, info): (usize, &JobInfo)| Job {
                id: info.id.clone(),
                name: info.name.clone(),
                about: info.about.clone(),
                makes: info.makes.clone(),
                record: info.settings.of(side, kind.sheet(), 3 + place as u64 * 5),
            };
            infos.iter().filter(here).enumerate().map(job).collect()
        };
        let tab = |name, given: &Given, version| given.of(side, global_settings::sheet(name), version);
        let learners: Vec<Learner> = self
            .common
            .learners
            .iter()
            .map(|id| Learner::of(id, side))
            .collect();
        let counts = |unsent: &Unsent| match side {
            Side::Production => unsent.production,
            Side::Stage => unsent.stage,
        };
        let mut operation = Operation {
            settings: Settings {
                general: tab("general", &self.common.general, 4),
                mail: tab("mail", &self.common.mail, 12),
                security: tab("security", &self.common.security, 7),
            },
            processes: jobs(&self.processes, Kind::Process),
            connectors: jobs(&self.connectors, Kind::Connector),
            queue: Vec::new(),
            deletions: Deletions::default(),
            images: images::of(side),
            report_jobs: reports::of(&self.reports, side),
            learners,
            untold_changes: 0,
            running: BTreeMap::new(),
            made: 0,
        };
        for unsent in &self.common.unsent {
            let [learners, admins] = counts(unsent);
            let made = mail::make(
                &mut operation,
                &[mail::operators(side)],
                &unsent.mail,
                learners,
                admins,
            );
            operation.queue.extend(made);
        }
        operation
    }
}

impl Given {
    fn of(&self, side: Side, sheet: &[Field], version: u64) -> Record {
        let value = |field: &Field| {
            let given = self.stage.get(field.key).filter(|_| side == Side::Stage);
            let values = match given.or_else(|| self.values.get(field.key)) {
                Some(Value::Switch(on)) => switched(*on),
                Some(Value::Text(text)) => vec![text.clone()],
                Some(Value::Several(several)) => several.clone(),
                None => Vec::new(),
            };
            (field.key.to_owned(), values)
        };
        let values: Values = sheet.iter().map(value).collect();
        Record { values, version }
    }
}

#[cfg(test)]
#[path = "start_tests.rs"]
mod tests;
