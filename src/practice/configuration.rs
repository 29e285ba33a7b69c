//! System Configuration on classic pages: the list and the edit page.

use crate::practice::content::FileInfo;
use crate::practice::faults::{Effect, Named};
use crate::practice::instance::{Document, Instance};
use crate::practice::look::{Look, escape, hidden, query_value};
use crate::practice::shell;
use crate::practice::visit::{Answer, Visit};

/// The list of files.
pub(super) const LIST: &str = "/learning/admin/sysconfig/listConfigurations.do";
/// The edit page of one file.
pub(super) const EDIT: &str = "/learning/admin/sysconfig/editConfiguration.do";
/// Where the form of the edit page goes.
pub(super) const SAVE: &str = "/learning/admin/sysconfig/saveConfiguration.do";

/// The parameter that names the file.
pub(super) const NAME: &str = "configurationID";
/// What every link below the menu entry carries along.
pub(super) const MENU_ID: &str = "SYSTEM_CONFIGURATION";

const ROWS: usize = 20;

/// Answers with one page of the list.
pub(super) fn list(instance: &Instance, visit: &Visit, look: &Look) -> Answer {
    let wanted = visit.query("filter").unwrap_or("").to_lowercase();
    let mut files: Vec<&FileInfo> = instance.documents.iter().map(|document| &document.info).collect();
    files.retain(|file| file.name.to_lowercase().contains(&wanted));
    let descending = visit.query("sort") == Some("nameDescending");
    if descending {
        files.reverse();
    }
    let pages = files.len().div_ceil(ROWS).max(1);
    let page = visit
        .query("page")
        .and_then(|p| p.parse().ok())
        .unwrap_or(1usize)
        .clamp(1, pages);
    let rows: String = files
        .iter()
        .skip((page - 1) * ROWS)
        .take(ROWS)
        .map(|file| row(look, file))
        .collect();
    let other_order = if descending { "name" } else { "nameDescending" };
    let text = format!(
        "<h1>{title}</h1>\n\
         <form name=\"filterForm\" method=\"get\" action=\"listConfigurations.do\">\
         <input type=\"hidden\" name=\"adminShellMenuId\" value=\"{MENU_ID}\">\
         <input type=\"text\" name=\"filter\" value=\"{filter}\"> \
         <input type=\"submit\" value=\"{search}\"></form>\n\
         <p>{count} {records}</p>\n{pager}\
         <table class=\"list\">\n<thead><tr><th></th>\
         <th><a href=\"{order}\">{name}</a></th><th>{description}</th><th>{changed}</th></tr></thead>\n\
         <tbody>\n{rows}</tbody>\n</table>\n{pager}\
         <p><a href=\"/learning/admin/help/index.jsp?topic=sysconfig\" target=\"help\">{help}</a></p>",
        title = look.t("System Configuration"),
        filter = escape(visit.query("filter").unwrap_or("")),
        search = look.t("Search"),
        count = files.len(),
        records = look.t("records"),
        pager = pager(look, visit, page, pages),
        order = look.address(&format!(
            "listConfigurations.do?sort={other_order}&adminShellMenuId={MENU_ID}"
        )),
        name = look.t("Name"),
        description = look.t("Description"),
        changed = look.t("Last Changed"),
        help = look.t("Help"),
    );
    Answer::page(look.page(look.t("System Configuration"), &text))
}

fn row(look: &Look, file: &FileInfo) -> String {
    let address = format!(
        "editConfiguration.do?{NAME}={}&adminShellMenuId={MENU_ID}",
        query_value(&file.name)
    );
    format!(
        "<tr><td><a href=\"{address}\"><img src=\"/learning/images/pencil.svg\" alt=\"{edit}\" title=\"{edit}\" \
         width=\"16\" height=\"16\"></a></td>\
         <td>{name}</td><td>{description}</td><td>{changed}</td></tr>\n",
        address = look.address(&address),
        edit = look.t("Edit"),
        name = escape(&file.name),
        description = escape(&file.description),
        changed = escape(&file.changed),
    )
}

fn pager(look: &Look, visit: &Visit, page: usize, pages: usize) -> String {
    if pages < 2 {
        return String::new();
    }
    let kept: String = ["sort", "filter"]
        .iter()
        .filter_map(|name| Some(format!("&{name}={}", query_value(visit.query(name)?))))
        .collect();
    let link = |number: usize, text: &str| {
        let address = look.address(&format!(
            "listConfigurations.do?page={number}{kept}&adminShellMenuId={MENU_ID}"
        ));
        format!("<a href=\"{address}\">{text}</a> ")
    };
    let mut text = String::from("<div class=\"pager\">");
    if page > 1 {
        text.push_str(&link(page - 1, look.t("Previous")));
    }
    for number in 1..=pages {
        let plain = number.to_string();
        text.push_str(&if number == page {
            format!("<b>{plain}</b> ")
        } else {
            link(number, &plain)
        });
    }
    if page < pages {
        text.push_str(&link(page + 1, look.t("Next")));
    }
    text.push_str("</div>\n");
    text
}

/// Notes in the session which file's edit page was asked for, as servers do that keep it there.
///
/// Tells whether the page must now wait a little, so that another request can come between.
pub(super) fn note(instance: &mut Instance, visit: &Visit) -> bool {
    let bound = instance.scenario.bound && visit.path == EDIT && !visit.is_post();
    if bound && let Some(session) = instance.sessions.of(visit) {
        session.editing = visit.query(NAME).map(str::to_owned);
        return true;
    }
    false
}

/// Answers with the edit page of a file.
pub(super) fn edit(instance: &mut Instance, visit: &Visit, look: &Look, effect: Option<&Effect>) -> Answer {
    let asked = visit.query(NAME).map(str::to_owned);
    let noted = instance
        .sessions
        .of(visit)
        .and_then(|session| session.editing.clone());
    let name = if instance.scenario.bound {
        noted.or(asked)
    } else {
        asked
    };
    let place = instance
        .documents
        .iter()
        .position(|d| Some(&d.info.name) == name.as_ref());
    let document = match (place, effect) {
        (Some(place), Some(Effect::Named(Named::WrongDocument))) => {
            instance.documents.get((place + 1) % instance.documents.len())
        }
        (Some(place), _) => instance.documents.get(place),
        (None, _) => None,
    };
    let Some(document) = document else {
        return shell::notice(look, "System Configuration", "This file does not exist.");
    };
    let text = edit_text(look, document, &instance.shown(document), effect);
    Answer::page(look.page(
        &format!("{} - {}", look.t("Edit System Configuration"), document.info.name),
        &text,
    ))
}

fn edit_text(look: &Look, document: &Document, shown: &str, effect: Option<&Effect>) -> String {
    let name = &document.info.name;
    let head = format!(
        "<h1>{title}</h1>\n<h2>{file}: <span id=\"configurationName\">{name}</span></h2>\n<p>{description}</p>\n",
        title = look.t("Edit System Configuration"),
        file = look.t("Configuration File"),
        name = escape(name),
        description = escape(&document.info.description),
    );
    // Old servers write CRLF, and a browser drops the first line end of a text area, so one more is written.
    let shown = escape(shown).replace('\n', "\r\n");
    let back = format!("listConfigurations.do?adminShellMenuId={MENU_ID}");
    let back = format!(
        "<p><a href=\"{}\">{}</a></p>",
        look.address(&back),
        look.t("Back to the list")
    );
    if document.info.read_only {
        return format!(
            "{head}<p class=\"notice\">{notice}</p>\n<form name=\"configurationForm\">\n\
             <textarea name=\"configurationText\" rows=\"40\" cols=\"120\" readonly>\r\n{shown}</textarea>\n</form>\n{back}",
            notice = look.t("This file can only be viewed."),
        );
    }
    let missing = effect == Some(&Effect::Named(Named::FieldMissing));
    let version = if missing {
        String::new()
    } else {
        hidden("version", &document.version.to_string())
    };
    let second = match effect {
        Some(Effect::Named(Named::TwoTextareas)) => "<textarea name=\"remarks\" rows=\"4\"></textarea>\n",
        _ => "",
    };
    let apply = look.t("Apply Changes");
    format!(
        "{head}<form name=\"configurationForm\" id=\"configurationForm\" method=\"post\" action=\"{action}\">\n\
         {token}{id}{version}{mode}{menu}\
         <div class=\"buttons\"><input type=\"submit\" name=\"applyChanges_top\" value=\"{apply}\">\n\
         <input type=\"reset\" name=\"reset_top\" value=\"{reset}\">\n\
         <input type=\"submit\" name=\"cancel\" value=\"{cancel}\"></div>\n\
         <label for=\"lineWrap\">{wrap}</label> <select id=\"lineWrap\" name=\"lineWrap\">\
         <option value=\"off\" selected>{off}</option><option value=\"soft\">{on}</option></select>\n\
         <input type=\"text\" name=\"lastChanged\" value=\"{changed}\" disabled>\n\
         <textarea id=\"configurationText\" name=\"configurationText\" rows=\"40\" cols=\"120\" wrap=\"off\">\r\n\
         {shown}</textarea>\n{second}\
         <div class=\"buttons\">\
         <input type=\"submit\" id=\"submitbutton\" name=\"applyChanges_bottom\" value=\"{apply}\">\n\
         <input type=\"reset\" name=\"reset_bottom\" value=\"{reset}\"></div>\n</form>\n{back}",
        action = look.address("saveConfiguration.do"),
        token = look.token_field(),
        id = hidden(NAME, name),
        mode = hidden("mode", "edit"),
        menu = hidden("adminShellMenuId", MENU_ID),
        reset = look.t("Reset"),
        cancel = look.t("Cancel"),
        wrap = look.t("Line Wrap"),
        off = look.t("Off"),
        on = look.t("On"),
        changed = escape(&document.info.changed),
    )
}
