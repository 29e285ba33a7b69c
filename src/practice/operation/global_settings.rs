//! Global Application Settings: tabs of settings, one of them for mail.

use crate::practice::operation::part::Part;
use crate::practice::operation::sheet::{Control, Field, Record};

/// What it tells of itself.
pub(super) const PART: Part = Part {
    entry: "GLOBAL_SETTINGS",
    addresses: &["/learning/admin/config/globalSettings.do"],
    page: |_, _| None,
    services: &[],
    service: |_, _| None,
    labels: &[],
    report: |_| Vec::new(),
    orders: &[],
};

/// The tabs.
#[derive(Debug, Clone)]
pub(in crate::practice) struct Settings {
    pub(super) general: Record,
    pub(super) mail: Record,
    pub(super) security: Record,
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

const GENERAL: &[Field] = &[
    field(
        "timeZone",
        "defaultTimeZoneID",
        "Time Zone",
        Control::Select(&[
            ("Europe/Berlin", "Europe/Berlin"),
            ("America/New_York", "America/New_York"),
            ("UTC", "UTC"),
        ]),
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
