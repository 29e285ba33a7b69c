//! Through a proxy: which one is taken, what it is told, and what it sees.

use super::certificates::Authority;
use super::proxies::{Manner, Proxy};
use super::server::serve;
use super::{check, knowing, put, run};
use crate::cli::program::Program;
use crate::rehearsal::Rehearsal;

/// A host that only a proxy finds.
const HOST: &str = "lms.example.test";
/// Reached: what answers is no LMS.
const REACHED: i32 = 3;

/// A home that knows `https://lms.example.test`, which a server behind the proxies is.
fn behind() -> (Program, std::net::SocketAddr) {
    let ca = Authority::new("Example CA");
    let address = serve(&ca.issue(&[HOST], |_| {}), None);
    let program = knowing(&format!("https://{HOST}"));
    let file = put(&program, "ca.pem", &ca.pem);
    let set = program.run(&["instance", "set", "stage", "ca", &file]);
    assert!(set.status.success(), "{set:?}");
    (program, address)
}

#[test]
fn a_named_proxy_wins_over_the_environment() {
    let (program, address) = behind();
    let (named, kept, of_environment) = (
        Proxy::start(Manner::Through(Some(address))),
        Proxy::start(Manner::Through(Some(address))),
        Proxy::start(Manner::Through(Some(address))),
    );
    let program = program.with("HTTPS_PROXY", &of_environment.url());
    check(&program, &[]).ends(REACHED);
    let counts = || [&named, &kept, &of_environment].map(|proxy| proxy.heads().len());
    let first = counts();
    assert!(first[0] == 0 && first[1] == 0 && first[2] > 0, "{first:?}");
    assert!(of_environment.heads()[0].starts_with(&format!("CONNECT {HOST}:443 ")));

    let set = program.run(&["instance", "set", "stage", "proxy", &kept.url()]);
    assert!(set.status.success(), "{set:?}");
    check(&program, &[]).ends(REACHED);
    let second = counts();
    assert!(second[1] > 0 && second[2] == first[2], "{second:?}");

    check(&program, &["--proxy", &named.url()]).ends(REACHED);
    let third = counts();
    assert!(third[0] > 0 && third[1..] == second[1..], "{third:?}");

    check(&program, &["--proxy", "direct"])
        .ends(4)
        .says("cannot be reached");
    assert_eq!(counts(), third);
}

#[test]
fn no_proxy_and_small_letters_count() {
    let (program, address) = behind();
    let proxy = Proxy::start(Manner::Through(Some(address)));
    let mut program = program.with("https_proxy", &proxy.url());
    check(&program, &[]).ends(REACHED);
    let seen = proxy.heads().len();
    assert!(seen > 0);
    program.set("NO_PROXY", ".example.test");
    check(&program, &[])
        .ends(4)
        .says("`lms.example.test` cannot be reached");
    assert_eq!(proxy.heads().len(), seen);
}

#[test]
fn the_proxy_of_the_environment_is_not_for_this_machine() {
    let mut rehearsal = Rehearsal::start(&[]);
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        rehearsal.program.set(name, "http://127.0.0.1:1");
    }
    rehearsal.run(&["backup", "stage", "--only", "SSO"]).ends(0);
}

#[test]
fn plain_http_goes_through_a_named_proxy_too() {
    let rehearsal = Rehearsal::start(&[]);
    let proxy = Proxy::start(Manner::Through(None));
    rehearsal
        .run(&["backup", "stage", "--only", "SSO", "--proxy", &proxy.url()])
        .ends(0);
    let heads = proxy.heads();
    assert!(
        heads[0].starts_with(&format!("GET {}/", rehearsal.practice.stage)),
        "{}",
        heads[0]
    );
}

#[test]
fn who_signs_in_at_the_proxy_is_told_to_it_and_to_nobody_else() {
    let (program, _) = behind();
    let password = "p@ss: Never-Shown";
    let proxy = Proxy::start(Manner::For("anna:p@ss: Never-Shown"));
    let with = |password: &str| format!("http://anna:{password}@{}", proxy.address);
    let program = program.with("HTTPS_PROXY", &with("p%40ss%3A%20Never-Shown"));
    // It is let through, and the proxy finds no such host.
    let ran = check(&program, &["-vv"]).ends(4);
    assert!(!ran.told().contains(password), "{}", ran.told());
    assert!(!ran.told().contains("p%40ss"), "{}", ran.told());
    assert!(
        proxy
            .heads()
            .iter()
            .all(|head| head.contains("Proxy-Authorization: Basic "))
    );
}

#[test]
fn a_password_that_the_proxy_refuses_is_sent_once() {
    let (program, _) = behind();
    let proxy = Proxy::start(Manner::For("anna:right"));
    let program = program.with(
        "HTTPS_PROXY",
        &format!("http://anna:wrong-One-2026@{}", proxy.address),
    );
    let refused = check(&program, &[])
        .ends(4)
        .says("refuses the password of `anna`")
        .says("HTTPS_PROXY");
    let again = check(&program, &[])
        .ends(4)
        .says("refused this password of `anna`")
        .says("not tried again");
    assert_eq!(proxy.heads().len(), 1);
    for ran in [refused, again] {
        assert!(!ran.told().contains("wrong-One-2026"), "{}", ran.told());
    }
}

#[test]
fn a_password_stands_in_no_word_and_no_file() {
    let program = knowing("https://lms.example.test");
    for words in [
        [
            "check",
            "stage",
            "--proxy",
            "http://anna:Never-Shown-1@proxy.example.test:8080",
        ]
        .as_slice(),
        &[
            "instance",
            "set",
            "stage",
            "proxy",
            "http://anna:Never-Shown-1@proxy.example.test:8080",
        ],
        &[
            "instance",
            "set",
            "stage",
            "proxy",
            "anna:Never-Shown-1@proxy.example.test:8080",
        ],
    ] {
        let ran = run(&program, words)
            .ends(2)
            .says("has a password in it")
            .says("--proxy-password");
        assert!(!ran.err.contains("Never-Shown-1"), "{}", ran.told());
    }
    program.write_config(
        "[instance.stage]\nurl = \"https://lms.example.test\"\nproxy = \"http://anna:Never-Shown-1@proxy:8080\"\n",
    );
    let ran = run(&program, &["instance", "list"])
        .ends(2)
        .says("is wrong in line 3");
    assert!(!ran.told().contains("Never-Shown-1"), "{}", ran.told());
}

#[test]
fn without_a_password_for_the_proxy_the_ways_to_one_are_named() {
    let nowhere = tempfile::tempdir().unwrap();
    let program =
        knowing("https://lms.example.test").with("XDG_RUNTIME_DIR", &nowhere.path().display().to_string());
    let proxy = Proxy::start(Manner::For("anna:right"));
    let ran = check(&program, &["--proxy", &format!("http://anna@{}", proxy.address)]).ends(3);
    ran.says("There is no password of `anna` for the proxy");
    assert!(proxy.heads().is_empty());
    run(
        &program,
        &["login", "stage", "--proxy-password", "--password-stdin"],
    )
    .ends(2)
    .says("No proxy is known on the way to `stage`");
    run(
        &program,
        &["login", "stage", "--proxy-password", "--proxy", &proxy.url()],
    )
    .ends(2)
    .says("It is not known who signs in at the proxy");
}
