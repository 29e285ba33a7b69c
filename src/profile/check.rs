//! What a profile must hold beyond what its types say.

use scraper::Selector;
use std::collections::BTreeSet;

use crate::profile::check_service::check_service;
use crate::profile::{Part, Profile, Shape};

/// The format this program reads.
pub(super) const SCHEMA: &str = "lmskeep/profile/1";

/// A fault, and the text in the file that is at fault.
pub(super) struct Fault {
    pub(super) culprit: String,
    pub(super) reason: String,
}

pub(super) fn fault(culprit: &str, reason: impl Into<String>) -> Fault {
    Fault {
        culprit: culprit.to_owned(),
        reason: reason.into(),
    }
}

/// Checks a profile whole, so that a run never stops half way for a fault in it.
pub(super) fn check(profile: &Profile) -> Result<(), Fault> {
    if profile.schema != SCHEMA {
        return Err(fault(
            &profile.schema,
            format!(
                "its schema is `{}`, and this program reads `{SCHEMA}`",
                profile.schema
            ),
        ));
    }
    if profile.name.is_empty() {
        return Err(fault("name", "`name` is empty"));
    }
    if profile.parts.is_empty() {
        return Err(fault("", "it has no `[[part]]`, so there is nothing to read"));
    }
    address(&profile.sign_in.page, false)?;
    address(&profile.sign_in.start, false)?;
    for css in profile.identity.texts.values() {
        selector(css)?;
    }
    for marker in profile
        .identity
        .markers
        .iter()
        .chain(profile.warnings.iter().map(|w| &w.key))
    {
        key_path(profile, marker)?;
    }
    let mut seen = BTreeSet::new();
    for part in &profile.parts {
        if !seen.insert(&part.id) || !seen.insert(&part.path) && part.id != part.path {
            return Err(fault(&part.id, format!("two parts are called `{}`", part.id)));
        }
        check_part(part)?;
        if let Some(service) = &part.service {
            check_service(part, service, profile)?;
        }
    }
    Ok(())
}

fn check_part(part: &Part) -> Result<(), Fault> {
    for (what, value) in [("id", &part.id), ("path", &part.path)] {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if value.is_empty() || !value.chars().all(plain) {
            return Err(fault(
                value,
                format!("`{what} = \"{value}\"`: lower-case letters, digits and `-` only"),
            ));
        }
    }
    if part.labels.is_empty() && part.address.is_none() {
        return Err(fault(
            &part.id,
            format!(
                "part `{}` has neither `labels` nor `address`, so it cannot be found",
                part.id
            ),
        ));
    }
    if let Some(list) = &part.address {
        address(list, false)?;
    }
    if let Some(item) = &part.edit.address {
        address(item, true)?;
        if !item.contains("{name}") {
            return Err(fault(item, format!("`{item}` lacks the placeholder `{{name}}`")));
        }
    }
    for css in [&part.list.links, &part.list.further].into_iter().flatten() {
        selector(css)?;
    }
    check_shape(part)?;
    if part.list.links.is_none() && (part.list.name_in_query.is_some() || part.list.further.is_some()) {
        return Err(fault(
            "name-in-query",
            "`name-in-query` and `further` go with `links` only",
        ));
    }
    Ok(())
}

/// What belongs to one shape means nothing in another.
fn check_shape(part: &Part) -> Result<(), Fault> {
    let wrong = |key: &str, reason: &str| Err(fault(key, format!("part `{}`: {reason}", part.id)));
    match (part.shape, part.switch.is_empty()) {
        (Shape::Fields, true) if part.service.is_none() => {
            return wrong("shape", "`shape = \"fields\"` needs the labels of its `switch`");
        }
        (Shape::Fields, _) | (_, true) => {}
        _ => return wrong("switch", "`switch` goes with `shape = \"fields\"` only"),
    }
    if part.shape != Shape::Records && !part.remove.is_empty() {
        return wrong("remove", "`remove` goes with `shape = \"records\"` only");
    }
    match (&part.single, part.shape) {
        (Some(name), _) if name.is_empty() || name.contains('/') => {
            wrong("single", "`single` is the name of a document")
        }
        (None, Shape::Records) => wrong(
            "shape",
            "`shape = \"records\"` needs the name of its document: `single`",
        ),
        (Some(_), Shape::Files) => wrong("single", "`single` does not go with `shape = \"files\"`"),
        _ => Ok(()),
    }
}

fn selector(css: &str) -> Result<(), Fault> {
    match Selector::parse(css) {
        Ok(_) => Ok(()),
        Err(e) => Err(fault(css, format!("`{css}` is not a CSS selector ({e})"))),
    }
}

/// Addresses stand below the instance's root: a profile must not lead a signed-in session elsewhere.
pub(super) fn address(address: &str, placeholder: bool) -> Result<(), Fault> {
    let open = if placeholder {
        address.replace("{name}", "")
    } else {
        address.to_owned()
    };
    if address.is_empty() || address.contains("://") || address.starts_with("//") {
        return Err(fault(
            address,
            format!("`{address}` is not an address below the instance's root"),
        ));
    }
    if open.contains(['{', '}']) {
        return Err(fault(
            address,
            format!("`{address}` has a placeholder that is not known here"),
        ));
    }
    Ok(())
}

fn key_path(profile: &Profile, path: &str) -> Result<(), Fault> {
    let known = path
        .split_once(':')
        .filter(|(_, key)| !key.is_empty())
        .map(|(document, _)| document);
    match known {
        Some(document) if profile.part_of(document).is_some() => Ok(()),
        _ => Err(fault(
            path,
            format!("`{path}` is not of the form `part/DOCUMENT:key` with a part of this profile"),
        )),
    }
}
