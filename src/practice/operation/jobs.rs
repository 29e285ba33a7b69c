//! Automatic processes and connectors: what they are, and what a save of one does.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::practice::faults::{Effect, Named};
use crate::practice::instance::Instance;
use crate::practice::operation::objects::Frame;
use crate::practice::operation::part::Call;
use crate::practice::operation::sheet::{Choice, Control, Field, Record, Values};
use crate::practice::operation::start::Makes;
use crate::practice::operation::{Operation, clock};
use crate::practice::service::{error, json_answer};
use crate::practice::visit::Answer;

/// The connector that brings the users with their addresses.
pub(super) const USERS: &str = "sfuser";
/// The process that saves up changes of plans while it is off, and tells them all at its first run \[seen\].
pub(super) const PLANS: &str = "LEARNING_PLAN_NOTIFICATION";

/// Which of the two a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Process,
    Connector,
}

/// One automatic process or connector.
#[derive(Debug, Clone)]
pub(in crate::practice) struct Job {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) about: String,
    pub(super) makes: Option<Makes>,
    pub(super) record: Record,
}

impl Job {
    /// Schedule This Process.
    pub(super) fn scheduled(&self) -> bool {
        self.record.is_on("scheduled")
    }
}

const DAYS: &[Choice] = &[
    ("MON", "Monday"),
    ("TUE", "Tuesday"),
    ("WED", "Wednesday"),
    ("THU", "Thursday"),
    ("FRI", "Friday"),
    ("SAT", "Saturday"),
    ("SUN", "Sunday"),
];

const FREQUENCIES: &[Choice] = &[
    ("HOURLY", "Hourly"),
    ("DAILY", "Daily"),
    ("WEEKLY", "Weekly"),
    ("MONTHLY", "Monthly"),
];

const fn field(
    key: &'static str,
    form: &'static str,
    member: &'static str,
    label: &'static str,
    control: Control,
) -> Field {
    Field {
        key,
        form,
        member,
        label,
        control,
    }
}

const PROCESS: &[Field] = &[
    field(
        "scheduled",
        "scheduleEnabled",
        "scheduleProcess",
        "Schedule This Process",
        Control::Check("Y"),
    ),
    field("startTime", "startTime", "startTime", "Start Time", Control::Text),
    field(
        "frequency",
        "frequencyType",
        "frequency",
        "Frequency",
        Control::Select(FREQUENCIES),
    ),
    field(
        "weekdays",
        "weekDay",
        "weekdays",
        "Weekdays",
        Control::Boxes(DAYS),
    ),
    field(
        "notify",
        "notifyOn",
        "notify",
        "Notify",
        Control::Radio(&[("NEVER", "Never"), ("ERROR", "On Errors"), ("ALWAYS", "Always")]),
    ),
    field(
        "contact",
        "contactEmail",
        "contactEmail",
        "Contact Email",
        Control::Text,
    ),
];

const CONNECTOR: &[Field] = &[
    field(
        "inputFile",
        "inputFileName",
        "inputFile",
        "Input File Name",
        Control::Text,
    ),
    field(
        "operation",
        "operationType",
        "operation",
        "Operation",
        Control::Select(&[
            ("ADD", "Add"),
            ("ADD_UPDATE", "Add or Update"),
            ("SYNCHRONIZE", "Synchronize"),
        ]),
    ),
    field(
        "scheduled",
        "job.active",
        "active",
        "Schedule This Process",
        Control::Check("on"),
    ),
    field(
        "frequency",
        "job.interval",
        "interval",
        "Frequency",
        Control::Select(FREQUENCIES),
    ),
    field("weekdays", "job.days", "days", "Weekdays", Control::Boxes(DAYS)),
    field("startTime", "job.time", "time", "Start Time", Control::Text),
    field("contact", "job.mailTo", "mailTo", "Contact Email", Control::Text),
];

impl Kind {
    /// The fields of its edit page.
    pub(super) fn sheet(self) -> &'static [Field] {
        match self {
            Kind::Process => PROCESS,
            Kind::Connector => CONNECTOR,
        }
    }
}

impl Operation {
    pub(super) fn jobs(&self, kind: Kind) -> &Vec<Job> {
        match kind {
            Kind::Process => &self.processes,
            Kind::Connector => &self.connectors,
        }
    }

    pub(super) fn jobs_mut(&mut self, kind: Kind) -> &mut Vec<Job> {
        match kind {
            Kind::Process => &mut self.processes,
            Kind::Connector => &mut self.connectors,
        }
    }

    /// A job of that kind by its id, with its place.
    pub(super) fn job_of(&self, kind: Kind, id: &str) -> Option<(usize, &Job)> {
        self.jobs(kind).iter().enumerate().find(|(_, job)| job.id == id)
    }

    /// Whether a save of that job finds it running; each that does brings the end of its run nearer.
    fn refuses_as_running(&mut self, id: &str) -> bool {
        let Some(left) = self.running.get_mut(id) else {
            return false;
        };
        *left = left.saturating_sub(1);
        if *left == 0 {
            self.running.remove(id);
        }
        true
    }
}

/// Takes new values of a job; the error is what is then said.
pub(super) fn save(
    instance: &mut Instance,
    kind: Kind,
    id: &str,
    version: u64,
    values: Values,
    effect: Option<&Effect>,
) -> Result<(), &'static str> {
    let operation = &mut instance.operation;
    let (place, job) = operation.job_of(kind, id).ok_or("This job does not exist.")?;
    if job.record.version != version {
        return Err("The job was changed in the meantime. Open it again.");
    }
    if operation.refuses_as_running(id) {
        return Err("The job is running and cannot be changed now.");
    }
    match operation.jobs_mut(kind).get_mut(place) {
        Some(job) => job.record.store(kind.sheet(), values, effect),
        None => Ok(()),
    }
}

/// Runs a job because somebody pressed Run Now.
pub(super) fn run_by_hand(instance: &mut Instance, kind: Kind, id: &str) {
    if let Some((place, _)) = instance.operation.job_of(kind, id) {
        instance.damage.ran_by_hand += 1;
        clock::run_one(instance, kind, place);
    }
}

/// How a service tells a job.
pub(super) struct Object {
    pub(super) kind: Kind,
    /// The name of its version.
    pub(super) version: &'static str,
    /// The members that nobody changes.
    pub(super) fixed: fn(&Job) -> Vec<(&'static str, Value)>,
}

/// Answers a call for one job: it is told, taken back, or run.
pub(super) fn serve(
    instance: &mut Instance,
    call: &Call<'_>,
    object: &Object,
    id: &str,
    rest: &[&str],
) -> Option<Answer> {
    let look = call.look;
    let all = instance.operation.jobs(object.kind);
    let Some((place, _)) = instance.operation.job_of(object.kind, id) else {
        return Some(error(StatusCode::NOT_FOUND, look.t("This job does not exist.")));
    };
    let reads = call.visit.method == "GET";
    let place = (place + usize::from(reads && call.suffers(Named::WrongDocument))) % all.len();
    let job = all.get(place)?.clone();
    let fixed = (object.fixed)(&job);
    let frame = Frame {
        fixed: &fixed,
        version: object.version,
        sheet: object.kind.sheet(),
    };
    match (call.visit.method.as_str(), rest) {
        ("GET", []) => Some(frame.tell(call, &job.record)),
        ("PUT", []) => Some(match frame.take(instance, call, &job.record) {
            Ok(values) => {
                let version = job.record.version;
                let saved = save(instance, object.kind, id, version, values, call.effect);
                let now = instance.operation.job_of(object.kind, id);
                frame.answer(call, saved, now.map_or(version, |(_, job)| job.record.version))
            }
            Err(refusal) => refusal,
        }),
        ("POST", ["run"]) => {
            run_by_hand(instance, object.kind, id);
            let message = look.t("The job was started.");
            Some(json_answer(&json!({ "status": "OK", "message": message })))
        }
        _ => None,
    }
}

/// How many jobs of a kind are scheduled.
pub(super) fn scheduled(instance: &Instance, kind: Kind) -> usize {
    let jobs = instance.operation.jobs(kind).iter();
    jobs.filter(|job| job.scheduled()).count()
}

/// `ok`, or which jobs are other than they were at the start, and how.
pub(super) fn judge(instance: &Instance, kind: Kind) -> String {
    let start = instance.content.operation.start(instance.side);
    let now = instance.operation.jobs(kind);
    let mut told = Vec::new();
    for old in start.jobs(kind) {
        match now.iter().find(|job| job.id == old.id) {
            None => told.push(format!("{}: it is gone", old.name)),
            Some(job) => {
                let differs = job.record.differences(&old.record, kind.sheet());
                if !differs.is_empty() {
                    told.push(format!("{}: {}", old.name, differs.join(" and ")));
                }
            }
        }
    }
    let new = now.iter().filter(|job| start.job_of(kind, &job.id).is_none());
    told.extend(new.map(|job| match job.scheduled() {
        true => format!("{}: it was not there and is scheduled", job.name),
        false => format!("{}: it was not there", job.name),
    }));
    match told.is_empty() {
        true => "ok".to_owned(),
        false => told.join(", "),
    }
}

/// The labels of both kinds.
pub(super) const LABELS: &[(&str, &str)] = &[
    ("Schedule This Process", "Diesen Prozess planen"),
    ("Start Time", "Startzeit"),
    ("Frequency", "Häufigkeit"),
    ("Weekdays", "Wochentage"),
    ("Notify", "Benachrichtigen"),
    ("Never", "Nie"),
    ("On Errors", "Bei Fehlern"),
    ("Always", "Immer"),
    ("Contact Email", "Kontakt-E-Mail"),
    ("Input File Name", "Name der Eingabedatei"),
    ("Operation", "Vorgang"),
    ("Add", "Hinzufügen"),
    ("Add or Update", "Hinzufügen oder aktualisieren"),
    ("Synchronize", "Abgleichen"),
    ("Hourly", "Stündlich"),
    ("Daily", "Täglich"),
    ("Weekly", "Wöchentlich"),
    ("Monthly", "Monatlich"),
    ("Monday", "Montag"),
    ("Tuesday", "Dienstag"),
    ("Wednesday", "Mittwoch"),
    ("Thursday", "Donnerstag"),
    ("Friday", "Freitag"),
    ("Saturday", "Samstag"),
    ("Sunday", "Sonntag"),
    ("Scheduled", "Geplant"),
    ("Not Scheduled", "Nicht geplant"),
    ("Schedule", "Zeitplan"),
    ("Edit Automatic Process", "Automatischen Prozess bearbeiten"),
    ("Connector", "Konnektor"),
    ("Input", "Eingabe"),
    ("Yes", "Ja"),
    ("No", "Nein"),
    ("Run Now", "Jetzt ausführen"),
    ("The job was started.", "Der Job wurde gestartet."),
    ("This job does not exist.", "Dieser Job existiert nicht."),
    (
        "The job was changed in the meantime. Open it again.",
        "Der Job wurde inzwischen geändert. Öffnen Sie ihn erneut.",
    ),
    (
        "The job is running and cannot be changed now.",
        "Der Job läuft und kann jetzt nicht geändert werden.",
    ),
];
