//! Passwords in a real Secret Service, kept and removed by the program's own words.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::cli::program::Program;
use crate::real::part;

const SCRIPT: &str = "with-secret-service.sh";
/// Far below the minute that the program gives a keyring: a locked one must be noticed, not waited for.
const SOON: Duration = Duration::from_secs(20);

/// A Secret Service of a test's own, as long as this value lives.
pub(crate) struct Keyring {
    service: Child,
    /// The service ends when its command ends, and that when this is closed.
    open: Option<ChildStdin>,
    pub(crate) bus: String,
}

impl Keyring {
    /// Starts one, unlocked; `None` where it is not here.
    pub(crate) fn start() -> Option<Self> {
        if !part::is_here("the Secret Service", &part::missing(part::script(SCRIPT))) {
            return None;
        }
        let mut service = part::script(SCRIPT)
            .args(["bash", "-c", "echo $DBUS_SESSION_BUS_ADDRESS; cat"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut bus = String::new();
        BufReader::new(service.stdout.take().unwrap())
            .read_line(&mut bus)
            .unwrap();
        assert!(bus.starts_with("unix:"), "no bus: {bus}");
        let open = service.stdin.take();
        let bus = bus.trim_end().to_owned();
        Some(Self { service, open, bus })
    }

    /// Asks another program: what does the keyring hold?
    fn witness(&self, user: &str, url: &str, slot: &str) -> Option<String> {
        self.kept(&format!("{user}@{}#{slot}", url.trim_end_matches('/')))
    }

    /// Asks another program what is kept under a name.
    pub(crate) fn kept(&self, name: &str) -> Option<String> {
        let output = self.secret_tool(&["lookup", "service", "lmskeep", "username", name]);
        output
            .status
            .success()
            .then(|| String::from_utf8(output.stdout).unwrap())
    }

    /// Removes what is kept under a name, behind the program's back.
    pub(crate) fn forget(&self, name: &str) {
        self.secret_tool(&["clear", "service", "lmskeep", "username", name]);
    }

    fn lock(&self) {
        // It ends badly after it has locked the keyring: whether it has is seen at the next reading.
        self.secret_tool(&["lock", "--collection=login"]);
    }

    fn secret_tool(&self, words: &[&str]) -> Output {
        let mut tool = Command::new("secret-tool");
        tool.args(words)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus)
            .env_remove("DISPLAY");
        tool.output().unwrap()
    }
}

impl Drop for Keyring {
    fn drop(&mut self) {
        drop(self.open.take());
        let _reaped = self.service.wait();
    }
}

/// The practice LMS, served by the program itself.
struct Practice {
    served: Child,
    ready: Value,
}

impl Practice {
    fn serve(program: &Program) -> Self {
        let mut command = program.command(&["practice", "--listen", "127.0.0.1:0", "--json"]);
        let mut served = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(served.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        Self {
            served,
            ready: serde_json::from_str(&line).unwrap(),
        }
    }

    fn said(&self, word: &str) -> &str {
        self.ready[word].as_str().unwrap()
    }

    /// Adds both instances, stage with production as its source.
    fn add_to(&self, program: &Program) {
        let user = self.said("user");
        for (name, word, rest) in [
            ("prod", "production", ["--role", "production"].as_slice()),
            ("stage", "stage", &["--role", "test", "--source", "prod"]),
        ] {
            let words = ["instance", "add", name, "--url", self.said(word), "--user", user];
            part::succeeded(program.run(&[words.as_slice(), rest].concat()));
        }
    }
}

impl Drop for Practice {
    fn drop(&mut self) {
        let _gone_already = self.served.kill();
        let _reaped = self.served.wait();
    }
}

/// Runs the program with a line on its standard input.
pub(crate) fn run_with_line(program: &Program, words: &[&str], line: &str) -> Output {
    let mut command = program.command(words);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    writeln!(child.stdin.take().unwrap(), "{line}").unwrap();
    child.wait_with_output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

const ONE_DOCUMENT: [&str; 4] = ["backup", "stage", "--only", "BIZX"];

#[test]
fn a_password_is_kept_used_and_removed() {
    let Some(keyring) = Keyring::start() else { return };
    let program = Program::new().with("DBUS_SESSION_BUS_ADDRESS", &keyring.bus);
    let practice = Practice::serve(&program);
    practice.add_to(&program);
    let (user, password, stage) = (
        practice.said("user"),
        practice.said("password"),
        practice.said("stage"),
    );
    let none = program.run(&ONE_DOCUMENT);
    assert_eq!(code(&none), 3, "there is no password yet");
    assert!(String::from_utf8_lossy(&none.stderr).contains("lmskeep login stage"));

    let login = run_with_line(&program, &["login", "stage", "--password-stdin"], password);
    assert_eq!(code(&login), 0, "{login:?}");
    assert_eq!(keyring.witness(user, stage, "own").as_deref(), Some(password));
    assert_eq!(
        code(&program.run(&ONE_DOCUMENT)),
        0,
        "the keyring's password opens the instance"
    );

    let wrong = run_with_line(
        &program,
        &["login", "stage", "--password-stdin"],
        "not the password",
    );
    assert_eq!(code(&wrong), 3);
    assert_eq!(
        keyring.witness(user, stage, "own").as_deref(),
        Some(password),
        "a refused one replaces nothing"
    );

    let logout = program.run(&["logout", "stage"]);
    assert_eq!(code(&logout), 0, "{logout:?}");
    assert_eq!(keyring.witness(user, stage, "own"), None);
    assert_eq!(code(&program.run(&ONE_DOCUMENT)), 3);
    assert_eq!(
        code(&program.run(&["logout", "stage"])),
        0,
        "nothing left to remove is no failure"
    );
    for output in [none, login, wrong, logout] {
        let said = [output.stdout, output.stderr].concat();
        assert!(!String::from_utf8_lossy(&said).contains(password));
    }
}

#[test]
fn the_password_for_after_the_refresh_has_a_place_of_its_own() {
    let Some(keyring) = Keyring::start() else { return };
    let program = Program::new().with("DBUS_SESSION_BUS_ADDRESS", &keyring.bus);
    let practice = Practice::serve(&program);
    practice.add_to(&program);
    let (user, password, stage) = (
        practice.said("user"),
        practice.said("password"),
        practice.said("stage"),
    );

    let login = run_with_line(
        &program,
        &["login", "stage", "--after-refresh", "--password-stdin"],
        password,
    );
    assert_eq!(code(&login), 0, "{login:?}");
    assert_eq!(
        keyring.witness(user, stage, "after-refresh").as_deref(),
        Some(password)
    );
    assert_eq!(keyring.witness(user, stage, "own"), None);
    assert_eq!(
        code(&program.run(&ONE_DOCUMENT)),
        3,
        "before the refresh it is not used"
    );
    let after = program.run(&[ONE_DOCUMENT.as_slice(), &["--after-refresh"]].concat());
    assert_eq!(code(&after), 0, "{after:?}");
    assert_eq!(
        code(&program.run(&ONE_DOCUMENT)),
        0,
        "once it got in, it is the one in force"
    );

    let login = run_with_line(&program, &["login", "stage", "--password-stdin"], password);
    assert_eq!(code(&login), 0, "{login:?}");
    assert_eq!(code(&program.run(&["logout", "stage"])), 0);
    for slot in ["own", "after-refresh"] {
        assert_eq!(keyring.witness(user, stage, slot), None, "{slot}");
    }
}

#[test]
fn a_locked_keyring_is_an_error_and_no_wait() {
    let Some(keyring) = Keyring::start() else { return };
    let program = Program::new().with("DBUS_SESSION_BUS_ADDRESS", &keyring.bus);
    let practice = Practice::serve(&program);
    practice.add_to(&program);
    let login = run_with_line(
        &program,
        &["login", "stage", "--password-stdin"],
        practice.said("password"),
    );
    assert_eq!(code(&login), 0, "{login:?}");
    keyring.lock();
    assert_eq!(
        keyring.witness(practice.said("user"), practice.said("stage"), "own"),
        None,
        "it is not locked"
    );

    let begun = Instant::now();
    let backup = program.run(&ONE_DOCUMENT);
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
    names_the_other_ways(&backup, "is locked");
    let backup = run_with_line(
        &program,
        &[ONE_DOCUMENT.as_slice(), &["--password-stdin"]].concat(),
        practice.said("password"),
    );
    assert_eq!(code(&backup), 0, "another way stays open: {backup:?}");
}

/// Needs no part: it is about a machine that has none.
#[cfg(target_os = "linux")]
#[test]
fn without_a_keyring_the_other_ways_are_named() {
    // No bus of the person who runs the tests: an empty folder stands where it would be looked for.
    let nowhere = tempfile::tempdir().unwrap();
    let program = Program::new().with("XDG_RUNTIME_DIR", &nowhere.path().display().to_string());
    let practice = Practice::serve(&program);
    practice.add_to(&program);
    let password = practice.said("password");
    names_the_other_ways(&program.run(&ONE_DOCUMENT), "no keyring");
    names_the_other_ways(
        &run_with_line(&program, &["login", "stage", "--password-stdin"], password),
        "no keyring",
    );
    names_the_other_ways(&program.run(&["logout", "stage"]), "no keyring");

    let piped = run_with_line(
        &program,
        &[ONE_DOCUMENT.as_slice(), &["--password-stdin"]].concat(),
        password,
    );
    assert_eq!(code(&piped), 0, "{piped:?}");
    let set = program.run(&[
        "instance",
        "set",
        "stage",
        "password_command",
        &format!("echo '{password}'"),
    ]);
    assert_eq!(code(&set), 0, "{set:?}");
    assert_eq!(code(&program.run(&ONE_DOCUMENT)), 0);
    let program = program.with("LMSKEEP_PASSWORD", password);
    assert_eq!(code(&program.run(&ONE_DOCUMENT)), 0);
}

fn names_the_other_ways(output: &Output, cause: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(code(output), 3, "{said}");
    for part in [cause, "--password-stdin", "LMSKEEP_PASSWORD", "password_command"] {
        assert!(said.contains(part), "{said}");
    }
}
