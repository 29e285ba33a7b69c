//! The program against real parts that nobody here wrote: a wiki, a keyring.
//!
//! They are not on every machine. Where one is missing its tests say so on a line and pass; with `LMSKEEP_REAL=1`, as
//! `.ci/run` sets it, they fail. [`part`] is the one place that decides.

mod dokuwiki;
pub(crate) mod keyring;
pub(crate) mod part;
pub(crate) mod terminal;
pub(crate) mod wiki;
