//! Company networks: real TLS servers with certificates of every sort, proxies that let through, ask, refuse, cut or
//! answer themselves, and a computer that trusts nobody.

mod certificates;
mod by_proxy;
mod in_between;
mod by_tls;
mod pac;
pub(crate) mod proxies;
mod server;
mod tinyproxy;
mod with_a_client_certificate;

use std::path::PathBuf;

use crate::cli::program::Program;
use crate::rehearsal::Ran;

/// A home in which an address is known as `stage`.
pub(crate) fn knowing(url: &str) -> Program {
    let program = Program::new().with("LMSKEEP_PASSWORD", "Never-Shown-2026");
    program.write_config(&format!(
        "[instance.stage]\nurl = \"{url}\"\nuser = \"KEEPER\"\nrole = \"test\"\n"
    ));
    program
}

/// Runs the program to its end.
fn run(program: &Program, words: &[&str]) -> Ran {
    Ran::of(words, program.run(words))
}

/// Asks for what needs a sign-in.
fn check(program: &Program, more: &[&str]) -> Ran {
    run(program, &[&["check", "stage"], more].concat())
}

/// Writes a file into the home, as a person would.
fn put(program: &Program, name: &str, text: impl AsRef<[u8]>) -> String {
    let file: PathBuf = program.home().join(name);
    #[allow(clippy::disallowed_methods, reason = "a person writes this file")]
    std::fs::write(&file, text).unwrap();
    file.display().to_string()
}
