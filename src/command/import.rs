//! `lmskeep import`: stores files copied by hand as a backup.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use crate::backup::{BackupKind, Contracts, Document, Draft, Format, Identity, Media, text_of_file};
use crate::command::{Context, Exit, access, backup, rules};
use crate::copies::{GUIDE, document_name, image_name, text};
use crate::error::{Error, Kind, Result};
use crate::profile::{Profile, Shape};
use crate::report::Ui;
use crate::report::phrase::count;

/// The words of `lmskeep import`.
#[derive(Debug, Args)]
#[command(
    after_help = "For a tenant that cannot be entered by a program: copy each configuration file from the browser into a text
file of the same name.

Example:
  lmskeep import stage copies             copies/BIZX.txt becomes configuration/BIZX"
)]
pub struct ImportArgs {
    /// The instance that the files were copied from
    pub name: String,

    /// The folder with one file a document; a file's name is the document's
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,

    /// What looks like the result of a refresh is how the instance is meant to be from now on
    #[arg(long)]
    pub new_normal: bool,
}

/// What stands for the profile in a backup whose documents were copied by hand: nothing of a page is known.
pub(crate) const IMPORTED: &str = "import";

/// What `import --json` answers.
#[derive(Debug, Serialize)]
struct Answer<'a> {
    instance: &'a str,
    id: &'a str,
    kind: &'static str,
    documents: usize,
}

/// Stores the files of a folder as a backup.
///
/// # Errors
/// [`Kind::Usage`] for a folder that cannot be read, holds no copy, or two of one document.
pub fn run(ui: &Ui, context: &Context, args: &ImportArgs) -> Result<Exit> {
    let config = context.config()?;
    let instance = config.instance(&args.name)?;
    let profile = access::profile(context, instance)?;
    let documents = read_copies(ui, &args.folder, &profile)?;
    context.block_on_until_stopped(async {
        let archive = access::archive(context).await?;
        let before = access::newest_ordinary(&archive, &instance.name).await?;
        let refreshed = match args.new_normal {
            true => None,
            false => {
                backup::refreshed(&archive, &config, instance, &profile, &documents, before.as_ref()).await?
            }
        };
        // Copied by hand, a backup is complete when nothing is missing that the last complete one had; the first one,
        // when nothing is missing that matters most.
        let (expected, measure) = match &before {
            Some(before) => {
                let paths = before.content.documents.iter().map(|d| d.path.clone());
                (paths.collect(), "of the last complete backup")
            }
            None => (backup::recommended(&profile), "of those recommended at the least"),
        };
        let lacking: Vec<&String> = expected
            .iter()
            .filter(|path| !documents.iter().any(|d| d.path.eq_ignore_ascii_case(path)))
            .collect();
        let kind = match (&refreshed, lacking.is_empty()) {
            (Some(_), _) => BackupKind::AfterRefresh,
            (None, true) => BackupKind::Ordinary,
            (None, false) => BackupKind::Partial,
        };
        let draft = Draft {
            instance: instance.name.clone(),
            identity: Identity {
                origin: instance.origin.clone(),
                texts: BTreeMap::new(),
            },
            taken: (context.clock)(),
            kind,
            profile: IMPORTED.to_owned(),
            documents,
            pages: Contracts::default(),
            learned: rules::learned(context, &archive, &instance.name).await?,
        };
        let stored = archive.put(&draft).await?;
        let id = &stored.listed.id;
        ui.say(format!(
            "Stored {} of {} as backup {id}.",
            count(draft.documents.len(), "document"),
            draft.instance
        ));
        if !lacking.is_empty() {
            ui.note(format!(
                "It is partial: {} {measure} are missing.",
                count(lacking.len(), "document")
            ));
        }
        if let Some(why) = &refreshed {
            ui.warn(&format!("this looks like an instance after a refresh: {why}"));
            ui.hint("if the instance is meant to be so from now on, import again with `--new-normal`");
        }
        ui.json(
            "import",
            &Answer {
                instance: &draft.instance,
                id,
                kind: kind.word(),
                documents: draft.documents.len(),
            },
        )?;
        Ok(Exit::Done)
    })
}

/// Reads a folder of files copied by hand, one a document.
///
/// # Errors
/// [`Kind::Usage`] for a folder that cannot be read, holds no copy, or two of one document.
pub(crate) fn read_copies(ui: &Ui, folder: &Path, profile: &Profile) -> Result<Vec<Document>> {
    let unreadable = |path: &Path, cause: std::io::Error| {
        Error::new(Kind::Usage, format!("`{}` cannot be read.", path.display())).caused_by(cause)
    };
    // A folder does not say which part its files are of: the first is the one whose texts can be copied by hand.
    let part = profile.parts.first().ok_or_else(|| {
        Error::new(
            Kind::Usage,
            format!("The profile `{}` has no part.", profile.name),
        )
    })?;
    let images = profile.parts.iter().find(|part| part.shape == Shape::Files);
    let mut found: BTreeMap<String, Document> = BTreeMap::new();
    for entry in std::fs::read_dir(folder).map_err(|e| unreadable(folder, e))? {
        let path = entry.map_err(|e| unreadable(folder, e))?.path();
        let file = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let Some(name) = document_name(&file).filter(|_| path.is_file()) else {
            if file != GUIDE {
                ui.note(format!("`{file}` is no copy of a document: left out."));
            }
            continue;
        };
        let bytes = std::fs::read(&path).map_err(|e| unreadable(&path, e))?;
        let media = Media::of(&bytes);
        // A drawing is text as well: there only the file's name tells.
        let is_image = media.is_image() && (media.ending != ".svg" || Media::named(&file) == Some(media));
        let document = match (is_image, &images) {
            (true, Some(images)) => Document {
                path: format!("{}/{}", images.path, image_name(&file).unwrap_or(name)),
                text: text_of_file(&bytes),
                format: Format::File,
                read_only: None,
            },
            (true, None) => {
                ui.note(format!("`{file}` is no copy of a document: left out."));
                continue;
            }
            (false, _) => {
                let text = text(&bytes);
                Document {
                    path: format!("{}/{name}", part.path),
                    format: part.format.of(&text),
                    text,
                    read_only: None,
                }
            }
        };
        if let Some(twin) = found.insert(document.path.to_lowercase(), document) {
            return Err(Error::new(
                Kind::Usage,
                format!("`{}` holds two files for `{}`.", folder.display(), twin.name()),
            ));
        }
    }
    if found.is_empty() {
        return Err(Error::new(
            Kind::Usage,
            format!("`{}` holds no copy of a document.", folder.display()),
        )
        .hint("copy each configuration file into a text file of its name, such as `BIZX.txt`"));
    }
    let mut documents: Vec<Document> = found.into_values().collect();
    documents.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(documents)
}
