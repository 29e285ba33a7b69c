//! Admin Management: the list of admins with their roles and mail addresses, read only.

use serde_json::{Value, json};

use crate::practice::admins::Admin;
use crate::practice::faults::Named;
use crate::practice::instance::Instance;
use crate::practice::look::{Look, escape, query_value};
use crate::practice::operation::mail;
use crate::practice::operation::part::{Call, Part};
use crate::practice::service::json_answer;
use crate::practice::visit::Answer;

const LIST: &str = "/learning/admin/security/searchAdmins.do";
const MENU_ID: &str = "ADMINS";
const ROWS: usize = 10;
const SERVICE: &str = "admins";
/// The parameter that says how many rows come before.
const OFFSET: &str = "offset";
const FILTER: &str = "adminIDFilter";

/// What it tells of itself.
pub(super) const PART: Part = Part {
    entry: MENU_ID,
    addresses: &[LIST],
    page: |instance, call| (!call.visit.is_post()).then(|| list(instance, call)),
    services: &[SERVICE],
    service: |instance, call| {
        let is_list = call.visit.method == "GET" && call.segments().len() == 1;
        is_list.then(|| told(instance, call))
    },
    labels: &[
        ("Admin ID", "Administrator-ID"),
        ("Roles", "Rollen"),
        ("Email Address", "E-Mail-Adresse"),
        ("Status", "Status"),
        ("Active", "Aktiv"),
        ("Locked", "Gesperrt"),
    ],
    report: |instance| {
        let mut addresses = mail::addresses(&instance.admins).into_iter();
        let real = addresses.any(|address| mail::is_real(&address));
        vec![("adminAddresses", json!(if real { "real" } else { "masked" }))]
    },
    orders: &[],
};

/// The admins that are asked for, by name, with where the page begins.
fn asked<'i>(instance: &'i Instance, call: &Call<'_>) -> (Vec<&'i Admin>, usize) {
    let wanted = call.visit.query(FILTER).unwrap_or("").to_uppercase();
    let all = instance.admins.iter();
    let mut found: Vec<&Admin> = all.filter(|admin| admin.name.contains(&wanted)).collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    let offset = call.visit.query(OFFSET).and_then(|offset| offset.parse().ok());
    (found, offset.unwrap_or(0))
}

fn list(instance: &Instance, call: &Call<'_>) -> Answer {
    let look = call.look;
    let (all, offset) = asked(instance, call);
    let filter = call.visit.query(FILTER).unwrap_or("");
    let rows: String = all
        .iter()
        .skip(offset)
        .take(ROWS)
        .map(|admin| row(look, admin))
        .collect();
    let end = all.len().min(offset.saturating_add(ROWS));
    let body = format!(
        "<h1>{title}</h1>\n\
         <form name=\"adminSearchForm\" method=\"get\" action=\"searchAdmins.do\">\
         <input type=\"hidden\" name=\"adminShellMenuId\" value=\"{MENU_ID}\">\
         <label for=\"{FILTER}\">{id}</label> \
         <input type=\"text\" id=\"{FILTER}\" name=\"{FILTER}\" value=\"{filter}\"> \
         <input type=\"submit\" value=\"{search}\"></form>\n\
         <table class=\"results\">\n<thead><tr><th>{id}</th><th>{roles}</th><th>{address}</th><th>{status}</th></tr>\
         </thead>\n<tbody>\n{rows}</tbody>\n</table>\n<p>{first}-{end} / {count} {pager}</p>",
        title = look.t("Admin Management"),
        id = look.t("Admin ID"),
        filter = escape(filter),
        search = look.t("Search"),
        roles = look.t("Roles"),
        address = look.t("Email Address"),
        status = look.t("Status"),
        first = end.min(offset.saturating_add(1)),
        count = all.len(),
        pager = pager(look, filter, offset, all.len()),
    );
    Answer::page(look.page(look.t("Admin Management"), &body))
}

fn row(look: &Look, admin: &Admin) -> String {
    let roles: Vec<String> = admin.roles.iter().map(|role| escape(role)).collect();
    let address = admin.mail.as_deref().unwrap_or("");
    let address = match address {
        "" => "&nbsp;".to_owned(),
        address => format!("<a href=\"mailto:{0}\">{0}</a>", escape(address)),
    };
    format!(
        "<tr><td>{name}</td><td>{roles}</td><td>{address}</td><td>{status}</td></tr>\n",
        name = escape(&admin.name),
        roles = roles.join("<br>"),
        status = look.t(status(admin)),
    )
}

fn status(admin: &Admin) -> &'static str {
    match admin.is_locked() {
        true => "Locked",
        false => "Active",
    }
}

fn pager(look: &Look, filter: &str, offset: usize, total: usize) -> String {
    let link = |offset: usize, text: &str| {
        let address = format!(
            "searchAdmins.do?{FILTER}={}&{OFFSET}={offset}&adminShellMenuId={MENU_ID}",
            query_value(filter)
        );
        format!("<a href=\"{}\">{text}</a> ", look.address(&address))
    };
    let previous = (offset > 0).then(|| link(offset.saturating_sub(ROWS), look.t("Previous")));
    let after = offset.saturating_add(ROWS);
    let next = (after < total).then(|| link(after, look.t("Next")));
    format!("{}{}", previous.unwrap_or_default(), next.unwrap_or_default())
}

fn told(instance: &Instance, call: &Call<'_>) -> Answer {
    let (all, offset) = asked(instance, call);
    let item = |admin: &&Admin| {
        json!({
            "adminID": admin.name,
            "roles": admin.roles,
            "email": admin.mail,
            "locked": admin.is_locked(),
        })
    };
    let mut admins: Vec<Value> = all.iter().skip(offset).take(ROWS).map(item).collect();
    if call.suffers(Named::ShortList) {
        admins.pop();
    }
    let after = offset.saturating_add(ROWS);
    let more = (after < all.len()).then(|| format!("{SERVICE}?{OFFSET}={after}"));
    json_answer(&json!({ "count": all.len(), "offset": offset, "admins": admins, "more": more }))
}
