//! `lmskeep profile test`: plays a recording against a profile, without the network.

use std::fs::File;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use crate::command::profiles::Profiles;
use crate::command::{Context, Exit};
use crate::error::{Error, Kind, Result};
use crate::learn::rehearse;
use crate::profile::Profile;
use crate::recording::{self, Recording};
use crate::report::{Text, Tone, Ui};

/// The words of `lmskeep profile test`.
#[derive(Debug, Args)]
#[command(
    after_help = "Nothing is asked of any server. Exit code 0: everything fits; 1: something does not.

Examples:
  lmskeep profile test acme acme.har
  lmskeep profile test stage stage.har    the profile that stage is read with"
)]
pub struct TestArgs {
    /// A profile, its file, or an instance
    #[arg(value_name = "PROFILE|INSTANCE")]
    pub word: String,

    /// The recording, a HAR file
    #[arg(value_name = "HAR")]
    pub har: PathBuf,
}

/// What `profile test --json` answers.
#[derive(Debug, Serialize)]
struct Answer<'a> {
    profile: &'a str,
    steps: &'a [Played],
    fits: bool,
}

/// A step of the play, as JSON shows it.
#[derive(Debug, Serialize)]
pub(super) struct Played {
    what: &'static str,
    found: String,
    fits: bool,
}

/// Plays a recording.
pub(super) fn run(ui: &Ui, context: &Context, args: &TestArgs) -> Result<Exit> {
    let config = context.config()?;
    let profiles = Profiles::of(context);
    let profile = match config.instances().get(&args.word) {
        Some(instance) => profiles.of_instance(instance)?.profile,
        None => profiles.load(&args.word)?.profile,
    };
    let (steps, fits) = play(&read(&args.har)?, &profile)?;
    show_steps(ui, &steps);
    ui.say(match fits {
        true => Text::new().toned(Tone::Good, "Everything fits."),
        false => Text::new().toned(Tone::Bad, "Something does not fit."),
    });
    ui.json(
        "profile-test",
        &Answer {
            profile: &profile.name,
            steps: &steps,
            fits,
        },
    )?;
    Ok(if fits { Exit::Done } else { Exit::Different })
}

/// Reads a recording from a file.
pub(super) fn read(har: &Path) -> Result<Recording> {
    let file = File::open(har).map_err(|cause| {
        Error::new(
            Kind::Usage,
            format!("The recording `{}` cannot be read.", har.display()),
        )
        .caused_by(cause)
    })?;
    recording::read(std::io::BufReader::new(file))
}

/// Plays a recording against a profile; tells whether everything fits.
pub(super) fn play(recording: &Recording, profile: &Profile) -> Result<(Vec<Played>, bool)> {
    let steps = rehearse(recording, profile)?;
    let fits = steps.iter().all(|step| step.fits);
    let played = steps.into_iter().map(|step| Played {
        what: step.what,
        found: step.found,
        fits: step.fits,
    });
    Ok((played.collect(), fits))
}

/// Prints the steps.
pub(super) fn show_steps(ui: &Ui, steps: &[Played]) {
    for step in steps {
        let (tone, word) = match step.fits {
            true => (Tone::Good, "fits"),
            false => (Tone::Bad, "does not fit"),
        };
        ui.say(
            Text::new()
                .plain(format!("  {:<9} ", step.what))
                .toned(tone, word)
                .plain(format!(": {}", step.found)),
        );
    }
}
