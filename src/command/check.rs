//! `lmskeep check`: walks every page of the profile and says what it found, without a writing request.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use crate::capture::{How, Surveyed, Wishes, survey};
use crate::command::words::SignInArgs;
use crate::command::{Context, Exit, access, bundle, page_change};
use crate::error::{Error, Question, Result};
use crate::instance::Instance;
use crate::report::phrase::count;
use crate::report::{Text, Tone, Ui};
use crate::selection::Selection;
use crate::session::Session;

/// Items of a kind that are named on a line, at most.
const MOST_NAMED: usize = 6;

/// The words of `lmskeep check`.
#[derive(Debug, Args)]
#[command(
    after_help = "Nothing is changed in the LMS. Exit code 0: everything was found; 1: something is missing.

Examples:
  lmskeep check stage
  lmskeep check stage --bundle stage.zip  also writes what the pages are like, without what they say"
)]
pub struct CheckArgs {
    /// The instance to look at
    pub name: String,

    /// Write a zip for a bug report: the pages with all texts, values, tokens, hosts and names replaced
    #[arg(long, value_name = "FILE")]
    pub bundle: Option<PathBuf>,

    /// How to sign in.
    #[command(flatten)]
    pub sign_in: SignInArgs,
}

/// What `check --json` answers.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    instance: &'a str,
    origin: &'a str,
    user: Option<&'a str>,
    parts: Vec<PartAnswer<'a>>,
    bundle: Option<String>,
}

/// A part as JSON shows it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PartAnswer<'a> {
    id: &'a str,
    title: &'a str,
    found: Option<How>,
    address: Option<&'a str>,
    items: usize,
    understood: usize,
    pages: Vec<Alike<'a>>,
    read_only: Vec<&'a str>,
    missing: Vec<Missing<'a>>,
}

/// Pages that are alike.
#[derive(Debug, Serialize)]
struct Alike<'a> {
    contract: &'a [String],
    documents: &'a [String],
}

/// Something that is missing, and what may help.
#[derive(Debug, Serialize)]
struct Missing<'a> {
    what: &'static str,
    sentence: &'a str,
    hints: &'a [String],
    choices: Vec<&'a str>,
}

impl<'a> Missing<'a> {
    fn of(error: &'a Error) -> Self {
        let choices = error.question().into_iter().flat_map(|q| &q.choices);
        Self {
            what: missing_word(error),
            sentence: error.message(),
            hints: error.hints(),
            choices: choices.map(|choice| choice.shown.as_str()).collect(),
        }
    }
}

/// Looks at every page of an instance.
///
/// # Errors
/// All of signing in; an instance that stops answering. What is missing is no error but exit code 1.
pub fn run(ui: &Ui, context: &Context, args: &CheckArgs) -> Result<Exit> {
    let config = context.config()?;
    let instance = config.instance(&args.name)?;
    context.block_on_until_stopped(async {
        let session = access::session(ui, context, &config, instance, &args.sign_in).await?;
        session.keep_pages(args.bundle.is_some());
        access::check_identity(&access::identity(&session, instance)?, instance)?;
        let parts = look(ui, context, instance, &session).await?;
        show(ui, instance, session.user(), &parts)?;
        let archive = access::archive(context).await?;
        if let Some(before) = access::newest_ordinary(&archive, &instance.name).await? {
            let pages = parts.iter().flat_map(|part| &part.pages);
            let pages =
                pages.flat_map(|(contract, paths)| paths.iter().map(move |path| (path.as_str(), contract)));
            page_change::warn(ui, &before.content.pages, pages);
        }
        let bundle = match &args.bundle {
            Some(file) => Some(bundle::write(ui, &session, &parts, file).await?),
            None => None,
        };
        let missing = parts
            .iter()
            .any(|part| !part.optional && !part.troubles.is_empty());
        ui.json(
            "check",
            &Answer {
                instance: &instance.name,
                origin: &instance.origin,
                user: session.user(),
                parts: parts.iter().map(shown).collect(),
                bundle,
            },
        )?;
        Ok(if missing { Exit::Different } else { Exit::Done })
    })
}

/// Walks the pages; where one can be read in two ways, a person on a terminal is asked, and the walk begins anew.
async fn look(ui: &Ui, context: &Context, instance: &Instance, session: &Session) -> Result<Vec<Surveyed>> {
    let state = access::state(context)?;
    let remembered = state.pages(&instance.name).await?;
    let everything = Selection::default();
    let mut answers = instance.pages.clone();
    loop {
        let wishes = Wishes {
            answers: &answers,
            remembered: &remembered,
            selection: &everything,
        };
        let bar = access::Bar::new(ui.progress(0, "reading"));
        let parts = survey(session, wishes, &bar, &context.cancel).await?;
        drop(bar);
        let mut troubles = parts
            .iter()
            .flat_map(|part| part.troubles.iter().map(move |error| (part, error)));
        let open = troubles.find_map(|(part, error)| {
            // What an instance may do without is asked for only where it is there.
            let asks = |q: &&Question| !part.optional || q.between_readings;
            let question = error
                .question()
                .filter(asks)
                .filter(|q| !answers.contains_key(&q.setting))?;
            Some((error.message().to_owned(), question.clone()))
        });
        let Some((sentence, question)) = open else {
            return Ok(parts);
        };
        match access::ask(ui, context, instance, &sentence, &question).await? {
            Some(answer) => drop(answers.insert(question.setting, answer)),
            None => return Ok(parts),
        }
    }
}

fn show(ui: &Ui, instance: &Instance, user: Option<&str>, parts: &[Surveyed]) -> Result<()> {
    ui.say(Text::new().toned(Tone::Strong, &instance.name).plain(format!(
        " is {}; {}.",
        instance.origin,
        user.map_or_else(
            || "with a browser's session".to_owned(),
            |user| format!("signed in as {user}")
        )
    )));
    for part in parts.iter().filter(|part| !part.optional) {
        ui.say(Text::new());
        ui.say(Text::new().toned(Tone::Strong, &part.title));
        show_found(ui, part);
        for (number, error) in part.troubles.iter().enumerate() {
            show_trouble(ui, number + 1, error);
        }
    }
    show_left_out(ui, instance, parts);
    let there = parts.iter().filter(|part| !part.optional);
    let missing: usize = there.map(|part| part.troubles.len()).sum();
    ui.say(Text::new());
    ui.say(match missing {
        0 => Text::new().toned(Tone::Good, "Everything was found."),
        n => Text::new().toned(Tone::Bad, format!("{} missing.", count_missing(n))),
    });
    Ok(())
}

/// Names the parts that backups do without, and why.
fn show_left_out(ui: &Ui, instance: &Instance, parts: &[Surveyed]) {
    let left_out: Vec<&Surveyed> = parts.iter().filter(|part| part.optional).collect();
    if left_out.is_empty() {
        return;
    }
    ui.say(Text::new());
    ui.say(Text::new().toned(Tone::Strong, "Not found, and left out of backups"));
    for part in &left_out {
        for error in &part.troubles {
            ui.say(format!("  {}: {}", part.title, error.message()));
            if let Some(question) = error.question().filter(|question| question.between_readings) {
                ui.say(
                    Text::new()
                        .plain("     ")
                        .toned(Tone::Strong, "hint:")
                        .plain(format!(" {}", question.command(&instance.name))),
                );
            }
        }
    }
    ui.say(
        Text::new()
            .plain("     ")
            .toned(Tone::Strong, "hint:")
            .plain(format!(
                " where a page is there under another name: lmskeep instance set {} page '{}=ADDRESS-OR-MENU-ENTRY'",
                instance.name, left_out[0].part
            )),
    );
}

fn count_missing(n: usize) -> String {
    match n {
        1 => "1 thing is".to_owned(),
        n => format!("{n} things are"),
    }
}

fn show_found(ui: &Ui, part: &Surveyed) {
    let line = |word: &str, text: &str| ui.say(format!("  {word:<9} {text}"));
    let Some(how) = part.how else { return };
    line("found", how.words());
    if let Some(address) = &part.address {
        line(
            "list",
            &format!("{}: {}", within(address), count(part.items, "item")),
        );
    }
    let understood: usize = part.pages.values().map(Vec::len).sum();
    line("pages", &format!("{understood} of {} understood", part.items));
    for (contract, documents) in &part.pages {
        if part.pages.len() > 1 {
            line("alike", &named(documents));
        }
        for word in ["page", "form", "text", "button"] {
            let prefix = format!("{word} ");
            let lines = contract.lines().iter().filter_map(|l| l.strip_prefix(&prefix));
            lines.for_each(|text| line(word, text));
        }
        let fields: Vec<&str> = contract
            .lines()
            .iter()
            .filter_map(|l| l.strip_prefix("field ").or_else(|| l.strip_prefix("member ")))
            .collect();
        if !fields.is_empty() {
            line("fields", &fields.join(", "));
        }
    }
    for (path, why) in &part.read_only {
        line("read-only", &format!("{path}: {why}"));
    }
}

/// An address without the host, which is said above.
fn within(address: &str) -> &str {
    let path = address
        .split_once("://")
        .and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..]));
    path.unwrap_or(address)
}

fn show_trouble(ui: &Ui, number: usize, error: &Error) {
    ui.say(
        Text::new()
            .plain(format!("  {number}. "))
            .toned(Tone::Bad, missing_word(error))
            .plain(format!(": {}", error.message())),
    );
    let choices = error.question().map(|q| q.choices.as_slice()).unwrap_or_default();
    if !choices.is_empty() {
        ui.say("     What it could be:");
        choices
            .iter()
            .for_each(|choice| ui.say(format!("       {}", choice.shown)));
    }
    for hint in error.hints() {
        ui.say(
            Text::new()
                .plain("     ")
                .toned(Tone::Strong, "hint:")
                .plain(format!(" {hint}")),
        );
    }
}

/// Tells a missing permission from a page that is missing or not understood.
fn missing_word(error: &Error) -> &'static str {
    match (error.is_forbidden(), error.question().is_some()) {
        (true, _) => "permission",
        (false, true) => "question",
        (false, false) => "page",
    }
}

fn named(documents: &[String]) -> String {
    let mut named: Vec<&str> = documents.iter().take(MOST_NAMED).map(String::as_str).collect();
    let more = documents.len().saturating_sub(MOST_NAMED);
    let rest = format!("and {}", count(more, "other"));
    if more > 0 {
        named.push(&rest);
    }
    named.join(", ")
}

fn shown(part: &Surveyed) -> PartAnswer<'_> {
    let pages = part.pages.iter().map(|(contract, documents)| Alike {
        contract: contract.lines(),
        documents,
    });
    PartAnswer {
        id: &part.part,
        title: &part.title,
        found: part.how,
        address: part.address.as_deref(),
        items: part.items,
        understood: part.pages.values().map(Vec::len).sum(),
        pages: pages.collect(),
        read_only: part.read_only.iter().map(|(path, _)| path.as_str()).collect(),
        missing: part.troubles.iter().map(Missing::of).collect(),
    }
}
