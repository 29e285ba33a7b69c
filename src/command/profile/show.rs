//! `lmskeep profile show`: the profile in force, each line with where it came from.

use serde::Serialize;

use crate::capture::is_address;
use crate::command::profiles::Profiles;
use crate::command::{Context, Exit, access};
use crate::error::Result;
use crate::instance::Instance;
use crate::page::quoted;
use crate::profile::{Layer, Layered, Line, Origin};
use crate::report::{Text, Tone, Ui};

/// Columns before the word that says where a line came from.
const COLUMN: usize = 44;

/// Name of the layer of what a person said of an instance.
const GIVEN: &str = "given";
/// Name of the layer of what an earlier run found.
const REMEMBERED: &str = "remembered";

/// What `profile show --json` answers.
#[derive(Debug, Serialize)]
struct Answer<'a> {
    profile: &'a str,
    instance: Option<&'a str>,
    lines: Vec<Shown>,
    answers: Vec<Said>,
}

/// A line as JSON shows it.
#[derive(Debug, Serialize)]
struct Shown {
    text: String,
    #[serde(flatten)]
    from: Option<Source>,
}

/// Where a line came from.
#[derive(Debug, Clone, Serialize)]
struct Source {
    from: &'static str,
    profile: Option<String>,
    line: Option<usize>,
    comment: Option<String>,
}

/// An answer that no key of a profile stands for.
#[derive(Debug, Serialize)]
struct Said {
    page: String,
    answer: String,
}

/// Shows a profile, or that of an instance with what is known of this one.
pub(super) fn run(ui: &Ui, context: &Context, word: &str) -> Result<Exit> {
    let config = context.config()?;
    let profiles = Profiles::of(context);
    let instance = config.instances().get(word);
    let mut read = match instance {
        Some(instance) => profiles.of_instance(instance)?,
        None => profiles.load(word)?,
    };
    let answers = match instance {
        Some(instance) => overlay(context, instance, &mut read)?,
        None => Vec::new(),
    };
    if let Some(instance) = instance {
        let (name, profile) = (&instance.name, &read.profile.name);
        ui.note(format!("The profile `{profile}`, as it is in force at {name}."));
    }
    let lines: Vec<Shown> = read.lines().into_iter().map(|line| shown(line, &read)).collect();
    let mut before: Option<Source> = None;
    for line in &lines {
        ui.say(worded(line, before.as_ref()));
        before = line.from.clone();
    }
    for said in &answers {
        let text = format!("# {} = {}", said.page, quoted(&said.answer));
        ui.say(
            Text::new()
                .plain(format!("{text:<COLUMN$} "))
                .toned(Tone::Faint, "# given"),
        );
    }
    ui.json(
        "profile-show",
        &Answer {
            profile: &read.profile.name,
            instance: instance.map(|instance| instance.name.as_str()),
            lines,
            answers,
        },
    )?;
    Ok(Exit::Done)
}

/// Lays over what an earlier run found, and what the operator said; gives the answers that no key stands for.
fn overlay(context: &Context, instance: &Instance, read: &mut Layered) -> Result<Vec<Said>> {
    let state = access::state(context)?;
    let remembered = context.block_on(state.pages(&instance.name))?;
    let layer = |name: &str| Layer {
        origin: Origin::File(String::new()),
        name: name.to_owned(),
        learned: false,
    };
    let root = instance.url.as_str();
    let below = |address: &str| quoted(address.strip_prefix(root).unwrap_or(address));
    let parts: Vec<(String, bool)> = read
        .profile
        .parts
        .iter()
        .map(|part| (part.id.clone(), part.service.is_some()))
        .collect();
    for (part, is_service) in &parts {
        // A service's list is never looked for elsewhere than where it was said to be.
        if let Some(address) = remembered.get(part).filter(|_| !is_service) {
            read.say_of_part(layer(REMEMBERED), part, &["address"], Some(&below(address)));
        }
        match instance.pages.get(part) {
            Some(answer) if *is_service || is_address(answer) => {
                read.say_of_part(layer(GIVEN), part, &["address"], Some(&below(answer)));
            }
            Some(label) => {
                read.say_of_part(layer(GIVEN), part, &["address"], None);
                let labels = format!("[{}]", quoted(label));
                read.say_of_part(layer(GIVEN), part, &["labels"], Some(&labels));
            }
            None => {}
        }
        for key in ["text", "button"] {
            if let Some(answer) = instance
                .pages
                .get(&format!("{part}.{key}"))
                .filter(|_| !is_service)
            {
                read.say_of_part(layer(GIVEN), part, &["edit", key], Some(&quoted(answer)));
            }
        }
    }
    let has_key = |page: &str| {
        parts.iter().any(|(part, is_service)| {
            page == part
                || !is_service
                    && ["text", "button"]
                        .iter()
                        .any(|key| page == format!("{part}.{key}"))
        })
    };
    let others = instance.pages.iter().filter(|(page, _)| !has_key(page));
    Ok(others
        .map(|(page, answer)| Said {
            page: page.clone(),
            answer: answer.clone(),
        })
        .collect())
}

fn shown(line: Line, read: &Layered) -> Shown {
    let said = line.from.filter(|_| !line.text.starts_with('['));
    let from = said.map(|place| {
        let layer = &read.layers[place.layer];
        let comment = Some(place.comment).filter(|comment| !comment.is_empty());
        let plain = |from| Source {
            from,
            profile: None,
            line: None,
            comment: None,
        };
        match (&layer.origin, layer.learned) {
            (Origin::BuiltIn, _) => plain("built in"),
            (Origin::File(file), _) if file.is_empty() && layer.name == REMEMBERED => plain("remembered"),
            (Origin::File(file), _) if file.is_empty() => plain("given"),
            (Origin::File(_), learned) => Source {
                from: if learned { "learned" } else { "given" },
                profile: Some(layer.name.clone()),
                line: Some(place.line),
                comment: comment.filter(|_| learned),
            },
        }
    });
    Shown {
        text: line.text,
        from,
    }
}

/// A line with the word that says where it came from; not said again for a value that goes on for lines.
fn worded(line: &Shown, before: Option<&Source>) -> Text {
    let Some(from) = &line.from else {
        return Text::new().toned(Tone::Strong, &line.text);
    };
    let goes_on = line.text.starts_with([' ', ']']) && before.is_some();
    let origin = match from {
        _ if goes_on => return Text::from(&line.text),
        Source {
            comment: Some(comment),
            ..
        } => format!("{}: {comment}", from.from),
        Source {
            profile: Some(profile),
            line: Some(line),
            ..
        } => format!("{}: {profile}, line {line}", from.from),
        _ => from.from.to_owned(),
    };
    let text = &line.text;
    Text::new()
        .plain(format!("{text:<COLUMN$} "))
        .toned(Tone::Faint, format!("# {origin}"))
}
