//! `lmskeep profile learn`: makes a profile from a recording of a browser.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use crate::command::check::{self, CheckArgs};
use crate::command::profile::test::{Played, play, read, show_steps};
use crate::command::profiles::Profiles;
use crate::command::words::SignInArgs;
use crate::command::{Context, Exit, access};
use crate::error::{Error, Kind, Result};
use crate::find::Answers;
use crate::instance::{Setting, read_name};
use crate::learn::{Learned, Wishes, learn};
use crate::profile::{BUILT_IN_NAME, built_in};
use crate::recording::Recording;
use crate::report::{Text, Tone, Ui};

/// The words of `lmskeep profile learn`.
#[derive(Debug, Args)]
#[command(
    after_help = "In the browser: open the developer tools, tab Network; tick \"Preserve log\" and \"Disable cache\". Open \
the list (System Configuration), open one file, save it without a change. Then export all as HAR, with sensitive data \
where that is offered. Nothing secret of it gets into the profile; delete the HAR afterwards.

Example:
  lmskeep profile learn stage.har --name stage-pages"
)]
pub struct LearnArgs {
    /// The recording, a HAR file
    #[arg(value_name = "HAR")]
    pub har: PathBuf,

    /// A name for the profile: lower-case letters, digits, `-`, `.` and `_`
    #[arg(long, value_name = "NAME", value_parser = read_profile_name)]
    pub name: String,

    /// The part of the LMS that was recorded
    #[arg(long, value_name = "ID", default_value = "system-configuration", value_parser = read_part)]
    pub part: String,

    /// An answer to a question, as the hint beside the question names it; may be repeated
    #[arg(long = "answer", value_name = "KEY=VALUE", value_parser = read_answer)]
    pub answers: Vec<(String, String)>,

    /// Write over a profile of that name
    #[arg(long)]
    pub replace: bool,
}

/// What `profile learn --json` answers.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    profile: &'a str,
    file: Option<String>,
    found: Vec<Found<'a>>,
    notes: &'a [String],
    steps: &'a [Played],
    fits: bool,
    instances: &'a [String],
}

/// Something that was found, as JSON shows it.
#[derive(Debug, Serialize)]
struct Found<'a> {
    what: &'a str,
    from: &'a str,
}

/// Learns, tries out, writes.
pub(super) fn run(ui: &Ui, context: &Context, args: &LearnArgs) -> Result<Exit> {
    let profiles = Profiles::of(context);
    let file = profiles.file(&args.name);
    if file.exists() && !args.replace {
        return Err(Error::new(
            Kind::Usage,
            format!("There is a profile `{}` already.", args.name),
        )
        .hint(format!("lmskeep profile show {}", args.name))
        .hint("`--replace` writes over it"));
    }
    let recording = read(&args.har)?;
    let learned = ask_and_learn(ui, args, &recording)?;
    let (steps, fits) = play(
        &recording,
        &profiles.understood(&args.name, &learned.toml)?.profile,
    )?;
    // What does not fit is not kept: somebody might use it.
    if fits {
        context.block_on(access::put_file(&file, learned.toml.clone()))?;
    }
    let instances = tell(ui, context, args, (&learned, &file), (&steps, fits))?;
    ui.json(
        "profile-learn",
        &Answer {
            profile: &args.name,
            file: fits.then(|| file.display().to_string()),
            found: learned
                .found
                .iter()
                .map(|(what, from)| Found { what, from })
                .collect(),
            notes: &learned.notes,
            steps: &steps,
            fits,
            instances: &instances,
        },
    )?;
    if !fits {
        return Ok(Exit::Different);
    }
    offer_check(ui, context, &args.name, &instances)
}

/// Learns; where something can be read in two ways, a person on a terminal is asked.
fn ask_and_learn(ui: &Ui, args: &LearnArgs, recording: &Recording) -> Result<Learned> {
    let base = built_in()?;
    let mut answers: Answers = args.answers.iter().cloned().collect();
    loop {
        let wishes = Wishes {
            name: &args.name,
            part: &args.part,
            base: &base,
            answers: &answers,
        };
        let error = match learn(recording, &wishes) {
            Ok(learned) => return Ok(learned),
            Err(error) => error,
        };
        let open = error
            .question()
            .filter(|q| !answers.contains_key(&q.setting))
            .cloned();
        let Some(question) = open else { return Err(error) };
        let shown: Vec<String> = question
            .choices
            .iter()
            .map(|choice| choice.shown.clone())
            .collect();
        match ui.choose(error.message(), &shown)? {
            Some(picked) => drop(answers.insert(question.setting, question.choices[picked].answer.clone())),
            None => return Err(error),
        }
    }
}

/// Says what was found, how it was tried out, and what to do next; gives the instances of the recorded server.
fn tell(
    ui: &Ui,
    context: &Context,
    args: &LearnArgs,
    (learned, file): (&Learned, &Path),
    (steps, fits): (&[Played], bool),
) -> Result<Vec<String>> {
    let name = &args.name;
    ui.say(
        Text::new()
            .plain("Learned the profile ")
            .toned(Tone::Strong, name)
            .plain(match fits {
                true => format!(": {}", file.display()),
                false => ", which is not kept".to_owned(),
            }),
    );
    for (what, from) in &learned.found {
        ui.say(format!("  {what:<9} {from}"));
    }
    for note in &learned.notes {
        ui.warn(note.trim_end_matches('.'));
    }
    ui.say(Text::new());
    ui.say("The recording played against it, without the network:");
    show_steps(ui, steps);
    let config = context.config()?;
    let origin = learned.origin.origin().ascii_serialization();
    let of_server = config
        .instances()
        .values()
        .filter(|instance| instance.origin == origin);
    let instances: Vec<String> = of_server.map(|instance| instance.name.clone()).collect();
    ui.say(Text::new());
    if !fits {
        ui.say(Text::new().toned(
            Tone::Bad,
            "Something does not fit: the profile is not ready for use, and was not written.",
        ));
        return Ok(instances);
    }
    ui.say(Text::new().toned(Tone::Good, "Everything fits."));
    ui.hint(&format!(
        "the recording holds passwords and cookies; delete {} when you are done",
        args.har.display()
    ));
    for instance in &instances {
        ui.hint(&format!("lmskeep instance set {instance} profile {name}"));
        ui.hint(&format!("lmskeep check {instance}"));
    }
    if instances.is_empty() {
        ui.hint(&format!(
            "lmskeep instance add NAME --url {} --role test --profile {name}",
            learned.origin
        ));
    }
    Ok(instances)
}

/// Offers, on a terminal, to use the profile at the only instance of the recorded server and to look at its pages.
fn offer_check(ui: &Ui, context: &Context, profile: &str, instances: &[String]) -> Result<Exit> {
    let [instance] = instances else {
        return Ok(Exit::Done);
    };
    if !ui.look().can_ask || ui.is_json() {
        return Ok(Exit::Done);
    }
    match ui.confirm(&format!("Use it for {instance}, and look at all pages now?")) {
        Err(no) if no.kind() == Kind::Stopped => return Ok(Exit::Done),
        other => other?,
    }
    let setting = Setting::Profile(Some(profile.to_owned()));
    context.keep_config(&context.config()?.with_setting(instance, &setting)?)?;
    access::forget_pages(context, instance)?;
    let words = CheckArgs {
        name: instance.clone(),
        bundle: None,
        sign_in: SignInArgs::default(),
    };
    check::run(ui, context, &words)
}

/// Takes what can be the name of a profile.
fn read_profile_name(word: &str) -> Result<String> {
    if word == BUILT_IN_NAME {
        return Err(
            Error::new(Kind::Usage, format!("`{word}` is the built-in profile's name."))
                .hint("take another name"),
        );
    }
    read_name(word).map_err(|_| {
        Error::new(
            Kind::Usage,
            format!("`{word}` is no name for a profile: it takes lower-case letters, digits, `-`, `.` and `_`, and begins with a letter or a digit."),
        )
    })
}

fn read_part(word: &str) -> Result<String> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    match !word.is_empty() && word.chars().all(plain) {
        true => Ok(word.to_owned()),
        false => Err(Error::new(
            Kind::Usage,
            format!("`{word}` is no id of a part: it takes lower-case letters, digits and `-`."),
        )),
    }
}

fn read_answer(word: &str) -> Result<(String, String)> {
    match word.split_once('=') {
        Some((key, value)) if !key.is_empty() && !value.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err(Error::new(
            Kind::Usage,
            format!(
                "`{word}` is no answer: it is written KEY=VALUE, as the hint beside the question has it."
            ),
        )),
    }
}
