//! What became of a restore or an undo, as a value: what `--json` answers, and with which exit code it ends.

use serde::Serialize;

use crate::backup::KeyOf;
use crate::command::Exit;
use crate::command::write_back::Job;
use crate::error::{Error, Kind, Result};
use crate::plan::{Plan, Wait};
use crate::report::Ui;
use crate::restore::{Ended, Entered, Outcome, Run, refused};
use crate::state::Action;

/// What became of a restore or an undo.
pub(crate) struct Carried {
    /// What was planned, with the values that wait in the end.
    pub(crate) plan: Plan,
    /// The safety backup; none where nothing was written.
    pub(crate) safety: Option<String>,
    /// How each document ended; none where only the plan was wanted.
    pub(crate) ended: Vec<Ended>,
    /// What was sent, and what came of it.
    pub(crate) run: Run,
    /// The exit code.
    pub(crate) code: u8,
    /// Why nothing was written of what was to be.
    pub(crate) refused: Option<Error>,
    /// What a new sign-in came to, where a document was written that a way in depends on.
    pub(crate) way_in: Option<WayIn>,
}

/// What a new sign-in came to.
pub(crate) struct WayIn {
    /// The document that was written before it.
    pub(crate) document: String,
    /// Why it did not get in.
    pub(crate) error: Option<Error>,
}

/// What `restore --json` and `undo --json` answer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    instance: &'a str,
    backup: &'a str,
    safety: Option<&'a str>,
    plan: &'a Plan,
    documents: &'a [Ended],
    entered: &'a [Entered],
    learned: Vec<&'a KeyOf>,
    waits: &'a [Wait],
    exit_code: u8,
}

impl Carried {
    /// Only the plan was wanted.
    pub(super) fn dry(plan: Plan) -> Self {
        let exit = match (
            plan.steps.is_empty() && plan.refused.is_empty(),
            plan.waits.is_empty(),
        ) {
            (false, _) => Exit::Different,
            (true, false) => Exit::Waits,
            (true, true) => Exit::Done,
        };
        Self::unwritten(plan, Vec::new(), exit.code())
    }

    /// The plan has no step.
    pub(super) fn without_a_write(plan: Plan) -> Self {
        let ended = all_ended(&plan, &refused(&plan));
        let Some(refusal) = plan.refused.first() else {
            let exit = if plan.waits.is_empty() {
                Exit::Done
            } else {
                Exit::Waits
            };
            return Self::unwritten(plan, ended, exit.code());
        };
        let error = Error::new(Kind::Refused, format!("Nothing was written: {}", refusal.why));
        let error = match &refusal.hint {
            Some(hint) => error.hint(hint.clone()),
            None => error,
        };
        Self {
            refused: Some(error),
            ..Self::unwritten(plan, ended, Kind::Refused.exit_code())
        }
    }

    fn unwritten(plan: Plan, ended: Vec<Ended>, code: u8) -> Self {
        Self {
            plan,
            safety: None,
            ended,
            run: Run::default(),
            code,
            refused: None,
            way_in: None,
        }
    }

    /// Gives the JSON answer, and the end of the command.
    ///
    /// # Errors
    /// What ended the run before anything was sent.
    pub(crate) fn end(self, ui: &Ui, job: &Job<'_>) -> Result<Exit> {
        let word = match job.action {
            Action::Undo => "undo",
            _ => "restore",
        };
        ui.json(
            word,
            &Answer {
                instance: &job.instance.name,
                backup: &job.backup.id,
                safety: self.safety.as_deref(),
                plan: &self.plan,
                documents: &self.ended,
                entered: &self.run.entered,
                learned: self.run.habits.encrypts.iter().collect(),
                waits: &self.plan.waits,
                exit_code: self.code,
            },
        )?;
        self.outcome()
    }

    /// The exit code is the run's own; an error that ended it before anything was sent stays that error.
    ///
    /// # Errors
    /// What ended the run before anything was sent.
    pub(crate) fn outcome(self) -> Result<Exit> {
        if let Some(error) = self.refused {
            return Err(error);
        }
        match (self.run.stopped, self.code) {
            (Some(error), code) if code == error.kind().exit_code() && !self.run.sent => Err(error),
            (_, 0) => Ok(Exit::Done),
            (_, 1) => Ok(Exit::Different),
            (_, 7) => Ok(Exit::Incomplete),
            (_, 8) => Ok(Exit::Waits),
            (_, 130) => Ok(Exit::Stopped),
            (Some(error), _) => Err(error),
            (None, _) => Err(Error::new(
                Kind::Refused,
                "Nothing was written: every document was refused.",
            )),
        }
    }
}

/// Says how each document ended (promise 3): those that were dealt with, and those that needed nothing or cannot be made.
pub(super) fn all_ended(plan: &Plan, ended: &[Ended]) -> Vec<Ended> {
    let of = |documents: &[String], outcome: Outcome| {
        let with = move |document: &String| Ended {
            document: document.clone(),
            outcome: outcome.clone(),
        };
        documents.iter().map(with).collect::<Vec<_>>()
    };
    let absent = Outcome::NotAttempted {
        why: "the instance does not have it: it must be made by hand".to_owned(),
    };
    let unchanged = of(&plan.unchanged, Outcome::Unchanged);
    [ended.to_vec(), unchanged, of(&plan.only_archived, absent)].concat()
}
