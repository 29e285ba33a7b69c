//! Instances by TLS: whose certificates are accepted, and why others are not.

use rcgen::{BasicConstraints, CertificateParams, IsCa, date_time_ymd};
use serde_json::Value;

use super::certificates::{Authority, Shown, self_signed};
use super::server::serve;
use super::{check, knowing, put};
use crate::cli::program::Program;
use crate::rehearsal::Ran;

const HOST: &str = "127.0.0.1";

/// Looks at a server that shows a certificate; the authority is known, unless there is none.
fn meet(shown: &Shown, known: Option<&Authority>) -> Ran {
    let program = knowing(&format!("https://{}", serve(shown, None)));
    match known {
        None => check(&program, &[]),
        Some(authority) => {
            let file = put(&program, "ca.pem", &authority.pem);
            check(&program, &["--ca", &file])
        }
    }
}

/// Reached: what answers is no LMS.
const REACHED: i32 = 3;

#[test]
fn a_certificate_that_is_not_accepted_is_named_to_the_bottom() {
    let ca = Authority::new("Example Proxy CA");
    let days = |from: (i32, u8, u8), to: (i32, u8, u8)| {
        move |params: &mut CertificateParams| {
            params.not_before = date_time_ymd(from.0, from.1, from.2);
            params.not_after = date_time_ymd(to.0, to.1, to.2);
        }
    };
    let as_it_is = |_: &mut CertificateParams| {};
    let trust = "--ca FILE";
    let clock = "there is no way around the check";
    let (issuing, issuing_der) = ca.below("Example Issuing CA");
    let mut chained = issuing.issue(&[HOST], as_it_is);
    chained.chain.push(issuing_der);
    let (old, old_der) = ca.below_until_2025("Example Old CA");
    let mut below_old = old.issue(&[HOST], as_it_is);
    below_old.chain.push(old_der);
    let cases = [
        (
            below_old,
            Some(&ca),
            "the certificate of `Example Old CA`, which issued its certificate, has expired since 2025-06-01",
            clock,
        ),
        (
            ca.issue(&[HOST], days((2024, 1, 1), (2025, 3, 4))),
            Some(&ca),
            "has expired since 2025-03-04",
            clock,
        ),
        (
            ca.issue(&[HOST], days((2090, 5, 6), (2099, 1, 1))),
            Some(&ca),
            "holds only from 2090-05-06 on",
            clock,
        ),
        (
            ca.issue(&["lms.example.com", "other.example.com"], as_it_is),
            Some(&ca),
            "is for `lms.example.com`, `other.example.com`",
            clock,
        ),
        (
            ca.issue(&[HOST], as_it_is),
            None,
            "is issued by `Example Proxy CA`, which this computer does not trust",
            trust,
        ),
        (
            chained,
            None,
            "is issued by `Example Issuing CA` below `Example Proxy CA`, which this computer does not trust",
            trust,
        ),
        (
            self_signed(&[HOST], as_it_is),
            None,
            "is self-signed, by `Example LMS`",
            trust,
        ),
        (
            self_signed(&[HOST], |params| {
                params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained)
            }),
            None,
            "is self-signed, by `Example LMS`",
            trust,
        ),
    ];
    for (shown, known, sentence, hint) in cases {
        let ran = meet(&shown, known).ends(4).says(sentence).says(hint);
        assert!(
            ran.err.contains("`127.0.0.1` does not prove who it is"),
            "{}",
            ran.told()
        );
    }
}

#[test]
fn an_authority_is_trusted_by_flag_by_setting_or_by_the_system() {
    let ca = Authority::new("Example Proxy CA");
    let program = knowing(&format!("https://{}", serve(&ca.issue(&[HOST], |_| {}), None)));
    let file = put(&program, "ca.pem", &ca.pem);
    check(&program, &[]).ends(4);
    check(&program, &["--ca", &file]).ends(REACHED);
    let set = program.run(&["instance", "set", "stage", "ca", &file]);
    assert!(set.status.success(), "{set:?}");
    check(&program, &[]).ends(REACHED);
    let set = program.run(&["instance", "set", "stage", "ca", ""]);
    assert!(set.status.success(), "{set:?}");
    check(&program, &[]).ends(4);
    if cfg!(target_os = "linux") {
        // The variable says where the operating system's store lies.
        check(&program.with("SSL_CERT_FILE", &file), &[]).ends(REACHED);
    }
}

#[test]
fn one_authority_more_takes_nothing_away() {
    let (system, further) = (
        Authority::new("Example System CA"),
        Authority::new("Example Proxy CA"),
    );
    let program = knowing(&format!(
        "https://{}",
        serve(&system.issue(&[HOST], |_| {}), None)
    ));
    let further = put(&program, "further.pem", &further.pem);
    if cfg!(target_os = "linux") {
        let system = put(&program, "system.pem", &system.pem);
        check(&program.with("SSL_CERT_FILE", &system), &["--ca", &further]).ends(REACHED);
    }
}

#[test]
fn a_file_that_is_none_is_named() {
    let ca = Authority::new("Example Proxy CA");
    let shown = ca.issue(&[HOST], |_| {});
    let program = knowing(&format!("https://{}", serve(&shown, None)));
    let damaged = ca.pem.replace("MII", "!!!");
    for (name, content, sentence) in [
        ("der.crt", ca.der.to_vec(), "is no PEM file"),
        (
            "key.pem",
            shown.key_pem.clone().into_bytes(),
            "holds no certificate",
        ),
        ("empty.pem", Vec::new(), "holds no certificate"),
        ("damaged.pem", damaged.into_bytes(), "is a damaged PEM file"),
        (
            "other.pem",
            b"-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n".to_vec(),
            "holds a certificate that cannot be read",
        ),
    ] {
        let file = put(&program, name, content);
        check(&program, &["--ca", &file])
            .ends(2)
            .says(&file)
            .says(sentence);
    }
    check(&program, &["--ca", "/no/such/file.pem"])
        .ends(2)
        .says("cannot be read");
}

#[cfg(target_os = "linux")]
#[test]
fn a_computer_that_trusts_nobody_says_so() {
    let ca = Authority::new("Example Proxy CA");
    let program = knowing(&format!("https://{}", serve(&ca.issue(&[HOST], |_| {}), None)))
        .with("SSL_CERT_FILE", "/no/such/file.pem")
        .with("SSL_CERT_DIR", "/no/such/folder");
    let ran = check(&program, &[])
        .ends(4)
        .says("This computer has no CA certificates")
        .says("--ca FILE");
    assert!(!ran.err.contains("panicked"), "{}", ran.told());
    let file = put(&program, "ca.pem", &ca.pem);
    check(&program, &["--ca", &file]).ends(REACHED);
}

#[test]
fn what_speaks_no_tls_or_an_old_one_is_named() {
    let plain = plain_server(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec());
    check(&knowing(&format!("https://{plain}")), &[])
        .ends(4)
        .says("does not speak TLS")
        .says("check the address, and its port");
    // A fatal alert, `protocol_version`, as a server for TLS 1.1 at most sends it.
    let old = plain_server(vec![0x15, 3, 1, 0, 2, 2, 70]);
    check(&knowing(&format!("https://{old}")), &[])
        .ends(4)
        .says("ProtocolVersion")
        .says("TLS 1.2 or newer is needed");
}

/// Says the same bytes to whoever comes.
fn plain_server(words: Vec<u8>) -> std::net::SocketAddr {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut greeting = [0; 4096];
            let _ = stream.read(&mut greeting);
            let _ = stream.write_all(&words);
            let _ = stream.shutdown(std::net::Shutdown::Write);
            let _ = stream.read(&mut greeting);
        }
    });
    address
}

#[test]
fn practice_by_tls_is_worked_with_under_its_authority() {
    let practice = Practice::serve();
    let program = Program::new().with("LMSKEEP_PASSWORD", practice.said("password"));
    let ca = practice.said("ca");
    assert!(practice.said("stage").starts_with("https://127.0.0.1:"));
    assert!(practice.said("production").starts_with("https://localhost:"));
    for (name, side, role) in [("prod", "production", "production"), ("stage", "stage", "test")] {
        let words = [
            "instance",
            "add",
            name,
            "--url",
            practice.said(side),
            "--user",
            practice.said("user"),
        ];
        let added = program.run(&[&words[..], &["--role", role, "--ca", ca]].concat());
        assert!(added.status.success(), "{added:?}");
    }
    let few = ["--only", "SSO", "--only", "UI"];
    let run = |words: &[&str]| super::run(&program, &[words, &few].concat());
    run(&["backup", "stage"]).ends(0);
    run(&["backup", "prod"]).ends(0);
    run(&["diff", "stage"]).ends(0);
    run(&["restore", "stage", "--yes"]).ends(0);
    let folder = std::path::Path::new(ca).parent().unwrap().to_owned();
    assert!(folder.is_dir());
    practice.end();
    if cfg!(unix) {
        assert!(!folder.exists(), "{}", folder.display());
    }
}

/// The practice LMS as the program serves it by TLS.
struct Practice {
    served: std::process::Child,
    ready: Value,
    _home: Program,
}

impl Practice {
    fn serve() -> Self {
        use std::io::{BufRead, BufReader};
        use std::process::Stdio;
        let home = Program::new();
        let mut command = home.command(&["practice", "--tls", "--listen", "127.0.0.1:0", "--json"]);
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
            _home: home,
        }
    }

    fn said(&self, word: &str) -> &str {
        self.ready[word].as_str().unwrap()
    }

    /// Ends it as Ctrl-C does.
    fn end(mut self) {
        let id = self.served.id().to_string();
        if cfg!(unix) {
            let sent = std::process::Command::new("kill")
                .args(["-INT", &id])
                .status()
                .unwrap();
            assert!(sent.success());
            self.served.wait().unwrap();
        }
    }
}

impl Drop for Practice {
    fn drop(&mut self) {
        let _gone_already = self.served.kill();
        let _reaped = self.served.wait();
    }
}
