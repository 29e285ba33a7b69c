//! The admin shell: frames, the menu, and the pages that have nothing to do with configuration files.

use serde_json::{Value, json};

use crate::practice::configuration;
use crate::practice::instance::Instance;
use crate::practice::login;
use crate::practice::look::Look;
use crate::practice::operation::part;
use crate::practice::visit::Answer;

/// The shell itself \[seen\].
pub(super) const MAIN: &str = "/learning/admin/main.do";
/// The frame with the menu.
pub(super) const MENU: &str = "/learning/admin/menu.do";
/// The frame above it: search, help, sign out.
pub(super) const BANNER: &str = "/learning/admin/banner.do";
/// What the content frame shows first.
pub(super) const WELCOME: &str = "/learning/admin/welcome.do";
/// Where the search form of the banner leads.
pub(super) const SEARCH: &str = "/learning/admin/search/adminSearch.do";

/// One entry of the menu: label, id for `adminShellMenuId`, address.
type Entry = (&'static str, &'static str, &'static str);

/// A heading with its entries.
type Group = (&'static str, &'static [Entry]);

/// The menu: headings, below them groups; a group of the same name has no heading of its own.
const TREE: &[(&str, &[Group])] = &[
    (
        "People",
        &[(
            "People",
            &[
                ("Users", "USERS", "/learning/admin/people/searchUsers.do"),
                (
                    "Organizations",
                    "ORGANIZATIONS",
                    "/learning/admin/people/searchOrganizations.do",
                ),
            ],
        )],
    ),
    (
        "Learning Activities",
        &[(
            "Learning Activities",
            &[
                ("Items", "ITEMS", "/learning/admin/learning/searchItems.do"),
                ("Classes", "CLASSES", "/learning/admin/learning/searchClasses.do"),
            ],
        )],
    ),
    (
        "System Administration",
        &[
            (
                "Configuration",
                &[
                    (
                        "Global Application Settings",
                        "GLOBAL_SETTINGS",
                        "/learning/admin/config/globalSettings.do?tab=general",
                    ),
                    ("Images", "IMAGES", "/learning/admin/config/images.do"),
                    ("Labels", "LABELS", "/learning/admin/config/searchLabels.do"),
                    ("Locales", "LOCALES", "/learning/admin/config/locales.do"),
                    (
                        "System Configuration",
                        "SYSTEM_CONFIGURATION",
                        configuration::LIST,
                    ),
                ],
            ),
            (
                "Security",
                &[
                    (
                        "Role Management",
                        "ROLES",
                        "/learning/admin/security/searchRoles.do",
                    ),
                    (
                        "Admin Management",
                        "ADMINS",
                        "/learning/admin/security/searchAdmins.do",
                    ),
                ],
            ),
            (
                "Tools",
                &[(
                    "Manage Unsent Emails",
                    "UNSENT_EMAILS",
                    "/learning/admin/tools/unsentEmails.do",
                )],
            ),
            (
                "System Administration",
                &[
                    (
                        "Automatic Processes",
                        "APM",
                        "/learning/admin/apm/listProcesses.do",
                    ),
                    (
                        "Connectors",
                        "CONNECTOR_JOBS",
                        "/learning/admin/connectors/listConnectors.do",
                    ),
                ],
            ),
        ],
    ),
    (
        "Reports",
        &[(
            "Reports",
            &[
                ("Reports", "REPORTS", "/learning/admin/reports/listReports.do"),
                (
                    "Report Jobs",
                    "REPORT_JOBS",
                    "/learning/admin/reports/reportJobs.do",
                ),
            ],
        )],
    ),
];

/// What the role of an admin lets it see.
pub(super) struct Sees {
    configures: bool,
    /// Whether all else is seen that a refresh overwrites.
    operates: bool,
}

impl Sees {
    /// What an admin sees on an instance.
    pub(super) fn of(instance: &Instance, configures: bool) -> Sees {
        Sees {
            configures,
            operates: !instance.scenario.narrow,
        }
    }

    fn shows(&self, (_, id, address): &Entry) -> bool {
        match *address {
            configuration::LIST => self.configures,
            _ => self.operates || part::of_entry(id).is_none(),
        }
    }
}

/// The page with the frames.
pub(super) fn main(look: &Look) -> Answer {
    let frames = format!(
        "<frameset rows=\"64,*\" border=\"0\">\n<frame name=\"banner\" src=\"{banner}\" scrolling=\"no\">\n\
         <frameset cols=\"260,*\">\n<frame name=\"menu\" src=\"{menu}\">\n\
         <frame name=\"content\" src=\"{welcome}\">\n</frameset>\n\
         <noframes><body>{text}</body></noframes>\n</frameset>",
        banner = look.address(BANNER),
        menu = look.address(MENU),
        welcome = look.address(WELCOME),
        text = look.t("Your browser must support frames."),
    );
    Answer::page(look.document(look.t("Learning Administration"), &frames))
}

/// The menu; what the admin's role does not allow is not in it.
pub(super) fn menu(look: &Look, sees: &Sees) -> Answer {
    let mut text = String::from("<ul class=\"menu\">\n");
    for (heading, groups) in TREE {
        text.push_str(&format!("<li><span>{}</span>\n<ul>\n", look.t(heading)));
        for (group, entries) in *groups {
            if group != heading {
                text.push_str(&format!("<li><span>{}</span>\n<ul>\n", look.t(group)));
            }
            for (label, id, address) in entries.iter().filter(|entry| sees.shows(entry)) {
                let sign = if address.contains('?') { '&' } else { '?' };
                let address = look.address(&format!("{address}{sign}adminShellMenuId={id}"));
                let label = look.t(label);
                text.push_str(&format!(
                    "<li><a href=\"{address}\" target=\"content\">{label}</a></li>\n"
                ));
            }
            if group != heading {
                text.push_str("</ul></li>\n");
            }
        }
        text.push_str("</ul></li>\n");
    }
    text.push_str("</ul>");
    Answer::page(look.page(look.t("Learning Administration"), &text))
}

/// The menu as a script reads it; what the admin's role does not allow is not in it.
pub(super) fn menu_items(look: &Look, sees: &Sees) -> Vec<Value> {
    let entry = |(label, id, address): &Entry| {
        let script = part::of_entry(id).and_then(|part| part.services.first());
        let route = match (*address, script) {
            (configuration::LIST, _) => "#configurations".to_owned(),
            (_, Some(name)) => format!("#{name}"),
            (_, None) => format!("#page/{id}"),
        };
        json!({ "label": look.t(label), "route": route })
    };
    let group = |(label, entries): &Group| {
        let seen = entries.iter().filter(|entry| sees.shows(entry));
        let items: Vec<Value> = seen.map(entry).collect();
        json!({ "label": look.t(label), "items": items })
    };
    let headings = TREE.iter().map(|(heading, groups)| {
        let items: Vec<Value> = groups.iter().map(group).collect();
        json!({ "label": look.t(heading), "items": items })
    });
    headings.collect()
}

/// The frame above: home, search, help, sign out.
pub(super) fn banner(look: &Look) -> Answer {
    let text = format!(
        "<div class=\"banner\"><a href=\"{main}\" target=\"_top\">{home}</a>\n\
         <form name=\"adminSearch\" method=\"get\" action=\"{search}\" target=\"content\">\
         <input type=\"text\" name=\"q\" value=\"\"> <input type=\"submit\" value=\"{search_text}\"></form>\n\
         <a href=\"/learning/admin/help/index.jsp?topic=home\" target=\"help\">{help}</a>\n\
         <a href=\"{out}\" target=\"_top\">{out_text}</a></div>",
        main = look.address(MAIN),
        home = look.t("Home"),
        search = SEARCH,
        search_text = look.t("Search"),
        help = look.t("Help"),
        out = look.address(login::SIGN_OUT),
        out_text = look.t("Sign Out"),
    );
    Answer::page(look.page(look.t("Learning Administration"), &text))
}

/// A page that says one thing under one heading.
pub(super) fn notice(look: &Look, heading: &'static str, text: &'static str) -> Answer {
    let body = format!(
        "<h1>{}</h1>\n<p class=\"notice\">{}</p>",
        look.t(heading),
        look.t(text)
    );
    Answer::page(look.page(look.t(heading), &body))
}

/// The page of an address that the menu or the banner leads to, where it is one of the simple ones.
pub(super) fn simple(look: &Look, path: &str) -> Option<Answer> {
    let entries = TREE
        .iter()
        .flat_map(|(_, groups)| groups.iter())
        .flat_map(|(_, entries)| entries.iter());
    let label = entries
        .filter(|(_, _, address)| address.split('?').next() == Some(path))
        .map(|(label, _, _)| *label)
        .next()
        .or(match path {
            WELCOME => Some("Welcome"),
            SEARCH => Some("Search"),
            "/learning/admin/help/index.jsp" => Some("Help"),
            _ => None,
        })?;
    Some(notice(look, label, "Nothing is shown here."))
}
