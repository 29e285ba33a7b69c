//! `lmskeep scan`: finds everything in a refreshed instance that still points at the source.

use clap::Args;
use serde::Serialize;

use crate::archive::Archive;
use crate::backup::{Backup, BackupKind, Document};
use crate::command::scan_report::{self, Told};
use crate::command::words::{SelectionArgs, SignInArgs};
use crate::command::{Context, Exit, access, rules};
use crate::error::{Error, Kind, Result};
use crate::instance::{Config, Instance, Reference};
use crate::report::Ui;
use crate::scan::{Found, Input, scan};
use crate::selection::Selection;

/// The words of `lmskeep scan`.
#[derive(Debug, Args)]
#[command(
    after_help = "What may stay stands in the configuration file: texts, or documents and keys as `--only` takes them.

  [scan]
  allow = [\"smtp.example.com\", \"CONNECTORS:connector.x.*\"]

Passwords and other secrets are never shown. Comments are listed apart: they do not act.
Exit code 0: nothing found; 1: findings.

Examples:
  lmskeep scan stage                      against the newest backup of its source
  lmskeep scan stage --source prod@2026-11-03
  lmskeep scan stage@latest               a backup, in place of the instance as it is now
  lmskeep scan stage --only CONNECTORS"
)]
pub struct ScanArgs {
    /// The instance; with a backup, that one is looked through, and nobody signs in
    #[arg(value_name = "NAME[@BACKUP]", value_parser = Reference::read)]
    pub name: Reference,

    /// The instance that was copied over it, and perhaps which of its backups [default: the instance's source]
    #[arg(long, value_name = "NAME[@BACKUP]", value_parser = Reference::read)]
    pub source: Option<Reference>,

    /// Which documents and keys.
    #[command(flatten)]
    pub selection: SelectionArgs,

    /// How to sign in.
    #[command(flatten)]
    pub sign_in: SignInArgs,
}

/// What `scan --json` answers.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    instance: &'a str,
    scanned: &'a str,
    source: String,
    own: Option<&'a str>,
    #[serde(flatten)]
    found: &'a Found,
}

/// Looks for the source, and answers with exit code 0 or 1.
///
/// # Errors
/// [`Kind::Usage`] where no source or no backup of it is known; all of signing in and reading.
pub fn run(ui: &Ui, context: &Context, args: &ScanArgs) -> Result<Exit> {
    let config = context.config()?;
    let instance = config.instance(&args.name.instance)?;
    let reference = source_of(instance, args)?;
    let selection = access::selection(&args.selection)?;
    context.block_on_until_stopped(async {
        let archive = access::archive(context).await?;
        let source = source(ui, &config, &archive, &reference).await?;
        let scanned = scanned(ui, context, &config, &archive, args, &selection).await?;
        let own = before(ui, &archive, instance, scanned.backup.as_deref()).await?;
        let live = &scanned.documents;
        let all = || live.iter().chain(&source.content.documents);
        let paths: Vec<&str> = all().map(|d| d.path.as_str()).collect();
        access::refuse_unmatched(&selection, &paths)?;
        access::refuse_unmatched_keys(&selection, all())?;
        let names = [instance.name.as_str(), &reference.instance];
        let rules = rules::of(context, &config, &archive, &names).await?;
        let source_host = config.instances().get(&reference.instance).map(host);
        let found = scan(&Input {
            live,
            own: own.as_ref().map_or(&[], |own| &own.content.documents),
            source: &source.content.documents,
            own_host: host(instance),
            source_host,
            selection: &selection.among(&rules, all()),
            allow: config.scan_allow(),
            rules: &rules,
        });
        let told = Told {
            instance: &instance.name,
            source: &reference.instance,
            config: config.path(),
            stored: scanned.backup.is_some(),
        };
        scan_report::found(ui, &found, &told);
        ui.json(
            "scan",
            &Answer {
                instance: &instance.name,
                scanned: scanned.backup.as_deref().unwrap_or("now"),
                source: format!("{}@{}", reference.instance, source.id),
                own: own.as_ref().map(|own| own.id.as_str()),
                found: &found,
            },
        )?;
        Ok(if found.findings.is_empty() {
            Exit::Done
        } else {
            Exit::Different
        })
    })
}

/// The source that was named, or the one the instance is known to have.
fn source_of(instance: &Instance, args: &ScanArgs) -> Result<Reference> {
    let name = &instance.name;
    let reference = match (&args.source, &instance.source) {
        (Some(given), _) => given.clone(),
        (None, Some(known)) => Reference {
            instance: known.clone(),
            backup: None,
        },
        (None, None) => {
            return Err(Error::new(
                Kind::Usage,
                format!("It is not known which instance was copied over `{name}`."),
            )
            .hint(format!("lmskeep scan {name} --source NAME"))
            .hint(format!("to keep it: lmskeep instance set {name} source NAME")));
        }
    };
    if reference.instance == *name {
        return Err(
            Error::new(Kind::Usage, format!("`{name}` cannot be its own source.")).hint(format!(
                "lmskeep diff {name}    shows what has changed since a backup"
            )),
        );
    }
    Ok(reference)
}

async fn source(ui: &Ui, config: &Config, archive: &Archive, reference: &Reference) -> Result<Backup> {
    let name = &reference.instance;
    let listed = archive.list(Some(name)).await?;
    if listed.is_empty() {
        config.instance(name)?;
    }
    let found = access::resolve_backup(archive, ui, reference)
        .await
        .map_err(|error| match &reference.backup {
            Some(_) => error,
            None => Error::new(
                Kind::Usage,
                format!("There is no backup of `{name}`, from which it would be known what points at it."),
            )
            .hint(format!("lmskeep backup {name}")),
        })?;
    let backup = archive.get(&found.listed).await?;
    access::tell_backup(ui, &backup);
    Ok(backup)
}

/// What is looked through: the instance as it is now, or one of its backups.
struct Scanned {
    documents: Vec<Document>,
    backup: Option<String>,
}

async fn scanned(
    ui: &Ui,
    context: &Context,
    config: &Config,
    archive: &Archive,
    args: &ScanArgs,
    selection: &Selection,
) -> Result<Scanned> {
    if args.name.backup.is_some() {
        let found = access::resolve_backup(archive, ui, &args.name).await?;
        let backup = archive.get(&found.listed).await?;
        access::tell_backup(ui, &backup);
        return Ok(Scanned {
            documents: backup.content.documents,
            backup: Some(backup.id),
        });
    }
    let instance = config.instance(&args.name.instance)?;
    let session = access::session(ui, context, config, instance, &args.sign_in).await?;
    access::check_identity(&access::identity(&session, instance)?, instance)?;
    let captured = access::read_live(ui, context, &session, instance, selection).await?;
    Ok(Scanned {
        documents: captured.documents,
        backup: None,
    })
}

/// The instance's newest ordinary backup, which says what was the source's before the refresh as well.
async fn before(
    ui: &Ui,
    archive: &Archive,
    instance: &Instance,
    scanned: Option<&str>,
) -> Result<Option<Backup>> {
    let name = &instance.name;
    let listed = archive.list(Some(name)).await?;
    let other = listed
        .iter()
        .rev()
        .find(|l| l.kind == BackupKind::Ordinary && scanned != Some(l.id.as_str()));
    let own = match other {
        Some(other) => Some(archive.get_what_is_whole(other).await?),
        None => None,
    };
    match &own {
        Some(own) => access::tell_backup(ui, own),
        None => ui.note(format!(
            "There is no other ordinary backup of {name}: what it had in common with its source from the start is listed too."
        )),
    }
    Ok(own)
}

fn host(instance: &Instance) -> &str {
    instance.url.host_str().unwrap_or_default()
}
