//! `lmskeep practice`: serves two practice instances to rehearse a refresh on.

use clap::Args;

use crate::command::{Context, Exit};
use crate::error::Result;
use crate::practice::{Options, Practice, Scenario};
use crate::report::Ui;

/// The words of `lmskeep practice`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lmskeep practice                        serves production and stage until Ctrl-C
  lmskeep practice --scenario key=instance --scenario german")]
pub struct PracticeArgs {
    /// Where to listen; the next two ports are used as well (in scenario `sso` three), and 0 stands for free ones
    #[arg(long, value_name = "HOST:PORT")]
    pub listen: Option<String>,

    /// How the practice instances behave, such as `key=instance`, `token=link`, `service`, `german`; may be repeated
    #[arg(long, value_name = "WORD")]
    pub scenario: Vec<String>,
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
        let practice = Practice::start(Options { listen, scenario }).await?;
        ui.json("practice", &practice.ready_json())?;
        ui.say(format!("production  {}", practice.production));
        ui.say(format!("stage       {}", practice.stage));
        ui.say(format!("control     {}", practice.control));
        if let Some(root) = &practice.identity_provider {
            ui.say(format!("sign-on     {root}"));
        }
        ui.say(format!("user        {}", practice.user));
        ui.say(format!("password    {}", practice.password));
        ui.note("Both instances hold invented content. Ctrl-C ends them.");
        ui.hint(&format!(
            "lmskeep instance add prod --url {} --user {} --role production",
            practice.production, practice.user
        ));
        ui.hint(&format!(
            "lmskeep instance add stage --url {} --user {} --role test --source prod",
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
