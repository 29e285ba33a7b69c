//! The program from outside: words in; standard output, standard error and exit code out.

mod errors;
mod explain;
mod help;
mod instance;
mod output;
mod profile;
pub(crate) mod program;
