//! The images of one practice instance: six kinds, what each shows, and what an upload does to it.
//!
//! Its pages are in `pages`, the same as JSON in `service`.

mod pages;
mod service;

use std::time::{Duration, Instant};

use axum::body::Bytes;
use base64::prelude::{BASE64_STANDARD, Engine};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::practice::content::Side;
use crate::practice::faults::{Cache, Effect, Named};
use crate::practice::instance::Instance;
use crate::practice::operation::part::Part;

/// What it tells of itself.
pub(super) const PART: Part = Part {
    entry: pages::MENU_ID,
    addresses: &[
        pages::LIST,
        pages::EDIT,
        pages::UPLOAD,
        pages::REMOVE,
        pages::BYTES,
    ],
    page: pages::answer,
    services: &[service::ROUTE],
    service: service::answer,
    labels: LABELS,
    report: |instance| vec![("images", json!(judge(instance)))],
    orders: &[("image", change)],
};

const LABELS: &[(&str, &str)] = &[
    ("Edit Image", "Bild bearbeiten"),
    ("New Image", "Neues Bild"),
    ("No image", "Kein Bild"),
    ("Remove Image", "Bild entfernen"),
    ("Company Logo", "Firmenlogo"),
    ("Login Background", "Anmeldehintergrund"),
    ("Mobile Logo", "Logo für mobile Geräte"),
    ("Certificate Seal", "Zertifikatssiegel"),
    ("Catalog Banner", "Katalogbanner"),
    ("Email Header", "E-Mail-Kopfzeile"),
    (
        "Images are PNG, GIF or JPEG files of at most 100 KB.",
        "Bilder sind PNG-, GIF- oder JPEG-Dateien von höchstens 100 KB.",
    ),
    ("Choose a file.", "Wählen Sie eine Datei aus."),
    (
        "The file is larger than 100 KB.",
        "Die Datei ist größer als 100 KB.",
    ),
    (
        "The file is not a PNG, GIF or JPEG image.",
        "Die Datei ist kein PNG-, GIF- oder JPEG-Bild.",
    ),
    ("The image was removed.", "Das Bild wurde entfernt."),
    ("This image does not exist.", "Dieses Bild existiert nicht."),
    (
        "The image was changed in the meantime. Open it again.",
        "Das Bild wurde inzwischen geändert. Öffnen Sie es erneut.",
    ),
];

/// The largest image that is taken, in bytes.
pub(in crate::practice) const LARGEST: usize = 100 * 1024;

/// One kind of image, with what it shows at the start.
struct Kind {
    id: &'static str,
    name: &'static str,
    production: Option<Start>,
    stage: Option<Start>,
}

/// A file that is there at the start: its name, and its bytes.
type Start = (&'static str, &'static [u8]);

macro_rules! picture {
    ($name:literal, $file:literal) => {
        Some((
            $name,
            include_bytes!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/fixtures/practice/images/",
                $file
            ))
            .as_slice(),
        ))
    };
}

/// The kinds, in the order of the list.
const KINDS: [Kind; 6] = [
    Kind {
        id: "CORP_LOGO",
        name: "Company Logo",
        production: picture!("logo.png", "production-logo.png"),
        stage: picture!("logo-stage.png", "stage-logo.png"),
    },
    Kind {
        id: "LOGIN_BG",
        name: "Login Background",
        production: picture!("login.jpg", "production-login.jpg"),
        stage: picture!("Login Stage (neu).jpg", "stage-login.jpg"),
    },
    Kind {
        id: "MOB_LOGO",
        name: "Mobile Logo",
        production: picture!("mobile.png", "mobile.png"),
        stage: picture!("mobile.png", "mobile.png"),
    },
    Kind {
        id: "CERT_SEAL",
        name: "Certificate Seal",
        production: picture!("seal.gif", "seal.gif"),
        stage: picture!("seal.gif", "seal.gif"),
    },
    Kind {
        id: "CAT_BANNER",
        name: "Catalog Banner",
        production: None,
        stage: None,
    },
    Kind {
        id: "MAIL_HDR",
        name: "Email Header",
        production: picture!("mail.jpg", "mail.jpg"),
        stage: picture!("mail.jpg", "mail.jpg"),
    },
];

/// A picture as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::practice) struct Picture {
    /// The name of the file it was uploaded from.
    pub(in crate::practice) file_name: String,
    /// The type that its bytes show.
    pub(in crate::practice) media: &'static str,
    pub(in crate::practice) bytes: Bytes,
}

/// One image of an instance.
#[derive(Debug, Clone)]
pub(in crate::practice) struct Image {
    pub(in crate::practice) id: &'static str,
    /// The English name of its kind.
    pub(in crate::practice) name: &'static str,
    pub(in crate::practice) version: u64,
    picture: Option<Picture>,
    /// What a slow cluster cache still shows, and until when.
    stale: Option<(Option<Picture>, Instant)>,
}

impl Image {
    /// What pages show of it.
    pub(in crate::practice) fn shown(&self) -> Option<&Picture> {
        match &self.stale {
            Some((old, until)) if Instant::now() < *until => old.as_ref(),
            _ => self.picture.as_ref(),
        }
    }

    fn put(&mut self, picture: Option<Picture>) {
        self.picture = picture;
        self.version += 1;
    }
}

/// Why an upload stores nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::practice) enum Refusal {
    NothingChosen,
    TooLarge,
    WrongType,
    Fault,
}

impl Refusal {
    /// What is said of it, in English.
    pub(in crate::practice) fn text(self) -> &'static str {
        match self {
            Refusal::NothingChosen => "Choose a file.",
            Refusal::TooLarge => "The file is larger than 100 KB.",
            Refusal::WrongType => "The file is not a PNG, GIF or JPEG image.",
            Refusal::Fault => "The changes could not be applied.",
        }
    }
}

/// The type of an image by its first bytes, if it is one that is taken.
fn media_of(bytes: &[u8]) -> Option<&'static str> {
    const BEGINNINGS: [(&[u8], &str); 4] = [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"GIF87a", "image/gif"),
        (b"GIF89a", "image/gif"),
        (b"\xff\xd8\xff", "image/jpeg"),
    ];
    let found = BEGINNINGS.iter().find(|(begin, _)| bytes.starts_with(begin));
    found.map(|(_, media)| *media)
}

/// A picture of these bytes, as an upload makes it.
fn picture(file_name: &str, bytes: Bytes) -> Result<Picture, Refusal> {
    if file_name.is_empty() || bytes.is_empty() {
        return Err(Refusal::NothingChosen);
    }
    if bytes.len() > LARGEST {
        return Err(Refusal::TooLarge);
    }
    // Some browsers send where the file lay, too.
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    Ok(Picture {
        file_name: name.to_owned(),
        media: media_of(&bytes).ok_or(Refusal::WrongType)?,
        bytes,
    })
}

fn start(kind: &Kind, side: Side) -> Option<Picture> {
    let (name, bytes) = match side {
        Side::Production => kind.production,
        Side::Stage => kind.stage,
    }?;
    picture(name, Bytes::from_static(bytes)).ok()
}

/// The images an instance has at the start.
pub(in crate::practice) fn of(side: Side) -> Vec<Image> {
    let image = |(place, kind): (usize, &Kind)| Image {
        id: kind.id,
        name: kind.name,
        version: 20 + place as u64 * 3,
        picture: start(kind, side),
        stale: None,
    };
    KINDS.iter().enumerate().map(image).collect()
}

/// The image with that id, or the one after it where a fault answers for another.
pub(in crate::practice) fn find<'i>(
    instance: &'i Instance,
    id: &str,
    effect: Option<&Effect>,
) -> Option<&'i Image> {
    let place = instance
        .operation
        .images
        .iter()
        .position(|image| image.id == id)?;
    let wrong = effect == Some(&Effect::Named(Named::WrongDocument));
    instance
        .operation
        .images
        .get((place + usize::from(wrong)) % instance.operation.images.len())
}

/// Stores what was uploaded, as a fault has it.
pub(in crate::practice) fn store(
    instance: &mut Instance,
    id: &str,
    file_name: &str,
    bytes: &[u8],
    effect: Option<&Effect>,
) -> Result<(), Refusal> {
    let mut new = picture(file_name, Bytes::copy_from_slice(bytes))?;
    let Some(image) = instance.operation.images.iter_mut().find(|image| image.id == id) else {
        return Err(Refusal::Fault);
    };
    match effect {
        Some(Effect::Named(Named::RefuseSave)) => return Err(Refusal::Fault),
        Some(Effect::Named(Named::IgnoreSave)) => return Ok(()),
        // A byte behind the end, which every viewer overlooks.
        Some(Effect::Named(Named::AlterSave)) => new.bytes = [bytes, &[0]].concat().into(),
        Some(Effect::Cache(Cache { cache_ms, .. })) => {
            let until = Instant::now() + Duration::from_millis(*cache_ms);
            image.stale = Some((image.picture.clone(), until));
        }
        _ => {}
    }
    image.put(Some(new));
    Ok(())
}

/// Takes an image away, which nobody had a reason to ask for: it is counted as harm.
pub(in crate::practice) fn remove(instance: &mut Instance, id: &str) {
    instance.harm.images_removed += 1;
    if let Some(image) = instance.operation.images.iter_mut().find(|image| image.id == id) {
        image.put(None);
    }
}

/// Another image, set by somebody else; without bytes there is none from then on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Change {
    id: String,
    file_name: Option<String>,
    base64: Option<String>,
}

/// Changes an image as somebody else does.
fn change(instance: &mut Instance, told: &Value) -> Result<Value, String> {
    let change = Change::deserialize(told).map_err(|cause| cause.to_string())?;
    let name = change.file_name.unwrap_or_default();
    let new = match change.base64.map(|text| BASE64_STANDARD.decode(text)) {
        Some(Err(cause)) => return Err(cause.to_string()),
        Some(Ok(bytes)) => Some(picture(&name, bytes.into()).map_err(Refusal::text)?),
        None => None,
    };
    let mut images = instance.operation.images.iter_mut();
    let image = images.find(|image| image.id == change.id);
    image.ok_or("There is no such image.")?.put(new);
    Ok(json!({ "done": true }))
}

/// `ok` where every image shows what it showed at the start, or the names of those that do not, with why.
pub(in crate::practice) fn judge(instance: &Instance) -> String {
    let differs = |(image, kind): (&Image, &Kind)| {
        let (own, now) = (start(kind, instance.side), image.picture.as_ref());
        let bytes = |picture: &Picture| picture.bytes.clone();
        let same = own.as_ref().map(bytes) == now.map(bytes);
        let other = start(kind, instance.side.other());
        let why = match now {
            None => "it is missing".to_owned(),
            now if now.map(bytes) == other.as_ref().map(bytes) => {
                format!("it is {}'s", instance.side.other().name())
            }
            Some(_) => "it is not the right one".to_owned(),
        };
        (!same).then(|| format!("{}: {why}", image.name))
    };
    let wrong: Vec<String> = instance
        .operation
        .images
        .iter()
        .zip(&KINDS)
        .filter_map(differs)
        .collect();
    match wrong.is_empty() {
        true => "ok".to_owned(),
        false => wrong.join("; "),
    }
}

/// What `GET /images/SIDE` answers: `{ID: null or what is stored}`.
pub(in crate::practice) fn report(instance: &Instance) -> Value {
    let told = |image: &Image| {
        let picture = image.picture.as_ref().map(|picture| {
            json!({
                "fileName": picture.file_name,
                "type": picture.media,
                "size": picture.bytes.len(),
                "sha256": hex::encode(Sha256::digest(&picture.bytes)),
                "version": image.version,
            })
        });
        (image.id.to_owned(), json!(picture))
    };
    let images: Map<String, Value> = instance.operation.images.iter().map(told).collect();
    Value::Object(images)
}

#[cfg(test)]
#[path = "images_tests.rs"]
mod tests;
