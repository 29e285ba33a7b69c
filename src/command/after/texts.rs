//! What is written for others to read: the message to owners, the file for the admin connector. Pure.

use std::collections::BTreeMap;

/// How many names a sentence lists.
const LISTED: usize = 8;

/// Where mail to an admin goes of whom no other address is known: nowhere (RFC 2606).
const NOWHERE: &str = "masked.invalid";

/// Gathers jobs by their owners, who stand first in what is said of each.
pub(super) fn by_owner(jobs: &BTreeMap<String, String>) -> BTreeMap<String, Vec<String>> {
    let mut owners: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (job, told) in jobs {
        let owner = told.split(" | ").next().unwrap_or_default().trim();
        owners.entry(owner.to_owned()).or_default().push(job.clone());
    }
    owners
}

/// The message to the owners of recurring report jobs.
pub(super) fn to_owners(name: &str, source: &str, owners: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    let mut lines = vec![
        format!(
            "{name} was refreshed from {source}: your recurring report jobs were copied, and run there as well."
        ),
        format!("Please delete in {name} those that nobody needs (Reports > Report Jobs); nobody else can."),
    ];
    for (owner, jobs) in owners {
        lines.push(format!("- {owner}: {}", jobs.join(", ")));
    }
    lines
}

/// The file for the admin connector: a header, one record an admin, with the address that the instance had before, or one
/// that leads nowhere. Learning's connectors take fields between `|` and records that end in `!##!`. Admins whose names would
/// break that are left out, and given beside it.
pub(super) fn admin_file<'a>(
    admins: impl Iterator<Item = (&'a str, Option<&'a str>)>,
) -> (String, Vec<&'a str>) {
    let mut text = "ADMIN_ID|EMAIL_ADDR!##!\n".to_owned();
    let mut left_out = Vec::new();
    let breaks = |text: &str| text.contains('|') || text.contains("!##!") || text.contains(char::is_control);
    for (admin, was) in admins {
        let address = was.map_or_else(|| nowhere(admin), str::to_owned);
        if breaks(admin) || breaks(&address) {
            left_out.push(admin);
            continue;
        }
        text.push_str(&format!("{admin}|{address}!##!\n"));
    }
    (text, left_out)
}

fn nowhere(admin: &str) -> String {
    let name: String = admin
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '.'
            }
        })
        .collect();
    format!("{}@{NOWHERE}", name.trim_matches('.'))
}

/// Lists names, the first of many.
pub(super) fn some(names: &[&str]) -> String {
    let shown: Vec<String> = names
        .iter()
        .take(LISTED)
        .map(|name| format!("`{name}`"))
        .collect();
    match names.len().saturating_sub(LISTED) {
        0 => shown.join(", "),
        more => format!("{}, and {more} more", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use crate::command::after::texts::admin_file;

    #[test]
    fn an_admin_gets_the_address_from_before_or_one_that_leads_nowhere() {
        let admins = [
            ("ANNA", Some("anna@stage.example.com")),
            ("BO_B", None),
            ("C|D", None),
            ("E\nF", Some("e@example.com")),
        ];
        let (text, left_out) = admin_file(admins.into_iter());
        assert_eq!(
            text,
            "ADMIN_ID|EMAIL_ADDR!##!\nANNA|anna@stage.example.com!##!\nBO_B|bo.b@masked.invalid!##!\n"
        );
        assert_eq!(left_out, ["C|D", "E\nF"]);
    }
}
