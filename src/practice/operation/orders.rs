//! What the control door does to settings and jobs behind everybody's back.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::practice::instance::Instance;
use crate::practice::operation::clock;
use crate::practice::operation::global_settings;
use crate::practice::operation::jobs::{Job, Kind};
use crate::practice::operation::sheet::{Field, Record};

/// Which job runs, and how many saves find it running.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Running {
    process: String,
    saves: u64,
}

/// A change: of the switch of a job, or of a field by its key.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    part: String,
    /// The name or id of a job, or `*` for all of them; of the mail settings the key of a field.
    name: String,
    /// The key of a job's field, where it is not its switch.
    field: Option<String>,
    on: Option<bool>,
    value: Option<String>,
}

/// Which job is run.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Run {
    name: String,
}

fn read<T: for<'de> Deserialize<'de>>(told: &Value) -> Result<T, String> {
    serde_json::from_value(told.clone()).map_err(|cause| cause.to_string())
}

fn done() -> Value {
    json!({ "done": true })
}

/// The kind, place and id of a job by its name or id.
fn find(instance: &Instance, name: &str) -> Result<(Kind, usize, String), String> {
    [Kind::Process, Kind::Connector]
        .into_iter()
        .find_map(|kind| {
            let mut jobs = instance.operation.jobs(kind).iter().enumerate();
            let (place, job) = jobs.find(|(_, job)| job.name == name || job.id == name)?;
            Some((kind, place, job.id.clone()))
        })
        .ok_or_else(|| format!("There is no job `{name}`."))
}

/// `POST /running/SIDE`: the next saves of a job find it running.
pub(super) fn running(instance: &mut Instance, told: &Value) -> Result<Value, String> {
    let running: Running = read(told)?;
    let (_, _, id) = find(instance, &running.process)?;
    match running.saves {
        0 => instance.operation.running.remove(&id),
        saves => instance.operation.running.insert(id, saves),
    };
    Ok(done())
}

/// `POST /run/SIDE`: a job runs once, as the person in charge of it has it.
pub(super) fn run(instance: &mut Instance, told: &Value) -> Result<Value, String> {
    let run: Run = read(told)?;
    let (kind, place, _) = find(instance, &run.name)?;
    clock::run_one(instance, kind, place);
    Ok(done())
}

/// `POST /switch/SIDE`: somebody else changes a setting.
pub(super) fn switch(instance: &mut Instance, told: &Value) -> Result<Value, String> {
    let change: Change = read(told)?;
    let value = match (&change.on, &change.value) {
        (Some(on), None) => json!(on),
        (None, Some(value)) => json!(value),
        _ => return Err("A change has either `on` or `value`.".to_owned()),
    };
    match change.part.as_str() {
        "mail" => {
            let record = &mut instance.operation.settings.mail;
            set(record, global_settings::sheet("mail"), &change.name, &value)
        }
        "automaticProcesses" => set_jobs(instance, Kind::Process, &change, &value),
        "connectors" => set_jobs(instance, Kind::Connector, &change, &value),
        part => Err(format!("There is no part `{part}`.")),
    }
    .map(|()| done())
}

/// Changes one job, or all of its kind where the name is `*`.
fn set_jobs(instance: &mut Instance, kind: Kind, change: &Change, value: &Value) -> Result<(), String> {
    let field = change.field.as_deref().unwrap_or("scheduled");
    let meant = |job: &&mut Job| change.name == "*" || job.name == change.name || job.id == change.name;
    let mut jobs = instance
        .operation
        .jobs_mut(kind)
        .iter_mut()
        .filter(meant)
        .peekable();
    if jobs.peek().is_none() {
        return Err(format!("There is no job `{}`.", change.name));
    }
    jobs.try_for_each(|job| set(&mut job.record, kind.sheet(), field, value))
}

fn set(record: &mut Record, sheet: &[Field], key: &str, value: &Value) -> Result<(), String> {
    let field = sheet.iter().find(|field| field.key == key);
    let field = field.ok_or_else(|| format!("There is no field `{key}`."))?;
    let values = field
        .of_json(value)
        .ok_or_else(|| format!("The field `{key}` does not take {value}."))?;
    record.values.insert(key.to_owned(), values);
    record.version += 1;
    Ok(())
}
