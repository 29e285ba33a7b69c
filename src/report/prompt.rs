//! Questions to a person; the default is always no.

use crate::error::{Error, Kind, Result};
use crate::instance::Role;
use crate::report::echo::{Silence, read_hidden};
use crate::report::text::{Text, Tone};
use crate::report::ui::{Asking, Ui};
use crate::secret::Secret;

impl Ui {
    /// Asks yes or no; only `y` and `yes` are yes, and `--yes` answers so unasked.
    ///
    /// # Errors
    /// [`Kind::Stopped`] on no; [`Kind::Usage`] where nobody can be asked.
    pub fn confirm(&self, question: &str) -> Result<()> {
        if self.look().yes {
            return Ok(());
        }
        if !self.look().can_ask {
            return Err(nobody(question).hint("add `--yes` to say yes on the command line"));
        }
        let answer = self.ask(&format!("{question} [y/N] "))?;
        match answer.to_lowercase().as_str() {
            "y" | "yes" => Ok(()),
            _ => Err(Error::new(Kind::Stopped, "Stopped: the answer was no.")),
        }
    }

    /// Asks to type the name of an instance; `--confirm NAME` answers it, `--yes` never does.
    ///
    /// # Errors
    /// [`Kind::Stopped`] on any other answer; [`Kind::Usage`] where nobody can be asked, or where `--confirm` names
    /// another instance.
    pub fn confirm_name(&self, question: &str, name: &str) -> Result<()> {
        if self.is_confirmed(name)? {
            return Ok(());
        }
        if !self.look().can_ask {
            return Err(
                nobody(question).hint(format!("add `--confirm {name}` to allow it on the command line"))
            );
        }
        let answer = self.ask(&format!("{question} Type `{name}` to go on: "))?;
        if answer == name {
            return Ok(());
        }
        Err(Error::new(
            Kind::Stopped,
            format!("Stopped: what was typed is not `{name}`."),
        ))
    }

    /// Asks before an instance is written to, as its role wants it: a test instance as [`Ui::confirm`], any other as
    /// [`Ui::confirm_name`]. `--confirm NAME` suffices for both.
    ///
    /// # Errors
    /// As the two.
    pub fn confirm_write(&self, question: &str, name: &str, role: Role) -> Result<()> {
        match role {
            Role::Test if self.is_confirmed(name)? => Ok(()),
            Role::Test => self.confirm(question),
            Role::Production => self.confirm_name(question, name),
        }
    }

    /// Lets a person pick one of several; `None` where nobody can be asked. Gives the place in `choices`.
    ///
    /// # Errors
    /// [`Kind::Stopped`] where nothing, or nothing that was offered, is picked.
    pub fn choose(&self, question: &str, choices: &[String]) -> Result<Option<usize>> {
        if !self.look().can_ask {
            return Ok(None);
        }
        self.aside(question);
        for (at, choice) in choices.iter().enumerate() {
            self.aside(format!("  {}  {choice}", at + 1));
        }
        let answer = self.ask(&format!("Which one? [1-{}, nothing to stop] ", choices.len()))?;
        match answer.parse::<usize>() {
            Ok(number) if (1..=choices.len()).contains(&number) => Ok(Some(number - 1)),
            _ => Err(Error::new(Kind::Stopped, "Stopped: none was picked.")),
        }
    }

    /// Asks for a password, which is not shown while it is typed, and never after.
    ///
    /// # Errors
    /// [`Kind::SignIn`] where nobody can be asked or nothing is typed; [`Kind::Stopped`] on Ctrl-C.
    pub fn password(&self, question: &str) -> Result<Secret> {
        if !self.look().can_ask {
            return Err(Error::new(Kind::SignIn, "There is no password, and no terminal to ask for it.")
                .hint("hand it over with `--password-stdin`, in the variable `LMSKEEP_PASSWORD`, or by the instance's `password_command`")
                .hint("`lmskeep login NAME` on a terminal keeps it in the keyring"));
        }
        let ask = || {
            let _silence = Silence::begin();
            self.show_question(&format!("{question}: "));
            rpassword::read_password()
        };
        let typed = self.while_asking(Asking::Password, ask).map(Secret::from);
        match typed {
            Ok(secret) if secret.is_empty() => Err(Error::new(Kind::SignIn, "No password was typed.")),
            Ok(secret) => {
                self.never_show(&secret);
                Ok(secret)
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {
                Err(Error::new(Kind::Stopped, "Stopped at the password."))
            }
            Err(cause) => Err(
                Error::new(Kind::SignIn, "The password cannot be read from the terminal.").caused_by(cause),
            ),
        }
    }

    /// Asks yes or no where no is no reason to stop; no where nobody can be asked, whatever `--yes` says.
    ///
    /// # Errors
    /// [`Kind::Usage`] where the answer cannot be read.
    pub fn agrees(&self, question: &str) -> Result<bool> {
        if !self.look().can_ask {
            return Ok(false);
        }
        let answer = self.ask(&format!("{question} [y/N] "))?;
        Ok(matches!(answer.to_lowercase().as_str(), "y" | "yes"))
    }

    /// Asks for a line, which may be empty; `None` where nobody can be asked.
    ///
    /// # Errors
    /// [`Kind::Usage`] where the answer cannot be read.
    pub fn line(&self, question: &str) -> Result<Option<String>> {
        match self.look().can_ask {
            true => self.ask(&format!("{question} ")).map(Some),
            false => Ok(None),
        }
    }

    /// Asks for a secret line, which may be longer than a terminal's own line and empty; it is not shown while it is
    /// typed, and never after.
    ///
    /// # Errors
    /// [`Kind::Usage`] where nobody can be asked; [`Kind::Stopped`] on Ctrl-C.
    pub fn hidden_line(&self, question: &str) -> Result<Secret> {
        if !self.look().can_ask {
            return Err(nobody(question));
        }
        let shown = || self.show_question(&format!("{question}: "));
        let ask = || read_hidden(shown, || self.print_err("\n"));
        match self.while_asking(Asking::Password, ask) {
            Ok(secret) => {
                self.never_show(&secret);
                Ok(secret)
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => Err(Error::new(
                Kind::Stopped,
                "Stopped at a value: nothing was written.",
            )),
            Err(cause) => {
                Err(Error::new(Kind::Usage, "The value cannot be read from the terminal.").caused_by(cause))
            }
        }
    }

    /// Tells whether `--confirm` names this instance.
    fn is_confirmed(&self, name: &str) -> Result<bool> {
        match self.look().confirm.as_deref() {
            None => Ok(false),
            Some(confirmed) if confirmed == name => Ok(true),
            Some(confirmed) => Err(Error::new(
                Kind::Usage,
                format!(
                    "`--confirm {confirmed}` allows another instance than `{name}`, which would be written to."
                ),
            )),
        }
    }

    /// Asks for a line; the end of input is an empty answer.
    fn ask(&self, question: &str) -> Result<String> {
        self.show_question(question);
        let line = self.while_asking(Asking::Line, || self.input_line())?;
        Ok(String::from_utf8_lossy(&line).trim().to_owned())
    }

    fn show_question(&self, question: &str) {
        let look = self.look();
        let shown = self.shown(&Text::new().toned(Tone::Strong, question.trim_end()));
        let lines = match look.err_terminal {
            Some(width) => shown.hanging(width),
            None => vec![shown],
        };
        let lines: Vec<String> = lines.iter().map(|line| line.render(look.color_err)).collect();
        // What is typed stands after it.
        let gap = if question.ends_with(' ') { " " } else { "" };
        self.print_err(&format!("{}{gap}", lines.join("\n")));
    }
}

fn nobody(question: &str) -> Error {
    Error::new(Kind::Usage, format!("There is no terminal to ask on: {question}"))
}
