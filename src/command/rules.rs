//! By what rules the values of an instance are judged.

use std::collections::BTreeSet;

use crate::archive::Archive;
use crate::backup::KeyOf;
use crate::command::{Context, access};
use crate::error::Result;
use crate::instance::Config;
use crate::sensitive::Rules;

/// Gives the rules for values of these instances: a person's own, what the instances were seen to encrypt, and the built-in
/// ones.
///
/// # Errors
/// [`Kind::Archive`](crate::error::Kind::Archive) where the archive or the state is damaged.
pub async fn of(context: &Context, config: &Config, archive: &Archive, instances: &[&str]) -> Result<Rules> {
    let mut all = BTreeSet::new();
    for instance in instances {
        all.extend(learned(context, archive, instance).await?);
    }
    Ok(config
        .rules()
        .with_learned(all.into_iter().map(|of| (of.document, of.key))))
}

/// Gives the keys that an instance was seen to encrypt: here, and as the newest of its backups remembers.
///
/// # Errors
/// As [`of`].
pub async fn learned(context: &Context, archive: &Archive, instance: &str) -> Result<BTreeSet<KeyOf>> {
    let kept = kept(archive, instance).await?;
    Ok(access::state(context)?.habits(instance).await?.learned(&kept))
}

/// Gives what backups of an instance remember. Each stores all that was known then, so that the newest tells; one that is
/// damaged is passed over, and `verify` names it.
pub(crate) async fn kept(archive: &Archive, instance: &str) -> Result<BTreeSet<KeyOf>> {
    for listed in archive.list(Some(instance)).await?.iter().rev() {
        match archive.learned(listed).await {
            Ok(learned) => return Ok(learned),
            Err(error) => tracing::warn!("{}", error.message()),
        }
    }
    Ok(BTreeSet::new())
}
