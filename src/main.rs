//! The program: hands its words to the library and its answer to the operating system.

use std::process::ExitCode;

fn main() -> ExitCode {
    lmskeep::cli::run(std::env::args_os())
}
