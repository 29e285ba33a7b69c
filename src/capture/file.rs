//! Reads the file that an item's page shows.

use std::collections::BTreeMap;

use crate::backup::{Format, Media, text_of_file};
use crate::capture::{Opened, open};
use crate::error::{Error, Kind, Result};
use crate::find::shown_path;
use crate::profile::Part;
use crate::session::Session;

/// Completes a document that is a file: its page tells only where the file is.
pub(super) async fn read(session: &Session, part: &Part, mut opened: Opened) -> Result<Opened> {
    let text = match opened.editor.shown_file() {
        None => String::new(),
        Some(url) => {
            let none = BTreeMap::new();
            let (referer, headers) = match &part.service {
                Some(service) => (&session.start().url, &service.headers),
                None => (&opened.editor.page().url, &none),
            };
            let bytes = session
                .read_file(url, Some(referer), headers)
                .await
                .and_then(|bytes| match Media::of(&bytes).cut(&bytes) {
                    Some(why) => Err(Error::new(
                        Kind::Page,
                        format!("The file `{}` was cut off: {why}.", shown_path(url)),
                    )),
                    None => Ok(bytes),
                })
                .map_err(|why| match why.kind() {
                    Kind::Page => open::unreadable(session.instance(), &opened.name, &why),
                    _ => why,
                })?;
            text_of_file(&bytes)
        }
    };
    opened.document.text.clone_from(&text);
    opened.document.format = Format::File;
    opened.editor = opened.editor.completed(&opened.name, text);
    Ok(opened)
}
