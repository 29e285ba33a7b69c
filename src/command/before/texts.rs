//! What is printed for others to read: the text for the support case, the message to owners, steps to do by hand. Pure.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::instance::Instance;

/// What is switched off in the source by hand, if at all.
pub(super) fn steps_in_source(source: &str) -> Vec<String> {
    vec![
        format!("Optional, by hand in {source}, once its backup is taken and note is made of what is on:"),
        "  1. System Admin > Configuration > Global Application Settings (formerly Global Variables), tab Mail: take the \
         mark off `Enable email`, Apply Changes."
            .to_owned(),
        "  2. System Admin > Automatic Processes: take the mark off `Schedule This Process` of each, Apply Changes."
            .to_owned(),
        "  3. System Admin > Connectors: the same.".to_owned(),
        format!("  While they are off, nobody gets mail from {source}, and nothing runs there."),
    ]
}

/// The text for the support case.
pub(super) fn case(
    instance: &Instance,
    source: Option<&Instance>,
    name: &str,
    day: Option<Date>,
) -> Vec<String> {
    let target = format!("{} ({})", instance.name, instance.url);
    let from = source.map_or_else(
        || name.to_owned(),
        |source| format!("{} ({})", source.name, source.url),
    );
    let day = day.map_or("the day that we agree on".to_owned(), |day| day.to_string());
    let admin = instance.user.as_deref().unwrap_or("our admin");
    let mut lines = vec![
        "Subject: Learning refresh: please put back BIZX of the target, and leave schedules off".to_owned(),
        String::new(),
        format!("On {day} the Learning instance {target} is refreshed with the data of {from}."),
        String::new(),
        "Native sign-in is not permitted for us. After the copy the target carries the source's configuration file BIZX, \
         which ties it to the source's BizX: none of our admins can then get into the target. Please see to the following."
            .to_owned(),
        String::new(),
    ];
    let steps = [
        format!("Before the copy, keep the configuration file BIZX of {} as it is.", instance.name),
        format!(
            "Right after the copy, put that file back in {}, so that `{admin}` gets in through the target's own BizX.",
            instance.name
        ),
        "Leave email off in the target (Global Application Settings, formerly Global Variables, tab Mail: `Enable email`)."
            .to_owned(),
        "Leave all Automatic Processes off in the target (`Schedule This Process`).".to_owned(),
        "Leave all connectors off in the target: they would take away files that are meant for the source.".to_owned(),
        "Tell us when this is done. We put back everything else, and switch on ourselves.".to_owned(),
    ];
    lines.extend(
        steps
            .iter()
            .enumerate()
            .map(|(at, step)| format!("{}. {step}", at + 1)),
    );
    lines
}

/// The message to owners of recurring report jobs: each with the jobs.
pub(super) fn to_owners(
    instance: &str,
    source: &str,
    day: Option<Date>,
    jobs: &BTreeMap<String, Vec<String>>,
) -> Vec<String> {
    let day = day.map_or(String::new(), |day| format!(" on {day}"));
    let mut lines = vec![
        format!("To: {}", jobs.keys().cloned().collect::<Vec<_>>().join(", ")),
        format!("Subject: Your recurring report jobs and the refresh of {instance}"),
        String::new(),
        format!(
            "{instance} is refreshed with the data of {source}{day}. Your recurring report jobs are copied, too, and \
             would run in {instance} as well. Nobody but you can delete them (Reports > Report Jobs). Please delete in \
             {source}, before that day, those that nobody needs any more; and in {instance}, after it, those that should \
             not run there."
        ),
        String::new(),
    ];
    for (owner, names) in jobs {
        lines.push(format!("{owner}: {}", names.join("; ")));
    }
    lines
}
