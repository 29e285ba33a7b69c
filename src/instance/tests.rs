//! Addresses, names, references, the environment, the home and the order of passwords.

use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use crate::error::Kind;
use crate::instance::address::read_address;
use crate::instance::cancel::Cancel;
use crate::instance::config::Config;
use crate::instance::environment::{Color, Environment};
use crate::instance::home::Home;
use crate::instance::name::{did_you_mean, read_name};
use crate::instance::password::{
    PasswordSource, Wanted, find_password, read_password_line, run_password_command,
};
use crate::instance::reference::{Reference, Side};
use crate::instance::{Instance, Role};
use crate::secret::keyring::Slot;
use crate::selection::nearest;

fn environment(variables: &[(&str, &str)]) -> Environment {
    Environment::from_variables(|name| {
        variables
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| OsString::from(value))
    })
    .unwrap()
}

fn config(text: &str) -> Config {
    Config::parse(Path::new("config.toml"), text.to_owned()).unwrap()
}

#[test]
fn keeps_the_root_of_what_people_paste() {
    let cases = [
        (
            "https://x.plateau.com",
            "https://x.plateau.com/",
            "https://x.plateau.com",
        ),
        (
            "https://x.plateau.com/learning/admin/main.do?fromSF=y#top",
            "https://x.plateau.com/",
            "https://x.plateau.com",
        ),
        (
            "  https://X.Plateau.com:443/learning/ \n",
            "https://x.plateau.com/",
            "https://x.plateau.com",
        ),
        (
            "x.plateau.com/learning",
            "https://x.plateau.com/",
            "https://x.plateau.com",
        ),
        (
            "https://x.plateau.com:8443",
            "https://x.plateau.com:8443/",
            "https://x.plateau.com:8443",
        ),
        (
            "http://localhost:8080/admin",
            "http://localhost:8080/",
            "http://localhost:8080",
        ),
        (
            "http://127.0.0.1:8081",
            "http://127.0.0.1:8081/",
            "http://127.0.0.1:8081",
        ),
        ("http://127.9.9.9", "http://127.9.9.9/", "http://127.9.9.9"),
        ("http://[::1]:8080/", "http://[::1]:8080/", "http://[::1]:8080"),
    ];
    for (pasted, url, origin) in cases {
        let instance = Instance::new("x", read_address(pasted).unwrap());
        assert_eq!(
            (instance.url.as_str(), instance.origin.as_str()),
            (url, origin),
            "{pasted}"
        );
    }
}

#[test]
fn refuses_addresses_that_are_unsafe_or_none() {
    let cases = [
        ("http://x.plateau.com", "plain http"),
        ("http://10.0.0.1", "plain http"),
        ("http://localhost.plateau.com", "plain http"),
        ("http://127.0.0.1.plateau.com", "plain http"),
        ("http://[::2]", "plain http"),
        ("http://[::ffff:127.0.0.1]", "plain http"),
        ("http://0.0.0.0", "plain http"),
        ("ftp://x.plateau.com", "not reached over `ftp`"),
        ("file:///etc/passwd", "names no host"),
        ("https://", "no web address"),
        ("", "no web address"),
        ("https://a b/", "no web address"),
    ];
    for (pasted, part) in cases {
        let error = read_address(pasted).unwrap_err();
        assert_eq!(error.kind(), Kind::Usage);
        assert!(error.message().contains(part), "{pasted}: {error}");
    }
}

#[test]
fn never_repeats_a_password_in_an_address() {
    for pasted in [
        "https://ADMIN:hunter2@x.com",
        "https://hunter2@x.com",
        "https://ADMIN:hunter2@x y",
        "ADMIN:hunter2@",
    ] {
        let error = read_address(pasted).unwrap_err();
        let told = format!("{error} {:?} {:?}", error.hints(), error.bottom_cause());
        assert!(!told.contains("hunter2"), "{told}");
    }
}

#[test]
fn takes_plain_names_only() {
    for good in ["stage", "s", "0", "acme-stage.2_b"] {
        assert_eq!(read_name(good).unwrap(), good);
    }
    for bad in ["", "Stage", "-a", ".a", "_a", "a b", "a@b", "ä", "a/b"] {
        assert_eq!(read_name(bad).unwrap_err().kind(), Kind::Usage, "{bad}");
    }
    assert_eq!(
        read_name("ACME Stage").unwrap_err().hints(),
        ["a name it takes is `acme-stage`"]
    );
}

#[test]
fn finds_what_was_meant() {
    let known = ["stage", "stage2", "prod", "dev"];
    assert_eq!(nearest("stgae", known), ["stage", "stage2"]);
    assert_eq!(nearest("PROD", known), ["prod"]);
    assert!(nearest("xyz", known).is_empty());
    assert_eq!(
        did_you_mean("stgae", known).unwrap(),
        "did you mean `stage` or `stage2`?"
    );
    assert_eq!(did_you_mean("xyz", known), None);
}

#[test]
fn reads_the_notation_of_a_backup() {
    let read = |word| Reference::read(word).map(|r| (r.instance, r.backup));
    assert_eq!(read("stage").unwrap(), ("stage".to_owned(), None));
    assert_eq!(
        read("stage@latest~2").unwrap(),
        ("stage".to_owned(), Some("latest~2".to_owned()))
    );
    assert_eq!(read("stage@").unwrap_err().kind(), Kind::Usage);
    assert_eq!(read("@latest").unwrap_err().kind(), Kind::Usage);
}

#[test]
fn tells_an_instance_from_a_folder() {
    let config = config("[instance.src]\nurl = 'https://x.com'\n");
    let side = |word: &str| Side::read(word, &config);
    // `src` is a folder of this crate as well: the instance comes first.
    assert!(matches!(side("src").unwrap(), Side::Backup(_)));
    assert!(matches!(side("src@latest").unwrap(), Side::Backup(_)));
    assert!(matches!(side("src/").unwrap(), Side::Folder(_)));
    assert!(matches!(side("tests").unwrap(), Side::Folder(_)));
    assert!(matches!(side(".").unwrap(), Side::Folder(_)));
    assert_eq!(
        side("scr").unwrap_err().hints(),
        ["did you mean `src`?", "lmskeep instance list"]
    );
}

#[test]
fn flags_come_before_the_environment() {
    let set = environment(&[("LMSKEEP_HOME", "/from/environment")]);
    let flag = Home::find(Some(Path::new("/from/flag")), &set).unwrap();
    assert_eq!(flag.config, Path::new("/from/flag/config.toml"));
    assert_eq!(flag.archive, Path::new("/from/flag/archive"));
    assert_eq!(flag.state, Path::new("/from/flag/state"));
    let variable = Home::find(None, &set).unwrap();
    assert_eq!(variable.config, Path::new("/from/environment/config.toml"));
    let relative = Home::find(Some(Path::new("here")), &set).unwrap();
    assert!(relative.config.is_absolute());
}

#[test]
fn colours_follow_flag_then_environment_then_terminal() {
    type Variables = &'static [(&'static str, &'static str)];
    let cases: [(Variables, Color, bool, bool); 11] = [
        (&[], Color::Auto, true, true),
        (&[], Color::Auto, false, false),
        (&[("NO_COLOR", "1")], Color::Auto, true, false),
        (&[("NO_COLOR", "")], Color::Auto, true, true),
        (&[("NO_COLOR", "1")], Color::Always, false, true),
        (&[("CLICOLOR_FORCE", "1")], Color::Auto, false, true),
        (&[("CLICOLOR_FORCE", "0")], Color::Auto, false, false),
        (
            &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")],
            Color::Auto,
            true,
            false,
        ),
        (&[("CLICOLOR", "0")], Color::Auto, true, false),
        (&[("TERM", "dumb")], Color::Auto, true, false),
        (&[("CLICOLOR_FORCE", "1")], Color::Never, true, false),
    ];
    for (variables, flag, terminal, wanted) in cases {
        assert_eq!(
            environment(variables).colors(flag, terminal),
            wanted,
            "{variables:?} {flag:?} {terminal}"
        );
    }
}

#[test]
fn an_empty_password_variable_is_none() {
    assert!(environment(&[("LMSKEEP_PASSWORD", "")]).password.is_none());
    let set = environment(&[("LMSKEEP_PASSWORD", "hunter2")]);
    assert_eq!(set.password.as_ref().unwrap().expose(), "hunter2");
    assert!(!format!("{set:?}").contains("hunter2"));
}

#[test]
fn reads_the_first_line_of_standard_input() {
    for (line, wanted) in [
        ("hunter2\n", "hunter2"),
        ("hunter2\r\n", "hunter2"),
        (" two words ", " two words "),
    ] {
        let password = read_password_line(line.as_bytes().to_vec()).unwrap();
        assert_eq!(
            (password.secret.expose(), password.source),
            (wanted, PasswordSource::Stdin)
        );
    }
    for bad in [&b"\n"[..], b"", b"\xff\xfe\n"] {
        assert_eq!(read_password_line(bad.to_vec()).unwrap_err().kind(), Kind::SignIn);
    }
}

#[tokio::test]
async fn takes_what_the_password_command_prints() {
    let run = |line: &'static str| run_password_command(line, Duration::from_secs(10));
    assert_eq!(run("echo hunter2").await.unwrap().expose(), "hunter2");
    let cases = [
        ("exit 3", "exit code 3"),
        ("echo hunter2 && exit 1", "exit code 1"),
        ("exit 0", "printed nothing"),
        ("echo hunter2&& echo more", "more than one line"),
        ("no-such-program-anywhere", "exit code"),
    ];
    for (line, part) in cases {
        let error = run(line).await.unwrap_err();
        assert_eq!(error.kind(), Kind::SignIn);
        assert!(error.message().contains(part), "{line}: {error}");
        assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn gives_up_on_a_password_command_that_hangs() {
    let error = run_password_command("sleep 20", Duration::from_millis(50))
        .await
        .unwrap_err();
    assert!(error.message().contains("did not end within"), "{error}");
}

#[cfg(unix)]
#[tokio::test]
async fn keeps_the_variable_from_the_password_command() {
    // A variable that is there proves that the others are handed on.
    let line = "echo \"${PATH:+path}${LMSKEEP_PASSWORD}\"";
    assert_eq!(
        run_password_command(line, Duration::from_secs(10))
            .await
            .unwrap()
            .expose(),
        "path"
    );
}

fn instance(name: &str, user: &str, command: &str) -> Instance {
    Instance {
        user: Some(user.to_owned()),
        password_command: Some(command.to_owned()),
        ..Instance::new(name, read_address("https://x.com").unwrap())
    }
}

#[tokio::test]
async fn the_variable_comes_before_the_command() {
    let own = instance("stage", "ADMIN", "echo from-command");
    let wanted = Wanted {
        instance: &own,
        slot: Slot::Own,
        source: None,
    };
    let both = find_password(&wanted, &environment(&[("LMSKEEP_PASSWORD", "from-variable")]))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (both.secret.expose(), both.source),
        ("from-variable", PasswordSource::Environment)
    );
    let command = find_password(&wanted, &environment(&[])).await.unwrap().unwrap();
    assert_eq!(
        (command.secret.expose(), command.source),
        ("from-command", PasswordSource::Command)
    );
}

#[test]
fn after_a_refresh_only_the_command_of_the_same_admin_at_the_source_counts() {
    let own = instance("stage", "ADMIN", "echo old");
    let (same, other) = (
        instance("prod", "ADMIN", "echo new"),
        instance("prod", "OTHER", "echo new"),
    );
    let has = |source| {
        Wanted {
            instance: &own,
            slot: Slot::AfterRefresh,
            source,
        }
        .has_command()
    };
    assert!(has(Some(&same)));
    assert!(!has(Some(&other)));
    assert!(!has(None));
}

#[test]
fn an_instance_without_admin_names_the_command_that_sets_one() {
    let error = Instance::new("stage", read_address("https://x.com").unwrap())
        .admin()
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Usage);
    assert_eq!(error.hints(), ["lmskeep instance set stage user USER"]);
}

#[test]
fn an_unset_role_counts_as_production() {
    assert_eq!(
        config("[instance.a]\nurl = 'https://x.com'\n")
            .instance("a")
            .unwrap()
            .role,
        Role::Production
    );
}

#[tokio::test]
async fn all_clones_hear_the_wish_to_stop() {
    let cancel = Cancel::new();
    let heard = cancel.clone();
    assert!(heard.check().is_ok());
    let waiting = tokio::spawn(async move {
        heard.requested().await;
        heard.check().unwrap_err().kind()
    });
    cancel.request();
    assert_eq!(waiting.await.unwrap(), Kind::Stopped);
    // Also for who comes late.
    cancel.requested().await;
}
