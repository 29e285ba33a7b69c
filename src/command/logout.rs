//! `lmskeep logout`: removes an instance's passwords from the keyring, and forgets the session of a browser.

use clap::Args;
use serde::Serialize;

use crate::command::{Context, Exit, access, route};
use crate::error::Result;
use crate::instance::{Instance, Wanted};
use crate::report::Ui;
use crate::secret::keyring::{Slot, keyring_remove};

/// The words of `lmskeep logout`.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  lmskeep logout stage                    both passwords, its own and the one for after the refresh,
                                          and the browser's session that was taken over")]
pub struct LogoutArgs {
    /// The instance
    pub name: String,

    /// Remove the password of the proxy on the way there, and nothing else
    #[arg(long)]
    pub proxy_password: bool,
}

/// What `logout --json` answers.
#[derive(Debug, Serialize)]
struct Answer<'a> {
    instance: &'a str,
    removed: Vec<&'static str>,
    session: bool,
}

/// Removes both passwords and the session.
///
/// # Errors
/// [`crate::error::Kind::SignIn`] where the keyring does not answer.
pub fn run(ui: &Ui, context: &Context, args: &LogoutArgs) -> Result<Exit> {
    let config = context.config()?;
    let instance = config.instance(&args.name)?;
    if args.proxy_password {
        return context.block_on_until_stopped(proxy_password(ui, context, instance));
    }
    context.block_on_until_stopped(async {
        // First: it lies in no keyring, and goes even where that does not answer.
        let session = access::state(context)?.forget_session(&instance.name).await?;
        if session {
            ui.say(format!("Forgot the browser's session with {}.", instance.name));
        }
        let mut removed = Vec::new();
        let slots: &[Slot] = match instance.user {
            Some(_) => &[Slot::Own, Slot::AfterRefresh],
            // Without a user there is no entry.
            None => &[],
        };
        for &slot in slots {
            let account = Wanted {
                instance,
                slot,
                source: None,
            }
            .account()?;
            if keyring_remove(&account.entry()).await? {
                removed.push(slot.word());
            }
        }
        if removed.is_empty() && !session {
            ui.say(format!("The keyring holds no password for {}.", instance.name));
        } else if !removed.is_empty() {
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
                session,
            },
        )?;
        Ok(Exit::Done)
    })
}

async fn proxy_password(ui: &Ui, context: &Context, instance: &Instance) -> Result<Exit> {
    let removed = route::logout(context, instance).await?;
    ui.say(match removed {
        true => "Removed the proxy's password from the keyring.",
        false => "The keyring holds no password for the proxy.",
    });
    ui.json(
        "logout",
        &Answer {
            instance: &instance.name,
            removed: removed.then_some("proxy").into_iter().collect(),
            session: false,
        },
    )?;
    Ok(Exit::Done)
}
