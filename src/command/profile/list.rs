//! `lmskeep profile list`: which profiles there are, and which instances use them.

use serde::Serialize;

use crate::command::profiles::{Profiles, is_path};
use crate::command::{Context, Exit};
use crate::error::{Error, Result};
use crate::instance::Config;
use crate::profile::{BUILT_IN_NAME, Layered};
use crate::report::{Table, Text, Tone, Ui};

/// What `profile list --json` answers.
#[derive(Debug, Serialize)]
struct Answer {
    profiles: Vec<Listed>,
}

/// A profile as JSON shows it.
#[derive(Debug, Serialize)]
struct Listed {
    name: String,
    kind: &'static str,
    about: String,
    extends: Option<String>,
    instances: Vec<String>,
    fault: Option<String>,
}

impl Listed {
    fn of(name: &str, profiles: Profiles<'_>, config: &Config) -> Self {
        let read = profiles.load(name);
        let learned = read.as_ref().is_ok_and(|read| read.profile.learned.is_some());
        let about = |read: &Layered| read.profile.about.clone();
        let kind = match name {
            BUILT_IN_NAME => "built in",
            _ if learned => "learned",
            _ if is_path(name) => "file",
            _ => "own",
        };
        let uses = config
            .instances()
            .values()
            .filter(|instance| instance.profile.as_deref().unwrap_or(BUILT_IN_NAME) == name);
        Self {
            name: name.to_owned(),
            kind,
            about: read.as_ref().map(about).unwrap_or_default(),
            extends: read.as_ref().ok().and_then(|read| read.profile.extends.clone()),
            instances: uses.map(|instance| instance.name.clone()).collect(),
            fault: read.err().as_ref().map(Error::message).map(str::to_owned),
        }
    }
}

/// Lists the profiles: the built-in one, the user's own, and files that instances name.
pub(super) fn run(ui: &Ui, context: &Context) -> Result<Exit> {
    let config = context.config()?;
    let profiles = Profiles::of(context);
    let mut names = vec![BUILT_IN_NAME.to_owned()];
    names.extend(profiles.own()?);
    for instance in config.instances().values() {
        let named = instance.profile.iter().filter(|name| !names.contains(name));
        let named: Vec<String> = named.cloned().collect();
        names.extend(named);
    }
    let listed: Vec<Listed> = names
        .iter()
        .map(|name| Listed::of(name, profiles, &config))
        .collect();
    let mut table = Table::new(["name", "kind", "used by", "about"]);
    for profile in &listed {
        let about = match &profile.fault {
            Some(_) => Text::new().toned(Tone::Bad, "cannot be used"),
            None => Text::from(&profile.about),
        };
        table.row([
            Text::new().toned(Tone::Strong, &profile.name),
            profile.kind.into(),
            Text::from(profile.instances.join(", ")),
            about,
        ]);
    }
    ui.table(&table);
    for fault in listed.iter().filter_map(|profile| profile.fault.as_ref()) {
        ui.warn(fault.trim_end_matches('.'));
    }
    ui.json("profile-list", &Answer { profiles: listed })?;
    Ok(Exit::Done)
}
