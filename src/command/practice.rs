//! `lmskeep practice`: serves two practice instances to rehearse a refresh on.

use std::path::{Path, PathBuf};

use clap::Args;
use tempfile::TempDir;

use crate::command::access::put_file;
use crate::command::{Context, Exit};
use crate::error::{Error, Kind, Result};
use crate::practice::{Options, Practice, Scenario};
use crate::report::Ui;

/// The words of `lmskeep practice`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lmskeep practice                        serves production and stage until Ctrl-C
  lmskeep practice --scenario key=instance --scenario german
  lmskeep practice --tls                  the same by TLS, as real instances are reached")]
pub struct PracticeArgs {
    /// Where to listen; the next two ports are used as well (in scenario `sso` three), and 0 stands for free ones
    #[arg(long, value_name = "HOST:PORT")]
    pub listen: Option<String>,

    /// How the practice instances behave, such as `key=instance`, `token=link`, `service`, `german`; may be repeated
    #[arg(long, value_name = "WORD")]
    pub scenario: Vec<String>,

    /// Serve both instances by TLS, under an authority made for this run; its certificate, `ca.pem`, is for `--ca`
    #[arg(long)]
    pub tls: bool,

    /// The folder to write `ca.pem` into [default: a temporary one, gone at the end]
    #[arg(long, value_name = "DIR", requires = "tls")]
    pub tls_dir: Option<PathBuf>,
}

/// Serves until Ctrl-C.
///
/// # Errors
/// [`crate::error::Kind::Usage`] for an address that is not this computer's own, or an unknown scenario.
pub fn run(ui: &Ui, context: &Context, args: &PracticeArgs) -> Result<Exit> {
    let words: Vec<&str> = args
        .scenario
        .iter()
        .flat_map(|s| s.split([',', ' ']))
        .filter(|w| !w.is_empty())
        .collect();
    let scenario = Scenario::parse(&words)?;
    let listen = args.listen.clone().unwrap_or_else(|| "127.0.0.1:8480".to_owned());
    context.block_on(async {
        let options = Options { listen, scenario };
        let practice = match args.tls {
            true => Practice::start_with_tls(options, (context.clock)()).await?,
            false => Practice::start(options).await?,
        };
        let folder = Folder::of(args)?;
        let ca = match (&practice.ca_pem, &folder) {
            (Some(pem), Some(folder)) => {
                let file = folder.path().join("ca.pem");
                put_file(&file, pem.clone()).await?;
                Some(file.display().to_string())
            }
            _ => None,
        };
        let mut ready = practice.ready_json();
        if let (Some(ca), Some(ready)) = (&ca, ready.as_object_mut()) {
            ready.insert("ca".to_owned(), ca.clone().into());
        }
        ui.json("practice", &ready)?;
        ui.say(format!("production  {}", practice.production));
        ui.say(format!("stage       {}", practice.stage));
        ui.say(format!("control     {}", practice.control));
        if let Some(root) = &practice.identity_provider {
            ui.say(format!("sign-on     {root}"));
        }
        ui.say(format!("user        {}", practice.user));
        ui.say(format!("password    {}", practice.password));
        let mut trusting = String::new();
        if let Some(ca) = &ca {
            ui.say(format!("ca          {ca}"));
            trusting = format!(" --ca {}", quoted(ca));
        }
        ui.note("Both instances hold invented content. Ctrl-C ends them.");
        ui.hint(&format!(
            "lmskeep instance add prod --url {} --user {} --role production{trusting}",
            practice.production, practice.user
        ));
        ui.hint(&format!(
            "lmskeep instance add stage --url {} --user {} --role test --source prod{trusting}",
            practice.stage, practice.user
        ));
        ui.hint(&format!(
            "a refresh copies production over stage: curl -X POST {}/refresh",
            practice.control.trim_end_matches('/')
        ));
        if practice.identity_provider.is_some() {
            ui.hint(&format!(
                "the one-time code of a sign-in: curl {}/code/stage",
                practice.control.trim_end_matches('/')
            ));
        }
        context.cancel.requested().await;
        practice.stop().await;
        Ok(Exit::Done)
    })
}

/// Where the authority's certificate lies.
enum Folder {
    Named(PathBuf),
    /// Gone when the practice LMS ends.
    Temporary(TempDir),
}

impl Folder {
    fn of(args: &PracticeArgs) -> Result<Option<Self>> {
        if !args.tls {
            return Ok(None);
        }
        let failed = |cause: std::io::Error| {
            Error::new(Kind::Usage, "There is no folder to write `ca.pem` into.")
                .caused_by(cause)
                .hint("lmskeep practice --tls --tls-dir DIR")
        };
        Ok(Some(match &args.tls_dir {
            Some(folder) => Self::Named(std::path::absolute(folder).map_err(failed)?),
            None => Self::Temporary(
                tempfile::Builder::new()
                    .prefix("lmskeep-practice-")
                    .tempdir()
                    .map_err(failed)?,
            ),
        }))
    }

    fn path(&self) -> &Path {
        match self {
            Self::Named(path) => path,
            Self::Temporary(folder) => folder.path(),
        }
    }
}

/// A path as a shell takes it.
fn quoted(path: &str) -> String {
    match path.contains(char::is_whitespace) {
        true => format!("\"{path}\""),
        false => path.to_owned(),
    }
}
