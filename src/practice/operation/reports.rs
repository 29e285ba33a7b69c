//! Report Jobs: reports that are sent again and again, and that only their owners can delete.

use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::practice::content::{Side, toml_part};
use crate::practice::faults::Named;
use crate::practice::guard::TOKEN_NAME;
use crate::practice::instance::Instance;
use crate::practice::look::{Look, escape, hidden};
use crate::practice::operation::part::{Call, Part};
use crate::practice::service::{error, json_answer};
use crate::practice::session::Who;
use crate::practice::visit::Answer;

const LIST: &str = "/learning/admin/reports/reportJobs.do";
const DELETE: &str = "/learning/admin/reports/deleteReportJobs.do";
const MENU_ID: &str = "REPORT_JOBS";
const ID: &str = "reportJobID";
const BUTTON: &str = "deleteSelected";
const ROWS: usize = 5;
const SERVICE: &str = "reportJobs";

/// What it tells of itself.
pub(super) const PART: Part = Part {
    entry: MENU_ID,
    addresses: &[LIST, DELETE],
    page,
    services: &[SERVICE],
    service,
    labels: LABELS,
    report: |instance| vec![("reportJobs", json!(judge(instance)))],
    orders: &[],
};

const LABELS: &[(&str, &str)] = &[
    ("Report", "Bericht"),
    ("Owner", "Eigentümer"),
    ("Next Run", "Nächster Lauf"),
    ("Recipients", "Empfänger"),
    ("Delete", "Löschen"),
    (
        "The report jobs were deleted.",
        "Die Berichtsjobs wurden gelöscht.",
    ),
    (
        "Select at least one report job.",
        "Wählen Sie mindestens einen Berichtsjob aus.",
    ),
    (
        "Only its owner can delete a report job.",
        "Nur der Eigentümer kann einen Berichtsjob löschen.",
    ),
];

/// A report that is sent again and again.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::practice) struct ReportJob {
    id: String,
    /// Where it is at the start.
    side: String,
    name: String,
    owner: String,
    frequency: String,
    next: String,
    recipients: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Jobs {
    job: Vec<ReportJob>,
}

/// Reads the jobs of both sides; fails only where the program was built from damaged files.
pub(super) fn load() -> crate::error::Result<Vec<ReportJob>> {
    Ok(toml_part::<Jobs>("reports.toml")?.job)
}

/// Those of one side at the start.
pub(super) fn of(all: &[ReportJob], side: Side) -> Vec<ReportJob> {
    all.iter()
        .filter(|job| job.side == side.name())
        .cloned()
        .collect()
}

/// `ok`, or what is there that was not at the start, and what is gone.
fn judge(instance: &Instance) -> String {
    let start = instance.content.operation.start(instance.side).report_jobs;
    let now = &instance.operation.report_jobs;
    let name = |job: &ReportJob| format!("{} ({})", job.name, job.id);
    let more = now.iter().filter(|job| !start.contains(job));
    let gone = start.iter().filter(|job| !now.contains(job));
    let mut told: Vec<String> = more
        .map(|job| format!("{}: {} has no such job", name(job), instance.side.name()))
        .collect();
    told.extend(gone.map(|job| format!("{}: it is gone", name(job))));
    match told.is_empty() {
        true => "ok".to_owned(),
        false => told.join("; "),
    }
}

/// The admin who asks.
fn asking(instance: &mut Instance, call: &Call<'_>) -> String {
    match instance.sessions.of(call.visit).map(|session| &session.who) {
        Some(Who::Admin(name)) => name.clone(),
        Some(Who::Nobody | Who::ChangingPassword(_)) | None => String::new(),
    }
}

/// Takes jobs away, all or none: each must be the admin's own.
fn delete(instance: &mut Instance, call: &Call<'_>, ids: &[&str]) -> Result<&'static str, &'static str> {
    let admin = asking(instance, call);
    if ids.is_empty() {
        return Err("Select at least one report job.");
    }
    let jobs = &mut instance.operation.report_jobs;
    let own = |id: &&str| jobs.iter().any(|job| job.id == *id && job.owner == admin);
    if !ids.iter().all(own) {
        return Err("Only its owner can delete a report job.");
    }
    if call.suffers(Named::RefuseSave) {
        return Err("The changes could not be applied.");
    }
    if !call.suffers(Named::IgnoreSave) {
        jobs.retain(|job| !ids.contains(&job.id.as_str()));
    }
    Ok("The report jobs were deleted.")
}

fn page(instance: &mut Instance, call: &Call<'_>) -> Option<Answer> {
    match (call.visit.path.as_str(), call.visit.is_post()) {
        (LIST, false) => Some(list(instance, call, None)),
        (DELETE, true) => {
            let said = sent(instance, call);
            Some(list(instance, call, Some(said)))
        }
        _ => None,
    }
}

/// Takes the form of the list: the boxes that were ticked, and the button.
fn sent(instance: &mut Instance, call: &Call<'_>) -> Result<&'static str, &'static str> {
    let (visit, look) = (call.visit, call.look);
    let known = [ID, BUTTON, "adminShellMenuId", TOKEN_NAME];
    let whole = !visit.multipart
        && visit.count(BUTTON) == 1
        && visit.field(BUTTON) == Some(look.t("Delete"))
        && visit.count("adminShellMenuId") == 1
        && visit.field("adminShellMenuId") == Some(MENU_ID)
        && visit
            .fields
            .iter()
            .all(|(name, _)| known.contains(&name.as_str()));
    if !whole {
        instance.harm.wrong_form += 1;
        return Err("The request was incomplete.");
    }
    let ids = visit.fields.iter().filter(|(name, _)| name == ID);
    let ids: Vec<&str> = ids.map(|(_, id)| id.as_str()).collect();
    delete(instance, call, &ids)
}

fn asked_page(call: &Call<'_>, total: usize) -> (usize, usize) {
    let pages = total.div_ceil(ROWS).max(1);
    let asked = call.visit.query("page").and_then(|page| page.parse().ok());
    (asked.unwrap_or(1usize).clamp(1, pages), pages)
}

fn list(
    instance: &mut Instance,
    call: &Call<'_>,
    said: Option<Result<&'static str, &'static str>>,
) -> Answer {
    let (look, admin) = (call.look, asking(instance, call));
    let jobs = &instance.operation.report_jobs;
    let (page, pages) = asked_page(call, jobs.len());
    let said = match said {
        Some(Ok(text)) => format!("<div class=\"message\">{}</div>\n", look.t(text)),
        Some(Err(text)) => format!("<div class=\"errorMessage\">{}</div>\n", look.t(text)),
        None => String::new(),
    };
    let shown = jobs.iter().skip((page - 1) * ROWS).take(ROWS);
    let rows: String = shown.map(|job| row(look, job, job.owner == admin)).collect();
    let body = format!(
        "<h1>{title}</h1>\n{said}<p>{count} {records}</p>\n\
         <form name=\"reportJobForm\" method=\"post\" action=\"{action}\">\n{token}{menu}\
         <table class=\"list\">\n<tr><th></th><th>{report}</th><th>{owner}</th><th>{frequency}</th><th>{next}</th>\
         <th>{recipients}</th></tr>\n{rows}</table>\n\
         <input type=\"submit\" name=\"{BUTTON}\" value=\"{delete}\"></form>\n{pager}",
        title = look.t("Report Jobs"),
        count = jobs.len(),
        records = look.t("records"),
        action = look.address("deleteReportJobs.do"),
        token = look.token_field(),
        menu = hidden("adminShellMenuId", MENU_ID),
        report = look.t("Report"),
        owner = look.t("Owner"),
        frequency = look.t("Frequency"),
        next = look.t("Next Run"),
        recipients = look.t("Recipients"),
        delete = look.t("Delete"),
        pager = pager(look, page, pages),
    );
    Answer::page(look.page(look.t("Report Jobs"), &body))
}

/// A job in the list; only its owner can tick it.
fn row(look: &Look, job: &ReportJob, own: bool) -> String {
    let tick = match own {
        true => format!(
            "<input type=\"checkbox\" name=\"{ID}\" value=\"{}\">",
            escape(&job.id)
        ),
        false => String::new(),
    };
    format!(
        "<tr><td>{tick}</td><td>{name}</td><td>{owner}</td><td>{frequency}</td><td>{next}</td>\
         <td>{recipients}</td></tr>\n",
        name = escape(&job.name),
        owner = escape(&job.owner),
        frequency = frequency(look, job),
        next = escape(&job.next),
        recipients = escape(&job.recipients.join(", ")),
    )
}

fn frequency(look: &Look, job: &ReportJob) -> &'static str {
    let known = ["Daily", "Weekly", "Monthly"];
    let found = known.into_iter().find(|known| *known == job.frequency);
    found.map_or("", |known| look.t(known))
}

fn pager(look: &Look, page: usize, pages: usize) -> String {
    if pages < 2 {
        return String::new();
    }
    let link = |number: usize, text: &str| {
        let address = format!("reportJobs.do?adminShellMenuId={MENU_ID}&page={number}");
        format!("<li><a href=\"{}\">{text}</a></li>\n", look.address(&address))
    };
    let previous = (page > 1).then(|| link(page - 1, look.t("Previous")));
    let next = (page < pages).then(|| link(page + 1, look.t("Next")));
    format!(
        "<ul class=\"pager\">{}{}</ul>\n",
        previous.unwrap_or_default(),
        next.unwrap_or_default()
    )
}

fn service(instance: &mut Instance, call: &Call<'_>) -> Option<Answer> {
    let segments = call.segments();
    let segments: Vec<&str> = segments.iter().skip(1).map(String::as_str).collect();
    match (call.visit.method.as_str(), segments.as_slice()) {
        ("GET", []) => Some(told(instance, call)),
        ("DELETE", [id]) => Some(match delete(instance, call, &[*id]) {
            Ok(text) => json_answer(&json!({ "status": "OK", "message": call.look.t(text) })),
            Err(text) => error(StatusCode::FORBIDDEN, call.look.t(text)),
        }),
        _ => None,
    }
}

fn told(instance: &mut Instance, call: &Call<'_>) -> Answer {
    let admin = asking(instance, call);
    let jobs = &instance.operation.report_jobs;
    let (page, pages) = asked_page(call, jobs.len());
    let item = |job: &ReportJob| {
        json!({
            "jobID": job.id,
            "reportName": job.name,
            "owner": job.owner,
            "own": job.owner == admin,
            "frequency": frequency(call.look, job),
            "nextRun": job.next,
            "recipients": job.recipients,
        })
    };
    let shown = jobs.iter().skip((page - 1) * ROWS).take(ROWS);
    let mut items: Vec<Value> = shown.map(item).collect();
    if call.suffers(Named::ShortList) {
        items.pop();
    }
    let next = (page < pages).then(|| format!("{SERVICE}?page={}", page + 1));
    json_answer(&json!({ "total": jobs.len(), "page": page, "items": items, "next": next }))
}
