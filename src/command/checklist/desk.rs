//! What looking after an item needs: the instance, its source, the archive, the round, and the person.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::archive::Archive;
use crate::backup::Backup;
use crate::command::checklist::{Found, SOURCE_ON};
use crate::command::{Context, round};
use crate::error::{Error, Kind, Result};
use crate::instance::{Config, Instance};
use crate::profile::Profile;
use crate::report::{Ui, phrase};
use crate::state::{Item as Stands, Pinned, Round, State};

/// Tools of one run.
pub(crate) struct Desk<'a> {
    /// The command that the list is of.
    pub(crate) verb: &'static str,
    pub(crate) ui: &'a Ui,
    pub(crate) context: &'a Context,
    pub(crate) config: &'a Config,
    pub(crate) instance: &'a Instance,
    pub(crate) source: Option<&'a Instance>,
    pub(crate) profile: Profile,
    pub(crate) archive: Archive,
    pub(crate) state: State,
    /// Who answers.
    pub(crate) by: String,
    /// Backups that were read in this run, by id.
    pub(crate) read: RefCell<BTreeMap<String, Rc<Backup>>>,
}

impl Desk<'_> {
    /// The command to type, with more words.
    pub(crate) fn command(&self, words: &str) -> String {
        format!("lmskeep {} {} {words}", self.verb, self.instance.name)
            .trim_end()
            .to_owned()
    }

    /// The commands that say of an item that it is done, or left out.
    pub(crate) fn answers(&self, id: &str) -> [String; 2] {
        [
            self.command(&format!("--done {id}")),
            self.command(&format!("--skip {id}=WHY")),
        ]
    }

    /// The moment.
    pub(crate) fn now(&self) -> Timestamp {
        (self.context.clock)()
    }

    /// The day of a moment, in the zone of this run.
    pub(crate) fn day(&self, moment: Timestamp) -> Date {
        moment.to_zoned(self.ui.look().zone.clone()).date()
    }

    /// Words a moment without its age, since it is kept.
    pub(crate) fn time(&self, moment: Timestamp) -> String {
        phrase::time(moment, &self.ui.look().zone)
    }

    /// The name of the source, or words that stand for it.
    pub(crate) fn source_name(&self) -> &str {
        self.instance.source.as_deref().unwrap_or("the source")
    }

    /// Reads the round anew, changes it and keeps it: another run may have answered something meanwhile.
    ///
    /// # Errors
    /// [`Kind::Archive`] where it cannot be read or kept.
    pub(crate) async fn change(&self, change: impl FnOnce(&mut Round)) -> Result<Round> {
        let name = &self.instance.name;
        let kept = self.state.round(name).await?;
        let mut round = kept.clone().unwrap_or_else(|| Round::new(self.now()));
        change(&mut round);
        if kept.as_ref() != Some(&round) {
            self.state.set_round(name, &round).await?;
        }
        Ok(round)
    }

    /// Keeps what looking after an item came to.
    ///
    /// # Errors
    /// As [`Desk::change`].
    pub(crate) async fn keep(&self, id: &str, found: Found) -> Result<Round> {
        let (when, by) = (self.now(), Some(self.by.clone()));
        let stands = match found {
            Found::Done(note) => Some(Stands::Done { when, by: None, note }),
            Found::Said(note) => Some(Stands::Done { when, by, note }),
            Found::Skip(why) => Some(Stands::Skipped { when, by, why }),
            Found::Open { why, hints } => Some(Stands::Open { why, hints }),
            Found::Nothing => None,
        };
        let on_again = self.on_again();
        self.change(|round| {
            let was = round.items.remove(id);
            let Some(mut stands) = stands else { return };
            // What was seen to before is not done anew by being seen again.
            if let (
                Some(Stands::Done {
                    when: since,
                    by: None,
                    note: told,
                }),
                Stands::Done {
                    when, by: None, note, ..
                },
            ) = (was, &mut stands)
                && told == *note
            {
                *when = since;
            }
            if id == "source-off" && matches!(stands, Stands::Done { .. }) {
                round.items.insert(SOURCE_ON.to_owned(), on_again);
            }
            round.items.insert(id.to_owned(), stands);
        })
        .await
    }

    fn on_again(&self) -> Stands {
        Stands::Open {
            why: format!(
                "Mail, processes and connectors are off in {}: switch them on again there once the refresh is over.",
                self.source_name()
            ),
            hints: vec![self.command(&format!("--done {SOURCE_ON}"))],
        }
    }

    /// Reads a pinned backup and checks all of it; `None` where the archive has it no more.
    ///
    /// # Errors
    /// [`Kind::Archive`] where it is damaged.
    pub(crate) async fn backup(&self, pinned: Option<&Pinned>) -> Result<Option<Rc<Backup>>> {
        let Some(pinned) = pinned else { return Ok(None) };
        let known = self.read.borrow().get(&pinned.id).cloned();
        if known.is_some() {
            return Ok(known);
        }
        let Some(listed) = round::listed(&self.archive, pinned).await? else {
            return Ok(None);
        };
        let backup = Rc::new(self.archive.get(&listed).await?);
        self.read
            .borrow_mut()
            .insert(pinned.id.clone(), Rc::clone(&backup));
        Ok(Some(backup))
    }

    /// Asks a person whether something is so. Where nobody can be asked, or the answer is no, it stays open.
    ///
    /// # Errors
    /// [`Kind::Usage`] where the answer cannot be read.
    pub(crate) fn ask(&self, id: &str, question: &str, note: &str, why: &str) -> Result<Found> {
        let open = Found::open(why, self.answers(id));
        let Some(answer) = self.ui.line(&format!("{question} [y/N, s to skip]"))? else {
            return Ok(open);
        };
        Ok(match answer.to_lowercase().as_str() {
            "y" | "yes" => Found::Said(note.to_owned()),
            "s" | "skip" => match self.ui.line("Why is it skipped?")? {
                Some(why) if !why.is_empty() => Found::Skip(why),
                _ => open,
            },
            _ => open,
        })
    }

    /// The source, as far as it is known.
    ///
    /// # Errors
    /// [`Kind::Usage`] where none is set, or the one that is set is unknown.
    pub(crate) fn source(&self) -> Result<&Instance> {
        if let Some(source) = self.source {
            return Ok(source);
        }
        let name = &self.instance.name;
        Err(match &self.instance.source {
            Some(source) => Error::new(
                Kind::Usage,
                format!("The source `{source}` is not known as an instance."),
            )
            .hint(format!(
                "lmskeep instance add {source} --url URL --user USER --role production"
            )),
            None => Error::new(
                Kind::Usage,
                format!("It is not known which instance is copied over `{name}`."),
            )
            .hint(format!("lmskeep instance set {name} source NAME")),
        })
    }
}
