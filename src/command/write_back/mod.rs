//! What `restore` and `undo` share: plan, question, safety backup, writes, report.
//!
//! Nothing is written before the plan was shown and confirmed (promise 1), and not before the state it was made from
//! is stored (promise 4).

mod carried;

use std::collections::BTreeSet;

use crate::archive::Archive;
use crate::backup::{Backup, BackupKind, Habits, Identity};
use crate::capture::Captured;
use crate::command::import::IMPORTED;
use crate::command::planned::{closes_the_way_in, keeps_what_is_new, planned};
use crate::command::reenter::{self, Values};
use crate::command::safety::{safety, sent_before};
use crate::command::waits::{self, Ciphertexts};
use crate::command::write_back::carried::all_ended;
use crate::command::{Context, Exit, access, page_change, plan_report, way_in};
use crate::error::{Error, Kind, Result};
use crate::instance::Instance;
use crate::plan::{Encrypted, Manner, Plan, Step, Wait};
use crate::report::Ui;
use crate::report::phrase::count;
use crate::restore::{Ended, Logbook, Outcome, Pages, Run, run};
use crate::selection::Selection;
use crate::sensitive::Rules;
use crate::session::Session;
use crate::state::{Action, Began, Event, LastRun, Place, State};

pub(crate) use crate::command::write_back::carried::{Carried, WayIn};

/// What is to be put back, and how.
#[derive(Clone, Copy)]
pub(crate) struct Job<'a> {
    /// By what rules values are judged.
    pub(crate) rules: &'a Rules,
    /// What the instance was seen to do with what it is sent.
    pub(crate) habits: &'a Habits,
    /// Restore or undo.
    pub(crate) action: Action,
    /// The instance that is written to.
    pub(crate) instance: &'a Instance,
    /// What is put back.
    pub(crate) backup: &'a Backup,
    /// Whether the backup is of this very instance.
    pub(crate) own: bool,
    /// Which documents and keys.
    pub(crate) selection: &'a Selection,
    /// How the backup's documents meet live's.
    pub(crate) manner: Manner<'a>,
    /// What becomes of encrypted values.
    pub(crate) encrypted: Encrypted,
    /// Whether the real values of what would wait are to be entered.
    pub(crate) enter: bool,
    /// Whether a person is asked what becomes of keys that only live has.
    pub(crate) ask_about_dropped: bool,
    /// Whether keys are tried again that the instance did not let be changed: then `habits` knows of none.
    pub(crate) retry_sealed: bool,
    /// Only the plan is wanted.
    pub(crate) dry_run: bool,
    /// Whether pages may be written to that have changed since the backup was taken.
    pub(crate) accept_page_change: bool,
    /// The interrupted run that is continued; its safety backup is kept.
    pub(crate) continues: Option<&'a LastRun>,
}

/// Tools of one run.
pub(crate) struct Tools<'a> {
    pub(crate) ui: &'a Ui,
    pub(crate) context: &'a Context,
    pub(crate) archive: &'a Archive,
    pub(crate) state: &'a State,
    pub(crate) session: &'a Session,
}

/// Plans, asks, writes, and says what became of it. What was just read of the instance is taken as it is: each document
/// is read again before it is written.
pub(crate) async fn carry_out(tools: &Tools<'_>, job: &Job<'_>, read: Option<Captured>) -> Result<Carried> {
    let Tools {
        ui,
        context,
        session,
        state,
        ..
    } = tools;
    let name = &job.instance.name;
    // What a backup of some documents does not hold is none of its business: it is not even read.
    let narrowed = match job.backup.content.kind {
        BackupKind::Partial | BackupKind::Safety if job.selection.is_all() => {
            Selection::of_documents(job.backup.content.documents.iter().map(|d| d.path.as_str()))?
        }
        _ => job.selection.clone(),
    };
    let job = &Job {
        selection: &narrowed,
        ..*job
    };
    let mut live = match read {
        Some(read) => read,
        None => {
            let reading = access::read_live(ui, context, session, job.instance, job.selection);
            context.until_stopped(reading).await?
        }
    };
    refuse_unknown(job, &live)?;
    let narrowed = walked(job, &live)?;
    let job = &Job {
        selection: &narrowed,
        ..*job
    };
    let theirs = Ciphertexts::of_source(tools.archive, job).await?;
    let waiting = waits::remembered(state, job, session.profile(), &live.documents, &theirs).await?;
    let make = |job: &Job<'_>, live: &Captured, values: &Values| {
        let profile = session.profile();
        planned(job, profile, &live.documents, &waiting, values, &theirs)
    };
    let none = Values::new();
    let mut plan = make(job, &live, &none)?;
    if !job.dry_run && !plan.refused.is_empty() && answered(tools, job, &mut live).await? {
        plan = make(job, &live, &none)?;
    }
    let merged = Job {
        manner: Manner::Merge,
        ..*job
    };
    let job = match keeps_what_is_new(tools, job, &plan).await? {
        true => {
            plan = make(&merged, &live, &none)?;
            &merged
        }
        false => job,
    };
    if job.enter && !job.dry_run && !plan.waits.is_empty() {
        let both = |place: &Place| waits::values_at(&[&job.backup.content.documents, &live.documents], place);
        let values = reenter::collect(tools, job, &plan, &both, &live.documents).await?;
        plan = make(job, &live, &values)?;
    }
    plan_report::plan(ui, job, &plan);
    if job.dry_run {
        page_change::warn(ui, &job.backup.content.pages, page_change::of(&live));
        ui.note("Nothing was written.");
        return Ok(Carried::dry(plan));
    }
    if plan.is_empty() {
        waits::remember(tools, job, &plan, &live.documents, &Run::default(), &waiting).await?;
        end_unfinished(tools, job, &plan).await?;
        return Ok(nothing_to_write(ui, job, plan));
    }
    let documents = plan.steps.iter().map(|step| step.document.as_str());
    let known = &job.backup.content.pages;
    page_change::refuse(ui, known, &live, documents, job.accept_page_change)?;
    refuse_unseen(ui, name)?;
    way_in::ask(tools, job, &plan).await?;
    let question = format!("Write {} to {name}?", count(plan.steps.len(), "document"));
    ui.confirm_write(&question, name, job.instance.role)?;
    context.cancel.check()?;

    let safety = safety(tools, job, &plan, &live).await?;
    let documents: Vec<String> = plan.steps.iter().map(|s| s.document.clone()).collect();
    let backup = job.backup.id.clone();
    let began = Began {
        action: job.action,
        backup,
        safety: Some(safety.clone()),
        documents,
        sent: sent_before(job),
        account: session.user().map(str::to_owned),
        origin: Some(job.instance.origin.clone()),
    };
    waits::remember(tools, job, &plan, &live.documents, &Run::default(), &waiting).await?;
    let mut journal = state.begin_run(name, (context.clock)(), began).await?;
    let done = {
        let bar = access::Bar::new(ui.progress(0, "writing"));
        let holds_back = |step: &Step| closes_the_way_in(session.profile(), step);
        let mut logbook = Logbook {
            journal: &mut journal,
            clock: context.clock,
        };
        let pages = Pages::of(&live, job.rules);
        run(
            session,
            &plan,
            pages,
            &holds_back,
            &mut logbook,
            &bar,
            &context.cancel,
        )
        .await
    };
    add_broken(&mut plan, &done);
    let code = done.exit_code(!plan.waits.is_empty());
    let noted = journal.record((context.clock)(), &Event::Finished { code }).await;
    let remembered = waits::remember(tools, job, &plan, &live.documents, &done, &waiting).await;
    let kept = keep_habits(state, job, &done).await;
    for error in [noted.err(), remembered.err(), kept.err()].into_iter().flatten() {
        // What was written stays written: this must not hide it.
        ui.warn(error.message());
    }
    plan_report::outcome(ui, job, &plan, &done, &safety);
    let way_in = way_in::prove(tools, &plan, &done).await;
    Ok(Carried {
        ended: all_ended(&plan, &done.ended),
        plan,
        safety: Some(safety),
        run: done,
        code,
        refused: None,
        way_in,
    })
}

/// Values that a save has broken wait like all others.
fn add_broken(plan: &mut Plan, done: &Run) {
    for wait in &done.broken {
        let known =
            |w: &Wait| (&w.document, &w.key, w.occurrence) == (&wait.document, &wait.key, wait.occurrence);
        if !plan.waits.iter().any(known) {
            plan.waits.push(wait.clone());
        }
    }
}

/// Remembers what the instance was seen to do; a key that was written is no longer one that cannot be.
async fn keep_habits(state: &State, job: &Job<'_>, done: &Run) -> Result<()> {
    let before = state.habits(&job.instance.name).await?;
    let mut habits = before.clone();
    let written = |document: &str| {
        let of = |e: &Ended| e.document == document && e.outcome == Outcome::Written;
        job.retry_sealed && done.ended.iter().any(of)
    };
    habits.sealed.retain(|key| !written(&key.document));
    habits.add(&done.habits);
    if done.kept_ciphertext && !done.habits.encrypts_again {
        habits.encrypts_again = false;
    }
    match habits == before {
        true => Ok(()),
        false => state.set_habits(&job.instance.name, &habits).await,
    }
}

/// Asks a person what keeps documents from being written, where that can be answered, and reads anew.
async fn answered(tools: &Tools<'_>, job: &Job<'_>, live: &mut Captured) -> Result<bool> {
    let Tools {
        ui, context, session, ..
    } = tools;
    let Some((sentence, question)) = &live.unanswered else {
        return Ok(false);
    };
    let Some(answer) = access::ask(ui, context, job.instance, sentence, question).await? else {
        return Ok(false);
    };
    let mut answers = live.answers.clone();
    answers.insert(question.setting.clone(), answer);
    let reading = access::read_with(ui, context, session, job.instance, job.selection, &answers);
    *live = context.until_stopped(reading).await?;
    Ok(true)
}

/// Leaves out parts that need not be read: nothing of them was meant, so that nobody knows what live has there.
fn walked(job: &Job<'_>, live: &Captured) -> Result<Selection> {
    let known = |part: &str| {
        let absent = live.absent.iter().any(|absent| absent.path == part);
        absent || live.parts.iter().any(|walked| walked == part)
    };
    let archived = job.backup.content.documents.iter();
    let parts: BTreeSet<&str> = archived
        .filter_map(|d| d.path.split_once('/'))
        .map(|(part, _)| part)
        .filter(|part| !known(part))
        .collect();
    let unread: Vec<String> = parts.into_iter().map(|part| format!("{part}/*")).collect();
    job.selection.but(&unread)
}

/// A name that neither side has is a mistake of the person's, not an empty plan.
fn refuse_unknown(job: &Job<'_>, live: &Captured) -> Result<()> {
    let archived = job.backup.content.documents.iter().map(|d| d.path.as_str());
    let paths: Vec<&str> = archived.chain(live.places.keys().map(String::as_str)).collect();
    access::refuse_unmatched(job.selection, &paths)?;
    access::refuse_unmatched_keys(
        job.selection,
        job.backup.content.documents.iter().chain(&live.documents),
    )
}

/// An interrupted run that has nothing left to write has ended: later runs do not go on with it.
async fn end_unfinished(tools: &Tools<'_>, job: &Job<'_>, plan: &Plan) -> Result<()> {
    let (state, name, clock) = (tools.state, &job.instance.name, tools.context.clock);
    if state.last_run(name).await?.is_none_or(|run| !run.is_unfinished()) {
        return Ok(());
    }
    let (action, backup) = (job.action, job.backup.id.clone());
    let began = Began {
        action,
        backup,
        safety: None,
        documents: Vec::new(),
        sent: Vec::new(),
        account: tools.session.user().map(str::to_owned),
        origin: Some(job.instance.origin.clone()),
    };
    let code = if plan.waits.is_empty() {
        Exit::Done
    } else {
        Exit::Waits
    }
    .code();
    let mut journal = state.begin_run(name, clock(), began).await?;
    journal.record(clock(), &Event::Finished { code }).await
}

/// A question whose plan went elsewhere, or was not printed, is no question (promise 1).
pub(crate) fn refuse_unseen(ui: &Ui, name: &str) -> Result<()> {
    let look = ui.look();
    let asked = look.can_ask && !look.yes && look.confirm.is_none();
    if !asked || (!look.json && look.out_terminal.is_some()) {
        return Ok(());
    }
    Err(Error::new(
        Kind::Usage,
        "The plan is not shown on this terminal, so that it cannot be confirmed here.",
    )
    .hint("leave out `--json`, and let the output go to the terminal")
    .hint(format!(
        "or look first what it does (`restore` and `undo`: `--dry-run`), and allow it with `--yes` or `--confirm {name}`"
    )))
}

/// A plan without steps ends at once: it needs no question and no safety backup.
fn nothing_to_write(ui: &Ui, job: &Job<'_>, plan: Plan) -> Carried {
    let carried = Carried::without_a_write(plan);
    if carried.refused.is_none() {
        ui.say("Nothing to write.");
        plan_report::how_to_enter(ui, job, &carried.plan);
    }
    carried
}

/// Refuses a backup of another LMS, unless it was named as such (promise 8).
pub(crate) fn check_backup_identity(
    backup: &Backup,
    identity: &Identity,
    allowed: Option<&str>,
) -> Result<bool> {
    let own = backup.content.identity == *identity
        || backup.content.identity.origin == identity.origin && backup.content.profile == IMPORTED;
    if own || allowed == Some(backup.content.instance.as_str()) {
        return Ok(own);
    }
    Err(Error::new(
        Kind::Refused,
        format!(
            "The backup {} is of {}, and this instance is {}.",
            backup.id, backup.content.identity.origin, identity.origin
        ),
    )
    .hint(format!(
        "if that is meant: --from-instance {}",
        backup.content.instance
    )))
}
