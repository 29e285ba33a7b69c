//! Shows a plan before it is confirmed, and what became of it after.

use crate::backup::Habits;
use crate::command::diff_report;
use crate::command::write_back::Job;
use crate::plan::{Encrypted, EnteredAs, KeyAt, Left, Plan, Step, Wait, Why};
use crate::report::phrase::{count, count_of};
use crate::report::{Table, Text, Tone, Ui};
use crate::restore::{Ended, Entered, Outcome, Run};
use crate::sensitive::called;
use crate::state::Action;

/// Shows what a plan would do, document by document.
pub(crate) fn plan(ui: &Ui, job: &Job<'_>, plan: &Plan) {
    let (id, taken) = (&job.backup.id, ui.when(job.backup.content.taken));
    ui.say(format!(
        "From backup {id} of {}, taken {taken}.",
        job.backup.content.instance
    ));
    for step in &plan.steps {
        ui.say(Text::new());
        show_step(ui, step);
    }
    ui.say(Text::new());
    ui.say(format!(
        "{} to write, {} unchanged.",
        count(plan.steps.len(), "document"),
        count(plan.unchanged.len(), "document")
    ));
    list(ui, "only in the instance, left alone", &plan.only_live);
    list(ui, "only in the backup, to be made by hand", &plan.only_archived);
    left(
        ui,
        "Left as they are, since this instance does not let them be changed",
        &plan.sealed,
    );
    left(
        ui,
        "Left as they are, since somebody has changed them after the restore",
        &plan.changed_since,
    );
    waits(ui, &plan.waits);
    for refusal in &plan.refused {
        ui.say(
            Text::new()
                .toned(Tone::Bad, "refused ")
                .plain(format!("{}: {}", refusal.document, refusal.why)),
        );
        if let Some(hint) = &refusal.hint {
            ui.hint(hint);
        }
    }
}

fn show_step(ui: &Ui, step: &Step) {
    ui.say(Text::new().toned(Tone::Strong, &step.document));
    diff_report::changes(ui, &step.changes);
    for warning in &step.warnings {
        ui.say(
            Text::new()
                .plain("  ")
                .toned(Tone::Care, format!("careful: {warning}")),
        );
    }
    if !step.dropped.is_empty() {
        ui.say(format!(
            "  the backup lacks, and replacing drops: {}",
            keys(&step.dropped)
        ));
    }
    if !step.stays.is_empty() {
        ui.say(format!(
            "  the backup lacks, and merging keeps: {}",
            keys(&step.stays)
        ));
    }
}

fn keys(keys: &[KeyAt]) -> String {
    let keys: Vec<String> = keys.iter().map(|at| format!("`{}`", at.key)).collect();
    keys.join(", ")
}

/// Names keys that a plan leaves although they differ.
fn left(ui: &Ui, what: &str, left: &[Left]) {
    if !left.is_empty() {
        ui.say(format!("{what}:"));
    }
    for one in left {
        ui.say(format!("  {}: `{}`", name_of(&one.document), one.at.key));
    }
}

/// The name of a document in its path.
fn name_of(path: &str) -> &str {
    path.split_once('/').map_or(path, |(_, name)| name)
}

fn list(ui: &Ui, what: &str, paths: &[String]) {
    if !paths.is_empty() {
        ui.say(format!("{what}:"));
        paths.iter().for_each(|path| ui.say(format!("  {path}")));
    }
}

/// Shows what became of each document, what waits, and how to go on.
pub(crate) fn outcome(ui: &Ui, job: &Job<'_>, plan: &Plan, run: &Run, safety: &str) {
    let mut table = Table::new(["document", "outcome"]);
    for ended in &run.ended {
        let tone = if ended.outcome.is_good() {
            Tone::Good
        } else {
            Tone::Bad
        };
        let mut outcome = Text::new().toned(tone, ended.outcome.word());
        if let Some(why) = ended.outcome.why() {
            outcome.push(Tone::Plain, format!(": {why}"));
        }
        table.row([Text::from(ended.document.as_str()), outcome]);
    }
    ui.say(Text::new());
    ui.table(&table);
    for ended in &run.ended {
        if let Outcome::ReadsDifferent { lines, sealed, .. } = &ended.outcome {
            ui.say(format!("{} reads different:", ended.document));
            lines.iter().for_each(|line| ui.say(format!("  {line}")));
            if !sealed.is_empty() {
                ui.say(format!(
                    "  the instance kept its own value of {}: it does not let that be changed",
                    keys(sealed)
                ));
            }
        }
    }
    entered(ui, &run.entered);
    learned(ui, &job.instance.name, &run.habits);
    waits(ui, &plan.waits);
    how_to_enter(ui, job, plan);
    if let Some(error) = &run.stopped {
        ui.warn(error.message());
        error.hints().iter().for_each(|hint| ui.hint(hint));
    }
    let name = &job.instance.name;
    let reads_different = |e: &Ended| matches!(e.outcome, Outcome::ReadsDifferent { .. });
    if job.encrypted == Encrypted::Archived && run.ended.iter().any(reads_different) {
        ui.hint(&format!(
            "do not repeat it: `lmskeep restore {name}` without `--encrypted archived`; then enter the encrypted values in the LMS"
        ));
    } else if run
        .ended
        .iter()
        .all(|e| e.outcome.is_good() || only_sealed(&e.outcome))
    {
        if !run.ended.iter().all(|e| e.outcome.is_good()) {
            ui.hint(&format!(
                "the next restore leaves these keys as they are; to try them again: lmskeep restore {name} --retry-sealed"
            ));
        }
    } else {
        ui.hint(&format!(
            "run the same command again to go on; `lmskeep diff {name}` shows what differs"
        ));
    }
    if run.sent {
        ui.note(format!(
            "`lmskeep undo {name}` brings back what was there before ({safety})."
        ));
    }
}

/// Tells whether nothing went wrong but that the instance kept values of its own.
fn only_sealed(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::ReadsDifferent { sealed, .. } if !sealed.is_empty())
}

/// Says what the instance was seen to do with what it was sent; the next plan goes by it.
fn learned(ui: &Ui, instance: &str, habits: &Habits) {
    if !habits.encrypts.is_empty() {
        ui.say(Text::new());
        ui.say("Learned, since they read otherwise than they were sent: the LMS encrypts");
    }
    for of in &habits.encrypts {
        let name = name_of(&of.document);
        ui.say(format!("  {name}: `{}`", of.key));
        ui.hint(&format!(
            "if it does not: lmskeep secret unlearn {instance} {name}:{}",
            of.key
        ));
    }
    if habits.encrypts_again {
        ui.warn("this LMS encrypts once more what is encrypted already, whenever a document is saved: such values are broken");
    }
}

/// Names the values that were entered. None is called proven: only its use can tell.
fn entered(ui: &Ui, entered: &[Entered]) {
    if entered.is_empty() {
        return;
    }
    ui.say(Text::new());
    ui.say(format!(
        "Entered {}:",
        count_of(
            entered.len(),
            "value; whether it works, a run of what uses it tells",
            "values; whether they work, a run of what uses them tells"
        )
    ));
    for one in entered {
        let name = name_of(&one.document);
        let how = match one.how {
            EnteredAs::Encrypted => "",
            EnteredAs::Clear => "  (stored in clear: look at it)",
            EnteredAs::Mask => "  (behind a mask: it cannot be seen)",
            EnteredAs::AsBefore => "  (reads as before: it was this value, or it was not taken)",
        };
        ui.say(format!(
            "  {name}: `{}`{}{how}",
            one.at.key,
            nth(one.at.occurrence)
        ));
    }
}

/// Tells a duplicate from the first entry of its key.
fn nth(occurrence: usize) -> String {
    match occurrence {
        0 | 1 => String::new(),
        n => format!(" ({n}. time)"),
    }
}

/// Says how values that wait are entered.
pub(crate) fn how_to_enter(ui: &Ui, job: &Job<'_>, plan: &Plan) {
    if !plan.waits.is_empty() && !job.enter && job.action == Action::Restore {
        ui.hint(&format!(
            "lmskeep restore {} --encrypted enter    (asks for them, and for nothing that the keyring has)",
            job.instance.name
        ));
    }
}

/// Names the values that a person must still enter.
pub(crate) fn waits(ui: &Ui, waits: &[Wait]) {
    if waits.is_empty() {
        return;
    }
    ui.say(Text::new());
    let head = match waits.len() {
        1 => "1 encrypted value waits to be entered by hand:".to_owned(),
        n => format!("{n} encrypted values wait to be entered by hand:"),
    };
    ui.say(Text::new().toned(Tone::Care, head));
    for wait in waits {
        let name = name_of(&wait.document);
        let nth = nth(wait.occurrence);
        let why = match wait.why {
            Why::Kept => String::new(),
            other => format!("  ({other})"),
        };
        ui.say(format!(
            "  {} of {name}: `{}`{nth}{why}",
            called(&wait.key),
            wait.key
        ));
    }
}
