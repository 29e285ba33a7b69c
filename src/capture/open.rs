//! Opens a document's page and makes sure that it is that document's page.

use crate::backup::Document;
use crate::capture::list::ListItem;
use crate::capture::{Known, Place, file, frames, records};
use crate::error::{Error, Kind, Result};
use crate::find::{Answers, Editor, Naming, Unclear, edit_form, shown_path, waits_for_scripts};
use crate::page::Page;
use crate::profile::{Part, Shape};
use crate::session::Session;

/// A document's page, read and understood.
#[derive(Debug)]
pub struct Opened {
    /// The document's name.
    pub name: String,
    /// Where its page is.
    pub place: Place,
    /// The document as the page shows it.
    pub document: Document,
    /// The page itself, which knows how to write the document.
    pub editor: Editor,
}

impl Opened {
    /// Lets go of the page.
    pub(super) fn into_kept(self) -> (Document, Place) {
        (self.document, self.place)
    }
}

/// What a part's pages are read with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) part: &'a Part,
    pub(super) known: &'a Known,
    pub(super) answers: &'a Answers,
}

/// The page that came: the right one, or one that names another document.
#[derive(Debug)]
pub(super) enum Answer {
    Opened(Box<Opened>),
    Another(String),
}

/// Opens the page of a document that an earlier walk has found.
///
/// # Errors
/// [`Kind::Page`] when it is not that document's page, or not understood; nothing was sent.
pub async fn open(session: &Session, place: &Place, known: &Known, answers: &Answers) -> Result<Opened> {
    let part = session
        .profile()
        .parts
        .iter()
        .find(|p| p.id == place.part)
        .ok_or_else(|| Error::new(Kind::Page, format!("The profile has no part `{}`.", place.part)))?;
    let item = ListItem {
        names: vec![place.name.clone()],
        url: place.url.clone(),
        list: place.list.clone(),
        page: None,
    };
    let context = Context { part, known, answers };
    match open_item(session, context, &item).await? {
        Answer::Opened(opened) => Ok(*opened),
        Answer::Another(name) => Err(wrong_page(&item, &name)),
    }
}

/// Opens the page behind an item of the list.
pub(super) async fn open_item(session: &Session, context: Context<'_>, item: &ListItem) -> Result<Answer> {
    let mut page = match &item.page {
        Some(page) => Page::clone(page),
        None => match read(session, context.part, item).await {
            Ok(page) => with_text(session, page, context.part).await?,
            Err(e) if e.kind() == Kind::Page => {
                return Err(unreadable(session.instance(), &item.names.join(" / "), &e));
            }
            Err(e) => return Err(e),
        },
    };
    for image in &mut page.images {
        image.elsewhere = session.start().images.iter().any(|other| other.url == image.url);
    }
    match understand(session, context, item, page)? {
        Answer::Opened(opened) if context.part.shape == Shape::Files => {
            let opened = file::read(session, context.part, *opened).await?;
            Ok(Answer::Opened(Box::new(opened)))
        }
        Answer::Opened(opened) if context.part.shape == Shape::Records => {
            let opened = records::read(session, context, *opened).await?;
            Ok(Answer::Opened(Box::new(opened)))
        }
        answer => Ok(answer),
    }
}

/// Asks for an item's page as the page's own script would.
async fn read(session: &Session, part: &Part, item: &ListItem) -> Result<Page> {
    let list = Some(&item.list);
    match &part.service {
        Some(service) => session.read_with(&item.url, list, &service.headers).await,
        None => session.read(&item.url, list).await,
    }
}

/// Gives the page that holds the text: the page itself, or the one of its frames that does.
pub(super) async fn with_text(session: &Session, page: Page, part: &Part) -> Result<Page> {
    if part.service.is_some() {
        return Ok(page);
    }
    let (words, none) = (&session.profile().words, Answers::new());
    let has_text = |page: &Page| match edit_form(page, part, words, &none) {
        Ok(_) => true,
        Err(unclear) => unclear.question.is_some(),
    };
    if has_text(&page) || page.frames.is_empty() {
        return Ok(page);
    }
    let pages = frames::unfold(session, page).await?;
    let at = pages.iter().position(has_text).unwrap_or(0);
    let mut pages = pages.into_iter();
    pages
        .nth(at)
        .ok_or_else(|| Error::new(Kind::Page, "The page has no frames."))
}

fn understand(session: &Session, context: Context<'_>, item: &ListItem, page: Page) -> Result<Answer> {
    let part = context.part;
    if page.garbled {
        return Err(Error::new(
            Kind::Page,
            format!(
                "The page of `{}` declares a charset it is not written in.",
                item.names.join(" / ")
            ),
        )
        .hint("nothing was kept, so that no letter is guessed"));
    }
    if part.service.is_none() && waits_for_scripts(&page) {
        let what = format!("The page of `{}`", item.names.join(" / "));
        return Err(scripted(session.instance(), &what));
    }
    let words = &session.profile().words;
    let editor = Editor::of(page, part, words, context.answers)
        .map_err(|unclear| not_understood(session.instance(), &item.names.join(" / "), unclear))?;
    let naming = |name: &String| editor.naming(part, name, &context.known.names, &context.known.common);
    let named: Vec<&String> = item
        .names
        .iter()
        .filter(|name| naming(name) == Naming::Asked)
        .collect();
    let name = match named.as_slice() {
        [name] => (*name).clone(),
        [] => {
            return match item
                .names
                .iter()
                .map(naming)
                .find(|n| matches!(n, Naming::Other(_)))
            {
                Some(Naming::Other(other)) => Ok(Answer::Another(other)),
                _ => Err(nameless(item)),
            };
        }
        several => {
            let texts: Vec<String> = several.iter().map(|n| format!("`{n}`")).collect();
            return Err(Error::new(
                Kind::Page,
                format!(
                    "The page `{}` could be named {}: not guessed.",
                    shown_path(&item.url),
                    texts.join(" or ")
                ),
            ));
        }
    };
    let text = editor.text().to_owned();
    let read_only = editor.read_only().map(|r| match &r.question {
        Some(question) => format!("{}: `{}` names it", r.why, question.command(session.instance())),
        None => r.why.clone(),
    });
    let format = part.format.of(&text);
    let path = format!("{}/{name}", part.path);
    let place = Place {
        part: part.id.clone(),
        name: name.clone(),
        url: item.url.clone(),
        list: item.list.clone(),
        fields: editor.fields(),
        contract: editor.contract(&name, &session.profile().token.names),
    };
    let document = Document {
        path,
        text,
        format,
        read_only,
    };
    Ok(Answer::Opened(Box::new(Opened {
        name,
        place,
        document,
        editor,
    })))
}

/// Says that a page is not what the profile knows, with the answer that would help.
pub(super) fn not_understood(instance: &str, name: &str, unclear: Unclear) -> Error {
    let error = Error::new(Kind::Page, format!("The page of `{name}` {}.", unclear.sentence));
    match unclear.question {
        Some(question) => error.asking(instance, question),
        None => error.hint(
            "nothing was kept; the page may have changed, or the profile may not be meant for this LMS",
        ),
    }
}

/// Says that only a browser can show a page, and what to do about it.
pub(super) fn scripted(instance: &str, what: &str) -> Error {
    Error::new(
        Kind::Page,
        format!("{what} is built by a script, which only a browser runs."),
    )
    .hint("where the script reads JSON, a profile of your own can read it, too: `[part.service]` in docs/profiles.md")
    .hint(format!(
        "until then, copy the files out of a browser by hand: lmskeep import {instance} DIR"
    ))
}

/// Says that a document's page cannot be read, and how to go on without it.
pub(super) fn unreadable(instance: &str, name: &str, why: &Error) -> Error {
    let message = why.message().trim_end_matches('.');
    let first = message.chars().take(1).flat_map(char::to_lowercase);
    let message: String = first.chain(message.chars().skip(1)).collect();
    let error = Error::new(
        Kind::Page,
        format!("The page of `{name}` cannot be read: {message}."),
    );
    let error = match why.is_forbidden() {
        true => error.forbidden(),
        false => error,
    };
    let error = why
        .hints()
        .iter()
        .fold(error, |error, hint| error.hint(hint.clone()));
    error.hint(format!(
        "to leave it out: lmskeep backup {instance} --except '{name}'"
    ))
}

/// Says that a page belongs to another document.
pub(super) fn wrong_page(item: &ListItem, other: &str) -> Error {
    Error::new(
        Kind::Page,
        format!(
            "The page asked for as `{}` is the page of `{other}`.",
            item.names.join(" / ")
        ),
    )
    .hint("somebody may be working in the same session: sign out there and try again")
}

fn nameless(item: &ListItem) -> Error {
    Error::new(
        Kind::Page,
        format!(
            "The page asked for as `{}` does not say whose page it is.",
            item.names.join(" / ")
        ),
    )
}
