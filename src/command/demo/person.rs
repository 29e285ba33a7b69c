//! The person of the demo: opens a page, types the real values where ciphertext stood, and saves.

use std::collections::BTreeMap;

use crate::command::words::SignInArgs;
use crate::command::{Context, access};
use crate::error::{Error, Kind, Result};
use crate::find::Answers;
use crate::instance::Instance;
use crate::properties::{JavaText, Line, Properties};
use crate::report::Ui;
use crate::selection::Selection;
use crate::session::Sent;

/// Real values by document and key.
pub(super) type Known = BTreeMap<String, BTreeMap<String, String>>;

/// Enters all values and answers what was entered, as `DOCUMENT: key`.
pub(super) async fn enter(
    ui: &Ui,
    context: &Context,
    instance: &Instance,
    known: &Known,
) -> Result<Vec<String>> {
    let config = context.config()?;
    let session = access::session(ui, context, &config, instance, &SignInArgs::default()).await?;
    let names: Vec<String> = known.keys().map(|name| format!("configuration/{name}")).collect();
    let live = access::read_live(
        ui,
        context,
        &session,
        instance,
        &Selection::of_documents(names.iter().map(String::as_str))?,
    )
    .await?;
    let mut entered = Vec::new();
    for (document, values) in known {
        let path = format!("configuration/{document}");
        let Some(place) = live.places.get(&path) else {
            continue;
        };
        let list = live.lists.get(&place.part).cloned().unwrap_or_default();
        let opened = crate::capture::open(&session, place, &list, &Answers::new()).await?;
        let text = typed(&opened.document.text, values)?;
        match session.send(&opened.editor, &text).await? {
            Sent::Answered { .. } => entered.extend(values.keys().map(|key| format!("{document}: {key}"))),
            Sent::Unsettled(why) | Sent::Declined { why, .. } | Sent::Conflict(why) => {
                return Err(Error::new(
                    Kind::Incomplete,
                    format!("The person of the demo could not save {document}: {why}."),
                ));
            }
        }
    }
    Ok(entered)
}

/// The text with the values typed in: where the key stands, or at the end.
fn typed(text: &str, values: &BTreeMap<String, String>) -> Result<String> {
    let mut properties = Properties::parse(text).map_err(|e| {
        Error::new(
            Kind::Page,
            format!("Line {} is no Java property: {}.", e.line, e.reason),
        )
    })?;
    for (key, value) in values {
        let (key, value) = (JavaText::from(key.as_str()), JavaText::from(value.as_str()));
        if !properties.set(&key, &value) {
            let lines = properties
                .lines()
                .iter()
                .cloned()
                .chain([Line::new(&key, &value)]);
            properties = Properties::from_lines(lines);
        }
    }
    Ok(properties.to_string())
}
