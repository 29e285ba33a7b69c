//! `lmskeep man`: gives the manual pages.

use std::path::PathBuf;

use clap::Args;
use clap_mangen::Man;
use serde::Serialize;

use crate::command::{Context, Exit};
use crate::error::{Error, Kind, Result};
use crate::report::{Ui, phrase};
use crate::store::Store;

/// The words of `lmskeep man`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lmskeep man | man -l -                  read the page of the program itself
  lmskeep man ~/.local/share/man/man1     write a page for each command")]
pub struct ManArgs {
    /// The folder to write a page for each command to; without it, the program's own page is printed
    #[arg(value_name = "DIR")]
    pub folder: Option<PathBuf>,
}

#[derive(Serialize)]
struct Printed {
    page: String,
}

#[derive(Serialize)]
struct Written {
    files: Vec<String>,
}

/// Prints the program's page, or writes all pages; `words` are all words of this program.
///
/// # Errors
/// [`Kind::Archive`] where the folder cannot be written to.
pub fn run(ui: &Ui, context: &Context, args: &ManArgs, mut words: clap::Command) -> Result<Exit> {
    words.build();
    let Some(folder) = &args.folder else {
        let page = page(words)?;
        ui.document(&page);
        ui.json("man", &Printed { page })?;
        return Ok(Exit::Done);
    };
    let mut pages = Vec::new();
    collect(words, "", &mut pages)?;
    let store = Store::local(folder)?;
    context.block_on(async {
        for (file, page) in &pages {
            store.put(file, page.clone()).await?;
        }
        Ok(())
    })?;
    let files: Vec<String> = pages.into_iter().map(|(file, _)| file).collect();
    ui.say(format!(
        "Wrote {} to {}.",
        phrase::count(files.len(), "page"),
        folder.display()
    ));
    ui.json("man", &Written { files })?;
    Ok(Exit::Done)
}

/// Renders a command and all commands below it, as `lmskeep-instance-add.1` and the like.
fn collect(command: clap::Command, above: &str, pages: &mut Vec<(String, String)>) -> Result<()> {
    let name = if above.is_empty() {
        command.get_name().to_owned()
    } else {
        format!("{above}-{}", command.get_name())
    };
    for below in command
        .get_subcommands()
        .filter(|below| below.get_name() != "help")
    {
        collect(below.clone(), &name, pages)?;
    }
    let file = format!("{name}.1");
    pages.push((file, page(command.name(name))?));
    Ok(())
}

fn page(command: clap::Command) -> Result<String> {
    let mut page = Vec::new();
    Man::new(command)
        .render(&mut page)
        .map_err(|cause| Error::new(Kind::Usage, "The manual page cannot be made.").caused_by(cause))?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}
