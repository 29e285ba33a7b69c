//! One error for the whole program: what is wrong, where, and what to do next.
//!
//! It knows nothing of terminals. The exit code of a failed run is derived from [`Kind`] in one function,
//! [`Kind::exit_code`], so that `docs/exit-codes.md` has one place to agree with.

use std::error::Error as StdError;
use std::fmt;

use url::Url;

/// Result of everything in this crate that can fail.
pub type Result<T> = std::result::Result<T, Error>;

/// Classifies failures by what the person has to do about them; one kind is one exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Usage or configuration: wrong words, an unknown name, no terminal and no `--yes`.
    Usage,
    /// Sign-in refused, or no secret to sign in with.
    SignIn,
    /// The instance does not answer, or answers that it is failing.
    Unreachable,
    /// A page that is not understood, or is not the page the profile knows.
    Page,
    /// The archive or the state is damaged, locked, or of a format this program does not know.
    Archive,
    /// A write was sent, and something is neither written nor unchanged.
    Incomplete,
    /// Refused before anything was sent.
    Refused,
    /// Stopped by the user: Ctrl-C, or "no" at a prompt.
    Stopped,
}

impl Kind {
    /// Gives the exit code of a run that failed this way.
    pub fn exit_code(self) -> u8 {
        match self {
            Kind::Usage => 2,
            Kind::SignIn => 3,
            Kind::Unreachable => 4,
            Kind::Page => 5,
            Kind::Archive => 6,
            Kind::Incomplete => 7,
            Kind::Refused => 9,
            Kind::Stopped => 130,
        }
    }
}

/// A question about pages that a person can answer once and for all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What is asked for: a part of the LMS, or a detail of it (`system-configuration.text`).
    pub setting: String,
    /// Stands for the answer in a hint (`FIELD`).
    pub placeholder: &'static str,
    /// What may be answered, as far as it is known.
    pub choices: Vec<Choice>,
    /// Whether the choices are the readings that are possible of what is there; else something is missing, and they are all
    /// that could be meant.
    pub between_readings: bool,
}

/// One answer to a [`Question`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What a person is shown.
    pub shown: String,
    /// What is kept when it is picked.
    pub answer: String,
}

impl Choice {
    /// Offers what is also the answer.
    pub fn of(answer: impl Into<String>) -> Self {
        let answer = answer.into();
        Self {
            shown: answer.clone(),
            answer,
        }
    }
}

impl Question {
    /// Asks for a setting; the placeholder stands for the answer in a hint.
    pub fn new(setting: impl Into<String>, placeholder: &'static str) -> Self {
        Self {
            setting: setting.into(),
            placeholder,
            choices: Vec::new(),
            between_readings: false,
        }
    }

    /// Offers the readings that are possible.
    #[must_use]
    pub fn offering(mut self, choices: impl IntoIterator<Item = Choice>) -> Self {
        self.choices.extend(choices);
        self.between_readings = true;
        self
    }

    /// Offers what there is in place of what is missing.
    #[must_use]
    pub fn suggesting(mut self, choices: impl IntoIterator<Item = Choice>) -> Self {
        self.choices.extend(choices);
        self
    }

    /// Words the command that answers it.
    pub fn command(&self, instance: &str) -> String {
        let (setting, placeholder) = (&self.setting, self.placeholder);
        format!("lmskeep instance set {instance} page {setting}={placeholder}")
    }
}

/// A failure a person can act on: a full sentence, hints with commands to type, and the cause below it.
#[derive(Debug)]
pub struct Error {
    kind: Kind,
    message: String,
    hints: Vec<String>,
    question: Option<Box<Question>>,
    forbidden: bool,
    leads_to: Option<Box<Url>>,
    source: Option<Box<dyn StdError + Send + Sync + 'static>>,
}

impl Error {
    /// Makes an error from a full sentence; what it speaks of stands in backticks.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            hints: Vec::new(),
            question: None,
            forbidden: false,
            leads_to: None,
            source: None,
        }
    }

    /// Adds what to do next, at best the very command to type; shown as `hint: …`.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Adds a question whose answer would help, and as a hint the command that answers it for an instance. On a terminal
    /// the last question that offers answers is asked.
    #[must_use]
    pub fn asking(mut self, instance: &str, question: Question) -> Self {
        self.hints.push(question.command(instance));
        if !question.choices.is_empty() {
            self.question = Some(Box::new(question));
        }
        self
    }

    /// Adds a question that another command answers.
    #[must_use]
    pub fn asking_by(mut self, command: impl Into<String>, question: Question) -> Self {
        self.hints.push(command.into());
        self.question = Some(Box::new(question));
        self
    }

    /// Marks that a permission is missing, not a page.
    #[must_use]
    pub fn forbidden(mut self) -> Self {
        self.forbidden = true;
        self
    }

    /// Tells whether a permission is missing, not a page.
    pub fn is_forbidden(&self) -> bool {
        self.forbidden
    }

    /// Keeps the address, of another origin, that a page has led to.
    #[must_use]
    pub fn leading_to(mut self, address: Url) -> Self {
        self.leads_to = Some(Box::new(address));
        self
    }

    /// The address, of another origin, that a page has led to.
    pub fn leads_to(&self) -> Option<&Url> {
        self.leads_to.as_deref()
    }

    /// Keeps the error below this one; its bottom cause is shown with the sentence.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn StdError + Send + Sync + 'static>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Takes another class: what is a failure of the store below may be a mistake in the words above.
    #[must_use]
    pub fn of_kind(mut self, kind: Kind) -> Self {
        self.kind = kind;
        self
    }

    /// Tells which class of failure this is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The sentence.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What to do next, in the order to try it.
    pub fn hints(&self) -> &[String] {
        &self.hints
    }

    /// The question whose answer would help, where answers can be offered.
    pub fn question(&self) -> Option<&Question> {
        self.question.as_deref()
    }

    /// The text of the cause at the bottom of the chain, if there is one.
    pub fn bottom_cause(&self) -> Option<String> {
        let mut cause: &(dyn StdError + 'static) = self.source.as_deref()?;
        while let Some(next) = cause.source() {
            cause = next;
        }
        Some(cause.to_string())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|e| e as &(dyn StdError + 'static))
    }
}
