//! What a profile must hold beyond what its types say.

use scraper::Selector;
use std::collections::BTreeSet;

use crate::profile::{Edit, List, Part, Profile, Service, ServiceList};

/// The format this program reads.
pub(super) const SCHEMA: &str = "lmskeep/profile/1";

/// A fault, and the text in the file that is at fault.
pub(super) struct Fault {
    pub(super) culprit: String,
    pub(super) reason: String,
}

fn fault(culprit: &str, reason: impl Into<String>) -> Fault {
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
    if part.list.links.is_none() && (part.list.name_in_query.is_some() || part.list.further.is_some()) {
        return Err(fault(
            "name-in-query",
            "`name-in-query` and `further` go with `links` only",
        ));
    }
    Ok(())
}

/// Checks that a part's service leaves nothing open: where the list is, where a document is, what is sent.
fn check_service(part: &Part, service: &Service, profile: &Profile) -> Result<(), Fault> {
    if part.list != List::default() || part.edit != Edit::default() {
        return Err(fault(
            "part.service",
            format!(
                "part `{}` is a service, so that `[part.list]` and `[part.edit]` mean nothing",
                part.id
            ),
        ));
    }
    if part.address.is_none() {
        return Err(fault(
            "part.service",
            format!(
                "part `{}` is a service, and lacks the `address` of its list",
                part.id
            ),
        ));
    }
    let (list, document) = (&service.list, &service.document);
    let pointers = [
        Some(&list.rows),
        Some(&list.name),
        list.key.as_ref(),
        list.link.as_ref(),
        list.total.as_ref(),
    ]
    .into_iter()
    .chain([
        list.next.as_ref(),
        Some(&document.text),
        Some(&document.name),
        document.version.as_ref(),
    ])
    .chain([
        document.read_only.as_ref(),
        service.token.as_ref().and_then(|t| t.pointer.as_ref()),
    ])
    .chain(service.save.iter().flat_map(|save| save.body.values().map(Some)));
    for found in pointers.flatten() {
        pointer(found)?;
    }
    match (&document.address, &list.link) {
        (Some(item), None) => address(item, true)?,
        (None, Some(_)) => {}
        _ => {
            return Err(fault(
                "part.service.document",
                "a document is at `document.address` or where `list.link` points to: one of the two",
            ));
        }
    }
    check_list(list)?;
    if let Some(item) = document.address.as_ref().filter(|item| !item.contains("{name}")) {
        return Err(fault(item, format!("`{item}` lacks the placeholder `{{name}}`")));
    }
    if let Some(save) = &service.save {
        if let Some(place) = &save.address {
            address(place, false)?;
        }
        if !save.body.is_empty() && !save.body.values().any(|from| *from == document.text) {
            return Err(fault(
                "part.service.save.body",
                format!("`save.body` has no member for the text, `{}`", document.text),
            ));
        }
        if save.version_header.is_some() && document.version.is_none() {
            return Err(fault(
                "version-header",
                "`version-header` needs `document.version`",
            ));
        }
        for (name, value) in &save.headers {
            header(name)?;
            if !value.chars().all(|c| c == ' ' || c.is_ascii_graphic()) {
                return Err(fault(
                    name,
                    format!("`{name}` has a value that no header can have"),
                ));
            }
        }
        save.version_header.as_deref().map_or(Ok(()), header)?;
    }
    if let Some(token) = &service.token {
        header(&token.header)?;
        if let Some(place) = &token.address {
            address(place, false)?;
        }
        token.response_header.as_deref().map_or(Ok(()), header)?;
        match (&token.pointer, &token.response_header) {
            (Some(_), Some(_)) => {
                return Err(fault(
                    "response-header",
                    "a token comes from `pointer` or from `response-header`: one of the two",
                ));
            }
            (None, None) if profile.token.names.is_empty() => {
                return Err(fault(
                    "part.service.token",
                    "a token is found by a `pointer`, a `response-header` or the `names` of `[token]`",
                ));
            }
            _ => {}
        }
    }
    Ok(())
}

fn check_list(list: &ServiceList) -> Result<(), Fault> {
    if list.key.is_some() && list.link.is_some() {
        return Err(fault(
            "key",
            "`list.key` goes with `document.address`, not with `list.link`",
        ));
    }
    match (&list.next, &list.next_in) {
        (None, Some(_)) => Err(fault("next-in", "`next-in` goes with `next` only")),
        _ => Ok(()),
    }
}

/// A JSON Pointer is empty, or begins with `/`; `~` stands only in `~0` and `~1`.
fn pointer(text: &str) -> Result<(), Fault> {
    let escapes = text.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
    match (text.is_empty() || text.starts_with('/')) && escapes {
        true => Ok(()),
        false => Err(fault(
            &format!("\"{text}\""),
            format!("`{text}` is no JSON Pointer, such as `/items` or `/data/text`"),
        )),
    }
}

fn header(name: &str) -> Result<(), Fault> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    match !name.is_empty() && name.chars().all(plain) {
        true => Ok(()),
        false => Err(fault(name, format!("`{name}` is no name of a header"))),
    }
}

fn selector(css: &str) -> Result<(), Fault> {
    match Selector::parse(css) {
        Ok(_) => Ok(()),
        Err(e) => Err(fault(css, format!("`{css}` is not a CSS selector ({e})"))),
    }
}

/// Addresses stand below the instance's root: a profile must not lead a signed-in session elsewhere.
fn address(address: &str, placeholder: bool) -> Result<(), Fault> {
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
