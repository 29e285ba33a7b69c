//! What a part that is a service must hold beyond what its types say.

use std::collections::BTreeMap;

use crate::profile::check::{Fault, address, fault};
use crate::profile::{
    BodyEncoding, Edit, List, Part, Profile, Service, ServiceList, ServiceSave, ServiceToken, Shape,
};

/// Checks that a part's service leaves nothing open: where the list is, where a document is, what is sent.
pub(super) fn check_service(part: &Part, service: &Service, profile: &Profile) -> Result<(), Fault> {
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
    check_content(part, service)?;
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
    .chain(service.save.iter().flat_map(|save| save.body.values().map(Some)))
    .chain(document.fields.iter().chain(&document.switch).map(Some))
    .chain([document.file.as_ref()]);
    for found in pointers.flatten() {
        pointer(found)?;
    }
    match (&document.address, &list.link) {
        (None, None) if part.single.is_some() => {}
        (Some(item), None) if part.single.is_none() => address(item, true)?,
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
    headers(&service.headers)?;
    if document.etag && document.version.is_some() {
        return Err(fault(
            "etag",
            "the version is at a pointer or in the `etag`: one of the two",
        ));
    }
    if let Some(save) = &service.save {
        check_save(service, save)?;
    }
    if let Some(token) = &service.token {
        check_token(service, token, profile)?;
    }
    Ok(())
}

/// What a document is made of: a text, or fields; one page alone has no list and no name.
fn check_content(part: &Part, service: &Service) -> Result<(), Fault> {
    let (list, document) = (&service.list, &service.document);
    let lacks = |place: &str, what: &str| {
        Err(fault(
            place,
            format!("missing field `{what}` of part `{}`", part.id),
        ))
    };
    match part.shape {
        Shape::Forms if document.text.is_empty() => return lacks("part.service.document", "text"),
        Shape::Fields if document.switch.is_none() => return lacks("part.service.document", "switch"),
        Shape::Files if document.file.is_none() => return lacks("part.service.document", "file"),
        _ => {}
    }
    match &part.single {
        Some(_) if part.shape == Shape::Records => match list.name.is_empty() {
            true => lacks("part.service.list", "name"),
            false => Ok(()),
        },
        Some(_) if *list != ServiceList::default() => Err(fault(
            "part.service.list",
            format!("part `{}` is one page (`single`), which has no list", part.id),
        )),
        None if document.name.is_empty() => lacks("part.service.document", "name"),
        _ => Ok(()),
    }
}

fn check_save(service: &Service, save: &ServiceSave) -> Result<(), Fault> {
    let document = &service.document;
    if let Some(place) = &save.address {
        address(place, true)?;
    }
    if !document.text.is_empty()
        && !save.body.is_empty()
        && !save.body.values().any(|from| *from == document.text)
    {
        return Err(fault(
            "part.service.save.body",
            format!("`save.body` has no member for the text, `{}`", document.text),
        ));
    }
    if save.file.is_some() != document.file.is_some() {
        return Err(fault(
            "part.service.save",
            "`save.file`, the field that carries a file, goes with `document.file`, and the other way round",
        ));
    }
    let whole = save.body.is_empty() && save.file.is_none();
    if whole && (save.encoding == BodyEncoding::Form || !save.constants.is_empty()) {
        return Err(fault(
            "part.service.save",
            "`encoding = \"form\"` and `constants` go with `save.body` only",
        ));
    }
    for member in save.body.keys().chain(save.constants.keys()) {
        if member.starts_with('/') {
            pointer(member)?;
        }
    }
    if save.version_header.is_some() && document.version.is_none() && !document.etag {
        return Err(fault(
            "version-header",
            "`version-header` needs `document.version` or `document.etag`",
        ));
    }
    headers(&save.headers)?;
    save.version_header.as_deref().map_or(Ok(()), header)
}

fn check_token(service: &Service, token: &ServiceToken, profile: &Profile) -> Result<(), Fault> {
    let ways = [&token.header, &token.field, &token.parameter];
    if ways.into_iter().flatten().count() != 1 {
        return Err(fault(
            "part.service.token",
            "a token is sent in a `header`, a `field` or a `parameter`: one of the three",
        ));
    }
    let save = service.save.as_ref();
    let whole = save.is_some_and(|save| save.body.is_empty() && save.file.is_none());
    if token.field.is_some() && whole {
        return Err(fault("field", "`token.field` goes with `save.body` only"));
    }
    token.header.as_deref().map_or(Ok(()), header)?;
    if let Some(place) = &token.address {
        address(place, false)?;
    }
    token.response_header.as_deref().map_or(Ok(()), header)?;
    headers(&token.request_headers)?;
    let places = [&token.pointer, &token.response_header, &token.cookie];
    match places.into_iter().flatten().count() {
        1 => Ok(()),
        0 if !profile.token.names.is_empty() => Ok(()),
        0 => Err(fault(
            "part.service.token",
            "a token is found by a `pointer`, a `response-header`, a `cookie` or the `names` of `[token]`",
        )),
        _ => Err(fault(
            match token.response_header {
                Some(_) => "response-header",
                None => "cookie",
            },
            "a token comes from `pointer`, from `response-header` or from `cookie`: one of the three",
        )),
    }
}

fn headers(headers: &BTreeMap<String, String>) -> Result<(), Fault> {
    for (name, value) in headers {
        header(name)?;
        if !value.chars().all(|c| c == ' ' || c.is_ascii_graphic()) {
            return Err(fault(
                name,
                format!("`{name}` has a value that no header can have"),
            ));
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
