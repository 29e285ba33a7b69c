//! `lmskeep purge-emails`: deletes, after a refresh, the mail that was made but not sent, and which came over from the source.

use std::time::Duration;

use clap::Args;
use serde::Serialize;

use crate::backup::{Document, content_hash};
use crate::capture::Captured;
use crate::command::switching::{self, MAIL, Said, Turn, say_turned};
use crate::command::words::SignInArgs;
use crate::command::write_back::{Tools, refuse_unseen};
use crate::command::{Context, Exit, access, rules};
use crate::error::{Error, Kind, Result};
use crate::find::Removal;
use crate::instance::{Instance, Role};
use crate::properties::Properties;
use crate::report::phrase::count;
use crate::report::{Table, Text, Tone, Ui};
use crate::selection::Selection;
use crate::sensitive::Rules;
use crate::session::Sent;
use crate::state::{Action, Began, Event};

/// The part whose records are the mail that waits.
pub(crate) const UNSENT: &str = "unsent-email";

/// Waits between two looks at a deletion that runs in the background.
const WAITS: [Duration; 4] = [
    Duration::from_millis(250),
    Duration::from_millis(500),
    Duration::from_millis(1000),
    Duration::from_millis(2000),
];
/// Looks at a deletion, at most: some minutes.
const MOST_LOOKS: usize = 90;
/// Looks that show the same after which nothing more is expected.
const ENOUGH: usize = 5;

/// The words of `lmskeep purge-emails`.
#[derive(Debug, Args)]
#[command(
    after_help = "Mail that production had made but not sent came over with the refresh, and would be sent to real
people. This shows it by type, asks, makes sure that mail is off (SAP's condition), deletes it
(System Administration > Tools > Manage Unsent Emails) and counts again. It cannot be undone.

Examples:
  lmskeep purge-emails stage
  lmskeep purge-emails stage --yes --json"
)]
pub struct PurgeArgs {
    /// The instance whose unsent mail is to be deleted
    pub name: String,

    /// How to sign in.
    #[command(flatten)]
    pub sign_in: SignInArgs,
}

/// Mail that waits, by type.
pub(crate) type Counts = Vec<(String, usize)>;

/// What became of unsent mail.
#[derive(Debug, Default)]
pub(crate) struct Purged {
    /// What there was.
    pub(crate) before: Counts,
    /// What is left.
    pub(crate) left: Counts,
    /// Whether anything was sent to the instance.
    pub(crate) sent: bool,
    /// Why it was not deleted, as a sentence.
    pub(crate) why: Option<String>,
}

/// What `purge-emails --json` answers.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    instance: &'a str,
    before: std::collections::BTreeMap<&'a str, usize>,
    deleted: usize,
    left: usize,
    /// What is left, by type.
    #[serde(skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    left_by_type: std::collections::BTreeMap<&'a str, usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'a str>,
    exit_code: u8,
}

/// Deletes unsent mail.
///
/// # Errors
/// All of signing in and reading; [`Kind::Refused`] for a production instance.
pub fn run(ui: &Ui, context: &Context, args: &PurgeArgs) -> Result<Exit> {
    let config = context.config()?;
    let instance = config.instance(&args.name)?;
    let name = &instance.name;
    if instance.role == Role::Production {
        return Err(Error::new(
            Kind::Refused,
            format!("`{name}` counts as a production instance: its unsent mail is meant to be sent, and is not deleted."),
        )
        .hint(format!("if it is a test instance: lmskeep instance set {name} role test")));
    }
    context.block_on(async {
        let archive = access::archive(context).await?;
        let state = access::state(context)?;
        let _lock = state.lock(name)?;
        let signing_in = access::session(ui, context, &config, instance, &args.sign_in);
        let session = context.until_stopped(signing_in).await?;
        access::check_identity(&access::identity(&session, instance)?, instance)?;
        let rules = rules::of(context, &config, &archive, &[name]).await?;
        let tools = Tools {
            ui,
            context,
            archive: &archive,
            state: &state,
            session: &session,
        };
        let before = counted(&tools, instance).await?;
        show(ui, name, &before);
        if total(&before) > 0 {
            refuse_unseen(ui, name)?;
            let what = count(total(&before), "unsent email");
            ui.confirm_write(
                &format!(
                    "Switch mail off if it is on, and delete {what} at {name}? They cannot be brought back."
                ),
                name,
                instance.role,
            )?;
        }
        let purged = purge(&tools, instance, &rules, before).await?;
        tell(ui, instance, &purged)
    })
}

/// Counts the mail that waits.
///
/// # Errors
/// [`Kind::Page`] where the page is not found or not understood.
pub(crate) async fn counted(tools: &Tools<'_>, instance: &Instance) -> Result<Counts> {
    let (captured, _) = records(tools, instance).await?;
    let document = captured.documents.first();
    Ok(document.map(counts).unwrap_or_default())
}

async fn records(tools: &Tools<'_>, instance: &Instance) -> Result<(Captured, Selection)> {
    let part = switching::part(tools, UNSENT)?;
    let selection = Selection::new(&[format!("{}/*", part.path)], &[])?;
    let reading = access::read_live(tools.ui, tools.context, tools.session, instance, &selection);
    let captured = tools.context.until_stopped(reading).await?;
    match captured.absent.first() {
        None => Ok((captured, selection)),
        Some(absent) => Err(Error::new(Kind::Page, absent.why.clone())
            .hint(part.permission_hint())
            .hint("delete it by hand: System Administration > Tools > Manage Unsent Emails")),
    }
}

/// Reads counts off records: the one number of each row, or one for each row where rows have none.
fn counts(document: &Document) -> Counts {
    let text = Properties::parse_leniently(&document.text);
    let rows: Vec<(String, String)> = text
        .entries()
        .map(|(_, key, value)| (key.to_string_lossy(), value.to_string_lossy()))
        .collect();
    let number = |value: &String| {
        let mut numbers = value.split(" | ").filter_map(plain_number);
        let first = numbers.next();
        first.filter(|_| numbers.next().is_none())
    };
    let numbers: Option<Vec<usize>> = rows.iter().map(|(_, value)| number(value)).collect();
    match numbers {
        Some(numbers) => rows.into_iter().map(|(name, _)| name).zip(numbers).collect(),
        None => rows.into_iter().map(|(name, _)| (name, 1)).collect(),
    }
}

/// A number as pages write it: `1,204`, `1.204`.
fn plain_number(text: &str) -> Option<usize> {
    let digits: String = text
        .trim()
        .chars()
        .filter(|c| !matches!(c, ',' | '.' | '\u{a0}' | '\''))
        .collect();
    let first = text.trim().chars().next()?;
    first.is_ascii_digit().then(|| digits.parse().ok()).flatten()
}

/// How much mail it is.
pub(crate) fn total(counts: &Counts) -> usize {
    counts.iter().map(|(_, number)| number).sum()
}

/// Shows what waits, by type.
pub(crate) fn show(ui: &Ui, name: &str, counts: &Counts) {
    if total(counts) == 0 {
        return ui.say(format!("{name} has no unsent mail."));
    }
    ui.say(format!("{name} has {}:", count(total(counts), "unsent email")));
    table(ui, counts);
}

fn table(ui: &Ui, counts: &Counts) {
    let mut table = Table::new(["type", "unsent"]).right(1);
    for (kind, number) in counts.iter().filter(|(_, number)| *number > 0) {
        table.row([kind.clone(), number.to_string()]);
    }
    ui.table(&table);
}

/// Makes sure that mail is off, deletes, waits for the job, counts again. `before` is what was shown and confirmed.
pub(crate) async fn purge(
    tools: &Tools<'_>,
    instance: &Instance,
    rules: &Rules,
    before: Counts,
) -> Result<Purged> {
    let mut purged = Purged {
        left: before.clone(),
        before,
        ..Purged::default()
    };
    if total(&purged.before) == 0 {
        return Ok(purged);
    }
    let turn = Turn {
        action: Action::Freeze,
        instance,
        rules,
        backup: "",
        wanted: &|_| Some(false),
    };
    let mail = switching::turn(tools, &turn, MAIL).await?;
    purged.sent |= mail.sent;
    if !mail.is_good() {
        say_turned(tools.ui, &mail, Said::Off);
        purged.why = Some("Mail is not off, so that nothing was deleted.".to_owned());
        return Ok(purged);
    }
    if mail.switched().next().is_some() {
        say_turned(tools.ui, &mail, Said::Off);
    }
    delete(tools, instance, &mut purged).await?;
    Ok(purged)
}

async fn delete(tools: &Tools<'_>, instance: &Instance, purged: &mut Purged) -> Result<()> {
    let (mut captured, _) = records(tools, instance).await?;
    let mut removal = removal(tools, &captured).await;
    if matches!(&removal, Err(error) if error.kind() == Kind::Page) {
        // A page shows no button while a deletion runs, as after a run that was interrupted.
        purged.left = waited(tools, instance, total(&purged.before)).await?;
        if total(&purged.left) == 0 {
            return Ok(());
        }
        tools.context.cancel.check()?;
        (captured, _) = records(tools, instance).await?;
        removal = self::removal(tools, &captured).await;
    }
    let Some((path, removal)) = removal? else {
        return Ok(());
    };
    let text = captured.documents.first().map_or("", |document| &document.text);
    let clock = tools.context.clock;
    let began = Began {
        action: Action::Purge,
        backup: String::new(),
        safety: None,
        documents: vec![path.clone()],
        sent: Vec::new(),
        account: tools.session.user().map(str::to_owned),
        origin: Some(instance.origin.clone()),
    };
    tools.context.cancel.check()?;
    let mut journal = tools.state.begin_run(&instance.name, clock(), began).await?;
    let sending = Event::Sending {
        document: path.clone(),
        before: content_hash(text.as_bytes()),
        wanted: content_hash(b""),
        keys: None,
    };
    journal.record(clock(), &sending).await?;
    let sent = tools.session.remove(&removal).await?;
    purged.sent = true;
    let left = waited(tools, instance, total(&purged.before)).await;
    let outcome = match &left {
        Ok(left) if total(left) == 0 => "written",
        Ok(_) => "written but reads different",
        Err(_) => "unknown",
    };
    purged.left = left.unwrap_or_else(|_| purged.before.clone());
    purged.why = match (outcome, sent) {
        ("written", _) => None,
        ("unknown", _) => Some("It was sent, and what is left cannot be read.".to_owned()),
        (_, Sent::Declined { why, .. } | Sent::Unsettled(why) | Sent::Conflict(why)) => {
            Some(format!("Not all was deleted: {why}."))
        }
        (_, Sent::Answered { .. }) => {
            Some("What is left is being sent, or came since: run it again in a while.".to_owned())
        }
    };
    let ended = Event::Ended {
        document: path.clone(),
        outcome: outcome.to_owned(),
        read: None,
        after: None,
    };
    let code = if purged.why.is_none() {
        Exit::Done
    } else {
        Exit::Incomplete
    }
    .code();
    for event in [ended, Event::Finished { code }] {
        if let Err(error) = journal.record(clock(), &event).await {
            // What was deleted stays deleted: this must not hide it.
            tools.ui.warn(error.message());
        }
    }
    Ok(())
}

/// Finds what deletes on the page, with the path of its records; none where there are no records.
async fn removal(tools: &Tools<'_>, captured: &Captured) -> Result<Option<(String, Removal)>> {
    let part = switching::part(tools, UNSENT)?;
    let Some((path, place)) = captured.places.iter().next() else {
        return Ok(None);
    };
    let page = match &part.service {
        Some(service) => {
            tools
                .session
                .read_with(&place.url, Some(&place.list), &service.headers)
                .await?
        }
        None => tools.session.read(&place.url, Some(&place.list)).await?,
    };
    let unclear = |sentence: &str| {
        Error::new(Kind::Page, format!("The page of {} {sentence}.", part.title))
            .hint("delete it by hand: System Administration > Tools > Manage Unsent Emails")
    };
    match Removal::of(&page, part, &captured.answers) {
        Ok(Some(removal)) => Ok(Some((path.clone(), removal))),
        Ok(None) => {
            let label = part.remove.first().map_or("", String::as_str);
            Err(unclear(&format!("has no button `{label}`")))
        }
        Err(why) => Err(unclear(&why.sentence)),
    }
}

/// Waits for the job that deletes: until nothing is left, or what is left stays the same.
async fn waited(tools: &Tools<'_>, instance: &Instance, before: usize) -> Result<Counts> {
    let mut alike = 0;
    let mut last = before;
    let mut looks = 0;
    loop {
        let left = counted(tools, instance).await?;
        let now = total(&left);
        alike = if now == last { alike + 1 } else { 0 };
        last = now;
        looks += 1;
        if now == 0 || alike >= ENOUGH || looks >= MOST_LOOKS {
            return Ok(left);
        }
        let wait = WAITS.get(looks - 1).or(WAITS.last()).copied().unwrap_or_default();
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = tools.context.cancel.stops() => return Ok(left),
        }
    }
}

/// Says what was deleted and what is left.
pub(crate) fn say_purged(ui: &Ui, name: &str, purged: &Purged) {
    let (before, left) = (total(&purged.before), total(&purged.left));
    if before == 0 {
        return;
    }
    match (left, &purged.why) {
        (0, _) => ui.say(
            Text::new()
                .toned(Tone::Good, format!("Deleted {}", count(before, "unsent email")))
                .plain(": none is left."),
        ),
        (_, why) => {
            let line = format!("{left} of {before} unsent emails are left at {name}");
            ui.say(Text::new().toned(Tone::Bad, line).plain(":"));
            table(ui, &purged.left);
            why.iter().for_each(|why| ui.say(why.as_str()));
        }
    }
}

fn by_type(counts: &Counts) -> impl Iterator<Item = (&str, usize)> {
    counts.iter().map(|(kind, number)| (kind.as_str(), *number))
}

fn tell(ui: &Ui, instance: &Instance, purged: &Purged) -> Result<Exit> {
    say_purged(ui, &instance.name, purged);
    let left = total(&purged.left);
    let exit = if left == 0 { Exit::Done } else { Exit::Incomplete };
    ui.json(
        "purge-emails",
        &Answer {
            instance: &instance.name,
            before: by_type(&purged.before).collect(),
            deleted: total(&purged.before).saturating_sub(left),
            left,
            left_by_type: by_type(&purged.left).filter(|(_, number)| *number > 0).collect(),
            why: purged.why.as_deref(),
            exit_code: exit.code(),
        },
    )?;
    if left > 0 && !purged.sent {
        let why = purged.why.clone().unwrap_or_default();
        return Err(Error::new(Kind::Refused, why));
    }
    Ok(exit)
}
