//! Images on classic pages: what there is, one image with its upload form, and the bytes.

use axum::http::StatusCode;

use crate::practice::faults::{Effect, Named};
use crate::practice::forms::Form;
use crate::practice::instance::Instance;
use crate::practice::look::{Look, escape, hidden, query_value};
use crate::practice::operation::images::{self, Image, LARGEST};
use crate::practice::operation::part::Call;
use crate::practice::saving;
use crate::practice::shell;
use crate::practice::visit::{Answer, Visit};

/// All kinds of image on one page.
pub(super) const LIST: &str = "/learning/admin/config/images.do";
pub(super) const EDIT: &str = "/learning/admin/config/editImage.do";
pub(super) const UPLOAD: &str = "/learning/admin/config/uploadImage.do";
pub(super) const REMOVE: &str = "/learning/admin/config/removeImage.do";
pub(super) const BYTES: &str = "/learning/admin/config/imageStream.do";

const ID: &str = "imageTypeID";
const FILE: &str = "imageFile";
pub(super) const MENU_ID: &str = "IMAGES";
const TITLE: &str = "Images";
const UNKNOWN: &str = "This image does not exist.";

/// Answers a request to one of these pages.
pub(super) fn answer(instance: &mut Instance, call: &Call<'_>) -> Option<Answer> {
    let (visit, look, effect) = (call.visit, call.look, call.effect);
    Some(match (visit.path.as_str(), visit.is_post()) {
        (LIST, _) => list(instance, look),
        (EDIT, _) => edit(instance, visit, look, effect),
        (BYTES, _) => bytes(instance, visit, look, effect),
        (UPLOAD, true) => upload(instance, visit, look, effect),
        (REMOVE, true) => remove(instance, visit, look, effect),
        _ => return None,
    })
}

fn address_of(image: &Image) -> String {
    format!("imageStream.do?{ID}={}&rev={}", image.id, image.version)
}

fn edit_address(id: &str) -> String {
    format!("editImage.do?{ID}={}&adminShellMenuId={MENU_ID}", query_value(id))
}

/// The boxes of all kinds, on one page: the name is the link.
fn list(instance: &Instance, look: &Look) -> Answer {
    let boxes: String = instance
        .operation
        .images
        .iter()
        .map(|image| entry(look, image))
        .collect();
    let text = format!(
        "<h1>{title}</h1>\n<p>{hint}</p>\n<div class=\"imageList\">\n{boxes}</div>\n\
         <p><a href=\"/learning/admin/help/index.jsp?topic=images\" target=\"help\">{help}</a></p>",
        title = look.t(TITLE),
        hint = look.t("Images are PNG, GIF or JPEG files of at most 100 KB."),
        help = look.t("Help"),
    );
    Answer::page(look.page(look.t(TITLE), &text))
}

fn entry(look: &Look, image: &Image) -> String {
    let shown = match image.shown() {
        Some(picture) => format!(
            "<img src=\"{address}\" alt=\"\" height=\"40\"><span>{file} ({size} KB)</span>",
            address = look.address(&address_of(image)),
            file = escape(&picture.file_name),
            size = picture.bytes.len().div_ceil(1024),
        ),
        None => format!("<span>{}</span>", look.t("No image")),
    };
    format!(
        "<div class=\"imageEntry\"><h3><a href=\"{address}\">{name}</a></h3>{shown}</div>\n",
        address = look.address(&edit_address(image.id)),
        name = look.t(image.name),
    )
}

fn edit(instance: &Instance, visit: &Visit, look: &Look, effect: Option<&Effect>) -> Answer {
    let asked = visit.query(ID).unwrap_or("");
    let Some(image) = images::find(instance, asked, effect) else {
        return shell::notice(look, TITLE, UNKNOWN);
    };
    let missing = effect == Some(&Effect::Named(Named::FieldMissing));
    let version = match missing {
        true => String::new(),
        false => hidden("version", &image.version.to_string()),
    };
    let text = format!(
        "<h1>{title}</h1>\n<h2>{name}</h2>\n{present}\
         <form name=\"uploadForm\" method=\"post\" action=\"{action}\" enctype=\"multipart/form-data\">\n\
         {token}{id}{version}{limit}{menu}\
         <label for=\"{FILE}\">{label}</label> \
         <input type=\"file\" id=\"{FILE}\" name=\"{FILE}\" accept=\".png,.gif,.jpg,.jpeg\">\n\
         <div class=\"buttons\"><input type=\"submit\" name=\"applyChanges\" value=\"{apply}\">\n\
         <input type=\"submit\" name=\"cancel\" value=\"{cancel}\"></div>\n</form>\n{back}",
        title = look.t("Edit Image"),
        name = look.t(image.name),
        present = present(look, image),
        action = look.address("uploadImage.do"),
        token = look.token_field(),
        id = hidden(ID, image.id),
        limit = hidden("MAX_FILE_SIZE", &LARGEST.to_string()),
        menu = hidden("adminShellMenuId", MENU_ID),
        label = look.t("New Image"),
        apply = look.t("Apply Changes"),
        cancel = look.t("Cancel"),
        back = back(look),
    );
    Answer::page(look.page(
        &format!("{} - {}", look.t("Edit Image"), look.t(image.name)),
        &text,
    ))
}

/// The present image, with a form that takes it away.
fn present(look: &Look, image: &Image) -> String {
    let Some(picture) = image.shown() else {
        return format!("<p class=\"notice\">{}</p>\n", look.t("No image"));
    };
    format!(
        "<div class=\"currentImage\"><img id=\"currentImage\" src=\"{address}\" alt=\"{file}\"></div>\n\
         <p>{file}, {media}</p>\n\
         <form name=\"removeForm\" method=\"post\" action=\"{action}\">\n{token}{id}{version}{menu}\
         <input type=\"submit\" name=\"removeImage\" value=\"{remove}\"></form>\n",
        address = look.address(&address_of(image)),
        file = escape(&picture.file_name),
        media = picture.media,
        action = look.address("removeImage.do"),
        token = look.token_field(),
        id = hidden(ID, image.id),
        version = hidden("version", &image.version.to_string()),
        menu = hidden("adminShellMenuId", MENU_ID),
        remove = look.t("Remove Image"),
    )
}

/// The bytes that the page shows, with their type.
fn bytes(instance: &Instance, visit: &Visit, look: &Look, effect: Option<&Effect>) -> Answer {
    let asked = visit.query(ID).unwrap_or("");
    match images::find(instance, asked, effect).and_then(Image::shown) {
        Some(picture) => Answer::typed(picture.media, picture.bytes.clone()),
        None => shell::notice(look, "Error", UNKNOWN).with_status(StatusCode::NOT_FOUND),
    }
}

fn upload(instance: &mut Instance, visit: &Visit, look: &Look, effect: Option<&Effect>) -> Answer {
    let id = visit.field(ID).unwrap_or("").to_owned();
    let Some(image) = images::find(instance, &id, None) else {
        return said(look, None, "errorMessage", UNKNOWN);
    };
    let (name, version) = (image.name, image.version.to_string());
    let refused = |why| said(look, Some((&id, name)), "errorMessage", why);
    let form = Form {
        fixed: &[
            (ID, &id),
            ("MAX_FILE_SIZE", &LARGEST.to_string()),
            ("adminShellMenuId", MENU_ID),
        ],
        free: &["version"],
        buttons: &[
            ("applyChanges", look.t("Apply Changes")),
            ("cancel", look.t("Cancel")),
        ],
    };
    let Some(pressed) = form.pressed_with_file(visit, FILE) else {
        instance.harm.wrong_form += 1;
        return refused("The request was incomplete.");
    };
    if pressed == "cancel" {
        return Answer::redirect(format!("{LIST}?adminShellMenuId={MENU_ID}"));
    }
    if visit.field("version") != Some(&version) {
        return refused("The image was changed in the meantime. Open it again.");
    }
    let Some(file) = visit.files.first() else {
        return refused(images::Refusal::NothingChosen.text());
    };
    let file_name = file.file_name.as_deref().unwrap_or("");
    match images::store(instance, &id, file_name, &file.bytes, effect) {
        Ok(()) => said(look, Some((&id, name)), "message", saving::APPLIED),
        Err(refusal) => refused(refusal.text()),
    }
}

fn remove(instance: &mut Instance, visit: &Visit, look: &Look, effect: Option<&Effect>) -> Answer {
    let id = visit.field(ID).unwrap_or("").to_owned();
    let Some(image) = images::find(instance, &id, None) else {
        return said(look, None, "errorMessage", UNKNOWN);
    };
    let (name, version) = (image.name, image.version.to_string());
    let refused = |why| said(look, Some((&id, name)), "errorMessage", why);
    let form = Form {
        fixed: &[(ID, &id), ("adminShellMenuId", MENU_ID)],
        free: &["version"],
        buttons: &[("removeImage", look.t("Remove Image"))],
    };
    if form.pressed(visit).is_none() {
        instance.harm.wrong_form += 1;
        return refused("The request was incomplete.");
    }
    if visit.field("version") != Some(&version) {
        return refused("The image was changed in the meantime. Open it again.");
    }
    if effect == Some(&Effect::Named(Named::RefuseSave)) {
        return refused(images::Refusal::Fault.text());
    }
    images::remove(instance, &id);
    said(look, Some((&id, name)), "message", "The image was removed.")
}

/// The page that says what came of a form.
fn said(look: &Look, of: Option<(&str, &'static str)>, class: &str, text: &'static str) -> Answer {
    let about = of.map_or_else(String::new, |(id, name)| {
        format!(
            "<h2>{name}</h2>\n<p><a href=\"{address}\">{edit}</a></p>\n",
            name = look.t(name),
            address = look.address(&edit_address(id)),
            edit = look.t("Edit"),
        )
    });
    let body = format!(
        "<h1>{title}</h1>\n<div class=\"{class}\">{text}</div>\n{about}{back}",
        title = look.t(TITLE),
        text = escape(look.t(text)),
        back = back(look),
    );
    Answer::page(look.page(look.t(TITLE), &body))
}

fn back(look: &Look) -> String {
    format!(
        "<p><a href=\"{}\">{}</a></p>",
        look.address(&format!("images.do?adminShellMenuId={MENU_ID}")),
        look.t("Back to the list")
    )
}
