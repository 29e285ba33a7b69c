//! Proxies that let nobody through: each says why in its own way, and that is told.

use super::proxies::{Manner, Proxy};
use super::{check, knowing};
use crate::rehearsal::Ran;

/// Goes to an instance by TLS through a proxy that behaves in a manner.
fn through(manner: Manner) -> (Ran, Proxy) {
    to("https://lms.example.test", manner)
}

fn to(url: &str, manner: Manner) -> (Ran, Proxy) {
    let proxy = Proxy::start(manner);
    let ran = check(&knowing(url), &["--proxy", &proxy.url()]);
    (ran, proxy)
}

fn says(words: &str) -> Manner {
    Manner::Says(words.replace('\n', "\r\n"))
}

#[test]
fn one_that_asks_by_another_scheme_is_not_spoken_to() {
    let asked = "HTTP/1.1 407 Proxy Authentication Required\nProxy-Authenticate: Negotiate\nProxy-Authenticate: NTLM\n\
                 Content-Length: 0\n\n";
    let (ran, proxy) = through(says(asked));
    let ran = ran
        .ends(4)
        .says("asks you to sign in by Negotiate or NTLM, which is not supported");
    ran.says("a proxy of your own on this computer")
        .says("--proxy http://127.0.0.1:PORT");
    assert_eq!(proxy.heads().len(), 1, "nothing is tried twice");
    // The same for requests that a proxy hands on.
    let (ran, _) = to("http://127.0.0.1:1", says(asked));
    ran.ends(4)
        .says("asks you to sign in by Negotiate or NTLM, which is not supported");
}

#[test]
fn one_that_asks_by_basic_names_what_to_set() {
    let (ran, proxy) = through(Manner::For("anna:right"));
    let shown = proxy.url();
    let ran = ran
        .ends(4)
        .says(&format!("The proxy `{shown}` asks who you are."));
    ran.says(&shown.replace("http://", "lmskeep instance set stage proxy http://USER@"))
        .says("lmskeep login stage --proxy-password");
    let (ran, _) = to("http://127.0.0.1:1", Manner::For("anna:right"));
    ran.ends(4).says("asks who you are");
}

#[test]
fn one_that_cuts_is_named() {
    let (ran, _) = through(Manner::Cuts);
    ran.ends(4)
        .says("broke off without a connection to `lms.example.test`");
    let (ran, _) = through(says("HTTP/1.1 200 Connection established\n\n"));
    ran.ends(4).says("lms.example.test");
}

#[test]
fn one_that_is_not_there_is_named() {
    let ran = check(
        &knowing("https://lms.example.test"),
        &["--proxy", "http://127.0.0.1:1"],
    );
    ran.ends(4)
        .says("The proxy `http://127.0.0.1:1` cannot be reached")
        .says("--proxy direct");
    let ran = check(&knowing("http://127.0.0.1:2"), &["--proxy", "http://127.0.0.1:1"]);
    ran.ends(4)
        .says("The proxy `http://127.0.0.1:1` cannot be reached");
}

#[test]
fn its_own_login_page_is_told_from_the_instance() {
    let page = "<html><head><title>Who are you?</title></head><body><form action=/in method=post><input name=user>\
                <input type=password name=pass></form></body></html>";
    let own = [
        "HTTP/1.1 302 Found\nLocation: https://login.example.test/?to=lms&session=Never-Shown-9\nContent-Length: 0\n\n".to_owned(),
        format!("HTTP/1.1 403 Forbidden\nContent-Type: text/html\nContent-Length: {}\n\n{page}", page.len()),
        format!("HTTP/1.1 511 Network Authentication Required\nContent-Type: text/html\n\n{page}"),
        // It claims that there is a connection, and sends its page through it.
        format!("HTTP/1.1 200 OK\nContent-Type: text/html\nContent-Length: {}\n\n{page}", page.len()),
    ];
    let wanted = [
        "and leads to `https://login.example.test`: a page of its own (status 302)",
        "does not let anybody through to `lms.example.test` (status 403, titled `Who are you?`)",
        "with a page of its own (status 511, titled `Who are you?`)",
        "with a page of its own (status 200, titled `Who are you?`)",
    ];
    for (words, wanted) in own.iter().zip(wanted) {
        let (ran, _) = through(says(words));
        let ran = ran
            .ends(4)
            .says(wanted)
            .says("open `lms.example.test` in a browser");
        assert!(!ran.told().contains("Never-Shown-9"), "{}", ran.told());
    }
}

#[test]
fn its_own_login_page_for_plain_requests_is_told_too() {
    let (ran, _) = to(
        "http://127.0.0.1:1",
        says("HTTP/1.1 511 Network Authentication Required\nContent-Length: 0\n\n"),
    );
    ran.ends(4).says("a page of its own (status 511)");
    let (ran, proxy) = to("http://127.0.0.1:1", Manner::LeadsHome);
    let home = proxy.url();
    ran.ends(4)
        .says(&format!("and leads to `{home}`: a page of its own (status 302)"));
}

#[test]
fn one_that_gets_no_answer_itself_is_named() {
    let (ran, _) = through(says("HTTP/1.1 502 Bad Gateway\nContent-Length: 0\n\n"));
    ran.ends(4)
        .says("gets no answer from `lms.example.test` (status 502)")
        .says("try again later");
}
