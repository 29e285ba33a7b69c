//! Finds the password for a command that signs in, asking a person last.

use crate::command::context::Context;
use crate::command::words::SignInArgs;
use crate::error::{Error, Kind, Result};
use crate::instance::{Password, PasswordSource, Wanted, find_password, read_password_line};
use crate::report::Ui;
use crate::secret::keyring::Slot;

/// Finds a password in the order of design §5: standard input, the variable, the command, the keyring, a prompt.
///
/// Whatever is found is masked in all output from then on.
///
/// # Errors
/// [`Kind::SignIn`] where there is none; [`Kind::Usage`] where it is not known who signs in.
pub async fn password(
    ui: &Ui,
    context: &Context,
    wanted: &Wanted<'_>,
    args: &SignInArgs,
) -> Result<Password> {
    let account = wanted.account()?;
    if args.password_stdin && ui.look().can_ask {
        // What is typed there would be shown while it is typed.
        return Err(Error::new(
            Kind::Usage,
            "With `--password-stdin` the password comes through a pipe, not from the terminal.",
        )
        .hint("leave `--password-stdin` out to be asked for the password"));
    }
    if args.password_stdin {
        return Ok(hidden(ui, read_password_line(ui.input_line()?)?));
    }
    let no_keyring = match find_password(wanted, &context.environment).await {
        Ok(Some(password)) => return Ok(hidden(ui, password)),
        Ok(None) => None,
        // A keyring that is missing or locked is no reason not to ask; a command that fails is one.
        Err(error) if wanted.has_command() => return Err(error),
        Err(error) => Some(error),
    };
    context.cancel.check()?;
    if !ui.look().can_ask {
        return Err(no_password(wanted, no_keyring));
    }
    let whose = match wanted.slot {
        Slot::Own => "",
        Slot::AfterRefresh => " (the one of the source, which holds after the refresh)",
    };
    let question = format!("Password of `{}` at {}{whose}", account.user, account.origin);
    Ok(Password {
        secret: ui.password(&question)?,
        source: PasswordSource::Prompt,
    })
}

fn hidden(ui: &Ui, password: Password) -> Password {
    ui.never_show(&password.secret);
    password
}

/// Where the keyring itself is the trouble, its own sentence is the cause, and `login` would not help.
fn no_password(wanted: &Wanted<'_>, no_keyring: Option<Error>) -> Error {
    let name = &wanted.instance.name;
    let error = Error::new(
        Kind::SignIn,
        format!("There is no password for `{name}`, and no terminal to ask for it."),
    );
    let error = match (no_keyring, wanted.slot) {
        (Some(keyring), _) => error.caused_by(keyring.message()),
        (None, Slot::Own) => error.hint(format!(
            "`lmskeep login {name}` on a terminal keeps it in the keyring"
        )),
        (None, Slot::AfterRefresh) => error.hint(format!(
            "`lmskeep login {name} --after-refresh` on a terminal keeps it in the keyring"
        )),
    };
    error.hint(format!(
        "hand it over with `--password-stdin`, in the variable `LMSKEEP_PASSWORD`, or by `lmskeep instance set {name} \
         password_command COMMAND`"
    ))
    .hint(format!(
        "or hand over the session of a browser that is signed in: lmskeep login {name} --cookies FILE"
    ))
}
