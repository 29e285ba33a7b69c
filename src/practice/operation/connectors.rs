//! Connectors: a list on one page with names as links, and a page of one with groups of fields.

use serde_json::json;

use crate::practice::faults::Named;
use crate::practice::instance::Instance;
use crate::practice::look::{Look, escape, hidden, query_value};
use crate::practice::operation::jobs::{self, Job, Kind};
use crate::practice::operation::part::{Call, Part};
use crate::practice::operation::sheet::{Control, Expected, Field};
use crate::practice::saving::APPLIED;
use crate::practice::service::json_answer;
use crate::practice::shell;
use crate::practice::visit::Answer;

const LIST: &str = "/learning/admin/connectors/listConnectors.do";
const DETAIL: &str = "/learning/admin/connectors/connectorDetail.do";
const SAVE: &str = "/learning/admin/connectors/updateConnector.do";
const MENU_ID: &str = "CONNECTOR_JOBS";
const ID: &str = "connectorCode";
const VERSION: &str = "updateCount";
/// Tells the page that a save led to it.
const SAVED: &str = "saved";

/// What it tells of itself.
pub(super) const PART: Part = Part {
    entry: MENU_ID,
    addresses: &[LIST, DETAIL, SAVE],
    page,
    services: &["connectors"],
    service,
    labels: &[],
    report: |instance| {
        vec![
            ("connectors", json!(jobs::judge(instance, Kind::Connector))),
            (
                "scheduledConnectors",
                json!(jobs::scheduled(instance, Kind::Connector)),
            ),
        ]
    },
    orders: &[],
};

/// The groups of fields on a connector's page: a heading, and the keys below it.
const GROUPS: &[(&str, &[&str])] = &[
    ("Input", &["inputFile", "operation"]),
    (
        "Schedule",
        &["scheduled", "frequency", "weekdays", "startTime", "contact"],
    ),
];

fn page(instance: &mut Instance, call: &Call<'_>) -> Option<Answer> {
    match (call.visit.path.as_str(), call.visit.is_post()) {
        (LIST, false) => Some(list(instance, call)),
        (DETAIL, false) => {
            let id = call.visit.query(ID).unwrap_or("");
            let said = match call.visit.query(SAVED) {
                Some("true") => Some(Ok(APPLIED)),
                Some("run") => Some(Ok("The job was started.")),
                _ => None,
            };
            Some(detail(instance, call, id, said))
        }
        (SAVE, true) => Some(save(instance, call)),
        _ => None,
    }
}

fn list(instance: &Instance, call: &Call<'_>) -> Answer {
    let look = call.look;
    let row = |job: &Job| {
        let address = format!(
            "connectorDetail.do?{ID}={}&adminShellMenuId={MENU_ID}",
            query_value(&job.id)
        );
        format!(
            "<tr><td><a href=\"{address}\">{name}</a></td><td>{about}</td><td>{scheduled}</td></tr>\n",
            address = look.address(&address),
            name = escape(&job.name),
            about = escape(&job.about),
            scheduled = look.t(if job.scheduled() { "Yes" } else { "No" }),
        )
    };
    let rows: String = instance.operation.connectors.iter().map(row).collect();
    let body = format!(
        "<h1>{title}</h1>\n<table class=\"list\">\n<thead><tr><th>{name}</th><th>{description}</th>\
         <th>{scheduled}</th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table>",
        title = look.t("Connectors"),
        name = look.t("Name"),
        description = look.t("Description"),
        scheduled = look.t("Scheduled"),
    );
    Answer::page(look.page(look.t("Connectors"), &body))
}

/// Answers with the page of a connector, and with what came of a save where there was one.
fn detail(
    instance: &Instance,
    call: &Call<'_>,
    id: &str,
    said: Option<Result<&'static str, &'static str>>,
) -> Answer {
    let (look, all) = (call.look, &instance.operation.connectors);
    let shift = usize::from(call.suffers(Named::WrongDocument));
    let found = instance.operation.job_of(Kind::Connector, id);
    let Some(job) = found.and_then(|(place, _)| all.get((place + shift) % all.len())) else {
        return shell::notice(look, "Connectors", "This job does not exist.");
    };
    let message = match said {
        None => String::new(),
        Some(Ok(text)) => format!("<p class=\"message\">{}</p>\n", look.t(text)),
        Some(Err(text)) => format!("<p class=\"errorMessage\">{}</p>\n", look.t(text)),
    };
    let version = match call.suffers(Named::FieldMissing) {
        true => String::new(),
        false => hidden(VERSION, &job.record.version.to_string()),
    };
    let groups: String = GROUPS
        .iter()
        .map(|(heading, keys)| group(look, heading, keys, job))
        .collect();
    // The buttons share a name, as those of a dispatching action do: the value says what is meant.
    let button = |value: &str, label: &'static str| {
        format!(
            "<button type=\"submit\" name=\"method\" value=\"{value}\">{}</button>\n",
            look.t(label)
        )
    };
    let apply = button("save", "Apply Changes");
    let body = format!(
        "<p><a href=\"{list}\">{back}</a></p>\n<h1>{title}: {name}</h1>\n{message}<p>{about}</p>\n\
         <form id=\"connectorForm\" action=\"{action}\" method=\"post\">\n{token}{version}{id}{menu}\
         <div>{apply}{run}</div>\n{groups}<div>{apply}<button type=\"reset\">{reset}</button></div>\n</form>",
        list = look.address(&format!("listConnectors.do?adminShellMenuId={MENU_ID}")),
        back = look.t("Back to the list"),
        title = look.t("Connector"),
        name = escape(&job.name),
        about = escape(&job.about),
        action = look.address("updateConnector.do"),
        token = look.token_field(),
        id = hidden(ID, &job.id),
        menu = hidden("adminShellMenuId", MENU_ID),
        run = button("runNow", "Run Now"),
        reset = look.t("Reset"),
    );
    Answer::page(look.page(&format!("{}: {}", look.t("Connector"), job.name), &body))
}

fn group(look: &Look, heading: &'static str, keys: &[&str], job: &Job) -> String {
    let fields = Kind::Connector.sheet().iter();
    let lines: String = fields
        .filter(|field| keys.contains(&field.key))
        .map(|field| line(look, field, job))
        .collect();
    format!(
        "<fieldset><legend>{}</legend>\n{lines}</fieldset>\n",
        look.t(heading)
    )
}

/// A field with its label: around a check box, above several of one name, before anything else.
fn line(look: &Look, field: &Field, job: &Job) -> String {
    let (label, control) = (look.t(field.label), field.control(look, &job.record));
    match field.control {
        Control::Check(_) => format!("<div><label>{control} {label}</label></div>\n"),
        Control::Boxes(_) => format!("<div><b>{label}</b><br>{control}</div>\n"),
        _ => format!(
            "<div><label for=\"{}\">{label}</label> {control}</div>\n",
            field.form
        ),
    }
}

fn save(instance: &mut Instance, call: &Call<'_>) -> Answer {
    let id = call.visit.field(ID).unwrap_or("").to_owned();
    let expected = Expected {
        fixed: &[(ID, &id), ("adminShellMenuId", MENU_ID)],
        version: VERSION,
        sheet: Kind::Connector.sheet(),
        buttons: &[("method", "save"), ("method", "runNow")],
    };
    let Some(sent) = expected.read(call.visit) else {
        instance.harm.wrong_form += 1;
        return detail(instance, call, &id, Some(Err("The request was incomplete.")));
    };
    let done = |how: &str| {
        let id = query_value(&id);
        Answer::redirect(format!(
            "{DETAIL}?{ID}={id}&{SAVED}={how}&adminShellMenuId={MENU_ID}"
        ))
    };
    if sent.button.1 == "runNow" {
        jobs::run_by_hand(instance, Kind::Connector, &id);
        return done("run");
    }
    let version = sent.version.unwrap_or_default();
    match jobs::save(instance, Kind::Connector, &id, version, sent.values, call.effect) {
        Ok(()) => done("true"),
        Err(why) => detail(instance, call, &id, Some(Err(why))),
    }
}

const OBJECT: jobs::Object = jobs::Object {
    kind: Kind::Connector,
    version: "revision",
    fixed: |job| {
        vec![
            ("code", json!(job.id)),
            ("title", json!(job.name)),
            ("about", json!(job.about)),
        ]
    },
};

fn service(instance: &mut Instance, call: &Call<'_>) -> Option<Answer> {
    let segments = call.segments();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    match (call.visit.method.as_str(), &segments[1..]) {
        ("GET", []) => Some(told_list(instance, call)),
        (_, [id, rest @ ..]) => jobs::serve(instance, call, &OBJECT, id, rest),
        _ => None,
    }
}

fn told_list(instance: &Instance, call: &Call<'_>) -> Answer {
    let all = &instance.operation.connectors;
    let row = |job: &Job| json!({ "code": job.id, "title": job.name, "active": job.scheduled() });
    let mut rows: Vec<_> = all.iter().map(row).collect();
    if call.suffers(Named::ShortList) {
        rows.pop();
    }
    json_answer(&json!({ "count": all.len(), "connectors": rows }))
}
