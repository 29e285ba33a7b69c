//! Instances that want to know by certificate who comes.

use super::certificates::{Authority, Shown};
use super::server::serve;
use super::{check, knowing, put};
use crate::cli::program::Program;

/// An instance for those who have a certificate of `clients`, and a home that trusts it.
fn instance(clients: &Authority) -> Program {
    let ca = Authority::new("Example CA");
    let address = serve(&ca.issue(&["127.0.0.1"], |_| {}), Some(clients));
    let program = knowing(&format!("https://{address}"));
    let file = put(&program, "ca.pem", &ca.pem);
    let set = program.run(&["instance", "set", "stage", "ca", &file]);
    assert!(set.status.success(), "{set:?}");
    program
}

fn own(authority: &Authority) -> Shown {
    authority.issue(&["keeper.example.com"], |_| {})
}

#[test]
fn it_is_shown_refused_or_missed() {
    let (clients, others) = (
        Authority::new("Example Clients CA"),
        Authority::new("Example Others CA"),
    );
    let program = instance(&clients);
    check(&program, &[])
        .ends(4)
        .says("asks for a client certificate")
        .says("--client-cert FILE");
    let file = put(&program, "client.pem", own(&clients).pem);
    check(&program, &["--client-cert", &file])
        .ends(3)
        .says("offers no native sign-in");
    let other = put(&program, "other.pem", own(&others).pem);
    check(&program, &["--client-cert", &other])
        .ends(4)
        .says(&format!("does not accept the client certificate of `{other}`"));
    let set = program.run(&["instance", "set", "stage", "client-cert", &file]);
    assert!(set.status.success(), "{set:?}");
    check(&program, &[]).ends(3);
}

#[test]
fn an_expired_one_is_refused() {
    let clients = Authority::new("Example Clients CA");
    let program = instance(&clients);
    let old = clients.issue(&["keeper.example.com"], |params| {
        params.not_after = rcgen::date_time_ymd(2025, 2, 3);
    });
    let file = put(&program, "client.pem", old.pem);
    check(&program, &["--client-cert", &file])
        .ends(4)
        .says("CertificateExpired");
}

#[test]
fn a_file_that_is_none_is_named_and_never_shown() {
    let clients = Authority::new("Example Clients CA");
    let program = instance(&clients);
    let (one, two) = (own(&clients), own(&clients));
    let certificate = one.pem.replace(&one.key_pem, "");
    let locked = one.pem.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    for (content, sentence) in [
        (certificate.clone(), "holds no private key"),
        (one.key_pem.clone(), "holds no certificate"),
        (locked, "holds a key under a password, which is not supported"),
        (
            format!("{certificate}{}", two.key_pem),
            "holds a key that is not the certificate's",
        ),
    ] {
        let file = put(&program, "client.pem", &content);
        let ran = check(&program, &["--client-cert", &file, "-vv"])
            .ends(2)
            .says(&file)
            .says(sentence);
        for line in one
            .key_pem
            .lines()
            .chain(two.key_pem.lines())
            .filter(|line| !line.starts_with('-'))
        {
            assert!(!ran.told().contains(line), "{}", ran.told());
        }
    }
}
