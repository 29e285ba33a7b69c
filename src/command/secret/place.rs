//! Which encrypted values there are, and which of them a person means.

use std::collections::BTreeSet;

use crate::backup::{Backup, BackupKind, Document};
use crate::command::{Context, access, values};
use crate::error::{Error, Kind, Result};
use crate::instance::Instance;
use crate::properties::{Properties, value_at};
use crate::selection::nearest;
use crate::sensitive::{Rules, Sensitivity, is_mask};
use crate::state::Place;

/// The encrypted values that the newest backup of an instance has, what is in the ledger, and what waits.
pub(crate) async fn places(
    context: &Context,
    rules: &Rules,
    instance: &Instance,
) -> Result<(BTreeSet<Place>, Option<Backup>)> {
    let archive = access::archive(context).await?;
    let state = access::state(context)?;
    let backup = match access::newest_ordinary(&archive, &instance.name).await? {
        // Where none is complete, one of some documents tells of those.
        None => access::newest_of(&archive, &instance.name, BackupKind::Partial).await?,
        found => found,
    };
    let documents = backup.as_ref().map(|b| b.content.documents.as_slice());
    let mut all: BTreeSet<Place> = encrypted(rules, documents.unwrap_or_default()).collect();
    let ledger = state.ledger(&instance.name).await?;
    all.extend(ledger.lines().map(|(place, _)| place.clone()));
    let waiting = state.waiting(&instance.name).await?;
    all.extend(waiting.places().cloned());
    Ok((all, backup))
}

/// The keys of documents whose values are encrypted, or masked.
pub(super) fn encrypted(rules: &Rules, documents: &[Document]) -> impl Iterator<Item = Place> {
    documents.iter().flat_map(|document| {
        let text = Properties::parse_leniently(&document.text);
        let of = text.occurrences().filter_map(|found| {
            let key = found.entry.key.to_string_lossy();
            let value = found.entry.value.to_string_lossy();
            let judged = rules.classify(&document.path, &key, &value);
            (judged == Some(Sensitivity::Encrypted) || is_mask(&value)).then(|| Place {
                document: document.path.clone(),
                key,
                occurrence: found.nth,
            })
        });
        of.collect::<Vec<_>>()
    })
}

/// Finds the value that a person means: a document by its name or path, and a key; the nearest ones where there is none.
pub(super) async fn meant(
    context: &Context,
    rules: &Rules,
    instance: &Instance,
    word: &str,
) -> Result<Place> {
    let Some((document, key)) = word
        .split_once(':')
        .filter(|(d, k)| !d.is_empty() && !k.is_empty())
    else {
        return Err(Error::new(
            Kind::Usage,
            format!("`{word}` names no value: it takes a document and a key."),
        )
        .hint(format!(
            "lmskeep secret set {} CONNECTORS:connector.ftp.password",
            instance.name
        )));
    };
    let (key, occurrence) = match key.strip_suffix(']').and_then(|rest| rest.rsplit_once('[')) {
        Some((key, nth)) if nth.parse::<usize>().is_ok_and(|nth| nth > 0) => (key, nth.parse().unwrap_or(1)),
        _ => (key, 1),
    };
    let (known, backup) = places(context, rules, instance).await?;
    let is_document = |path: &str| {
        let name = path.split_once('/').map_or(path, |(_, name)| name);
        path.eq_ignore_ascii_case(document) || name.eq_ignore_ascii_case(document)
    };
    let found = known
        .iter()
        .find(|place| is_document(&place.document) && place.key == key && place.occurrence == occurrence);
    if let Some(place) = found {
        return Ok(place.clone());
    }
    // A key that is not known as encrypted may still be one, where there is such a document.
    let documents: Vec<String> = backup
        .iter()
        .flat_map(|b| b.content.documents.iter().map(|d| d.path.clone()))
        .collect();
    let path = documents.iter().find(|path| is_document(path));
    let has_key = |path: &str| {
        let documents = backup.iter().flat_map(|b| &b.content.documents);
        let document = documents.into_iter().find(|d| d.path == path);
        document.is_some_and(|d| value_at(&d.text, key, occurrence).is_some())
    };
    if let Some(path) = path.filter(|path| has_key(path)) {
        return Ok(Place {
            document: path.clone(),
            key: key.to_owned(),
            occurrence,
        });
    }
    let error = Error::new(
        Kind::Usage,
        format!("There is no value `{word}` at `{}`.", instance.name),
    );
    let names: Vec<String> = known.iter().map(values::named).collect();
    let near = nearest(word, names.iter().map(String::as_str));
    Err(match (near.first(), backup) {
        (Some(near), _) => error.hint(format!("did you mean `{near}`?")),
        (None, Some(_)) => error.hint(format!("lmskeep secret list {} --offline", instance.name)),
        (None, None) => error.hint(format!(
            "what there is, a backup tells first: lmskeep backup {}",
            instance.name
        )),
    })
}
