//! The words of all verbs, the context, and where a password comes from.

use std::ffi::OsString;
use std::path::Path;

use clap::{Args, FromArgMatches};
use jiff::Timestamp;

use crate::command::backup::BackupArgs;
use crate::command::context::Context;
use crate::command::demo::DemoArgs;
use crate::command::diff::DiffArgs;
use crate::command::export::ExportArgs;
use crate::command::history::HistoryArgs;
use crate::command::import::ImportArgs;
use crate::command::list::ListArgs;
use crate::command::login::LoginArgs;
use crate::command::logout::LogoutArgs;
use crate::command::practice::PracticeArgs;
use crate::command::restore::RestoreArgs;
use crate::command::show::ShowArgs;
use crate::command::sign_in::password;
use crate::command::undo::UndoArgs;
use crate::command::verify::VerifyArgs;
use crate::command::words::{EncryptedInDiff, EncryptedInRestore, SignInArgs};
use crate::error::{Error, Kind};
use crate::instance::{Environment, Home, Instance, PasswordSource, Wanted, read_address};
use crate::report::{Look, Ui};
use crate::secret::keyring::Slot;

/// Reads the words of one verb.
fn read<A: Args + FromArgMatches>(words: &str) -> Result<A, clap::Error> {
    let command = A::augment_args(clap::Command::new("verb"));
    command.clone().debug_assert();
    let matches = command.try_get_matches_from(std::iter::once("verb").chain(words.split_whitespace()))?;
    A::from_arg_matches(&matches)
}

#[test]
fn words_of_reading_verbs() {
    let backup: BackupArgs =
        read("stage --only BIZ* --only SSO --except X --new-normal --after-refresh").unwrap();
    assert_eq!(
        (backup.selection.only.len(), backup.selection.except.len()),
        (2, 1)
    );
    assert!(backup.new_normal && backup.sign_in.after_refresh && !backup.sign_in.password_stdin);
    assert!(read::<BackupArgs>("stage --recommended --only BIZX").is_err());
    assert!(read::<BackupArgs>("").is_err());
    let diff: DiffArgs = read("stage@latest copies/ --text --encrypted ignore").unwrap();
    assert_eq!(
        (diff.right.as_deref(), diff.encrypted, diff.text),
        (Some("copies/"), EncryptedInDiff::Ignore, true)
    );
    assert_eq!(
        read::<DiffArgs>("stage").unwrap().encrypted,
        EncryptedInDiff::Show
    );
    let traced: DiffArgs = read("--source prod@latest~1 stage").unwrap();
    assert_eq!(
        (traced.left.as_str(), traced.source.unwrap().backup.as_deref()),
        ("stage", Some("latest~1"))
    );
    assert!(read::<DiffArgs>("stage --source").is_err());
    assert!(read::<DiffArgs>("stage --source copies/").is_err());
    assert_eq!(
        read::<HistoryArgs>("stage BIZX:baseURL").unwrap().of,
        "BIZX:baseURL"
    );
    assert!(read::<HistoryArgs>("stage").is_err());
    assert_eq!(read::<ListArgs>("").unwrap().name, None);
    assert!(read::<VerifyArgs>("").is_ok());
    assert!(read::<VerifyArgs>("stage").is_err());
}

#[test]
fn words_of_writing_verbs() {
    let restore: RestoreArgs = read("stage@2026-11-03 --dry-run --from-instance old").unwrap();
    assert_eq!(
        (restore.from.instance.as_str(), restore.from.backup.as_deref()),
        ("stage", Some("2026-11-03"))
    );
    assert_eq!(
        (restore.encrypted, restore.dry_run),
        (EncryptedInRestore::Keep, true)
    );
    assert_eq!(
        read::<RestoreArgs>("stage --encrypted archived")
            .unwrap()
            .encrypted,
        EncryptedInRestore::Archived
    );
    assert!(read::<RestoreArgs>("stage --encrypted ignore").is_err());
    assert!(read::<RestoreArgs>("stage@").is_err());
    assert!(read::<UndoArgs>("stage --dry-run").unwrap().dry_run);
    let login: LoginArgs = read("stage --after-refresh --password-stdin").unwrap();
    assert!(login.sign_in.after_refresh && login.sign_in.password_stdin);
    assert!(read::<LogoutArgs>("stage").is_ok());
}

#[test]
fn words_around_files() {
    let show: ShowArgs = read("stage CONNECTORS --to-paste out.txt --live copies --encrypted clear").unwrap();
    assert_eq!(show.live.as_deref(), Some(Path::new("copies")));
    assert!(read::<ShowArgs>("stage").is_ok());
    for half in [
        "stage --reveal",
        "stage --to-paste out.txt",
        "stage BIZX --live copies",
        "stage BIZX --encrypted clear",
    ] {
        assert!(read::<ShowArgs>(half).is_err(), "{half}");
    }
    assert_eq!(
        read::<ExportArgs>("stage@ab copies").unwrap().folder,
        Path::new("copies")
    );
    assert_eq!(read::<ImportArgs>("stage copies").unwrap().name, "stage");
    let practice: PracticeArgs =
        read("--listen 127.0.0.1:0 --scenario german --scenario key=instance").unwrap();
    assert_eq!(practice.scenario, ["german", "key=instance"]);
    assert!(read::<DemoArgs>("").is_ok());
}

fn start(folder: &Path, variables: &[(&str, &str)], typed: &str) -> (Ui, Context, crate::report::Recorded) {
    let environment = Environment::from_variables(|name| {
        variables
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| OsString::from(value))
    });
    let (ui, seen) = Ui::recording(Look::plain(Timestamp::UNIX_EPOCH), typed);
    let context = Context::start(&ui, Home::below(folder), environment.unwrap(), || {
        Timestamp::UNIX_EPOCH
    })
    .unwrap();
    (ui, context, seen)
}

#[test]
fn reading_ends_with_the_wish_to_stop_and_writing_asks_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let (_, context, _) = start(folder.path(), &[], "");
    context.cancel.request();
    let read = context.block_on_until_stopped(std::future::pending::<Result<(), Error>>());
    assert_eq!(read.unwrap_err().kind(), Kind::Stopped);
    assert!(
        context
            .block_on(async { Ok(context.cancel.is_requested()) })
            .unwrap()
    );
}

#[test]
fn the_configuration_is_kept_where_there_was_no_folder() {
    let folder = tempfile::tempdir().unwrap();
    let (_, context, _) = start(&folder.path().join("new"), &[], "");
    let new = Instance::new("a", read_address("https://a.com").unwrap());
    let config = context.config().unwrap().with_instance(&new).unwrap();
    context.keep_config(&config).unwrap();
    assert_eq!(context.config().unwrap().instance("a").unwrap(), &new);
}

#[test]
fn standard_input_comes_before_the_variable_and_is_never_shown() {
    let folder = tempfile::tempdir().unwrap();
    let (ui, context, seen) = start(
        folder.path(),
        &[("LMSKEEP_PASSWORD", "from-variable")],
        "from-stdin\nmore\n",
    );
    let instance = Instance {
        user: Some("ADMIN".to_owned()),
        ..Instance::new("stage", read_address("https://a.com").unwrap())
    };
    let wanted = Wanted {
        instance: &instance,
        slot: Slot::Own,
        source: None,
    };
    let find = |password_stdin| {
        let args = SignInArgs {
            password_stdin,
            ..SignInArgs::default()
        };
        let found = context.block_on(password(&ui, &context, &wanted, &args)).unwrap();
        (found.secret.expose().to_owned(), found.source)
    };
    assert_eq!(find(true), ("from-stdin".to_owned(), PasswordSource::Stdin));
    assert_eq!(
        find(false),
        ("from-variable".to_owned(), PasswordSource::Environment)
    );
    ui.say("from-stdin and from-variable");
    assert_eq!(seen.out(), "‹secret› and ‹secret›\n");
}

#[test]
fn no_password_is_typed_in_the_open() {
    let folder = tempfile::tempdir().unwrap();
    let (_, context, _) = start(folder.path(), &[], "");
    let look = Look {
        can_ask: true,
        ..Look::plain(Timestamp::UNIX_EPOCH)
    };
    let (ui, _) = Ui::recording(look, "hunter2\n");
    let instance = Instance {
        user: Some("ADMIN".to_owned()),
        ..Instance::new("stage", read_address("https://a.com").unwrap())
    };
    let wanted = Wanted {
        instance: &instance,
        slot: Slot::Own,
        source: None,
    };
    let args = SignInArgs {
        password_stdin: true,
        ..SignInArgs::default()
    };
    let error = context
        .block_on(password(&ui, &context, &wanted, &args))
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Usage);
}

#[test]
fn without_a_password_the_ways_to_give_one_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let (ui, context, _) = start(folder.path(), &[], "");
    let instance = Instance {
        user: Some("ADMIN".to_owned()),
        ..Instance::new("stage", read_address("https://nobody.example.com").unwrap())
    };
    let wanted = Wanted {
        instance: &instance,
        slot: Slot::AfterRefresh,
        source: None,
    };
    let error = context
        .block_on(password(&ui, &context, &wanted, &SignInArgs::default()))
        .unwrap_err();
    assert_eq!(error.kind(), Kind::SignIn);
    let hints = error.hints().join("\n");
    // Whether `login` is a way, too, depends on the machine: it needs a keyring.
    for way in ["--password-stdin", "LMSKEEP_PASSWORD", "password_command"] {
        assert!(hints.contains(way), "{hints}");
    }
}

#[test]
fn a_password_command_that_fails_is_not_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let (ui, context, _) = start(folder.path(), &[], "");
    let instance = Instance {
        user: Some("ADMIN".to_owned()),
        password_command: Some("exit 4".to_owned()),
        ..Instance::new("stage", read_address("https://a.com").unwrap())
    };
    let wanted = Wanted {
        instance: &instance,
        slot: Slot::Own,
        source: None,
    };
    let error = context
        .block_on(password(&ui, &context, &wanted, &SignInArgs::default()))
        .unwrap_err();
    assert!(error.message().contains("exit code 4"), "{error}");
}
