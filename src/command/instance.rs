//! `lmskeep instance`: says which LMS instances there are.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use jiff::Timestamp;
use serde::Serialize;
use url::Url;

use crate::command::profiles::{Profiles, is_path};
use crate::command::words::NetworkArgs;
use crate::command::{Context, Exit, access};
use crate::error::{Error, Kind, Result};
use crate::instance::{
    Config, Instance, Network, ProxyChoice, Role, Setting, did_you_mean, read_address, read_name,
};
use crate::profile::Part;
use crate::report::{Table, Text, Tone, Ui, phrase};

/// The words of `lmskeep instance`.
#[derive(Debug, Args)]
pub struct InstanceArgs {
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
}

/// What can be done with instances.
#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "there is one of it a run")]
pub enum Verb {
    /// Make an LMS instance known
    Add(AddArgs),
    /// List the instances that are known
    List,
    /// Show what is known of an instance
    Show {
        /// The instance
        name: String,
    },
    /// Change one thing that is known of an instance
    #[command(
        after_help = "Settings: url, user, role, source, profile, password_command, proxy, ca, client_cert, page, identity.
An empty value takes a setting away.

Examples:
  lmskeep instance set stage user ADMIN
  lmskeep instance set stage role test
  lmskeep instance set stage page system-configuration='System Configuration'"
    )]
    Set {
        /// The instance
        name: String,
        /// What to change
        #[arg(value_name = "SETTING")]
        key: String,
        /// What it is to be; for `page` and `identity`, `WHAT=VALUE`
        value: String,
    },
    /// Forget an instance; its backups stay
    Remove {
        /// The instance
        name: String,
    },
}

/// The words of `lmskeep instance add`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  lmskeep instance add prod --url https://prod.plateau.com --user ADMIN
  lmskeep instance add stage --url URL --user ADMIN --role test --source prod")]
pub struct AddArgs {
    /// A name of your choice: lower-case letters, digits, `-`, `.` and `_`
    #[arg(value_parser = read_name)]
    pub name: String,

    /// The address of the LMS; what the browser shows while you are signed in will do
    #[arg(long, value_parser = read_address)]
    pub url: Url,

    /// The LMS admin who signs in natively
    #[arg(long)]
    pub user: Option<String>,

    /// `production` or `test`; before a write to production you must type its name [default: production]
    #[arg(long, value_parser = ["production", "test"], hide_possible_values = true)]
    pub role: Option<String>,

    /// The instance that a refresh copies over this one
    #[arg(long, value_name = "NAME", value_parser = read_name)]
    pub source: Option<String>,

    /// What its pages are like: a profile of `lmskeep profile list`, or a file [default: SAP's pages]
    #[arg(long, value_name = "NAME|FILE")]
    pub profile: Option<String>,

    /// A command that prints the password, as of a password manager
    #[arg(long, value_name = "COMMAND")]
    pub password_command: Option<String>,

    /// The way there.
    #[command(flatten)]
    pub network: NetworkArgs,
}

/// An instance as JSON shows it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown<'a> {
    name: &'a str,
    url: &'a str,
    user: Option<&'a str>,
    role: Role,
    source: Option<&'a str>,
    profile: Option<&'a str>,
    has_password_command: bool,
    proxy: Option<&'a str>,
    ca: Option<&'a Path>,
    client_cert: Option<&'a Path>,
    pages: &'a std::collections::BTreeMap<String, String>,
    identity: &'a std::collections::BTreeMap<String, String>,
}

impl<'a> Shown<'a> {
    fn of(instance: &'a Instance) -> Self {
        Self {
            name: &instance.name,
            url: instance.url.as_str(),
            user: instance.user.as_deref(),
            role: instance.role,
            source: instance.source.as_deref(),
            profile: instance.profile.as_deref(),
            // The command line itself may hold a secret.
            has_password_command: instance.password_command.is_some(),
            proxy: instance.network.proxy.as_ref().map(ProxyChoice::text),
            ca: instance.network.ca.as_deref(),
            client_cert: instance.network.client_cert.as_deref(),
            pages: &instance.pages,
            identity: &instance.identity,
        }
    }
}

/// The JSON of a command that speaks of one instance.
#[derive(Serialize)]
struct One<'a> {
    instance: Shown<'a>,
}

/// The JSON of `instance show`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Kept<'a> {
    instance: Shown<'a>,
    /// When the session was taken over from a browser that is kept.
    session_taken: Option<Timestamp>,
}

/// The JSON of a command that speaks of all instances.
#[derive(Serialize)]
struct All<'a> {
    instances: Vec<Shown<'a>>,
}

/// The JSON of a command that forgets an instance.
#[derive(Serialize)]
struct Removed<'a> {
    removed: &'a str,
}

/// Does what was asked for.
///
/// # Errors
/// [`Kind::Usage`] for an unknown or taken name, or a value that a setting does not take; [`Kind::Archive`] where the
/// configuration file cannot be written.
pub fn run(ui: &Ui, context: &Context, args: &InstanceArgs) -> Result<Exit> {
    let config = context.config()?;
    match &args.verb {
        Verb::Add(args) => add(ui, context, &config, args)?,
        Verb::List => list(ui, &config)?,
        Verb::Show { name } => show(ui, context, config.instance(name)?)?,
        Verb::Set { name, key, value } => set(ui, context, &config, name, key, value)?,
        Verb::Remove { name } => remove(ui, context, &config, name)?,
    }
    Ok(Exit::Done)
}

fn add(ui: &Ui, context: &Context, config: &Config, args: &AddArgs) -> Result<()> {
    let role = match args.role.as_deref() {
        Some("test") => Role::Test,
        _ => Role::Production,
    };
    let new = Instance {
        user: args.user.clone(),
        role,
        source: args.source.clone(),
        profile: args
            .profile
            .as_deref()
            .map(|word| settled_profile(context, word))
            .transpose()?,
        password_command: args.password_command.clone(),
        network: Network {
            proxy: args.network.proxy.clone(),
            ca: args.network.ca.as_deref().map(settled_file).transpose()?,
            client_cert: args
                .network
                .client_cert
                .as_deref()
                .map(settled_file)
                .transpose()?,
        },
        ..Instance::new(&args.name, args.url.clone())
    };
    refuse_self_as_source(&new.name, new.source.as_deref())?;
    let changed = config.with_instance(&new)?;
    context.keep_config(&changed)?;
    let name = &new.name;
    ui.say(
        Text::new()
            .plain("Added ")
            .toned(Tone::Strong, name)
            .plain(format!(": {} ({}).", new.url, new.role.word())),
    );
    mention_neighbours(ui, config, &new);
    if new.user.is_none() {
        ui.hint(&format!(
            "say who signs in: `lmskeep instance set {name} user USER`"
        ));
    }
    ui.json(
        "instance-add",
        &One {
            instance: Shown::of(&new),
        },
    )
}

fn list(ui: &Ui, config: &Config) -> Result<()> {
    let mut table = Table::new(["name", "role", "url", "user", "source"]);
    for instance in config.instances().values() {
        table.row([
            Text::new().toned(Tone::Strong, &instance.name),
            instance.role.word().into(),
            instance.url.as_str().into(),
            instance.user.as_deref().unwrap_or_default().into(),
            instance.source.as_deref().unwrap_or_default().into(),
        ]);
    }
    if table.is_empty() {
        ui.note("No instance is known yet.");
        ui.hint("lmskeep instance add NAME --url URL --user USER --role test");
    } else {
        ui.table(&table);
    }
    ui.json(
        "instance-list",
        &All {
            instances: config.instances().values().map(Shown::of).collect(),
        },
    )
}

fn show(ui: &Ui, context: &Context, instance: &Instance) -> Result<()> {
    let mut table = Table::new(["setting", "value"]);
    let mut line = |key: &str, value: &str| table.row([key, value]);
    line("name", &instance.name);
    line("url", instance.url.as_str());
    line("role", instance.role.word());
    line("user", instance.user.as_deref().unwrap_or("(not set)"));
    line("source", instance.source.as_deref().unwrap_or("(not set)"));
    line("profile", instance.profile.as_deref().unwrap_or("(SAP's pages)"));
    // The command line itself may hold a secret.
    line(
        "password_command",
        if instance.password_command.is_some() {
            "(set)"
        } else {
            "(not set)"
        },
    );
    let network = &instance.network;
    if let Some(proxy) = &network.proxy {
        line("proxy", proxy.text());
    }
    for (key, file) in [("ca", &network.ca), ("client_cert", &network.client_cert)] {
        file.iter()
            .for_each(|file| line(key, &file.display().to_string()));
    }
    instance
        .pages
        .iter()
        .for_each(|(part, place)| line(&format!("page {part}"), place));
    instance
        .identity
        .iter()
        .for_each(|(what, text)| line(&format!("identity {what}"), text));
    let state = access::state(context)?;
    let session = context.block_on(async { state.about_session(&instance.name).await })?;
    if let Some(session) = &session {
        table.row([
            "session",
            &format!("a browser's, taken over {}", ui.when(session.taken)),
        ]);
    }
    ui.table(&table);
    ui.json(
        "instance-show",
        &Kept {
            instance: Shown::of(instance),
            session_taken: session.map(|session| session.taken),
        },
    )
}

fn set(ui: &Ui, context: &Context, config: &Config, name: &str, key: &str, value: &str) -> Result<()> {
    config.instance(name)?;
    let setting = match Setting::read(key, value)? {
        Setting::Profile(Some(profile)) => Setting::Profile(Some(settled_profile(context, &profile)?)),
        Setting::Ca(Some(file)) => Setting::Ca(Some(settled_text(&file)?)),
        Setting::ClientCert(Some(file)) => Setting::ClientCert(Some(settled_text(&file)?)),
        other => other,
    };
    if let Setting::Source(source) = &setting {
        refuse_self_as_source(name, source.as_deref())?;
    }
    if let Setting::Page(what, Some(_)) = &setting {
        refuse_unknown_page(context, config.instance(name)?, what)?;
    }
    let changed = config.with_setting(name, &setting)?;
    let instance = changed.instance(name)?;
    context.keep_config(&changed)?;
    ui.say(
        Text::new()
            .plain("Changed ")
            .toned(Tone::Strong, name)
            .plain(format!(": {}.", setting.described())),
    );
    if matches!(setting, Setting::Profile(_)) {
        access::forget_pages(context, name)?;
    }
    if matches!(setting, Setting::Url(_) | Setting::Source(_)) {
        mention_neighbours(ui, config, instance);
    }
    ui.json(
        "instance-set",
        &One {
            instance: Shown::of(instance),
        },
    )
}

fn remove(ui: &Ui, context: &Context, config: &Config, name: &str) -> Result<()> {
    let changed = config.without_instance(name)?;
    // A restore at work would go on with an instance that nobody knows any more.
    let _lock = access::state(context)?.lock(name)?;
    context.keep_config(&changed)?;
    let state = access::state(context)?;
    context.block_on(async { state.forget_session(name).await })?;
    ui.say(
        Text::new()
            .plain("Removed ")
            .toned(Tone::Strong, name)
            .plain("; its backups stay in the archive."),
    );
    let orphans: Vec<&str> = changed
        .instances()
        .values()
        .filter(|other| other.source.as_deref() == Some(name))
        .map(|other| other.name.as_str())
        .collect();
    if !orphans.is_empty() {
        let them = orphans.join("`, `");
        let count = phrase::count_of(orphans.len(), "instance still names", "instances still name");
        ui.warn(&format!("{count} `{name}` as source: `{them}`"));
    }
    ui.json("instance-remove", &Removed { removed: name })
}

/// Says what about an instance looks odd beside the others: a source nobody knows, an LMS known already.
fn mention_neighbours(ui: &Ui, config: &Config, new: &Instance) {
    let (name, url) = (&new.name, &new.url);
    if let Some(source) = new
        .source
        .as_deref()
        .filter(|source| !config.instances().contains_key(*source))
    {
        ui.warn(&format!("the source `{source}` is not known yet"));
        ui.hint(&format!(
            "lmskeep instance add {source} --url URL --user USER --role production"
        ));
    }
    for twin in config
        .instances()
        .values()
        .filter(|other| other.origin == new.origin && other.name != *name)
    {
        ui.warn(&format!(
            "`{}` is the same LMS: both have the address {url}",
            twin.name
        ));
    }
}

/// Details of a part that can be answered.
const DETAILS: [&str; 5] = ["text", "button", "list", "link", "further"];

/// Refuses an answer that no question asks for: it would be kept, and never heard of.
fn refuse_unknown_page(context: &Context, instance: &Instance, what: &str) -> Result<()> {
    let profile = access::profile(context, instance)?;
    let known = |part: &Part| {
        let details = DETAILS.iter().map(|detail| format!("{}.{detail}", part.id));
        std::iter::once(part.id.clone())
            .chain(details)
            .collect::<Vec<_>>()
    };
    let known: Vec<String> = profile.parts.iter().flat_map(known).collect();
    if known.iter().any(|k| k == what) {
        return Ok(());
    }
    let error = Error::new(
        Kind::Usage,
        format!("The profile `{}` has no page `{what}` to be set.", profile.name),
    );
    let error = match did_you_mean(what, known.iter().map(String::as_str)) {
        Some(near) => error.hint(near),
        None => error,
    };
    Err(error.hint(format!("the pages are: {}", known.join(", "))))
}

fn refuse_self_as_source(name: &str, source: Option<&str>) -> Result<()> {
    if source == Some(name) {
        return Err(
            Error::new(Kind::Usage, format!("`{name}` cannot be its own source."))
                .hint("the source is the instance that a refresh copies from, most often production"),
        );
    }
    Ok(())
}

/// Gives a profile as the configuration keeps it: a name that there is as it is, a file by its absolute path.
fn settled_profile(context: &Context, word: &str) -> Result<String> {
    let path = Path::new(word);
    if !is_path(word) {
        return Profiles::of(context).source(word).map(|_| word.to_owned());
    }
    let absent = || Error::new(Kind::Usage, format!("There is no profile file `{word}`."));
    if !path.is_file() {
        return Err(absent());
    }
    let path = std::path::absolute(path).map_err(|cause| absent().caused_by(cause))?;
    path.to_str().map(str::to_owned).ok_or_else(|| {
        Error::new(
            Kind::Usage,
            format!("The path of the profile file `{word}` is not UTF-8 text."),
        )
    })
}

/// Gives a file as the configuration keeps it: by its absolute path, whether it is there yet or not.
fn settled_file(path: &Path) -> Result<PathBuf> {
    std::path::absolute(path).map_err(|cause| {
        Error::new(Kind::Usage, format!("`{}` is no file.", path.display())).caused_by(cause)
    })
}

fn settled_text(path: &str) -> Result<String> {
    Ok(settled_file(Path::new(path))?.display().to_string())
}
