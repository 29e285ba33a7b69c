//! A real proxy, tinyproxy, that wants to know who is there; the password lies in a real keyring.

use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use lmskeep::practice::{Options, Practice};

use super::{put, run};
use crate::cli::program::Program;
use crate::real::keyring::{Keyring, run_with_line};
use crate::real::part;
use crate::rehearsal::{Ran, runtime};

const USER: &str = "anna";
const PASSWORD: &str = "Right-At-The-Proxy-1";

/// A tinyproxy of a test's own, as long as this value lives.
struct Tinyproxy {
    runs: Child,
    home: Program,
    port: u16,
}

impl Tinyproxy {
    /// Starts one; `None` where it is not here.
    fn start() -> Option<Self> {
        let found = Command::new("tinyproxy").arg("-v").output().is_ok();
        let missing = if found {
            vec![]
        } else {
            vec!["tinyproxy is not installed".to_owned()]
        };
        if !part::is_here("tinyproxy", &missing) {
            return None;
        }
        let home = Program::new();
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let log = home.home().join("log");
        let config = put(
            &home,
            "tinyproxy.conf",
            format!(
                "Port {port}\nListen 127.0.0.1\nTimeout 30\nAllow 127.0.0.1\nBasicAuth {USER} {PASSWORD}\nLogFile \"{}\"\n\
                 LogLevel Connect\n",
                log.display()
            ),
        );
        let runs = Command::new("tinyproxy")
            .args(["-d", "-c", &config])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(
                begun.elapsed() < Duration::from_secs(10),
                "tinyproxy does not listen"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
        Some(Self { runs, home, port })
    }

    fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn for_user(&self) -> String {
        format!("http://{USER}@127.0.0.1:{}", self.port)
    }

    /// The requests that it has logged.
    fn log(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.home.home().join("log")).unwrap();
        text.lines()
            .filter(|line| line.contains("Request ("))
            .map(str::to_owned)
            .collect()
    }
}

impl Drop for Tinyproxy {
    fn drop(&mut self) {
        let _gone_already = self.runs.kill();
        let _reaped = self.runs.wait();
    }
}

#[allow(clippy::disallowed_methods, reason = "a test is an edge, too")]
fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}

#[test]
fn through_tinyproxy_with_a_password_from_the_keyring() {
    let (Some(proxy), Some(keyring)) = (Tinyproxy::start(), Keyring::start()) else {
        return;
    };
    let practice = runtime()
        .block_on(Practice::start_with_tls(Options::default(), now()))
        .unwrap();
    let program = Program::new()
        .with("DBUS_SESSION_BUS_ADDRESS", &keyring.bus)
        .with("LMSKEEP_PASSWORD", &practice.password);
    let ca = put(&program, "ca.pem", practice.ca_pem.as_ref().unwrap());
    let added = [
        "instance",
        "add",
        "stage",
        "--url",
        &practice.stage,
        "--user",
        &practice.user,
        "--role",
        "test",
    ];
    run(
        &program,
        &[&added[..], &["--ca", &ca, "--proxy", &proxy.for_user()]].concat(),
    )
    .ends(0);
    let entry = format!("{USER}@{}#proxy", proxy.address());
    let login = ["login", "stage", "--proxy-password", "--password-stdin"];

    let backup = ["backup", "stage", "--only", "SSO"];
    run(&program, &backup)
        .ends(3)
        .says("There is no password of `anna` for the proxy");
    assert!(
        proxy.log().is_empty(),
        "nobody has signed in yet: {:?}",
        proxy.log()
    );

    let wrong = Ran::of(&login, run_with_line(&program, &login, "wrong-At-The-Proxy"));
    let wrong = wrong.ends(4).says("refuses the password of `anna`");
    assert_eq!(keyring.kept(&entry), None);
    assert_eq!(proxy.log().len(), 1, "it was sent once: {:?}", proxy.log());

    let right = Ran::of(&login, run_with_line(&program, &login, PASSWORD)).ends(0);
    assert_eq!(keyring.kept(&entry).as_deref(), Some(PASSWORD));
    let seen = proxy.log().len();
    let stored = run(&program, &[&backup[..], &["-vv"]].concat()).ends(0);
    let place = practice.stage.trim_start_matches("https://");
    let connects = proxy.log();
    assert!(connects.len() > seen, "{connects:?}");
    assert!(
        connects
            .iter()
            .all(|line| line.contains(&format!("CONNECT {place} "))),
        "{connects:?}"
    );
    let shown = run(&program, &["instance", "show", "stage", "--json"]).ends(0);

    let removed = run(&program, &["logout", "stage", "--proxy-password"]).ends(0);
    assert_eq!(keyring.kept(&entry), None);
    for ran in [&wrong, &right, &stored, &shown, &removed] {
        assert!(
            !ran.told().contains(PASSWORD) && !ran.told().contains("wrong-At-The-Proxy"),
            "{}",
            ran.told()
        );
    }
}

/// No more than the proof of the password: tinyproxy hands on one cookie of an answer only, the practice LMS sets more.
#[test]
fn plain_requests_through_tinyproxy() {
    let (Some(proxy), Some(keyring)) = (Tinyproxy::start(), Keyring::start()) else {
        return;
    };
    let practice = runtime().block_on(Practice::start(Options::default())).unwrap();
    let program = Program::new().with("DBUS_SESSION_BUS_ADDRESS", &keyring.bus);
    let added = [
        "instance",
        "add",
        "stage",
        "--url",
        &practice.stage,
        "--user",
        &practice.user,
    ];
    run(&program, &[&added[..], &["--proxy", &proxy.for_user()]].concat()).ends(0);
    let login = ["login", "stage", "--proxy-password", "--password-stdin"];
    let wrong = run_with_line(&program, &login, "wrong-At-The-Proxy");
    Ran::of(&login, wrong)
        .ends(4)
        .says("refuses the password of `anna`");
    assert_eq!(proxy.log().len(), 1, "it was sent once: {:?}", proxy.log());
    Ran::of(&login, run_with_line(&program, &login, PASSWORD)).ends(0);
    let whose = format!("GET {}/", practice.stage);
    let log = proxy.log();
    assert!(
        log.len() > 1 && log.iter().all(|line| line.contains(&whose)),
        "{log:?}"
    );
}
