//! A zip for a bug report: what the pages are like, without what they say.

use std::io::{Cursor, Write};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::capture::Surveyed;
use crate::command::access;
use crate::error::{Error, Kind, Result};
use crate::page::{Content, Skeletons};
use crate::profile::Profile;
use crate::report::Ui;
use crate::report::phrase::count;
use crate::session::Session;

const README: &str = "Pages of an LMS as `lmskeep check --bundle` has read them. Every text, value, token, host and name is replaced
by `w` and a number; the same word has the same number on all pages. Words of HTML, and those of the profile that anybody
may know, are left. `pages.txt` lists the pages in the order in which they were read, `check.txt` what was found.
";

/// Writes the bundle; gives its path for the answer.
///
/// # Errors
/// [`Kind::Archive`] where the file cannot be written.
pub(crate) async fn write(ui: &Ui, session: &Session, parts: &[Surveyed], file: &Path) -> Result<String> {
    let mut skeletons = Skeletons::keeping(words(session.profile()));
    let pages = session.kept_pages();
    let mut files = vec![("README.txt".to_owned(), README.to_owned())];
    let mut index = String::new();
    for (number, page) in pages.iter().enumerate() {
        let end = if page.content == Content::Html {
            "html"
        } else {
            "txt"
        };
        let name = format!("pages/{:03}.{end}", number + 1);
        let remark = if page.cut.is_some() { "  cut off" } else { "" };
        index.push_str(&format!(
            "{name}  {}  {}{remark}\n",
            skeletons.address(&page.url),
            page.encoding.name()
        ));
        files.push((name, skeletons.page(page)));
    }
    files.push(("pages.txt".to_owned(), index));
    files.push(("check.txt".to_owned(), summary(&mut skeletons, parts)));
    let zipped = zipped(&files)
        .map_err(|cause| Error::new(Kind::Usage, "The bundle cannot be put together.").caused_by(cause))?;
    access::put_file(file, zipped).await?;
    let shown = file.display().to_string();
    ui.note(format!(
        "Wrote {} to {shown}, all texts, values, tokens, hosts and names replaced. Look through it before you pass it on.",
        count(pages.len(), "page")
    ));
    Ok(shown)
}

/// Words of a contract's own lines.
const CONTRACT: &str =
    "page form text field button member none get post urlencoded multipart plain utf 8 hidden textarea select
checkbox radio password submit reset button image file number date search email url tel";

/// Words of the profile that anybody may know. The name of the profile and texts that tell instances apart are not
/// among them.
fn words(profile: &Profile) -> Vec<&str> {
    let words = &profile.words;
    let sign_in = &profile.sign_in;
    let of_all = [
        &words.save,
        &words.never,
        &words.edit,
        &words.further,
        &words.denied,
        &profile.token.names,
        &sign_in.user,
        &sign_in.password,
    ];
    let of_parts = profile
        .parts
        .iter()
        .flat_map(|part| part.labels.iter().chain(&part.via));
    of_all
        .into_iter()
        .flatten()
        .chain(of_parts)
        .map(String::as_str)
        .chain([CONTRACT])
        .collect()
}

/// Says what was found, by numbers and replaced words.
fn summary(skeletons: &mut Skeletons, parts: &[Surveyed]) -> String {
    let mut text = format!("lmskeep {}\n", env!("CARGO_PKG_VERSION"));
    for part in parts {
        let how = part.how.map_or("not found", |how| how.words());
        let understood: usize = part.pages.values().map(Vec::len).sum();
        text.push_str(&format!(
            "\nfound {how}; {} items, {understood} understood, {} read-only, {} missing\n",
            part.items,
            part.read_only.len(),
            part.troubles.len()
        ));
        for (contract, documents) in &part.pages {
            text.push_str(&format!("{} alike:\n", documents.len()));
            for line in contract.lines() {
                text.push_str(&format!("  {}\n", skeletons.text(line)));
            }
        }
        for error in &part.troubles {
            text.push_str(&format!("missing: {}\n", skeletons.text(error.message())));
        }
    }
    text
}

fn zipped(files: &[(String, String)]) -> zip::result::ZipResult<Vec<u8>> {
    // The moment stays out of it: the zip's own first day stands for all files.
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        writer.start_file(name.as_str(), options)?;
        writer.write_all(text.as_bytes())?;
    }
    Ok(writer.finish()?.into_inner())
}
