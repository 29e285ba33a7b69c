//! Automatic Processes: a list with result pages and an icon a row, and an edit page in a table.

use serde_json::json;

use crate::practice::faults::Named;
use crate::practice::instance::Instance;
use crate::practice::look::{Look, escape, hidden, query_value};
use crate::practice::operation::jobs::{self, Job, Kind};
use crate::practice::operation::orders;
use crate::practice::operation::part::{Call, Part};
use crate::practice::operation::sheet::{Expected, Field};
use crate::practice::saving::APPLIED;
use crate::practice::service::json_answer;
use crate::practice::shell;
use crate::practice::visit::Answer;

const LIST: &str = "/learning/admin/apm/listProcesses.do";
const EDIT: &str = "/learning/admin/apm/editProcess.do";
const SAVE: &str = "/learning/admin/apm/saveProcess.do";
const MENU_ID: &str = "APM";
const ID: &str = "apmID";
const VERSION: &str = "formRevision";
const ROWS: usize = 20;
const SERVICE: &str = "processes";

/// What it tells of itself.
pub(super) const PART: Part = Part {
    entry: MENU_ID,
    addresses: &[LIST, EDIT, SAVE],
    page,
    services: &[SERVICE],
    service,
    labels: jobs::LABELS,
    report: |instance| {
        vec![
            ("automaticProcesses", json!(jobs::judge(instance, Kind::Process))),
            (
                "scheduledProcesses",
                json!(jobs::scheduled(instance, Kind::Process)),
            ),
        ]
    },
    orders: &[
        ("running", orders::running),
        ("run", orders::run),
        ("switch", orders::switch),
    ],
};

fn page(instance: &mut Instance, call: &Call<'_>) -> Option<Answer> {
    match (call.visit.path.as_str(), call.visit.is_post()) {
        (LIST, false) => Some(list(instance, call)),
        (EDIT, false) => Some(edit(instance, call)),
        (SAVE, true) => Some(save(instance, call)),
        _ => None,
    }
}

fn asked_page(call: &Call<'_>) -> usize {
    let asked = call.visit.query("page").and_then(|page| page.parse().ok());
    asked.unwrap_or(1usize).max(1)
}

fn status(job: &Job) -> &'static str {
    match job.scheduled() {
        true => "Scheduled",
        false => "Not Scheduled",
    }
}

/// The label of a choice, such as that of the frequency.
fn chosen(job: &Job, key: &str) -> &'static str {
    let fields = Kind::Process.sheet();
    let field = fields.iter().find(|field| field.key == key);
    field.map_or("", |field| field.label_of(job.record.text(key)))
}

fn list(instance: &Instance, call: &Call<'_>) -> Answer {
    let look = call.look;
    let all = instance.operation.jobs(Kind::Process);
    let pages = all.len().div_ceil(ROWS).max(1);
    let page = asked_page(call).min(pages);
    let rows: String = all
        .iter()
        .skip((page - 1) * ROWS)
        .take(ROWS)
        .map(|job| row(look, job))
        .collect();
    let body = format!(
        "<h1>{title}</h1>\n<p>{count} {records}</p>\n{pager}\
         <table class=\"list\">\n<tr><th></th><th>{name}</th><th>{frequency}</th><th>{time}</th>\
         <th>{schedule}</th></tr>\n{rows}</table>\n{pager}",
        title = look.t("Automatic Processes"),
        count = all.len(),
        records = look.t("records"),
        pager = pager(look, page, pages),
        name = look.t("Name"),
        frequency = look.t("Frequency"),
        time = look.t("Start Time"),
        schedule = look.t("Schedule"),
    );
    Answer::page(look.page(look.t("Automatic Processes"), &body))
}

fn edit_address(id: &str) -> String {
    format!(
        "editProcess.do?{ID}={}&adminShellMenuId={MENU_ID}",
        query_value(id)
    )
}

fn row(look: &Look, job: &Job) -> String {
    format!(
        "<tr><td><a href=\"{address}\"><img src=\"/learning/images/pencil.svg\" alt=\"{edit}\" title=\"{edit}\" \
         width=\"16\" height=\"16\"></a></td><td>{name}</td><td>{frequency}</td><td>{time}</td>\
         <td>{status}</td></tr>\n",
        address = look.address(&edit_address(&job.id)),
        edit = look.t("Edit"),
        name = escape(&job.name),
        frequency = look.t(chosen(job, "frequency")),
        time = escape(job.record.text("startTime")),
        status = look.t(status(job)),
    )
}

fn pager(look: &Look, page: usize, pages: usize) -> String {
    let link = |number: usize, text: &str| {
        let address = format!("listProcesses.do?page={number}&adminShellMenuId={MENU_ID}");
        format!("<a href=\"{}\">{text}</a> ", look.address(&address))
    };
    let previous = (page > 1).then(|| link(page - 1, look.t("Previous")));
    let next = (page < pages).then(|| link(page + 1, look.t("Next")));
    format!(
        "<div class=\"pager\">{}{page} / {pages} {}</div>\n",
        previous.unwrap_or_default(),
        next.unwrap_or_default()
    )
}

fn edit(instance: &Instance, call: &Call<'_>) -> Answer {
    let (look, asked) = (call.look, call.visit.query(ID).unwrap_or(""));
    let Some((place, _)) = instance.operation.job_of(Kind::Process, asked) else {
        return shell::notice(look, "Automatic Processes", "This job does not exist.");
    };
    let all = instance.operation.jobs(Kind::Process);
    let place = (place + usize::from(call.suffers(Named::WrongDocument))) % all.len();
    let Some(job) = all.get(place) else {
        return shell::notice(look, "Automatic Processes", "This job does not exist.");
    };
    let version = match call.suffers(Named::FieldMissing) {
        true => String::new(),
        false => hidden(VERSION, &job.record.version.to_string()),
    };
    let rows: String = Kind::Process
        .sheet()
        .iter()
        .map(|field| line(look, field, job))
        .collect();
    let apply = look.t("Apply Changes");
    let body = format!(
        "<h1>{title}</h1>\n<h2>{name}</h2>\n<p>{about}</p>\n\
         <form name=\"apmForm\" method=\"post\" action=\"{action}\">\n{token}{id}{version}{menu}\
         <div class=\"buttons\"><input type=\"submit\" name=\"applyChanges_top\" value=\"{apply}\"> \
         <input type=\"submit\" name=\"runNow\" value=\"{run}\"> \
         <input type=\"submit\" name=\"cancel\" value=\"{cancel}\"></div>\n\
         <table class=\"form\">\n{rows}</table>\n\
         <div class=\"buttons\"><input type=\"submit\" id=\"submitbutton\" name=\"applyChanges_bottom\" \
         value=\"{apply}\"> <input type=\"reset\" name=\"reset\" value=\"{reset}\"></div>\n</form>\n\
         <p><a href=\"{list}\">{back}</a></p>",
        title = look.t("Edit Automatic Process"),
        name = escape(&job.name),
        about = escape(&job.about),
        action = look.address("saveProcess.do"),
        token = look.token_field(),
        id = hidden(ID, &job.id),
        menu = hidden("adminShellMenuId", MENU_ID),
        run = look.t("Run Now"),
        cancel = look.t("Cancel"),
        reset = look.t("Reset"),
        list = look.address(&format!("listProcesses.do?adminShellMenuId={MENU_ID}")),
        back = look.t("Back to the list"),
    );
    let title = format!("{} - {}", look.t("Edit Automatic Process"), job.name);
    Answer::page(look.page(&title, &body))
}

fn line(look: &Look, field: &Field, job: &Job) -> String {
    let label = look.t(field.label);
    let label = match field.has_choices() {
        true => label.to_owned(),
        false => format!("<label for=\"{}\">{label}</label>", field.form),
    };
    let control = field.control(look, &job.record);
    format!("<tr><td>{label}</td><td>{control}</td></tr>\n")
}

fn save(instance: &mut Instance, call: &Call<'_>) -> Answer {
    let (look, id) = (call.look, call.visit.field(ID).unwrap_or("").to_owned());
    let Some((_, job)) = instance.operation.job_of(Kind::Process, &id) else {
        return shell::notice(look, "Automatic Processes", "This job does not exist.");
    };
    let name = job.name.clone();
    let apply = look.t("Apply Changes");
    let expected = Expected {
        fixed: &[(ID, &id), ("adminShellMenuId", MENU_ID)],
        version: VERSION,
        sheet: Kind::Process.sheet(),
        buttons: &[
            ("applyChanges_top", apply),
            ("applyChanges_bottom", apply),
            ("runNow", look.t("Run Now")),
            ("cancel", look.t("Cancel")),
        ],
    };
    let Some(sent) = expected.read(call.visit) else {
        instance.harm.wrong_form += 1;
        return said(look, &id, &name, Err("The request was incomplete."));
    };
    match sent.button.0 {
        "cancel" => Answer::redirect(format!("{LIST}?adminShellMenuId={MENU_ID}")),
        "runNow" => {
            jobs::run_by_hand(instance, Kind::Process, &id);
            said(look, &id, &name, Ok("The job was started."))
        }
        _ => {
            let version = sent.version.unwrap_or_default();
            let saved = jobs::save(instance, Kind::Process, &id, version, sent.values, call.effect);
            said(look, &id, &name, saved.map(|()| APPLIED))
        }
    }
}

fn said(look: &Look, id: &str, name: &str, said: Result<&'static str, &'static str>) -> Answer {
    let (class, text) = match said {
        Ok(text) => ("message", text),
        Err(text) => ("errorMessage", text),
    };
    let body = format!(
        "<h1>{title}</h1>\n<h2>{name}</h2>\n<div class=\"{class}\">{text}</div>\n\
         <p><a href=\"{edit}\">{edit_text}</a> <a href=\"{list}\">{list_text}</a></p>",
        title = look.t("Automatic Processes"),
        name = escape(name),
        text = escape(look.t(text)),
        edit = look.address(&edit_address(id)),
        edit_text = look.t("Edit"),
        list = look.address(&format!("listProcesses.do?adminShellMenuId={MENU_ID}")),
        list_text = look.t("Back to the list"),
    );
    Answer::page(look.page(look.t("Automatic Processes"), &body))
}

const OBJECT: jobs::Object = jobs::Object {
    kind: Kind::Process,
    version: "version",
    fixed: |job| {
        vec![
            ("processID", json!(job.id)),
            ("processName", json!(job.name)),
            ("description", json!(job.about)),
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
    let (all, page) = (instance.operation.jobs(Kind::Process), asked_page(call));
    let item = |job: &Job| {
        json!({
            "processID": job.id,
            "processName": job.name,
            "scheduled": job.scheduled(),
            "status": call.look.t(status(job)),
        })
    };
    let shown = all.iter().skip((page - 1) * ROWS).take(ROWS);
    let mut items: Vec<_> = shown.map(item).collect();
    if call.suffers(Named::ShortList) {
        items.pop();
    }
    let next = (page * ROWS < all.len()).then(|| format!("{SERVICE}?page={}", page + 1));
    json_answer(&json!({ "total": all.len(), "page": page, "items": items, "next": next }))
}
