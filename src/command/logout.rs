//! `lmskeep logout`: removes an instance's passwords from the keyring.

use clap::Args;
use serde::Serialize;

use crate::command::{Context, Exit};
use crate::error::Result;
use crate::instance::Wanted;
use crate::report::Ui;
use crate::secret::keyring::{Slot, keyring_remove};

/// The words of `lmskeep logout`.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  lmskeep logout stage                    both passwords, its own and the one for after the refresh")]
pub struct LogoutArgs {
    /// The instance
    pub name: String,
}

/// What `logout --json` answers.
#[derive(Debug, Serialize)]
struct Answer<'a> {
    instance: &'a str,
    removed: Vec<&'static str>,
}

/// Removes both passwords.
///
/// # Errors
/// [`crate::error::Kind::SignIn`] where the keyring does not answer.
pub fn run(ui: &Ui, context: &Context, args: &LogoutArgs) -> Result<Exit> {
    let config = context.config()?;
    let instance = config.instance(&args.name)?;
    context.block_on_until_stopped(async {
        let mut removed = Vec::new();
        for slot in [Slot::Own, Slot::AfterRefresh] {
            let account = Wanted {
                instance,
                slot,
                source: None,
            }
            .account()?;
            if keyring_remove(&account).await? {
                removed.push(slot.word());
            }
        }
        if removed.is_empty() {
            ui.say(format!("The keyring holds no password for {}.", instance.name));
        } else {
            let which = removed.join(" and ");
            ui.say(format!(
                "Removed the passwords of {} from the keyring: {which}.",
                instance.name
            ));
        }
        ui.json(
            "logout",
            &Answer {
                instance: &instance.name,
                removed,
            },
        )?;
        Ok(Exit::Done)
    })
}
