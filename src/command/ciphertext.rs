//! What pages have shown encrypted: whoever gives such a text for a real value gives the wrong thing.

use std::collections::HashSet;

use crate::archive::Archive;
use crate::backup::{Document, Format};
use crate::error::Result;
use crate::properties::Properties;
use crate::sensitive::{Rules, Sensitivity, is_ciphertext_shaped};

/// Gathers the ciphertexts that all backups of these instances hold, and those of live, whatever their keys. Each text is
/// read once; a damaged backup is passed over.
///
/// # Errors
/// [`Kind::Archive`](crate::error::Kind::Archive) where the archive cannot be listed.
pub(crate) async fn known(
    archive: &Archive,
    rules: &Rules,
    instances: &[&str],
    live: &[Document],
) -> Result<HashSet<String>> {
    let mut found = HashSet::new();
    for document in live {
        gather(rules, document, &mut found);
    }
    let mut read = HashSet::new();
    for instance in instances {
        let listed = archive.list(Some(instance)).await?;
        for contents in archive.contents(&listed).await.into_iter().flatten() {
            for content in contents.iter().filter(|content| content.is_properties()) {
                if !read.insert((content.path.clone(), content.hash.clone())) {
                    continue;
                }
                match archive.text(content).await {
                    Ok(document) => gather(rules, &document, &mut found),
                    Err(error) => tracing::warn!("{}", error.message()),
                }
            }
        }
    }
    Ok(found)
}

fn gather(rules: &Rules, document: &Document, found: &mut HashSet<String>) {
    if document.format != Format::Properties {
        return;
    }
    for (_, key, value) in Properties::parse_leniently(&document.text).entries() {
        let value = value.to_string_lossy();
        let encrypted = is_ciphertext_shaped(value.trim())
            && rules.classify(&document.path, &key.to_string_lossy(), &value) == Some(Sensitivity::Encrypted);
        if encrypted {
            found.insert(value.trim().to_owned());
        }
    }
}
