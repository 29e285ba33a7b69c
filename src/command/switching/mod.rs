//! Switches items of a part on or off: mail, connectors, automatic processes.
//!
//! The plan of a restore with one key: the switch of each item. Pages are read when their turn comes, what is there is
//! stored, each item is read again, sent once and read back as any document is. Who asks, and in which order parts come,
//! is the affair of the commands.

mod report;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::backup::{Document, Habits};
use crate::capture::Captured;
use crate::command::access;
use crate::command::safety;
use crate::command::write_back::Tools;
use crate::error::{Error, Kind, Result};
use crate::instance::Instance;
use crate::plan::{Encrypted, Manner, Plan, PlanInput, make};
use crate::profile::{OFF, ON, Part, SWITCH};
use crate::properties::{Properties, value_at};
use crate::restore::{By, Ended, Logbook, Outcome, Pages, run};
use crate::selection::Selection;
use crate::sensitive::Rules;
use crate::state::{Action, Began, Event};

pub(crate) use report::{Said, say_turned};

/// The part with the switch of mail itself.
pub(crate) const MAIL: &str = "mail";
/// The part with the connectors.
pub(crate) const CONNECTORS: &str = "connectors";
/// The part with the automatic processes.
pub(crate) const PROCESSES: &str = "automatic-processes";

/// What is to be switched at an instance.
#[derive(Clone, Copy)]
pub(crate) struct Turn<'a> {
    /// What the run is for.
    pub(crate) action: Action,
    /// The instance.
    pub(crate) instance: &'a Instance,
    /// By what rules values are judged.
    pub(crate) rules: &'a Rules,
    /// The backup that it goes by, if any.
    pub(crate) backup: &'a str,
    /// Tells by an item's path whether it is to be on; none where it is left as it is.
    pub(crate) wanted: &'a dyn Fn(&str) -> Option<bool>,
}

/// What became of a part.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Turned {
    /// The part's id.
    pub(crate) part: String,
    /// SAP's name for it.
    pub(crate) title: String,
    /// How many items it has.
    pub(crate) items: usize,
    /// Paths of the items that were as wanted before.
    pub(crate) already: Vec<String>,
    /// Paths of items that are left as they are, and whether each is on.
    pub(crate) left: BTreeMap<String, bool>,
    /// How each item ended that was to be switched.
    pub(crate) ended: Vec<Ended>,
    /// The safety backup of what was there before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) safety: Option<String>,
    /// Why it did not go on to its end, as a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) why: Option<String>,
    /// The error that this sentence is of.
    #[serde(skip)]
    pub(crate) stopped: Option<Error>,
    /// Whether anything was sent.
    #[serde(skip)]
    pub(crate) sent: bool,
}

impl Turned {
    /// A part that was not read, and why.
    pub(crate) fn not_read(part: &Part, error: Error) -> Self {
        Self {
            part: part.id.clone(),
            title: part.title.clone(),
            why: Some(error.message().to_owned()),
            stopped: Some(error),
            ..Self::default()
        }
    }

    /// Tells whether all of it is as it was wanted.
    pub(crate) fn is_good(&self) -> bool {
        self.stopped.is_none() && self.ended.iter().all(|e| e.outcome.is_good())
    }

    /// Paths of the items that were switched.
    pub(crate) fn switched(&self) -> impl Iterator<Item = &str> {
        let good = self.ended.iter().filter(|e| e.outcome.is_good());
        good.map(|e| e.document.as_str())
    }

    /// The items that are not as wanted, and why.
    pub(crate) fn failed(&self) -> impl Iterator<Item = &Ended> {
        self.ended.iter().filter(|e| !e.outcome.is_good())
    }

    /// Paths of the items that the instance itself did not let be changed: it may, a while later.
    fn refused(&self) -> Vec<String> {
        let by_server = |e: &&Ended| matches!(e.outcome, Outcome::Refused { by: By::Server, .. });
        let refused = self.ended.iter().filter(by_server);
        refused.map(|e| e.document.clone()).collect()
    }

    /// Takes what became of some of its items in another try.
    fn take(&mut self, again: Turned) {
        let tried: Vec<&String> = again.ended.iter().map(|e| &e.document).collect();
        self.ended
            .retain(|e| !tried.contains(&&e.document) && !again.already.contains(&e.document));
        self.already.extend(again.already);
        self.ended.extend(again.ended);
        self.sent |= again.sent;
        if self.stopped.is_none() {
            self.why = again.why;
            self.stopped = again.stopped;
        }
    }
}

/// Finds a part of the profile.
///
/// # Errors
/// [`Kind::Page`] where the profile has none of this id.
pub(crate) fn part<'p>(tools: &'p Tools<'_>, id: &str) -> Result<&'p Part> {
    let mut parts = tools.session.profile().parts.iter();
    parts.find(|part| part.id == id).ok_or_else(|| {
        Error::new(
            Kind::Page,
            format!(
                "The profile `{}` has no part `{id}`.",
                tools.session.profile().name
            ),
        )
        .hint("docs/profiles.md describes the parts that there are")
    })
}

/// Switches a part: reads its pages, stores what is there, writes one item after the other. What goes wrong with one item,
/// or with the part, is in what comes back; an error is one that the next part would meet as well.
pub(crate) async fn turn(tools: &Tools<'_>, turn: &Turn<'_>, id: &str) -> Result<Turned> {
    let part = match part(tools, id) {
        Ok(part) => part,
        Err(error) => {
            return Ok(Turned {
                part: id.to_owned(),
                title: id.to_owned(),
                why: Some(error.message().to_owned()),
                stopped: Some(error),
                ..Turned::default()
            });
        }
    };
    let selection = Selection::new(&[format!("{}/*", part.path)], &[])?;
    turn_selected(tools, turn, part, &selection).await
}

/// Tries items once more that the instance did not let be changed: a process that was running may have ended.
pub(crate) async fn again(tools: &Tools<'_>, turn: &Turn<'_>, turned: &mut Turned) -> Result<()> {
    let refused = turned.refused();
    if refused.is_empty() || turned.stopped.is_some() {
        return Ok(());
    }
    let part = part(tools, &turned.part)?;
    let selection = Selection::of_documents(refused.iter().map(String::as_str))?;
    let tried = turn_selected(tools, turn, part, &selection).await?;
    turned.take(tried);
    Ok(())
}

async fn turn_selected(
    tools: &Tools<'_>,
    turn: &Turn<'_>,
    part: &Part,
    selection: &Selection,
) -> Result<Turned> {
    let Tools {
        ui, context, session, ..
    } = tools;
    let reading = access::read_live(ui, context, session, turn.instance, selection);
    let live = match context.until_stopped(reading).await {
        Ok(live) => live,
        Err(error) if error.kind() == Kind::Page => return Ok(Turned::not_read(part, error)),
        Err(error) => return Err(error),
    };
    if let Some(absent) = live.absent.first() {
        let error = Error::new(Kind::Page, absent.why.clone()).hint(part.permission_hint());
        return Ok(Turned::not_read(part, error));
    }
    let mut turned = Turned {
        part: part.id.clone(),
        title: part.title.clone(),
        items: live.documents.len(),
        ..Turned::default()
    };
    let mut wanted = Vec::new();
    for document in &live.documents {
        let is_on = is_on(document)?;
        match (turn.wanted)(&document.path) {
            Some(on) if on == is_on => turned.already.push(document.path.clone()),
            Some(on) => wanted.push(switched(document, on)),
            None => drop(turned.left.insert(document.path.clone(), is_on)),
        }
    }
    if !wanted.is_empty() {
        write(tools, turn, part, (&live, &wanted), &mut turned).await?;
    }
    Ok(turned)
}

/// Tells whether an item is switched on.
pub(crate) fn is_on(document: &Document) -> Result<bool> {
    match value_at(&document.text, SWITCH, 1).as_deref() {
        Some(ON) => Ok(true),
        Some(OFF) => Ok(false),
        _ => Err(Error::new(
            Kind::Page,
            format!(
                "The page of `{}` does not say whether it is switched on.",
                document.path
            ),
        )),
    }
}

/// The same item, on or off.
fn switched(document: &Document, on: bool) -> Document {
    let mut text = Properties::parse_leniently(&document.text);
    text.set(&SWITCH.into(), &if on { ON } else { OFF }.into());
    Document {
        text: text.to_string(),
        ..document.clone()
    }
}

async fn write(
    tools: &Tools<'_>,
    turn: &Turn<'_>,
    part: &Part,
    (live, wanted): (&Captured, &[Document]),
    turned: &mut Turned,
) -> Result<()> {
    let Tools {
        ui,
        context,
        session,
        state,
        ..
    } = tools;
    let plan = plan(turn, part, &live.documents, wanted)?;
    let documents: Vec<Document> = live
        .documents
        .iter()
        .filter(|d| wanted.iter().any(|w| w.path == d.path))
        .cloned()
        .collect();
    context.cancel.check()?;
    let safety = safety::store(tools, turn.instance, turn.rules, documents, live).await?;
    let began = Began {
        action: turn.action,
        backup: turn.backup.to_owned(),
        safety: Some(safety.clone()),
        documents: plan.steps.iter().map(|step| step.document.clone()).collect(),
        sent: Vec::new(),
        account: session.user().map(str::to_owned),
        origin: Some(turn.instance.origin.clone()),
    };
    let mut journal = state
        .begin_run(&turn.instance.name, (context.clock)(), began)
        .await?;
    let done = {
        let bar = access::Bar::new(ui.progress(0, "switching"));
        let mut logbook = Logbook {
            journal: &mut journal,
            clock: context.clock,
        };
        let pages = Pages::of(live, turn.rules);
        run(
            session,
            &plan,
            pages,
            &|_| false,
            &mut logbook,
            &bar,
            &context.cancel,
        )
        .await
    };
    let code = done.exit_code(false);
    if let Err(error) = journal.record((context.clock)(), &Event::Finished { code }).await {
        // What was written stays written: this must not hide it.
        ui.warn(error.message());
    }
    turned.safety = Some(safety);
    turned.sent = done.sent;
    turned.why = done.stopped.as_ref().map(|error| error.message().to_owned());
    turned.stopped = done.stopped;
    turned.ended = done.ended;
    Ok(())
}

/// The plan that changes the switches, and nothing else.
fn plan(turn: &Turn<'_>, part: &Part, live: &[Document], wanted: &[Document]) -> Result<Plan> {
    let switches = Selection::new(&[format!("{}/*:{SWITCH}", part.path)], &[])?;
    make(&PlanInput {
        rules: turn.rules,
        archived: wanted,
        live,
        selection: &switches,
        manner: Manner::Merge,
        encrypted: Encrypted::Keep,
        habits: &Habits::default(),
        mask_is_unchanged: false,
        // Nothing but the switch is touched: a browser sends the rest back as it is.
        unseen: &|_| part.sends_masks_back(),
        own: true,
        last: &[],
        notices: &[],
        entered: &|_, _, _, _| None,
        foreign: &|_, _, _, _| false,
        given: &|_, _, _| None,
    })
}
