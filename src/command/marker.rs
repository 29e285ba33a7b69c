//! The documents that tell of a refresh: read at the address where they were found before, without their list.
//!
//! What is read so is held against what the list said of names (promise 5). Where it is not to be had, or shows nothing,
//! nobody relies on it: then the list is read as ever.

use std::collections::BTreeSet;

use crate::backup::{Contract, Document};
use crate::capture::{self, Captured, Known, Place};
use crate::command::{Context, access};
use crate::error::{Kind, Result};
use crate::find::{Answers, bare};
use crate::instance::Instance;
use crate::session::Session;
use crate::state::{State, Whereabouts};

/// The paths of the documents in which markers stand.
pub(crate) fn paths<'m>(markers: impl IntoIterator<Item = &'m String>) -> Vec<&'m str> {
    let paths = markers.into_iter().filter_map(|marker| marker.split_once(':'));
    let paths: BTreeSet<&str> = paths.map(|(path, _)| path).collect();
    paths.into_iter().collect()
}

/// Remembers where the documents were found that tell of a refresh.
///
/// # Errors
/// [`Kind::Archive`] where the state cannot be read or written.
pub(crate) async fn remember(
    state: &State,
    session: &Session,
    instance: &Instance,
    captured: &Captured,
) -> Result<()> {
    let profile = session.profile();
    let wanted = paths(&profile.identity.markers);
    let is_wanted = |path: &str| wanted.iter().any(|wanted| wanted.eq_ignore_ascii_case(path));
    let found = captured.places.iter().filter(|(path, _)| is_wanted(path));
    let found: Vec<(&String, &Place)> = found.collect();
    if found.is_empty() {
        return Ok(());
    }
    let mut known = state.whereabouts(&instance.name).await?;
    for (path, place) in found {
        let list = captured.lists.get(&place.part).cloned().unwrap_or_default();
        let address = |url| bare(url, &profile.token.names).to_string();
        let whereabouts = Whereabouts {
            part: place.part.clone(),
            name: place.name.clone(),
            address: address(&place.url),
            list: address(&place.list),
            names: list.names,
            common: list.common,
            answers: about(&place.part, &captured.answers),
        };
        known.insert(path.clone(), whereabouts);
    }
    state.set_whereabouts(&instance.name, &known).await
}

/// Reads documents where they were found before; nothing where one of them is not to be had there any more.
///
/// # Errors
/// What reading through the list would meet as well: the instance is gone, the session is lost, a person stopped it.
pub(crate) async fn read(
    context: &Context,
    session: &Session,
    instance: &Instance,
    paths: &[&str],
) -> Result<Option<Vec<Document>>> {
    let known = access::state(context)?.whereabouts(&instance.name).await?;
    let mut documents = Vec::new();
    for path in paths {
        let mut known = known.iter();
        let found = known.find(|(of, _)| of.eq_ignore_ascii_case(path));
        // What was said of the part's pages since then is said of its list.
        let Some((_, found)) = found.filter(|(_, w)| w.answers == about(&w.part, &instance.pages)) else {
            return Ok(None);
        };
        match open(session, found, &instance.pages).await {
            Ok(document) => documents.push(document),
            Err(error) if error.kind() == Kind::Page => return Ok(None),
            Err(error) => return Err(error),
        }
    }
    Ok(Some(documents))
}

async fn open(session: &Session, found: &Whereabouts, answers: &Answers) -> Result<Document> {
    let place = Place {
        part: found.part.clone(),
        name: found.name.clone(),
        url: session.address(&found.address)?,
        list: session.address(&found.list)?,
        fields: BTreeSet::new(),
        contract: Contract::default(),
    };
    let known = Known {
        names: found.names.clone(),
        common: found.common.clone(),
    };
    Ok(capture::open(session, &place, &known, answers).await?.document)
}

/// The answers that are about a part's pages.
fn about(part: &str, answers: &Answers) -> Answers {
    let detail = format!("{part}.");
    let is_about = |setting: &str| setting == part || setting.starts_with(&detail);
    let about = answers.iter().filter(|(setting, _)| is_about(setting));
    about
        .map(|(setting, answer)| (setting.clone(), answer.clone()))
        .collect()
}
