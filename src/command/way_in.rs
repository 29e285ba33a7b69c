//! The way in, where a restore can close it: asked for before, proven after.

use crate::command::planned::closes_the_way_in;
use crate::command::write_back::{Job, Tools, WayIn};
use crate::error::{Kind, Result};
use crate::plan::{Plan, Step};
use crate::report::{Text, Tone};
use crate::restore::{Outcome, Run};

/// Says that no second way in is known where the plan can close the one there is, and asks whether to go on all the same.
///
/// # Errors
/// [`Kind::Stopped`] where a person does not want that.
pub(crate) async fn ask(tools: &Tools<'_>, job: &Job<'_>, plan: &Plan) -> Result<()> {
    let mut steps = plan.steps.iter().rev();
    let Some(step) = steps.find(|step| closes(tools, step)) else {
        return Ok(());
    };
    let name = &job.instance.name;
    let by_password = tools.session.user().is_some();
    if !by_password || tools.state.about_session(name).await?.is_some() {
        return Ok(());
    }
    let ui = tools.ui;
    ui.warn(&format!(
        "writing {} can close native login at {name}, and no second way in is proven",
        step.document
    ));
    ui.hint(&format!(
        "sign in with a browser and hand its session over: lmskeep login {name} --cookies FILE"
    ));
    ui.hint("or leave it out for now: --except BIZX");
    match ui.look().can_ask && !ui.look().yes && ui.look().confirm.is_none() {
        true => ui.confirm("Write it all the same?"),
        // Who runs this unattended has seen the same words in the plan.
        false => Ok(()),
    }
}

/// Signs in anew once a document was written that a way in depends on, and says whether that got in.
pub(crate) async fn prove(tools: &Tools<'_>, plan: &Plan, done: &Run) -> Option<WayIn> {
    let last = |step: &Step| {
        let part = tools.session.profile().part_of(&step.document);
        let name = step.document.split_once('/').map_or("", |(_, name)| name);
        part.is_some_and(|part| part.last.iter().any(|last| last.eq_ignore_ascii_case(name)))
    };
    let written = |step: &&Step| {
        let of = |e: &&crate::restore::Ended| e.document == step.document;
        last(step)
            && done
                .ended
                .iter()
                .find(of)
                .is_some_and(|e| matches!(e.outcome, Outcome::Written | Outcome::ReadsDifferent { .. }))
    };
    if done.stopped.is_some() {
        return None;
    }
    let step = plan.steps.iter().find(written)?;
    let (ui, name) = (tools.ui, tools.session.instance());
    let error = tools.session.anew().await.err();
    match &error {
        None => ui.say(Text::new().toned(
            Tone::Good,
            format!("A new sign-in got in after {} was written.", step.document),
        )),
        Some(error) => {
            ui.warn(&format!(
                "a new sign-in does not get in any more: {}",
                error.message()
            ));
            error.hints().iter().for_each(|hint| ui.hint(hint));
            if error.kind() == Kind::SignIn {
                ui.hint(&format!("with a browser: lmskeep login {name} --cookies FILE"));
            }
        }
    }
    Some(WayIn {
        document: step.document.clone(),
        error,
    })
}

fn closes(tools: &Tools<'_>, step: &Step) -> bool {
    closes_the_way_in(tools.session.profile(), step)
}
