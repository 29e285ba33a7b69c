//! `lmskeep export`: writes a backup as files that a person can read and paste.

use std::path::PathBuf;

use clap::Args;
use maud::{DOCTYPE, Markup, html};
use serde::Serialize;

use crate::backup::{Backup, Document, Media};
use crate::command::{Context, Exit, access};
use crate::copies::{GUIDE, file_name, file_name_of};
use crate::error::{Error, Kind, Result};
use crate::instance::Reference;
use crate::report::Ui;
use crate::report::phrase::count;
use crate::store::Store;

/// The words of `lmskeep export`.
#[derive(Debug, Args)]
#[command(
    after_help = "The files hold passwords as they were stored: keep the folder as safe as the archive.

Example:
  lmskeep export stage@latest copies      one .txt file a document, and a page that says how to paste them back"
)]
pub struct ExportArgs {
    /// The instance, and perhaps which of its backups: an id, `latest`, `latest~2`, or a day
    #[arg(value_name = "NAME[@BACKUP]", value_parser = Reference::read)]
    pub from: Reference,

    /// The folder to write to; it is made where there is none
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
}

/// What `export --json` answers.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    instance: &'a str,
    backup: &'a str,
    folder: String,
    files: Vec<String>,
}

/// Writes one file a document, and the page that says how to paste them back.
///
/// # Errors
/// [`Kind::Usage`] where the folder holds other files of these names; [`Kind::Archive`].
pub fn run(ui: &Ui, context: &Context, args: &ExportArgs) -> Result<Exit> {
    context.block_on_until_stopped(async {
        let archive = access::archive(context).await?;
        let found = access::resolve_backup(&archive, ui, &args.from).await?;
        let backup = archive.get(&found.listed).await?;
        access::tell_backup(ui, &backup);
        let store = Store::local(&args.folder).map_err(|error| error.of_kind(Kind::Usage))?;
        let files: Vec<(String, Vec<u8>)> = backup
            .content
            .documents
            .iter()
            .filter_map(|d| Some((copy_of(d)?, d.content().into_owned())))
            .collect();
        let guide = (GUIDE.to_owned(), page(&backup).into_string().into_bytes());
        let mut names: Vec<String> = files.iter().map(|(name, _)| name.to_lowercase()).collect();
        names.sort();
        if let Some(twin) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(Error::new(
                Kind::Usage,
                format!(
                    "Two documents would be one file, `{}`: nothing is written.",
                    twin[0]
                ),
            ));
        }
        for (name, text) in files.iter().chain([&guide]) {
            let there = store.get(name).await?;
            if there.is_some_and(|there| there != *text) {
                return Err(Error::new(
                    Kind::Usage,
                    format!(
                        "`{}` already holds another `{name}`: nothing is overwritten.",
                        args.folder.display()
                    ),
                )
                .hint("choose an empty folder"));
            }
        }
        for (name, text) in files.iter().chain([&guide]) {
            let put = store.put(name, text.clone()).await;
            put.map_err(|error| error.of_kind(Kind::Usage))?;
        }
        let (documents, folder) = (count(files.len(), "document"), args.folder.display().to_string());
        ui.say(format!(
            "Wrote {documents} of {}@{} to {folder}.",
            backup.content.instance, backup.id
        ));
        ui.note(format!(
            "`{GUIDE}` says how to paste them back. Encrypted values cannot be pasted: it says so too."
        ));
        let files = files.into_iter().map(|(name, _)| name).collect();
        ui.json(
            "export",
            &Answer {
                instance: &backup.content.instance,
                backup: &backup.id,
                folder,
                files,
            },
        )?;
        Ok(Exit::Done)
    })
}

/// Name of the file that a document is written to; none where it is a file that the instance does not have.
fn copy_of(document: &Document) -> Option<String> {
    let content = document.content();
    match (document.is_file(), content.is_empty()) {
        (false, _) => Some(file_name(document.name())),
        (true, false) => Some(file_name_of(document.name(), Media::of(&content).ending)),
        (true, true) => None,
    }
}

/// The page for a person who puts the files back by hand.
fn page(backup: &Backup) -> Markup {
    let name = &backup.content.instance;
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                title { "Putting " (name) " back by hand" }
                style { "body{font:16px/1.5 sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}code{background:#eee;padding:0 .2em}td,th{text-align:left;padding:.2em .8em .2em 0;vertical-align:top}" }
            }
            body {
                h1 { "Putting " (name) " back by hand" }
                p { "These files are the backup " code { (backup.id) } " of " (backup.content.identity.origin) ", taken " (backup.content.taken.strftime("%Y-%m-%d %H:%M UTC")) "." }
                ol {
                    li { "Before you start, know the SFTP passwords and the single sign-on values: the files hold them only in the form in which the LMS has encrypted them, and pasting that form may not be enough." }
                    li { "Sign in as an LMS admin and open System Admin > Configuration > System Configuration." }
                    li { "For each file below, choose Edit, mark the whole text, and replace it by the text of the file of the same name." }
                    li { "Where the text holds an encrypted value, enter the real value in its place. To have the lines that are in the LMS now kept instead, let " code { "lmskeep show " (name) " DOC --to-paste FILE --live DIR" } " write the text." }
                    @if backup.content.documents.iter().any(Document::is_file) {
                        li { "Upload each image of the table in the page of its name." }
                    }
                    li { "Choose Apply Changes, open the file again, and see that it took the text." }
                    li { "Leave BIZX until last: it can close native login." }
                }
                table {
                    tr { th { "configuration file" } th { "text to paste" } }
                    @for document in &backup.content.documents {
                        @if let Some(file) = copy_of(document) {
                            tr {
                                td { (document.name()) @if document.read_only.is_some() { " (read-only: for comparison)" } }
                                td { a href=(href(&file)) { (file) } @if document.is_file() { " (to upload)" } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn href(file: &str) -> String {
    percent_encoding::utf8_percent_encode(file, percent_encoding::NON_ALPHANUMERIC).to_string()
}
