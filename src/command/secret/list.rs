//! `lmskeep secret list`: what is known of each encrypted value, and what live carries.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Serialize;

use crate::backup::{Backup, Document};
use crate::command::secret::place::{encrypted, places};
use crate::command::secret::word;
use crate::command::words::SignInArgs;
use crate::command::{Context, Exit, access, rules, values, waits};
use crate::error::Result;
use crate::instance::{Config, Instance};
use crate::properties::value_at;
use crate::report::phrase::count_of;
use crate::report::{Table, Text, Tone, Ui};
use crate::selection::Selection;
use crate::sensitive::{is_ciphertext_shaped, is_mask};
use crate::state::{Known, Ledger, Place, Waiting};

/// What an encrypted key of the instance carries now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Live {
    /// What this program entered.
    Entered,
    /// Something else than what a refresh or a restore left there: a person entered it.
    EnteredByHand,
    /// What the last backup from before the refresh has.
    FromBefore,
    /// What the source's backup has: its password, which may work here.
    TheSources,
    /// Nothing; the key is empty or not there.
    Nothing,
    /// It cannot be told.
    Unknown,
}

impl Live {
    fn words(self) -> &'static str {
        match self {
            Live::Entered => "entered here",
            Live::EnteredByHand => "entered by hand",
            Live::FromBefore => "from before the refresh",
            Live::TheSources => "the source's",
            Live::Nothing => "nothing",
            Live::Unknown => "unknown",
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line<'a> {
    document: &'a str,
    key: &'a str,
    occurrence: usize,
    lies: &'static str,
    owner: Option<&'a str>,
    entered: Option<Timestamp>,
    proven: Option<Timestamp>,
    live: Option<Live>,
    waits: bool,
    /// Another value is kept since it was entered.
    due: bool,
}

#[derive(Serialize)]
struct All<'a> {
    instance: &'a str,
    values: Vec<Line<'a>>,
}

/// Lists the values of an instance.
pub(super) async fn list(
    ui: &Ui,
    context: &Context,
    config: &Config,
    instance: &Instance,
    sign_in: Option<&SignInArgs>,
) -> Result<Exit> {
    let archive = access::archive(context).await?;
    let rules = rules::of(context, config, &archive, &[&instance.name]).await?;
    let (mut places, before) = places(context, &rules, instance).await?;
    let state = access::state(context)?;
    let (ledger, waiting) = (
        state.ledger(&instance.name).await?,
        state.waiting(&instance.name).await?,
    );
    let source = match config.source_of(instance) {
        Some(source) => access::newest_ordinary(&archive, &source.name).await?,
        None => None,
    };
    let live = match sign_in {
        Some(sign_in) => {
            let session = access::session(ui, context, config, instance, sign_in).await?;
            access::check_identity(&access::identity(&session, instance)?, instance)?;
            let read = access::read_live(ui, context, &session, instance, &Selection::default()).await?;
            places.extend(encrypted(&rules, &read.documents));
            Some(read.documents)
        }
        None => None,
    };
    let documents = |backup: &Option<Backup>| {
        backup
            .as_ref()
            .map(|b| b.content.documents.clone())
            .unwrap_or_default()
    };
    let sides = Sides {
        live: live.as_deref(),
        before: documents(&before),
        source: documents(&source),
        ledger: &ledger,
        waiting: &waiting,
    };
    let unknown = Known::default();
    let lines: Vec<Line<'_>> = places
        .iter()
        .map(|place| {
            let known = ledger.known(place).unwrap_or(&unknown);
            let live = sides.live.is_some().then(|| sides.carries(place));
            Line {
                document: &place.document,
                key: &place.key,
                occurrence: place.occurrence,
                lies: word(&known.lies),
                owner: known.owner.as_deref(),
                entered: known.entered,
                proven: known.proven,
                live,
                waits: sides.waits(place),
                due: known.due,
            }
        })
        .collect();
    show(ui, instance, &places, &lines);
    ui.json(
        "secret-list",
        &All {
            instance: &instance.name,
            values: lines,
        },
    )?;
    Ok(Exit::Done)
}

fn show(ui: &Ui, instance: &Instance, places: &BTreeSet<Place>, lines: &[Line<'_>]) {
    if lines.is_empty() {
        ui.say(format!("No encrypted value of {} is known.", instance.name));
        ui.hint(&format!("lmskeep backup {}", instance.name));
        return;
    }
    let mut table = Table::new(["value", "lies", "entered", "live carries", "owner"]);
    for (place, line) in places.iter().zip(lines) {
        let entered = match (line.entered, line.proven) {
            _ if line.due => "another value, not the one kept now".to_owned(),
            _ if line.waits => "waits".to_owned(),
            (_, Some(when)) => format!("works, {}", ui.when(when)),
            (Some(when), None) => ui.when(when),
            (None, None) => String::new(),
        };
        let live = line.live.map_or("", Live::words);
        table.row([
            Text::new().toned(Tone::Strong, values::named(place)),
            line.lies.into(),
            entered.as_str().into(),
            live.into(),
            line.owner.unwrap_or_default().into(),
        ]);
    }
    ui.table(&table);
    let theirs = lines
        .iter()
        .filter(|line| line.live == Some(Live::TheSources))
        .count();
    if theirs > 0 {
        ui.note(format!(
            "{}: the source's password may work here, and do harm: keep off what uses it until the own value is entered.",
            count_of(theirs, "value is the source's", "values are the source's")
        ));
    }
}

/// What is known of all sides, to tell what live carries.
struct Sides<'a> {
    live: Option<&'a [Document]>,
    before: Vec<Document>,
    source: Vec<Document>,
    ledger: &'a Ledger,
    waiting: &'a Waiting,
}

impl Sides<'_> {
    fn carries(&self, place: &Place) -> Live {
        let value = |documents: &[Document]| waits::values_at(&[documents], place).pop();
        let Some(live) = self.live.and_then(value) else {
            return Live::Nothing;
        };
        // A mask reads like any other mask.
        if is_mask(&live) {
            return Live::Unknown;
        }
        if self.ledger.reads_as_entered(place, &live) == Some(true) {
            return Live::Entered;
        }
        let is = |documents: &[Document]| value(documents).as_deref() == Some(&live);
        match self.waiting.was_entered(place, Some(&live)) {
            _ if is_ciphertext_shaped(live.trim()) && is(&self.source) => Live::TheSources,
            Some(true) => Live::EnteredByHand,
            _ if is(&self.before) => Live::FromBefore,
            _ if is(&self.source) => Live::TheSources,
            _ => Live::Unknown,
        }
    }

    /// Tells whether a value waits, as far as it is known.
    fn waits(&self, place: &Place) -> bool {
        if self.ledger.known(place).is_some_and(|known| known.due) {
            return true;
        }
        match self.live {
            Some(documents) => {
                // An empty value is one, too: `--encrypted clear` leaves such.
                let document = documents
                    .iter()
                    .find(|d| d.path.eq_ignore_ascii_case(&place.document));
                let live = document.and_then(|d| value_at(&d.text, &place.key, place.occurrence));
                let entered = self.waiting.was_entered(place, live.as_deref());
                entered == Some(false) || (entered.is_some() && self.carries(place) == Live::TheSources)
            }
            // Without a look at live: what was entered is believed to be there.
            None => {
                let entered = self
                    .ledger
                    .known(place)
                    .is_some_and(|known| known.entered.is_some());
                !entered && self.waiting.places().any(|waiting| waiting == place)
            }
        }
    }
}
