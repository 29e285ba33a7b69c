//! Collects the real values of what waits, all of them before the first write: sessions are short.

use std::collections::{BTreeMap, HashSet};

use crate::backup::Document;
use crate::command::write_back::{Job, Tools};
use crate::command::{access, ciphertext, values};
use crate::error::{Kind, Result};
use crate::plan::{Plan, Wait};
use crate::report::Ui;
use crate::report::phrase::count;
use crate::secret::Secret;
use crate::sensitive::is_mask;
use crate::state::{Ledger, Place};

/// Real values by place.
pub(crate) type Values = BTreeMap<Place, Secret>;

/// The place of a value that waits.
pub(crate) fn place_of(wait: &Wait) -> Place {
    Place {
        document: wait.document.clone(),
        key: wait.key.clone(),
        occurrence: wait.occurrence,
    }
}

/// What is no real value.
struct Shown<'a> {
    /// What the backup and the instance show at a place.
    here: &'a dyn Fn(&Place) -> Vec<String>,
    /// All ciphertexts that pages have ever shown.
    anywhere: HashSet<String>,
}

impl Shown<'_> {
    fn is(&self, place: &Place, value: &str) -> bool {
        self.anywhere.contains(value.trim()) || (self.here)(place).iter().any(|shown| shown == value)
    }
}

/// Collects the values of what a plan leaves waiting: known ones are fetched, a person is asked for the others. `here` gives
/// what the backup and the instance show at a place, `live` is what the instance has: both is no real value.
///
/// # Errors
/// [`Kind::Stopped`] where a person stops at a question.
pub(crate) async fn collect(
    tools: &Tools<'_>,
    job: &Job<'_>,
    plan: &Plan,
    here: &dyn Fn(&Place) -> Vec<String>,
    live: &[Document],
) -> Result<Values> {
    let Tools {
        ui,
        context,
        state,
        archive,
        ..
    } = tools;
    let mut names = vec![job.instance.name.as_str()];
    names.extend(job.instance.source.as_deref());
    let pages = Shown {
        here,
        anywhere: ciphertext::known(archive, job.rules, &names, live).await?,
    };
    let ledger = state.ledger(&job.instance.name).await?;
    let mut collected = Values::new();
    let mut to_ask = Vec::new();
    for wait in &plan.waits {
        let place = place_of(wait);
        let known = ledger.known(&place).cloned().unwrap_or_default();
        match values::fetch(context, job.instance, &place, &known).await {
            Ok(Some(value)) => {
                ui.never_show(&value);
                if usable(ui, &place, &value, &pages) {
                    collected.insert(place, value);
                }
            }
            Ok(None) => to_ask.push(place),
            // What fails here is asked for, or waits: the rest goes on.
            Err(error) => {
                ui.warn(error.message());
                error.hints().iter().for_each(|hint| ui.hint(hint));
                to_ask.push(place);
            }
        }
    }
    let asked = ask(ui, &ledger, &to_ask, &pages)?;
    if !asked.is_empty() {
        keep(tools, job, &asked).await?;
    }
    collected.extend(asked);
    Ok(collected)
}

/// Asks for values one after the other.
fn ask(ui: &Ui, ledger: &Ledger, places: &[Place], pages: &Shown<'_>) -> Result<Values> {
    let mut asked = Values::new();
    if !ui.look().can_ask || places.is_empty() {
        return Ok(asked);
    }
    ui.note(format!(
        "{} to be entered. What you type or paste is not shown. Enter alone or `skip` skips one, `skip all` the rest: they wait.",
        match places.len() {
            1 => "1 encrypted value is".to_owned(),
            n => format!("{n} encrypted values are"),
        }
    ));
    for place in places {
        let owner = ledger.known(place).and_then(|known| known.owner.as_deref());
        let owner = owner.map_or(String::new(), |owner| format!(" (ask {owner})"));
        let value = ui.hidden_line(&format!("{}{owner}", values::shown(place)))?;
        match value.expose() {
            "" | "skip" => {}
            "skip all" => break,
            _ => {
                if usable(ui, place, &value, pages) && agreed(ui, &value)? {
                    asked.insert(place.clone(), value);
                }
            }
        }
    }
    Ok(asked)
}

/// Refuses what cannot be the real value, and warns of what may be stored otherwise than it was meant.
fn usable(ui: &Ui, place: &Place, value: &Secret, pages: &Shown<'_>) -> bool {
    let (text, shown) = (value.expose(), values::shown(place));
    if pages.is(place, text) {
        ui.warn(&format!(
            "what was given for `{shown}` is what a page shows, which is encrypted: not the real value, so it waits"
        ));
        ui.hint(&format!(
            "where the LMS keeps it in clear, say so in the configuration file: [sensitive] clear = [\"{}\"]",
            values::pattern(place)
        ));
        return false;
    }
    if is_mask(text) {
        ui.warn(&format!(
            "what was given for `{shown}` is a mask, not a value: it waits"
        ));
        return false;
    }
    if let Some(what) = awkward(text) {
        ui.warn(&format!(
            "the value for `{shown}` has {what}: nobody knows how the LMS reads that, and the value cannot be read back"
        ));
    }
    true
}

/// On a terminal a value that may be stored otherwise than it was meant is entered only when a person says so.
fn agreed(ui: &Ui, value: &Secret) -> Result<bool> {
    match awkward(value.expose()) {
        None => Ok(true),
        Some(_) => {
            let agreed =
                ui.agrees("Enter it here all the same? Otherwise it waits, to be entered in the page.")?;
            Ok(agreed)
        }
    }
}

/// What in a value may be read otherwise than it was meant: how the LMS reads its files is documented nowhere.
fn awkward(value: &str) -> Option<&'static str> {
    if value.contains(['\n', '\r']) {
        Some("several lines")
    } else if value.contains('\\') {
        Some("a backslash")
    } else if value.starts_with(char::is_whitespace) {
        Some("a blank at its beginning")
    } else if value.ends_with(char::is_whitespace) {
        Some("a blank at its end")
    } else if !value.is_ascii() {
        Some("letters beyond ASCII")
    } else {
        None
    }
}

/// Offers to keep what a person has entered. Where that fails nothing is lost: it is used once.
async fn keep(tools: &Tools<'_>, job: &Job<'_>, asked: &Values) -> Result<()> {
    let Tools {
        ui, context, state, ..
    } = tools;
    let question = format!(
        "Keep {} in the keyring, for the next refresh?",
        count(asked.len(), "entered value")
    );
    if !ui.agrees(&question)? {
        return Ok(());
    }
    let mut ledger = state.ledger(&job.instance.name).await?;
    for (place, value) in asked {
        match values::keep(context, job.instance, place, value).await {
            Ok(lies) => ledger.line(place).lies = lies,
            // Where there is no keyring for one there is none for the others.
            Err(error) if error.kind() == Kind::SignIn => {
                ui.warn(&format!(
                    "what was entered is used once and not kept: {}",
                    error.message()
                ));
                break;
            }
            Err(error) => ui.warn(&format!(
                "`{}` is used once and not kept: {}",
                values::shown(place),
                error.message()
            )),
        }
    }
    state.set_ledger(&job.instance.name, &ledger).await?;
    access::state(context).map(drop)
}
