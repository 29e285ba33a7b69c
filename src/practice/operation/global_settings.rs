//! Global Application Settings: tabs of settings, one of them for mail.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::practice::faults::Named;
use crate::practice::instance::Instance;
use crate::practice::look::{Look, hidden};
use crate::practice::operation::objects::Frame;
use crate::practice::operation::part::{Call, Part};
use crate::practice::operation::sheet::{Control, Expected, Field, Record, Values};
use crate::practice::saving::APPLIED;
use crate::practice::service::error;
use crate::practice::visit::Answer;

const PAGE: &str = "/learning/admin/config/globalSettings.do";
const SAVE: &str = "/learning/admin/config/saveGlobalSettings.do";
const MENU_ID: &str = "GLOBAL_SETTINGS";
const TAB: &str = "selectedTab";
const VERSION: &str = "settingsVersion";

/// What it tells of itself.
pub(super) const PART: Part = Part {
    entry: MENU_ID,
    addresses: &[PAGE, SAVE],
    page,
    services: &["mailSettings", "generalSettings", "securitySettings"],
    service,
    labels: LABELS,
    report,
    orders: &[],
};

/// The tabs with their headings.
const TABS: &[(&str, &str)] = &[("general", "General"), ("mail", "Mail"), ("security", "Security")];

/// The settings of the tabs.
#[derive(Debug, Clone)]
pub(in crate::practice) struct Settings {
    pub(super) general: Record,
    pub(super) mail: Record,
    pub(super) security: Record,
}

impl Settings {
    fn of(&self, tab: &str) -> &Record {
        match tab {
            "general" => &self.general,
            "mail" => &self.mail,
            _ => &self.security,
        }
    }

    fn of_mut(&mut self, tab: &str) -> &mut Record {
        match tab {
            "general" => &mut self.general,
            "mail" => &mut self.mail,
            _ => &mut self.security,
        }
    }
}

const fn field(key: &'static str, form: &'static str, label: &'static str, control: Control) -> Field {
    Field {
        key,
        form,
        member: key,
        label,
        control,
    }
}

const ZONES: &[(&str, &str)] = &[
    ("Europe/Berlin", "Europe/Berlin"),
    ("America/New_York", "America/New_York"),
    ("UTC", "UTC"),
];

const GENERAL: &[Field] = &[
    field(
        "timeZone",
        "defaultTimeZoneID",
        "Time Zone",
        Control::Select(ZONES),
    ),
    field(
        "recordsPerPage",
        "recordsPerPage",
        "Records per Page",
        Control::Text,
    ),
    field(
        "showThumbnails",
        "showThumbnails",
        "Show Thumbnails",
        Control::Check("true"),
    ),
];

const MAIL: &[Field] = &[
    field(
        "enableEmail",
        "emailEnabled",
        "Enable email",
        Control::Check("true"),
    ),
    field("smtpServer", "smtpServerName", "SMTP Server", Control::Text),
    field("smtpUser", "smtpUserName", "SMTP User", Control::Text),
    field(
        "smtpPassword",
        "smtpUserPassword",
        "SMTP Password",
        Control::Password,
    ),
    field("senderAddress", "fromAddress", "Sender Address", Control::Text),
    field(
        "archiveEmails",
        "archiveEmails",
        "Archive emails",
        Control::Check("true"),
    ),
];

const SECURITY: &[Field] = &[
    field(
        "lockAccounts",
        "lockAccounts",
        "Lock Accounts",
        Control::Check("true"),
    ),
    field(
        "sessionMinutes",
        "sessionTimeout",
        "Session Length (Minutes)",
        Control::Text,
    ),
];

/// The fields of a tab.
pub(super) fn sheet(tab: &str) -> &'static [Field] {
    match tab {
        "general" => GENERAL,
        "mail" => MAIL,
        _ => SECURITY,
    }
}

fn known(tab: Option<&str>) -> &'static str {
    let found = TABS.iter().find(|(name, _)| Some(*name) == tab);
    found.map_or("general", |(name, _)| *name)
}

fn page(instance: &mut Instance, call: &Call<'_>) -> Option<Answer> {
    match (call.visit.path.as_str(), call.visit.is_post()) {
        (PAGE, false) => Some(show(instance, call, known(call.visit.query("tab")), None)),
        (SAVE, true) => Some(save(instance, call)),
        _ => None,
    }
}

fn save(instance: &mut Instance, call: &Call<'_>) -> Answer {
    let (look, tab) = (call.look, known(call.visit.field(TAB)));
    let apply = look.t("Apply Changes");
    let expected = Expected {
        fixed: &[(TAB, tab), ("adminShellMenuId", MENU_ID)],
        version: VERSION,
        sheet: sheet(tab),
        buttons: &[("applyChanges_top", apply), ("applyChanges_bottom", apply)],
    };
    let Some(sent) = expected.read(call.visit) else {
        instance.harm.wrong_form += 1;
        return show(instance, call, tab, Some(Err("The request was incomplete.")));
    };
    let saved = match sent.version == Some(instance.operation.settings.of(tab).version) {
        true => store(instance, call, tab, sent.values),
        false => Err("The settings were changed in the meantime. Open them again."),
    };
    show(instance, call, tab, Some(saved))
}

fn store(
    instance: &mut Instance,
    call: &Call<'_>,
    tab: &'static str,
    values: Values,
) -> Result<(), &'static str> {
    let record = instance.operation.settings.of_mut(tab);
    record.store(sheet(tab), values, call.effect)
}

/// Answers with a tab, and with what came of a save where there was one.
fn show(
    instance: &Instance,
    call: &Call<'_>,
    tab: &'static str,
    saved: Option<Result<(), &'static str>>,
) -> Answer {
    let (look, record) = (call.look, instance.operation.settings.of(tab));
    let message = match saved {
        None => String::new(),
        Some(Ok(())) => format!("<div class=\"message\">{}</div>\n", look.t(APPLIED)),
        Some(Err(why)) => format!("<div class=\"errorMessage\">{}</div>\n", look.t(why)),
    };
    let version = match call.suffers(Named::FieldMissing) {
        true => String::new(),
        false => hidden(VERSION, &record.version.to_string()),
    };
    let rows: String = sheet(tab).iter().map(|field| row(look, field, record)).collect();
    let buttons = |place| {
        format!(
            "<p class=\"buttons\"><input type=\"submit\" name=\"applyChanges_{place}\" value=\"{apply}\"> \
             <input type=\"reset\" value=\"{reset}\"></p>\n",
            apply = look.t("Apply Changes"),
            reset = look.t("Reset"),
        )
    };
    let body = format!(
        "<h1>{title}</h1>\n<ul class=\"tabs\">\n{tabs}</ul>\n{message}\
         <form name=\"globalSettingsForm\" method=\"post\" action=\"{action}\">\n{token}{tab_field}{version}{menu}\
         {top}<table class=\"form\">\n{rows}</table>\n{bottom}</form>",
        title = look.t("Global Application Settings"),
        tabs = tabs(look, tab),
        action = look.address("saveGlobalSettings.do"),
        token = look.token_field(),
        tab_field = hidden(TAB, tab),
        menu = hidden("adminShellMenuId", MENU_ID),
        top = buttons("top"),
        bottom = buttons("bottom"),
    );
    Answer::page(look.page(look.t("Global Application Settings"), &body))
}

fn tabs(look: &Look, shown: &str) -> String {
    let tab = |(name, heading): &(&str, &'static str)| {
        let class = if *name == shown { " class=\"selected\"" } else { "" };
        let address = look.address(&format!(
            "globalSettings.do?tab={name}&adminShellMenuId={MENU_ID}"
        ));
        format!("<li{class}><a href=\"{address}\">{}</a></li>\n", look.t(heading))
    };
    TABS.iter().map(tab).collect()
}

/// A row of the table: a check box stands before its label, anything else after it.
fn row(look: &Look, field: &Field, record: &Record) -> String {
    let label = format!("<label for=\"{}\">{}</label>", field.form, look.t(field.label));
    let control = field.control(look, record);
    match field.control {
        Control::Check(_) => format!("<tr><td></td><td>{control} {label}</td></tr>\n"),
        _ => format!("<tr><td>{label}</td><td>{control}</td></tr>\n"),
    }
}

fn service(instance: &mut Instance, call: &Call<'_>) -> Option<Answer> {
    let segments = call.segments();
    let [name] = segments.as_slice() else {
        return None;
    };
    let tab = known(name.strip_suffix("Settings"));
    let frame = Frame {
        fixed: &[("settingsType", json!(tab))],
        version: "version",
        sheet: sheet(tab),
    };
    let record = instance.operation.settings.of(tab).clone();
    match call.visit.method.as_str() {
        "GET" => Some(frame.tell(call, &record)),
        "PUT" => Some(match frame.take(instance, call, &record) {
            Ok(values) => {
                let saved = store(instance, call, tab, values);
                frame.answer(call, saved, instance.operation.settings.of(tab).version)
            }
            Err(refusal) => refusal,
        }),
        _ => Some(error(
            StatusCode::METHOD_NOT_ALLOWED,
            call.look.t("Page not found"),
        )),
    }
}

/// How mail is, and where it would go.
fn report(instance: &Instance) -> Vec<(&'static str, Value)> {
    let start = instance.content.operation.start(instance.side);
    let operation = &instance.operation;
    let differs = operation.settings.mail.differences(&start.settings.mail, MAIL);
    let mail = match differs.is_empty() {
        true => "ok".to_owned(),
        false => differs.join(", "),
    };
    let real = operation.learners.iter().any(|learner| learner.is_real());
    vec![
        ("mail", json!(mail)),
        ("mailOn", json!(operation.mail_on())),
        ("learners", json!(if real { "real" } else { "masked" })),
    ]
}

/// What a person of this instance knows and no page shows: the answer to `GET /known/SIDE`.
pub(in crate::practice) fn known_by_heart(instance: &Instance) -> Value {
    let start = instance.content.operation.start(instance.side);
    json!({ "smtpPassword": start.settings.mail.text("smtpPassword") })
}

const LABELS: &[(&str, &str)] = &[
    ("General", "Allgemein"),
    ("Mail", "E-Mail"),
    ("Time Zone", "Zeitzone"),
    ("Records per Page", "Datensätze pro Seite"),
    ("Show Thumbnails", "Miniaturansichten anzeigen"),
    ("Enable email", "E-Mail aktivieren"),
    ("SMTP Server", "SMTP-Server"),
    ("SMTP User", "SMTP-Benutzer"),
    ("SMTP Password", "SMTP-Kennwort"),
    ("Sender Address", "Absenderadresse"),
    ("Archive emails", "E-Mails archivieren"),
    ("Lock Accounts", "Konten sperren"),
    ("Session Length (Minutes)", "Sitzungsdauer (Minuten)"),
    (
        "The settings were changed in the meantime. Open them again.",
        "Die Einstellungen wurden inzwischen geändert. Öffnen Sie sie erneut.",
    ),
];
